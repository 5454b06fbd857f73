package dev.paceline.tests

import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutEventType
import dev.paceline.WorkoutSessionState
import dev.paceline.WorkoutSnapshot
import dev.paceline.statistics
import java.lang.ref.WeakReference
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.launchIn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** Flows: what comes first, what comes after, and when they end. */
@Timeout(60)
class FlowTest {
    @Test
    fun `a flow that is collected after its owner was closed ends at once`() = runBlocking {
        World().use { world ->
            val builder = world.session.associatedWorkoutBuilder()
            val (events, types, snapshots) =
                Triple(world.session.events, builder.collectedTypes, world.session.snapshots)
            builder.close()
            world.session.close()
            assertEquals(emptyList<WorkoutEvent>(), events.toList())
            assertEquals(emptyList<Set<QuantityType>>(), types.toList())
            // Nothing can be shown any more; whether that is told or not, it ends.
            val shown = runCatching { snapshots.toList() }
            assertTrue(shown.isFailure || shown.getOrThrow().isEmpty())
        }
    }

    @Test
    fun `states begin with the present and end with the end`() = runBlocking {
        World().use { world ->
            world.session.startActivity()
            // The change to running is still on its way; it is part of the present.
            val states = async(start = CoroutineStart.UNDISPATCHED) { world.session.states.toList() }
            yield()
            world.session.pause()
            world.session.resume()
            world.session.end()
            world.store.poll()
            val seen = listOf(
                WorkoutSessionState.RUNNING,
                WorkoutSessionState.PAUSED,
                WorkoutSessionState.RUNNING,
                WorkoutSessionState.ENDED,
            )
            assertEquals(seen, states.await())
            assertEquals(listOf(WorkoutSessionState.ENDED), world.session.states.toList())
        }
    }

    @Test
    fun `flows do without a delegate`() = runBlocking {
        World().use { world ->
            val recorder = Recorder()
            world.session.delegate = recorder
            val two = List(2) { async(start = CoroutineStart.UNDISPATCHED) { world.session.states.toList() } }
            yield()
            world.session.delegate = null
            world.session.startActivity()
            world.session.end()
            world.store.poll()
            val seen = listOf(WorkoutSessionState.NOT_STARTED, WorkoutSessionState.RUNNING, WorkoutSessionState.ENDED)
            for (states in two) assertEquals(seen, states.await())
            assertTrue(recorder.heard.isEmpty())
        }
    }

    @Test
    fun `events come as the delegate hears them, also when it throws`() = runBlocking {
        World().use { world ->
            world.session.delegate = Recorder { error("no") }
            val events = async(start = CoroutineStart.UNDISPATCHED) { world.session.events.toList() }
            yield()
            world.begin()
            world.session.pause()
            world.session.resume()
            world.session.report(WorkoutEvent(WorkoutEventType.LAP, START))
            world.store.poll()
            world.session.close()
            assertEquals(
                listOf(WorkoutEventType.PAUSE, WorkoutEventType.RESUME, WorkoutEventType.LAP),
                events.await().map { it.eventType },
            )
        }
    }

    @Test
    fun `snapshots keep the newest`() = runBlocking {
        World().use { world ->
            val snapshots = world.session.snapshots.produceIn(this)
            assertEquals(WorkoutSessionState.NOT_STARTED, snapshots.receive().state)
            world.begin()
            assertEquals(WorkoutSessionState.RUNNING, snapshots.receiveUntil { it.collectionStart != null }.state)
            for (value in listOf(120.0, 130.0, 140.0)) {
                world.beat(value)
                world.clock.advance(1.seconds)
            }
            val heart = snapshots.receiveUntil { it.statistics(QuantityType.HEART_RATE)?.count == 3uL }
            assertEquals(140.0, heart.statistics(QuantityType.HEART_RATE)?.mostRecent?.value)
            world.session.close()
            // What is left may still be read; then it is over.
            assertTrue(generateSequence { snapshots.tryReceive().getOrNull() }.count() <= 1)
            assertTrue(snapshots.receiveCatching().isClosed)
        }
    }

    @Test
    fun `types grow while nobody looks`() = runBlocking {
        World().use { world ->
            val gate = Channel<Unit>()
            val seen = Channel<Set<QuantityType>>(Channel.UNLIMITED)
            val job = launch(start = CoroutineStart.UNDISPATCHED) {
                world.builder.collectedTypes.collect {
                    seen.send(it)
                    gate.receive()
                }
            }
            yield()
            world.begin()
            world.beat(120.0)
            world.store.poll()
            assertEquals(setOf(QuantityType.HEART_RATE), seen.receive())
            // The collector waits at the gate.
            for (type in listOf(QuantityType.RUNNING_POWER, QuantityType.RUNNING_SPEED)) {
                world.store.ingest(QuantitySample(type, 3.0, START))
                world.store.poll()
            }
            gate.send(Unit)
            assertEquals(setOf(QuantityType.RUNNING_POWER, QuantityType.RUNNING_SPEED), seen.receive())
            gate.send(Unit)
            world.builder.close()
            job.join()
        }
    }

    @Test
    fun `a collector that goes away lets go`() = runBlocking {
        val world = World()
        val job = world.session.snapshots.onEach {}.launchIn(this)
        assertEquals(WorkoutSessionState.NOT_STARTED, world.session.states.first())
        assertEquals(1, world.session.states.take(1).toList().size)
        yield()
        job.cancelAndJoin()
        world.close()
    }

    @Test
    fun `a session that nobody listens to any more can be collected`() {
        assertTrue(Collector.collects(lonely()))
    }

    /** A session that was listened to and is held by nobody. */
    private fun lonely(): WeakReference<Any> {
        val session = World().session
        runBlocking { session.states.first() }
        return WeakReference(session)
    }

    private suspend fun kotlinx.coroutines.channels.ReceiveChannel<WorkoutSnapshot>.receiveUntil(
        good: (WorkoutSnapshot) -> Boolean,
    ): WorkoutSnapshot {
        while (true) receive().let { if (good(it)) return it }
    }
}
