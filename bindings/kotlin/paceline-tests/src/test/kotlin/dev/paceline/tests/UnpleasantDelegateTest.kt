package dev.paceline.tests

import dev.paceline.Delivery
import dev.paceline.Diagnostics
import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.Host
import dev.paceline.HostCapabilities
import dev.paceline.HostCapability
import dev.paceline.HostReports
import dev.paceline.HostRequest
import dev.paceline.EnterSessionMode
import dev.paceline.LogLevel
import dev.paceline.LiveWorkoutBuilder
import dev.paceline.PacelineException
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionState
import dev.paceline.session
import java.lang.ref.WeakReference
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Semaphore
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** Delegates and hosts that misbehave. Nothing crashes, nothing hangs, what was acknowledged is kept. */
@Timeout(60)
class UnpleasantDelegateTest {
    @Test
    fun `one that throws`() = throwing { IllegalStateException("not today") }

    @Test
    fun `one that throws an error`() = throwing { AssertionError("not today") }

    @Test
    fun `one that runs out of stack`() = throwing { StackOverflowError("not today") }

    private fun throwing(thrown: () -> Throwable) {
        val lines = CopyOnWriteArrayList<Pair<LogLevel, String>>()
        Diagnostics.log(LogLevel.TRACE, Delivery.POLL) { level, _, text -> lines += level to text }
        World().use { world ->
            val recorder = Recorder { throw thrown() }
            world.session.delegate = recorder
            world.builder.delegate = recorder.ofBuilder
            world.begin()
            world.beat(120.0)
            world.session.beginNewActivity(RUN, world.store.now)
            world.session.pause()
            world.session.resume()
            world.session.endCurrentActivity(world.store.now)
            world.store.poll()
            val workout = assertNotNull(world.finish())
            assertEquals(listOf(workout).size, world.store.workouts().size)
            // Every one of its methods was called, in spite of all.
            for (begin in listOf("notStarted", "event", "began", "ended", "data", "builder event", "builder began", "builder ended")) {
                assertTrue(recorder.heard.any { it.startsWith(begin) }, "$begin in ${recorder.heard}")
            }
            assertEquals("stopped -> ended at 0", recorder.heard.last())
            world.store.poll()
            // Each failure is told, and what the app said in it only as trace.
            assertTrue(lines.count { it.first == LogLevel.ERROR } >= recorder.heard.size, "$lines")
            val said = lines.filter { "not today" in it.second }
            assertTrue(said.size >= recorder.heard.size && said.all { it.first == LogLevel.TRACE }, "$lines")
        }
        Diagnostics.log(LogLevel.ERROR, sink = null)
    }

    @Test
    fun `one that calls back`() {
        World().use { world ->
            val delivered = mutableListOf<UInt>()
            val recorder = Recorder { line ->
                world.session.snapshot()
                // Delivers nothing inside a callback, and does not wait.
                delivered += world.store.poll().delivered
                if (line.startsWith("notStarted")) world.session.pause()
                if (line.startsWith("running")) world.session.resume()
            }
            world.session.delegate = recorder
            world.begin()
            world.store.poll()
            assertEquals(
                listOf(
                    "notStarted -> running at 0", "running -> paused at 0", "event pause", "paused -> running at 0",
                    "event resume",
                ),
                recorder.heard,
            )
            assertEquals(setOf(0u), delivered.toSet())
        }
    }

    @Test
    fun `one that ends the session from inside`() {
        World().use { world ->
            val recorder = Recorder { line ->
                if (line.startsWith("running -> paused")) {
                    world.session.end()
                    world.builder.endCollection(world.store.now)
                    world.builder.finishWorkout()
                }
            }
            world.session.delegate = recorder
            world.begin()
            world.clock.advance(5.seconds)
            world.session.pause()
            world.store.poll()
            assertEquals("paused -> ended at 5", recorder.heard.last())
            assertEquals(1, world.store.workouts().size)
        }
    }

    @Test
    fun `one that closes everything from inside`() {
        val world = World()
        val recorder = Recorder { world.close() }
        world.session.delegate = recorder
        world.session.startActivity()
        world.session.pause()
        world.store.poll()
        assertEquals(1, recorder.heard.size)
        assertEquals(ErrorCode.STALE_HANDLE, codeOf { world.session.state })
    }

    @Test
    fun `one that replaces itself`() {
        World().use { world ->
            val second = Recorder()
            val first = Recorder { world.session.delegate = second }
            world.session.delegate = first
            world.session.startActivity()
            world.session.pause()
            world.store.poll()
            assertEquals(listOf("notStarted -> running at 0"), first.heard)
            assertEquals("running -> paused at 0", second.heard.first())
            world.session.delegate = null
            world.session.resume()
            world.store.poll()
            assertFalse(second.heard.any { it.startsWith("paused") })
        }
    }

    @Test
    fun `one that blocks`() {
        val store = HealthStore()
        val session = WorkoutSession(store, RUN)
        val builder = session.associatedWorkoutBuilder()
        val (entered, release) = Semaphore(0) to Semaphore(0)
        session.delegate = Recorder {
            entered.release()
            release.acquire()
        }
        session.startActivity()
        entered.acquire()
        // The delivery thread stands inside the delegate; everything else goes on.
        builder.beginCollection(store.now)
        store.ingest(QuantitySample(QuantityType.HEART_RATE, 120.0, store.now))
        session.pause()
        session.resume()
        session.stopActivity()
        builder.endCollection(store.now)
        val workout = builder.finishWorkout()
        session.end()
        assertEquals(listOfNotNull(workout), store.workouts())
        // Closing does not wait for it either.
        listOf(builder, session, store).forEach(AutoCloseable::close)
        release.release(100)
    }

    @Test
    fun `one that is collected`() {
        val world = World()
        // A session without a delegate is held by nobody but the app.
        val forgotten = WeakReference(forgotten(world.store))
        assertTrue(Collector.collects(forgotten))
        // With one it stays, and hears, until nothing is set.
        val heard = CopyOnWriteArrayList<String>()
        val kept = WeakReference(heldByItsDelegate(world.store, heard))
        System.gc()
        val session = assertNotNull(kept.get())
        session!!.end()
        world.store.poll()
        assertEquals(listOf("notStarted -> running at 0", "running -> ended at 0"), heard)
        world.close()
    }

    @Test
    fun `a delegate is let go of when nothing is set and when its session is closed`() {
        val (first, second) = World() to World()
        val delegates = listOf(first, second).map { world ->
            WeakReference(Recorder().also { world.session.delegate = it })
        }
        first.session.delegate = null
        second.session.close()
        first.store.poll()
        for (delegate in delegates) assertTrue(Collector.collects(delegate))
        first.close()
        second.close()
    }

    @Test
    fun `a builder outlives its session`() {
        val world = World()
        val builder = builderAlone(world.store)
        repeat(100) {
            System.gc()
            if (builder.workoutSession == null) return@repeat
        }
        assertNull(builder.workoutSession)
        // A session that was let go of is not ended.
        assertEquals(WorkoutSessionState.RUNNING, builder.snapshot().state)
        builder.close()
        world.close()
    }

    @Test
    fun `a host that refuses from inside, twice, and for nobody`() {
        lateinit var world: World
        val requests = CopyOnWriteArrayList<HostRequest>()
        val host = object : Host {
            override val capabilities = HostCapabilities(sessionMode = HostCapability.NATIVE)

            override fun request(id: ULong, request: HostRequest) {
                requests += request
                if (request !is EnterSessionMode) return
                val refusal = PacelineException(ErrorCode.HEALTH_DATA_RESTRICTED, "not here")
                repeat(2) { world.store.report(HostReports.outcome(id, refusal)) }
                world.store.report(HostReports.outcome(id + 99u, refusal))
            }
        }
        world = World(host)
        val recorder = Recorder()
        world.session.delegate = recorder
        world.session.startActivity()
        world.store.poll()
        assertEquals("running -> ended at 0", recorder.heard.last())
        assertTrue("failed healthDataRestricted" in recorder.heard)
        assertEquals(listOf(world.session.id, world.session.id), requests.map { it.session })
        world.close()
    }

    @Test
    fun `a host that throws`() {
        val host = object : Host {
            override val capabilities: HostCapabilities get() = throw AssertionError("nothing")

            override fun request(id: ULong, request: HostRequest) = error("nothing")
        }
        World(host).use { world ->
            world.begin()
            assertNotNull(world.finish())
        }
    }

    private fun forgotten(store: HealthStore) = WorkoutSession(store, RUN).also { it.startActivity() }

    private fun heldByItsDelegate(store: HealthStore, heard: MutableList<String>) = WorkoutSession(store, RUN).also {
        it.delegate = Recorder { line -> heard += line }
        it.startActivity()
    }

    private fun builderAlone(store: HealthStore): LiveWorkoutBuilder =
        WorkoutSession(store, RUN).also { it.startActivity() }.associatedWorkoutBuilder()

    private fun <Value> assertNotNull(value: Value): Value = value.also { org.junit.jupiter.api.Assertions.assertNotNull(it) }
}
