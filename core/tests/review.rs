//! What a fresh look at the engine found.

mod common;

use common::*;
use paceline::*;
use rusqlite::Connection;

use QuantityType::{DistanceWalkingRunning, HeartRate};
use WorkoutActivityType::Running;

#[test]
fn a_batch_that_another_process_committed_is_ignored() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let rig = Rig::with(|options| options.path(&path));
    let other = Connection::open(&path).expect("a connection");
    other.execute("UPDATE source SET last_batch = 9 WHERE id = 1", []).expect("an update");
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 5);
    batch.push(HeartRate, at(0), at(0), 100.0);
    assert!(rig.store.ingest(batch.bytes()).expect("ignored").repeated);
    let last = other.query_row("SELECT last_batch FROM source WHERE id = 1", [], |row| row.get::<_, i64>(0));
    assert_eq!(last, Ok(9));
    assert_eq!(rig.store.sample_count(), Ok(0));

    // The same while samples are gathered.
    let gathering = folder.path().join("gathering");
    let rig = Rig::with(|options| options.path(&gathering).durability(Durability::Within(secs(60))));
    let other = Connection::open(&gathering).expect("a connection");
    other.execute("UPDATE source SET last_batch = 9 WHERE id = 1", []).expect("an update");
    assert!(rig.store.ingest(batch.bytes()).expect("ignored").repeated);
    assert_eq!(rig.store.sample_count(), Ok(0));
}

#[test]
fn a_workout_of_an_unknown_type_hides_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let rig = Rig::with(|options| options.path(&path));
    for _ in 0..3 {
        let (session, _) = rig.running(Running);
        rig.wait(10);
        rig.finish(&session);
    }
    let other = Connection::open(&path).expect("a connection");
    other.execute("UPDATE workout SET activity_type = 85 WHERE key = 2", []).expect("an update");
    assert!(rig.store.workouts().expect("a list").len() >= 2);
}

#[test]
fn an_amount_measured_after_the_stop_is_not_collected() {
    let rig = Rig::new();
    let (session, _) = rig.running(Running);
    rig.wait(10);
    session.stop_activity(None).expect("a stop");
    rig.wait(10);
    let outcome = rig.store.ingest_sample(&amount(DistanceWalkingRunning, 30.0, 10, 20));
    assert_eq!(outcome.map(|ingested| ingested.collected), Ok(0));
}

/// The distance of a run that was stopped after 50 of 100 seconds.
fn stopped_at_50(told_late: bool) -> Option<f64> {
    let rig = Rig::new();
    let (session, builder) = rig.running(Running);
    for second in 1..=100 {
        rig.wait(1);
        rig.store.ingest_sample(&amount(DistanceWalkingRunning, 3.0, second - 1, second)).expect("a sample");
        if second == 50 && !told_late {
            session.stop_activity(None).expect("a stop");
        }
    }
    if told_late {
        session.stop_activity(Some(at(50))).expect("a stop");
    }
    builder.end_collection(at(50)).expect("an end");
    let workout = builder.finish_workout().expect("a finish").expect("not locked");
    assert_eq!(workout.duration, secs(50));
    workout.statistics(DistanceWalkingRunning)?.sum
}

#[test]
fn a_stop_told_late_gives_the_numbers_of_one_told_in_time() {
    assert_eq!(stopped_at_50(true), stopped_at_50(false));
}

#[test]
fn a_sample_that_ends_far_ahead_is_not_collected() {
    let rig = Rig::new();
    rig.running(Running);
    rig.wait(10);
    let wrong = QuantitySample::in_stored_unit(DistanceWalkingRunning, 30.0, at(0), Timestamp::MAX)
        .expect("a sample");
    assert_eq!(rig.store.ingest_sample(&wrong).map(|ingested| ingested.collected), Ok(0));
}

#[test]
fn a_store_made_anew_after_its_file_was_removed_is_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let _old = HealthStore::open_file(&path).expect("a store");
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        std::fs::remove_file(entry.expect("an entry").path()).expect("removed");
    }
    let new = HealthStore::open_file(&path);
    assert!(new.is_err() || path.exists());
}
