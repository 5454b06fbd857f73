//! The time-weighted average: each value holds until the next reading, paused time left out.
//!
//! Chosen by measurement over recorded activities of eight brands (reference, statistics, section 4.4): no limit on
//! how long a value holds inside a workout. After the last reading the value holds to the end of the workout or
//! activity, once that is known. A reading taken inside a pause weighs nothing there, but it is the value that
//! holds when the workout goes on.

use super::{REORDER_WINDOW, TooLate};
use crate::machines::running_time::RunningTime;
use crate::values::exact;
use crate::values::rows::Run;
use crate::values::{Reading, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Held {
    from: Timestamp,
    steps: i64,
}

impl Held {
    #[inline]
    fn of(reading: &Reading) -> Self {
        Self { from: reading.start, steps: exact::small_steps(reading.value) }
    }

    /// The order of readings; of two at the same instant the greater value comes last and holds.
    #[inline]
    fn before(self, other: Self) -> bool {
        (self.from, self.steps) <= (other.from, other.steps)
    }
}

/// The integral of the held value over running time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Hold {
    /// Sum of steps × microseconds between the first and the last reading.
    integral: i128,
    /// Running microseconds between the first and the last reading.
    weight: i64,
    /// The latest readings, in order: those of the reorder window and the one before it.
    window: VecDeque<Held>,
    /// Whether readings before the window were let go.
    trimmed: bool,
}

impl Hold {
    /// Takes in readings, in any order within the reorder window.
    pub(super) fn add(&mut self, run: &Run<'_>, time: &RunningTime) -> Result<(), TooLate> {
        let readings = run.readings;
        let newest = self.window.back().copied();
        let begin = newest.map_or(run.summary.first_start, |newest| newest.from);
        let simple = run.summary.in_order
            && (newest.is_none() || run.summary.first_start > begin)
            && time.all_running(begin, run.summary.last_start)
            && readings.is_sorted_by(|a, b| a.start < b.start);
        if !simple {
            return readings.iter().try_for_each(|reading| self.add_one(reading, time));
        }
        // The usual case: newer than everything before, and no pause in between.
        let mut held = newest.unwrap_or(Held::of(&readings[0]));
        let mut integral = 0;
        for reading in readings {
            integral += i128::from(held.steps) * i128::from(reading.start.micros_since(held.from));
            held = Held::of(reading);
        }
        self.integral += integral;
        self.weight += held.from.micros_since(begin);
        let border = held.from.minus(REORDER_WINDOW);
        let recent = readings.partition_point(|reading| reading.start < border).saturating_sub(1);
        if recent > 0 {
            self.trimmed = true;
            self.window.clear();
        }
        self.window.extend(readings[recent..].iter().map(Held::of));
        self.trim(border);
        Ok(())
    }

    /// Takes in one reading.
    pub(super) fn add_one(&mut self, reading: &Reading, time: &RunningTime) -> Result<(), TooLate> {
        let held = Held::of(reading);
        let Some(last) = self.window.back().copied() else {
            self.window.push_back(held);
            return Ok(());
        };
        if !last.before(held) {
            return self.insert(held, time);
        }
        let span = time.micros_between(last.from, held.from);
        self.integral += i128::from(last.steps) * i128::from(span);
        self.weight += span;
        self.window.push_back(held);
        self.trim(held.from.minus(REORDER_WINDOW));
        Ok(())
    }

    /// Lets go what lies before the border, but for the one reading that holds at the border.
    fn trim(&mut self, border: Timestamp) {
        while self.window.len() > 1 && self.window[1].from < border {
            self.window.pop_front();
            self.trimmed = true;
        }
    }

    fn insert(&mut self, held: Held, time: &RunningTime) -> Result<(), TooLate> {
        let place = self.window.partition_point(|other| other.before(held));
        if place == 0 && self.trimmed {
            return Err(TooLate);
        }
        let span = time.micros_between(held.from, self.window[place].from);
        let instead_of = if let Some(previous) = place.checked_sub(1) {
            i128::from(self.window[previous].steps)
        } else {
            self.weight += span;
            0
        };
        self.integral += (i128::from(held.steps) - instead_of) * i128::from(span);
        self.window.insert(place, held);
        Ok(())
    }

    /// The average up to `end`, or up to the last reading while there is no end; nothing when no time passed.
    pub(super) fn average(&self, end: Option<Timestamp>, time: &RunningTime) -> Option<f64> {
        let last = self.window.back()?;
        let tail = end.map_or(0, |end| time.micros_between(last.from, end));
        let weight = self.weight + tail;
        let integral = self.integral + i128::from(last.steps) * i128::from(tail);
        (weight > 0).then(|| exact::value(integral) / weight as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{AggregationStyle, QuantityType};

    /// The quick conversion to steps is only right for small values.
    #[test]
    fn values_that_are_held_are_small() {
        for kind in QuantityType::ALL {
            if kind.aggregation_style() == AggregationStyle::DiscreteTemporallyWeighted {
                assert!(!kind.allows(0.0, exact::SMALL) && !kind.allows(-exact::SMALL, 0.0), "{kind}");
            }
        }
    }
}
