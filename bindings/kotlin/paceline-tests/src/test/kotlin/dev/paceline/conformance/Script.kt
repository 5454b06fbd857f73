// Reading a scenario: lines, words, arguments.

package dev.paceline.conformance

import dev.paceline.Metadata
import dev.paceline.MetadataAmount
import dev.paceline.MetadataDate
import dev.paceline.MetadataNumber
import dev.paceline.MetadataText
import dev.paceline.MetadataValue
import dev.paceline.PacelineException
import dev.paceline.Quantity
import dev.paceline.QuantityType
import dev.paceline.Units
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutEventType
import dev.paceline.WorkoutSessionLocationType
import dev.paceline.WorkoutSwimmingLocationType
import java.time.Instant

/** When every simulation begins. */
internal val START: Instant = Instant.ofEpochSecond(1_700_000_000)

/** What is wrong with a step. */
internal class Wrong(sentence: String) : Exception(sentence)

/** What is wrong with a file, with its line, counted from 1. */
internal class Fault(val line: Int, val sentence: String) : Exception("$line: $sentence")

internal sealed interface Line {
    /** Empty, or a comment: written as it is. */
    data object Kept : Line

    /** What happened, once. */
    data object Outcome : Line

    class Step(val words: List<String>) : Line

    companion object {
        fun of(text: String): Line {
            if (!text.all { it in ' '..'~' }) throw Wrong("a file is made of ASCII letters, without tabs")
            if (text.endsWith(' ')) throw Wrong("a line does not end with a space")
            if (text.isEmpty() || text.startsWith('#')) return Kept
            if (text.startsWith("    ")) return Outcome
            val words = text.split(' ')
            if (words.any { it.isEmpty() }) throw Wrong("words are separated by single spaces")
            return Step(words)
        }
    }
}

/** The arguments of a step, taken one by one. */
internal class Arguments(words: List<String>) {
    private val positions = ArrayDeque(words.filter { '=' !in it })
    private val options = words.filter { '=' in it }
        .map { it.substringBefore('=') to it.substringAfter('=') }
        .toMutableList()

    /** The next position; [what] says what should stand there, with its article. */
    fun next(what: String): String = positions.removeFirstOrNull() ?: throw Wrong("$what is missing")

    fun hasMore(): Boolean = positions.isNotEmpty()

    /** Takes this word if it comes next. */
    fun takes(word: String): Boolean = (positions.firstOrNull() == word).also { if (it) positions.removeFirst() }

    fun option(name: String): String? {
        val place = options.indexOfFirst { it.first == name }
        return if (place < 0) null else options.removeAt(place).second
    }

    /** All options that were not taken, as metadata. */
    fun entries(): Metadata = options.associate { (key, value) -> key to entry(value) }.also { options.clear() }

    /** Everything must have been taken. */
    fun end() {
        val rest = positions.firstOrNull() ?: options.firstOrNull()?.first ?: return
        throw Wrong("nothing is to be done with \"$rest\"")
    }

    fun time(): Instant = time(next("a time"))

    fun optionalTime(): Instant? = if (hasMore()) time() else null

    fun timeOption(name: String): Instant? = option(name)?.let(::time)

    /** FROM [TO], which may be followed by `and`. */
    fun interval(): Pair<Instant, Instant> {
        val from = time()
        return from to if (hasMore() && positions.first() != "and") time() else from
    }

    fun number(): Double = number(next("a number"))

    fun wholeNumber(what: String): Long {
        val word = next(what)
        return word.toLongOrNull() ?: throw Wrong("\"$word\" is no whole number")
    }

    fun activity(): WorkoutActivityType = activity(next("an activity type"))

    fun location(): WorkoutSessionLocationType =
        named(WorkoutSessionLocationType.entries, next("a location"), "location")

    fun configuration(): WorkoutConfiguration {
        val plain = WorkoutConfiguration(activity(), location())
        val water = option("water")?.let { named(WorkoutSwimmingLocationType.entries, it, "water") }
        val lap = option("lap")?.let { word ->
            if (!word.endsWith('m')) throw Wrong("\"$word\" is no length; write 25m")
            Quantity(number(word.dropLast(1)), Units.meter)
        }
        return plain.copy(swimmingLocationType = water ?: plain.swimmingLocationType, lapLength = lap)
    }

    fun quantityType(): QuantityType = quantityType(next("a quantity type"))

    fun event(): WorkoutEvent {
        val type = named(WorkoutEventType.entries, next("an event type"), "event type")
        val (start, end) = interval()
        return WorkoutEvent(type, start, end)
    }

    /** The things of a list, joined by `and`. */
    fun <Thing> list(one: (Arguments) -> Thing): List<Thing> {
        val all = mutableListOf(one(this))
        while (takes("and")) all += one(this)
        return all
    }
}

private val names = mutableMapOf<Enum<*>, String>()

/** How the reference spells a value. Asked once: it is a call into the engine. */
internal fun nameOf(value: Enum<*>): String = synchronized(names) { names.getOrPut(value) { value.toString() } }

/** The value of a table that has this name. */
internal fun <Value : Enum<Value>> named(all: List<Value>, word: String, what: String): Value =
    all.firstOrNull { nameOf(it) == word } ?: throw Wrong("\"$word\" is no $what")

internal fun activity(word: String): WorkoutActivityType = named(WorkoutActivityType.entries, word, "activity type")

internal fun quantityType(word: String): QuantityType = named(QuantityType.entries, word, "quantity type")

internal fun time(word: String): Instant {
    val match = Regex("(-?)([0-9]+)(s|ms)").matchEntire(word)
    val digits = match?.groupValues?.get(2)?.toUIntOrNull() ?: throw Wrong("\"$word\" is no time; write 60s or 1500ms")
    val millis = digits.toLong() * if (match.groupValues[3] == "s") 1000 else 1
    return START.plusMillis(if (match.groupValues[1] == "-") -millis else millis)
}

internal fun number(word: String): Double = when (word) {
    "nan" -> Double.NaN
    "inf" -> Double.POSITIVE_INFINITY
    else -> word.takeIf { Regex("[-.0-9]+").matches(it) }?.toDoubleOrNull() ?: throw Wrong("\"$word\" is no number")
}

private fun entry(word: String): MetadataValue {
    val wrong = { Wrong("\"$word\" is no metadata value; write KIND:VALUE") }
    if (':' !in word) throw wrong()
    val value = word.substringAfter(':')
    return when (word.substringBefore(':')) {
        "text" -> MetadataText(value)
        "number" -> MetadataNumber(number(value))
        "date" -> MetadataDate(time(value))
        "quantity" -> {
            if (':' !in value) throw wrong()
            val text = value.substringAfter(':')
            val unit = try {
                Units.of(text)
            } catch (_: PacelineException) {
                throw Wrong("\"$text\" is no unit")
            }
            MetadataAmount(Quantity(number(value.substringBefore(':')), unit))
        }
        else -> throw wrong()
    }
}

private val WORLD = setOf("device", "at", "session", "orphan", "legacy", "recover")

/** Whether a word can name something. */
internal fun checkName(word: String) {
    if (!Regex("[a-z][A-Za-z0-9]*").matches(word) || word in WORLD) throw Wrong("\"$word\" is no name")
}
