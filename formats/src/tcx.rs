//! TCX, the XML format of Garmin's Training Center.
//!
//! A lap states how long its timer ran but not when it stood. It stood between tracks of one lap,
//! and where the time to the next lap is longer than what was timed.

use quick_xml::events::BytesStart;

use crate::counter;
use crate::notes::Notes;
use crate::plausible::{self, SECOND_US};
use crate::running::Span;
use crate::timeline::{self, Record};
use crate::timer::{self, Pause};
use crate::xml::{self, Node, Xml};
use crate::{
    Channel, DeviceLap, DeviceTotals, FormatError, Lap, Place, RecordedSession, Sample, readings, sport,
};

/// A lap whose stated start is further than this from its readings was edited; they decide.
const LOOSE_START_US: i64 = 86_400 * SECOND_US;

/// The elements that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Activity,
    Transition,
    Lap,
    TotalTimeSeconds,
    DistanceMeters,
    Calories,
    AverageHeartRateBpm,
    MaximumHeartRateBpm,
    HeartRateBpm,
    Value,
    Track,
    Trackpoint,
    Time,
    LatitudeDegrees,
    LongitudeDegrees,
    Cadence,
    RunCadence,
    Speed,
    Watts,
    Other,
}

impl Tag {
    fn of(element: &BytesStart<'_>) -> Self {
        match element.local_name().as_ref() {
            "Activity" => Self::Activity,
            "Transition" => Self::Transition,
            "Lap" => Self::Lap,
            "TotalTimeSeconds" => Self::TotalTimeSeconds,
            "DistanceMeters" => Self::DistanceMeters,
            "Calories" => Self::Calories,
            "AverageHeartRateBpm" => Self::AverageHeartRateBpm,
            "MaximumHeartRateBpm" => Self::MaximumHeartRateBpm,
            "HeartRateBpm" => Self::HeartRateBpm,
            "Value" => Self::Value,
            "Track" => Self::Track,
            "Trackpoint" => Self::Trackpoint,
            "Time" => Self::Time,
            "LatitudeDegrees" => Self::LatitudeDegrees,
            "LongitudeDegrees" => Self::LongitudeDegrees,
            "Cadence" => Self::Cadence,
            "RunCadence" => Self::RunCadence,
            "Speed" => Self::Speed,
            "Watts" => Self::Watts,
            _ => Self::Other,
        }
    }
}

/// Reads every activity of a file.
pub(crate) fn read(bytes: &[u8], notes: &mut Notes) -> Result<Vec<RecordedSession>, FormatError> {
    let text = xml::text(bytes, notes)?;
    let mut xml = Xml::new(&text);
    let mut path: Vec<Tag> = Vec::new();
    let mut reader = ActivityReader::default();
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
    // Where the text breaks off, what was complete so far still counts.
    reader.end_activity();
    let mut sessions = Vec::new();
    for activity in reader.activities {
        sessions.extend(session(activity, notes)?);
    }
    if sessions.is_empty() {
        return Err(notes.no_activity("it has no activity with a lap or a reading"));
    }
    Ok(sessions)
}

#[derive(Debug, Default)]
struct Activity {
    sport: String,
    laps: Vec<TcxLap>,
}

#[derive(Debug, Default)]
struct TcxLap {
    start_us: Option<i64>,
    timer_s: Option<f64>,
    distance_m: Option<f64>,
    energy_kcal: Option<f64>,
    hr_avg: Option<f64>,
    hr_max: Option<f64>,
    records: Vec<Record>,
    tracks: u32,
}

/// What of a trackpoint has been read.
#[derive(Debug, Default, Clone, Copy)]
struct Point {
    at_us: Option<i64>,
    heart_rate: Option<f64>,
    speed: Option<f64>,
    cadence: Option<f64>,
    run_cadence: Option<f64>,
    power: Option<f64>,
    distance: Option<f64>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Default)]
struct ActivityReader {
    activities: Vec<Activity>,
    activity: Option<Activity>,
    point: Option<Point>,
    run: u32,
}

impl ActivityReader {
    fn lap(&mut self) -> Option<&mut TcxLap> {
        self.activity.as_mut()?.laps.last_mut()
    }

    fn end_activity(&mut self) {
        self.activities.extend(self.activity.take());
    }

    fn open(
        &mut self,
        tag: Tag,
        element: &BytesStart<'_>,
        place: Place,
        notes: &mut Notes,
    ) -> Result<(), FormatError> {
        match tag {
            Tag::Activity => {
                self.end_activity();
                self.activity = Some(Activity {
                    sport: xml::attribute(element, "Sport").unwrap_or_default(),
                    laps: Vec::new(),
                });
            }
            Tag::Transition | Tag::Lap => {
                if tag == Tag::Transition {
                    // Between two sports; in shape a lap of its own.
                    self.end_activity();
                    self.activity = Some(Activity { sport: "Transition".to_owned(), laps: Vec::new() });
                }
                // Laps of courses stand outside of activities and record nothing.
                if let Some(activity) = &mut self.activity {
                    let start = xml::attribute(element, "StartTime");
                    let start_us = match start {
                        Some(start) => xml::time(&start, place, notes)?,
                        None => None,
                    };
                    activity.laps.push(TcxLap { start_us, ..TcxLap::default() });
                }
            }
            Tag::Track => {
                // The first track of a lap goes on where the lap before ended.
                let breaks = self.lap().is_some_and(|lap| {
                    lap.tracks += 1;
                    lap.tracks > 1
                });
                self.run += u32::from(breaks);
            }
            Tag::Trackpoint => self.point = Some(Point::default()),
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
        match tag {
            Tag::Activity | Tag::Transition => self.end_activity(),
            Tag::Trackpoint => self.end_point(place, notes)?,
            _ if self.point.is_some() => self.point_field(tag, parent, text, place, notes)?,
            _ => self.lap_field(tag, parent, text, place, notes)?,
        }
        Ok(())
    }

    fn point_field(
        &mut self,
        tag: Tag,
        parent: Option<Tag>,
        text: &str,
        place: Place,
        notes: &mut Notes,
    ) -> Result<(), FormatError> {
        let Some(point) = &mut self.point else {
            return Ok(());
        };
        let mut number = || xml::number(text, place, notes);
        match (tag, parent) {
            (Tag::Time, _) => point.at_us = xml::time(text, place, notes)?,
            (Tag::DistanceMeters, _) => point.distance = number()?,
            (Tag::Value, Some(Tag::HeartRateBpm)) => point.heart_rate = number()?,
            (Tag::Cadence, _) => point.cadence = number()?,
            (Tag::RunCadence, _) => point.run_cadence = number()?,
            (Tag::Speed, _) => point.speed = number()?,
            (Tag::Watts, _) => point.power = number()?,
            (Tag::LatitudeDegrees, _) => point.latitude = number()?,
            (Tag::LongitudeDegrees, _) => point.longitude = number()?,
            _ => {}
        }
        Ok(())
    }

    fn lap_field(
        &mut self,
        tag: Tag,
        parent: Option<Tag>,
        text: &str,
        place: Place,
        notes: &mut Notes,
    ) -> Result<(), FormatError> {
        let Some(lap) = self.lap() else { return Ok(()) };
        let of_lap = matches!(parent, Some(Tag::Lap | Tag::Transition));
        match tag {
            Tag::TotalTimeSeconds if of_lap => {
                let seconds = xml::number(text, place, notes)?;
                lap.timer_s = plausible::duration(seconds, place, notes)?;
            }
            Tag::DistanceMeters if of_lap => {
                let metres = xml::number(text, place, notes)?;
                lap.distance_m = plausible::distance(metres, place, notes)?;
            }
            Tag::Calories if of_lap => {
                let energy = xml::number(text, place, notes)?;
                lap.energy_kcal = plausible::energy(energy, place, notes)?;
            }
            Tag::Value if parent == Some(Tag::AverageHeartRateBpm) => {
                let rate = xml::number(text, place, notes)?;
                lap.hr_avg = plausible::heart_rate(rate, place, notes)?;
            }
            Tag::Value if parent == Some(Tag::MaximumHeartRateBpm) => {
                let rate = xml::number(text, place, notes)?;
                lap.hr_max = plausible::heart_rate(rate, place, notes)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end_point(&mut self, place: Place, notes: &mut Notes) -> Result<(), FormatError> {
        let Some(point) = self.point.take() else {
            return Ok(());
        };
        let run = self.run;
        let Some(lap) = self.lap() else { return Ok(()) };
        let Some(at_us) = point.at_us else {
            notes.note(place, "a reading without a time");
            return Ok(());
        };
        let mut record = Record::new(at_us, place);
        record.run = run;
        record.heart_rate = plausible::heart_rate(point.heart_rate, place, notes)?;
        record.speed = plausible::speed(point.speed, place, notes)?;
        record.cadence = plausible::cadence(point.run_cadence.or(point.cadence), place, notes)?;
        record.power = plausible::power(point.power, place, notes)?;
        record.distance = plausible::distance(point.distance, place, notes)?;
        record.position = plausible::position(point.latitude.zip(point.longitude), place, notes)?;
        lap.records.push(record);
        Ok(())
    }
}

/// Makes a session of an activity, unless there is no time in it at all.
fn session(mut activity: Activity, notes: &mut Notes) -> Result<Option<RecordedSession>, FormatError> {
    let mut records = Vec::new();
    for lap in &mut activity.laps {
        settle_start(lap, notes);
        records.append(&mut lap.records);
    }
    activity.laps.retain(|lap| lap.start_us.is_some());
    activity.laps.sort_by_key(|lap| lap.start_us);
    let records = timeline::in_time_order(records, notes);
    let records = timeline::until_jump(records, notes)?;

    let starts: Vec<i64> = activity.laps.iter().filter_map(|lap| lap.start_us).collect();
    let first_reading = records.first().map(|record| record.at_us);
    let Some(start_us) = starts.first().copied().into_iter().chain(first_reading).min() else {
        return Ok(None);
    };
    let last_lap_us =
        activity.laps.iter().zip(&starts).map(|(lap, start)| start + micros(lap.timer_s.unwrap_or(0.0)));
    let last_reading = records.last().map(|record| record.at_us);
    let end_us = last_lap_us.chain(last_reading).max().unwrap_or(start_us);

    let mut laps = Vec::with_capacity(starts.len());
    let mut pauses = Vec::new();
    for (index, lap) in activity.laps.iter().enumerate() {
        let from = starts[index];
        let to = starts.get(index + 1).copied().unwrap_or(end_us);
        laps.push(Lap { start_us: from, end_us: to });
        pauses.extend(lap_pauses(lap.timer_s, &records, from, to));
    }
    let pauses = timer::within_session(pauses, start_us, end_us);

    let span = Span { start_us, end_us, pauses: &pauses };
    let kind = sport::from_name(&activity.sport);
    let mut samples = Vec::with_capacity(records.len() * 3);
    readings::instants(&records, &kind.sport, start_us, end_us, &mut samples);
    samples.extend(distance(&records, &activity.laps, &laps, span, notes));
    samples.extend(per_lap(Channel::Energy, &activity.laps, &laps, span, |lap| lap.energy_kcal));
    readings::finish(&mut samples, span);

    Ok(Some(RecordedSession {
        sport: kind.sport,
        indoor: kind.indoor,
        water: kind.water,
        pool_length_m: None,
        start_us,
        end_us,
        samples,
        timer: timer::to_events(&pauses, end_us),
        laps,
        lengths: Vec::new(),
        device: totals(&activity.laps, &starts),
    }))
}

/// Makes the start of a lap agree with its readings.
fn settle_start(lap: &mut TcxLap, notes: &mut Notes) {
    let Some(first) = lap.records.iter().min_by_key(|record| record.at_us) else {
        return;
    };
    match lap.start_us {
        Some(start_us) if (first.at_us - start_us).abs() > LOOSE_START_US => {
            notes.note(first.place, "the start of a lap more than a day away from its readings");
            lap.start_us = Some(first.at_us);
        }
        Some(_) => {}
        None => lap.start_us = Some(first.at_us),
    }
}

/// The pauses of the lap from `start_us` to the start of the next at `end_us`.
fn lap_pauses(timer_s: Option<f64>, records: &[Record], start_us: i64, end_us: i64) -> Vec<Pause> {
    let first = records.partition_point(|record| record.at_us < start_us);
    let last = records.partition_point(|record| record.at_us <= end_us);
    let records = &records[first.min(last)..last];
    let between_tracks: Vec<Pause> = records
        .windows(2)
        .filter(|pair| pair[0].run != pair[1].run && pair[0].at_us < pair[1].at_us)
        .map(|pair| (pair[0].at_us, pair[1].at_us))
        .collect();
    let Some(timer_s) = timer_s.filter(|&timer| timer > 0.0) else {
        return between_tracks;
    };
    let missing = end_us - start_us - micros(timer_s);
    let stood: i64 = between_tracks.iter().map(|(since, until)| until - since).sum();
    // Where the lap misses less than the tracks leave open, the total is the better witness.
    if between_tracks.is_empty() || missing < stood {
        return timer::from_missing_time(records, start_us, end_us, missing);
    }
    let mut pauses = Vec::new();
    let mut from = 0;
    let rest = missing - stood;
    // What the tracks do not explain is looked for within the longest of them.
    let mut longest: (i64, &[Record]) = (0, &[]);
    for index in 1..=records.len() {
        if index == records.len() || records[index].run != records[from].run {
            let track = &records[from..index];
            let length = track[track.len() - 1].at_us - track[0].at_us;
            if length >= longest.0 {
                longest = (length, track);
            }
            from = index;
        }
    }
    if let (Some(first), Some(last)) = (longest.1.first(), longest.1.last()) {
        pauses.extend(timer::from_missing_time(longest.1, first.at_us, last.at_us, rest));
    }
    pauses.extend(between_tracks);
    pauses
}

/// The distance: the counter of the points, positions, or the totals of the laps.
fn distance(
    records: &[Record],
    laps: &[TcxLap],
    bounds: &[Lap],
    span: Span<'_>,
    notes: &mut Notes,
) -> Vec<Sample> {
    let mut counts = counter::distance(records);
    if counts.is_empty() {
        counts = counter::distance_from_positions(records, span.pauses);
    }
    if counts.len() > 1 {
        let origin = counter::origin(counts.first().copied(), None, span.start_us);
        return counter::increments(Channel::Distance, &counts, origin, span, notes);
    }
    per_lap(Channel::Distance, laps, bounds, span, |lap| lap.distance_m)
}

fn per_lap(
    channel: Channel,
    laps: &[TcxLap],
    bounds: &[Lap],
    span: Span<'_>,
    total: impl Fn(&TcxLap) -> Option<f64>,
) -> Vec<Sample> {
    let lap = |(lap, bounds): (&TcxLap, &Lap)| {
        let value = total(lap).filter(|&total| total > 0.0)?;
        Some(span.share(Sample { channel, start_us: bounds.start_us, end_us: bounds.end_us, value }))
    };
    laps.iter().zip(bounds).filter_map(lap).flatten().collect()
}

/// Sums over the laps; the average heart rate weighs each lap by its time.
fn totals(laps: &[TcxLap], starts: &[i64]) -> DeviceTotals {
    let sum = |value: fn(&TcxLap) -> Option<f64>| {
        laps.iter().filter_map(value).fold(None, |sum: Option<f64>, value| Some(sum.unwrap_or(0.0) + value))
    };
    let (beats, time) = laps
        .iter()
        .filter_map(|lap| lap.hr_avg.zip(lap.timer_s))
        .fold((0.0, 0.0), |(beats, time), (rate, timer)| (beats + rate * timer, time + timer));
    DeviceTotals {
        elapsed_s: None,
        timer_s: sum(|lap| lap.timer_s),
        distance_m: sum(|lap| lap.distance_m),
        energy_kcal: sum(|lap| lap.energy_kcal),
        hr_avg: (time > 0.0).then(|| beats / time),
        hr_max: laps.iter().filter_map(|lap| lap.hr_max).reduce(f64::max),
        laps: laps
            .iter()
            .zip(starts)
            .map(|(lap, &start_us)| DeviceLap { start_us, timer_s: lap.timer_s, distance_m: lap.distance_m })
            .collect(),
    }
}

fn micros(seconds: f64) -> i64 {
    (seconds * 1e6).round() as i64
}
