//! What is there after a kill.

use crate::arguments::{text, uuid};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{PacelineSession, PacelineStore, get, hand_out};
use crate::names::Enumeration;
use crate::outputs::{out, out_list, out_text};
use crate::values::{PacelineConfiguration, PacelineUuid, list, micros};
use paceline::{ErrorCode, HealthStore, PacelineError, SessionOwner, UnfinishedWorkout};
use std::ffi::{c_char, c_void};

/// The session that holds the device.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineSessionOwner {
    /// The session.
    pub session: PacelineUuid,
    /// What kind of workout it is.
    pub configuration: PacelineConfiguration,
    /// Where it is in its life, as far as it was saved: PACELINE_STATE_.
    pub state: u32,
    /// The number of its process.
    pub process: u32,
    /// 1 when it lives in this store or one that shares it, 0 when in another process.
    pub is_here: u32,
    /// 1 when its process lives. When it is dead, 0, the session can be recovered.
    pub is_alive: u32,
}

impl From<&SessionOwner> for PacelineSessionOwner {
    fn from(owner: &SessionOwner) -> Self {
        Self {
            session: owner.session.into(),
            configuration: (&owner.configuration).into(),
            state: owner.state.number(),
            process: owner.process,
            is_here: u32::from(owner.is_here),
            is_alive: u32::from(owner.is_alive),
        }
    }
}

/// Finds the session of a workout that was going on when the app was last killed, or whose builder was not finished: in its
/// last state, with its dates and its payload; its builder with start, events, activities, statistics, metadata and data
/// source. It goes on from there and needs no new start; set its delegates anew, they hear nothing of the past. A session
/// that lives in this process is itself what is found. Of several the one that is going on, then the latest; the others come
/// when that one is finished or discarded.
///
/// `session`: the handle 0 when there is nothing to recover. It is the caller's: release it.
///
/// Waits for the disk, as a command does.
///
/// Codes: domain 3 when it cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_recover_active_workout_session(
    store: PacelineStore,
    session: *mut PacelineSession,
) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(session, "session")?);
        let found = store.recover_active_workout_session()?;
        place.set(found.map_or(PacelineSession { id: 0 }, hand_out));
        Ok(())
    })
}

/// Tells which session holds the device, in this process or in another one that shares the store. To be asked before starting
/// one that would end it.
///
/// Codes: PACELINE_ERROR_HEALTH_NO_DATA when none does; else as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_session_owner(
    store: PacelineStore,
    owner: *mut PacelineSessionOwner,
) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(owner, "owner")?);
        let found = store
            .session_owner()?
            .ok_or_else(|| PacelineError::new(ErrorCode::NoData, "no session holds the device"))?;
        place.set(PacelineSessionOwner::from(&found));
        Ok(())
    })
}

/// A workout that is not finished, as the store has it: going on in this process or another one, or waiting to be recovered.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineUnfinishedWorkout {
    /// Its session.
    pub session: PacelineUuid,
    /// What kind of workout it is.
    pub configuration: PacelineConfiguration,
    /// When its session first ran, microseconds since the Unix epoch; PACELINE_NO_DATE before.
    pub start_date: i64,
    /// The latest instant that is known of it: something happened then, or was measured. PACELINE_NO_DATE before the start.
    pub last_date: i64,
    /// Where its session is in its life: PACELINE_STATE_.
    pub state: u32,
    /// The number of the process that held it last.
    pub process: u32,
    /// 1 when it lives in this store or one that shares it, 0 when in another process.
    pub is_here: u32,
    /// 1 when it lives. One that does not, 0, can be recovered.
    pub is_alive: u32,
    /// How many bytes the app keeps with its session: paceline_store_unfinished_payload() tells them.
    pub payload_length: u64,
}

impl From<&UnfinishedWorkout> for PacelineUnfinishedWorkout {
    fn from(workout: &UnfinishedWorkout) -> Self {
        Self {
            session: workout.session.into(),
            configuration: (&workout.configuration).into(),
            start_date: micros(workout.start_date),
            last_date: micros(workout.last_date),
            state: workout.state.number(),
            process: workout.process,
            is_here: u32::from(workout.is_here),
            is_alive: u32::from(workout.is_alive),
            payload_length: workout.payload.len() as u64,
        }
    }
}

/// The workouts that are not finished, wherever they live, in the order in which they would be recovered: those whose session is
/// going on before others, of these the latest first. Only looks. A list as this header says under "Lists and texts".
///
/// Codes: as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_unfinished_workouts(
    store: PacelineStore,
    workouts: *mut PacelineUnfinishedWorkout,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (store, answer) = (get(store)?, out_list(workouts, capacity, count, "workouts")?);
        answer.set(&list::<_, PacelineUnfinishedWorkout>(&store.unfinished_workouts()?))
    })
}

/// What the app keeps with the session of a workout that is not finished, without recovering it. A list as this header says under
/// "Lists and texts", of bytes; `length` gets how many there are.
///
/// Codes: PACELINE_ERROR_STORE_NOT_FOUND when no workout of this session is unfinished; else as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_unfinished_payload(
    store: PacelineStore,
    session: PacelineUuid,
    buffer: *mut c_void,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (store, id) = (get(store)?, uuid(session));
        let answer = out_list(buffer.cast::<u8>(), capacity, length, "buffer")?;
        let found = store.unfinished_workouts()?.into_iter().find(|workout| workout.session == id);
        let none =
            || PacelineError::new(ErrorCode::StoreNotFound, "no workout of this session is unfinished");
        answer.set(&found.ok_or_else(|| none().with_value(id))?.payload)
    })
}

/// How many bytes a file's name grows at most when it is set aside, the zero byte included.
pub const PACELINE_SET_ASIDE_ROOM: usize = 64;

/// Moves a store file out of the way, together with what the database keeps beside it, and tells its new name in the same
/// folder. For a file that cannot be opened: it is kept as it is, and a new store can be made in its place.
///
/// `path`: UTF-8; copied. `buffer`, `capacity`, `length`: a text as this header says under "Lists and texts", with one
/// difference: a file does not move to a name that could not be told. With NULL and 0, and where there is room for fewer
/// than PACELINE_SET_ASIDE_ROOM bytes more than the path has, nothing moves, and `length` gets a length that is enough.
///
/// Codes: PACELINE_ERROR_STORE_BUSY when this or another process has it open, and nothing is moved;
/// PACELINE_ERROR_STORE_NOT_FOUND when there is no such file; PACELINE_ERROR_STORE_CANNOT_OPEN when it is no file, or may
/// not be opened; PACELINE_ERROR_STORE_WRITE_FAILED when it cannot be moved; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_set_aside(
    path: *const c_char,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (path, answer) = (text(path, "path")?, out_text(buffer, capacity, length)?);
        let enough = path.len() + PACELINE_SET_ASIDE_ROOM - 1;
        let Some(answer) = answer.with_room_for(enough)? else { return Ok(()) };
        answer.set(&HealthStore::set_aside(path)?.to_string_lossy())
    })
}
