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
    fn last_known(&self) -> Timestamp {
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

    pub(crate) fn has_begun(&self) -> bool {
        self.last.is_some()
    }

    /// The latest instant at which anything happened.
    pub(crate) fn last_instant(&self) -> Timestamp {
        self.last_instant
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
