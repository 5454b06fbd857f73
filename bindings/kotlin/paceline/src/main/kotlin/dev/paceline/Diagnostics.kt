package dev.paceline

import dev.paceline.core.engineVersion
import dev.paceline.core.setLogSink

/** Gets the engine's log lines, one after the other. May call the engine. What it throws is ignored. */
public fun interface LogSink {
    /**
     * One line.
     *
     * @param level How much it matters.
     * @param target The part of the engine that speaks.
     * @param text What it says.
     */
    public fun log(level: LogLevel, target: String, text: String)
}

/** What the engine tells about itself. */
public object Diagnostics {
    /** The version of the engine, such as `0.1.0`. */
    public val version: String get() = engineVersion()

    /**
     * Sends the engine's log lines up to this level to a sink; nothing stops that. One sink serves the process. No measured
     * value stands in a line above [LogLevel.TRACE].
     *
     * @param level How much a line matters at least to be passed on.
     * @param delivery [Delivery.OWN_THREAD] calls on a thread of the engine; [Delivery.POLL] inside any store's poll.
     * @throws PacelineException with [ErrorCode.INTERNAL] when the thread cannot be started.
     */
    public fun log(level: LogLevel, delivery: Delivery = Delivery.OWN_THREAD, sink: LogSink?): Unit =
        setLogSink(level, delivery, sink?.let(::LogBridge))
}
