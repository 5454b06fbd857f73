import Foundation

/// A value behind a lock. The lock is never held while foreign code runs.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<Outcome>(_ body: (inout Value) throws -> Outcome) rethrows -> Outcome {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}

/// Refers to an object without keeping it.
struct Weak<Object: AnyObject> {
    weak var object: Object?
}
