//! What a caller learns of an error beyond its code.

use crate::guard::plain;
use crate::names::static_text;
use crate::outputs::out;
use paceline::{ErrorCode, PacelineError};
use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::ptr;

/// What a call returns: 0 for success, else domain * 1000 + number, one of the PACELINE_ERROR_ constants. A later release may
/// return numbers that this header does not name.
pub type PacelineResult = u32;

/// Success.
pub const PACELINE_OK: u32 = 0;

/// What is known about an error.
///
/// The texts are the library's, UTF-8, never to be freed. From paceline_last_error() they live until the next call on
/// this thread fails, or the thread ends; in a callback until the callback returns. Copy what is needed longer.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineErrorDetails {
    /// The code to act on; 0 when there was no error.
    pub code: PacelineResult,
    /// One sentence for a person, with what to do where that is known. Never NULL, empty when there was no error. It may
    /// change with every release: compare codes.
    pub sentence: *const c_char,
    /// The value that caused the error, as text; NULL where there is none.
    pub value: *const c_char,
}

/// An error with texts as C wants them.
pub(crate) struct KeptError {
    code: u32,
    sentence: CString,
    value: Option<CString>,
}

impl KeptError {
    pub(crate) fn new(error: &PacelineError) -> Self {
        Self { code: error.code().raw(), sentence: c_text(error.message()), value: error.value().map(c_text) }
    }

    /// Valid as long as this is.
    pub(crate) fn details(&self) -> PacelineErrorDetails {
        PacelineErrorDetails {
            code: self.code,
            sentence: self.sentence.as_ptr(),
            value: self.value.as_ref().map_or(ptr::null(), |value| value.as_ptr()),
        }
    }
}

/// Text for C. A zero byte inside it would end it early.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

thread_local! {
    static LAST: RefCell<Option<KeptError>> = const { RefCell::new(None) };
}

/// Keeps an error for `paceline_last_error`. In a thread that is about to end there is no place for it.
pub(crate) fn keep(error: &PacelineError) {
    let _ = LAST.try_with(|last| last.replace(Some(KeptError::new(error))));
}

/// Tells more about the last call of this thread that failed; successful calls do not clear it.
///
/// `details`: where to write; NULL returns PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT and leaves the last error as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_last_error(details: *mut PacelineErrorDetails) -> PacelineResult {
    let Ok(details) = out(details, "details") else { return ErrorCode::NullArgument.raw() };
    let none = PacelineErrorDetails { code: 0, sentence: c"".as_ptr(), value: ptr::null() };
    let last = LAST.try_with(|last| last.borrow().as_ref().map(KeptError::details));
    details.set(last.ok().flatten().unwrap_or(none));
    PACELINE_OK
}

/// The short name of a code, such as "invalidArgument"; "ok" for 0, NULL for a code that this release does not know. The
/// text is the library's and lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_error_name(code: PacelineResult) -> *const c_char {
    plain(ptr::null(), || match ErrorCode::from_raw(code) {
        Some(code) => static_text(code.name()),
        None if code == PACELINE_OK => c"ok".as_ptr(),
        None => ptr::null(),
    })
}

/// Something that is required is missing.
pub(crate) fn null(what: &str) -> PacelineError {
    PacelineError::new(ErrorCode::NullArgument, format!("{what} is missing")).with_value(what)
}

/// A handle that stands for nothing any more.
pub(crate) fn stale(what: &str) -> PacelineError {
    PacelineError::new(
        ErrorCode::StaleHandle,
        format!("this {what} was released before, or the handle never came from Paceline"),
    )
}

/// A number that is in no table.
pub(crate) fn unknown(what: &str, number: u32) -> PacelineError {
    PacelineError::new(ErrorCode::InputUnknown, format!("this release knows no such {what}"))
        .with_value(number)
}
