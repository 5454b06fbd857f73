// Your first session: half an hour of running under a clock that you move by hand.
//
// The same program in Rust, Swift and C stands beside this one in `docs/first-session.md`; all four print the same.

package dev.paceline.examples

import dev.paceline.HealthStore
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionLocationType
import dev.paceline.WorkoutSessionState
import dev.paceline.statistics
import java.time.Instant
import kotlin.math.roundToInt
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.toKotlinDuration

private val start = Instant.ofEpochSecond(1_700_000_000)

/** Minutes and seconds. */
private fun time(span: Duration): String =
    span.toComponents { minutes, seconds, _ -> "%02d:%02d".format(minutes, seconds) }

private fun time(from: Instant, to: Instant): String = time(java.time.Duration.between(from, to).toKotlinDuration())

/** Hears what happens to the session. */
private object Teller : WorkoutSessionDelegate {
    override fun didChangeState(
        session: WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Instant,
    ) = println("${time(start, date)} $from -> $to")
}

object FirstSession {
    @JvmStatic
    fun main(arguments: Array<String>) {
        // A store in memory, on a clock that stands until it is advanced. An app opens a file, on the clock of the machine.
        val clock = ManualClock(start)
        val store = HealthStore(clock = clock)

        // A session controls the workout; its builder gathers what becomes of it.
        val run = WorkoutConfiguration(WorkoutActivityType.RUNNING, WorkoutSessionLocationType.OUTDOOR)
        val session = WorkoutSession(store, run)
        val builder = session.associatedWorkoutBuilder()
        session.delegate = Teller
        builder.dataSource = LiveWorkoutDataSource(run)

        session.startActivity()
        builder.beginCollection(store.now)

        for (minute in 0 until 30) {
            when (minute) {
                10 -> session.pause()
                12 -> session.resume()
            }
            val begin = store.now
            clock.advance(1.minutes) // also delivers callbacks
            if (minute == 10 || minute == 11) continue
            // What sensors measured goes into the store; the data source picks what belongs to the workout.
            store.ingest(QuantitySample(QuantityType.HEART_RATE, 120.0 + minute, begin))
            store.ingest(QuantitySample(QuantityType.DISTANCE_WALKING_RUNNING, 190.0, begin, store.now))
        }

        session.stopActivity()
        builder.endCollection(store.now)
        val workout = builder.finishWorkout() ?: return // only while the device is locked
        session.end()
        store.poll()

        println("${workout.configuration.activityType}, ${time(workout.duration)} of ${time(workout.start, workout.end)}")
        workout.statistics(QuantityType.HEART_RATE)?.let { heart ->
            val (average, highest) = (heart.average ?: 0.0) to (heart.maximum ?: 0.0)
            println("heart rate ${average.roundToInt()} on average, ${highest.roundToInt()} at most")
        }
        workout.statistics(QuantityType.DISTANCE_WALKING_RUNNING)?.sum?.let { println("distance ${it.roundToInt()} m") }

        // What is closed is let go of at once; the rest when it is collected.
        listOf(builder, session, store, clock).forEach(AutoCloseable::close)
    }
}
