//! What the session of a replay keeps with it, so that another process can go on.

use super::Speed;
use crate::origin::Origin;
use paceline::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

/// The version that this release writes.
const VERSION: u32 = 1;

/// What is replayed, and which part of it this session is. How far it came is not kept here: the store itself tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The recording.
    pub origin: Origin,
    /// How fast.
    pub speed: Speed,
    /// Where the clock of the replay began. Its session goes on undisturbed only on a clock with the same beginning.
    pub clock: Timestamp,
    /// What it showed when the session was prepared. Recorded workouts may overlap; then it is ahead of this one.
    pub prepared: Timestamp,
    /// Which of the workouts that the recording becomes, counted from 0.
    pub place: usize,
    /// The ids of those before it.
    pub before: Vec<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    #[serde(rename = "pacelineReplay")]
    version: u32,
    #[serde(flatten)]
    ticket: T,
}

/// What stands in the payload of a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// A ticket.
    Ticket(Ticket),
    /// The ticket of a newer release.
    Newer,
    /// Nothing, or something of another app.
    Foreign,
}

impl Ticket {
    /// The bytes that the session keeps.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Texts, numbers and ids always have a JSON form.
        serde_json::to_vec(&Envelope { version: VERSION, ticket: self }).unwrap_or_default()
    }
}

impl Payload {
    pub(super) fn read(bytes: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Any {}
        match serde_json::from_slice::<Envelope<Any>>(bytes) {
            Ok(Envelope { version: VERSION, .. }) => {
                match serde_json::from_slice::<Envelope<Ticket>>(bytes) {
                    Ok(envelope) => Self::Ticket(envelope.ticket),
                    Err(_) => Self::Foreign,
                }
            }
            Ok(Envelope { version, .. }) if version > VERSION => Self::Newer,
            _ => Self::Foreign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_comes_back_and_others_are_told_apart() {
        let ticket = Ticket {
            origin: Origin::Demo { seed: u64::MAX },
            speed: Speed::Times(0.1 + 0.2),
            clock: Timestamp::from_micros(-5),
            prepared: Timestamp::from_micros(7),
            place: 3,
            before: vec![Uuid::from_u128(7)],
        };
        let bytes = ticket.to_bytes();
        assert_eq!(Payload::read(&bytes), Payload::Ticket(ticket));
        let newer = String::from_utf8(bytes).unwrap().replace("Replay\":1", "Replay\":2");
        assert_eq!(Payload::read(newer.as_bytes()), Payload::Newer);
        for foreign in
            [&b""[..], b"screen 3", b"{}", br#"{"pacelineReplay":1}"#, br#"{"pacelineReplay":"x"}"#]
        {
            assert_eq!(Payload::read(foreign), Payload::Foreign);
        }
    }
}
