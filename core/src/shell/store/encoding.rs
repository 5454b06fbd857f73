//! How the samples of a finished workout are written into one piece of bytes, and read back bit for bit. The layout is told
//! in docs/store.md, so that other programs can read it; it is written for ever.

use crate::values::{Reading, SampleId, SourceId, Timestamp};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// The first byte of every piece: how the rest is written.
const ENVELOPE: u8 = 1;

/// How many samples a piece holds at most. Longer ones save little more, and a page of samples is cut out of whole pieces.
pub(super) const LONGEST: usize = 4096;

/// What a piece of the longest takes at most before it is packed: six numbers a sample, of ten bytes at most, and the count.
const UNPACKED: usize = LONGEST * 60 + 10;

/// How hard the packing tries, of 9; more gains a third of a percent.
const EFFORT: u8 = 6;

/// A sample of which type and workout are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredSample {
    pub(super) id: SampleId,
    pub(super) source: SourceId,
    pub(super) reading: Reading,
}

impl StoredSample {
    /// Whether two samples are the same, bit for bit.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let bits = |sample: &Self| {
            let Reading { value, start, end } = sample.reading;
            (sample.id, sample.source, start, end, value.to_bits())
        };
        bits(self) == bits(other)
    }
}

/// Writes samples, at most [`LONGEST`].
///
/// Column after column: dates of neighbours lie equally far apart for long stretches, so the second difference of a start is
/// mostly zero. Sensors speak in steps: a value is told by its rank among the few that occur, and neighbours differ little
/// in rank, whatever unit and rounding the values went through.
pub(super) fn encode(samples: &[StoredSample]) -> Vec<u8> {
    let mut out = Writer(Vec::with_capacity(samples.len() * 8));
    out.unsigned(samples.len() as u64);
    out.second_differences(samples.iter().map(|sample| sample.reading.start.micros()));
    out.differences(samples.iter().map(|sample| length(&sample.reading)));
    out.second_differences(samples.iter().map(|sample| sample.id.0 as i64));
    out.differences(samples.iter().map(|sample| i64::from(sample.source.0)));
    let ranked: Vec<_> = samples.iter().map(|sample| place_of(sample.reading.value)).collect();
    let mut values = ranked.clone();
    values.sort_unstable();
    values.dedup();
    out.unsigned(values.len() as u64);
    let mut before = 0;
    for value in &values {
        out.unsigned(value - before);
        before = *value;
    }
    out.differences(ranked.iter().map(|value| values.partition_point(|other| other < value) as i64));
    let mut piece = vec![ENVELOPE];
    piece.extend(compress_to_vec_zlib(&out.0, EFFORT));
    piece
}

/// Reads samples back.
///
/// # Errors
/// A word on what is wrong with the bytes.
pub(super) fn decode(piece: &[u8]) -> Result<Vec<StoredSample>, &'static str> {
    let packed = match piece.split_first() {
        Some((&ENVELOPE, packed)) => packed,
        Some(_) => return Err("it is written in a way that this release does not know"),
        None => return Err("it is empty"),
    };
    let bytes = decompress_to_vec_zlib_with_limit(packed, UNPACKED).map_err(|_| "it cannot be unpacked")?;
    let mut rest = Reader(&bytes);
    let count = rest.count(LONGEST)?;
    let starts = rest.second_differences(count)?;
    let lengths = rest.differences(count)?;
    let ids = rest.second_differences(count)?;
    let sources = rest.differences(count)?;
    let distinct = rest.count(count)?;
    let mut values = Vec::with_capacity(distinct);
    let mut before = 0_u64;
    for _ in 0..distinct {
        before = before.wrapping_add(rest.unsigned()?);
        values.push(value_at(before));
    }
    let ranks = rest.differences(count)?;
    if !rest.0.is_empty() {
        return Err("it is too long");
    }
    let mut samples = Vec::with_capacity(count);
    for index in 0..count {
        let start = starts[index];
        let value = usize::try_from(ranks[index]).ok().and_then(|rank| values.get(rank));
        samples.push(StoredSample {
            id: SampleId(ids[index] as u64),
            source: SourceId(u32::try_from(sources[index]).map_err(|_| "a source has no such number")?),
            reading: Reading {
                value: *value.ok_or("a value is missing")?,
                start: date(start)?,
                end: date(start.wrapping_add(lengths[index]))?,
            },
        });
    }
    Ok(samples)
}

fn length(reading: &Reading) -> i64 {
    reading.end.micros().wrapping_sub(reading.start.micros())
}

/// As they stand in a row: what lies outside of the range of dates is refused, not moved into it.
fn date(micros: i64) -> Result<Timestamp, &'static str> {
    Timestamp::checked_from_micros(micros).ok_or("a date is out of range")
}

const SIGN: u64 = 1 << 63;

/// The bits of a value, changed so that they rise as values do.
fn place_of(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn value_at(place: u64) -> f64 {
    f64::from_bits(if place & SIGN == 0 { !place } else { place & !SIGN })
}

/// Numbers in as few bytes as they need: seven bits a byte, the lowest first, the eighth set on all but the last.
struct Writer(Vec<u8>);

impl Writer {
    fn unsigned(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// 0, -1, 1, -2 become 0, 1, 2, 3, so that small numbers stay small.
    fn signed(&mut self, number: i64) {
        self.unsigned(((number << 1) ^ (number >> 63)) as u64);
    }

    fn differences(&mut self, numbers: impl Iterator<Item = i64>) {
        let mut before = 0;
        for number in numbers {
            self.signed(number.wrapping_sub(before));
            before = number;
        }
    }

    fn second_differences(&mut self, numbers: impl Iterator<Item = i64>) {
        let mut before = 0;
        self.differences(numbers.map(|number| {
            let difference = number.wrapping_sub(before);
            before = number;
            difference
        }));
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn unsigned(&mut self) -> Result<u64, &'static str> {
        let mut number = 0;
        for (index, byte) in self.0.iter().enumerate() {
            let bits = u64::from(byte & 0x7F);
            let shift = 7 * index as u32;
            if shift >= 64 || (bits << shift) >> shift != bits {
                return Err("a number is too long");
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                self.0 = &self.0[index + 1..];
                return Ok(number);
            }
        }
        Err("it is too short")
    }

    fn signed(&mut self) -> Result<i64, &'static str> {
        let number = self.unsigned()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn count(&mut self, most: usize) -> Result<usize, &'static str> {
        let count = usize::try_from(self.unsigned()?).ok().filter(|count| *count <= most);
        count.ok_or("it counts too many")
    }

    fn differences(&mut self, count: usize) -> Result<Vec<i64>, &'static str> {
        let mut numbers = Vec::with_capacity(count);
        let mut number = 0_i64;
        for _ in 0..count {
            number = number.wrapping_add(self.signed()?);
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn second_differences(&mut self, count: usize) -> Result<Vec<i64>, &'static str> {
        let mut numbers = self.differences(count)?;
        let mut number = 0_i64;
        for difference in &mut numbers {
            number = number.wrapping_add(*difference);
            *difference = number;
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(id: u64, source: u32, value: f64, start: i64, end: i64) -> StoredSample {
        let (start, end) = (Timestamp::from_micros(start), Timestamp::from_micros(end));
        StoredSample { id: SampleId(id), source: SourceId(source), reading: Reading { value, start, end } }
    }

    fn same(one: &[StoredSample], other: &[StoredSample]) -> bool {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_same(other))
    }

    /// Every number there is, and those at the edges more often than chance would bring them.
    fn value() -> impl Strategy<Value = f64> {
        let edges = [0.0, -0.0, f64::MIN_POSITIVE, f64::from_bits(1), -f64::from_bits(1), f64::MAX, f64::MIN];
        prop_oneof![
            prop::num::f64::ANY.prop_filter("a row cannot hold it", |value| !value.is_nan()),
            prop::sample::select(edges.to_vec()),
            (0..200_i32).prop_map(|beats| f64::from(beats) / 10.0),
        ]
    }

    fn any_date() -> impl Strategy<Value = i64> {
        let (first, last) = (Timestamp::MIN.micros(), Timestamp::MAX.micros());
        prop_oneof![first..=last, Just(first), Just(last), 1_700_000_000_000_000..1_700_000_600_000_000_i64]
    }

    fn any_sample() -> impl Strategy<Value = StoredSample> {
        let id = prop_oneof![any::<u64>(), 0..10_000_u64];
        (id, any::<u32>(), value(), any_date(), any_date())
            .prop_map(|(id, source, value, start, end)| sample(id, source, value, start, end))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn whatever_is_written_reads_back_bit_for_bit(samples in prop::collection::vec(any_sample(), 0..200)) {
            let back = decode(&encode(&samples)).unwrap();
            prop_assert!(same(&back, &samples));
        }

        #[test]
        fn damage_is_found(
            samples in prop::collection::vec(any_sample(), 1..100), place in any::<prop::sample::Index>(), to in any::<u8>(),
            length in any::<prop::sample::Index>(),
        ) {
            let piece = encode(&samples);
            prop_assert!(decode(&piece[..length.index(piece.len())]).is_err());
            let mut damaged = piece.clone();
            let byte = place.get_mut(&mut damaged[..]);
            prop_assume!(*byte != to);
            *byte = to;
            // The packing knows a few bits that mean nothing; what reads back is right or refused.
            prop_assert!(decode(&damaged).is_err() || same(&decode(&damaged).unwrap(), &samples));
        }

        /// Past the checksum: bytes that were packed rightly and make no sense.
        #[test]
        fn nonsense_is_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut piece = vec![ENVELOPE];
            piece.extend(compress_to_vec_zlib(&bytes, 1));
            if let Ok(samples) = decode(&piece) {
                prop_assert!(samples.len() <= bytes.len());
            }
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn a_piece_of_the_longest_that_nothing_can_be_saved_on_reads_back() {
        let hash = |index: u64| index.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) ^ index;
        let samples: Vec<_> = (0..LONGEST as u64)
            .map(|index| {
                let value = f64::from_bits(hash(index) & !(1 << 62));
                let (first, last) = if index % 2 == 0 {
                    (Timestamp::MIN, Timestamp::MAX)
                } else {
                    (Timestamp::MAX, Timestamp::MIN)
                };
                let source = if index % 2 == 0 { u32::MAX } else { 0 };
                sample(hash(index + 7), source, value, first.micros(), last.micros())
            })
            .collect();
        assert!(same(&decode(&encode(&samples)).unwrap(), &samples));
    }

    /// Unpacking is bounded, whatever a piece claims.
    #[test]
    fn a_piece_that_would_unpack_to_much_is_refused() {
        let mut piece = vec![ENVELOPE];
        piece.extend(compress_to_vec_zlib(&vec![0; 100 << 20], 6));
        assert_eq!(decode(&piece).unwrap_err(), "it cannot be unpacked");
    }

    /// An hour at one reading a second takes about a byte a sample.
    #[test]
    fn what_a_sensor_says_becomes_small() {
        let samples: Vec<_> = (0..3600_u32)
            .map(|second| {
                let at = 1_700_000_000_000_000 + i64::from(second) * 1_000_000;
                let beats = 140 + (second / 30 + second * 7 % 3) % 25;
                sample(10 + u64::from(second) * 5, 1, f64::from(beats), at, at)
            })
            .collect();
        let length = encode(&samples).len();
        assert!(length < 3600, "{length} bytes");
    }

    /// The layout of docs/store.md, byte by byte. What was once written must read for ever.
    #[test]
    fn the_layout_stays_as_it_is() {
        let samples = [sample(7, 1, 62.5, 5_000_000, 5_000_000), sample(9, 1, -1.0, 6_000_000, 6_500_000)];
        let unpacked = decompress_to_vec_zlib_with_limit(&encode(&samples)[1..], UNPACKED).unwrap();
        let second = [0xFF, 0xA3, 0xE8, 0x03];
        let expected: Vec<u8> = [
            &[2][..],
            // Starts: 5,000,000; then 1,000,000 - 5,000,000.
            &[0x80, 0xAD, 0xE2, 0x04],
            &second,
            // Lengths: 0; 500,000. Ids: 7; 2 - 7. Sources: 1; 0.
            &[0],
            &[0xC0, 0x84, 0x3D],
            &[14, 9],
            &[2, 0],
            // Two values: -1 and 62.5, by what lies between them.
            &[2],
            &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x87, 0x40],
            &[0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0xD0, 0x9F, 0x80, 0x01],
            // Ranks: 1; 0.
            &[2, 1],
        ]
        .concat();
        assert_eq!(unpacked, expected);
    }
}
