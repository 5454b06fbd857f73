import Foundation
import PacelineCore

/// Where workouts live: a file, or memory.
///
/// Calls may come from any thread, callbacks included; each runs to its end and returns its own result. An open file stays
/// open as long as a store, a session or a builder of it is held.
public final class HealthStore: Sendable {
    let core: CoreHealthStore

    init(core: CoreHealthStore) {
        self.core = core
    }

    /// Opens a store. A file that is open in this process already is shared.
    ///
    /// - Parameters:
    ///   - options: Where it is and how it writes; by default in memory.
    ///   - clock: Where it reads time; by default the clock of the machine. With a manual clock, callbacks come inside
    ///     ``poll()`` and the clock's `advance`.
    ///   - host: The platform, which the store holds; by default one that allows everything.
    /// - Throws: `PacelineError` with `storeCannotOpen` when the file cannot be opened or made; with `storeDamaged`,
    ///   `storeForeign` or `storeTooNew` for a file that is no store of ours, which is left as it is; with
    ///   `storeOptionsDiffer` when it is open in this process with other options; with `invalidArgument` for a retention of
    ///   less than a day.
    public init(
        _ options: StoreOptions = StoreOptions(),
        clock: ManualClock? = nil,
        host: (any PlatformHost)? = nil
    ) throws {
        core = try CoreHealthStore(options: options, clock: clock?.core, host: host.map(HostBridge.init))
    }

    /// Opens the store in this file with the usual options.
    ///
    /// - Throws: As ``init(_:clock:host:)``.
    public convenience init(url: URL) throws {
        try self.init(StoreOptions(path: url.path))
    }

    /// Takes in a packed batch of samples. They are saved, and the live builder collects what its data source selects. A
    /// batch whose number is not higher than the last one of its source is answered with success and ignored; the last
    /// number outlives the process.
    ///
    /// - Throws: `PacelineError` of the domain `input` when a row is wrong (nothing of the batch is kept, the reason names
    ///   the row) or the source was never registered; of the domain `store` when it cannot be saved.
    @discardableResult
    public func ingest(_ batch: PackedBatch) throws -> Ingested {
        try batch.withData { try core.ingest(batch: $0) }
    }

    /// Takes in a packed batch that was written elsewhere, in the layout that ``PackedBatch`` describes.
    ///
    /// - Throws: `PacelineError` with `inputMalformed` when the batch has a wrong version or length; else as
    ///   the call that takes a ``PackedBatch``.
    @discardableResult
    public func ingest(_ bytes: Data) throws -> Ingested {
        try core.ingest(batch: bytes)
    }

    /// Takes in one sample. For more than a few a second, the call that takes a ``PackedBatch`` is cheaper.
    ///
    /// - Throws: As the call that takes a ``PackedBatch``.
    @discardableResult
    public func ingest(_ sample: QuantitySample) throws -> Ingested {
        try core.ingestSample(sample: sample)
    }

    /// The number of a source in this store; a source that is new is registered. The identifier tells sources apart.
    ///
    /// - Throws: `PacelineError` with `inputMalformed` for an empty identifier; of the domain `store` when it cannot be saved.
    public func register(_ source: SampleSource) throws -> UInt32 {
        try core.registerSource(source: source)
    }

    /// The highest number of a batch of this source that was committed; 0 when none was. After the app was killed, its next
    /// batch has the next number.
    ///
    /// - Throws: `PacelineError` with `inputUnknown` for a source that was never registered; else as ``workoutIDs()``.
    public func lastBatch(of source: UInt32) throws -> UInt64 {
        try core.lastBatch(source: source)
    }

    /// The saved workouts, newest first.
    ///
    /// - Throws: `PacelineError` with `databaseInaccessible` while the device is locked; of the domain `store` when they
    ///   cannot be read.
    public func workouts() throws -> [Workout] {
        try core.workouts()
    }

    /// The saved workouts, newest first, read off the caller's thread.
    ///
    /// - Throws: As the call that does not wait.
    public func workouts() async throws -> [Workout] {
        try await offCaller { [core] in try core.workouts() }
    }

    /// The ids of the saved workouts, newest first.
    ///
    /// - Throws: `PacelineError` with `databaseInaccessible` while the device is locked; of the domain `store` when they
    ///   cannot be read.
    public func workoutIDs() throws -> [UUID] {
        try core.workoutIds()
    }

    /// A saved workout, or nothing when there is none with this id.
    ///
    /// - Throws: As ``workoutIDs()``.
    public func workout(_ id: UUID) throws -> Workout? {
        try core.workout(id: id)
    }

    /// A page of a saved workout's samples of one type, by rising start.
    ///
    /// - Parameters:
    ///   - workout: The id of the workout.
    ///   - quantityType: The type.
    ///   - after: The last sample of the page before.
    ///   - limit: How many samples a page has at most. An empty page is the end.
    /// - Throws: `PacelineError` with `storeNotFound` when there is no such workout; else as ``workoutIDs()``.
    public func samples(
        of workout: UUID,
        _ quantityType: QuantityType,
        after: QuantitySample? = nil,
        limit: UInt32 = 1000
    ) throws -> [QuantitySample] {
        try core.samples(workout: workout, quantityType: quantityType, after: after, limit: limit)
    }

    /// The statistics of parts of a saved workout, such as its laps, in the order of asking. Parts may leave gaps and share
    /// borders, but not overlap; a reading at a shared border belongs to the later one.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when a part ends before it starts or two parts overlap; with
    ///   `storeNotFound` when there is no such workout; else as ``workoutIDs()``.
    public func statistics(of workout: UUID, over intervals: [WorkoutInterval]) throws -> [IntervalStatistics] {
        try core.statisticsOver(workout: workout, intervals: intervals)
    }

    /// How many samples the store holds, in workouts and outside.
    ///
    /// - Throws: As ``workoutIDs()``.
    public func sampleCount() throws -> UInt64 {
        try core.sampleCount()
    }

    /// The session of a workout that was going on when the app was last killed, or whose builder was not finished: in its
    /// last state, with its dates; its builder with start, events, activities, statistics and metadata. It goes on from
    /// there and needs no new start. The session object itself when the app has one; nothing when there is nothing to
    /// recover. Of several the one that is going on, then the latest; the others come when that one is finished or discarded.
    ///
    /// - Throws: `PacelineError` of the domain `store` when it cannot be read.
    public func recoverActiveWorkoutSession() throws -> WorkoutSession? {
        try core.recoverActiveWorkoutSession().map(WorkoutSession.standing(for:))
    }

    /// The workouts that are not finished, wherever they live, in the order in which they would be recovered: those whose session
    /// is going on before others, of these the latest first. Only looks: an app that must know what is there before it
    /// recovers finds its payload here.
    ///
    /// - Throws: As ``workoutIDs()``.
    public func unfinishedWorkouts() throws -> [UnfinishedWorkout] {
        try core.unfinishedWorkouts()
    }

    /// The session that holds the device, in this process or in another one that shares the store; nothing when none does.
    /// To be asked before starting one that would end it.
    ///
    /// - Throws: As ``workoutIDs()``.
    public func sessionOwner() throws -> SessionOwner? {
        try core.sessionOwner()
    }

    /// Moves a store file out of the way, together with what the database keeps beside it, and tells its new name in the
    /// same folder. For a file that cannot be opened: it is kept as it is, and a new store can be made in its place.
    ///
    /// - Throws: `PacelineError` with `storeBusy` when this or another process has it open, and nothing is moved; with
    ///   `storeNotFound` when there is no such file; with `storeCannotOpen` when it is no file, or may not be opened; with
    ///   `storeWriteFailed` when it cannot be moved.
    public static func setAside(_ file: URL) throws -> URL {
        URL(fileURLWithPath: try setStoreAside(path: file.path))
    }

    /// Tells the engine what the platform decided.
    ///
    /// - Throws: `PacelineError` of the domain `store` when a refused session's end cannot be saved.
    public func report(_ report: HostReport) throws {
        try core.report(report: report)
    }

    /// Commits and syncs everything, and from then on starts no write: for the moment before the system freezes the app, which
    /// must not hold a file lock then. Until ``resume()`` what live sessions do and collect waits in bounded memory (accepted, not
    /// yet durable; delegates are not told, the app asked for it), timers of the store rest, and what cannot wait (to start or recover a
    /// session, to finish or discard a builder, samples that no session collects, new sources) fails with `storeSuspended`. Reading works.
    /// Suspending twice is suspending once.
    ///
    /// - Throws: `PacelineError` of the domain `store` when something could not be saved; the store is suspended all the same.
    public func suspend() throws {
        try core.suspend()
    }

    /// Writes again, beginning with what waited since ``suspend()``. Nothing happens to a store that was not suspended.
    ///
    /// - Throws: `PacelineError` of the domain `store` when what waited cannot be saved yet; it goes on waiting, and delegates
    ///   hear of it. With `anotherWorkoutSessionStarted` when another process took the device meanwhile: the session here is
    ///   over, and what it did while the store was suspended is dropped.
    public func resume() throws {
        try core.resume()
    }

    /// Runs the timers that are due and delivers the callbacks that wait, on this thread. For apps that chose to poll, and
    /// for stores with a manual clock. Inside a callback it delivers nothing.
    ///
    /// - Throws: `PacelineError` with `internal` only.
    @discardableResult
    public func poll() throws -> PollOutcome {
        try core.poll()
    }

    /// The time as the engine sees it.
    public var now: Date { core.now() }
}

extension HealthStore {
    /// Starts a session now. One that belongs to no store belongs to this one from here on.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when it started before or belongs to another store; else as the
    ///   session's own call.
    @available(*, deprecated, message: "Use WorkoutSession.startActivity(at:).")
    public func start(_ session: WorkoutSession) throws {
        try core.start(session: session.core)
    }

    /// Ends a session of this store.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when it belongs to another store or to none; else as the session's
    ///   own call.
    @available(*, deprecated, message: "Use WorkoutSession.end().")
    public func end(_ session: WorkoutSession) throws {
        try core.end(session: session.core)
    }

    /// Pauses a session of this store.
    ///
    /// - Throws: As ``end(_:)``.
    @available(*, deprecated, message: "Use WorkoutSession.pause().")
    public func pause(_ session: WorkoutSession) throws {
        try core.pause(session: session.core)
    }

    /// Lets a paused session of this store go on.
    ///
    /// - Throws: As ``end(_:)``.
    @available(*, deprecated, message: "Use WorkoutSession.resume().")
    public func resumeWorkoutSession(_ session: WorkoutSession) throws {
        try core.resumeWorkoutSession(session: session.core)
    }
}
