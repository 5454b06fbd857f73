import Foundation
import PacelineCore

/// A record is written the same in every language: enumerations as their raw values, dates as microseconds since the Unix
/// epoch.
extension WorkoutSessionRecord: Codable {
    /// Reads a record.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        let configuration = try fields.nestedContainer(keyedBy: ConfigurationField.self, forKey: .configuration)
        var lapLength: Quantity?
        if try configuration.contains(.lapLength) && !configuration.decodeNil(forKey: .lapLength) {
            let length = try configuration.nestedContainer(keyedBy: QuantityField.self, forKey: .lapLength)
            lapLength = Quantity(
                try length.decode(Double.self, forKey: .value),
                MeasureUnit(text: try length.decode(String.self, forKey: .unit)))
        }
        self.init(
            id: try fields.decode(UUID.self, forKey: .id),
            configuration: WorkoutConfiguration(
                activityType: try configuration.raw(.activityType),
                locationType: try configuration.raw(.locationType),
                swimmingLocationType: try configuration.raw(.swimmingLocationType),
                lapLength: lapLength),
            sessionType: try fields.raw(.sessionType),
            state: try fields.raw(.state),
            startDate: try fields.date(.startDate),
            endDate: try fields.date(.endDate))
    }

    /// Writes the record.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(id.uuidString.lowercased(), forKey: .id)
        var inner = fields.nestedContainer(keyedBy: ConfigurationField.self, forKey: .configuration)
        try inner.encode(configuration.activityType.rawValue, forKey: .activityType)
        try inner.encode(configuration.locationType.rawValue, forKey: .locationType)
        try inner.encode(configuration.swimmingLocationType.rawValue, forKey: .swimmingLocationType)
        if let lapLength = configuration.lapLength {
            var length = inner.nestedContainer(keyedBy: QuantityField.self, forKey: .lapLength)
            try length.encode(lapLength.value, forKey: .value)
            try length.encode(lapLength.unit.text, forKey: .unit)
        } else {
            try inner.encodeNil(forKey: .lapLength)
        }
        try fields.encode(sessionType.rawValue, forKey: .sessionType)
        try fields.encode(state.rawValue, forKey: .state)
        for (date, key) in [(startDate, Field.startDate), (endDate, Field.endDate)] {
            let micros = date.map(Microseconds.of(date:))
            if let micros, !Microseconds.range.contains(micros) {
                throw EncodingError.invalidValue(
                    date as Any,
                    .init(
                        codingPath: fields.codingPath + [key],
                        debugDescription: "dates lie between the years 1 and 9999"))
            }
            try fields.encode(micros, forKey: key)
        }
    }

    /// The record as JSON, the same text in every language.
    ///
    /// - Throws: `PacelineError` with `inputUnit` when the lap length has no unit; with `inputOutOfRange` for a date outside
    ///   of the years 1 to 9999.
    public func json() throws -> String {
        try sessionRecordToJson(record: self)
    }

    /// Reads what ``json()`` wrote, here or in another language.
    ///
    /// - Throws: `PacelineError` with `inputMalformed` when the text is no such record; the reason names the place.
    public init(json: String) throws {
        self = try sessionRecordFromJson(text: json)
    }

    private enum Field: String, CodingKey {
        case id, configuration, state
        case sessionType = "session_type"
        case startDate = "start_date"
        case endDate = "end_date"
    }

    private enum ConfigurationField: String, CodingKey {
        case activityType = "activity_type"
        case locationType = "location_type"
        case swimmingLocationType = "swimming_location_type"
        case lapLength = "lap_length"
    }

    private enum QuantityField: String, CodingKey {
        case value, unit
    }
}

extension KeyedDecodingContainer {
    /// A date as microseconds since the Unix epoch; nothing when there is none.
    fileprivate func date(_ key: Key) throws -> Date? {
        guard let micros = try decodeIfPresent(Int64.self, forKey: key) else { return nil }
        guard Microseconds.range.contains(micros) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "dates lie between the years 1 and 9999")
        }
        return Microseconds.date(micros)
    }

    /// An enumeration by its raw value; a number that this release does not know is an error.
    fileprivate func raw<Value: RawRepresentable>(_ key: Key) throws -> Value where Value.RawValue: Decodable {
        let number = try decode(Value.RawValue.self, forKey: key)
        guard let value = Value(rawValue: number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "\(number) is no \(Value.self)")
        }
        return value
    }
}
