//! When the timer thread wakes up. An engine with nothing due sleeps without end.

use super::sync::{Condvar, Mutex};
use std::time::Duration;

/// The plan of the timer thread.
#[derive(Default)]
pub(crate) struct Ticker {
    plan: Mutex<Plan>,
    changed: Condvar,
}

#[derive(Default)]
struct Plan {
    /// On the elapsed clock.
    due: Option<Duration>,
    closed: bool,
}

impl Ticker {
    /// Sets when the thread is needed next; it is woken only when that is earlier than it knows.
    pub(crate) fn plan(&self, due: Option<Duration>) {
        let Some(due) = due else { return };
        let mut plan = self.plan.lock();
        if plan.due.is_none_or(|planned| due < planned) {
            plan.due = Some(due);
            self.changed.notify_all();
        }
    }

    /// Waits until something is due; false when the ticker was closed.
    pub(crate) fn wait(&self, elapsed: impl Fn() -> Duration) -> bool {
        let mut plan = self.plan.lock();
        loop {
            if plan.closed {
                return false;
            }
            match plan.due {
                None => self.changed.wait(&mut plan),
                Some(due) => {
                    let now = elapsed();
                    if due <= now {
                        plan.due = None;
                        return true;
                    }
                    self.changed.wait_for(&mut plan, due.saturating_sub(now));
                }
            }
        }
    }

    pub(crate) fn close(&self) {
        self.plan.lock().closed = true;
        self.changed.notify_all();
    }
}
