// Steps that do something: each is one call of the public interface.

package dev.paceline.conformance

import dev.paceline.AuthorizationStatus
import dev.paceline.ErrorCode
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.OWN_SOURCE
import dev.paceline.PackedBatch
import dev.paceline.PacelineException
import dev.paceline.QuantitySample
import dev.paceline.SamplePredicate
import dev.paceline.SampleSource
import dev.paceline.SimulatedDevice
import dev.paceline.SourceKind
import dev.paceline.WorkoutActivityType
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionLocationType
import dev.paceline.code
import dev.paceline.number
import java.time.Instant
import java.time.temporal.ChronoUnit
import java.util.UUID
import kotlin.time.Duration.Companion.microseconds

@Suppress("DEPRECATION")
internal fun orphan(configuration: WorkoutConfiguration): WorkoutSession = WorkoutSession(configuration)

@Suppress("DEPRECATION")
internal fun legacy(activity: WorkoutActivityType, location: WorkoutSessionLocationType): WorkoutSession =
    WorkoutSession(activity, location)

/** The result lines of a step; nothing when there is no such verb. */
internal fun playSession(stage: Stage, player: Player, verb: String, arguments: Arguments): List<String>? {
    val session = player.session
    return when (verb) {
        "prepare" -> ok { session.prepare() }
        "start" -> arguments.optionalTime().let { ok { session.startActivity(it) } }
        "pause" -> ok { session.pause() }
        "resume" -> ok { session.resume() }
        "stop" -> arguments.optionalTime().let { ok { session.stopActivity(it) } }
        "end" -> ok { session.end() }
        "begin" -> {
            val configuration = arguments.configuration()
            val date = arguments.timeOption("on") ?: stage.now
            val entries = arguments.entries()
            ok { session.beginNewActivity(configuration, date, entries) }
        }
        "endActivity" -> (arguments.optionalTime() ?: stage.now).let { ok { session.endCurrentActivity(it) } }
        "report" -> arguments.event().copy(metadata = arguments.entries()).let { ok { session.report(it) } }
        "fail" -> failure(arguments).let { ok { session.fail(it) } }
        "payload" -> {
            if (!arguments.hasMore()) return look(player, verb, arguments)
            val word = arguments.next("a word")
            ok { session.payload = word.encodeToByteArray() }
        }
        "builder" -> ok { session.associatedWorkoutBuilder() }
        "listen" -> emptyList<String>().also { stage.listen(player) }
        "deafen" -> emptyList<String>().also { player.deafen() }
        else -> playBuilder(stage, player, verb, arguments)
    }
}

/** An error from outside, with this code. */
private fun failure(arguments: Arguments): PacelineException {
    val number = arguments.wholeNumber("a code")
    val code = ErrorCode.entries.firstOrNull { it.number.toLong() == number }
        ?: throw Wrong("$number is no code of an error")
    return PacelineException(code, "the scenario says so")
}

private fun playBuilder(stage: Stage, player: Player, verb: String, arguments: Arguments): List<String>? {
    val builder by lazy(LazyThreadSafetyMode.NONE) { player.builder }
    return when (verb) {
        "collect" -> (arguments.optionalTime() ?: stage.now).let { builder.run { ok { beginCollection(it) } } }
        "endCollection" -> (arguments.optionalTime() ?: stage.now).let { builder.run { ok { endCollection(it) } } }
        "discard" -> builder.run { ok { discardWorkout() } }
        "add" -> arguments.list(::sample).let { builder.run { ok { addSamples(it) } } }
        "addEvents" -> arguments.list { it.event() }.let { builder.run { ok { addWorkoutEvents(it) } } }
        "addMetadata" -> arguments.entries().let { builder.run { ok { addMetadata(it) } } }
        "addActivity" -> {
            val configuration = arguments.configuration()
            val start = arguments.timeOption("from") ?: throw Wrong("from= is missing")
            val end = arguments.timeOption("to")
            val entries = arguments.entries()
            builder.run { ok { addWorkoutActivity(configuration, start, end, entries) } }
        }
        "endAdded" -> {
            val id = addedActivity(player, arguments)
            val end = arguments.time()
            ok { builder.updateActivity(id, end) }
        }
        "annotate" -> {
            val id = addedActivity(player, arguments)
            val entries = arguments.entries()
            ok { builder.updateActivity(id, entries) }
        }
        "finish" -> builder.run {
            told({ finishWorkout() }) { saved -> if (saved == null) listOf("ok locked") else listOf("ok") + tell(saved) }
        }
        else -> playDataSource(stage, player, verb, arguments)
    }
}

/** A sample as it is written; whether it is a good one is for the engine to say. */
private fun sample(arguments: Arguments): QuantitySample {
    val (type, value) = arguments.quantityType() to arguments.number()
    val (start, end) = arguments.interval()
    return QuantitySample(type, value, start, end)
}

/** The id of an activity of the builder by its place, or one that nobody has. */
private fun addedActivity(player: Player, arguments: Arguments): UUID {
    val builder = player.builder
    val index = arguments.wholeNumber("an index")
    if (index == 0L) return UUID(0, 0)
    return builder.workoutActivities.getOrNull(index.toInt() - 1)?.id ?: throw Wrong("there is no activity $index")
}

private fun playDataSource(stage: Stage, player: Player, verb: String, arguments: Arguments): List<String>? =
    when (verb) {
        "source" -> setSource(stage, player, arguments)
        "collectEvents" -> {
            val collect = when (val word = arguments.next("true or false")) {
                "true" -> true
                "false" -> false
                else -> throw Wrong("\"$word\" is neither true nor false")
            }
            player.builder.run { silent { shouldCollectWorkoutEvents = collect } }
        }
        "enable" -> {
            val type = arguments.quantityType()
            val source = player.madeSource
            val predicate = predicate(stage, arguments)
            silent { source.enableCollection(type, predicate) }
        }
        "disable" -> arguments.quantityType().let { type -> player.madeSource.run { silent { disableCollection(type) } } }
        else -> look(player, verb, arguments)
    }

private fun predicate(stage: Stage, arguments: Arguments): SamplePredicate? {
    val predicate = SamplePredicate(
        arguments.option("sources")?.split(',').orEmpty().map(stage::source),
        arguments.timeOption("from"),
        arguments.timeOption("until"),
    )
    return predicate.takeIf { it != SamplePredicate() }
}

private fun setSource(stage: Stage, player: Player, arguments: Arguments): List<String> {
    val builder = player.builder
    val source = when (val other = arguments.option("of")) {
        null -> when (val word = arguments.next("default, empty or none")) {
            "default" -> LiveWorkoutDataSource(player.session.workoutConfiguration).also { player.source = it }
            "empty" -> LiveWorkoutDataSource().also { player.source = it }
            "none" -> null
            else -> throw Wrong("\"$word\" is neither default, empty nor none")
        }
        else -> stage.player(other).madeSource
    }
    return silent { builder.dataSource = source }
}

internal fun playDevice(stage: Stage, device: SimulatedDevice, verb: String, arguments: Arguments): List<String>? =
    when (verb) {
        "foreground" -> silent { device.setForeground(true) }
        "background" -> silent { device.setForeground(false) }
        "companion" -> when (val word = arguments.next("yes or no")) {
            "yes" -> silent { device.setLaunchedByCompanion(true) }
            "no" -> silent { device.setLaunchedByCompanion(false) }
            else -> throw Wrong("\"$word\" is neither yes nor no")
        }
        "locked" -> silent { device.setLocked(true) }
        "unlocked" -> silent { device.setLocked(false) }
        "permission" -> permission(device, arguments)
        "refuse" -> failure(arguments).let { silent { device.refuseSessionMode(it) } }
        "arbitrate" -> {
            val refusal = if (arguments.hasMore()) failure(arguments) else null
            silent { device.arbitrate(refusal) }
        }
        "disk" -> when (val word = arguments.next("readOnly or writable")) {
            "readOnly" -> silent { device.setDiskWritable(false) }
            "writable" -> silent { device.setDiskWritable(true) }
            else -> throw Wrong("\"$word\" is neither readOnly nor writable")
        }
        "suspend" -> ok { device.store.suspendWrites() }
        "resume" -> ok { device.store.resumeWrites() }
        "reboot" -> silent { device.reboot() }
        "jump" -> (micros(arguments.time()) - micros(START)).microseconds.let { silent { device.jumpClock(it) } }
        "kill" -> silent { device.kill() }
        "relaunch" -> silent { device.relaunch() }
        "source" -> register(stage, device, arguments)
        "startSession", "endSession", "pauseSession", "resumeSession" -> {
            val session = stage.player(arguments.next("a session")).session
            ok { legacyCall(device, verb, session) }
        }
        "last" -> {
            val source = arguments.option("source")?.let(stage::source) ?: OWN_SOURCE
            told({ device.store.lastBatch(source) }) { listOf("batch $it") }
        }
        "ingest", "packed" -> ingest(stage, device, verb, arguments)
        else -> look(device, verb, arguments)
    }

@Suppress("DEPRECATION")
private fun legacyCall(device: SimulatedDevice, verb: String, session: WorkoutSession) {
    val store = device.store
    when (verb) {
        "startSession" -> store.start(session)
        "endSession" -> store.end(session)
        "pauseSession" -> store.pause(session)
        else -> store.resumeWorkoutSession(session)
    }
}

private fun permission(device: SimulatedDevice, arguments: Arguments): List<String> {
    val what = arguments.next("workouts or a quantity type")
    val status = named(AuthorizationStatus.entries, arguments.next("a status"), "status")
    if (what == "workouts") return silent { device.setWorkoutPermission(status) }
    val type = quantityType(what)
    return silent { device.setSamplePermission(type, status) }
}

private fun register(stage: Stage, device: SimulatedDevice, arguments: Arguments): List<String> {
    val name = arguments.next("a name")
    stage.checkNew(name)
    val kind = named(SourceKind.entries, arguments.next("a kind"), "kind of source")
    return silent { stage.addSource(name, device.store.register(SampleSource(name, name, kind))) }
}

private fun ingest(stage: Stage, device: SimulatedDevice, verb: String, arguments: Arguments): List<String> {
    val source = arguments.option("source")?.let(stage::source) ?: OWN_SOURCE
    val taken = if (verb == "ingest") {
        val sample = sample(arguments).copy(source = source);
        { device.store.ingest(sample) }
    } else {
        val batch = PackedBatch(source, arguments.wholeNumber("a batch number").toULong())
        if (arguments.hasMore()) arguments.list { row(batch, it) };
        { device.store.ingest(batch) }
    }
    return told(taken) {
        val (repeated, durable) = (if (it.repeated) "yes" else "no") to (if (it.durable) "" else " durable=no")
        listOf("ok saved=${it.samples} collected=${it.collected} repeated=$repeated$durable")
    }
}

/** A row of a packed batch, right or wrong. */
private fun row(batch: PackedBatch, arguments: Arguments) {
    val word = arguments.next("a quantity type")
    val code = if (word.startsWith("code:")) {
        word.removePrefix("code:").toIntOrNull()?.takeIf { it in 0..0xffff } ?: throw Wrong("\"$word\" is no type code")
    } else {
        quantityType(word).code
    }
    val value = arguments.number()
    val (start, end) = arguments.interval()
    batch.append(code, value, micros(start), micros(end))
}

private fun micros(date: Instant): Long = ChronoUnit.MICROS.between(Instant.EPOCH, date)
