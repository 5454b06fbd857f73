//! Things that happen during a workout.

use super::error::PacelineError;
use super::metadata::{self, Metadata};
use super::raw_enum::raw_enum;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

raw_enum! {
    /// What happened.
    pub enum WorkoutEventType: u8 {
        /// The workout was paused. Time stops counting.
        Pause = 1, "pause";
        /// The workout goes on. Time counts again.
        Resume = 2, "resume";
        /// A part of equal distance. With zero duration it marks the end of a lap.
        Lap = 3, "lap";
        /// A point of interest.
        Marker = 4, "marker";
        /// The person stood still. Does not stop the time.
        MotionPaused = 5, "motionPaused";
        /// The person moved again.
        MotionResumed = 6, "motionResumed";
        /// Any interesting stretch; segments may overlap.
        Segment = 7, "segment";
        /// The person asked to pause or resume; the app decides.
        PauseOrResumeRequest = 8, "pauseOrResumeRequest";
    }
}

impl WorkoutEventType {
    /// Whether an event of this type may have a duration. All others are instants.
    pub const fn may_have_duration(self) -> bool {
        matches!(self, Self::Lap | Self::Segment)
    }
}

/// Something that happened during a workout, at an instant or over an interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkoutEvent {
    /// What happened.
    pub event_type: WorkoutEventType,
    /// When it began.
    pub start: Timestamp,
    /// When it ended; equal to the start for an instant.
    pub end: Timestamp,
    /// Further facts.
    pub metadata: Metadata,
}

impl WorkoutEvent {
    /// An event at one instant.
    pub fn at(event_type: WorkoutEventType, date: Timestamp) -> Self {
        Self::over(event_type, date, date)
    }

    /// An event over an interval; only laps and segments may have one.
    pub fn over(event_type: WorkoutEventType, start: Timestamp, end: Timestamp) -> Self {
        Self { event_type, start, end, metadata: Metadata::new() }
    }

    /// The same event with these facts.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// # Errors
    /// Health 3 when the end lies before the start, or an instant has a duration (inferred: the reference calls
    /// it unsupported).
    pub(crate) fn validate(&self) -> Result<(), PacelineError> {
        if self.end < self.start {
            return Err(PacelineError::invalid("an event cannot end before it starts").with_value(self.end));
        }
        if self.end > self.start && !self.event_type.may_have_duration() {
            return Err(PacelineError::invalid(format!(
                "an event of type {} is an instant; only laps and segments have a duration",
                self.event_type
            )));
        }
        metadata::validate(&Metadata::new(), &self.metadata)
    }
}
