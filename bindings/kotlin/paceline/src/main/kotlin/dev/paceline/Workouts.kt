package dev.paceline

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A configuration of this kind, at this place. */
public fun WorkoutConfiguration(
    activityType: WorkoutActivityType,
    locationType: WorkoutSessionLocationType = WorkoutSessionLocationType.UNKNOWN,
): WorkoutConfiguration = WorkoutConfiguration(activityType, locationType, WorkoutSwimmingLocationType.UNKNOWN)

/** A swim in a pool of this length. */
public fun poolSwim(lapLength: Quantity): WorkoutConfiguration =
    WorkoutConfiguration(
        WorkoutActivityType.SWIMMING,
        WorkoutSessionLocationType.INDOOR,
        WorkoutSwimmingLocationType.POOL,
        lapLength,
    )

/** An event at one instant, or over an interval, which only laps and segments have. */
public fun WorkoutEvent(eventType: WorkoutEventType, start: Instant, end: Instant = start): WorkoutEvent =
    WorkoutEvent(eventType, start, end, emptyMap())

/** The statistics of one type; nothing when the workout has no sample of it. */
public fun Workout.statistics(quantityType: QuantityType): Statistics? = statistics.of(quantityType)

/** The statistics of one type; nothing when no sample of it counts. */
public fun WorkoutActivity.statistics(quantityType: QuantityType): Statistics? = statistics.of(quantityType)

/** The statistics of one type; nothing when no sample of it counts. */
public fun IntervalStatistics.statistics(quantityType: QuantityType): Statistics? = statistics.of(quantityType)

/** The statistics of one type; nothing when no sample of it counts. */
public fun WorkoutSnapshot.statistics(quantityType: QuantityType): Statistics? = statistics.of(quantityType)

private fun List<Statistics>.of(quantityType: QuantityType) = firstOrNull { it.quantityType == quantityType }

/**
 * How a store is opened. For tests, a copy with a `seed` decides everything that is left to chance.
 *
 * @param path The file, which is made when it does not exist; nothing for a store in memory.
 * @param durability When what the engine accepted reaches the disk; by default every call commits.
 * @param syncEvery What a power cut costs at most: everything is fully synced after this time; nothing for changes of state only.
 * @param delivery Who delivers callbacks and runs timers; by default threads of the engine.
 * @param arbitration What happens when a session starts while another one is under way on the device; by default the newcomer
 * wins.
 * @param retention How long finished workouts, and samples that belong to none, are kept after their end: a day at least; nothing
 * keeps everything for ever. What is older is removed in the background while no session is going on, and not at the first word
 * of a clock: only what was too old already when the store last looked, a day to a month before. A workout that is going on or
 * can be recovered is never touched. What one process need not keep is removed for all that share the store.
 */
public fun StoreOptions(
    path: String? = null,
    durability: Durability = Durabilities.eachInput,
    syncEvery: Duration? = 10.seconds,
    delivery: Delivery = Delivery.OWN_THREAD,
    arbitration: Arbitration = Arbitration.NEWCOMER_WINS,
    retention: Duration? = null,
): StoreOptions =
    dev.paceline.core.StoreOptions(path, durability, syncEvery, delivery, null, arbitration, retention)

/** When what the engine accepted reaches the disk. */
public object Durabilities {
    /** Every call commits before it returns: it survives the process. */
    public val eachInput: Durability = dev.paceline.core.Durability.EachInput

    /** Inputs are gathered in bounded memory and committed after this time at the latest, and at every change of state. */
    public fun within(span: Duration): Durability = dev.paceline.core.Durability.Within(span)
}

/**
 * The record as JSON, the same text in every language.
 *
 * @throws PacelineException with [ErrorCode.INPUT_UNIT] when the lap length has no unit; with [ErrorCode.INPUT_OUT_OF_RANGE]
 * for a date outside of the years 1 to 9999.
 */
public fun WorkoutSessionRecord.toJson(): String = dev.paceline.core.sessionRecordToJson(this)

/**
 * Reads what [toJson] wrote, here or in another language.
 *
 * @throws PacelineException with [ErrorCode.INPUT_MALFORMED] for a text that is no record; the reason names the place.
 */
public fun workoutSessionRecordOf(json: String): WorkoutSessionRecord = dev.paceline.core.sessionRecordFromJson(json)
