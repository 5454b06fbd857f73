import Foundation
import Paceline
import Testing

/// What is done while the store cannot be written, or may not be, and while the clock is set.
@Suite struct DurabilityTests {
    let simulation: Simulation
    let watch: SimulatedDevice
    let session: WorkoutSession
    let builder: LiveWorkoutBuilder

    /// A run under way on a simulated device.
    init() throws {
        simulation = try Simulation(start: World.start)
        watch = try simulation.addDevice("watch")
        let run = WorkoutConfiguration(activityType: .running, locationType: .outdoor)
        session = try WorkoutSession(healthStore: watch.store, configuration: run)
        builder = try session.associatedWorkoutBuilder()
        try builder.setDataSource(LiveWorkoutDataSource(run))
        try session.startActivity()
        try builder.beginCollection(at: World.start)
    }

    private func beat() throws -> Ingested {
        try watch.store.ingest(QuantitySample(.heartRate, 140, at: watch.store.now))
    }

    @Test func aDiskThatRefusesIsToldOfOnce() throws {
        let recorder = Recorder()
        session.delegate = recorder
        #expect(try beat().durable)
        try watch.setDiskWritable(false)
        let taken = try beat()
        #expect(taken.samples == 1)
        #expect(!taken.durable)
        try session.pause()
        try simulation.advance(by: 20)
        #expect(!session.isDurable)
        #expect(!session.snapshot().durable)
        try watch.setDiskWritable(true)
        try simulation.advance(by: 20)
        #expect(session.isDurable)
        #expect(session.snapshot().durable)
        #expect(recorder.heard.filter { $0.contains("durability") } == ["lost durability readOnly", "regained durability"])
    }

    /// Durability comes back without a step, and a screen hears of it all the same.
    @Test func snapshotsTellOfDurability() async throws {
        try watch.setDiskWritable(false)
        _ = try beat()
        try simulation.poll()
        var snapshots = session.snapshots.makeAsyncIterator()
        let before = try #require(await snapshots.next())
        #expect(!before.durable)
        try watch.setDiskWritable(true)
        try simulation.advance(by: 20)
        let after = try #require(await snapshots.next())
        #expect(after.durable)
        #expect(after.sequence == before.sequence)
    }

    @Test func aSuspendedStoreStartsNoWrite() throws {
        try watch.store.suspend()
        try watch.store.suspend()
        #expect(try !beat().durable)
        try session.pause()
        #expect(!session.isDurable)
        #expect(code { try builder.discardWorkout() } == .storeSuspended)
        try watch.store.resume()
        try watch.store.resume()
        #expect(session.isDurable)
    }

    @Test func aSessionKeepsItsOwnTime() throws {
        try watch.jumpClock(by: -3600)
        try simulation.advance(by: 10)
        #expect(watch.store.now == World.start.addingTimeInterval(-3590))
        #expect(builder.elapsedTime == 10)
        try watch.jumpClock(by: 3600)
        try session.pause()
        try session.resume()
        try watch.reboot()
        #expect(code { try session.pause() } == .staleHandle)
        try simulation.advance(by: 50)
        try watch.relaunch()
        let recovered = try #require(try watch.store.recoverActiveWorkoutSession())
        #expect(try recovered.associatedWorkoutBuilder().elapsedTime == 60)
    }

    @Test func aClockIsSetAndStartedAnew() throws {
        let clock = try ManualClock(start: World.start)
        try clock.jump(by: -1.5)
        #expect(clock.now == World.start.addingTimeInterval(-1.5))
        try clock.reboot()
        #expect(clock.now == World.start.addingTimeInterval(-1.5))
    }

    @Test func aStoreKeepsWhatItMust() throws {
        var options = StoreOptions()
        options.retention = 3600
        #expect(code { _ = try HealthStore(options) } == .invalidArgument)
        options.retention = 30 * 86_400
        _ = try HealthStore(options)
    }
}
