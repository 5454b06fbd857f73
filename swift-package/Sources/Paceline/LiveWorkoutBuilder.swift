import Foundation
import PacelineCore

/// Gathers the samples, events, metadata and activities of a live workout, and saves them as one workout.
///
/// The order that works: set delegate and data source, start the session, begin collection; at the end stop the session, end
/// collection, finish, end the session. Calls may come from any thread. In an asynchronous context the calls that write have
/// a form to be awaited: it runs the same call off the caller's thread, and cancelling the wait does not cancel it. Two
/// objects are equal when they stand for one builder.
public final class LiveWorkoutBuilder: Sendable {
    /// What the builder tells.
    enum News: Sendable {
        case types(Set<QuantityType>)
        /// Something else changed.
        case step
    }

    private struct Delegate {
        weak var object: (any LiveWorkoutBuilderDelegate)?
    }

    let core: CoreLiveWorkoutBuilder
    let ears = Ears<News>()
    private let listener = Locked(Delegate())
    private let session: Locked<Weak<WorkoutSession>>
    private let source = Locked<LiveWorkoutDataSource?>(nil)

    init(core: CoreLiveWorkoutBuilder, session: WorkoutSession) {
        self.core = core
        self.session = Locked(Weak(object: session))
        let bridge = BuilderBridge()
        // Without this object: its end would come inside, when another thread let go of it meanwhile.
        ears.set { [core] wanted in
            // Cannot fail but for a fault of the engine, which it logs.
            try? core.setDelegate(delegate: wanted ? bridge : nil)
        }
        bridge.owner = self
    }

    deinit {
        ears.finish()
    }

    /// Its session, held weakly; nothing when the app let go of it.
    public var workoutSession: WorkoutSession? { session.with { $0.object } }

    /// A copy of the configuration; that of the session.
    public var workoutConfiguration: WorkoutConfiguration { core.configuration() }

    /// When collection began; nothing before.
    public var startDate: Date? { core.startDate() }

    /// When collection ended; nothing before.
    public var endDate: Date? { core.endDate() }

    /// What was added with `addMetadata(_:)`.
    public var metadata: Metadata { core.metadata() }

    /// The events so far, by rising start.
    public var workoutEvents: [WorkoutEvent] { core.workoutEvents() }

    /// The activities so far, by rising start.
    public var workoutActivities: [WorkoutActivity] { core.workoutActivities() }

    /// The activity in progress; nothing between activities and without any.
    public var currentWorkoutActivity: WorkoutActivity? { core.currentWorkoutActivity() }

    /// The statistics of every type with at least one sample.
    public var allStatistics: [QuantityType: Statistics] {
        Dictionary(core.allStatistics().map { ($0.quantityType, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The statistics of one type; nothing when no sample of it counts.
    public func statistics(for quantityType: QuantityType) -> Statistics? {
        core.statistics(quantityType: quantityType)
    }

    /// The time without pauses up to now, in seconds, or up to the end of collection. It can go down when events of the past
    /// come in.
    public var elapsedTime: TimeInterval { core.elapsedTime() }

    /// The time without pauses up to a date, in seconds.
    ///
    /// - Throws: `PacelineError` with `inputOutOfRange` for a date outside of the years 1 to 9999.
    public func elapsedTime(at date: Date) throws -> TimeInterval {
        try core.elapsedTimeAt(date: date)
    }

    /// Everything a screen shows, as of now; never waits for the disk.
    public func snapshot() -> WorkoutSnapshot { core.snapshot() }

    /// Who hears of this builder; held weakly, and looked up when something is told.
    public var delegate: (any LiveWorkoutBuilderDelegate)? {
        get { listener.with { $0.object } }
        set {
            listener.with { $0.object = newValue }
            ears.set(hasDelegate: newValue != nil)
        }
    }

    /// Whether events of the session are put in by themselves. True unless changed.
    public var shouldCollectWorkoutEvents: Bool { core.shouldCollectWorkoutEvents() }

    /// Sets whether events of the session are put in by themselves. When they are not, pauses of the session do not count
    /// either, unless the app adds them.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` after collection began.
    public func setShouldCollectWorkoutEvents(_ collect: Bool) throws {
        try step { try core.setShouldCollectWorkoutEvents(collect: collect) }
    }

    /// What selects the samples; nothing until one is set.
    public var dataSource: LiveWorkoutDataSource? {
        let core = core.dataSource()
        return source.with { known in
            // The same object at every call, as long as it stands for what the engine has.
            if known?.core != core { known = core.map(LiveWorkoutDataSource.init) }
            return known
        }
    }

    /// Sets what selects the samples. Without one, only samples added by hand are collected. One data source serves one
    /// builder; a new one replaces the old one.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when it serves another builder; of the domain `store` when it cannot
    ///   be saved.
    public func setDataSource(_ dataSource: LiveWorkoutDataSource?) throws {
        try step { try core.setDataSource(source: dataSource?.core) }
        source.with { $0 = dataSource }
    }

    // MARK: Streams

    /// The types of which samples came in or were corrected, in sets that grow while nobody looks. Ends when the builder
    /// goes away.
    public var collectedTypes: LatestValues<Set<QuantityType>> {
        LatestValues { [ears] in
            let waiting = Locked<Set<QuantityType>>([])
            let signals = AsyncStream<Void>(bufferingPolicy: .bufferingNewest(1)) { continuation in
                let number = ears.add(
                    hear: { news in
                        guard case let .types(types) = news else { return }
                        waiting.with { $0.formUnion(types) }
                        continuation.yield()
                    },
                    finish: { continuation.finish() })
                continuation.onTermination = { _ in ears.remove(number) }
            }
            return LatestValues.Subscription(signals: signals) {
                waiting.with { waiting in
                    defer { waiting = [] }
                    return waiting.isEmpty ? nil : waiting
                }
            }
        }
    }

    // MARK: What the engine tells

    func collected(_ types: Set<QuantityType>) {
        delegate?.workoutBuilder(self, didCollectDataOf: types)
        ears.tell(.types(types))
    }

    func collectedEvent() {
        delegate?.workoutBuilderDidCollectEvent(self)
        ears.tell(.step)
    }

    func began(_ activity: WorkoutActivity) {
        delegate?.workoutBuilder(self, didBegin: activity)
        ears.tell(.step)
    }

    func ended(_ activity: WorkoutActivity) {
        delegate?.workoutBuilder(self, didEnd: activity)
        ears.tell(.step)
    }

    private func step<Outcome>(_ command: () throws -> Outcome) rethrows -> Outcome {
        let outcome = try command()
        ears.tell(.step)
        return outcome
    }
}

// MARK: Commands

extension LiveWorkoutBuilder {
    /// Begins collection at this date. It may lie in the past: events and activities of the session from then on are taken
    /// in.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when it began before, when the session is over, and for a date in
    ///   the future.
    public func beginCollection(at start: Date) throws {
        try step { try core.beginCollection(start: start) }
    }

    /// Adds samples; all or none. Samples without an id are saved, others are only tied to the workout.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless collection began and the workout is not finished, or when a
    ///   sample starts before the workout or is part of another one; with `authorizationDenied` or
    ///   `authorizationNotDetermined` without permission for its type; of the domain `input` for a wrong value; of the
    ///   domain `store` when they cannot be saved.
    public func addSamples(_ samples: [QuantitySample]) throws {
        try step { try core.addSamples(samples: samples) }
    }

    /// Adds events; all or none. Events of the past change elapsed time and statistics as if they had come in time.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless collection began and the workout is not finished, for events
    ///   outside the workout, and for durations where there is none.
    public func addWorkoutEvents(_ events: [WorkoutEvent]) throws {
        try step { try core.addWorkoutEvents(events: events) }
    }

    /// Adds metadata, key by key; a new value replaces an old one.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless collection began and the workout is not finished, and for
    ///   values that are not valid; then nothing changes.
    public func addMetadata(_ metadata: Metadata) throws {
        try step { try core.addMetadata(metadata: metadata) }
    }

    /// Adds an activity by hand and returns its id.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless collection began and the workout is not finished, when it lies
    ///   outside the workout, overlaps another activity, or its type does not fit the workout.
    @discardableResult
    public func addWorkoutActivity(
        configuration: WorkoutConfiguration,
        start: Date,
        end: Date? = nil,
        metadata: Metadata = [:]
    ) throws -> UUID {
        try step {
            try core.addWorkoutActivity(configuration: configuration, start: start, end: end, metadata: metadata)
        }
    }

    /// Sets the end of an activity.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` for an id that is not known, an end before its start, after the
    ///   workout, or inside the next activity.
    public func updateActivity(_ id: UUID, end: Date) throws {
        try step { try core.updateActivityEnd(id: id, end: end) }
    }

    /// Adds metadata to an activity.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` for an id that is not known and for values that are not valid; then
    ///   nothing changes.
    public func updateActivity(_ id: UUID, adding metadata: Metadata) throws {
        try step { try core.updateActivityMetadata(id: id, metadata: metadata) }
    }

    /// Ends collection at this date. Activities that reach beyond it end with it; events and activities that begin later are
    /// left out of the workout. More can be added until it is finished.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless collection is going on, and for a date in the future or before
    ///   the start.
    public func endCollection(at end: Date) throws {
        try step { try core.endCollection(end: end) }
    }

    /// Saves the workout and returns it; nothing when the device is locked: then it is saved, but cannot be read yet.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless collection ended, and after it was finished or discarded; with
    ///   `authorizationDenied` or `authorizationNotDetermined` without permission to save workouts (ask for it and call
    ///   again, nothing is lost); of the domain `store` when it cannot be saved.
    @discardableResult
    public func finishWorkout() throws -> Workout? {
        try step { try core.finishWorkout() }
    }

    /// Throws the workout away; its samples stay in the store. Without effect before collection began and after it was
    /// finished or discarded.
    ///
    /// - Throws: `PacelineError` of the domain `store` when it cannot be saved.
    public func discardWorkout() throws {
        try step { try core.discardWorkout() }
    }
}

// MARK: The same, awaited

extension LiveWorkoutBuilder {
    /// `beginCollection(at:)`, off the caller's thread.
    public func beginCollection(at start: Date) async throws {
        try await offCaller { try self.beginCollection(at: start) }
    }

    /// `addSamples(_:)`, off the caller's thread.
    public func addSamples(_ samples: [QuantitySample]) async throws {
        try await offCaller { try self.addSamples(samples) }
    }

    /// `addWorkoutEvents(_:)`, off the caller's thread.
    public func addWorkoutEvents(_ events: [WorkoutEvent]) async throws {
        try await offCaller { try self.addWorkoutEvents(events) }
    }

    /// `addMetadata(_:)`, off the caller's thread.
    public func addMetadata(_ metadata: Metadata) async throws {
        try await offCaller { try self.addMetadata(metadata) }
    }

    /// `endCollection(at:)`, off the caller's thread.
    public func endCollection(at end: Date) async throws {
        try await offCaller { try self.endCollection(at: end) }
    }

    /// `finishWorkout()`, off the caller's thread.
    @discardableResult
    public func finishWorkout() async throws -> Workout? {
        try await offCaller { try self.finishWorkout() }
    }

    /// `discardWorkout()`, off the caller's thread.
    public func discardWorkout() async throws {
        try await offCaller { try self.discardWorkout() }
    }
}

extension LiveWorkoutBuilder: Equatable {
    /// Whether both stand for one builder.
    public static func == (one: LiveWorkoutBuilder, other: LiveWorkoutBuilder) -> Bool {
        one === other || one.core == other.core
    }
}
