//! What lies where a store should: each file is refused with a clear error and left as it is, or opens and tells the truth.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{code, of};
use paceline::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

fn open(path: &Path) -> Result<HealthStore, PacelineError> {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    HealthStore::open(StoreOptions::new().path(path).clock(clock))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Saves a workout of a minute; the store stays open.
fn record(path: &Path) -> HealthStore {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    let store = HealthStore::open(StoreOptions::new().path(path).clock(&clock)).unwrap();
    let run = of(WorkoutActivityType::Running);
    let session = WorkoutSession::new(&store, run.clone()).unwrap();
    let builder = session.associated_workout_builder().unwrap();
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(store.now()).unwrap();
    for beat in 0..60 {
        clock.advance(Duration::from_secs(1));
        let now = store.now();
        let value = f64::from(100 + beat);
        let sample = QuantitySample::in_stored_unit(QuantityType::HeartRate, value, now, now);
        store.ingest_sample(&sample.unwrap()).unwrap();
    }
    session.end().unwrap();
    builder.end_collection(store.now()).unwrap();
    builder.finish_workout().unwrap().unwrap();
    store
}

/// Everything that can be read of it.
fn read(store: &HealthStore) -> Result<(Vec<Workout>, Vec<f64>, u64), PacelineError> {
    let workouts = store.workouts()?;
    let mut values = Vec::new();
    for workout in &workouts {
        let page = store.samples(workout.id, QuantityType::HeartRate, None, 1000)?;
        values.extend(page.iter().map(|sample| sample.value));
    }
    Ok((workouts, values, store.sample_count()?))
}

/// A folder with a store as a killed process leaves it: its file and its log.
fn killed() -> (TempDir, PathBuf) {
    let (elsewhere, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, path) = (elsewhere.path().join("store.db"), folder.path().join("store.db"));
    let store = record(&from);
    for ending in ["", "-wal", "-shm"] {
        fs::copy(beside(&from, ending), beside(&path, ending)).unwrap();
    }
    drop(store);
    (folder, path)
}

/// A byte that is wrong at the beginning of any page: the file is refused untouched, or what is read of it is right, or
/// reading says that it is damaged.
#[test]
fn one_wrong_byte_in_the_head_of_any_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(record(&path));
    let sound = fs::read(&path).unwrap();
    let truth = read(&open(&path).unwrap()).unwrap();
    let (mut refused, mut told, mut unharmed) = (0, 0, 0);
    for page in 0..sound.len() / 4096 {
        // Its kind, the number of its cells, where they begin.
        for byte in [0, 3, 4, 5] {
            let mut bytes = sound.clone();
            bytes[if page == 0 { 100 } else { page * 4096 } + byte] ^= 0x55;
            fs::write(&path, &bytes).unwrap();
            match open(&path) {
                Err(error) => {
                    assert_eq!(error.code(), ErrorCode::StoreDamaged, "page {page}, byte {byte}: {error:?}");
                    assert!(fs::read(&path).unwrap() == bytes, "page {page}, byte {byte}: it was changed");
                    refused += 1;
                }
                Ok(store) => match read(&store) {
                    Ok(found) => {
                        assert!(found == truth, "page {page}, byte {byte}: what it tells is wrong");
                        unharmed += 1;
                    }
                    Err(error) => {
                        assert_eq!(
                            error.code(),
                            ErrorCode::StoreDamaged,
                            "page {page}, byte {byte}: {error:?}"
                        );
                        told += 1;
                    }
                },
            }
        }
    }
    println!("{refused} refused, {told} told when read, {unharmed} did no harm");
    assert!(refused > unharmed);
}

/// The log may hold all there is: it is not thrown away because its store is not there.
#[test]
fn a_log_without_its_store_is_kept() {
    for empty in [false, true] {
        let (folder, path) = killed();
        fs::remove_file(&path).unwrap();
        fs::remove_file(beside(&path, "-shm")).unwrap();
        if empty {
            fs::write(&path, "").unwrap();
        }
        let log = fs::read(beside(&path, "-wal")).unwrap();
        assert_eq!(code(open(&path).map(drop)), Err(ErrorCode::StoreDamaged));
        assert!(fs::read(beside(&path, "-wal")).unwrap() == log, "it was changed");
        assert_eq!(path.exists(), empty);

        let aside = HealthStore::set_aside(&path).unwrap();
        assert!(fs::read(beside(&aside, "-wal")).unwrap() == log, "it was lost");
        assert_eq!(open(&path).unwrap().sample_count(), Ok(0));
        drop(folder);
    }
}

/// What processes shared is made anew.
#[test]
fn shared_memory_without_its_store_is_nothing() {
    let (_folder, path) = killed();
    fs::remove_file(&path).unwrap();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    assert_eq!(open(&path).unwrap().sample_count(), Ok(0));
}

/// What stood in the log is gone with it; the rest is whole.
#[test]
fn a_store_without_its_log_is_what_it_was_before() {
    let (_folder, path) = killed();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    let (workouts, values, samples) = read(&open(&path).unwrap()).unwrap();
    assert_eq!(workouts.len() as u64, values.len() as u64 / 60);
    assert!(samples <= 60);
    drop(record(&path));
    assert!(open(&path).unwrap().workouts().is_ok_and(|after| after.len() == workouts.len() + 1));
}

#[test]
fn shared_memory_full_of_rubbish_is_made_anew() {
    let (_folder, path) = killed();
    fs::write(beside(&path, "-shm"), vec![0xA5; 32768]).unwrap();
    assert_eq!(read(&open(&path).unwrap()).unwrap().2, 60);
}

#[cfg(unix)]
#[test]
fn a_link_leads_to_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("store.db"), folder.path().join("link.db"));
    drop(record(&path));
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(read(&open(&link).unwrap()).unwrap().2, 60);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    // Itself it is no store, and is not moved instead of it.
    assert_eq!(code(HealthStore::set_aside(&link)), Err(ErrorCode::StoreCannotOpen));
}

#[test]
fn any_name_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let long = "l".repeat(200);
    let names = [
        "with a space",
        " in front",
        "ünï cödé \u{1F3C3}",
        "quote's",
        "double\"quote",
        "question?mark=1",
        "hash#",
        "%41%00",
        "file:store.db",
        "file:x?mode=memory",
        ":memory:x",
        "semi;colon",
        "back\\slash",
        "new\nline",
        "ends-wal",
        "-dash",
        "~",
        "$HOME",
        "*",
        &long,
    ];
    for name in names {
        let path = folder.path().join(name);
        drop(record(&path));
        assert!(path.is_file(), "{name:?}");
        assert_eq!(read(&open(&path).unwrap()).unwrap().2, 60, "{name:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), names.len(), "nothing else was made");
}
