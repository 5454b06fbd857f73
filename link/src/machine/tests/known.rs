//! Devices that know each other's key, and those that do not.

use super::super::handshake::HANDSHAKE_TIME;
use super::*;

#[test]
fn two_devices_that_know_each_other_talk() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));

    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    assert!(!answered.is_up(), "a question alone could be a repeated one");
    let hello = dialled.gets(&answer).unwrap();
    assert!(answered.hears(&hello, &mut home).unwrap().is_empty());

    let (mut phones, peer, paired) = dialled.up().unwrap();
    assert_eq!((peer, paired), (key(&watch()), None));
    let (mut watchs, peer, _) = answered.up().unwrap();
    assert_eq!(peer, key(&phone()));
    for message in [&b"pause"[..], b"", &[7; 5000]] {
        let bytes = phones.seal(message).unwrap();
        assert_eq!(watchs.receive(&bytes).unwrap(), (bytes.len(), Some(message.to_vec())));
        let bytes = watchs.seal(message).unwrap();
        assert_eq!(phones.receive(&bytes).unwrap(), (bytes.len(), Some(message.to_vec())));
    }
}

#[test]
fn bytes_may_come_one_by_one_and_what_follows_the_handshake_is_left_for_the_channel() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
    let mut answer = Vec::new();
    for byte in dialled.says() {
        answer.extend(answered.hears(&[byte], &mut home).unwrap());
    }
    let mut hello = dialled.gets(&answer).unwrap();
    let length = hello.len();
    let mut phones = dialled.up().unwrap().0;
    hello.extend(phones.seal(b"early").unwrap());

    let mut desk = Desk { known: &|_| true, window: None };
    assert_eq!(answered.handshake.receive(&hello, home.now, &mut desk).unwrap(), length);
    let Some(Outcome::Up { mut channel, .. }) = answered.handshake.take_outcome() else { panic!("not up") };
    assert_eq!(channel.receive(&hello[length..]).unwrap().1.unwrap(), b"early");
}

/// What an outsider sees of an answer: its bytes, and when they leave.
fn answer_to(question: &[u8], home: &mut Home) -> (usize, Duration) {
    let mut door = home.door(11);
    let asked = home.now;
    let answer = door.hears(question, home).unwrap();
    (answer.len(), home.now.saturating_sub(asked))
}

#[test]
fn a_stranger_gets_an_answer_like_any_other_and_cannot_open_it() {
    let stranger = device(3, "someone");
    let question = Door::dial(&stranger, &watch(), 10).says();
    let mut garbled = question.clone();
    garbled[20] ^= 1;

    let expected = answer_to(&question, &mut Home::new(watch()).that_knows(&stranger));
    assert_eq!(expected, (2 + 51, ANSWER_TIME));
    assert_eq!(answer_to(&question, &mut Home::new(watch())), expected, "nobody is paired");
    assert_eq!(answer_to(&question, &mut Home::new(watch()).that_knows(&phone())), expected);
    assert_eq!(answer_to(&garbled, &mut Home::new(watch()).that_knows(&stranger)), expected);

    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&stranger, &watch(), 10), home.door(11));
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    assert_eq!(code_of(dialled.gets(&answer)), ErrorCode::LinkNotPaired);
    assert!(!dialled.is_up());
    // Whatever comes next ends it, as it would end for a device that is known and sends nonsense.
    let nonsense = [17, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17];
    assert_eq!(code_of(answered.hears(&nonsense, &mut home)), ErrorCode::LinkNotPaired);
    assert!(!answered.is_up());
}

#[test]
fn decoys_differ_from_each_other_as_answers_do() {
    let question = Door::dial(&device(3, ""), &watch(), 10).says();
    let mut home = Home::new(watch());
    let answers: Vec<_> = (20..23).map(|n| home.door(n).hears(&question, &mut home).unwrap()).collect();
    assert!(answers[0] != answers[1] && answers[1] != answers[2]);
}

#[test]
fn another_device_at_the_address_learns_nothing_and_is_not_believed() {
    let impostor = device(3, "someone");
    let mut home = Home::new(impostor).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    assert_eq!(code_of(dialled.gets(&answer)), ErrorCode::LinkNotPaired);
}

#[test]
fn a_device_does_not_answer_itself() {
    let mut home = Home::new(watch()).that_knows(&watch());
    let (mut dialled, mut answered) = (Door::dial(&watch(), &watch(), 10), home.door(11));
    let answer = answered.hears(&dialled.says(), &mut home).unwrap();
    assert_eq!(code_of(dialled.gets(&answer)), ErrorCode::LinkNotPaired);
}

#[test]
fn a_repeated_handshake_leads_nowhere() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
    let question = dialled.says();
    let answer = answered.hears(&question, &mut home).unwrap();
    let hello = dialled.gets(&answer).unwrap();
    answered.hears(&hello, &mut home).unwrap();
    assert!(answered.is_up());

    let mut again = home.door(12);
    again.hears(&question, &mut home).unwrap();
    assert_eq!(code_of(again.hears(&hello, &mut home)), ErrorCode::LinkMalformed);
    assert!(!again.is_up());

    // The other way round: an old answer to a new question.
    let mut anew = Door::dial(&phone(), &watch(), 13);
    anew.says();
    assert_eq!(code_of(anew.gets(&answer)), ErrorCode::LinkNotPaired);
}

#[test]
fn every_changed_byte_and_every_missing_one_is_noticed() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
    let question = dialled.says();
    let answer = answered.hears(&question, &mut home).unwrap();
    let hello = dialled.gets(&answer).unwrap();

    for place in 0..question.len() {
        let mut changed = question.clone();
        changed[place] ^= 0x40;
        let (mut dialled, mut answered) = (Door::dial(&phone(), &watch(), 10), home.door(11));
        dialled.says();
        let up = answered.hears(&changed, &mut home).and_then(|answer| {
            let hello = dialled.gets(&answer)?;
            answered.hears(&hello, &mut home)
        });
        assert!(!answered.is_up() && !dialled.is_up(), "byte {place}: {up:?}");
    }
    for place in 2..answer.len() {
        let mut changed = answer.clone();
        changed[place] ^= 0x40;
        let mut dialled = Door::dial(&phone(), &watch(), 10);
        dialled.says();
        assert!(dialled.gets(&changed).is_err(), "byte {place}");
    }
    for place in 2..hello.len() {
        let mut changed = hello.clone();
        changed[place] ^= 0x40;
        let mut answered = home.door(11);
        answered.hears(&question, &mut home).unwrap();
        assert!(answered.hears(&changed, &mut home).is_err(), "byte {place}");
    }
    for length in 0..question.len() {
        let mut answered = home.door(11);
        assert!(answered.hears(&question[..length], &mut home).unwrap().is_empty(), "{length} bytes");
        assert!(!answered.is_up());
    }
}

#[test]
fn records_out_of_turn_end_it() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let mut dialled = Door::dial(&phone(), &watch(), 10);
    let question = dialled.says();
    let mut answered = home.door(11);
    let twice = [&question[..], &question[..]].concat();
    assert_eq!(code_of(answered.hears(&twice, &mut home)), ErrorCode::LinkMalformed);
    assert_eq!(code_of(answered.hears(&question, &mut home)), ErrorCode::LinkMalformed, "and stays over");

    // Also where the answer would be a decoy.
    let mut stranger = Home::new(watch());
    assert_eq!(code_of(stranger.door(11).hears(&twice, &mut stranger)), ErrorCode::LinkMalformed);

    // Hello before the question, and the own question sent back.
    assert_eq!(code_of(home.door(12).hears(&[17; 19], &mut home)), ErrorCode::LinkMalformed);
    assert_eq!(code_of(dialled.gets(&question)), ErrorCode::LinkMalformed);
}

#[test]
fn who_does_not_finish_in_time_is_cut_off() {
    let mut home = Home::new(watch()).that_knows(&phone());
    let mut answered = home.door(11);
    answered.hears(&Door::dial(&phone(), &watch(), 10).says(), &mut home).unwrap();
    let end = Duration::from_secs(1000) + HANDSHAKE_TIME;
    assert_eq!(answered.handshake.deadline(), end);
    answered.handshake.tick(end.saturating_sub(Duration::from_nanos(1))).unwrap();
    assert_eq!(code_of(answered.handshake.tick(end)), ErrorCode::LinkTimedOut);
    home.now = end;
    assert_eq!(code_of(answered.hears(&[1], &mut home)), ErrorCode::LinkTimedOut, "bytes gain no time");
}

#[test]
fn an_id_is_that_of_the_key() {
    assert_eq!(key(&watch()).peer(), key(&watch()).peer());
    assert_ne!(key(&watch()).peer(), key(&phone()).peer());
    assert_eq!(key(&watch()).peer().to_string().len(), 32);
}
