//! A clock that is moved by hand.

use crate::arguments::{date, span};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{PacelineClock, get, hand_out, release, retain};
use crate::outputs::out;
use paceline::{Clock, ManualClock};

/// Makes a clock that stands at this date, in microseconds since the Unix epoch; for tests, replay and simulation. It is
/// the caller's: release it. A store that was opened with it keeps it alive.
///
/// A store with such a clock has no thread: callbacks are delivered and timers run inside paceline_clock_advance() and
/// paceline_store_poll(), on the thread that calls.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_clock_create(start: i64, clock: *mut PacelineClock) -> PacelineResult {
    guard(|| {
        let place = out(clock, "clock")?;
        place.set(hand_out(ManualClock::new(date(start, "start")?)));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_clock_retain(clock: PacelineClock) -> PacelineResult {
    guard(|| retain(clock))
}

/// Takes a reference away; after the last one the handle is stale.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_clock_release(clock: PacelineClock) -> PacelineResult {
    guard(|| release(clock))
}

/// The date at which the clock stands.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_clock_now(clock: PacelineClock, now: *mut i64) -> PacelineResult {
    guard(|| {
        let (clock, now) = (get(clock)?, out(now, "now")?);
        now.set(clock.now().micros());
        Ok(())
    })
}

/// Moves time forward by so many microseconds: stops at every timer on the way, in order, delivers what is due on this
/// thread, and goes on.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a negative span.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_clock_advance(clock: PacelineClock, by: i64) -> PacelineResult {
    guard(|| {
        get(clock)?.advance(span(by, "by")?);
        Ok(())
    })
}

/// Moves time forward to a date; nothing happens when it has passed.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_clock_advance_to(clock: PacelineClock, to: i64) -> PacelineResult {
    guard(|| {
        get(clock)?.advance_to(date(to, "to")?);
        Ok(())
    })
}

/// Sets the wall clock forward by so many microseconds, or back by a negative number: what a person does, or the network. No time
/// passes, and nothing is delivered. Dates stay within the years 1 to 9999.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_clock_jump(clock: PacelineClock, by: i64) -> PacelineResult {
    guard(|| {
        get(clock)?.jump(by);
        Ok(())
    })
}

/// Starts the device anew: elapsed time begins at zero. The wall clock goes on. No process outlives it: release the stores that are
/// open with this clock before.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_clock_reboot(clock: PacelineClock) -> PacelineResult {
    guard(|| {
        get(clock)?.reboot();
        Ok(())
    })
}
