package dev.paceline

import dev.paceline.core.CoreSimulatedDevice
import dev.paceline.core.CoreSimulation
import java.time.Instant
import kotlin.time.Duration

/**
 * One time, and the devices that live in it: what an app is tested with when no watch is at hand.
 *
 * Nothing happens by itself: time stands until [advance], and callbacks wait for it or for [poll]; both deliver on the calling
 * thread. The same calls with the same seed give the same run, ids included. After [close] every use throws a
 * [PacelineException] with [ErrorCode.STALE_HANDLE].
 */
public class Simulation internal constructor(core: CoreSimulation) : AutoCloseable {
    private val core = Lifeline(core, "simulation")

    /**
     * A simulation that begins at this date. The seed decides everything that is left to chance.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a date outside of the years 1 to 9999.
     */
    public constructor(start: Instant, seed: ULong = 1u) : this(CoreSimulation(start, seed))

    /** The present time of all devices. */
    public val now: Instant get() = core.use { it.now() }

    /** The clock, for stores of other kinds that are to live in the same time. */
    public val clock: ManualClock get() = core.use { ManualClock(it.clock()) }

    /**
     * Lets time pass: stops at every timer on the way, in order, delivers what is due, and goes on.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a negative or infinite span.
     */
    public fun advance(by: Duration): Unit = core.use { it.advance(by) }

    /**
     * Lets time pass up to a date; nothing happens when the date has passed.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a date outside of the years 1 to 9999.
     */
    public fun advanceTo(date: Instant): Unit = core.use { it.advanceTo(date) }

    /**
     * Delivers what waits on every device, device by device in the order in which they were added, until nothing is left;
     * returns how many callbacks were delivered.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun poll(): Int = core.use { it.poll() }.toInt()

    /**
     * Adds a device. It makes no sessions for the refused activity types; [arbitration] says what happens when a second session
     * starts on it.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when the name is empty or taken.
     */
    public fun addDevice(
        name: String,
        refusedActivities: List<WorkoutActivityType> = emptyList(),
        arbitration: Arbitration = Arbitration.NEWCOMER_WINS,
    ): SimulatedDevice = core.use { SimulatedDevice(it.addDevice(name, refusedActivities, arbitration)) }

    /** The device of this name. */
    public fun device(name: String): SimulatedDevice? = core.use { it.device(name)?.let(::SimulatedDevice) }

    /** Lets go of the simulation; it lives as long as one of its devices and stores is not closed. */
    override fun close(): Unit = core.close()
}

/**
 * A device of a simulation: a store in memory, and a platform that does what the test says. At first its app is in the
 * foreground, the device unlocked, and everything permitted. After [close] every use throws a [PacelineException] with
 * [ErrorCode.STALE_HANDLE].
 */
public class SimulatedDevice internal constructor(core: CoreSimulatedDevice) : AutoCloseable {
    private val core = Lifeline(core, "device")

    /**
     * Its store, in memory, on the simulation's clock. After [kill] it refuses every call; after [relaunch] it is another one,
     * which must be asked for anew.
     */
    public val store: HealthStore get() = core.use { HealthStore(it.store()) }

    /** Its name. */
    public val name: String get() = core.use { it.name() }

    /** Whether the platform keeps a session of this device running. */
    public val inSessionMode: Boolean get() = core.use { it.inSessionMode() }

    /**
     * Kills the app: what was committed stays on the device's disk, everything else is lost, no delegate hears anything. What
     * the test still holds of the app refuses every call with [ErrorCode.STALE_HANDLE]; properties show what they showed last.
     * Nothing happens to an app that was killed before.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun kill(): Unit = core.use { it.kill() }

    /**
     * Launches the app anew, on the same disk. One that runs is killed first.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when the store cannot be opened.
     */
    public fun relaunch(): Unit = core.use { it.relaunch() }

    /**
     * The battery runs empty, or the system starts anew: the app is killed as by [kill], and from [relaunch] on the device counts
     * its elapsed time from zero. Its wall clock goes on; follow this with [jumpClock] for a device that forgets the time.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun reboot(): Unit = core.use { it.reboot() }

    /**
     * The wall clock of this device alone is set: forward, or back by a negative span. No time passes.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun jumpClock(by: Duration): Unit = core.use { it.jumpClock(Microseconds.of(by)) }

    /**
     * The device's disk refuses to be written from now on, as one that is full or read-only does, or takes everything again. What
     * is on it can be read all the time.
     *
     * @throws PacelineException with [ErrorCode.STALE_HANDLE] while its app is killed.
     */
    public fun setDiskWritable(writable: Boolean): Unit = core.use { it.setDiskWritable(writable) }

    /**
     * The app comes to the foreground, or leaves it.
     *
     * @throws PacelineException as [HealthStore.report], like all calls of a device.
     */
    public fun setForeground(foreground: Boolean): Unit = core.use { it.setForeground(foreground) }

    /**
     * The companion device launched the app to start a workout.
     *
     * @throws PacelineException as [HealthStore.report].
     */
    public fun setLaunchedByCompanion(launched: Boolean): Unit = core.use { it.setLaunchedByCompanion(launched) }

    /**
     * The device is locked or unlocked.
     *
     * @throws PacelineException as [HealthStore.report].
     */
    public fun setLocked(locked: Boolean): Unit = core.use { it.setLocked(locked) }

    /**
     * The person answers whether workouts may be saved.
     *
     * @throws PacelineException as [HealthStore.report].
     */
    public fun setWorkoutPermission(status: AuthorizationStatus): Unit = core.use { it.setWorkoutPermission(status) }

    /**
     * The person answers whether samples of a type may be written.
     *
     * @throws PacelineException as [HealthStore.report].
     */
    public fun setSamplePermission(quantityType: QuantityType, status: AuthorizationStatus): Unit =
        core.use { it.setSamplePermission(quantityType, status) }

    /**
     * The platform stops keeping the latest session running, with this error: the session fails with it, then ends.
     *
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when it keeps none; else as [HealthStore.report].
     */
    public fun refuseSessionMode(error: PacelineException): Unit = core.use { it.refuseSessionMode(error) }

    /**
     * The platform answers the oldest question whether a session may start while another one is under way, on a device with
     * [Arbitration.ASK].
     *
     * @param refusal Nothing to grant it: the other session ends and this one starts. With an error this one fails with it and
     * ends.
     * @throws PacelineException with [ErrorCode.INVALID_ARGUMENT] when nothing was asked; else as [HealthStore.report].
     */
    public fun arbitrate(refusal: PacelineException? = null): Unit = core.use { it.arbitrate(refusal) }

    /** Lets go of the device; the simulation keeps it. */
    override fun close(): Unit = core.close()
}
