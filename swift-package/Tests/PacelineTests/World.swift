import Foundation
import Paceline
import Testing

/// A store in memory on a clock that stands, and a run in it.
struct World {
    static let start = Date(timeIntervalSince1970: 1_700_000_000)

    let clock: ManualClock
    let store: HealthStore
    let session: WorkoutSession
    let builder: LiveWorkoutBuilder

    init(host: (any PlatformHost)? = nil) throws {
        clock = try ManualClock(start: World.start)
        store = try HealthStore(clock: clock, host: host)
        let run = WorkoutConfiguration(activityType: .running, locationType: .outdoor)
        session = try WorkoutSession(healthStore: store, configuration: run)
        builder = try session.associatedWorkoutBuilder()
        try builder.setDataSource(LiveWorkoutDataSource(run))
    }

    /// A run under way.
    func begin() throws {
        try session.startActivity()
        try builder.beginCollection(at: store.now)
    }

    /// The run comes to its end and is saved.
    func finish() throws -> Workout? {
        try session.stopActivity()
        try builder.endCollection(at: store.now)
        let workout = try builder.finishWorkout()
        try session.end()
        try store.poll()
        return workout
    }

    func beat(_ value: Double) throws {
        try store.ingest(QuantitySample(.heartRate, value, at: store.now))
    }
}

/// Writes down what it hears.
final class Recorder: WorkoutSessionDelegate, LiveWorkoutBuilderDelegate {
    private let lines = Collected<String>()
    private let reaction: @Sendable (String) -> Void

    /// - Parameter reaction: Runs inside each callback, after it was written down.
    init(_ reaction: @escaping @Sendable (String) -> Void = { _ in }) {
        self.reaction = reaction
    }

    var heard: [String] { lines.all }

    private func hear(_ line: String) {
        lines.append(line)
        reaction(line)
    }

    func workoutSession(
        _ session: WorkoutSession, didChangeTo to: WorkoutSessionState, from: WorkoutSessionState, date: Date
    ) {
        hear("\(from) -> \(to) at \(Int(date.timeIntervalSince(World.start)))")
    }

    func workoutSession(_ session: WorkoutSession, didFailWithError error: PacelineError) {
        hear("failed \(error.code)")
    }

    func workoutSession(_ session: WorkoutSession, didGenerate event: WorkoutEvent) {
        hear("event \(event.eventType)")
    }

    func workoutSession(_ session: WorkoutSession, didLoseDurability error: PacelineError) {
        hear("lost durability \(error.code)")
    }

    func workoutSessionDidRegainDurability(_ session: WorkoutSession) {
        hear("regained durability")
    }

    func workoutBuilder(_ builder: LiveWorkoutBuilder, didCollectDataOf types: Set<QuantityType>) {
        hear("data \(types.map(\.description).sorted().joined(separator: ","))")
    }

    func workoutBuilderDidCollectEvent(_ builder: LiveWorkoutBuilder) {
        hear("builder event")
    }
}

/// A list that several threads append to.
final class Collected<Element: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var elements: [Element] = []

    var all: [Element] { lock.withLock { elements } }

    func append(_ element: Element) {
        lock.withLock { elements.append(element) }
    }
}

/// The code of the error that a call throws; nothing when it throws none of ours.
func code(_ call: () throws -> Void) -> ErrorCode? {
    do {
        try call()
        return nil
    } catch {
        return (error as? PacelineError)?.code
    }
}
