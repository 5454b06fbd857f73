//! What waits to be sent to one device: bounded, and never a reason to wait.

use paceline::{ErrorCode, PacelineError};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;

/// However small they are, no more messages than this wait.
const LONGEST: usize = 4096;

/// How many bytes are taken out at once, about.
const BATCH: usize = 64 * 1024;

pub(super) struct Queue {
    limit: usize,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Vec<u8>>,
    bytes: usize,
    closed: bool,
}

impl Queue {
    /// A queue for this many bytes. One message fits always.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, waiting: Mutex::default(), changed: Condvar::new() }
    }

    pub(super) fn push(&self, message: &[u8]) -> Result<(), PacelineError> {
        let mut waiting = self.waiting.lock();
        if waiting.closed {
            return Err(PacelineError::new(ErrorCode::LinkClosed, "the device is not connected any more"));
        }
        let full = waiting.messages.len() >= LONGEST || waiting.bytes + message.len() > self.limit;
        if full && !waiting.messages.is_empty() {
            return Err(PacelineError::new(
                ErrorCode::LinkQueueFull,
                "the other device does not take what waits for it; try again later",
            )
            .with_value(waiting.bytes));
        }
        waiting.bytes += message.len();
        waiting.messages.push_back(message.to_vec());
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for messages and takes some, in order; none when the queue is closed.
    pub(super) fn take(&self) -> Vec<Vec<u8>> {
        let mut waiting = self.waiting.lock();
        while waiting.messages.is_empty() && !waiting.closed {
            self.changed.wait(&mut waiting);
        }
        let mut batch = Vec::new();
        let mut bytes = 0;
        while bytes < BATCH
            && let Some(message) = waiting.messages.pop_front()
        {
            bytes += message.len();
            batch.push(message);
        }
        waiting.bytes -= bytes;
        batch
    }

    /// What waits is dropped, and nothing more is taken.
    pub(super) fn close(&self) {
        let mut waiting = self.waiting.lock();
        *waiting = Waiting { closed: true, ..Waiting::default() };
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<(), PacelineError>) -> ErrorCode {
        result.unwrap_err().code()
    }

    #[test]
    fn it_is_bounded_in_bytes_and_in_messages_and_keeps_order() {
        let queue = Queue::new(100);
        queue.push(&[1; 60]).unwrap();
        assert_eq!(code(queue.push(&[2; 41])), ErrorCode::LinkQueueFull);
        queue.push(&[2; 40]).unwrap();
        assert_eq!(queue.take(), [vec![1; 60], vec![2; 40]]);
        queue.push(&[3; 1000]).unwrap();
        assert_eq!(code(queue.push(&[])), ErrorCode::LinkQueueFull);
        queue.take();
        for _ in 0..LONGEST {
            queue.push(&[]).unwrap();
        }
        assert_eq!(code(queue.push(&[])), ErrorCode::LinkQueueFull);
    }

    #[test]
    fn what_waits_is_dropped_when_it_closes() {
        let queue = Queue::new(100);
        queue.push(&[1]).unwrap();
        queue.close();
        assert!(queue.take().is_empty());
        assert_eq!(code(queue.push(&[1])), ErrorCode::LinkClosed);
    }

    #[test]
    fn a_batch_is_bounded() {
        let queue = Queue::new(1 << 20);
        for _ in 0..5 {
            queue.push(&vec![0; 40_000]).unwrap();
        }
        assert_eq!((queue.take().len(), queue.take().len(), queue.take().len()), (2, 2, 1));
    }
}
