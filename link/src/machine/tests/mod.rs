//! Handshakes and channels between two ends in memory, with everybody in between who might do harm.

mod channel;
mod garbage;
mod golden;
mod known;
mod pairing;
mod versions;

use super::channel::Channel;
use super::handshake::{ANSWER_TIME, Desk, Handshake, Outcome};
use super::identity::{Identity, PublicKey, SecretKey};
use super::pairing::{PairingCode, PairingWindow};
use super::randomness::Seed;
use paceline::{ErrorCode, PacelineError};
use std::time::Duration;

fn seed(number: u8) -> Seed {
    Seed::new([number; 32])
}

fn device(number: u8, name: &str) -> Identity {
    Identity { secret: SecretKey::generate(&seed(number)), name: name.into() }
}

fn watch() -> Identity {
    device(1, "Kim's watch")
}

fn phone() -> Identity {
    device(2, "Kim's phone")
}

fn key(identity: &Identity) -> PublicKey {
    identity.secret.public_key()
}

/// A device that is connected to: whom it knows, the code it shows, its time.
struct Home {
    own: Identity,
    known: Vec<PublicKey>,
    window: Option<PairingWindow>,
    now: Duration,
}

impl Home {
    fn new(own: Identity) -> Self {
        Self { own, known: Vec::new(), window: None, now: Duration::from_secs(1000) }
    }

    fn that_knows(mut self, other: &Identity) -> Self {
        self.known.push(key(other));
        self
    }

    fn show(&mut self, code: &PairingCode, number: u64) {
        self.window = Some(PairingWindow::open(code.clone(), number, self.now));
    }

    fn door(&self, number: u8) -> Door {
        Door { handshake: Handshake::answer(&self.own, seed(number), self.now), outcome: None }
    }
}

/// One end of a connection that is being opened.
struct Door {
    handshake: Handshake,
    outcome: Option<Outcome>,
}

impl Door {
    fn dial(own: &Identity, peer: &Identity, number: u8) -> Self {
        Self {
            handshake: Handshake::dial(own, &key(peer), seed(number), Duration::from_secs(1000)),
            outcome: None,
        }
    }

    fn dial_with_code(own: &Identity, code: &PairingCode, number: u8) -> Self {
        Self {
            handshake: Handshake::dial_with_code(own, code, seed(number), Duration::from_secs(1000)),
            outcome: None,
        }
    }

    /// What it says by itself.
    fn says(&mut self) -> Vec<u8> {
        self.handshake.take_output()
    }

    /// What it answers, after the time that answers take.
    fn hears(&mut self, bytes: &[u8], home: &mut Home) -> Result<Vec<u8>, PacelineError> {
        let known = home.known.clone();
        let mut desk = Desk { known: &|key| known.contains(key), window: home.window.as_mut() };
        let mut rest = bytes;
        while !rest.is_empty() && !matches!(self.outcome, Some(Outcome::Up { .. })) {
            let taken = self.handshake.receive(rest, home.now, &mut desk)?;
            assert!(taken > 0, "a handshake that takes nothing would stand still");
            rest = &rest[taken..];
            self.outcome = self.handshake.take_outcome().or(self.outcome.take());
        }
        let due = self.handshake.deadline();
        if due <= home.now + ANSWER_TIME {
            self.handshake.tick(due.saturating_sub(Duration::from_nanos(1)))?;
            assert!(self.handshake.take_output().is_empty(), "nothing leaves before its time");
            home.now = due;
            self.handshake.tick(home.now)?;
        }
        Ok(self.handshake.take_output())
    }

    /// The same for the side that dialled, which knows nobody and shows nothing.
    fn gets(&mut self, bytes: &[u8]) -> Result<Vec<u8>, PacelineError> {
        self.hears(bytes, &mut Home::new(device(99, "")))
    }

    fn up(self) -> Option<(Channel, PublicKey, Option<String>)> {
        match self.outcome {
            Some(Outcome::Up { channel, peer, paired }) => Some((*channel, peer, paired)),
            _ => None,
        }
    }

    fn is_up(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Up { .. }))
    }
}

/// Two channels of one connection, of the side that dialled and the side that answered.
pub(crate) fn channels() -> (Channel, Channel) {
    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    let hello = dialled.gets(&answer).unwrap();
    answered.hears(&hello, &mut home).unwrap();
    (dialled.up().unwrap().0, answered.up().unwrap().0)
}

fn code_of<T>(result: Result<T, PacelineError>) -> ErrorCode {
    result.err().expect("it fails").code()
}
