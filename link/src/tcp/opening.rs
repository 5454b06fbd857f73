//! Plays a handshake on a socket.

use super::{FrontDesk, Shared, now};
use crate::machine::channel::Channel;
use crate::machine::handshake::{Desk, Handshake, Outcome};
use crate::machine::identity::PublicKey;
use crate::machine::pairing::PairingState;
use paceline::{Clock, ErrorCode, PacelineError, SystemClock};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A connection on which both ends are sure of each other.
pub(super) struct Opened {
    pub(super) channel: Channel,
    pub(super) key: PublicKey,
    /// What arrived after the handshake.
    pub(super) rest: Vec<u8>,
}

pub(super) fn open(
    shared: &Shared,
    mut stream: &TcpStream,
    mut handshake: Handshake,
) -> Result<Opened, PacelineError> {
    let mut buffer = [0; 1024];
    let mut arrived: &[u8] = &[];
    loop {
        let taken = if arrived.is_empty() {
            handshake.tick(now())?;
            0
        } else {
            receive(shared, &mut handshake, arrived)?
        };
        arrived = &arrived[taken..];
        let outcome = settle(shared, &mut handshake)?;
        let output = handshake.take_output();
        if !output.is_empty() {
            // A handshake is a few hundred bytes: they fit into any socket's buffer.
            set_time(stream, &handshake)
                .and_then(|()| stream.write_all(&output))
                .map_err(|error| broken(&error))?;
        }
        if let Some((channel, key)) = outcome {
            let set = stream.set_read_timeout(None).and_then(|()| stream.set_write_timeout(None));
            set.map_err(|error| broken(&error))?;
            return Ok(Opened { channel, key, rest: arrived.to_vec() });
        }
        if !output.is_empty() || !arrived.is_empty() {
            continue;
        }
        let read = set_time(stream, &handshake).and_then(|()| stream.read(&mut buffer));
        arrived = match read {
            Ok(0) => return Err(hung_up()),
            Ok(count) => &buffer[..count],
            Err(error) if is_pause(&error) => &[],
            Err(error) => return Err(broken(&error)),
        };
    }
}

fn receive(shared: &Shared, handshake: &mut Handshake, arrived: &[u8]) -> Result<usize, PacelineError> {
    let mut desk = shared.desk.lock();
    let FrontDesk { ring, window, .. } = &mut *desk;
    let was_open =
        matches!(window.as_ref().map(|window| window.state(now())), Some(PairingState::Open { .. }));
    let mut asked = Desk { known: &|key| ring.knows(key), window: window.as_mut() };
    let received = handshake.receive(arrived, now(), &mut asked);
    let state = window.as_ref().map(|window| window.state(now()));
    drop(desk);
    if was_open
        && state == Some(PairingState::TooManyTries)
        && let Some(error) = state.and_then(PairingState::error)
    {
        shared.sink.pairing_failed(error);
    }
    received
}

/// Does what the outcome asks for: saves the key of a new device.
fn settle(shared: &Shared, handshake: &mut Handshake) -> Result<Option<(Channel, PublicKey)>, PacelineError> {
    loop {
        match handshake.take_outcome() {
            None => return Ok(None),
            Some(Outcome::CodeProven { key, name }) => {
                let pinned = shared.desk.lock().ring.pin(key, &name, SystemClock.now());
                match pinned {
                    Ok(pinned) => shared.sink.paired(pinned),
                    Err(error) => {
                        shared.sink.pairing_failed(error.clone());
                        return Err(error);
                    }
                }
                handshake.confirm_pairing()?;
            }
            Some(Outcome::Up { channel, peer, paired }) => {
                if let Some(name) = paired {
                    shared.desk.lock().ring.pin(peer, &name, SystemClock.now())?;
                }
                return Ok(Some((*channel, peer)));
            }
        }
    }
}

/// Waits no longer than the handshake may take.
fn set_time(stream: &TcpStream, handshake: &Handshake) -> io::Result<()> {
    let left = handshake.deadline().saturating_sub(now()).max(Duration::from_millis(1));
    stream.set_read_timeout(Some(left))?;
    stream.set_write_timeout(Some(left))
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

fn hung_up() -> PacelineError {
    PacelineError::new(ErrorCode::LinkClosed, "the other side hung up during the handshake")
}

fn broken(error: &io::Error) -> PacelineError {
    PacelineError::new(ErrorCode::LinkClosed, format!("the connection broke during the handshake: {error}"))
}
