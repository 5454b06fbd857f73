//! How long a store keeps what is finished.

use crate::values::PacelineError;
use std::time::Duration;

/// How long a store keeps finished workouts, and samples that belong to no workout, counted from their end. Without it a store
/// keeps everything for ever.
///
/// What is older is removed in the background, a little at a time, while no session is going on; a store looks at most once a
/// day, and some seconds after it was opened. Never removed: a workout that is going on or can be recovered, and what was
/// measured since such a workout began.
///
/// No clock is believed at its first word. Something is removed only if it was too old already when the store last looked, a day to
/// a month before; so a clock that is set years ahead removes nothing if it is set right within a day, and a store that nobody
/// opens for months removes nothing on the day when it is opened again. What is kept is kept longer for it, never shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(Duration);

impl Retention {
    /// The shortest time for which anything is kept: a day.
    pub const LEAST: Duration = Duration::from_secs(86_400);

    /// Keeps what is finished for this long after its end.
    ///
    /// # Errors
    /// Health 3 when that is less than [`Retention::LEAST`].
    pub fn keep_for(span: Duration) -> Result<Self, PacelineError> {
        if span < Self::LEAST {
            return Err(PacelineError::invalid(
                "a store keeps everything for a day at least; give a longer time",
            )
            .with_value(format_args!("{} s", span.as_secs())));
        }
        Ok(Self(span))
    }

    /// How long things are kept.
    pub fn span(self) -> Duration {
        self.0
    }
}
