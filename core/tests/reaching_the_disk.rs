//! When what was accepted reaches the disk, and what happens when it does not.

mod common;

use common::store::*;
use common::*;
use paceline::*;
use std::path::Path;
use std::time::Duration;

fn within(path: &Path, seconds: u64) -> Rig {
    Rig::with(|options| options.path(path).durability(Durability::Within(secs(seconds))))
}

#[test]
fn each_input_is_committed_when_its_call_returns() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.store.ingest_sample(&beat(0)).unwrap();
    assert_eq!(rows(&path), 1);
    builder.add_samples(&[beat(0)]).unwrap();
    assert_eq!(rows(&path), 2);
    let entries = count(&path, "count(*) FROM journal");
    builder.add_metadata(text("a", "b")).unwrap();
    assert_eq!(count(&path, "count(*) FROM journal"), entries + 1);
    rig.finish(&session);
    assert_eq!(count(&path, "count(*) FROM workout"), 1);
    assert_eq!(count(&path, "count(*) FROM sample WHERE workout = (SELECT key FROM workout)"), 2);
}

#[test]
fn gathered_samples_are_committed_after_the_span() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = within(&path, 5);
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.store.ingest_sample(&beat(0)).unwrap();
    assert_eq!(builder.all_statistics().len(), 1, "counted before they are committed");
    assert_eq!(rig.heard(), ["B data heartRate"]);
    assert_eq!(rig.store.poll().next_deadline, Some(at(5)));
    rig.wait(4);
    rig.store.ingest_sample(&beat(4)).unwrap();
    assert_eq!(rows(&path), 0);
    rig.wait(1);
    assert_eq!(rows(&path), 2, "the span counts from the oldest one");
    rig.wait(1);
    rig.store.ingest_sample(&beat(6)).unwrap();
    rig.wait(100);
    assert_eq!(rows(&path), 3);
}

#[test]
fn gathered_samples_are_committed_before_reads_and_at_state_changes() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = within(&path, 3600);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let mut expected = 0;
    let mut gather = |what: &str, commits: &dyn Fn()| {
        rig.store.ingest_sample(&beat(0)).expect("a sample");
        assert_eq!(rows(&path), expected, "{what}");
        expected += 1;
        commits();
        assert_eq!(rows(&path), expected, "{what}");
    };
    gather("a read", &|| assert!(rig.store.workouts().expect("readable").is_empty()));
    gather("a count", &|| assert!(rig.store.sample_count().expect("readable") > 0));
    gather("a pause", &|| session.pause().expect("a pause"));
    gather("a resume", &|| session.resume().expect("a resume"));
    gather("an event", &|| {
        builder.add_workout_events(vec![event(WorkoutEventType::Marker, 0)]).expect("an event");
    });
    gather("a stop", &|| session.stop_activity(None).expect("a stop"));
    gather("the end of collection", &|| builder.end_collection(at(0)).expect("an end"));
    gather("the finish", &|| drop(builder.finish_workout().expect("a finish")));
    gather("the end", &|| session.end().expect("an end"));
    // And when the store is closed.
    rig.store.ingest_sample(&beat(0)).unwrap();
    drop((session, builder, rig));
    assert_eq!(rows(&path), expected + 1);
}

#[test]
fn gathered_samples_are_bounded() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = within(&path, 3600);
    let mut big = PackedBatchWriter::new(SourceId::OWN, 0);
    for row in 0..40_000_i64 {
        big.push(QuantityType::HeartRate, at(row), at(row), 90.0);
    }
    rig.store.ingest(big.bytes()).unwrap();
    assert_eq!(rows(&path), 0);
    rig.store.ingest(big.bytes()).unwrap();
    assert_eq!(rows(&path), 80_000);
}

#[test]
fn what_was_committed_is_synced_in_time_and_not_for_ever() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let syncs = || count(&path, "syncs FROM marker");
    let (session, _) = rig.running(WorkoutActivityType::Running);
    let begun = syncs();
    assert!(begun >= 2, "state changes are synced");
    rig.wait(100);
    assert_eq!(syncs(), begun, "nothing to sync");
    rig.store.ingest_sample(&beat(100)).unwrap();
    assert_eq!(rig.store.poll().next_deadline, Some(at(110)));
    rig.wait(9);
    rig.store.ingest_sample(&beat(109)).unwrap();
    assert_eq!(syncs(), begun);
    rig.wait(1);
    assert_eq!(syncs(), begun + 1);
    rig.wait(1000);
    assert_eq!(syncs(), begun + 1);
    assert_eq!(rig.store.poll().next_deadline, None);
    rig.store.ingest_sample(&beat(1110)).unwrap();
    session.pause().unwrap();
    assert_eq!(syncs(), begun + 2);
    // A minute later the state is saved as a whole, which needs no sync; then nothing is due.
    assert_eq!(rig.store.poll().next_deadline, Some(at(1170)));
    rig.wait(60);
    assert_eq!((syncs(), rig.store.poll().next_deadline), (begun + 2, None));
    // An hour of samples, one a second.
    let before = syncs();
    for second in 0..600 {
        rig.store.ingest_sample(&beat(second)).unwrap();
        rig.wait(1);
    }
    assert!((54..=60).contains(&(syncs() - before)), "{}", syncs() - before);
}

#[test]
fn without_a_sync_timer_only_state_changes_are_synced() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = Rig::with(|options| options.path(&path).sync_every(None));
    let (session, _) = rig.running(WorkoutActivityType::Running);
    let begun = count(&path, "syncs FROM marker");
    rig.store.ingest_sample(&beat(0)).unwrap();
    rig.wait(1000);
    assert_eq!(count(&path, "syncs FROM marker"), begun);
    session.end().unwrap();
    assert_eq!(count(&path, "syncs FROM marker"), begun + 1);
}

/// Makes every write to a table fail, as a full disk would.
fn break_table(path: &Path, table: &str, when: &str) {
    look(path)
        .execute_batch(&format!(
            "CREATE TRIGGER broken BEFORE INSERT ON {table} {when} BEGIN SELECT RAISE(ABORT, 'full'); END"
        ))
        .expect("a trigger");
}

fn mend(path: &Path) {
    look(path).execute_batch("DROP TRIGGER broken").expect("no trigger");
}

#[test]
fn a_commit_that_fails_leaves_everything_as_it_was() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(5);
    let before = builder.snapshot();
    break_table(&path, "sample", "");
    let broken = Err(ErrorCode::Internal);
    assert_eq!(code(rig.store.ingest(batch(SourceId::OWN, 4, 2).bytes()).map(drop)), broken);
    assert_eq!(code(rig.store.ingest_sample(&beat(0)).map(drop)), broken);
    assert_eq!(code(builder.add_samples(&[beat(0)])), broken);
    mend(&path);
    break_table(&path, "journal", "");
    assert_eq!(code(session.pause()), broken);
    assert_eq!(code(session.end()), broken);
    assert_eq!(code(builder.add_metadata(text("a", "b"))), broken);
    assert_eq!(code(builder.end_collection(at(5))), broken);
    let second = rig.session(WorkoutActivityType::Running);
    assert_eq!(code(second.start_activity(None)), broken);
    assert_eq!(second.state(), WorkoutSessionState::NotStarted);
    mend(&path);
    assert_eq!(builder.snapshot(), before);
    assert_eq!(rig.heard(), Vec::<String>::new());
    assert_eq!(rows(&path), 0);
    // The same calls again.
    let outcome = rig.store.ingest(batch(SourceId::OWN, 4, 2).bytes()).unwrap();
    assert_eq!((outcome.collected, outcome.repeated), (2, false));
    session.pause().unwrap();
    second.start_activity(None).unwrap();
    assert_eq!(session.state(), WorkoutSessionState::Ended);
}

#[test]
fn arbitration_is_one_transaction() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (first, builder) = rig.running(WorkoutActivityType::Running);
    let second = rig.named("2 ", WorkoutActivityType::Running);
    // The loser's end can be written, the newcomer's start cannot.
    break_table(&path, "journal", "WHEN NEW.workout = 2");
    let before = builder.snapshot();
    assert_eq!(code(second.start_activity(None)), Err(ErrorCode::Internal));
    assert_eq!(builder.snapshot(), before);
    assert_eq!(first.state(), WorkoutSessionState::Running);
    assert_eq!(rig.heard(), Vec::<String>::new());
    mend(&path);
    assert_eq!(count(&path, "count(*) FROM live"), 1);
    second.start_activity(None).unwrap();
    assert_eq!(rig.heard(), ["S fail 1 8", "S running -> ended 0", "2 S notStarted -> running 0"]);
    builder.end_collection(at(0)).unwrap();
    builder.finish_workout().unwrap().unwrap();
}

#[test]
fn a_finish_that_fails_can_be_tried_again() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    builder.add_samples(&[beat(0)]).unwrap();
    session.stop_activity(None).unwrap();
    builder.end_collection(at(0)).unwrap();
    break_table(&path, "workout_statistics", "");
    assert_eq!(code(builder.finish_workout()), Err(ErrorCode::Internal));
    assert!(rig.store.workouts().unwrap().is_empty());
    mend(&path);
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!(rig.store.workouts().unwrap(), [workout]);
}

#[test]
fn gathered_samples_survive_commits_that_fail() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = within(&path, 5);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.store.ingest(batch(SourceId::OWN, 9, 3).bytes()).unwrap();
    break_table(&path, "sample", "");
    // A state change takes them along, and fails with them; they stay accepted.
    assert_eq!(code(session.pause()), Err(ErrorCode::Internal));
    assert_eq!(session.state(), WorkoutSessionState::Running);
    assert_eq!(code(rig.store.sample_count()), Err(ErrorCode::Internal));
    // The timer fails, and is put off.
    rig.wait(7);
    rig.store.ingest_sample(&beat(5)).unwrap();
    assert_eq!(builder.statistics(QuantityType::HeartRate).unwrap().count, 4);
    assert!(rig.store.ingest(batch(SourceId::OWN, 9, 3).bytes()).unwrap().repeated);
    mend(&path);
    rig.wait(10);
    assert_eq!(rows(&path), 4);
    assert_eq!(count(&path, "last_batch FROM source WHERE id = 1"), 9);
    let workout = rig.finish(&session);
    assert_eq!(workout.statistics[0].count, 4);
    assert_eq!(rig.store.samples(workout.id, QuantityType::HeartRate, None, 10).unwrap().len(), 4);
}

#[test]
fn a_clock_passes_its_timers_although_one_always_fails() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let clock = ManualClock::new(at(0));
    let open = |path: Option<&Path>| {
        let options = StoreOptions::new().clock(&clock).durability(Durability::Within(secs(5)));
        HealthStore::open(match path {
            Some(path) => options.path(path),
            None => options,
        })
    };
    let (failing, sound) = (open(Some(&path)).unwrap(), open(None).unwrap());
    failing.ingest_sample(&beat(0)).unwrap();
    sound.ingest_sample(&beat(0)).unwrap();
    break_table(&path, "sample", "");
    clock.advance(Duration::from_secs(3600));
    assert_eq!(clock.now_seconds(), 3600);
    assert_eq!(sound.poll().next_deadline, None);
    mend(&path);
    clock.advance(Duration::from_secs(60));
    assert_eq!(rows(&path), 1);
}

#[test]
fn a_correction_that_fails_is_put_off() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(100);
    builder.add_samples(&[beat(50)]).unwrap();
    builder.add_workout_events(vec![event(WorkoutEventType::Pause, 40)]).unwrap();
    look(&path).execute_batch("ALTER TABLE sample RENAME TO gone").unwrap();
    let due = rig.store.poll().next_deadline;
    look(&path).execute_batch("ALTER TABLE gone RENAME TO sample").unwrap();
    assert!(due.is_some_and(|due| due > rig.store.now()), "{due:?}");
    rig.wait(60);
    assert_eq!(builder.statistics(QuantityType::HeartRate), None);
}
