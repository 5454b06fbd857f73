import Foundation
import PacelineCore

/// A workout session: controls sensors, background time, and the life of a workout. It saves nothing itself; that is the
/// work of its builder.
///
/// Letting go of it does not end it: only ``end()`` does. A command runs to its end on the calling thread: when it returns,
/// what it did is committed, properties show it, and the delegate's callbacks are on their way. A command that the state
/// table refuses throws `PacelineError` with `invalidArgument` and changes nothing. Calls may come from any thread. Equality
/// and hash are those of identity.
public final class WorkoutSession: Sendable {
    /// What the session tells.
    enum News: Sendable {
        case state(WorkoutSessionState, from: WorkoutSessionState)
        case event(WorkoutEvent)
        /// Something else changed.
        case step
    }

    private struct Delegate {
        weak var object: (any WorkoutSessionDelegate)?
    }

    let core: CoreWorkoutSession
    private let ears = Ears<News>()
    private let listener = Locked(Delegate())
    private let builder = Locked<LiveWorkoutBuilder?>(nil)

    /// The objects of this process, by the ids of their sessions: a recovered session that the app has already must be the
    /// same object, or two of them would take the delegate's place from each other.
    private static let living = Locked<[UUID: [ObjectIdentifier: Weak<WorkoutSession>]]>([:])
    /// The id of the session, and later of the workout.
    public let id: UUID

    /// The object that stands for a session of the engine: the one that the app has, else a new one.
    static func standing(for core: CoreWorkoutSession) -> WorkoutSession {
        // Looked at outside of the lock: one whose last reference goes meanwhile takes the lock at its end.
        let known = living.with { $0[core.id()] ?? [:] }
        return known.values.lazy.compactMap(\.object).first { $0.core == core } ?? WorkoutSession(core: core)
    }

    private init(core: CoreWorkoutSession) {
        self.core = core
        id = core.id()
        let bridge = SessionBridge()
        // Without this object: its end would come inside, when another thread let go of it meanwhile.
        ears.set { [core] wanted in
            // Cannot fail but for a fault of the engine, which it logs.
            try? core.setDelegate(delegate: wanted ? bridge : nil)
        }
        bridge.owner = self
        let (name, weak) = (ObjectIdentifier(self), Weak(object: self))
        Self.living.with { $0[id, default: [:]][name] = weak }
    }

    deinit {
        let name = ObjectIdentifier(self)
        Self.living.with { living in
            living[id]?[name] = nil
            if living[id]?.isEmpty == true { living[id] = nil }
        }
        ears.finish()
    }

    /// Makes a session. It reserves nothing yet: any number of sessions may stand at `notStarted`.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` for a configuration that is not valid, with
    ///   `workoutActivityNotAllowed` for an activity type this device refuses.
    public convenience init(healthStore: HealthStore, configuration: WorkoutConfiguration) throws {
        self.init(core: try CoreWorkoutSession(store: healthStore.core, configuration: configuration))
    }

    /// Makes a session that belongs to no store until a store starts it. Until then every command is refused; it never has
    /// a builder.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` for a configuration that is not valid.
    @available(*, deprecated, message: "Use init(healthStore:configuration:), which gives the session a builder.")
    public convenience init(configuration: WorkoutConfiguration) throws {
        self.init(core: try CoreWorkoutSession.withConfiguration(configuration: configuration))
    }

    /// As ``init(configuration:)``, for a type and a place.
    @available(*, deprecated, message: "Use init(healthStore:configuration:), which gives the session a builder.")
    public convenience init(activityType: WorkoutActivityType, locationType: WorkoutSessionLocationType) {
        self.init(core: CoreWorkoutSession.withActivity(activityType: activityType, locationType: locationType))
    }

    /// Where the session is in its life.
    public var state: WorkoutSessionState { core.state() }

    /// Which end of a mirrored workout this is.
    public var type: WorkoutSessionType { core.sessionType() }

    /// A copy of the configuration it was made with.
    public var workoutConfiguration: WorkoutConfiguration { core.configuration() }

    /// The activity type of its configuration.
    @available(*, deprecated, message: "Use workoutConfiguration.activityType.")
    public var activityType: WorkoutActivityType { core.activityType() }

    /// The location type of its configuration.
    @available(*, deprecated, message: "Use workoutConfiguration.locationType.")
    public var locationType: WorkoutSessionLocationType { core.locationType() }

    /// When the session first ran; nothing before.
    public var startDate: Date? { core.startDate() }

    /// When the session was stopped or, without that, ended; nothing before.
    public var endDate: Date? { core.endDate() }

    /// Whether everything that happened to this session is as safe as the store's `Durability` promises. False while the store
    /// cannot be written, or is suspended.
    public var isDurable: Bool { core.isDurable() }

    /// The activity in progress, or the workout as a whole when there is none. Time and statistics are those that the
    /// builder collected.
    public var currentActivity: WorkoutActivity { core.currentActivity() }

    /// Everything a screen shows, as of now; never waits for the disk.
    public func snapshot() -> WorkoutSnapshot { core.snapshot() }

    /// A picture of the session that can be encoded and decoded; it does not change with the session.
    public var record: WorkoutSessionRecord { core.record() }

    /// What the app keeps with this session; empty unless set. A recovered session has it too.
    public var payload: Data { core.payload() }

    /// Keeps bytes of the app with this session until its workout is finished or discarded: whatever it needs to go on after
    /// it was killed. They replace the bytes before.
    ///
    /// - Throws: `PacelineError` with `dataSizeExceeded` for more than 1 MiB; with `invalidArgument` when the workout is
    ///   over; of the domain `store` when they cannot be saved.
    public func setPayload(_ payload: Data) throws {
        try core.setPayload(payload: payload)
    }

    /// Who hears of this session; held weakly. It is looked up when something is told: what finds none is dropped. After
    /// nothing was set, no further call starts.
    public var delegate: (any WorkoutSessionDelegate)? {
        get { listener.with { $0.object } }
        set {
            listener.with { $0.object = newValue }
            ears.set(hasDelegate: newValue != nil)
        }
    }

    /// The builder of this session; the same one at every call, held by the session.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` for a session that was not made with a store.
    public func associatedWorkoutBuilder() throws -> LiveWorkoutBuilder {
        try builder.with { builder in
            if let builder { return builder }
            let made = LiveWorkoutBuilder(core: try core.associatedWorkoutBuilder(), session: self)
            builder = made
            return made
        }
    }

    // MARK: Commands

    /// Enters session mode, so that sensors can warm up during a countdown. From `notStarted`.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` in any other state; of the domain `store` when it cannot be saved. A
    ///   refusal by the platform is told to the delegate: an error, then the state `ended`.
    public func prepare() throws {
        try step { try core.prepare() }
    }

    /// Starts the activity, at this date or now. From `notStarted` or `prepared`. Another session on the device that is
    /// under way ends with `anotherWorkoutSessionStarted`, unless the store was opened with another `Arbitration`.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` in any other state, or for a date in the future; else as
    ///   ``prepare()``.
    public func startActivity(at date: Date? = nil) throws {
        try step { try core.startActivity(date: date) }
    }

    /// Pauses now. From `running`.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` in any other state; of the domain `store` when it cannot be saved.
    public func pause() throws {
        try step { try core.pause() }
    }

    /// Goes on now. From `paused`.
    ///
    /// - Throws: As ``pause()``.
    public func resume() throws {
        try step { try core.resume() }
    }

    /// Stops the activity, at this date or now. From `running` or `paused`. Session mode stays on, so that the app can
    /// save; it cannot be started again.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` in any other state, for a date in the future, before the start or
    ///   before the last activity; of the domain `store` when it cannot be saved.
    public func stopActivity(at date: Date? = nil) throws {
        try step { try core.stopActivity(date: date) }
    }

    /// Ends the session now and leaves session mode. From every state but `ended`. Call it on every path.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when it has ended already; of the domain `store` when it cannot be
    ///   saved.
    public func end() throws {
        try step { try core.end() }
    }

    /// Begins an activity at this date: a leg of a triathlon, an interval. One that is in progress ends first.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless running or paused; when the type does not fit the workout (in
    ///   a swimBikeRun workout: swimming, cycling, running, transition; else the workout's own type); for a date in the
    ///   future or before the activity in progress began.
    public func beginNewActivity(
        configuration: WorkoutConfiguration,
        date: Date,
        metadata: Metadata = [:]
    ) throws {
        try step { try core.beginNewActivity(configuration: configuration, date: date, metadata: metadata) }
    }

    /// Ends the activity in progress at this date; the session goes on as the workout as a whole.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless running or paused, when no activity is in progress, and for a
    ///   date in the future or before its start.
    public func endCurrentActivity(on date: Date) throws {
        try step { try core.endCurrentActivity(date: date) }
    }

    /// Takes in an event that the platform detected: a motion pause, a lap of a pool swim, a press of both buttons. The
    /// state does not change.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` unless running (a request to pause or resume is also taken while
    ///   paused), for pause and resume, which have calls of their own, and for an event outside the workout.
    public func report(_ event: WorkoutEvent) throws {
        try step { try core.reportEvent(event: event) }
    }

    /// Ends the session with an error: the delegate hears the error, then the state `ended`. For hosts that learn that the
    /// platform stopped the workout. Without effect after the end.
    ///
    /// - Throws: `PacelineError` of the domain `store` when it cannot be saved.
    public func fail(_ error: PacelineError) throws {
        try step { try core.fail(error: error) }
    }

    // MARK: Streams

    /// The states of the session: the present one first, then each change as the delegate hears it. Ends after `ended`, and
    /// when the session object goes away.
    public var states: AsyncStream<WorkoutSessionState> {
        AsyncStream { continuation in
            let told = Locked<WorkoutSessionState?>(nil)
            let tell: @Sendable (WorkoutSessionState) -> Void = { state in
                continuation.yield(state)
                if state == .ended { continuation.finish() }
            }
            told.with { last in
                let number = ears.add(
                    hear: { news in
                        guard case let .state(to, from) = news else { return }
                        told.with { last in
                            // What was on its way when the present state was read is part of it; what follows begins there.
                            guard from == last else { return }
                            last = to
                            tell(to)
                        }
                    },
                    finish: { continuation.finish() })
                continuation.onTermination = { [weak ears] _ in ears?.remove(number) }
                let present = core.state()
                last = present
                tell(present)
            }
        }
    }

    /// The events of the session, from now on, as the delegate hears them. Ends when the session object goes away.
    public var events: AsyncStream<WorkoutEvent> {
        ears.stream { news in
            if case let .event(event) = news { event } else { nil }
        }
    }

    /// Everything a screen shows: the present snapshot first, then a new one whenever something changed, the newest only.
    /// For a timer that runs between changes, ask ``snapshot()`` once a frame.
    public var snapshots: LatestValues<WorkoutSnapshot> {
        let builder = try? associatedWorkoutBuilder()
        return LatestValues { [core, ears] in
            // Durability comes and goes without a step.
            let last = Locked<(step: UInt64, durable: Bool)?>(nil)
            let signals = AsyncStream<Void>(bufferingPolicy: .bufferingNewest(1)) { continuation in
                let number = ears.add(hear: { _ in continuation.yield() }, finish: { continuation.finish() })
                let second = builder?.ears.add(hear: { _ in continuation.yield() }, finish: {})
                continuation.onTermination = { _ in
                    ears.remove(number)
                    if let second { builder?.ears.remove(second) }
                }
                continuation.yield()
            }
            return LatestValues.Subscription(signals: signals) {
                let snapshot = core.snapshot()
                return last.with { last in
                    let present = (step: snapshot.sequence, durable: snapshot.durable)
                    if let last, last == present { return nil }
                    last = present
                    return snapshot
                }
            }
        }
    }

    private func step(_ command: () throws -> Void) rethrows {
        try command()
        ears.tell(.step)
    }
}

// MARK: What the engine tells

extension WorkoutSession {
    func changed(to: WorkoutSessionState, from: WorkoutSessionState, date: Date) {
        delegate?.workoutSession(self, didChangeTo: to, from: from, date: date)
        ears.tell(.state(to, from: from))
    }

    func failed(_ error: PacelineError) {
        delegate?.workoutSession(self, didFailWithError: error)
        ears.tell(.step)
    }

    func generated(_ event: WorkoutEvent) {
        delegate?.workoutSession(self, didGenerate: event)
        ears.tell(.event(event))
    }

    func began(_ configuration: WorkoutConfiguration, _ date: Date) {
        delegate?.workoutSession(self, didBeginActivityWith: configuration, date: date)
        ears.tell(.step)
    }

    func ended(_ configuration: WorkoutConfiguration, _ date: Date) {
        delegate?.workoutSession(self, didEndActivityWith: configuration, date: date)
        ears.tell(.step)
    }

    func lostDurability(_ error: PacelineError) {
        delegate?.workoutSession(self, didLoseDurability: error)
        ears.tell(.step)
    }

    func regainedDurability() {
        delegate?.workoutSessionDidRegainDurability(self)
        ears.tell(.step)
    }
}

extension WorkoutSession: Hashable, CustomStringConvertible {
    /// Whether both are handles on one session.
    public static func == (one: WorkoutSession, other: WorkoutSession) -> Bool {
        one === other || one.core == other.core
    }

    /// That of the identity.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(core)
    }

    /// Id, state and type, such as `<WorkoutSession 4f0c… running [Primary]>`.
    public var description: String { core.description }
}
