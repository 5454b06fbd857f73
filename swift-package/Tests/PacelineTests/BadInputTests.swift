import Foundation
import Paceline
import Testing

@Suite struct BadInputTests {
    @Test func commandsInWrongStates() throws {
        typealias Command = (name: String, run: (World) throws -> Void)
        let commands: [Command] = [
            ("prepare", { try $0.session.prepare() }), ("start", { try $0.session.startActivity() }),
            ("pause", { try $0.session.pause() }), ("resume", { try $0.session.resume() }),
            ("stop", { try $0.session.stopActivity() }), ("end", { try $0.session.end() }),
        ]
        let ways: [(state: WorkoutSessionState, way: [Int], allowed: Set<String>)] = [
            (.notStarted, [], ["prepare", "start", "end"]),
            (.prepared, [0], ["start", "end"]),
            (.running, [1], ["pause", "stop", "end"]),
            (.paused, [1, 2], ["resume", "stop", "end"]),
            (.stopped, [1, 4], ["end"]),
            (.ended, [5], []),
        ]
        for (state, way, allowed) in ways {
            for command in commands {
                let world = try World()
                for step in way { try commands[step].run(world) }
                #expect(world.session.state == state)
                let before = world.session.snapshot()
                let refusal = code { try command.run(world) }
                if allowed.contains(command.name) {
                    #expect(refusal == nil, "\(command.name) from \(state)")
                } else {
                    #expect(refusal == .invalidArgument, "\(command.name) from \(state)")
                    #expect(world.session.snapshot().sequence == before.sequence)
                }
            }
        }
    }

    @Test func datesInRecordsThatNoDateIs() throws {
        let world = try World()
        try world.begin()
        let record = world.session.record
        let text = try record.json()
        let start = try #require(text.firstRange(of: "\"start_date\":"))
        let digits = text[start.upperBound...].prefix { $0.isNumber || $0 == "-" }
        for hostile in [Int64.min, Int64.max, 253_402_300_800_000_000] {
            let changed = text.replacingOccurrences(of: digits, with: String(hostile))
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(WorkoutSessionRecord.self, from: Data(changed.utf8))
            }
        }
        var broken = record
        broken.startDate = Date(timeIntervalSince1970: .nan)
        // Not inside of an expectation, which would print the date: Foundation cannot.
        var refused = false
        do { _ = try JSONEncoder().encode(broken) } catch is EncodingError { refused = true }
        #expect(refused)
    }

    @Test(.timeLimit(.minutes(1))) func streamsOfWhatIsGone() async throws {
        var streams: (AsyncStream<WorkoutEvent>, LatestValues<WorkoutSnapshot>)?
        do {
            let world = try World()
            streams = (world.session.events, world.session.snapshots)
        }
        let (events, snapshots) = try #require(streams)
        for await _ in events {}
        for await _ in snapshots {}
    }

    @Test func capacitiesThatNoMemoryHas() throws {
        let world = try World()
        #expect(try world.store.ingest(PackedBatch(capacity: .max)).samples == 0)
    }

    @Test func callsThatComeLate() throws {
        let world = try World()
        try world.begin()
        _ = try world.finish()
        let late: [() throws -> Void] = [
            { try world.session.pause() }, { try world.session.end() },
            { try world.builder.beginCollection(at: World.start) }, { try world.builder.finishWorkout() },
            { try world.builder.addMetadata(["late": true]) },
            { try world.builder.addSamples([QuantitySample(.heartRate, 1, at: World.start)]) },
            { try world.builder.addWorkoutEvents([WorkoutEvent(.marker, at: World.start)]) },
            { try world.builder.endCollection(at: World.start) },
            { try world.session.beginNewActivity(configuration: WorkoutConfiguration(), date: World.start) },
            { try world.session.endCurrentActivity(on: World.start) },
            { try world.session.report(WorkoutEvent(.lap, at: World.start)) },
        ]
        for call in late { #expect(code(call) == .invalidArgument) }
        try world.builder.discardWorkout()
        try world.session.fail(PacelineError(.unknown, reason: "late"))
        #expect(try world.store.workouts().count == 1)
    }

    @Test func objectsThatOutliveTheirStore() throws {
        var world: World? = try World()
        let (session, builder) = (try #require(world).session, try #require(world).builder)
        try world?.begin()
        world = nil
        // A session keeps the engine it lives in.
        try session.pause()
        #expect(builder.snapshot().state == .paused)
        try session.end()
    }

    @Test func datesThatAreNone() throws {
        let world = try World()
        let wrong = [
            Date(timeIntervalSince1970: .nan), Date(timeIntervalSince1970: .infinity),
            Date(timeIntervalSince1970: -.infinity), Date(timeIntervalSince1970: 1e300), .distantPast - 1e12,
            Date(timeIntervalSince1970: 253_402_300_800), Date(timeIntervalSince1970: -62_135_596_801),
        ]
        for date in wrong {
            let calls: [() throws -> Void] = [
                { _ = try ManualClock(start: date) }, { _ = try Simulation(start: date) },
                { try world.session.startActivity(at: date) }, { try world.session.stopActivity(at: date) },
                { try world.builder.beginCollection(at: date) }, { try world.builder.endCollection(at: date) },
                { _ = try world.builder.elapsedTime(at: date) }, { try world.clock.advance(to: date) },
                { try world.session.endCurrentActivity(on: date) },
                { try world.session.report(WorkoutEvent(.lap, at: date)) },
                { try world.builder.addWorkoutEvents([WorkoutEvent(.marker, at: date)]) },
                { try world.builder.addMetadata(["when": .date(date: date)]) },
                { try world.store.ingest(QuantitySample(.heartRate, 100, at: date)) },
                {
                    let batch = PackedBatch()
                    batch.append(.heartRate, 100, at: date)
                    try world.store.ingest(batch)
                },
                { _ = try QuantitySample(.heartRate, Quantity(100, .countPerMinute), start: date, end: date) },
                { _ = try world.store.statistics(of: UUID(), over: [WorkoutInterval(start: date, end: date)]) },
                { try world.builder.dataSource?.enableCollection(for: .heartRate, predicate: SamplePredicate(startsBefore: date)) },
            ]
            for (index, call) in calls.enumerated() {
                #expect(code(call) == .inputOutOfRange, "call \(index) with \(date.timeIntervalSince1970)")
            }
        }
        #expect(world.session.state == .notStarted)
        for span in [-1, .nan, .infinity, -.infinity, 1e300] as [TimeInterval] {
            #expect(code { try world.clock.advance(by: span) } == .inputOutOfRange)
        }
        #expect(world.store.now == World.start)
    }

    @Test func datesAreRoundedToTheNearestMicrosecond() throws {
        for (seconds, micros) in [(0.1234564, 123_456.0), (0.1234566, 123_457.0), (0.9999999, 1_000_000.0)] {
            let clock = try ManualClock(start: Date(timeIntervalSinceReferenceDate: seconds))
            #expect(clock.now == Date(timeIntervalSinceReferenceDate: micros / 1e6))
        }
        // A date that came from the engine goes back as it was.
        let clock = try ManualClock(start: World.start)
        for _ in 0..<1000 {
            try clock.advance(by: 0.000_123)
            #expect(try ManualClock(start: clock.now).now == clock.now)
        }
    }

    @Test func packedBatchesThatAreWrong() throws {
        let world = try World()
        let good = PackedBatch()
        good.append(.heartRate, 142, at: World.start)
        good.append(.distanceWalkingRunning, 2.75, from: World.start, to: World.start + 1)
        let bytes = good.bytes
        #expect(bytes.count == 24 + 2 * 32)
        for length in 0..<bytes.count {
            #expect(code { try world.store.ingest(bytes.prefix(length)) } == .inputMalformed, "\(length) bytes")
        }
        #expect(code { try world.store.ingest(bytes + Data(count: 32)) } == .inputMalformed)
        let wrongs: [(offset: Int, value: UInt8, code: ErrorCode)] = [
            (0, 9, .inputMalformed), (2, 31, .inputMalformed), (2, 8, .inputMalformed), (4, 3, .inputMalformed),
            (8, 77, .inputUnknown), (24, 0xEE, .inputUnknown),
        ]
        for wrong in wrongs {
            var changed = bytes
            changed[wrong.offset] = wrong.value
            #expect(code { try world.store.ingest(changed) } == wrong.code, "\(wrong)")
        }
        let rows: [(Double, Date, Date)] = [
            (.nan, World.start, World.start), (.infinity, World.start, World.start), (-1, World.start, World.start),
            (1e9, World.start, World.start), (100, World.start, World.start - 1),
        ]
        for (value, from, to) in rows {
            good.restart()
            good.append(.heartRate, 120, at: World.start)
            good.append(.heartRate, value, from: from, to: to)
            #expect(code { try world.store.ingest(good) } == .inputOutOfRange, "\(value)")
        }
        good.restart()
        good.append(code: 999, 1, startMicros: 0, endMicros: 0)
        #expect(code { try world.store.ingest(good) } == .inputUnknown)
        // Nothing of a refused batch was kept.
        #expect(try world.store.sampleCount() == 0)
        #expect(try world.store.ingest(bytes).samples == 2)
    }

    @Test func thingsThatAreNot() throws {
        let world = try World()
        #expect(code { _ = try world.store.register(SampleSource(identifier: "", name: "", kind: .device)) } == .inputMalformed)
        #expect(try world.store.workout(UUID()) == nil)
        #expect(code { _ = try world.store.samples(of: UUID(), .heartRate) } == .storeNotFound)
        #expect(code { _ = try WorkoutSessionRecord(json: "{}") } == .inputMalformed)
        #expect(code { _ = try WorkoutSessionRecord(json: "no json") } == .inputMalformed)
        let openWater = WorkoutConfiguration(
            activityType: .swimming, locationType: .outdoor, swimmingLocationType: .openWater,
            lapLength: Quantity(25, .meter))
        #expect(code { _ = try WorkoutSession(healthStore: world.store, configuration: openWater) } == .invalidArgument)
        let nonsense = WorkoutConfiguration.poolSwim(lapLength: Quantity(25, MeasureUnit(text: "furlong")))
        #expect(code { _ = try WorkoutSession(healthStore: world.store, configuration: nonsense) } == .inputUnit)
        try world.begin()
        #expect(code { try world.builder.updateActivity(UUID(), end: World.start) } == .invalidArgument)
        #expect(code { try world.builder.addMetadata(["": 1]) } == .invalidArgument)
        #expect(code { try world.builder.addMetadata(["a": .number(number: .nan)]) } == .invalidArgument)
        let second = try WorkoutSession(healthStore: world.store, configuration: WorkoutConfiguration())
        let source = world.builder.dataSource
        #expect(code { try second.associatedWorkoutBuilder().setDataSource(source) } == .invalidArgument)
    }

    @Test func deprecatedWaysStillWork() throws {
        let world = try World()
        let legacy = oldWays.session(.cycling, .indoor)
        #expect(oldWays.kind(of: legacy) == "cycling indoor")
        #expect(code { try legacy.startActivity() } == .invalidArgument)
        #expect(code { _ = try legacy.associatedWorkoutBuilder() } == .invalidArgument)
        #expect(code { try oldWays.pause(legacy, on: world.store) } == .invalidArgument)
        try oldWays.start(legacy, on: world.store)
        #expect(legacy.state == .running)
        try oldWays.pause(legacy, on: world.store)
        try oldWays.resume(legacy, on: world.store)
        let elsewhere = try World()
        #expect(code { try oldWays.end(legacy, on: elsewhere.store) } == .invalidArgument)
        try oldWays.end(legacy, on: world.store)
        #expect(legacy.state == .ended)
        let configured = try oldWays.session(WorkoutConfiguration(activityType: .yoga))
        #expect(configured.workoutConfiguration.activityType == .yoga)
        #expect(try configured.record.json() == configured.record.json())
    }
}
