//! Samples that were accepted and wait for their commit, and when things are due.

use super::options::Durability;
use crate::values::SourceId;
use crate::values::rows::Rows;
use std::time::Duration;

/// How many samples wait at most, whatever the host allows: 64 Ki of them are 1.5 MiB.
const BOUND: usize = 1 << 16;

/// How long something that failed waits before it is tried again.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Batches up to this many samples are put together while they wait.
const SMALL: usize = 256;

/// The gathered samples and the timers of durability. Times are those of the elapsed clock.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    batches: Vec<Rows>,
    samples: usize,
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
        self.batches.is_empty() && self.numbers.is_empty()
    }

    /// What waits.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Rows> {
        self.batches.iter()
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
        match self.batches.last_mut() {
            Some(last) if last.len() + rows.len() <= SMALL => last.append(rows),
            _ => {
                let empty = self.spare.pop().unwrap_or_default();
                self.batches.push(std::mem::replace(rows, empty));
            }
        }
    }

    /// Notes a commit of everything.
    pub(crate) fn committed(&mut self, synced: bool, now: Duration) {
        // A few buffers serve the next batches; more would only keep memory that a peak once needed.
        self.spare.extend(self.batches.drain(..).take(4));
        self.spare.truncate(4);
        self.samples = 0;
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
