//! Time that moves by hand.

use crate::errors::PacelineError;
use crate::guard::guarded_call;
use crate::time::{Span, Timestamp};
use paceline::Clock;

/// A clock that moves only when it is told to; for tests, replay and simulation.
///
/// A store with a manual clock has no thread: callbacks are delivered and timers run inside `advance`, `advance_to` and
/// the store's `poll`, on the calling thread.
#[derive(Debug, uniffi::Object)]
pub struct CoreManualClock(pub(crate) paceline::ManualClock);

#[uniffi::export]
impl CoreManualClock {
    /// A clock that stands at this date.
    ///
    /// Errors: `inputOutOfRange` for a date outside of the years 1 to 9999.
    #[uniffi::constructor]
    pub fn new(start: Timestamp) -> Result<Self, PacelineError> {
        Ok(Self(paceline::ManualClock::new(start)))
    }

    /// The date at which it stands.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Moves time forward: stops at every timer on the way, in order, delivers what is due, and goes on.
    ///
    /// Errors: `inputOutOfRange` for a negative or infinite span.
    pub fn advance(&self, by: Span) -> Result<(), PacelineError> {
        guarded_call(|| self.0.advance(by.into()))
    }

    /// Moves time forward to a date; nothing happens when the date has passed.
    ///
    /// Errors: `inputOutOfRange` for a date outside of the years 1 to 9999.
    pub fn advance_to(&self, date: Timestamp) -> Result<(), PacelineError> {
        guarded_call(|| self.0.advance_to(date))
    }

    /// Sets the wall clock forward by so many microseconds, or back by a negative number: what a person does, or the network. No
    /// time passes, and nothing is delivered. Dates stay within the years 1 to 9999.
    ///
    /// Errors: `internal` only.
    pub fn jump(&self, micros: i64) -> Result<(), PacelineError> {
        guarded_call(|| self.0.jump(micros))
    }

    /// Starts the device anew: elapsed time begins at zero. The wall clock goes on. No process outlives it: let go of the stores
    /// that are open with this clock before.
    ///
    /// Errors: `internal` only.
    pub fn reboot(&self) -> Result<(), PacelineError> {
        guarded_call(|| self.0.reboot())
    }
}
