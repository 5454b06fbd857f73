import Foundation
import Paceline
import Testing

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    @Test func statesBeginWithThePresentAndEndWithTheEnd() async throws {
        let world = try World()
        try world.session.startActivity()
        // The change to running is still on its way; it is part of the present.
        let states = world.session.states
        try world.session.pause()
        try world.session.resume()
        try world.session.end()
        try world.store.poll()
        var seen: [WorkoutSessionState] = []
        for await state in states { seen.append(state) }
        #expect(seen == [.running, .paused, .running, .ended])
        var after: [WorkoutSessionState] = []
        for await state in world.session.states { after.append(state) }
        #expect(after == [.ended])
    }

    @Test func statesComeWithoutADelegateAndBesideOne() async throws {
        let world = try World()
        let recorder = Recorder()
        world.session.delegate = recorder
        let (one, other) = (world.session.states, world.session.states)
        world.session.delegate = nil
        try world.session.startActivity()
        try world.session.end()
        try world.store.poll()
        for stream in [one, other] {
            var seen: [WorkoutSessionState] = []
            for await state in stream { seen.append(state) }
            #expect(seen == [.notStarted, .running, .ended])
        }
        #expect(recorder.heard.isEmpty)
    }

    @Test func eventsAsTheDelegateHearsThem() async throws {
        var world: World? = try World()
        let events = try #require(world).session.events
        try world?.begin()
        try world?.session.pause()
        try world?.session.resume()
        try world?.session.report(WorkoutEvent(.lap, from: World.start, to: World.start))
        try world?.store.poll()
        world = nil
        var seen: [WorkoutEventType] = []
        for await event in events { seen.append(event.eventType) }
        #expect(seen == [.pause, .resume, .lap])
    }

    @Test func snapshotsKeepTheNewest() async throws {
        var world: World? = try World()
        var snapshots = try #require(world).session.snapshots.makeAsyncIterator()
        #expect(await snapshots.next()?.state == .notStarted)
        try world?.begin()
        #expect(await snapshots.next()?.collectionStart == World.start)
        for value in [120.0, 130, 140] {
            try world?.beat(value)
            try world?.clock.advance(by: 1)
        }
        // Three samples, one look: the newest.
        let heart = await snapshots.next()?.statistics(for: .heartRate)
        #expect(heart?.mostRecent?.value == 140)
        world = nil
        #expect(await snapshots.next() == nil)
    }

    @Test func collectedTypesGrowWhileNobodyLooks() async throws {
        var world: World? = try World()
        var types = try #require(world).builder.collectedTypes.makeAsyncIterator()
        try world?.begin()
        try world?.beat(120)
        try world?.store.poll()
        try world?.store.ingest(QuantitySample(.runningPower, 10, from: World.start, to: World.start))
        try world?.store.poll()
        #expect(await types.next() == [.heartRate, .runningPower])
        world = nil
        #expect(await types.next() == nil)
    }

    @Test func aLoopThatIsCancelledLetsGo() async throws {
        let world = try World()
        let states = world.session.states
        let task = Task {
            var count = 0
            for await _ in states { count += 1 }
            return count
        }
        while world.session.state == .notStarted { try world.session.startActivity() }
        task.cancel()
        _ = await task.value
        try world.session.end()
        try world.store.poll()
    }
}
