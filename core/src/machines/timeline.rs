//! The time of one session: it runs as time passes, whatever happens to the wall clock.
//!
//! A session's time is the wall time at which it began to run or to collect, plus the time that passed since, sleep included;
//! before that it follows the wall clock. When somebody sets the clock, the session goes on undisturbed, and the dates that the host hands in from then on, which are
//! those of the new wall time, are moved by the difference. A clock that counts passing time starts anew with the device:
//! after a reboot the wall clock tells how long it took, but never leads back before what is known of the session.

use crate::values::{Reading, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// By how many microseconds the wall clock may differ from what is expected of it without anybody having set it: it is
/// always being corrected a little.
const DRIFT: u64 = 1_000_000;

/// By how many microseconds elapsed time may go back, and wall time disagree with it, without a reboot: calls of several
/// threads overtake each other on their way, and clocks drift while an app is dead.
const SLACK: u64 = 60_000_000;

/// One look at the clocks of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The wall time. It may jump.
    pub(crate) now: Timestamp,
    /// Time since the device was started or some other fixed instant, sleep included.
    pub(crate) elapsed: Duration,
    /// Which start of the device that was; nothing where the system does not tell.
    pub(crate) boot: Option<Uuid>,
}

/// An instant of a session, and what the clocks showed. One is journalled with each step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tick {
    /// On the session's timeline.
    pub(crate) date: Timestamp,
    wall: Timestamp,
    /// In microseconds.
    elapsed: u64,
    boot: Option<Uuid>,
    /// How many microseconds are added to a date that the host hands in.
    offset: i64,
}

/// What is known of the time of a session.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Timeline {
    /// Nothing before the first change of state, and for journals of releases that knew no timeline.
    last: Option<Tick>,
    /// The latest instant at which anything happened: time never runs backwards for a session.
    last_instant: Timestamp,
    /// The latest end of a sample; it may lie ahead by as much as clocks of sensors may.
    last_sample: Timestamp,
    /// Whether time counts: it ran, or collection began.
    counts: bool,
    /// It was read from the store and nothing happened to it since: the device may have been started anew in between.
    is_stored: bool,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            last: None,
            last_instant: Timestamp::MIN,
            last_sample: Timestamp::MIN,
            counts: false,
            is_stored: false,
        }
    }
}

impl Timeline {
    /// What a moment is for the session.
    pub(crate) fn tick(&self, at: Moment) -> Tick {
        let elapsed = u64::try_from(at.elapsed.as_micros()).unwrap_or(u64::MAX);
        let last = self.last.filter(|last| self.counts && self.is_same_boot(last, &at, elapsed));
        let (date, elapsed) = match &last {
            Some(last) => (last.date.plus_micros(between(last.elapsed, elapsed)), elapsed.max(last.elapsed)),
            None if self.last.is_some() && self.counts => (at.now.max(self.last_known()), elapsed),
            None => (at.now.max(self.last_instant), elapsed),
        };
        let expected = self.last.map_or(0, |last| last.offset);
        let offset = date.micros_since(at.now);
        let offset = if offset.abs_diff(expected) > DRIFT { offset } else { expected };
        // Time that goes back a little stands still until it is later again; that moves no dates.
        Tick { date: date.max(self.last_instant), wall: at.now, elapsed, boot: at.boot, offset }
    }

    /// The latest instant at which anything happened or was measured.
    pub(crate) fn last_known(&self) -> Timestamp {
        self.last_instant.max(self.last_sample)
    }

    /// The present of the session.
    pub(crate) fn now(&self, at: Moment) -> Timestamp {
        self.tick(at).date
    }

    fn is_same_boot(&self, last: &Tick, at: &Moment, elapsed: u64) -> bool {
        if elapsed.saturating_add(SLACK) < last.elapsed {
            return false;
        }
        match (last.boot, at.boot) {
            (Some(before), Some(now)) => before == now,
            // A process that lives knows that the device does.
            _ if !self.is_stored => true,
            // After the death of one, a reboot is more likely than somebody who set the clock.
            _ => {
                let passed = between(last.elapsed, elapsed);
                passed >= 0 && at.now.micros_since(last.wall).abs_diff(passed) <= SLACK
            }
        }
    }

    /// What must be journalled before the next sample is dated: somebody set the clock, or the device was started anew.
    pub(crate) fn news(&self, at: Moment) -> Option<Tick> {
        let last = self.last?;
        let tick = self.tick(at);
        (tick.offset != last.offset || self.gap_before(&tick, at).is_some()).then_some(tick)
    }

    /// The time of which nothing is known, when the device was started anew: from the last instant that is known.
    pub(crate) fn gap_before(&self, tick: &Tick, at: Moment) -> Option<(Timestamp, Timestamp)> {
        let last = self.last.filter(|_| self.counts)?;
        (!self.is_same_boot(&last, &at, tick.elapsed)).then_some((self.last_known(), tick.date))
    }

    /// For how long nothing happened; nothing when that was before the device was started anew.
    pub(crate) fn silence(&self, at: Moment) -> Option<Duration> {
        let tick = self.tick(at);
        self.gap_before(&tick, at).is_none().then(|| tick.date.since(self.last_known()))
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.last.is_some()
    }

    /// Whether the last thing that happened, or was measured, has this date.
    pub(crate) fn ends_at(&self, date: Timestamp) -> bool {
        [self.last_instant, self.last_sample].contains(&date)
    }

    /// Notes a step that was committed.
    pub(crate) fn note(&mut self, tick: &Tick) {
        self.last = Some(*tick);
        self.is_stored = false;
        self.note_instant(tick.date);
    }

    /// Notes that time counts from here on.
    pub(crate) fn begin(&mut self) {
        self.counts = true;
    }

    /// Notes that something happened.
    pub(crate) fn note_instant(&mut self, date: Timestamp) {
        self.last_instant = self.last_instant.max(date);
    }

    /// Notes samples.
    pub(crate) fn note_samples(&mut self, end: Timestamp) {
        self.last_sample = self.last_sample.max(end);
    }

    /// Notes that it was read from the store.
    pub(crate) fn note_stored(&mut self) {
        self.is_stored = true;
    }
}

/// From one reading of a clock to another, in microseconds.
fn between(from: u64, to: u64) -> i64 {
    to.wrapping_sub(from).cast_signed()
}

impl Tick {
    /// How the dates of the host are read at this instant, between the first and the last date that make sense.
    pub(crate) fn shift(&self, earliest: Timestamp, latest: Timestamp) -> Shift {
        Shift { by: self.offset, now: self.date, earliest, latest }
    }
}

/// How dates of the host become dates of the session: they are dates of the wall clock as it is now. There are two others. A
/// date that the session told is of its own time: an app ends collection at the date at which it heard that its session had
/// stopped. And one that cannot be, in the future or before the beginning, but would make sense as it is, was read before the
/// clock was set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shift {
    by: i64,
    now: Timestamp,
    earliest: Timestamp,
    latest: Timestamp,
}

impl Shift {
    /// For a device that shows the time of another one: `now` is the present there, `wall` that of this device.
    pub(crate) fn of_mirror(now: Timestamp, wall: Timestamp, earliest: Timestamp, latest: Timestamp) -> Self {
        let by = now.micros_since(wall);
        Self { by: if by.unsigned_abs() > DRIFT { by } else { 0 }, now, earliest, latest }
    }

    /// Whether all dates stay as they are.
    pub(crate) fn is_none(&self) -> bool {
        self.by == 0
    }

    fn fits(&self, from: Timestamp, to: Timestamp) -> bool {
        self.earliest <= from && to <= self.latest
    }

    /// A date that may lie anywhere.
    pub(crate) fn bound(&self, date: Timestamp) -> Timestamp {
        date.plus_micros(self.by)
    }

    /// A date of something that happened; `told` knows the dates that the session told.
    pub(crate) fn date(&self, date: Timestamp, told: impl FnOnce(Timestamp) -> bool) -> Timestamp {
        if self.is_none() {
            return date;
        }
        let shifted = self.bound(date);
        let misfits = !self.fits(shifted, shifted) && self.fits(date, date);
        // Where time stands still, in a simulation, the present may show a date of the past to the microsecond.
        if misfits || (shifted != self.now && told(date)) { date } else { shifted }
    }

    /// The dates of a sample.
    pub(crate) fn reading(&self, reading: &Reading) -> Reading {
        if self.is_none() {
            return *reading;
        }
        let (start, end) = (reading.start.plus_micros(self.by), reading.end.plus_micros(self.by));
        if !self.fits(start, end) && self.fits(reading.start, reading.end) {
            *reading
        } else {
            Reading { start, end, ..*reading }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: i64 = 1_700_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(T0 + seconds)
    }

    /// Wall and elapsed seconds.
    fn moment(wall: i64, elapsed: u64, boot: Option<u128>) -> Moment {
        Moment { now: at(wall), elapsed: Duration::from_secs(elapsed), boot: boot.map(Uuid::from_u128) }
    }

    /// The time of a session that began at second 0, when the clock had counted 1000 s.
    fn begun(boot: Option<u128>) -> Timeline {
        let mut timeline = Timeline::default();
        timeline.begin();
        timeline.note(&timeline.tick(moment(0, 1000, boot)));
        timeline
    }

    /// Second on the session's timeline, and by how many seconds dates of the host are moved.
    fn seen(timeline: &Timeline, at: Moment) -> (i64, i64) {
        let tick = timeline.tick(at);
        (tick.date.micros_since(self::at(0)) / 1_000_000, tick.offset / 1_000_000)
    }

    #[test]
    fn time_is_what_passed_whatever_the_wall_clock_shows() {
        let mut timeline = begun(Some(1));
        for (wall, elapsed, expected) in [
            (100, 1100, (100, 0)),
            (201, 1200, (200, 0)),
            (-7000, 1300, (300, 7300)),
            (-6901, 1400, (400, 7300)),
            (500, 1500, (500, 0)),
        ] {
            let at = moment(wall, elapsed, Some(1));
            assert_eq!(seen(&timeline, at), expected, "{wall} {elapsed}");
            assert_eq!(timeline.news(at).is_some(), matches!(elapsed, 1300 | 1500), "{wall} {elapsed}");
            timeline.note(&timeline.tick(at));
        }
    }

    #[test]
    fn silence_is_what_passed_since_the_last_sign() {
        let mut timeline = begun(None);
        timeline.note_samples(at(50));
        for (wall, elapsed, silent) in [(50, 1050, 0), (60, 1060, 10), (-7200, 1060, 10), (49, 1049, 0)] {
            assert_eq!(timeline.silence(moment(wall, elapsed, None)), Some(Duration::from_secs(silent)));
        }
        timeline.note_stored();
        assert_eq!(timeline.silence(moment(-7200, 1060, None)), None, "it may have been a reboot");
    }

    /// Clocks are read before the lock is taken, so that a later reading may come first. That must not move what follows.
    #[test]
    fn calls_that_overtake_each_other_change_nothing() {
        for boot in [None, Some(1)] {
            let mut timeline = begun(boot);
            for (elapsed, expected) in
                [(1100i64, 100), (1097, 100), (1099, 100), (1101, 101), (1100, 101), (1200, 200)]
            {
                let at = moment(elapsed - 1000, elapsed as u64, boot);
                assert_eq!(seen(&timeline, at), (expected, 0));
                let tick = timeline.tick(at);
                assert_eq!(timeline.gap_before(&tick, at), None);
                timeline.note(&tick);
            }
        }
    }

    #[test]
    fn a_new_boot_begins_no_earlier_than_what_is_known() {
        let mut timeline = begun(Some(1));
        timeline.note(&timeline.tick(moment(100, 1100, Some(1))));
        for (wall, known, expected) in
            [(500, 100, (500, 0)), (-9000, 100, (100, 9100)), (120, 150, (150, 30))]
        {
            let mut timeline = timeline;
            timeline.note_samples(at(known));
            let now = moment(wall, 5000, Some(2));
            assert_eq!(seen(&timeline, now), expected);
            let tick = timeline.tick(now);
            assert_eq!(timeline.gap_before(&tick, now), Some((at(known), tick.date)));
            assert_eq!(timeline.silence(now), None);
            timeline.note(&tick);
            let later = moment(wall + 60, 5060, Some(2));
            assert_eq!(seen(&timeline, later), (expected.0 + 60, expected.1));
            assert_eq!(timeline.gap_before(&timeline.tick(later), later), None);
        }
    }

    /// A journal of a release that knew no timeline: dates, but no clocks.
    #[test]
    fn a_session_without_a_timeline_gets_one() {
        let mut timeline = Timeline::default();
        timeline.note_instant(at(300));
        timeline.begin();
        timeline.note_stored();
        assert_eq!(timeline.news(moment(200, 50, Some(1))), None);
        let (behind, ahead) = (moment(200, 50, Some(1)), moment(400, 50, Some(1)));
        assert_eq!(seen(&timeline, ahead), (400, 0));
        assert_eq!(seen(&timeline, behind), (300, 100));
        timeline.note(&timeline.tick(behind));
        assert_eq!(seen(&timeline, moment(210, 60, Some(1))), (310, 100));
    }

    #[test]
    fn dates_of_the_host_are_moved_where_that_makes_sense() {
        let timeline = begun(Some(1));
        let shift = |wall| timeline.tick(moment(wall, 1600, Some(1))).shift(at(0), at(601));
        let told = |date: Timestamp| date == at(77);
        // The clock was set back by an hour, or forward, or not at all; second 600 of the session.
        for (wall, date, expected) in [
            (-3000, -3000, 600),
            (-3000, -3500, 100),
            (-3000, 500, 500),
            (-3000, 77, 77),
            (-3000, -4000, -400),
            (-3000, 700, 4300),
            (4200, 4200, 600),
            (4200, 3700, 100),
            (4200, 500, 500),
            (4200, 77, 77),
            (4200, 9000, 5400),
            (600, 500, 500),
            (600, 700, 700),
        ] {
            assert_eq!(shift(wall).date(at(date), told), at(expected), "{wall} {date}");
        }
        assert_eq!(shift(1123).date(at(77 + 523), told), at(77), "moved to a date that was told");
        assert_eq!(shift(77).date(at(77), told), at(600), "the present");
        let reading = |from, to| Reading { value: 1.0, start: at(from), end: at(to) };
        for (wall, from, to, moved) in [
            (-3000, -3010, -3000, (590, 600)),
            (-3000, 480, 490, (480, 490)),
            (4200, 4190, 4200, (590, 600)),
            (4200, 480, 490, (480, 490)),
            (4200, 590, 5000, (-3010, 1400)),
        ] {
            assert_eq!(shift(wall).reading(&reading(from, to)), reading(moved.0, moved.1), "{wall} {from}");
        }
    }
}
