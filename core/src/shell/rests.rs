//! When a type may be counted anew again.
//!
//! Counting anew reads every row of a type. A source that is always late would ask for it with every sample; so the type
//! rests for a time that grows with the rows that were read, and the cost stays in proportion to the length of the workout.
//! Finishing does not wait for it.

use crate::values::{QuantityType, TypeSet};
use std::time::Duration;

/// Counting up to so many rows costs next to nothing.
const FREE: u64 = 512;
/// How long each row that was read makes its type rest.
const EACH: Duration = Duration::from_millis(5);
/// Nothing rests longer than this.
const LONGEST: Duration = Duration::from_secs(60);

/// The resting types of one workout. Times are those of the elapsed clock.
#[derive(Debug, Default)]
pub(crate) struct Rests {
    until: Vec<(QuantityType, Duration)>,
    /// The rows that were read so far of the type that is being counted.
    rows: u64,
}

impl Rests {
    /// The types that must not be counted now.
    pub(crate) fn resting(&self, now: Duration) -> TypeSet {
        self.until.iter().filter(|(_, until)| *until > now).map(|(kind, _)| *kind).collect()
    }

    /// When the first of these types may be counted.
    pub(crate) fn first_due(&self, types: TypeSet) -> Option<Duration> {
        let due = |kind| {
            self.until
                .iter()
                .find(|(resting, _)| *resting == kind)
                .map_or(Duration::ZERO, |(_, until)| *until)
        };
        types.iter().map(due).min()
    }

    /// Notes a piece that was read.
    pub(crate) fn note(&mut self, rows: usize) {
        self.rows += rows as u64;
    }

    /// Whether a count was begun and given up, because a row came in that it had passed.
    pub(crate) fn was_given_up(&self) -> bool {
        self.rows > 0
    }

    /// A type was counted to its end, or its count was given up: it rests.
    pub(crate) fn begin(&mut self, kind: QuantityType, now: Duration) {
        let rows = std::mem::take(&mut self.rows);
        self.until.retain(|(resting, until)| *resting != kind && *until > now);
        if rows > FREE {
            let rest = EACH.saturating_mul(u32::try_from(rows).unwrap_or(u32::MAX)).min(LONGEST);
            self.until.push((kind, now.saturating_add(rest)));
        }
    }
}
