//! When what was accepted is committed, synced and checkpointed, and what else is due.

use super::outage::is_refusal_of_disk;
use super::{Entry, Writer, Wrote};
use crate::machines::timeline::Moment;
use crate::shell::store::{Checkpoint, Commit, Unwritten};
use crate::values::rows::Rows;
use crate::values::{ErrorCode, PacelineError, SourceId};
use std::time::Duration;

impl Writer {
    /// Commits what was gathered.
    pub(in crate::shell) fn flush(&mut self, sync: bool, at: Moment) -> Result<(), PacelineError> {
        if self.pending.is_empty() && !sync {
            return Ok(());
        }
        // Each workout that turns out to be lost leaves the rest to be saved; whose it was hears of it.
        for _ in 0..self.workouts.len() {
            match self.commit_with(None, None, sync, at) {
                Err(error) if error.code() == ErrorCode::AnotherWorkoutSessionStarted => {}
                outcome => return outcome.map(drop),
            }
        }
        self.commit_with(None, None, sync, at).map(drop)
    }

    /// Commits what was gathered, and the state of the workouts of which too much stands in no checkpoint.
    pub(super) fn checkpoint(&mut self, at: Moment) -> Result<(), PacelineError> {
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
    pub(in crate::shell) fn commit_with(
        &mut self,
        more: Option<&Rows>,
        number: Option<(SourceId, u64)>,
        sync: bool,
        at: Moment,
    ) -> Result<Wrote, PacelineError> {
        self.check_awake()?;
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

    pub(in crate::shell) fn next_due(&self) -> Option<Duration> {
        self.recount_due().into_iter().chain(self.next_timer()).min()
    }

    pub(in crate::shell) fn next_timer(&self) -> Option<Duration> {
        if self.suspended {
            return None;
        }
        if let Some(outage) = &self.outage {
            let retry = [outage.retry_at()];
            return self.watch_due().into_iter().chain(retry).chain(self.mail_due()).min();
        }
        let commit = self.pending.commit_due(self.durability);
        let sync = self.pending.sync_due(self.sync_every);
        let work = self
            .checkpoint_due()
            .into_iter()
            .chain(self.watch_due())
            .chain(self.upkeep_due())
            .chain(self.mail_due());
        commit.into_iter().chain(sync).chain(work).min()
    }

    pub(super) fn checkpoint_due(&self) -> Option<Duration> {
        self.workouts.values().filter_map(Entry::checkpoint_due).min()
    }

    pub(in crate::shell) fn run_timers(&mut self, at: Moment) {
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
                if let Some(outage) = self.outage.as_mut().filter(|outage| outage.retry_at() <= elapsed) {
                    outage.goes_on(elapsed);
                }
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
}
