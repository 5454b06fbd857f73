//! No input, however broken, makes the reader panic or break what it promises of sessions.
#![allow(clippy::unwrap_used)]

mod common;

use common::{crc, small_fit, small_gpx, small_tcx};
use paceline_formats::{Channel, Format, ReadOptions, read};
use proptest::collection::vec;
use proptest::prelude::*;

fn check(bytes: &[u8]) {
    let _ = Format::detect(bytes);
    let strict = read(bytes, &ReadOptions::strict());
    let salvaged = read(bytes, &ReadOptions::salvage());
    if let Err(error) = &strict {
        let _ = (error.to_string(), error.place());
    }
    for recording in strict.iter().chain(&salvaged) {
        assert!(!recording.sessions.is_empty());
        for session in &recording.sessions {
            assert!(session.start_us <= session.end_us);
            let inside = |at: i64| (session.start_us..=session.end_us).contains(&at);
            for sample in &session.samples {
                assert!(sample.value.is_finite() && sample.value >= -130.0, "{sample:?}");
                assert!(sample.start_us <= sample.end_us, "{sample:?}");
                assert!(inside(sample.start_us) && inside(sample.end_us), "{sample:?}");
            }
            for (since, resumed) in session.pauses() {
                let amounts = session.samples.iter().filter(|sample| {
                    matches!(sample.channel, Channel::Distance | Channel::Energy | Channel::Strokes)
                });
                for sample in amounts {
                    assert!(sample.end_us <= since || resumed <= sample.start_us, "{sample:?}");
                }
            }
            assert!(session.timer.iter().all(|event| inside(event.at_us)));
            assert!(session.timer.is_sorted_by(|a, b| a.at_us < b.at_us));
        }
    }
    if let Ok(recording) = strict {
        assert_eq!(Some(recording), salvaged.ok());
    }
}

/// A change to a file: bytes put in the place of others.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    vec((any::<prop::sample::Index>(), any::<u8>()), 0..12)
}

/// Makes header and checksums fit again, so that the messages themselves are what is tried.
fn seal(bytes: &mut [u8]) {
    let end = bytes.len() - 2;
    let size = (end - 14) as u32;
    bytes[..4].copy_from_slice(&[14, 0x20, 0, 0]);
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    bytes[8..12].copy_from_slice(b".FIT");
    bytes[12..14].fill(0);
    let sum = crc(&bytes[14..end]);
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn altered_fit(changes in changes(), cut in any::<prop::sample::Index>(), cuts: bool) {
        let mut bytes = small_fit();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(&bytes);
    }

    #[test]
    fn altered_but_sealed_fit(changes in changes()) {
        let mut bytes = small_fit();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        seal(&mut bytes);
        check(&bytes);
    }

    #[test]
    fn random_messages(body in vec(any::<u8>(), 0..400)) {
        let mut bytes = vec![0; 14];
        bytes.extend(body);
        bytes.extend([0, 0]);
        seal(&mut bytes);
        check(&bytes);
    }

    #[test]
    fn altered_text(changes in changes(), cut in any::<prop::sample::Index>(), tcx: bool, cuts: bool) {
        let mut bytes = if tcx { small_tcx() } else { small_gpx() }.into_bytes();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(&bytes);
    }

    #[test]
    fn altered_digits(changes in changes(), tcx: bool) {
        let mut bytes = if tcx { small_tcx() } else { small_gpx() }.into_bytes();
        let digits: Vec<usize> =
            (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
        for (at, byte) in &changes {
            bytes[digits[at.index(digits.len())]] = b"0123456789-.eE"[usize::from(*byte) % 14];
        }
        check(&bytes);
    }

    #[test]
    fn any_bytes_at_all(bytes in vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }
}
