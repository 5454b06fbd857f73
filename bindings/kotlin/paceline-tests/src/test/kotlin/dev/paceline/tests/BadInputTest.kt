package dev.paceline.tests

import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.MeasureUnit
import dev.paceline.MetadataDate
import dev.paceline.MetadataNumber
import dev.paceline.MetadataText
import dev.paceline.PackedBatch
import dev.paceline.PacelineException
import dev.paceline.Quantity
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.SamplePredicate
import dev.paceline.SampleSource
import dev.paceline.Simulation
import dev.paceline.SourceKind
import dev.paceline.StoreOptions
import dev.paceline.Units
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutEventType
import dev.paceline.WorkoutInterval
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionState
import dev.paceline.WorkoutSwimmingLocationType
import dev.paceline.code
import dev.paceline.poolSwim
import dev.paceline.workoutSessionRecordOf
import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import java.util.UUID
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir

/** Everything that is wrong is answered with a code, and changes nothing. */
@Timeout(60)
class BadInputTest {
    @Test
    fun `commands in wrong states`() {
        val commands = listOf<Pair<String, (World) -> Unit>>(
            "prepare" to { it.session.prepare() },
            "start" to { it.session.startActivity() },
            "pause" to { it.session.pause() },
            "resume" to { it.session.resume() },
            "stop" to { it.session.stopActivity() },
            "end" to { it.session.end() },
        )
        val ways = listOf(
            Triple(WorkoutSessionState.NOT_STARTED, listOf<Int>(), setOf("prepare", "start", "end")),
            Triple(WorkoutSessionState.PREPARED, listOf(0), setOf("start", "end")),
            Triple(WorkoutSessionState.RUNNING, listOf(1), setOf("pause", "stop", "end")),
            Triple(WorkoutSessionState.PAUSED, listOf(1, 2), setOf("resume", "stop", "end")),
            Triple(WorkoutSessionState.STOPPED, listOf(1, 4), setOf("end")),
            Triple(WorkoutSessionState.ENDED, listOf(5), setOf()),
        )
        for ((state, way, allowed) in ways) for ((name, command) in commands) {
            World().use { world ->
                way.forEach { commands[it].second(world) }
                assertEquals(state, world.session.state)
                val before = world.session.snapshot().sequence
                val refusal = codeOf { command(world) }
                assertEquals(if (name in allowed) null else ErrorCode.INVALID_ARGUMENT, refusal, "$name from $state")
                if (name !in allowed) assertEquals(before, world.session.snapshot().sequence, "$name from $state")
            }
        }
    }

    @Test
    fun `calls that come late`() {
        World().use { world ->
            world.begin()
            world.finish()
            val late = listOf(
                { world.session.pause() },
                { world.session.end() },
                { world.builder.beginCollection(START) },
                { world.builder.finishWorkout().let {} },
                { world.builder.addMetadata(mapOf("late" to MetadataNumber(1.0))) },
                { world.builder.addSamples(listOf(QuantitySample(QuantityType.HEART_RATE, 1.0, START))) },
                { world.builder.addWorkoutEvents(listOf(WorkoutEvent(WorkoutEventType.MARKER, START))) },
                { world.builder.endCollection(START) },
                { world.session.beginNewActivity(RUN, START) },
                { world.session.endCurrentActivity(START) },
                { world.session.report(WorkoutEvent(WorkoutEventType.LAP, START)) },
            )
            for ((index, call) in late.withIndex()) assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(call), "call $index")
            world.builder.discardWorkout()
            world.session.fail(PacelineException(ErrorCode.UNKNOWN, "late"))
            assertEquals(1, world.store.workouts().size)
        }
    }

    @Test
    fun `closed objects are stale, also as arguments`() {
        val world = World()
        val (session, builder, store, clock) = Four(world.session, world.builder, world.store, world.clock)
        val source = LiveWorkoutDataSource(RUN)
        val simulation = Simulation(START)
        val device = simulation.addDevice("watch")
        val spare = HealthStore()
        val sample = QuantitySample(QuantityType.HEART_RATE, 100.0, START)
        for (it in listOf(session, builder, store, clock, source, device, simulation)) {
            it.close()
            it.close()
        }
        val calls = listOf(
            { session.state.let {} }, { session.type.let {} }, { session.startDate.let {} }, { session.record.let {} },
            { session.snapshot().let {} }, { session.currentActivity.let {} }, { session.workoutConfiguration.let {} },
            { session.prepare() }, { session.startActivity() }, { session.pause() }, { session.end() },
            { session.beginNewActivity(RUN, START) }, { session.delegate = Recorder() },
            { session.associatedWorkoutBuilder().let {} }, { session.fail(PacelineException(ErrorCode.UNKNOWN, "")) },
            { builder.snapshot().let {} }, { builder.elapsedTime.let {} }, { builder.dataSource.let {} },
            { builder.workoutSession.let {} }, { builder.beginCollection(START) }, { builder.addSamples(listOf(sample)) },
            { builder.finishWorkout().let {} }, { builder.delegate = Recorder().ofBuilder },
            { builder.shouldCollectWorkoutEvents = true },
            { source.typesToCollect.let {} }, { source.enableCollection(QuantityType.HEART_RATE) },
            { store.now.let {} }, { store.workouts().let {} }, { store.ingest(sample).let {} }, { store.poll().let {} },
            { store.ingest(PackedBatch()).let {} }, { WorkoutSession(store, RUN).let {} },
            { clock.now.let {} }, { clock.advance(1.seconds) }, { HealthStore(clock = clock).let {} },
            { simulation.now.let {} }, { simulation.poll().let {} }, { simulation.addDevice("x").let {} },
            { device.store.let {} }, { device.setLocked(true) },
            { WorkoutSession(spare, RUN).associatedWorkoutBuilder().dataSource = source },
            { startedThe(session, spare) },
        )
        for ((index, call) in calls.withIndex()) assertEquals(ErrorCode.STALE_HANDLE, codeOf(call), "call $index")
        // What can be told without the engine still can.
        assertNull(session.delegate)
        assertEquals(session, session)
        assertEquals(session.hashCode(), session.id.hashCode())
        assertEquals(source, source)
        spare.close()
    }

    private data class Four(val a: WorkoutSession, val b: dev.paceline.LiveWorkoutBuilder, val c: HealthStore, val d: ManualClock)

    @Suppress("DEPRECATION")
    private fun startedThe(session: WorkoutSession, store: HealthStore) = store.start(session)

    @Test
    fun `objects outlive what they were made from`() {
        World().use { world ->
            world.begin()
            world.store.close()
            world.clock.close()
            // A session keeps the engine it lives in.
            world.session.pause()
            assertEquals(WorkoutSessionState.PAUSED, world.builder.snapshot().state)
            world.session.close()
            world.builder.addMetadata(mapOf("a" to MetadataText("b")))
        }
    }

    @Test
    fun `closing while others call`() {
        repeat(20) {
            val world = World()
            world.begin()
            val go = CountDownLatch(1)
            val wrong = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
            val callers = List(4) { number ->
                thread {
                    go.await()
                    try {
                        repeat(50) {
                            if (number % 2 == 0) world.session.snapshot() else WorkoutSession(world.store, RUN).close()
                        }
                    } catch (refusal: PacelineException) {
                        if (refusal.code != ErrorCode.STALE_HANDLE) wrong += refusal
                    } catch (failure: Throwable) {
                        wrong += failure
                    }
                }
            }
            go.countDown()
            world.session.snapshot()
            world.session.close()
            world.store.close()
            callers.forEach { it.join() }
            assertTrue(wrong.isEmpty(), "$wrong")
            world.close()
        }
    }

    @Test
    fun `dates that are none`() {
        val wrong = listOf(
            Instant.MIN, Instant.MAX, Instant.ofEpochSecond(253_402_300_800), Instant.ofEpochSecond(-62_135_596_801),
        )
        World().use { world ->
            for (date in wrong) {
                val calls = listOf(
                    { ManualClock(date).let {} }, { Simulation(date).let {} },
                    { world.session.startActivity(date) }, { world.session.stopActivity(date) },
                    { world.builder.beginCollection(date) }, { world.builder.endCollection(date) },
                    { world.builder.elapsedTime(date).let {} }, { world.clock.advanceTo(date) },
                    { world.session.endCurrentActivity(date) },
                    { world.session.report(WorkoutEvent(WorkoutEventType.LAP, date)) },
                    { world.builder.addWorkoutEvents(listOf(WorkoutEvent(WorkoutEventType.MARKER, date))) },
                    { world.builder.addMetadata(mapOf("when" to MetadataDate(date))) },
                    { world.store.ingest(QuantitySample(QuantityType.HEART_RATE, 100.0, date)).let {} },
                    { world.store.ingest(PackedBatch().apply { append(QuantityType.HEART_RATE, 100.0, date) }).let {} },
                    { QuantitySample(QuantityType.HEART_RATE, Quantity(100.0, Units.countPerMinute), date).let {} },
                    { world.store.statistics(UUID(0, 1), listOf(WorkoutInterval(date, date))).let {} },
                    {
                        val until = SamplePredicate(startsBefore = date)
                        checkNotNull(world.builder.dataSource).enableCollection(QuantityType.HEART_RATE, until)
                    },
                )
                for ((index, call) in calls.withIndex()) {
                    assertEquals(ErrorCode.INPUT_OUT_OF_RANGE, codeOf(call), "call $index with $date")
                }
            }
            assertEquals(WorkoutSessionState.NOT_STARTED, world.session.state)
            for (span in listOf((-1).seconds, Duration.INFINITE, -Duration.INFINITE)) {
                assertEquals(ErrorCode.INPUT_OUT_OF_RANGE, codeOf { world.clock.advance(span) }, "$span")
            }
            assertEquals(START, world.store.now)
        }
    }

    @Test
    fun `things that are not`() {
        World().use { world ->
            val nobody = UUID(0, 1)
            assertEquals(ErrorCode.INPUT_MALFORMED, codeOf { world.store.register(SampleSource("", "", SourceKind.DEVICE)) })
            assertNull(world.store.workout(nobody))
            assertEquals(ErrorCode.STORE_NOT_FOUND, codeOf { world.store.samples(nobody, QuantityType.HEART_RATE) })
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { world.store.samples(nobody, QuantityType.HEART_RATE, limit = -1) })
            assertEquals(ErrorCode.INPUT_MALFORMED, codeOf { workoutSessionRecordOf("no json") })
            val openWater = WorkoutConfiguration(WorkoutActivityType.SWIMMING)
                .copy(
                    swimmingLocationType = WorkoutSwimmingLocationType.OPEN_WATER,
                    lapLength = Quantity(25.0, Units.meter),
                )
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { WorkoutSession(world.store, openWater) })
            val nonsense = poolSwim(Quantity(25.0, MeasureUnit("furlong")))
            assertEquals(ErrorCode.INPUT_UNIT, codeOf { WorkoutSession(world.store, nonsense) })
            world.begin()
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { world.builder.updateActivity(nobody, START) })
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { world.builder.addMetadata(mapOf("" to MetadataNumber(1.0))) })
            assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                codeOf { world.builder.addMetadata(mapOf("a" to MetadataNumber(Double.NaN))) },
            )
            val source = world.builder.dataSource
            WorkoutSession(world.store, RUN).use { second ->
                val builder = second.associatedWorkoutBuilder()
                assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { builder.dataSource = source })
                assertNull(builder.dataSource)
            }
        }
    }

    @Test
    fun `files that are no store`(@TempDir folder: Path) {
        val text = Files.writeString(folder.resolve("text"), "this is no store, and it stays as it is")
        assertEquals(ErrorCode.STORE_DAMAGED, codeOf { HealthStore(text) })
        assertEquals("this is no store, and it stays as it is", Files.readString(text))
        assertEquals(ErrorCode.STORE_CANNOT_OPEN, codeOf { HealthStore(folder.resolve("no/such/folder")) })
        val file = folder.resolve("store")
        HealthStore(file).use {
            val other = StoreOptions(file.toString(), syncEvery = 3.seconds)
            assertEquals(ErrorCode.STORE_OPTIONS_DIFFER, codeOf { HealthStore(other) })
        }
    }
}
