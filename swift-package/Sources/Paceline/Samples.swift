import Foundation
import PacelineCore

extension QuantitySample {
    /// A sample of the app's own source, from an amount in any fitting unit.
    ///
    /// - Throws: `PacelineError` with `inputUnit` when the unit does not fit the type; with `inputOutOfRange` when the value
    ///   is not finite or not plausible, when the end lies before the start, or for a date outside of the years 1 to 9999.
    public init(_ quantityType: QuantityType, _ quantity: Quantity, start: Date, end: Date) throws {
        self = try sampleFromQuantity(quantityType: quantityType, quantity: quantity, start: start, end: end)
    }

    /// A reading at one instant, of the app's own source, in the stored unit of the type. What is wrong with it is told
    /// when it is handed in.
    public init(_ quantityType: QuantityType, _ value: Double, at date: Date) {
        self.init(quantityType: quantityType, start: date, end: date, value: value)
    }

    /// An amount over an interval, of the app's own source, in the stored unit of the type. What is wrong with it is told
    /// when it is handed in.
    public init(_ quantityType: QuantityType, _ value: Double, from start: Date, to end: Date) {
        self.init(quantityType: quantityType, start: start, end: end, value: value)
    }

    /// The value with its unit.
    public var quantity: Quantity { Quantity(value, quantityType.storedUnit) }
}

extension SampleSource {
    /// The number of the source that every store has: the app itself, on its own device.
    public static let own: UInt32 = 1
}

extension Statistics {
    /// The sum with its unit; cumulative types only.
    public var sumQuantity: Quantity? { quantity(sum) }

    /// The average with its unit; discrete types only.
    public var averageQuantity: Quantity? { quantity(average) }

    /// The lowest reading with its unit; discrete types only.
    public var minimumQuantity: Quantity? { quantity(minimum) }

    /// The highest reading with its unit; discrete types only.
    public var maximumQuantity: Quantity? { quantity(maximum) }

    /// The most recent reading with its unit.
    public var mostRecentQuantity: Quantity? { quantity(mostRecent?.value) }

    private func quantity(_ value: Double?) -> Quantity? {
        value.map { Quantity($0, quantityType.storedUnit) }
    }
}
