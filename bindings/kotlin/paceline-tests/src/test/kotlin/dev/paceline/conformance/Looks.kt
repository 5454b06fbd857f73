// Steps that only look.

package dev.paceline.conformance

import dev.paceline.QuantitySample
import dev.paceline.QuantityType
import dev.paceline.SimulatedDevice
import dev.paceline.WorkoutActivity
import dev.paceline.WorkoutInterval
import dev.paceline.toJson
import dev.paceline.workoutSessionRecordOf
import java.util.UUID

/** The result lines of a step; nothing when there is no such verb. */
internal fun look(player: Player, verb: String, arguments: Arguments): List<String>? = when (verb) {
    "show" -> show(player)
    "stats" -> {
        val statistics = player.builder.statistics(arguments.quantityType())
        listOf(if (statistics == null) "none" else tell(statistics))
    }
    "elapsed" -> {
        val (builder, date) = player.builder to arguments.optionalTime()
        listOf(tell(if (date == null) builder.elapsedTime else builder.elapsedTime(date)))
    }
    "types" -> listOf(tell(player.madeSource.typesToCollect))
    "current" -> current(player)
    "record" -> told({ workoutSessionRecordOf(player.session.record.toJson()) }) { record ->
        val what = "${nameOf(record.state)} ${nameOf(record.sessionType)} ${tell(record.configuration)}"
        listOf("record $what${dates(record.startDate, record.endDate)}")
    }
    "payload" -> listOf(tell(player.session.payload))
    "kind" -> listOf(kind(player))
    "durable" -> {
        val word = { durable: Boolean -> if (durable) "yes" else "no" }
        val (session, snapshot) = player.session.isDurable to player.session.snapshot().durable
        listOf("durable session=${word(session)} snapshot=${word(snapshot)}")
    }
    else -> null
}

@Suppress("DEPRECATION")
private fun kind(player: Player) = "${nameOf(player.session.activityType)} ${nameOf(player.session.locationType)}"

private fun show(player: Player): List<String> = buildList {
    val session = player.session.snapshot()
    add("session ${nameOf(session.state)} ${nameOf(session.sessionType)}${dates(session.startDate, session.endDate)}")
    val builder = player.builderIfAny ?: return@buildList
    val snapshot = builder.snapshot()
    add("builder${dates(snapshot.collectionStart, snapshot.collectionEnd)} elapsed ${tell(snapshot.elapsed)}")
    addAll(contents(builder.workoutEvents, snapshot.activities, snapshot.statistics, builder.metadata))
}

private fun current(player: Player): List<String> {
    val tell = { whose: String, activity: WorkoutActivity? ->
        "$whose " + if (activity == null) "none" else tell(activity.configuration) + dates(activity.start, null)
    }
    return listOf(tell("session", player.session.currentActivity)) +
        listOfNotNull(player.builderIfAny).map { tell("builder", it.currentWorkoutActivity) }
}

/** The result lines of a step; nothing when there is no such verb. */
internal fun look(device: SimulatedDevice, verb: String, arguments: Arguments): List<String>? = when (verb) {
    "mode" -> listOf("session mode ${if (device.inSessionMode) "on" else "off"}")
    "owner" -> told({ device.store.sessionOwner() }) { listOf(tell(it)) }
    "unfinished" -> told({ device.store.unfinishedWorkouts() }) { orNone(it.map(::tell)) }
    "workouts" -> told({ device.store.workouts() }) { orNone(it.flatMap(::tell)) }
    "samples" -> {
        val (index, type) = arguments.wholeNumber("an index") to arguments.quantityType()
        ofWorkout(device, index) { id -> told({ allSamples(device, id, type) }) { orNone(it.map(::tell)) } }
    }
    "split" -> {
        val index = arguments.wholeNumber("an index")
        val borders = mutableListOf(arguments.time(), arguments.time())
        while (arguments.hasMore()) borders += arguments.time()
        val parts = borders.zipWithNext(::WorkoutInterval)
        ofWorkout(device, index) { id -> told({ device.store.statistics(id, parts) }) { it.flatMap(::tell) } }
    }
    "count" -> told({ device.store.sampleCount() }) { listOf("$it samples") }
    else -> null
}

/** Looks at a saved workout, counted from the newest. */
private fun ofWorkout(device: SimulatedDevice, index: Long, look: (UUID) -> List<String>): List<String> =
    told({ device.store.workoutIds() }) { ids ->
        look(ids.getOrNull(index.toInt() - 1) ?: throw Wrong("there is no workout $index"))
    }

/** Reads in small pages, so that a short scenario turns one. */
private fun allSamples(device: SimulatedDevice, workout: UUID, type: QuantityType): List<QuantitySample> {
    val all = mutableListOf<QuantitySample>()
    while (true) {
        val page = device.store.samples(workout, type, all.lastOrNull(), 2)
        if (page.isEmpty()) return all
        all += page
    }
}

private fun orNone(lines: List<String>): List<String> = lines.ifEmpty { listOf("none") }
