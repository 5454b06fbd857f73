//! One session at a time: who yields when a second one starts (reference, sections 12.1 and 19, Q10).

use super::change::{Change, Input};
use super::session::Session;
use crate::values::{ErrorCode, PacelineError, WorkoutSessionState};

/// What happens to the session that holds the device, when another one is about to make these changes. The newcomer
/// wins: as soon as it enters session mode, the incumbent fails with error 8.
pub(crate) fn incumbents_fate(incumbent: &Session, newcomers_changes: &[Change]) -> Option<Input<'static>> {
    use WorkoutSessionState as S;
    let enters = newcomers_changes
        .iter()
        .any(|change| matches!(change, Change::StateChanged { to: S::Prepared | S::Running, .. }));
    (enters && incumbent.is_active()).then(|| {
        Input::Fail(PacelineError::new(
            ErrorCode::AnotherWorkoutSessionStarted,
            "another workout session started on this device",
        ))
    })
}
