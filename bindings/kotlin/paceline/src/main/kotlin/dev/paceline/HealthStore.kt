package dev.paceline

import dev.paceline.core.CoreHealthStore
import dev.paceline.core.CoreManualClock
import dev.paceline.core.setStoreAside
import java.nio.ByteBuffer
import java.nio.file.Path
import java.time.Instant
import java.util.UUID

/**
 * Where workouts live: a file, or memory.
 *
 * Calls may come from any thread, callbacks included; each runs to its end and returns its own result. An open file stays open
 * as long as a store, a session or a builder of it is not closed. After [close] every use of this object throws a
 * [PacelineException] with [ErrorCode.STALE_HANDLE]; its sessions and builders go on.
 */
public class HealthStore internal constructor(core: CoreHealthStore) : AutoCloseable {
    internal val core = Lifeline(core, "store")

    /**
     * Opens a store. A file that is open in this process already is shared.
     *
     * @param options Where it is and how it writes; by default in memory.
     * @param clock Where it reads time; by default the clock of the machine. With a manual clock, callbacks come inside [poll]
     * and the clock's `advance`.
     * @param host The platform, which the store holds; by default one that allows everything.
     * @throws PacelineException with [ErrorCode.STORE_CANNOT_OPEN] when the file cannot be opened or made; with
     * [ErrorCode.STORE_DAMAGED], [ErrorCode.STORE_FOREIGN] or [ErrorCode.STORE_TOO_NEW] for a file that is no store of ours,
     * which is left as it is; with [ErrorCode.STORE_OPTIONS_DIFFER] when it is open in this process with other options; with
     * [ErrorCode.INVALID_ARGUMENT] for a retention of less than a day.
     */
    public constructor(
        options: StoreOptions = StoreOptions(),
        clock: ManualClock? = null,
        host: Host? = null,
    ) : this(opened(options, clock, host))

    /**
     * Opens the store in this file with the usual options.
     *
     * @throws PacelineException as the constructor that takes options.
     */
    public constructor(path: Path) : this(StoreOptions(path.toString()))

    /**
     * Takes in a packed batch of samples. They are saved, and the live builder collects what its data source selects. A batch
     * whose number is not higher than the last one of its source is answered with success and ignored; the last number
     * outlives the process.
     *
     * @throws PacelineException of the domain [ErrorDomain.INPUT] when a row is wrong (nothing of the batch is kept, the reason
     * names the row) or the source was never registered; of the domain [ErrorDomain.STORE] when it cannot be saved.
     */
    public fun ingest(batch: PackedBatch): Ingested = ingest(batch.bytes())

    /**
     * Takes in a packed batch that was written elsewhere, in the layout that [PackedBatch] describes: the bytes from the
     * buffer's position to its limit, which are not copied when the buffer is direct.
     *
     * @throws PacelineException with [ErrorCode.INPUT_MALFORMED] when the batch has a wrong version or length; else as for a
     * [PackedBatch].
     */
    public fun ingest(bytes: ByteBuffer): Ingested = core.use { it.ingest(direct(bytes)) }

    /**
     * Takes in one sample. For more than a few a second, a [PackedBatch] is cheaper.
     *
     * @throws PacelineException as for a [PackedBatch].
     */
    public fun ingest(sample: QuantitySample): Ingested = core.use { it.ingestSample(sample) }

    /**
     * The number of a source in this store; a source that is new is registered. The identifier tells sources apart.
     *
     * @throws PacelineException with [ErrorCode.INPUT_MALFORMED] for an empty identifier; of the domain [ErrorDomain.STORE]
     * when it cannot be saved.
     */
    public fun register(source: SampleSource): UInt = core.use { it.registerSource(source) }

    /**
     * The highest number of a batch of this source that was committed; 0 when none was. After the app was killed, its next batch
     * has the next number.
     *
     * @throws PacelineException with [ErrorCode.INPUT_UNKNOWN] for a source that was never registered; else as [workouts].
     */
    public fun lastBatch(source: UInt): ULong = core.use { it.lastBatch(source) }

    /**
     * The saved workouts, newest first.
     *
     * @throws PacelineException with [ErrorCode.DATABASE_INACCESSIBLE] while the device is locked; of the domain
     * [ErrorDomain.STORE] when they cannot be read.
     */
    public fun workouts(): List<Workout> = core.use { it.workouts() }

    /**
     * The ids of the saved workouts, newest first.
     *
     * @throws PacelineException as [workouts].
     */
    public fun workoutIds(): List<UUID> = core.use { it.workoutIds() }

    /**
     * A saved workout, or nothing when there is none with this id.
     *
     * @throws PacelineException as [workouts].
     */
    public fun workout(id: UUID): Workout? = core.use { it.workout(id) }

    /**
     * A page of a saved workout's samples of one type, by rising start.
     *
     * @param workout The id of the workout.
     * @param after The last sample of the page before.
     * @param limit How many samples a page has at most. An empty page is the end.
     * @throws PacelineException with [ErrorCode.STORE_NOT_FOUND] when there is no such workout; with
     * [ErrorCode.INVALID_ARGUMENT] for a negative limit; else as [workouts].
     */
    public fun samples(
        workout: UUID,
        quantityType: QuantityType,
        after: QuantitySample? = null,
        limit: Int = 1000,
    ): List<QuantitySample> {
        if (limit < 0) {
            throw PacelineException(ErrorCode.INVALID_ARGUMENT, "a page has no fewer than 0 samples", limit.toString())
        }
        return core.use { it.samples(workout, quantityType, after, limit.toUInt()) }
    }

    /**
     * The statistics of parts of a saved workout, such as its laps, in the order of asking. Parts may leave gaps and share
     * borders, but not overlap; a reading at a shared border belongs to the later one.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when a part ends before it starts or two parts overlap; with
     * [ErrorCode.STORE_NOT_FOUND] when there is no such workout; else as [workouts].
     */
    public fun statistics(workout: UUID, intervals: List<WorkoutInterval>): List<IntervalStatistics> =
        core.use { it.statisticsOver(workout, intervals) }

    /**
     * How many samples the store holds, in workouts and outside.
     *
     * @throws PacelineException as [workouts].
     */
    public fun sampleCount(): Long = core.use { it.sampleCount() }.toLong()

    /**
     * The session of a workout that was going on when the app was last killed, or whose builder was not finished: in its last
     * state, with its dates; its builder with start, events, activities, statistics and metadata. It goes on from there and
     * needs no new start. The session object itself when the app has one; nothing when there is nothing to recover. Of several
     * the one that is going on, then the latest; the others come when that one is finished or discarded.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when it cannot be read.
     */
    public fun recoverActiveWorkoutSession(): WorkoutSession? =
        core.use { it.recoverActiveWorkoutSession() }?.let(WorkoutSession::standingFor)

    /**
     * The workouts that are not finished, wherever they live, in the order in which they would be recovered: those whose session is
     * going on before others, of these the latest first. Only looks: an app that must know what is there before it recovers
     * finds its payload here.
     *
     * @throws PacelineException as [workouts].
     */
    public fun unfinishedWorkouts(): List<UnfinishedWorkout> = core.use { it.unfinishedWorkouts() }

    /**
     * The session that holds the device, in this process or in another one that shares the store; nothing when none does. To be
     * asked before starting one that would end it.
     *
     * @throws PacelineException as [workouts].
     */
    public fun sessionOwner(): SessionOwner? = core.use { it.sessionOwner() }

    /** [recoverActiveWorkoutSession], off the caller's thread. */
    public suspend fun awaitRecoverActiveWorkoutSession(): WorkoutSession? = offCaller { recoverActiveWorkoutSession() }

    /** [workouts], off the caller's thread. */
    public suspend fun awaitWorkouts(): List<Workout> = offCaller { workouts() }

    /** [workout], off the caller's thread. */
    public suspend fun awaitWorkout(id: UUID): Workout? = offCaller { workout(id) }

    /** [samples], off the caller's thread. */
    public suspend fun awaitSamples(
        workout: UUID,
        quantityType: QuantityType,
        after: QuantitySample? = null,
        limit: Int = 1000,
    ): List<QuantitySample> = offCaller { samples(workout, quantityType, after, limit) }

    /** [statistics], off the caller's thread. */
    public suspend fun awaitStatistics(workout: UUID, intervals: List<WorkoutInterval>): List<IntervalStatistics> =
        offCaller { statistics(workout, intervals) }

    /**
     * Tells the engine what the platform decided; see [HostReports].
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when a refused session's end cannot be saved.
     */
    public fun report(report: HostReport): Unit = core.use { it.report(report) }

    /**
     * Commits and syncs everything, and from then on starts no write: for the moment before the system freezes the app. Until
     * [resumeWrites] what live sessions do and collect waits in bounded memory (accepted, not yet durable; delegates are not told,
     * the app asked for it), timers of the store rest, and what cannot wait (to start or recover a session, to finish or discard a builder,
     * samples that no session collects, new sources) fails with [ErrorCode.STORE_SUSPENDED]. Reading works. Suspending twice is suspending
     * once.
     *
     * It has no more to do with coroutines than any other call, and so does not bear the bare name that it has elsewhere: it runs
     * to its end on the calling thread.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when something could not be saved; the store is suspended all
     * the same.
     */
    public fun suspendWrites(): Unit = core.use { it.suspend() }

    /**
     * Writes again, beginning with what waited since [suspendWrites]. Nothing happens to a store that was not suspended.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when what waited cannot be saved yet; it goes on waiting, and
     * delegates hear of it. With [ErrorCode.ANOTHER_WORKOUT_SESSION_STARTED] when another process took the device meanwhile: the
     * session here is over, and what it did while the store was suspended is dropped.
     */
    public fun resumeWrites(): Unit = core.use { it.resume() }

    /**
     * Runs the timers that are due and delivers the callbacks that wait, on this thread. For apps that chose to poll, and for
     * stores with a manual clock. Inside a callback it delivers nothing.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun poll(): PollOutcome = core.use { it.poll() }

    /** The time as the engine sees it. */
    public val now: Instant get() = core.use { it.now() }

    /**
     * Starts a session now. One that belongs to no store belongs to this one from here on.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when it started before or belongs to another store; else as
     * the session's own call.
     */
    @Deprecated("Tell the session.", ReplaceWith("session.startActivity()"))
    public fun start(session: WorkoutSession): Unit = core.use { store -> session.core.use { store.start(it) } }

    /**
     * Ends a session of this store.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when it belongs to another store or to none; else as the
     * session's own call.
     */
    @Deprecated("Tell the session.", ReplaceWith("session.end()"))
    public fun end(session: WorkoutSession): Unit = core.use { store -> session.core.use { store.end(it) } }

    /**
     * Pauses a session of this store.
     *
     * @throws PacelineException as [end].
     */
    @Deprecated("Tell the session.", ReplaceWith("session.pause()"))
    public fun pause(session: WorkoutSession): Unit = core.use { store -> session.core.use { store.pause(it) } }

    /**
     * Lets a paused session of this store go on.
     *
     * @throws PacelineException as [end].
     */
    @Deprecated("Tell the session.", ReplaceWith("session.resume()"))
    public fun resumeWorkoutSession(session: WorkoutSession): Unit =
        core.use { store -> session.core.use { store.resumeWorkoutSession(it) } }

    /** Lets go of the store. What its sessions and builders do is saved all the same. */
    override fun close(): Unit = core.close()

    /** What is done with a store that is not open. */
    public companion object {
        /**
         * Moves a store file out of the way, together with what the database keeps beside it, and tells its new name in the
         * same folder. For a file that cannot be opened: it is kept as it is, and a new store can be made in its place.
         *
         * @throws PacelineException with [ErrorCode.STORE_BUSY] when this or another process has it open, and nothing is moved;
         * with [ErrorCode.STORE_NOT_FOUND] when there is no such file; with [ErrorCode.STORE_CANNOT_OPEN] when it is no file, or
         * may not be opened; with [ErrorCode.STORE_WRITE_FAILED] when it cannot be moved.
         */
        public fun setAside(file: Path): Path = file.resolveSibling(setStoreAside(file.toString()))

        /**
         * Opens a store off the caller's thread.
         *
         * @throws PacelineException as the constructor.
         */
        public suspend fun awaitOpen(
            options: StoreOptions = StoreOptions(),
            clock: ManualClock? = null,
            host: Host? = null,
        ): HealthStore = offCaller { HealthStore(options, clock, host) }
    }
}

private fun opened(options: StoreOptions, clock: ManualClock?, host: Host?): CoreHealthStore {
    val open = { core: CoreManualClock? -> translated { CoreHealthStore(options, core, host?.let(::HostBridge)) } }
    return if (clock == null) open(null) else clock.core.use(open)
}

/** The bytes where the engine can read them. */
private fun direct(bytes: ByteBuffer): ByteBuffer =
    if (bytes.isDirect) {
        bytes.slice()
    } else {
        ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip()
    }
