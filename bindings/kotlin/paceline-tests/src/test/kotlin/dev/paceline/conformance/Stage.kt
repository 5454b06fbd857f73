package dev.paceline.conformance

import dev.paceline.Arbitration
import dev.paceline.LiveWorkoutBuilder
import dev.paceline.LiveWorkoutDataSource
import dev.paceline.PacelineException
import dev.paceline.SimulatedDevice
import dev.paceline.Simulation
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionState
import java.time.Instant

/** A session with what belongs to it. */
internal class Player(val name: String, val session: WorkoutSession, private val itsBuilder: LiveWorkoutBuilder?) {
    /** The data source that was made last for it. */
    var source: LiveWorkoutDataSource? = null

    val builder: LiveWorkoutBuilder get() = itsBuilder ?: throw Wrong("$name has no builder")

    val builderIfAny: LiveWorkoutBuilder? get() = itsBuilder

    val madeSource: LiveWorkoutDataSource get() = source ?: throw Wrong("$name has no data source yet")

    fun deafen() {
        session.delegate = null
        itsBuilder?.delegate = null
    }
}

/** Where a scenario is played: the simulation, who takes part, and the transcript. */
internal class Stage {
    private class Reaction(val name: String, val trigger: String, val step: List<String>)

    private val simulation = Simulation(START, seed = 1u)
    private val devices = mutableMapOf<String, SimulatedDevice>()
    private var latestDevice: SimulatedDevice? = null
    private val sources = mutableMapOf<String, UInt>()
    private val players = mutableMapOf<String, Player>()
    private var reactions = listOf<Reaction>()
    private val transcript = StringBuilder()

    /** What was wrong with the first reaction that could not be played. */
    private var wrong: Wrong? = null

    val now: Instant get() = simulation.now

    private fun playLine(text: String) {
        when (val line = Line.of(text)) {
            Line.Outcome -> return
            Line.Kept -> writeLine(text)
            is Line.Step -> {
                writeLine(text)
                playStep(line.words).forEach(::write)
                simulation.poll()
            }
        }
        wrong?.let { throw it }
    }

    private fun writeLine(line: String) {
        transcript.append(line).append('\n')
    }

    /** Writes something that happened. */
    fun write(what: String) {
        writeLine("    $what")
    }

    /** Plays a step and returns its result lines; callbacks write their own. */
    private fun playStep(words: List<String>): List<String> {
        val arguments = Arguments(words.drop(1))
        val lines = when (words[0]) {
            "device" -> device(arguments)
            "at" -> at(arguments)
            "session" -> session(arguments)
            "recover" -> recover(arguments)
            "orphan" -> {
                val name = newName(arguments)
                val configuration = arguments.configuration()
                silent { join(name, orphan(configuration), null, true) }
            }
            "legacy" -> {
                val name = newName(arguments)
                join(name, legacy(arguments.activity(), arguments.location()), null, true)
                emptyList()
            }
            else -> return playSubject(words[0], words.drop(1))
        }
        arguments.end()
        return lines
    }

    private fun playSubject(name: String, words: List<String>): List<String> {
        val verb = words.firstOrNull() ?: throw Wrong("a verb is missing")
        val arguments = Arguments(words.drop(1))
        val (device, player) = devices[name] to players[name]
        if (player != null && verb == "when") return arm(name, words.drop(1))
        val (what, lines) = when {
            device != null -> "device" to playDevice(this, device, verb, arguments)
            player != null -> "session" to playSession(this, player, verb, arguments)
            else -> throw Wrong("nothing is called \"$name\"")
        }
        if (lines == null) throw Wrong("a $what has no verb \"$verb\"")
        arguments.end()
        return lines
    }

    private fun newName(arguments: Arguments): String = arguments.next("a name").also(::checkNew)

    fun checkNew(name: String) {
        checkName(name)
        if (name in devices || name in sources || name in players) throw Wrong("the name \"$name\" is taken")
    }

    fun player(name: String): Player = players[name] ?: throw Wrong("no session is called \"$name\"")

    fun source(name: String): UInt = sources[name] ?: throw Wrong("no source is called \"$name\"")

    fun addSource(name: String, number: UInt) {
        sources[name] = number
    }

    private fun device(arguments: Arguments): List<String> {
        val name = newName(arguments)
        val refused = arguments.option("refuses")?.split(',').orEmpty().map(::activity)
        val arbitration = when (val word = arguments.option("arbitration")) {
            null -> Arbitration.NEWCOMER_WINS
            "refuse" -> Arbitration.REFUSE
            "ask" -> Arbitration.ASK
            "handOver" -> Arbitration.HAND_OVER
            else -> throw Wrong("\"$word\" is no arbitration; write refuse, ask or handOver")
        }
        return silent {
            val device = simulation.addDevice(name, refused, arbitration)
            devices[name] = device
            latestDevice = device
        }
    }

    private fun at(arguments: Arguments): List<String> {
        val date = arguments.time()
        if (date < now) throw Wrong("time does not go back")
        simulation.advanceTo(date)
        return emptyList()
    }

    private fun session(arguments: Arguments): List<String> {
        val name = newName(arguments)
        val configuration = arguments.configuration()
        val heard = !arguments.takes("unheard")
        val device = deviceNamed(arguments)
        return silent {
            val session = WorkoutSession(device.store, configuration)
            join(name, session, session.associatedWorkoutBuilder(), heard)
        }
    }

    /** The device of the option `on`, else the one that was added last. */
    private fun deviceNamed(arguments: Arguments): SimulatedDevice = when (val on = arguments.option("on")) {
        null -> latestDevice ?: throw Wrong("there is no device yet")
        else -> devices[on] ?: throw Wrong("no device is called \"$on\"")
    }

    private fun recover(arguments: Arguments): List<String> {
        val name = arguments.next("a name")
        if (name !in players) checkNew(name)
        val heard = !arguments.takes("unheard")
        val device = deviceNamed(arguments)
        return told({ device.store.recoverActiveWorkoutSession() }) { session ->
            if (session == null) return@told listOf("none")
            val line = "ok ${nameOf(session.state)}"
            val builder = try {
                session.associatedWorkoutBuilder()
            } catch (_: PacelineException) {
                null
            }
            join(name, session, builder, heard)
            listOf(line)
        }
    }

    /** A session takes part from here on; one that had this name takes part no more. */
    private fun join(name: String, session: WorkoutSession, builder: LiveWorkoutBuilder?, heard: Boolean) {
        val player = Player(name, session, builder)
        // Only a recovered builder has one already.
        player.source = builder?.dataSource
        if (heard) listen(player)
        players[name] = player
    }

    fun listen(player: Player) {
        val ears = Listener(player.name, this)
        player.session.delegate = ears.ofSession
        player.builderIfAny?.delegate = ears.ofBuilder
    }

    private fun arm(name: String, words: List<String>): List<String> {
        val trigger = words.firstOrNull() ?: throw Wrong("a trigger is missing")
        if (trigger !in TRIGGERS && WorkoutSessionState.entries.none { nameOf(it) == trigger }) {
            throw Wrong("\"$trigger\" is nothing that a delegate hears")
        }
        if (words.size < 2) throw Wrong("a step is missing")
        reactions = reactions + Reaction(name, trigger, words.drop(1))
        return emptyList()
    }

    /** Plays what was armed for this callback. */
    fun react(name: String, trigger: String) {
        val (matching, others) = reactions.partition { it.name == name && it.trigger == trigger }
        reactions = others
        for (reaction in matching) {
            write("$name does ${reaction.step.joinToString(" ")}")
            try {
                playSubject(name, reaction.step).forEach(::write)
            } catch (fault: Wrong) {
                if (wrong == null) wrong = fault
            }
        }
    }

    private fun end() {
        for (player in players.values) {
            player.source?.close()
            player.builderIfAny?.close()
            player.session.close()
        }
        devices.values.forEach { it.close() }
        simulation.close()
    }

    companion object {
        /** Plays a scenario and returns its transcript. */
        fun play(text: String): String {
            val stage = Stage()
            try {
                val lines = text.split('\n')
                for ((index, line) in lines.dropLast(1).withIndex()) {
                    try {
                        stage.playLine(line)
                    } catch (fault: Wrong) {
                        throw Fault(index + 1, fault.message.orEmpty())
                    }
                }
                if (lines.last().isNotEmpty()) throw Fault(lines.size, "the last line does not end")
                return stage.transcript.toString()
            } finally {
                stage.end()
            }
        }
    }
}
