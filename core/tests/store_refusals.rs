//! Files that are refused, and left alone.

mod common;

use common::store::*;
use common::*;
use paceline::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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
