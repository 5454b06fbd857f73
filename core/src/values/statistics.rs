//! What the samples of one type amount to.

use super::quantity::Quantity;
use super::quantity_type::QuantityType;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// One reading with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The value in the type's stored unit.
    pub value: f64,
    /// When the measurement began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
}

/// The statistics of one quantity type over a workout or over one of its activities.
///
/// Values are in the type's stored unit. Cumulative types have a sum, discrete types an average, a minimum and a
/// maximum; all have the most recent reading. Paused time contributes nothing (inferred: reference, statistics,
/// section 6): what was measured inside a pause is left out, amounts that reach into a pause are cut at its border.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// The type.
    pub quantity_type: QuantityType,
    /// The start of the workout or activity.
    pub start: Timestamp,
    /// The end of the workout or activity; while it is in progress, the end of the latest sample.
    pub end: Timestamp,
    /// How many samples took part.
    pub count: u64,
    /// The sum; cumulative types only.
    pub sum: Option<f64>,
    /// The average; discrete types only.
    pub average: Option<f64>,
    /// The lowest reading; discrete types only.
    pub minimum: Option<f64>,
    /// The highest reading; discrete types only.
    pub maximum: Option<f64>,
    /// The reading with the latest end.
    pub most_recent: Option<Reading>,
}

impl Statistics {
    /// The sum with its unit.
    pub fn sum_quantity(&self) -> Option<Quantity> {
        self.quantity(self.sum)
    }

    /// The average with its unit.
    pub fn average_quantity(&self) -> Option<Quantity> {
        self.quantity(self.average)
    }

    /// The lowest reading with its unit.
    pub fn minimum_quantity(&self) -> Option<Quantity> {
        self.quantity(self.minimum)
    }

    /// The highest reading with its unit.
    pub fn maximum_quantity(&self) -> Option<Quantity> {
        self.quantity(self.maximum)
    }

    /// The most recent reading with its unit.
    pub fn most_recent_quantity(&self) -> Option<Quantity> {
        self.quantity(self.most_recent.map(|reading| reading.value))
    }

    fn quantity(&self, value: Option<f64>) -> Option<Quantity> {
        value.map(|value| Quantity::new(value, self.quantity_type.stored_unit().clone()))
    }
}
