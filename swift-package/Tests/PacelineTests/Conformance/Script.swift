import Foundation
import Paceline

/// When every simulation begins.
let start = Date(timeIntervalSince1970: 1_700_000_000)

/// What is wrong with a step.
struct Wrong: Error {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// What kind of line a line of a scenario is.
enum Line {
    /// Empty, or a comment: written as it is.
    case kept
    /// What happened, once.
    case outcome
    case step([String])

    init(_ text: String) throws {
        guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw Wrong("a file is made of ASCII letters, without tabs")
        }
        if text.hasSuffix(" ") { throw Wrong("a line does not end with a space") }
        if text.isEmpty || text.hasPrefix("#") {
            self = .kept
        } else if text.hasPrefix("    ") {
            self = .outcome
        } else {
            let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            if words.contains("") { throw Wrong("words are separated by single spaces") }
            self = .step(words)
        }
    }
}

/// The arguments of a step, taken one by one.
struct Arguments {
    private var positions: ArraySlice<String>
    private var options: [(key: String, value: String)]

    init(_ words: ArraySlice<String>) {
        positions = ArraySlice(words.filter { !$0.contains("=") })
        options = words.compactMap { word in
            word.firstIndex(of: "=").map { (String(word[..<$0]), String(word[word.index(after: $0)...])) }
        }
    }

    var hasMore: Bool { !positions.isEmpty }

    /// The next position; `what` says what should stand there, with its article.
    mutating func next(_ what: String) throws -> String {
        guard let word = positions.popFirst() else { throw Wrong("\(what) is missing") }
        return word
    }

    /// Takes this word if it comes next.
    mutating func takes(_ word: String) -> Bool {
        guard positions.first == word else { return false }
        positions.removeFirst()
        return true
    }

    mutating func option(_ name: String) -> String? {
        options.firstIndex { $0.key == name }.map { options.remove(at: $0).value }
    }

    /// All options that were not taken, as metadata.
    mutating func entries() throws -> Metadata {
        defer { options = [] }
        return try Dictionary(options.map { ($0.key, try entry($0.value)) }, uniquingKeysWith: { $1 })
    }

    /// Everything must have been taken.
    func end() throws {
        if let rest = positions.first ?? options.first?.key { throw Wrong("nothing is to be done with \"\(rest)\"") }
    }

    mutating func time() throws -> Date { try date(next("a time")) }

    mutating func optionalTime() throws -> Date? { try positions.popFirst().map(date) }

    mutating func timeOption(_ name: String) throws -> Date? { try option(name).map(date) }

    /// FROM [TO], which may be followed by `and`.
    mutating func interval() throws -> (from: Date, to: Date) {
        let from = try time()
        guard let word = positions.first, word != "and" else { return (from, from) }
        positions.removeFirst()
        return (from, try date(word))
    }

    mutating func number() throws -> Double { try decimal(next("a number")) }

    mutating func whole<Number: LosslessStringConvertible>(_ what: String) throws -> Number {
        let word = try next(what)
        guard let number = Number(word) else { throw Wrong("\"\(word)\" is no whole number") }
        return number
    }

    mutating func activity() throws -> WorkoutActivityType { try named(next("an activity type"), "activity type") }

    mutating func location() throws -> WorkoutSessionLocationType { try named(next("a location"), "location") }

    mutating func configuration() throws -> WorkoutConfiguration {
        var configuration = WorkoutConfiguration(activityType: try activity(), locationType: try location())
        if let water = option("water") { configuration.swimmingLocationType = try named(water, "water") }
        if let lap = option("lap") {
            guard lap.hasSuffix("m") else { throw Wrong("\"\(lap)\" is no length; write 25m") }
            configuration.lapLength = Quantity(try decimal(String(lap.dropLast())), .meter)
        }
        return configuration
    }

    mutating func quantityType() throws -> QuantityType { try named(next("a quantity type"), "quantity type") }

    mutating func event() throws -> WorkoutEvent {
        let type: WorkoutEventType = try named(next("an event type"), "event type")
        let (from, to) = try interval()
        return WorkoutEvent(type, from: from, to: to)
    }

    /// The things of a list, joined by `and`.
    mutating func list<Thing>(_ one: (inout Arguments) throws -> Thing) throws -> [Thing] {
        var all = [try one(&self)]
        while takes("and") { all.append(try one(&self)) }
        return all
    }
}

/// The value of an enumeration that has this name.
func named<Value: CaseIterable & CustomStringConvertible>(_ word: String, _ what: String) throws -> Value {
    guard let value = Value.allCases.first(where: { $0.description == word }) else {
        throw Wrong("\"\(word)\" is no \(what)")
    }
    return value
}

func date(_ word: String) throws -> Date {
    let wrong = Wrong("\"\(word)\" is no time; write 60s or 1500ms")
    let digits = word.hasPrefix("-") ? word.dropFirst() : Substring(word)
    let isMillis = digits.hasSuffix("ms")
    guard digits.hasSuffix("s"), let number = UInt32(digits.dropLast(isMillis ? 2 : 1)) else { throw wrong }
    let span = Double(number) / (isMillis ? 1000 : 1)
    return start.addingTimeInterval(word.hasPrefix("-") ? -span : span)
}

func decimal(_ word: String) throws -> Double {
    switch word {
    case "nan": return .nan
    case "inf": return .infinity
    default:
        guard word.allSatisfy({ $0.isNumber || $0 == "." || $0 == "-" }), let number = Double(word) else {
            throw Wrong("\"\(word)\" is no number")
        }
        return number
    }
}

private func entry(_ word: String) throws -> MetadataValue {
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
        switch parts[0] {
        case "text": return .text(text: parts[1])
        case "number": return .number(number: try decimal(parts[1]))
        case "date": return .date(date: try date(parts[1]))
        case "quantity":
            let amount = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if amount.count == 2 {
                return .amount(quantity: Quantity(try decimal(amount[0]), try MeasureUnit(amount[1])))
            }
        default: break
        }
    }
    throw Wrong("\"\(word)\" is no metadata value; write KIND:VALUE")
}

/// Whether a word can name something.
func checkName(_ word: String) throws {
    let world = ["device", "at", "session", "orphan", "legacy", "recover"]
    let isLower = word.first.map { $0.isASCII && $0.isLowercase } ?? false
    guard isLower, word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !world.contains(word) else {
        throw Wrong("\"\(word)\" is no name")
    }
}
