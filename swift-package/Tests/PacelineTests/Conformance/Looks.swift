import Foundation
import Paceline

/// Steps that only look.
extension Stage {
    func look(_ player: Player, _ verb: String, _ arguments: inout Arguments) throws -> [String]? {
        switch verb {
        case "show": return show(player)
        case "stats":
            let type = try arguments.quantityType()
            return [try player.ask { $0.statistics(for: type) }.map(Telling.statistics) ?? "none"]
        case "elapsed":
            let date = try arguments.optionalTime()
            let elapsed = try player.ask { builder in
                if let date { try builder.elapsedTime(at: date) } else { builder.elapsedTime }
            }
            return [Telling.span(elapsed)]
        case "types": return [Telling.types(try player.madeSource().typesToCollect)]
        case "current":
            let activity = { (activity: WorkoutActivity?) in
                activity.map { "\(Telling.configuration($0.configuration))\(Telling.dates($0.start, nil))" } ?? "none"
            }
            let session = "session \(activity(player.session.currentActivity))"
            return [session] + (player.builder.map { ["builder \(activity($0.currentWorkoutActivity))"] } ?? [])
        case "record":
            return try Telling.told({ try WorkoutSessionRecord(json: player.session.record.json()) }) { record in
                [
                    "record \(record.state) \(record.sessionType) \(Telling.configuration(record.configuration))"
                        + Telling.dates(record.startDate, record.endDate)
                ]
            }
        case "payload":
            return [Telling.payload(player.session.payload)]
        case "kind": return [oldWays.kind(of: player.session)]
        case "durable":
            let word = { (durable: Bool) in durable ? "yes" : "no" }
            let (session, snapshot) = (player.session.isDurable, player.session.snapshot().durable)
            return ["durable session=\(word(session)) snapshot=\(word(snapshot))"]
        default: return nil
        }
    }

    private func show(_ player: Player) -> [String] {
        let session = player.session.snapshot()
        var lines = [
            "session \(session.state) \(session.sessionType)\(Telling.dates(session.startDate, session.endDate))"
        ]
        if let builder = player.builder {
            let snapshot = builder.snapshot()
            let dates = Telling.dates(snapshot.collectionStart, snapshot.collectionEnd)
            lines.append("builder\(dates) elapsed \(Telling.span(snapshot.elapsed))")
            lines += Telling.contents(
                builder.workoutEvents, snapshot.activities, snapshot.statistics, builder.metadata)
        }
        return lines
    }

    func look(_ device: SimulatedDevice, _ verb: String, _ arguments: inout Arguments) throws -> [String]? {
        let store = device.store
        switch verb {
        case "owner": return try Telling.told({ try store.sessionOwner() }) { [Telling.owner($0)] }
        case "mode": return ["session mode \(device.inSessionMode ? "on" : "off")"]
        case "unfinished":
            return try Telling.told({ try store.unfinishedWorkouts() }) { orNone($0.map(Telling.unfinished)) }
        case "last":
            let source = try arguments.option("source").map { try self.source($0) } ?? SampleSource.own
            return try Telling.told({ try store.lastBatch(of: source) }) { ["batch \($0)"] }
        case "workouts": return try Telling.told({ try store.workouts() }) { orNone($0.flatMap(Telling.workout)) }
        case "samples":
            let index: Int = try arguments.whole("an index")
            let type = try arguments.quantityType()
            return try ofWorkout(store, index) { id in
                try Telling.told({ try self.allSamples(store, id, type) }) { orNone($0.map(Telling.sample)) }
            }
        case "split":
            let index: Int = try arguments.whole("an index")
            var borders = [try arguments.time(), try arguments.time()]
            while let border = try arguments.optionalTime() { borders.append(border) }
            let parts = zip(borders, borders.dropFirst()).map { WorkoutInterval(start: $0, end: $1) }
            return try ofWorkout(store, index) { id in
                try Telling.told({ try store.statistics(of: id, over: parts) }) { $0.flatMap(Telling.part) }
            }
        case "count": return try Telling.told({ try store.sampleCount() }) { ["\($0) samples"] }
        default: return nil
        }
    }

    /// Looks at a saved workout, counted from the newest.
    private func ofWorkout(_ store: HealthStore, _ index: Int, _ look: (UUID) throws -> [String]) throws -> [String] {
        try Telling.told({ try store.workoutIDs() }) { ids in
            guard ids.indices.contains(index - 1) else { throw Wrong("there is no workout \(index)") }
            return try look(ids[index - 1])
        }
    }

    /// Reads in small pages, so that a short scenario turns one.
    private func allSamples(_ store: HealthStore, _ id: UUID, _ type: QuantityType) throws -> [QuantitySample] {
        var all: [QuantitySample] = []
        while true {
            let page = try store.samples(of: id, type, after: all.last, limit: 2)
            if page.isEmpty { return all }
            all += page
        }
    }

    private func orNone(_ lines: [String]) -> [String] {
        lines.isEmpty ? ["none"] : lines
    }
}
