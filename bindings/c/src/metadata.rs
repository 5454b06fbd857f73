//! Further facts, key by key.

use crate::arguments::{date, text};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{Lent, PacelineMetadata, get, hand_out, release, retain};
use crate::outputs::{optional_out, out, out_text};
use crate::units::unit;
use paceline::{ErrorCode, Metadata, MetadataValue, PacelineError, Quantity};
use parking_lot::Mutex;
use std::ffi::c_char;
use std::sync::Arc;

/// A fact that is text.
pub const PACELINE_METADATA_TEXT: u32 = 1;
/// A fact that is a number. Truth values are 1 and 0, enumerations their numbers.
pub const PACELINE_METADATA_NUMBER: u32 = 2;
/// A fact that is a date.
pub const PACELINE_METADATA_DATE: u32 = 3;
/// A fact that is a number with a unit.
pub const PACELINE_METADATA_QUANTITY: u32 = 4;

/// Lends facts to a callback.
pub(crate) fn lend(metadata: &Metadata) -> Lent<PacelineMetadata> {
    Lent::new(Arc::new(Mutex::new(metadata.clone())))
}

/// Facts for C to keep.
pub(crate) fn hand_out_metadata(metadata: &Metadata) -> PacelineMetadata {
    hand_out(Arc::new(Mutex::new(metadata.clone())))
}

/// Makes metadata without a fact. It is the caller's: release it. It is copied wherever it is handed in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_create(metadata: *mut PacelineMetadata) -> PacelineResult {
    guard(|| {
        out(metadata, "metadata")?.set(hand_out_metadata(&Metadata::new()));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_metadata_retain(metadata: PacelineMetadata) -> PacelineResult {
    guard(|| retain(metadata))
}

/// Takes a reference away; after the last one the handle is stale.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_metadata_release(metadata: PacelineMetadata) -> PacelineResult {
    guard(|| release(metadata))
}

unsafe fn set(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: MetadataValue,
) -> Result<(), PacelineError> {
    let (metadata, key) = (get(metadata)?, text(key, "key")?);
    metadata.lock().insert(key.to_owned(), value);
    Ok(())
}

/// Sets a fact to text; an old one of this key is replaced. Key and value are copied. What is wrong with a key is told
/// where the metadata is handed in.
///
/// Codes: PACELINE_ERROR_INPUT_MALFORMED for what is not UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_set_text(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: *const c_char,
) -> PacelineResult {
    guard(|| set(metadata, key, MetadataValue::Text(text(value, "value")?.to_owned())))
}

/// Sets a fact to a number; see paceline_metadata_set_text().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_set_number(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: f64,
) -> PacelineResult {
    guard(|| set(metadata, key, MetadataValue::Number(value)))
}

/// Sets a fact to a date in microseconds since the Unix epoch; see paceline_metadata_set_text().
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_set_date(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: i64,
) -> PacelineResult {
    guard(|| set(metadata, key, MetadataValue::Date(date(value, "value")?)))
}

/// Sets a fact to a number with a unit such as "m" or "kcal"; see paceline_metadata_set_text().
///
/// Codes: PACELINE_ERROR_INPUT_UNIT for a unit that cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_set_quantity(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: f64,
    unit_text: *const c_char,
) -> PacelineResult {
    guard(|| {
        let quantity = Quantity::new(value, unit(text(unit_text, "unit_text")?)?);
        set(metadata, key, MetadataValue::Quantity(quantity))
    })
}

/// How many facts there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_count(
    metadata: PacelineMetadata,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (metadata, count) = (get(metadata)?, out(count, "count")?);
        count.set(metadata.lock().len());
        Ok(())
    })
}

/// Reads the key of a fact by its place: 0 up to the count, in the order of the keys' bytes. A text as paceline.h
/// describes it under "Lists and texts".
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for a place without a fact; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_key(
    metadata: PacelineMetadata,
    place: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (metadata, answer) = (get(metadata)?, out_text(buffer, capacity, length)?);
        let key = metadata.lock().keys().nth(place).cloned();
        answer.set(&key.ok_or_else(|| no_fact(place))?)
    })
}

fn no_fact(what: impl std::fmt::Display) -> PacelineError {
    PacelineError::new(ErrorCode::NoData, "there is no such fact").with_value(what)
}

unsafe fn fact(metadata: PacelineMetadata, key: *const c_char) -> Result<MetadataValue, PacelineError> {
    let (metadata, key) = (get(metadata)?, text(key, "key")?);
    let found = metadata.lock().get(key).cloned();
    found.ok_or_else(|| no_fact(key))
}

fn other_kind(kind: u32) -> PacelineError {
    PacelineError::new(ErrorCode::InvalidArgument, "this fact is of another kind").with_value(kind)
}

fn kind(value: &MetadataValue) -> u32 {
    match value {
        MetadataValue::Text(_) => PACELINE_METADATA_TEXT,
        MetadataValue::Number(_) => PACELINE_METADATA_NUMBER,
        MetadataValue::Date(_) => PACELINE_METADATA_DATE,
        MetadataValue::Quantity(_) => PACELINE_METADATA_QUANTITY,
    }
}

/// Of which kind a fact is: PACELINE_METADATA_.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA when there is no fact of this key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_kind(
    metadata: PacelineMetadata,
    key: *const c_char,
    kind: *mut u32,
) -> PacelineResult {
    guard(|| {
        let place = out(kind, "kind")?;
        place.set(self::kind(&fact(metadata, key)?));
        Ok(())
    })
}

/// Reads a fact that is text. A text as paceline.h describes it under "Lists and texts".
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA when there is no fact of this key; PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it
/// is of another kind; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_text(
    metadata: PacelineMetadata,
    key: *const c_char,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let answer = out_text(buffer, capacity, length)?;
        match fact(metadata, key)? {
            MetadataValue::Text(text) => answer.set(&text),
            other => Err(other_kind(self::kind(&other))),
        }
    })
}

/// Reads a fact that is a number or a number with a unit.
///
/// Codes: as paceline_metadata_text().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_number(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: *mut f64,
) -> PacelineResult {
    guard(|| {
        let place = out(value, "value")?;
        match fact(metadata, key)? {
            MetadataValue::Number(number) => place.set(number),
            MetadataValue::Quantity(quantity) => place.set(quantity.value()),
            other => return Err(other_kind(self::kind(&other))),
        }
        Ok(())
    })
}

/// Reads a fact that is a date, in microseconds since the Unix epoch.
///
/// Codes: as paceline_metadata_text().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_date(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: *mut i64,
) -> PacelineResult {
    guard(|| {
        let place = out(value, "value")?;
        match fact(metadata, key)? {
            MetadataValue::Date(date) => place.set(date.micros()),
            other => return Err(other_kind(self::kind(&other))),
        }
        Ok(())
    })
}

/// Reads the unit of a fact that is a number with a unit; `value`, which may be NULL, gets the number.
///
/// Codes: as paceline_metadata_text().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_metadata_quantity(
    metadata: PacelineMetadata,
    key: *const c_char,
    value: *mut f64,
    unit_buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (place, answer) = (optional_out(value), out_text(unit_buffer, capacity, length)?);
        match fact(metadata, key)? {
            MetadataValue::Quantity(quantity) => {
                answer.set(quantity.unit().as_str())?;
                if let Some(place) = place {
                    place.set(quantity.value());
                }
                Ok(())
            }
            other => Err(other_kind(self::kind(&other))),
        }
    })
}
