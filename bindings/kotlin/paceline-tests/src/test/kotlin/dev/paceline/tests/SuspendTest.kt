package dev.paceline.tests

import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.Host
import dev.paceline.HostCapabilities
import dev.paceline.HostCapability
import dev.paceline.HostRequest
import dev.paceline.PacelineException
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.StoreOptions
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutEventType
import dev.paceline.WorkoutInterval
import dev.paceline.WorkoutSessionState
import dev.paceline.code
import dev.paceline.MetadataText
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir

/** Calls that are awaited: the same calls, on another thread. */
@Timeout(60)
class SuspendTest {
    @Test
    fun `a workout that is awaited all along`(@TempDir folder: Path) = runBlocking {
        val world = World()
        world.session.awaitPrepare()
        world.session.awaitStartActivity()
        world.builder.awaitBeginCollection(START)
        world.clock.advance(20.seconds)
        world.session.awaitPause()
        world.session.awaitResume()
        world.builder.awaitAddSamples(listOf(QuantitySample(QuantityType.HEART_RATE, 100.0, START)))
        world.builder.awaitAddWorkoutEvents(listOf(WorkoutEvent(WorkoutEventType.MARKER, START)))
        world.builder.awaitAddMetadata(mapOf("a" to MetadataText("b")))
        world.session.awaitStopActivity()
        world.builder.awaitEndCollection(world.store.now)
        val workout = checkNotNull(world.builder.awaitFinishWorkout())
        world.session.awaitEnd()
        assertEquals(listOf(workout), world.store.awaitWorkouts())
        assertEquals(workout, world.store.awaitWorkout(workout.id))
        assertEquals(1, world.store.awaitSamples(workout.id, QuantityType.HEART_RATE).size)
        val whole = WorkoutInterval(workout.start, workout.end)
        assertEquals(20.seconds, world.store.awaitStatistics(workout.id, listOf(whole)).single().duration)
        world.builder.awaitDiscardWorkout()
        world.close()
        HealthStore.awaitOpen(StoreOptions(folder.resolve("store").toString())).use { assertEquals(0, it.sampleCount()) }
    }

    @Test
    fun `an error comes out of the wait`() = runBlocking {
        World().use { world ->
            try {
                world.session.awaitPause()
                fail("a session that did not start cannot be paused")
            } catch (refusal: PacelineException) {
                assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code)
            }
        }
    }

    @Test
    fun `the call is made on another thread, and cancelling the wait does not cancel it`() = runBlocking {
        val (entered, go) = CountDownLatch(1) to CountDownLatch(1)
        var calledOn: Thread? = null
        val host = object : Host {
            override val capabilities = HostCapabilities(sessionMode = HostCapability.NATIVE)

            override fun request(id: ULong, request: HostRequest) {
                calledOn = Thread.currentThread()
                entered.countDown()
                go.await()
            }
        }
        World(host).use { world ->
            val wait = launch(start = CoroutineStart.UNDISPATCHED) { world.session.awaitStartActivity() }
            withContext(Dispatchers.IO) { entered.await() }
            wait.cancelAndJoin()
            go.countDown()
            assertNotNull(calledOn)
            assertNotEquals(Thread.currentThread(), calledOn)
            assertEquals(WorkoutSessionState.RUNNING, world.session.state)
        }
    }
}
