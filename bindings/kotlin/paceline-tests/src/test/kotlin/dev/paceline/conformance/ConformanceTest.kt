package dev.paceline.conformance

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Plays every scenario of `tests/conformance`. The format is described in the README there. */
class ConformanceTest {
    private val folder = File(System.getProperty("paceline.root"), "tests/conformance")

    @TestFactory
    fun scenarios(): List<DynamicTest> {
        val files = folder.listFiles { file -> file.extension == "scenario" }.orEmpty().sorted()
        assertTrue(files.isNotEmpty(), "there are no scenarios in $folder")
        return files.map { file -> dynamicTest(file.name) { play(file) } }
    }

    private fun play(file: File) {
        val written = file.readText()
        val happened = try {
            Stage.play(written)
        } catch (fault: Fault) {
            fail("${file.name}:$fault", fault)
        }
        if (happened != written) fail<Unit>("${file.name}:${difference(written, happened)}")
    }

    /** The first line that differs: the step it stands under, what the file says and what happened. */
    private fun difference(written: String, happened: String): String {
        val (old, new) = written.lines() to happened.lines()
        val same = old.zip(new).takeWhile { (one, other) -> one == other }.size
        val step = new.take(same).lastOrNull { !it.startsWith("    ") }.orEmpty()
        return "${same + 1}: not as written\n  $step\n  - ${old.getOrNull(same)}\n  + ${new.getOrNull(same)}"
    }

    @Test
    fun `a fault of a file is told with its line`() {
        val story = { last: String -> "# A story.\n\ndevice watch\nsession run running outdoor\n$last\n" }
        for ((last, sentence) in listOf(
            "run fly" to "a session has no verb \"fly\"",
            "walk start" to "nothing is called \"walk\"",
            "run start soon" to "\"soon\" is no time; write 60s or 1500ms",
            "run start 5s 6s" to "nothing is to be done with \"6s\"",
            "run start  5s" to "words are separated by single spaces",
            "run start " to "a line does not end with a space",
            "run begin running" to "a location is missing",
            "watch ingest heartbeat 140 0s" to "\"heartbeat\" is no quantity type",
            "run add heartRate many 0s" to "\"many\" is no number",
            "run enable heartRate" to "run has no data source yet",
            "run when tired pause" to "\"tired\" is nothing that a delegate hears",
            "session run cycling outdoor" to "the name \"run\" is taken",
            "session at cycling outdoor" to "\"at\" is no name",
            "session recover cycling outdoor" to "\"recover\" is no name",
            "recover watch" to "the name \"watch\" is taken",
            "recover run on=phone" to "no device is called \"phone\"",
            "device phone arbitration=newcomer" to "\"newcomer\" is no arbitration; write refuse, ask or handOver",
            "run payload two words" to "nothing is to be done with \"words\"",
            "at -5s" to "time does not go back",
            "run\tstart" to "a file is made of ASCII letters, without tabs",
            "run addMetadata title=Intervals" to "\"Intervals\" is no metadata value; write KIND:VALUE",
        )) {
            val fault = assertThrows(Fault::class.java, { Stage.play(story(last)) }, last)
            assertEquals(5 to sentence, fault.line to fault.sentence, last)
        }
        val fault = assertThrows(Fault::class.java) { Stage.play(story("run when running fly\nrun start")) }
        assertEquals(6 to "a session has no verb \"fly\"", fault.line to fault.sentence)
        assertThrows(Fault::class.java) { Stage.play("device watch") }
    }

    @Test
    fun `what did not happen is not passed over`() {
        val written = "device watch\nsession run running outdoor\nrun start\n    ok\nrun pause\n    error 1003 invalidArgument\n"
        assertTrue(Stage.play(written) != written)
    }
}
