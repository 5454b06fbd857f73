import Foundation
import PacelineCore

extension WorkoutConfiguration {
    /// A configuration of this kind, at this place.
    public init(
        activityType: WorkoutActivityType = .other,
        locationType: WorkoutSessionLocationType = .unknown
    ) {
        self.init(activityType: activityType, locationType: locationType, swimmingLocationType: .unknown)
    }

    /// A swim in a pool of this length.
    public static func poolSwim(lapLength: Quantity) -> WorkoutConfiguration {
        WorkoutConfiguration(
            activityType: .swimming, locationType: .indoor, swimmingLocationType: .pool, lapLength: lapLength)
    }
}

extension WorkoutEvent {
    /// An event at one instant.
    public init(_ eventType: WorkoutEventType, at date: Date, metadata: Metadata = [:]) {
        self.init(eventType: eventType, start: date, end: date, metadata: metadata)
    }

    /// An event over an interval; only laps and segments have one.
    public init(_ eventType: WorkoutEventType, from start: Date, to end: Date, metadata: Metadata = [:]) {
        self.init(eventType: eventType, start: start, end: end, metadata: metadata)
    }
}

extension Workout {
    /// The statistics of one type; nothing when the workout has no sample of it.
    public func statistics(for quantityType: QuantityType) -> Statistics? {
        statistics.first { $0.quantityType == quantityType }
    }
}

extension WorkoutActivity {
    /// The statistics of one type; nothing when no sample of it counts.
    public func statistics(for quantityType: QuantityType) -> Statistics? {
        statistics.first { $0.quantityType == quantityType }
    }
}

extension IntervalStatistics {
    /// The statistics of one type; nothing when no sample of it counts.
    public func statistics(for quantityType: QuantityType) -> Statistics? {
        statistics.first { $0.quantityType == quantityType }
    }
}

extension WorkoutSnapshot {
    /// The statistics of one type; nothing when no sample of it counts.
    public func statistics(for quantityType: QuantityType) -> Statistics? {
        statistics.first { $0.quantityType == quantityType }
    }
}

extension MetadataValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    /// A text.
    public init(stringLiteral text: String) { self = .text(text: text) }

    /// A number.
    public init(floatLiteral number: Double) { self = .number(number: number) }

    /// A number.
    public init(integerLiteral number: Int) { self = .number(number: Double(number)) }

    /// A truth value: 1 or 0.
    public init(booleanLiteral truth: Bool) { self = .number(number: truth ? 1 : 0) }
}

extension StoreOptions {
    /// A store in this file, which is made when it does not exist; without a path, a store in memory. Every call commits, a
    /// power cut costs at most 10 seconds, the engine's own threads deliver callbacks, of two sessions the newcomer wins, and
    /// everything is kept for ever.
    public init(path: String? = nil) {
        self.init(
            path: path, durability: .eachInput, syncEvery: 10, delivery: .ownThread, seed: nil,
            arbitration: .newcomerWins, retention: nil)
    }
}
