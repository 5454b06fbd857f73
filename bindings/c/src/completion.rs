//! Functions of C that hear how a call ended that they did not wait for.

use crate::error::{KeptError, PacelineErrorDetails, PacelineResult};
use crate::foreign::{Foreign, PacelineRelease, take};
use crate::guard::{contained, guard};
use crate::handles::{Lent, PacelineBuilder, PacelineWorkout, get};
use crate::lane::run_later;
use paceline::{LiveWorkoutBuilder, PacelineError, Workout};
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

/// Hears how a call ended. Start with PACELINE_COMPLETION_INIT.
///
/// The calls whose names end in _async only move a call off the caller's thread: all of a process run on one thread, one
/// after the other, in the order of asking. done is called on that thread, then release. When an _async call itself
/// returns an error, nothing was begun: done is not called, release is.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineCompletion {
    /// sizeof(PacelineCompletion).
    pub struct_size: usize,
    /// The first argument of every call; the library's until release.
    pub user_data: *mut c_void,
    /// Gives user_data back. May be NULL.
    pub release: PacelineRelease,
    /// The call ended. result: what the call without _async would have returned. error: its details, NULL for success; it
    /// lives until done returns. workout: what paceline_builder_finish_workout() would have told, lent for the call; the
    /// handle 0 for all other calls. May call the engine. May be NULL.
    pub done: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            result: PacelineResult,
            error: *const PacelineErrorDetails,
            workout: PacelineWorkout,
        ),
    >,
}

fn tell(to: &Foreign<PacelineCompletion>, outcome: Result<Option<Workout>, PacelineError>) {
    let Some(done) = to.done else { return };
    match outcome {
        Ok(workout) => {
            let workout = workout.map(|workout| Lent::<PacelineWorkout>::new(Arc::new(workout)));
            let handle = workout.as_ref().map_or(PacelineWorkout { id: 0 }, Lent::handle);
            unsafe { done(to.user_data(), 0, ptr::null(), handle) }
        }
        Err(error) => {
            let code = error.code().raw();
            let error = KeptError::new(&error);
            let details = error.details();
            unsafe { done(to.user_data(), code, &raw const details, PacelineWorkout { id: 0 }) }
        }
    }
}

/// Runs a call of a builder later, and tells how it ended. `prepare` reads the caller's arguments now, before they are gone.
pub(crate) unsafe fn later<Call>(
    builder: PacelineBuilder,
    completion: *const PacelineCompletion,
    prepare: impl FnOnce() -> Result<Call, PacelineError>,
) -> PacelineResult
where
    Call: FnOnce(&LiveWorkoutBuilder) -> Result<Option<Workout>, PacelineError> + Send + 'static,
{
    guard(|| {
        let completion = take(completion, "completion")?;
        let builder = get(builder)?;
        let call = prepare()?;
        run_later(Box::new(move || tell(&completion, contained(|| call(&builder)))))
    })
}
