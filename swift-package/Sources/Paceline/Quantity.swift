import PacelineCore

extension MeasureUnit {
    /// Reads a unit, such as `km`, `count/min` or `mL/min·kg`, and gives it the text that Paceline prints.
    ///
    /// - Throws: `PacelineError` with `inputUnit` when the text names no unit; the reason tells the place.
    public init(_ text: String) throws {
        self = try parseUnit(text: text)
    }

    /// A number of things, such as steps.
    public static let count = MeasureUnit(text: "count")
    /// A number of things per minute, such as heart beats.
    public static let countPerMinute = MeasureUnit(text: "count/min")
    /// A fraction from 0 to 1. The number 0.97 in this unit is 97 percent.
    public static let percent = MeasureUnit(text: "%")
    /// Meter.
    public static let meter = MeasureUnit(text: "m")
    /// Kilometer, 1000 m.
    public static let kilometer = MeasureUnit(text: "km")
    /// Centimeter, 0.01 m.
    public static let centimeter = MeasureUnit(text: "cm")
    /// International yard, 0.9144 m.
    public static let yard = MeasureUnit(text: "yd")
    /// International mile, 1609.344 m.
    public static let mile = MeasureUnit(text: "mi")
    /// Second.
    public static let second = MeasureUnit(text: "s")
    /// Millisecond, 0.001 s.
    public static let millisecond = MeasureUnit(text: "ms")
    /// Minute, 60 s.
    public static let minute = MeasureUnit(text: "min")
    /// Hour, 3600 s.
    public static let hour = MeasureUnit(text: "hr")
    /// Joule.
    public static let joule = MeasureUnit(text: "J")
    /// Kilocalorie, 4184 J.
    public static let kilocalorie = MeasureUnit(text: "kcal")
    /// Watt.
    public static let watt = MeasureUnit(text: "W")
    /// Meter per second.
    public static let meterPerSecond = MeasureUnit(text: "m/s")
    /// Kilometer per hour.
    public static let kilometerPerHour = MeasureUnit(text: "km/hr")
    /// Degree Celsius. 0 degC is 273.15 K.
    public static let degreeCelsius = MeasureUnit(text: "degC")

    /// Whether a number in this unit can be converted to another one.
    ///
    /// - Throws: `PacelineError` with `inputUnit` when one of them is no unit.
    public func isCompatible(with other: MeasureUnit) throws -> Bool {
        try unitsAreCompatible(one: self, other: other)
    }
}

extension MeasureUnit: CustomStringConvertible {
    /// The text of the unit.
    public var description: String { text }
}

extension Quantity {
    /// A quantity of `value` times the unit.
    public init(_ value: Double, _ unit: MeasureUnit) {
        self.init(value: value, unit: unit)
    }

    /// The number that this quantity has in another unit.
    ///
    /// - Throws: `PacelineError` with `inputUnit` when the units do not convert into each other, `inputOutOfRange` when there
    ///   is no finite number.
    public func value(in unit: MeasureUnit) throws -> Double {
        try quantityValueIn(quantity: self, unitText: unit)
    }

    /// How this amount compares with another one, in whatever unit: below zero when it is less, zero when it is equal,
    /// above zero when it is greater. After a conversion, what differs by less than a part in a million million is equal.
    ///
    /// - Throws: As ``value(in:)``.
    public func compare(with other: Quantity) throws -> Int {
        switch try compareQuantities(one: self, other: other) {
        case .less: -1
        case .equal: 0
        case .greater: 1
        }
    }
}

extension Quantity: CustomStringConvertible {
    /// Number and unit, such as `12.5 km` or `97 %`.
    public var description: String {
        (try? describeQuantity(quantity: self)) ?? "\(value) \(unit.text)"
    }
}

extension QuantityType {
    /// The unit in which values of this type are stored. Heart rate: count/min.
    public var storedUnit: MeasureUnit { PacelineCore.storedUnit(quantityType: self) }

    /// How values of this type are put together.
    public var aggregationStyle: AggregationStyle { PacelineCore.aggregationStyle(quantityType: self) }
}
