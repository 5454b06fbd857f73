//! The store.

use crate::clock::CoreManualClock;
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
}

/// What a poll did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PollOutcome {
    /// How many callbacks were delivered.
    pub delivered: u32,
    /// When to poll again at the latest; nothing when no timer is set.
    pub next_deadline: Option<Timestamp>,
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
    /// options.
    #[uniffi::constructor]
    pub fn new(
        options: StoreOptions,
        clock: Option<Arc<CoreManualClock>>,
        host: Option<Arc<dyn CoreHost>>,
    ) -> Result<Self, PacelineError> {
        guarded(|| {
            let mut options = paceline::StoreOptions::from(options);
            if let Some(clock) = clock {
                options = options.clock(&clock.0);
            }
            if let Some(host) = host {
                options = options.host(Arc::new(Platform(host)));
            }
            paceline::HealthStore::open(options).map(Self)
        })
    }

    /// Takes in a packed batch of samples. They are saved, and the live builder collects what its data source selects. A
    /// batch number that was committed before is answered with success and ignored.
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

impl From<paceline::Ingested> for Ingested {
    fn from(ingested: paceline::Ingested) -> Self {
        Self { samples: ingested.samples, collected: ingested.collected, repeated: ingested.repeated }
    }
}
