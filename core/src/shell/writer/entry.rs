//! A workout as the writer keeps it.

use crate::machines::arbitration::Entrance;
use crate::machines::change::{Change, Notice};
use crate::machines::live_workout::LiveWorkout;
use crate::machines::timeline::Moment;
use crate::shell::cell::WorkoutCell;
use crate::shell::checkpoints::Uncheckpointed;
use crate::shell::guard::{guarded, panic_text};
use crate::shell::outbox::Outbox;
use crate::shell::pending::Pending;
use crate::shell::published::Published;
use crate::shell::rests::Rests;
use crate::shell::store::{Database, Recovered};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A workout that is not over, or whose handles are still held.
pub(in crate::shell) struct Entry {
    pub(in crate::shell) cell: Arc<WorkoutCell>,
    pub(in crate::shell) workout: LiveWorkout,
    /// Its key in the store, from its first change of state on.
    pub(in crate::shell) key: Option<i64>,
    /// What was set before; a session to which nothing happened leaves nothing behind, so that it is written with the first
    /// change of state.
    pub(in crate::shell) settings: Vec<Change>,
    /// Nothing of it is journalled any more: it was saved, discarded, or never began.
    pub(in crate::shell) closed: bool,
    pub(in crate::shell) sequence: u64,
    /// The last step of ours in the journal.
    pub(in crate::shell) journalled: u64,
    /// Another process recovered it: nothing can be done with it here.
    pub(in crate::shell) taken: bool,
    /// The request to the host whose answer decides whether this call is made.
    pub(in crate::shell) asked: Option<(u64, Entrance)>,
    /// The types that were counted anew a short while ago.
    pub(in crate::shell) rests: Rests,
    pub(in crate::shell) uncheckpointed: Uncheckpointed,
    /// Whether the platform was asked to keep this session in session mode.
    pub(in crate::shell) in_session_mode: bool,
}

impl Entry {
    /// A workout in its first state.
    pub(in crate::shell) fn new(cell: &Arc<WorkoutCell>) -> Self {
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
    pub(in crate::shell) fn recovered(found: Recovered, at: Moment) -> Self {
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

    pub(super) fn checkpoint_due(&self) -> Option<Duration> {
        self.uncheckpointed.due().filter(|_| self.is_open())
    }

    /// Whether its samples are in the store under a key of ours, and its numbers still matter.
    pub(super) fn is_open(&self) -> bool {
        self.key.is_some() && !self.closed && !self.taken
    }

    /// Whether nobody holds it and nothing would be missed: it is over, or nothing ever happened to it.
    pub(in crate::shell) fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.cell) == 1
            && (self.workout.is_settled() || (self.key.is_none() && !self.closed))
    }

    /// Applies what was accepted. Should that panic, the workout is loaded anew, and the answer is false.
    pub(in crate::shell) fn apply(
        &mut self,
        database: &Database,
        pending: &Pending,
        apply: impl FnOnce(&mut LiveWorkout),
    ) -> bool {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| apply(&mut self.workout))) else { return true };
        log::error!("a change could not be applied, the workout is loaded anew: {}", panic_text(&*panic));
        self.reload(database, pending);
        false
    }

    /// Makes the workout what the store tells of it, and what waits to be written there.
    pub(super) fn reload(&mut self, database: &Database, pending: &Pending) {
        let Some(key) = self.key else { return log::error!("the workout is not in the journal") };
        let loaded = guarded(|| {
            let found = database.load_live(key)?;
            Ok(found.map(|mut found| {
                pending.replay(key, &mut found.workout);
                found.workout
            }))
        });
        match loaded {
            Ok(Some(workout)) => self.workout = workout,
            Ok(None) => log::error!("the workout is not in the journal"),
            Err(error) => log::error!("the workout could not be loaded: {error}"),
        }
    }

    /// What getters show, and then what delegates hear of it: in this order, so that a callback finds what it is about.
    pub(super) fn tell(&self, outbox: &Outbox, waits: bool, mut published: Published, notices: Vec<Notice>) {
        // What was never begun, or is over for good, has nothing that waits.
        published.durable = !(waits && self.is_open());
        self.cell.publish(published);
        outbox.put(&self.cell, notices);
    }
}
