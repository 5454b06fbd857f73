//! Statistics in few bytes: only what changed, as what it changed from.

use super::link::Refusal;
use crate::values::{QuantityType, Reading, Statistics, Timestamp};

/// Which part of a workout: 0 is the whole, n its n-th activity counted from 1.
pub(super) type Scope = u16;

const START: u8 = 1;
const END: u8 = 2;
const COUNT: u8 = 4;
const SUM: u8 = 8;
const AVERAGE: u8 = 16;
const MINIMUM: u8 = 32;
const MAXIMUM: u8 = 64;
const RECENT: u8 = 128;

/// The numbers of all parts of a workout, by rising scope and type.
pub(super) type Numbers = Vec<(Scope, Statistics)>;

/// What is not told yet.
fn nothing(kind: QuantityType) -> Statistics {
    Statistics {
        quantity_type: kind,
        start: Timestamp::EPOCH,
        end: Timestamp::EPOCH,
        count: 0,
        sum: None,
        average: None,
        minimum: None,
        maximum: None,
        most_recent: None,
    }
}

fn find(numbers: &Numbers, scope: Scope, kind: QuantityType) -> Result<usize, usize> {
    numbers.binary_search_by_key(&(scope, kind), |(scope, statistics)| (*scope, statistics.quantity_type))
}

/// Writes what leads from some numbers to others: the changed ones, and before them those that are gone.
pub(super) fn write(before: &Numbers, after: &Numbers) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (scope, statistics) in before {
        if find(after, *scope, statistics.quantity_type).is_err() {
            head(&mut bytes, *scope, statistics.quantity_type, 0);
        }
    }
    for (scope, statistics) in after {
        let known = find(before, *scope, statistics.quantity_type).map(|index| &before[index].1);
        match known {
            Ok(known) if is_same(known, statistics) => {}
            Ok(known) => one(&mut bytes, *scope, known, statistics),
            Err(_) => one(&mut bytes, *scope, &nothing(statistics.quantity_type), statistics),
        }
    }
    bytes
}

/// Applies what was written.
pub(super) fn read(numbers: &mut Numbers, mut bytes: &[u8]) -> Result<(), Refusal> {
    while !bytes.is_empty() {
        let scope = Scope::try_from(number(&mut bytes)?).map_err(|_| Refusal::Malformed)?;
        let code = u16::try_from(number(&mut bytes)?).map_err(|_| Refusal::Malformed)?;
        let fields = byte(&mut bytes)?;
        // A type that only a newer release knows is read over.
        let known = QuantityType::from_code(code);
        let kind = known.unwrap_or(QuantityType::HeartRate);
        let place = find(numbers, scope, kind);
        let base = match (known, place) {
            (Some(_), Ok(index)) => numbers[index].1.clone(),
            _ => nothing(kind),
        };
        if fields == 0 {
            if let (Some(_), Ok(index)) = (known, place) {
                numbers.remove(index);
            }
            continue;
        }
        let statistics = fields_of(fields, &base, &mut bytes)?;
        match (known, place) {
            (None, _) => {}
            (_, Ok(index)) => numbers[index].1 = statistics,
            (_, Err(index)) => numbers.insert(index, (scope, statistics)),
        }
    }
    Ok(())
}

/// Equal bit for bit: what compares as equal may be shown as two things.
fn is_same(one: &Statistics, other: &Statistics) -> bool {
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    let recent = |statistics: &Statistics| {
        statistics.most_recent.map(|recent| (recent.value.to_bits(), recent.start, recent.end))
    };
    (one.start, one.end, one.count) == (other.start, other.end, other.count)
        && bits(one.sum) == bits(other.sum)
        && bits(one.average) == bits(other.average)
        && bits(one.minimum) == bits(other.minimum)
        && bits(one.maximum) == bits(other.maximum)
        && recent(one) == recent(other)
}

fn head(bytes: &mut Vec<u8>, scope: Scope, kind: QuantityType, fields: u8) {
    write_number(bytes, u64::from(scope));
    write_number(bytes, u64::from(kind.code()));
    bytes.push(fields);
}

fn one(bytes: &mut Vec<u8>, scope: Scope, before: &Statistics, after: &Statistics) {
    let differ = |one: Option<f64>, other: Option<f64>| one.map(f64::to_bits) != other.map(f64::to_bits);
    let mut fields = 0;
    let mut note = |changed: bool, field: u8| fields |= if changed { field } else { 0 };
    note(before.start != after.start, START);
    note(before.end != after.end, END);
    note(before.count != after.count, COUNT);
    note(differ(before.sum, after.sum), SUM);
    note(differ(before.average, after.average), AVERAGE);
    note(differ(before.minimum, after.minimum), MINIMUM);
    note(differ(before.maximum, after.maximum), MAXIMUM);
    note(before.most_recent != after.most_recent || is_new_zero(before, after), RECENT);
    // One whose fields are all nothing's own is told all the same.
    let fields = if fields == 0 { COUNT } else { fields };
    head(bytes, scope, after.quantity_type, fields);
    if fields & START != 0 {
        write_signed(bytes, after.start.micros().wrapping_sub(before.start.micros()));
    }
    if fields & END != 0 {
        // Far from the start at first, near to the end before it later.
        let from = if before.end == Timestamp::EPOCH { after.start } else { before.end };
        write_signed(bytes, after.end.micros().wrapping_sub(from.micros()));
    }
    if fields & COUNT != 0 {
        write_number(bytes, after.count.wrapping_sub(before.count));
    }
    let values = [
        (SUM, before.sum, after.sum),
        (AVERAGE, before.average, after.average),
        (MINIMUM, before.minimum, after.minimum),
        (MAXIMUM, before.maximum, after.maximum),
    ];
    for (_, before, after) in values.into_iter().filter(|(field, ..)| fields & field != 0) {
        write_value(bytes, before, after);
    }
    if fields & RECENT != 0 {
        let known = before.most_recent.map(|recent| recent.value);
        write_value(bytes, known, after.most_recent.map(|recent| recent.value));
        if let Some(recent) = after.most_recent {
            write_signed(bytes, recent.end.micros().wrapping_sub(after.end.micros()));
            write_signed(bytes, recent.start.micros().wrapping_sub(recent.end.micros()));
        }
    }
}

fn is_new_zero(before: &Statistics, after: &Statistics) -> bool {
    let bits = |statistics: &Statistics| statistics.most_recent.map(|recent| recent.value.to_bits());
    bits(before) != bits(after)
}

fn fields_of(fields: u8, before: &Statistics, bytes: &mut &[u8]) -> Result<Statistics, Refusal> {
    let mut after = before.clone();
    if fields & START != 0 {
        after.start = moved(before.start, signed(bytes)?);
    }
    if fields & END != 0 {
        let from = if before.end == Timestamp::EPOCH { after.start } else { before.end };
        after.end = moved(from, signed(bytes)?);
    }
    if fields & COUNT != 0 {
        after.count = before.count.wrapping_add(number(bytes)?);
    }
    for (field, known, place) in [
        (SUM, before.sum, &mut after.sum),
        (AVERAGE, before.average, &mut after.average),
        (MINIMUM, before.minimum, &mut after.minimum),
        (MAXIMUM, before.maximum, &mut after.maximum),
    ] {
        if fields & field != 0 {
            *place = value(bytes, known)?;
        }
    }
    if fields & RECENT != 0 {
        let known = before.most_recent.map(|recent| recent.value);
        after.most_recent = match value(bytes, known)? {
            None => None,
            Some(value) => {
                let end = moved(after.end, signed(bytes)?);
                Some(Reading { value, start: moved(end, signed(bytes)?), end })
            }
        };
    }
    Ok(after)
}

fn moved(date: Timestamp, by: i64) -> Timestamp {
    Timestamp::from_micros(date.micros().wrapping_add(by))
}

/// A value as the bits in which it differs from the one before: how many bytes from the highest on, then these. Values of sensors
/// are round, so that the lower ones are mostly equal. 15 is no value.
fn write_value(bytes: &mut Vec<u8>, before: Option<f64>, after: Option<f64>) {
    let Some(after) = after else {
        bytes.push(15);
        return;
    };
    let bits = (after.to_bits() ^ before.unwrap_or(0.0).to_bits()).to_be_bytes();
    let skipped = bits.iter().take_while(|byte| **byte == 0).count();
    let length = bits[skipped..].iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    bytes.push((skipped.min(8) as u8) << 4 | length as u8);
    bytes.extend_from_slice(&bits[skipped..skipped + length]);
}

fn value(bytes: &mut &[u8], before: Option<f64>) -> Result<Option<f64>, Refusal> {
    let shape = byte(bytes)?;
    if shape == 15 {
        return Ok(None);
    }
    let (skipped, length) = ((shape >> 4) as usize, (shape & 15) as usize);
    if skipped + length > 8 {
        return Err(Refusal::Malformed);
    }
    let mut bits = [0; 8];
    for place in &mut bits[skipped..skipped + length] {
        *place = byte(bytes)?;
    }
    let value = f64::from_bits(u64::from_be_bytes(bits) ^ before.unwrap_or(0.0).to_bits());
    if value.is_finite() { Ok(Some(value)) } else { Err(Refusal::Malformed) }
}

fn write_signed(bytes: &mut Vec<u8>, number: i64) {
    write_number(bytes, (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
}

fn signed(bytes: &mut &[u8]) -> Result<i64, Refusal> {
    let coded = number(bytes)?;
    Ok((coded >> 1).cast_signed() ^ -(coded & 1).cast_signed())
}

fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn number(bytes: &mut &[u8]) -> Result<u64, Refusal> {
    let mut number = 0u128;
    for shift in 0..10 {
        let byte = byte(bytes)?;
        number |= u128::from(byte & 0x7f) << (shift * 7);
        if byte & 0x80 == 0 {
            return u64::try_from(number).map_err(|_| Refusal::Malformed);
        }
    }
    Err(Refusal::Malformed)
}

fn byte(bytes: &mut &[u8]) -> Result<u8, Refusal> {
    let (first, rest) = bytes.split_first().ok_or(Refusal::Malformed)?;
    *bytes = rest;
    Ok(*first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn statistics() -> impl Strategy<Value = Statistics> {
        let value =
            || proptest::option::of(prop_oneof![-1e9..1e9f64, (0..250u32).prop_map(f64::from), Just(-0.0)]);
        let date = || prop_oneof![any::<i64>(), 1_700_000_000_000_000..1_700_000_100_000_000i64];
        let recent = proptest::option::of((any::<i32>(), date(), date()));
        (0usize..5, date(), date(), any::<u64>(), value(), value(), value(), value(), recent).prop_map(
            |(kind, start, end, count, sum, average, minimum, maximum, recent)| Statistics {
                quantity_type: QuantityType::ALL[kind],
                start: Timestamp::from_micros(start),
                end: Timestamp::from_micros(end),
                count,
                sum,
                average,
                minimum,
                maximum,
                most_recent: recent.map(|(value, start, end)| Reading {
                    value: f64::from(value),
                    start: Timestamp::from_micros(start),
                    end: Timestamp::from_micros(end),
                }),
            },
        )
    }

    fn numbers() -> impl Strategy<Value = Numbers> {
        proptest::collection::vec((0..3u16, statistics()), 0..12).prop_map(|all| {
            let mut numbers = Numbers::new();
            for (scope, statistics) in all {
                if let Err(index) = find(&numbers, scope, statistics.quantity_type) {
                    numbers.insert(index, (scope, statistics));
                }
            }
            numbers
        })
    }

    fn same(one: &Numbers, other: &Numbers) -> bool {
        one.len() == other.len()
            && one.iter().zip(other).all(|(one, other)| {
                one.0 == other.0 && one.1.quantity_type == other.1.quantity_type && is_same(&one.1, &other.1)
            })
    }

    proptest! {
        #[test]
        fn any_numbers_lead_to_any_others(before in numbers(), after in numbers()) {
            let mut told = before.clone();
            read(&mut told, &write(&before, &after)).expect("what was written can be read");
            prop_assert!(same(&told, &after), "{told:?}\n{after:?}");
        }

        #[test]
        fn garbage_is_refused_or_read(before in numbers(), bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut told = before;
            let _ = read(&mut told, &bytes);
            prop_assert!(told.windows(2).all(|pair| (pair[0].0, pair[0].1.quantity_type) < (pair[1].0, pair[1].1.quantity_type)));
        }
    }

    /// A second of a run: heart rate, distance, energy and steps, of the workout and of its activity.
    #[test]
    fn a_second_costs_little() {
        let at = |second: i64| Timestamp::from_seconds(1_700_000_000 + second);
        let reading = |value, second| Some(Reading { value, start: at(second - 1), end: at(second) });
        let of = |second: i64| -> Numbers {
            let t = second as f64;
            let discrete = |kind, value: f64| Statistics {
                average: Some(142.0 + 1.0 / (t + 3.0)),
                minimum: Some(95.0),
                maximum: Some(161.0),
                most_recent: reading(value, second),
                ..nothing(kind)
            };
            let cumulative = |kind, each: f64| Statistics {
                sum: Some(each * t),
                most_recent: reading(each, second),
                ..nothing(kind)
            };
            let all = [
                discrete(QuantityType::HeartRate, 140.0 + (second % 7) as f64),
                cumulative(QuantityType::DistanceWalkingRunning, 2.7),
                cumulative(QuantityType::ActiveEnergyBurned, 0.21),
                cumulative(QuantityType::StepCount, 3.0),
            ];
            let mut numbers = Numbers::new();
            for scope in 0..2 {
                for one in &all {
                    let one =
                        Statistics { start: at(0), end: at(second), count: second as u64, ..one.clone() };
                    let index = find(&numbers, scope, one.quantity_type).expect_err("it is new");
                    numbers.insert(index, (scope, one));
                }
            }
            numbers
        };
        let longest = (600..1200).map(|second| write(&of(second), &of(second + 1)).len()).max();
        assert!(longest.is_some_and(|longest| longest <= 180), "{longest:?}");
    }
}
