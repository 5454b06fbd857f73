//! Which time counts. The one place that decides what a pause does to elapsed time, duration and statistics.
//!
//! The rule (reference, section 5.6):
//!
//! - A workout begins running. Only `pause` and `resume` events matter; `motionPaused`, laps, segments and markers
//!   never stop the time.
//! - A repeated pause or resume is ignored; events of the same date keep their order of insertion.
//! - **A trailing pause counts as paused to the end**: a pause that no resume follows takes out everything after it.
//! - Events before the start act at the start; nothing after the end counts (inferred).
//!
//! A reading taken at the very instant of a pause or of a resume belongs to the running time (inferred): a paused
//! span is open at both ends.

use crate::values::{Timestamp, WorkoutEvent, WorkoutEventType};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A stretch without time: from a pause to the next resume.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct PausedSpan {
    from: Timestamp,
    /// Nothing while no resume follows.
    to: Option<Timestamp>,
    /// Paused microseconds before this span.
    paused_before: i64,
}

/// The running time of one workout.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct RunningTime {
    start: Option<Timestamp>,
    spans: Vec<PausedSpan>,
}

impl RunningTime {
    /// The running time of a workout with this start and these events, which are sorted by start.
    pub(crate) fn new(start: Timestamp, events: &[WorkoutEvent]) -> Self {
        let mut time = Self { start: Some(start), spans: Vec::new() };
        for event in events {
            time.extend(event);
        }
        time
    }

    /// Takes in an event that is not earlier than any before it.
    pub(crate) fn extend(&mut self, event: &WorkoutEvent) {
        let Some(start) = self.start else { return };
        let date = event.start.max(start);
        match (event.event_type, self.spans.last_mut()) {
            (WorkoutEventType::Pause, Some(PausedSpan { to: None, .. })) => {}
            (WorkoutEventType::Pause, last) => {
                let paused_before = last.map_or(0, |span| {
                    span.paused_before + span.to.map_or(0, |to| to.micros_since(span.from))
                });
                self.spans.push(PausedSpan { from: date, to: None, paused_before });
            }
            (WorkoutEventType::Resume, Some(span @ PausedSpan { to: None, .. })) => span.to = Some(date),
            _ => {}
        }
    }

    /// Running microseconds from the start to `date`; 0 before the start. Never decreases with `date`.
    pub(crate) fn micros_until(&self, date: Timestamp) -> i64 {
        let Some(start) = self.start.filter(|start| *start < date) else { return 0 };
        // What another device tells of its pauses may make no sense.
        date.micros_since(start).saturating_sub(self.paused_micros_until(date))
    }

    /// The same time as far as it matters from the last pause on: earlier dates are not right any more.
    pub(crate) fn since_last_pause(&self) -> Self {
        Self { start: self.start, spans: self.spans.last().copied().into_iter().collect() }
    }

    /// Elapsed time at a date, for a workout that ended at `end` if it did.
    pub(crate) fn elapsed(&self, date: Timestamp, end: Option<Timestamp>) -> Duration {
        let until = end.map_or(date, |end| date.min(end));
        Duration::from_micros(self.micros_until(until).max(0) as u64)
    }

    /// Running microseconds between two dates; 0 when they are in the wrong order.
    #[inline]
    pub(crate) fn micros_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        if self.all_running(from, to) {
            return to.micros_since(from).max(0);
        }
        self.micros_until(to).saturating_sub(self.micros_until(from)).max(0)
    }

    /// Whether a reading at this instant counts.
    #[inline]
    pub(crate) fn is_running_at(&self, date: Timestamp) -> bool {
        match self.span_at_or_before(date) {
            None => true,
            Some(span) => date == span.from || span.to.is_some_and(|to| date >= to),
        }
    }

    /// The running parts of an interval, in order.
    pub(crate) fn running_parts(&self, from: Timestamp, to: Timestamp) -> RunningParts<'_> {
        let first = self.spans.partition_point(|span| span.to.is_some_and(|end| end <= from));
        RunningParts { spans: &self.spans[first..], at: from, to }
    }

    /// A quick answer for the usual case: nothing of the interval is paused, as far as one look can tell.
    #[inline]
    pub(crate) fn all_running(&self, from: Timestamp, to: Timestamp) -> bool {
        let Some(start) = self.start else { return false };
        start <= from
            && match self.spans.last() {
                None => true,
                Some(span) => span.to.is_some_and(|end| end <= from) || self.spans[0].from >= to,
            }
    }

    /// The first date from which the running time differs from `other`'s, or nothing when they are the same.
    pub(crate) fn first_difference(&self, other: &Self) -> Option<Timestamp> {
        if self.start != other.start {
            return self.start.into_iter().chain(other.start).min();
        }
        let shared = self.spans.iter().zip(&other.spans).take_while(|(a, b)| a == b).count();
        match (self.spans.get(shared), other.spans.get(shared)) {
            (None, None) => None,
            (Some(span), None) | (None, Some(span)) => Some(span.from),
            (Some(a), Some(b)) if a.from != b.from => Some(a.from.min(b.from)),
            (Some(a), Some(b)) => a.to.into_iter().chain(b.to).min(),
        }
    }

    fn paused_micros_until(&self, date: Timestamp) -> i64 {
        self.span_at_or_before(date).map_or(0, |span| {
            let paused = span.to.map_or(date, |to| to.min(date)).micros_since(span.from);
            span.paused_before.saturating_add(paused)
        })
    }

    /// The last span that begins at or before the date. The newest is looked at first: live data is about now.
    fn span_at_or_before(&self, date: Timestamp) -> Option<&PausedSpan> {
        match self.spans.last() {
            None => None,
            Some(last) if last.from <= date => Some(last),
            Some(_) => {
                let after = self.spans.partition_point(|span| span.from <= date);
                after.checked_sub(1).map(|index| &self.spans[index])
            }
        }
    }
}

/// See [`RunningTime::running_parts`].
pub(crate) struct RunningParts<'a> {
    spans: &'a [PausedSpan],
    at: Timestamp,
    to: Timestamp,
}

impl Iterator for RunningParts<'_> {
    type Item = (Timestamp, Timestamp);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.to {
            let from = self.at;
            let Some((span, rest)) = self.spans.split_first().filter(|(span, _)| span.from < self.to) else {
                self.at = self.to;
                return Some((from, self.to));
            };
            self.spans = rest;
            self.at = span.to.unwrap_or(self.to).max(from);
            if span.from > from {
                return Some((from, span.from));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `hh:mm:ss` on one day.
    fn at(clock: &str) -> Timestamp {
        let seconds = clock.split(':').fold(0, |sum, part| sum * 60 + part.parse::<i64>().unwrap());
        Timestamp::from_seconds(seconds)
    }

    fn elapsed(start: &str, end: &str, events: &[(WorkoutEventType, &str)]) -> u64 {
        let events: Vec<_> = events.iter().map(|(kind, date)| WorkoutEvent::at(*kind, at(date))).collect();
        RunningTime::new(at(start), &events).elapsed(at(end), Some(at(end))).as_secs()
    }

    use WorkoutEventType::{Lap, Marker, MotionPaused, MotionResumed, Pause, Resume};

    #[test]
    fn vector_1_a_trailing_pause_counts_to_the_end() {
        let events = [
            (Pause, "8:27:20"),
            (Resume, "8:27:28"),
            (Pause, "8:38:50"),
            (Resume, "8:39:12"),
            (Pause, "8:42:56"),
        ];
        assert_eq!(elapsed("8:23:28", "8:43:18", &events), 1138);
    }

    #[test]
    fn vector_2_motion_pauses_do_not_count() {
        let events = [
            (Pause, "18:44:41"),
            (MotionPaused, "18:44:41"),
            (Resume, "18:44:46"),
            (MotionResumed, "18:44:46"),
            (Pause, "18:48:37"),
            (MotionPaused, "18:48:37"),
            (Resume, "18:49:17"),
            (MotionResumed, "18:49:17"),
            (Pause, "18:52:21"),
            (Resume, "18:52:47"),
            (Pause, "18:52:47"),
            (MotionPaused, "18:52:47"),
            (Resume, "18:52:48"),
            (MotionResumed, "18:52:48"),
        ];
        assert_eq!(elapsed("18:44:41", "19:13:58", &events), 1685);
    }

    #[test]
    fn vector_3_a_pause_at_the_end_takes_nothing() {
        assert_eq!(elapsed("13:30:59", "14:21:28", &[(Pause, "14:21:28")]), 3029);
    }

    #[test]
    fn repeated_events_and_other_events_change_nothing() {
        let events = [
            (Resume, "0:00:05"),
            (Pause, "0:00:10"),
            (Pause, "0:00:12"),
            (Lap, "0:00:13"),
            (Resume, "0:00:20"),
            (Resume, "0:00:25"),
            (Marker, "0:00:26"),
        ];
        assert_eq!(elapsed("0:00:00", "0:01:00", &events), 50);
    }

    #[test]
    fn events_before_the_start_act_at_the_start() {
        assert_eq!(elapsed("0:01:00", "0:02:00", &[(Pause, "0:00:30"), (Resume, "0:01:10")]), 50);
        assert_eq!(elapsed("0:01:00", "0:02:00", &[(Pause, "0:00:30"), (Resume, "0:00:40")]), 60);
    }

    #[test]
    fn elapsed_time_inside_a_pause_before_the_start_and_after_the_end() {
        let events = [WorkoutEvent::at(Pause, at("0:00:10")), WorkoutEvent::at(Resume, at("0:00:20"))];
        let time = RunningTime::new(at("0:00:00"), &events);
        let end = Some(at("0:01:00"));
        for (date, seconds) in [("0:00:15", 10), ("0:00:20", 10), ("0:00:21", 11), ("0:05:00", 50)] {
            assert_eq!(time.elapsed(at(date), end).as_secs(), seconds, "{date}");
        }
        assert_eq!(time.elapsed(Timestamp::from_seconds(-5), end), Duration::ZERO);
        assert_eq!(RunningTime::default().elapsed(at("1:00:00"), None), Duration::ZERO);
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let events: Vec<_> = (1..20)
            .map(|i| {
                WorkoutEvent::at(if i % 2 == 1 { Pause } else { Resume }, Timestamp::from_seconds(i * 7))
            })
            .collect();
        let time = RunningTime::new(Timestamp::EPOCH, &events);
        for from in 0..150 {
            for to in from..150 {
                let (from, to) = (Timestamp::from_seconds(from), Timestamp::from_seconds(to));
                let parts: i64 = time.running_parts(from, to).map(|(a, b)| b.micros_since(a)).sum();
                assert_eq!(parts, time.micros_between(from, to), "{from} to {to}");
            }
        }
    }

    #[test]
    fn the_instants_of_pause_and_resume_belong_to_the_running_time() {
        let events = [WorkoutEvent::at(Pause, at("0:00:10")), WorkoutEvent::at(Resume, at("0:00:20"))];
        let time = RunningTime::new(at("0:00:00"), &events);
        let running = |date| time.is_running_at(at(date));
        assert_eq!(["0:00:10", "0:00:11", "0:00:19", "0:00:20"].map(running), [true, false, false, true]);
    }
}
