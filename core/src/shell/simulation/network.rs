//! What lies between simulated devices: links that hold messages up, lose, repeat and reorder them as the seed says.

use super::SimulatedDevice;
use crate::machines::mirror::link::SMALLEST_MESSAGE;
use crate::shell::clock::Between;
use crate::shell::entropy::split_mix;
use crate::shell::sync::Mutex;
use crate::shell::transport::{PeerId, Transport};
use crate::values::PacelineError;
use std::collections::BTreeMap;
use std::collections::btree_map::OccupiedEntry;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// What a link between two simulated devices is like, the same in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkOptions {
    /// How long a message takes at least. 50 ms unless changed.
    pub latency: Duration,
    /// Of a hundred messages so many are lost; 0 to 100.
    pub loss: u8,
    /// Of a hundred messages so many arrive twice; 0 to 100.
    pub duplicates: u8,
    /// A message may take so much longer that later ones overtake it.
    pub reorder: Duration,
    /// The most bytes of a message; at least 128. 512 unless changed.
    pub largest_message: usize,
}

impl Default for LinkOptions {
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(50),
            loss: 0,
            duplicates: 0,
            reorder: Duration::ZERO,
            largest_message: 512,
        }
    }
}

impl LinkOptions {
    fn check(&self) -> Result<(), PacelineError> {
        if self.loss > 100 || self.duplicates > 100 {
            return Err(PacelineError::invalid(
                "of a hundred messages no more than a hundred are lost or repeated",
            ));
        }
        if self.largest_message < SMALLEST_MESSAGE {
            return Err(PacelineError::invalid("a link carries messages of 128 bytes at least"));
        }
        Ok(())
    }
}

/// All links of a simulation.
pub(super) struct Network(Mutex<State>);

struct State {
    /// By name, in the order in which they were added.
    devices: Vec<(PeerId, Weak<super::Device>)>,
    /// Both names, the lower one first.
    links: BTreeMap<(PeerId, PeerId), LinkOptions>,
    /// From and to: until when messages in this direction stay where they are, in the time that all share.
    stalls: BTreeMap<(PeerId, PeerId), Duration>,
    /// By arrival, in the time that all share.
    under_way: BTreeMap<(Duration, u64), Message>,
    sent: u64,
    chance: u64,
}

struct Message {
    from: PeerId,
    to: PeerId,
    bytes: Vec<u8>,
}

fn pair(one: &PeerId, other: &PeerId) -> (PeerId, PeerId) {
    if one < other { (one.clone(), other.clone()) } else { (other.clone(), one.clone()) }
}

fn not_connected() -> PacelineError {
    PacelineError::invalid("these devices are not connected")
}

impl Network {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(State {
            devices: Vec::new(),
            links: BTreeMap::new(),
            stalls: BTreeMap::new(),
            under_way: BTreeMap::new(),
            sent: 0,
            chance: seed,
        }))
    }

    pub(super) fn add(&self, device: &SimulatedDevice) {
        self.0.lock().devices.push((device.0.peer.clone(), Arc::downgrade(&device.0)));
    }

    pub(super) fn connect(
        &self,
        one: &PeerId,
        other: &PeerId,
        options: LinkOptions,
    ) -> Result<(), PacelineError> {
        options.check()?;
        let pair = pair(one, other);
        let mut state = self.0.lock();
        if one == other || state.links.contains_key(&pair) {
            return Err(PacelineError::invalid("a link connects two devices that are not connected yet"));
        }
        state.links.insert(pair, options);
        Ok(())
    }

    pub(super) fn change(
        &self,
        one: &PeerId,
        other: &PeerId,
        options: LinkOptions,
    ) -> Result<(), PacelineError> {
        options.check()?;
        match self.0.lock().links.get_mut(&pair(one, other)) {
            None => Err(not_connected()),
            Some(link) => {
                *link = options;
                Ok(())
            }
        }
    }

    /// What is under way between them is lost.
    pub(super) fn disconnect(&self, one: &PeerId, other: &PeerId) -> Result<(), PacelineError> {
        let pair = pair(one, other);
        let mut state = self.0.lock();
        if state.links.remove(&pair).is_none() {
            return Err(not_connected());
        }
        state.stalls.retain(|(from, to), _| self::pair(from, to) != pair);
        state.under_way.retain(|_, message| self::pair(&message.from, &message.to) != pair);
        Ok(())
    }

    /// Messages in this direction do not arrive before.
    pub(super) fn stall(&self, from: &PeerId, to: &PeerId, until: Duration) -> Result<(), PacelineError> {
        let mut state = self.0.lock();
        if !state.links.contains_key(&pair(from, to)) {
            return Err(not_connected());
        }
        let is_held = |(arrives, _): &(Duration, u64), message: &mut Message| {
            *arrives < until && (&message.from, &message.to) == (from, to)
        };
        let held: Vec<_> = state.under_way.extract_if(.., is_held).collect();
        state.under_way.extend(held.into_iter().map(|((_, number), message)| ((until, number), message)));
        state.stalls.insert((from.clone(), to.clone()), until);
        Ok(())
    }

    /// Those that this device is connected with.
    pub(super) fn neighbours(&self, of: &PeerId) -> Vec<PeerId> {
        let other = |(one, other): &(PeerId, PeerId)| {
            if one == of { Some(other.clone()) } else { (other == of).then(|| one.clone()) }
        };
        self.0.lock().links.keys().filter_map(other).collect()
    }

    fn device(&self, name: &PeerId) -> Option<SimulatedDevice> {
        let state = self.0.lock();
        let found = state.devices.iter().find(|(peer, _)| peer == name)?;
        found.1.upgrade().map(SimulatedDevice)
    }
}

impl State {
    fn is_so(&mut self, percent: u8) -> bool {
        percent > 0 && split_mix(&mut self.chance) % 100 < u64::from(percent)
    }

    fn send(&mut self, from: &PeerId, to: &PeerId, bytes: &[u8], now: Duration) {
        let Some(options) = self.links.get(&pair(from, to)).copied() else { return };
        let copies = usize::from(!self.is_so(options.loss)) + usize::from(self.is_so(options.duplicates));
        for _ in 0..copies {
            let spread = options.reorder.as_micros() as u64;
            let more = if spread == 0 { 0 } else { split_mix(&mut self.chance) % (spread + 1) };
            let arrives = now.saturating_add(options.latency).saturating_add(Duration::from_micros(more));
            let stalled = self.stalls.get(&(from.clone(), to.clone())).copied().unwrap_or_default();
            self.sent += 1;
            let message = Message { from: from.clone(), to: to.clone(), bytes: bytes.to_vec() };
            self.under_way.insert((arrives.max(stalled), self.sent), message);
        }
    }
}

impl Between for Network {
    fn due(&self) -> Option<Duration> {
        self.0.lock().under_way.keys().next().map(|(arrives, _)| *arrives)
    }

    fn deliver(&self, now: Duration) -> bool {
        let mut any = false;
        loop {
            let mut state = self.0.lock();
            let next = state.under_way.first_entry().filter(|next| next.key().0 <= now);
            let Some(Message { from, to, bytes }) = next.map(OccupiedEntry::remove) else { return any };
            drop(state);
            any = true;
            // An app that does not run hears nothing.
            if let Some(device) = self.device(&to)
                && let Err(error) = device.store().receive(&from, &bytes)
            {
                log::debug!("{to} did not take a message of {from}: {error}");
            }
        }
    }
}

/// The end of all links of one device.
pub(super) struct Antenna {
    pub(super) of: PeerId,
    pub(super) clock: crate::shell::clock::ManualClock,
    pub(super) network: Arc<Network>,
}

impl Transport for Antenna {
    fn send(&self, peer: &PeerId, message: &[u8]) {
        self.network.0.lock().send(&self.of, peer, message, self.clock.passed());
    }

    fn wake(&self, peer: &PeerId) {
        if let Some(device) = self.network.device(peer) {
            device.0.is_woken.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn largest_message(&self, peer: &PeerId) -> usize {
        let state = self.network.0.lock();
        state.links.get(&pair(&self.of, peer)).map_or(SMALLEST_MESSAGE, |options| options.largest_message)
    }
}
