//! Statistics that late samples made stale: their rows are read back piece by piece.

use super::{Entry, Writer, gone};
use crate::machines::change::Notice;
use crate::machines::timeline::Moment;
use crate::shell::published::Published;
use crate::values::{PacelineError, TypeSet};
use std::time::Duration;
use uuid::Uuid;

impl Writer {
    /// A workout of which a type may be counted anew now.
    pub(in crate::shell) fn wanting_rows(&self, now: Duration) -> Option<Uuid> {
        if self.waits() || self.recount_from > now {
            return None;
        }
        let wants = |entry: &Entry| {
            entry.is_open() && entry.workout.rows_wanted_but_for(&entry.rests.resting(now)).is_some()
        };
        self.workouts.iter().find(|(_, entry)| wants(entry)).map(|(id, _)| *id)
    }

    /// When a type may be counted anew, if any is stale.
    pub(super) fn recount_due(&self) -> Option<Duration> {
        if self.waits() {
            return None;
        }
        let due = |entry: &Entry| entry.rests.first_due(entry.workout.stale_types());
        let first = self.workouts.values().filter(|entry| entry.is_open()).filter_map(due).min()?;
        Some(first.max(self.recount_from))
    }

    /// Reads one piece of the rows that a workout wants and feeds it. `at_once`: no type is left to rest.
    pub(in crate::shell) fn recount_piece(
        &mut self,
        id: Uuid,
        at: Moment,
        at_once: bool,
    ) -> Result<(), PacelineError> {
        self.flush(false, at)?;
        let waits = self.waits();
        let entry = self.workouts.get_mut(&id).ok_or_else(|| gone(id))?;
        let resting = if at_once { TypeSet::EMPTY } else { entry.rests.resting(at.elapsed) };
        let (Some(wanted), Some(key)) = (entry.workout.rows_wanted_but_for(&resting), entry.key) else {
            return Ok(());
        };
        if wanted.after.is_none() && entry.rests.was_given_up() && !at_once {
            entry.rests.begin(wanted.kind, at.elapsed);
            return Ok(());
        }
        let piece = self.database.rows_wanted(key, wanted)?;
        entry.rests.note(piece.rows.len());
        let mut corrected = TypeSet::EMPTY;
        entry.apply(&self.database, &self.pending, |workout| {
            corrected = workout.feed(wanted, &piece.rows, piece.next);
        });
        if !corrected.is_empty() {
            entry.rests.begin(wanted.kind, at.elapsed);
            entry.sequence += 1;
            let published = Published::new(&entry.workout, entry.sequence, at);
            entry.tell(&self.outbox, waits, published, vec![Notice::DataCollected(corrected)]);
        }
        Ok(())
    }
}
