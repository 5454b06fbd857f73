//! How a store is opened.

use crate::errors::PacelineError;
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

/// What happens when a session is prepared or started while another one is under way on the device, in this process or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Arbitration {
    /// The one that is under way yields: it fails with `anotherWorkoutSessionStarted` and ends. Its builder can still be
    /// finished.
    NewcomerWins,
    /// The newcomer yields: its call to prepare or start fails with `anotherWorkoutSessionStarted`, and nothing changes.
    Refuse,
    /// The newcomer's host is asked. The call to prepare or start succeeds and changes nothing yet; with the answer either the
    /// session that was under way yields and the newcomer starts then, or the newcomer fails with the error of the answer and
    /// ends. On a platform that does not arbitrate: the one that is under way yields.
    Ask,
    /// Nobody yields, the workout moves: the newcomer's call fails with `anotherWorkoutSessionStarted` and changes nothing, and
    /// `recoverActiveWorkoutSession` takes the session that is under way in another process over, with its id and all that it
    /// has. There it fails with the same error and ends, and nothing can be done with it any more.
    HandOver,
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
    /// What happens when a session starts while another one is under way on the device. Usual: the newcomer wins.
    pub arbitration: Arbitration,
    /// How long finished workouts, and samples that belong to none, are kept, counted from their end: a day at least. Usual:
    /// nothing, which keeps everything for ever. What is older is removed in the background while no session is going on, and
    /// not at the first word of a clock: only what was too old already when the store last looked, a day to a month before. A
    /// workout that is going on or can be recovered is never touched. Where several processes share a store, what one of them
    /// need not keep is removed for all.
    #[uniffi(default = None)]
    pub retention: Option<Span>,
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

impl From<Arbitration> for paceline::Arbitration {
    fn from(arbitration: Arbitration) -> Self {
        match arbitration {
            Arbitration::NewcomerWins => Self::NewcomerWins,
            Arbitration::Refuse => Self::Refuse,
            Arbitration::Ask => Self::Ask,
            Arbitration::HandOver => Self::HandOver,
        }
    }
}

impl TryFrom<StoreOptions> for paceline::StoreOptions {
    type Error = PacelineError;

    fn try_from(options: StoreOptions) -> Result<Self, PacelineError> {
        let retention =
            options.retention.map(|span| paceline::Retention::keep_for(span.into())).transpose()?;
        let made = Self::new()
            .durability(options.durability.into())
            .sync_every(options.sync_every.map(Into::into))
            .delivery(options.delivery.into())
            .arbitration(options.arbitration.into())
            .retention(retention)
            .entropy(options.seed.map_or(paceline::Entropy::System, paceline::Entropy::Seeded));
        Ok(match options.path {
            Some(path) => made.path(path),
            None => made,
        })
    }
}
