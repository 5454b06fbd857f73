//! The disk fails, or the power goes, while a store of an earlier release is opened and its workout recovered.

use crate::workout::{STORE, assert_clear, assert_whole, store_on};
use paceline::{
    HealthStore, ManualClock, PacelineError, QuantityType, StoreOptions, Timestamp, Workout, WorkoutSnapshot,
};
use paceline_faults::{Disk, Fault, Kind};
use paceline_tests::released;
use std::path::Path;

/// What there is in a store: its workouts, the one that goes on, and how many samples.
#[derive(Debug, PartialEq)]
struct Picture {
    workouts: Vec<Workout>,
    live: Option<WorkoutSnapshot>,
    samples: u64,
    beats: usize,
}

fn look(path: &Path) -> Result<Picture, PacelineError> {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_190));
    let store = HealthStore::open(StoreOptions::new().path(path).clock(&clock))?;
    let session = store.recover_active_workout_session()?;
    let workouts = store.workouts()?;
    let beats = workouts
        .iter()
        .map(|workout| store.samples(workout.id, QuantityType::HeartRate, None, 1000).map(|page| page.len()));
    Ok(Picture {
        live: session.map(|session| WorkoutSnapshot { sequence: 0, ..session.snapshot() }),
        samples: store.sample_count()?,
        beats: beats.sum::<Result<_, _>>()?,
        workouts,
    })
}

/// The file as this release left it.
fn file_of(released: &released::Released) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(STORE);
    released.make(&path);
    std::fs::read(&path).expect("it was made")
}

fn disk_with(file: &[u8]) -> Disk {
    let disk = Disk::new();
    disk.put(STORE, file.to_vec());
    disk
}

#[test]
fn bringing_a_store_up_to_date_is_all_or_nothing() {
    for released in released::all() {
        let file = file_of(&released);
        let sound = disk_with(&file);
        let begun = sound.operations();
        let expected = look(&store_on(&sound)).expect("it opens");
        assert!(expected.live.is_some() && expected.workouts.len() == 1);
        let (all, reads) = (sound.operations(), sound.reads());
        for kind in [Kind::InputOutput, Kind::Full, Kind::Torn, Kind::Sync, Kind::Read] {
            // There are many reads, much like each other.
            let places = if kind == Kind::Read { (0..reads).step_by(7) } else { (begun..all).step_by(1) };
            for from in places {
                for count in [1, usize::MAX] {
                    let disk = disk_with(&file);
                    let fault = Fault { kind, from, count };
                    disk.fail(fault);
                    match look(&store_on(&disk)) {
                        Ok(picture) => assert_eq!(picture, expected, "{fault:?}"),
                        Err(error) => assert_clear(&error),
                    }
                    disk.mend();
                    let picture = look(&store_on(&disk));
                    assert_eq!(picture.as_ref(), Ok(&expected), "version {}, {fault:?}", released.version);
                    assert_whole(&store_on(&disk), &fault);
                }
            }
        }
        for operation in begun..=all {
            for seed in 0..3 {
                let image = sound.after_power_cut(operation, seed);
                let path = image.path().join(STORE);
                let picture = look(&path);
                assert_eq!(picture.as_ref(), Ok(&expected), "version {}, {operation}", released.version);
                assert_whole(&path, &(operation, seed));
            }
        }
        println!("version {}: {} operations, {reads} reads", released.version, all - begun);
    }
}
