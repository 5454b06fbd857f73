//! Which library this is.

use std::ffi::c_char;

/// The version of the library that runs, such as "0.1.0". Compare with PACELINE_VERSION, the version of this header. The
/// text is the library's and lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The version of the library that runs as a number: major * 1000000 + minor * 1000 + patch. Compare with
/// PACELINE_VERSION_NUMBER.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_version_number() -> u32 {
    part(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
        + part(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
        + part(env!("CARGO_PKG_VERSION_PATCH"))
}

fn part(text: &str) -> u32 {
    text.parse().unwrap_or_default()
}
