//! The one way into the library: what fails becomes a code, a panic too.

use crate::error::{PacelineResult, keep};
use paceline::{ErrorCode, PacelineError};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// 0, or the code of the error, whose details are kept for this thread.
pub(crate) fn guard(call: impl FnOnce() -> Result<(), PacelineError>) -> PacelineResult {
    answer(contained(call))
}

/// What a call returns to C.
pub(crate) fn answer(outcome: Result<(), PacelineError>) -> PacelineResult {
    match outcome {
        Ok(()) => 0,
        Err(error) => {
            let code = error.code().raw();
            keep(&error);
            code
        }
    }
}

/// For calls that have no code to return: a panic answers with what stands for "nothing".
pub(crate) fn plain<T>(nothing: T, call: impl FnOnce() -> T) -> T {
    contained(|| Ok(call())).unwrap_or(nothing)
}

/// Runs a call; a panic in it becomes an error.
pub(crate) fn contained<T>(call: impl FnOnce() -> Result<T, PacelineError>) -> Result<T, PacelineError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        log::error!("a call from C panicked: {text}");
        Err(PacelineError::new(ErrorCode::Internal, format!("the engine failed: {text}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_code() {
        assert_eq!(guard(|| panic!("on purpose")), 6001);
        assert_eq!(guard(|| Ok(())), 0);
    }
}
