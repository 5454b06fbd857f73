//! What needs no order: count, sum, extremes, the most recent reading.

use crate::values::exact;
use crate::values::rows::Run;
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
    /// Takes in samples that count in full.
    pub(super) fn add(&mut self, run: &Run<'_>) {
        self.minimum = self.minimum.min(run.summary.lowest);
        self.maximum = self.maximum.max(run.summary.highest);
        self.sum += run.summary.sum;
        if run.summary.in_order {
            // Only the last ones can be the most recent.
            let tied =
                run.readings.iter().rev().take_while(|reading| reading.end == run.summary.last_end).count();
            self.count += (run.readings.len() - tied) as u64;
            self.note(&run.readings[run.readings.len() - tied..]);
        } else {
            self.note(run.readings);
        }
    }

    /// Takes in one reading that counts.
    pub(super) fn add_reading(&mut self, reading: &Reading) {
        self.minimum = self.minimum.min(reading.value);
        self.maximum = self.maximum.max(reading.value);
        self.sum += exact::steps(reading.value);
        self.note(std::slice::from_ref(reading));
    }

    /// Counts samples, and remembers the most recent one: latest end, then latest start, then the greater value.
    pub(super) fn note(&mut self, readings: &[Reading]) {
        self.count += readings.len() as u64;
        let mut recent = Reading { value: self.recent_value, start: self.recent_start, end: self.recent_end };
        for reading in readings {
            let newer = reading.end > recent.end
                || (reading.end == recent.end
                    && (reading.start > recent.start
                        || (reading.start == recent.start && reading.value > recent.value)));
            if newer {
                recent = *reading;
            }
        }
        (self.recent_end, self.recent_start, self.recent_value) = (recent.end, recent.start, recent.value);
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
