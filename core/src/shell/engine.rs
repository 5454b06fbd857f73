//! The loop that everything hangs on: one input, one decision, one transaction, then its callbacks.

use super::cell::WorkoutCell;
use super::clock::{Clock, ClockSource};
use super::entropy::IdSource;
use super::host::{HostCapabilities, HostReport, HostRequest};
use super::options::StoreOptions;
use super::outbox::{Letter, Outbox};
use super::pending::Pending;
use super::published::Published;
use super::store::{Commit, Database, Fate, SourceRecord, Step};
use super::ticker::Ticker;
use super::{live_builder::LiveWorkoutBuilder, workout_session::WorkoutSession};
use crate::machines::arbitration::incumbents_fate;
use crate::machines::change::{Change, Input, Notice};
use crate::machines::host_facts::HostFacts;
use crate::machines::live_workout::LiveWorkout;
use crate::values::batch::PackedBatch;
use crate::values::rows::{Rows, RunHead};
use crate::values::{
    ErrorCode, PacelineError, QuantitySample, SampleId, SampleSource, SourceId, Timestamp, TypeSet, Workout,
    WorkoutConfiguration,
};
use parking_lot::{Mutex, MutexGuard};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a correction of statistics waits after the store could not be read.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// One store and everything that runs on it.
pub(crate) struct Engine {
    pub(crate) options: StoreOptions,
    pub(crate) clock: ClockSource,
    pub(crate) ids: IdSource,
    capabilities: HostCapabilities,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) ticker: Arc<Ticker>,
    state: Mutex<State>,
}

/// What the writer's lock guards.
struct State {
    database: Database,
    workouts: BTreeMap<Uuid, Entry>,
    /// The session that holds the device.
    active: Option<Uuid>,
    facts: HostFacts,
    sources: Vec<SourceRecord>,
    pending: Pending,
    /// Requests to the host that may still be refused, with the session they were made for.
    requests: BTreeMap<u64, Uuid>,
    next_request: u64,
    /// When statistics may be corrected again, after reading failed.
    recount_from: Duration,
    /// Rows of the batch being taken in; kept for its memory.
    scratch: Rows,
}

/// A workout that is not over, or whose handles are still held.
struct Entry {
    cell: Arc<WorkoutCell>,
    workout: LiveWorkout,
    /// Its key in the store, from its first change until there is nothing left to recover.
    key: Option<i64>,
    /// Nothing of it is journalled any more: it was saved, discarded, or never began.
    closed: bool,
    sequence: u64,
    /// Whether the platform was asked to keep this session in session mode.
    in_session_mode: bool,
}

/// What is about to happen to one workout.
struct Plan {
    id: Uuid,
    changes: Vec<Change>,
    saved: Option<Workout>,
    /// Samples that are saved and counted with this step.
    fresh: Rows,
    /// Samples saved before that become part of it: their ids, and what they say.
    associated: Vec<SampleId>,
    known: Rows,
}

impl Plan {
    fn new(id: Uuid, changes: Vec<Change>) -> Self {
        Self {
            id,
            changes,
            saved: None,
            fresh: Rows::default(),
            associated: Vec::new(),
            known: Rows::default(),
        }
    }

    fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.fresh.is_empty() && self.known.is_empty()
    }
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
}

impl Engine {
    pub(crate) fn new(options: StoreOptions) -> Result<Self, PacelineError> {
        let database = Database::open(options.path.as_deref())?;
        let sources = database.load_sources()?;
        let capabilities = options.host.as_ref().map(|host| host.capabilities()).unwrap_or_default();
        Ok(Self {
            clock: options.clock.clone(),
            ids: IdSource::new(options.entropy, database.workouts_begun()?),
            capabilities,
            outbox: Arc::default(),
            ticker: Arc::default(),
            state: Mutex::new(State {
                database,
                workouts: BTreeMap::new(),
                active: None,
                facts: HostFacts::default(),
                sources,
                pending: Pending::default(),
                requests: BTreeMap::new(),
                next_request: 1,
                recount_from: Duration::ZERO,
                scratch: Rows::default(),
            }),
            options,
        })
    }

    /// Makes a session in its first state. Nothing is written until something happens to it.
    pub(crate) fn create(
        &self,
        configuration: WorkoutConfiguration,
    ) -> Result<Arc<WorkoutCell>, PacelineError> {
        configuration.validate()?;
        if self.capabilities.refused_activities.contains(&configuration.activity_type) {
            return Err(PacelineError::new(
                ErrorCode::WorkoutActivityNotAllowed,
                "this device makes no sessions of this activity type",
            )
            .with_value(configuration.activity_type));
        }
        let id = self.ids.uuid()?;
        let workout = LiveWorkout::new(id, configuration);
        let cell = Arc::new(WorkoutCell::new(Published::new(&workout, 0, self.clock.now())));
        let mut state = self.state.lock();
        state.workouts.retain(|_, entry| !entry.is_forgotten());
        let entry = Entry {
            cell: Arc::clone(&cell),
            workout,
            key: None,
            closed: false,
            sequence: 0,
            in_session_mode: false,
        };
        state.workouts.insert(id, entry);
        Ok(cell)
    }

    /// Runs one input through the loop.
    pub(crate) fn step<F>(&self, id: Uuid, input: F) -> Result<(), PacelineError>
    where
        F: for<'a> FnOnce(&'a HostFacts) -> Input<'a>,
    {
        // The clock is read where the call enters: waiting for the lock must not stretch a workout.
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut state = self.state.lock();
        let entry = state.entry(id)?;
        let changes = guarded(|| entry.workout.decide(input(&state.facts), now))?;
        let mut plans = Vec::new();
        if let Some(incumbent) = state.active.filter(|active| *active != id) {
            let workout = &state.entry(incumbent)?.workout;
            if let Some(fate) = incumbents_fate(&workout.session, &changes) {
                plans.push(Plan::new(incumbent, guarded(|| workout.decide(fate, now))?));
            }
        }
        plans.push(Plan::new(id, changes));
        state.perform(self, plans, now, elapsed)?;
        self.release(state, id);
        Ok(())
    }

    /// Finishes the builder of a workout. Nothing when the device is locked: the workout is saved, but cannot be read.
    pub(crate) fn finish(&self, id: Uuid) -> Result<Option<Workout>, PacelineError> {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let main_activity = self.ids.uuid()?;
        let mut state = self.state.lock();
        // Statistics that are still being corrected are finished first, giving others the lock in between; after that the
        // workout may have been finished or discarded.
        let changes = loop {
            let workout = &state.entry(id)?.workout;
            let changes = guarded(|| workout.decide(Input::Finish { facts: &state.facts }, now))?;
            if workout.rows_wanted().is_none() {
                break changes;
            }
            state.recount_piece(self, id, now, elapsed)?;
            MutexGuard::bump(&mut state);
        };
        let workout = guarded(|| state.entry(id)?.workout.finished_workout(main_activity))?;
        let mut plan = Plan::new(id, changes);
        plan.saved = Some(workout.clone());
        state.perform(self, vec![plan], now, elapsed)?;
        let locked = state.facts.locked;
        self.release(state, id);
        Ok((!locked).then_some(workout))
    }

    /// Adds samples by hand. Those that were saved before are only tied to the workout.
    pub(crate) fn add_samples(&self, id: Uuid, samples: &[QuantitySample]) -> Result<(), PacelineError> {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut state = self.state.lock();
        let key = {
            let entry = state.entry(id)?;
            entry.workout.builder.check_samples(&Rows::default(), &state.facts)?;
            entry.key
        };
        let (mut fresh, mut known, mut associated) = (Rows::default(), Rows::default(), Vec::new());
        if samples.iter().any(|sample| sample.id.is_some()) {
            state.flush(false, elapsed)?;
        }
        for (index, sample) in samples.iter().enumerate() {
            let place = format!("sample {index}");
            let Some(sample_id) = sample.id else {
                sample.validate(&place)?;
                fresh.push(state.head(sample, &place)?, sample.reading());
                continue;
            };
            let Some((head, reading)) = state.database.sample(sample_id)? else {
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
            let workout = &state.entry(id)?.workout;
            guarded(|| {
                workout.builder.check_samples(&fresh, &state.facts)?;
                workout.builder.check_samples(&known, &state.facts)
            })?;
        }
        fresh.mark(key);
        known.mark(key);
        let mut plan = Plan::new(id, Vec::new());
        plan.associated = associated;
        plan.fresh = fresh;
        plan.known = known;
        state.perform(self, vec![plan], now, elapsed)?;
        self.release(state, id);
        Ok(())
    }

    /// Takes in a packed batch.
    pub(crate) fn ingest(&self, bytes: &[u8]) -> Result<Ingested, PacelineError> {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let batch = PackedBatch::parse(bytes)?;
        let mut state = self.state.lock();
        let source = state.source(batch.source, "byte 8")?;
        if batch.number != 0 && batch.number <= source.last_batch {
            return Ok(Ingested { samples: 0, collected: 0, repeated: true });
        }
        let kind = source.source.kind;
        let mut rows = std::mem::take(&mut state.scratch);
        let read = batch.read_into(&mut rows, kind);
        if let Err(error) = read {
            state.scratch = rows;
            return Err(error);
        }
        let outcome = state.take_in(self, &mut rows, Some((batch.source, batch.number)), now, elapsed);
        state.scratch = rows;
        self.nudge(state);
        outcome
    }

    /// Takes in one sample.
    pub(crate) fn ingest_sample(&self, sample: &QuantitySample) -> Result<Ingested, PacelineError> {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        sample.validate("the sample")?;
        let mut state = self.state.lock();
        let mut rows = Rows::default();
        rows.push(state.head(sample, "the sample")?, sample.reading());
        let outcome = state.take_in(self, &mut rows, None, now, elapsed);
        self.nudge(state);
        outcome
    }

    /// The id of a source, which is registered when it is new.
    pub(crate) fn register(&self, source: &SampleSource) -> Result<SourceId, PacelineError> {
        if source.identifier.is_empty() {
            return Err(PacelineError::new(ErrorCode::InputMalformed, "a source needs an identifier"));
        }
        let mut state = self.state.lock();
        if let Some(known) = state.sources.iter().find(|known| known.source.identifier == source.identifier) {
            return Ok(known.id);
        }
        let id = state.database.insert_source(source)?;
        state.sources.push(SourceRecord { id, source: source.clone(), last_batch: 0 });
        Ok(id)
    }

    /// Takes in what the platform tells.
    pub(crate) fn report(&self, report: &HostReport) -> Result<(), PacelineError> {
        let refused = {
            let mut state = self.state.lock();
            self.capabilities.note(&mut state.facts, report);
            match report {
                HostReport::Outcome { request, refusal } => {
                    state.requests.remove(request).zip(refusal.clone())
                }
                _ => None,
            }
        };
        match refused {
            // The session may be over by now; then there is nothing left to refuse.
            Some((id, refusal)) => match self.step(id, |_| Input::Fail(refusal)) {
                Err(error) if error.code() == ErrorCode::StoreNotFound => Ok(()),
                outcome => outcome,
            },
            None => Ok(()),
        }
    }

    /// Reads from the store, after everything accepted was committed.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Database) -> Result<T, PacelineError>,
    ) -> Result<T, PacelineError> {
        let mut state = self.state.lock();
        if let Some(refusal) = state.facts.refusal_to_read() {
            return Err(refusal);
        }
        state.flush(false, self.clock.elapsed())?;
        read(&state.database)
    }

    /// What is due next, on the elapsed clock.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        let state = self.state.lock();
        state.next_due(self)
    }

    /// Runs the timers that are due, and corrects statistics piece by piece.
    pub(crate) fn run_due(&self) {
        let mut state = self.state.lock();
        let elapsed = self.clock.elapsed();
        state.run_timers(self, elapsed);
        while let Some(id) = state.wanting_rows().filter(|_| state.recount_from <= elapsed) {
            if let Err(error) = state.recount_piece(self, id, self.clock.now(), elapsed) {
                log::warn!("statistics could not be corrected yet: {error}");
                state.recount_from = elapsed.saturating_add(RETRY_AFTER);
                break;
            }
            MutexGuard::bump(&mut state);
        }
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
        let call = || match (&letter.notice, &on_session, &on_builder) {
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
        let heard = if letter.notice.is_for_session() { on_session.is_some() } else { on_builder.is_some() };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(call)) {
            log::error!("a delegate panicked: {}", panic_text(&*panic));
        }
        heard
    }

    /// Releases the lock and then asks the platform what these changes require.
    fn release(&self, mut state: MutexGuard<'_, State>, id: Uuid) {
        let requests = state.host_requests(self, id);
        self.nudge(state);
        for (request_id, request) in requests {
            if let Some(host) = &self.options.host {
                host.request(request_id, request);
            }
        }
    }

    /// Releases the lock and tells the timer thread when it is needed.
    fn nudge(&self, state: MutexGuard<'_, State>) {
        let due = state.next_due(self);
        drop(state);
        self.ticker.plan(due);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.outbox.close();
        self.ticker.close();
        let elapsed = self.clock.elapsed();
        if let Err(error) = self.state.get_mut().flush(false, elapsed) {
            log::error!("the last samples could not be saved: {error}");
        }
    }
}

impl State {
    fn entry(&self, id: Uuid) -> Result<&Entry, PacelineError> {
        self.workouts.get(&id).ok_or_else(|| gone(id))
    }

    fn source(&self, id: SourceId, place: &str) -> Result<&SourceRecord, PacelineError> {
        self.sources.iter().find(|source| source.id == id).ok_or_else(|| {
            PacelineError::new(
                ErrorCode::InputUnknown,
                format!("{place}: no source has this number; register the source first"),
            )
            .with_value(id.0)
        })
    }

    fn head(&self, sample: &QuantitySample, place: &str) -> Result<RunHead, PacelineError> {
        Ok(RunHead::of(sample, self.source(sample.source, place)?.source.kind))
    }

    /// Commits plans in one transaction, together with what was gathered; then applies, publishes and posts them.
    fn perform(
        &mut self,
        engine: &Engine,
        plans: Vec<Plan>,
        now: Timestamp,
        elapsed: Duration,
    ) -> Result<(), PacelineError> {
        let plans: Vec<_> = plans.into_iter().filter(|plan| !plan.is_empty()).collect();
        if plans.is_empty() {
            return Ok(());
        }
        let mut steps = Vec::with_capacity(plans.len());
        let mut closing = Vec::with_capacity(plans.len());
        let mut sync = false;
        for plan in &plans {
            let entry = self.workouts.get(&plan.id).ok_or_else(|| gone(plan.id))?;
            let closes = !entry.closed && entry.workout.leaves_nothing(&plan.changes);
            closing.push(closes);
            if entry.closed {
                continue;
            }
            sync |= plan.changes.iter().any(Change::is_state_change);
            steps.push(Step {
                key: entry.key,
                id: plan.id,
                configuration: &entry.workout.session.configuration,
                sequence: entry.sequence + 1,
                changes: &plan.changes,
                fate: match (&plan.saved, closes) {
                    (Some(workout), _) => Fate::Saved(workout),
                    (None, true) => Fate::Dropped,
                    (None, false) => Fate::Goes,
                },
                associated: &plan.associated,
            });
        }
        if !steps.is_empty() || !self.pending.is_empty() {
            let ids: Vec<_> = steps.iter().map(|step| step.id).collect();
            let rows = self.pending.rows().chain(plans.iter().map(|plan| &plan.fresh)).collect();
            let commit = Commit { rows, batches: self.pending.numbers().to_vec(), steps, sync };
            let keys = self.database.commit(commit)?;
            self.pending.committed(sync, elapsed);
            for (id, key) in ids.into_iter().zip(keys) {
                if let Some(entry) = self.workouts.get_mut(&id) {
                    entry.key = Some(key);
                }
            }
        }
        for (plan, closes) in plans.into_iter().zip(closing) {
            self.apply(engine, &plan, closes, now);
        }
        Ok(())
    }

    /// From here on nothing can fail: the transaction is committed.
    fn apply(&mut self, engine: &Engine, plan: &Plan, closes: bool, now: Timestamp) {
        let Some(entry) = self.workouts.get_mut(&plan.id) else { return };
        entry.sequence += 1;
        entry.apply(&self.database, |workout| {
            workout.apply(&plan.changes);
            workout.take(&plan.fresh);
            workout.take(&plan.known);
        });
        entry.closed |= closes;
        let mut notices = entry.workout.notices(&plan.changes);
        let types: TypeSet = plan.fresh.runs().chain(plan.known.runs()).map(|run| run.head.kind).collect();
        if !types.is_empty() {
            notices.push(Notice::DataCollected(types));
        }
        entry.publish(now);
        engine.outbox.put(&entry.cell, notices);
        if entry.workout.session.is_active() {
            self.active = Some(plan.id);
        } else if self.active == Some(plan.id) {
            self.active = None;
        }
    }

    /// Saves samples, counts those that the live builder collects, and tells it.
    fn take_in(
        &mut self,
        engine: &Engine,
        rows: &mut Rows,
        batch: Option<(SourceId, u64)>,
        now: Timestamp,
        elapsed: Duration,
    ) -> Result<Ingested, PacelineError> {
        let active = self.active.and_then(|id| self.workouts.get(&id));
        let types = match active.and_then(|entry| entry.key.map(|key| (entry, key))) {
            Some((entry, key)) => guarded(|| Ok(entry.workout.pick(rows, key, now)))?,
            None => TypeSet::EMPTY,
        };
        let number = batch.filter(|(_, number)| *number != 0);
        let commits = self.pending.must_commit(rows.len(), engine.options.durability, elapsed);
        if commits {
            self.commit_with(Some(rows), number, false, elapsed)?;
        }
        if let Some((source, number)) = number
            && let Some(record) = self.sources.iter_mut().find(|record| record.id == source)
        {
            record.last_batch = number;
        }
        let collected = rows.collected().map(|run| run.readings.len()).sum::<usize>();
        if let Some(entry) = self.active.filter(|_| collected > 0).and_then(|id| self.workouts.get_mut(&id)) {
            entry.apply(&self.database, |workout| workout.take(rows));
            entry.sequence += 1;
            let touched = rows.collected().fold((Timestamp::MAX, Timestamp::MIN), |(from, to), run| {
                (from.min(run.summary.first_start), to.max(run.summary.last_end))
            });
            let published = entry.cell.published();
            entry.cell.publish(published.after_samples(&entry.workout.builder, touched, entry.sequence, now));
            engine.outbox.put(&entry.cell, vec![Notice::DataCollected(types)]);
        }
        let ingested = Ingested { samples: rows.len() as u32, collected: collected as u32, repeated: false };
        if !commits {
            self.pending.gather(rows, number, elapsed);
        }
        Ok(ingested)
    }

    /// Commits what was gathered.
    fn flush(&mut self, sync: bool, elapsed: Duration) -> Result<(), PacelineError> {
        if self.pending.is_empty() && !sync {
            return Ok(());
        }
        self.commit_with(None, None, sync, elapsed)
    }

    /// Commits what was gathered, and more.
    fn commit_with(
        &mut self,
        more: Option<&Rows>,
        number: Option<(SourceId, u64)>,
        sync: bool,
        elapsed: Duration,
    ) -> Result<(), PacelineError> {
        let rows = self.pending.rows().chain(more).collect();
        let batches = self.pending.numbers().iter().copied().chain(number).collect();
        self.database.commit(Commit { rows, batches, steps: Vec::new(), sync })?;
        self.pending.committed(sync, elapsed);
        Ok(())
    }

    fn next_due(&self, engine: &Engine) -> Option<Duration> {
        let recount = self.wanting_rows().map(|_| self.recount_from);
        let commit = self.pending.commit_due(engine.options.durability);
        let sync = self.pending.sync_due(engine.options.sync_every);
        recount.into_iter().chain(commit).chain(sync).min()
    }

    fn run_timers(&mut self, engine: &Engine, elapsed: Duration) {
        let is_due = |due: Option<Duration>| due.is_some_and(|due| due <= elapsed);
        if is_due(self.pending.sync_due(engine.options.sync_every))
            && let Err(error) = self.flush(true, elapsed)
        {
            log::error!("the store could not be synced: {error}");
            self.pending.put_off_sync(elapsed);
        }
        if is_due(self.pending.commit_due(engine.options.durability))
            && let Err(error) = self.flush(false, elapsed)
        {
            log::error!("samples could not be saved yet: {error}");
            self.pending.put_off_commit(elapsed);
        }
    }

    fn wanting_rows(&self) -> Option<Uuid> {
        self.workouts
            .iter()
            .find(|(_, entry)| entry.key.is_some() && !entry.closed && entry.workout.rows_wanted().is_some())
            .map(|(id, _)| *id)
    }

    /// Reads one piece of the rows that a workout wants and feeds it.
    fn recount_piece(
        &mut self,
        engine: &Engine,
        id: Uuid,
        now: Timestamp,
        elapsed: Duration,
    ) -> Result<(), PacelineError> {
        self.flush(false, elapsed)?;
        let entry = self.workouts.get_mut(&id).ok_or_else(|| gone(id))?;
        let (Some(wanted), Some(key)) = (entry.workout.rows_wanted(), entry.key) else { return Ok(()) };
        let piece = self.database.rows_wanted(key, wanted)?;
        let mut corrected = TypeSet::EMPTY;
        entry.apply(&self.database, |workout| corrected = workout.feed(wanted, &piece.rows, piece.next));
        if !corrected.is_empty() {
            entry.sequence += 1;
            entry.publish(now);
            engine.outbox.put(&entry.cell, vec![Notice::DataCollected(corrected)]);
        }
        Ok(())
    }

    /// What the platform must be asked after a step, and for whom: session mode follows the active session.
    fn host_requests(&mut self, engine: &Engine, id: Uuid) -> Vec<(u64, HostRequest)> {
        if !engine.capabilities.asks_for_session_mode() {
            return Vec::new();
        }
        let ids: Vec<_> = self.workouts.keys().copied().collect();
        let mut requests = Vec::new();
        for session in ids {
            let Some(entry) = self.workouts.get_mut(&session) else { continue };
            let wants = entry.workout.session.is_active();
            if wants == entry.in_session_mode || (wants && session != id) {
                continue;
            }
            entry.in_session_mode = wants;
            let request = if wants {
                let configuration = entry.workout.session.configuration.clone();
                HostRequest::EnterSessionMode { session, configuration }
            } else {
                HostRequest::LeaveSessionMode { session }
            };
            let request_id = self.next_request;
            self.next_request += 1;
            if wants {
                self.requests.insert(request_id, session);
            }
            // Leaving comes before entering, so that a platform with one slot has it free.
            let place = if wants { requests.len() } else { 0 };
            requests.insert(place, (request_id, request));
        }
        requests
    }
}

impl Entry {
    /// Whether nobody holds it and nothing would be missed: it is over, or nothing ever happened to it.
    fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.cell) == 1
            && (self.workout.is_settled() || (self.key.is_none() && !self.closed && self.sequence == 0))
    }

    /// Applies what was committed. Should that panic, the workout is loaded anew from its journal.
    fn apply(&mut self, database: &Database, apply: impl FnOnce(&mut LiveWorkout)) {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| apply(&mut self.workout))) else { return };
        log::error!("a change could not be applied, the workout is loaded anew: {}", panic_text(&*panic));
        match self.key.map(|key| database.load_live(key)) {
            Some(Ok(Some((workout, _)))) => self.workout = workout,
            Some(Err(error)) => log::error!("the workout could not be loaded: {error}"),
            Some(Ok(None)) | None => log::error!("the workout is not in the journal"),
        }
    }

    fn publish(&self, now: Timestamp) {
        self.cell.publish(Published::new(&self.workout, self.sequence, now));
    }
}

/// Runs a decision. A panic in it leaves everything as it was and becomes an error.
fn guarded<T>(decide: impl FnOnce() -> Result<T, PacelineError>) -> Result<T, PacelineError> {
    catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|panic| {
        let text = panic_text(&*panic);
        log::error!("a decision panicked: {text}");
        Err(PacelineError::new(ErrorCode::Internal, format!("the engine failed, nothing changed: {text}")))
    })
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

fn gone(id: Uuid) -> PacelineError {
    PacelineError::new(ErrorCode::StoreNotFound, "this workout is over and was let go").with_value(id)
}
