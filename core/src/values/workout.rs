//! What remains of a workout.

use super::activity::WorkoutActivity;
use super::configuration::WorkoutConfiguration;
use super::event::WorkoutEvent;
use super::metadata::Metadata;
use super::quantity_type::QuantityType;
use super::statistics::Statistics;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// A finished workout as it stands in the store. Its samples are read separately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workout {
    /// The id of the session that made it.
    pub id: Uuid,
    /// What kind of workout it was.
    pub configuration: WorkoutConfiguration,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// Its time without pauses.
    pub duration: Duration,
    /// What happened, by rising start.
    pub events: Vec<WorkoutEvent>,
    /// Its parts by rising start; at least one.
    pub activities: Vec<WorkoutActivity>,
    /// One entry for each quantity type with a sample, by rising type code.
    pub statistics: Vec<Statistics>,
    /// Further facts, those derived from the configuration included.
    pub metadata: Metadata,
}

impl Workout {
    /// The statistics of one type, or nothing when the workout has no sample of it.
    pub fn statistics(&self, quantity_type: QuantityType) -> Option<&Statistics> {
        self.statistics.iter().find(|statistics| statistics.quantity_type == quantity_type)
    }

    /// The events that lie inside one of the activities, wholly or in part.
    pub fn events_of<'a>(&'a self, activity: &'a WorkoutActivity) -> impl Iterator<Item = &'a WorkoutEvent> {
        self.events.iter().filter(|event| activity.overlaps(event))
    }
}
