package dev.paceline.tests

import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.Host
import dev.paceline.LiveWorkoutBuilder
import dev.paceline.LiveWorkoutBuilderDelegate
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.PacelineException
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.Workout
import dev.paceline.WorkoutActivity
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionLocationType
import dev.paceline.WorkoutSessionState
import dev.paceline.code
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList

internal val START: Instant = Instant.ofEpochSecond(1_700_000_000)

internal val RUN = WorkoutConfiguration(WorkoutActivityType.RUNNING, WorkoutSessionLocationType.OUTDOOR)

/** A store in memory on a clock that stands, and a run in it. */
internal class World(host: Host? = null) : AutoCloseable {
    val clock = ManualClock(START)
    val store = HealthStore(clock = clock, host = host)
    val session = WorkoutSession(store, RUN)
    val builder: LiveWorkoutBuilder = session.associatedWorkoutBuilder().apply { dataSource = LiveWorkoutDataSource(RUN) }

    /** A run under way. */
    fun begin() {
        session.startActivity()
        builder.beginCollection(store.now)
    }

    /** The run comes to its end and is saved. */
    fun finish(): Workout? {
        session.stopActivity()
        builder.endCollection(store.now)
        val workout = builder.finishWorkout()
        session.end()
        store.poll()
        return workout
    }

    fun beat(value: Double) {
        store.ingest(QuantitySample(QuantityType.HEART_RATE, value, store.now))
    }

    override fun close() {
        builder.close()
        session.close()
        store.close()
        clock.close()
    }
}

/**
 * Writes down what it hears.
 *
 * @param reaction Runs inside each callback, after it was written down.
 */
internal class Recorder(private val reaction: (String) -> Unit = {}) : WorkoutSessionDelegate {
    val heard = CopyOnWriteArrayList<String>()

    private fun hear(line: String) {
        heard += line
        reaction(line)
    }

    override fun didChangeState(
        session: WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Instant,
    ) = hear("$from -> $to at ${seconds(date)}")

    override fun didFail(session: WorkoutSession, error: PacelineException) = hear("failed ${error.code}")

    override fun didGenerateEvent(session: WorkoutSession, event: WorkoutEvent) = hear("event ${event.eventType}")

    override fun didBeginActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) =
        hear("began ${configuration.activityType} at ${seconds(date)}")

    override fun didEndActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) =
        hear("ended ${configuration.activityType} at ${seconds(date)}")

    override fun didLoseDurability(session: WorkoutSession, error: PacelineException) =
        hear("lost durability ${error.code}")

    override fun didRegainDurability(session: WorkoutSession) = hear("regained durability")

    /** The same for a builder: Kotlin has no two methods of one name and shape in a class. */
    val ofBuilder = object : LiveWorkoutBuilderDelegate {
        override fun didCollectData(builder: LiveWorkoutBuilder, types: Set<QuantityType>) =
            hear("data ${types.joinToString(",")}")

        override fun didCollectEvent(builder: LiveWorkoutBuilder) = hear("builder event")

        override fun didBeginActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) =
            hear("builder began ${activity.configuration.activityType}")

        override fun didEndActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) =
            hear("builder ended ${activity.configuration.activityType}")
    }

    private fun seconds(date: Instant) = Duration.between(START, date).toSeconds()
}

/** The code of the error that a call throws; nothing when it throws none. */
internal fun codeOf(call: () -> Unit): ErrorCode? =
    try {
        call()
        null
    } catch (refusal: PacelineException) {
        refusal.code
    }
