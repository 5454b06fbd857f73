package dev.paceline.tests

import dev.paceline.Diagnostics
import dev.paceline.HealthStore
import dev.paceline.LogLevel
import dev.paceline.core.CoreHealthStore
import dev.paceline.examples.FirstSession
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.lang.reflect.Modifier
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
    fun `the public surface knows neither JNA nor the objects of the generated layer`() {
        val classes = ZipFile(jar).use { zip ->
            zip.entries().asSequence().map { it.name }.filter { it.endsWith(".class") && !it.startsWith("META-INF") }.toList()
        }.map { Class.forName(it.removeSuffix(".class").replace('/', '.')) }
        assertTrue(classes.size > 20)
        val strangers = classes.filter { Modifier.isPublic(it.modifiers) && !it.isAnonymousClass && isPublicKotlin(it) }.flatMap { type ->
            val methods = type.methods.filter { it.declaringClass == type && '$' !in it.name && !it.isSynthetic }
            val constructors = type.constructors.filterNot { it.isSynthetic }
            (methods.flatMap { it.parameterTypes.toList() + it.returnType } + constructors.flatMap { it.parameterTypes.toList() })
                .filter { it.name.startsWith("com.sun.jna") || it.simpleName.startsWith("Core") }
                .map { "${type.simpleName} shows ${it.name}" }
        }
        assertEquals(listOf<String>(), strangers.distinct().filterNot { it in constructorsOfOurs })
    }

    /** `internal` is public in bytecode; these constructors cannot be called from Kotlin. */
    private val constructorsOfOurs = listOf("LiveWorkoutBuilder", "LiveWorkoutDataSource", "HealthStore", "ManualClock",
        "Simulation", "SimulatedDevice").map { name ->
        val core = if (name == "LiveWorkoutDataSource") "CoreDataSource" else "Core$name"
        "$name shows ${CoreHealthStore::class.java.packageName}.$core"
    }

    private fun isPublicKotlin(type: Class<*>) =
        type.simpleName !in setOf("Lifeline", "Ears", "SessionBridge", "BuilderBridge", "HostBridge", "LogBridge")

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
        while ("a delegate of the tests" !in line.third) line = lines.take()
        assertEquals(LogLevel.ERROR, line.first)
        assertTrue(line.second.startsWith("paceline"), line.second)
        Diagnostics.log(LogLevel.DEBUG, sink = null)
        assertTrue(lines.none { "123.4" in it.third }, "$lines")
    }
}
