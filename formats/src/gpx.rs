//! GPX, the XML format for positions.
//!
//! A device begins a new segment when its timer, or its reception, comes back: what lies between
//! two segments is a pause. Waypoints and routes record nothing and are passed over.

use quick_xml::events::BytesStart;

use crate::counter;
use crate::notes::Notes;
use crate::plausible::{self, SECOND_US};
use crate::running::Span;
use crate::timeline::{self, Record};
use crate::timer::{self, Pause};
use crate::xml::{self, Node, Xml};
use crate::{Channel, DeviceTotals, FormatError, Place, RecordedSession, readings, sport};

/// Segments further apart than this are sessions of their own, not one with a pause: a file may
/// hold every track of a week.
const NEW_SESSION_US: i64 = 6 * 3600 * SECOND_US;

/// Reads every session of a file.
pub(crate) fn read(bytes: &[u8], notes: &mut Notes) -> Result<Vec<RecordedSession>, FormatError> {
    let text = xml::text(bytes, notes)?;
    let mut xml = Xml::new(&text);
    let mut path: Vec<Tag> = Vec::new();
    let mut reader = TrackReader::default();
    while let Some(node) = xml.next(notes)? {
        match node {
            Node::Open(element) => {
                let tag = Tag::of(&element);
                let place = xml.place();
                reader.open(tag, &element, place, notes)?;
                path.push(tag);
            }
            Node::Close => {
                let Some(tag) = path.pop() else { continue };
                let place = xml.place();
                reader.close(tag, path.last().copied(), xml.characters(), place, notes)?;
            }
        }
    }
    reader.into_sessions(notes)
}

/// The elements that are read. Sensors are named differently by different extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Track,
    Type,
    Segment,
    Point,
    Time,
    Speed,
    HeartRate,
    Cadence,
    Power,
    Temperature,
    Other,
}

impl Tag {
    fn of(element: &BytesStart<'_>) -> Self {
        match element.local_name().as_ref() {
            "trk" => Self::Track,
            "type" => Self::Type,
            "trkseg" => Self::Segment,
            "trkpt" => Self::Point,
            "time" => Self::Time,
            "speed" => Self::Speed,
            "hr" | "heartrate" => Self::HeartRate,
            "cad" | "cadence" => Self::Cadence,
            "power" | "PowerInWatts" => Self::Power,
            "atemp" => Self::Temperature,
            _ => Self::Other,
        }
    }
}

/// What of a point has been read.
#[derive(Debug, Default, Clone, Copy)]
struct Point {
    position: Option<(f64, f64)>,
    at_us: Option<i64>,
    speed: Option<f64>,
    heart_rate: Option<f64>,
    cadence: Option<f64>,
    power: Option<f64>,
    temperature: Option<f64>,
}

#[derive(Default)]
struct TrackReader {
    /// Segments with their readings; each its own run.
    segments: Vec<Segment>,
    /// The type of each track; it may come before or after the segments.
    kinds: Vec<String>,
    point: Option<Point>,
    /// First point without a time.
    untimed: Option<Place>,
    points: u64,
}

#[derive(Default)]
struct Segment {
    /// The track it belongs to, counted from one; zero outside of any.
    track: usize,
    records: Vec<Record>,
}

impl TrackReader {
    fn open(
        &mut self,
        tag: Tag,
        element: &BytesStart<'_>,
        place: Place,
        notes: &mut Notes,
    ) -> Result<(), FormatError> {
        match tag {
            Tag::Track => self.kinds.push(String::new()),
            Tag::Segment => self.segments.push(Segment { track: self.kinds.len(), records: Vec::new() }),
            Tag::Point => {
                let mut degrees = |name| match xml::attribute(element, name) {
                    Some(value) => xml::number(&value, place, notes),
                    None => Ok(None),
                };
                let position = degrees("lat")?.zip(degrees("lon")?);
                self.point = Some(Point {
                    position: plausible::position(position, place, notes)?,
                    ..Point::default()
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn close(
        &mut self,
        tag: Tag,
        parent: Option<Tag>,
        text: &str,
        place: Place,
        notes: &mut Notes,
    ) -> Result<(), FormatError> {
        if tag == Tag::Point {
            return self.end_point(place, notes);
        }
        if tag == Tag::Type && parent == Some(Tag::Track) {
            if let Some(kind) = self.kinds.last_mut() {
                text.clone_into(kind);
            }
            return Ok(());
        }
        let Some(point) = &mut self.point else {
            return Ok(());
        };
        match tag {
            Tag::Time if parent == Some(Tag::Point) => {
                point.at_us = xml::time(text, place, notes)?;
            }
            Tag::Speed => point.speed = xml::number(text, place, notes)?,
            Tag::HeartRate => point.heart_rate = xml::number(text, place, notes)?,
            Tag::Cadence => point.cadence = xml::number(text, place, notes)?,
            Tag::Power => point.power = xml::number(text, place, notes)?,
            Tag::Temperature => point.temperature = xml::number(text, place, notes)?,
            _ => {}
        }
        Ok(())
    }

    fn end_point(&mut self, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let (Some(point), Some(segment)) = (self.point.take(), self.segments.last_mut()) else {
            return Ok(());
        };
        self.points += 1;
        let Some(at_us) = point.at_us else {
            self.untimed = self.untimed.or(Some(place));
            notes.note(place, "a reading without a time");
            return Ok(());
        };
        let mut record = Record::new(at_us, place);
        record.position = point.position;
        record.speed = plausible::speed(point.speed, place, notes)?;
        record.heart_rate = plausible::heart_rate(point.heart_rate, place, notes)?;
        record.cadence = plausible::cadence(point.cadence, place, notes)?;
        record.power = plausible::power(point.power, place, notes)?;
        record.temperature = plausible::temperature(point.temperature, place, notes)?;
        segment.records.push(record);
        Ok(())
    }

    fn into_sessions(self, notes: &mut Notes) -> Result<Vec<RecordedSession>, FormatError> {
        let mut segments = self.segments;
        segments.retain(|segment| !segment.records.is_empty());
        if segments.is_empty() {
            let what = match self.untimed {
                Some(place) => format!(
                    "none of the {} points of its tracks has a time (the first is at {place}), so \
                     nothing can be replayed",
                    self.points
                ),
                None => "it has no track with points".to_owned(),
            };
            return Err(notes.no_activity(what));
        }
        // Some programs write the newest track first.
        segments.sort_by_key(|segment| segment.records[0].at_us);
        let mut records = Vec::with_capacity(segments.iter().map(|each| each.records.len()).sum());
        for (run, segment) in segments.iter_mut().enumerate() {
            segment.records.iter_mut().for_each(|record| record.run = run as u32);
            records.append(&mut segment.records);
        }
        let records = timeline::in_time_order(records, notes);
        let mut sessions = Vec::new();
        let starts_anew =
            |pair: &[Record]| pair[0].run != pair[1].run && pair[1].at_us - pair[0].at_us > NEW_SESSION_US;
        let mut from = 0;
        for index in 1..=records.len() {
            if index == records.len() || starts_anew(&records[index - 1..=index]) {
                let own = records[from..index].to_vec();
                let track = segments[own[0].run as usize].track;
                let kind = track.checked_sub(1).and_then(|track| self.kinds.get(track));
                let own = timeline::until_jump(own, notes)?;
                sessions.push(session(&own, kind.map_or("", String::as_str), notes));
                from = index;
            }
        }
        Ok(sessions)
    }
}

/// `records` are not empty and in time order.
fn session(records: &[Record], kind: &str, notes: &mut Notes) -> RecordedSession {
    let start_us = records.first().map_or(0, |record| record.at_us);
    let end_us = records.last().map_or(start_us, |record| record.at_us);
    let pauses: Vec<Pause> = records
        .windows(2)
        .filter(|pair| pair[0].run != pair[1].run)
        .map(|pair| (pair[0].at_us, pair[1].at_us))
        .collect();
    let pauses = timer::within_session(pauses, start_us, end_us);

    let span = Span { start_us, end_us, pauses: &pauses };
    let kind = sport::from_name(kind);
    let mut samples = Vec::with_capacity(records.len() * 2);
    readings::instants(records, &kind.sport, start_us, end_us, &mut samples);
    let counts = counter::distance_from_positions(records, &pauses);
    samples.extend(counter::increments(Channel::Distance, &counts, 0.0, span, notes));
    readings::finish(&mut samples, span);
    RecordedSession {
        sport: kind.sport,
        indoor: kind.indoor,
        water: kind.water,
        pool_length_m: None,
        start_us,
        end_us,
        samples,
        timer: timer::to_events(&pauses, end_us),
        laps: Vec::new(),
        lengths: Vec::new(),
        device: DeviceTotals::default(),
    }
}
