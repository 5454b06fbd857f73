//! What happens to sealed records on their way.

use super::super::channel::{LARGEST_MESSAGE, Limits};
use super::super::identity::PublicKey;
use super::super::noise;
use super::*;

/// Two ends with keys that change, and end, soon.
fn limited(dialler: Limits, answerer: Limits) -> (Channel, Channel) {
    let (watch, phone) = (watch(), phone());
    let peer: PublicKey = key(&watch);
    let mut dialled = noise::dial_known(&phone.secret, &peer, b"", &seed(10));
    let mut answered = noise::answer_known(&watch.secret, b"", &seed(11));
    let (mut message, mut payload) = ([0; 128], [0; 128]);
    let length = dialled.write_message(&[], &mut message).unwrap();
    answered.read_message(&message[..length], &mut payload).unwrap();
    let length = answered.write_message(&[], &mut message).unwrap();
    dialled.read_message(&message[..length], &mut payload).unwrap();
    let (dialled, answered) =
        (dialled.into_transport_mode().unwrap(), answered.into_transport_mode().unwrap());
    (Channel::new(dialled, dialler), Channel::new(answered, answerer))
}

#[test]
fn the_largest_message_passes_and_a_larger_one_is_refused() {
    let (mut here, mut there) = channels();
    let bytes = here.seal(&vec![5; LARGEST_MESSAGE]).unwrap();
    assert_eq!(bytes.len(), 2 + 65_535);
    assert_eq!(there.receive(&bytes).unwrap().1.unwrap().len(), LARGEST_MESSAGE);
    assert_eq!(code_of(here.seal(&vec![5; LARGEST_MESSAGE + 1])), ErrorCode::LinkMessageTooLarge);
    let bytes = here.seal(b"still fine").unwrap();
    assert_eq!(there.receive(&bytes).unwrap().1.unwrap(), b"still fine");
}

#[test]
fn records_that_are_repeated_left_out_moved_or_changed_end_the_connection() {
    let tamperings: [fn(&mut Vec<Vec<u8>>); 5] = [
        |records| records.insert(1, records[0].clone()),
        |records| drop(records.remove(0)),
        |records| records.swap(0, 1),
        |records| records[0][10] ^= 1,
        |records| {
            records[0][0] -= 1;
            records[0].pop();
        },
    ];
    for (number, tamper) in tamperings.iter().enumerate() {
        let (mut here, mut there) = channels();
        let mut records: Vec<_> = (0..3).map(|n| here.seal(&[n; 10]).unwrap()).collect();
        tamper(&mut records);
        let results: Vec<_> = records.iter().map(|record| there.receive(record)).collect();
        let bad = results.iter().position(Result::is_err).unwrap_or_else(|| panic!("tampering {number}"));
        assert_eq!(code_of(results[bad].clone()), ErrorCode::LinkMalformed);
        let after = results[bad + 1..].iter().cloned().map(code_of);
        assert!(after.into_iter().all(|code| code == ErrorCode::LinkClosed), "tampering {number}");
    }
}

#[test]
fn records_sent_back_do_not_open() {
    let (mut here, _) = channels();
    let record = here.seal(b"echo").unwrap();
    assert_eq!(code_of(here.receive(&record)), ErrorCode::LinkMalformed);
}

#[test]
fn kinds_of_later_releases_are_skipped() {
    let (mut here, mut there) = channels();
    for kind in 2..=255 {
        let bytes = here.seal_kind(kind, b"what is this").unwrap();
        assert_eq!(there.receive(&bytes).unwrap(), (bytes.len(), None));
    }
    let bytes = here.seal(b"known").unwrap();
    assert_eq!(there.receive(&bytes).unwrap().1.unwrap(), b"known");
}

#[test]
fn empty_and_short_records_are_refused() {
    for record in [&[0, 0][..], &[16, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]] {
        let (_, mut there) = channels();
        assert_eq!(code_of(there.receive(record)), ErrorCode::LinkMalformed);
    }
}

#[test]
fn keys_are_changed_by_both_ends_at_the_same_record() {
    let often = Limits { rekey: 3, records: 1000 };
    let (mut here, mut there) = limited(often, often);
    for number in 0..20_u8 {
        let bytes = here.seal(&[number]).unwrap();
        assert_eq!(there.receive(&bytes).unwrap().1.unwrap(), [number]);
        let bytes = there.seal(&[number]).unwrap();
        assert_eq!(here.receive(&bytes).unwrap().1.unwrap(), [number]);
    }
    // Who keeps the old key cannot go on: they really change.
    let (mut here, mut there) = limited(often, Limits { rekey: 1000, records: 1000 });
    let mut opened = 0;
    while there.receive(&here.seal(&[1]).unwrap()).is_ok() {
        opened += 1;
    }
    assert_eq!(opened, 3);
}

#[test]
fn used_up_keys_end_the_connection_on_both_sides() {
    let few = Limits { rekey: 4, records: 6 };
    let (mut here, mut there) = limited(few, few);
    for number in 0..6 {
        there.receive(&here.seal(&[number]).unwrap()).unwrap();
    }
    assert_eq!(code_of(here.seal(&[6])), ErrorCode::LinkClosed);
    // An end that counts differently gets no further.
    let (mut here, mut there) = limited(Limits { rekey: 4, records: 7 }, few);
    let results: Vec<_> = (0..7).map(|n| there.receive(&here.seal(&[n]).unwrap())).collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 6);
    assert_eq!(code_of(results[6].clone()), ErrorCode::LinkClosed);
}
