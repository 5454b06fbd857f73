//! Which dates a host may hand in.

use crate::values::{PacelineError, Timestamp, WorkoutEvent};

/// How far ahead of now a date may lie and still be taken as now: clocks are read and rounded in several places.
const TOLERANCE_MICROS: i64 = 1_000_000;

/// A date that may lie in the past but not in the future; nothing is scheduled (inferred: reference, Q6).
pub(crate) fn not_in_future(date: Timestamp, now: Timestamp, what: &str) -> Result<Timestamp, PacelineError> {
    if date.micros_since(now) > TOLERANCE_MICROS {
        return Err(PacelineError::invalid(format!("{what} cannot lie in the future")).with_value(date));
    }
    Ok(date.min(now))
}

/// An event under the same rule.
pub(crate) fn not_later(event: &WorkoutEvent, now: Timestamp) -> Result<WorkoutEvent, PacelineError> {
    let end = not_in_future(event.end, now, "an event")?;
    Ok(WorkoutEvent { start: event.start.min(end), end, ..event.clone() })
}
