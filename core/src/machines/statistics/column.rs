//! Everything known about one quantity type: over the workout and over each of its activities.

use super::TooLate;
use super::hold::Hold;
use super::merge::{Amount, Part, SourceMerge};
use super::totals::Totals;
use crate::machines::activities::{Activity, index_at};
use crate::machines::running_time::RunningTime;
use crate::values::exact;
use crate::values::rows::{Run, RunHead};
use crate::values::{AggregationStyle, QuantityType, Reading, SourceId, Statistics, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a sample is counted: the pauses and the activities of the workout.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) time: &'a RunningTime,
    /// By rising start, not overlapping.
    pub(crate) activities: &'a [Activity],
}

impl Frame<'_> {
    /// Whether everything from one date to another lies in one activity, and in which; or outside of any. Nothing when a
    /// border lies in between, as far as one look can tell.
    #[allow(clippy::option_option, reason = "the outer one says whether there is a single answer")]
    fn only_activity(&self, from: Timestamp, to: Timestamp) -> Option<Option<usize>> {
        let Some(last) = self.activities.last() else { return Some(None) };
        if last.start <= from && last.end.is_none_or(|end| to <= end) {
            return Some(Some(self.activities.len() - 1));
        }
        None
    }
}

/// One type over the workout or over one activity.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Cell {
    totals: Totals,
    hold: Option<Hold>,
}

impl Cell {
    /// Takes in readings that all count.
    fn readings(&mut self, run: &Run<'_>, time: &RunningTime) -> Result<(), TooLate> {
        self.totals.add(run);
        match self.hold(run.head.kind) {
            Some(hold) => hold.add(run, time),
            None => Ok(()),
        }
    }

    /// Takes in one reading; `counts` says whether it lies in running time.
    fn reading(
        &mut self,
        kind: QuantityType,
        reading: &Reading,
        counts: bool,
        time: &RunningTime,
    ) -> Result<(), TooLate> {
        if counts {
            self.totals.add_reading(reading);
        }
        match self.hold(kind) {
            Some(hold) => hold.add_one(reading, time),
            None => Ok(()),
        }
    }

    fn hold(&mut self, kind: QuantityType) -> Option<&mut Hold> {
        (kind.aggregation_style() == AggregationStyle::DiscreteTemporallyWeighted)
            .then(|| self.hold.get_or_insert_default())
    }
}

/// Who delivered the samples so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Sources {
    Nobody,
    /// One source needs no look at its neighbours.
    One(SourceId),
    Several(SourceMerge),
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Column {
    pub(super) kind: QuantityType,
    /// The latest start and the latest end of any sample, counted or not.
    newest_start: Timestamp,
    newest_end: Timestamp,
    sources: Sources,
    workout: Cell,
    /// By the position of the activity; shorter when later activities have no sample.
    activities: Vec<Cell>,
}

impl Column {
    pub(super) fn new(kind: QuantityType) -> Self {
        Self {
            kind,
            newest_start: Timestamp::MIN,
            newest_end: Timestamp::MIN,
            sources: Sources::Nobody,
            workout: Cell::default(),
            activities: Vec::new(),
        }
    }

    /// An empty column that is ready for as many sources as this one has seen.
    pub(super) fn emptied(&self) -> Self {
        let sources = match self.sources {
            Sources::Several(_) => Sources::Several(SourceMerge::default()),
            _ => Sources::Nobody,
        };
        Self { sources, ..Self::new(self.kind) }
    }

    pub(super) fn expect_several_sources(&mut self) {
        self.sources = Sources::Several(SourceMerge::default());
    }

    /// Takes in samples. `TooLate`: the column can no longer be right and must be counted anew from all its rows.
    pub(super) fn add(&mut self, run: &Run<'_>, frame: &Frame<'_>) -> Result<(), TooLate> {
        let (from, to) = (run.summary.first_start, run.summary.last_end);
        self.newest_start = self.newest_start.max(run.summary.last_start);
        self.newest_end = self.newest_end.max(to);
        // The usual case: no pause and no border of an activity in between, so that all samples count alike.
        let alike = frame.time.all_running(from, to);
        let activity = if alike { frame.only_activity(from, to) } else { None };
        if self.kind.is_cumulative() {
            let head = &run.head;
            match (activity, self.has_only(head.source)) {
                (Some(activity), true) => {
                    self.workout.totals.add(run);
                    if let Some(index) = activity {
                        self.activity(index).totals.add(run);
                    }
                    Ok(())
                }
                _ => run.readings.iter().try_for_each(|reading| self.add_amount(head, reading, frame)),
            }
        } else if let Some(activity) = activity {
            self.workout.readings(run, frame.time)?;
            match activity {
                Some(index) => self.activity(index).readings(run, frame.time),
                None => Ok(()),
            }
        } else {
            run.readings.iter().try_for_each(|reading| self.add_reading(reading, frame))
        }
    }

    fn add_reading(&mut self, reading: &Reading, frame: &Frame<'_>) -> Result<(), TooLate> {
        let counts = frame.time.is_running_at(reading.start);
        let kind = self.kind;
        self.workout.reading(kind, reading, counts, frame.time)?;
        match index_at(frame.activities, reading.start) {
            Some(index) => self.activity(index).reading(kind, reading, counts, frame.time),
            None => Ok(()),
        }
    }

    /// Whether this source is the only one so far; the first to come is.
    fn has_only(&mut self, source: SourceId) -> bool {
        match self.sources {
            Sources::One(only) => only == source,
            Sources::Nobody => {
                self.sources = Sources::One(source);
                true
            }
            Sources::Several(_) => false,
        }
    }

    fn add_amount(&mut self, head: &RunHead, reading: &Reading, frame: &Frame<'_>) -> Result<(), TooLate> {
        let amount = Amount::new(head, reading, exact::steps(reading.value));
        let parts = if self.has_only(head.source) {
            vec![Part { of: amount, from: reading.start, to: reading.end, counts: true }]
        } else if let Sources::Several(merge) = &mut self.sources {
            merge.add(amount)?
        } else {
            // The first source's earlier samples were not kept for comparison.
            self.expect_several_sources();
            return Err(TooLate);
        };
        self.note(reading, frame);
        for part in parts {
            self.credit(&part, frame);
        }
        Ok(())
    }

    /// Counts a sample where any of it is in running time.
    fn note(&mut self, reading: &Reading, frame: &Frame<'_>) {
        let Reading { start, end, .. } = *reading;
        let one = std::slice::from_ref(reading);
        if start == end {
            if frame.time.is_running_at(start) {
                self.workout.totals.note(one);
                if let Some(index) = index_at(frame.activities, start) {
                    self.activity(index).totals.note(one);
                }
            }
            return;
        }
        if frame.time.micros_between(start, end) > 0 {
            self.workout.totals.note(one);
            for (index, from, to) in parts_by_activity(frame.activities, start, end) {
                if frame.time.micros_between(from, to) > 0 {
                    self.activity(index).totals.note(one);
                }
            }
        }
    }

    /// Adds or takes away what a part of an amount contributes.
    fn credit(&mut self, part: &Part, frame: &Frame<'_>) {
        let Part { of, from, to, counts } = *part;
        let signed = |steps: i128| if counts { steps } else { -steps };
        if of.start == of.end {
            if frame.time.is_running_at(of.start) {
                self.workout.totals.sum += signed(of.steps);
                if let Some(index) = index_at(frame.activities, of.start) {
                    self.activity(index).totals.sum += signed(of.steps);
                }
            }
            return;
        }
        let length = of.end.micros_since(of.start);
        let until = |date: Timestamp| exact::share(of.steps, date.micros_since(of.start), length);
        for (from, to) in frame.time.running_parts(from, to) {
            self.workout.totals.sum += signed(until(to) - until(from));
            for (index, from, to) in parts_by_activity(frame.activities, from, to) {
                self.activity(index).totals.sum += signed(until(to) - until(from));
            }
        }
    }

    fn activity(&mut self, index: usize) -> &mut Cell {
        if self.activities.len() <= index {
            self.activities.resize_with(index + 1, Cell::default);
        }
        &mut self.activities[index]
    }

    /// Makes room for an activity that was put in before others.
    pub(super) fn insert_activity(&mut self, index: usize) {
        if index < self.activities.len() {
            self.activities.insert(index, Cell::default());
        }
    }

    /// Follows an activity to another place.
    pub(super) fn move_activity(&mut self, from: usize, to: usize) {
        if self.activities.len() > from.min(to) {
            self.activity(from.max(to));
            let cell = self.activities.remove(from);
            self.activities.insert(to, cell);
        }
    }

    pub(super) fn newest_start(&self) -> Timestamp {
        self.newest_start
    }

    pub(super) fn newest_end(&self) -> Timestamp {
        self.newest_end
    }

    /// The statistics of the workout, or nothing when no sample counts.
    pub(super) fn of_workout(
        &self,
        start: Timestamp,
        end: Option<Timestamp>,
        time: &RunningTime,
    ) -> Option<Statistics> {
        self.statistics(&self.workout, start, end, time)
    }

    /// The statistics of one activity, or nothing when no sample counts.
    pub(super) fn of_activity(
        &self,
        index: usize,
        activity: &Activity,
        time: &RunningTime,
    ) -> Option<Statistics> {
        self.statistics(self.activities.get(index)?, activity.start, activity.end, time)
    }

    fn statistics(
        &self,
        cell: &Cell,
        start: Timestamp,
        end: Option<Timestamp>,
        time: &RunningTime,
    ) -> Option<Statistics> {
        let totals = &cell.totals;
        let most_recent = totals.most_recent()?;
        let discrete = !self.kind.is_cumulative();
        Some(Statistics {
            quantity_type: self.kind,
            start,
            end: end.unwrap_or(most_recent.end),
            count: totals.count,
            sum: (!discrete).then(|| exact::value(totals.sum)),
            average: if discrete {
                cell.hold.as_ref().and_then(|hold| hold.average(end, time)).or_else(|| totals.mean())
            } else {
                None
            },
            minimum: discrete.then_some(totals.minimum),
            maximum: discrete.then_some(totals.maximum),
            most_recent: Some(most_recent),
        })
    }
}

/// The parts of `[from, to)` that lie in activities, with the position of each.
fn parts_by_activity(
    activities: &[Activity],
    from: Timestamp,
    to: Timestamp,
) -> impl Iterator<Item = (usize, Timestamp, Timestamp)> {
    let first = match activities.last() {
        // Live data is about the activity in progress.
        Some(last) if last.start <= from => activities.len() - 1,
        _ => activities.partition_point(|activity| activity.end.is_some_and(|end| end <= from)),
    };
    activities[first..]
        .iter()
        .enumerate()
        .take_while(move |(_, activity)| activity.start < to)
        .map(move |(offset, activity)| {
            (first + offset, from.max(activity.start), activity.end.map_or(to, |end| end.min(to)))
        })
        .filter(|(_, from, to)| from < to)
}
