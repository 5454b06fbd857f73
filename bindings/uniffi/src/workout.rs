//! What remains of a workout.

use crate::configuration::WorkoutConfiguration;
use crate::event::WorkoutEvent;
use crate::metadata::{self, Metadata};
use crate::statistics::Statistics;
use crate::time::{Span, Timestamp, Uuid};

/// A dated part of a workout with its own configuration: a leg of a triathlon, an interval.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
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
    pub duration: Span,
    /// One entry for each quantity type with a sample inside the activity, by rising type code.
    pub statistics: Vec<Statistics>,
}

/// A finished workout as it stands in the store. Its samples are read separately.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
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
    pub duration: Span,
    /// What happened, by rising start.
    pub events: Vec<WorkoutEvent>,
    /// Its parts by rising start; at least one.
    pub activities: Vec<WorkoutActivity>,
    /// One entry for each quantity type with a sample, by rising type code.
    pub statistics: Vec<Statistics>,
    /// Further facts, those derived from the configuration included.
    pub metadata: Metadata,
}

impl From<paceline::WorkoutActivity> for WorkoutActivity {
    fn from(activity: paceline::WorkoutActivity) -> Self {
        Self {
            id: activity.id,
            configuration: activity.configuration.into(),
            start: activity.start,
            end: activity.end,
            metadata: metadata::from_engine(activity.metadata),
            duration: activity.duration.into(),
            statistics: activity.statistics.iter().map(Into::into).collect(),
        }
    }
}

impl From<paceline::Workout> for Workout {
    fn from(workout: paceline::Workout) -> Self {
        Self {
            id: workout.id,
            configuration: workout.configuration.into(),
            start: workout.start,
            end: workout.end,
            duration: workout.duration.into(),
            events: workout.events.into_iter().map(Into::into).collect(),
            activities: workout.activities.into_iter().map(Into::into).collect(),
            statistics: workout.statistics.iter().map(Into::into).collect(),
            metadata: metadata::from_engine(workout.metadata),
        }
    }
}
