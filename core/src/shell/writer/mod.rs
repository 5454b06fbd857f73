//! The writer: what happens under the one lock. Plans are committed in one transaction, and only then applied, published
//! and posted.

mod corrections;
mod entry;
mod mirroring;
mod observing;
mod outage;
mod ownership;
mod serving;
mod timers;

use crate::machines::arbitration::{Arbitration, another_started, enters, leaves};
use crate::machines::change::{Change, Notice};
use crate::machines::host_facts::HostFacts;
use crate::machines::timeline::Moment;
use crate::shell::engine::Ingested;
use crate::shell::guard::guarded;
use crate::shell::host::HostRequest;
use crate::shell::options::Durability;
use crate::shell::outbox::Outbox;
use crate::shell::pending::Pending;
use crate::shell::published::Published;
use crate::shell::store::{Commit, Database, Device, Fate, SourceRecord, Step};
use crate::shell::upkeep::Upkeep;
use crate::values::rows::{Rows, RunHead};
use crate::values::{
    ErrorCode, PacelineError, QuantitySample, SampleId, SourceId, Timestamp, TypeSet, Workout,
};
pub(super) use entry::Entry;
pub(super) use mirroring::{Mail, Mirroring};
use outage::{Outage, is_refusal_of_disk};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

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
    pub(super) mirroring: Mirroring,
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
        } else {
            self.check_awake()?;
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

    /// From here on nothing can fail: the transaction is committed.
    pub(super) fn apply(&mut self, plan: &Plan, closes: bool, at: Moment) {
        let waits = self.waits();
        let Some(entry) = self.workouts.get_mut(&plan.id) else { return };
        entry.sequence += 1;
        if plan.changes.iter().any(|change| matches!(change, Change::StateChanged { .. })) {
            entry.asked = None;
        }
        entry.apply(&self.database, &self.pending, |workout| {
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
            let taken = entry.apply(&self.database, &self.pending, |workout| workout.take(rows));
            if !taken && !commits {
                // They are not among what waits yet.
                entry.apply(&self.database, &self.pending, |workout| workout.take(rows));
            }
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
}

pub(super) fn gone(id: Uuid) -> PacelineError {
    PacelineError::new(ErrorCode::StoreNotFound, "this workout is over and was let go").with_value(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machines::live_workout::LiveWorkout;
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
                // From here on it waits.
                25 => store.suspend()?,
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
            entry.apply(&writer.database, &writer.pending, |workout| {
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
        store.resume()?;
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
