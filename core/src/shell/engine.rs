//! The loop that everything hangs on: one input, one decision, one transaction, then its callbacks.

use super::cell::{Mirror, WorkoutCell};
use super::clock::{Clock, ClockSource};
use super::entropy::IdSource;
use super::guard::{guarded, panic_text};
use super::host::{HostCapabilities, HostReport};
use super::mirroring::MirroringStartHandler;
use super::options::StoreOptions;
use super::outbox::{Letter, Outbox};
use super::pending::{Pending, RETRY_AFTER};
use super::presence::Presence;
use super::published::Published;
use super::store::{Database, MemoryDisk, SessionOwner};
use super::sync::{Mutex, MutexGuard};
use super::ticker::Ticker;
use super::upkeep::Upkeep;
use super::writer::{Entry, Mail, Mirroring, Plan, Writer};
use super::{live_builder::LiveWorkoutBuilder, workout_session::WorkoutSession};
use crate::machines::arbitration::{Arbitration, Entrance, enters, incumbents_fate};
use crate::machines::change::{Input, Notice};
use crate::machines::data_source::Selection;
use crate::machines::host_facts::HostFacts;
use crate::machines::live_workout::LiveWorkout;
use crate::values::batch::PackedBatch;
use crate::values::rows::Rows;
use crate::values::{
    ErrorCode, PacelineError, QuantitySample, SampleSource, SourceId, Workout, WorkoutConfiguration,
};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// One store and everything that runs on it.
pub(crate) struct Engine {
    pub(crate) options: StoreOptions,
    pub(crate) clock: ClockSource,
    pub(crate) ids: IdSource,
    capabilities: HostCapabilities,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) ticker: Arc<Ticker>,
    pub(super) writer: Mutex<Writer>,
    /// A connection of its own for reading files, made at the first use: a long list holds up nobody who writes. A store in
    /// memory is read under the writer's lock.
    reader: Mutex<Option<Database>>,
    presence: Presence,
    /// Set once, under the writer's lock: from then on nothing is done any more, as if the process were gone.
    killed: AtomicBool,
    pub(super) mirroring_start_handler: Mutex<Option<Arc<dyn MirroringStartHandler>>>,
    /// How often the app of a simulated device was launched.
    pub(super) launch: AtomicU64,
}

/// What a batch became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ingested {
    /// How many samples were saved.
    pub samples: u32,
    /// How many of them the live builder collected.
    pub collected: u32,
    /// The batch number was committed before; nothing was saved now.
    pub repeated: bool,
    /// Whether it is as safe as the store's [`Durability`](crate::Durability) promises. False while the store cannot be
    /// written: accepted, but not yet durable. It waits in memory and is saved as soon as that is possible; do not
    /// send it again.
    pub durable: bool,
}

impl Engine {
    pub(crate) fn new(options: StoreOptions, capabilities: HostCapabilities) -> Result<Self, PacelineError> {
        let presence = Presence::enter();
        let holder = presence.clone();
        let database = match (&options.path, &options.disk) {
            (Some(path), _) => Database::open_file(path, holder),
            (None, Some(disk)) => Database::open_in_memory(disk, holder),
            (None, None) => MemoryDisk::new().and_then(|disk| Database::open_in_memory(&disk, holder)),
        }
        .inspect_err(|_| presence.leave())?;
        let sources = database.load_sources()?;
        let outbox: Arc<Outbox> = Arc::default();
        let upkeep = Upkeep::at_opening(&database, options.retention, options.clock.elapsed());
        Ok(Self {
            clock: options.clock.clone(),
            ids: IdSource::new(options.entropy, database.age()?),
            outbox: Arc::clone(&outbox),
            ticker: Arc::default(),
            writer: Mutex::new(Writer {
                database,
                outbox,
                durability: options.durability,
                sync_every: options.sync_every,
                asks_for_session_mode: capabilities.asks_for_session_mode(),
                workouts: BTreeMap::new(),
                active: None,
                arbitration: match options.arbitration {
                    Arbitration::Ask if !capabilities.arbitrates() => Arbitration::NewcomerWins,
                    arbitration => arbitration,
                },
                knows_processes: capabilities.knows_processes(),
                watched: can_be_overtaken(&options).then_some(Duration::ZERO),
                facts: HostFacts::default(),
                sources,
                pending: Pending::default(),
                requests: BTreeMap::new(),
                next_request: 1,
                unsent: Vec::new(),
                recount_from: Duration::ZERO,
                upkeep,
                scratch: Rows::default(),
                outage: None,
                suspended: false,
                mirroring: Mirroring::default(),
            }),
            capabilities,
            options,
            killed: AtomicBool::new(false),
            mirroring_start_handler: Mutex::default(),
            launch: AtomicU64::new(0),
            presence,
            reader: Mutex::default(),
        })
    }

    /// # Errors
    /// Boundary 3 after it was killed, and in a process that was forked from the one that opened it.
    pub(super) fn lock(&self) -> Result<MutexGuard<'_, Writer>, PacelineError> {
        let writer = self.writer.lock();
        if !self.presence.is_here() {
            return Err(PacelineError::new(
                ErrorCode::StaleHandle,
                "this store was opened before the process was forked; open it anew here",
            ));
        }
        if self.killed.load(Ordering::Relaxed) {
            return Err(PacelineError::new(
                ErrorCode::StaleHandle,
                "the app that held this was killed; relaunch its device and recover",
            ));
        }
        Ok(writer)
    }

    /// Stops as if the process were killed: what was not committed is lost, nothing is told to anyone.
    pub(crate) fn kill(&self) {
        let mut writer = self.writer.lock();
        self.killed.store(true, Ordering::Relaxed);
        self.presence.leave();
        let (workouts, _) = (std::mem::take(&mut writer.workouts), std::mem::take(&mut writer.pending));
        drop(writer);
        drop(self.outbox.clear());
        drop(workouts);
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.killed.load(Ordering::Relaxed)
    }

    /// Makes the disk of a simulated device refuse to be written, or take everything again.
    pub(crate) fn set_disk_writable(&self, writable: bool) -> Result<(), PacelineError> {
        self.lock()?.database.set_writable(writable)
    }

    /// Commits and syncs what waits, and then starts no write until [`Engine::resume`].
    pub(crate) fn suspend(&self) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        if writer.suspended {
            return Ok(());
        }
        let outcome = writer.fall_asleep(at);
        self.release(writer, Uuid::nil());
        outcome
    }

    /// Saves what waited while the store was suspended.
    pub(crate) fn resume(&self) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        if !writer.suspended {
            return Ok(());
        }
        let outcome = writer.wake(at);
        self.release(writer, Uuid::nil());
        outcome
    }

    /// The workout that is going on, or is not finished: the one that lives, else the latest in the store.
    pub(crate) fn recover(&self) -> Result<Option<Arc<WorkoutCell>>, PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        if let Some(living) = writer.living() {
            return Ok(Some(Arc::clone(&living.cell)));
        }
        let cell = writer.recover(at)?.map(|entry| Arc::clone(&entry.cell));
        self.release(writer, cell.as_ref().map_or(Uuid::nil(), |cell| cell.id));
        Ok(cell)
    }

    /// Makes a session in its first state. Nothing is written until something happens to it.
    pub(crate) fn create(
        &self,
        configuration: WorkoutConfiguration,
    ) -> Result<Arc<WorkoutCell>, PacelineError> {
        self.check(&configuration)?;
        let workout = LiveWorkout::new(self.ids.uuid()?, configuration);
        let cell = Arc::new(WorkoutCell::new(Published::new(&workout, 0, self.clock.moment())));
        self.admit(&cell)?;
        Ok(cell)
    }

    /// # Errors
    /// Health 3 for a configuration that is not valid, health 12 for an activity type this device refuses.
    pub(crate) fn check(&self, configuration: &WorkoutConfiguration) -> Result<(), PacelineError> {
        configuration.validate()?;
        if self.capabilities.refused_activities.contains(&configuration.activity_type) {
            return Err(PacelineError::new(
                ErrorCode::WorkoutActivityNotAllowed,
                "this device makes no sessions of this activity type",
            )
            .with_value(configuration.activity_type));
        }
        Ok(())
    }

    /// Takes a session in its first state among those of this store; one that is there already stays as it is.
    pub(crate) fn admit(&self, cell: &Arc<WorkoutCell>) -> Result<(), PacelineError> {
        let mut writer = self.lock()?;
        // Their delegates are dropped with them, and may call the engine: only after the lock was released.
        let forgotten: Vec<_> = writer.workouts.extract_if(.., |_, entry| entry.is_forgotten()).collect();
        writer.workouts.entry(cell.id).or_insert_with(|| Entry::new(cell));
        drop(writer);
        drop(forgotten);
        Ok(())
    }

    /// Runs one input through the loop.
    pub(crate) fn step<F>(&self, id: Uuid, input: F) -> Result<(), PacelineError>
    where
        F: for<'a> FnOnce(&'a HostFacts) -> Input<'a>,
    {
        self.step_under(None, id, input)
    }

    /// The same, under another rule for who yields than the store has.
    fn step_under<F>(&self, rule: Option<Arbitration>, id: Uuid, input: F) -> Result<(), PacelineError>
    where
        F: for<'a> FnOnce(&'a HostFacts) -> Input<'a>,
    {
        // The clock is read where the call enters: waiting for the lock must not stretch a workout.
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        let rule = rule.unwrap_or(writer.arbitration);
        let entry = writer.entry(id)?;
        let input = input(&writer.facts);
        let entrance = Entrance::of(&input);
        if entrance.is_some() && entry.asked.is_some() {
            return Err(PacelineError::invalid("this session waits for the answer of the host"));
        }
        let changes = guarded(|| entry.workout.decide(input, at)).inspect_err(|error| {
            // Only the code: the sentence may hold a value.
            log::debug!("session {id}: a call was refused with {}", error.code().name());
        })?;
        if let Some(entrance) = entrance.filter(|_| rule == Arbitration::Ask && enters(&changes))
            && writer.ask(id, entrance, at)?
        {
            self.release(writer, id);
            return Ok(());
        }
        let mut plans = Vec::new();
        if let Some(incumbent) = writer.active.filter(|active| *active != id) {
            let workout = &writer.entry(incumbent)?.workout;
            if let Some(fate) = incumbents_fate(&workout.session, &changes, rule)? {
                plans.push(Plan::new(incumbent, guarded(|| workout.decide(fate, at))?));
            }
        }
        let incumbent = !plans.is_empty();
        plans.push(Plan::new(id, changes.clone()));
        let mut outcome = writer.perform_under(rule, plans, at);
        if incumbent && outcome.is_err() && writer.active.is_none() {
            // The incumbent of this process had lost the device to another one already.
            outcome = writer.perform_under(rule, vec![Plan::new(id, changes)], at);
        }
        self.release(writer, id);
        outcome
    }

    /// The host answered who yields.
    fn arbitrated(
        &self,
        id: Uuid,
        entrance: Entrance,
        refusal: Option<PacelineError>,
    ) -> Result<(), PacelineError> {
        let outcome = match refusal {
            None => self.step_under(Some(Arbitration::NewcomerWins), id, |facts| entrance.input(facts)),
            Some(refusal) => Err(refusal),
        };
        // The call returned long ago: what stops the session now is told to its delegate.
        outcome.or_else(|error| self.step(id, |_| Input::Fail(error)))
    }

    /// Finishes the builder of a workout. Nothing when the device is locked: the workout is saved, but cannot be read.
    pub(crate) fn finish(&self, id: Uuid) -> Result<Option<Workout>, PacelineError> {
        let at = self.clock.moment();
        let main_activity = self.ids.uuid()?;
        let mut writer = self.lock()?;
        // Statistics that are still being corrected are finished first, giving others the lock in between; after that the
        // workout may have been finished or discarded.
        let changes = loop {
            let workout = &writer.entry(id)?.workout;
            let changes = guarded(|| workout.decide(Input::Finish { facts: &writer.facts }, at))?;
            if workout.rows_wanted().is_none() {
                break changes;
            }
            writer.recount_piece(id, at, true)?;
            MutexGuard::bump(&mut writer);
        };
        let workout = guarded(|| writer.entry(id)?.workout.finished_workout(main_activity))?;
        let mut plan = Plan::new(id, changes);
        plan.saved = Some(workout.clone());
        let outcome = writer.perform(vec![plan], at);
        let locked = writer.facts.locked;
        self.release(writer, id);
        outcome.map(|()| (!locked).then_some(workout))
    }

    /// Adds samples by hand. Those that were saved before are only tied to the workout.
    pub(crate) fn add_samples(&self, id: Uuid, samples: &[QuantitySample]) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        writer.keep_time(id, at);
        let key = {
            let entry = writer.entry(id)?;
            entry.workout.check_samples(&Rows::default(), &writer.facts, at)?;
            entry.key
        };
        let (mut fresh, mut known, mut associated) = (Rows::default(), Rows::default(), Vec::new());
        if samples.iter().any(|sample| sample.id.is_some()) {
            writer.flush(false, at)?;
        }
        for (index, sample) in samples.iter().enumerate() {
            let place = format!("sample {index}");
            let Some(sample_id) = sample.id else {
                sample.validate(&place)?;
                let reading = writer.entry(id)?.workout.placed(&sample.reading(), at);
                fresh.push(writer.head(sample, &place)?, reading);
                continue;
            };
            let Some((head, reading)) = writer.database.sample(sample_id)? else {
                return Err(PacelineError::new(
                    ErrorCode::StoreNotFound,
                    format!("{place}: the store has no sample with this id"),
                )
                .with_value(sample_id.0));
            };
            match head.collected_by {
                None if !associated.contains(&sample_id) => {
                    associated.push(sample_id);
                    known.push(head, reading);
                }
                Some(other) if Some(other) != key => {
                    return Err(PacelineError::invalid(format!("{place} is part of another workout"))
                        .with_value(sample_id.0));
                }
                // Part of this workout already: it counts once.
                _ => {}
            }
        }
        {
            let workout = &writer.entry(id)?.workout;
            guarded(|| {
                workout.check_samples(&fresh, &writer.facts, at)?;
                workout.check_samples(&known, &writer.facts, at)
            })?;
        }
        fresh.mark(key);
        known.mark(key);
        let mut plan = Plan::new(id, Vec::new());
        plan.associated = associated;
        plan.fresh = fresh;
        plan.known = known;
        let outcome = writer.perform(vec![plan], at);
        self.release(writer, id);
        outcome
    }

    /// Takes in a packed batch.
    pub(crate) fn ingest(&self, bytes: &[u8]) -> Result<Ingested, PacelineError> {
        let at = self.clock.moment();
        let batch = PackedBatch::parse(bytes)?;
        let mut writer = self.lock()?;
        let source = writer.source(batch.source, "byte 8")?;
        if batch.number != 0 && batch.number <= source.last_batch {
            return Ok(Ingested { samples: 0, collected: 0, repeated: true, durable: true });
        }
        let kind = source.source.kind;
        let mut rows = std::mem::take(&mut writer.scratch);
        let read = batch.read_into(&mut rows, kind);
        if let Err(error) = read {
            writer.scratch = rows;
            return Err(error);
        }
        let outcome = writer.take_in(&mut rows, Some((batch.source, batch.number)), at);
        writer.scratch = rows;
        self.release(writer, Uuid::nil());
        outcome
    }

    /// Takes in one sample.
    pub(crate) fn ingest_sample(&self, sample: &QuantitySample) -> Result<Ingested, PacelineError> {
        let at = self.clock.moment();
        sample.validate("the sample")?;
        let mut writer = self.lock()?;
        let mut rows = Rows::default();
        rows.push(writer.head(sample, "the sample")?, sample.reading());
        let outcome = writer.take_in(&mut rows, None, at);
        self.release(writer, Uuid::nil());
        outcome
    }

    /// The id of a source, which is registered when it is new.
    pub(crate) fn register(&self, source: &SampleSource) -> Result<SourceId, PacelineError> {
        if source.identifier.is_empty() || source.identifier.contains('\0') || source.name.contains('\0') {
            return Err(PacelineError::new(
                ErrorCode::InputMalformed,
                "a source needs an identifier, and neither that nor its name may hold a zero byte",
            ));
        }
        let mut writer = self.lock()?;
        if let Some(known) = writer.sources.iter().find(|known| known.source.identifier == source.identifier)
        {
            return Ok(known.id);
        }
        writer.check_awake()?;
        let record = writer.database.insert_source(source)?;
        writer.pending.note_unsynced(self.clock.elapsed());
        let id = record.id;
        writer.sources.push(record);
        Ok(id)
    }

    /// The highest committed batch number of a source.
    pub(crate) fn last_batch(&self, id: SourceId) -> Result<u64, PacelineError> {
        self.lock()?.source(id, "a source")?;
        self.read(|database| database.last_batch(id))
    }

    /// Takes in what the platform tells.
    pub(crate) fn report(&self, report: &HostReport) -> Result<(), PacelineError> {
        let mut writer = self.lock()?;
        self.capabilities.note(&mut writer.facts, report);
        let outcome = match report {
            HostReport::Outcome { request, refusal } => {
                let refused = writer.requests.remove(request).zip(refusal.clone());
                let asked = writer.asked(*request);
                drop(writer);
                match (refused, asked) {
                    (_, Some((id, entrance))) => self.arbitrated(id, entrance, refusal.clone()),
                    (Some((id, refusal)), None) => self.step(id, |_| Input::Fail(refusal)),
                    (None, None) => Ok(()),
                }
            }
            HostReport::ProcessEnded(process) if writer.knows_processes => {
                writer.check_awake().and_then(|()| writer.database.let_go_of(*process))
            }
            _ => Ok(()),
        };
        match outcome {
            // The session may be over by now; then there is nothing left to refuse.
            Err(error) if error.code() == ErrorCode::StoreNotFound => Ok(()),
            outcome => outcome,
        }
    }

    /// Whose session is under way on this device, in this process or another.
    pub(crate) fn session_owner(&self) -> Result<Option<SessionOwner>, PacelineError> {
        let at = self.clock.moment();
        let stored = self.read(|database| database.session_owner(at))?;
        Ok(self.lock()?.owner(stored))
    }

    /// What the builder of a workout selects, if anything was set.
    pub(crate) fn selection(&self, id: Uuid) -> Option<Selection> {
        self.lock().ok()?.entry(id).ok()?.workout.builder.data_source.clone()
    }

    /// Reads from the store, after everything accepted was committed.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Database) -> Result<T, PacelineError>,
    ) -> Result<T, PacelineError> {
        let mut writer = self.lock()?;
        if let Some(refusal) = writer.facts.refusal_to_read() {
            return Err(refusal);
        }
        match writer.flush(false, self.clock.moment()) {
            // What waits for a disk that takes nothing is not there to be read yet; the rest is.
            Err(_) if writer.waits() => {}
            outcome => outcome?,
        }
        let Some(path) = &self.options.path else { return read(&writer.database) };
        drop(writer);
        let mut reader = self.reader.lock();
        let reader = match &mut *reader {
            Some(reader) => reader,
            none => none.insert(Database::open_reader(path, self.presence.clone())?),
        };
        reader.at_one_moment(read)
    }

    /// The next timer, on the elapsed clock.
    pub(crate) fn next_timer(&self) -> Option<Duration> {
        self.lock().ok()?.next_timer()
    }

    /// What is due next, on the elapsed clock: a timer, or the correction of statistics.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.lock().ok()?.next_due()
    }

    /// Runs the timers that are due, and corrects statistics piece by piece.
    pub(crate) fn run_due(&self) {
        let Ok(mut writer) = self.lock() else { return };
        if writer.suspended {
            return;
        }
        let at = self.clock.moment();
        writer.run_timers(at);
        while let Some(id) = writer.wanting_rows(at.elapsed) {
            if let Err(error) = writer.recount_piece(id, at, false) {
                log::warn!("statistics could not be corrected yet: {error}");
                writer.recount_from = at.elapsed.saturating_add(RETRY_AFTER);
                break;
            }
            MutexGuard::bump(&mut writer);
        }
        self.release(writer, Uuid::nil());
    }

    /// Runs what is due and delivers what waits; returns how many callbacks were delivered.
    pub(crate) fn poll(self: &Arc<Self>) -> u32 {
        self.run_due();
        self.outbox.drain(|letter| self.deliver(&letter))
    }

    /// Calls one delegate, and tells whether there was one. It is looked up now; without one the callback is dropped.
    pub(crate) fn deliver(self: &Arc<Self>, letter: &Letter) -> bool {
        let session = || WorkoutSession::from_parts(Arc::clone(self), Arc::clone(&letter.to));
        let builder = || LiveWorkoutBuilder::from_parts(Arc::clone(self), Arc::clone(&letter.to));
        let activity =
            |id: &Uuid| letter.to.published().activities.iter().find(|activity| activity.id == *id).cloned();
        let on_session = letter.to.session_delegate();
        let on_builder = letter.to.builder_delegate();
        let on_mirroring =
            if letter.notice == Notice::MirroringBegan { self.start_handler_for(letter) } else { None };
        let call = || match (&letter.notice, &on_session, &on_builder) {
            (Notice::MirroringBegan, ..) => {
                if let (Some(handler), Some(mirror)) = (&on_mirroring, &letter.to.mirror) {
                    handler.did_start_mirroring(&session(), &mirror.peer);
                }
            }
            (Notice::CommandAnswered { command, refusal }, Some(delegate), _) => {
                delegate.did_answer_command(&session(), *command, refusal.as_ref());
            }
            (Notice::Disconnected(error), Some(delegate), _) => {
                delegate.did_disconnect(&session(), error.as_ref());
            }
            (Notice::StateChanged { to, from, date }, Some(delegate), _) => {
                delegate.did_change_state(&session(), *to, *from, *date);
            }
            (Notice::Failed(error), Some(delegate), _) => delegate.did_fail(&session(), error),
            (Notice::Event(event), Some(delegate), _) => delegate.did_generate_event(&session(), event),
            (Notice::ActivityBegan { configuration, date }, Some(delegate), _) => {
                delegate.did_begin_activity(&session(), configuration, *date);
            }
            (Notice::ActivityEnded { configuration, date }, Some(delegate), _) => {
                delegate.did_end_activity(&session(), configuration, *date);
            }
            (Notice::DurabilityLost(error), Some(delegate), _) => {
                delegate.did_lose_durability(&session(), error);
            }
            (Notice::DurabilityRegained, Some(delegate), _) => delegate.did_regain_durability(&session()),
            (Notice::DataCollected(types), _, Some(delegate)) => delegate.did_collect_data(&builder(), types),
            (Notice::EventCollected, _, Some(delegate)) => delegate.did_collect_event(&builder()),
            (Notice::BuilderActivityBegan { id }, _, Some(delegate)) => {
                if let Some(activity) = activity(id) {
                    delegate.did_begin_activity(&builder(), &activity);
                }
            }
            (Notice::BuilderActivityEnded { id }, _, Some(delegate)) => {
                if let Some(activity) = activity(id) {
                    delegate.did_end_activity(&builder(), &activity);
                }
            }
            _ => {}
        };
        let heard = if letter.notice == Notice::MirroringBegan {
            on_mirroring.is_some()
        } else if letter.notice.is_for_session() {
            on_session.is_some()
        } else {
            on_builder.is_some()
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(call)) {
            log::error!("a delegate panicked, delivery goes on; its words are logged as trace");
            // What an app says of itself may hold measured values or names.
            log::trace!("the delegate that panicked said: {}", panic_text(&*panic));
        }
        heard
    }

    /// Who gets this mirrored session, unless the app got it before.
    fn start_handler_for(&self, letter: &Letter) -> Option<Arc<dyn MirroringStartHandler>> {
        let handler = self.mirroring_start_handler.lock().clone()?;
        letter.to.mirror.as_ref().is_some_and(Mirror::hand_over).then_some(handler)
    }

    /// Releases the lock and then asks the platform what these changes require.
    pub(super) fn release(&self, mut writer: MutexGuard<'_, Writer>, id: Uuid) {
        let requests = writer.host_requests(id);
        self.nudge(writer);
        for (request_id, request) in requests {
            if let Some(host) = &self.options.host {
                host.request(request_id, request);
            }
        }
    }

    /// Releases the lock, tells the timer thread when it is needed, and sends what other devices are to hear.
    fn nudge(&self, mut writer: MutexGuard<'_, Writer>) {
        let mail: Mail = if writer.suspended { None } else { writer.mail(self.clock.moment()) };
        let due = writer.next_due();
        drop(writer);
        self.ticker.plan(due);
        if let Some((transport, messages)) = mail {
            for (peer, message) in messages {
                transport.send(&peer, &message);
            }
        }
    }
}

/// Whether another process may take the device at any time. Where time is moved by hand it is found out at the next step:
/// the others live in another time.
fn can_be_overtaken(options: &StoreOptions) -> bool {
    options.path.is_some() && !matches!(options.clock, ClockSource::Manual(_))
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.outbox.close();
        self.ticker.close();
        if !self.presence.is_here() {
            return;
        }
        let at = self.clock.moment();
        let writer = self.writer.get_mut();
        // Who lets go of a store is awake.
        writer.suspended = false;
        if let Err(error) = writer.flush(false, at) {
            log::error!("the last samples could not be saved: {error}");
        }
        if let Err(error) = writer.let_go() {
            log::error!("workouts that are not finished still seem to be held by this process: {error}");
        }
        self.presence.leave();
    }
}

#[cfg(test)]
mod tests {
    use crate::{HealthStore, WorkoutActivityType, WorkoutConfiguration, WorkoutSession};

    /// While somebody reads, a session can be paused, and the reader sees the store as it was.
    #[test]
    fn who_writes_waits_for_nobody_who_reads() {
        let folder = tempfile::tempdir().unwrap();
        let store = HealthStore::open_file(folder.path().join("store.sqlite")).unwrap();
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&store, run).unwrap();
        session.start_activity(None).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        builder.begin_collection(store.now()).unwrap();
        let seen = store.engine.read(|database| {
            let before = database.workout_ids()?;
            session.pause()?;
            builder.end_collection(store.now())?;
            builder.finish_workout()?;
            Ok((before, database.workout_ids()?))
        });
        assert_eq!(seen.unwrap(), (Vec::new(), Vec::new()));
        assert_eq!(store.workout_ids().unwrap(), [session.id()]);
    }
}
