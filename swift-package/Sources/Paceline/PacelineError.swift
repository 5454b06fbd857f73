import Foundation
import PacelineCore

extension PacelineError {
    /// An error of this code, in the case of its domain. For hosts that report why the platform refused.
    ///
    /// - Parameters:
    ///   - code: What to act on.
    ///   - reason: One sentence for a person.
    ///   - value: The value that caused it, as text.
    public init(_ code: ErrorCode, reason: String, value: String? = nil) {
        switch code.domain {
        case .health: self = .Health(code: code, reason: reason, value: value)
        case .extendedRuntime: self = .ExtendedRuntime(code: code, reason: reason, value: value)
        case .store: self = .Store(code: code, reason: reason, value: value)
        case .link: self = .Link(code: code, reason: reason, value: value)
        case .input: self = .Input(code: code, reason: reason, value: value)
        case .boundary: self = .Boundary(code: code, reason: reason, value: value)
        }
    }

    /// What to act on.
    public var code: ErrorCode { parts.code }

    /// The part of the system the error speaks about.
    public var domain: ErrorDomain { code.domain }

    /// One sentence for a person, with what to do where that is known.
    public var reason: String { parts.reason }

    /// The value that caused the error, as text, where there is one.
    public var value: String? { parts.value }

    private var parts: (code: ErrorCode, reason: String, value: String?) {
        switch self {
        case let .Health(code, reason, value), let .ExtendedRuntime(code, reason, value),
            let .Store(code, reason, value), let .Link(code, reason, value), let .Input(code, reason, value),
            let .Boundary(code, reason, value):
            (code, reason, value)
        }
    }
}

extension PacelineError: LocalizedError {
    /// The sentence, with the value that caused the error.
    public var errorDescription: String? { description }
}

extension ErrorCode {
    /// The part of the system the code speaks about.
    public var domain: ErrorDomain {
        // Every code is 1000 times its domain plus a number; the library checks its table when it is built.
        ErrorDomain(rawValue: rawValue / 1000) ?? .boundary
    }
}
