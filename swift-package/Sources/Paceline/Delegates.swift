import Foundation
import PacelineCore

/// Hears what happens to a session. Every method has a default that does nothing.
///
/// Calls come one after the other, never two at a time, on the engine's delivery thread or inside ``HealthStore/poll()``. No
/// lock is held: calling back into the session, the builder or the store is normal use, from any thread. What the call is
/// about has been committed and the session's properties already show it. Do not wait inside for another callback.
///
/// A session refers to its delegate weakly: a delegate that is gone is not called.
public protocol WorkoutSessionDelegate: AnyObject, Sendable {
    /// The state changed at `date`, which may lie in the past.
    func workoutSession(
        _ workoutSession: WorkoutSession,
        didChangeTo toState: WorkoutSessionState,
        from fromState: WorkoutSessionState,
        date: Date)

    /// Something stopped the session; the change to `ended` follows.
    func workoutSession(_ workoutSession: WorkoutSession, didFailWithError error: PacelineError)

    /// The session or the platform produced an event.
    func workoutSession(_ workoutSession: WorkoutSession, didGenerate event: WorkoutEvent)

    /// An activity began.
    func workoutSession(
        _ workoutSession: WorkoutSession,
        didBeginActivityWith workoutConfiguration: WorkoutConfiguration,
        date: Date)

    /// An activity ended.
    func workoutSession(
        _ workoutSession: WorkoutSession,
        didEndActivityWith workoutConfiguration: WorkoutConfiguration,
        date: Date)

    /// The store cannot be written, for this reason (disk full, read-only, failing). The session goes on: what happens from here
    /// on waits in memory, and is lost should the process die before it is saved. Told once.
    func workoutSession(_ workoutSession: WorkoutSession, didLoseDurability error: PacelineError)

    /// Everything that waited is saved and synced. Told once after each loss.
    func workoutSessionDidRegainDurability(_ workoutSession: WorkoutSession)
}

extension WorkoutSessionDelegate {
    /// Does nothing.
    public func workoutSession(
        _ workoutSession: WorkoutSession,
        didChangeTo toState: WorkoutSessionState,
        from fromState: WorkoutSessionState,
        date: Date
    ) {}

    /// Does nothing.
    public func workoutSession(_ workoutSession: WorkoutSession, didFailWithError error: PacelineError) {}

    /// Does nothing.
    public func workoutSession(_ workoutSession: WorkoutSession, didGenerate event: WorkoutEvent) {}

    /// Does nothing.
    public func workoutSession(
        _ workoutSession: WorkoutSession,
        didBeginActivityWith workoutConfiguration: WorkoutConfiguration,
        date: Date
    ) {}

    /// Does nothing.
    public func workoutSession(
        _ workoutSession: WorkoutSession,
        didEndActivityWith workoutConfiguration: WorkoutConfiguration,
        date: Date
    ) {}

    /// Does nothing.
    public func workoutSession(_ workoutSession: WorkoutSession, didLoseDurability error: PacelineError) {}

    /// Does nothing.
    public func workoutSessionDidRegainDurability(_ workoutSession: WorkoutSession) {}
}

/// Hears what a live builder collects. Called like a ``WorkoutSessionDelegate``, and held weakly as well.
public protocol LiveWorkoutBuilderDelegate: AnyObject, Sendable {
    /// Samples of these types came in, or their numbers were corrected: read the statistics again. At most one such call
    /// waits at any time; its set grows instead.
    func workoutBuilder(
        _ workoutBuilder: LiveWorkoutBuilder,
        didCollectDataOf collectedTypes: Set<QuantityType>)

    /// An event came in: read the events and the elapsed time again.
    func workoutBuilderDidCollectEvent(_ workoutBuilder: LiveWorkoutBuilder)

    /// An activity began and was added.
    func workoutBuilder(_ workoutBuilder: LiveWorkoutBuilder, didBegin workoutActivity: WorkoutActivity)

    /// An activity got its end.
    func workoutBuilder(_ workoutBuilder: LiveWorkoutBuilder, didEnd workoutActivity: WorkoutActivity)
}

extension LiveWorkoutBuilderDelegate {
    /// Does nothing.
    public func workoutBuilder(
        _ workoutBuilder: LiveWorkoutBuilder,
        didCollectDataOf collectedTypes: Set<QuantityType>
    ) {}

    /// Does nothing.
    public func workoutBuilderDidCollectEvent(_ workoutBuilder: LiveWorkoutBuilder) {}

    /// Does nothing.
    public func workoutBuilder(_ workoutBuilder: LiveWorkoutBuilder, didBegin workoutActivity: WorkoutActivity) {}

    /// Does nothing.
    public func workoutBuilder(_ workoutBuilder: LiveWorkoutBuilder, didEnd workoutActivity: WorkoutActivity) {}
}
