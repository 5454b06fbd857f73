// What Kotlin adds to a sample in a packed batch, and how often a workout crosses the border: the Kotlin twin of
// `tests/src/bin/bench/border.rs`, which runs it and compares.
//
// Prints the nanoseconds of a row, one line for each window, then the crossings of a workout.

package dev.paceline.benchmarks

import dev.paceline.Delivery
import dev.paceline.HealthStore
import dev.paceline.LiveWorkoutBuilder
import dev.paceline.LiveWorkoutBuilderDelegate
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.PackedBatch
import dev.paceline.QuantityType
import dev.paceline.StoreOptions
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionState
import dev.paceline.code
import java.time.Instant
import kotlin.time.Duration.Companion.seconds

object Border {
    private const val ROWS = 1000
    private const val BATCHES = 200
    private const val WINDOWS = 15
    private const val SECONDS = 600
    private const val START = 1_700_000_000_000_000L

    @JvmStatic
    fun main(arguments: Array<String>) {
        measure()
        println("crossings ${workout()}")
    }

    /**
     * Packs rows and hands each batch to a store that has committed its number before: the engine answers after reading the
     * header, and what is timed is packing and crossing.
     */
    private fun measure() {
        val store = HealthStore(StoreOptions(delivery = Delivery.POLL))
        val batch = PackedBatch(number = 1u, capacity = ROWS)
        val code = QuantityType.HEART_RATE.code
        batch.append(code, 120.0, START, START)
        store.ingest(batch)
        // The first windows are those of a machine that still compiles: the median leaves them out.
        repeat(WINDOWS) {
            val begun = System.nanoTime()
            for (round in 0 until BATCHES) {
                batch.restart(1u)
                for (row in 0 until ROWS) {
                    val at = START + row * 1000L
                    batch.append(code, (100 + (row + round) % 50).toDouble(), at, at)
                }
                check(store.ingest(batch).repeated) { "the batch was taken in twice" }
            }
            println((System.nanoTime() - begun).toDouble() / (ROWS * BATCHES))
        }
    }

    /** Counts what it hears: callbacks come inside `poll`, on one thread. */
    private class Counter {
        var heard = 0

        val ofSession = object : WorkoutSessionDelegate {
            override fun didChangeState(
                session: WorkoutSession,
                to: WorkoutSessionState,
                from: WorkoutSessionState,
                date: Instant,
            ) {
                heard += 1
            }

            override fun didGenerateEvent(session: WorkoutSession, event: WorkoutEvent) {
                heard += 1
            }
        }

        val ofBuilder = object : LiveWorkoutBuilderDelegate {
            override fun didCollectData(builder: LiveWorkoutBuilder, types: Set<QuantityType>) {
                heard += 1
            }

            override fun didCollectEvent(builder: LiveWorkoutBuilder) {
                heard += 1
            }
        }
    }

    /**
     * A typical workout: a batch, a callback and a snapshot a second, a pause in the middle. Returns the calls into the engine
     * and the callbacks out of it.
     */
    private fun workout(): Int {
        val clock = ManualClock(Instant.ofEpochSecond(START / 1_000_000))
        val store = HealthStore(clock = clock)
        val ride = WorkoutConfiguration(WorkoutActivityType.CYCLING)
        val session = WorkoutSession(store, ride)
        val builder = session.associatedWorkoutBuilder()
        val counter = Counter()
        session.delegate = counter.ofSession
        builder.delegate = counter.ofBuilder
        builder.dataSource = LiveWorkoutDataSource(ride)
        session.startActivity()
        builder.beginCollection(store.now)
        var calls = 0
        val batch = PackedBatch()
        for (second in 0 until SECONDS) {
            // Time moves by itself outside of a test: this call is not counted.
            clock.advance(1.seconds)
            val now = START + (second + 1) * 1_000_000L
            batch.restart()
            repeat(10) { batch.append(QuantityType.HEART_RATE.code, 140.0, now, now) }
            store.ingest(batch)
            calls += 1
            store.poll()
            builder.snapshot()
            calls += 1
            if (second == SECONDS / 2) {
                session.pause()
                session.resume()
                calls += 2
            }
        }
        return calls + counter.heard
    }
}
