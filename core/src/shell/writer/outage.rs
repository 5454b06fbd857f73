//! What is done while the store cannot be written, or may not: live sessions go on in memory, and the store is tried again.

use super::{Plan, Writer};
use crate::machines::arbitration::{another_started, enters};
use crate::machines::change::{Change, Notice};
use crate::machines::timeline::Moment;
use crate::shell::pending::{self, RETRY_AFTER, WaitingStep};
use crate::shell::published::Published;
use crate::values::{ErrorCode, PacelineError};
use std::time::Duration;
use uuid::Uuid;

/// The longest pause between two tries, as a power of two of the shortest.
const LONGEST: u32 = 4;

/// The store refused to be written, and nothing was committed since.
#[derive(Debug)]
pub(in crate::shell) struct Outage {
    tries: u32,
    retry_at: Duration,
    /// The workouts that were going on when it began: who heard of it hears when it is over.
    told: Vec<Uuid>,
}

impl Outage {
    pub(super) fn new(now: Duration, told: Vec<Uuid>) -> Self {
        Self { tries: 0, retry_at: now.saturating_add(RETRY_AFTER), told }
    }

    /// When the store is tried again, on the elapsed clock.
    pub(super) fn retry_at(&self) -> Duration {
        self.retry_at
    }

    /// It was tried again in vain.
    pub(super) fn goes_on(&mut self, now: Duration) {
        self.tries = (self.tries + 1).min(LONGEST);
        self.retry_at = now.saturating_add(RETRY_AFTER * (1 << self.tries));
    }
}

/// Whether an error says that the disk takes nothing: it is full, read-only, or fails.
pub(super) fn is_refusal_of_disk(error: &PacelineError) -> bool {
    matches!(error.code(), ErrorCode::StoreFull | ErrorCode::StoreReadOnly | ErrorCode::StoreWriteFailed)
}

impl Writer {
    /// # Errors
    /// Store 12 while the host forbids to write: for what cannot wait.
    pub(in crate::shell) fn check_awake(&self) -> Result<(), PacelineError> {
        if self.suspended {
            let message = "the store is suspended; resume it before this call";
            return Err(PacelineError::new(ErrorCode::StoreSuspended, message));
        }
        Ok(())
    }

    /// Whether plans may be acknowledged before they are committed, should the disk refuse them: they are about workouts that the
    /// store knows, end none of them for good, and there is room.
    pub(super) fn can_wait(&self, plans: &[Plan], closing: &[bool]) -> bool {
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
    pub(super) fn owe(&mut self, plans: &[Plan], at: Moment) {
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
    pub(super) fn may_write(&self, at: Moment) -> bool {
        !self.suspended && self.outage.as_ref().is_none_or(|outage| outage.retry_at() <= at.elapsed)
    }

    /// Whether what is accepted waits, for the host or for the disk.
    pub(in crate::shell) fn waits(&self) -> bool {
        self.suspended || self.outage.is_some()
    }

    /// Notes that the disk refused to be written, and tells those whose workouts it is about.
    pub(super) fn fails(&mut self, error: &PacelineError, at: Moment) {
        if let Some(outage) = &mut self.outage {
            outage.goes_on(at.elapsed);
            return;
        }
        let told: Vec<_> =
            self.workouts.values().filter(|entry| entry.is_open()).map(|entry| entry.cell.id).collect();
        if !told.is_empty() {
            log::error!("the store cannot be written, what happens waits in memory: {error}");
            self.outage = Some(Outage::new(at.elapsed, told.clone()));
            self.tell_all(Some(&Notice::DurabilityLost(error.clone())), &told, at);
        }
    }

    /// Notes that all that waited is committed.
    pub(super) fn saved(&mut self, sync: bool, at: Moment) {
        for step in self.pending.steps() {
            if let Some(entry) = self.workouts.values_mut().find(|entry| entry.key == Some(step.key)) {
                entry.journalled = step.sequence;
            }
        }
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
            let told = std::mem::take(&mut outage.told);
            self.outage = None;
            self.tell_all(Some(&Notice::DurabilityRegained), &told, at);
        }
    }

    /// Shows the holders of workouts that are not over whether what happens to them is as safe as was promised, and tells it
    /// to some.
    fn tell_all(&self, notice: Option<&Notice>, whom: &[Uuid], at: Moment) {
        for entry in self.workouts.values().filter(|entry| entry.is_open()) {
            let published = Published::new(&entry.workout, entry.sequence, at);
            let notice = notice.filter(|_| whom.contains(&entry.cell.id)).cloned();
            entry.tell(&self.outbox, self.waits(), published, notice.into_iter().collect());
        }
    }

    /// From now on the host forbids to write.
    pub(in crate::shell) fn fall_asleep(&mut self, at: Moment) -> Result<(), PacelineError> {
        let outcome = self.flush(true, at);
        self.suspended = true;
        self.tell_all(None, &[], at);
        outcome
    }

    /// From now on the host allows to write. Health 8 when the device is lost.
    pub(in crate::shell) fn wake(&mut self, at: Moment) -> Result<(), PacelineError> {
        self.suspended = false;
        let held = self.holds();
        let outcome = self.flush(true, at);
        match &outcome {
            // Whatever the reason is: it is tried again.
            Err(error) if self.outage.is_none() => self.fails(error, at),
            _ => self.tell_all(None, &[], at),
        }
        if self.holds() == held { outcome } else { outcome.and(Err(another_started())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_tried_again_more_and_more_rarely() {
        let mut outage = Outage::new(Duration::ZERO, Vec::new());
        let mut tries = Vec::new();
        for _ in 0..8 {
            tries.push(outage.retry_at().as_secs());
            outage.goes_on(outage.retry_at());
        }
        assert_eq!(tries, [1, 3, 7, 15, 31, 47, 63, 79]);
    }
}
