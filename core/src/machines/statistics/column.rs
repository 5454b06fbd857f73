//! Everything known about one quantity type: over the workout and over each of its activities.

use super::TooLate;
use super::exact;
use super::hold::Hold;
use super::merge::{Amount, Part, SourceMerge};
use super::totals::Totals;
use crate::machines::activities::{Activity, index_at};
use crate::machines::running_time::RunningTime;
use crate::values::batch::Row;
use crate::values::{AggregationStyle, QuantityType, SourceId, Statistics, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a sample is counted: the pauses and the activities of the workout.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) time: &'a RunningTime,
    /// By rising start, not overlapping.
    pub(crate) activities: &'a [Activity],
}

/// One type over the workout or over one activity.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Cell {
    totals: Totals,
    hold: Option<Hold>,
}

impl Cell {
    fn reading(&mut self, row: &Row, steps: i128, counts: bool, frame: &Frame<'_>) -> Result<(), TooLate> {
        if counts {
            self.totals.add_reading(row.start, row.end, row.value, steps);
        }
        if row.kind.aggregation_style() == AggregationStyle::DiscreteTemporallyWeighted {
            self.hold.get_or_insert_default().add(row.start, steps, frame.time)?;
        }
        Ok(())
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

    /// Takes in one sample. `TooLate`: the column can no longer be right and must be counted anew from all its rows.
    #[inline]
    pub(super) fn add(&mut self, row: &Row, frame: &Frame<'_>) -> Result<(), TooLate> {
        self.newest_start = self.newest_start.max(row.start);
        self.newest_end = self.newest_end.max(row.end);
        let steps = exact::steps(row.value);
        if self.kind.is_cumulative() {
            self.add_amount(row, steps, frame)
        } else {
            self.add_reading(row, steps, frame)
        }
    }

    fn add_reading(&mut self, row: &Row, steps: i128, frame: &Frame<'_>) -> Result<(), TooLate> {
        let counts = frame.time.is_running_at(row.start);
        self.workout.reading(row, steps, counts, frame)?;
        match index_at(frame.activities, row.start) {
            Some(index) => self.activity(index).reading(row, steps, counts, frame),
            None => Ok(()),
        }
    }

    fn add_amount(&mut self, row: &Row, steps: i128, frame: &Frame<'_>) -> Result<(), TooLate> {
        match &mut self.sources {
            Sources::One(source) if *source == row.source => {}
            Sources::Nobody => self.sources = Sources::One(row.source),
            Sources::One(_) => {
                // The first source's earlier samples were not kept for comparison.
                self.sources = Sources::Several(SourceMerge::default());
                return Err(TooLate);
            }
            Sources::Several(merge) => {
                let amount = Amount::new(row, steps);
                let parts = merge.add(amount)?;
                self.note(row, frame);
                for part in parts {
                    self.credit(&part, frame);
                }
                return Ok(());
            }
        }
        if frame.activities.is_empty() && frame.time.all_running(row.start, row.end) {
            self.workout.totals.sum += steps;
            self.workout.totals.note(row.start, row.end, row.value);
            return Ok(());
        }
        self.note(row, frame);
        self.credit(&Part { of: Amount::new(row, steps), from: row.start, to: row.end, counts: true }, frame);
        Ok(())
    }

    /// Counts a sample where any of it is in running time.
    fn note(&mut self, row: &Row, frame: &Frame<'_>) {
        let in_running_time = if row.start == row.end {
            frame.time.is_running_at(row.start)
        } else {
            frame.time.micros_between(row.start, row.end) > 0
        };
        if !in_running_time {
            return;
        }
        self.workout.totals.note(row.start, row.end, row.value);
        if row.start == row.end {
            if let Some(index) = index_at(frame.activities, row.start) {
                self.activity(index).totals.note(row.start, row.end, row.value);
            }
            return;
        }
        for (index, from, to) in parts_by_activity(frame.activities, row.start, row.end) {
            if frame.time.micros_between(from, to) > 0 {
                self.activity(index).totals.note(row.start, row.end, row.value);
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
