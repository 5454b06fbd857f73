package dev.paceline.tests

import dev.paceline.AggregationStyle
import dev.paceline.ErrorCode
import dev.paceline.ErrorDomain
import dev.paceline.HealthStore
import dev.paceline.LiveWorkoutBuilderDelegate
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.ManualClock
import dev.paceline.MeasureUnit
import dev.paceline.MetadataAmount
import dev.paceline.MetadataDate
import dev.paceline.MetadataNumber
import dev.paceline.MetadataText
import dev.paceline.PacelineException
import dev.paceline.Quantity
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
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
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionState
import dev.paceline.WorkoutSessionType
import dev.paceline.aggregationStyle
import dev.paceline.averageQuantity
import dev.paceline.code
import dev.paceline.compareTo
import dev.paceline.describe
import dev.paceline.domain
import dev.paceline.isCompatibleWith
import dev.paceline.number
import dev.paceline.poolSwim
import dev.paceline.quantity
import dev.paceline.reason
import dev.paceline.statistics
import dev.paceline.storedUnit
import dev.paceline.toJson
import dev.paceline.value
import dev.paceline.valueIn
import dev.paceline.workoutSessionRecordOf
import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What there is, used as it is meant to be used. */
class SurfaceTest {
    @Test
    fun `a workout from start to end`() {
        World().use { world ->
            val recorder = Recorder()
            world.session.delegate = recorder
            world.builder.delegate = recorder.ofBuilder
            world.begin()
            world.beat(140.0)
            world.clock.advance(60.seconds)
            world.session.pause()
            world.clock.advance(60.seconds)
            world.session.resume()
            world.beat(150.0)
            world.clock.advance(1.minutes)
            world.builder.addMetadata(mapOf("title" to MetadataText("Morning"), "effort" to MetadataNumber(7.0)))
            val workout = checkNotNull(world.finish())

            assertEquals(world.session.id, workout.id)
            assertEquals(START, workout.start)
            assertEquals(START.plusSeconds(180), workout.end)
            assertEquals(2.minutes, workout.duration)
            assertEquals(listOf(WorkoutEventType.PAUSE, WorkoutEventType.RESUME), workout.events.map { it.eventType })
            assertEquals(Quantity(145.0, Units.countPerMinute), workout.statistics(QuantityType.HEART_RATE)?.averageQuantity)
            assertNull(workout.statistics(QuantityType.STEP_COUNT))
            assertEquals(MetadataText("Morning"), workout.metadata["title"])
            assertEquals(MetadataNumber(7.0), workout.metadata["effort"])
            assertEquals(listOf(workout), world.store.workouts())
            assertEquals(workout, world.store.workout(workout.id))
            assertEquals(listOf(140.0, 150.0), world.store.samples(workout.id, QuantityType.HEART_RATE).map { it.value })
            assertEquals(1, world.store.samples(workout.id, QuantityType.HEART_RATE, limit = 1).size)
            val halves = world.store.statistics(
                workout.id,
                listOf(
                    WorkoutInterval(START, START.plusSeconds(120)),
                    WorkoutInterval(START.plusSeconds(120), START.plusSeconds(180)),
                ),
            )
            assertEquals(listOf(60.seconds, 60.seconds), halves.map { it.duration })
            assertEquals(150.0, halves[1].statistics(QuantityType.HEART_RATE)?.average)
            assertEquals(
                listOf(
                    "notStarted -> running at 0", "data heartRate", "running -> paused at 60", "event pause",
                    "builder event", "paused -> running at 120", "event resume", "builder event", "data heartRate",
                    "running -> stopped at 180", "stopped -> ended at 180",
                ),
                recorder.heard,
            )
        }
    }

    @Test
    fun `a session shows itself`() {
        World().use { world ->
            val session = world.session
            assertEquals(WorkoutSessionState.NOT_STARTED, session.state)
            assertEquals(WorkoutSessionType.PRIMARY, session.type)
            assertNull(session.startDate)
            assertEquals(RUN, session.workoutConfiguration)
            world.begin()
            world.clock.advance(10.seconds)
            assertEquals(START, session.startDate)
            assertNull(session.endDate)
            assertEquals(10.seconds, session.currentActivity.duration)
            assertEquals(10.seconds, session.snapshot().elapsed)
            assertEquals(10.seconds, world.builder.elapsedTime)
            assertEquals(5.seconds, world.builder.elapsedTime(START.plusSeconds(5)))
            assertTrue(QuantityType.HEART_RATE in session.snapshot().typesToCollect)
            assertEquals("<WorkoutSession ${session.id} running [Primary]>", session.toString())
            session.end()
            assertEquals(START.plusSeconds(10), session.endDate)
            session.close()
            assertEquals("<WorkoutSession ${session.id} closed>", session.toString())
        }
    }

    @Test
    fun `equality and hash are those of the session`() {
        World().use { world ->
            WorkoutSession(world.store, RUN).use { other ->
                assertEquals(world.session, world.session)
                assertNotEquals(world.session, other)
                assertEquals(2, setOf(world.session, other, world.session).size)
                assertSame(world.builder, world.session.associatedWorkoutBuilder())
                assertSame(world.session, world.builder.workoutSession)
                assertNotEquals(world.builder, other.associatedWorkoutBuilder())
                val (one, two) = LiveWorkoutDataSource() to LiveWorkoutDataSource()
                world.builder.dataSource = one
                assertSame(one, world.builder.dataSource)
                assertNotEquals(one, two)
                assertEquals(setOf(one), setOf(one, one))
                world.builder.dataSource = null
                assertNull(world.builder.dataSource)
                // One that was closed is found again as another object.
                world.builder.dataSource = two
                two.close()
                assertEquals(world.builder.dataSource, world.builder.dataSource)
            }
        }
    }

    @Test
    fun `activities of a triathlon`() {
        ManualClock(START).use { clock ->
            val store = HealthStore(clock = clock)
            val session = WorkoutSession(store, WorkoutConfiguration(WorkoutActivityType.SWIM_BIKE_RUN))
            val builder = session.associatedWorkoutBuilder()
            val recorder = Recorder()
            session.delegate = recorder
            builder.delegate = recorder.ofBuilder
            session.startActivity()
            builder.beginCollection(START)
            val pool = poolSwim(Quantity(25.0, Units.meter))
            session.beginNewActivity(pool, START, mapOf("leg" to MetadataNumber(1.0)))
            clock.advance(10.minutes)
            session.beginNewActivity(WorkoutConfiguration(WorkoutActivityType.CYCLING), store.now)
            clock.advance(20.minutes)
            session.endCurrentActivity(store.now)
            store.poll()
            val activities = builder.workoutActivities
            assertEquals(
                listOf(WorkoutActivityType.SWIMMING, WorkoutActivityType.CYCLING),
                activities.map { it.configuration.activityType },
            )
            assertEquals(listOf(10.minutes, 20.minutes), activities.map { it.duration })
            assertEquals(pool, activities[0].configuration)
            assertEquals(mapOf("leg" to MetadataNumber(1.0)), activities[0].metadata)
            assertNull(builder.currentWorkoutActivity)
            builder.updateActivity(activities[1].id, mapOf("wind" to MetadataText("west")))
            assertEquals(MetadataText("west"), builder.workoutActivities[1].metadata["wind"])
            assertTrue(recorder.heard.containsAll(listOf("began swimming at 0", "ended cycling at 1800", "builder ended cycling")))
            session.close()
            builder.close()
            store.close()
        }
    }

    @Test
    fun `samples, events and activities by hand`() {
        World().use { world ->
            world.begin()
            world.clock.advance(100.seconds)
            world.builder.addSamples(listOf(QuantitySample(QuantityType.RUNNING_POWER, 250.0, START.plusSeconds(3))))
            world.builder.addWorkoutEvents(listOf(WorkoutEvent(WorkoutEventType.LAP, START, START.plusSeconds(50))))
            val id = world.builder.addWorkoutActivity(RUN, START, START.plusSeconds(40))
            world.builder.updateActivity(id, START.plusSeconds(50))
            assertEquals(250.0, world.builder.statistics(QuantityType.RUNNING_POWER)?.average)
            assertEquals(setOf(QuantityType.RUNNING_POWER), world.builder.allStatistics.keys)
            assertEquals(listOf(WorkoutEventType.LAP), world.builder.workoutEvents.map { it.eventType })
            assertEquals(START.plusSeconds(50), world.builder.workoutActivities.single().end)
            val metadata = mapOf(
                "when" to MetadataDate(START),
                "goal" to MetadataAmount(Quantity(5.0, Units.kilometer)),
            )
            world.builder.addMetadata(metadata)
            assertEquals(metadata, world.builder.metadata)
            assertTrue(world.builder.shouldCollectWorkoutEvents)
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { world.builder.shouldCollectWorkoutEvents = false })
            world.builder.discardWorkout()
            assertEquals(1, world.store.sampleCount())
        }
    }

    @Test
    fun `records are written the same everywhere`() {
        World().use { world ->
            val swim = WorkoutSession(world.store, poolSwim(Quantity(50.0, Units.meter)))
            swim.startActivity(START)
            for (record in listOf(swim.record, world.session.record)) {
                assertEquals(record, workoutSessionRecordOf(record.toJson()))
            }
            assertEquals(WorkoutSessionState.RUNNING, swim.record.state)
            val unknown = swim.record.toJson().replace("\"state\":2", "\"state\":99")
            assertEquals(ErrorCode.INPUT_MALFORMED, codeOf { workoutSessionRecordOf(unknown) })
            assertEquals(ErrorCode.INPUT_MALFORMED, codeOf { workoutSessionRecordOf("{}") })
        }
    }

    @Test
    fun `quantities and units`() {
        assertEquals(12_500.0, Quantity(12.5, Units.kilometer).valueIn(Units.meter))
        assertEquals(0, Quantity(1.0, Units.mile).compareTo(Quantity(1609.344, Units.meter)))
        assertTrue(Quantity(1.0, Units.mile) > Quantity(1.0, Units.kilometer))
        assertEquals("97 %", Quantity(0.97, Units.percent).describe())
        assertTrue(Units.of("kg/m.s^2").isCompatibleWith(Units.of("Pa")))
        assertEquals(Units.countPerMinute, QuantityType.HEART_RATE.storedUnit)
        assertEquals(AggregationStyle.DISCRETE_TEMPORALLY_WEIGHTED, QuantityType.HEART_RATE.aggregationStyle)
        assertEquals(ErrorCode.INPUT_UNIT, codeOf { Units.of("furlong") })
        assertEquals(ErrorCode.INPUT_UNIT, codeOf { Quantity(1.0, Units.meter).valueIn(Units.second) })
        assertEquals(ErrorCode.INPUT_OUT_OF_RANGE, codeOf { Quantity(Double.POSITIVE_INFINITY, Units.meter).valueIn(Units.mile) })
        val sample = QuantitySample(QuantityType.DISTANCE_CYCLING, Quantity(2.0, Units.kilometer), START)
        assertEquals(Quantity(2000.0, Units.meter), sample.quantity)
        // Every unit that has a name here is one that the engine reads.
        val units = Units::class.java.methods.filter { it.returnType == MeasureUnit::class.java && it.parameterCount == 0 }
        assertTrue(units.size >= 18)
        for (unit in units) assertEquals(unit.invoke(Units), Units.of((unit.invoke(Units) as MeasureUnit).text), unit.name)
    }

    @Test
    fun `an error says what to act on`() {
        World().use { world ->
            val error = assertThrows(PacelineException::class.java) { world.session.pause() }
            assertEquals(ErrorCode.INVALID_ARGUMENT, error.code)
            assertEquals(ErrorDomain.HEALTH, error.domain)
            assertEquals(1003, error.code.number)
            assertEquals("invalidArgument", error.code.toString())
            assertTrue(error.reason.isNotBlank())
            assertTrue(error.reason in error.toString(), error.toString())
            val unit = assertThrows(PacelineException::class.java) { Units.of("furlong") }
            assertEquals(ErrorDomain.INPUT, unit.domain)
            assertEquals("furlong", unit.value)
            // Every code is of a domain, and an error can be made with it.
            for (code in ErrorCode.entries) {
                val made = PacelineException(code, "a sentence", "7")
                assertEquals(listOf(code, "a sentence", "7"), listOf(made.code, made.reason, made.value))
                assertEquals(code.number / 1000, made.domain.value.toInt())
            }
        }
    }

    @Test
    fun `a store in a file is read again`(@TempDir folder: Path) {
        val file = folder.resolve("store.sqlite")
        val id = ManualClock(START).use { clock ->
            HealthStore(StoreOptions(file.toString()), clock).use { store ->
                val session = WorkoutSession(store, RUN)
                val builder = session.associatedWorkoutBuilder()
                session.startActivity()
                builder.beginCollection(START)
                clock.advance(90.seconds)
                session.stopActivity()
                builder.endCollection(store.now)
                builder.finishWorkout()
                session.end()
                session.close()
                builder.close()
                session.id
            }
        }
        HealthStore(file).use { store ->
            assertEquals(listOf(id), store.workoutIds())
            assertEquals(90.seconds, store.workout(id)?.duration)
        }
        HealthStore(StoreOptions()).use { assertTrue(it.workouts().isEmpty()) }
    }

    @Test
    fun `a simulation with two devices`() {
        Simulation(START, seed = 7u).use { simulation ->
            val watch = simulation.addDevice("watch", listOf(WorkoutActivityType.UNDERWATER_DIVING))
            val phone = simulation.addDevice("phone")
            assertEquals("watch", watch.name)
            assertEquals("phone", simulation.device("phone")?.name)
            assertNull(simulation.device("tablet"))
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { simulation.addDevice("phone") })
            val dive = WorkoutConfiguration(WorkoutActivityType.UNDERWATER_DIVING)
            assertEquals(ErrorCode.WORKOUT_ACTIVITY_NOT_ALLOWED, codeOf { WorkoutSession(watch.store, dive) })
            val session = WorkoutSession(phone.store, dive)
            val recorder = Recorder()
            session.delegate = recorder
            session.startActivity()
            assertTrue(phone.inSessionMode)
            simulation.advance(5.seconds)
            phone.refuseSessionMode(PacelineException(ErrorCode.USER_EXITED_WORKOUT_SESSION, "the person left"))
            simulation.poll()
            assertEquals(
                listOf("notStarted -> running at 0", "failed userExitedWorkoutSession", "running -> ended at 5"),
                recorder.heard,
            )
            simulation.advanceTo(START.plusSeconds(60))
            assertEquals(START.plusSeconds(60), simulation.now)
            assertEquals(simulation.now, simulation.clock.now)
        }
        // The same seed gives the same ids.
        val ids = List(2) { Simulation(START, 3u).use { WorkoutSession(it.addDevice("watch").store, RUN).id } }
        assertEquals(ids[0], ids[1])
    }

    @Test
    fun `a workout that was killed goes on`() {
        Simulation(START).use { simulation ->
            val watch = simulation.addDevice("watch")
            val session = WorkoutSession(watch.store, RUN)
            val builder = session.associatedWorkoutBuilder()
            builder.dataSource = LiveWorkoutDataSource(RUN)
            session.startActivity()
            builder.beginCollection(START)
            session.payload = "round 7".encodeToByteArray()
            watch.store.ingest(QuantitySample(QuantityType.HEART_RATE, 140.0, START))
            // A session that the app has is the one that it gets, and it keeps its delegate.
            assertSame(session, watch.store.recoverActiveWorkoutSession())
            assertEquals(session.id, watch.store.sessionOwner()?.session)
            simulation.advance(60.seconds)

            watch.kill()
            assertEquals(ErrorCode.STALE_HANDLE, codeOf { session.pause() })
            assertEquals(ErrorCode.STALE_HANDLE, codeOf { watch.store.workouts() })
            assertEquals(WorkoutSessionState.RUNNING, session.state)
            watch.relaunch()
            val recovered = checkNotNull(watch.store.recoverActiveWorkoutSession())
            assertNotEquals(session, recovered)
            assertEquals(session.id, recovered.id)
            assertEquals(WorkoutSessionState.RUNNING, recovered.state)
            assertEquals("round 7", recovered.payload.decodeToString())
            val again = recovered.associatedWorkoutBuilder()
            assertNotEquals(builder, again)
            assertEquals(140.0, again.statistics(QuantityType.HEART_RATE)?.average)
            assertEquals(true, again.dataSource?.typesToCollect?.contains(QuantityType.HEART_RATE))
            recovered.stopActivity()
            again.endCollection(simulation.now)
            assertEquals(1.minutes, again.finishWorkout()?.duration)
            recovered.end()
            assertNull(watch.store.recoverActiveWorkoutSession())
            assertNull(watch.store.sessionOwner())
        }
    }

    @Test
    fun `a session that was closed is recovered as another object`() {
        World().use { world ->
            world.begin()
            world.session.close()
            val recovered = checkNotNull(world.store.recoverActiveWorkoutSession())
            assertEquals(world.session.id, recovered.id)
            val recorder = Recorder()
            recovered.delegate = recorder
            recovered.pause()
            world.store.poll()
            assertTrue("running -> paused at 0" in recorder.heard, "${recorder.heard}")
        }
    }

    @Test
    fun `a file that cannot be opened is set aside`(@TempDir folder: Path) {
        val file = Files.writeString(folder.resolve("store"), "this is no store")
        val aside = HealthStore.setAside(file)
        assertEquals("this is no store", Files.readString(aside))
        assertEquals(folder, aside.parent)
        HealthStore(file).use {
            assertEquals(ErrorCode.STORE_BUSY, codeOf { HealthStore.setAside(file) })
        }
        assertEquals(ErrorCode.STORE_NOT_FOUND, codeOf { HealthStore.setAside(folder.resolve("none")) })
    }

    @Test
    fun `times cross rounded to the nearest microsecond`() {
        for ((nanos, micros) in listOf(123_456_499 to 123_456, 123_456_500 to 123_457, 999_999_900 to 1_000_000, 0 to 0)) {
            for (second in listOf(-86_400L * 365 * 100, -1L, 0L, 1_700_000_000L)) {
                val clock = ManualClock(Instant.ofEpochSecond(second, nanos.toLong()))
                assertEquals(Instant.ofEpochSecond(second, micros * 1000L), clock.now)
            }
        }
        val clock = ManualClock(START)
        clock.advance(1.microseconds)
        assertEquals(START.plusNanos(1000), clock.now)
    }

    @Test
    fun `sources are registered once`() {
        World().use { world ->
            val strap = SampleSource("strap", "Strap", SourceKind.EXTERNAL)
            assertEquals(world.store.register(strap), world.store.register(strap))
            assertNotEquals(world.store.register(strap), world.store.register(strap.copy(identifier = "other")))
        }
    }

    @Test
    fun `a delegate needs to say nothing`() {
        World().use { world ->
            world.session.delegate = object : WorkoutSessionDelegate {}
            world.builder.delegate = object : LiveWorkoutBuilderDelegate {}
            world.begin()
            world.beat(100.0)
            world.session.beginNewActivity(RUN, world.store.now)
            world.session.pause()
            world.session.fail(PacelineException(ErrorCode.UNKNOWN, "over"))
            assertTrue(world.store.poll().delivered > 4u)
            assertFalse(world.session.state == WorkoutSessionState.PAUSED)
        }
    }
}
