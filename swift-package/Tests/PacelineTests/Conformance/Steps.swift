import Foundation
import Paceline

/// Steps that do something: each is one call of the public interface. Nothing is returned when there is no such verb.
extension Stage {
    func play(_ player: Player, _ verb: String, _ arguments: inout Arguments) throws -> [String]? {
        let session = player.session
        switch verb {
        case "prepare": return try Telling.ok { try session.prepare() }
        case "start":
            let date = try arguments.optionalTime()
            return try Telling.ok { try session.startActivity(at: date) }
        case "pause": return try Telling.ok { try session.pause() }
        case "resume": return try Telling.ok { try session.resume() }
        case "stop":
            let date = try arguments.optionalTime()
            return try Telling.ok { try session.stopActivity(at: date) }
        case "end": return try Telling.ok { try session.end() }
        case "begin":
            let configuration = try arguments.configuration()
            let date = try arguments.timeOption("on") ?? simulation.now
            let metadata = try arguments.entries()
            return try Telling.ok {
                try session.beginNewActivity(configuration: configuration, date: date, metadata: metadata)
            }
        case "endActivity":
            let date = try arguments.optionalTime() ?? simulation.now
            return try Telling.ok { try session.endCurrentActivity(on: date) }
        case "report":
            var event = try arguments.event()
            event.metadata = try arguments.entries()
            return try Telling.ok { [event] in try session.report(event) }
        case "payload" where arguments.hasMore:
            let word = try arguments.next("a word")
            return try Telling.ok { try session.setPayload(Data(word.utf8)) }
        case "fail":
            let error = try failure(&arguments)
            return try Telling.ok { try session.fail(error) }
        case "builder": return try Telling.ok { _ = try session.associatedWorkoutBuilder() }
        case "listen":
            listen(player)
            return []
        case "deafen":
            player.ears = nil
            return []
        default: return try build(player, verb, &arguments)
        }
    }

    /// An error from outside, with this code.
    private func failure(_ arguments: inout Arguments) throws -> PacelineError {
        let raw: UInt16 = try arguments.whole("a code")
        guard let code = ErrorCode(rawValue: raw) else { throw Wrong("\(raw) is no code of an error") }
        return PacelineError(code, reason: "the scenario says so")
    }

    private func build(_ player: Player, _ verb: String, _ arguments: inout Arguments) throws -> [String]? {
        let now = simulation.now
        switch verb {
        case "collect":
            let date = try arguments.optionalTime() ?? now
            return try player.ask { builder in try Telling.ok { try builder.beginCollection(at: date) } }
        case "endCollection":
            let date = try arguments.optionalTime() ?? now
            return try player.ask { builder in try Telling.ok { try builder.endCollection(at: date) } }
        case "discard": return try player.ask { builder in try Telling.ok { try builder.discardWorkout() } }
        case "add":
            let samples = try arguments.list { try self.sample(&$0) }
            return try player.ask { builder in try Telling.ok { try builder.addSamples(samples) } }
        case "addEvents":
            let events = try arguments.list { try $0.event() }
            return try player.ask { builder in try Telling.ok { try builder.addWorkoutEvents(events) } }
        case "addMetadata":
            let metadata = try arguments.entries()
            return try player.ask { builder in try Telling.ok { try builder.addMetadata(metadata) } }
        case "addActivity":
            let configuration = try arguments.configuration()
            guard let from = try arguments.timeOption("from") else { throw Wrong("from= is missing") }
            let to = try arguments.timeOption("to")
            let metadata = try arguments.entries()
            return try player.ask { builder in
                try Telling.ok {
                    try builder.addWorkoutActivity(configuration: configuration, start: from, end: to, metadata: metadata)
                }
            }
        case "endAdded":
            let id = try addedActivity(player, &arguments)
            let end = try arguments.time()
            return try player.ask { builder in try Telling.ok { try builder.updateActivity(id, end: end) } }
        case "annotate":
            let id = try addedActivity(player, &arguments)
            let metadata = try arguments.entries()
            return try player.ask { builder in try Telling.ok { try builder.updateActivity(id, adding: metadata) } }
        case "finish":
            return try player.ask { builder in
                try Telling.told({ try builder.finishWorkout() }) { workout in
                    workout.map { ["ok"] + Telling.workout($0) } ?? ["ok locked"]
                }
            }
        default: return try source(player, verb, &arguments)
        }
    }

    /// A sample as it is written; whether it is a good one is for the engine to say.
    private func sample(_ arguments: inout Arguments) throws -> QuantitySample {
        let (type, value) = (try arguments.quantityType(), try arguments.number())
        let (from, to) = try arguments.interval()
        return QuantitySample(type, value, from: from, to: to)
    }

    /// The id of an activity of the builder by its place, or one that nobody has.
    private func addedActivity(_ player: Player, _ arguments: inout Arguments) throws -> UUID {
        let index: Int = try arguments.whole("an index")
        if index == 0 { return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
        let activities = try player.ask { $0.workoutActivities }
        guard activities.indices.contains(index - 1) else { throw Wrong("there is no activity \(index)") }
        return activities[index - 1].id
    }

    private func source(_ player: Player, _ verb: String, _ arguments: inout Arguments) throws -> [String]? {
        switch verb {
        case "source": return try setSource(player, &arguments)
        case "collectEvents":
            let word = try arguments.next("true or false")
            guard let collect = Bool(word) else { throw Wrong("\"\(word)\" is neither true nor false") }
            return try player.ask { builder in try Telling.silent { try builder.setShouldCollectWorkoutEvents(collect) } }
        case "enable":
            let type = try arguments.quantityType()
            let source = try player.madeSource()
            let sources = try arguments.option("sources")
                .map { try $0.components(separatedBy: ",").map { try self.source($0) } } ?? []
            let predicate = SamplePredicate(
                sources: sources, startsAtOrAfter: try arguments.timeOption("from"),
                startsBefore: try arguments.timeOption("until"))
            let isEmpty = predicate == SamplePredicate(sources: [])
            return try Telling.silent { try source.enableCollection(for: type, predicate: isEmpty ? nil : predicate) }
        case "disable":
            let (type, source) = (try arguments.quantityType(), try player.madeSource())
            return try Telling.silent { try source.disableCollection(for: type) }
        default: return nil
        }
    }

    private func setSource(_ player: Player, _ arguments: inout Arguments) throws -> [String] {
        let source: LiveWorkoutDataSource?
        if let other = arguments.option("of") {
            source = try self.player(other).madeSource()
        } else {
            switch try arguments.next("default, empty or none") {
            case "default": source = try LiveWorkoutDataSource(player.session.workoutConfiguration)
            case "empty": source = try LiveWorkoutDataSource()
            case "none": source = nil
            case let other: throw Wrong("\"\(other)\" is neither default, empty nor none")
            }
            if let source { player.source = source }
        }
        return try player.ask { builder in try Telling.silent { try builder.setDataSource(source) } }
    }

    func play(_ device: SimulatedDevice, _ verb: String, _ arguments: inout Arguments) throws -> [String]? {
        switch verb {
        case "foreground": return try Telling.silent { try device.setForeground(true) }
        case "background": return try Telling.silent { try device.setForeground(false) }
        case "companion":
            let word = try arguments.next("yes or no")
            guard ["yes", "no"].contains(word) else { throw Wrong("\"\(word)\" is neither yes nor no") }
            return try Telling.silent { try device.setLaunchedByCompanion(word == "yes") }
        case "locked": return try Telling.silent { try device.setLocked(true) }
        case "unlocked": return try Telling.silent { try device.setLocked(false) }
        case "permission":
            let what = try arguments.next("workouts or a quantity type")
            let status: AuthorizationStatus = try named(arguments.next("a status"), "status")
            if what == "workouts" { return try Telling.silent { try device.setWorkoutPermission(status) } }
            let type: QuantityType = try named(what, "quantity type")
            return try Telling.silent { try device.setPermission(status, for: type) }
        case "kill": return try Telling.silent { try device.kill() }
        case "relaunch": return try Telling.silent { try device.relaunch() }
        case "refuse":
            let error = try failure(&arguments)
            return try Telling.silent { try device.refuseSessionMode(error) }
        case "arbitrate":
            let refusal = arguments.hasMore ? try failure(&arguments) : nil
            return try Telling.silent { try device.arbitrate(refusal: refusal) }
        case "disk":
            let word = try arguments.next("readOnly or writable")
            guard ["readOnly", "writable"].contains(word) else { throw Wrong("\"\(word)\" is neither readOnly nor writable") }
            return try Telling.silent { try device.setDiskWritable(word == "writable") }
        case "suspend": return try Telling.ok { try device.store.suspend() }
        case "resume": return try Telling.ok { try device.store.resume() }
        case "reboot": return try Telling.silent { try device.reboot() }
        case "jump":
            let span = try arguments.time().timeIntervalSince(start)
            return try Telling.silent { try device.jumpClock(by: span) }
        case "source":
            let name = try newName(&arguments)
            let kind: SourceKind = try named(arguments.next("a kind"), "kind of source")
            return try Telling.silent {
                sources[name] = try device.store.register(SampleSource(identifier: name, name: name, kind: kind))
            }
        case "startSession", "endSession", "pauseSession", "resumeSession":
            let session = try player(arguments.next("a session")).session
            return try Telling.ok {
                switch verb {
                case "startSession": try oldWays.start(session, on: device.store)
                case "endSession": try oldWays.end(session, on: device.store)
                case "pauseSession": try oldWays.pause(session, on: device.store)
                default: try oldWays.resume(session, on: device.store)
                }
            }
        case "ingest", "packed": return try ingest(device, verb, &arguments)
        default: return try look(device, verb, &arguments)
        }
    }

    private func ingest(_ device: SimulatedDevice, _ verb: String, _ arguments: inout Arguments) throws -> [String] {
        let source = try arguments.option("source").map { try self.source($0) } ?? SampleSource.own
        let call: () throws -> Ingested
        if verb == "ingest" {
            var sample = try sample(&arguments)
            sample.source = source
            call = { [sample] in try device.store.ingest(sample) }
        } else {
            let batch = PackedBatch(source: source, number: try arguments.whole("a batch number"))
            if arguments.hasMore {
                _ = try arguments.list { try self.row(&$0, batch) }
            }
            call = { try device.store.ingest(batch) }
        }
        return try Telling.told(call) { taken in
            let durable = taken.durable ? "" : " durable=no"
            let repeated = taken.repeated ? "yes" : "no"
            return ["ok saved=\(taken.samples) collected=\(taken.collected) repeated=\(repeated)\(durable)"]
        }
    }

    /// Appends a row to a packed batch, right or wrong.
    private func row(_ arguments: inout Arguments, _ batch: PackedBatch) throws {
        let word = try arguments.next("a quantity type")
        let code: UInt16
        if word.hasPrefix("code:") {
            guard let bare = UInt16(word.dropFirst(5)) else { throw Wrong("\"\(word)\" is no type code") }
            code = bare
        } else {
            let type: QuantityType = try named(word, "quantity type")
            code = type.rawValue
        }
        let value = try arguments.number()
        let (from, to) = try arguments.interval()
        let micros = { (date: Date) in Int64((date.timeIntervalSince1970 * 1e6).rounded()) }
        batch.append(code: code, value, startMicros: micros(from), endMicros: micros(to))
    }
}
