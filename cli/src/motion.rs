//! How long somebody was in motion.

use crate::mapping;
use crate::saved;
use paceline::{HealthStore, PacelineError, Timestamp, Workout, WorkoutEventType};
use std::time::Duration;

/// Below this somebody stands still, in metres a second. A slow walk is twice as fast.
const SLOWEST: f64 = 0.5;

/// The time in motion: running time in which distance grew by at least half a metre a second, by the saved samples of
/// distance. Nothing for a workout without any.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn time_in_motion(
    store: &HealthStore,
    workout: &Workout,
) -> Result<Option<Duration>, PacelineError> {
    let pauses = pauses(workout);
    let kinds = workout.statistics.iter().map(|one| one.quantity_type);
    let (mut moving, mut any) = (0_i64, false);
    for kind in kinds.filter(|kind| mapping::is_distance(*kind)) {
        saved::for_each_sample(store, workout.id, kind, |sample| {
            any = true;
            let span = sample.end.micros_since(sample.start);
            if span > 0 && sample.value >= SLOWEST * span as f64 / 1e6 {
                moving += span - paused_within(&pauses, sample.start, sample.end);
            }
        })?;
    }
    Ok(any.then(|| Duration::from_micros(moving.max(0) as u64)))
}

/// The pauses of a saved workout by rising start; one that was never resumed lasts to the end.
fn pauses(workout: &Workout) -> Vec<(Timestamp, Timestamp)> {
    let mut pauses = Vec::new();
    let mut since = None;
    for event in &workout.events {
        match event.event_type {
            WorkoutEventType::Pause => since = since.or(Some(event.start)),
            WorkoutEventType::Resume => pauses.extend(since.take().map(|since| (since, event.start))),
            _ => {}
        }
    }
    pauses.extend(since.map(|since| (since, workout.end)));
    pauses
}

/// How many microseconds of an interval lie in pauses.
fn paused_within(pauses: &[(Timestamp, Timestamp)], start: Timestamp, end: Timestamp) -> i64 {
    let first = pauses.partition_point(|(_, until)| *until <= start);
    pauses[first..]
        .iter()
        .take_while(|(since, _)| *since < end)
        .map(|(since, until)| end.min(*until).micros_since(start.max(*since)))
        .sum()
}
