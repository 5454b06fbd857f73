package dev.paceline.android

import android.os.Handler
import android.os.Looper
import dev.paceline.LiveWorkoutBuilder
import dev.paceline.LiveWorkoutBuilderDelegate
import dev.paceline.PacelineException
import dev.paceline.QuantityType
import dev.paceline.WorkoutActivity
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionState
import java.time.Instant
import java.util.concurrent.Executor

/**
 * Lets delegates hear on the main thread, or on that of any looper, in the order in which the engine told.
 *
 * The engine's thread posts and goes on: when a call arrives, getters may already show what came after it. A call that waits
 * in the looper when the delegate is replaced is still made. Nothing is handed on after [close].
 *
 * @param executor Runs what it is given one after the other, in order; by default posts to the main looper.
 */
public class MainThread(private val executor: Executor = Looping(Looper.getMainLooper())) : AutoCloseable {
    @Volatile
    private var isClosed = false

    /** Posts to a looper. */
    private class Looping(looper: Looper) : Executor {
        private val handler = Handler(looper)

        override fun execute(command: Runnable) {
            handler.post(command)
        }
    }

    /** A delegate to set on a session: it passes everything on to [delegate], over there. */
    public fun of(delegate: WorkoutSessionDelegate): WorkoutSessionDelegate = object : WorkoutSessionDelegate {
        override fun didChangeState(
            session: WorkoutSession,
            to: WorkoutSessionState,
            from: WorkoutSessionState,
            date: Instant,
        ) = post { delegate.didChangeState(session, to, from, date) }

        override fun didFail(session: WorkoutSession, error: PacelineException) =
            post { delegate.didFail(session, error) }

        override fun didGenerateEvent(session: WorkoutSession, event: WorkoutEvent) =
            post { delegate.didGenerateEvent(session, event) }

        override fun didBeginActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) =
            post { delegate.didBeginActivity(session, configuration, date) }

        override fun didEndActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) =
            post { delegate.didEndActivity(session, configuration, date) }
    }

    /** A delegate to set on a builder: it passes everything on to [delegate], over there. */
    public fun of(delegate: LiveWorkoutBuilderDelegate): LiveWorkoutBuilderDelegate =
        object : LiveWorkoutBuilderDelegate {
            override fun didCollectData(builder: LiveWorkoutBuilder, types: Set<QuantityType>) =
                post { delegate.didCollectData(builder, types) }

            override fun didCollectEvent(builder: LiveWorkoutBuilder) = post { delegate.didCollectEvent(builder) }

            override fun didBeginActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) =
                post { delegate.didBeginActivity(builder, activity) }

            override fun didEndActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) =
                post { delegate.didEndActivity(builder, activity) }
        }

    private fun post(call: () -> Unit) {
        executor.execute { if (!isClosed) call() }
    }

    /** Drops what still waits, and everything from here on. */
    override fun close() {
        isClosed = true
    }
}
