//! What was accepted and waits for its commit, and when things are due.

use super::options::Durability;
use crate::machines::change::Change;
use crate::machines::live_workout::LiveWorkout;
use crate::values::SourceId;
use crate::values::rows::Rows;
use std::time::Duration;

/// How many samples wait at most, whatever the host allows: 64 Ki of them are 1.5 MiB.
const BOUND: usize = 1 << 16;

/// How much steps that wait may hold, in bytes as the journal counts them.
const STEPS_BOUND: usize = 4 << 20;

/// How long something that failed waits before it is tried again.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Batches up to this many samples are put together while they wait.
const SMALL: usize = 256;

/// Something that was accepted and applied, and is not committed.
#[derive(Debug)]
pub(crate) enum Waiting {
    Rows(Rows),
    Step(WaitingStep),
}

/// What happened to a workout that the store knows already, while the store could not be written.
#[derive(Debug)]
pub(crate) struct WaitingStep {
    pub(crate) key: i64,
    pub(crate) sequence: u64,
    pub(crate) changes: Vec<Change>,
    /// Its session held the device.
    pub(crate) held_device: bool,
}

/// What waits, in the order in which it was accepted, and the timers of durability. Times are those of the elapsed clock.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    waiting: Vec<Waiting>,
    samples: usize,
    steps: usize,
    step_bytes: usize,
    /// The highest committed-with-these batch number of each source that sent one.
    numbers: Vec<(SourceId, u64)>,
    /// Emptied batches, kept for their memory.
    spare: Vec<Rows>,
    /// When the oldest sample came in.
    since: Option<Duration>,
    /// When the oldest commit that was not fully synced was made.
    unsynced_since: Option<Duration>,
}

impl Pending {
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.numbers.is_empty()
    }

    /// What waits, in order.
    pub(crate) fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }

    /// Tells a workout what of it waits.
    pub(crate) fn replay(&self, key: i64, workout: &mut LiveWorkout) {
        for waiting in &self.waiting {
            match waiting {
                Waiting::Rows(rows) => workout.take(&rows.collected_by(key)),
                Waiting::Step(step) if step.key == key => workout.apply(&step.changes),
                Waiting::Step(_) => {}
            }
        }
    }

    /// The steps that wait.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &WaitingStep> {
        self.waiting.iter().filter_map(|waiting| match waiting {
            Waiting::Step(step) => Some(step),
            Waiting::Rows(_) => None,
        })
    }

    /// Whether state changes are among what waits.
    pub(crate) fn has_steps(&self) -> bool {
        self.steps > 0
    }

    /// Whether this many more samples, and changes of this size, may wait.
    pub(crate) fn has_room(&self, samples: usize, changes: usize) -> bool {
        self.samples + samples <= BOUND && self.step_bytes + changes <= STEPS_BOUND
    }

    /// The batch numbers that wait with it.
    pub(crate) fn numbers(&self) -> &[(SourceId, u64)] {
        &self.numbers
    }

    /// Whether this many more samples must be committed now, with what waits.
    pub(crate) fn must_commit(&self, more: usize, durability: Durability, now: Duration) -> bool {
        match durability {
            Durability::EachInput => true,
            Durability::Within(span) => {
                self.samples + more > BOUND
                    || self.since.is_some_and(|since| now.saturating_sub(since) >= span)
            }
        }
    }

    /// Lets samples wait. What `rows` holds afterwards means nothing; it is memory to be used again.
    pub(crate) fn gather(&mut self, rows: &mut Rows, number: Option<(SourceId, u64)>, now: Duration) {
        self.since.get_or_insert(now);
        self.samples += rows.len();
        self.numbers.extend(number);
        match self.waiting.last_mut() {
            Some(Waiting::Rows(last)) if last.len() + rows.len() <= SMALL => last.append(rows),
            _ => {
                let empty = self.spare.pop().unwrap_or_default();
                self.waiting.push(Waiting::Rows(std::mem::replace(rows, empty)));
            }
        }
    }

    /// Lets a step wait.
    pub(crate) fn owe(&mut self, step: WaitingStep, now: Duration) {
        self.since.get_or_insert(now);
        self.steps += 1;
        self.step_bytes += size(&step.changes);
        self.waiting.push(Waiting::Step(step));
    }

    /// Drops the steps of a workout that another process put an end to; tells whether there were any. Its samples stay.
    pub(crate) fn forget_steps(&mut self, key: i64) -> bool {
        let before = self.steps;
        let (steps, step_bytes) = (&mut self.steps, &mut self.step_bytes);
        self.waiting.retain(|waiting| match waiting {
            Waiting::Step(step) if step.key == key => {
                *steps -= 1;
                *step_bytes -= size(&step.changes);
                false
            }
            _ => true,
        });
        self.steps < before
    }

    /// The samples that this workout collected are part of no workout.
    pub(crate) fn release(&mut self, key: i64) {
        for waiting in &mut self.waiting {
            if let Waiting::Rows(rows) = waiting {
                rows.release(key);
            }
        }
    }

    /// Notes a commit of everything.
    pub(crate) fn committed(&mut self, synced: bool, now: Duration) {
        // A few buffers serve the next batches; more would only keep memory that a peak once needed.
        let rows = self.waiting.drain(..).filter_map(|waiting| match waiting {
            Waiting::Rows(rows) => Some(rows),
            Waiting::Step(_) => None,
        });
        self.spare.extend(rows.take(4));
        self.spare.truncate(4);
        (self.samples, self.steps, self.step_bytes) = (0, 0, 0);
        self.numbers.clear();
        self.since = None;
        if synced {
            self.unsynced_since = None;
        } else {
            self.unsynced_since.get_or_insert(now);
        }
    }

    /// When gathered samples must be committed.
    pub(crate) fn commit_due(&self, durability: Durability) -> Option<Duration> {
        match durability {
            Durability::EachInput => None,
            Durability::Within(span) => self.since.map(|since| since.saturating_add(span)),
        }
    }

    /// When commits must be fully synced.
    pub(crate) fn sync_due(&self, sync_every: Option<Duration>) -> Option<Duration> {
        Some(self.unsynced_since?.saturating_add(sync_every?))
    }

    /// Puts a sync that failed off.
    pub(crate) fn put_off_sync(&mut self, now: Duration) {
        self.unsynced_since = Some(now);
    }

    /// Puts a commit that failed off, for a second at least.
    pub(crate) fn put_off_commit(&mut self, durability: Durability, now: Duration) {
        let span = match durability {
            Durability::EachInput => Duration::ZERO,
            Durability::Within(span) => span,
        };
        if self.since.is_some() {
            self.since = Some(now.saturating_add(RETRY_AFTER.saturating_sub(span)));
        }
    }

    /// Notes something committed that is not fully synced.
    pub(crate) fn note_unsynced(&mut self, now: Duration) {
        self.unsynced_since.get_or_insert(now);
    }
}

/// How large changes are in the journal, in bytes.
pub(crate) fn size(changes: &[Change]) -> usize {
    postcard::experimental::serialized_size(changes).unwrap_or(STEPS_BOUND)
}
