//! The store.

use crate::clock::CoreManualClock;
use crate::configuration::WorkoutConfiguration;
use crate::enums::WorkoutSessionState;
use crate::errors::PacelineError;
use crate::guard::{guarded, guarded_call};
use crate::host::{CoreHost, HostReport, Platform};
use crate::quantity_type::QuantityType;
use crate::sample::{QuantitySample, SampleSource};
use crate::statistics::{IntervalStatistics, WorkoutInterval};
use crate::store_options::StoreOptions;
use crate::time::{Timestamp, Uuid};
use crate::workout::Workout;
use crate::workout_session::CoreWorkoutSession;
use std::sync::Arc;

/// What a batch of samples became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Ingested {
    /// How many samples were saved.
    pub samples: u32,
    /// How many of them the live builder collected.
    pub collected: u32,
    /// The batch number was committed before; nothing was saved now.
    pub repeated: bool,
    /// Whether it is as safe as the store's durability promises. False while the store cannot be written: accepted, but not yet
    /// durable. It waits in memory and is saved as soon as that is possible; do not send it again.
    pub durable: bool,
}

/// What a poll did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PollOutcome {
    /// How many callbacks were delivered.
    pub delivered: u32,
    /// When to poll again at the latest; nothing when no timer is set.
    pub next_deadline: Option<Timestamp>,
}

/// The session that holds the device.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SessionOwner {
    /// The session.
    pub session: Uuid,
    /// Where it is in its life, as far as it was saved.
    pub state: WorkoutSessionState,
    /// What kind of workout it is.
    pub configuration: WorkoutConfiguration,
    /// The number of its process.
    pub process: u32,
    /// Whether it lives in this store object or one that shares it, and not in another process.
    pub is_here: bool,
    /// Whether its process lives. A session whose process is dead can be recovered.
    pub is_alive: bool,
}

/// A workout that is not finished, as the store has it: going on in this process or another one, or waiting to be recovered.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct UnfinishedWorkout {
    /// Its session.
    pub session: Uuid,
    /// What kind of workout it is.
    pub configuration: WorkoutConfiguration,
    /// Where its session is in its life.
    pub state: WorkoutSessionState,
    /// When its session first ran; nothing before.
    pub start_date: Option<Timestamp>,
    /// The latest instant that is known of it: something happened then, or was measured. Nothing before the start.
    pub last_date: Option<Timestamp>,
    /// What the app keeps with its session.
    pub payload: Vec<u8>,
    /// The number of the process that held it last.
    pub process: u32,
    /// Whether it lives in this store object or one that shares it, and not in another process.
    pub is_here: bool,
    /// Whether it lives. One that does not can be recovered.
    pub is_alive: bool,
}

/// Where workouts live: a file, or memory. Calls may come from any thread, callbacks included; each runs to its end and
/// returns its own result.
#[derive(Debug, uniffi::Object)]
pub struct CoreHealthStore(pub(crate) paceline::HealthStore);

#[uniffi::export]
impl CoreHealthStore {
    /// Opens a store. A file that is open in this process already is shared. Without a clock the machine's clock is read;
    /// without a host everything is allowed.
    ///
    /// Errors: `storeCannotOpen` when the file cannot be opened or made; `storeDamaged`, `storeForeign`, `storeTooNew` for a
    /// file that is no store of ours (it is left as it is); `storeOptionsDiffer` when it is open in this process with other
    /// options; `invalidArgument` for a retention of less than a day.
    #[uniffi::constructor]
    pub fn new(
        options: StoreOptions,
        clock: Option<Arc<CoreManualClock>>,
        host: Option<Arc<dyn CoreHost>>,
    ) -> Result<Self, PacelineError> {
        guarded(|| {
            let mut options = paceline::StoreOptions::try_from(options)?;
            if let Some(clock) = clock {
                options = options.clock(&clock.0);
            }
            if let Some(host) = host {
                options = options.host(Arc::new(Platform(host)));
            }
            Ok::<_, PacelineError>(Self(paceline::HealthStore::open(options)?))
        })
    }

    /// Takes in a packed batch of samples. They are saved, and the live builder collects what its data source selects. A
    /// batch whose number is not higher than the last one of its source is answered with success and ignored; the last number
    /// outlives the process.
    ///
    /// Errors: domain input when the batch is malformed, a row is wrong (nothing of the batch is kept, the reason names the
    /// row), or the source was never registered; domain store when it cannot be saved.
    pub fn ingest(&self, batch: &[u8]) -> Result<Ingested, PacelineError> {
        guarded(|| self.0.ingest(batch).map(Into::into))
    }

    /// Takes in one sample; see `ingest`.
    ///
    /// Errors: as `ingest`.
    pub fn ingest_sample(&self, sample: QuantitySample) -> Result<Ingested, PacelineError> {
        guarded(|| self.0.ingest_sample(&sample.into()).map(Into::into))
    }

    /// The number of a source in this store; a source that is new is registered. The identifier tells sources apart.
    ///
    /// Errors: `inputMalformed` for an empty identifier; domain store when it cannot be saved.
    pub fn register_source(&self, source: SampleSource) -> Result<u32, PacelineError> {
        guarded(|| self.0.register_source(&source.into()).map(|id| id.0))
    }

    /// The highest number of a batch of this source that was committed; 0 when none was. After the app was killed, its next
    /// batch has the next number.
    ///
    /// Errors: `inputUnknown` for a source that was never registered; else as `workouts`.
    pub fn last_batch(&self, source: u32) -> Result<u64, PacelineError> {
        guarded(|| self.0.last_batch(paceline::SourceId(source)))
    }

    /// The saved workouts, newest first.
    ///
    /// Errors: `databaseInaccessible` while the device is locked; domain store when they cannot be read.
    pub fn workouts(&self) -> Result<Vec<Workout>, PacelineError> {
        guarded(|| self.0.workouts().map(|workouts| workouts.into_iter().map(Into::into).collect()))
    }

    /// The ids of the saved workouts, newest first.
    ///
    /// Errors: as `workouts`.
    pub fn workout_ids(&self) -> Result<Vec<Uuid>, PacelineError> {
        guarded(|| self.0.workout_ids())
    }

    /// A saved workout, or nothing when there is none with this id.
    ///
    /// Errors: as `workouts`.
    pub fn workout(&self, id: Uuid) -> Result<Option<Workout>, PacelineError> {
        guarded(|| self.0.workout(id).map(|workout| workout.map(Into::into)))
    }

    /// A page of a saved workout's samples of one type, by rising start: at most `limit`, after the last sample of the page
    /// before. An empty page is the end.
    ///
    /// Errors: `storeNotFound` when there is no such workout; else as `workouts`.
    pub fn samples(
        &self,
        workout: Uuid,
        quantity_type: QuantityType,
        after: Option<QuantitySample>,
        limit: u32,
    ) -> Result<Vec<QuantitySample>, PacelineError> {
        guarded(|| {
            let after = after.map(Into::into);
            let page = self.0.samples(workout, quantity_type.into(), after.as_ref(), limit)?;
            Ok::<_, PacelineError>(page.into_iter().map(Into::into).collect())
        })
    }

    /// The statistics of parts of a saved workout, such as its laps, in the order of asking. Parts may leave gaps and share
    /// borders, but not overlap; a reading at a shared border belongs to the later one.
    ///
    /// Errors: `invalidArgument` when a part ends before it starts or two parts overlap; `storeNotFound` when there is no
    /// such workout; else as `workouts`.
    pub fn statistics_over(
        &self,
        workout: Uuid,
        intervals: Vec<WorkoutInterval>,
    ) -> Result<Vec<IntervalStatistics>, PacelineError> {
        guarded(|| {
            let intervals: Vec<_> = intervals.iter().map(|part| (part.start, part.end)).collect();
            let parts = self.0.statistics_over(workout, &intervals)?;
            Ok::<_, PacelineError>(parts.into_iter().map(Into::into).collect())
        })
    }

    /// How many samples the store holds, in workouts and outside.
    ///
    /// Errors: as `workouts`.
    pub fn sample_count(&self) -> Result<u64, PacelineError> {
        guarded(|| self.0.sample_count())
    }

    /// Tells the engine what the platform decided.
    ///
    /// Errors: domain store when a refused session's end cannot be saved.
    pub fn report(&self, report: HostReport) -> Result<(), PacelineError> {
        guarded(|| self.0.report(&report.into()))
    }

    /// Commits and syncs everything, and from then on starts no write: for the moment before the system freezes the app, which
    /// on some systems must not hold a file lock then. Until `resume` what live sessions do and collect waits in bounded memory
    /// (accepted, not yet durable; delegates are not told, the app asked for it), timers of the store rest, and what cannot wait
    /// (to start or recover a session, to finish or discard a builder, samples that no session collects, new sources) fails
    /// with `storeSuspended`. Reading works. Suspending twice is suspending once.
    ///
    /// Errors: domain store when something could not be saved; the store is suspended all the same.
    pub fn suspend(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.suspend())
    }

    /// Writes again, beginning with what waited since `suspend`. Nothing happens to a store that was not suspended.
    ///
    /// Errors: domain store when what waited cannot be saved yet; it goes on waiting, and delegates hear of it.
    /// `anotherWorkoutSessionStarted` when another process took the device meanwhile: the session here is over, and what it did
    /// while the store was suspended is dropped.
    pub fn resume(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.resume())
    }

    /// Runs the timers that are due and delivers the callbacks that wait, on this thread. For apps that chose to poll, or a
    /// manual clock. Inside a callback it delivers nothing.
    ///
    /// Errors: `internal` only.
    pub fn poll(&self) -> Result<PollOutcome, PacelineError> {
        guarded_call(|| {
            let outcome = self.0.poll();
            PollOutcome { delivered: outcome.delivered, next_deadline: outcome.next_deadline }
        })
    }

    /// The time as the engine sees it.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// The session of a workout that was going on when the app was last killed, or whose builder was not finished: in its
    /// last state, with its dates; its builder with start, events, activities, statistics and metadata. It goes on from
    /// there and needs no new start. The session itself when it lives in this process; nothing when there is nothing to
    /// recover. Of several the one that is going on, then the latest; the others come when that one is finished or discarded.
    ///
    /// Errors: domain store when it cannot be read.
    pub fn recover_active_workout_session(&self) -> Result<Option<Arc<CoreWorkoutSession>>, PacelineError> {
        guarded(|| {
            let session = self.0.recover_active_workout_session()?;
            Ok::<_, PacelineError>(session.map(|session| Arc::new(CoreWorkoutSession(session))))
        })
    }

    /// The workouts that are not finished, wherever they live, in the order in which they would be recovered: those whose session
    /// is going on before others, of these the latest first. Only looks: an app that must know what is there before it recovers
    /// finds its payload here.
    ///
    /// Errors: as `workouts`.
    pub fn unfinished_workouts(&self) -> Result<Vec<UnfinishedWorkout>, PacelineError> {
        guarded(|| self.0.unfinished_workouts().map(|found| found.into_iter().map(Into::into).collect()))
    }

    /// The session that holds the device, in this process or in another one that shares the store; nothing when none does.
    /// To be asked before starting one that would end it.
    ///
    /// Errors: as `workouts`.
    pub fn session_owner(&self) -> Result<Option<SessionOwner>, PacelineError> {
        guarded(|| self.0.session_owner().map(|owner| owner.map(Into::into)))
    }

    /// Deprecated: start the session itself. Starts a session now; one that belongs to no store belongs to this one from
    /// here on.
    ///
    /// Errors: `invalidArgument` when it started before or belongs to another store; else as the session's own call.
    pub fn start(&self, session: Arc<CoreWorkoutSession>) -> Result<(), PacelineError> {
        #[expect(deprecated, reason = "passed on as it is")]
        guarded(|| self.0.start(&session.0))
    }

    /// Deprecated: end the session itself.
    ///
    /// Errors: `invalidArgument` when it belongs to another store or to none; else as the session's own call.
    pub fn end(&self, session: Arc<CoreWorkoutSession>) -> Result<(), PacelineError> {
        #[expect(deprecated, reason = "passed on as it is")]
        guarded(|| self.0.end(&session.0))
    }

    /// Deprecated: pause the session itself.
    ///
    /// Errors: `invalidArgument` when it belongs to another store or to none; else as the session's own call.
    pub fn pause(&self, session: Arc<CoreWorkoutSession>) -> Result<(), PacelineError> {
        #[expect(deprecated, reason = "passed on as it is")]
        guarded(|| self.0.pause(&session.0))
    }

    /// Deprecated: resume the session itself.
    ///
    /// Errors: `invalidArgument` when it belongs to another store or to none; else as the session's own call.
    pub fn resume_workout_session(&self, session: Arc<CoreWorkoutSession>) -> Result<(), PacelineError> {
        #[expect(deprecated, reason = "passed on as it is")]
        guarded(|| self.0.resume_workout_session(&session.0))
    }
}

/// Moves a store file out of the way, together with what the database keeps beside it, and tells its new name in the same
/// folder. For a file that cannot be opened: it is kept as it is, and a new store can be made in its place.
///
/// Errors: `storeBusy` when this or another process has it open, and nothing is moved; `storeNotFound` when there is no such
/// file; `storeCannotOpen` when it is no file, or may not be opened; `storeWriteFailed` when it cannot be moved.
#[uniffi::export]
pub fn set_store_aside(path: String) -> Result<String, PacelineError> {
    guarded(|| paceline::HealthStore::set_aside(path).map(|path| path.to_string_lossy().into_owned()))
}

impl From<paceline::SessionOwner> for SessionOwner {
    fn from(owner: paceline::SessionOwner) -> Self {
        Self {
            session: owner.session,
            state: owner.state.into(),
            configuration: owner.configuration.into(),
            process: owner.process,
            is_here: owner.is_here,
            is_alive: owner.is_alive,
        }
    }
}

impl From<paceline::UnfinishedWorkout> for UnfinishedWorkout {
    fn from(workout: paceline::UnfinishedWorkout) -> Self {
        Self {
            session: workout.session,
            configuration: workout.configuration.into(),
            state: workout.state.into(),
            start_date: workout.start_date,
            last_date: workout.last_date,
            payload: workout.payload,
            process: workout.process,
            is_here: workout.is_here,
            is_alive: workout.is_alive,
        }
    }
}

impl From<paceline::Ingested> for Ingested {
    fn from(ingested: paceline::Ingested) -> Self {
        let paceline::Ingested { samples, collected, repeated, durable } = ingested;
        Self { samples, collected, repeated, durable }
    }
}
