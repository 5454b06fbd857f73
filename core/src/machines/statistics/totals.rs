//! What needs no order: count, sum, extremes, the most recent reading.

use super::exact;
use crate::values::{Reading, Timestamp};
use serde::{Deserialize, Serialize};

/// Totals over a set of samples; the same whatever order they come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Totals {
    pub(super) count: u64,
    /// In steps of [`exact`].
    pub(super) sum: i128,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
    recent_end: Timestamp,
    recent_start: Timestamp,
    recent_value: f64,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            count: 0,
            sum: 0,
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
            recent_end: Timestamp::MIN,
            recent_start: Timestamp::MIN,
            recent_value: f64::NEG_INFINITY,
        }
    }
}

impl Totals {
    /// Takes in a reading that counts.
    #[inline]
    pub(super) fn add_reading(&mut self, start: Timestamp, end: Timestamp, value: f64, steps: i128) {
        self.sum += steps;
        self.minimum = self.minimum.min(value);
        self.maximum = self.maximum.max(value);
        self.note(start, end, value);
    }

    /// Counts a sample, and remembers it when it is the most recent one: latest end, then latest start, then the
    /// greater value.
    #[inline]
    pub(super) fn note(&mut self, start: Timestamp, end: Timestamp, value: f64) {
        self.count += 1;
        let newer = end > self.recent_end
            || (end == self.recent_end
                && (start > self.recent_start || (start == self.recent_start && value > self.recent_value)));
        if newer {
            (self.recent_end, self.recent_start, self.recent_value) = (end, start, value);
        }
    }

    pub(super) fn most_recent(&self) -> Option<Reading> {
        (self.count > 0).then_some(Reading {
            value: self.recent_value,
            start: self.recent_start,
            end: self.recent_end,
        })
    }

    /// The plain mean.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| exact::value(self.sum) / self.count as f64)
    }
}
