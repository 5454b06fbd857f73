//! What becomes of a store over the years: the samples of finished workouts are written in another way, and nobody notices.

mod common;

use common::*;
use paceline::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn rig_at(path: &Path) -> Rig {
    Rig::with(|options| options.path(path))
}

fn look(path: &Path) -> Connection {
    Connection::open(path).expect("the file opens")
}

fn number(path: &Path, sql: &str) -> i64 {
    look(path).query_row(sql, [], |row| row.get(0)).expect("a number")
}

/// How many samples are in rows, and how many in series.
fn places(path: &Path) -> (i64, i64) {
    (
        number(path, "SELECT count(*) FROM sample WHERE workout IS NOT NULL"),
        number(path, "SELECT coalesce(sum(count), 0) FROM series"),
    )
}

/// A workout of so many seconds with two sources that overlap, values of all kinds, and samples that come late.
fn rich_workout(rig: &Rig, seconds: i64) -> Workout {
    let watch =
        SampleSource { identifier: "watch".to_owned(), name: "A watch".to_owned(), kind: SourceKind::Device };
    let watch = rig.store.register_source(&watch).expect("a source");
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let begun = rig.store.now();
    let known =
        QuantitySample::in_stored_unit(QuantityType::HeartRate, 61.5, begun, begun).expect("a sample");
    rig.store.ingest_sample(&known).expect("it is saved");
    for second in 0..seconds {
        rig.wait(1);
        let now = rig.store.now();
        let beats = 120.0 + ((second * 7) % 41) as f64 / 3.0;
        let mut beat =
            QuantitySample::in_stored_unit(QuantityType::HeartRate, beats, now, now).expect("a sample");
        rig.store.ingest_sample(&beat).expect("it is saved");
        if second % 3 == 0 {
            beat.source = watch;
            beat.value += 0.125;
            rig.store.ingest_sample(&beat).expect("it is saved");
        }
        if second % 5 == 0 {
            let late = now.minus(secs(3));
            let metres = 2.7 + second as f64 * 1e-13;
            let way = QuantitySample::in_stored_unit(QuantityType::DistanceWalkingRunning, metres, late, now);
            rig.store.ingest_sample(&way.expect("a sample")).expect("it is saved");
        }
        match second % 700 {
            300 => session.pause().expect("a pause"),
            330 => session.resume().expect("it goes on"),
            _ => {}
        }
    }
    drop(builder);
    rig.finish(&session)
}

/// Everything that can be read of a workout, in pages of this length, with values as bits.
fn all_of(store: &HealthStore, workout: &Workout, page: u32) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    let bits = |sample: &QuantitySample| {
        format!(
            "{:?} {:?} {} {} {:x}\n",
            sample.id,
            sample.source,
            sample.start,
            sample.end,
            sample.value.to_bits()
        )
    };
    for kind in QuantityType::ALL {
        let mut samples = String::new();
        let mut after = None;
        loop {
            let read = store.samples(workout.id, *kind, after.as_ref(), page).expect("a page");
            let Some(last) = read.last() else { break };
            assert!(read.len() <= page as usize);
            samples.extend(read.iter().map(bits));
            after = Some(*last);
        }
        told.insert(kind.name().to_owned(), samples);
    }
    let third = |part: u64| workout.start.plus(workout.end.since(workout.start) * part as u32 / 3);
    let thirds: Vec<_> = (0..3).map(|part| (third(part), third(part + 1))).collect();
    let counted = store.statistics_over(workout.id, &thirds).expect("statistics");
    told.insert("thirds".to_owned(), format!("{counted:?}"));
    told.insert("workout".to_owned(), format!("{:?}", store.workout(workout.id).expect("it reads")));
    told.insert("count".to_owned(), format!("{}", store.sample_count().expect("a count")));
    told
}

#[test]
fn a_finished_workout_becomes_series_and_reads_as_before() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    let workout = rich_workout(&rig, 9000);
    let (rows, in_series) = places(&path);
    assert!(rows > 12_000 && in_series == 0);
    let before = all_of(&rig.store, &workout, 1000);
    rig.wait(4);
    assert_eq!(places(&path), (rows, 0), "the app has better things to do just now");
    rig.wait(1);
    let mut seen = Vec::new();
    while places(&path).0 > 0 {
        seen.push(places(&path).1);
        assert_eq!(all_of(&rig.store, &workout, 1000), before, "after {} pieces", seen.len());
        rig.clock.advance(std::time::Duration::from_millis(50));
    }
    let of_way = 1799;
    assert_eq!(seen, [of_way, of_way + 4096, of_way + 8192], "a piece at a time, type by type");
    assert_eq!(places(&path), (0, rows));
    for page in [1000, 4096, 100_000] {
        assert_eq!(all_of(&rig.store, &workout, page), before, "pages of {page}");
    }
    rig.wait(1);
    assert_eq!(rig.store.poll().next_deadline, None, "there is nothing left to do");
    drop(rig);
    assert_eq!(all_of(&rig_at(&path).store, &workout, 777), before, "after opening it anew");
}

#[test]
fn nothing_is_tidied_while_a_session_holds_the_device() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    rich_workout(&rig, 20);
    let (rows, _) = places(&path);
    let (session, _builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(600);
    assert_eq!(places(&path), (rows, 0));
    rig.finish(&session);
    rig.wait(6);
    assert_eq!(places(&path), (0, rows));
}

/// A process that was killed in the middle, or an earlier release, left rows.
#[test]
fn what_was_left_in_rows_is_moved_after_opening() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    let workout = rich_workout(&rig, 5000);
    let before = all_of(&rig.store, &workout, 5000);
    rig.wait(5);
    let (rows, in_series) = places(&path);
    assert!(rows > 0 && in_series > 0, "in the middle of it");
    drop(rig);
    let rig = rig_at(&path);
    assert_eq!(all_of(&rig.store, &workout, 5000), before);
    rig.wait(6);
    assert_eq!(places(&path), (0, rows + in_series));
    assert_eq!(all_of(&rig.store, &workout, 5000), before);
}

#[test]
fn no_id_is_given_twice() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    for second in 1..=5 {
        rig.wait(1);
        rig.store.ingest_sample(&reading(QuantityType::HeartRate, 120.0, second)).expect("it is saved");
    }
    let workout = rig.finish(&session);
    rig.wait(10);
    assert_eq!(number(&path, "SELECT count(*) FROM sample"), 0, "all samples left their rows");
    let highest = number(&path, "SELECT max(highest_id) FROM series");
    drop((session, builder, rig));
    let rig = rig_at(&path);
    for round in 1..=3 {
        rig.store.ingest_sample(&reading(QuantityType::HeartRate, 60.0, round)).expect("it is saved");
        assert_eq!(number(&path, "SELECT max(id) FROM sample"), highest + round);
    }
    assert_eq!(number(&path, "SELECT count(*) FROM sample"), 3);
    assert!(rig.store.workout(workout.id).expect("it reads").is_some());
}

/// What is part of a workout stays so: adding it to another one is refused, by its id, wherever it is.
#[test]
fn a_sample_in_a_series_is_still_part_of_its_workout() {
    let rig = Rig::new();
    let workout = rich_workout(&rig, 60);
    let beats = rig.store.samples(workout.id, QuantityType::HeartRate, None, 500).expect("a page");
    rig.wait(10);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(1);
    for beat in [beats[0], beats[beats.len() / 2], beats[beats.len() - 1]] {
        assert_eq!(code(builder.add_samples(&[beat])), Err(ErrorCode::InvalidArgument));
    }
    let unknown = QuantitySample { id: Some(SampleId(1_000_000)), ..beats[0] };
    assert_eq!(code(builder.add_samples(&[unknown])), Err(ErrorCode::StoreNotFound));
    rig.finish(&session);
}

/// Samples with ids far apart, some of an earlier day, tied to a workout by hand.
#[test]
fn samples_that_were_added_by_hand_become_series_too() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    for second in 0..50 {
        rig.store
            .ingest_sample(&reading(QuantityType::StepCount, 70.0 + f64::from(second), 0))
            .expect("saved");
    }
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(20);
    let early = QuantitySample { id: Some(SampleId(7)), ..reading(QuantityType::StepCount, 0.0, 0) };
    builder.add_samples(&[early, reading(QuantityType::StepCount, 80.0, 10)]).expect("they are tied");
    let workout = rig.finish(&session);
    let before = all_of(&rig.store, &workout, 10);
    rig.wait(10);
    assert_eq!(places(&path), (0, 2));
    assert_eq!(all_of(&rig.store, &workout, 10), before);
    assert_eq!(rig.store.sample_count().expect("a count"), 51);
}

#[test]
fn a_damaged_series_is_an_error_that_names_the_place_and_hides_nothing_else() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    let workout = rich_workout(&rig, 60);
    rig.wait(10);
    let way = rig.store.samples(workout.id, QuantityType::DistanceWalkingRunning, None, 100).expect("a page");
    let of_beats = format!("type = {}", QuantityType::HeartRate.code());
    let flipped = "CAST(substr(samples, 1, 40) || x'00' || substr(samples, 42) AS BLOB)";
    for damage in [flipped, "x''", "x'02AA'", "CAST(substr(samples, 1, length(samples) - 3) AS BLOB)"] {
        let kept: Vec<u8> = look(&path)
            .query_row(&format!("SELECT samples FROM series WHERE {of_beats}"), [], |row| row.get(0))
            .expect("a piece");
        look(&path)
            .execute(&format!("UPDATE series SET samples = {damage} WHERE {of_beats}"), [])
            .expect("spoilt");
        let error =
            rig.store.samples(workout.id, QuantityType::HeartRate, None, 100).expect_err("it is damaged");
        assert_eq!(error.code(), ErrorCode::StoreDamaged, "{damage}");
        let text = error.to_string();
        assert!(text.contains("piece 0 of heartRate") && text.contains("workout 1"), "{text}");
        let still = rig.store.samples(workout.id, QuantityType::DistanceWalkingRunning, None, 100);
        assert_eq!(still.expect("another type"), way);
        assert!(rig.store.workout(workout.id).expect("it reads").is_some());
        look(&path)
            .execute(&format!("UPDATE series SET samples = ?1 WHERE {of_beats}"), [kept])
            .expect("mended");
    }
    look(&path)
        .execute(&format!("UPDATE series SET count = count + 1 WHERE {of_beats}"), [])
        .expect("spoilt");
    let error =
        rig.store.samples(workout.id, QuantityType::HeartRate, None, 100).expect_err("one is missing");
    assert_eq!(error.code(), ErrorCode::StoreDamaged);
}

/// What cannot be moved stays as it was, holds up nothing else, and is tried again when the store is opened anew.
#[test]
fn a_workout_that_cannot_be_moved_stays_in_rows() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    let (first, second) = (rich_workout(&rig, 30), rich_workout(&rig, 20));
    let before = (all_of(&rig.store, &first, 100), all_of(&rig.store, &second, 100));
    rig.wait(1);
    let of_first = number(&path, "SELECT count(*) FROM sample WHERE workout = 1");
    let (all, _) = places(&path);
    look(&path)
        .execute_batch(
            "CREATE TRIGGER broken BEFORE DELETE ON sample WHEN OLD.workout = 1
             BEGIN SELECT RAISE(ABORT, 'broken'); END",
        )
        .expect("a trigger");
    rig.wait(300);
    assert_eq!(places(&path), (of_first, all - of_first));
    assert_eq!((all_of(&rig.store, &first, 100), all_of(&rig.store, &second, 100)), before);
    look(&path).execute_batch("DROP TRIGGER broken").expect("mended");
    drop(rig);
    let rig = rig_at(&path);
    rig.wait(10);
    assert_eq!(places(&path), (0, all));
    assert_eq!((all_of(&rig.store, &first, 100), all_of(&rig.store, &second, 100)), before);
}

/// A disk that takes nothing is tried again, without haste.
#[test]
fn nothing_is_lost_when_the_disk_refuses_meanwhile() {
    let simulation = Simulation::new(at(0), 7);
    let device = simulation.add_device("watch", DeviceOptions::default()).expect("a device");
    let store = device.store();
    let session = WorkoutSession::new(&store, of(WorkoutActivityType::Running)).expect("a session");
    let builder = session.associated_workout_builder().expect("a builder");
    session.start_activity(None).expect("a start");
    builder.begin_collection(store.now()).expect("collection");
    simulation.advance(secs(5));
    builder.add_samples(&[reading(QuantityType::HeartRate, 120.0, 3)]).expect("it is saved");
    session.end().expect("an end");
    builder.end_collection(store.now()).expect("an end");
    let workout = builder.finish_workout().expect("a finish").expect("not locked");
    let before = all_of(&store, &workout, 10);
    device.set_disk_writable(false).expect("it refuses");
    simulation.advance(secs(6));
    assert_eq!(all_of(&store, &workout, 10), before);
    let next = store.poll().next_deadline.expect("it is tried again");
    assert!(next.since(store.now()) > secs(30), "without haste");
    device.set_disk_writable(true).expect("it takes everything again");
    simulation.advance(secs(61));
    assert_eq!(store.poll().next_deadline, None, "it is done");
    assert_eq!(all_of(&store, &workout, 10), before);
}

/// A long workout makes a long file, and the file becomes short again.
#[test]
fn free_space_goes_back_to_the_disk() {
    let folder = folder();
    let path = folder.path().join("store.sqlite");
    let rig = rig_at(&path);
    let (session, _builder) = rig.running(WorkoutActivityType::Running);
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 1);
    for second in 0..50_000 {
        let date = at(i64::from(second));
        batch.push(QuantityType::HeartRate, date, date, 100.0 + f64::from(second % 50));
    }
    rig.wait(50_000);
    rig.store.ingest(batch.bytes()).expect("it is saved");
    rig.finish(&session);
    let size = || number(&path, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    let long = size();
    assert!(long > 3 << 20, "{long}");
    rig.wait(60);
    assert_eq!(places(&path), (0, 50_000));
    let short = size();
    assert!(short < 5 << 19, "{long} became {short}");
    assert_eq!(
        look(&path).query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).expect("checked"),
        "ok"
    );
}
