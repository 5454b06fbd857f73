//! Panics stay on this side.

use crate::error_code::ErrorCode;
use crate::errors::PacelineError;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a call into the engine. A panic becomes an error: what was committed before is safe, and the caller hears of it as
/// of any other failure.
pub(crate) fn guarded<T, E: Into<PacelineError>>(
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, PacelineError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(outcome) => outcome.map_err(Into::into),
        Err(panic) => {
            let text = panic
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("no message");
            log::error!("a call panicked: {text}");
            Err(PacelineError::new(ErrorCode::Internal, format!("the engine failed: {text}"), None))
        }
    }
}

/// As [`guarded`], for a call that answers in any case.
pub(crate) fn guarded_call<T>(call: impl FnOnce() -> T) -> Result<T, PacelineError> {
    guarded(|| Ok::<T, PacelineError>(call()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let outcome = guarded_call(|| -> u32 { panic!("seven is not eight") });
        let Err(PacelineError::Boundary { code: ErrorCode::Internal, reason, .. }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(reason, "the engine failed: seven is not eight");
        assert_eq!(guarded_call(|| 7), Ok(7));
    }
}
