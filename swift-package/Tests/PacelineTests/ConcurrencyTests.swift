import Foundation
import Paceline
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConcurrencyTests {
    @Test func theCallsThatWaitCanBeAwaited() async throws {
        let world = try World()
        try world.session.startActivity()
        try await world.builder.beginCollection(at: World.start)
        try world.clock.advance(by: 10)
        try await world.builder.addSamples([QuantitySample(.heartRate, 130, at: World.start)])
        try await world.builder.addWorkoutEvents([WorkoutEvent(.marker, at: World.start + 5)])
        try await world.builder.addMetadata(["title": "awaited"])
        try world.session.stopActivity()
        try await world.builder.endCollection(at: World.start + 10)
        let workout = try await world.builder.finishWorkout()
        #expect(workout?.duration == 10)
        #expect(try await world.store.workouts().map(\.id) == [world.session.id])
        await #expect(throws: PacelineError.self) { try await world.builder.finishWorkout() }
        let other = try World()
        try other.begin()
        try await other.builder.discardWorkout()
    }

    @Test func cancellingTheWaitCancelsNothing() async throws {
        let world = try World()
        try world.session.startActivity()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await world.builder.beginCollection(at: World.start)
        }
        try await task.value
        #expect(task.isCancelled)
        #expect(world.builder.startDate == World.start)
    }

    @Test func manyTasksAtOnce() async throws {
        let world = try World()
        try world.begin()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for beat in 0..<50 {
                        try world.store.ingest(
                            QuantitySample(.heartRate, 100 + Double(task), at: World.start - Double(beat)))
                        _ = world.session.snapshot()
                        world.session.delegate = Recorder()
                        _ = world.session.states
                        try world.store.poll()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try world.store.sampleCount() == 400)
    }

    @Test func callbacksOnTheEnginesThread() async throws {
        let store = try HealthStore()
        let session = try WorkoutSession(healthStore: store, configuration: WorkoutConfiguration())
        let states = session.states
        try session.startActivity()
        try session.end()
        var seen: [WorkoutSessionState] = []
        for await state in states { seen.append(state) }
        #expect(seen == [.notStarted, .running, .ended])
    }

    @Test func sessionsCrossActors() async throws {
        let world = try World()
        let state = try await Task.detached { [session = world.session] in
            try session.startActivity()
            return session.state
        }.value
        #expect(state == .running)
        await MainActor.run { #expect(world.session.state == .running) }
    }
}
