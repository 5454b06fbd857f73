//! Panics stay inside.

use crate::values::{ErrorCode, PacelineError};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a decision. A panic in it leaves everything as it was and becomes an error.
pub(super) fn guarded<T>(decide: impl FnOnce() -> Result<T, PacelineError>) -> Result<T, PacelineError> {
    catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|panic| {
        let text = panic_text(&*panic);
        log::error!("a decision panicked: {text}");
        Err(PacelineError::new(ErrorCode::Internal, format!("the engine failed, nothing changed: {text}")))
    })
}

pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
