//! Statistics of any parts of a saved workout: laps, splits, segments.

use super::activities::{Activity, place_for};
use super::running_time::RunningTime;
use super::statistics::{Frame, RowsWanted, WorkoutStatistics};
use crate::values::rows::Rows;
use crate::values::{Metadata, PacelineError, Statistics, Timestamp, Workout};
use std::time::Duration;
use uuid::Uuid;

/// The statistics of a part of a workout.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalStatistics {
    /// When the part begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Its time without the pauses of the workout.
    pub duration: Duration,
    /// One entry for each quantity type with a sample in it, by rising type code.
    pub statistics: Vec<Statistics>,
}

/// Counts the samples of a workout part by part: the parts are treated as activities are.
pub(crate) struct IntervalCount {
    time: RunningTime,
    parts: Vec<Activity>,
    /// For each part asked for, in the order of asking, its place among `parts`.
    asked: Vec<usize>,
    statistics: WorkoutStatistics,
}

impl IntervalCount {
    /// # Errors
    /// Health 3 when a part ends before it starts, or two parts overlap.
    pub(crate) fn new(
        workout: &Workout,
        intervals: &[(Timestamp, Timestamp)],
    ) -> Result<Self, PacelineError> {
        let mut order: Vec<usize> = (0..intervals.len()).collect();
        order.sort_by_key(|index| intervals[*index]);
        let mut parts: Vec<Activity> = Vec::with_capacity(intervals.len());
        let mut asked = vec![0; intervals.len()];
        for index in order {
            let (start, end) = intervals[index];
            place_for(&parts[parts.len().saturating_sub(1)..], start, Some(end))?;
            asked[index] = parts.len();
            parts.push(Activity {
                id: Uuid::nil(),
                configuration: workout.configuration.clone(),
                start,
                end: Some(end),
                metadata: Metadata::new(),
            });
        }
        let time = RunningTime::new(workout.start, &workout.events);
        Ok(Self { time, parts, asked, statistics: WorkoutStatistics::default() })
    }

    pub(crate) fn take(&mut self, rows: &Rows) {
        let frame = Frame { time: &self.time, activities: &self.parts };
        for run in rows.runs() {
            self.statistics.add(&run, &frame);
        }
    }

    pub(crate) fn rows_wanted(&self) -> Option<RowsWanted> {
        self.statistics.rows_wanted()
    }

    pub(crate) fn feed(&mut self, wanted: RowsWanted, rows: &Rows, next: Option<RowsWanted>) {
        let frame = Frame { time: &self.time, activities: &self.parts };
        self.statistics.feed(wanted, rows, next, &frame);
    }

    /// The statistics, in the order in which the parts were asked for.
    pub(crate) fn finish(self) -> Vec<IntervalStatistics> {
        let part = |index: &usize| {
            let part = &self.parts[*index];
            let end = part.end.unwrap_or(part.start);
            IntervalStatistics {
                start: part.start,
                end,
                duration: Duration::from_micros(self.time.micros_between(part.start, end) as u64),
                statistics: self.statistics.of_activity(*index, part, &self.time),
            }
        };
        self.asked.iter().map(part).collect()
    }
}
