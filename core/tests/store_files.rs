//! The store file: what comes back, what is refused and left alone, and when things reach the disk.

mod common;

use common::*;
use paceline::*;
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Everything that lies in a folder.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    let path = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").path();
    entries.map(path).map(|path| (path.clone(), fs::read(&path).unwrap_or_default())).collect()
}

fn rig_at(path: &Path) -> Rig {
    Rig::with(|options| options.path(path))
}

/// A second look at the file, past the engine.
fn look(path: &Path) -> Connection {
    Connection::open(path).expect("a second connection")
}

fn count(path: &Path, what: &str) -> i64 {
    look(path).query_row(&format!("SELECT {what}"), [], |row| row.get(0)).expect("a number")
}

fn rows(path: &Path) -> i64 {
    count(path, "count(*) FROM sample")
}

fn beat(second: i64) -> QuantitySample {
    reading(QuantityType::HeartRate, 100.0, second)
}

/// A workout with something of everything.
fn rich_workout(rig: &Rig) -> Workout {
    let pool = WorkoutConfiguration::new(WorkoutActivityType::Swimming)
        .at(WorkoutSessionLocationType::Indoor)
        .in_pool(Quantity::new(25.0, MeasureUnit::meter()));
    let session = WorkoutSession::new(&rig.store, pool.clone()).expect("a session");
    let builder = session.associated_workout_builder().expect("a builder");
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&pool)))).expect("a data source");
    session.start_activity(None).expect("a start");
    builder.begin_collection(rig.store.now()).expect("collection");
    session.begin_new_activity(pool.clone(), at(0), text("set", "warm-up")).expect("an activity");
    rig.wait(50);
    session.pause().expect("a pause");
    rig.wait(10);
    session.resume().expect("a resume");
    session.begin_new_activity(pool, at(60), Metadata::new()).expect("an activity");
    rig.wait(40);
    let stroke = MetadataValue::Number(f64::from(SwimmingStrokeStyle::Butterfly.raw()));
    let lap = WorkoutEvent::over(WorkoutEventType::Lap, at(10), at(40))
        .with_metadata(Metadata::from([(metadata_keys::SWIMMING_STROKE_STYLE.to_owned(), stroke)]));
    builder.add_workout_events(vec![lap, event(WorkoutEventType::Marker, 70)]).expect("events");
    let metadata = [
        ("text", MetadataValue::Text("ünï\u{1F3CA}\n\"quoted\"\0".to_owned())),
        ("empty", MetadataValue::Text(String::new())),
        ("number", MetadataValue::Number(-2.5)),
        ("date", MetadataValue::Date(at(3))),
        ("quantity", MetadataValue::Quantity(Quantity::new(12.5, "kcal/(kg*hr)".parse().expect("a unit")))),
    ];
    builder
        .add_metadata(metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
        .expect("metadata");
    for second in 0..100 {
        rig.store
            .ingest_sample(&reading(QuantityType::HeartRate, 90.1 + f64::from(second as u8), second))
            .expect("a beat");
        rig.store
            .ingest_sample(&amount(QuantityType::DistanceSwimming, 0.7, second, second + 1))
            .expect("a distance");
    }
    rig.finish(&session)
}

#[test]
fn everything_reads_back_after_reopening() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let workout = rich_workout(&rig);
    let heart = rig.store.samples(workout.id, QuantityType::HeartRate, None, 1000).unwrap();
    drop(rig);

    let rig = rig_at(&path);
    assert_eq!(rig.store.workouts().unwrap(), std::slice::from_ref(&workout));
    assert_eq!(rig.store.workout_ids().unwrap(), [workout.id]);
    assert_eq!(rig.store.sample_count().unwrap(), 200);
    assert_eq!(rig.store.workout(Uuid::from_u128(1)).unwrap(), None);
    let nobody = rig.store.samples(Uuid::from_u128(1), QuantityType::HeartRate, None, 1);
    assert_eq!(code(nobody), Err(ErrorCode::StoreNotFound));
    // Page by page.
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = rig.store.samples(workout.id, QuantityType::HeartRate, after.as_ref(), 7).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(*last);
        pages.extend(page);
    }
    assert_eq!(pages, heart);
    assert_eq!(heart.len(), 100);
    assert!(pages.iter().all(|sample| sample.id.is_some()));
    assert_eq!((pages[3].value, pages[3].start), (93.1, at(3)));
    assert_eq!(rig.store.samples(workout.id, QuantityType::HeartRate, None, 0).unwrap(), []);
    assert_eq!(workout.events.len(), 4);
    assert_eq!(workout.activities.len(), 2);
    assert_eq!(workout.metadata.len(), 5 + 3);
    assert_eq!(count(&path, "count(*) FROM journal") + count(&path, "count(*) FROM live"), 0);
}

#[test]
fn workouts_come_newest_first() {
    let rig = Rig::new();
    rig.wait(1000);
    let mut ids = Vec::new();
    for start in [300, 100, 200] {
        let session = rig.session(WorkoutActivityType::Running);
        let builder = session.associated_workout_builder().expect("a builder");
        session.start_activity(Some(at(start))).unwrap();
        builder.begin_collection(at(start)).unwrap();
        builder.end_collection(at(start + 10)).unwrap();
        ids.push((start, builder.finish_workout().unwrap().unwrap().id));
        session.end().unwrap();
    }
    ids.sort_by_key(|(start, _)| -start);
    let ids: Vec<_> = ids.into_iter().map(|(_, id)| id).collect();
    assert_eq!(rig.store.workout_ids().unwrap(), ids);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn metadata_numbers_read_back_bit_by_bit(numbers in prop::collection::vec(prop::num::f64::NORMAL, 200)) {
        let rig = Rig::new();
        let (session, builder) = rig.running(WorkoutActivityType::Running);
        let entry = |(index, number): (usize, &f64)| (index.to_string(), MetadataValue::Number(*number));
        builder.add_metadata(numbers.iter().enumerate().map(entry).collect()).unwrap();
        let workout = rig.finish(&session);
        prop_assert_eq!(rig.store.workout(workout.id).unwrap().unwrap().metadata, workout.metadata);
    }
}

// Files that are refused.

/// A closed store with one workout.
fn closed_store(path: &Path) {
    rich_workout(&rig_at(path));
    assert_eq!(contents(path.parent().expect("a folder")).len(), 1, "a closed store is one file");
}

/// Opens what was put there and checks that it was refused and left alone, with nothing beside it.
#[track_caller]
fn refused(what: &str, expected: &[ErrorCode], make: impl FnOnce(&Path)) {
    let folder = folder();
    let path = folder.path().join("store.db");
    make(&path);
    let before = contents(folder.path());
    match HealthStore::open(StoreOptions::new().path(&path).clock(ManualClock::new(at(0)))) {
        Ok(_) => panic!("{what}: it was opened"),
        Err(error) => {
            assert!(expected.contains(&error.code()), "{what}: {error:?}");
            assert!(error.value().is_some_and(|value| value.contains("store.db")), "{what}: {error:?}");
        }
    }
    let after = contents(folder.path());
    let names = |all: &BTreeMap<PathBuf, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&after), names(&before), "{what}: something lies beside it");
    assert!(after == before, "{what}: it was changed");
}

/// A database of another program.
fn foreign(path: &Path, mode: &str) -> Connection {
    let connection = look(path);
    connection.pragma_update_and_check(None, "journal_mode", mode, |_| Ok(())).expect("a mode");
    connection.execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);").expect("a table");
    connection
}

#[test]
fn files_that_are_no_stores_are_left_alone() {
    let damaged = [ErrorCode::StoreDamaged];
    refused("text", &damaged, |path| fs::write(path, "this is no database\n".repeat(500)).unwrap());
    refused("zeros", &damaged, |path| fs::write(path, vec![0; 65536]).unwrap());
    refused("a header alone", &damaged, |path| fs::write(path, b"SQLite format 3\0").unwrap());
    refused("a header and garbage", &damaged, |path| {
        let mut bytes = b"SQLite format 3\0".to_vec();
        bytes.extend((0..8192_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8));
        fs::write(path, bytes).unwrap();
    });
    refused("another program's", &[ErrorCode::StoreForeign], |path| drop(foreign(path, "delete")));
}

#[test]
fn a_file_of_one_byte_is_left_alone() {
    refused("one byte", &[ErrorCode::StoreDamaged], |path| fs::write(path, "x").unwrap());
}

#[test]
fn another_programs_database_in_wal_mode_is_left_alone() {
    refused("in WAL mode", &[ErrorCode::StoreForeign], |path| drop(foreign(path, "wal")));
}

#[test]
fn an_empty_database_with_a_version_of_its_own_is_foreign() {
    refused("with a version", &[ErrorCode::StoreForeign], |path| {
        look(path).pragma_update(None, "user_version", 7).unwrap();
    });
}

/// Changes a closed store past the engine, without leaving WAL files.
fn edited(path: &Path, sql: &str) {
    closed_store(path);
    let connection = look(path);
    connection.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(())).expect("a mode");
    connection.execute_batch(sql).expect("an edit");
}

#[test]
fn newer_stores_are_left_alone() {
    refused("newer", &[ErrorCode::StoreTooNew], |path| edited(path, "PRAGMA user_version = 2147483647"));
}

#[test]
fn newer_stores_in_wal_mode_are_left_alone() {
    refused("newer", &[ErrorCode::StoreTooNew], |path| {
        closed_store(path);
        look(path).pragma_update(None, "user_version", 99).unwrap();
    });
}

#[test]
fn stores_that_lack_their_first_tables_are_left_alone() {
    for table in ["source", "marker"] {
        refused(table, &[ErrorCode::StoreDamaged], |path| edited(path, &format!("DROP TABLE {table}")));
    }
}

#[test]
fn stores_that_lack_a_table_are_left_alone() {
    for table in
        ["sample", "live", "journal", "workout", "workout_event", "workout_activity", "workout_statistics"]
    {
        refused(table, &[ErrorCode::StoreDamaged], |path| edited(path, &format!("DROP TABLE {table}")));
    }
    for version in [0, -1] {
        let sql = format!("PRAGMA user_version = {version}");
        refused(&sql, &[ErrorCode::StoreDamaged], |path| edited(path, &sql));
    }
}

/// Cuts a closed store, in rollback mode or as it is.
fn truncated(length: impl Fn(usize) -> usize, rollback: bool) -> impl FnOnce(&Path) {
    move |path| {
        if rollback {
            edited(path, "");
        } else {
            closed_store(path);
        }
        let bytes = fs::read(path).expect("a file");
        fs::write(path, &bytes[..length(bytes.len())]).expect("a shorter file");
    }
}

#[test]
fn truncated_stores_are_left_alone() {
    for length in [50, 99, 100, 511, 4000, 4096, 4097, 8192, 20_000] {
        refused(&format!("{length} bytes"), &[ErrorCode::StoreDamaged], truncated(|_| length, true));
    }
    for missing in [4096, 10_000] {
        refused(
            &format!("{missing} missing"),
            &[ErrorCode::StoreDamaged],
            truncated(|all| all - missing, true),
        );
    }
}

#[test]
fn stores_that_lack_less_than_a_page_are_left_alone() {
    for missing in [1, 100, 4095] {
        for rollback in [false, true] {
            let make = truncated(|all| all - missing, rollback);
            refused(&format!("{missing} missing"), &[ErrorCode::StoreDamaged], make);
        }
    }
}

#[test]
fn truncated_stores_in_wal_mode_are_left_alone() {
    for missing in [4096, 10_000] {
        refused(
            &format!("{missing} missing"),
            &[ErrorCode::StoreDamaged],
            truncated(|all| all - missing, false),
        );
    }
}

#[test]
fn stores_with_an_overwritten_page_are_left_alone() {
    for page in 2..9 {
        refused(&format!("page {page}"), &[ErrorCode::StoreDamaged], |path| {
            edited(path, "");
            overwrite(path, page, 0xA5);
        });
    }
}

fn overwrite(path: &Path, page: usize, with: u8) {
    let mut bytes = fs::read(path).expect("a file");
    bytes[page * 4096..(page + 1) * 4096].fill(with);
    fs::write(path, bytes).expect("it is written");
}

/// The second page tells which page belongs where, to give space back. Nothing of a workout stands in it.
#[test]
fn a_damaged_list_of_pages_costs_space_only() {
    for with in [0xA5, 0, 1, 2, 5] {
        let folder = folder();
        let path = folder.path().join("store.db");
        edited(&path, "");
        overwrite(&path, 1, with);
        let rig = rig_at(&path);
        let workout = rig.store.workouts().unwrap().remove(0);
        let samples = rig.store.samples(workout.id, QuantityType::HeartRate, None, 100).unwrap();
        rig.wait(60);
        for number in 100..110 {
            rig.store.ingest(batch(SourceId::OWN, number, 3000).bytes()).unwrap();
        }
        rig.wait(60);
        assert_eq!(rig.store.samples(workout.id, QuantityType::HeartRate, None, 100).unwrap(), samples);
        assert_eq!(rig.store.workout(workout.id).unwrap(), Some(workout));
        assert_eq!(count(&path, "count(*) FROM sample WHERE workout IS NULL"), 30_000);
    }
}

#[test]
fn empty_files_become_stores_and_folders_do_not() {
    let folder = folder();
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    rich_workout(&rig_at(&empty));
    assert_eq!(rig_at(&empty).store.workouts().unwrap().len(), 1);

    let open = |path: &Path| code(HealthStore::open_file(path).map(drop));
    assert_eq!(open(folder.path()), Err(ErrorCode::StoreCannotOpen));
    let missing = folder.path().join("missing/store.db");
    assert_eq!(open(&missing), Err(ErrorCode::StoreCannotOpen));
    assert!(!folder.path().join("missing").exists());
}

#[test]
fn a_path_that_names_no_file_is_refused() {
    for path in ["", ":memory:"] {
        assert_eq!(code(HealthStore::open_file(path).map(drop)), Err(ErrorCode::StoreCannotOpen), "{path:?}");
    }
}

#[cfg(unix)]
#[test]
fn files_and_folders_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("store.db");
    closed_store(&path);
    let set = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(&path, 0o444);
    set(folder.path(), 0o555);
    if fs::write(folder.path().join("probe"), "").is_ok() {
        println!("skipped: this user may write everywhere (root)");
    } else {
        let before = contents(folder.path());
        assert!(HealthStore::open_file(&path).is_err());
        let fresh = folder.path().join("fresh.db");
        assert_eq!(code(HealthStore::open_file(fresh).map(drop)), Err(ErrorCode::StoreCannotOpen));
        assert_eq!(contents(folder.path()), before);
    }
    set(folder.path(), 0o755);
}

/// Copies a database with its log, as a killed process leaves them behind.
fn copy_with_log(from: &Path, to: &Path) {
    for ending in ["", "-wal"] {
        let name = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        fs::copy(name(from), name(to)).expect("a copy");
    }
    assert!(fs::metadata(format!("{}-wal", to.display())).expect("a log").len() > 0);
}

#[test]
fn databases_that_others_left_with_a_log_are_left_alone() {
    refused("with a log", &[ErrorCode::StoreForeign], |path| {
        let folder = folder();
        let theirs = folder.path().join("theirs.db");
        let connection = foreign(&theirs, "wal");
        copy_with_log(&theirs, path);
        drop(connection);
    });
}

/// That it is newer stands in the log alone, so that the log has to be read; its index beside it is no part of the store.
#[test]
fn newer_stores_that_were_left_with_a_log_keep_both() {
    let folder = folder();
    let (newer, path) = (folder.path().join("newer.db"), folder.path().join("store.db"));
    {
        let made = self::folder();
        let elsewhere = made.path().join("made.db");
        closed_store(&elsewhere);
        fs::copy(&elsewhere, &newer).unwrap();
    }
    let connection = look(&newer);
    connection.pragma_update(None, "user_version", 99).unwrap();
    copy_with_log(&newer, &path);
    let log = PathBuf::from(format!("{}-wal", path.display()));
    let before = (fs::read(&path).unwrap(), fs::read(&log).unwrap());
    assert_eq!(code(HealthStore::open_file(&path).map(drop)), Err(ErrorCode::StoreTooNew));
    assert!(before == (fs::read(&path).unwrap(), fs::read(&log).unwrap()), "it was changed");
    drop(connection);
}

/// A process that is killed while it makes a store leaves a journal that takes the half-made tables back.
#[test]
fn a_store_that_was_half_made_opens_empty() {
    let folder = folder();
    let (half, path) = (folder.path().join("half.db"), folder.path().join("store.db"));
    let connection = look(&half);
    connection.pragma_update(None, "cache_size", 1).unwrap();
    connection.execute_batch("BEGIN; CREATE TABLE source (x); CREATE TABLE sample (x, y);").unwrap();
    for row in 0..200 {
        connection.execute("INSERT INTO sample VALUES (?1, hex(randomblob(2000)))", [row]).unwrap();
    }
    for ending in ["", "-journal"] {
        fs::copy(format!("{}{ending}", half.display()), format!("{}{ending}", path.display())).unwrap();
    }
    assert!(fs::metadata(&path).unwrap().len() > 0);
    let store = HealthStore::open_file(&path).unwrap();
    assert_eq!(store.workouts().unwrap(), []);
    drop(connection);
}

#[test]
fn a_killed_store_opens_with_all_that_was_committed() {
    let (folder, copies) = (folder(), self::folder());
    let path = folder.path().join("store.db");
    let copy = copies.path().join("store.db");
    let rig = rig_at(&path);
    let workout = rich_workout(&rig);
    let (session, _) = rig.running(WorkoutActivityType::Running);
    session.pause().unwrap();
    let samples = rig.store.sample_count().unwrap();
    copy_with_log(&path, &copy);
    let survivor = rig_at(&copy);
    assert_eq!(survivor.store.workouts().unwrap(), [workout]);
    assert_eq!(survivor.store.sample_count().unwrap(), samples);
    assert_eq!(count(&copy, "count(*) FROM live"), 1);
    drop(survivor);
    assert_eq!(contents(copies.path()).len(), 1);
}

// One file, one engine.

#[test]
fn opening_a_file_twice_gives_one_engine() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let same = |path: &Path| {
        StoreOptions::new()
            .path(path)
            .clock(&rig.clock)
            .entropy(Entropy::Seeded(7))
            .host(rig.platform.clone())
    };
    let other = HealthStore::open(same(&path)).unwrap();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    assert_eq!(other.ingest_sample(&beat(0)).unwrap().collected, 1);
    assert_eq!(builder.all_statistics().len(), 1);
    // Any path that leads there.
    let round_about = folder.path().join("../").join(folder.path().file_name().unwrap()).join("store.db");
    assert_eq!(HealthStore::open(same(&round_about)).unwrap().sample_count().unwrap(), 1);
    #[cfg(unix)]
    {
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(HealthStore::open(same(&link)).unwrap().ingest_sample(&beat(0)).unwrap().collected, 1);
    }
    for different in [
        same(&path).durability(Durability::Within(secs(1))),
        same(&path).sync_every(None),
        same(&path).entropy(Entropy::Seeded(8)),
        same(&path).clock(ManualClock::new(at(0))),
        same(&path).clock(SystemClock),
    ] {
        assert_eq!(code(HealthStore::open(different).map(drop)), Err(ErrorCode::StoreOptionsDiffer));
    }
    // When all handles are gone, other options are fine.
    drop((builder, other, rig));
    HealthStore::open(StoreOptions::new().path(&path).sync_every(None)).unwrap();
}

#[test]
fn another_host_is_another_option() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let other = StoreOptions::new()
        .path(&path)
        .clock(&rig.clock)
        .entropy(Entropy::Seeded(7))
        .host(Arc::new(Platform::default()));
    assert_eq!(code(HealthStore::open(other).map(drop)), Err(ErrorCode::StoreOptionsDiffer));
}

#[test]
fn a_live_session_that_is_let_go_stays_in_the_journal() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    builder.add_samples(&[beat(0)]).unwrap();
    session.pause().unwrap();
    drop((session, builder, rig));
    assert_eq!(count(&path, "count(*) FROM live"), 1);
    assert!(count(&path, "count(*) FROM journal") >= 3);
    let rig = Rig::with(|options| options.path(&path).entropy(Entropy::Seeded(8)));
    assert_eq!(rig.store.sample_count().unwrap(), 1);
    assert!(rig.store.workouts().unwrap().is_empty());
    // A new workout does not take the samples of the old one.
    let (session, _) = rig.running(WorkoutActivityType::Running);
    assert!(rig.finish(&session).statistics.is_empty());
}

#[test]
fn the_same_seed_on_the_same_file_makes_new_ids() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let mut ids = Vec::new();
    for _ in 0..2 {
        let rig = rig_at(&path);
        let (session, _) = rig.running(WorkoutActivityType::Running);
        ids.push(rig.finish(&session).id);
    }
    assert_ne!(ids[0], ids[1]);
}

// Packed batches.

fn batch(source: SourceId, number: u64, rows: usize) -> PackedBatchWriter {
    let mut batch = PackedBatchWriter::new(source, number);
    for row in 0..rows as i64 {
        batch.push(QuantityType::HeartRate, at(row), at(row), 100.0);
    }
    batch
}

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

// When things reach the disk.

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

#[test]
fn a_session_that_never_began_leaves_nothing() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let session = rig.session(WorkoutActivityType::Running);
    let source = LiveWorkoutDataSource::new(Some(&session.configuration()));
    session.associated_workout_builder().expect("a builder").set_data_source(Some(&source)).unwrap();
    drop((session, source, rig));
    assert_eq!(count(&path, "count(*) FROM live") + count(&path, "count(*) FROM journal"), 0);
}

trait Seconds {
    fn now_seconds(&self) -> i64;
}

impl Seconds for ManualClock {
    fn now_seconds(&self) -> i64 {
        shown(self.now()) / 1000
    }
}

/// Another process, here another connection, may register the same source first.
#[test]
fn a_source_that_another_process_registered_is_found() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    look(&path)
        .execute(
            "INSERT INTO source (id, identifier, name, kind, last_batch) VALUES (7, 'strap', 'Strap', 2, 5)",
            [],
        )
        .unwrap();
    let strap = SampleSource { identifier: "strap".into(), name: "Strap".into(), kind: SourceKind::External };
    let id = rig.store.register_source(&strap).unwrap();
    assert_eq!(id, SourceId(7));
    // Its batches are known as well.
    let again = PackedBatchWriter::new(id, 5);
    assert!(rig.store.ingest(again.bytes()).unwrap().repeated);
}

#[test]
fn a_file_that_cannot_be_opened_is_set_aside_whole() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let names = || {
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    std::fs::write(&path, vec![7; 5000]).unwrap();
    std::fs::write(folder.path().join("store.db-wal"), b"what a log holds").unwrap();
    assert_eq!(code(HealthStore::open_file(&path).map(drop)), Err(ErrorCode::StoreDamaged));
    let aside = HealthStore::set_aside(&path).unwrap();
    assert_eq!(std::fs::read(&aside).unwrap(), vec![7; 5000]);
    let name = aside.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with("store.db.set-aside-"), "{name}");
    assert!(names().contains(&format!("{name}-wal")) && !names().iter().any(|name| name == "store.db-wal"));

    // In its place a new store is made; one that is open stays where it is.
    let store = HealthStore::open_file(&path).unwrap();
    assert_eq!(code(HealthStore::set_aside(&path)), Err(ErrorCode::StoreBusy));
    assert_eq!(store.sample_count(), Ok(0));
    drop(store);
    let second = HealthStore::set_aside(&path).unwrap();
    assert_ne!(second, aside);
    assert_eq!(HealthStore::open_file(&second).unwrap().sample_count(), Ok(0));

    assert_eq!(code(HealthStore::set_aside(&path)), Err(ErrorCode::StoreNotFound));
    assert_eq!(code(HealthStore::set_aside(folder.path())), Err(ErrorCode::StoreCannotOpen));
}
