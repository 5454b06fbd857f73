//! The states and the kinds of a workout session.

use super::configuration::WorkoutConfiguration;
use super::error::{ErrorCode, PacelineError};
use super::raw_enum::raw_enum;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

raw_enum! {
    /// Where a session is in its life. The numbers are historical and unordered; there is no 0.
    pub enum WorkoutSessionState: u8 {
        /// Created; nothing has happened.
        NotStarted = 1, "notStarted";
        /// In progress; data is collected.
        Running = 2, "running";
        /// Over for good; session mode was left.
        Ended = 3, "ended";
        /// Suspended.
        Paused = 4, "paused";
        /// Session mode is on, sensors warm up, nothing is collected yet.
        Prepared = 5, "prepared";
        /// The activity is over, session mode is still on so that the app can save.
        Stopped = 6, "stopped";
    }
}

raw_enum! {
    /// Which end of a mirrored workout a session is.
    pub enum WorkoutSessionType: u8 {
        /// Runs on this device.
        Primary = 0, "primary";
        /// Reflects a session of another device.
        Mirrored = 1, "mirrored";
    }
}

/// A picture of a session at one instant: what is left of it when it is encoded. It is tied to nothing and never changes
/// (inferred: reference, section 3.3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkoutSessionRecord {
    /// The session.
    pub id: Uuid,
    /// What kind of workout it is.
    pub configuration: WorkoutConfiguration,
    /// Which end of a mirrored workout it was.
    pub session_type: WorkoutSessionType,
    /// Where it was in its life.
    pub state: WorkoutSessionState,
    /// When it first ran.
    pub start_date: Option<Timestamp>,
    /// When it was stopped or, without that, ended.
    pub end_date: Option<Timestamp>,
}

impl WorkoutSessionRecord {
    /// The record as JSON: enumerations are their raw values, dates microseconds since the Unix epoch.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a record has only text keys and values that JSON knows")
    }

    /// Reads what [`WorkoutSessionRecord::to_json`] wrote, here or in another language.
    ///
    /// # Errors
    /// Input 1 when the text is no such record; the sentence names the place.
    pub fn from_json(text: &str) -> Result<Self, PacelineError> {
        serde_json::from_str(text).map_err(|error| {
            PacelineError::new(ErrorCode::InputMalformed, format!("this is no record of a session: {error}"))
        })
    }
}
