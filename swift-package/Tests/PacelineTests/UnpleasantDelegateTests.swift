import Foundation
import Paceline
import Testing

@Suite(.timeLimit(.minutes(1))) struct UnpleasantDelegateTests {
    @Test func oneThatIsGone() throws {
        let world = try World()
        var recorder: Recorder? = Recorder()
        let gone = Weakly(object: recorder)
        world.session.delegate = recorder
        world.builder.delegate = recorder
        try world.session.startActivity()
        recorder = nil
        #expect(gone.object == nil, "a session must not keep its delegate")
        #expect(world.session.delegate == nil)
        try world.builder.beginCollection(at: World.start)
        try world.beat(120)
        try world.session.pause()
        try world.store.poll()
        try world.session.resume()
        #expect(try world.finish() != nil)
    }

    @Test func oneThatCallsBack() throws {
        let world = try World()
        let seen = Collected<String>()
        let recorder = Recorder { line in
            seen.append("\(world.session.state) \(world.builder.snapshot().sequence > 0)")
            // Delivers nothing inside a callback, and does not wait.
            seen.append("\((try? world.store.poll())?.delivered ?? 99)")
            if line.hasPrefix("notStarted") { try? world.session.pause() }
            if line.hasPrefix("running") { try? world.session.resume() }
        }
        world.session.delegate = recorder
        try world.begin()
        try world.store.poll()
        #expect(
            recorder.heard == [
                "notStarted -> running at 0", "running -> paused at 0", "event pause", "paused -> running at 0",
                "event resume",
            ])
        #expect(!seen.all.contains("99"))
        world.session.delegate = nil
    }

    @Test func oneThatEndsTheSessionFromInside() throws {
        let world = try World()
        let recorder = Recorder { line in
            if line.hasPrefix("running -> paused") {
                try? world.session.end()
                try? world.builder.endCollection(at: world.store.now)
                _ = try? world.builder.finishWorkout()
            }
        }
        world.session.delegate = recorder
        try world.begin()
        try world.clock.advance(by: 5)
        try world.session.pause()
        try world.store.poll()
        #expect(recorder.heard.last == "paused -> ended at 5")
        #expect(try world.store.workouts().count == 1)
        world.session.delegate = nil
    }

    @Test func oneThatReplacesItself() throws {
        let world = try World()
        let second = Recorder()
        let first = Recorder { _ in world.session.delegate = second }
        world.session.delegate = first
        try world.session.startActivity()
        try world.session.pause()
        try world.store.poll()
        #expect(first.heard == ["notStarted -> running at 0"])
        #expect(second.heard.first == "running -> paused at 0")
        world.session.delegate = nil
        try world.session.resume()
        try world.store.poll()
        #expect(!second.heard.contains { $0.hasPrefix("paused") })
    }

    @Test func oneThatBlocks() throws {
        let store = try HealthStore()
        let session = try WorkoutSession(healthStore: store, configuration: WorkoutConfiguration(activityType: .running))
        let builder = try session.associatedWorkoutBuilder()
        let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let recorder = Recorder { _ in
            entered.signal()
            release.wait()
        }
        session.delegate = recorder
        try session.startActivity()
        entered.wait()
        // The delivery thread stands inside the delegate; everything else goes on.
        try builder.beginCollection(at: store.now)
        try store.ingest(QuantitySample(.heartRate, 120, at: store.now))
        try session.pause()
        try session.resume()
        try session.stopActivity()
        try builder.endCollection(at: store.now)
        let workout = try builder.finishWorkout()
        try session.end()
        #expect(try store.workouts() == [workout].compactMap { $0 })
        session.delegate = nil
        release.signal()
    }

    @Test func oneThatIsTheLastToHoldTheSession() throws {
        let clock = try ManualClock(start: World.start)
        let store = try HealthStore(clock: clock)
        var session: WorkoutSession? = try WorkoutSession(healthStore: store, configuration: WorkoutConfiguration())
        let gone = Weakly(object: session)
        let builder = try session?.associatedWorkoutBuilder()
        try session?.startActivity()
        session = nil
        #expect(gone.object == nil)
        #expect(builder?.workoutSession == nil)
        // A session that was let go of is not ended.
        #expect(builder?.snapshot().state == .running)
        try store.poll()
    }

    @Test func aHostThatRefusesFromInside() throws {
        let host = Refuser()
        let world = try World(host: host)
        host.store.append(world.store)
        let recorder = Recorder()
        world.session.delegate = recorder
        try world.session.startActivity()
        try world.store.poll()
        #expect(recorder.heard.last == "running -> ended at 0")
        #expect(recorder.heard.contains("failed healthDataRestricted"))
        #expect(host.requests.all.count == 2)
    }
}

/// Answers a request while it is made, twice, and with a call that is not allowed.
private final class Refuser: PlatformHost {
    let store = Collected<HealthStore>()
    let requests = Collected<HostRequest>()

    var capabilities: HostCapabilities { HostCapabilities(sessionMode: .native) }

    func request(_ request: HostRequest, id: UInt64) {
        requests.append(request)
        guard case .enterSessionMode = request, let store = store.all.first else { return }
        let refusal = PacelineError(.healthDataRestricted, reason: "not here")
        for _ in 0..<2 { try? store.report(.outcome(request: id, refusal: refusal)) }
        try? store.report(.outcome(request: id + 99, refusal: refusal))
    }
}

/// Refers to an object without keeping it.
private struct Weakly<Object: AnyObject> {
    weak var object: Object?
}
