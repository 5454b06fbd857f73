import Foundation
import Paceline
import Testing

@Suite struct SurfaceTests {
    @Test func aWorkoutFromStartToEnd() throws {
        let world = try World()
        let recorder = Recorder()
        world.session.delegate = recorder
        world.builder.delegate = recorder
        try world.begin()
        try world.beat(140)
        try world.clock.advance(by: 60)
        try world.session.pause()
        try world.clock.advance(by: 60)
        try world.session.resume()
        try world.beat(150)
        try world.clock.advance(by: 60)
        try world.builder.addMetadata(["title": "Morning", "effort": 7, "felt good": true])
        let workout = try #require(try world.finish())

        #expect(workout.id == world.session.id)
        #expect(workout.start == World.start)
        #expect(workout.end == World.start + 180)
        #expect(workout.duration == 120)
        #expect(workout.events.map(\.eventType) == [.pause, .resume])
        #expect(workout.statistics(for: .heartRate)?.averageQuantity == Quantity(145, .countPerMinute))
        #expect(workout.statistics(for: .stepCount) == nil)
        #expect(workout.metadata["title"] == .text(text: "Morning"))
        #expect(workout.metadata["effort"] == 7)
        #expect(workout.metadata["felt good"] == 1)
        #expect(try world.store.workouts() == [workout])
        #expect(try world.store.workout(workout.id) == workout)
        #expect(try world.store.samples(of: workout.id, .heartRate).map(\.value) == [140, 150])
        let halves = try world.store.statistics(
            of: workout.id,
            over: [
                WorkoutInterval(start: World.start, end: World.start + 120),
                WorkoutInterval(start: World.start + 120, end: World.start + 180),
            ])
        #expect(halves.map(\.duration) == [60, 60])
        #expect(halves[1].statistics(for: .heartRate)?.average == 150)
        #expect(
            recorder.heard == [
                "notStarted -> running at 0", "data heartRate", "running -> paused at 60", "event pause",
                "builder event", "paused -> running at 120", "event resume", "builder event", "data heartRate",
                "running -> stopped at 180", "stopped -> ended at 180",
            ])
    }

    @Test func theSessionShowsItself() throws {
        let world = try World()
        #expect(world.session.state == .notStarted)
        #expect(world.session.type == .primary)
        #expect(world.session.startDate == nil)
        #expect(world.session.workoutConfiguration.activityType == .running)
        try world.begin()
        try world.clock.advance(by: 10)
        #expect(world.session.startDate == World.start)
        #expect(world.session.endDate == nil)
        #expect(world.session.currentActivity.duration == 10)
        #expect(world.session.snapshot().elapsed == 10)
        #expect(world.session.snapshot().typesToCollect.contains(.heartRate))
        let id = world.session.id.uuidString.lowercased()
        #expect("\(world.session)" == "<WorkoutSession \(id) running [Primary]>")
        try world.session.end()
        #expect(world.session.endDate == World.start + 10)
    }

    @Test func identityEqualityAndHash() throws {
        let world = try World()
        let other = try WorkoutSession(
            healthStore: world.store, configuration: world.session.workoutConfiguration)
        #expect(world.session == world.session)
        #expect(world.session != other)
        #expect(Set([world.session, other, world.session]).count == 2)
        #expect(try world.session.associatedWorkoutBuilder() === world.builder)
        #expect(world.builder.workoutSession === world.session)
        #expect(try other.associatedWorkoutBuilder() != world.builder)
        let source = try LiveWorkoutDataSource()
        try world.builder.setDataSource(source)
        #expect(world.builder.dataSource === source)
        try world.builder.setDataSource(nil)
        #expect(world.builder.dataSource == nil)
    }

    @Test func activitiesOfATriathlon() throws {
        let clock = try ManualClock(start: World.start)
        let store = try HealthStore(clock: clock)
        let session = try WorkoutSession(
            healthStore: store, configuration: WorkoutConfiguration(activityType: .swimBikeRun))
        let builder = try session.associatedWorkoutBuilder()
        try session.startActivity()
        try builder.beginCollection(at: World.start)
        try session.beginNewActivity(
            configuration: .poolSwim(lapLength: Quantity(25, .meter)), date: World.start, metadata: ["leg": 1])
        try clock.advance(by: 600)
        try session.beginNewActivity(configuration: WorkoutConfiguration(activityType: .cycling), date: store.now)
        try clock.advance(by: 1200)
        try session.endCurrentActivity(on: store.now)
        let activities = builder.workoutActivities
        #expect(activities.map(\.configuration.activityType) == [.swimming, .cycling])
        #expect(activities.map(\.duration) == [600, 1200])
        #expect(activities[0].configuration.lapLength == Quantity(25, .meter))
        #expect(activities[0].metadata == ["leg": 1])
        #expect(builder.currentWorkoutActivity == nil)
        try builder.updateActivity(activities[1].id, adding: ["wind": "west"])
        #expect(builder.workoutActivities[1].metadata["wind"] == "west")
        #expect(
            code { try session.beginNewActivity(configuration: WorkoutConfiguration(activityType: .rowing), date: store.now) }
                == .invalidArgument)
    }

    @Test func recordsAreWrittenTheSameEverywhere() throws {
        let world = try World()
        let pool = WorkoutConfiguration.poolSwim(lapLength: Quantity(50, .meter))
        let swim = try WorkoutSession(healthStore: world.store, configuration: pool)
        try swim.startActivity(at: World.start)
        for record in [swim.record, world.session.record] {
            #expect(try WorkoutSessionRecord(json: record.json()) == record)
            // What Swift's own coder writes is read by the engine, and the other way round.
            let written = try JSONEncoder().encode(record)
            #expect(try WorkoutSessionRecord(json: String(decoding: written, as: UTF8.self)) == record)
            #expect(try JSONDecoder().decode(WorkoutSessionRecord.self, from: Data(record.json().utf8)) == record)
        }
        #expect(swim.record.state == .running)
        #expect(throws: DecodingError.self) {
            let text = try swim.record.json().replacingOccurrences(of: "\"state\":2", with: "\"state\":99")
            _ = try JSONDecoder().decode(WorkoutSessionRecord.self, from: Data(text.utf8))
        }
    }

    @Test func quantitiesAndUnits() throws {
        #expect(try Quantity(12.5, .kilometer).value(in: .meter) == 12_500)
        #expect(try Quantity(1, .mile).compare(with: Quantity(1609.344, .meter)) == 0)
        #expect(try Quantity(1, .mile).compare(with: Quantity(1, .kilometer)) == 1)
        #expect(Quantity(0.97, .percent).description == "97 %")
        #expect(try MeasureUnit("kg/m.s^2").isCompatible(with: MeasureUnit("Pa")))
        #expect(QuantityType.heartRate.storedUnit == .countPerMinute)
        #expect(QuantityType.heartRate.aggregationStyle == .discreteTemporallyWeighted)
        #expect(code { _ = try MeasureUnit("furlong") } == .inputUnit)
        #expect(code { _ = try Quantity(1, .meter).value(in: .second) } == .inputUnit)
        #expect(code { _ = try Quantity(.infinity, .meter).value(in: .mile) } == .inputOutOfRange)
        let sample = try QuantitySample(.distanceCycling, Quantity(2, .kilometer), start: World.start, end: World.start)
        #expect(sample.value == 2000)
        #expect(sample.quantity == Quantity(2000, .meter))
    }

    @Test func errorsSayWhatToActOn() throws {
        let world = try World()
        do {
            try world.session.pause()
            Issue.record("a session that never ran was paused")
        } catch let error as PacelineError {
            #expect(error.code == .invalidArgument)
            #expect(error.code.rawValue == 1003)
            #expect("\(error.code)" == "invalidArgument")
            #expect(error.domain == .health)
            #expect(!error.reason.isEmpty)
            #expect(error.localizedDescription == error.description)
            guard case .Health = error else {
                Issue.record("the case is that of the domain: \(error)")
                return
            }
        }
        for code in ErrorCode.allCases {
            #expect(PacelineError(code, reason: "because").code == code)
            #expect(code.domain.rawValue == code.rawValue / 1000)
        }
    }

    @Test func aSourceOfItsOwn() throws {
        let world = try World()
        let strap = try world.store.register(SampleSource(identifier: "strap", name: "Strap", kind: .external))
        #expect(strap != SampleSource.own)
        let source = try #require(world.builder.dataSource)
        try source.enableCollection(for: .heartRate, predicate: SamplePredicate(sources: [strap]))
        try world.begin()
        try world.beat(100)
        var sample = QuantitySample(.heartRate, 160, at: World.start)
        sample.source = strap
        #expect(try world.store.ingest(sample).collected == 1)
        #expect(world.builder.statistics(for: .heartRate)?.maximum == 160)
        #expect(world.builder.allStatistics[.heartRate]?.count == 1)
        try source.disableCollection(for: .heartRate)
        #expect(!source.typesToCollect.contains(.heartRate))
    }

    @Test func simulatedDevices() throws {
        let simulation = try Simulation(start: World.start, seed: 7)
        let watch = try simulation.addDevice("watch", refusedActivities: [.archery])
        #expect(code { try simulation.addDevice("watch") } == .invalidArgument)
        #expect(simulation.device("watch")?.name == "watch")
        #expect(simulation.device("phone") == nil)
        let archery = WorkoutConfiguration(activityType: .archery)
        #expect(
            code { _ = try WorkoutSession(healthStore: watch.store, configuration: archery) } == .workoutActivityNotAllowed)
        let session = try WorkoutSession(healthStore: watch.store, configuration: WorkoutConfiguration())
        let recorder = Recorder()
        session.delegate = recorder
        try session.startActivity()
        #expect(watch.inSessionMode)
        try watch.refuseSessionMode(PacelineError(.userExitedWorkoutSession, reason: "left"))
        #expect(try simulation.poll() > 0)
        #expect(
            recorder.heard == [
                "notStarted -> running at 0", "failed userExitedWorkoutSession", "running -> ended at 0",
            ])
        try watch.setForeground(false)
        let late = try WorkoutSession(healthStore: watch.store, configuration: WorkoutConfiguration())
        late.delegate = recorder
        try late.startActivity()
        try simulation.poll()
        #expect(recorder.heard.suffix(2) == ["failed backgroundWorkoutSessionNotAllowed", "notStarted -> ended at 0"])
        try watch.setLaunchedByCompanion(true)
        let launched = try WorkoutSession(healthStore: watch.store, configuration: WorkoutConfiguration())
        try launched.startActivity()
        #expect(launched.state == .running)
    }

    @Test func aWorkoutThatWasKilledGoesOn() throws {
        let simulation = try Simulation(start: World.start)
        let watch = try simulation.addDevice("watch")
        let run = WorkoutConfiguration(activityType: .running)
        let session = try WorkoutSession(healthStore: watch.store, configuration: run)
        let builder = try session.associatedWorkoutBuilder()
        try builder.setDataSource(LiveWorkoutDataSource(run))
        try session.startActivity()
        try builder.beginCollection(at: World.start)
        try session.setPayload(Data("round 7".utf8))
        try watch.store.ingest(QuantitySample(.heartRate, 140, at: World.start))
        // A session that the app has is the one that it gets.
        #expect(try watch.store.recoverActiveWorkoutSession() === session)
        #expect(try watch.store.sessionOwner()?.session == session.id)
        try simulation.advance(by: 60)

        try watch.kill()
        #expect(code { try session.pause() } == .staleHandle)
        #expect(code { try watch.store.poll(); _ = try watch.store.workouts() } == .staleHandle)
        #expect(session.state == .running)
        try watch.relaunch()
        let recovered = try #require(try watch.store.recoverActiveWorkoutSession())
        #expect(recovered !== session)
        #expect(recovered != session)
        #expect(recovered.id == session.id)
        #expect(recovered.state == .running)
        #expect(recovered.payload == Data("round 7".utf8))
        let again = try recovered.associatedWorkoutBuilder()
        #expect(again.statistics(for: .heartRate)?.average == 140)
        #expect(again.dataSource?.typesToCollect.contains(.heartRate) == true)
        try recovered.stopActivity()
        try again.endCollection(at: simulation.now)
        #expect(try again.finishWorkout()?.duration == 60)
        try recovered.end()
        #expect(try watch.store.recoverActiveWorkoutSession() == nil)
    }

    @Test func aStoreInAFileIsShared() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("health.sqlite")
        let one = try HealthStore(url: file)
        let other = try HealthStore(url: file)
        let source = SampleSource(identifier: "a", name: "A", kind: .device)
        #expect(try one.register(source) == other.register(source))
        var options = StoreOptions(path: file.path)
        options.delivery = .poll
        #expect(code { _ = try HealthStore(options) } == .storeOptionsDiffer)
        try Data("this is no database, but it is long enough to look like one".utf8)
            .write(to: folder.appendingPathComponent("notes"))
        #expect(code { _ = try HealthStore(url: folder.appendingPathComponent("notes")) } == .storeDamaged)
        #expect(code { _ = try HealthStore(url: folder.appendingPathComponent("no/folder")) } == .storeCannotOpen)
        #expect(code { _ = try HealthStore.setAside(file) } == .storeBusy)
        let moved = try HealthStore.setAside(folder.appendingPathComponent("notes"))
        #expect(FileManager.default.fileExists(atPath: moved.path))
        _ = try HealthStore(url: folder.appendingPathComponent("notes"))
    }

    @Test func theLogHasAListener() throws {
        let lines = Collected<String>()
        try Diagnostics.log(upTo: .trace, delivery: .poll) { level, target, text in
            lines.append("\(level) \(target) \(text)")
        }
        defer { Diagnostics.stopLogging() }
        let world = try World(host: SilentHost())
        try world.begin()
        try world.beat(142.5)
        _ = try world.finish()
        try world.store.poll()
        #expect(lines.all.allSatisfy { $0.contains("paceline") })
        #expect(!lines.all.contains { !$0.hasPrefix("trace") && $0.contains("142.5") })
        #expect(Diagnostics.version.split(separator: ".").count == 3)
    }
}

/// A platform that knows everything and does nothing.
private final class SilentHost: PlatformHost {
    var capabilities: HostCapabilities { HostCapabilities(sessionMode: .native, lock: .emulated) }
    func request(_ request: HostRequest, id: UInt64) {}
}
