//! The bytes of version 1, as they were when it was released: later releases must read them, and write the same while they
//! speak version 1.

use super::*;
use std::fmt::Write as _;

const VERSION_1: &str = include_str!("golden-1.txt");

/// A connection between known devices and one with a code, every record of them.
fn conversation() -> String {
    let mut lines = String::new();
    let mut note = |what: &str, bytes: &[u8]| {
        let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(lines, "{what}: {hex}");
    };
    note("key of the watch", key(&watch()).bytes());
    note("id of the watch", key(&watch()).peer().bytes());

    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
    let question = dialled.says();
    note("known, question", &question);
    let answer = answered.hears(&question, &mut home).unwrap();
    note("known, answer", &answer);
    let hello = dialled.gets(&answer).unwrap();
    note("known, hello", &hello);
    answered.hears(&hello, &mut home).unwrap();
    note("known, message to the watch", &dialled.up().unwrap().0.seal(b"lap").unwrap());
    note("known, message to the phone", &answered.up().unwrap().0.seal(b"done").unwrap());

    let code: PairingCode = "1234 5678".parse().unwrap();
    home.show(&code, 1);
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code, 12), home.door(13));
    let mut sent = dialled.says();
    for (turn, what) in ["question", "half", "proof", "keys", "own key"].iter().enumerate() {
        note(&format!("pairing, {what}"), &sent);
        sent = if turn % 2 == 0 { answered.hears(&sent, &mut home) } else { dialled.gets(&sent) }.unwrap();
    }
    answered.handshake.confirm_pairing().unwrap();
    let hello = answered.says();
    note("pairing, hello", &hello);
    dialled.gets(&hello).unwrap();
    note("pairing, message to the watch", &dialled.up().unwrap().0.seal(b"lap").unwrap());

    let mut refused = home.door(14);
    let refusal = refused.hears(&[6, 0, b'P', b'C', b'L', 8, 9, 1], &mut home).unwrap();
    note("refusal of versions 8 and 9", &refusal);
    lines
}

#[test]
fn version_1_is_what_it_was() {
    let conversation = conversation();
    assert_eq!(conversation, VERSION_1, "\n{conversation}");
}

/// The other end's bytes come from the file, not from this code.
#[test]
fn what_version_1_wrote_is_still_understood() {
    let record = |what: &str| {
        let line = VERSION_1.lines().find_map(|line| line.strip_prefix(&format!("{what}: "))).unwrap();
        let byte = |place| u8::from_str_radix(&line[place..place + 2], 16).unwrap();
        (0..line.len()).step_by(2).map(byte).collect::<Vec<u8>>()
    };
    let mut home = Home::new(watch()).that_knows(&phone());
    let mut answered = home.door(11);
    answered.hears(&record("known, question"), &mut home).unwrap();
    answered.hears(&record("known, hello"), &mut home).unwrap();
    let mut channel = answered.up().unwrap().0;
    assert_eq!(channel.receive(&record("known, message to the watch")).unwrap().1.unwrap(), b"lap");

    let mut dialled = Door::dial(&phone(), &watch(), 10);
    dialled.gets(&record("known, answer")).unwrap();
    let mut channel = dialled.up().unwrap().0;
    assert_eq!(channel.receive(&record("known, message to the phone")).unwrap().1.unwrap(), b"done");

    home.show(&"1234 5678".parse().unwrap(), 1);
    let mut answered = home.door(13);
    for what in ["question", "proof", "own key"] {
        answered.hears(&record(&format!("pairing, {what}")), &mut home).unwrap();
    }
    assert!(
        matches!(answered.outcome, Some(Outcome::CodeProven { key: proven, .. }) if proven == key(&phone()))
    );
}
