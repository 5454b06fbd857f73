//! Turns records into the samples of a session.

use crate::running::Span;
use crate::timeline::Record;
use crate::{Channel, Sample, Sport};

/// The readings of an instant, clamped to the session: seconds are cut off in most formats, so the
/// first and last reading may lie a moment outside.
pub(crate) fn instants(
    records: &[Record],
    sport: &Sport,
    start_us: i64,
    end_us: i64,
    samples: &mut Vec<Sample>,
) {
    // Devices count one foot; people and this crate count steps.
    let steps = match sport {
        Sport::Running | Sport::Walking | Sport::Hiking => 2.0,
        _ => 1.0,
    };
    for record in records {
        let at_us = record.at_us.clamp(start_us, end_us);
        let readings = [
            (Channel::HeartRate, record.heart_rate),
            (Channel::Speed, record.speed),
            (Channel::Cadence, record.cadence.map(|each| each * steps)),
            (Channel::Power, record.power),
            (Channel::Temperature, record.temperature),
        ];
        for (channel, value) in readings {
            if let Some(value) = value {
                samples.push(Sample { channel, start_us: at_us, end_us: at_us, value });
            }
        }
    }
}

/// Puts samples in the order the model promises, inside the session, and amounts into running time.
pub(crate) fn finish(samples: &mut [Sample], span: Span<'_>) {
    for sample in samples.iter_mut() {
        if sample.channel.is_amount() {
            *sample = span.place(*sample);
        } else {
            sample.start_us = span.clamp(sample.start_us);
            sample.end_us = span.clamp(sample.end_us);
        }
    }
    samples.sort_by_key(|sample| (sample.end_us, sample.start_us, sample.channel));
}
