//! The one serial queue of callbacks.

use super::cell::WorkoutCell;
use super::sync::{Condvar, Mutex};
use crate::machines::change::Notice;
use crate::values::TypeSet;
use std::collections::VecDeque;
use std::sync::Arc;

/// A callback that waits for its delivery.
pub(crate) struct Letter {
    pub(crate) to: Arc<WorkoutCell>,
    pub(crate) notice: Notice,
}

/// The queue. Putting in never waits for a delegate.
#[derive(Default)]
pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    filled: Condvar,
}

#[derive(Default)]
struct Queue {
    letters: VecDeque<Letter>,
    /// How many letters ever left: the position of the first one that waits.
    delivered: u64,
    /// Someone takes letters out and delivers them; only one at a time, so that calls never overlap.
    draining: bool,
    closed: bool,
}

impl Outbox {
    /// Puts callbacks in, in order. Of "types changed" one at most waits for each builder: a later one is merged into it,
    /// so that a delegate that blocks costs bounded memory.
    pub(crate) fn put(&self, to: &Arc<WorkoutCell>, notices: Vec<Notice>) {
        if notices.is_empty() {
            return;
        }
        let mut queue = self.queue.lock();
        for notice in notices {
            if let Notice::DataCollected(types) = &notice {
                if queue.merge(to, types) {
                    continue;
                }
                to.note_waiting(queue.delivered + queue.letters.len() as u64);
            }
            queue.letters.push_back(Letter { to: Arc::clone(to), notice });
        }
        drop(queue);
        self.filled.notify_all();
    }

    /// Delivers what waits, and what is put in meanwhile; returns for how many `deliver` said that someone heard. Returns at once when
    /// delivery is already going on, here or on another thread.
    pub(crate) fn drain(&self, deliver: impl Fn(Letter) -> bool) -> u32 {
        let Some(mut letter) = self.begin() else { return 0 };
        // Also when a callback unwinds, others must be able to deliver.
        let end = End(self);
        let mut delivered = 0;
        loop {
            delivered += u32::from(deliver(letter));
            let mut queue = self.queue.lock();
            let Some(next) = queue.take() else {
                // Under the same lock: what is put in from here on is delivered by whoever polls next.
                queue.draining = false;
                drop(queue);
                std::mem::forget(end);
                return delivered;
            };
            letter = next;
        }
    }

    fn begin(&self) -> Option<Letter> {
        let mut queue = self.queue.lock();
        if queue.draining {
            return None;
        }
        let letter = queue.take()?;
        queue.draining = true;
        Some(letter)
    }

    /// Waits until there is something to deliver; false when the queue was closed.
    pub(crate) fn wait(&self) -> bool {
        let mut queue = self.queue.lock();
        while !queue.closed && (queue.letters.is_empty() || queue.draining) {
            self.filled.wait(&mut queue);
        }
        !queue.closed
    }

    /// Takes out what waits.
    pub(crate) fn clear(&self) -> Vec<Letter> {
        let mut queue = self.queue.lock();
        let letters: Vec<_> = queue.letters.drain(..).collect();
        queue.delivered += letters.len() as u64;
        letters
    }

    /// Lets waiting threads go.
    pub(crate) fn close(&self) {
        self.queue.lock().closed = true;
        self.filled.notify_all();
    }
}

impl Queue {
    fn take(&mut self) -> Option<Letter> {
        let letter = self.letters.pop_front()?;
        self.delivered += 1;
        Some(letter)
    }

    fn merge(&mut self, to: &Arc<WorkoutCell>, types: &TypeSet) -> bool {
        let Some(index) = to.waiting().and_then(|position| position.checked_sub(self.delivered)) else {
            return false;
        };
        match self.letters.get_mut(index as usize) {
            Some(Letter { notice: Notice::DataCollected(waiting), .. }) => {
                waiting.extend(types);
                true
            }
            _ => false,
        }
    }
}

struct End<'a>(&'a Outbox);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue.lock();
        queue.draining = false;
        let more = !queue.letters.is_empty();
        drop(queue);
        if more {
            self.0.filled.notify_all();
        }
    }
}
