//! When the state of a live workout is saved as a whole, so that recovering it takes the same short time after an hour and
//! after a day.

use super::pending::RETRY_AFTER;
use std::time::Duration;

/// What happened longer ago than this stands in a checkpoint.
const EVERY: Duration = Duration::from_secs(60);

/// So many samples are replayed at most, and those of one batch.
const SAMPLES: usize = 8192;

/// How much of a workout no checkpoint holds. Times are those of the elapsed clock.
#[derive(Debug, Default)]
pub(crate) struct Uncheckpointed {
    since: Option<Duration>,
    samples: usize,
}

impl Uncheckpointed {
    /// Notes a step, or samples that came in.
    pub(crate) fn note(&mut self, samples: usize, now: Duration) {
        self.since.get_or_insert(now);
        self.samples += samples;
    }

    /// When the next checkpoint is due; nothing while the last one holds everything.
    pub(crate) fn due(&self) -> Option<Duration> {
        let since = self.since?;
        Some(if self.samples >= SAMPLES { since } else { since.saturating_add(EVERY) })
    }

    /// A checkpoint was saved.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Puts a checkpoint that failed off.
    pub(crate) fn put_off(&mut self, now: Duration) {
        self.samples = 0;
        self.since = Some(now.saturating_add(RETRY_AFTER).saturating_sub(EVERY));
    }
}
