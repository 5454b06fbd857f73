//! Carries messages over one connection: one thread reads, one writes.

use super::queue::Queue;
use crate::machine::channel::Channel;
use paceline::{ErrorCode, PacelineError};
use parking_lot::Mutex;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

/// How many bytes are read at once, at most.
const READ: usize = 16 * 1024;

pub(super) struct Carrier {
    stream: Arc<TcpStream>,
    channel: Mutex<Channel>,
    queue: Queue,
    /// Why it ended: the first reason that was found.
    over: OnceLock<PacelineError>,
}

impl Carrier {
    pub(super) fn new(stream: Arc<TcpStream>, channel: Channel, queue: usize) -> Self {
        Self { stream, channel: Mutex::new(channel), queue: Queue::new(queue), over: OnceLock::new() }
    }

    pub(super) fn send(&self, message: &[u8]) -> Result<(), PacelineError> {
        self.queue.push(message)
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.get().is_some()
    }

    /// Ends the connection. Both threads notice at once, also in the middle of waiting for the other device.
    pub(super) fn end(&self, reason: &PacelineError) {
        let _ = self.over.set(reason.clone());
        self.queue.close();
        // It cannot fail in a way that matters: then the connection is gone already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Reads until the connection ends, and says why it did. `rest` is what arrived before.
    pub(super) fn read(
        &self,
        rest: &[u8],
        mut message: impl FnMut(&[u8]) -> Result<(), PacelineError>,
    ) -> PacelineError {
        let mut buffer = vec![0; READ];
        let mut arrived = rest;
        let found = loop {
            if let Err(error) = self.open(arrived, &mut message) {
                break error;
            }
            arrived = match (&*self.stream).read(&mut buffer) {
                Ok(0) => break PacelineError::new(ErrorCode::LinkClosed, "the other device hung up"),
                Ok(count) => &buffer[..count],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => &[],
                Err(error) => break broken(&error),
            };
        };
        self.end(&found);
        self.over.get().cloned().unwrap_or(found)
    }

    fn open(
        &self,
        mut arrived: &[u8],
        message: &mut impl FnMut(&[u8]) -> Result<(), PacelineError>,
    ) -> Result<(), PacelineError> {
        while !arrived.is_empty() && !self.is_over() {
            let (taken, opened) = self.channel.lock().receive(arrived)?;
            arrived = &arrived[taken..];
            if let Some(opened) = opened {
                message(&opened)?;
            }
        }
        Ok(())
    }

    /// Writes what waits in the queue until the connection ends.
    pub(super) fn write(&self) {
        loop {
            let batch = self.queue.take();
            if batch.is_empty() {
                return;
            }
            if let Err(error) = self.write_batch(&batch) {
                self.end(&error);
                return;
            }
        }
    }

    fn write_batch(&self, batch: &[Vec<u8>]) -> Result<(), PacelineError> {
        let mut bytes = Vec::new();
        let mut channel = self.channel.lock();
        for message in batch {
            bytes.extend_from_slice(&channel.seal(message)?);
        }
        drop(channel);
        (&*self.stream).write_all(&bytes).map_err(|error| broken(&error))
    }
}

fn broken(error: &io::Error) -> PacelineError {
    match error.kind() {
        io::ErrorKind::TimedOut => PacelineError::new(
            ErrorCode::LinkTimedOut,
            "nothing was heard from the other device's network for the keep-alive time",
        ),
        _ => PacelineError::new(ErrorCode::LinkClosed, format!("the connection broke: {error}")),
    }
}

/// Calls the sink. A panic there ends the connection, and nothing else.
pub(super) fn tell(call: impl FnOnce()) -> Result<(), PacelineError> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| {
        log::error!("the sink of a link panicked; the connection ends");
        PacelineError::new(ErrorCode::Internal, "the app failed while it was told something")
    })
}
