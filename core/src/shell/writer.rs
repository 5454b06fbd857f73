//! The writer: what happens under the one lock. Plans are committed in one transaction, and only then applied, published
//! and posted.

use super::cell::WorkoutCell;
use super::checkpoints::Uncheckpointed;
use super::engine::Ingested;
use super::guard::{guarded, panic_text};
use super::host::HostRequest;
use super::options::Durability;
use super::outage::{Outage, is_refusal_of_disk, suspended};
use super::outbox::Outbox;
use super::pending::{self, Pending, WaitingStep};
use super::published::Published;
use super::rests::Rests;
use super::store::{
    Checkpoint, Commit, Database, Device, Fate, Loss, Recovered, SourceRecord, Step, Unwritten,
};
use super::upkeep::Upkeep;
use crate::machines::arbitration::{Arbitration, Entrance, another_started, enters, leaves};
use crate::machines::change::{Change, Input, Notice};
use crate::machines::host_facts::HostFacts;
use crate::machines::live_workout::LiveWorkout;
use crate::machines::timeline::Moment;
use crate::values::rows::{Rows, RunHead};
use crate::values::{
    ErrorCode, PacelineError, QuantitySample, SampleId, SourceId, Timestamp, TypeSet, Workout,
    WorkoutSessionState,
};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How often to look whether another process took the device, where nothing is written that would tell.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// What the writer's lock guards.
pub(super) struct Writer {
    pub(super) database: Database,
    pub(super) outbox: Arc<Outbox>,
    pub(super) durability: Durability,
    pub(super) sync_every: Option<Duration>,
    /// Whether the platform is asked to keep sessions running.
    pub(super) asks_for_session_mode: bool,
    pub(super) workouts: BTreeMap<Uuid, Entry>,
    /// The session that holds the device.
    pub(super) active: Option<Uuid>,
    pub(super) arbitration: Arbitration,
    /// The host can tell whether another process is alive.
    pub(super) knows_processes: bool,
    /// When it was last looked whether another process took the device; nothing where no other can.
    pub(super) watched: Option<Duration>,
    pub(super) facts: HostFacts,
    pub(super) sources: Vec<SourceRecord>,
    pub(super) pending: Pending,
    /// Requests to the host that may still be refused, with the session they were made for.
    pub(super) requests: BTreeMap<u64, Uuid>,
    pub(super) next_request: u64,
    /// Requests that go out as soon as the lock is released.
    pub(super) unsent: Vec<(u64, HostRequest)>,
    /// When statistics may be corrected again, after reading failed.
    pub(super) recount_from: Duration,
    pub(super) upkeep: Upkeep,
    /// Rows of the batch being taken in; kept for its memory.
    pub(super) scratch: Rows,
    /// The store cannot be written; what live sessions do waits.
    pub(super) outage: Option<Outage>,
    /// The host forbade to write.
    pub(super) suspended: bool,
}

/// What became of rows that were to be committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrote {
    All,
    /// Nothing: their batch was committed before, by another process; the last number of their source.
    Repeated {
        last: u64,
    },
}

/// A workout that is not over, or whose handles are still held.
pub(super) struct Entry {
    pub(super) cell: Arc<WorkoutCell>,
    pub(super) workout: LiveWorkout,
    /// Its key in the store, from its first change of state on.
    pub(super) key: Option<i64>,
    /// What was set before; a session to which nothing happened leaves nothing behind, so that it is written with the first
    /// change of state.
    pub(super) settings: Vec<Change>,
    /// Nothing of it is journalled any more: it was saved, discarded, or never began.
    pub(super) closed: bool,
    pub(super) sequence: u64,
    /// The last step of ours in the journal.
    pub(super) journalled: u64,
    /// Another process recovered it: nothing can be done with it here.
    pub(super) taken: bool,
    /// The request to the host whose answer decides whether this call is made.
    pub(super) asked: Option<(u64, Entrance)>,
    /// The types that were counted anew a short while ago.
    pub(super) rests: Rests,
    pub(super) uncheckpointed: Uncheckpointed,
    /// Whether the platform was asked to keep this session in session mode.
    pub(super) in_session_mode: bool,
}

/// What is about to happen to one workout.
pub(super) struct Plan {
    pub(super) id: Uuid,
    pub(super) changes: Vec<Change>,
    pub(super) saved: Option<Workout>,
    /// Samples that are saved and counted with this step.
    pub(super) fresh: Rows,
    /// Samples saved before that become part of it: their ids, and what they say.
    pub(super) associated: Vec<SampleId>,
    pub(super) known: Rows,
}

impl Plan {
    pub(super) fn new(id: Uuid, changes: Vec<Change>) -> Self {
        Self {
            id,
            changes,
            saved: None,
            fresh: Rows::default(),
            associated: Vec::new(),
            known: Rows::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.fresh.is_empty() && self.known.is_empty()
    }
}

/// What plans write.
struct Draft<'a> {
    steps: Vec<Step<'a>>,
    /// Of each plan: whether it ends the journal of its workout.
    closing: Vec<bool>,
    sync: bool,
    device: Device,
}

impl<'a> Draft<'a> {
    fn of(
        plans: &'a [Plan],
        workouts: &'a BTreeMap<Uuid, Entry>,
        active: Option<Uuid>,
        claim: impl Fn(usize) -> Device,
    ) -> Result<Self, PacelineError> {
        let mut steps = Vec::with_capacity(plans.len());
        let mut closing = Vec::with_capacity(plans.len());
        let mut sync = false;
        let mut device = Device::Keep;
        for plan in plans {
            let entry = workouts.get(&plan.id).ok_or_else(|| gone(plan.id))?;
            let closes = !entry.closed && entry.workout.leaves_nothing(&plan.changes);
            closing.push(closes);
            let begins = plan.changes.iter().any(Change::is_state_change);
            let unwritten = entry.key.is_none() && (closes || !begins);
            if entry.closed || unwritten {
                continue;
            }
            sync |= begins;
            if enters(&plan.changes) {
                device = claim(steps.len());
            } else if leaves(&plan.changes) && active == Some(plan.id) && device == Device::Keep {
                device = Device::Release;
            }
            steps.push(Step {
                key: entry.key,
                id: plan.id,
                configuration: &entry.workout.session.configuration,
                has_builder: entry.cell.has_builder,
                sequence: entry.sequence + 1,
                settings: &entry.settings,
                changes: &plan.changes,
                fate: match (&plan.saved, closes) {
                    (Some(workout), _) => Fate::Saved(workout),
                    (None, true) => Fate::Dropped,
                    (None, false) => Fate::Goes,
                },
                associated: &plan.associated,
            });
        }
        Ok(Self { steps, closing, sync, device })
    }
}

impl Writer {
    pub(super) fn entry(&self, id: Uuid) -> Result<&Entry, PacelineError> {
        let entry = self.workouts.get(&id).ok_or_else(|| gone(id))?;
        if entry.taken { Err(another_started().with_value("it was recovered elsewhere")) } else { Ok(entry) }
    }

    pub(super) fn source(&self, id: SourceId, place: &str) -> Result<&SourceRecord, PacelineError> {
        self.sources.iter().find(|source| source.id == id).ok_or_else(|| {
            PacelineError::new(
                ErrorCode::InputUnknown,
                format!("{place}: no source has this number; register the source first"),
            )
            .with_value(id.0)
        })
    }

    pub(super) fn head(&self, sample: &QuantitySample, place: &str) -> Result<RunHead, PacelineError> {
        Ok(RunHead::of(sample, self.source(sample.source, place)?.source.kind))
    }

    /// Commits plans in one transaction, together with what was gathered; then applies, publishes and posts them.
    pub(super) fn perform(&mut self, plans: Vec<Plan>, at: Moment) -> Result<(), PacelineError> {
        self.perform_under(self.arbitration, plans, at)
    }

    /// The same, under this rule for who yields.
    pub(super) fn perform_under(
        &mut self,
        arbitration: Arbitration,
        plans: Vec<Plan>,
        at: Moment,
    ) -> Result<(), PacelineError> {
        let plans: Vec<_> = plans.into_iter().filter(|plan| !plan.is_empty()).collect();
        if plans.is_empty() {
            return Ok(());
        }
        let claim = |step| Device::Claim { step, arbitration, at };
        let Draft { steps, closing, mut sync, device } =
            Draft::of(&plans, &self.workouts, self.active, claim)?;
        let can_wait = self.can_wait(&plans, &closing);
        if (steps.is_empty() && self.pending.is_empty()) || (can_wait && !self.may_write(at)) {
            drop(steps);
            self.owe(&plans, at);
        } else if self.suspended {
            return Err(suspended());
        } else {
            sync |= self.pending.has_steps();
            let ids: Vec<_> = steps.iter().map(|step| step.id).collect();
            let commit = Commit {
                waiting: self.pending.waiting(),
                rows: plans.iter().map(|plan| &plan.fresh).collect(),
                batches: self.pending.numbers().to_vec(),
                steps,
                sync,
                holds: self.holds(),
                device,
                ..Commit::default()
            };
            let outcome = self.database.commit(commit);
            match self.written(outcome, at) {
                Ok(keys) => {
                    self.saved(sync, at);
                    for (id, key) in ids.into_iter().zip(keys) {
                        if let Some(entry) = self.workouts.get_mut(&id) {
                            entry.key = Some(key);
                            entry.journalled = entry.sequence + 1;
                        }
                    }
                }
                Err(error) if can_wait && is_refusal_of_disk(&error) => {
                    self.fails(&error, at);
                    self.owe(&plans, at);
                }
                Err(error) => return Err(error),
            }
        }
        for (plan, closes) in plans.into_iter().zip(closing) {
            self.apply(&plan, closes, at);
        }
        Ok(())
    }

    /// Whether plans may be acknowledged before they are committed, should the disk refuse them: they are about workouts that the
    /// store knows, end none of them for good, and there is room.
    fn can_wait(&self, plans: &[Plan], closing: &[bool]) -> bool {
        let (mut samples, mut changes) = (0, 0);
        let each = plans.iter().zip(closing).all(|(plan, closes)| {
            samples += plan.fresh.len();
            changes += pending::size(&plan.changes);
            let known = self.workouts.get(&plan.id).is_some_and(|entry| entry.key.is_some());
            let begins = plan.changes.iter().any(Change::is_state_change);
            plan.associated.is_empty()
                && plan.saved.is_none()
                && if known { !closes && !enters(&plan.changes) } else { *closes || !begins }
        });
        each && self.pending.has_room(samples, changes)
    }

    /// Lets what these plans write wait.
    fn owe(&mut self, plans: &[Plan], at: Moment) {
        for plan in plans {
            let Some(entry) = self.workouts.get(&plan.id) else { continue };
            let Some(key) = entry.key.filter(|_| !entry.closed) else { continue };
            if !plan.fresh.is_empty() {
                self.pending.gather(&mut plan.fresh.clone(), None, at.elapsed);
            }
            if !plan.changes.is_empty() {
                let step = WaitingStep {
                    key,
                    sequence: entry.sequence + 1,
                    changes: plan.changes.clone(),
                    held_device: self.active == Some(plan.id),
                };
                self.pending.owe(step, at.elapsed);
            }
        }
    }

    /// Whether to try to write now: the host allows it, and the disk was not found failing a moment ago.
    fn may_write(&self, at: Moment) -> bool {
        !self.suspended && self.outage.as_ref().is_none_or(|outage| outage.retry_at() <= at.elapsed)
    }

    /// Whether what is accepted waits, for the host or for the disk.
    pub(super) fn waits(&self) -> bool {
        self.suspended || self.outage.is_some()
    }

    /// Notes that the disk refused to be written, and tells those whose workouts it is about.
    fn fails(&mut self, error: &PacelineError, at: Moment) {
        if let Some(outage) = &mut self.outage {
            outage.goes_on(at.elapsed);
            return;
        }
        if self.workouts.values().any(Entry::is_open) {
            log::error!("the store cannot be written, what happens waits in memory: {error}");
            self.outage = Some(Outage::new(at.elapsed));
            self.tell_all(Some(&Notice::DurabilityLost(error.clone())), at);
        }
    }

    /// Notes that all that waited is committed.
    fn saved(&mut self, sync: bool, at: Moment) {
        self.pending.committed(sync, at.elapsed);
        if let Some(outage) = &mut self.outage {
            // What a sync that failed left behind may be missing on the disk though the system says otherwise: it is written
            // anew, into the file itself.
            if let Err(error) = self.database.empty_log() {
                log::warn!("the store can be written again, but not yet synced: {error}");
                outage.goes_on(at.elapsed);
                return;
            }
            log::info!("the store can be written again, nothing waits any more");
            self.outage = None;
            self.tell_all(Some(&Notice::DurabilityRegained), at);
        }
    }

    /// Shows the holders of workouts that are not over whether what happens to them is as safe as was promised.
    fn tell_all(&self, notice: Option<&Notice>, at: Moment) {
        for entry in self.workouts.values().filter(|entry| entry.is_open()) {
            let published = Published::new(&entry.workout, entry.sequence, at);
            entry.tell(&self.outbox, self.waits(), published, notice.cloned().into_iter().collect());
        }
    }

    /// From now on the host forbids to write, or allows it again.
    pub(super) fn set_suspended(&mut self, suspended: bool, at: Moment) {
        self.suspended = suspended;
        self.tell_all(None, at);
    }

    /// From here on nothing can fail: the transaction is committed.
    pub(super) fn apply(&mut self, plan: &Plan, closes: bool, at: Moment) {
        let waits = self.waits();
        let Some(entry) = self.workouts.get_mut(&plan.id) else { return };
        entry.sequence += 1;
        if plan.changes.iter().any(|change| matches!(change, Change::StateChanged { .. })) {
            entry.asked = None;
        }
        entry.apply(&self.database, |workout| {
            workout.apply(&plan.changes);
            workout.take(&plan.fresh);
            workout.take(&plan.known);
        });
        entry.closed |= closes;
        entry.uncheckpointed.note(plan.fresh.len() + plan.known.len(), at.elapsed);
        if entry.key.is_none() && !entry.closed {
            entry.settings.extend_from_slice(&plan.changes);
        } else {
            entry.settings = Vec::new();
        }
        if plan.saved.is_some() {
            self.upkeep.expect(at.elapsed);
        }
        for change in &plan.changes {
            if let Change::StateChanged { from, to, .. } = change {
                log::info!("session {}: {from} -> {to}", plan.id);
            }
        }
        let mut notices = entry.workout.notices(&plan.changes);
        let types: TypeSet = plan.fresh.runs().chain(plan.known.runs()).map(|run| run.head.kind).collect();
        if !types.is_empty() {
            notices.push(Notice::DataCollected(types));
        }
        let published = Published::new(&entry.workout, entry.sequence, at);
        entry.tell(&self.outbox, waits, published, notices);
        if entry.workout.session.is_active() {
            self.active = Some(plan.id);
        } else if self.active == Some(plan.id) {
            self.active = None;
        }
    }

    /// Saves samples, counts those that the live builder collects, and tells it.
    pub(super) fn take_in(
        &mut self,
        rows: &mut Rows,
        batch: Option<(SourceId, u64)>,
        at: Moment,
    ) -> Result<Ingested, PacelineError> {
        if let Some(id) = self.active {
            self.keep_time(id, at);
        }
        let active = self.active.and_then(|id| self.workouts.get(&id));
        let types = match active.and_then(|entry| entry.key.map(|key| (entry, key))) {
            Some((entry, key)) => guarded(|| Ok(entry.workout.pick(rows, key, at)))?,
            None => TypeSet::EMPTY,
        };
        let number = batch.filter(|(_, number)| *number != 0);
        let is_live = self.workouts.values().any(Entry::is_open);
        let can_wait = is_live && self.pending.has_room(rows.len(), 0);
        let must_commit = self.pending.must_commit(rows.len(), self.durability, at.elapsed);
        let mut commits = must_commit && (self.may_write(at) || !can_wait);
        let wrote = if commits {
            match self.commit_with(Some(rows), number, false, at) {
                Err(error) if error.code() == ErrorCode::AnotherWorkoutSessionStarted => {
                    // The session that collected was lost just now. What was measured is not: it is saved, and nobody
                    // collects it.
                    rows.mark(None);
                    self.commit_with(Some(rows), number, false, at)?
                }
                Err(error) if can_wait && is_refusal_of_disk(&error) => {
                    commits = false;
                    Wrote::All
                }
                outcome => outcome?,
            }
        } else if self.waits() {
            Wrote::All
        } else {
            self.look_for(number)?
        };
        if let Wrote::Repeated { last } = wrote {
            self.note_number(batch.map(|(source, _)| (source, last)));
            return Ok(Ingested { samples: 0, collected: 0, repeated: true, durable: true });
        }
        self.note_number(number);
        let waits = self.waits();
        let collected = rows.collected().map(|run| run.readings.len()).sum::<usize>();
        if let Some(entry) = self.active.filter(|_| collected > 0).and_then(|id| self.workouts.get_mut(&id)) {
            entry.apply(&self.database, |workout| workout.take(rows));
            entry.sequence += 1;
            entry.uncheckpointed.note(collected, at.elapsed);
            let touched = rows.collected().fold((Timestamp::MAX, Timestamp::MIN), |(from, to), run| {
                (from.min(run.summary.first_start), to.max(run.summary.last_end))
            });
            let before = entry.cell.published();
            let published = before.after_samples(&entry.workout, touched, entry.sequence, at);
            entry.tell(&self.outbox, waits, published, vec![Notice::DataCollected(types)]);
        }
        let ingested = Ingested {
            samples: rows.len() as u32,
            collected: collected as u32,
            repeated: false,
            durable: !waits,
        };
        if !commits {
            self.pending.gather(rows, number, at.elapsed);
        }
        Ok(ingested)
    }

    /// A workout of this process that is going on or is not finished; the one that holds the device before
    /// others, then the latest.
    pub(super) fn living(&self) -> Option<&Entry> {
        let active = self.active.and_then(|id| self.workouts.get(&id));
        active
            .or_else(|| self.workouts.values().filter(|entry| entry.is_open()).max_by_key(|entry| entry.key))
    }

    /// Finds a workout in the store that no handle of this process leads to: one whose session is going on before others,
    /// of these the latest.
    pub(super) fn recover(&mut self, at: Moment) -> Result<Option<&Entry>, PacelineError> {
        self.flush(false, at)?;
        let takes_from_living = self.arbitration == Arbitration::HandOver;
        let mut best: Option<Recovered> = None;
        for key in self.database.live_keys()? {
            let is_handed_over = takes_from_living && self.database.has_device(key)?;
            if !is_handed_over && self.lives_elsewhere(key, at)? {
                continue;
            }
            let Some(found) = self.database.load_live(key)? else { continue };
            let wins = best
                .as_ref()
                .is_none_or(|best| found.workout.session.is_active() && !best.workout.session.is_active());
            if wins {
                best = Some(found);
            }
        }
        let Some(mut found) = best else { return Ok(None) };
        let is_active = found.workout.session.is_active();
        if !self.database.take_over(found.key, is_active, takes_from_living, at.now)? {
            return Ok(None);
        }
        self.keep_stored_time(&mut found, at)?;
        let entry = Entry::recovered(found, at);
        let id = entry.cell.id;
        if entry.workout.session.is_active() {
            self.active = Some(id);
        }
        Ok(Some(self.workouts.entry(id).or_insert(entry)))
    }

    /// Journals that the clock was set or the device started anew, before samples are dated. Where that cannot be written, the
    /// samples may be, and the next step does it.
    pub(super) fn keep_time(&mut self, id: Uuid, at: Moment) {
        let changes = self.workouts.get(&id).map(|entry| entry.workout.keep_time(at)).unwrap_or_default();
        if changes.is_empty() {
            return;
        }
        if let Err(error) = self.perform(vec![Plan::new(id, changes)], at) {
            log::warn!("session {id}: that the clock was set could not be saved yet: {error}");
        }
    }

    /// The same for a workout that was found in the store. Nobody hears of it: it is of the past.
    fn keep_stored_time(&mut self, found: &mut Recovered, at: Moment) -> Result<(), PacelineError> {
        let changes = found.workout.keep_time(at);
        if changes.is_empty() {
            return Ok(());
        }
        let step = Step {
            key: Some(found.key),
            id: found.workout.session.id,
            configuration: &found.workout.session.configuration,
            has_builder: found.has_builder,
            sequence: found.sequence + 1,
            settings: &[],
            changes: &changes,
            fate: Fate::Goes,
            associated: &[],
        };
        let outcome = self.database.commit(Commit { steps: vec![step], sync: true, ..Commit::default() });
        self.written(outcome, at)?;
        found.workout.apply(&changes);
        found.sequence += 1;
        Ok(())
    }

    /// Whether another process holds this workout and lives. Where it seems so, a host that can tell is asked.
    fn lives_elsewhere(&mut self, key: i64, at: Moment) -> Result<bool, PacelineError> {
        let holder = self.database.living_holder(key, at.now)?;
        if let Some(process) = holder.filter(|_| self.knows_processes) {
            self.ask_host(HostRequest::IsAlive { process });
        }
        Ok(holder.is_some())
    }

    /// Asks the host whether a session may enter session mode, if another one is under way; tells whether it was asked.
    pub(super) fn ask(&mut self, id: Uuid, entrance: Entrance, at: Moment) -> Result<bool, PacelineError> {
        let Some(incumbent) = self.database.session_owner(at.now)?.filter(|owner| owner.is_alive) else {
            return Ok(false);
        };
        let request = self.ask_host(HostRequest::Arbitrate { session: id, incumbent });
        if let Some(entry) = self.workouts.get_mut(&id) {
            entry.asked = Some((request, entrance));
        }
        Ok(true)
    }

    /// The call that waited for the answer to this request.
    pub(super) fn asked(&mut self, request: u64) -> Option<(Uuid, Entrance)> {
        let waits = |entry: &Entry| entry.asked.is_some_and(|(asked, _)| asked == request);
        let (id, entry) = self.workouts.iter_mut().find(|(_, entry)| waits(entry))?;
        entry.asked.take().map(|(_, entrance)| (*id, entrance))
    }

    fn ask_host(&mut self, request: HostRequest) -> u64 {
        let id = self.next_request;
        self.next_request += 1;
        self.unsent.push((id, request));
        id
    }

    /// Whether another process committed a batch of this number.
    fn look_for(&self, number: Option<(SourceId, u64)>) -> Result<Wrote, PacelineError> {
        let Some((source, number)) = number else { return Ok(Wrote::All) };
        let last = self.database.last_batch(source)?;
        Ok(if number <= last { Wrote::Repeated { last } } else { Wrote::All })
    }

    fn note_number(&mut self, number: Option<(SourceId, u64)>) {
        if let Some((source, number)) = number
            && let Some(record) = self.sources.iter_mut().find(|record| record.id == source)
        {
            record.last_batch = record.last_batch.max(number);
        }
    }

    /// Commits what was gathered.
    pub(super) fn flush(&mut self, sync: bool, at: Moment) -> Result<(), PacelineError> {
        if self.pending.is_empty() && !sync {
            return Ok(());
        }
        self.commit_with(None, None, sync, at).map(drop)
    }

    /// The workout that holds the device, as far as we know. One that was saved or discarded while its session goes on has nothing
    /// left in the store that another process could write to.
    fn holds(&self) -> Option<i64> {
        let entry = self.workouts.get(&self.active?)?;
        entry.key.filter(|_| !entry.closed)
    }

    /// What became of a transaction. When another process took what it was about, it was not made, and our session is over.
    fn written<T>(&mut self, outcome: Result<T, Unwritten>, at: Moment) -> Result<T, PacelineError> {
        self.watched = self.watched.map(|_| at.elapsed);
        outcome.map_err(|why| match why {
            Unwritten::Failed(error) => error,
            Unwritten::Repeated(_) => PacelineError::invalid("this batch was committed before"),
            Unwritten::Lost(loss) => {
                self.lose(loss, at);
                another_started()
            }
        })
    }

    /// Ends a session of ours that another process put an end to.
    fn lose(&mut self, loss: Loss, at: Moment) {
        let (Loss::Device(key) | Loss::Workout(key)) = loss;
        let waits = self.waits();
        let Some((id, entry)) = self.workouts.iter_mut().find(|(_, entry)| entry.key == Some(key)) else {
            return;
        };
        let id = *id;
        self.active = self.active.filter(|active| *active != id);
        let mut changes = Vec::new();
        // It may have ended here while the store could not be written; its delegate heard that then.
        let was_over = entry.workout.session.state == WorkoutSessionState::Ended;
        if self.pending.forget_steps(key) {
            // What happened here and was not saved gives way to what the others saw. The samples stay.
            entry.reload(&self.database);
            for rows in self.pending.rows() {
                entry.apply(&self.database, |workout| workout.take(rows));
            }
        }
        match loss {
            // What the other process made of our session stands in the journal.
            Loss::Device(_) => {
                match self.database.replay(key, entry.journalled, |told| changes.extend_from_slice(told)) {
                    Ok(last) => {
                        entry.journalled = last;
                        entry.sequence = entry.sequence.max(last);
                    }
                    Err(error) => log::error!("what ended a session cannot be read: {error}"),
                }
            }
            // What was measured is saved, but no part of a workout of ours any more.
            Loss::Workout(_) => {
                entry.taken = true;
                self.pending.release(key);
            }
        }
        let told = leaves(&changes);
        if !told {
            let fate = entry.workout.decide(Input::Fail(another_started()), at);
            changes.extend(fate.unwrap_or_default());
        }
        entry.sequence += 1;
        entry.apply(&self.database, |workout| workout.apply(&changes));
        let notices = if was_over { Vec::new() } else { entry.workout.notices(&changes) };
        let published = Published::new(&entry.workout, entry.sequence, at);
        entry.tell(&self.outbox, waits, published, notices);
        let is_ours = !entry.taken;
        if is_ours && !told {
            self.journal_end(id, &changes);
        }
    }

    /// Writes down the end of a session that the other process took for dead and left as it was.
    fn journal_end(&mut self, id: Uuid, changes: &[Change]) {
        let Some(entry) = self.workouts.get_mut(&id) else { return };
        let step = Step {
            key: entry.key,
            id,
            configuration: &entry.workout.session.configuration,
            has_builder: entry.cell.has_builder,
            sequence: entry.sequence,
            settings: &[],
            changes,
            fate: if entry.workout.leaves_nothing(changes) { Fate::Dropped } else { Fate::Goes },
            associated: &[],
        };
        match self.database.commit(Commit { steps: vec![step], sync: true, ..Commit::default() }) {
            Ok(_) => entry.journalled = entry.sequence,
            Err(why) => log::error!("the end of a session that was lost could not be saved: {why:?}"),
        }
    }

    /// Others may recover what is not finished.
    pub(super) fn let_go(&mut self) -> Result<(), PacelineError> {
        if self.workouts.values().any(Entry::is_open) { self.database.let_go() } else { Ok(()) }
    }

    /// Looks whether another process took the device.
    fn watch(&mut self, at: Moment) {
        let Some(key) = self.holds() else { return };
        let outcome = self.database.still_holds(key);
        if let Err(error) = self.written(outcome, at)
            && error.code() != ErrorCode::AnotherWorkoutSessionStarted
        {
            log::warn!("who holds the device cannot be read: {error}");
        }
    }

    /// When to look again.
    fn watch_due(&self) -> Option<Duration> {
        self.active?;
        Some(self.watched?.saturating_add(WATCH_EVERY))
    }

    /// Commits what was gathered, and the state of the workouts of which too much stands in no checkpoint.
    fn checkpoint(&mut self, at: Moment) -> Result<(), PacelineError> {
        let elapsed = at.elapsed;
        let is_due = |entry: &Entry| entry.checkpoint_due().is_some_and(|due| due <= elapsed);
        let checkpoints = self.workouts.values().filter(|entry| is_due(entry)).filter_map(|entry| {
            Some(Checkpoint { key: entry.key?, sequence: entry.sequence, workout: &entry.workout })
        });
        let commit = Commit {
            waiting: self.pending.waiting(),
            batches: self.pending.numbers().to_vec(),
            checkpoints: checkpoints.collect(),
            holds: self.holds(),
            ..Commit::default()
        };
        let outcome = self.database.commit(commit);
        self.written(outcome, at)?;
        if !self.pending.is_empty() {
            self.saved(false, at);
        }
        // A power cut may take the checkpoint back: it only repeats what was written before, so no sync is due for it.
        for entry in self.workouts.values_mut().filter(|entry| is_due(entry)) {
            entry.uncheckpointed.clear();
        }
        Ok(())
    }

    /// Commits what was gathered, and more.
    pub(super) fn commit_with(
        &mut self,
        more: Option<&Rows>,
        number: Option<(SourceId, u64)>,
        sync: bool,
        at: Moment,
    ) -> Result<Wrote, PacelineError> {
        if self.suspended {
            return Err(suspended());
        }
        let sync = sync || self.pending.has_steps();
        let commit = Commit {
            waiting: self.pending.waiting(),
            rows: more.into_iter().collect(),
            batches: self.pending.numbers().to_vec(),
            newest: number,
            sync,
            holds: self.holds(),
            ..Commit::default()
        };
        let outcome = self.database.commit(commit);
        if let Err(Unwritten::Repeated(last)) = outcome {
            return Ok(Wrote::Repeated { last });
        }
        if let Err(error) = self.written(outcome, at) {
            if is_refusal_of_disk(&error) {
                self.fails(&error, at);
            }
            return Err(error);
        }
        self.saved(sync, at);
        Ok(Wrote::All)
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        self.recount_due().into_iter().chain(self.next_timer()).min()
    }

    pub(super) fn next_timer(&self) -> Option<Duration> {
        if self.suspended {
            return None;
        }
        if let Some(outage) = &self.outage {
            return self.watch_due().into_iter().chain([outage.retry_at()]).min();
        }
        let commit = self.pending.commit_due(self.durability);
        let sync = self.pending.sync_due(self.sync_every);
        let work = self.checkpoint_due().into_iter().chain(self.watch_due()).chain(self.upkeep_due());
        commit.into_iter().chain(sync).chain(work).min()
    }

    fn checkpoint_due(&self) -> Option<Duration> {
        self.workouts.values().filter_map(Entry::checkpoint_due).min()
    }

    pub(super) fn run_timers(&mut self, at: Moment) {
        let elapsed = at.elapsed;
        let is_due = |due: Option<Duration>| due.is_some_and(|due| due <= elapsed);
        if is_due(self.watch_due()) {
            self.watch(at);
        }
        if let Some(outage) = &self.outage {
            if outage.retry_at() <= elapsed
                && let Err(error) = self.flush(true, at)
            {
                log::debug!("the store still cannot be written: {error}");
            }
            return;
        }
        if is_due(self.pending.sync_due(self.sync_every))
            && let Err(error) = self.flush(true, at)
        {
            log::error!("the store could not be synced: {error}");
            self.pending.put_off_sync(elapsed);
        }
        if is_due(self.pending.commit_due(self.durability))
            && let Err(error) = self.flush(false, at)
        {
            log::error!("samples could not be saved yet: {error}");
            self.pending.put_off_commit(self.durability, elapsed);
        }
        if is_due(self.checkpoint_due())
            && let Err(error) = self.checkpoint(at)
        {
            log::warn!("the state of a workout could not be saved yet, its journal was: {error}");
            for entry in self.workouts.values_mut() {
                entry.uncheckpointed.put_off(elapsed);
            }
        }
        if is_due(self.upkeep_due()) {
            self.tidy(at);
        }
    }

    /// A workout of which a type may be counted anew now.
    pub(super) fn wanting_rows(&self, now: Duration) -> Option<Uuid> {
        let wants = |entry: &Entry| {
            entry.is_open() && entry.workout.rows_wanted_but_for(&entry.rests.resting(now)).is_some()
        };
        self.workouts.iter().find(|(_, entry)| wants(entry)).map(|(id, _)| *id)
    }

    /// When a type may be counted anew, if any is stale.
    fn recount_due(&self) -> Option<Duration> {
        if self.waits() {
            return None;
        }
        let due = |entry: &Entry| entry.rests.first_due(entry.workout.stale_types());
        let first = self.workouts.values().filter(|entry| entry.is_open()).filter_map(due).min()?;
        Some(first.max(self.recount_from))
    }

    /// Reads one piece of the rows that a workout wants and feeds it. `at_once`: no type is left to rest.
    pub(super) fn recount_piece(&mut self, id: Uuid, at: Moment, at_once: bool) -> Result<(), PacelineError> {
        self.flush(false, at)?;
        let waits = self.waits();
        let entry = self.workouts.get_mut(&id).ok_or_else(|| gone(id))?;
        let resting = if at_once { TypeSet::EMPTY } else { entry.rests.resting(at.elapsed) };
        let (Some(wanted), Some(key)) = (entry.workout.rows_wanted_but_for(&resting), entry.key) else {
            return Ok(());
        };
        if wanted.after.is_none() && entry.rests.was_given_up() && !at_once {
            entry.rests.begin(wanted.kind, at.elapsed);
            return Ok(());
        }
        let piece = self.database.rows_wanted(key, wanted)?;
        entry.rests.note(piece.rows.len());
        let mut corrected = TypeSet::EMPTY;
        entry.apply(&self.database, |workout| corrected = workout.feed(wanted, &piece.rows, piece.next));
        if !corrected.is_empty() {
            entry.rests.begin(wanted.kind, at.elapsed);
            entry.sequence += 1;
            let published = Published::new(&entry.workout, entry.sequence, at);
            entry.tell(&self.outbox, waits, published, vec![Notice::DataCollected(corrected)]);
        }
        Ok(())
    }

    /// What the platform must be asked after a step, and for whom: session mode follows the active session.
    pub(super) fn host_requests(&mut self, id: Uuid) -> Vec<(u64, HostRequest)> {
        let mut requests = std::mem::take(&mut self.unsent);
        if !self.asks_for_session_mode {
            return requests;
        }
        let first = requests.len();
        let ids: Vec<_> = self.workouts.keys().copied().collect();
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
            let place = if wants { requests.len() } else { first };
            requests.insert(place, (request_id, request));
        }
        requests
    }
}

impl Entry {
    /// A workout in its first state.
    pub(super) fn new(cell: &Arc<WorkoutCell>) -> Self {
        Self {
            cell: Arc::clone(cell),
            workout: LiveWorkout::new(cell.id, (*cell.published().configuration).clone()),
            key: None,
            settings: Vec::new(),
            closed: false,
            sequence: 0,
            journalled: 0,
            taken: false,
            asked: None,
            rests: Rests::default(),
            uncheckpointed: Uncheckpointed::default(),
            in_session_mode: false,
        }
    }

    /// A workout that was found in the store.
    pub(super) fn recovered(found: Recovered, at: Moment) -> Self {
        let published = Published::new(&found.workout, found.sequence, at);
        let cell = if found.has_builder {
            WorkoutCell::new(published)
        } else {
            WorkoutCell::without_builder(published)
        };
        Self {
            workout: found.workout,
            key: Some(found.key),
            sequence: found.sequence,
            journalled: found.sequence,
            ..Self::new(&Arc::new(cell))
        }
    }

    fn checkpoint_due(&self) -> Option<Duration> {
        self.uncheckpointed.due().filter(|_| self.is_open())
    }

    /// Whether its samples are in the store under a key of ours, and its numbers still matter.
    fn is_open(&self) -> bool {
        self.key.is_some() && !self.closed && !self.taken
    }

    /// Whether nobody holds it and nothing would be missed: it is over, or nothing ever happened to it.
    pub(super) fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.cell) == 1
            && (self.workout.is_settled() || (self.key.is_none() && !self.closed))
    }

    /// Applies what was committed. Should that panic, the workout is loaded anew from its journal.
    pub(super) fn apply(&mut self, database: &Database, apply: impl FnOnce(&mut LiveWorkout)) {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| apply(&mut self.workout))) else { return };
        log::error!("a change could not be applied, the workout is loaded anew: {}", panic_text(&*panic));
        self.reload(database);
    }

    /// Makes the workout what the store tells of it.
    fn reload(&mut self, database: &Database) {
        match self.key.map(|key| database.load_live(key)) {
            Some(Ok(Some(found))) => self.workout = found.workout,
            Some(Err(error)) => log::error!("the workout could not be loaded: {error}"),
            Some(Ok(None)) | None => log::error!("the workout is not in the journal"),
        }
    }

    /// What getters show, and then what delegates hear of it: in this order, so that a callback finds what it is about.
    fn tell(&self, outbox: &Outbox, waits: bool, mut published: Published, notices: Vec<Notice>) {
        published.durable = !waits;
        self.cell.publish(published);
        outbox.put(&self.cell, notices);
    }
}

pub(super) fn gone(id: Uuid) -> PacelineError {
    PacelineError::new(ErrorCode::StoreNotFound, "this workout is over and was let go").with_value(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        HealthStore, LiveWorkoutDataSource, ManualClock, QuantityType, StoreOptions, WorkoutActivityType,
        WorkoutConfiguration, WorkoutSession,
    };

    /// The journal and the samples tell the same workout as memory does, so that a machine that broke can be replaced.
    #[test]
    fn a_panic_while_applying_loads_the_workout_anew() -> Result<(), PacelineError> {
        let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
        let store = HealthStore::open(StoreOptions::new().clock(&clock))?;
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&store, run.clone())?;
        let builder = session.associated_workout_builder().expect("a builder");
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run))))?;
        session.start_activity(None)?;
        builder.begin_collection(store.now())?;
        let measure = |kind, value, seconds: i64| {
            let end = store.now();
            let start = end.plus_micros(-seconds * 1_000_000);
            store.ingest_sample(&QuantitySample::in_stored_unit(kind, value, start, end)?)
        };
        for round in 0..30 {
            clock.advance(Duration::from_secs(10));
            measure(QuantityType::HeartRate, f64::from(120 + round), 0)?;
            measure(QuantityType::DistanceWalkingRunning, 27.5, 10)?;
            match round {
                7 | 19 => session.pause()?,
                9 | 20 => session.resume()?,
                12 => session.begin_new_activity(run.clone(), store.now(), crate::Metadata::new())?,
                _ => {}
            }
        }
        let before = session.snapshot();
        {
            let mut writer = store.engine.writer.lock();
            let writer = &mut *writer;
            let entry = writer.workouts.get_mut(&session.id()).expect("the workout is going on");
            let live = entry.workout.clone();
            entry.apply(&writer.database, |workout| {
                *workout = LiveWorkout::new(workout.session.id, WorkoutConfiguration::default());
                panic!("on purpose");
            });
            assert_eq!(entry.workout.session, live.session);
            assert_eq!(entry.workout.builder.events, live.builder.events);
            let published = Published::new(&entry.workout, entry.sequence, store.engine.clock.moment());
            entry.tell(&writer.outbox, false, published, Vec::new());
        }
        store.poll();
        let after = session.snapshot();
        assert_eq!((after.statistics, after.activities), (before.statistics, before.activities));
        session.end()
    }
    /// After the clock was set, samples that nobody collects keep the dates that they came with.
    #[test]
    fn only_what_is_collected_is_dated_anew() -> Result<(), PacelineError> {
        let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
        let store = HealthStore::open(StoreOptions::new().clock(&clock))?;
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&store, run.clone())?;
        let builder = session.associated_workout_builder()?;
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run))))?;
        session.start_activity(None)?;
        builder.begin_collection(store.now())?;
        let begun = store.now();
        clock.advance(Duration::from_secs(10));
        clock.jump(3_600_000_000);
        let now = store.now();
        for kind in [QuantityType::HeartRate, QuantityType::StepCount] {
            store.ingest_sample(&QuantitySample::in_stored_unit(kind, 70.0, now, now)?)?;
        }
        let writer = store.engine.writer.lock();
        let saved =
            |id| writer.database.sample(SampleId(id)).map(|found| found.map(|(_, reading)| reading.start));
        assert_eq!(saved(1)?, Some(begun.plus(Duration::from_secs(10))));
        assert_eq!(saved(2)?, Some(now));
        Ok(())
    }
}
