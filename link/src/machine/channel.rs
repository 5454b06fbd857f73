//! Messages between two devices that have agreed on keys.

use super::framing::{Framer, LONGEST_RECORD, frame};
use super::malformed;
use paceline::{ErrorCode, PacelineError};
use snow::TransportState;

/// What the seal adds to a record.
const TAG: usize = 16;

/// The longest message, in bytes: what a record has room for beside its kind and its seal.
pub const LARGEST_MESSAGE: usize = LONGEST_RECORD - TAG - 1;

/// The first byte of what is sealed. A kind that a device does not know is skipped, so that later releases may add some.
mod kind {
    pub(super) const HELLO: u8 = 0;
    pub(super) const MESSAGE: u8 = 1;
}

/// When keys are changed, and when they are used up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// After so many records in one direction its key is replaced by one that does not lead back to it.
    pub(super) rekey: u64,
    /// After so many records in one direction the connection ends. Far below where the cipher's counter would.
    pub(super) records: u64,
}

impl Limits {
    /// A key per 65,536 records; 2^48 records, which at a thousand a second are nine thousand years.
    pub(super) const OWN: Self = Self { rekey: 1 << 16, records: 1 << 48 };
}

/// A record that was opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opened {
    Hello,
    Message(Vec<u8>),
    Unknown,
}

/// An encrypted, authenticated connection: seals messages and opens records, both in order. A record that was changed, left
/// out, repeated or moved does not open, and the connection is over.
pub struct Channel {
    noise: TransportState,
    framer: Framer,
    limits: Limits,
    sealed: u64,
    opened: u64,
    broken: bool,
}

impl Channel {
    pub(super) fn new(noise: TransportState, limits: Limits) -> Self {
        Self { noise, framer: Framer::new(LONGEST_RECORD), limits, sealed: 0, opened: 0, broken: false }
    }

    /// The bytes that carry a message. They must be sent in the order in which they were sealed, and all of them.
    ///
    /// # Errors
    /// [`ErrorCode::LinkMessageTooLarge`] above [`LARGEST_MESSAGE`], nothing changed. [`ErrorCode::LinkClosed`] when the keys
    /// are used up: connect again.
    pub fn seal(&mut self, message: &[u8]) -> Result<Vec<u8>, PacelineError> {
        if message.len() > LARGEST_MESSAGE {
            return Err(PacelineError::new(
                ErrorCode::LinkMessageTooLarge,
                format!("a message has at most {LARGEST_MESSAGE} bytes"),
            )
            .with_value(message.len()));
        }
        self.seal_kind(kind::MESSAGE, message)
    }

    /// The record that says: I have the keys.
    pub(super) fn seal_hello(&mut self) -> Result<Vec<u8>, PacelineError> {
        self.seal_kind(kind::HELLO, &[])
    }

    pub(super) fn seal_kind(&mut self, kind: u8, content: &[u8]) -> Result<Vec<u8>, PacelineError> {
        if self.sealed >= self.limits.records {
            return Err(used_up());
        }
        let mut plain = Vec::with_capacity(1 + content.len());
        plain.push(kind);
        plain.extend_from_slice(content);
        let mut record = vec![0; plain.len() + TAG];
        self.noise.write_message(&plain, &mut record).map_err(|_| used_up())?;
        self.sealed += 1;
        if self.sealed.is_multiple_of(self.limits.rekey) {
            self.noise.rekey_outgoing();
        }
        Ok(frame(&record))
    }

    /// Takes what arrived, up to the end of one record: how many bytes it took, and the message when there is one. Call it
    /// again with what is left.
    ///
    /// # Errors
    /// [`ErrorCode::LinkMalformed`] for anything but the next record of the other end. The connection is over: every further
    /// call fails with [`ErrorCode::LinkClosed`].
    pub fn receive(&mut self, bytes: &[u8]) -> Result<(usize, Option<Vec<u8>>), PacelineError> {
        if self.broken {
            return Err(PacelineError::new(ErrorCode::LinkClosed, "the connection is over"));
        }
        let received = self.framer.take(bytes).and_then(|(taken, record)| {
            let message = match record.map(|record| self.open(&record)).transpose()? {
                Some(Opened::Message(message)) => Some(message),
                Some(Opened::Hello | Opened::Unknown) | None => None,
            };
            Ok((taken, message))
        });
        self.broken = received.is_err();
        received
    }

    pub(super) fn open(&mut self, record: &[u8]) -> Result<Opened, PacelineError> {
        if self.opened >= self.limits.records {
            return Err(used_up());
        }
        let Some(length) = record.len().checked_sub(TAG).filter(|length| *length > 0) else {
            return Err(malformed("a record is too short to be sealed").with_value(record.len()));
        };
        let mut plain = vec![0; length];
        self.noise.read_message(record, &mut plain).map_err(|_| {
            malformed("a record cannot be opened: it was changed, repeated or left its place")
        })?;
        self.opened += 1;
        if self.opened.is_multiple_of(self.limits.rekey) {
            self.noise.rekey_incoming();
        }
        Ok(match plain[0] {
            kind::HELLO => Opened::Hello,
            kind::MESSAGE => {
                plain.remove(0);
                Opened::Message(plain)
            }
            _ => Opened::Unknown,
        })
    }
}

fn used_up() -> PacelineError {
    PacelineError::new(ErrorCode::LinkClosed, "the keys of this connection are used up; connect again")
}
