// How values are written.

package dev.paceline.conformance

import dev.paceline.IntervalStatistics
import dev.paceline.Metadata
import dev.paceline.MetadataAmount
import dev.paceline.MetadataDate
import dev.paceline.MetadataNumber
import dev.paceline.MetadataText
import dev.paceline.PacelineException
import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.SessionOwner
import dev.paceline.Statistics
import dev.paceline.UnfinishedWorkout
import dev.paceline.Workout
import dev.paceline.WorkoutActivity
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutSwimmingLocationType
import dev.paceline.code
import dev.paceline.number
import java.time.Duration as JavaDuration
import java.time.Instant
import kotlin.math.abs
import kotlin.math.floor
import kotlin.time.Duration

/** The lines that a call leaves behind: its error, or what is made of its value. */
internal fun <Value> told(call: () -> Value, lines: (Value) -> List<String>): List<String> {
    val value = try {
        call()
    } catch (refusal: PacelineException) {
        return listOf("error ${tell(refusal)}")
    }
    return lines(value)
}

/** The line of a call that returns nothing. */
internal fun ok(call: () -> Unit): List<String> = told(call) { listOf("ok") }

/** The line of a call whose success goes without saying. */
internal fun silent(call: () -> Unit): List<String> = told(call) { emptyList() }

internal fun tell(error: PacelineException): String = "${error.code.number} ${nameOf(error.code)}"

internal fun tell(date: Instant): String = "${JavaDuration.between(START, date).toMillis()}ms"

internal fun tell(span: Duration): String = "${span.inWholeMilliseconds}ms"

/** A number in thousandths, as an integer; halves go away from zero. */
internal fun thousandths(number: Double): Long {
    val thousand = number * 1000
    val whole = floor(abs(thousand))
    val rounded = if (abs(thousand) - whole >= 0.5) whole + 1 else whole
    return (if (thousand < 0) -rounded else rounded).toLong()
}

internal fun interval(start: Instant, end: Instant): String =
    if (start == end) "at ${tell(start)}" else "from ${tell(start)} to ${tell(end)}"

/** The dates that there are, each with its word before it. */
internal fun dates(start: Instant?, end: Instant?): String =
    (start?.let { " from ${tell(it)}" } ?: "") + (end?.let { " to ${tell(it)}" } ?: "")

internal fun tell(configuration: WorkoutConfiguration): String {
    var text = "${nameOf(configuration.activityType)} ${nameOf(configuration.locationType)}"
    if (configuration.swimmingLocationType != WorkoutSwimmingLocationType.UNKNOWN) {
        text += " water=${nameOf(configuration.swimmingLocationType)}"
    }
    configuration.lapLength?.let { text += " lap=${thousandths(it.value)}m" }
    return text
}

/** All entries, each after a space. */
private fun entries(metadata: Metadata): String = metadata.toSortedMap().map { (key, value) ->
    " $key=" + when (value) {
        is MetadataText -> "text:${value.text}"
        is MetadataNumber -> "number:${thousandths(value.number)}"
        is MetadataDate -> "date:${tell(value.date)}"
        is MetadataAmount -> "quantity:${thousandths(value.quantity.value)}:${value.quantity.unit.text}"
    }
}.joinToString("")

internal fun tell(event: WorkoutEvent): String =
    "${nameOf(event.eventType)} ${interval(event.start, event.end)}${entries(event.metadata)}"

internal fun tell(types: Set<QuantityType>): String =
    types.sortedBy { it.value }.joinToString(",", transform = ::nameOf).ifEmpty { "none" }

internal fun tell(one: Statistics): String {
    var text = "statistics ${nameOf(one.quantityType)} from ${tell(one.start)} to ${tell(one.end)} count ${one.count}"
    val values = listOf("sum" to one.sum, "average" to one.average, "minimum" to one.minimum, "maximum" to one.maximum)
    for ((name, value) in values) {
        if (value != null) text += " $name ${thousandths(value)}"
    }
    one.mostRecent?.let { text += " latest ${thousandths(it.value)} ${interval(it.start, it.end)}" }
    return text
}

/** What a workout or a builder holds. */
internal fun contents(
    events: List<WorkoutEvent>,
    activities: List<WorkoutActivity>,
    statistics: List<Statistics>,
    metadata: Metadata,
): List<String> = buildList {
    events.forEach { add("event ${tell(it)}") }
    for (activity in activities) {
        val lasting = if (activity.end == null) "" else " lasting ${tell(activity.duration)}"
        val head = tell(activity.configuration) + dates(activity.start, activity.end)
        add("activity $head$lasting${entries(activity.metadata)}")
        activity.statistics.forEach { add("activity ${tell(it)}") }
    }
    statistics.forEach { add(tell(it)) }
    if (metadata.isNotEmpty()) add("metadata${entries(metadata)}")
}

internal fun tell(workout: Workout): List<String> {
    val head = tell(workout.configuration) + dates(workout.start, workout.end)
    return listOf("workout $head lasting ${tell(workout.duration)}") +
        contents(workout.events, workout.activities, workout.statistics, workout.metadata)
}

internal fun tell(owner: SessionOwner?): String {
    if (owner == null) return "owner none"
    val (place, life) = (if (owner.isHere) "here" else "elsewhere") to (if (owner.isAlive) "alive" else "dead")
    return "owner ${nameOf(owner.state)} ${tell(owner.configuration)} $place $life"
}

internal fun tell(workout: UnfinishedWorkout): String {
    val (place, life) = (if (workout.isHere) "here" else "elsewhere") to (if (workout.isAlive) "alive" else "dead")
    val what = "${nameOf(workout.state)} ${tell(workout.configuration)}${dates(workout.startDate, workout.lastDate)}"
    return "unfinished $what $place $life ${tell(workout.payload)}"
}

internal fun tell(payload: ByteArray): String = "payload ${payload.decodeToString().ifEmpty { "none" }}"

internal fun tell(part: IntervalStatistics): List<String> =
    listOf("part${dates(part.start, part.end)} lasting ${tell(part.duration)}") +
        part.statistics.map { "part ${tell(it)}" }

internal fun tell(sample: QuantitySample): String =
    "sample ${nameOf(sample.quantityType)} ${thousandths(sample.value)} ${interval(sample.start, sample.end)}"
