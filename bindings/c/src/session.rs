//! The session.

use crate::arguments::{date, error, given, optional_date, several};
use crate::error::PacelineResult;
use crate::foreign::take_optional;
use crate::guard::guard;
use crate::handles::{
    PacelineBuilder, PacelineMetadata, PacelineSession, PacelineStore, get, hand_out, release, retain,
};
use crate::names::{Enumeration, known};
use crate::outputs::{OutText, out, out_list, out_text};
use crate::session_delegate::{CSessionDelegate, PacelineSessionDelegate};
use crate::snapshot::PacelineSnapshot;
use crate::values::{
    PacelineActivity, PacelineConfiguration, PacelineEvent, PacelineStatistics, PacelineUuid, configuration,
    list, micros, optional_metadata,
};
use paceline::{PacelineError, WorkoutSession, WorkoutSessionDelegate};
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// Makes a session. It is the caller's: release it. It reserves nothing yet. Releasing the last handle does not end a
/// session: only paceline_session_end() does.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for a configuration that is not valid;
/// PACELINE_ERROR_HEALTH_WORKOUT_ACTIVITY_NOT_ALLOWED for a type that this device refuses; PACELINE_ERROR_INPUT_UNKNOWN for
/// a number in the configuration that this release does not know; PACELINE_ERROR_INPUT_UNIT for the unit of a lap length
/// that cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_create(
    store: PacelineStore,
    configuration: *const PacelineConfiguration,
    session: *mut PacelineSession,
) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(session, "session")?);
        place.set(hand_out(WorkoutSession::new(&store, self::configuration(configuration)?)?));
        Ok(())
    })
}

/// Makes a session that belongs to no store until paceline_store_start() takes it in. Until then every command is refused;
/// it never has a builder. It is the caller's: release it.
///
/// Codes: as paceline_session_create().
#[deprecated(note = "use paceline_session_create, which gives the session a store and a builder")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_create_with_configuration(
    configuration: *const PacelineConfiguration,
    session: *mut PacelineSession,
) -> PacelineResult {
    guard(|| {
        let place = out(session, "session")?;
        #[allow(deprecated, reason = "it is this call that is deprecated")]
        place.set(hand_out(WorkoutSession::with_configuration(self::configuration(configuration)?)?));
        Ok(())
    })
}

/// As paceline_session_create_with_configuration(), for a type and a place.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
#[deprecated(note = "use paceline_session_create, which gives the session a store and a builder")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_create_with_activity(
    activity_type: u32,
    location_type: u32,
    session: *mut PacelineSession,
) -> PacelineResult {
    guard(|| {
        let place = out(session, "session")?;
        #[allow(deprecated, reason = "it is this call that is deprecated")]
        place.set(hand_out(WorkoutSession::with_activity(known(activity_type)?, known(location_type)?)));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due. In a callback this keeps the session that was lent.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_retain(session: PacelineSession) -> PacelineResult {
    guard(|| retain(session))
}

/// Takes a reference away; after the last one the handle is stale. The session goes on.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_release(session: PacelineSession) -> PacelineResult {
    guard(|| release(session))
}

/// Whether two handles stand for the same session: 1 or 0. Handles of one session may have different numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_equal(
    one: PacelineSession,
    other: PacelineSession,
    equal: *mut u32,
) -> PacelineResult {
    read(one, equal, "equal", |one| Ok(u32::from(one == &get(other)?)))
}

/// A number that is the same for all handles of a session, for hash tables.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_hash(session: PacelineSession, hash: *mut u64) -> PacelineResult {
    read(session, hash, "hash", |session| {
        let (high, low) = session.id().as_u64_pair();
        Ok(high ^ low)
    })
}

/// The session in words for a person who looks for a fault. A text as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_description(
    session: PacelineSession,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    write(session, buffer, capacity, length, |session, answer| answer.set(&session.to_string()))
}

/// Writes the session as JSON: id, configuration, type, state and dates as they are now. The record is tied to nothing; read
/// it with paceline_session_record_from_json(), here or in another language. A text as this header says under "Lists and
/// texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_record_json(
    session: PacelineSession,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    write(session, buffer, capacity, length, |session, answer| answer.set(&session.record().to_json()))
}

/// Reads one value of a session.
unsafe fn read<T>(
    session: PacelineSession,
    place: *mut T,
    what: &str,
    value: impl FnOnce(&WorkoutSession) -> Result<T, PacelineError>,
) -> PacelineResult {
    guard(|| {
        let (session, place) = (get(session)?, out(place, what)?);
        place.set(value(&session)?);
        Ok(())
    })
}

unsafe fn write(
    session: PacelineSession,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    text: impl FnOnce(&WorkoutSession, OutText) -> Result<(), PacelineError>,
) -> PacelineResult {
    guard(|| text(&get(session)?, out_text(buffer, capacity, length)?))
}

/// The id of the session, and later of the workout.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_id(
    session: PacelineSession,
    id: *mut PacelineUuid,
) -> PacelineResult {
    read(session, id, "id", |session| Ok(session.id().into()))
}

/// Where the session is in its life: PACELINE_STATE_.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_state(session: PacelineSession, state: *mut u32) -> PacelineResult {
    read(session, state, "state", |session| Ok(session.state().number()))
}

/// Which end of a mirrored workout this is: PACELINE_SESSION_TYPE_.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_type(
    session: PacelineSession,
    session_type: *mut u32,
) -> PacelineResult {
    read(session, session_type, "session_type", |session| Ok(session.session_type().number()))
}

/// A copy of the configuration it was made with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_configuration(
    session: PacelineSession,
    configuration: *mut PacelineConfiguration,
) -> PacelineResult {
    read(session, configuration, "configuration", |session| Ok((&session.configuration()).into()))
}

/// The activity type of its configuration: PACELINE_ACTIVITY_.
#[deprecated(note = "use paceline_session_configuration")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_activity_type(
    session: PacelineSession,
    activity_type: *mut u32,
) -> PacelineResult {
    #[allow(deprecated, reason = "it is this call that is deprecated")]
    read(session, activity_type, "activity_type", |session| Ok(session.activity_type().number()))
}

/// The location type of its configuration: PACELINE_LOCATION_.
#[deprecated(note = "use paceline_session_configuration")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_location_type(
    session: PacelineSession,
    location_type: *mut u32,
) -> PacelineResult {
    #[allow(deprecated, reason = "it is this call that is deprecated")]
    read(session, location_type, "location_type", |session| Ok(session.location_type().number()))
}

/// When the session first ran, microseconds since the Unix epoch; PACELINE_NO_DATE before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_start_date(
    session: PacelineSession,
    date: *mut i64,
) -> PacelineResult {
    read(session, date, "date", |session| Ok(micros(session.start_date())))
}

/// When the session was stopped or, without that, ended; PACELINE_NO_DATE before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_end_date(
    session: PacelineSession,
    date: *mut i64,
) -> PacelineResult {
    read(session, date, "date", |session| Ok(micros(session.end_date())))
}

/// Whether everything that happened to this session is as safe as PACELINE_DURABILITY_ promises: 1; 0 while the store cannot be
/// written, or is suspended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_is_durable(
    session: PacelineSession,
    durable: *mut u32,
) -> PacelineResult {
    read(session, durable, "durable", |session| Ok(u32::from(session.is_durable())))
}

/// The activity in progress, or the workout as a whole when there is none. Its statistics go into a list, as this header says
/// under "Lists and texts".
///
/// `count` and `statistics` may be NULL together: then no statistics are told.
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_current_activity(
    session: PacelineSession,
    activity: *mut PacelineActivity,
    statistics: *mut PacelineStatistics,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (session, place) = (get(session)?, out(activity, "activity")?);
        let current = session.current_activity();
        if !count.is_null() || capacity > 0 {
            let answer = out_list(statistics, capacity, count, "statistics")?;
            answer.set(&list::<_, PacelineStatistics>(&current.statistics))?;
        }
        place.set((&current).into());
        Ok(())
    })
}

/// Everything a screen shows, as of now; meant to be asked for once a frame. Never waits for the disk.
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL when one of the lists has too little room: both counts are told;
/// PACELINE_ERROR_BOUNDARY_STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_snapshot(
    session: PacelineSession,
    snapshot: *mut PacelineSnapshot,
) -> PacelineResult {
    guard(|| PacelineSnapshot::write(snapshot, &get(session)?.snapshot()))
}

/// What the app keeps with this session; empty unless set. A recovered session has it too. A list as this header says under
/// "Lists and texts", of bytes; `length` gets how many there are.
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_payload(
    session: PacelineSession,
    buffer: *mut c_void,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let session = get(session)?;
        out_list(buffer.cast::<u8>(), capacity, length, "buffer")?.set(&session.payload())
    })
}

/// Keeps bytes of the app with this session until its workout is finished or discarded: whatever it needs to go on after it was
/// killed. They replace the bytes before. They are copied and stay the caller's.
///
/// `bytes`: may be NULL when `length` is 0.
///
/// Codes: PACELINE_ERROR_HEALTH_DATA_SIZE_EXCEEDED for more than 1 MiB; PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when the
/// workout is over; domain 3 when they cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_set_payload(
    session: PacelineSession,
    bytes: *const c_void,
    length: usize,
) -> PacelineResult {
    guard(|| {
        let session = get(session)?;
        session.set_payload(several(bytes.cast::<u8>(), length, "bytes")?)
    })
}

/// The builder of this session, always the same one. The handle is the caller's: release it.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for a session that was not made with a store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_builder(
    session: PacelineSession,
    builder: *mut PacelineBuilder,
) -> PacelineResult {
    read(session, builder, "builder", |session| Ok(hand_out(session.associated_workout_builder()?)))
}

/// Who hears of this session; NULL for nobody. The structure is copied. After the call no further call to the old delegate
/// starts; one that runs may finish.
///
/// From this call on user_data is the library's, also when the call fails. Its release function is called once: after another
/// delegate or none was set and the last call returned, or when the session and its store are gone. A user_data that
/// itself retains the session keeps both alive until another delegate or none is set.
///
/// Codes: PACELINE_ERROR_BOUNDARY_STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_set_delegate(
    session: PacelineSession,
    delegate: *const PacelineSessionDelegate,
) -> PacelineResult {
    guard(|| {
        let delegate = take_optional(delegate, "delegate")?.map(CSessionDelegate);
        let delegate = delegate.map(|delegate| Arc::new(delegate) as Arc<dyn WorkoutSessionDelegate>);
        get(session)?.set_delegate(delegate);
        Ok(())
    })
}

fn command(
    session: PacelineSession,
    run: impl FnOnce(&WorkoutSession) -> Result<(), PacelineError>,
) -> PacelineResult {
    guard(|| run(&get(session)?))
}

/// Enters session mode, so that sensors can warm up during a countdown. From notStarted.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state; domain 3 when it cannot be saved. A refusal by the
/// platform is told to the delegate: an error, then the state ended.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_prepare(session: PacelineSession) -> PacelineResult {
    command(session, WorkoutSession::prepare)
}

/// Starts the activity at this date; PACELINE_NO_DATE for now. From notStarted or prepared. Another session on the device that is
/// under way ends with PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state, or for a date in the future;
/// PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999; else as paceline_session_prepare().
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_start_activity(session: PacelineSession, date: i64) -> PacelineResult {
    command(session, |session| session.start_activity(optional_date(date, "date")?))
}

/// Pauses now. From running.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_pause(session: PacelineSession) -> PacelineResult {
    command(session, WorkoutSession::pause)
}

/// Goes on now. From paused.
///
/// Codes: as paceline_session_pause().
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_resume(session: PacelineSession) -> PacelineResult {
    command(session, WorkoutSession::resume)
}

/// Stops the activity at this date; PACELINE_NO_DATE for now. From running or paused. Session mode stays on, so that the app
/// can save; the session cannot be started again.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state, for a date in the future, before the start or before
/// the last activity; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999; domain 3 when it cannot
/// be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_stop_activity(session: PacelineSession, date: i64) -> PacelineResult {
    command(session, |session| session.stop_activity(optional_date(date, "date")?))
}

/// Ends the session now and leaves session mode. From every state but ended. Call it on every path.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it has ended already; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_end(session: PacelineSession) -> PacelineResult {
    command(session, WorkoutSession::end)
}

/// Begins an activity at this date: a leg of a triathlon, an interval. One that is in progress ends first.
///
/// `metadata`: further facts, copied; the handle 0 for none.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless running or paused, when the type does not fit the workout, for a
/// date in the future or before the activity in progress began; PACELINE_ERROR_INPUT_UNKNOWN,
/// PACELINE_ERROR_INPUT_UNIT and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_begin_new_activity(
    session: PacelineSession,
    configuration: *const PacelineConfiguration,
    date: i64,
    metadata: PacelineMetadata,
) -> PacelineResult {
    command(session, |session| {
        let configuration = self::configuration(configuration)?;
        session.begin_new_activity(configuration, self::date(date, "date")?, optional_metadata(metadata)?)
    })
}

/// Ends the activity in progress at this date; the session goes on as the workout as a whole.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless running or paused, when no activity is in progress, and for a date
/// in the future or before its start; PACELINE_ERROR_INPUT_OUT_OF_RANGE; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_session_end_current_activity(
    session: PacelineSession,
    date: i64,
) -> PacelineResult {
    command(session, |session| session.end_current_activity(self::date(date, "date")?))
}

/// Takes in an event that the platform detected: a motion pause, a lap of a pool swim, a press of both buttons. The state
/// does not change. The event stays the caller's.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless running (a request to pause or resume is also taken while paused),
/// for pause and resume, which have calls of their own, and for an event outside of the workout;
/// PACELINE_ERROR_INPUT_UNKNOWN and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when it cannot be
/// saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_report_event(
    session: PacelineSession,
    event: *const PacelineEvent,
) -> PacelineResult {
    command(session, |session| session.report_event(given(event, "event")?.read()?))
}

/// Ends the session with an error: the delegate hears the error, then the state ended. For hosts that learn that the platform
/// stopped the workout. Without effect after the end.
///
/// `code`: PACELINE_ERROR_. `sentence`: for a person; copied, may be NULL.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a code that this release does not know; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_session_fail(
    session: PacelineSession,
    code: PacelineResult,
    sentence: *const c_char,
) -> PacelineResult {
    command(session, |session| session.fail(error(code, sentence, "sentence")?))
}
