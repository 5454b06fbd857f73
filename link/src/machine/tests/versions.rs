//! Releases that speak different versions, and who pretends that they do.

use super::super::framing::frame;
use super::super::noise;
use super::super::versions::Versions;
use super::*;

fn speaking(lowest: u8, highest: u8) -> Door {
    let versions = Versions { lowest, highest };
    let now = Duration::from_secs(1000);
    Door { handshake: Handshake::dial_as(versions, &phone(), &key(&watch()), seed(10), now), outcome: None }
}

fn meet(dialled: &mut Door) -> (Result<Vec<u8>, PacelineError>, Result<(), PacelineError>) {
    let mut home = Home::new(watch()).that_knows(&phone());
    let mut answered = home.door(11);
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    let hello = dialled.gets(&answer);
    let end = match &hello {
        Ok(hello) => answered.hears(hello, &mut home).map(|_| ()),
        Err(_) => answered.handshake.tick(home.now),
    };
    (hello, end)
}

#[test]
fn a_newer_release_that_still_speaks_ours_is_understood() {
    let (hello, end) = meet(&mut speaking(1, 9));
    hello.unwrap();
    end.unwrap();
}

#[test]
fn releases_with_no_version_in_common_say_which_one_is_to_be_updated() {
    let (hello, end) = meet(&mut speaking(2, 9));
    assert_eq!(code_of(hello), ErrorCode::LinkVersionTooOld, "the side that answers is the old one");
    assert_eq!(code_of(end), ErrorCode::LinkVersionTooNew);
    let (hello, end) = meet(&mut speaking(0, 0));
    assert_eq!(code_of(hello), ErrorCode::LinkVersionTooNew);
    assert_eq!(code_of(end), ErrorCode::LinkVersionTooOld);
}

/// Both could speak version 2, and somebody on the way makes them believe that one cannot.
#[test]
fn a_downgrade_is_noticed() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (speaking(1, 2), home.door(11));
    let mut question = dialled.says();
    assert_eq!(question[2..8], [b'P', b'C', b'L', 1, 2, 1]);
    question[6] = 1;
    let answer = answered.hears(&question, &mut home).unwrap();
    assert!(dialled.gets(&answer).is_err());
    assert!(!dialled.is_up() && !answered.is_up());
}

/// The right device, which speaks version 2 and uses version 1 all the same.
#[test]
fn a_device_that_does_not_use_the_highest_common_version_is_refused() {
    for (answer, fits) in [([2, 1, 2], true), ([1, 1, 2], false), ([3, 1, 3], false), ([1, 1, 1], true)] {
        let mut dialled = speaking(1, 2);
        let question = dialled.says();
        let mut noise = noise::answer_known(&watch().secret, &question[2..8], &seed(11));
        let (mut payload, mut message) = ([0; 128], [0; 128]);
        noise.read_message(&question[8..], &mut payload).unwrap();
        let length = noise.write_message(&answer, &mut message).unwrap();
        let heard = dialled.gets(&frame(&message[..length]));
        assert_eq!(heard.is_ok() && dialled.is_up(), fits, "{answer:?}: {heard:?}");
    }
}

#[test]
fn a_forged_refusal_is_no_way_to_another_version() {
    let mut dialled = speaking(1, 1);
    dialled.says();
    assert_eq!(code_of(dialled.gets(&[6, 0, b'P', b'C', b'L', 1, 1, 0])), ErrorCode::LinkMalformed);
    let mut dialled = speaking(1, 1);
    dialled.says();
    assert_eq!(code_of(dialled.gets(&[6, 0, b'P', b'C', b'L', 7, 7, 0])), ErrorCode::LinkVersionTooNew);
}

#[test]
fn what_begins_otherwise_gets_no_answer() {
    let mut home = Home::new(watch()).that_knows(&phone());
    for opening in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[6, 0, b'P', b'C', b'L', 1, 1, 3],
        &[6, 0, b'P', b'C', b'L', 2, 1, 1],
    ] {
        let mut answered = home.door(11);
        assert_eq!(code_of(answered.hears(opening, &mut home)), ErrorCode::LinkMalformed);
        assert!(answered.says().is_empty());
    }
}
