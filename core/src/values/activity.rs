//! Parts of a workout.

use super::configuration::WorkoutConfiguration;
use super::event::WorkoutEvent;
use super::metadata::Metadata;
use super::quantity_type::QuantityType;
use super::statistics::Statistics;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// A dated part of a workout with its own configuration: a leg of a triathlon, an interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkoutActivity {
    /// Fixed when the activity begins.
    pub id: Uuid,
    /// What kind of activity it is.
    pub configuration: WorkoutConfiguration,
    /// When it began.
    pub start: Timestamp,
    /// When it ended; nothing while it is in progress.
    pub end: Option<Timestamp>,
    /// Further facts.
    pub metadata: Metadata,
    /// Its time without pauses; the pauses are those of the workout.
    pub duration: Duration,
    /// One entry for each quantity type with a sample inside the activity, by rising type code.
    pub statistics: Vec<Statistics>,
}

impl WorkoutActivity {
    /// The statistics of one type, or nothing when no sample of it counts.
    pub fn statistics(&self, quantity_type: QuantityType) -> Option<&Statistics> {
        self.statistics.iter().find(|statistics| statistics.quantity_type == quantity_type)
    }

    /// Whether an event lies inside this activity, wholly or in part. One event can lie in two activities.
    pub fn overlaps(&self, event: &WorkoutEvent) -> bool {
        event.end >= self.start && self.end.is_none_or(|end| event.start <= end)
    }
}
