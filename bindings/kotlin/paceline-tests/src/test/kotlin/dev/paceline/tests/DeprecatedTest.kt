package dev.paceline.tests

import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionLocationType
import dev.paceline.WorkoutSessionState
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The old ways: they work, and a compiler warns of them. */
@Suppress("DEPRECATION")
class DeprecatedTest {
    @Test
    fun `they still work`() {
        World().use { world ->
            val session = WorkoutSession(WorkoutActivityType.CYCLING, WorkoutSessionLocationType.INDOOR)
            assertEquals(WorkoutActivityType.CYCLING, session.activityType)
            assertEquals(WorkoutSessionLocationType.INDOOR, session.locationType)
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { session.startActivity() })
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { session.associatedWorkoutBuilder() })
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { world.store.pause(session) })
            world.store.start(session)
            assertEquals(WorkoutSessionState.RUNNING, session.state)
            world.store.pause(session)
            world.store.resumeWorkoutSession(session)
            World().use { elsewhere ->
                assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { elsewhere.store.end(session) })
            }
            world.store.end(session)
            assertEquals(WorkoutSessionState.ENDED, session.state)
            val yoga = WorkoutConfiguration(WorkoutActivityType.YOGA)
            assertEquals(yoga, WorkoutSession(yoga).workoutConfiguration)
        }
    }

    @Test
    fun `they are marked`() {
        val marked = { it: java.lang.reflect.AnnotatedElement -> it.isAnnotationPresent(Deprecated::class.java) }
        val constructors = WorkoutSession::class.java.constructors.filter(marked)
        assertEquals(2, constructors.size)
        val calls = HealthStore::class.java.methods.filter(marked).map { it.name }.toSet()
        assertEquals(setOf("start", "end", "pause", "resumeWorkoutSession"), calls)
        val getters = WorkoutSession::class.java.methods.filter(marked).map { it.name }
        assertTrue(getters.all { "activityType" in it || "ActivityType" in it || "ocationType" in it }, "$getters")
        assertEquals(2, getters.size, "$getters")
    }
}
