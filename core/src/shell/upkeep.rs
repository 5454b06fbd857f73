//! When a store is tidied: the samples of finished workouts become series, free space goes back to the disk, and what need not be
//! kept is removed. A small piece at a time, never inside a call of the app, and never while a session holds the device.

use super::retention::Retention;
use super::store::{Database, LOOK_EVERY, Look, Removed};
use super::writer::Writer;
use crate::machines::timeline::Moment;
use crate::values::{ErrorCode, PacelineError, Timestamp};
use std::time::Duration;

/// How long after a workout was finished, or the store was opened, work begins: the app has better things to do then.
const SETTLE: Duration = Duration::from_secs(5);

/// Between two pieces. Each holds up other calls for a few milliseconds.
const BETWEEN: Duration = Duration::from_millis(50);

/// When it is tried again after it failed, or while a session of another process holds the device.
const LATER: Duration = Duration::from_secs(60);

/// What is left to do, and when. Times are those of the elapsed clock.
#[derive(Debug)]
pub(super) struct Upkeep {
    due: Option<Duration>,
    /// A workout whose rows cannot be read, and those before it, are left alone until the store is opened anew.
    passed: i64,
    retention: Option<Retention>,
    /// When the clock is looked at again for what need not be kept; nothing without retention.
    look: Option<Duration>,
    /// What ended before this date is being removed.
    removing: Option<(Timestamp, Removed)>,
}

/// What a piece of work came to.
enum Piece {
    Done,
    /// There was nothing to do.
    Nothing,
    /// A session of another process holds the device.
    Busy,
}

impl Upkeep {
    /// Looks whether an earlier release, or a process that was killed, left something to do.
    pub(super) fn at_opening(database: &Database, retention: Option<Retention>, now: Duration) -> Self {
        let settled = now.saturating_add(SETTLE);
        let look = retention.map(|_| settled);
        let mut upkeep = Self { due: None, passed: i64::MIN, retention, look, removing: None };
        match database.workout_in_rows(upkeep.passed) {
            Ok(None) => {}
            Ok(Some(_)) => upkeep.expect(now),
            Err(error) => log::error!("the samples of workouts stay as they are: {error}"),
        }
        upkeep
    }

    /// There is, or may be, something to do in a while.
    pub(super) fn expect(&mut self, now: Duration) {
        self.due = Some(now.saturating_add(SETTLE));
    }
}

impl Writer {
    /// When the next piece is due.
    pub(super) fn upkeep_due(&self) -> Option<Duration> {
        if self.active.is_some() {
            return None;
        }
        self.upkeep.due.into_iter().chain(self.upkeep.look).min()
    }

    /// Does one piece, and plans the next.
    pub(super) fn tidy(&mut self, at: Moment) {
        let next = match self.tidy_piece(at) {
            Ok(Piece::Done) => Some(BETWEEN),
            Ok(Piece::Nothing) => None,
            Ok(Piece::Busy) => Some(LATER),
            Err(error) => {
                log::warn!("the store could not be tidied yet, nothing of it is lost: {error}");
                Some(LATER)
            }
        };
        self.upkeep.due = next.map(|span| at.elapsed.saturating_add(span));
        if let (Some(due), Some(look)) = (self.upkeep.due, self.upkeep.look) {
            // The clock is looked at when the rest is done.
            self.upkeep.look = Some(look.max(due));
        }
    }

    fn tidy_piece(&mut self, at: Moment) -> Result<Piece, PacelineError> {
        if self.database.device_is_held_elsewhere(at)? {
            return Ok(Piece::Busy);
        }
        if let Some(key) = self.database.workout_in_rows(self.upkeep.passed)? {
            return match self.database.compact_piece(key) {
                Err(error) if matches!(error.code(), ErrorCode::StoreDamaged | ErrorCode::Internal) => {
                    log::error!("the samples of a workout stay as they are: {error}");
                    self.upkeep.passed = key;
                    Ok(Piece::Done)
                }
                outcome => outcome.map(|()| Piece::Done),
            };
        }
        if let Some((before, removed)) = self.upkeep.removing {
            return self.remove_piece(before, removed);
        }
        if let (Some(retention), Some(look)) = (self.upkeep.retention, self.upkeep.look)
            && look <= at.elapsed
        {
            return self.look_at_clock(retention, at);
        }
        Ok(if self.database.give_back_pages()? { Piece::Done } else { Piece::Nothing })
    }

    fn look_at_clock(&mut self, retention: Retention, at: Moment) -> Result<Piece, PacelineError> {
        let look = self.database.look_at_clock(retention.span(), at.now)?;
        let next = match look {
            Look::TooEarly(span) => span,
            Look::First => LOOK_EVERY,
            Look::Before(date) => {
                self.upkeep.removing = Some((date, Removed::default()));
                LOOK_EVERY
            }
        };
        self.upkeep.look = Some(at.elapsed.saturating_add(next));
        Ok(Piece::Done)
    }

    fn remove_piece(&mut self, before: Timestamp, so_far: Removed) -> Result<Piece, PacelineError> {
        let more = self.database.remove_piece(before)?;
        let removed =
            Removed { workouts: so_far.workouts + more.workouts, samples: so_far.samples + more.samples };
        self.upkeep.removing = Some((before, removed)).filter(|_| !more.is_nothing());
        if more.is_nothing() && !removed.is_nothing() {
            log::info!(
                "{} workouts and {} samples were removed that were to be kept no longer",
                removed.workouts,
                removed.samples
            );
        }
        Ok(Piece::Done)
    }
}
