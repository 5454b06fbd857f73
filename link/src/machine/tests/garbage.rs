//! Any bytes at all, in every state: an error or nothing, never a panic, never a connection.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// A door in each state, with what it would hear next.
fn doors() -> Vec<(&'static str, Door, Home, Vec<u8>)> {
    let code: PairingCode = "11112222".parse().unwrap();
    let home = || {
        let mut home = Home::new(watch()).that_knows(&phone());
        home.show(&code, 1);
        home
    };
    let known = || {
        let home = home();
        (Door::dial(&phone(), &watch(), 10), home.door(11), home)
    };
    let pairing = || {
        let home = home();
        (Door::dial_with_code(&phone(), &code, 10), home.door(11), home)
    };
    let mut doors = Vec::new();

    let (mut dialled, answered, home) = known();
    doors.push(("answering", answered, home, dialled.says()));
    let (mut dialled, mut answered, mut home) = known();
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    doors.push(("dialled", dialled, home, answer));
    let (mut dialled, mut answered, mut home) = known();
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    let hello = dialled.gets(&answer).unwrap();
    doors.push(("answered", answered, home, hello));

    for stop in 0..6 {
        let (mut dialled, mut answered, mut home) = pairing();
        let mut sent = dialled.says();
        for step in 0..stop {
            sent = if step % 2 == 0 {
                answered.hears(&sent, &mut home).unwrap()
            } else {
                dialled.gets(&sent).unwrap()
            };
            if matches!(answered.outcome, Some(Outcome::CodeProven { .. })) {
                answered.outcome = None;
                answered.handshake.confirm_pairing().unwrap();
                sent = answered.says();
            }
        }
        let door = if stop % 2 == 0 { answered } else { dialled };
        doors.push(("pairing", door, home, sent));
    }
    doors
}

#[test]
fn the_states_are_what_they_seem() {
    for (state, mut door, mut home, next) in doors() {
        if next.is_empty() {
            continue;
        }
        door.hears(&next, &mut home).unwrap_or_else(|error| panic!("{state}: {error}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..600)) {
        for (state, mut door, mut home, _) in doors() {
            door.outcome = None;
            let _ = door.hears(&bytes, &mut home);
            prop_assert!(!door.is_up(), "{}", state);
        }
    }

    #[test]
    fn random_records(lengths in vec(0..300_usize, 1..4), fill in any::<u8>()) {
        for (state, mut door, mut home, _) in doors() {
            door.outcome = None;
            for length in &lengths {
                let record = [&(*length as u16).to_le_bytes()[..], &vec![fill; *length]].concat();
                let _ = door.hears(&record, &mut home);
            }
            prop_assert!(!door.is_up(), "{}", state);
        }
    }

    #[test]
    fn genuine_records_with_some_bytes_changed(place in any::<prop::sample::Index>(), with in 1..=255_u8) {
        for (state, mut door, mut home, next) in doors() {
            if next.is_empty() {
                continue;
            }
            door.outcome = None;
            let mut changed = next.clone();
            let place = place.index(changed.len());
            changed[place] ^= with;
            // A half of the key exchange may be changed into another one: then the next record is what fails.
            let _ = door.hears(&changed, &mut home);
            prop_assert!(!door.is_up(), "{}, byte {}", state, place);
        }
    }

    #[test]
    fn random_bytes_on_a_channel(bytes in vec(any::<u8>(), 0..200)) {
        let (_, mut there) = channels();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            match there.receive(rest) {
                Ok((taken, message)) => {
                    prop_assert!(taken > 0 && message.is_none());
                    rest = &rest[taken..];
                }
                Err(_) => break,
            }
        }
    }

    #[test]
    fn messages_survive_any_cutting(messages in vec(vec(any::<u8>(), 0..300), 0..8), cut in 1..200_usize) {
        let (mut here, mut there) = channels();
        let stream: Vec<u8> = messages.iter().flat_map(|message| here.seal(message).unwrap()).collect();
        let mut heard = Vec::new();
        for piece in stream.chunks(cut) {
            let mut rest = piece;
            while !rest.is_empty() {
                let (taken, message) = there.receive(rest).unwrap();
                heard.extend(message);
                rest = &rest[taken..];
            }
        }
        prop_assert_eq!(heard, messages);
    }
}
