//! What a fresh look at the engine found; each test fails for the reason that its `ignore` names.

mod common;

use common::*;
use paceline::*;
use rusqlite::Connection;
use std::time::{Duration, Instant};

use QuantityType::{DistanceWalkingRunning, HeartRate};
use WorkoutActivityType::Running;

#[test]
#[ignore = "bug: the last batch number is remembered from opening, and written back although the file has a higher one"]
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
}

#[test]
#[ignore = "bug: one workout of a type that this release does not know makes the whole list an error"]
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
#[ignore = "bug: an amount that begins at the very instant of the stop is collected in full"]
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
#[ignore = "bug: what was collected after a stop that is told late stays in the numbers of the workout"]
fn a_stop_told_late_gives_the_numbers_of_one_told_in_time() {
    assert_eq!(stopped_at_50(true), stopped_at_50(false));
}

#[test]
#[ignore = "bug: only the start of a sample is held against the clock; one with a wrong end stays the most recent for ever"]
fn a_sample_that_ends_far_ahead_is_not_collected() {
    let rig = Rig::new();
    rig.running(Running);
    rig.wait(10);
    let wrong = QuantitySample::in_stored_unit(DistanceWalkingRunning, 30.0, at(0), Timestamp::MAX)
        .expect("a sample");
    assert_eq!(rig.store.ingest_sample(&wrong).map(|ingested| ingested.collected), Ok(0));
}

#[test]
#[ignore = "bug: a file that was removed is still taken as open, and everything goes into nothing"]
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

/// A second source whose samples come 90 seconds late, for an hour.
fn hour_with_a_delay_of(delay: i64) -> Duration {
    let rig = Rig::new();
    let strap = SampleSource { identifier: "strap".into(), name: String::new(), kind: SourceKind::External };
    let strap = rig.store.register_source(&strap).expect("a source");
    rig.running(Running);
    let begun = Instant::now();
    for second in 1..=3600 {
        rig.wait(1);
        rig.store.ingest_sample(&reading(HeartRate, 140.0, second)).expect("a sample");
        let late = reading(HeartRate, 141.0, (second - delay).max(0)).from_source(strap);
        rig.store.ingest_sample(&late).expect("a sample");
    }
    begun.elapsed()
}

#[test]
#[ignore = "bug: every sample beyond the reorder window counts the whole workout anew"]
fn a_source_that_is_always_late_costs_a_little_more() {
    let (within, beyond) = (hour_with_a_delay_of(50), hour_with_a_delay_of(90));
    assert!(beyond < within * 10, "{within:?} within the window, {beyond:?} beyond");
}

/// Laps as activities, in which a sample lies at the border or not.
fn laps_where_samples_meet_borders(meet: bool) -> Duration {
    let rig = Rig::new();
    let (session, _) = rig.running(Running);
    let mut spent = Duration::ZERO;
    let half = Duration::from_millis(if meet { 0 } else { 500 });
    for _ in 0..200 {
        rig.clock.advance(half);
        let begun = Instant::now();
        session.begin_new_activity(of(Running), rig.store.now(), Metadata::new()).expect("a lap");
        rig.store.poll();
        spent += begun.elapsed();
        rig.clock.advance(half);
        for _ in 0..30 {
            rig.wait(1);
            let now = rig.store.now();
            let sample = QuantitySample::in_stored_unit(HeartRate, 140.0, now, now).expect("a sample");
            rig.store.ingest_sample(&sample).expect("a sample");
        }
    }
    spent
}

#[test]
#[ignore = "bug: a reading at the very instant at which an activity begins or a pause ends counts the whole workout anew"]
fn a_reading_at_a_border_costs_a_little_more() {
    let (apart, met) = (laps_where_samples_meet_borders(false), laps_where_samples_meet_borders(true));
    assert!(met < apart * 10, "{apart:?} apart, {met:?} at the border");
}
