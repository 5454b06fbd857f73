//! What an error of the database means to a caller.

use crate::values::{ErrorCode, PacelineError};
use rusqlite::ErrorCode as Sqlite;

/// The code of an error; reading unless the database says otherwise.
pub(super) fn code(error: &rusqlite::Error) -> ErrorCode {
    match error.sqlite_error_code() {
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => ErrorCode::StoreBusy,
        Some(Sqlite::NotADatabase | Sqlite::DatabaseCorrupt) => ErrorCode::StoreDamaged,
        Some(Sqlite::DiskFull) => ErrorCode::StoreFull,
        Some(Sqlite::ReadOnly) => ErrorCode::StoreReadOnly,
        Some(Sqlite::TooBig) => ErrorCode::DataSizeExceeded,
        // Nothing that an app does leads to these.
        Some(Sqlite::ConstraintViolation | Sqlite::TypeMismatch | Sqlite::ApiMisuse) => ErrorCode::Internal,
        _ => ErrorCode::StoreReadFailed,
    }
}

#[allow(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(super) fn reading(error: rusqlite::Error) -> PacelineError {
    reading_ref(&error)
}

pub(super) fn reading_ref(error: &rusqlite::Error) -> PacelineError {
    PacelineError::new(code(error), format!("the store cannot be read: {error}"))
}

#[allow(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(super) fn writing(error: rusqlite::Error) -> PacelineError {
    let code = match code(&error) {
        ErrorCode::StoreReadFailed => ErrorCode::StoreWriteFailed,
        other => other,
    };
    PacelineError::new(code, format!("nothing was saved, the store cannot be written: {error}"))
}

/// Something in the store that no release of ours writes.
pub(super) fn unreadable(what: &str, error: impl std::fmt::Display) -> PacelineError {
    PacelineError::new(
        ErrorCode::StoreDamaged,
        format!("the store holds {what} that cannot be read: {error}"),
    )
}
