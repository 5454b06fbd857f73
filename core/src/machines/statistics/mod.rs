//! Statistics: what the samples of a workout amount to, kept up to date sample by sample.
//!
//! The result is a function of the set of samples, the pauses and the activities: the order in which they arrive does
//! not matter. Cost per sample and memory do not depend on the length of the workout, because only what needs
//! neighbours looks at them, and only within [`REORDER_WINDOW`]. What comes later than that, and what moves a pause or
//! an activity under samples that were already counted, makes a type *stale*: the machine asks for its rows, the shell
//! feeds them in bounded pieces, and the numbers counted anew replace the old ones.

mod column;
mod hold;
mod merge;
mod totals;

use crate::machines::activities::Activity;
use crate::machines::running_time::RunningTime;
use crate::values::rows::{Rows, Run};
use crate::values::{QuantityType, SampleId, Statistics, Timestamp, TypeSet};
use column::Column;
pub(crate) use column::Frame;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How far out of order a sample may come without making its type stale.
pub(crate) const REORDER_WINDOW: Duration = Duration::from_secs(60);

/// A sample that can no longer be put in its place without the rows before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TooLate;

/// The rows that are needed next: of this type, in order of start and id, after this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowsWanted {
    pub(crate) kind: QuantityType,
    pub(crate) after: Option<(Timestamp, SampleId)>,
}

/// A type being counted anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Recount {
    column: Column,
    /// The last row that was counted.
    after: Option<(Timestamp, SampleId)>,
}

/// The statistics of one workout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WorkoutStatistics {
    /// By type code, the position in `columns` plus one.
    places: Vec<u8>,
    /// In order of first appearance.
    columns: Vec<Column>,
    stale: TypeSet,
    recount: Option<Recount>,
}

impl Default for WorkoutStatistics {
    fn default() -> Self {
        Self { places: vec![0; TypeSet::CAPACITY], columns: Vec::new(), stale: TypeSet::EMPTY, recount: None }
    }
}

impl WorkoutStatistics {
    /// Takes in collected samples.
    pub(crate) fn add(&mut self, run: &Run<'_>, frame: &Frame<'_>) {
        let kind = run.head.kind;
        let place = self.places[usize::from(kind.code())];
        let column = if place == 0 { self.new_column(kind) } else { usize::from(place) - 1 };
        if self.columns[column].add(run, frame).is_err() {
            self.mark_stale(kind);
        }
        // A row that the recount has already passed would be missed by it: it begins again.
        let passed = self.recount.as_ref().is_some_and(|recount| {
            recount.column.kind == kind
                && recount.after.is_some_and(|(start, _)| run.summary.first_start <= start)
        });
        if passed {
            self.mark_stale(kind);
        }
    }

    #[cold]
    fn new_column(&mut self, kind: QuantityType) -> usize {
        self.columns.push(Column::new(kind));
        self.places[usize::from(kind.code())] = self.columns.len() as u8;
        self.columns.len() - 1
    }

    fn mark_stale(&mut self, kind: QuantityType) {
        self.stale.insert(kind);
        if self.recount.as_ref().is_some_and(|recount| recount.column.kind == kind) {
            self.recount = None;
        }
    }

    /// The pauses changed from this date on. A reading at that very instant counts as before when a pause began there; when
    /// one ended there, it may not have counted.
    pub(crate) fn time_changed(&mut self, from: Timestamp, ended: bool) {
        self.frame_changed(|column| column.newest_end() > from || (ended && column.newest_end() == from));
    }

    /// The activities changed from this date on. A reading at that very instant may belong to another one now.
    pub(crate) fn activities_changed(&mut self, from: Timestamp) {
        self.frame_changed(|column| column.newest_end() > from || column.newest_start() >= from);
    }

    fn frame_changed(&mut self, touches: impl Fn(&Column) -> bool) {
        self.stale.extend(
            &self.columns.iter().filter(|column| touches(column)).map(|column| column.kind).collect(),
        );
        // What is being counted anew is still among the stale types, so that it begins again under the new frame.
        self.recount = None;
    }

    /// Samples that were measured from this date on no longer belong to the workout.
    pub(crate) fn ended(&mut self, end: Timestamp) {
        self.frame_changed(|column| column.newest_start() > end || column.newest_end() > end);
    }

    /// An activity was put in at this position, before others.
    pub(crate) fn insert_activity(&mut self, index: usize) {
        for column in &mut self.columns {
            column.insert_activity(index);
        }
    }

    /// An activity took another place.
    pub(crate) fn move_activity(&mut self, from: usize, to: usize) {
        if from != to {
            for column in &mut self.columns {
                column.move_activity(from, to);
            }
        }
    }

    /// What must be read to count a stale type anew, if any is stale.
    pub(crate) fn rows_wanted(&self) -> Option<RowsWanted> {
        self.rows_wanted_but_for(&TypeSet::EMPTY)
    }

    /// The same, leaving out types that are to wait.
    pub(crate) fn rows_wanted_but_for(&self, waiting: &TypeSet) -> Option<RowsWanted> {
        if let Some(recount) = &self.recount {
            return Some(RowsWanted { kind: recount.column.kind, after: recount.after });
        }
        let kind = self.stale.iter().find(|kind| !waiting.contains(*kind))?;
        Some(RowsWanted { kind, after: None })
    }

    /// The types whose numbers wait for a correction.
    pub(crate) fn stale(&self) -> TypeSet {
        self.stale
    }

    /// Takes in a piece of what was wanted; `next` is where the following piece begins, or nothing after the last one.
    /// Returns whether the type is right again.
    pub(crate) fn feed(
        &mut self,
        wanted: RowsWanted,
        rows: &Rows,
        next: Option<RowsWanted>,
        frame: &Frame<'_>,
    ) -> bool {
        let expected = match &self.recount {
            Some(recount) => recount.column.kind == wanted.kind && recount.after == wanted.after,
            None => self.stale.contains(wanted.kind) && wanted.after.is_none(),
        };
        if !expected {
            return false;
        }
        let place = usize::from(self.places[usize::from(wanted.kind.code())]);
        let Some(current) = place.checked_sub(1).and_then(|place| self.columns.get_mut(place)) else {
            self.stale.remove(wanted.kind);
            return false;
        };
        let mut recount =
            self.recount.take().unwrap_or_else(|| Recount { column: current.emptied(), after: None });
        for run in rows.runs() {
            if recount.column.add(&run, frame).is_err() {
                // In order of start, only a second source can do this: begin again, ready for several.
                current.expect_several_sources();
                return false;
            }
        }
        if let Some(next) = next {
            recount.after = next.after;
            self.recount = Some(recount);
            return false;
        }
        *current = recount.column;
        self.stale.remove(wanted.kind);
        true
    }

    /// The statistics of the workout by rising type code.
    pub(crate) fn of_workout(
        &self,
        start: Timestamp,
        end: Option<Timestamp>,
        time: &RunningTime,
    ) -> Vec<Statistics> {
        self.sorted(|column| column.of_workout(start, end, time))
    }

    /// The statistics of one activity by rising type code.
    pub(crate) fn of_activity(
        &self,
        index: usize,
        activity: &Activity,
        time: &RunningTime,
    ) -> Vec<Statistics> {
        self.sorted(|column| column.of_activity(index, activity, time))
    }

    fn sorted(&self, statistics: impl Fn(&Column) -> Option<Statistics>) -> Vec<Statistics> {
        let mut all: Vec<_> = self.columns.iter().filter_map(statistics).collect();
        all.sort_unstable_by_key(|statistics| statistics.quantity_type);
        all
    }
}
