//! What C hands in, checked.

use crate::error::{null, unknown};
use crate::values::PACELINE_NO_DATE;
use paceline::{ErrorCode, PacelineError, Timestamp, Uuid};
use std::ffi::{CStr, c_char};
use std::time::Duration;

/// A structure behind a pointer.
pub(crate) unsafe fn given<'a, T>(pointer: *const T, what: &str) -> Result<&'a T, PacelineError> {
    pointer.as_ref().ok_or_else(|| null(what))
}

/// Several values behind a pointer, which may be NULL when there are none.
pub(crate) unsafe fn several<'a, T>(
    pointer: *const T,
    count: usize,
    what: &str,
) -> Result<&'a [T], PacelineError> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(what));
    }
    if count > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(PacelineError::new(
            ErrorCode::InputMalformed,
            format!("{what}: more than memory can hold"),
        )
        .with_value(count));
    }
    Ok(std::slice::from_raw_parts(pointer, count))
}

/// Text that ends with a zero byte.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, PacelineError> {
    if pointer.is_null() {
        return Err(null(what));
    }
    CStr::from_ptr(pointer)
        .to_str()
        .map_err(|_| PacelineError::new(ErrorCode::InputMalformed, format!("{what} must be UTF-8")))
}

/// Text that may be left out.
pub(crate) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    what: &str,
) -> Result<Option<&'a str>, PacelineError> {
    if pointer.is_null() { Ok(None) } else { text(pointer, what).map(Some) }
}

/// A date.
pub(crate) fn date(micros: i64, what: &str) -> Result<Timestamp, PacelineError> {
    Timestamp::checked_from_micros(micros).ok_or_else(|| {
        PacelineError::new(
            ErrorCode::InputOutOfRange,
            format!("{what}: dates lie between the years 1 and 9999"),
        )
        .with_value(micros)
    })
}

/// A date that may be left out.
pub(crate) fn optional_date(micros: i64, what: &str) -> Result<Option<Timestamp>, PacelineError> {
    if micros == PACELINE_NO_DATE { Ok(None) } else { date(micros, what).map(Some) }
}

/// A span of time.
pub(crate) fn span(micros: i64, what: &str) -> Result<Duration, PacelineError> {
    u64::try_from(micros).map(Duration::from_micros).map_err(|_| {
        PacelineError::new(ErrorCode::InputOutOfRange, format!("{what}: a span of time is never negative"))
            .with_value(micros)
    })
}

/// A number that stands for yes or no.
pub(crate) fn flag(number: u32, what: &str) -> Result<bool, PacelineError> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(unknown(&format!("answer to {what}; 0 is no, 1 is yes"), number)),
    }
}

/// An error that C names by its code.
pub(crate) unsafe fn error(
    code: u32,
    sentence: *const c_char,
    what: &str,
) -> Result<PacelineError, PacelineError> {
    let code = ErrorCode::from_raw(code).ok_or_else(|| unknown("error code", code))?;
    let sentence = optional_text(sentence, what)?.unwrap_or_default();
    Ok(PacelineError::new(code, if sentence.is_empty() { code.name() } else { sentence }))
}

/// An id.
pub(crate) fn uuid(id: crate::values::PacelineUuid) -> Uuid {
    Uuid::from_bytes(id.bytes)
}
