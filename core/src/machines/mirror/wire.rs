//! Two ends of a link, and what lies between them: for tests.

use super::link::{Arrival, Link};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// Chance that needs no crate: the same seed gives the same run.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// When a message arrives, the how manieth it was, at which end, and what it is.
type UnderWay = (Duration, u64, usize, Vec<u8>);

/// Two ends and what lies between them.
pub(super) struct Wire {
    pub(super) ends: [Link; 2],
    under_way: BinaryHeap<Reverse<UnderWay>>,
    pub(super) now: Duration,
    pub(super) chance: Chance,
    /// Of a hundred messages so many are lost, and so many come twice.
    pub(super) lost: u64,
    pub(super) twice: u64,
    sent: u64,
    pub(super) heard: [Vec<Arrival>; 2],
}

impl Wire {
    pub(super) fn new(largest: usize, seed: u64, lost: u64, twice: u64) -> Self {
        Self {
            ends: [Link::new(11, largest), Link::new(22, largest)],
            under_way: BinaryHeap::new(),
            now: Duration::ZERO,
            chance: Chance(seed),
            lost,
            twice,
            sent: 0,
            heard: [Vec::new(), Vec::new()],
        }
    }

    pub(super) fn post(&mut self) {
        for end in 0..2 {
            for message in self.ends[end].messages(self.now) {
                let times = u64::from(self.chance.below(100) >= self.lost)
                    + u64::from(self.chance.below(100) < self.twice);
                for _ in 0..times {
                    self.sent += 1;
                    let arrives = self.now + Duration::from_millis(10 + self.chance.below(80));
                    let to = 1 - end;
                    self.under_way.push(Reverse((arrives, self.sent, to, message.clone())));
                }
            }
        }
    }

    /// Lets things happen until nothing does any more, or so much time has passed.
    pub(super) fn run(&mut self, span: Duration) {
        let until = self.now + span;
        loop {
            self.post();
            let arrives = self.under_way.peek().map(|next| next.0.0);
            let timers = self.ends.iter().filter_map(Link::due);
            let Some(next) = timers.chain(arrives).min().filter(|next| *next <= until) else {
                self.now = until;
                return;
            };
            self.now = self.now.max(next);
            while self.under_way.peek().is_some_and(|next| next.0.0 <= self.now) {
                let Reverse((_, _, to, message)) = self.under_way.pop().expect("one");
                let arrivals = self.ends[to].message(&message, self.now).expect("a packet of ours");
                self.heard[to].extend(arrivals);
            }
        }
    }
}
