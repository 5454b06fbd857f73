//! The live builder.

use crate::arguments::{self, date, flag, optional_date, several};
use crate::builder_delegate::{CBuilderDelegate, PacelineBuilderDelegate};
use crate::completion::{PacelineCompletion, later};
use crate::error::PacelineResult;
use crate::foreign::take_optional;
use crate::guard::guard;
use crate::handles::{
    PacelineBuilder, PacelineDataSource, PacelineMetadata, PacelineSession, PacelineWorkout, get,
    get_optional, hand_out, release, retain,
};
use crate::metadata::hand_out_metadata;
use crate::names::known;
use crate::outputs::{optional_out, out, out_list};
use crate::snapshot::PacelineSnapshot;
use crate::values::{
    PacelineActivity, PacelineConfiguration, PacelineEvent, PacelineSample, PacelineStatistics, PacelineUuid,
    configuration, list, micros, micros_of, optional_metadata,
};
use paceline::{
    ErrorCode, LiveWorkoutBuilder, LiveWorkoutBuilderDelegate, PacelineError, QuantitySample, QuantityType,
    Uuid, WorkoutActivity, WorkoutEvent,
};
use std::sync::Arc;

/// Adds a reference to the handle: one more release is due. In a callback this keeps the builder that was lent.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_retain(builder: PacelineBuilder) -> PacelineResult {
    guard(|| retain(builder))
}

/// Takes a reference away; after the last one the handle is stale. The workout goes on.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_release(builder: PacelineBuilder) -> PacelineResult {
    guard(|| release(builder))
}

/// Reads one value of a builder.
unsafe fn read<T>(
    builder: PacelineBuilder,
    place: *mut T,
    what: &str,
    value: impl FnOnce(&LiveWorkoutBuilder) -> Result<T, PacelineError>,
) -> PacelineResult {
    guard(|| {
        let (builder, place) = (get(builder)?, out(place, what)?);
        place.set(value(&builder)?);
        Ok(())
    })
}

/// Whether two handles stand for the same builder: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_equal(
    one: PacelineBuilder,
    other: PacelineBuilder,
    equal: *mut u32,
) -> PacelineResult {
    read(one, equal, "equal", |one| Ok(u32::from(one == &get(other)?)))
}

/// Its session. The handle is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_session(
    builder: PacelineBuilder,
    session: *mut PacelineSession,
) -> PacelineResult {
    read(builder, session, "session", |builder| Ok(hand_out(builder.workout_session())))
}

/// A copy of the configuration; that of the session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_configuration(
    builder: PacelineBuilder,
    configuration: *mut PacelineConfiguration,
) -> PacelineResult {
    read(builder, configuration, "configuration", |builder| Ok((&builder.configuration()).into()))
}

/// When collection began, microseconds since the Unix epoch; PACELINE_NO_DATE before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_start_date(
    builder: PacelineBuilder,
    date: *mut i64,
) -> PacelineResult {
    read(builder, date, "date", |builder| Ok(micros(builder.start_date())))
}

/// When collection ended, microseconds since the Unix epoch; PACELINE_NO_DATE before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_end_date(
    builder: PacelineBuilder,
    date: *mut i64,
) -> PacelineResult {
    read(builder, date, "date", |builder| Ok(micros(builder.end_date())))
}

/// A copy of the metadata added so far. It is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_metadata(
    builder: PacelineBuilder,
    metadata: *mut PacelineMetadata,
) -> PacelineResult {
    read(builder, metadata, "metadata", |builder| Ok(hand_out_metadata(&builder.metadata())))
}

/// The events so far, by rising start. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_events(
    builder: PacelineBuilder,
    events: *mut PacelineEvent,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (builder, answer) = (get(builder)?, out_list(events, capacity, count, "events")?);
        answer.set(&list::<_, PacelineEvent>(builder.workout_events().iter()))
    })
}

/// A copy of the metadata of an event, by its place among the events. It is the caller's: release it.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for a place without an event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_event_metadata(
    builder: PacelineBuilder,
    place: usize,
    metadata: *mut PacelineMetadata,
) -> PacelineResult {
    read(builder, metadata, "metadata", |builder| {
        let events = builder.workout_events();
        Ok(hand_out_metadata(&events.get(place).ok_or_else(|| nothing("event", place))?.metadata))
    })
}

pub(crate) fn nothing(what: &str, value: impl std::fmt::Display) -> PacelineError {
    PacelineError::new(ErrorCode::NoData, format!("there is no such {what}")).with_value(value)
}

/// The activities so far, by rising start. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_activities(
    builder: PacelineBuilder,
    activities: *mut PacelineActivity,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (builder, answer) = (get(builder)?, out_list(activities, capacity, count, "activities")?);
        let found = builder.workout_activities();
        answer.set(&list::<_, PacelineActivity>(found.iter().map(|activity| &**activity)))
    })
}

fn activity(builder: &LiveWorkoutBuilder, id: PacelineUuid) -> Result<Arc<WorkoutActivity>, PacelineError> {
    let id: Uuid = arguments::uuid(id);
    let found = builder.workout_activities().iter().find(|activity| activity.id == id).cloned();
    found.ok_or_else(|| nothing("activity", id))
}

/// The statistics of an activity, by rising type code. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_activity_statistics(
    builder: PacelineBuilder,
    id: PacelineUuid,
    statistics: *mut PacelineStatistics,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (builder, answer) = (get(builder)?, out_list(statistics, capacity, count, "statistics")?);
        answer.set(&list::<_, PacelineStatistics>(&activity(&builder, id)?.statistics))
    })
}

/// A copy of the metadata of an activity. It is the caller's: release it.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_activity_metadata(
    builder: PacelineBuilder,
    id: PacelineUuid,
    metadata: *mut PacelineMetadata,
) -> PacelineResult {
    read(builder, metadata, "metadata", |builder| Ok(hand_out_metadata(&activity(builder, id)?.metadata)))
}

/// The activity in progress, with its time up to now.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA between activities and without any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_current_activity(
    builder: PacelineBuilder,
    activity: *mut PacelineActivity,
) -> PacelineResult {
    read(builder, activity, "activity", |builder| {
        let current = builder.current_workout_activity();
        Ok((&current.ok_or_else(|| nothing("activity", "in progress"))?).into())
    })
}

/// The statistics of every type with at least one sample, by rising type code. A list as this header says under "Lists and
/// texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_all_statistics(
    builder: PacelineBuilder,
    statistics: *mut PacelineStatistics,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (builder, answer) = (get(builder)?, out_list(statistics, capacity, count, "statistics")?);
        answer.set(&list::<_, PacelineStatistics>(builder.all_statistics().iter()))
    })
}

/// The statistics of one type (PACELINE_TYPE_).
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA when no sample of it counts; PACELINE_ERROR_INPUT_UNKNOWN for a type that this
/// release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_statistics(
    builder: PacelineBuilder,
    quantity_type: u32,
    statistics: *mut PacelineStatistics,
) -> PacelineResult {
    read(builder, statistics, "statistics", |builder| {
        let kind: QuantityType = known(quantity_type)?;
        Ok((&builder.statistics(kind).ok_or_else(|| nothing("sample", kind))?).into())
    })
}

/// The time without pauses up to now, or up to the end of collection, microseconds. It can go down when events of the past
/// come in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_elapsed_time(
    builder: PacelineBuilder,
    elapsed: *mut i64,
) -> PacelineResult {
    read(builder, elapsed, "elapsed", |builder| Ok(micros_of(builder.elapsed_time())))
}

/// The time without pauses up to a date, microseconds.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_elapsed_time_at(
    builder: PacelineBuilder,
    date: i64,
    elapsed: *mut i64,
) -> PacelineResult {
    read(builder, elapsed, "elapsed", |builder| {
        Ok(micros_of(builder.elapsed_time_at(self::date(date, "date")?)))
    })
}

/// Everything a screen shows, as of now; see paceline_session_snapshot().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_snapshot(
    builder: PacelineBuilder,
    snapshot: *mut PacelineSnapshot,
) -> PacelineResult {
    guard(|| PacelineSnapshot::write(snapshot, &get(builder)?.snapshot()))
}

/// Who hears of this builder; NULL for nobody. As paceline_session_set_delegate().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_set_delegate(
    builder: PacelineBuilder,
    delegate: *const PacelineBuilderDelegate,
) -> PacelineResult {
    guard(|| {
        let delegate = take_optional(delegate, "delegate")?.map(CBuilderDelegate);
        let delegate = delegate.map(|delegate| Arc::new(delegate) as Arc<dyn LiveWorkoutBuilderDelegate>);
        get(builder)?.set_delegate(delegate);
        Ok(())
    })
}

/// Whether events of the session are put in by themselves: 1 or 0. 1 unless changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_should_collect_workout_events(
    builder: PacelineBuilder,
    collect: *mut u32,
) -> PacelineResult {
    read(builder, collect, "collect", |builder| Ok(u32::from(builder.should_collect_workout_events())))
}

/// Sets whether events of the session are put in by themselves: 1 or 0. When they are not, pauses of the session do not count
/// either, unless the app adds them.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT after collection began; PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_set_should_collect_workout_events(
    builder: PacelineBuilder,
    collect: u32,
) -> PacelineResult {
    guard(|| get(builder)?.set_should_collect_workout_events(flag(collect, "collect")?))
}

/// What selects the samples; the handle 0 until a data source is set. It is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_data_source(
    builder: PacelineBuilder,
    source: *mut PacelineDataSource,
) -> PacelineResult {
    read(builder, source, "source", |builder| {
        Ok(builder.data_source().map_or(PacelineDataSource { id: 0 }, hand_out))
    })
}

/// Sets what selects the samples; the handle 0 for nothing: then only samples added by hand are collected. One data source
/// serves one builder; a new one replaces the old one. The caller's handle stays the caller's.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it serves another builder; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_set_data_source(
    builder: PacelineBuilder,
    source: PacelineDataSource,
) -> PacelineResult {
    guard(|| get(builder)?.set_data_source(get_optional(source)?.as_ref()))
}

/// Begins collection at this date. It may lie in the past: events and activities of the session from then on are taken in.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it began before, when the session is over, and for a date in the
/// future; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_begin_collection(builder: PacelineBuilder, start: i64) -> PacelineResult {
    guard(|| get(builder)?.begin_collection(date(start, "start")?))
}

/// As paceline_builder_begin_collection(), without waiting: see PacelineCompletion.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_begin_collection_async(
    builder: PacelineBuilder,
    start: i64,
    completion: *const PacelineCompletion,
) -> PacelineResult {
    later(builder, completion, || {
        let start = date(start, "start")?;
        Ok(move |builder: &LiveWorkoutBuilder| builder.begin_collection(start).map(|()| None))
    })
}

unsafe fn samples(
    samples: *const PacelineSample,
    count: usize,
) -> Result<Vec<QuantitySample>, PacelineError> {
    several(samples, count, "samples")?.iter().map(PacelineSample::read).collect()
}

/// Adds samples; all or none. Samples without an id are saved, others are only tied to the workout. They stay the caller's.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, or when a sample
/// starts before the workout or is part of another one; PACELINE_ERROR_HEALTH_AUTHORIZATION_DENIED and
/// PACELINE_ERROR_HEALTH_AUTHORIZATION_NOT_DETERMINED without permission for its type;
/// PACELINE_ERROR_INPUT_OUT_OF_RANGE and PACELINE_ERROR_INPUT_UNKNOWN for a wrong sample; domain 3 when they cannot be
/// saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_add_samples(
    builder: PacelineBuilder,
    samples: *const PacelineSample,
    count: usize,
) -> PacelineResult {
    guard(|| get(builder)?.add_samples(&self::samples(samples, count)?))
}

/// As paceline_builder_add_samples(), without waiting: see PacelineCompletion. The samples are copied during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_add_samples_async(
    builder: PacelineBuilder,
    samples: *const PacelineSample,
    count: usize,
    completion: *const PacelineCompletion,
) -> PacelineResult {
    later(builder, completion, || {
        let samples = self::samples(samples, count)?;
        Ok(move |builder: &LiveWorkoutBuilder| builder.add_samples(&samples).map(|()| None))
    })
}

unsafe fn events(events: *const PacelineEvent, count: usize) -> Result<Vec<WorkoutEvent>, PacelineError> {
    several(events, count, "events")?.iter().map(PacelineEvent::read).collect()
}

/// Adds events; all or none. Events of the past change elapsed time and statistics as if they had come in time. They stay the
/// caller's, their metadata too.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, for events outside
/// of the workout, and for durations where there is none; PACELINE_ERROR_INPUT_UNKNOWN and
/// PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when they cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_add_workout_events(
    builder: PacelineBuilder,
    events: *const PacelineEvent,
    count: usize,
) -> PacelineResult {
    guard(|| get(builder)?.add_workout_events(self::events(events, count)?))
}

/// As paceline_builder_add_workout_events(), without waiting: see PacelineCompletion. The events are copied during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_add_workout_events_async(
    builder: PacelineBuilder,
    events: *const PacelineEvent,
    count: usize,
    completion: *const PacelineCompletion,
) -> PacelineResult {
    later(builder, completion, || {
        let events = self::events(events, count)?;
        Ok(move |builder: &LiveWorkoutBuilder| builder.add_workout_events(events).map(|()| None))
    })
}

/// Adds metadata, key by key; a new value replaces an old one. The metadata is copied and stays the caller's.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, and for an empty
/// key or a number that is not finite: then nothing changes; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_add_metadata(
    builder: PacelineBuilder,
    metadata: PacelineMetadata,
) -> PacelineResult {
    guard(|| {
        let metadata = get(metadata)?.lock().clone();
        get(builder)?.add_metadata(metadata)
    })
}

/// As paceline_builder_add_metadata(), without waiting: see PacelineCompletion. The metadata is copied during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_add_metadata_async(
    builder: PacelineBuilder,
    metadata: PacelineMetadata,
    completion: *const PacelineCompletion,
) -> PacelineResult {
    later(builder, completion, || {
        let metadata = get(metadata)?.lock().clone();
        Ok(move |builder: &LiveWorkoutBuilder| builder.add_metadata(metadata).map(|()| None))
    })
}

/// Adds an activity by hand.
///
/// `end`: PACELINE_NO_DATE while it is in progress. `metadata`: copied; the handle 0 for none. `id`: its id; may be NULL.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, when it lies
/// outside of the workout, overlaps another activity, or its type does not fit the workout; PACELINE_ERROR_INPUT_UNKNOWN,
/// PACELINE_ERROR_INPUT_UNIT and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_add_workout_activity(
    builder: PacelineBuilder,
    configuration: *const PacelineConfiguration,
    start: i64,
    end: i64,
    metadata: PacelineMetadata,
    id: *mut PacelineUuid,
) -> PacelineResult {
    guard(|| {
        let (builder, configuration) = (get(builder)?, self::configuration(configuration)?);
        let (start, end) = (date(start, "start")?, optional_date(end, "end")?);
        let added = builder.add_workout_activity(configuration, start, end, optional_metadata(metadata)?)?;
        if let Some(place) = optional_out(id) {
            place.set(added.into());
        }
        Ok(())
    })
}

/// Sets the end of an activity.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for an id that is not known, an end before its start, after the workout,
/// or inside the next activity; PACELINE_ERROR_INPUT_OUT_OF_RANGE; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_update_activity_end(
    builder: PacelineBuilder,
    id: PacelineUuid,
    end: i64,
) -> PacelineResult {
    guard(|| get(builder)?.update_activity_end(arguments::uuid(id), date(end, "end")?))
}

/// Adds metadata to an activity. The metadata is copied and stays the caller's.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for an id that is not known and for values that are not valid: then
/// nothing changes; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_update_activity_metadata(
    builder: PacelineBuilder,
    id: PacelineUuid,
    metadata: PacelineMetadata,
) -> PacelineResult {
    guard(|| {
        let metadata = get(metadata)?.lock().clone();
        get(builder)?.update_activity_metadata(arguments::uuid(id), metadata)
    })
}

/// Ends collection at this date. Activities that reach beyond it end with it; events and activities that begin later are left
/// out of the workout. More can be added until it is finished.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection is going on, and for a date in the future or before the
/// start; PACELINE_ERROR_INPUT_OUT_OF_RANGE; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_end_collection(builder: PacelineBuilder, end: i64) -> PacelineResult {
    guard(|| get(builder)?.end_collection(date(end, "end")?))
}

/// As paceline_builder_end_collection(), without waiting: see PacelineCompletion.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_end_collection_async(
    builder: PacelineBuilder,
    end: i64,
    completion: *const PacelineCompletion,
) -> PacelineResult {
    later(builder, completion, || {
        let end = date(end, "end")?;
        Ok(move |builder: &LiveWorkoutBuilder| builder.end_collection(end).map(|()| None))
    })
}

/// Saves the workout.
///
/// `workout`: the saved workout, the caller's: release it. The handle 0 when the device is locked: then it is saved, but
/// cannot be read yet. May be NULL.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection ended, and after it was finished or discarded;
/// PACELINE_ERROR_HEALTH_AUTHORIZATION_DENIED and PACELINE_ERROR_HEALTH_AUTHORIZATION_NOT_DETERMINED without permission to
/// save workouts: ask for it and call again, nothing is lost; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_finish_workout(
    builder: PacelineBuilder,
    workout: *mut PacelineWorkout,
) -> PacelineResult {
    guard(|| {
        let finished = get(builder)?.finish_workout()?;
        if let Some(place) = optional_out(workout) {
            place.set(finished.map_or(PacelineWorkout { id: 0 }, |workout| hand_out(Arc::new(workout))));
        }
        Ok(())
    })
}

/// As paceline_builder_finish_workout(), without waiting: see PacelineCompletion.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_builder_finish_workout_async(
    builder: PacelineBuilder,
    completion: *const PacelineCompletion,
) -> PacelineResult {
    later(builder, completion, || Ok(LiveWorkoutBuilder::finish_workout))
}

/// Throws the workout away; its samples stay in the store. Without effect before collection began and after it was finished
/// or discarded.
///
/// Codes: domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_builder_discard_workout(builder: PacelineBuilder) -> PacelineResult {
    guard(|| get(builder)?.discard_workout())
}
