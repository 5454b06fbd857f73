import Foundation
import Paceline
import Testing

/// Two sessions at a time: who yields.
@Suite struct ArbitrationTests {
    private func session(in store: HealthStore) throws -> WorkoutSession {
        try WorkoutSession(healthStore: store, configuration: WorkoutConfiguration())
    }

    @Test func aNewcomerMayHaveToYield() throws {
        let watch = try Simulation(start: World.start).addDevice("watch", arbitration: .refuse)
        let (one, other) = (try session(in: watch.store), try session(in: watch.store))
        try one.startActivity()
        #expect(code { try other.startActivity() } == .anotherWorkoutSessionStarted)
        #expect(one.state == .running)
    }

    @Test func aHostSaysWhoGoesOn() throws {
        let host = AskedHost()
        var options = StoreOptions()
        options.arbitration = .ask
        options.delivery = .poll
        let store = try HealthStore(options, host: host)
        let (first, second, third) = (try session(in: store), try session(in: store), try session(in: store))
        try first.startActivity()
        #expect(host.asked.all.isEmpty)
        try second.startActivity()
        #expect(second.state == .notStarted)
        guard case let .arbitrate(newcomer, incumbent) = host.asked.all.last?.request else {
            Issue.record("the host was not asked")
            return
        }
        #expect(newcomer == second.id)
        #expect(incumbent.session == first.id)
        #expect(incumbent.isHere)
        try store.report(.outcome(request: host.asked.all[0].id, refusal: nil))
        #expect(first.state == .ended)
        #expect(second.state == .running)
        try third.prepare()
        let refusal = PacelineError(.userCanceled, reason: "not now")
        try store.report(.outcome(request: host.asked.all[1].id, refusal: refusal))
        #expect(second.state == .running)
        #expect(third.state == .ended)
        // Nobody holds anything under this number.
        try store.report(.processEnded(process: 1))
    }

    @Test func aSimulatedPlatformAnswers() throws {
        let watch = try Simulation(start: World.start).addDevice("watch", arbitration: .ask)
        let (first, second, third) = (
            try session(in: watch.store), try session(in: watch.store), try session(in: watch.store)
        )
        #expect(code { try watch.arbitrate() } == .invalidArgument)
        try first.startActivity()
        try second.startActivity()
        try watch.arbitrate(refusal: PacelineError(.userCanceled, reason: "not now"))
        #expect(first.state == .running)
        #expect(second.state == .ended)
        try third.startActivity()
        try watch.arbitrate()
        #expect(first.state == .ended)
        #expect(third.state == .running)
    }
}

/// A platform that arbitrates and knows processes, and remembers what it was asked.
private final class AskedHost: PlatformHost {
    let asked = Collected<(request: HostRequest, id: UInt64)>()

    var capabilities: HostCapabilities { HostCapabilities(arbitration: .native, processes: .emulated) }

    func request(_ request: HostRequest, id: UInt64) {
        asked.append((request, id))
    }
}
