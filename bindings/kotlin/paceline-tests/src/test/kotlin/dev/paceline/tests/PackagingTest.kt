package dev.paceline.tests

import dev.paceline.Diagnostics
import dev.paceline.HealthStore
import dev.paceline.LogLevel
import dev.paceline.examples.FirstSession
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.util.concurrent.LinkedBlockingQueue
import java.util.zip.ZipFile
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** What is shipped: the jars, as an app has them on its class path. */
@Timeout(60)
class PackagingTest {
    private val jar = File(HealthStore::class.java.protectionDomain.codeSource.location.toURI())

    @Test
    fun `the library comes out of the jar`() {
        assertTrue(jar.isFile && jar.extension == "jar", "the tests do not run against a jar: $jar")
        val library = com.sun.jna.Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("paceline")
        ZipFile(jar).use { zip -> assertTrue(zip.getEntry(library) != null, "$library is not in $jar") }
        // Nothing tells JNA of another place, and what it loaded was unpacked from the jar.
        assertNull(System.getProperty("jna.library.path"))
        assertNull(System.getProperty("uniffi.component.paceline.libraryOverride"))
        assertTrue(Diagnostics.version.matches(Regex("[0-9]+\\.[0-9]+\\.[0-9]+")))
        val maps = File("/proc/self/maps").takeIf { it.canRead() } ?: return
        val loaded = maps.readLines().map { it.substringAfter('/', "") }.filter { it.isNotEmpty() }.toSet()
        assertEquals(listOf<String>(), loaded.filter { "libpaceline" in it })
        // JNA unpacks its own library, too.
        assertEquals(2, loaded.count { File(it).name.startsWith("jna") }, "$loaded")
    }

    @Test
    fun `the first session prints what the paper says`() {
        val paper = File(System.getProperty("paceline.root"), "docs/first-session.md").readText()
        val expected = paper.substringAfter("```text\n").substringBefore("```")
        val (bytes, console) = ByteArrayOutputStream() to System.out
        System.setOut(PrintStream(bytes, true))
        try {
            FirstSession.main(emptyArray())
        } finally {
            System.setOut(console)
        }
        assertEquals(expected, bytes.toString(Charsets.UTF_8))
    }

    @Test
    fun `log lines come to a sink, and measured values do not`() {
        val lines = LinkedBlockingQueue<Triple<LogLevel, String, String>>()
        Diagnostics.log(LogLevel.DEBUG) { level, target, text -> lines += Triple(level, target, text) }
        World().use { world ->
            world.session.delegate = Recorder { error("a delegate of the tests") }
            world.begin()
            world.beat(123.456)
            world.finish()
        }
        var line = lines.take()
        while ("a delegate failed" !in line.third) line = lines.take()
        assertEquals(LogLevel.ERROR, line.first)
        assertTrue(line.second.startsWith("paceline"), line.second)
        Diagnostics.log(LogLevel.DEBUG, sink = null)
        assertTrue(lines.none { "123.4" in it.third || "a delegate of the tests" in it.third }, "$lines")
    }
}
