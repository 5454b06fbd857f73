// One store, several languages: records a workout into a store file, or prints the workouts of one.
//
//     SharedStore record PATH
//     SharedStore read PATH
//
// The other languages have the same program. Whoever recorded, each prints the same lines: newest first, dates in
// microseconds since the Unix epoch, the duration in microseconds, values in thousandths.

package dev.paceline.examples

import dev.paceline.HealthStore
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.MetadataText
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.StoreOptions
import dev.paceline.Workout
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionLocationType
import dev.paceline.statistics
import java.nio.file.Path
import java.time.Instant
import java.time.temporal.ChronoUnit
import kotlin.math.roundToLong
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.seconds

object SharedStore {
    @JvmStatic
    fun main(arguments: Array<String>) {
        when (arguments.firstOrNull().takeIf { arguments.size == 2 }) {
            "record" -> record(arguments[1])
            "read" -> HealthStore(Path.of(arguments[1])).use { store -> store.workouts().forEach { println(line(it)) } }
            else -> {
                System.err.println("usage: SharedStore record|read PATH")
                exitProcess(2)
            }
        }
    }

    /** A minute of running with a break of ten seconds, and a heart rate that rises every second. */
    private fun record(path: String) {
        val clock = ManualClock(Instant.ofEpochSecond(1_700_000_000))
        val store = HealthStore(StoreOptions(path), clock)
        val run = WorkoutConfiguration(WorkoutActivityType.RUNNING, WorkoutSessionLocationType.OUTDOOR)
        val session = WorkoutSession(store, run)
        val builder = session.associatedWorkoutBuilder()
        builder.dataSource = LiveWorkoutDataSource(run)

        session.startActivity()
        builder.beginCollection(store.now)
        for (second in 0 until 60) {
            when (second) {
                20 -> session.pause()
                30 -> session.resume()
            }
            store.ingest(QuantitySample(QuantityType.HEART_RATE, 120 + 0.5 * second, store.now))
            clock.advance(1.seconds)
        }
        builder.addMetadata(mapOf("recorder" to MetadataText("kotlin")))
        session.stopActivity()
        builder.endCollection(store.now)
        builder.finishWorkout()
        session.end()
    }

    /** A workout in one line. */
    internal fun line(workout: Workout): String {
        val micros = { date: Instant -> ChronoUnit.MICROS.between(Instant.EPOCH, date) }
        val thousandths = { value: Double? -> ((value ?: 0.0) * 1000).roundToLong() }
        val configuration = workout.configuration
        var line = "${configuration.activityType} ${configuration.locationType}" +
            " start=${micros(workout.start)} end=${micros(workout.end)}" +
            " duration=${workout.duration.inWholeMicroseconds} events=${workout.events.size}"
        workout.statistics(QuantityType.HEART_RATE)?.let { heart ->
            line += " heartRate count=${heart.count} average=${thousandths(heart.average)}" +
                " minimum=${thousandths(heart.minimum)} maximum=${thousandths(heart.maximum)}"
        }
        (workout.metadata["recorder"] as? MetadataText)?.let { line += " recorder=${it.text}" }
        return line
    }
}
