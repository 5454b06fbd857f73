//! Packed batches and single samples: what is taken in once, and what is refused whole.

mod common;

use common::store::*;
use common::*;
use paceline::*;
use proptest::prelude::*;

#[test]
fn a_batch_number_that_was_committed_is_ignored_also_after_reopening() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let strap = SampleSource { identifier: "strap".into(), name: String::new(), kind: SourceKind::External };
    let source = rig.store.register_source(&strap).unwrap();
    let ingest = |rig: &Rig, source, number| {
        let outcome = rig.store.ingest(batch(source, number, 2).bytes()).expect("a batch");
        (outcome.samples, outcome.repeated)
    };
    assert_eq!(ingest(&rig, source, 5), (2, false));
    assert_eq!(ingest(&rig, source, 5), (0, true));
    assert_eq!(ingest(&rig, source, 4), (0, true));
    assert_eq!(ingest(&rig, SourceId::OWN, 5), (2, false), "numbers are per source");
    assert_eq!(ingest(&rig, source, 0), (2, false));
    assert_eq!(ingest(&rig, source, 0), (2, false), "0 is no number");
    drop(rig);
    let rig = rig_at(&path);
    assert_eq!(rig.store.register_source(&strap).unwrap(), source);
    let last = |source| rig.store.last_batch(source).map_err(|error| error.code());
    assert_eq!((last(source), last(SourceId(99))), (Ok(5), Err(ErrorCode::InputUnknown)));
    assert_eq!(ingest(&rig, source, 5), (0, true));
    assert_eq!(ingest(&rig, source, u64::MAX), (2, false));
    assert_eq!(ingest(&rig, source, 6), (0, true));
    drop(rig);
    assert_eq!(ingest(&rig_at(&path), source, u64::MAX), (0, true));
    assert_eq!(rows(&path), 10);
}

#[test]
fn batches_that_are_wrong_leave_nothing() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    let snapshot = builder.snapshot();
    let good = batch(SourceId::OWN, 3, 3).bytes().to_vec();
    let mut bad: Vec<(&str, Vec<u8>, ErrorCode)> = vec![
        ("nothing", vec![], ErrorCode::InputMalformed),
        ("half a header", good[..12].to_vec(), ErrorCode::InputMalformed),
        ("a row short", good[..good.len() - 32].to_vec(), ErrorCode::InputMalformed),
        ("a byte more", [&good[..], &[0]].concat(), ErrorCode::InputMalformed),
        ("an unknown source", batch(SourceId(99), 3, 3).bytes().to_vec(), ErrorCode::InputUnknown),
        ("no source", batch(SourceId(0), 3, 3).bytes().to_vec(), ErrorCode::InputUnknown),
    ];
    let mut patch = |what, at: usize, bytes: &[u8], code| {
        let mut batch = good.clone();
        batch[at..at + bytes.len()].copy_from_slice(bytes);
        bad.push((what, batch, code));
    };
    let last = 24 + 64;
    patch("another version", 0, &[2, 0], ErrorCode::InputMalformed);
    patch("rows of no size", 2, &[0, 0], ErrorCode::InputMalformed);
    patch("rows of an odd size", 2, &[33, 0], ErrorCode::InputMalformed);
    patch("four billion rows", 4, &[255; 4], ErrorCode::InputMalformed);
    patch("an unknown type", last, &[3, 0], ErrorCode::InputUnknown);
    patch("an impossible type", last, &[255, 255], ErrorCode::InputUnknown);
    patch("an end before the start", last + 8, &at(100).micros().to_le_bytes(), ErrorCode::InputOutOfRange);
    patch("a start long before time", last + 8, &i64::MIN.to_le_bytes(), ErrorCode::InputOutOfRange);
    patch("an end long after time", last + 16, &i64::MAX.to_le_bytes(), ErrorCode::InputOutOfRange);
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1001.0, f64::MAX] {
        patch("a value", last + 24, &value.to_le_bytes(), ErrorCode::InputOutOfRange);
    }
    for (what, batch, expected) in bad {
        assert_eq!(code(rig.store.ingest(&batch)), Err(expected), "{what}");
        assert_eq!(rig.store.sample_count().unwrap(), 0, "{what}");
        assert_eq!(builder.snapshot(), snapshot, "{what}");
    }
    assert_eq!(rig.heard(), Vec::<String>::new());
    // Its number was not used up.
    assert_eq!(rig.store.ingest(&good).unwrap().collected, 3);
}

#[test]
fn single_samples_that_are_wrong_leave_nothing() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    let good = beat(0);
    let bad = [
        (QuantitySample { value: f64::NAN, ..good }, ErrorCode::InputOutOfRange),
        (QuantitySample { value: -1.0, ..good }, ErrorCode::InputOutOfRange),
        (QuantitySample { end: at(-1), ..good }, ErrorCode::InputOutOfRange),
        (good.from_source(SourceId(77)), ErrorCode::InputUnknown),
    ];
    for (sample, expected) in bad {
        assert_eq!(code(rig.store.ingest_sample(&sample)), Err(expected), "{sample:?}");
        assert_eq!(code(builder.add_samples(&[good, sample])), Err(expected), "{sample:?}");
    }
    assert_eq!(rig.store.sample_count().unwrap(), 0);
    let nameless = SampleSource { identifier: String::new(), name: "x".into(), kind: SourceKind::Device };
    assert_eq!(code(rig.store.register_source(&nameless)), Err(ErrorCode::InputMalformed));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_batches_are_taken_whole_or_not_at_all(
        rows in 0..5_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let rig = Rig::new();
        let (_, builder) = rig.running(WorkoutActivityType::Running);
        let mut bytes = batch(SourceId::OWN, 1, rows).bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        let outcome = rig.store.ingest(&bytes);
        let saved = rig.store.sample_count().unwrap();
        let collected = builder.all_statistics().iter().map(|one| one.count).sum::<u64>();
        match outcome {
            Ok(outcome) => {
                prop_assert_eq!((saved, collected), (u64::from(outcome.samples), u64::from(outcome.collected)));
            }
            Err(error) => {
                prop_assert_eq!(error.domain(), ErrorDomain::Input);
                prop_assert_eq!((saved, collected), (0, 0));
            }
        }
    }
}
