package dev.paceline.tests

import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.Ingested
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.Simulation
import dev.paceline.StoreOptions
import dev.paceline.WorkoutSession
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What is done while the store cannot be written, or may not be, and while the clock is set. */
internal class DurabilityTest {
    private val simulation = Simulation(START)
    private val watch = simulation.addDevice("watch")
    private val session = WorkoutSession(watch.store, RUN)
    private val builder = session.associatedWorkoutBuilder()

    init {
        builder.dataSource = LiveWorkoutDataSource(RUN)
        session.startActivity()
        builder.beginCollection(START)
    }

    @AfterEach
    fun close() {
        builder.close()
        session.close()
        watch.close()
        simulation.close()
    }

    private fun beat(): Ingested =
        watch.store.ingest(QuantitySample(QuantityType.HEART_RATE, 140.0, watch.store.now))

    @Test
    fun `a disk that refuses is told of once`() {
        val recorder = Recorder()
        session.delegate = recorder
        assertTrue(beat().durable)
        watch.setDiskWritable(false)
        val taken = beat()
        assertEquals(1u, taken.samples)
        assertFalse(taken.durable)
        session.pause()
        simulation.advance(20.seconds)
        assertFalse(session.isDurable)
        assertFalse(session.snapshot().durable)
        watch.setDiskWritable(true)
        simulation.advance(20.seconds)
        assertTrue(session.isDurable)
        assertTrue(session.snapshot().durable)
        val told = recorder.heard.filter { "durability" in it }
        assertEquals(listOf("lost durability readOnly", "regained durability"), told)
    }

    /** Durability comes back without a step, and a screen hears of it all the same. */
    @Test
    fun `snapshots tell of durability`() = runBlocking {
        watch.setDiskWritable(false)
        beat()
        simulation.poll()
        val before = session.snapshot()
        assertFalse(before.durable)
        val after = async(start = CoroutineStart.UNDISPATCHED) { session.snapshots.first { it.durable } }
        watch.setDiskWritable(true)
        simulation.advance(20.seconds)
        assertEquals(before.sequence, after.await().sequence)
    }

    @Test
    fun `a suspended store starts no write`() {
        watch.store.suspendWrites()
        watch.store.suspendWrites()
        assertFalse(beat().durable)
        session.pause()
        assertFalse(session.isDurable)
        assertEquals(ErrorCode.STORE_SUSPENDED, codeOf { builder.discardWorkout() })
        watch.store.resumeWrites()
        watch.store.resumeWrites()
        assertTrue(session.isDurable)
    }

    @Test
    fun `a session keeps its own time`() {
        watch.jumpClock((-1).hours)
        simulation.advance(10.seconds)
        assertEquals(START.plusSeconds(10 - 3600), watch.store.now)
        assertEquals(10.seconds, builder.elapsedTime)
        watch.jumpClock(1.hours)
        session.pause()
        session.resume()
        watch.reboot()
        assertEquals(ErrorCode.STALE_HANDLE, codeOf { session.pause() })
        simulation.advance(50.seconds)
        watch.relaunch()
        val recovered = checkNotNull(watch.store.recoverActiveWorkoutSession())
        assertEquals(1.minutes, recovered.associatedWorkoutBuilder().elapsedTime)
    }

    @Test
    fun `a clock is set and started anew`() {
        val clock = ManualClock(START)
        clock.jump((-1500).milliseconds)
        assertEquals(START.minusMillis(1500), clock.now)
        clock.reboot()
        assertEquals(START.minusMillis(1500), clock.now)
    }

    @Test
    fun `a store keeps what it must`() {
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { HealthStore(StoreOptions(retention = 1.hours)) })
        HealthStore(StoreOptions(retention = 30.days)).close()
    }
}
