//! What samples amount to.

use crate::quantity_type::QuantityType;
use crate::time::{Span, Timestamp};

/// One reading with its interval.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Reading {
    /// The value in the stored unit of the type.
    pub value: f64,
    /// When the measurement began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
}

/// The statistics of one quantity type over a workout or over one of its activities.
///
/// Values are in the stored unit of the type. Cumulative types have a sum, discrete types an average, a minimum and a
/// maximum; all have the most recent reading. Paused time contributes nothing.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
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

/// A part of a workout, such as a lap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct WorkoutInterval {
    /// When the part begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
}

/// The statistics of a part of a workout.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct IntervalStatistics {
    /// When the part begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Its time without the pauses of the workout.
    pub duration: Span,
    /// One entry for each quantity type with a sample in it, by rising type code.
    pub statistics: Vec<Statistics>,
}

impl From<paceline::Reading> for Reading {
    fn from(reading: paceline::Reading) -> Self {
        Self { value: reading.value, start: reading.start, end: reading.end }
    }
}

impl From<&paceline::Statistics> for Statistics {
    fn from(statistics: &paceline::Statistics) -> Self {
        Self {
            quantity_type: statistics.quantity_type.into(),
            start: statistics.start,
            end: statistics.end,
            count: statistics.count,
            sum: statistics.sum,
            average: statistics.average,
            minimum: statistics.minimum,
            maximum: statistics.maximum,
            most_recent: statistics.most_recent.map(Into::into),
        }
    }
}

impl From<paceline::IntervalStatistics> for IntervalStatistics {
    fn from(part: paceline::IntervalStatistics) -> Self {
        Self {
            start: part.start,
            end: part.end,
            duration: part.duration.into(),
            statistics: part.statistics.iter().map(Into::into).collect(),
        }
    }
}
