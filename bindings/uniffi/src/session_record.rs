//! A session as it is encoded.

use crate::configuration::WorkoutConfiguration;
use crate::enums::{WorkoutSessionState, WorkoutSessionType};
use crate::errors::PacelineError;
use crate::guard::guarded;
use crate::time::{Timestamp, Uuid};

/// A picture of a session at one instant: what is left of it when it is encoded. It is tied to nothing and never changes.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
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

/// The record as JSON, the same in every language: enumerations are their raw values, dates microseconds since the Unix
/// epoch.
///
/// Errors: `inputUnit` when the lap length has no unit.
#[uniffi::export]
pub fn session_record_to_json(record: WorkoutSessionRecord) -> Result<String, PacelineError> {
    guarded(|| paceline::WorkoutSessionRecord::try_from(record).map(|record| record.to_json()))
}

/// Reads what `session_record_to_json` wrote, here or in another language.
///
/// Errors: `inputMalformed` when the text is no such record; the reason names the place.
#[uniffi::export]
pub fn session_record_from_json(text: String) -> Result<WorkoutSessionRecord, PacelineError> {
    guarded(|| paceline::WorkoutSessionRecord::from_json(&text).map(Into::into))
}

impl From<paceline::WorkoutSessionRecord> for WorkoutSessionRecord {
    fn from(record: paceline::WorkoutSessionRecord) -> Self {
        Self {
            id: record.id,
            configuration: record.configuration.into(),
            session_type: record.session_type.into(),
            state: record.state.into(),
            start_date: record.start_date,
            end_date: record.end_date,
        }
    }
}

impl TryFrom<WorkoutSessionRecord> for paceline::WorkoutSessionRecord {
    type Error = PacelineError;

    fn try_from(record: WorkoutSessionRecord) -> Result<Self, Self::Error> {
        Ok(Self {
            id: record.id,
            configuration: record.configuration.try_into()?,
            session_type: record.session_type.into(),
            state: record.state.into(),
            start_date: record.start_date,
            end_date: record.end_date,
        })
    }
}
