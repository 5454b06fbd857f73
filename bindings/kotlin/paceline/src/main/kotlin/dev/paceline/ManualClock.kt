package dev.paceline

import dev.paceline.core.CoreManualClock
import java.time.Instant
import kotlin.time.Duration

/**
 * A clock that moves only when it is told to; for tests, replay and simulation.
 *
 * A store with a manual clock has no thread: callbacks are delivered and timers run inside [advance], [advanceTo] and
 * [HealthStore.poll], on the calling thread. After [close] every use throws a [PacelineException] with
 * [ErrorCode.STALE_HANDLE]; stores that read it go on.
 */
public class ManualClock internal constructor(core: CoreManualClock) : AutoCloseable {
    internal val core = Lifeline(core, "clock")

    /**
     * A clock that stands at this date.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a date outside of the years 1 to 9999.
     */
    public constructor(start: Instant) : this(CoreManualClock(start))

    /** The date at which it stands. */
    public val now: Instant get() = core.use { it.now() }

    /**
     * Moves time forward: stops at every timer on the way, in order, delivers what is due, and goes on.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a negative or infinite span.
     */
    public fun advance(by: Duration): Unit = core.use { it.advance(by) }

    /**
     * Moves time forward to a date; nothing happens when the date has passed.
     *
     * @throws PacelineException with [ErrorCode.INPUT_OUT_OF_RANGE] for a date outside of the years 1 to 9999.
     */
    public fun advanceTo(date: Instant): Unit = core.use { it.advanceTo(date) }

    /**
     * Sets the wall clock forward, or back by a negative span: what a person does, or the network. No time passes, and nothing is
     * delivered. Dates stay within the years 1 to 9999.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun jump(by: Duration): Unit = core.use { it.jump(Microseconds.of(by)) }

    /**
     * Starts the device anew: elapsed time begins at zero. The wall clock goes on. No process outlives it: close the stores that
     * are open with this clock before.
     *
     * @throws PacelineException with [ErrorCode.INTERNAL] only.
     */
    public fun reboot(): Unit = core.use { it.reboot() }

    /** Lets go of the clock. */
    override fun close(): Unit = core.close()
}
