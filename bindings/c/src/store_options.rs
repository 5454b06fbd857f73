//! How C says what a store should be like.

use crate::arguments::{optional_text, span};
use crate::error::unknown;
use crate::handles::{PacelineClock, PacelineDisk, PacelineHost, get, get_optional};
use paceline::{
    Arbitration, Delivery, Durability, Entropy, ErrorCode, Host, PacelineError, Retention, StoreOptions,
};
use std::ffi::c_char;
use std::sync::Arc;

/// The clock of the machine.
pub const PACELINE_CLOCK_SYSTEM: u32 = 0;
/// A clock that is moved by hand: the field clock. It implies PACELINE_DELIVERY_POLL.
pub const PACELINE_CLOCK_MANUAL: u32 = 1;

/// Ids come from the machine's random numbers.
pub const PACELINE_ENTROPY_SYSTEM: u32 = 0;
/// Ids come from a sequence that is the same for the same seed; for tests, replay and simulation.
pub const PACELINE_ENTROPY_SEEDED: u32 = 1;

/// A call that returned 0 is committed: it survives the death of the process.
pub const PACELINE_DURABILITY_EACH_INPUT: u32 = 0;
/// Samples are gathered in bounded memory and committed after the field within at the latest, at every state change and
/// before anything is read back. A killed process loses at most this much.
pub const PACELINE_DURABILITY_WITHIN: u32 = 1;

/// Callbacks come on a thread of the engine.
pub const PACELINE_DELIVERY_THREAD: u32 = 0;
/// Callbacks come inside paceline_store_poll(), and the engine has no thread.
pub const PACELINE_DELIVERY_POLL: u32 = 1;

/// When a second session starts, the one that is under way fails with PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED
/// and ends. Its builder can still be finished.
pub const PACELINE_ARBITRATION_NEWCOMER_WINS: u32 = 0;
/// The newcomer yields: its call to prepare or start returns PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED, and
/// nothing changes.
pub const PACELINE_ARBITRATION_REFUSE: u32 = 1;
/// The newcomer's host is asked: PACELINE_REQUEST_ARBITRATE. The call to prepare or start returns PACELINE_OK and changes nothing
/// yet; with the answer either the session that was under way yields and the newcomer starts then, or the newcomer fails with
/// the error of the answer and ends. With a host without the capability arbitration: PACELINE_ARBITRATION_NEWCOMER_WINS.
pub const PACELINE_ARBITRATION_ASK: u32 = 2;
/// Nobody yields, the workout moves: the newcomer's call returns PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED and
/// changes nothing, and paceline_store_recover_active_workout_session() takes the session that is under way in another process
/// over, with its id and all that it has. There it fails with that code and ends, and nothing can be done with it any more.
pub const PACELINE_ARBITRATION_HAND_OVER: u32 = 3;

/// For sync_every: fully synced at state changes only.
pub const PACELINE_SYNC_AT_STATE_CHANGES: i64 = -1;

/// How a store is opened. Start with PACELINE_STORE_OPTIONS_INIT, which means: in memory, the machine's clock, a thread for
/// callbacks, a platform that allows everything. It is read during the call and stays the caller's.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineStoreOptions {
    /// sizeof(PacelineStoreOptions).
    pub struct_size: usize,
    /// The file, UTF-8, which is made when it does not exist; NULL for a store in memory.
    pub path: *const c_char,
    /// PACELINE_CLOCK_.
    pub clock_kind: u32,
    /// PACELINE_ENTROPY_.
    pub entropy_kind: u32,
    /// The manual clock; ignored for the machine's.
    pub clock: PacelineClock,
    /// The seed; ignored unless seeded.
    pub entropy_seed: u64,
    /// PACELINE_DURABILITY_.
    pub durability: u32,
    /// PACELINE_DELIVERY_.
    pub delivery: u32,
    /// For PACELINE_DURABILITY_WITHIN: how long samples may wait, microseconds.
    pub within: i64,
    /// What was committed is fully synced after so many microseconds at the latest: what a power cut may cost. 0 for the
    /// default of 10 seconds, PACELINE_SYNC_AT_STATE_CHANGES for none.
    pub sync_every: i64,
    /// The platform; the handle 0 for one that allows everything.
    pub host: PacelineHost,
    /// Where a store without a path lives; the handle 0 for memory that goes with the store.
    pub disk: PacelineDisk,
    /// What happens when a second session starts: PACELINE_ARBITRATION_.
    pub arbitration: u32,
    /// 0.
    pub reserved: u32,
    /// How long finished workouts, and samples that belong to none, are kept, microseconds from their end: a day at least. 0 keeps
    /// everything for ever. What is older is removed in the background while no session is going on, and not at the first word
    /// of a clock: only what was too old already when the store last looked, a day to a month before. A workout that is going on
    /// or can be recovered is never touched. What one process need not keep is removed for all that share the store.
    pub retention: i64,
}

impl PacelineStoreOptions {
    /// The options behind a pointer.
    pub(crate) unsafe fn read(pointer: *const Self) -> Result<StoreOptions, PacelineError> {
        if pointer.is_null() {
            return Ok(StoreOptions::new());
        }
        let size = pointer.cast::<usize>().read();
        if size != size_of::<Self>() {
            return Err(struct_size("options", size, size_of::<Self>()));
        }
        let given = &*pointer;
        let mut options = StoreOptions::new();
        if let Some(path) = optional_text(given.path, "path")? {
            options = options.path(path);
        }
        match given.clock_kind {
            PACELINE_CLOCK_SYSTEM => {}
            PACELINE_CLOCK_MANUAL => options = options.clock(get(given.clock)?),
            other => return Err(unknown("clock", other)),
        }
        match given.entropy_kind {
            PACELINE_ENTROPY_SYSTEM => {}
            PACELINE_ENTROPY_SEEDED => options = options.entropy(Entropy::Seeded(given.entropy_seed)),
            other => return Err(unknown("entropy", other)),
        }
        match given.durability {
            PACELINE_DURABILITY_EACH_INPUT => {}
            PACELINE_DURABILITY_WITHIN => {
                options = options.durability(Durability::Within(span(given.within, "within")?));
            }
            other => return Err(unknown("durability", other)),
        }
        options = options.delivery(delivery(given.delivery)?);
        match given.sync_every {
            0 => {}
            PACELINE_SYNC_AT_STATE_CHANGES => options = options.sync_every(None),
            other => options = options.sync_every(Some(span(other, "sync_every")?)),
        }
        if let Some(host) = get_optional(given.host)? {
            options = options.host(host as Arc<dyn Host>);
        }
        if let Some(disk) = get_optional(given.disk)? {
            options = options.disk(&disk);
        }
        if given.retention != 0 {
            let retention = Retention::keep_for(span(given.retention, "retention")?)?;
            options = options.retention(Some(retention));
        }
        Ok(options.arbitration(arbitration(given.arbitration)?))
    }
}

pub(crate) fn delivery(number: u32) -> Result<Delivery, PacelineError> {
    match number {
        PACELINE_DELIVERY_THREAD => Ok(Delivery::Thread),
        PACELINE_DELIVERY_POLL => Ok(Delivery::Poll),
        other => Err(unknown("delivery", other)),
    }
}

pub(crate) fn arbitration(number: u32) -> Result<Arbitration, PacelineError> {
    match number {
        PACELINE_ARBITRATION_NEWCOMER_WINS => Ok(Arbitration::NewcomerWins),
        PACELINE_ARBITRATION_REFUSE => Ok(Arbitration::Refuse),
        PACELINE_ARBITRATION_ASK => Ok(Arbitration::Ask),
        PACELINE_ARBITRATION_HAND_OVER => Ok(Arbitration::HandOver),
        other => Err(unknown("arbitration", other)),
    }
}

pub(crate) fn struct_size(what: &str, found: usize, known: usize) -> PacelineError {
    PacelineError::new(
        ErrorCode::StructSize,
        format!("set struct_size of {what} to its sizeof; this release knows the size {known}"),
    )
    .with_value(found)
}
