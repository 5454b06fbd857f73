//! Those who connected and are not yet known. Few at a time, each for seconds: whoever fills the room pushes out his own first.

use parking_lot::Mutex;
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;

/// How many may wait.
pub(super) const ROOM: usize = 16;

/// How many threads may be busy with waiting ones, with those that were pushed out and have not noticed yet.
const THREADS: usize = 2 * ROOM;

pub(super) struct WaitingRoom(Arc<Mutex<Room>>);

#[derive(Default)]
struct Room {
    /// In order of arrival.
    waiting: Vec<Waiting>,
    threads: usize,
    arrived: u64,
    closed: bool,
}

struct Waiting {
    number: u64,
    from: IpAddr,
    stream: Arc<TcpStream>,
}

/// A place in the room; leaving it when dropped.
pub(super) struct Place {
    room: Arc<Mutex<Room>>,
    number: u64,
}

impl WaitingRoom {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    /// A place for one who connected from this address. When the room is full, the one who has waited longest of those from
    /// the address that has most of them is cut off. Nothing when there is no thread for it.
    pub(super) fn enter(&self, from: IpAddr, stream: &Arc<TcpStream>) -> Option<Place> {
        let from = from.to_canonical();
        let mut room = self.0.lock();
        if room.closed || room.threads >= THREADS {
            return None;
        }
        if room.waiting.len() >= ROOM {
            let out = room.first_of_most(from);
            let out = room.waiting.remove(out);
            // It cannot fail in a way that matters: then the other end is gone already.
            let _ = out.stream.shutdown(Shutdown::Both);
        }
        room.arrived += 1;
        room.threads += 1;
        let number = room.arrived;
        room.waiting.push(Waiting { number, from, stream: Arc::clone(stream) });
        Some(Place { room: Arc::clone(&self.0), number })
    }

    pub(super) fn close(&self) {
        let mut room = self.0.lock();
        room.closed = true;
        for waiting in &room.waiting {
            let _ = waiting.stream.shutdown(Shutdown::Both);
        }
    }
}

impl Room {
    /// The place in the list of the one who has to go when another one comes from this address.
    fn first_of_most(&self, coming: IpAddr) -> usize {
        let share = |from: IpAddr| {
            self.waiting.iter().filter(|waiting| waiting.from == from).count() + usize::from(from == coming)
        };
        let shares = self.waiting.iter().map(|waiting| share(waiting.from));
        let most = shares.clone().max().unwrap_or(0);
        shares.clone().position(|share| share == most).unwrap_or(0)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut room = self.room.lock();
        room.threads -= 1;
        room.waiting.retain(|waiting| waiting.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::TcpListener;

    /// Connections, both ends of each.
    fn sockets(count: usize) -> Vec<(Arc<TcpStream>, TcpStream)> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let pair = |_| {
            let far = TcpStream::connect(address).unwrap();
            (Arc::new(listener.accept().unwrap().0), far)
        };
        (0..count).map(pair).collect()
    }

    fn address(last: usize) -> IpAddr {
        format!("192.0.2.{last}").parse().unwrap()
    }

    /// Who was cut off, of these.
    fn cut_off(sockets: &mut [(Arc<TcpStream>, TcpStream)]) -> Vec<usize> {
        let mut cut = Vec::new();
        for (number, (_, far)) in sockets.iter_mut().enumerate() {
            far.set_nonblocking(true).unwrap();
            if matches!(far.read(&mut [0]), Ok(0)) {
                cut.push(number);
            }
        }
        cut
    }

    #[test]
    fn a_flood_from_one_address_pushes_out_its_own() {
        let room = WaitingRoom::new();
        let mut sockets = sockets(ROOM + 4);
        let mut places = vec![room.enter(address(1), &sockets[0].0).unwrap()];
        for (near, _) in &sockets[1..] {
            places.push(room.enter(address(2), near).unwrap());
        }
        assert_eq!(cut_off(&mut sockets), [1, 2, 3, 4]);
        drop(places);
        assert!(room.0.lock().waiting.is_empty() && room.0.lock().threads == 0);
    }

    #[test]
    fn with_equal_shares_the_oldest_goes() {
        let room = WaitingRoom::new();
        let mut sockets = sockets(ROOM + 1);
        let enter =
            |(number, (near, _)): (usize, &(Arc<TcpStream>, TcpStream))| room.enter(address(number), near);
        let places: Vec<_> = sockets.iter().enumerate().map(enter).collect();
        assert!(places.iter().all(Option::is_some));
        assert_eq!(cut_off(&mut sockets), [0]);
    }

    #[test]
    fn threads_are_bounded_even_when_they_do_not_notice() {
        let room = WaitingRoom::new();
        let sockets = sockets(THREADS + 1);
        let places: Vec<_> = sockets.iter().map(|(near, _)| room.enter(address(1), near)).collect();
        assert_eq!(places.iter().filter(|place| place.is_some()).count(), THREADS);
        drop(places);
        assert!(room.enter(address(1), &sockets[0].0).is_some());
    }

    #[test]
    fn a_closed_room_is_empty() {
        let room = WaitingRoom::new();
        let mut sockets = sockets(2);
        let place = room.enter(address(1), &sockets[0].0);
        room.close();
        assert!(place.is_some() && room.enter(address(1), &sockets[1].0).is_none());
        assert_eq!(cut_off(&mut sockets), [0]);
    }
}
