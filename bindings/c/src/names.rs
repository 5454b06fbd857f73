//! Numbers and names of the enumerations.

use crate::arguments::text;
use crate::error::{PacelineResult, unknown};
use crate::guard::{guard, plain};
use crate::outputs::out;
use paceline::{
    AggregationStyle, AuthorizationStatus, ErrorCode, ErrorDomain, LogLevel, PacelineError, QuantityType,
    SourceKind, SwimmingStrokeStyle, WorkoutActivityType, WorkoutEventType, WorkoutSessionLocationType,
    WorkoutSessionState, WorkoutSessionType, WorkoutSwimmingLocationType,
};
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::LazyLock;

/// The family of the PACELINE_STATE_ numbers.
pub const PACELINE_FAMILY_STATE: u32 = 1;
/// The family of the PACELINE_SESSION_TYPE_ numbers.
pub const PACELINE_FAMILY_SESSION_TYPE: u32 = 2;
/// The family of the PACELINE_ACTIVITY_ numbers.
pub const PACELINE_FAMILY_ACTIVITY: u32 = 3;
/// The family of the PACELINE_LOCATION_ numbers.
pub const PACELINE_FAMILY_LOCATION: u32 = 4;
/// The family of the PACELINE_SWIMMING_LOCATION_ numbers.
pub const PACELINE_FAMILY_SWIMMING_LOCATION: u32 = 5;
/// The family of the PACELINE_STROKE_STYLE_ numbers.
pub const PACELINE_FAMILY_STROKE_STYLE: u32 = 6;
/// The family of the PACELINE_EVENT_ numbers.
pub const PACELINE_FAMILY_EVENT: u32 = 7;
/// The family of the PACELINE_TYPE_ numbers.
pub const PACELINE_FAMILY_QUANTITY_TYPE: u32 = 8;
/// The family of the PACELINE_AGGREGATION_ numbers.
pub const PACELINE_FAMILY_AGGREGATION: u32 = 9;
/// The family of the PACELINE_AUTHORIZATION_ numbers.
pub const PACELINE_FAMILY_AUTHORIZATION: u32 = 10;
/// The family of the PACELINE_SOURCE_KIND_ numbers.
pub const PACELINE_FAMILY_SOURCE_KIND: u32 = 11;
/// The family of the PACELINE_DOMAIN_ numbers.
pub const PACELINE_FAMILY_DOMAIN: u32 = 12;
/// The family of the PACELINE_LOG_ numbers.
pub const PACELINE_FAMILY_LOG: u32 = 13;

/// An enumeration of the engine, as C sees it.
pub(crate) trait Enumeration: Copy + 'static {
    /// What an error calls it.
    const NAME: &'static str;
    const FAMILY: u32;

    fn all() -> &'static [Self];
    fn number(self) -> u32;
    fn text(self) -> &'static str;
}

macro_rules! enumerations {
    ($( $type:ty, $family:ident, $name:literal, $number:ident; )+) => {
        $(
            impl Enumeration for $type {
                const NAME: &'static str = $name;
                const FAMILY: u32 = $family;

                fn all() -> &'static [Self] {
                    Self::ALL
                }

                fn number(self) -> u32 {
                    u32::from(self.$number())
                }

                fn text(self) -> &'static str {
                    self.name()
                }
            }
        )+

        /// Numbers and names of a family.
        fn family(number: u32) -> Option<Vec<(u32, &'static str)>> {
            fn list<E: Enumeration>() -> Vec<(u32, &'static str)> {
                E::all().iter().map(|value| (value.number(), value.text())).collect()
            }
            match number {
                $( $family => Some(list::<$type>()), )+
                _ => None,
            }
        }

        const FAMILIES: &[u32] = &[ $( <$type>::FAMILY, )+ ];
    };
}

enumerations! {
    WorkoutSessionState, PACELINE_FAMILY_STATE, "state", raw;
    WorkoutSessionType, PACELINE_FAMILY_SESSION_TYPE, "session type", raw;
    WorkoutActivityType, PACELINE_FAMILY_ACTIVITY, "activity type", raw;
    WorkoutSessionLocationType, PACELINE_FAMILY_LOCATION, "location type", raw;
    WorkoutSwimmingLocationType, PACELINE_FAMILY_SWIMMING_LOCATION, "swimming location type", raw;
    SwimmingStrokeStyle, PACELINE_FAMILY_STROKE_STYLE, "stroke style", raw;
    WorkoutEventType, PACELINE_FAMILY_EVENT, "event type", raw;
    QuantityType, PACELINE_FAMILY_QUANTITY_TYPE, "quantity type", code;
    AggregationStyle, PACELINE_FAMILY_AGGREGATION, "aggregation style", raw;
    AuthorizationStatus, PACELINE_FAMILY_AUTHORIZATION, "authorization status", raw;
    SourceKind, PACELINE_FAMILY_SOURCE_KIND, "source kind", raw;
    ErrorDomain, PACELINE_FAMILY_DOMAIN, "domain", raw;
    LogLevel, PACELINE_FAMILY_LOG, "log level", raw;
}

/// The value with this number.
///
/// # Errors
/// Input 3 for a number that is not in the table.
pub(crate) fn known<E: Enumeration>(number: u32) -> Result<E, PacelineError> {
    E::all().iter().copied().find(|value| value.number() == number).ok_or_else(|| unknown(E::NAME, number))
}

/// Every text that C may keep for ever, with the zero byte it needs; sorted.
static TEXTS: LazyLock<Vec<(&'static str, CString)>> = LazyLock::new(|| {
    let families = FAMILIES.iter().filter_map(|number| family(*number)).flatten().map(|(_, name)| name);
    let codes = ErrorCode::ALL.iter().map(|code| code.name());
    let units = QuantityType::ALL.iter().map(|kind| kind.stored_unit().as_str());
    let mut texts: Vec<_> = families.chain(codes).chain(units).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.into_iter().map(|text| (text, crate::error::c_text(text))).collect()
});

/// A text of the tables for C; NULL for any other.
pub(crate) fn static_text(text: &str) -> *const c_char {
    let place = TEXTS.binary_search_by(|(known, _)| (*known).cmp(text));
    place.map_or(ptr::null(), |place| TEXTS[place].1.as_ptr())
}

/// The name of a number, such as "notStarted" for PACELINE_FAMILY_STATE and 1. NULL for a number or a family that this
/// release does not know. The text is the library's and lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_name(family: u32, number: u32) -> *const c_char {
    plain(ptr::null(), || {
        let names = self::family(family).unwrap_or_default();
        let name = names.into_iter().find(|(known, _)| *known == number);
        name.map_or(ptr::null(), |(_, name)| static_text(name))
    })
}

/// The number of a name, such as 37 for PACELINE_FAMILY_ACTIVITY and "running".
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a name or a family that this release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_number(
    family: u32,
    name: *const c_char,
    number: *mut u32,
) -> PacelineResult {
    guard(|| {
        let (name, number) = (text(name, "name")?, out(number, "number")?);
        let names = self::family(family).ok_or_else(|| unknown("family", family))?;
        let found = names.into_iter().find(|(_, known)| *known == name).ok_or_else(|| {
            PacelineError::new(ErrorCode::InputUnknown, "this release knows no such name").with_value(name)
        })?;
        number.set(found.0);
        Ok(())
    })
}
