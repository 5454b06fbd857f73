//! The limits beyond which a value is a fault and not a measurement.
//!
//! They are wide on purpose: a sensor that reads 245 beats a minute is wrong, but it did read that.

use crate::notes::Notes;
use crate::{FormatError, Place};

/// Microseconds in a second.
pub(crate) const SECOND_US: i64 = 1_000_000;

/// 1989-01-01T00:00:00Z: FIT counts from the last day of that year, and nothing was recorded before.
const EARLIEST_US: i64 = 599_616_000 * SECOND_US;
/// 2101-01-01T00:00:00Z.
const LATEST_US: i64 = 4_133_980_800 * SECOND_US;

/// Two readings of one session are never further apart; a clock that jumps this far is broken. Two
/// weeks leave room for a tour that is paused for some nights.
pub(crate) const LARGEST_GAP_US: i64 = 14 * 86_400 * SECOND_US;

const MAX_HEART_RATE: f64 = 300.0;
const MAX_SPEED: f64 = 150.0;
const MAX_CADENCE: f64 = 1_000.0;
const MAX_POWER: f64 = 20_000.0;
const MAX_DISTANCE: f64 = 20_000_000.0;
const MAX_ENERGY: f64 = 200_000.0;
const MAX_DURATION_S: f64 = 366.0 * 86_400.0;

/// Lets a value through when it lies in `range`. `None` stays `None`.
fn within(
    value: Option<f64>,
    low: f64,
    high: f64,
    what: &'static str,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let Some(value) = value else { return Ok(None) };
    // Written so that NaN is refused.
    if value >= low && value <= high {
        return Ok(Some(value));
    }
    notes.implausible(place, what, &value)?;
    Ok(None)
}

/// Beats a minute. A strap without contact writes 0, which is no reading and no fault.
pub(crate) fn heart_rate(
    value: Option<f64>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let what = "a heart rate outside 0 to 300 beats a minute";
    let value = within(value, 0.0, MAX_HEART_RATE, what, place, notes)?;
    Ok(value.filter(|&rate| rate > 0.0))
}

/// Metres a second.
pub(crate) fn speed(value: Option<f64>, place: Place, notes: &mut Notes) -> Result<Option<f64>, FormatError> {
    let what = "a speed outside 0 to 150 metres a second";
    within(value, 0.0, MAX_SPEED, what, place, notes)
}

/// Revolutions, strokes or steps a minute.
pub(crate) fn cadence(
    value: Option<f64>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let what = "a cadence outside 0 to 1000 a minute";
    within(value, 0.0, MAX_CADENCE, what, place, notes)
}

/// Watts.
pub(crate) fn power(value: Option<f64>, place: Place, notes: &mut Notes) -> Result<Option<f64>, FormatError> {
    let what = "a power outside 0 to 20000 watts";
    within(value, 0.0, MAX_POWER, what, place, notes)
}

/// Degrees Celsius.
pub(crate) fn temperature(
    value: Option<f64>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let what = "a temperature outside -130 to 130 degrees Celsius";
    within(value, -130.0, 130.0, what, place, notes)
}

/// Metres, cumulative or of a lap.
pub(crate) fn distance(
    value: Option<f64>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let what = "a distance outside 0 to 20000 kilometres";
    within(value, 0.0, MAX_DISTANCE, what, place, notes)
}

/// Kilocalories, cumulative or of a lap.
pub(crate) fn energy(
    value: Option<f64>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let what = "an energy outside 0 to 200000 kilocalories";
    within(value, 0.0, MAX_ENERGY, what, place, notes)
}

/// Seconds of a session or a lap.
pub(crate) fn duration(
    value: Option<f64>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<f64>, FormatError> {
    let what = "a duration outside 0 to 366 days";
    within(value, 0.0, MAX_DURATION_S, what, place, notes)
}

/// Latitude and longitude in degrees.
pub(crate) fn position(
    value: Option<(f64, f64)>,
    place: Place,
    notes: &mut Notes,
) -> Result<Option<(f64, f64)>, FormatError> {
    let Some((lat, lon)) = value else {
        return Ok(None);
    };
    let lat = within(Some(lat), -90.0, 90.0, "a latitude outside -90 to 90 degrees", place, notes)?;
    // Some writers count eastwards to 360.
    let lon = within(Some(lon), -180.0, 360.0, "a longitude outside -180 to 180 degrees", place, notes)?;
    Ok(lat.zip(lon))
}

/// Microseconds since the Unix epoch.
pub(crate) fn time(at_us: i64, place: Place, notes: &mut Notes) -> Result<Option<i64>, FormatError> {
    if (EARLIEST_US..LATEST_US).contains(&at_us) {
        return Ok(Some(at_us));
    }
    let seconds = at_us / SECOND_US;
    let what = "a time outside the years 1989 to 2100";
    notes.implausible(place, what, &format_args!("{seconds} s since 1970"))?;
    Ok(None)
}
