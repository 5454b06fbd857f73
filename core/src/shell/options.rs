//! How a store is opened.

use super::clock::ClockSource;
use super::entropy::Entropy;
use super::host::Host;
use super::retention::Retention;
use super::store::MemoryDisk;
use crate::machines::arbitration::Arbitration;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// When what the engine accepted reaches the disk.
///
/// Whatever is chosen, every state change (start, pause, resume, stop, end, begin and end of collection, finish) is
/// committed and fully synced before its call returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A call that returned success is committed: it survives the death of the process.
    #[default]
    EachInput,
    /// Samples are gathered in bounded memory and committed after this time at the latest, at every state change, and
    /// before anything is read back; a killed process loses at most this much. For replay, import and simulation.
    Within(Duration),
}

/// Who delivers callbacks and runs timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// The engine's own threads.
    #[default]
    Thread,
    /// The host, by calling `HealthStore::poll`. A manual clock implies this.
    Poll,
}

/// How a store is opened. The default is a store in memory, on the machine's clock, on a platform that allows everything.
#[derive(Clone)]
pub struct StoreOptions {
    pub(crate) path: Option<PathBuf>,
    /// Where a store without a path lives; nothing is memory that goes with the store.
    pub(crate) disk: Option<MemoryDisk>,
    pub(crate) clock: ClockSource,
    pub(crate) entropy: Entropy,
    /// Nothing is the host that allows everything.
    pub(crate) host: Option<Arc<dyn Host>>,
    pub(crate) durability: Durability,
    pub(crate) sync_every: Option<Duration>,
    pub(crate) delivery: Delivery,
    pub(crate) arbitration: Arbitration,
    pub(crate) retention: Option<Retention>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            path: None,
            disk: None,
            clock: ClockSource::System,
            entropy: Entropy::System,
            host: None,
            durability: Durability::EachInput,
            sync_every: Some(Duration::from_secs(10)),
            delivery: Delivery::Thread,
            arbitration: Arbitration::default(),
            retention: None,
        }
    }
}

impl StoreOptions {
    /// A store in memory; see [`StoreOptions::path`] for one in a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the store in this file, which is made when it does not exist.
    #[must_use]
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Keeps a store without a path on this disk in memory, which outlives it.
    #[must_use]
    pub fn disk(mut self, disk: &MemoryDisk) -> Self {
        self.disk = Some(disk.clone());
        self
    }

    /// Reads time from this clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Into<ClockSource>) -> Self {
        self.clock = clock.into();
        self
    }

    /// Takes ids from this source of chance.
    #[must_use]
    pub fn entropy(mut self, entropy: Entropy) -> Self {
        self.entropy = entropy;
        self
    }

    /// Asks this platform.
    #[must_use]
    pub fn host(mut self, host: Arc<dyn Host>) -> Self {
        self.host = Some(host);
        self
    }

    /// Commits as this says.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// How much a power cut may cost: what was committed is fully synced after this time at the latest. Nothing means:
    /// at state changes only. Default: 10 seconds.
    #[must_use]
    pub fn sync_every(mut self, span: Option<Duration>) -> Self {
        self.sync_every = span;
        self
    }

    /// Who delivers callbacks.
    #[must_use]
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }

    /// Who yields when a second session starts.
    #[must_use]
    pub fn arbitration(mut self, arbitration: Arbitration) -> Self {
        self.arbitration = arbitration;
        self
    }

    /// How long finished workouts, and samples that belong to none, are kept. Default: nothing, which keeps everything for
    /// ever. Where several processes share a store, what one of them need not keep is removed for all.
    #[must_use]
    pub fn retention(mut self, retention: Option<Retention>) -> Self {
        self.retention = retention;
        self
    }

    pub(crate) fn polls(&self) -> bool {
        self.delivery == Delivery::Poll || matches!(self.clock, ClockSource::Manual(_))
    }

    /// Whether a store that is open with these options behaves as one opened with those.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let same_host = match (&self.host, &other.host) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        same_host
            && self.clock.is_same(&other.clock)
            && self.entropy == other.entropy
            && self.durability == other.durability
            && self.sync_every == other.sync_every
            && self.arbitration == other.arbitration
            && self.retention == other.retention
            && self.polls() == other.polls()
    }
}

impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("path", &self.path)
            .field("clock", &self.clock)
            .field("entropy", &self.entropy)
            .field("durability", &self.durability)
            .field("sync_every", &self.sync_every)
            .field("delivery", &self.delivery)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}
