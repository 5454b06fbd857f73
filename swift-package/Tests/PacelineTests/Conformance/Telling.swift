import Foundation
import Paceline

/// How values are written.
enum Telling {
    /// The lines that a call leaves behind: its error, or what is made of its value.
    static func told<Value>(_ call: () throws -> Value, _ lines: (Value) throws -> [String]) throws -> [String] {
        do {
            return try lines(try call())
        } catch let error as PacelineError {
            return ["error \(self.error(error))"]
        }
    }

    /// The line of a call that returns nothing.
    static func ok(_ call: () throws -> Void) throws -> [String] { try told(call) { ["ok"] } }

    /// The line of a call whose success goes without saying.
    static func silent(_ call: () throws -> Void) throws -> [String] { try told(call) { [] } }

    static func error(_ error: PacelineError) -> String { "\(error.code.rawValue) \(error.code)" }

    static func date(_ date: Date) -> String { span(date.timeIntervalSince(start)) }

    /// Dates and spans are whole milliseconds; what differs from one is the noise of seconds as binary fractions.
    static func span(_ span: TimeInterval) -> String {
        let micros = Int64((span * 1e6).rounded())
        return "\(Int64((Double(micros) / 1000).rounded(.down)))ms"
    }

    static func thousandths(_ number: Double) -> Int64 {
        Int64((number * 1000).rounded(.toNearestOrAwayFromZero))
    }

    static func interval(_ start: Date, _ end: Date) -> String {
        start == end ? "at \(date(start))" : "from \(date(start)) to \(date(end))"
    }

    /// The dates that there are, each with its word before it.
    static func dates(_ start: Date?, _ end: Date?) -> String {
        (start.map { " from \(date($0))" } ?? "") + (end.map { " to \(date($0))" } ?? "")
    }

    static func configuration(_ configuration: WorkoutConfiguration) -> String {
        var text = "\(configuration.activityType) \(configuration.locationType)"
        if configuration.swimmingLocationType != .unknown { text += " water=\(configuration.swimmingLocationType)" }
        if let length = configuration.lapLength { text += " lap=\(thousandths(length.value))m" }
        return text
    }

    /// All entries, each after a space, by the bytes of their keys.
    static func entries(_ metadata: Metadata) -> String {
        metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { key, value in
            switch value {
            case let .text(text): " \(key)=text:\(text)"
            case let .number(number): " \(key)=number:\(thousandths(number))"
            case let .date(at): " \(key)=date:\(date(at))"
            case let .amount(quantity): " \(key)=quantity:\(thousandths(quantity.value)):\(quantity.unit)"
            }
        }.joined()
    }

    static func event(_ event: WorkoutEvent) -> String {
        "\(event.eventType) \(interval(event.start, event.end))\(entries(event.metadata))"
    }

    static func types(_ types: Set<QuantityType>) -> String {
        let names = types.sorted { $0.rawValue < $1.rawValue }.map(\.description)
        return names.isEmpty ? "none" : names.joined(separator: ",")
    }

    static func statistics(_ one: Statistics) -> String {
        var text = "statistics \(one.quantityType) from \(date(one.start)) to \(date(one.end)) count \(one.count)"
        let values = [
            ("sum", one.sum), ("average", one.average), ("minimum", one.minimum), ("maximum", one.maximum),
        ]
        for case let (name, value?) in values { text += " \(name) \(thousandths(value))" }
        if let latest = one.mostRecent {
            text += " latest \(thousandths(latest.value)) \(interval(latest.start, latest.end))"
        }
        return text
    }

    /// What a workout or a builder holds.
    static func contents(
        _ events: [WorkoutEvent], _ activities: [WorkoutActivity], _ all: [Statistics], _ metadata: Metadata
    ) -> [String] {
        var lines = events.map { "event \(event($0))" }
        for activity in activities {
            let lasting = activity.end.map { _ in " lasting \(span(activity.duration))" } ?? ""
            lines.append(
                "activity \(configuration(activity.configuration))\(dates(activity.start, activity.end))\(lasting)"
                    + entries(activity.metadata))
            lines += activity.statistics.map { "activity \(statistics($0))" }
        }
        lines += all.map(statistics)
        if !metadata.isEmpty { lines.append("metadata\(entries(metadata))") }
        return lines
    }

    static func workout(_ workout: Workout) -> [String] {
        let head = "workout \(configuration(workout.configuration)) from \(date(workout.start)) "
            + "to \(date(workout.end)) lasting \(span(workout.duration))"
        return [head] + contents(workout.events, workout.activities, workout.statistics, workout.metadata)
    }

    static func part(_ part: IntervalStatistics) -> [String] {
        ["part from \(date(part.start)) to \(date(part.end)) lasting \(span(part.duration))"]
            + part.statistics.map { "part \(statistics($0))" }
    }

    static func owner(_ owner: SessionOwner?) -> String {
        guard let owner else { return "owner none" }
        let place = owner.isHere ? "here" : "elsewhere"
        return "owner \(owner.state) \(configuration(owner.configuration)) \(place) \(owner.isAlive ? "alive" : "dead")"
    }

    static func unfinished(_ workout: UnfinishedWorkout) -> String {
        let place = workout.isHere ? "here" : "elsewhere"
        return "unfinished \(workout.state) \(configuration(workout.configuration))"
            + "\(dates(workout.startDate, workout.lastDate)) \(place) \(workout.isAlive ? "alive" : "dead") "
            + payload(workout.payload)
    }

    static func payload(_ payload: Data) -> String {
        "payload \(payload.isEmpty ? "none" : String(decoding: payload, as: UTF8.self))"
    }

    static func sample(_ sample: QuantitySample) -> String {
        "sample \(sample.quantityType) \(thousandths(sample.value)) \(interval(sample.start, sample.end))"
    }
}
