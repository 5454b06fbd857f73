//! A saved workout.

use crate::arguments;
use crate::builder::nothing;
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{PacelineMetadata, PacelineWorkout, get, release, retain};
use crate::metadata::hand_out_metadata;
use crate::names::known;
use crate::outputs::{out, out_list};
use crate::values::{
    PacelineActivity, PacelineConfiguration, PacelineEvent, PacelineStatistics, PacelineUuid, list,
    micros_of, short,
};
use paceline::{PacelineError, QuantityType, Workout, WorkoutActivity};
use std::sync::Arc;

/// What a workout is, without its lists.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineWorkoutSummary {
    /// The id of the session that made it.
    pub id: PacelineUuid,
    /// What kind of workout it was.
    pub configuration: PacelineConfiguration,
    /// When it began, microseconds since the Unix epoch.
    pub start: i64,
    /// When it ended.
    pub end: i64,
    /// Its time without pauses, microseconds.
    pub duration: i64,
    /// How many events it has.
    pub event_count: u32,
    /// How many activities it has; at least one.
    pub activity_count: u32,
    /// How many types it has statistics of.
    pub statistics_count: u32,
    /// How many further facts it has.
    pub metadata_count: u32,
}

/// Adds a reference to the handle: one more release is due. In a callback this keeps the workout that was lent.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_workout_retain(workout: PacelineWorkout) -> PacelineResult {
    guard(|| retain(workout))
}

/// Takes a reference away; after the last one the handle is stale. The workout stays in the store.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_workout_release(workout: PacelineWorkout) -> PacelineResult {
    guard(|| release(workout))
}

/// Id, configuration, dates, duration, and how long its lists are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_summary(
    workout: PacelineWorkout,
    summary: *mut PacelineWorkoutSummary,
) -> PacelineResult {
    guard(|| {
        let (workout, place) = (get(workout)?, out(summary, "summary")?);
        place.set(PacelineWorkoutSummary {
            id: workout.id.into(),
            configuration: (&workout.configuration).into(),
            start: workout.start.micros(),
            end: workout.end.micros(),
            duration: micros_of(workout.duration),
            event_count: short(workout.events.len()),
            activity_count: short(workout.activities.len()),
            statistics_count: short(workout.statistics.len()),
            metadata_count: short(workout.metadata.len()),
        });
        Ok(())
    })
}

/// A copy of its metadata, that derived from the configuration included. It is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_metadata(
    workout: PacelineWorkout,
    metadata: *mut PacelineMetadata,
) -> PacelineResult {
    guard(|| {
        let (workout, place) = (get(workout)?, out(metadata, "metadata")?);
        place.set(hand_out_metadata(&workout.metadata));
        Ok(())
    })
}

/// What happened, by rising start. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_events(
    workout: PacelineWorkout,
    events: *mut PacelineEvent,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (workout, answer) = (get(workout)?, out_list(events, capacity, count, "events")?);
        answer.set(&list::<_, PacelineEvent>(&workout.events))
    })
}

/// A copy of the metadata of an event, by its place among the events. It is the caller's: release it.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for a place without an event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_event_metadata(
    workout: PacelineWorkout,
    place: usize,
    metadata: *mut PacelineMetadata,
) -> PacelineResult {
    guard(|| {
        let (workout, answer) = (get(workout)?, out(metadata, "metadata")?);
        let event = workout.events.get(place).ok_or_else(|| nothing("event", place))?;
        answer.set(hand_out_metadata(&event.metadata));
        Ok(())
    })
}

/// Its parts, by rising start. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_activities(
    workout: PacelineWorkout,
    activities: *mut PacelineActivity,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (workout, answer) = (get(workout)?, out_list(activities, capacity, count, "activities")?);
        answer.set(&list::<_, PacelineActivity>(&workout.activities))
    })
}

fn activity(workout: &Arc<Workout>, id: PacelineUuid) -> Result<&WorkoutActivity, PacelineError> {
    let id = arguments::uuid(id);
    workout.activities.iter().find(|activity| activity.id == id).ok_or_else(|| nothing("activity", id))
}

/// The statistics of one of its activities, by rising type code. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_activity_statistics(
    workout: PacelineWorkout,
    id: PacelineUuid,
    statistics: *mut PacelineStatistics,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (workout, answer) = (get(workout)?, out_list(statistics, capacity, count, "statistics")?);
        answer.set(&list::<_, PacelineStatistics>(&activity(&workout, id)?.statistics))
    })
}

/// The events that lie inside one of its activities, wholly or in part. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_activity_events(
    workout: PacelineWorkout,
    id: PacelineUuid,
    events: *mut PacelineEvent,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (workout, answer) = (get(workout)?, out_list(events, capacity, count, "events")?);
        let activity = activity(&workout, id)?;
        answer.set(&list::<_, PacelineEvent>(workout.events_of(activity)))
    })
}

/// A copy of the metadata of one of its activities. It is the caller's: release it.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_activity_metadata(
    workout: PacelineWorkout,
    id: PacelineUuid,
    metadata: *mut PacelineMetadata,
) -> PacelineResult {
    guard(|| {
        let (workout, place) = (get(workout)?, out(metadata, "metadata")?);
        place.set(hand_out_metadata(&activity(&workout, id)?.metadata));
        Ok(())
    })
}

/// The statistics of every type with a sample, by rising type code. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_all_statistics(
    workout: PacelineWorkout,
    statistics: *mut PacelineStatistics,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (workout, answer) = (get(workout)?, out_list(statistics, capacity, count, "statistics")?);
        answer.set(&list::<_, PacelineStatistics>(&workout.statistics))
    })
}

/// The statistics of one type (PACELINE_TYPE_).
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA when the workout has no sample of it; PACELINE_ERROR_INPUT_UNKNOWN for a type that
/// this release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_workout_statistics(
    workout: PacelineWorkout,
    quantity_type: u32,
    statistics: *mut PacelineStatistics,
) -> PacelineResult {
    guard(|| {
        let (workout, place) = (get(workout)?, out(statistics, "statistics")?);
        let kind: QuantityType = known(quantity_type)?;
        place.set(workout.statistics(kind).ok_or_else(|| nothing("sample", kind))?.into());
        Ok(())
    })
}
