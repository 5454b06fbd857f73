//! Two devices that meet by a code.

use super::super::pairing::{CODE_LIFETIME, CODE_TRIES, PairingState};
use super::*;

fn code() -> PairingCode {
    "1234 5678".parse().unwrap()
}

/// A watch that shows the code.
fn home() -> Home {
    let mut home = Home::new(watch());
    home.show(&code(), 1);
    home
}

fn state(home: &Home) -> PairingState {
    home.window.as_ref().unwrap().state(home.now)
}

/// Plays the whole handshake; what each side ended with, and the lengths of all that was sent.
fn pair(dialled: &mut Door, answered: &mut Door, home: &mut Home) -> (Result<(), PacelineError>, Vec<usize>) {
    let mut lengths = Vec::new();
    let mut sent = dialled.says();
    for turn in 0.. {
        lengths.push(sent.len());
        let heard = if turn % 2 == 0 { answered.hears(&sent, home) } else { dialled.gets(&sent) };
        sent = match heard {
            Ok(answer) => answer,
            Err(error) => return (Err(error), lengths),
        };
        if let Some(Outcome::CodeProven { .. }) = answered.outcome {
            answered.handshake.confirm_pairing().unwrap();
            sent = answered.says();
            answered.outcome = answered.handshake.take_outcome();
        }
        if sent.is_empty() {
            break;
        }
    }
    (Ok(()), lengths)
}

#[test]
fn the_right_code_makes_two_devices_known_to_each_other() {
    let mut home = home();
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
    let half = answered.hears(&dialled.says(), &mut home).unwrap();
    let proof = dialled.gets(&half).unwrap();
    let keys = answered.hears(&proof, &mut home).unwrap();
    let own = dialled.gets(&keys).unwrap();
    answered.hears(&own, &mut home).unwrap();
    assert!(!dialled.is_up(), "the other side has not saved the key yet");
    let Some(Outcome::CodeProven { key: proven, name }) = answered.outcome.take() else {
        panic!("not proven")
    };
    assert_eq!((proven, name.as_str()), (key(&phone()), "Kim's phone"));
    assert_eq!(state(&home), PairingState::Used);

    answered.handshake.confirm_pairing().unwrap();
    dialled.gets(&answered.says()).unwrap();
    let (mut phones, peer, paired) = dialled.up().unwrap();
    assert_eq!((peer, paired.as_deref()), (key(&watch()), Some("Kim's watch")));
    answered.outcome = answered.handshake.take_outcome();
    let (mut watchs, peer, _) = answered.up().unwrap();
    assert_eq!(peer, key(&phone()));
    let bytes = phones.seal(b"lap").unwrap();
    assert_eq!(watchs.receive(&bytes).unwrap().1.unwrap(), b"lap");
}

#[test]
fn a_wrong_code_fails_on_both_sides_and_counts() {
    let mut home = home();
    let (mut dialled, mut answered) =
        (Door::dial_with_code(&phone(), &"1234 5679".parse().unwrap(), 10), home.door(11));
    let (ended, lengths) = pair(&mut dialled, &mut answered, &mut home);
    assert_eq!(code_of(ended), ErrorCode::LinkPairingFailed);
    assert!(!dialled.is_up() && !answered.is_up() && answered.outcome.is_none());
    assert!(matches!(state(&home), PairingState::Open { tries: 2, .. }), "{:?}", state(&home));

    // Up to there an outsider sees what he would have seen with the right code.
    let mut home = super::pairing::home();
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
    let (ended, right) = pair(&mut dialled, &mut answered, &mut home);
    ended.unwrap();
    assert_eq!(right[..lengths.len()], lengths);
}

#[test]
fn after_three_wrong_tries_the_right_code_is_worth_nothing() {
    let mut home = home();
    for n in 0..CODE_TRIES {
        let (mut dialled, mut answered) =
            (Door::dial_with_code(&phone(), &"00000000".parse().unwrap(), 10 + n), home.door(20 + n));
        let (ended, _) = pair(&mut dialled, &mut answered, &mut home);
        assert_eq!(code_of(ended), ErrorCode::LinkPairingFailed);
    }
    assert_eq!(state(&home), PairingState::TooManyTries);
    assert_eq!(state(&home).error().unwrap().code(), ErrorCode::LinkTooManyTries);
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 30), home.door(31));
    let (ended, _) = pair(&mut dialled, &mut answered, &mut home);
    assert_eq!(code_of(ended), ErrorCode::LinkPairingFailed);
}

#[test]
fn tries_that_run_at_the_same_time_are_counted_together() {
    let mut home = home();
    let guess = |n: u8| format!("0000000{n}").parse().unwrap();
    let mut tries: Vec<_> =
        (0..8).map(|n| (Door::dial_with_code(&phone(), &guess(n), 40 + n), home.door(60 + n))).collect();
    // The last one has the right code.
    tries.push((Door::dial_with_code(&phone(), &code(), 50), home.door(70)));
    let mut proofs = Vec::new();
    for (dialled, answered) in &mut tries {
        let half = answered.hears(&dialled.says(), &mut home).unwrap();
        proofs.push(dialled.gets(&half).unwrap());
    }
    for ((_, answered), proof) in tries.iter_mut().zip(&proofs) {
        answered.hears(proof, &mut home).unwrap();
    }
    assert_eq!(state(&home), PairingState::TooManyTries);
    for ((dialled, answered), _) in tries.iter_mut().zip(&proofs) {
        assert!(!dialled.is_up() && answered.outcome.is_none());
    }
}

#[test]
fn a_code_lives_two_minutes() {
    let mut home = home();
    home.now += CODE_LIFETIME.saturating_sub(Duration::from_millis(1));
    assert!(matches!(state(&home), PairingState::Open { .. }));
    home.now += Duration::from_millis(1);
    assert_eq!(state(&home), PairingState::Expired);
    assert_eq!(state(&home).error().unwrap().code(), ErrorCode::LinkCodeExpired);
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
    assert_eq!(code_of(pair(&mut dialled, &mut answered, &mut home).0), ErrorCode::LinkPairingFailed);
    assert_eq!(state(&home), PairingState::Expired, "a try too late is none");
}

#[test]
fn a_try_that_began_in_time_must_also_end_in_time() {
    let mut home = home();
    home.now += CODE_LIFETIME.saturating_sub(Duration::from_secs(1));
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
    let half = answered.hears(&dialled.says(), &mut home).unwrap();
    home.now += Duration::from_secs(1);
    let keys = answered.hears(&dialled.gets(&half).unwrap(), &mut home).unwrap();
    assert_eq!(code_of(dialled.gets(&keys)), ErrorCode::LinkPairingFailed);
}

#[test]
fn a_code_is_used_once_also_when_the_connection_dies_right_after() {
    let mut home = home();
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
    let half = answered.hears(&dialled.says(), &mut home).unwrap();
    answered.hears(&dialled.gets(&half).unwrap(), &mut home).unwrap();
    assert_eq!(state(&home), PairingState::Used);
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 12), home.door(13));
    assert_eq!(code_of(pair(&mut dialled, &mut answered, &mut home).0), ErrorCode::LinkPairingFailed);
}

#[test]
fn whether_a_code_is_shown_cannot_be_seen() {
    let question = Door::dial_with_code(&phone(), &code(), 10).says();
    let garbage = [50, 0].iter().copied().chain([9; 50]).collect::<Vec<u8>>();
    let mut seen = Vec::new();
    for shown in [true, false] {
        let mut home = if shown { home() } else { Home::new(watch()) };
        let mut answered = home.door(11);
        let half = answered.hears(&question, &mut home).unwrap();
        let mut proof = garbage.clone();
        proof.truncate(50);
        proof[0] = 48;
        let keys = answered.hears(&proof, &mut home).unwrap();
        let end = code_of(answered.hears(&[[129, 0].to_vec(), vec![0; 129]].concat(), &mut home));
        seen.push((half.len(), keys.len(), end, home.now));
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_try_belongs_to_the_code_that_was_shown_when_it_began() {
    let mut home = home();
    let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
    let half = answered.hears(&dialled.says(), &mut home).unwrap();
    home.show(&"87654321".parse().unwrap(), 2);
    let keys = answered.hears(&dialled.gets(&half).unwrap(), &mut home).unwrap();
    assert_eq!(code_of(dialled.gets(&keys)), ErrorCode::LinkPairingFailed);
    assert!(
        matches!(state(&home), PairingState::Open { tries: CODE_TRIES, .. }),
        "the new code is untouched"
    );
}

/// Somebody between the two, who has everything but the code.
#[test]
fn who_stands_between_and_swaps_keys_is_found_out() {
    let mut home = home();
    let mallory = device(66, "Kim's watch");
    let mut mallorys_home = Home::new(mallory.clone());
    mallorys_home.show(&"99999999".parse().unwrap(), 1);

    // To the phone he plays the watch, to the watch the phone.
    let (mut to_phone, mut phones) = (mallorys_home.door(20), Door::dial_with_code(&phone(), &code(), 10));
    let (ended, _) = pair(&mut phones, &mut to_phone, &mut mallorys_home);
    assert_eq!(code_of(ended), ErrorCode::LinkPairingFailed);
    let (mut to_watch, mut watchs) =
        (Door::dial_with_code(&mallory, &"99999999".parse().unwrap(), 21), home.door(11));
    let (ended, _) = pair(&mut to_watch, &mut watchs, &mut home);
    assert_eq!(code_of(ended), ErrorCode::LinkPairingFailed);

    // He lets the key exchange pass and changes what follows, or what came before.
    for turn in 0..4 {
        let mut home = super::pairing::home();
        let (mut dialled, mut answered) = (Door::dial_with_code(&phone(), &code(), 10), home.door(11));
        let mut sent = dialled.says();
        let ended = (0..4).try_for_each(|step| {
            if step == turn {
                let last = sent.len() - 1;
                sent[last] ^= 1;
            }
            sent = if step % 2 == 0 { answered.hears(&sent, &mut home)? } else { dialled.gets(&sent)? };
            Ok(())
        });
        let ended: Result<(), PacelineError> =
            ended.and_then(|()| answered.hears(&sent, &mut home).map(|_| ()));
        assert!(ended.is_err(), "turn {turn}");
        assert!(!dialled.is_up() && answered.outcome.is_none(), "turn {turn}");
    }
}

#[test]
fn halves_that_are_no_points_or_are_sent_back_lead_nowhere() {
    // The own half, mirrored: the sides are named, so that it does not fit.
    let mut dialled = Door::dial_with_code(&phone(), &code(), 10);
    let said = dialled.says();
    let mirrored = [&[33, 0][..], &said[8..]].concat();
    assert_eq!(code_of(dialled.gets(&mirrored)), ErrorCode::LinkMalformed);

    // What is no point of the curve gets the answers that a wrong code gets.
    let mut home = home();
    let mut answered = home.door(11);
    let mut question = Door::dial_with_code(&phone(), &code(), 10).says();
    let end = question.len();
    question[end - 32..].copy_from_slice(&[2; 32]);
    assert_eq!(answered.hears(&question, &mut home).unwrap().len(), 35);
    assert_eq!(answered.hears(&[[48, 0].to_vec(), vec![0; 48]].concat(), &mut home).unwrap().len(), 2 + 164);
    assert!(matches!(state(&home), PairingState::Open { tries: 2, .. }));
}

#[test]
fn a_device_does_not_pair_with_itself() {
    let mut home = home();
    let (mut dialled, mut answered) = (Door::dial_with_code(&watch(), &code(), 10), home.door(11));
    assert_eq!(code_of(pair(&mut dialled, &mut answered, &mut home).0), ErrorCode::LinkPairingFailed);
}

#[test]
fn nothing_is_confirmed_before_the_code_is_proved() {
    let home = home();
    assert_eq!(code_of(home.door(11).handshake.confirm_pairing()), ErrorCode::InvalidArgument);
}

#[test]
fn names_are_cut_and_cleaned() {
    let long = "é".repeat(40);
    for (given, heard) in
        [(long.as_str(), "é".repeat(32)), ("a\u{1b}[2Jb\n", "a[2Jb".into()), ("", String::new())]
    {
        let mut home = home();
        let (mut dialled, mut answered) =
            (Door::dial_with_code(&device(7, given), &code(), 10), home.door(11));
        let half = answered.hears(&dialled.says(), &mut home).unwrap();
        let keys = answered.hears(&dialled.gets(&half).unwrap(), &mut home).unwrap();
        answered.hears(&dialled.gets(&keys).unwrap(), &mut home).unwrap();
        let Some(Outcome::CodeProven { name, .. }) = answered.outcome else { panic!("not proven") };
        assert_eq!(name, heard);
    }
}

#[test]
fn codes_are_read_as_people_type_them() {
    for typed in ["12345678", "1234 5678", " 1234-5678 "] {
        assert_eq!(typed.parse::<PairingCode>().unwrap().to_string(), "1234 5678");
    }
    assert_eq!("00000042".parse::<PairingCode>().unwrap().to_string(), "0000 0042");
    for typed in ["", "1234567", "123456789", "1234567x", "１２３４５６７８"] {
        assert_eq!(code_of(typed.parse::<PairingCode>()), ErrorCode::InvalidArgument, "{typed}");
    }
    assert_ne!(PairingCode::generate(&seed(1)), PairingCode::generate(&seed(2)));
    assert!(!format!("{:?}", home().window).contains("1234"), "a code is not logged");
}
