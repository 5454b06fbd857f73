//! Samples that were accepted and wait for their commit, and when things are due.

use super::options::Durability;
use crate::values::SourceId;
use crate::values::rows::Rows;
use std::time::Duration;

/// How many rows wait at most, whatever the host allows: 64 Ki rows are 1.5 MiB.
const BOUND: usize = 1 << 16;

/// The gathered samples and the timers of durability. Times are those of the elapsed clock.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) rows: Rows,
    pub(crate) batches: Vec<(SourceId, u64)>,
    /// When the oldest row came in.
    since: Option<Duration>,
    /// When the oldest commit that was not fully synced was made.
    unsynced_since: Option<Duration>,
}

/// A mark to go back to when a commit fails.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    rows: usize,
    batches: usize,
}

impl Pending {
    pub(crate) fn mark(&self) -> Mark {
        Mark { rows: self.rows.len(), batches: self.batches.len() }
    }

    /// Lets go what was gathered after the mark.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.rows.truncate(mark.rows);
        self.batches.truncate(mark.batches);
        if self.rows.is_empty() {
            self.since = None;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.batches.is_empty()
    }

    /// Notes that rows came in; true when they must be committed now.
    pub(crate) fn gathered(&mut self, durability: Durability, now: Duration) -> bool {
        let since = *self.since.get_or_insert(now);
        match durability {
            Durability::EachInput => true,
            Durability::Within(span) => self.rows.len() >= BOUND || now.saturating_sub(since) >= span,
        }
    }

    /// Notes a commit of everything.
    pub(crate) fn committed(&mut self, synced: bool, now: Duration) {
        self.rows.clear();
        self.batches.clear();
        self.since = None;
        if synced {
            self.unsynced_since = None;
        } else {
            self.unsynced_since.get_or_insert(now);
        }
    }

    /// When gathered rows must be committed.
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

    /// Puts a commit that failed off.
    pub(crate) fn put_off_commit(&mut self, now: Duration) {
        if self.since.is_some() {
            self.since = Some(now);
        }
    }
}
