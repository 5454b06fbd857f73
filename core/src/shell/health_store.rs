//! The store as a user holds it.

use super::clock::{Clock, ClockSource, SystemClock};
use super::engine::{Engine, Ingested};
use super::host::{HostCapabilities, HostReport};
use super::mirroring::MirroringStartHandler;
use super::options::StoreOptions;
use super::store::{MemoryDisk, SessionOwner, UnfinishedWorkout};
use super::transport::{PeerId, Transport};
use super::workout_session::WorkoutSession;
use crate::machines::intervals::{IntervalCount, IntervalStatistics};
use crate::machines::mirror::primary::ObserverRole;
use crate::values::{
    ErrorCode, PacelineError, QuantitySample, QuantityType, SampleSource, SourceId, Timestamp, Workout,
};
use parking_lot::Mutex;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use uuid::Uuid;

/// The stores that are open in this process: opening one twice gives handles on one engine, because two connections
/// with two ideas of the present would fight over it.
static OPEN: Mutex<Vec<OpenStore>> = Mutex::new(Vec::new());

struct OpenStore {
    place: Place,
    engine: Weak<Engine>,
}

/// What tells one store from another.
#[derive(PartialEq)]
enum Place {
    /// A file, whatever path leads to it. Another one may have taken its path since, so its number counts too.
    File(PathBuf, FileId),
    /// A disk in memory.
    Disk(MemoryDisk),
}

impl Place {
    /// Nothing for a file that is not there, and for memory that goes with its store.
    fn of(options: &StoreOptions) -> Option<Self> {
        match (&options.path, &options.disk) {
            (Some(path), _) => file_id(path).map(|file| Self::File(identity(path), file)),
            (None, Some(disk)) => Some(Self::Disk(disk.clone())),
            (None, None) => None,
        }
    }
}

/// Where workouts live: a file, or memory. Clones are handles on the same store.
///
/// Calls may come from any thread, callbacks included; each runs to its end and returns its own result.
#[derive(Clone)]
pub struct HealthStore {
    pub(crate) engine: Arc<Engine>,
}

/// What a call to [`HealthStore::poll`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollOutcome {
    /// How many callbacks were delivered.
    pub delivered: u32,
    /// When to poll again at the latest; nothing when no timer is set.
    pub next_deadline: Option<Timestamp>,
}

impl HealthStore {
    /// Opens a store. A file that is open in this process already is shared.
    ///
    /// # Errors
    /// Domain `store`: 1 when the file cannot be opened or made; 2 when it is damaged or no database; 3 when it belongs
    /// to another program; 4 when a newer release wrote it (in these three cases the file is left as it is); 8 when it is
    /// open in this process with other options.
    pub fn open(options: StoreOptions) -> Result<Self, PacelineError> {
        // Asked before any lock is taken: the host's code may call back.
        let capabilities = options.host.as_ref().map(|host| host.capabilities()).unwrap_or_default();
        let mut open = OPEN.lock();
        open.retain(|known| known.engine.upgrade().is_some_and(|engine| !engine.is_killed()));
        let place = Place::of(&options);
        let known = open.iter().find(|known| Some(&known.place) == place.as_ref());
        if let Some(engine) = known.and_then(|known| known.engine.upgrade()) {
            if !engine.options.is_same(&options) {
                let error = PacelineError::new(
                    ErrorCode::StoreOptionsDiffer,
                    "this store is open already with other options; use the same or close it first",
                );
                return Err(match &options.path {
                    Some(path) => error.with_value(path.display()),
                    None => error,
                });
            }
            return Ok(Self { engine });
        }
        let store = Self::begin(options, capabilities)?;
        // A file that was not there is there now.
        let place = Place::of(&store.engine.options);
        open.extend(place.map(|place| OpenStore { place, engine: Arc::downgrade(&store.engine) }));
        Ok(store)
    }

    /// Opens the store in this file with default options; the file is made when it does not exist.
    ///
    /// # Errors
    /// As [`HealthStore::open`].
    pub fn open_file(path: impl Into<PathBuf>) -> Result<Self, PacelineError> {
        Self::open(StoreOptions::new().path(path))
    }

    /// A store in memory with default options.
    ///
    /// # Errors
    /// Domain `store`, when the machine has no memory left for it.
    pub fn in_memory() -> Result<Self, PacelineError> {
        Self::open(StoreOptions::new())
    }

    /// Moves a store file out of the way, together with what the database keeps beside it, and tells its new name in the same
    /// folder. For a file that cannot be opened: it is kept as it is, and a new store can be made in its place.
    ///
    /// # Errors
    /// Domain `store`: 7 when this or another process has it open, and nothing is moved; 9 when there is no such file; 1 when
    /// it is no file, or may not be opened; 5 when it cannot be moved.
    pub fn set_aside(path: impl AsRef<Path>) -> Result<PathBuf, PacelineError> {
        let path = path.as_ref();
        // Nobody opens it meanwhile.
        let mut open = OPEN.lock();
        open.retain(|known| known.engine.upgrade().is_some_and(|engine| !engine.is_killed()));
        let place = file_id(path).map(|file| Place::File(identity(path), file));
        if place.is_some_and(|place| open.iter().any(|known| known.place == place)) {
            return Err(PacelineError::new(
                ErrorCode::StoreBusy,
                "this store is open in this process; let go of it first",
            )
            .with_value(path.display()));
        }
        super::store::set_aside(path, SystemClock.now())
    }

    pub(super) fn begin(
        options: StoreOptions,
        capabilities: HostCapabilities,
    ) -> Result<Self, PacelineError> {
        let polls = options.polls();
        let engine = Arc::new(Engine::new(options, capabilities)?);
        if let ClockSource::Manual(clock) = &engine.clock {
            clock.attach(&engine);
        }
        if !polls {
            super::threads::start(&engine)?;
        }
        Ok(Self { engine })
    }

    /// The session of a workout that was going on when the app was last killed, or whose builder was not finished: in its last
    /// state, with its dates; its builder with start, events, activities, statistics and metadata. It goes on from there and
    /// needs no new start. The session itself when it lives in this process; nothing when there is nothing to recover. Of
    /// several the one that is going on, then the latest; the others come when that one is finished or discarded.
    ///
    /// # Errors
    /// Domain `store` when it cannot be read.
    pub fn recover_active_workout_session(&self) -> Result<Option<WorkoutSession>, PacelineError> {
        let cell = self.engine.recover()?;
        Ok(cell.map(|cell| {
            let session = WorkoutSession::from_parts(Arc::clone(&self.engine), cell);
            session.restore_data_source();
            session
        }))
    }

    /// The workouts that are not finished, wherever they live, in the order in which they would be recovered: those whose session is
    /// going on before others, of these the latest first. Only looks: an app that must know what is there before it recovers,
    /// to ask the person or to set a clock, finds its payload here.
    ///
    /// # Errors
    /// As [`HealthStore::workouts`].
    pub fn unfinished_workouts(&self) -> Result<Vec<UnfinishedWorkout>, PacelineError> {
        let at = self.engine.clock.moment();
        self.engine.read(|database| database.unfinished(at))
    }

    /// The session that holds the device, in this process or in another one that shares the store; nothing when none does. To be
    /// asked before starting one that would end it.
    ///
    /// # Errors
    /// As [`HealthStore::workouts`].
    pub fn session_owner(&self) -> Result<Option<SessionOwner>, PacelineError> {
        self.engine.session_owner()
    }

    /// Starts a session now. One that belongs to no store belongs to this one from here on.
    ///
    /// # Errors
    /// Health 3 when it started before or belongs to another store; else as [`WorkoutSession::start_activity`].
    #[deprecated(note = "use `WorkoutSession::start_activity`")]
    pub fn start(&self, session: &WorkoutSession) -> Result<(), PacelineError> {
        session.join(&self.engine)?;
        session.start_activity(None)
    }

    /// Ends a session of this store.
    ///
    /// # Errors
    /// Health 3 when it belongs to another store or to none; else as [`WorkoutSession::end`].
    #[deprecated(note = "use `WorkoutSession::end`")]
    pub fn end(&self, session: &WorkoutSession) -> Result<(), PacelineError> {
        session.must_belong_to(&self.engine)?;
        session.end()
    }

    /// Pauses a session of this store.
    ///
    /// # Errors
    /// Health 3 when it belongs to another store or to none; else as [`WorkoutSession::pause`].
    #[deprecated(note = "use `WorkoutSession::pause`")]
    pub fn pause(&self, session: &WorkoutSession) -> Result<(), PacelineError> {
        session.must_belong_to(&self.engine)?;
        session.pause()
    }

    /// Lets a paused session of this store go on.
    ///
    /// # Errors
    /// Health 3 when it belongs to another store or to none; else as [`WorkoutSession::resume`].
    #[deprecated(note = "use `WorkoutSession::resume`")]
    pub fn resume_workout_session(&self, session: &WorkoutSession) -> Result<(), PacelineError> {
        session.must_belong_to(&self.engine)?;
        session.resume()
    }

    /// Takes in a packed batch of samples. They are saved, and the live builder collects what its data source selects.
    /// A batch whose number is not higher than the last one of its source is answered with success and ignored; the last number
    /// outlives the process, so numbering goes on where it stopped.
    ///
    /// # Errors
    /// Domain `input` when the batch is malformed, a row is wrong (nothing of the batch is kept, the error names the row),
    /// or the source was never registered; domain `store` when it cannot be saved.
    pub fn ingest(&self, batch: &[u8]) -> Result<Ingested, PacelineError> {
        self.engine.ingest(batch)
    }

    /// Takes in one sample; see [`HealthStore::ingest`].
    ///
    /// # Errors
    /// As [`HealthStore::ingest`].
    pub fn ingest_sample(&self, sample: &QuantitySample) -> Result<Ingested, PacelineError> {
        self.engine.ingest_sample(sample)
    }

    /// The number of a source in this store; a source that is new is registered. The identifier tells sources apart.
    ///
    /// # Errors
    /// Input 1 for an empty identifier; domain `store` when it cannot be saved.
    pub fn register_source(&self, source: &SampleSource) -> Result<SourceId, PacelineError> {
        self.engine.register(source)
    }

    /// The highest number of a batch of this source that was committed; 0 when none was. After the app was killed, its next
    /// batch has the next number.
    ///
    /// # Errors
    /// Input 3 for a source that was never registered; else as [`HealthStore::workouts`].
    pub fn last_batch(&self, source: SourceId) -> Result<u64, PacelineError> {
        self.engine.last_batch(source)
    }

    /// The saved workouts, newest first. One that this release cannot read, because a newer one saved it, is left out and
    /// logged.
    ///
    /// # Errors
    /// Health 6 while the device is locked; domain `store` when they cannot be read.
    pub fn workouts(&self) -> Result<Vec<Workout>, PacelineError> {
        self.engine.read(|database| {
            let mut workouts = Vec::new();
            for id in database.workout_ids()? {
                match database.workout(id) {
                    Err(error) if error.code() == ErrorCode::StoreDamaged => {
                        log::error!("a saved workout was left out of the list: {error}");
                    }
                    found => workouts.extend(found?),
                }
            }
            Ok(workouts)
        })
    }

    /// The ids of the saved workouts, newest first.
    ///
    /// # Errors
    /// As [`HealthStore::workouts`].
    pub fn workout_ids(&self) -> Result<Vec<Uuid>, PacelineError> {
        self.engine.read(super::store::Database::workout_ids)
    }

    /// A saved workout, or nothing when there is none with this id.
    ///
    /// # Errors
    /// As [`HealthStore::workouts`].
    pub fn workout(&self, id: Uuid) -> Result<Option<Workout>, PacelineError> {
        self.engine.read(|database| database.workout(id))
    }

    /// A page of a saved workout's samples of one type, by rising start: at most `limit`, after the last sample of the
    /// page before. An empty page is the end.
    ///
    /// # Errors
    /// Store 9 when there is no such workout; else as [`HealthStore::workouts`].
    pub fn samples(
        &self,
        workout: Uuid,
        quantity_type: QuantityType,
        after: Option<&QuantitySample>,
        limit: u32,
    ) -> Result<Vec<QuantitySample>, PacelineError> {
        self.engine.read(|database| {
            let key = database.workout_key(workout)?.ok_or_else(|| no_such_workout(workout))?;
            database.samples(key, quantity_type, after, limit)
        })
    }

    /// The statistics of parts of a saved workout, such as its laps, in the order of asking. Parts may leave gaps and share
    /// borders, but not overlap; a reading at a shared border belongs to the later one.
    ///
    /// # Errors
    /// Health 3 when a part ends before it starts or two parts overlap; store 9 when there is no such workout; else as
    /// [`HealthStore::workouts`].
    pub fn statistics_over(
        &self,
        workout: Uuid,
        intervals: &[(Timestamp, Timestamp)],
    ) -> Result<Vec<IntervalStatistics>, PacelineError> {
        self.engine.read(|database| {
            let (Some(key), Some(saved)) = (database.workout_key(workout)?, database.workout(workout)?)
            else {
                return Err(no_such_workout(workout));
            };
            let mut count = IntervalCount::new(&saved, intervals)?;
            database.count_intervals(key, &mut count)?;
            Ok(count.finish())
        })
    }

    /// How many samples the store holds, in workouts and outside.
    ///
    /// # Errors
    /// As [`HealthStore::workouts`].
    pub fn sample_count(&self) -> Result<u64, PacelineError> {
        self.engine.read(super::store::Database::sample_count)
    }

    /// Tells the engine what the platform decided.
    ///
    /// # Errors
    /// Domain `store` when a refused session's end cannot be saved.
    pub fn report(&self, report: &HostReport) -> Result<(), PacelineError> {
        self.engine.report(report)
    }

    /// Commits and syncs everything, and from then on starts no write: for the moment before the system freezes the app, which
    /// on some systems must not hold a file lock then. Until [`HealthStore::resume`] what live sessions do and collect waits in
    /// bounded memory ([`Ingested::durable`] is false; delegates are not told, the app asked for it), timers of the store rest,
    /// and what cannot wait (to start or recover a session, to finish or discard a builder, samples that no session collects,
    /// new sources) is refused with store 12. Reading works. Suspending twice is suspending once.
    ///
    /// # Errors
    /// Domain `store` when something could not be saved; the store is suspended all the same.
    pub fn suspend(&self) -> Result<(), PacelineError> {
        self.engine.suspend()
    }

    /// Writes again, beginning with what waited since [`HealthStore::suspend`]. Nothing happens to a store that was not suspended.
    ///
    /// # Errors
    /// Domain `store` when what waited cannot be saved yet; it goes on waiting, and delegates hear of it. Health 8 when another
    /// process took the device meanwhile: the session here is over, and what it did while the store was suspended is dropped.
    pub fn resume(&self) -> Result<(), PacelineError> {
        self.engine.resume()
    }

    /// Sets what carries messages to other devices, for mirroring. Its links are down until [`HealthStore::link_up`] says otherwise;
    /// links of a transport that was attached before are down from here on.
    ///
    /// # Errors
    /// Boundary 3 after the simulated app was killed.
    pub fn attach_transport(&self, transport: Arc<dyn Transport>) -> Result<(), PacelineError> {
        self.engine.attach_transport(transport)
    }

    /// Messages can be sent to this device from now on; its app need not run yet. A link that was up before begins anew. At
    /// most 32 devices are known at once.
    ///
    /// # Errors
    /// Link 5 when no transport is attached; health 3 when too many devices are known.
    pub fn link_up(&self, peer: &PeerId) -> Result<(), PacelineError> {
        self.engine.link_up(peer)
    }

    /// The link to this device broke, for a reason that a person can read. A session of it that is mirrored here is of no use any
    /// more; when the link comes up again, the start handler gets another one. Do not report mere silence: what is said after it
    /// arrives.
    ///
    /// # Errors
    /// Boundary 3 after the simulated app was killed.
    pub fn link_down(&self, peer: &PeerId, reason: &str) -> Result<(), PacelineError> {
        self.engine.link_down(peer, reason)
    }

    /// A message of this device arrived. Messages may be lost, come twice, late, or in another order than they were sent.
    ///
    /// # Errors
    /// Link 6 when the message makes no sense, link 7 or 8 when the other device speaks another version, link 5 when no link to it is up.
    /// No workout is harmed by any of them. After a message that was whole but makes no sense, the link is down until it is
    /// reported up again.
    pub fn receive(&self, peer: &PeerId, message: &[u8]) -> Result<(), PacelineError> {
        self.engine.receive(peer, message)
    }

    /// Whether this device may control sessions that are mirrored there, or only look at them. A controller unless set; holds until
    /// the store is opened anew.
    ///
    /// # Errors
    /// Health 3 when too many devices are known.
    pub fn set_observer_role(&self, peer: &PeerId, role: ObserverRole) -> Result<(), PacelineError> {
        self.engine.set_observer_role(peer, role)
    }

    /// Who gets sessions of other devices that are mirrored here; nothing to stop. Set it early: an app may have been launched
    /// because such a session wants to be mirrored. One that came before is handed over now.
    pub fn set_mirroring_start_handler(&self, handler: Option<Arc<dyn MirroringStartHandler>>) {
        self.engine.set_mirroring_start_handler(handler);
    }

    /// Runs the timers that are due and delivers the callbacks that wait, on this thread. For hosts that chose
    /// `Delivery::Poll` or a manual clock. Inside a callback it delivers nothing.
    pub fn poll(&self) -> PollOutcome {
        let delivered = self.engine.poll();
        super::diagnostics::poll();
        let next_deadline = self
            .engine
            .next_due()
            .map(|due| self.engine.clock.now().plus(due.saturating_sub(self.engine.clock.elapsed())));
        PollOutcome { delivered, next_deadline }
    }

    /// The time as the engine sees it.
    pub fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }
}

impl fmt::Debug for HealthStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HealthStore").field(&self.engine.options).finish()
    }
}

fn no_such_workout(id: Uuid) -> PacelineError {
    PacelineError::new(ErrorCode::StoreNotFound, "the store has no workout with this id").with_value(id)
}

/// What tells one file from another, whatever path leads to it.
fn identity(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    // The file does not exist yet, its folder does.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Device and number of a file. Where the system has none, the path alone must do.
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<FileId> {
    path.exists().then_some((0, 0))
}
