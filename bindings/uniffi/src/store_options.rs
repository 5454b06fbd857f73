//! How a store is opened.

use crate::time::Span;

/// When what the engine accepted reaches the disk. Whatever is chosen, every state change is committed and fully synced
/// before its call returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Durability {
    /// A call that returned success is committed: it survives the death of the process.
    EachInput,
    /// Samples are gathered in bounded memory and committed after this time at the latest, at every state change, and
    /// before anything is read back; a killed process loses at most this much. For replay, import and simulation.
    Within {
        /// The time.
        span: Span,
    },
}

/// Who delivers callbacks and runs timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// The engine's own threads.
    OwnThread,
    /// The app, by polling the store. A manual clock implies this.
    Poll,
}

/// How a store is opened.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StoreOptions {
    /// The file, which is made when it does not exist; nothing keeps the store in memory.
    pub path: Option<String>,
    /// When what was accepted reaches the disk.
    pub durability: Durability,
    /// How much a power cut may cost: what was committed is fully synced after this time at the latest. Nothing means: at
    /// state changes only. Usual: 10 seconds.
    pub sync_every: Option<Span>,
    /// Who delivers callbacks.
    pub delivery: Delivery,
    /// With a seed, ids are the same in every run; for tests. Nothing takes the machine's random numbers.
    pub seed: Option<u64>,
    /// Who yields when a session starts while another one is under way on the device. Usual: the one that is under way, which
    /// fails with `anotherWorkoutSessionStarted`. With true the newcomer: its call to prepare or start fails with that code.
    #[uniffi(default = false)]
    pub newcomer_yields: bool,
}

impl From<Durability> for paceline::Durability {
    fn from(durability: Durability) -> Self {
        match durability {
            Durability::EachInput => Self::EachInput,
            Durability::Within { span } => Self::Within(span.into()),
        }
    }
}

impl From<Delivery> for paceline::Delivery {
    fn from(delivery: Delivery) -> Self {
        match delivery {
            Delivery::OwnThread => Self::Thread,
            Delivery::Poll => Self::Poll,
        }
    }
}

impl From<StoreOptions> for paceline::StoreOptions {
    fn from(options: StoreOptions) -> Self {
        let made = Self::new()
            .durability(options.durability.into())
            .sync_every(options.sync_every.map(Into::into))
            .delivery(options.delivery.into())
            .arbitration(arbitration(options.newcomer_yields))
            .entropy(options.seed.map_or(paceline::Entropy::System, paceline::Entropy::Seeded));
        match options.path {
            Some(path) => made.path(path),
            None => made,
        }
    }
}

pub(crate) fn arbitration(newcomer_yields: bool) -> paceline::Arbitration {
    if newcomer_yields { paceline::Arbitration::Refuse } else { paceline::Arbitration::NewcomerWins }
}
