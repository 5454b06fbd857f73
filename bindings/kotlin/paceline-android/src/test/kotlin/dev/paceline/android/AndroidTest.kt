package dev.paceline.android

import android.content.Context
import android.content.ContextWrapper
import android.util.Log
import dev.paceline.HealthStore
import dev.paceline.LogLevel
import dev.paceline.ManualClock
import dev.paceline.QuantityType
import dev.paceline.LiveWorkoutBuilder
import dev.paceline.LiveWorkoutBuilderDelegate
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.QuantitySample
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionState
import java.io.File
import java.nio.file.Path
import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What can be tested without a device behind the framework's classes. */
class AndroidTest {
    private val start = Instant.ofEpochSecond(1_700_000_000)

    @Test
    fun `levels and tags are those of logcat`() {
        val priorities = LogLevel.entries.map(LogcatSink::priority)
        assertEquals(listOf(Log.ERROR, Log.WARN, Log.INFO, Log.DEBUG, Log.VERBOSE), priorities)
        assertEquals("paceline.engine", LogcatSink.tag("paceline::engine"))
        assertEquals(23, LogcatSink.tag("paceline::shell::store::somewhere").length)
    }

    @Test
    fun `the store is one of the app's own files`(@TempDir folder: Path) {
        val app = object : ContextWrapper(null) {
            override fun getApplicationContext(): Context = this

            override fun getDatabasePath(name: String) = File(folder.toFile(), "databases/$name")
        }
        val activity = object : ContextWrapper(null) {
            override fun getApplicationContext(): Context = app
        }
        Stores.open(activity).use { assertTrue(it.workouts().isEmpty()) }
        assertTrue(File(folder.toFile(), "databases/paceline.sqlite").isFile)
    }

    @Test
    fun `delegates hear over there, in order, until it is closed`() {
        val waiting = mutableListOf<Runnable>()
        val mainThread = MainThread { waiting += it }
        val heard = mutableListOf<String>()
        val run = WorkoutConfiguration(WorkoutActivityType.RUNNING)
        val store = HealthStore(clock = ManualClock(start))
        val session = WorkoutSession(store, run)
        val builder = session.associatedWorkoutBuilder()
        builder.dataSource = LiveWorkoutDataSource(run)
        session.delegate = mainThread.of(object : WorkoutSessionDelegate {
            override fun didChangeState(
                session: WorkoutSession,
                to: WorkoutSessionState,
                from: WorkoutSessionState,
                date: Instant,
            ) {
                heard += "$from -> $to"
            }
        })
        builder.delegate = mainThread.of(object : LiveWorkoutBuilderDelegate {
            override fun didCollectData(builder: LiveWorkoutBuilder, types: Set<QuantityType>) {
                heard += types.joinToString()
            }
        })
        session.startActivity()
        builder.beginCollection(start)
        store.ingest(QuantitySample(QuantityType.HEART_RATE, 100.0, start))
        session.pause()
        store.poll()
        assertEquals(listOf<String>(), heard)
        waiting.removeFirst().run()
        waiting.removeFirst().run()
        assertEquals(listOf("notStarted -> running", "heartRate"), heard)
        mainThread.close()
        assertTrue(waiting.isNotEmpty())
        waiting.forEach(Runnable::run)
        assertEquals(2, heard.size)
    }
}
