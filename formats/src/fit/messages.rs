//! Decodes the messages of one FIT file and keeps those that say what happened when.

use std::cell::Cell;
use std::convert::Infallible;

use rustyfit::profile::typedef::MesgNum;
use rustyfit::proto::{Message, Value};
use rustyfit::{Decoder, DecoderEvent, StreamingIterator};

use super::container::{Part, place};
use super::fields::{Declarations, Numbers};
use crate::notes::Notes;
use crate::plausible::{self, SECOND_US};
use crate::timeline::Record;
use crate::{FormatError, Place};

/// 1989-12-31T00:00:00Z in seconds since the Unix epoch: where FIT starts to count.
const FIT_EPOCH_S: i64 = 631_065_600;
/// Times below this count from when the device was switched on: its clock was not set.
const FIRST_REAL_TIME_S: f64 = 268_435_456.0;
/// More readings than a month and a half at one a second; a file with more is not a recording.
const MAX_RECORDS: usize = 4_000_000;

/// More kinds of developer fields than any device describes. The decoder looks each value's kind up
/// among all of them, so an absurd number of them would only cost time.
const MAX_DESCRIPTIONS: usize = 500;

/// Field number of the time in every message.
const TIMESTAMP: u8 = 253;

/// What one FIT file says. Times are microseconds since the Unix epoch.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The kind of file from its first message; an activity is 4.
    pub(super) file_type: Option<u8>,
    pub(super) records: Vec<Record>,
    pub(super) sessions: Vec<SessionMessage>,
    pub(super) laps: Vec<LapMessage>,
    /// Presses: when, and whether they start the timer.
    pub(super) presses: Vec<(i64, bool)>,
    pub(super) lengths: Vec<LengthMessage>,
    /// Beat-derived heart rates of straps that store them and hand them over afterwards.
    pub(super) stored_hr: Vec<Record>,
    /// Sport and sub-sport of the sport message.
    pub(super) sport: (Option<u8>, Option<u8>),
    /// The device clock and the local time it stood for, both as microseconds since the epoch.
    local_clock: Option<(i64, i64)>,
    clock_unset: bool,
}

/// A session message.
#[derive(Debug, Clone)]
pub(super) struct SessionMessage {
    pub(super) start_us: Option<i64>,
    pub(super) written_us: Option<i64>,
    pub(super) place: Place,
    pub(super) sport: Option<u8>,
    pub(super) sub_sport: Option<u8>,
    pub(super) elapsed_s: Option<f64>,
    pub(super) timer_s: Option<f64>,
    pub(super) distance_m: Option<f64>,
    pub(super) energy_kcal: Option<f64>,
    pub(super) hr_avg: Option<f64>,
    pub(super) hr_max: Option<f64>,
    pub(super) pool_length_m: Option<f64>,
}

/// A lap message.
#[derive(Debug, Clone, Copy)]
pub(super) struct LapMessage {
    pub(super) start_us: i64,
    pub(super) written_us: Option<i64>,
    pub(super) sport: Option<u8>,
    pub(super) sub_sport: Option<u8>,
    pub(super) elapsed_s: Option<f64>,
    pub(super) timer_s: Option<f64>,
    pub(super) distance_m: Option<f64>,
    pub(super) energy_kcal: Option<f64>,
}

/// A length message: one length of a pool, or a rest at the wall.
#[derive(Debug, Clone, Copy)]
pub(super) struct LengthMessage {
    pub(super) start_us: i64,
    pub(super) written_us: Option<i64>,
    pub(super) elapsed_s: Option<f64>,
    pub(super) strokes: Option<f64>,
    pub(super) active: bool,
    pub(super) style: Option<u8>,
}

/// Feeds the decoder from a slice and tells how far it has come.
///
/// The header is made up: twelve bytes that promise exactly the data that is there. So a file with
/// a damaged header, or one that was cut off, decodes up to the break.
struct Feed<'a> {
    header: [u8; 12],
    data: &'a [u8],
    at: &'a Cell<usize>,
}

impl embedded_io::ErrorType for Feed<'_> {
    type Error = Infallible;
}

impl embedded_io::Read for Feed<'_> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        let at = self.at.get();
        let from = match self.header.get(at..) {
            Some(header) if !header.is_empty() => header,
            _ => self.data.get(at - self.header.len()..).unwrap_or(&[]),
        };
        let count = out.len().min(from.len());
        out[..count].copy_from_slice(&from[..count]);
        self.at.set(at + count);
        Ok(count)
    }
}

/// Decodes one part of a FIT file. Under salvage, what comes before a break is returned.
pub(super) fn decode(part: Part<'_>, notes: &mut Notes) -> Result<Contents, FormatError> {
    let mut header = [12, 0x20, 0, 0, 0, 0, 0, 0, b'.', b'F', b'I', b'T'];
    let size = u32::try_from(part.data.len()).unwrap_or(u32::MAX);
    header[4..8].copy_from_slice(&size.to_le_bytes());
    let at = Cell::new(0);
    let feed = Feed { header, data: part.data, at: &at };
    // The container has checked the sum. Components are taken apart here where they are wanted.
    let mut decoder = Decoder::builder().checksum(false).expand_components(false).build();
    let mut stream = decoder.stream(feed);

    let mut reader = MessageReader::default();
    let mut declarations = Declarations::default();
    let mut descriptions = 0;
    let end = header.len() + part.data.len();
    while at.get() < end {
        let message_at = at.get().saturating_sub(header.len());
        let here = place(part.at + message_at);
        match stream.next() {
            Some(Ok(DecoderEvent::MessageDefinition(definition))) => {
                declarations.define(definition);
            }
            Some(Ok(DecoderEvent::Message(message))) => {
                let raw = &part.data[message_at..];
                declarations.numbers(message, raw, &mut reader.numbers);
                reader.take(message, here, notes)?;
                descriptions += usize::from(message.num == MesgNum::FIELD_DESCRIPTION);
                if descriptions > MAX_DESCRIPTIONS {
                    notes.damaged(here, "more developer fields than any device has")?;
                    break;
                }
                if reader.contents.records.len() > MAX_RECORDS {
                    notes.damaged(here, "more readings than any recording has")?;
                    break;
                }
            }
            Some(Ok(DecoderEvent::FileHeader(_) | DecoderEvent::Crc(_))) => {}
            Some(Err(error)) => {
                let what = match error {
                    rustyfit::DecoderError::MissingMessageDefinition { local_mesg_num } => {
                        format!("a message of kind {local_mesg_num} was never defined")
                    }
                    _ => "the last message is cut off".to_owned(),
                };
                notes.damaged(here, what)?;
                break;
            }
            None => break,
        }
    }
    Ok(reader.finish(notes))
}

#[derive(Default)]
struct MessageReader {
    contents: Contents,
    numbers: Numbers,
    compressed_distance: Option<(u32, f64)>,
    strap: Strap,
}

impl MessageReader {
    fn take(&mut self, message: &Message, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        match message.num {
            MesgNum::RECORD => self.record(message, place, notes)?,
            MesgNum::SESSION => self.session(place, notes)?,
            MesgNum::LAP => self.lap(place, notes)?,
            MesgNum::LENGTH => self.length(place, notes)?,
            MesgNum::EVENT => self.event(place, notes)?,
            MesgNum::HR => self.strap(message, place, notes)?,
            MesgNum::FILE_ID => {
                self.contents.file_type = self.contents.file_type.or(self.numbers.code(0));
            }
            MesgNum::SPORT => {
                self.contents.sport = (self.numbers.code(0), self.numbers.code(1));
            }
            MesgNum::ACTIVITY => {
                let device = self.time(TIMESTAMP, place, notes)?;
                let local = self.time(5, place, notes)?;
                self.contents.local_clock = device.zip(local);
            }
            _ => {}
        }
        Ok(())
    }

    /// The time in a field, in microseconds since the Unix epoch.
    fn time(&mut self, num: u8, place: Place, notes: &mut Notes) -> Result<Option<i64>, FormatError> {
        let Some(seconds) = self.numbers.get(num) else {
            return Ok(None);
        };
        if num == TIMESTAMP && seconds < FIRST_REAL_TIME_S {
            self.contents.clock_unset = true;
        }
        // A field declared wider than the profile has it may hold any number.
        let seconds = seconds.clamp(-1e10, 1e10) as i64;
        plausible::time((FIT_EPOCH_S + seconds) * SECOND_US, place, notes)
    }

    fn record(&mut self, message: &Message, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let compressed = self.compressed(message);
        let Some(at_us) = self.time(TIMESTAMP, place, notes)? else {
            if self.numbers.get(TIMESTAMP).is_none() {
                notes.note(place, "a reading without a time");
            }
            return Ok(());
        };
        let numbers = &self.numbers;
        let mut record = Record::new(at_us, place);
        record.heart_rate = plausible::heart_rate(numbers.get(3), place, notes)?;
        // The enhanced field is the wide one; old devices only write the narrow one.
        let speed = numbers
            .scaled(73, 1000.0)
            .or_else(|| numbers.scaled(6, 1000.0))
            .or(compressed.map(|(speed, _)| speed));
        record.speed = plausible::speed(speed, place, notes)?;
        let fraction = numbers.scaled(53, 128.0).unwrap_or(0.0);
        let cadence = numbers.get(4).map(|whole| whole + fraction);
        record.cadence = plausible::cadence(cadence, place, notes)?;
        record.power = plausible::power(numbers.get(7), place, notes)?;
        record.temperature = plausible::temperature(numbers.get(13), place, notes)?;
        let distance = numbers.scaled(5, 100.0).or(compressed.map(|(_, distance)| distance));
        record.distance = plausible::distance(distance, place, notes)?;
        record.energy = plausible::energy(numbers.get(33), place, notes)?;
        let degrees = |semicircles: f64| semicircles * (180.0 / 2_147_483_648.0);
        let position = numbers.get(0).zip(numbers.get(1));
        record.position = position
            .map(|(lat, lon)| (degrees(lat), degrees(lon)))
            // A receiver without a fix writes the origin of the grid.
            .filter(|&(lat, lon)| lat != 0.0 || lon != 0.0)
            .filter(|(lat, _)| lat.abs() <= 90.0);
        self.contents.records.push(record);
        Ok(())
    }

    /// Speed (m/s) and distance (m) from the packed field of small devices: twelve bits of
    /// centimetres a second, then twelve bits of sixteenths of a metre that roll over.
    fn compressed(&mut self, message: &Message) -> Option<(f64, f64)> {
        let field = message.fields.iter().find(|field| field.num == 8)?;
        let Value::ArrayUint8(bytes) = &field.value else {
            return None;
        };
        let &[a, b, c] = &bytes[..] else { return None };
        if [a, b, c] == [u8::MAX; 3] {
            return None;
        }
        let speed = u32::from(a) | u32::from(b & 0x0F) << 8;
        let counter = u32::from(b >> 4) | u32::from(c) << 4;
        let total = match self.compressed_distance {
            Some((last, total)) => total + f64::from(counter.wrapping_sub(last) & 0x0FFF) / 16.0,
            None => f64::from(counter) / 16.0,
        };
        self.compressed_distance = Some((counter, total));
        Some((f64::from(speed) / 100.0, total))
    }

    fn session(&mut self, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let start_us = self.time(2, place, notes)?;
        let written_us = self.time(TIMESTAMP, place, notes)?;
        let numbers = &self.numbers;
        self.contents.sessions.push(SessionMessage {
            start_us,
            written_us,
            place,
            sport: numbers.code(5),
            sub_sport: numbers.code(6),
            elapsed_s: plausible::duration(numbers.scaled(7, 1000.0), place, notes)?,
            timer_s: plausible::duration(numbers.scaled(8, 1000.0), place, notes)?,
            distance_m: plausible::distance(numbers.scaled(9, 100.0), place, notes)?,
            energy_kcal: plausible::energy(numbers.get(11), place, notes)?,
            hr_avg: plausible::heart_rate(numbers.get(16), place, notes)?,
            hr_max: plausible::heart_rate(numbers.get(17), place, notes)?,
            pool_length_m: numbers.scaled(44, 100.0).filter(|&length| length > 0.0),
        });
        Ok(())
    }

    fn lap(&mut self, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let written_us = self.time(TIMESTAMP, place, notes)?;
        let Some(start_us) = self.time(2, place, notes)? else {
            return Ok(());
        };
        let numbers = &self.numbers;
        self.contents.laps.push(LapMessage {
            start_us,
            written_us,
            sport: numbers.code(25),
            sub_sport: numbers.code(39),
            elapsed_s: plausible::duration(numbers.scaled(7, 1000.0), place, notes)?,
            timer_s: plausible::duration(numbers.scaled(8, 1000.0), place, notes)?,
            distance_m: plausible::distance(numbers.scaled(9, 100.0), place, notes)?,
            energy_kcal: plausible::energy(numbers.get(11), place, notes)?,
        });
        Ok(())
    }

    fn length(&mut self, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let written_us = self.time(TIMESTAMP, place, notes)?;
        let Some(start_us) = self.time(2, place, notes)? else {
            return Ok(());
        };
        let numbers = &self.numbers;
        self.contents.lengths.push(LengthMessage {
            start_us,
            written_us,
            elapsed_s: plausible::duration(numbers.scaled(3, 1000.0), place, notes)?,
            strokes: numbers.get(5),
            active: numbers.code(12) != Some(0),
            style: numbers.code(7),
        });
        Ok(())
    }

    fn event(&mut self, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        const TIMER: u8 = 0;
        const START: u8 = 0;
        /// stop, stop_all, stop_disable, stop_disable_all
        const STOPS: [u8; 4] = [1, 4, 8, 9];

        if self.numbers.code(0) != Some(TIMER) {
            return Ok(());
        }
        let Some(kind) = self.numbers.code(1) else {
            return Ok(());
        };
        if kind != START && !STOPS.contains(&kind) {
            return Ok(());
        }
        if let Some(at_us) = self.time(TIMESTAMP, place, notes)? {
            self.contents.presses.push((at_us, kind == START));
        }
        Ok(())
    }

    /// The heart rates of an `hr` message. Its first message ties the strap's clock to the time of
    /// day; each later one holds up to eight rates and how far the strap's clock went for each.
    fn strap(&mut self, message: &Message, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let at_us = self.time(TIMESTAMP, place, notes)?;
        let fraction =
            self.numbers.scaled(0, 32_768.0).or_else(|| self.numbers.scaled(1, 256.0)).unwrap_or(0.0);
        let at_us = at_us.map(|at| at + (fraction * 1e6) as i64);
        let (mut ticks, mut rates, mut packed) = (Vec::new(), &[][..], &[][..]);
        for field in &message.fields {
            match (field.num, &field.value) {
                (6, Value::ArrayUint8(values)) => rates = values,
                (6, Value::Uint8(value)) => rates = std::slice::from_ref(value),
                (9, Value::ArrayUint32(values)) => ticks.extend_from_slice(values),
                (9, Value::Uint32(value)) => ticks.push(*value),
                (10, Value::ArrayUint8(values)) => packed = values,
                _ => {}
            }
        }
        self.strap.unpack(packed, &mut ticks);
        for (beat_us, rate) in self.strap.readings(at_us, &ticks, rates) {
            let Some(beat_us) = plausible::time(beat_us, place, notes)? else {
                continue;
            };
            let mut record = Record::new(beat_us, place);
            record.heart_rate = plausible::heart_rate(Some(f64::from(rate)), place, notes)?;
            self.contents.stored_hr.push(record);
        }
        Ok(())
    }

    /// Puts times on the calendar and hands the contents out.
    fn finish(mut self, notes: &mut Notes) -> Contents {
        if self.contents.clock_unset
            && let Some((device, local)) = self.contents.local_clock
            && local > device
        {
            notes.note(
                Place::Byte(0),
                "the time zone: the clock was not set while recording, so times are the local \
                 time the device stated when it saved",
            );
            self.contents.shift(local - device);
        }
        self.contents
    }
}

impl Contents {
    fn shift(&mut self, by_us: i64) {
        let readings = self.records.iter_mut().chain(&mut self.stored_hr);
        readings.for_each(|record| record.at_us += by_us);
        self.presses.iter_mut().for_each(|press| press.0 += by_us);
        for session in &mut self.sessions {
            session.start_us = session.start_us.map(|at| at + by_us);
            session.written_us = session.written_us.map(|at| at + by_us);
        }
        for lap in &mut self.laps {
            lap.start_us += by_us;
            lap.written_us = lap.written_us.map(|at| at + by_us);
        }
        for length in &mut self.lengths {
            length.start_us += by_us;
            length.written_us = length.written_us.map(|at| at + by_us);
        }
    }
}

/// The clock of a strap that stores heart rates, in 1/1024 of a second.
#[derive(Debug, Default)]
struct Strap {
    /// Time of day, and the strap's clock then.
    anchor: Option<(i64, u32)>,
    last: u32,
}

impl Strap {
    /// Adds the clock values packed as twelve-bit remainders, two in three bytes.
    fn unpack(&mut self, packed: &[u8], ticks: &mut Vec<u32>) {
        for pair in packed.chunks_exact(3) {
            let low = u32::from(pair[0]) | u32::from(pair[1] & 0x0F) << 8;
            let high = u32::from(pair[1] >> 4) | u32::from(pair[2]) << 4;
            for remainder in [low, high] {
                let step = remainder.wrapping_sub(self.last) & 0x0FFF;
                self.last = self.last.wrapping_add(step);
                ticks.push(self.last);
            }
        }
    }

    fn readings<'a>(
        &mut self,
        at_us: Option<i64>,
        ticks: &'a [u32],
        rates: &'a [u8],
    ) -> impl Iterator<Item = (i64, u8)> + use<'a> {
        if let (Some(at_us), Some(&first)) = (at_us, ticks.first()) {
            self.anchor = Some((at_us, first));
        }
        if let Some(&last) = ticks.last() {
            self.last = last;
        }
        let anchor = self.anchor;
        ticks.iter().zip(rates).filter_map(move |(&tick, &rate)| {
            let (at_us, origin) = anchor?;
            let since = i64::from(tick.wrapping_sub(origin)) * SECOND_US / 1024;
            // 255 stands for no value, 0 for no contact.
            (rate != u8::MAX && rate != 0).then_some((at_us + since, rate))
        })
    }
}
