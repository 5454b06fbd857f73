//! One reading of all sensors, and which readings to believe when the clock does not run straight.

use crate::notes::Notes;
use crate::plausible::{LARGEST_GAP_US, SECOND_US};
use crate::{FormatError, Place};

/// What a device wrote at one instant, whichever the format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Record {
    /// Microseconds since the Unix epoch.
    pub(crate) at_us: i64,
    /// Where it stands in the file.
    pub(crate) place: Place,
    /// Points of different runs are not joined by a straight line: a GPX or TCX track segment.
    pub(crate) run: u32,
    /// Beats a minute.
    pub(crate) heart_rate: Option<f64>,
    /// Metres a second.
    pub(crate) speed: Option<f64>,
    /// As stored: one foot counts for runs.
    pub(crate) cadence: Option<f64>,
    /// Watts.
    pub(crate) power: Option<f64>,
    /// Degrees Celsius.
    pub(crate) temperature: Option<f64>,
    /// Metres since some origin; grows.
    pub(crate) distance: Option<f64>,
    /// Kilocalories since some origin; grows.
    pub(crate) energy: Option<f64>,
    /// Latitude and longitude in degrees.
    pub(crate) position: Option<(f64, f64)>,
}

impl Record {
    pub(crate) fn new(at_us: i64, place: Place) -> Self {
        Self {
            at_us,
            place,
            run: 0,
            heart_rate: None,
            speed: None,
            cadence: None,
            power: None,
            temperature: None,
            distance: None,
            energy: None,
            position: None,
        }
    }

    /// Whether any sensor is in it; some devices write bare times when they stop.
    pub(crate) fn has_reading(&self) -> bool {
        self.heart_rate.is_some()
            || self.speed.is_some()
            || self.cadence.is_some()
            || self.power.is_some()
            || self.temperature.is_some()
            || self.distance.is_some()
            || self.energy.is_some()
            || self.position.is_some()
    }
}

/// Keeps the records whose times never go back, leaving out as few as possible.
///
/// A clock that is corrected while recording, or one point with a wrong date, then costs only the
/// points that contradict the rest, wherever in the file they are. Records of equal time stay: they
/// are two readings in one second.
pub(crate) fn in_time_order(records: Vec<Record>, notes: &mut Notes) -> Vec<Record> {
    if records.is_sorted_by_key(|record| record.at_us) {
        return records;
    }
    let keep = longest_rising(&records);
    let mut kept = Vec::with_capacity(records.len());
    for (record, keep) in records.into_iter().zip(keep) {
        if keep {
            kept.push(record);
        } else {
            notes.note(record.place, "a reading whose time goes back behind the readings around it");
        }
    }
    kept
}

/// Marks a longest subsequence of records whose times do not fall. O(n log n).
fn longest_rising(records: &[Record]) -> Vec<bool> {
    // tails[k]: index of the smallest last record of any such subsequence of length k + 1.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let at = tails.partition_point(|&tail| records[tail].at_us <= record.at_us);
        before.push(at.checked_sub(1).map(|previous| tails[previous]));
        if at == tails.len() {
            tails.push(index);
        } else {
            tails[at] = index;
        }
    }
    let mut keep = vec![false; records.len()];
    let mut next = tails.last().copied();
    while let Some(index) = next {
        keep[index] = true;
        next = before[index];
    }
    keep
}

/// Cuts off what lies beyond jumps of weeks: the clock broke there. The longest stretch without a
/// jump is the activity. `records` are in time order.
pub(crate) fn until_jump(mut records: Vec<Record>, notes: &mut Notes) -> Result<Vec<Record>, FormatError> {
    let far = |pair: &[Record]| pair[1].at_us.saturating_sub(pair[0].at_us) > LARGEST_GAP_US;
    let mut longest = 0..0;
    let mut from = 0;
    for until in 1..=records.len() {
        if until == records.len() || far(&records[until - 1..=until]) {
            if until - from > longest.len() {
                longest = from..until;
            }
            from = until;
        }
    }
    for record in records[..longest.start].iter().chain(&records[longest.end..]) {
        let days = (record.at_us - records[longest.start].at_us) / (86_400 * SECOND_US);
        notes.implausible(record.place, FAR_FROM_REST, &format_args!("{days} days"))?;
    }
    records.truncate(longest.end);
    records.drain(..longest.start);
    Ok(records)
}

/// What is said of a reading beyond [`LARGEST_GAP_US`].
pub(crate) const FAR_FROM_REST: &str = "a reading more than two weeks away from the rest";
