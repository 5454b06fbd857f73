//! One session at a time: who yields when a second one starts (reference, sections 12.1 and 19, Q10).

use super::change::{Change, Input};
use super::session::Session;
use crate::values::{ErrorCode, PacelineError, WorkoutSessionState};

/// Who yields when a session starts while another one is under way on the device, in this process or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arbitration {
    /// The one that is under way: it fails with health 8 and ends. Its builder can still be finished.
    #[default]
    NewcomerWins,
    /// The newcomer: its call to prepare or start fails with health 8, and nothing changes.
    Refuse,
}

/// The error of whoever yields.
pub(crate) fn another_started() -> PacelineError {
    PacelineError::new(
        ErrorCode::AnotherWorkoutSessionStarted,
        "another workout session started on this device",
    )
}

/// Whether these changes bring a session into session mode.
pub(crate) fn enters(changes: &[Change]) -> bool {
    use WorkoutSessionState as S;
    changes.iter().any(|change| {
        matches!(change, Change::StateChanged { from: S::NotStarted, to: S::Prepared | S::Running, .. })
    })
}

/// Whether these changes end a session.
pub(crate) fn leaves(changes: &[Change]) -> bool {
    changes.iter().any(|change| matches!(change, Change::StateChanged { to: WorkoutSessionState::Ended, .. }))
}

/// What happens to the session that holds the device, when another one is about to make these changes: as soon as the
/// newcomer enters session mode, the incumbent fails with error 8.
///
/// # Errors
/// Health 8 when the newcomer is the one to yield.
pub(crate) fn incumbents_fate(
    incumbent: &Session,
    newcomers_changes: &[Change],
    arbitration: Arbitration,
) -> Result<Option<Input<'static>>, PacelineError> {
    if !incumbent.is_active() || !enters(newcomers_changes) {
        return Ok(None);
    }
    match arbitration {
        Arbitration::NewcomerWins => Ok(Some(Input::Fail(another_started()))),
        Arbitration::Refuse => Err(another_started()),
    }
}
