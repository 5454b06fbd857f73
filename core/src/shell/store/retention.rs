//! Removing what a store need not keep any longer.

use super::samples;
use super::{Database, fault};
use crate::values::{PacelineError, QuantityType, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::time::Duration;

/// Between two looks.
pub(crate) const EVERY: Duration = Duration::from_secs(86_400);

/// After a longer time without a look, or with a clock that moved so far, the present look is only the first one.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);

/// So many samples are removed at once.
const AT_ONCE: i64 = 4096;

/// Whether nobody waits for a finished workout any more: its samples are where they stay, and it is not being recorded. This is
/// the place to ask whether it was delivered to whoever else wants it.
const NOBODY_WAITS: &str = "NOT EXISTS (SELECT 1 FROM sample WHERE sample.workout = workout.key)
    AND NOT EXISTS (SELECT 1 FROM live WHERE live.key = workout.key)";

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    pub(crate) workouts: u64,
    pub(crate) samples: u64,
}

impl Removed {
    pub(crate) fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// What a look at the clock came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// The last one was less than a day ago; this long until the next.
    TooEarly(Duration),
    /// The clock cannot be believed yet: it was looked at for the first time, after a long time, or after it was set back.
    First,
    /// What ended before this date may go.
    Before(Timestamp),
}

impl Database {
    /// Looks at the clock, and notes that it did. What may go is counted from the look before: a clock that is wrong has a day to
    /// be set right.
    pub(crate) fn look_at_clock(&mut self, keep: Duration, now: Timestamp) -> Result<Look, PacelineError> {
        self.set_sync(false)?;
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(fault::writing)?;
        let last: Option<i64> = transaction
            .query_row("SELECT looked FROM upkeep", [], |row| row.get(0))
            .map_err(fault::reading)?;
        let look = match last.map(Timestamp::from_micros) {
            Some(last) if last <= now => {
                let gap = now.since(last);
                if gap < EVERY {
                    return Ok(Look::TooEarly(EVERY.saturating_sub(gap)));
                }
                if gap <= LONGEST { Look::Before(last.minus(keep)) } else { Look::First }
            }
            _ => Look::First,
        };
        transaction.execute("UPDATE upkeep SET looked = ?1", [now.micros()]).map_err(fault::writing)?;
        transaction.commit().map_err(fault::writing)?;
        Ok(look)
    }

    /// Removes one workout that ended before this date, or some of the samples that belong to none.
    pub(crate) fn remove_piece(&mut self, before: Timestamp) -> Result<Removed, PacelineError> {
        self.set_sync(false)?;
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(fault::writing)?;
        let mut removed = remove_workout(&transaction, before)?;
        if removed.is_nothing() {
            let before = self.earliest_start_of_unfinished()?.map_or(before, |start| before.min(start));
            removed = remove_uncollected(&transaction, before)?;
        }
        transaction.commit().map_err(fault::writing)?;
        Ok(removed)
    }

    /// Samples since then may still be added to a workout that is not finished. One that has not begun may begin at any date.
    fn earliest_start_of_unfinished(&self) -> Result<Option<Timestamp>, PacelineError> {
        let mut earliest = None;
        for key in self.live_keys()? {
            let Some(found) = self.load_live(key)? else { continue };
            let (session, builder) = (found.workout.session.start, found.workout.builder.start);
            let start = session.into_iter().chain(builder).min().unwrap_or(Timestamp::MIN);
            earliest = Some(earliest.map_or(start, |earliest: Timestamp| earliest.min(start)));
        }
        Ok(earliest)
    }
}

fn remove_workout(connection: &Connection, before: Timestamp) -> Result<Removed, PacelineError> {
    let found: Option<i64> = connection
        .prepare_cached(&format!(
            "SELECT key FROM workout WHERE start < ?1 AND end < ?1 AND {NOBODY_WAITS} ORDER BY start LIMIT 1"
        ))
        .and_then(|mut statement| statement.query_row([before.micros()], |row| row.get(0)).optional())
        .map_err(fault::reading)?;
    let Some(key) = found else { return Ok(Removed::default()) };
    let samples: i64 = connection
        .prepare_cached("SELECT coalesce(sum(count), 0) FROM series WHERE workout = ?1")
        .and_then(|mut statement| statement.query_row([key], |row| row.get(0)))
        .map_err(fault::reading)?;
    for sql in [
        "DELETE FROM series WHERE workout = ?1",
        "DELETE FROM workout_statistics WHERE workout = ?1",
        "DELETE FROM workout_activity WHERE workout = ?1",
        "DELETE FROM workout_event WHERE workout = ?1",
        "DELETE FROM workout WHERE key = ?1",
    ] {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([key]))
            .map_err(fault::writing)?;
    }
    connection.execute("UPDATE upkeep SET removed = removed + 1", []).map_err(fault::writing)?;
    Ok(Removed { workouts: 1, samples: samples.unsigned_abs() })
}

fn remove_uncollected(connection: &Connection, before: Timestamp) -> Result<Removed, PacelineError> {
    samples::note_highest_id(connection)?;
    for kind in QuantityType::ALL {
        let gone = connection
            .prepare_cached(
                "DELETE FROM sample WHERE id IN (SELECT id FROM sample
                     WHERE workout IS NULL AND type = ?1 AND start < ?2 AND end < ?2 LIMIT ?3)",
            )
            .and_then(|mut statement| statement.execute(params![kind.code(), before.micros(), AT_ONCE]))
            .map_err(fault::writing)?;
        if gone > 0 {
            return Ok(Removed { workouts: 0, samples: gone as u64 });
        }
    }
    Ok(Removed::default())
}
