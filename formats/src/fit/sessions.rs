//! Decides where the sessions of a FIT file begin and end and which message belongs to which.
//!
//! Summaries stand before or after their readings and are stamped with whatever time it was when
//! they were written, so only times decide, never the order of messages.

use super::messages::{Contents, LapMessage, LengthMessage, SessionMessage};
use crate::counter::{self, Count};
use crate::notes::Notes;
use crate::plausible::{LARGEST_GAP_US, SECOND_US};
use crate::running::Span;
use crate::timeline::{self, Record};
use crate::timer::{self, Pause, Presses};
use crate::{
    Channel, DeviceLap, DeviceTotals, FormatError, Lap, Length, Place, RecordedSession, Sample, StrokeStyle,
    readings, sport,
};

/// A summary that is off by no more than this from what the timer and the readings show is taken
/// at its word.
const SLACK_US: i64 = 5 * SECOND_US;

/// Makes the sessions of one file. None when there is nothing to make one from.
pub(super) fn build(mut contents: Contents, notes: &mut Notes) -> Result<Vec<RecordedSession>, FormatError> {
    contents.presses.sort_by_key(|press| press.0);
    contents.laps.sort_by_key(|lap| lap.start_us);
    contents.lengths.sort_by_key(|length| length.start_us);
    let summaries = summaries(&mut contents, notes)?;
    let shares = share(&mut contents, &summaries, notes);
    let mut sessions = Vec::with_capacity(summaries.len());
    let mut carried = Carried::default();
    for (index, (summary, share)) in summaries.iter().zip(shares).enumerate() {
        let next_us = summaries.get(index + 1).map(|next| next.start_us);
        sessions.push(session(summary, share, next_us, &mut carried, notes)?);
    }
    Ok(sessions)
}

/// A session message, or what stands in for one, with a start that fits its neighbours.
struct Summary {
    message: SessionMessage,
    start_us: i64,
    /// Start plus elapsed time, when the file states it.
    end_us: Option<i64>,
}

fn summaries(contents: &mut Contents, notes: &mut Notes) -> Result<Vec<Summary>, FormatError> {
    let messages = std::mem::take(&mut contents.sessions);
    let mut summaries = Vec::with_capacity(messages.len());
    for message in messages {
        let Some(start_us) = message.start_us.or_else(|| first_instant(contents)) else {
            notes.note(message.place, "a session without a time and without readings");
            continue;
        };
        let end_us = message
            .elapsed_s
            .filter(|&elapsed| elapsed > 0.0)
            .map(|elapsed| start_us + micros(elapsed))
            .or(message.written_us.filter(|&at| at > start_us));
        summaries.push(Summary { message, start_us, end_us });
    }
    if summaries.is_empty() {
        return Ok(unsummarised(contents, notes)?.into_iter().collect());
    }
    summaries.sort_by_key(|summary| summary.start_us);
    untangle(&mut summaries);
    if let [only] = &mut summaries[..] {
        move_to_readings(only, contents, notes);
    }
    Ok(summaries)
}

/// Moves the only summary of a file to its readings when most of them lie outside of it: programs
/// mistake the time zone when they write one but not the other.
fn move_to_readings(summary: &mut Summary, contents: &Contents, notes: &mut Notes) {
    let Some(end_us) = summary.end_us else { return };
    let reach = summary.start_us - SECOND_US..=end_us + SLACK_US;
    let timed = contents.records.len();
    let inside = contents.records.iter().filter(|record| reach.contains(&record.at_us)).count();
    // A summary written by a program that counts moving time only is short, but it begins right.
    let begins_right =
        contents.records.iter().take(timed.min(10)).any(|record| reach.contains(&record.at_us));
    if inside * 2 >= timed || begins_right {
        return;
    }
    let Some(first) = contents.records.iter().min_by_key(|record| record.at_us) else {
        return;
    };
    notes.note(
        summary.message.place,
        "the start time of the session: its readings were taken at another time",
    );
    summary.end_us = Some(first.at_us + (end_us - summary.start_us));
    summary.start_us = first.at_us;
}

/// Moves a summary whose start contradicts its own duration.
///
/// Some devices stamp the first of several sessions with a later start. Then it would run into the
/// session after it, while counting back from the time it was written fits: that is taken.
fn untangle(summaries: &mut [Summary]) {
    for index in 0..summaries.len() {
        let before = index.checked_sub(1).map(|index| &summaries[index]);
        let floor = before.map_or(i64::MIN, |before| before.end_us.unwrap_or(before.start_us));
        let Some(next_us) = summaries.get(index + 1).map(|next| next.start_us) else {
            continue;
        };
        let summary = &mut summaries[index];
        let (Some(end_us), Some(written_us)) = (summary.end_us, summary.message.written_us) else {
            continue;
        };
        let start_us = written_us - (end_us - summary.start_us);
        let fits = written_us <= next_us + SLACK_US && start_us >= floor.saturating_sub(SLACK_US);
        if end_us > next_us + SLACK_US && fits {
            summary.start_us = start_us;
            summary.end_us = Some(written_us);
        }
    }
}

/// Stands in for the session message of a recording that was never finished.
fn unsummarised(contents: &mut Contents, notes: &mut Notes) -> Result<Option<Summary>, FormatError> {
    let ordered = timeline::in_time_order(std::mem::take(&mut contents.records), notes);
    contents.records = timeline::until_jump(ordered, notes)?;
    let Some(start_us) = first_instant(contents) else {
        return Ok(None);
    };
    let place = contents.records.first().map_or(Place::Byte(0), |first| first.place);
    notes
        .note(place, "the totals: the file has no session message, so the session is made from its readings");
    let kind = contents.laps.iter().find(|lap| lap.sport.is_some());
    let (sport, sub_sport) = match kind {
        Some(lap) => (lap.sport, lap.sub_sport),
        None => contents.sport,
    };
    Ok(Some(Summary {
        message: SessionMessage {
            start_us: Some(start_us),
            written_us: None,
            place,
            sport,
            sub_sport,
            elapsed_s: None,
            timer_s: None,
            distance_m: None,
            energy_kcal: None,
            hr_avg: None,
            hr_max: None,
            pool_length_m: None,
        },
        start_us,
        end_us: None,
    }))
}

fn first_instant(contents: &Contents) -> Option<i64> {
    let records = contents.records.iter().map(|record| record.at_us).min();
    records
        .or_else(|| contents.laps.iter().map(|lap| lap.start_us).min())
        .or_else(|| contents.lengths.iter().map(|length| length.start_us).min())
        .or_else(|| contents.stored_hr.iter().map(|record| record.at_us).min())
}

/// What of a file falls into one session.
#[derive(Default)]
struct Share {
    records: Vec<Record>,
    stored_hr: Vec<Record>,
    laps: Vec<LapMessage>,
    lengths: Vec<LengthMessage>,
    presses: Vec<(i64, bool)>,
    /// The last distance and energy counted before the first session of the file.
    before: Carried,
}

/// Counters at the end of the session before, when they may go on.
#[derive(Debug, Clone, Copy, Default)]
struct Carried {
    distance: Option<f64>,
    energy: Option<f64>,
}

/// Deals readings out: each goes to the last session that has begun by then.
fn share(contents: &mut Contents, summaries: &[Summary], notes: &mut Notes) -> Vec<Share> {
    let mut shares: Vec<Share> = summaries.iter().map(|_| Share::default()).collect();
    // Only whole seconds are stored, so a session may seem to begin just after its first reading.
    let slot = |at_us: i64| summaries.partition_point(|summary| summary.start_us <= at_us).checked_sub(1);
    let first = |at_us: i64| {
        summaries.first().is_some_and(|summary| at_us > summary.start_us - SECOND_US).then_some(0)
    };
    for record in std::mem::take(&mut contents.records) {
        if let Some(index) = slot(record.at_us).or_else(|| first(record.at_us)) {
            shares[index].records.push(record);
        } else {
            if let Some(share) = shares.first_mut() {
                share.before.distance = record.distance.or(share.before.distance);
                share.before.energy = record.energy.or(share.before.energy);
            }
            notes.note(record.place, "a reading from before the session");
        }
    }
    for record in std::mem::take(&mut contents.stored_hr) {
        if let Some(index) = slot(record.at_us).or_else(|| first(record.at_us)) {
            shares[index].stored_hr.push(record);
        }
    }
    for &lap in &contents.laps {
        shares[slot(lap.start_us).unwrap_or(0)].laps.push(lap);
    }
    for &length in &contents.lengths {
        shares[slot(length.start_us).unwrap_or(0)].lengths.push(length);
    }
    for &press in &contents.presses {
        if let Some(index) = slot(press.0) {
            // The stop that closes a session carries the second in which the next one begins.
            let closes = !press.1 && press.0 == summaries[index].start_us;
            let index = if closes { index.saturating_sub(1) } else { index };
            shares[index].presses.push(press);
        }
    }
    shares
}

fn session(
    summary: &Summary,
    mut share: Share,
    next_us: Option<i64>,
    carried: &mut Carried,
    notes: &mut Notes,
) -> Result<RecordedSession, FormatError> {
    let message = &summary.message;
    let kind = sport::from_fit(message.sport, message.sub_sport);
    let records = timeline::in_time_order(std::mem::take(&mut share.records), notes);
    let presses = timer::from_presses(share.presses.iter().copied());
    let records = within_reach(records, summary, notes)?;
    let (start_us, end_us) = bounds(summary, &records, &share, &presses, next_us);
    let records = until_end(records, end_us, notes);
    let pauses = pauses(&presses, message, &share.laps, &records, start_us, end_us);
    let laps = laps(&share.laps, start_us, end_us);
    let lengths = lengths(&share.lengths, start_us, end_us);

    let before = Carried {
        distance: share.before.distance.or(carried.distance),
        energy: share.before.energy.or(carried.energy),
    };
    let span = Span { start_us, end_us, pauses: &pauses };
    let mut samples = Vec::with_capacity(records.len() * 4);
    let stored_hr = prefers_stored_hr(&records, &share.stored_hr).then(|| {
        let mut merged = records.clone();
        for record in &mut merged {
            record.heart_rate = None;
        }
        merged.extend(share.stored_hr.iter().filter(|hr| hr.at_us <= end_us));
        merged
    });
    let read_from = stored_hr.as_deref().unwrap_or(&records);
    readings::instants(read_from, &kind.sport, start_us, end_us, &mut samples);
    let per_length_m = message.pool_length_m;
    samples.extend(distance(&records, &share.laps, &lengths, per_length_m, before.distance, span, notes));
    samples.extend(energy(&records, &share.laps, message, before.energy, span, notes));
    samples.extend(strokes(&lengths));
    readings::finish(&mut samples, span);

    let last = |value: fn(&Record) -> Option<f64>| records.iter().rev().find_map(value);
    carried.distance = last(|record| record.distance).or(before.distance);
    carried.energy = last(|record| record.energy).or(before.energy);

    let device = DeviceTotals {
        elapsed_s: message.elapsed_s,
        timer_s: message.timer_s,
        distance_m: message.distance_m,
        energy_kcal: message.energy_kcal,
        hr_avg: message.hr_avg,
        hr_max: message.hr_max,
        laps: share.laps.iter().map(device_lap).collect(),
    };
    Ok(RecordedSession {
        sport: kind.sport,
        indoor: kind.indoor,
        water: kind.water,
        pool_length_m: message.pool_length_m,
        start_us,
        end_us,
        samples,
        timer: timer::to_events(&pauses, end_us),
        laps,
        lengths,
        device,
    })
}

/// Leaves out readings weeks away from the session; with a stated end, that is the yardstick.
fn within_reach(
    mut records: Vec<Record>,
    summary: &Summary,
    notes: &mut Notes,
) -> Result<Vec<Record>, FormatError> {
    let Some(end_us) = summary.end_us else {
        return timeline::until_jump(records, notes);
    };
    let reach = records.partition_point(|record| record.at_us - end_us <= LARGEST_GAP_US);
    for record in records.drain(reach..) {
        let days = (record.at_us - end_us) / (86_400 * SECOND_US);
        let seen = format_args!("{days} days");
        notes.implausible(record.place, timeline::FAR_FROM_REST, &seen)?;
    }
    Ok(records)
}

/// Start and end of a session.
///
/// The start and the elapsed time of the summary decide. Only when readings, lengths or laps go on
/// well after that, with the timer not yet stopped, has the summary left time out, and the session
/// lasts until then. A late stop alone proves nothing: programs write it when they save.
///
/// Such a summary may still be right about the time the timer ran: a watch in a pool adds its laps up
/// and leaves out what passed between a stop and the saving of the lap, so that its last lengths lie
/// beyond its own elapsed time. The presses then come to its timer time, as they do not if the session
/// is cut off where it states.
///
/// Stored times are cut to whole seconds and the elapsed time is not. A last stop in the second
/// after the computed end therefore shows that the session began late in its first second.
fn bounds(
    summary: &Summary,
    records: &[Record],
    share: &Share,
    presses: &Presses,
    next_us: Option<i64>,
) -> (i64, i64) {
    let start_us = summary.start_us;
    let last_reading = records.iter().rev().find(|record| record.has_reading()).map(|record| record.at_us);
    let last_lap = share.laps.iter().map(lap_end_us).max();
    let last_length = share.lengths.iter().map(length_end_us).max();
    let last_sign = last_reading.max(last_lap).max(last_length);
    let Some(stated_us) = summary.end_us else {
        let end_us = last_sign.max(presses.stopped_us).unwrap_or(start_us);
        return (start_us, end_us.max(start_us));
    };
    let last_sign = last_sign.unwrap_or(stated_us);
    let shown_us = presses.stopped_us.map_or(last_sign, |stop| stop.min(last_sign));
    if shown_us > stated_us + SLACK_US {
        let end_us = next_us.map_or(shown_us, |next| shown_us.min(next));
        return (start_us, end_us.max(stated_us));
    }
    match presses.stopped_us {
        Some(stop) if stop > stated_us && stop - stated_us < SECOND_US => {
            (start_us + (stop - stated_us), stop)
        }
        _ => (start_us, stated_us),
    }
}

/// Leaves out readings from after the end. One within the last second is kept: its time is cut
/// to a whole second like all others, and a summary rounds.
fn until_end(mut records: Vec<Record>, end_us: i64, notes: &mut Notes) -> Vec<Record> {
    let last = records.partition_point(|record| record.at_us <= end_us + SLACK_US);
    for record in records.drain(last..) {
        if record.has_reading() {
            notes.note(record.place, "a reading from after the end of the session");
        }
    }
    records
}

/// The pauses of a session: the presses, or without any the time that the totals miss.
fn pauses(
    presses: &Presses,
    message: &SessionMessage,
    laps: &[LapMessage],
    records: &[Record],
    start_us: i64,
    end_us: i64,
) -> Vec<Pause> {
    let mut pauses = presses.pauses.clone();
    if let Some(stop) = presses.stopped_us
        // The stop that ends the session lies in its last second, cut to the whole.
        && end_us - stop >= SECOND_US
    {
        pauses.push((stop, end_us));
    }
    if pauses.is_empty() {
        pauses = unpressed(message, laps, records, start_us, end_us);
    }
    timer::within_session(pauses, start_us, end_us)
}

fn unpressed(
    message: &SessionMessage,
    laps: &[LapMessage],
    records: &[Record],
    start_us: i64,
    end_us: i64,
) -> Vec<Pause> {
    let missing = |elapsed: Option<f64>, timer: Option<f64>| match (elapsed, timer) {
        (Some(elapsed), Some(timer)) if timer > 0.0 => micros(elapsed - timer),
        _ => 0,
    };
    let in_session = missing(message.elapsed_s, message.timer_s);
    let in_laps: i64 = laps.iter().map(|lap| missing(lap.elapsed_s, lap.timer_s).max(0)).sum();
    // The laps narrow down where time was lost, if they account for it.
    if (in_laps - in_session).abs() > SLACK_US {
        return timer::from_missing_time(records, start_us, end_us, in_session);
    }
    let find = |(index, lap): (usize, &LapMessage)| {
        let (from, to) = (lap.start_us, turn_end_us(laps, index).min(end_us));
        let first = records.partition_point(|record| record.at_us < from);
        let last = records.partition_point(|record| record.at_us <= to);
        let within = &records[first.min(last)..last];
        timer::from_missing_time(within, from, to, missing(lap.elapsed_s, lap.timer_s))
    };
    laps.iter().enumerate().flat_map(find).collect()
}

fn lap_end_us(lap: &LapMessage) -> i64 {
    match lap.elapsed_s.or(lap.timer_s) {
        Some(elapsed) if elapsed > 0.0 => lap.start_us + micros(elapsed),
        _ => lap.written_us.unwrap_or(lap.start_us).max(lap.start_us),
    }
}

/// The end of a lap. Laps follow one another; one that claims more than its turn does not get it.
fn turn_end_us(laps: &[LapMessage], index: usize) -> i64 {
    let end_us = lap_end_us(&laps[index]);
    laps.get(index + 1).map_or(end_us, |next| end_us.min(next.start_us))
}

fn length_end_us(length: &LengthMessage) -> i64 {
    match length.elapsed_s {
        Some(elapsed) => length.start_us + micros(elapsed),
        None => length.written_us.unwrap_or(length.start_us).max(length.start_us),
    }
}

fn laps(messages: &[LapMessage], start_us: i64, end_us: i64) -> Vec<Lap> {
    let lap = |(index, lap): (usize, &LapMessage)| Lap {
        start_us: lap.start_us.clamp(start_us, end_us),
        end_us: turn_end_us(messages, index).clamp(start_us, end_us),
    };
    messages.iter().enumerate().map(lap).collect()
}

fn device_lap(lap: &LapMessage) -> DeviceLap {
    DeviceLap { start_us: lap.start_us, timer_s: lap.timer_s, distance_m: lap.distance_m }
}

fn lengths(messages: &[LengthMessage], start_us: i64, end_us: i64) -> Vec<Length> {
    let length = |length: &LengthMessage| {
        let from_us = length.start_us.clamp(start_us, end_us);
        Length {
            start_us: from_us,
            end_us: length_end_us(length).clamp(from_us, end_us),
            strokes: length.strokes.filter(|_| length.active).map(|strokes| strokes as u32),
            active: length.active,
            style: length.style.filter(|_| length.active).and_then(stroke_style),
        }
    };
    messages.iter().map(length).collect()
}

/// The stroke style of a length by its number in the profile.
fn stroke_style(number: u8) -> Option<StrokeStyle> {
    Some(match number {
        0 => StrokeStyle::Freestyle,
        1 => StrokeStyle::Backstroke,
        2 => StrokeStyle::Breaststroke,
        3 => StrokeStyle::Butterfly,
        4 => StrokeStyle::Drill,
        // Mixed, and three kinds of medley.
        5..=8 => StrokeStyle::Mixed,
        _ => return None,
    })
}

/// Whether the heart rates a strap stored are to be taken instead of those of the records: under
/// water a watch hears the strap rarely or never, and the strap hands over what it stored.
fn prefers_stored_hr(records: &[Record], stored: &[Record]) -> bool {
    let heard = records.iter().filter(|record| record.heart_rate.is_some());
    stored.len() > heard.count()
}

/// The distance of a session, from the best source the file has: the counter in its records, the
/// lengths of a pool, positions, the totals of the laps.
fn distance(
    records: &[Record],
    laps: &[LapMessage],
    lengths: &[Length],
    length_m: Option<f64>,
    before: Option<f64>,
    span: Span<'_>,
    notes: &mut Notes,
) -> Vec<Sample> {
    let counts = counter::distance(records);
    if !counts.is_empty() {
        return increments(Channel::Distance, &counts, before, span, notes);
    }
    if let Some(length_m) = length_m
        && lengths.iter().any(|length| length.active)
    {
        let swum = lengths.iter().filter(|length| length.active);
        return swum
            .map(|length| increment(Channel::Distance, length.start_us, length.end_us, length_m))
            .collect();
    }
    let counts = counter::distance_from_positions(records, span.pauses);
    if counts.len() > 1 {
        return increments(Channel::Distance, &counts, None, span, notes);
    }
    per_lap(Channel::Distance, laps, span, |lap| lap.distance_m)
}

/// The energy of a session: the counter in its records, the totals of the laps or of the session.
fn energy(
    records: &[Record],
    laps: &[LapMessage],
    message: &SessionMessage,
    before: Option<f64>,
    span: Span<'_>,
    notes: &mut Notes,
) -> Vec<Sample> {
    let counts = counter::energy(records);
    if !counts.is_empty() {
        return increments(Channel::Energy, &counts, before, span, notes);
    }
    let by_lap = per_lap(Channel::Energy, laps, span, |lap| lap.energy_kcal);
    if !by_lap.is_empty() {
        return by_lap;
    }
    let total = message.energy_kcal.filter(|&energy| energy > 0.0);
    let total = total.map(|energy| increment(Channel::Energy, span.start_us, span.end_us, energy));
    total.map_or_else(Vec::new, |total| span.share(total))
}

fn increments(
    channel: Channel,
    counts: &[Count],
    before: Option<f64>,
    span: Span<'_>,
    notes: &mut Notes,
) -> Vec<Sample> {
    let origin = counter::origin(counts.first().copied(), before, span.start_us);
    counter::increments(channel, counts, origin, span, notes)
}

fn per_lap(
    channel: Channel,
    laps: &[LapMessage],
    span: Span<'_>,
    total: impl Fn(&LapMessage) -> Option<f64>,
) -> Vec<Sample> {
    let lap = |(index, lap): (usize, &LapMessage)| {
        let total = total(lap).filter(|&total| total > 0.0)?;
        Some(span.share(increment(channel, lap.start_us, turn_end_us(laps, index), total)))
    };
    laps.iter().enumerate().filter_map(lap).flatten().collect()
}

fn strokes(lengths: &[Length]) -> impl Iterator<Item = Sample> + use<'_> {
    lengths.iter().filter_map(|length| {
        let strokes = length.strokes.filter(|&strokes| strokes > 0)?;
        Some(increment(Channel::Strokes, length.start_us, length.end_us, f64::from(strokes)))
    })
}

fn increment(channel: Channel, start_us: i64, end_us: i64, value: f64) -> Sample {
    Sample { channel, start_us, end_us, value }
}

fn micros(seconds: f64) -> i64 {
    (seconds * 1e6).round() as i64
}
