package dev.paceline

import java.util.UUID

/**
 * The platform, as the engine sees it: session mode, permission, foreground, lock, who yields, which processes live.
 *
 * Called on the thread of whoever called the engine, with no lock held; may call back into the engine. A request expects no
 * answer: what became of it is told with [HealthStore.report], late, twice or never. What a method throws is logged.
 */
public interface Host {
    /** What this platform can decide. Read once, when a store is opened. */
    public val capabilities: HostCapabilities

    /**
     * A request, with the id under which its outcome is reported: [EnterSessionMode], [LeaveSessionMode], [Arbitrate] or
     * [IsAlive]. Ids rise. Requests of calls on several threads may arrive in another order than they were made: one with a
     * lower id than the last of its session is out of date.
     */
    public fun request(id: ULong, request: HostRequest)
}

/** What a platform can decide; by default nothing, so that everything is allowed. */
public fun HostCapabilities(
    sessionMode: HostCapability = HostCapability.UNSUPPORTED,
    permission: HostCapability = HostCapability.UNSUPPORTED,
    foreground: HostCapability = HostCapability.UNSUPPORTED,
    lock: HostCapability = HostCapability.UNSUPPORTED,
    arbitration: HostCapability = HostCapability.UNSUPPORTED,
    processes: HostCapability = HostCapability.UNSUPPORTED,
): HostCapabilities =
    HostCapabilities(sessionMode, permission, foreground, lock, arbitration, processes, emptyList())

/** The session a request is about; nothing when it is about a process. */
public val HostRequest.session: UUID?
    get() = when (this) {
        is EnterSessionMode -> session
        is LeaveSessionMode -> session
        is Arbitrate -> session
        is IsAlive -> null
    }

/** What the platform tells the engine, at any time. */
public object HostReports {
    /**
     * What became of a request.
     *
     * @param request The id of the request.
     * @param refusal Why it was refused; nothing when it was granted. A refusal ends the session with this error.
     */
    public fun outcome(request: ULong, refusal: PacelineException? = null): HostReport =
        dev.paceline.core.HostReport.Outcome(request, refusal)

    /** The app came to the foreground, or left it. */
    public fun foreground(inForeground: Boolean): HostReport = dev.paceline.core.HostReport.Foreground(inForeground)

    /** Whether the companion device launched the app to start a workout, so that it may start in the background. */
    public fun launchedByCompanion(launched: Boolean): HostReport =
        dev.paceline.core.HostReport.LaunchedByCompanion(launched)

    /** The device was locked or unlocked. */
    public fun locked(locked: Boolean): HostReport = dev.paceline.core.HostReport.Locked(locked)

    /** Permission to save workouts is this now. */
    public fun workoutPermission(status: AuthorizationStatus): HostReport =
        dev.paceline.core.HostReport.WorkoutPermission(status)

    /** Permission to write samples of a type is this now. */
    public fun samplePermission(quantityType: QuantityType, status: AuthorizationStatus): HostReport =
        dev.paceline.core.HostReport.SamplePermission(quantityType, status)

    /**
     * A process is dead: the workouts it held can be recovered. Must be true; one that lives would lose its workout to whoever
     * recovers it.
     */
    public fun processEnded(process: UInt): HostReport = dev.paceline.core.HostReport.ProcessEnded(process)
}
