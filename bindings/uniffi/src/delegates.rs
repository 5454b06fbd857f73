//! Who listens, in another language.

use crate::configuration::WorkoutConfiguration;
use crate::errors::{DelegateError, PacelineError};
use crate::event::WorkoutEvent;
use crate::time::Timestamp;
use crate::workout::WorkoutActivity;
use std::sync::Arc;

/// Hears what happens to a session.
///
/// Calls come one after the other, never two at a time, on the engine's delivery thread or inside a poll of the store. No
/// lock is held: calling back into the engine, from this call or any thread, is normal use. What the call is about has
/// been committed and the session's getters already show it. A failure is logged and delivery goes on. What must not be
/// done: wait for another callback.
#[uniffi::export(foreign)]
pub trait CoreSessionDelegate: Send + Sync {
    /// The state changed. States are raw values; the date is microseconds since the Unix epoch and may lie in the past.
    fn did_change_state(&self, to: u8, from: u8, date: i64) -> Result<(), DelegateError>;

    /// Something stopped the session; the change to ended follows.
    fn did_fail(&self, error: PacelineError) -> Result<(), DelegateError>;

    /// The session or the platform produced an event.
    fn did_generate_event(&self, event: WorkoutEvent) -> Result<(), DelegateError>;

    /// An activity began.
    fn did_begin_activity(
        &self,
        configuration: WorkoutConfiguration,
        date: Timestamp,
    ) -> Result<(), DelegateError>;

    /// An activity ended.
    fn did_end_activity(
        &self,
        configuration: WorkoutConfiguration,
        date: Timestamp,
    ) -> Result<(), DelegateError>;

    /// The store cannot be written, for this reason (disk full, read-only, failing). The session goes on: what happens from here
    /// on waits in memory, and is lost should the process die before it is saved. Told once.
    fn did_lose_durability(&self, error: PacelineError) -> Result<(), DelegateError>;

    /// Everything that waited is saved and synced. Told once after each loss.
    fn did_regain_durability(&self) -> Result<(), DelegateError>;
}

/// Hears what a live builder collects. Called like a session's delegate.
#[uniffi::export(foreign)]
pub trait CoreBuilderDelegate: Send + Sync {
    /// Samples of these types came in, or their numbers were corrected: read the statistics again. The types are a set of
    /// 256 bits in four words; bit n % 64 of word n / 64 is the type with the code n. At most one such call is waiting at
    /// any time; its set grows instead.
    fn did_collect_data(
        &self,
        types0: u64,
        types1: u64,
        types2: u64,
        types3: u64,
    ) -> Result<(), DelegateError>;

    /// An event came in: read the events and the elapsed time again.
    fn did_collect_event(&self) -> Result<(), DelegateError>;

    /// An activity began and was added.
    fn did_begin_activity(&self, activity: WorkoutActivity) -> Result<(), DelegateError>;

    /// An activity got its end.
    fn did_end_activity(&self, activity: WorkoutActivity) -> Result<(), DelegateError>;
}

/// What the engine holds in place of a foreign delegate.
pub(crate) struct SessionEar(pub(crate) Arc<dyn CoreSessionDelegate>);

/// As [`SessionEar`], for a builder.
pub(crate) struct BuilderEar(pub(crate) Arc<dyn CoreBuilderDelegate>);

impl paceline::WorkoutSessionDelegate for SessionEar {
    fn did_change_state(
        &self,
        _: &paceline::WorkoutSession,
        to: paceline::WorkoutSessionState,
        from: paceline::WorkoutSessionState,
        date: paceline::Timestamp,
    ) {
        note(self.0.did_change_state(to.raw(), from.raw(), date.micros()));
    }

    fn did_fail(&self, _: &paceline::WorkoutSession, error: &paceline::PacelineError) {
        note(self.0.did_fail(error.clone().into()));
    }

    fn did_generate_event(&self, _: &paceline::WorkoutSession, event: &paceline::WorkoutEvent) {
        note(self.0.did_generate_event(event.clone().into()));
    }

    fn did_begin_activity(
        &self,
        _: &paceline::WorkoutSession,
        configuration: &paceline::WorkoutConfiguration,
        date: paceline::Timestamp,
    ) {
        note(self.0.did_begin_activity(configuration.clone().into(), date));
    }

    fn did_end_activity(
        &self,
        _: &paceline::WorkoutSession,
        configuration: &paceline::WorkoutConfiguration,
        date: paceline::Timestamp,
    ) {
        note(self.0.did_end_activity(configuration.clone().into(), date));
    }

    fn did_lose_durability(&self, _: &paceline::WorkoutSession, error: &paceline::PacelineError) {
        note(self.0.did_lose_durability(error.clone().into()));
    }

    fn did_regain_durability(&self, _: &paceline::WorkoutSession) {
        note(self.0.did_regain_durability());
    }
}

impl paceline::LiveWorkoutBuilderDelegate for BuilderEar {
    fn did_collect_data(&self, _: &paceline::LiveWorkoutBuilder, types: &paceline::TypeSet) {
        let [types0, types1, types2, types3] = words(types);
        note(self.0.did_collect_data(types0, types1, types2, types3));
    }

    fn did_collect_event(&self, _: &paceline::LiveWorkoutBuilder) {
        note(self.0.did_collect_event());
    }

    fn did_begin_activity(&self, _: &paceline::LiveWorkoutBuilder, activity: &paceline::WorkoutActivity) {
        note(self.0.did_begin_activity(activity.clone().into()));
    }

    fn did_end_activity(&self, _: &paceline::LiveWorkoutBuilder, activity: &paceline::WorkoutActivity) {
        note(self.0.did_end_activity(activity.clone().into()));
    }
}

fn note(outcome: Result<(), DelegateError>) {
    if let Err(error) = outcome {
        log::error!("a delegate failed, delivery goes on; its words are logged as trace");
        // What an app says of itself may hold measured values or names.
        log::trace!("the delegate that failed said: {error}");
    }
}

fn words(types: &paceline::TypeSet) -> [u64; 4] {
    let mut words = [0; 4];
    for code in types.iter().map(|kind| usize::from(kind.code())) {
        words[code / 64] |= 1 << (code % 64);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_becomes_four_words() {
        let types = [paceline::QuantityType::HeartRate, paceline::QuantityType::WaterTemperature]
            .into_iter()
            .collect();
        assert_eq!(words(&types), [1 << 34, 1 << 13, 0, 0]);
    }
}
