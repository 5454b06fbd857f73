import PacelineCore

/// What the engine tells about itself.
public enum Diagnostics {
    /// The version of the engine, such as `0.1.0`.
    public static var version: String { engineVersion() }

    /// Sends the engine's log lines up to this level to a closure, one after the other. One closure serves the process. No
    /// measured value stands in a line above `trace`.
    ///
    /// - Parameters:
    ///   - level: How much a line matters that is still passed on.
    ///   - delivery: `ownThread` calls on a thread of the engine; `poll` inside any store's poll.
    ///   - sink: Gets the level, the part of the engine that speaks, and what it says. May call the engine.
    /// - Throws: `PacelineError` with `internal` when the thread cannot be started.
    public static func log(
        upTo level: LogLevel,
        delivery: Delivery = .ownThread,
        to sink: @escaping @Sendable (LogLevel, String, String) -> Void
    ) throws {
        try setLogSink(level: level, delivery: delivery, sink: LogBridge(sink))
    }

    /// Stops sending log lines.
    public static func stopLogging() {
        try? setLogSink(level: .error, delivery: .ownThread, sink: nil)
    }
}
