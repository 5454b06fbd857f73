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
        let mut counted_until = Timestamp::MIN;
        saved::for_each_sample(store, workout.id, kind, |sample| {
            any = true;
            let span = sample.end.micros_since(sample.start);
            // Devices that cut seconds off have samples reach into each other.
            let start = sample.start.max(counted_until);
            if sample.end > start && sample.value >= SLOWEST * span as f64 / 1e6 {
                counted_until = sample.end;
                moving += sample.end.micros_since(start) - paused_within(&pauses, start, sample.end);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_inside_pauses_is_taken_off() {
        let at = Timestamp::from_micros;
        let pauses = [(at(10), at(20)), (at(30), at(40))];
        let paused = |start, end| paused_within(&pauses, at(start), at(end));
        assert_eq!(
            [paused(0, 10), paused(0, 15), paused(12, 18), paused(0, 50), paused(20, 30)],
            [0, 5, 6, 20, 0]
        );
    }

    #[test]
    fn a_demo_is_in_motion_but_for_the_red_light() {
        let recording = crate::demo::recording(3);
        let clock = crate::replay::clock_for(&recording);
        let options = crate::replay::ReplayOptions::default();
        let store = HealthStore::open(crate::replay::store_options(&clock, options.speed)).unwrap();
        let outcome = crate::replay::replay(&store, &clock, &recording, &options, &mut ()).unwrap();
        let workout = saved::workout(&store, outcome.workouts[0].id).unwrap();
        let moving = time_in_motion(&store, &workout).unwrap().unwrap();
        assert!(moving <= workout.duration);
        assert!(moving + Duration::from_secs(10) > workout.duration);
    }
}
