//! How C says what a store should be like.

use crate::arguments::{optional_text, span};
use crate::error::unknown;
use crate::handles::{PacelineClock, PacelineDisk, PacelineHost, get, get_optional};
use paceline::{Arbitration, Delivery, Durability, Entropy, ErrorCode, Host, PacelineError, StoreOptions};
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
    /// Who yields when a second session starts: PACELINE_ARBITRATION_.
    pub arbitration: u32,
    /// 0.
    pub reserved: u32,
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
