package dev.paceline

import java.time.Instant

/**
 * Hears what happens to a session. Every method has a default that does nothing.
 *
 * Calls come one after the other, never two at a time, on the engine's delivery thread or inside [HealthStore.poll]. No lock
 * is held: calling back into the session, the builder or the store is normal use, from any thread. What the call is about has
 * been committed and the session's properties already show it. What a method throws is logged, and delivery goes on. Do not
 * wait inside for another callback.
 *
 * A session holds its delegate, and lives with it, until another or nothing is set, or the session is closed.
 */
public interface WorkoutSessionDelegate {
    /** The state changed at [date], which may lie in the past. */
    public fun didChangeState(
        session: WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Instant,
    ) {}

    /** Something stopped the session; the change to [WorkoutSessionState.ENDED] follows. */
    public fun didFail(session: WorkoutSession, error: PacelineException) {}

    /** The session or the platform produced an event. */
    public fun didGenerateEvent(session: WorkoutSession, event: WorkoutEvent) {}

    /** An activity began. */
    public fun didBeginActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) {}

    /** An activity ended. */
    public fun didEndActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) {}

    /**
     * The store cannot be written, for this reason (disk full, read-only, failing). The session goes on: what happens from here on
     * waits in memory, and is lost should the process die before it is saved. Told once.
     */
    public fun didLoseDurability(session: WorkoutSession, error: PacelineException) {}

    /** Everything that waited is saved and synced. Told once after each loss. */
    public fun didRegainDurability(session: WorkoutSession) {}
}

/** Hears what a live builder collects. Called like a [WorkoutSessionDelegate], and held like one. */
public interface LiveWorkoutBuilderDelegate {
    /**
     * Samples of these types came in, or their numbers were corrected: read the statistics again. At most one such call waits
     * at any time; its set grows instead.
     */
    public fun didCollectData(builder: LiveWorkoutBuilder, types: Set<QuantityType>) {}

    /** An event came in: read the events and the elapsed time again. */
    public fun didCollectEvent(builder: LiveWorkoutBuilder) {}

    /** An activity began and was added. */
    public fun didBeginActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) {}

    /** An activity got its end. */
    public fun didEndActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) {}
}
