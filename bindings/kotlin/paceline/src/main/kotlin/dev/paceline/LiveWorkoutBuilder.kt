package dev.paceline

import dev.paceline.core.CoreLiveWorkoutBuilder
import java.lang.ref.WeakReference
import java.time.Instant
import java.util.UUID
import kotlin.time.Duration
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow

/**
 * Gathers the samples, events, metadata and activities of a live workout, and saves them as one workout.
 *
 * The order that works: set delegate and data source, start the session, begin collection; at the end stop the session, end
 * collection, finish, end the session. Calls may come from any thread. Those that write have a form that begins with `await`:
 * it runs the same call off the caller's thread, and cancelling the wait does not cancel it. After [close] every use throws a
 * [PacelineException] with [ErrorCode.STALE_HANDLE]. Two objects are equal when they stand for one builder.
 */
public class LiveWorkoutBuilder internal constructor(core: CoreLiveWorkoutBuilder, session: WorkoutSession) : AutoCloseable {
    /** What the builder tells. */
    internal sealed interface News {
        class Types(val types: Set<QuantityType>) : News

        /** Something else changed. */
        data object Step : News
    }

    internal val core = Lifeline(core, "builder")

    internal val ears = Ears<News> { wanted ->
        this.core.use { it.setDelegate(if (wanted) BuilderBridge(this) else null) }
    }

    private val session = WeakReference(session)

    /** That of the session: one that is known without a call. */
    private val id = session.id

    @Volatile
    private var listener: LiveWorkoutBuilderDelegate? = null

    private var source: LiveWorkoutDataSource? = null

    /** Its session, held weakly; nothing when the app let go of it. */
    public val workoutSession: WorkoutSession? get() = core.use { session.get() }

    /** A copy of the configuration; that of the session. */
    public val workoutConfiguration: WorkoutConfiguration get() = core.use { it.configuration() }

    /** When collection began; nothing before. */
    public val startDate: Instant? get() = core.use { it.startDate() }

    /** When collection ended; nothing before. */
    public val endDate: Instant? get() = core.use { it.endDate() }

    /** What was added with [addMetadata]. */
    public val metadata: Metadata get() = core.use { it.metadata() }

    /** The events so far, by rising start. */
    public val workoutEvents: List<WorkoutEvent> get() = core.use { it.workoutEvents() }

    /** The activities so far, by rising start. */
    public val workoutActivities: List<WorkoutActivity> get() = core.use { it.workoutActivities() }

    /** The activity in progress; nothing between activities and without any. */
    public val currentWorkoutActivity: WorkoutActivity? get() = core.use { it.currentWorkoutActivity() }

    /** The statistics of every type with at least one sample, by rising type code. */
    public val allStatistics: Map<QuantityType, Statistics>
        get() = core.use { it.allStatistics() }.associateBy { it.quantityType }

    /** The statistics of one type; nothing when no sample of it counts. */
    public fun statistics(quantityType: QuantityType): Statistics? = core.use { it.statistics(quantityType) }

    /**
     * The time without pauses up to now, or up to the end of collection. It can go down when events of the past come in.
     */
    public val elapsedTime: Duration get() = core.use { it.elapsedTime() }

    /**
     * The time without pauses up to a date.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a date outside of the years 1 to 9999.
     */
    public fun elapsedTime(date: Instant): Duration = core.use { it.elapsedTimeAt(date) }

    /** Everything a screen shows, as of now; never waits for the disk. */
    public fun snapshot(): WorkoutSnapshot = core.use { it.snapshot() }

    /** Who hears of this builder; held and looked up as a session's delegate is. */
    public var delegate: LiveWorkoutBuilderDelegate?
        get() = listener
        set(value) {
            core.use {
                listener = value
                ears.setHasDelegate(value != null)
            }
        }

    /**
     * Whether events of the session are put in by themselves; true unless changed. When they are not, pauses of the session do
     * not count either, unless the app adds them.
     *
     * @throws PacelineException when it is set, with [ErrorCode.INVALID_ARGUMENT] after collection began.
     */
    public var shouldCollectWorkoutEvents: Boolean
        get() = core.use { it.shouldCollectWorkoutEvents() }
        set(collect) = step { it.setShouldCollectWorkoutEvents(collect) }

    /**
     * What selects the samples; nothing until one is set. Without one, only samples added by hand are collected. One data
     * source serves one builder; a new one replaces the old one.
     *
     * @throws PacelineException when it is set, with [ErrorCode.INVALID_ARGUMENT] when it serves another builder; of the domain
     * [ErrorDomain.STORE] when it cannot be saved.
     */
    public var dataSource: LiveWorkoutDataSource?
        get() = core.use { core ->
            synchronized(ears) {
                val now = core.dataSource()
                // The same object at every call, as long as it stands for what the engine has.
                if (now == null || source?.standsFor(now) != true) {
                    source = now?.let(::LiveWorkoutDataSource)
                } else {
                    now.close()
                }
                source
            }
        }
        set(value) = step { core ->
            if (value == null) core.setDataSource(null) else value.core.use { core.setDataSource(it) }
            synchronized(ears) { source = value }
        }

    /**
     * The types of which samples came in or were corrected, in sets that grow while the collector is busy. Completes when the
     * builder is closed.
     */
    public val collectedTypes: Flow<Set<QuantityType>> = kotlinx.coroutines.flow.flow {
        val lock = Any()
        var waiting = emptySet<QuantityType>()
        val signals = callbackFlow {
            listen(ears, lock, {}) { news ->
                if (news is News.Types) {
                    waiting = waiting + news.types
                    trySend(Unit)
                }
            }
        }.buffer(Channel.CONFLATED)
        signals.collect {
            val types = synchronized(lock) { waiting.also { waiting = emptySet() } }
            if (types.isNotEmpty()) emit(types)
        }
    }

    /**
     * Begins collection at this date. It may lie in the past: events and activities of the session from then on are taken in.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when it began before, when the session is over, and for a
     * date in the future.
     */
    public fun beginCollection(start: Instant): Unit = step { it.beginCollection(start) }

    /**
     * Adds samples; all or none. Samples without an id are saved, others are only tied to the workout.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless collection began and the workout is not finished, or
     * when a sample starts before the workout or is part of another one; with [ErrorCode.AUTHORIZATION_DENIED] or
     * [ErrorCode.AUTHORIZATION_NOT_DETERMINED] without permission for its type; of the domain [ErrorDomain.INPUT] for a wrong
     * value; of the domain [ErrorDomain.STORE] when they cannot be saved.
     */
    public fun addSamples(samples: List<QuantitySample>): Unit = step { it.addSamples(samples) }

    /**
     * Adds events; all or none. Events of the past change elapsed time and statistics as if they had come in time.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless collection began and the workout is not finished, for
     * events outside the workout, and for durations where there is none.
     */
    public fun addWorkoutEvents(events: List<WorkoutEvent>): Unit = step { it.addWorkoutEvents(events) }

    /**
     * Adds metadata, key by key; a new value replaces an old one.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless collection began and the workout is not finished, and
     * for values that are not valid; then nothing changes.
     */
    public fun addMetadata(metadata: Metadata): Unit = step { it.addMetadata(metadata) }

    /**
     * Adds an activity by hand and returns its id.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless collection began and the workout is not finished, when
     * it lies outside the workout, overlaps another activity, or its type does not fit the workout.
     */
    public fun addWorkoutActivity(
        configuration: WorkoutConfiguration,
        start: Instant,
        end: Instant? = null,
        metadata: Metadata = emptyMap(),
    ): UUID = step { it.addWorkoutActivity(configuration, start, end, metadata) }

    /**
     * Sets the end of an activity.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] for an id that is not known, an end before its start, after
     * the workout, or inside the next activity.
     */
    public fun updateActivity(id: UUID, end: Instant): Unit = step { it.updateActivityEnd(id, end) }

    /**
     * Adds metadata to an activity.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] for an id that is not known and for values that are not
     * valid; then nothing changes.
     */
    public fun updateActivity(id: UUID, metadata: Metadata): Unit = step { it.updateActivityMetadata(id, metadata) }

    /**
     * Ends collection at this date. Activities that reach beyond it end with it; events and activities that begin later are
     * left out of the workout. More can be added until it is finished.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless collection is going on, and for a date in the future
     * or before the start.
     */
    public fun endCollection(end: Instant): Unit = step { it.endCollection(end) }

    /**
     * Saves the workout and returns it; nothing when the device is locked: then it is saved, but cannot be read yet.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless collection ended, and after it was finished or
     * discarded; with [ErrorCode.AUTHORIZATION_DENIED] or [ErrorCode.AUTHORIZATION_NOT_DETERMINED] without permission to save
     * workouts (ask for it and call again, nothing is lost); of the domain [ErrorDomain.STORE] when it cannot be saved.
     */
    public fun finishWorkout(): Workout? = step { it.finishWorkout() }

    /**
     * Throws the workout away; its samples stay in the store. Without effect before collection began and after it was finished
     * or discarded.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when it cannot be saved.
     */
    public fun discardWorkout(): Unit = step { it.discardWorkout() }

    /** [beginCollection], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitBeginCollection(start: Instant): Unit = offCaller { beginCollection(start) }

    /** [addSamples], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitAddSamples(samples: List<QuantitySample>): Unit = offCaller { addSamples(samples) }

    /** [addWorkoutEvents], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitAddWorkoutEvents(events: List<WorkoutEvent>): Unit = offCaller { addWorkoutEvents(events) }

    /** [addMetadata], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitAddMetadata(metadata: Metadata): Unit = offCaller { addMetadata(metadata) }

    /** [endCollection], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitEndCollection(end: Instant): Unit = offCaller { endCollection(end) }

    /** [finishWorkout], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitFinishWorkout(): Workout? = offCaller { finishWorkout() }

    /** [discardWorkout], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitDiscardWorkout(): Unit = offCaller { discardWorkout() }

    /** Lets go of the builder, its delegate and its flows; the workout goes on. */
    override fun close() {
        core.useIfOpen {
            listener = null
            ears.finish()
        }
        core.close()
    }

    /** Whether both stand for one builder. */
    override fun equals(other: Any?): Boolean =
        this === other || (other is LiveWorkoutBuilder && id == other.id && other.core.useIfOpen { standsFor(it) } == true)

    private fun standsFor(other: CoreLiveWorkoutBuilder) = core.useIfOpen { it == other } == true

    /** That of the session's id. */
    override fun hashCode(): Int = id.hashCode()

    /** The id of its session. */
    override fun toString(): String = "<LiveWorkoutBuilder $id>"

    internal fun collected(types: Set<QuantityType>) = tell({ it.didCollectData(this, types) }, News.Types(types))

    internal fun collectedEvent() = tell({ it.didCollectEvent(this) }, News.Step)

    internal fun began(activity: WorkoutActivity) = tell({ it.didBeginActivity(this, activity) }, News.Step)

    internal fun ended(activity: WorkoutActivity) = tell({ it.didEndActivity(this, activity) }, News.Step)

    /** The delegate first; flows hear it also when the delegate throws. */
    private inline fun tell(call: (LiveWorkoutBuilderDelegate) -> Unit, news: News) {
        try {
            listener?.let(call)
        } finally {
            ears.tell(news)
        }
    }

    private inline fun <Value> step(crossinline command: (CoreLiveWorkoutBuilder) -> Value): Value {
        val outcome = core.use { command(it) }
        ears.tell(News.Step)
        return outcome
    }
}
