//! The devices that are connected: one connection each, and callbacks about each in order.

use super::Shared;
use super::carrier::{self, Carrier};
use super::opening::Opened;
use crate::machine::identity::PeerId;
use paceline::{ErrorCode, PacelineError};
use parking_lot::{Condvar, Mutex};
use std::collections::BTreeMap;
use std::net::TcpStream;
use std::sync::Arc;

/// Which side opened a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Dialled,
    Answered,
}

pub(super) struct Connections {
    limit: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    seats: BTreeMap<PeerId, Seat>,
    closed: bool,
}

struct Seat {
    carrier: Arc<Carrier>,
    direction: Direction,
    turn: Arc<Turn>,
}

/// Who may tell the sink about a device: one connection at a time, so that an old one is down before a new one is up.
#[derive(Default)]
struct Turn {
    busy: Mutex<bool>,
    freed: Condvar,
}

impl Turn {
    /// Waits for its turn. Not, when the connection is over before: nothing was told of it, and nothing will be.
    fn enter(&self, carrier: &Carrier) -> bool {
        let mut busy = self.busy.lock();
        while *busy && !carrier.is_over() {
            self.freed.wait(&mut busy);
        }
        if carrier.is_over() {
            return false;
        }
        *busy = true;
        true
    }

    fn leave(&self) {
        *self.busy.lock() = false;
        self.freed.notify_all();
    }

    /// Wakes those who wait and are over.
    fn look(&self) {
        drop(self.busy.lock());
        self.freed.notify_all();
    }
}

impl Connections {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, table: Mutex::default() }
    }

    pub(super) fn send(&self, peer: PeerId, message: &[u8]) -> Result<(), PacelineError> {
        if message.len() > crate::LARGEST_MESSAGE {
            return Err(PacelineError::new(
                ErrorCode::LinkMessageTooLarge,
                format!("a message has at most {} bytes", crate::LARGEST_MESSAGE),
            )
            .with_value(message.len()));
        }
        let carrier = self.table.lock().seats.get(&peer).map(|seat| Arc::clone(&seat.carrier));
        let carrier = carrier.ok_or_else(|| {
            PacelineError::new(ErrorCode::LinkClosed, "the device is not connected").with_value(peer)
        })?;
        carrier.send(message)
    }

    pub(super) fn end(&self, peer: PeerId, reason: &PacelineError) {
        if let Some(seat) = self.table.lock().seats.get(&peer) {
            seat.end(reason);
        }
    }

    pub(super) fn close(&self) {
        let mut table = self.table.lock();
        table.closed = true;
        for seat in table.seats.values() {
            seat.end(&PacelineError::new(ErrorCode::LinkClosed, "this device closed the link"));
        }
    }

    /// Gives the connection a seat.
    ///
    /// A device that connects anew has lost its old connection, whether this side has noticed or not: the newer one stays. Of
    /// two that the devices opened to each other at the same moment, both sides must keep the same one: that which the
    /// device with the lower id opened.
    fn seat(
        &self,
        peer: PeerId,
        own: PeerId,
        direction: Direction,
        carrier: &Arc<Carrier>,
    ) -> Result<Arc<Turn>, PacelineError> {
        let mut table = self.table.lock();
        if table.closed {
            return Err(PacelineError::new(ErrorCode::LinkClosed, "this device closed the link"));
        }
        let mut turn = Arc::default();
        if let Some(seat) = table.seats.get(&peer) {
            let lower_opened = (direction == Direction::Dialled) == (own < peer);
            if seat.direction != direction && !lower_opened && !seat.carrier.is_over() {
                return Err(PacelineError::new(
                    ErrorCode::LinkClosed,
                    "the devices connected to each other at the same time; the other connection stays",
                ));
            }
            seat.end(&PacelineError::new(
                ErrorCode::LinkClosed,
                "a newer connection took the place of this one",
            ));
            turn = Arc::clone(&seat.turn);
        } else if table.seats.len() >= self.limit {
            return Err(PacelineError::new(
                ErrorCode::LinkTooManyConnections,
                "as many devices are connected as the options allow",
            )
            .with_value(self.limit));
        }
        table.seats.insert(peer, Seat { carrier: Arc::clone(carrier), direction, turn: Arc::clone(&turn) });
        Ok(turn)
    }

    /// The seat is free again, unless a newer connection sits there.
    fn leave(&self, peer: PeerId, carrier: &Arc<Carrier>) {
        let mut table = self.table.lock();
        if table.seats.get(&peer).is_some_and(|seat| Arc::ptr_eq(&seat.carrier, carrier)) {
            table.seats.remove(&peer);
        }
    }
}

impl Seat {
    fn end(&self, reason: &PacelineError) {
        self.carrier.end(reason);
        self.turn.look();
    }
}

/// Gives a connection its seat and its threads.
pub(super) fn admit(
    shared: &Arc<Shared>,
    stream: Arc<TcpStream>,
    opened: Opened,
    direction: Direction,
    own: PeerId,
) -> Result<(), PacelineError> {
    let peer = opened.key.peer();
    let carrier = Arc::new(Carrier::new(stream, opened.channel, shared.options.queue));
    let turn = shared.connections.seat(peer, own, direction, &carrier)?;
    let started = {
        let (shared, carrier, turn) = (Arc::clone(shared), Arc::clone(&carrier), Arc::clone(&turn));
        let rest = opened.rest;
        let read = move || {
            if turn.enter(&carrier) {
                let sink = &*shared.sink;
                carrier::tell(|| sink.link_up(peer)).unwrap_or_else(|panic| carrier.end(&panic));
                let reason = carrier.read(&rest, |message| carrier::tell(|| sink.message(peer, message)));
                // A sink that fails here has been told.
                let _ = carrier::tell(|| sink.link_down(peer, reason));
                shared.connections.leave(peer, &carrier);
                turn.leave();
            } else {
                shared.connections.leave(peer, &carrier);
            }
        };
        std::thread::Builder::new().name("paceline-link-in".into()).spawn(read)
    };
    let started = started.and_then(|_| {
        let carrier = Arc::clone(&carrier);
        std::thread::Builder::new().name("paceline-link-out".into()).spawn(move || carrier.write())
    });
    if let Err(error) = started {
        let error = super::internal("a thread cannot be started", &error);
        carrier.end(&error);
        turn.look();
        // Without a reader nobody else would. With one this is done twice.
        shared.connections.leave(peer, &carrier);
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::tests::channels;
    use std::net::TcpListener;

    fn carrier() -> Arc<Carrier> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        Arc::new(Carrier::new(Arc::new(stream), channels().0, 100))
    }

    fn id(number: u8) -> PeerId {
        PeerId::from_bytes([number; 16])
    }

    #[test]
    fn of_two_connections_opened_at_the_same_time_both_sides_keep_the_same() {
        for first in [Direction::Dialled, Direction::Answered] {
            let second = if first == Direction::Dialled { Direction::Answered } else { Direction::Dialled };
            // The device 1 sees its own as dialled, the device 2 as answered.
            for own in [1, 2] {
                let connections = Connections::new(8);
                let (one, other) = (carrier(), carrier());
                let peer = id(3 - own);
                connections.seat(peer, id(own), first, &one).unwrap();
                let kept = connections.seat(peer, id(own), second, &other).is_ok();
                let of_lower = if own == 1 { Direction::Dialled } else { Direction::Answered };
                assert_eq!(kept, second == of_lower);
                assert_eq!(one.is_over(), kept);
            }
        }
    }

    #[test]
    fn a_newer_connection_of_a_device_replaces_the_older_and_takes_no_further_seat() {
        let connections = Connections::new(1);
        let (old, new) = (carrier(), carrier());
        let turn = connections.seat(id(2), id(1), Direction::Answered, &old).unwrap();
        let same = connections.seat(id(2), id(1), Direction::Answered, &new).unwrap();
        assert!(old.is_over() && !new.is_over() && Arc::ptr_eq(&turn, &same));
        connections.leave(id(2), &old);
        let refused = connections.seat(id(3), id(1), Direction::Answered, &carrier());
        assert_eq!(refused.err().unwrap().code(), ErrorCode::LinkTooManyConnections);
        connections.leave(id(2), &new);
        connections.seat(id(3), id(1), Direction::Answered, &carrier()).unwrap();
    }

    #[test]
    fn who_is_over_does_not_wait_for_a_turn() {
        let turn = Turn::default();
        assert!(turn.enter(&carrier()));
        let over = carrier();
        over.end(&PacelineError::new(ErrorCode::LinkClosed, "over"));
        assert!(!turn.enter(&over));
        turn.leave();
        assert!(turn.enter(&carrier()));
    }
}
