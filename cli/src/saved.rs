//! What the store knows about a saved workout.

use crate::mapping;
use paceline::{
    ErrorCode, HealthStore, IntervalStatistics, PacelineError, QuantitySample, QuantityType, Statistics,
    Timestamp, Uuid, Workout, WorkoutActivity, WorkoutActivityType, WorkoutEventType,
};
use std::time::Duration;

/// How many samples are read at a time.
const PAGE: u32 = 10_000;

/// The numbers of a workout or of one of its activities that every view shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// What the person did.
    pub activity: WorkoutActivityType,
    /// When it began.
    pub start: Timestamp,
    /// From start to end, pauses included.
    pub elapsed: Duration,
    /// Without pauses.
    pub timer: Duration,
    /// Metres.
    pub distance: Option<f64>,
    /// Beats a minute.
    pub heart_rate_average: Option<f64>,
    /// Beats a minute.
    pub heart_rate_maximum: Option<f64>,
}

impl Numbers {
    /// The numbers of a whole workout.
    pub fn of_workout(workout: &Workout) -> Self {
        Self::new(
            workout.configuration.activity_type,
            (workout.start, workout.end),
            workout.duration,
            &workout.statistics,
        )
    }

    /// The numbers of one activity.
    pub fn of_activity(activity: &WorkoutActivity) -> Self {
        Self::new(
            activity.configuration.activity_type,
            (activity.start, activity.end.unwrap_or(activity.start)),
            activity.duration,
            &activity.statistics,
        )
    }

    fn new(
        activity: WorkoutActivityType,
        (start, end): (Timestamp, Timestamp),
        timer: Duration,
        statistics: &[Statistics],
    ) -> Self {
        let heart_rate = find(statistics, QuantityType::HeartRate);
        Self {
            activity,
            start,
            elapsed: end.since(start),
            timer,
            distance: distance(activity, statistics),
            heart_rate_average: heart_rate.and_then(|heart_rate| heart_rate.average),
            heart_rate_maximum: heart_rate.and_then(|heart_rate| heart_rate.maximum),
        }
    }
}

/// The statistics of one type.
pub fn find(statistics: &[Statistics], kind: QuantityType) -> Option<&Statistics> {
    statistics.iter().find(|one| one.quantity_type == kind)
}

/// The distance of an activity in metres. A multi-sport workout covers that of all its sports.
pub fn distance(activity: WorkoutActivityType, statistics: &[Statistics]) -> Option<f64> {
    if activity == WorkoutActivityType::SwimBikeRun {
        let sums = statistics.iter().filter(|one| mapping::is_distance(one.quantity_type));
        return sums.filter_map(|one| one.sum).reduce(|a, b| a + b);
    }
    find(statistics, mapping::distance_type(activity))?.sum
}

/// The distance of a lap in metres: nothing only where the whole of which it is a part has none either.
pub fn lap_distance(lap: &IntervalStatistics, whole: &Numbers) -> Option<f64> {
    whole.distance.map(|_| distance(whole.activity, &lap.statistics).unwrap_or(0.0))
}

/// A saved workout.
///
/// # Errors
/// Store 9 when there is none with this id.
pub fn workout(store: &HealthStore, id: Uuid) -> Result<Workout, PacelineError> {
    store.workout(id)?.ok_or_else(|| {
        PacelineError::new(ErrorCode::StoreNotFound, "the store has no workout with this id").with_value(id)
    })
}

/// The laps of a workout by rising start, counted by the engine.
///
/// # Errors
/// When the store cannot be read.
pub fn laps(store: &HealthStore, workout: &Workout) -> Result<Vec<IntervalStatistics>, PacelineError> {
    let laps = workout.events.iter().filter(|event| event.event_type == WorkoutEventType::Lap);
    let intervals: Vec<_> = laps.map(|lap| (lap.start, lap.end)).collect();
    let mut counted = Vec::with_capacity(intervals.len());
    for group in without_overlap(&intervals) {
        let asked: Vec<_> = group.iter().map(|place| intervals[*place]).collect();
        counted.extend(group.into_iter().zip(store.statistics_over(workout.id, &asked)?));
    }
    counted.sort_by_key(|(place, _)| *place);
    Ok(counted.into_iter().map(|(_, lap)| lap).collect())
}

/// Intervals, given by rising start, in groups in which none overlaps another. Devices write laps that reach into the
/// next one by a second, and laps of no duration.
fn without_overlap(intervals: &[(Timestamp, Timestamp)]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, (start, _)) in intervals.iter().enumerate() {
        let fits = |group: &&mut Vec<usize>| {
            group.last().is_none_or(|last| intervals[*last].1 <= *start && intervals[*last].0 < *start)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

/// How many samples of a workout lie in each of its parts, given by rising start; one belongs to the last part that began
/// before it was measured.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn count_by_part(
    store: &HealthStore,
    workout: Uuid,
    parts: &[Numbers],
) -> Result<Vec<u64>, PacelineError> {
    let mut counts = vec![0; parts.len()];
    for kind in QuantityType::ALL {
        for_each_sample(store, workout, *kind, |sample| {
            let later = parts.iter().skip(1).take_while(|part| part.start < sample.end);
            if let Some(count) = counts.get_mut(later.count()) {
                *count += 1;
            }
        })?;
    }
    Ok(counts)
}

/// Reads every sample of one type, by rising start.
///
/// # Errors
/// When the store cannot be read.
pub fn for_each_sample(
    store: &HealthStore,
    workout: Uuid,
    kind: QuantityType,
    mut each: impl FnMut(&QuantitySample),
) -> Result<(), PacelineError> {
    let mut after: Option<QuantitySample> = None;
    loop {
        let page = store.samples(workout, kind, after.as_ref(), PAGE)?;
        page.iter().for_each(&mut each);
        match page.last() {
            Some(last) => after = Some(*last),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laps_that_overlap_are_counted_apart() {
        let at = Timestamp::from_seconds;
        let laps = [(at(0), at(10)), (at(9), at(20)), (at(10), at(20)), (at(20), at(20)), (at(20), at(30))];
        assert_eq!(without_overlap(&laps), [vec![0, 2, 3], vec![1, 4]]);
    }
}
