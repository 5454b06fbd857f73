package dev.paceline

import dev.paceline.core.CoreWorkoutSession
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.transform

/**
 * A workout session: controls sensors, background time, and the life of a workout. It saves nothing itself; that is the work
 * of its builder.
 *
 * Closing it, or letting go of it, does not end it: only [end] does. A command runs to its end on the calling thread: when it
 * returns, what it did is committed, properties show it, and the delegate's callbacks are on their way. A command that the
 * state table refuses throws a [PacelineException] with [ErrorCode.INVALID_ARGUMENT] and changes nothing; after [close] every
 * use throws one with [ErrorCode.STALE_HANDLE]. Calls may come from any thread. Two objects are equal when they stand for one
 * session.
 */
public class WorkoutSession private constructor(core: CoreWorkoutSession) : AutoCloseable {
    /** What the session tells. */
    private sealed interface News {
        class State(val to: WorkoutSessionState, val from: WorkoutSessionState) : News

        class Event(val event: WorkoutEvent) : News

        /** Something else changed. */
        data object Step : News
    }

    internal val core = Lifeline(core, "session")

    /** The id of the session, and later of the workout. Also known after [close]. */
    public val id: UUID = core.id()

    private val ears = Ears<News> { wanted ->
        this.core.use { it.setDelegate(if (wanted) SessionBridge(this) else null) }
    }

    @Volatile
    private var listener: WorkoutSessionDelegate? = null

    private var builder: LiveWorkoutBuilder? = null

    init {
        Living.enter(this)
    }

    /**
     * Makes a session. It reserves nothing yet: any number of sessions may stand at [WorkoutSessionState.NOT_STARTED].
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] for a configuration that is not valid, with
     * [ErrorCode.WORKOUT_ACTIVITY_NOT_ALLOWED] for an activity type this device refuses.
     */
    public constructor(
        healthStore: HealthStore,
        configuration: WorkoutConfiguration,
    ) : this(healthStore.core.use { CoreWorkoutSession(it, configuration) })

    /**
     * Makes a session that belongs to no store until a store starts it. Until then every command is refused; it never has a
     * builder.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] for a configuration that is not valid.
     */
    @Deprecated("Hand in the store as well, which gives the session a builder.")
    public constructor(configuration: WorkoutConfiguration) : this(CoreWorkoutSession.withConfiguration(configuration))

    /** As the constructor that takes a configuration only, for a type and a place. */
    @Deprecated("Hand in a store and a configuration, which gives the session a builder.")
    public constructor(
        activityType: WorkoutActivityType,
        locationType: WorkoutSessionLocationType,
    ) : this(CoreWorkoutSession.withActivity(activityType, locationType))

    /** Where the session is in its life. */
    public val state: WorkoutSessionState get() = core.use { it.state() }

    /** Which end of a mirrored workout this is. */
    public val type: WorkoutSessionType get() = core.use { it.sessionType() }

    /** A copy of the configuration it was made with. */
    public val workoutConfiguration: WorkoutConfiguration get() = core.use { it.configuration() }

    /** The activity type of its configuration. */
    @Deprecated("Ask the configuration.", ReplaceWith("workoutConfiguration.activityType"))
    public val activityType: WorkoutActivityType get() = core.use { it.activityType() }

    /** The location type of its configuration. */
    @Deprecated("Ask the configuration.", ReplaceWith("workoutConfiguration.locationType"))
    public val locationType: WorkoutSessionLocationType get() = core.use { it.locationType() }

    /** When the session first ran; nothing before. */
    public val startDate: Instant? get() = core.use { it.startDate() }

    /** When the session was stopped or, without that, ended; nothing before. */
    public val endDate: Instant? get() = core.use { it.endDate() }

    /**
     * Whether everything that happened to this session is as safe as the store's [Durability] promises. False while the store
     * cannot be written, or is suspended.
     */
    public val isDurable: Boolean get() = core.use { it.isDurable() }

    /**
     * The activity in progress, or the workout as a whole when there is none. Time and statistics are those that the builder
     * collected.
     */
    public val currentActivity: WorkoutActivity get() = core.use { it.currentActivity() }

    /** A picture of the session that can be encoded and decoded; it does not change with the session. */
    public val record: WorkoutSessionRecord get() = core.use { it.record() }

    /**
     * What the app keeps with this session until its workout is finished or discarded: whatever it needs to go on after it was
     * killed. Empty unless set; a recovered session has it too.
     *
     * @throws PacelineException when it is set, with [ErrorCode.DATA_SIZE_EXCEEDED] for more than 1 MiB; with
     * [ErrorCode.INVALID_ARGUMENT] when the workout is over; of the domain [ErrorDomain.STORE] when it cannot be saved.
     */
    public var payload: ByteArray
        get() = core.use { it.payload() }
        set(value) = core.use { it.setPayload(value) }

    /** Everything a screen shows, as of now; never waits for the disk. */
    public fun snapshot(): WorkoutSnapshot = core.use { it.snapshot() }

    /**
     * Who hears of this session. It is looked up when something is told: what finds none is dropped. After nothing was set, no
     * further call starts. Setting one keeps the session alive until nothing is set or the session is closed.
     */
    public var delegate: WorkoutSessionDelegate?
        get() = listener
        set(value) {
            core.use {
                listener = value
                ears.setHasDelegate(value != null)
            }
        }

    /**
     * The builder of this session; the same one at every call, held by the session. Closing the session leaves it open.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] for a session that was not made with a store.
     */
    public fun associatedWorkoutBuilder(): LiveWorkoutBuilder = core.use { core ->
        synchronized(ears) {
            builder ?: LiveWorkoutBuilder(core.associatedWorkoutBuilder(), this).also { builder = it }
        }
    }

    /**
     * Enters session mode, so that sensors can warm up during a countdown. From [WorkoutSessionState.NOT_STARTED].
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] in any other state; of the domain [ErrorDomain.STORE] when
     * it cannot be saved. A refusal by the platform is told to the delegate: an error, then the state
     * [WorkoutSessionState.ENDED].
     */
    public fun prepare(): Unit = step { it.prepare() }

    /**
     * Starts the activity, at this date or now. From [WorkoutSessionState.NOT_STARTED] or [WorkoutSessionState.PREPARED].
     * Another session on the device that is under way ends with [ErrorCode.ANOTHER_WORKOUT_SESSION_STARTED], unless the store was
     * opened with another [Arbitration].
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] in any other state, or for a date in the future; else as
     * [prepare].
     */
    public fun startActivity(date: Instant? = null): Unit = step { it.startActivity(date) }

    /**
     * Pauses now. From [WorkoutSessionState.RUNNING].
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] in any other state; of the domain [ErrorDomain.STORE] when
     * it cannot be saved.
     */
    public fun pause(): Unit = step { it.pause() }

    /**
     * Goes on now. From [WorkoutSessionState.PAUSED].
     *
     * @throws PacelineException as [pause].
     */
    public fun resume(): Unit = step { it.resume() }

    /**
     * Stops the activity, at this date or now. From [WorkoutSessionState.RUNNING] or [WorkoutSessionState.PAUSED]. Session
     * mode stays on, so that the app can save; it cannot be started again.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] in any other state, for a date in the future, before the
     * start or before the last activity; of the domain [ErrorDomain.STORE] when it cannot be saved.
     */
    public fun stopActivity(date: Instant? = null): Unit = step { it.stopActivity(date) }

    /**
     * Ends the session now and leaves session mode. From every state but [WorkoutSessionState.ENDED]. Call it on every path.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when it has ended already; of the domain
     * [ErrorDomain.STORE] when it cannot be saved.
     */
    public fun end(): Unit = step { it.end() }

    /**
     * Begins an activity at this date: a leg of a triathlon, an interval. One that is in progress ends first.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless running or paused; when the type does not fit the
     * workout (in a swimBikeRun workout: swimming, cycling, running, transition; else the workout's own type); for a date in
     * the future or before the activity in progress began.
     */
    public fun beginNewActivity(
        configuration: WorkoutConfiguration,
        date: Instant,
        metadata: Metadata = emptyMap(),
    ): Unit = step { it.beginNewActivity(configuration, date, metadata) }

    /**
     * Ends the activity in progress at this date; the session goes on as the workout as a whole.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless running or paused, when no activity is in progress,
     * and for a date in the future or before its start.
     */
    public fun endCurrentActivity(date: Instant): Unit = step { it.endCurrentActivity(date) }

    /**
     * Takes in an event that the platform detected: a motion pause, a lap of a pool swim, a press of both buttons. The state
     * does not change.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] unless running (a request to pause or resume is also taken
     * while paused), for pause and resume, which have calls of their own, and for an event outside the workout.
     */
    public fun report(event: WorkoutEvent): Unit = step { it.reportEvent(event) }

    /**
     * Ends the session with an error: the delegate hears the error, then the state [WorkoutSessionState.ENDED]. For hosts that
     * learn that the platform stopped the workout. Without effect after the end.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when it cannot be saved.
     */
    public fun fail(error: PacelineException): Unit = step { it.fail(error) }

    /** [prepare], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitPrepare(): Unit = offCaller { prepare() }

    /** [startActivity], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitStartActivity(date: Instant? = null): Unit = offCaller { startActivity(date) }

    /** [pause], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitPause(): Unit = offCaller { pause() }

    /** [resume], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitResume(): Unit = offCaller { resume() }

    /** [stopActivity], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitStopActivity(date: Instant? = null): Unit = offCaller { stopActivity(date) }

    /** [end], off the caller's thread. Cancelling the wait does not cancel the command. */
    public suspend fun awaitEnd(): Unit = offCaller { end() }

    /**
     * The states of the session: the present one first, then each change as the delegate hears it. Completes after
     * [WorkoutSessionState.ENDED], and when the session is closed. Nothing is left out while the collector is busy.
     */
    public val states: Flow<WorkoutSessionState> = callbackFlow {
        val told = Any()
        var last: WorkoutSessionState? = null
        fun tell(state: WorkoutSessionState) {
            last = state
            trySend(state)
            if (state == WorkoutSessionState.ENDED) close()
        }
        listen(ears, told, { tell(state) }) { news ->
            // What was on its way when the present state was read is part of it; what follows begins there.
            if (news is News.State && news.from == last) tell(news.to)
        }
    }.buffer(Channel.UNLIMITED)

    /** The events of the session, from now on, as the delegate hears them. Completes when the session is closed. */
    public val events: Flow<WorkoutEvent> = callbackFlow {
        listen(ears, Any(), {}) { news -> if (news is News.Event) trySend(news.event) }
    }.buffer(Channel.UNLIMITED)

    /**
     * Everything a screen shows: the present snapshot first, then a new one whenever something changed, the newest only.
     * Completes when the session is closed. For a timer that runs between changes, ask [snapshot] once a frame.
     */
    public val snapshots: Flow<WorkoutSnapshot> = callbackFlow {
        val builder = try {
            associatedWorkoutBuilder()
        } catch (_: PacelineException) {
            // One that was made without a store has none.
            null
        }
        val second = builder?.ears?.add({ trySend(Unit) }, {})
        try {
            listen(ears, Any(), { trySend(Unit) }) { trySend(Unit) }
        } finally {
            if (second != null) builder.core.useIfOpen { builder.ears.remove(second) }
        }
    }.conflate().newSnapshots()

    private fun Flow<Unit>.newSnapshots(): Flow<WorkoutSnapshot> {
        val signals = this
        return kotlinx.coroutines.flow.flow {
            // Durability comes and goes without a step.
            var last: Pair<ULong, Boolean>? = null
            signals.transform {
                core.useIfOpen { core -> core.snapshot() }?.let { emit(it) }
            }.collect { snapshot ->
                val present = snapshot.sequence to snapshot.durable
                if (present != last) {
                    last = present
                    emit(snapshot)
                }
            }
        }
    }

    /**
     * Lets go of the session, its delegate and its flows; the workout goes on, and a builder that the app holds stays open.
     */
    override fun close() {
        core.useIfOpen {
            listener = null
            ears.finish()
        }
        core.close()
    }

    /** Whether both stand for one session. */
    override fun equals(other: Any?): Boolean =
        this === other || (other is WorkoutSession && id == other.id && other.core.useIfOpen { standsFor(it) } == true)

    private fun standsFor(other: CoreWorkoutSession) = core.useIfOpen { it == other } == true

    /** That of the id. */
    override fun hashCode(): Int = id.hashCode()

    /** Id, state and type, such as `<WorkoutSession 4f0c… running [Primary]>`. */
    override fun toString(): String = core.useIfOpen { it.toString() } ?: "<WorkoutSession $id closed>"

    internal companion object {
        /** The object that stands for a session of the engine: the one that the app has, else a new one. */
        fun standingFor(core: CoreWorkoutSession): WorkoutSession =
            Living.find(core)?.also { core.close() } ?: WorkoutSession(core)
    }

    internal fun changed(to: WorkoutSessionState, from: WorkoutSessionState, date: Instant) =
        tell({ it.didChangeState(this, to, from, date) }, News.State(to, from))

    internal fun failed(error: PacelineException) = tell({ it.didFail(this, error) }, News.Step)

    internal fun generated(event: WorkoutEvent) = tell({ it.didGenerateEvent(this, event) }, News.Event(event))

    internal fun began(configuration: WorkoutConfiguration, date: Instant) =
        tell({ it.didBeginActivity(this, configuration, date) }, News.Step)

    internal fun ended(configuration: WorkoutConfiguration, date: Instant) =
        tell({ it.didEndActivity(this, configuration, date) }, News.Step)

    internal fun lostDurability(error: PacelineException) = tell({ it.didLoseDurability(this, error) }, News.Step)

    internal fun regainedDurability() = tell({ it.didRegainDurability(this) }, News.Step)

    /** The delegate first; flows hear it also when the delegate throws. */
    private inline fun tell(call: (WorkoutSessionDelegate) -> Unit, news: News) {
        try {
            listener?.let(call)
        } finally {
            ears.tell(news)
        }
    }

    private inline fun step(crossinline command: (CoreWorkoutSession) -> Unit) {
        core.use { command(it) }
        ears.tell(News.Step)
    }
}

/**
 * Passes on news until nobody collects any more or the owner is closed.
 *
 * @param order Held while something is passed on.
 * @param first What is done when everything from here on will be heard.
 */
internal suspend fun <Element, News> ProducerScope<Element>.listen(
    ears: Ears<News>,
    order: Any,
    first: () -> Unit,
    hear: (News) -> Unit,
) {
    val number = synchronized(order) {
        val number = ears.add({ news -> synchronized(order) { hear(news) } }, { close() })
        first()
        number
    }
    awaitClose { ears.remove(number) }
}
