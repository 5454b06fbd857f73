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
    /// Takes in readings that count.
    pub(super) fn add_readings(&mut self, readings: &[Reading]) {
        let (mut low, mut high) = (self.minimum, self.maximum);
        for reading in readings {
            low = if reading.value < low { reading.value } else { low };
            high = if reading.value > high { reading.value } else { high };
        }
        (self.minimum, self.maximum) = (low, high);
        self.sum += exact::sum(readings.iter().map(|reading| reading.value), high.max(-low));
        self.note(readings);
    }

    /// Takes in amounts that count in full; none is larger than `largest`.
    pub(super) fn add_amounts(&mut self, amounts: &[Reading]) {
        let largest = amounts.iter().fold(0.0, |largest: f64, amount| largest.max(amount.value));
        self.sum += exact::sum(amounts.iter().map(|amount| amount.value), largest);
        self.note(amounts);
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
