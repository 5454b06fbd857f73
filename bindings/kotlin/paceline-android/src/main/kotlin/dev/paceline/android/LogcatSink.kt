package dev.paceline.android

import android.util.Log
import dev.paceline.Delivery
import dev.paceline.Diagnostics
import dev.paceline.LogLevel
import dev.paceline.LogSink

/**
 * Sends the engine's log lines to logcat, under the part of the engine that speaks as the tag.
 *
 * No measured value stands in a line above [LogLevel.TRACE]. Each line costs a call from the engine: pass on warnings and
 * errors in what is shipped, more where something is looked for.
 */
public class LogcatSink : LogSink {
    override fun log(level: LogLevel, target: String, text: String) {
        Log.println(priority(level), tag(target), text)
    }

    /** How it is installed. */
    public companion object {
        /** Older releases of Android refuse longer tags. */
        private const val LONGEST_TAG = 23

        /**
         * Sends lines up to this level to logcat, on a thread of the engine.
         *
         * @throws dev.paceline.PacelineException with [dev.paceline.ErrorCode.INTERNAL] when the thread cannot be started.
         */
        @JvmStatic
        @JvmOverloads
        public fun install(level: LogLevel = LogLevel.WARN): Unit =
            Diagnostics.log(level, Delivery.OWN_THREAD, LogcatSink())

        internal fun priority(level: LogLevel): Int = when (level) {
            LogLevel.ERROR -> Log.ERROR
            LogLevel.WARN -> Log.WARN
            LogLevel.INFO -> Log.INFO
            LogLevel.DEBUG -> Log.DEBUG
            LogLevel.TRACE -> Log.VERBOSE
        }

        internal fun tag(target: String): String = target.replace("::", ".").takeLast(LONGEST_TAG)
    }
}
