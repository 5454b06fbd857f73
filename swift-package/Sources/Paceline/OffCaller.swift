import Foundation

/// Runs a call on a thread where waiting for the disk disturbs nobody. The call is the same as without waiting, and it runs
/// to its end: cancelling the task that waits cancels nothing.
func offCaller<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .userInitiated).async {
            continuation.resume(with: Result(catching: call))
        }
    }
}
