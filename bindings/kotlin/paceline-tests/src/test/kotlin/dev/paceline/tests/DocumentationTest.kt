package dev.paceline.tests

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What is public is explained. */
class DocumentationTest {
    private val sources = listOf("paceline", "paceline-android")
        .flatMap { File(System.getProperty("paceline.root"), "bindings/kotlin/$it/src/main").walk().toList() }
        .filter { it.extension == "kt" }

    @Test
    fun `everything public has a comment`() {
        val (declared, bare) = sources.flatMap { file -> declarations(file) }.let { all -> all to all.filterNot { it.second } }
        assertTrue(declared.size > 150, "${declared.size} declarations")
        assertEquals(listOf<String>(), bare.map { it.first })
    }

    /** Every public declaration of a file, and whether a comment stands above it. */
    private fun declarations(file: File): List<Pair<String, Boolean>> {
        val lines = file.readLines().map { it.trim() }
        return lines.indices.filter { lines[it].startsWith("public ") }.map { index ->
            val above = lines.take(index).last { !it.startsWith("@") }
            "${file.name}:${index + 1}: ${lines[index]}" to above.endsWith("*/")
        }
    }

    @Test
    fun `the border does not show`() {
        // What follows is not seen from outside: constructors that are not public, and how things are made.
        val unseen = Regex("(internal|private) constructor\\(.*|: this\\(.*| = .*|get\\(\\).*")
        val shown = sources.flatMap(::declarations).map { it.first.replace(unseen, "") }.filter { "\\bCore[A-Z]".toRegex() in it }
        assertEquals(listOf<String>(), shown)
        assertEquals(listOf<String>(), sources.filter { "com.sun.jna" in it.readText() }.map { it.name })
    }

    @Test
    fun `comments name no framework of another platform`() {
        val word = "Health" + "Kit"
        assertEquals(listOf<String>(), sources.filter { word in it.readText() }.map { it.name })
    }
}
