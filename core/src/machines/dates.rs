//! Which dates a host may hand in.

use crate::values::{PacelineError, Timestamp, WorkoutEvent};
use std::time::Duration;

/// How far ahead of now a date may lie and still be taken as now: clocks are read and rounded in several places.
const TOLERANCE_MICROS: i64 = 1_000_000;

/// How far ahead of now a sample may reach. Clocks of sensors differ; but one that runs far ahead would make everything
/// that comes after it late.
const SAMPLE_TOLERANCE: Duration = Duration::from_secs(60);

/// The latest date that a sample of now may carry.
pub(crate) fn latest_sample(now: Timestamp) -> Timestamp {
    now.plus(SAMPLE_TOLERANCE)
}

/// The latest date that a call of now may carry.
pub(crate) fn latest_date(now: Timestamp) -> Timestamp {
    now.plus_micros(TOLERANCE_MICROS)
}

/// A date that may lie in the past but not in the future; nothing is scheduled (inferred: reference, Q6).
pub(crate) fn not_in_future(date: Timestamp, now: Timestamp, what: &str) -> Result<Timestamp, PacelineError> {
    if date > latest_date(now) {
        return Err(PacelineError::invalid(format!("{what} cannot lie in the future")).with_value(date));
    }
    Ok(date.min(now))
}

/// An event under the same rule.
pub(crate) fn not_later(event: &WorkoutEvent, now: Timestamp) -> Result<WorkoutEvent, PacelineError> {
    let end = not_in_future(event.end, now, "an event")?;
    Ok(WorkoutEvent { start: event.start.min(end), end, ..event.clone() })
}
