//! What is ours: which workouts this process holds, who has the device, and what happens when another process takes one.

use super::outage::is_refusal_of_disk;
use super::{Entry, Writer};
use crate::machines::arbitration::{Arbitration, Entrance, another_started, leaves};
use crate::machines::change::{Change, Input, Notice};
use crate::machines::timeline::Moment;
use crate::shell::host::HostRequest;
use crate::shell::pending::WaitingStep;
use crate::shell::published::Published;
use crate::shell::store::{Commit, Fate, Loss, Recovered, SessionOwner, Step, Unwritten};
use crate::values::{ErrorCode, PacelineError, WorkoutSessionState};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How often to look whether another process took the device, where nothing is written that would tell.
const WATCH_EVERY: Duration = Duration::from_secs(1);

impl Writer {
    /// A workout of this process that is going on or is not finished; the one that holds the device before
    /// others, then the latest.
    pub(in crate::shell) fn living(&self) -> Option<&Entry> {
        let active = self.active.and_then(|id| self.workouts.get(&id));
        active
            .or_else(|| self.workouts.values().filter(|entry| entry.is_open()).max_by_key(|entry| entry.key))
    }

    /// Finds a workout in the store that no handle of this process leads to: one whose session is going on before others,
    /// of these the latest.
    pub(in crate::shell) fn recover(&mut self, at: Moment) -> Result<Option<&Entry>, PacelineError> {
        self.check_awake()?;
        self.flush(false, at)?;
        let takes_from_living = self.arbitration == Arbitration::HandOver;
        let mut candidates = Vec::new();
        for key in self.database.live_keys()? {
            let is_handed_over = takes_from_living && self.database.has_device(key)?;
            if is_handed_over || !self.lives_elsewhere(key, at)? {
                candidates.push(key);
            }
        }
        let mut found = loop {
            let Some(key) = self.choose(&candidates)? else { return Ok(None) };
            match self.database.take_over(key, takes_from_living, at)? {
                Some(found) => break found,
                None => candidates.retain(|other| *other != key),
            }
        };
        self.keep_stored_time(&mut found, at)?;
        let mut entry = Entry::recovered(found, at);
        let id = entry.cell.id;
        if entry.workout.session.is_active() {
            self.active = Some(id);
        }
        if let Some(lost) = self.workouts.get(&id) {
            // It was ours before another process took it: what the app still holds of it is this session again.
            entry.cell = Arc::clone(&lost.cell);
            entry.tell(&self.outbox, false, Published::new(&entry.workout, entry.sequence, at), Vec::new());
        }
        self.workouts.insert(id, entry);
        Ok(self.workouts.get(&id))
    }

    /// The first of these workouts whose session is going on, else the first.
    fn choose(&self, candidates: &[i64]) -> Result<Option<i64>, PacelineError> {
        if let [_, _, ..] = candidates {
            for key in candidates {
                let found = self.database.load_live(*key)?;
                if found.is_some_and(|found| found.workout.session.is_active()) {
                    return Ok(Some(*key));
                }
            }
        }
        Ok(candidates.first().copied())
    }

    /// The same for a workout that was found in the store. Nobody hears of it: it is of the past.
    pub(super) fn keep_stored_time(
        &mut self,
        found: &mut Recovered,
        at: Moment,
    ) -> Result<(), PacelineError> {
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
    pub(super) fn lives_elsewhere(&mut self, key: i64, at: Moment) -> Result<bool, PacelineError> {
        let holder = self.database.living_holder(key, at)?;
        if let Some(process) = holder.filter(|_| self.knows_processes) {
            self.ask_host(HostRequest::IsAlive { process });
        }
        Ok(holder.is_some())
    }

    /// Whose session is under way, where the store tells this: it knows nothing of one of ours that goes on although its workout
    /// was saved or discarded.
    pub(in crate::shell) fn owner(&self, stored: Option<SessionOwner>) -> Option<SessionOwner> {
        let is_alive = stored.as_ref().is_some_and(|owner| owner.is_alive);
        let ours = self.active.filter(|_| !is_alive).and_then(|id| self.workouts.get(&id));
        let ours = ours.filter(|entry| entry.closed).map(|entry| SessionOwner {
            session: entry.cell.id,
            state: entry.workout.session.state,
            configuration: entry.workout.session.configuration.clone(),
            process: std::process::id(),
            is_here: true,
            is_alive: true,
        });
        ours.or(stored)
    }

    /// Asks the host whether a session may enter session mode, if another one is under way; tells whether it was asked.
    pub(in crate::shell) fn ask(
        &mut self,
        id: Uuid,
        entrance: Entrance,
        at: Moment,
    ) -> Result<bool, PacelineError> {
        let owner = self.owner(self.database.session_owner(at)?);
        let Some(incumbent) = owner.filter(|owner| owner.is_alive) else { return Ok(false) };
        let request = self.ask_host(HostRequest::Arbitrate { session: id, incumbent });
        if let Some(entry) = self.workouts.get_mut(&id) {
            entry.asked = Some((request, entrance));
        }
        Ok(true)
    }

    /// The call that waited for the answer to this request.
    pub(in crate::shell) fn asked(&mut self, request: u64) -> Option<(Uuid, Entrance)> {
        let waits = |entry: &Entry| entry.asked.is_some_and(|(asked, _)| asked == request);
        let (id, entry) = self.workouts.iter_mut().find(|(_, entry)| waits(entry))?;
        entry.asked.take().map(|(_, entrance)| (*id, entrance))
    }

    pub(super) fn ask_host(&mut self, request: HostRequest) -> u64 {
        let id = self.next_request;
        self.next_request += 1;
        self.unsent.push((id, request));
        id
    }

    /// The workout that holds the device, as far as we know. One that was saved or discarded while its session goes on has nothing
    /// left in the store that another process could write to.
    pub(super) fn holds(&self) -> Option<i64> {
        let entry = self.workouts.get(&self.active?)?;
        entry.key.filter(|_| !entry.closed)
    }

    /// What became of a transaction. When another process took what it was about, it was not made, and our session is over.
    pub(super) fn written<T>(
        &mut self,
        outcome: Result<T, Unwritten>,
        at: Moment,
    ) -> Result<T, PacelineError> {
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
    pub(super) fn lose(&mut self, loss: Loss, at: Moment) {
        let (Loss::Device(key) | Loss::Workout(key)) = loss;
        let waits = self.waits();
        let had_more = self.pending.forget_steps(key);
        let Some((id, entry)) = self.workouts.iter_mut().find(|(_, entry)| entry.key == Some(key)) else {
            return;
        };
        let id = *id;
        self.active = self.active.filter(|active| *active != id);
        let mut changes = Vec::new();
        // It may have ended here while the store could not be written; its delegate heard that then.
        let seen = entry.workout.session.state;
        match loss {
            // What the other process made of our session stands in the journal.
            Loss::Device(_) => {
                if had_more {
                    // What happened here and was not saved gives way to what the others saw. The samples stay.
                    entry.reload(&self.database, &self.pending);
                }
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
        entry.apply(&self.database, &self.pending, |workout| workout.apply(&changes));
        let mut notices = entry.workout.notices(&changes);
        if seen == WorkoutSessionState::Ended {
            notices.clear();
        }
        for notice in &mut notices {
            // Told from where its delegate left it, also when that was not saved.
            if let Notice::StateChanged { from, .. } = notice {
                *from = seen;
            }
        }
        let published = Published::new(&entry.workout, entry.sequence, at);
        entry.tell(&self.outbox, waits, published, notices);
        if entry.taken {
            return;
        }
        entry.closed |= entry.workout.is_settled();
        if !told || entry.closed {
            self.journal_end(id, &changes, at);
        }
    }

    /// Writes down the end of a session that the other process took for dead and left as it was; one of which nothing is left
    /// to finish goes.
    fn journal_end(&mut self, id: Uuid, changes: &[Change], at: Moment) {
        let Some(entry) = self.workouts.get_mut(&id) else { return };
        let step = Step {
            key: entry.key,
            id,
            configuration: &entry.workout.session.configuration,
            has_builder: entry.cell.has_builder,
            sequence: entry.sequence,
            settings: &[],
            changes,
            fate: if entry.closed { Fate::Dropped } else { Fate::Goes },
            associated: &[],
        };
        let waiting = entry.key.filter(|_| !entry.closed).map(|key| WaitingStep {
            key,
            sequence: entry.sequence,
            changes: changes.to_vec(),
            held_device: false,
        });
        match self.database.commit(Commit { steps: vec![step], sync: true, ..Commit::default() }) {
            Ok(_) => entry.journalled = entry.sequence,
            Err(Unwritten::Failed(error)) if is_refusal_of_disk(&error) => {
                self.fails(&error, at);
                if let Some(step) = waiting {
                    self.pending.owe(step, at.elapsed);
                }
            }
            Err(why) => log::error!("the end of a session that was lost could not be saved: {why:?}"),
        }
    }

    /// Others may recover what is not finished.
    pub(in crate::shell) fn let_go(&mut self) -> Result<(), PacelineError> {
        if self.workouts.values().any(Entry::is_open) { self.database.let_go() } else { Ok(()) }
    }

    /// Looks whether another process took the device.
    pub(super) fn watch(&mut self, at: Moment) {
        let Some(key) = self.holds() else { return };
        let outcome = self.database.still_holds(key);
        if let Err(error) = self.written(outcome, at)
            && error.code() != ErrorCode::AnotherWorkoutSessionStarted
        {
            log::warn!("who holds the device cannot be read: {error}");
        }
    }

    /// When to look again.
    pub(super) fn watch_due(&self) -> Option<Duration> {
        self.active?;
        Some(self.watched?.saturating_add(WATCH_EVERY))
    }

    /// What the platform must be asked after a step, and for whom: session mode follows the active session.
    pub(in crate::shell) fn host_requests(&mut self, id: Uuid) -> Vec<(u64, HostRequest)> {
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
