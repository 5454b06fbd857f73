//! Pictures of sessions, encoded and decoded.

use crate::arguments::{self, given, optional_date, text};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::names::{Enumeration, known};
use crate::outputs::{out, out_text};
use crate::values::{PacelineConfiguration, PacelineUuid, micros};
use paceline::WorkoutSessionRecord;
use std::ffi::c_char;

/// A picture of a session at one instant. It is tied to nothing and never changes.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineSessionRecord {
    /// The session.
    pub id: PacelineUuid,
    /// What kind of workout it is.
    pub configuration: PacelineConfiguration,
    /// Which end of a mirrored workout it was: PACELINE_SESSION_TYPE_.
    pub session_type: u32,
    /// Where it was in its life: PACELINE_STATE_.
    pub state: u32,
    /// When it first ran, microseconds since the Unix epoch, or PACELINE_NO_DATE.
    pub start_date: i64,
    /// When it was stopped or ended, or PACELINE_NO_DATE.
    pub end_date: i64,
}

/// Reads a record that paceline_session_record_json() wrote, here or in another language.
///
/// Codes: PACELINE_ERROR_INPUT_MALFORMED when the text is no such record; the sentence names the place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_record_from_json(
    json: *const c_char,
    record: *mut PacelineSessionRecord,
) -> PacelineResult {
    guard(|| {
        let place = out(record, "record")?;
        let record = WorkoutSessionRecord::from_json(text(json, "json")?)?;
        place.set(PacelineSessionRecord {
            id: record.id.into(),
            configuration: (&record.configuration).into(),
            session_type: record.session_type.number(),
            state: record.state.number(),
            start_date: micros(record.start_date),
            end_date: micros(record.end_date),
        });
        Ok(())
    })
}

/// Writes a record as JSON. A text as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN, PACELINE_ERROR_INPUT_UNIT and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be
/// read; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_record_to_json(
    record: *const PacelineSessionRecord,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (record, answer) = (given(record, "record")?, out_text(buffer, capacity, length)?);
        let record = WorkoutSessionRecord {
            id: arguments::uuid(record.id),
            configuration: record.configuration.read()?,
            session_type: known(record.session_type)?,
            state: known(record.state)?,
            start_date: optional_date(record.start_date, "start_date")?,
            end_date: optional_date(record.end_date, "end_date")?,
        };
        answer.set(&record.to_json())
    })
}
