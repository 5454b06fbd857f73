//! What is done while the store cannot be written, or may not: live sessions go on in memory, and the store is tried again.

use super::pending::RETRY_AFTER;
use crate::values::{ErrorCode, PacelineError};
use std::time::Duration;

/// The longest pause between two tries, as a power of two of the shortest.
const LONGEST: u32 = 4;

/// The store refused to be written, and nothing was committed since.
#[derive(Debug)]
pub(super) struct Outage {
    tries: u32,
    retry_at: Duration,
}

impl Outage {
    pub(super) fn new(now: Duration) -> Self {
        Self { tries: 0, retry_at: now.saturating_add(RETRY_AFTER) }
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

/// The error of what cannot wait while the store is suspended.
pub(super) fn suspended() -> PacelineError {
    PacelineError::new(ErrorCode::StoreSuspended, "the store is suspended; resume it before this call")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_tried_again_more_and_more_rarely() {
        let mut outage = Outage::new(Duration::ZERO);
        let mut tries = Vec::new();
        for _ in 0..8 {
            tries.push(outage.retry_at().as_secs());
            outage.goes_on(outage.retry_at());
        }
        assert_eq!(tries, [1, 3, 7, 15, 31, 47, 63, 79]);
    }
}
