//! Quantity types and units.

use crate::arguments::text;
use crate::error::PacelineResult;
use crate::guard::{guard, plain};
use crate::names::{known, static_text};
use crate::outputs::out;
use paceline::{ErrorCode, MeasureUnit, PacelineError, Quantity, QuantityType};
use std::ffi::c_char;
use std::ptr;

/// Reads a unit.
pub(crate) fn unit(text: &str) -> Result<MeasureUnit, PacelineError> {
    text.parse().map_err(|error| {
        PacelineError::new(ErrorCode::InputUnit, format!("this unit cannot be read: {error}"))
            .with_value(text)
    })
}

/// The unit in which values of a type are stored, such as "count/min" for heart rate; NULL for a type that this release
/// does not know. The text is the library's and lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_quantity_type_unit(quantity_type: u32) -> *const c_char {
    plain(ptr::null(), || {
        known::<QuantityType>(quantity_type)
            .map_or(ptr::null(), |kind| static_text(kind.stored_unit().as_str()))
    })
}

/// How values of a type are put together: PACELINE_AGGREGATION_.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a type that this release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_quantity_type_aggregation(
    quantity_type: u32,
    aggregation: *mut u32,
) -> PacelineResult {
    guard(|| {
        let place = out(aggregation, "aggregation")?;
        place.set(u32::from(known::<QuantityType>(quantity_type)?.aggregation_style().raw()));
        Ok(())
    })
}

/// Converts a number from one unit to another, such as 12.5 from "km" to "m". In "%" a number is a fraction: 0.97 for 97
/// percent.
///
/// Codes: PACELINE_ERROR_INPUT_UNIT for a unit that cannot be read or two that measure different things;
/// PACELINE_ERROR_INPUT_OUT_OF_RANGE when there is no finite result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_unit_convert(
    value: f64,
    from: *const c_char,
    into: *const c_char,
    result: *mut f64,
) -> PacelineResult {
    guard(|| {
        let (from, into) = (unit(text(from, "from")?)?, unit(text(into, "into")?)?);
        let place = out(result, "result")?;
        let quantity = Quantity::new(value, from);
        let converted = quantity.value_in(&into).map_err(|error| {
            let code =
                if quantity.is_compatible(&into) { ErrorCode::InputOutOfRange } else { ErrorCode::InputUnit };
            PacelineError::new(code, error.to_string())
        })?;
        place.set(converted);
        Ok(())
    })
}
