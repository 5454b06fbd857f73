//! Things that happen during a workout.

use crate::enums::WorkoutEventType;
use crate::errors::PacelineError;
use crate::metadata::{self, Metadata};
use crate::time::Timestamp;

/// Something that happened during a workout, at an instant or over an interval.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WorkoutEvent {
    /// What happened.
    pub event_type: WorkoutEventType,
    /// When it began.
    pub start: Timestamp,
    /// When it ended; equal to the start for an instant. Only laps and segments have a duration.
    pub end: Timestamp,
    /// Further facts.
    pub metadata: Metadata,
}

impl From<paceline::WorkoutEvent> for WorkoutEvent {
    fn from(event: paceline::WorkoutEvent) -> Self {
        Self {
            event_type: event.event_type.into(),
            start: event.start,
            end: event.end,
            metadata: metadata::from_engine(event.metadata),
        }
    }
}

impl TryFrom<WorkoutEvent> for paceline::WorkoutEvent {
    type Error = PacelineError;

    fn try_from(event: WorkoutEvent) -> Result<Self, Self::Error> {
        Ok(Self {
            event_type: event.event_type.into(),
            start: event.start,
            end: event.end,
            metadata: metadata::to_engine(event.metadata)?,
        })
    }
}
