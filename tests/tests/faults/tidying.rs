//! The store is tidied: the samples of a finished workout become series, free space goes back. Whatever the disk does meanwhile,
//! every sample is there, once, as it was.

use crate::workout::{STORE, assert_whole};
use paceline::{
    HealthStore, ManualClock, PackedBatchWriter, QuantityType, SourceId, StoreOptions, Timestamp,
    WorkoutActivityType, WorkoutConfiguration, WorkoutSession,
};
use paceline_faults::{Disk, Fault, Kind};
use std::path::Path;
use std::time::Duration;

/// Between the operations that are tried: all of them would take minutes, for the same few calls repeat. A prime number, so that
/// every kind of operation comes up.
const EVERY: usize = 97;

/// More heart rates than one piece holds, and free pages to give back in the end.
const BEATS: i64 = 30_000;
const STEPS: i64 = 300;
const T0: i64 = 1_700_000_000;

fn open(path: &Path) -> Option<(HealthStore, ManualClock)> {
    let clock = ManualClock::new(Timestamp::from_seconds(T0 + BEATS));
    HealthStore::open(StoreOptions::new().clock(&clock).path(path)).ok().map(|store| (store, clock))
}

/// A store with a finished workout in rows, closed.
fn record(path: &Path) {
    let clock = ManualClock::new(Timestamp::from_seconds(T0));
    let store = HealthStore::open(StoreOptions::new().clock(&clock).path(path)).expect("a store");
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
    let session = WorkoutSession::new(&store, run.clone()).expect("a session");
    let builder = session.associated_workout_builder().expect("a builder");
    let source = paceline::LiveWorkoutDataSource::new(Some(&run));
    source.enable_collection(QuantityType::StepCount, None).expect("a type");
    builder.set_data_source(Some(&source)).expect("a data source");
    session.start_activity(None).expect("a start");
    builder.begin_collection(store.now()).expect("collection");
    clock.advance(Duration::from_secs(BEATS.unsigned_abs()));
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 1);
    for second in 0..BEATS {
        let date = Timestamp::from_seconds(T0 + second);
        batch.push(QuantityType::HeartRate, date, date, 100.0 + (second * 7 % 61) as f64);
        if second < STEPS {
            batch.push(QuantityType::StepCount, date, date, (second % 3) as f64);
        }
    }
    store.ingest(batch.bytes()).expect("it is saved");
    session.stop_activity(None).expect("a stop");
    builder.end_collection(store.now()).expect("an end");
    builder.finish_workout().expect("a finish").expect("not locked");
    session.end().expect("an end");
}

/// All samples of the workout, and how many the store counts.
fn told(store: &HealthStore) -> (Vec<String>, u64) {
    let workout = store.workout_ids().expect("they read")[0];
    let mut samples = Vec::new();
    for kind in [QuantityType::HeartRate, QuantityType::StepCount] {
        samples.extend(
            store
                .samples(workout, kind, None, u32::MAX)
                .expect("a page")
                .iter()
                .map(|one| format!("{one:?}")),
        );
    }
    (samples, store.sample_count().expect("a count"))
}

/// Tidies for a while, whether that succeeds or not.
fn tidy(path: &Path) {
    if let Some((_store, clock)) = open(path) {
        clock.advance(Duration::from_secs(200));
    }
}

/// What is there is all there, now and after the store was tidied to the end.
#[track_caller]
fn assert_unharmed(path: &Path, expected: &(Vec<String>, u64), what: &impl std::fmt::Debug) {
    let (store, clock) = open(path).unwrap_or_else(|| panic!("{what:?}: it does not open"));
    assert!(told(&store) == *expected, "{what:?}: before tidying");
    clock.advance(Duration::from_secs(200));
    assert!(told(&store) == *expected, "{what:?}: after tidying");
    drop((store, clock));
    assert_whole(path, what);
}

fn expected(path: &Path) -> (Vec<String>, u64) {
    let expected = told(&open(path).expect("it opens").0);
    assert_eq!(expected.0.len() as i64, BEATS + STEPS);
    expected
}

#[test]
fn the_power_goes_while_a_store_is_tidied() {
    let disk = Disk::new();
    let path = disk.path(STORE);
    record(&path);
    let expected = expected(&path);
    let before = disk.operations();
    tidy(&path);
    let after = disk.operations();
    println!("{} operations", after - before);
    for operation in (before..=after).step_by(EVERY / 2) {
        let image = disk.after_power_cut(operation, operation as u64);
        assert_unharmed(&image.path().join(STORE), &expected, &operation);
    }
}

#[track_caller]
fn the_disk_fails(kind: Kind, count: usize) {
    let sound = Disk::new();
    let original = sound.path(STORE);
    record(&original);
    let expected = expected(&original);
    let bytes = std::fs::read(&original).expect("the file");
    let (operations, reads) = (sound.operations(), sound.reads());
    tidy(&original);
    let all = if kind == Kind::Read { sound.reads() - reads } else { sound.operations() - operations };
    let mut met = 0;
    for from in (0..all).step_by(EVERY) {
        let disk = Disk::new();
        let path = disk.path(STORE);
        std::fs::write(&path, &bytes).expect("a copy");
        disk.fail(Fault { kind, from, count });
        tidy(&path);
        met += usize::from(disk.failures() > 0);
        disk.mend();
        assert_unharmed(&path, &expected, &(kind, from));
    }
    println!("{all} operations, {met} faults");
    assert!(met > 0, "nothing failed");
}

#[test]
fn the_device_is_gone_while_a_store_is_tidied() {
    the_disk_fails(Kind::InputOutput, usize::MAX);
}

#[test]
fn an_error_of_the_device_passes_while_a_store_is_tidied() {
    the_disk_fails(Kind::Torn, 1);
}

#[test]
fn the_disk_is_full_while_a_store_is_tidied() {
    the_disk_fails(Kind::Full, usize::MAX);
}

#[test]
fn something_cannot_be_read_while_a_store_is_tidied() {
    the_disk_fails(Kind::Read, 1);
}
