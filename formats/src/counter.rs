//! Turns counters that grow over a session into increments that say when they grew.

use crate::notes::Notes;
use crate::running::Span;
use crate::timeline::Record;
use crate::timer::{Pause, Standing, standing};
use crate::{Channel, Place, Sample};

/// A counter that falls by no more than this part of itself was corrected, not reset.
const CORRECTION: f64 = 0.02;
/// Nobody covers more than this in a second before the first reading (metres a second).
const FASTEST_START: f64 = 50.0;
/// What may already stand on a fresh counter at the first reading (metres).
const FRESH: f64 = 100.0;

/// One value of a counter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) at_us: i64,
    pub(crate) place: Place,
    pub(crate) value: f64,
}

/// Where a counter stood when the session began.
///
/// `before` is its last value in an earlier session of the file. A counter that goes on from there
/// started here at that value; one that is lower was set to zero. Without an earlier session it
/// started at zero, unless it already shows more than anyone can have covered since the start.
pub(crate) fn origin(first: Option<Count>, before: Option<f64>, start_us: i64) -> f64 {
    let Some(first) = first else { return 0.0 };
    match before {
        Some(before) if first.value >= before => before,
        Some(_) => 0.0,
        None => {
            let since_s = (first.at_us - start_us).max(0) as f64 / 1e6;
            if first.value > FRESH + FASTEST_START * since_s { first.value } else { 0.0 }
        }
    }
}

/// Makes the increments of a counter, one for each value that grew.
///
/// Each is in running time, see [`Span`]. An increment that shows up within a pause is carried to the
/// next value after it. So is one without any time to have happened in. Nothing is lost: what is
/// still carried at the end goes to the last increment.
pub(crate) fn increments(
    channel: Channel,
    counts: &[Count],
    origin: f64,
    span: Span<'_>,
    notes: &mut Notes,
) -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::with_capacity(counts.len());
    let mut high = origin;
    let mut from = span.start_us;
    let mut carried = 0.0;
    for count in counts {
        if count.value < high {
            if count.value < high * (1.0 - CORRECTION) {
                notes.note(count.place, format!("{} counted before it was set back", name(channel)));
                high = count.value;
            }
        } else {
            carried += count.value - high;
            high = count.value;
        }
        let Some(since) = span.running_since(from, count.at_us) else {
            continue;
        };
        // Every value counts as a reading, grown or not: standing still is also known.
        if since < count.at_us {
            if carried > 0.0 {
                samples.push(Sample { channel, start_us: since, end_us: count.at_us, value: carried });
                carried = 0.0;
            }
            from = count.at_us;
        }
    }
    if carried > 0.0 {
        match samples.last_mut() {
            Some(last) => last.value += carried,
            None => samples.push(Sample { channel, start_us: span.start_us, end_us: from, value: carried }),
        }
    }
    samples
}

fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Energy => "energy",
        _ => "distance",
    }
}

/// The distance counter of the records.
pub(crate) fn distance(records: &[Record]) -> Vec<Count> {
    counts(records, |record| record.distance)
}

/// The energy counter of the records.
pub(crate) fn energy(records: &[Record]) -> Vec<Count> {
    counts(records, |record| record.energy)
}

fn counts(records: &[Record], value: impl Fn(&Record) -> Option<f64>) -> Vec<Count> {
    let count = |record: &Record| {
        value(record).map(|value| Count { at_us: record.at_us, place: record.place, value })
    };
    records.iter().filter_map(count).collect()
}

/// A distance counter made from positions, for files that carry none: the sum of the great circle
/// legs between readings of one run, leaving out legs into, within and across pauses.
pub(crate) fn distance_from_positions(records: &[Record], pauses: &[Pause]) -> Vec<Count> {
    let mut counts = Vec::new();
    let mut total = 0.0;
    let mut last: Option<(&Record, (f64, f64), Standing)> = None;
    for record in records {
        let Some(position) = record.position else {
            continue;
        };
        let standing = standing(pauses, record.at_us);
        if let Some((before, from, stood)) = last {
            let joined = before.run == record.run && stood == standing;
            if joined && standing != Standing::Paused {
                total += leg_m(from, position);
            }
        }
        counts.push(Count { at_us: record.at_us, place: record.place, value: total });
        last = Some((record, position, standing));
    }
    counts
}

/// Length in metres of the great circle between two positions in degrees.
fn leg_m(from: (f64, f64), to: (f64, f64)) -> f64 {
    /// Mean radius of the earth in metres.
    const RADIUS: f64 = 6_371_008.8;
    let (lat_a, lat_b) = (from.0.to_radians(), to.0.to_radians());
    let half_lat = (lat_b - lat_a) / 2.0;
    let half_lon = (to.1 - from.1).to_radians() / 2.0;
    let a = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * RADIUS * a.clamp(0.0, 1.0).sqrt().asin()
}
