//! A stream of frames between two devices, over messages that may be lost, repeated, reordered or held up.
//!
//! What is sent arrives in order and once, as long as both ends live. Each end takes a random number when its link comes up; a
//! packet names its sender's and, once it is known, its receiver's, so that packets of an earlier connection change nothing and an
//! app that was started anew is noticed. Whoever has a peer and hears a stranger knocks at it first: a packet that was held up for
//! minutes may be all that is left of it. Silence is no end: what is not acknowledged is sent again, ever more rarely.
//!
//! A packet: one byte of flags with the version in its upper half, the numbers of sender and receiver (four bytes each, the lowest
//! first, 0 for a receiver that is not known), the packet's own number, the number of the next one that is expected, which of the 32
//! after that are here already (four bytes, only with a flag), and the rest is part of a frame. Numbers of packets are LEB128. With
//! the flag of a handshake all after the two numbers is: four bytes of a knock, four bytes of what opens; 0 for none.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// The version of packets and frames.
pub(crate) const VERSION: u8 = 1;

/// The packet carries a part of a frame.
const DATA: u8 = 1;
/// More parts of the frame follow.
const MORE: u8 = 2;
/// Which packets arrived out of order is told.
const GAPS: u8 = 4;
/// The packet knocks at a stranger, or answers that.
const HANDSHAKE: u8 = 8;

/// The smallest message that every transport carries.
pub(crate) const SMALLEST_MESSAGE: usize = 128;

/// No header is longer.
const HEADER: usize = 1 + 4 + 4 + 5 + 5 + 4;

/// How many packets may be on their way at once.
const WINDOW: u32 = 32;

/// No frame is longer.
pub(crate) const LARGEST_FRAME: usize = 1 << 18;

/// What is not acknowledged is sent again after this time at first; twice the usual time there and back when that is known.
const FIRST_PATIENCE: Duration = Duration::from_secs(1);
/// Where everything had to be sent twice, nobody knows how long a message takes; at most so long is waited at first.
const MOST_GUESSED: Duration = Duration::from_secs(5);
const LEAST_PATIENCE: Duration = Duration::from_millis(50);
const MOST_PATIENCE: Duration = Duration::from_secs(10);

/// What a message brought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// The other end is there, for the first time or anew: nothing that was sent before is on its way any more.
    Began,
    Frame(Vec<u8>),
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is no packet of ours, or was damaged.
    Malformed,
    /// Another version speaks: its number.
    Version(u8),
    /// A frame is longer than any of ours.
    TooLong,
}

/// One end of a link.
#[derive(Debug)]
pub(crate) struct Link {
    me: u32,
    /// The number of the other end; nothing before it was heard.
    peer: Option<u32>,
    /// How many peers there were, and one more. It is what a knock says: only who hears it now can repeat it.
    turn: u32,
    /// A stranger to knock at.
    stranger: Option<u32>,
    /// Who knocked, and what it said.
    knocked: Option<(u32, u32)>,
    /// When the other end was last called, while it was not heard.
    called: Option<Duration>,
    largest: usize,
    /// What is not acknowledged, from number `first` on.
    outgoing: VecDeque<Outgoing>,
    first: u32,
    /// Time there and back, as far as it is known.
    round_trip: Option<Duration>,
    /// The shortest one.
    fastest: Option<Duration>,
    /// Since when an acknowledgement is waited for.
    waits_since: Option<Duration>,
    /// How often in a row nothing was acknowledged in time.
    silences: u32,
    expected: u32,
    /// Packets that came before their time.
    early: BTreeMap<u32, Part>,
    frame: Vec<u8>,
    owes_answer: bool,
}

#[derive(Debug)]
struct Outgoing {
    part: Part,
    first_sent: Option<Duration>,
    sent: Option<Duration>,
    times: u32,
    arrived: bool,
}

#[derive(Debug, Clone)]
struct Part {
    more: bool,
    bytes: Vec<u8>,
}

struct Packet<'a> {
    from: u32,
    to: u32,
    number: u32,
    expected: u32,
    gaps: u32,
    part: Option<(bool, &'a [u8])>,
    /// A knock, and what opens.
    handshake: Option<(u32, u32)>,
}

impl Link {
    /// One end, with a number of its own that is not 0, over messages of at most this many bytes.
    pub(crate) fn new(me: u32, largest_message: usize) -> Self {
        Self {
            me: me.max(1),
            peer: None,
            turn: 1,
            stranger: None,
            knocked: None,
            called: None,
            largest: largest_message.max(SMALLEST_MESSAGE),
            outgoing: VecDeque::new(),
            first: 0,
            round_trip: None,
            fastest: None,
            waits_since: None,
            silences: 0,
            expected: 0,
            early: BTreeMap::new(),
            frame: Vec::new(),
            // The other end learns that this one is there.
            owes_answer: true,
        }
    }

    /// Sends a frame, as soon as [`Link::messages`] is asked. Before the other end was heard nothing is sent: it will be told what it
    /// needs when it comes.
    pub(crate) fn send(&mut self, frame: &[u8]) {
        if self.peer.is_none() {
            return;
        }
        let piece = self.largest - HEADER;
        let parts = frame.len().div_ceil(piece).max(1);
        for index in 0..parts {
            let bytes = &frame[index * piece..frame.len().min((index + 1) * piece)];
            let part = Part { more: index + 1 < parts, bytes: bytes.to_vec() };
            self.outgoing.push_back(Outgoing {
                part,
                first_sent: None,
                sent: None,
                times: 0,
                arrived: false,
            });
        }
    }

    /// How many bytes wait for their acknowledgement, or to be sent.
    pub(crate) fn backlog(&self) -> usize {
        self.outgoing.iter().map(|outgoing| outgoing.part.bytes.len()).sum()
    }

    /// Whether the other end was heard.
    #[cfg(test)]
    pub(crate) fn is_up(&self) -> bool {
        self.peer.is_some()
    }

    /// How long a message takes that nothing holds up; zero while that is not known.
    pub(crate) fn travel_time(&self) -> Duration {
        self.fastest.unwrap_or_default() / 2
    }

    /// Takes a message in.
    ///
    /// # Errors
    /// When it is no packet of this version. Nothing changed then, but for a frame that was too long: the link is of no use then.
    pub(crate) fn message(&mut self, message: &[u8], now: Duration) -> Result<Vec<Arrival>, Refusal> {
        let packet = Packet::read(message)?;
        let mut arrivals = Vec::new();
        let is_stranger = self.peer != Some(packet.from);
        if packet.to != 0 && packet.to != self.me {
            // Meant for one who was here before. The other end must hear that there is somebody new.
            self.owes_answer = true;
            self.stranger = Some(packet.from).filter(|_| is_stranger);
            return Ok(arrivals);
        }
        let opens = packet.handshake.is_some_and(|(_, open)| open == self.turn && packet.to == self.me);
        if is_stranger && (self.peer.is_none() || opens) {
            self.begin(packet.from);
            arrivals.push(Arrival::Began);
        } else if is_stranger && packet.handshake.is_none() {
            self.stranger = Some(packet.from);
            return Ok(arrivals);
        }
        if let Some((knock, _)) = packet.handshake {
            if knock != 0 && packet.to == self.me {
                self.knocked = Some((packet.from, knock));
                // What was sent so far was not heard.
                self.outgoing.iter_mut().for_each(|outgoing| outgoing.sent = None);
                self.waits_since = None;
            }
            return Ok(arrivals);
        }
        if packet.to == self.me {
            self.acknowledge(&packet, now);
        } else {
            // It does not know us yet.
            self.owes_answer = true;
        }
        if let Some((more, bytes)) = packet.part {
            self.owes_answer = true;
            let ahead = packet.number.wrapping_sub(self.expected);
            if ahead < WINDOW {
                self.early.insert(packet.number, Part { more, bytes: bytes.to_vec() });
                self.assemble(&mut arrivals)?;
            }
        }
        Ok(arrivals)
    }

    /// The other end is somebody new.
    fn begin(&mut self, peer: u32) {
        self.peer = Some(peer);
        self.turn = self.turn.wrapping_add(1).max(1);
        self.outgoing.clear();
        self.waits_since = None;
        (self.first, self.expected, self.silences) = (0, 0, 0);
        self.early.clear();
        self.frame.clear();
        self.owes_answer = true;
    }

    fn acknowledge(&mut self, packet: &Packet<'_>, now: Duration) {
        let told = packet.expected.wrapping_sub(self.first) as usize;
        if told > self.outgoing.len() {
            return;
        }
        let mut heard = None;
        if told > 0 {
            // Whoever answers is there: patience begins anew with what is still on its way.
            self.waits_since = (told < self.outgoing.len()).then_some(now);
        }
        for _ in 0..told {
            let Some(outgoing) = self.outgoing.pop_front() else { break };
            self.first = self.first.wrapping_add(1);
            // Of what was sent twice nobody knows which one was answered.
            heard = outgoing.sent.filter(|_| outgoing.times == 1).or(heard);
            if let Some(sent) = outgoing.first_sent.filter(|_| outgoing.times > 1) {
                // No message takes longer than that; on a slow link patience would never be long enough otherwise.
                self.round_trip.get_or_insert(now.saturating_sub(sent).min(MOST_GUESSED));
            }
            self.silences = 0;
        }
        for bit in 0..32 {
            if packet.gaps & (1 << bit) != 0
                && let Some(outgoing) = self.outgoing.get_mut(bit as usize + 1)
            {
                outgoing.arrived = true;
                self.silences = 0;
            }
        }
        if let Some(sent) = heard {
            let round_trip = now.saturating_sub(sent);
            self.fastest = Some(self.fastest.map_or(round_trip, |fastest| fastest.min(round_trip)));
            self.round_trip =
                Some(self.round_trip.map_or(round_trip, |before| (before * 7 + round_trip) / 8));
        }
    }

    fn assemble(&mut self, arrivals: &mut Vec<Arrival>) -> Result<(), Refusal> {
        while let Some(part) = self.early.remove(&self.expected) {
            self.expected = self.expected.wrapping_add(1);
            if self.frame.len() + part.bytes.len() > LARGEST_FRAME {
                return Err(Refusal::TooLong);
            }
            self.frame.extend_from_slice(&part.bytes);
            if !part.more {
                arrivals.push(Arrival::Frame(std::mem::take(&mut self.frame)));
            }
        }
        Ok(())
    }

    fn patience(&self) -> Duration {
        let usual = self.round_trip.map_or(FIRST_PATIENCE, |round_trip| round_trip * 2);
        (usual.max(LEAST_PATIENCE) * (1 << self.silences.min(8))).min(MOST_PATIENCE)
    }

    /// When patience with what is on its way ends.
    fn overdue(&self) -> Option<Duration> {
        Some(self.waits_since?.saturating_add(self.patience()))
    }

    /// When [`Link::messages`] is to be asked again though nothing happened.
    pub(crate) fn due(&self) -> Option<Duration> {
        match self.peer {
            None => self.called.map(|called| called.saturating_add(self.patience())),
            Some(_) => self.overdue(),
        }
    }

    /// What is to be sent now.
    pub(crate) fn messages(&mut self, now: Duration) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        if let Some(stranger) = self.stranger.take() {
            messages.push(Packet::shaking_hands(self.me, stranger, (self.turn, 0)).write());
        }
        if let Some((who, knock)) = self.knocked.take() {
            messages.push(Packet::shaking_hands(self.me, who, (0, knock)).write());
        }
        let handshakes = messages.len();
        if self.peer.is_none() && self.due().is_none_or(|due| due <= now) {
            self.silences = if self.called.is_some() { (self.silences + 1).min(16) } else { 0 };
            self.called = Some(now);
            self.owes_answer = true;
        }
        let impatient = self.overdue().is_some_and(|due| due <= now);
        if impatient {
            self.silences = (self.silences + 1).min(16);
            self.waits_since = Some(now);
        }
        let window = WINDOW as usize;
        // After a long silence one packet asks whether anybody is there.
        let mut again = if self.silences > 2 { 1 } else { window };
        for index in 0..self.outgoing.len().min(window) {
            let outgoing = &self.outgoing[index];
            let is_new = outgoing.sent.is_none();
            if !is_new && (!impatient || outgoing.arrived || again == 0) {
                continue;
            }
            again -= usize::from(!is_new);
            let number = self.first.wrapping_add(index as u32);
            messages.push(self.packet(number, Some(&self.outgoing[index].part)));
            let outgoing = &mut self.outgoing[index];
            outgoing.first_sent.get_or_insert(now);
            outgoing.sent = Some(now);
            outgoing.times += 1;
            self.waits_since.get_or_insert(now);
        }
        if messages.len() == handshakes && self.owes_answer {
            let number = self.first.wrapping_add(self.outgoing.len() as u32);
            messages.push(self.packet(number, None));
        }
        self.owes_answer = false;
        messages
    }

    fn packet(&self, number: u32, part: Option<&Part>) -> Vec<u8> {
        let gaps = self.early.keys().fold(0u32, |gaps, early| {
            let ahead = early.wrapping_sub(self.expected);
            if (1..=32).contains(&ahead) { gaps | 1 << (ahead - 1) } else { gaps }
        });
        let packet = Packet {
            from: self.me,
            to: self.peer.unwrap_or(0),
            number,
            expected: self.expected,
            gaps,
            part: part.map(|part| (part.more, part.bytes.as_slice())),
            handshake: None,
        };
        packet.write()
    }
}

impl<'a> Packet<'a> {
    fn shaking_hands(from: u32, to: u32, handshake: (u32, u32)) -> Self {
        Self { from, to, number: 0, expected: 0, gaps: 0, part: None, handshake: Some(handshake) }
    }

    fn write(&self) -> Vec<u8> {
        let mut flags = VERSION << 4;
        if let Some((knock, open)) = self.handshake {
            let numbers = [self.from, self.to, knock, open].map(u32::to_le_bytes);
            return std::iter::once(flags | HANDSHAKE).chain(numbers.into_iter().flatten()).collect();
        }
        if let Some((more, _)) = self.part {
            flags |= DATA | if more { MORE } else { 0 };
        }
        if self.gaps != 0 {
            flags |= GAPS;
        }
        let mut bytes = Vec::with_capacity(HEADER + self.part.map_or(0, |(_, part)| part.len()));
        bytes.push(flags);
        bytes.extend_from_slice(&self.from.to_le_bytes());
        bytes.extend_from_slice(&self.to.to_le_bytes());
        write_number(&mut bytes, self.number);
        write_number(&mut bytes, self.expected);
        if self.gaps != 0 {
            bytes.extend_from_slice(&self.gaps.to_le_bytes());
        }
        if let Some((_, part)) = self.part {
            bytes.extend_from_slice(part);
        }
        bytes
    }

    fn read(mut bytes: &'a [u8]) -> Result<Self, Refusal> {
        let flags = take::<1>(&mut bytes)?[0];
        if flags >> 4 != VERSION {
            return Err(Refusal::Version(flags >> 4));
        }
        let from = u32::from_le_bytes(take(&mut bytes)?);
        let to = u32::from_le_bytes(take(&mut bytes)?);
        if flags & HANDSHAKE != 0 {
            let handshake = (u32::from_le_bytes(take(&mut bytes)?), u32::from_le_bytes(take(&mut bytes)?));
            if from == 0 || flags & (DATA | MORE | GAPS) != 0 || !bytes.is_empty() {
                return Err(Refusal::Malformed);
            }
            return Ok(Self::shaking_hands(from, to, handshake));
        }
        let number = read_number(&mut bytes)?;
        let expected = read_number(&mut bytes)?;
        let gaps = if flags & GAPS == 0 { 0 } else { u32::from_le_bytes(take(&mut bytes)?) };
        if from == 0 || (flags & DATA == 0 && !bytes.is_empty()) {
            return Err(Refusal::Malformed);
        }
        let part = (flags & DATA != 0).then_some((flags & MORE != 0, bytes));
        Ok(Self { from, to, number, expected, gaps, part, handshake: None })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Refusal> {
    let (head, rest) = bytes.split_first_chunk::<N>().ok_or(Refusal::Malformed)?;
    *bytes = rest;
    Ok(*head)
}

fn write_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> Result<u32, Refusal> {
    let mut number = 0u64;
    for shift in 0..5 {
        let byte = take::<1>(bytes)?[0];
        number |= u64::from(byte & 0x7f) << (shift * 7);
        if byte & 0x80 == 0 {
            return u32::try_from(number).map_err(|_| Refusal::Malformed);
        }
    }
    Err(Refusal::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machines::mirror::wire::Wire;
    use proptest::prelude::*;

    fn frame(number: u32, length: usize) -> Vec<u8> {
        (0..length).map(|index| (number as usize * 31 + index) as u8).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Whatever the wire does, frames arrive whole, in order and once.
        #[test]
        fn frames_arrive_in_order_and_once(
            seed: u64,
            lost in 0u64..40,
            twice in 0u64..30,
            largest in 128usize..600,
            lengths in proptest::collection::vec(0usize..3000, 1..30),
        ) {
            let mut wire = Wire::new(largest, seed, lost, twice);
            wire.run(Duration::from_secs(120));
            prop_assert_eq!(&wire.heard[0], &[Arrival::Began]);
            prop_assert_eq!(&wire.heard[1], &[Arrival::Began]);
            for (number, length) in lengths.iter().enumerate() {
                wire.ends[number % 2].send(&frame(number as u32, *length));
                wire.run(Duration::from_millis(5));
            }
            wire.run(Duration::from_secs(3600));
            for end in 0..2 {
                let frames = lengths.iter().enumerate().filter(|(number, _)| number % 2 != end);
                let frames = frames.map(|(number, length)| Arrival::Frame(frame(number as u32, *length)));
                let expected: Vec<_> = std::iter::once(Arrival::Began).chain(frames).collect();
                prop_assert_eq!(&wire.heard[end], &expected);
                prop_assert_eq!(wire.ends[end].backlog(), 0);
            }
        }

        /// However often either end is started anew, and however long its last words were under way: those that live find each other.
        #[test]
        fn the_living_find_each_other(
            seed: u64,
            lost in 0u64..40,
            acts in proptest::collection::vec((0usize..4, 0u64..3000), 0..30),
        ) {
            let mut wire = Wire::new(128, seed, lost, 10);
            let mut held_up = Vec::new();
            for (index, (what, millis)) in acts.into_iter().enumerate() {
                match what {
                    0 | 1 => {
                        held_up.push((1 - what, wire.ends[what].messages(wire.now)));
                        wire.ends[what] = Link::new(100 + index as u32, 128);
                    }
                    2 => {
                        let half = held_up.len() / 2;
                        for (to, messages) in held_up.drain(half..) {
                            for message in messages {
                                let _ = wire.ends[to].message(&message, wire.now);
                            }
                        }
                    }
                    _ => wire.ends.iter_mut().for_each(|end| end.send(b"a word")),
                }
                wire.run(Duration::from_millis(millis));
            }
            for (to, messages) in held_up {
                for message in messages {
                    let _ = wire.ends[to].message(&message, wire.now);
                }
            }
            (wire.lost, wire.twice) = (0, 0);
            // Whoever is there says something when it hears of the other; the shell always does.
            for _ in 0..5 {
                wire.ends.iter_mut().for_each(|end| end.send(b"a word"));
                wire.run(Duration::from_secs(60));
            }
            wire.heard = [Vec::new(), Vec::new()];
            wire.ends.iter_mut().for_each(|end| end.send(b"the last word"));
            wire.run(Duration::from_secs(60));
            for end in 0..2 {
                prop_assert_eq!(&wire.heard[end], &[Arrival::Frame(b"the last word".to_vec())]);
            }
        }

        /// Garbage is refused or ignored, and never harms.
        #[test]
        fn garbage_does_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300), version: bool) {
            let mut link = Link::new(1, 128);
            let mut bytes = bytes;
            if version && let Some(first) = bytes.first_mut() {
                *first = VERSION << 4 | *first & 15;
            }
            let _ = link.message(&bytes, Duration::ZERO);
            prop_assert!(link.early.len() <= WINDOW as usize);
        }
    }

    #[test]
    fn who_was_started_anew_is_noticed_and_the_past_is_not_heard() {
        let mut wire = Wire::new(128, 1, 0, 0);
        wire.run(Duration::from_secs(1));
        wire.ends[0].send(b"before");
        let old = wire.ends[0].messages(wire.now);
        wire.ends[0] = Link::new(33, 128);
        wire.run(Duration::from_secs(1));
        assert_eq!(wire.heard[1], [Arrival::Began, Arrival::Began]);
        for message in old {
            assert_eq!(wire.ends[1].message(&message, wire.now), Ok(Vec::new()));
        }
        wire.ends[0].send(b"after");
        wire.run(Duration::from_secs(1));
        assert_eq!(wire.heard[1].last(), Some(&Arrival::Frame(b"after".to_vec())));
    }

    /// A packet of one that is gone, which was held up until its successor was heard, is no reason to turn away from that.
    #[test]
    fn what_was_held_up_does_not_bring_the_dead_back() {
        let mut wire = Wire::new(128, 1, 0, 0);
        let held_up = wire.ends[0].messages(wire.now);
        wire.ends[0] = Link::new(33, 128);
        wire.run(Duration::from_secs(1));
        for message in held_up {
            assert_eq!(wire.ends[1].message(&message, wire.now), Ok(Vec::new()));
        }
        for end in 0..2 {
            wire.ends[end].send(b"still here");
        }
        wire.run(Duration::from_secs(1));
        for end in 0..2 {
            assert_eq!(wire.heard[end], [Arrival::Began, Arrival::Frame(b"still here".to_vec())]);
        }
    }

    #[test]
    fn a_frame_that_is_too_long_is_refused() {
        let mut wire = Wire::new(60_000, 1, 0, 0);
        wire.run(Duration::from_secs(1));
        wire.ends[0].send(&vec![0; LARGEST_FRAME + 1]);
        let messages = wire.ends[0].messages(wire.now);
        let mut told = Vec::new();
        for message in &messages {
            told.push(wire.ends[1].message(message, wire.now));
        }
        assert_eq!(told.pop(), Some(Err(Refusal::TooLong)));
    }

    /// While nobody answers, less and less is sent, and never nothing.
    #[test]
    fn silence_costs_little() {
        let mut wire = Wire::new(128, 1, 0, 0);
        wire.run(Duration::from_secs(1));
        wire.lost = 100;
        wire.ends[0].send(&[0; 2000]);
        let mut count = 0;
        for _ in 0..600 {
            wire.now += Duration::from_secs(1);
            count += wire.ends[0].messages(wire.now).len();
        }
        assert!((60..150).contains(&count), "{count}");
        wire.lost = 0;
        wire.run(Duration::from_secs(20));
        assert_eq!(wire.heard[1].last(), Some(&Arrival::Frame(vec![0; 2000])));
    }

    /// The bytes of a packet, as every release writes and reads them.
    #[test]
    fn a_packet_is_written_so() {
        let part = Some((true, &b"ab"[..]));
        let packet =
            Packet { from: 0x0102_0304, to: 5, number: 300, expected: 7, gaps: 2, part, handshake: None };
        let bytes = packet.write();
        assert_eq!(bytes, [0x17, 4, 3, 2, 1, 5, 0, 0, 0, 0xac, 2, 7, 2, 0, 0, 0, b'a', b'b']);
        assert!(Packet::read(&bytes).is_ok());
        let handshake = Packet::shaking_hands(1, 2, (3, 0)).write();
        assert_eq!(handshake, [0x18, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Packet::read(&handshake).expect("a handshake").handshake, Some((3, 0)));
        assert_eq!(Packet::read(&handshake[..16]).err(), Some(Refusal::Malformed));
        assert_eq!(Packet::read(&[0x21]).err(), Some(Refusal::Version(2)));
        for length in 0..16 {
            assert_eq!(Packet::read(&bytes[..length]).err(), Some(Refusal::Malformed), "{length}");
        }
    }
}
