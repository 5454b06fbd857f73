//! The store.

use crate::arguments::{self, date, error, flag, given, several, text};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{PacelineSession, PacelineStore, PacelineWorkout, get, hand_out, release, retain};
use crate::names::known;
use crate::outputs::{optional_out, out, out_list, too_small};
use crate::store_options::PacelineStoreOptions;
use crate::values::{PacelineSample, PacelineStatistics, PacelineUuid, list, micros, micros_of, short};
use paceline::{HealthStore, HostReport, Ingested, PacelineError, SampleSource, SourceId};
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// What a batch became.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineIngested {
    /// How many samples were saved.
    pub samples: u32,
    /// How many of them the live builder collected.
    pub collected: u32,
    /// 1 when the batch number was committed before; then nothing was saved now.
    pub repeated: u32,
    /// 1 when it is as safe as PACELINE_DURABILITY_ promises. 0 while the store cannot be written: accepted, but not yet durable.
    /// It waits in memory and is saved as soon as that is possible; do not send it again.
    pub durable: u32,
}

/// An app or a device that measures.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineSource {
    /// What tells it apart for ever, such as a sensor's serial number. Not empty.
    pub identifier: *const c_char,
    /// What a person calls it.
    pub name: *const c_char,
    /// Where it stands among several: PACELINE_SOURCE_KIND_.
    pub kind: u32,
}

/// A part of a workout that is asked for.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineInterval {
    /// When it begins, microseconds since the Unix epoch.
    pub start: i64,
    /// When it ends; not before the start.
    pub end: i64,
}

/// A part of a workout with its numbers.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineIntervalStatistics {
    /// When it begins.
    pub start: i64,
    /// When it ends.
    pub end: i64,
    /// Its time without the pauses of the workout, microseconds.
    pub duration: i64,
    /// The place of its first statistics in the list of all.
    pub first_statistics: u32,
    /// How many follow from there: one for each type with a sample in it, by rising type code.
    pub statistics_count: u32,
}

/// Opens a store. It is the caller's: release it. A file that is open in this process already is shared.
///
/// `options`: NULL for the default, a store in memory.
///
/// Codes: PACELINE_ERROR_STORE_CANNOT_OPEN when the file cannot be opened or made; PACELINE_ERROR_STORE_DAMAGED,
/// PACELINE_ERROR_STORE_FOREIGN and PACELINE_ERROR_STORE_TOO_NEW leave the file as it is;
/// PACELINE_ERROR_STORE_OPTIONS_DIFFER when it is open in this process with other options;
/// PACELINE_ERROR_BOUNDARY_STRUCT_SIZE; PACELINE_ERROR_INPUT_UNKNOWN for a number in the options that this release does not
/// know; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a negative span; PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for a retention of less
/// than a day.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_open(
    options: *const PacelineStoreOptions,
    store: *mut PacelineStore,
) -> PacelineResult {
    guard(|| {
        let place = out(store, "store")?;
        place.set(hand_out(HealthStore::open(PacelineStoreOptions::read(options)?)?));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_retain(store: PacelineStore) -> PacelineResult {
    guard(|| retain(store))
}

/// Takes a reference away; after the last one the handle is stale. The store closes when its sessions, builders and other
/// handles are released as well; callbacks that still wait are dropped. A workout that is under way is not ended.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_release(store: PacelineStore) -> PacelineResult {
    guard(|| release(store))
}

/// Takes in a packed batch of samples, laid out as this header says under "Packed batches". The samples are saved, and the
/// live builder collects what its data source selects. The bytes are read during the call and stay the caller's; they need
/// no alignment.
///
/// `ingested`: what became of it; may be NULL.
///
/// Codes: PACELINE_ERROR_INPUT_MALFORMED for a wrong header, length or version; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a
/// value or date that cannot be; PACELINE_ERROR_INPUT_UNKNOWN for a type or a source that is not known. Then nothing of the
/// batch is kept, and the sentence names the row. Domain 3 when it cannot be saved: send it again with the same number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_ingest(
    store: PacelineStore,
    batch: *const c_void,
    length: usize,
    ingested: *mut PacelineIngested,
) -> PacelineResult {
    guard(|| {
        let store = get(store)?;
        let answer = store.ingest(several(batch.cast(), length, "batch")?)?;
        told(ingested, answer);
        Ok(())
    })
}

unsafe fn told(place: *mut PacelineIngested, answer: Ingested) {
    if let Some(place) = optional_out(place) {
        let Ingested { samples, collected, repeated, durable } = answer;
        let (repeated, durable) = (u32::from(repeated), u32::from(durable));
        place.set(PacelineIngested { samples, collected, repeated, durable });
    }
}

/// Takes in one sample; see paceline_store_ingest(). The sample's id is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_ingest_sample(
    store: PacelineStore,
    sample: *const PacelineSample,
    ingested: *mut PacelineIngested,
) -> PacelineResult {
    guard(|| {
        let (store, sample) = (get(store)?, given(sample, "sample")?);
        let answer = store.ingest_sample(&sample.read()?)?;
        told(ingested, answer);
        Ok(())
    })
}

/// The number of a source in this store; one that is new is registered. The texts are copied.
///
/// Codes: PACELINE_ERROR_INPUT_MALFORMED for an empty identifier or text that is not UTF-8; PACELINE_ERROR_INPUT_UNKNOWN for
/// a kind that this release does not know; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_register_source(
    store: PacelineStore,
    source: *const PacelineSource,
    number: *mut u32,
) -> PacelineResult {
    guard(|| {
        let (store, source, place) = (get(store)?, given(source, "source")?, out(number, "number")?);
        let source = SampleSource {
            identifier: text(source.identifier, "identifier")?.to_owned(),
            name: text(source.name, "name")?.to_owned(),
            kind: known(source.kind)?,
        };
        place.set(store.register_source(&source)?.0);
        Ok(())
    })
}

/// The highest number of a batch of this source that was committed; 0 when none was. After the app was killed, its next batch has
/// the next number.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a source that was never registered; else as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_last_batch(
    store: PacelineStore,
    source: u32,
    number: *mut u64,
) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(number, "number")?);
        place.set(store.last_batch(SourceId(source))?);
        Ok(())
    })
}

/// The ids of the saved workouts, newest first. A list as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_HEALTH_DATABASE_INACCESSIBLE while the device is locked;
/// PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL; domain 3 when they cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_workout_ids(
    store: PacelineStore,
    ids: *mut PacelineUuid,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (store, answer) = (get(store)?, out_list(ids, capacity, count, "ids")?);
        let ids: Vec<PacelineUuid> = store.workout_ids()?.into_iter().map(PacelineUuid::from).collect();
        answer.set(&ids)
    })
}

/// A saved workout; the handle 0 when there is none with this id. It is the caller's: release it.
///
/// Codes: as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_workout(
    store: PacelineStore,
    id: PacelineUuid,
    workout: *mut PacelineWorkout,
) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(workout, "workout")?);
        let found = store.workout(arguments::uuid(id))?;
        place.set(found.map_or(PacelineWorkout { id: 0 }, |workout| hand_out(Arc::new(workout))));
        Ok(())
    })
}

/// The saved workouts, newest first. A list as this header says under "Lists and texts"; each handle written is the
/// caller's: release it. A workout that this release cannot read, because a newer one saved it, is left out.
///
/// Codes: as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_workouts(
    store: PacelineStore,
    workouts: *mut PacelineWorkout,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (store, answer) = (get(store)?, out_list(workouts, capacity, count, "workouts")?);
        let found = store.workouts()?;
        if found.len() > answer.room() {
            // No handle is made that nobody would release.
            return answer.set_count(found.len());
        }
        let handles: Vec<PacelineWorkout> =
            found.into_iter().map(|workout| hand_out(Arc::new(workout))).collect();
        answer.set(&handles)
    })
}

/// A page of a saved workout's samples of one type, by rising start: at most `capacity`, after the last sample of the page
/// before. `count` gets how many were written; 0 is the end.
///
/// `after`: the last sample of the page before, which may lie in `samples`; NULL for the first page.
///
/// Codes: PACELINE_ERROR_STORE_NOT_FOUND when there is no such workout; PACELINE_ERROR_INPUT_UNKNOWN for a type that this
/// release does not know; else as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_samples(
    store: PacelineStore,
    workout: PacelineUuid,
    quantity_type: u32,
    after: *const PacelineSample,
    samples: *mut PacelineSample,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let (store, answer) = (get(store)?, out_list(samples, capacity, count, "samples")?);
        if answer.room() == 0 {
            // An empty page would look like the end.
            return Err(too_small(1));
        }
        let after = after.as_ref().map(PacelineSample::read).transpose()?;
        let kind = known(quantity_type)?;
        let page = store.samples(arguments::uuid(workout), kind, after.as_ref(), short(answer.room()))?;
        answer.set(&list::<_, PacelineSample>(&page))
    })
}

/// How many samples the store holds, in workouts and outside.
///
/// Codes: as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_sample_count(
    store: PacelineStore,
    count: *mut u64,
) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(count, "count")?);
        place.set(store.sample_count()?);
        Ok(())
    })
}

/// The statistics of parts of a saved workout, such as its laps, in the order of asking. Parts may leave gaps and share
/// borders, but not overlap; a reading at a shared border belongs to the later one.
///
/// `parts` has room for `interval_count` answers. The statistics of all parts go into one list, as this header says under
/// "Lists and texts"; each part says which of them are its own.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when a part ends before it starts or two overlap;
/// PACELINE_ERROR_STORE_NOT_FOUND when there is no such workout; else as paceline_store_workout_ids().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_statistics_over(
    store: PacelineStore,
    workout: PacelineUuid,
    intervals: *const PacelineInterval,
    interval_count: usize,
    parts: *mut PacelineIntervalStatistics,
    statistics: *mut PacelineStatistics,
    capacity: usize,
    count: *mut usize,
) -> PacelineResult {
    guard(|| {
        let store = get(store)?;
        let answer = out_list(statistics, capacity, count, "statistics")?;
        let intervals = several(intervals, interval_count, "intervals")?;
        if interval_count > 0 {
            out(parts, "parts")?;
        }
        let asked: Result<Vec<_>, PacelineError> = intervals
            .iter()
            .map(|interval| Ok((date(interval.start, "start")?, date(interval.end, "end")?)))
            .collect();
        let found = store.statistics_over(arguments::uuid(workout), &asked?)?;
        let mut all: Vec<PacelineStatistics> = Vec::new();
        let mut told = Vec::with_capacity(found.len());
        for part in &found {
            told.push(PacelineIntervalStatistics {
                start: part.start.micros(),
                end: part.end.micros(),
                duration: micros_of(part.duration),
                first_statistics: short(all.len()),
                statistics_count: short(part.statistics.len()),
            });
            all.extend(part.statistics.iter().map(PacelineStatistics::from));
        }
        answer.set(&all)?;
        if told.len() != interval_count {
            return Err(too_small(told.len()));
        }
        for (index, part) in told.into_iter().enumerate() {
            parts.add(index).write(part);
        }
        Ok(())
    })
}

/// Commits and syncs everything, and from then on starts no write: for the moment before the system freezes the app, which on
/// some systems must not hold a file lock then. Until paceline_store_resume() what live sessions do and collect waits in bounded
/// memory (accepted, not yet durable; delegates are not told, the app asked for it), timers of the store rest, and what cannot
/// wait (to start or recover a session, to finish or discard a builder, samples that no session collects, new sources) returns
/// PACELINE_ERROR_STORE_SUSPENDED. Reading works. Suspending twice is suspending once.
///
/// Codes: domain 3 when something could not be saved; the store is suspended all the same.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_suspend(store: PacelineStore) -> PacelineResult {
    guard(|| get(store)?.suspend())
}

/// Writes again, beginning with what waited since paceline_store_suspend(). Nothing happens to a store that was not suspended.
///
/// Codes: domain 3 when what waited cannot be saved yet; it goes on waiting, and delegates hear of it.
/// PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED when another process took the device meanwhile: the session here is
/// over, and what it did while the store was suspended is dropped.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_resume(store: PacelineStore) -> PacelineResult {
    guard(|| get(store)?.resume())
}

/// Runs the timers that are due and delivers the callbacks that wait, on this thread. For stores with a manual clock or
/// PACELINE_DELIVERY_POLL. Inside a callback it delivers nothing.
///
/// `delivered`: how many callbacks were delivered. `next_deadline`: when to poll again at the latest, PACELINE_NO_DATE
/// when no timer is set. Either may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_poll(
    store: PacelineStore,
    delivered: *mut u32,
    next_deadline: *mut i64,
) -> PacelineResult {
    guard(|| {
        let outcome = get(store)?.poll();
        if let Some(place) = optional_out(delivered) {
            place.set(outcome.delivered);
        }
        if let Some(place) = optional_out(next_deadline) {
            place.set(micros(outcome.next_deadline));
        }
        Ok(())
    })
}

/// The time as the engine sees it, microseconds since the Unix epoch.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_now(store: PacelineStore, now: *mut i64) -> PacelineResult {
    guard(|| {
        let (store, place) = (get(store)?, out(now, "now")?);
        place.set(store.now().micros());
        Ok(())
    })
}

/// Tells the engine what became of a request of the host. May come late, twice or never. A refusal ends the session of the
/// request: its delegate hears the error, then the state ended.
///
/// `refusal`: 0 when it was granted, else why it was refused: PACELINE_ERROR_. `sentence`: for a person; copied, may be
/// NULL.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a code that this release does not know; domain 3 when the end of a refused
/// session cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_store_report_outcome(
    store: PacelineStore,
    request: u64,
    refusal: PacelineResult,
    sentence: *const c_char,
) -> PacelineResult {
    guard(|| {
        let store = get(store)?;
        let refusal = if refusal == 0 { None } else { Some(error(refusal, sentence, "sentence")?) };
        store.report(&HostReport::Outcome { request, refusal })
    })
}

/// Tells the engine whether the app is in the foreground: 1 or 0.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_report_foreground(store: PacelineStore, foreground: u32) -> PacelineResult {
    guard(|| get(store)?.report(&HostReport::Foreground(flag(foreground, "foreground")?)))
}

/// Tells the engine whether the companion device launched the app to start a workout, so that it may start in the
/// background: 1 or 0.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_report_launched_by_companion(
    store: PacelineStore,
    launched: u32,
) -> PacelineResult {
    guard(|| get(store)?.report(&HostReport::LaunchedByCompanion(flag(launched, "launched")?)))
}

/// Tells the engine whether the device is locked: 1 or 0.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_report_locked(store: PacelineStore, locked: u32) -> PacelineResult {
    guard(|| get(store)?.report(&HostReport::Locked(flag(locked, "locked")?)))
}

/// Tells the engine that permission to save workouts changed: PACELINE_AUTHORIZATION_.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_report_workout_permission(
    store: PacelineStore,
    status: u32,
) -> PacelineResult {
    guard(|| get(store)?.report(&HostReport::WorkoutPermission(known(status)?)))
}

/// Tells the engine that permission to write samples of a type changed: PACELINE_TYPE_, PACELINE_AUTHORIZATION_.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_report_sample_permission(
    store: PacelineStore,
    quantity_type: u32,
    status: u32,
) -> PacelineResult {
    guard(|| get(store)?.report(&HostReport::SamplePermission(known(quantity_type)?, known(status)?)))
}

/// Tells the engine that the process with this number is dead: the workouts it held can be recovered. It must be true; one that
/// lives would lose its workout to whoever recovers it. Without effect for a host without the capability processes.
///
/// Codes: domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_report_process_ended(store: PacelineStore, process: u32) -> PacelineResult {
    guard(|| get(store)?.report(&HostReport::ProcessEnded(process)))
}

/// Starts a session now. One that belongs to no store belongs to this one from here on.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it started before or belongs to another store; else as
/// paceline_session_start_activity().
#[deprecated(note = "use paceline_session_start_activity")]
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_start(store: PacelineStore, session: PacelineSession) -> PacelineResult {
    #[allow(deprecated, reason = "it is this call that is deprecated")]
    guard(|| get(store)?.start(&get(session)?))
}

/// Ends a session of this store.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it belongs to another store or to none; else as
/// paceline_session_end().
#[deprecated(note = "use paceline_session_end")]
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_end(store: PacelineStore, session: PacelineSession) -> PacelineResult {
    #[allow(deprecated, reason = "it is this call that is deprecated")]
    guard(|| get(store)?.end(&get(session)?))
}

/// Pauses a session of this store.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it belongs to another store or to none; else as
/// paceline_session_pause().
#[deprecated(note = "use paceline_session_pause")]
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_pause(store: PacelineStore, session: PacelineSession) -> PacelineResult {
    #[allow(deprecated, reason = "it is this call that is deprecated")]
    guard(|| get(store)?.pause(&get(session)?))
}

/// Lets a paused session of this store go on.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it belongs to another store or to none; else as
/// paceline_session_resume().
#[deprecated(note = "use paceline_session_resume")]
#[unsafe(no_mangle)]
pub extern "C" fn paceline_store_resume_workout_session(
    store: PacelineStore,
    session: PacelineSession,
) -> PacelineResult {
    #[allow(deprecated, reason = "it is this call that is deprecated")]
    guard(|| get(store)?.resume_workout_session(&get(session)?))
}
