//! The parts of a workout: which may begin, and to which of them an instant belongs.

use crate::values::{Metadata, PacelineError, Timestamp, WorkoutActivityType, WorkoutConfiguration};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An activity while its workout is being made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Activity {
    pub(crate) id: Uuid,
    pub(crate) configuration: WorkoutConfiguration,
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
    pub(crate) metadata: Metadata,
}

impl Activity {
    pub(crate) fn is_open(&self) -> bool {
        self.end.is_none()
    }
}

/// The activity to which an instant belongs: the one that began last among those that contain it. At the border of two
/// that is the later one; at the end of one that nothing follows, it is that one.
#[inline]
pub(crate) fn index_at(activities: &[Activity], date: Timestamp) -> Option<usize> {
    let index = match activities.last() {
        None => return None,
        Some(last) if last.start <= date => activities.len() - 1,
        Some(_) => activities.partition_point(|activity| activity.start <= date).checked_sub(1)?,
    };
    activities[index].end.is_none_or(|end| date <= end).then_some(index)
}

/// Whether an activity of this configuration may be part of a workout of that one (reference, section 3.8).
///
/// In a swim-bike-run workout: swimming, cycling, running, and transition between them. In any other: only activities
/// of the workout's own type (intervals).
pub(crate) fn check_kind(
    workout: &WorkoutConfiguration,
    activity: &WorkoutConfiguration,
) -> Result<(), PacelineError> {
    use WorkoutActivityType::{Cycling, Running, SwimBikeRun, Swimming, Transition};
    activity.validate()?;
    let (whole, part) = (workout.activity_type, activity.activity_type);
    let allowed = if whole == SwimBikeRun {
        matches!(part, Swimming | Cycling | Running | Transition)
    } else {
        part == whole
    };
    if allowed {
        return Ok(());
    }
    let rule = if whole == SwimBikeRun {
        "a swimBikeRun workout consists of swimming, cycling, running and transition".to_owned()
    } else {
        format!("the activities of a {whole} workout are {whole} too")
    };
    Err(PacelineError::invalid(rule).with_value(part))
}

/// Where an activity stands among others: by rising start; of the same start, one without length comes first.
pub(crate) fn place_of(activities: &[Activity], start: Timestamp, end: Option<Timestamp>) -> usize {
    let key = |start: Timestamp, end: Option<Timestamp>| (start, end.unwrap_or(Timestamp::MAX));
    activities.partition_point(|other| key(other.start, other.end) <= key(start, end))
}

/// Where an activity would stand among these without overlapping any.
pub(crate) fn place_for(
    activities: &[Activity],
    start: Timestamp,
    end: Option<Timestamp>,
) -> Result<usize, PacelineError> {
    if end.is_some_and(|end| end < start) {
        return Err(PacelineError::invalid("an activity cannot end before it starts"));
    }
    let place = place_of(activities, start, end);
    let overlaps = |other: &Activity| {
        PacelineError::invalid(format!(
            "activities must not overlap; another one lies from {} to {}",
            other.start,
            other.end.map_or_else(|| "now".to_owned(), |end| end.to_string())
        ))
    };
    if let Some(before) = place.checked_sub(1).map(|index| &activities[index])
        && before.end.is_none_or(|end| end > start)
    {
        return Err(overlaps(before));
    }
    if let Some(after) = activities.get(place)
        && end.is_none_or(|end| end > after.start)
    {
        return Err(overlaps(after));
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(start: i64, end: Option<i64>) -> Activity {
        Activity {
            id: Uuid::nil(),
            configuration: WorkoutConfiguration::default(),
            start: Timestamp::from_seconds(start),
            end: end.map(Timestamp::from_seconds),
            metadata: Metadata::new(),
        }
    }

    #[test]
    fn an_instant_belongs_to_the_activity_that_began_last() {
        let activities = [activity(0, Some(10)), activity(10, Some(20)), activity(30, None)];
        let at = |seconds| index_at(&activities, Timestamp::from_seconds(seconds));
        assert_eq!(
            [-1, 0, 9, 10, 20, 21, 30, 99].map(at),
            [None, Some(0), Some(0), Some(1), Some(1), None, Some(2), Some(2)]
        );
    }

    #[test]
    fn activities_may_leave_gaps_but_not_overlap() {
        let activities = [activity(0, Some(10)), activity(20, Some(30))];
        let place = |start, end: Option<i64>| {
            place_for(&activities, Timestamp::from_seconds(start), end.map(Timestamp::from_seconds)).ok()
        };
        assert_eq!(place(10, Some(20)), Some(1));
        assert_eq!(place(12, Some(15)), Some(1));
        assert_eq!(place(30, None), Some(2));
        assert_eq!(place(9, Some(15)), None);
        assert_eq!(place(12, Some(21)), None);
        assert_eq!(place(12, None), None);
        assert_eq!(place(40, Some(39)), None);
    }

    #[test]
    fn transition_belongs_into_swim_bike_run_only() {
        use WorkoutActivityType::{Cycling, Rowing, Running, SwimBikeRun, Transition};
        let check = |whole, part| {
            check_kind(&WorkoutConfiguration::new(whole), &WorkoutConfiguration::new(part)).is_ok()
        };
        assert!(check(SwimBikeRun, Transition));
        assert!(check(SwimBikeRun, Cycling));
        assert!(!check(SwimBikeRun, Rowing));
        assert!(check(Running, Running));
        assert!(!check(Running, Transition));
    }
}
