//! One session at a time: who yields when a second one starts (reference, sections 12.1 and 19, Q10).

use super::change::{Change, Input};
use super::host_facts::HostFacts;
use super::session::Session;
use crate::values::{ErrorCode, PacelineError, Timestamp, WorkoutSessionState};

/// What happens when a session is prepared or started while another one is under way on the device, in this process or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arbitration {
    /// The one that is under way yields: it fails with health 8 and ends. Its builder can still be finished.
    #[default]
    NewcomerWins,
    /// The newcomer yields: its call to prepare or start fails with health 8, and nothing changes.
    Refuse,
    /// The newcomer's host is asked (`HostRequest::Arbitrate`). The call to prepare or start succeeds and
    /// changes nothing yet; with the answer either the session that was under way yields and the newcomer starts then, or the
    /// newcomer fails with the error of the answer and ends. On a platform that does not arbitrate: as `NewcomerWins`.
    Ask,
    /// Nobody yields, the workout moves: the newcomer's call fails with health 8 and changes nothing, and
    /// `recover_active_workout_session` takes the session that is under way in another process over, with its id and all that
    /// it has. There it fails with health 8 and ends, and nothing can be done with it any more.
    HandOver,
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

/// A call that enters session mode, and that a host may be asked about first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Entrance {
    Prepare,
    StartActivity { date: Option<Timestamp> },
}

impl Entrance {
    pub(crate) fn of(input: &Input<'_>) -> Option<Self> {
        match input {
            Input::Prepare { .. } => Some(Self::Prepare),
            Input::StartActivity { date, .. } => Some(Self::StartActivity { date: *date }),
            _ => None,
        }
    }

    /// The call, made again.
    pub(crate) fn input(self, facts: &HostFacts) -> Input<'_> {
        match self {
            Self::Prepare => Input::Prepare { facts },
            Self::StartActivity { date } => Input::StartActivity { date, facts },
        }
    }
}

/// What happens to the session of this process that holds the device, when another one of this process is about to make
/// these changes: as soon as the newcomer enters session mode, the incumbent fails with error 8.
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
        Arbitration::Refuse | Arbitration::Ask | Arbitration::HandOver => Err(another_started()),
    }
}
