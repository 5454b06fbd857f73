//! Who listens.

use crate::shell::live_builder::LiveWorkoutBuilder;
use crate::shell::workout_session::WorkoutSession;
use crate::values::{
    PacelineError, RemoteCommand, Timestamp, TypeSet, WorkoutActivity, WorkoutConfiguration, WorkoutEvent,
    WorkoutSessionState,
};

/// Hears what happens to a session.
///
/// Calls come one after the other, never two at a time, on the engine's delivery thread or inside `HealthStore::poll`;
/// no lock is held, so that calling back into the engine is normal use. What the call is about has been committed,
/// unless the session has lost durability, and the session's getters already show it. A panic is logged and delivery goes on.
#[allow(unused_variables)]
pub trait WorkoutSessionDelegate: Send + Sync {
    /// The state changed at `date`, which may lie in the past.
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
    }

    /// Something stopped the session; the change to `ended` follows.
    fn did_fail(&self, session: &WorkoutSession, error: &PacelineError) {}

    /// The session or the platform produced an event.
    fn did_generate_event(&self, session: &WorkoutSession, event: &WorkoutEvent) {}

    /// An activity began.
    fn did_begin_activity(
        &self,
        session: &WorkoutSession,
        configuration: &WorkoutConfiguration,
        date: Timestamp,
    ) {
    }

    /// An activity ended.
    fn did_end_activity(
        &self,
        session: &WorkoutSession,
        configuration: &WorkoutConfiguration,
        date: Timestamp,
    ) {
    }

    /// The store cannot be written, for this reason (disk full, read-only, failing). The session goes on: what happens from
    /// here on waits in memory, and is lost should the process die before it is saved. Told once; a full sync that failed
    /// puts what was saved since the last good one at risk of a power cut too.
    fn did_lose_durability(&self, session: &WorkoutSession, error: &PacelineError) {}

    /// Everything that waited is saved and synced. Told once after each loss.
    fn did_regain_durability(&self, session: &WorkoutSession) {}

    /// The device that has this mirrored session answered a command of this mirror: it carried it out, or refused it for this
    /// reason. What came of a command is told before its answer.
    fn did_answer_command(
        &self,
        session: &WorkoutSession,
        command: RemoteCommand,
        refusal: Option<&PacelineError>,
    ) {
    }

    /// This mirrored session is of no use any more: getters stand still, commands are refused. Without an error the other device
    /// stopped mirroring or ended the session; with one the link broke. When it comes up again, the start handler gets another
    /// session.
    fn did_disconnect(&self, session: &WorkoutSession, error: Option<&PacelineError>) {}
}

/// Hears what a live builder collects. Called like a [`WorkoutSessionDelegate`].
#[allow(unused_variables)]
pub trait LiveWorkoutBuilderDelegate: Send + Sync {
    /// Samples of these types came in, or their numbers were corrected: read the statistics again. At most one such
    /// call is waiting at any time; its set grows instead.
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, types: &TypeSet) {}

    /// An event came in: read the events and the elapsed time again.
    fn did_collect_event(&self, builder: &LiveWorkoutBuilder) {}

    /// An activity began and was added.
    fn did_begin_activity(&self, builder: &LiveWorkoutBuilder, activity: &WorkoutActivity) {}

    /// An activity got its end.
    fn did_end_activity(&self, builder: &LiveWorkoutBuilder, activity: &WorkoutActivity) {}
}
