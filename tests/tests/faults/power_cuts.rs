//! The power goes.

use crate::workout::{Acknowledged, EACH_INPUT, Manner, STORE, WITHIN, Workout, assert_whole};
use paceline_faults::{Disk, Fault, Kind, Operation};

/// The name of the log beside the store's file.
const LOG: &str = "store.sqlite-wal";

/// How often chance decides what reached the disk.
const LOOKS: u64 = 3;

/// Looks at the disk after the power went during this operation.
fn cut(workout: &Workout, disk: &Disk, acknowledged: &[Acknowledged], operation: usize, seed: u64) {
    let image = disk.after_power_cut(operation, seed);
    let heard = acknowledged.iter().filter(|step| step.operations <= operation).count();
    let acknowledged = &acknowledged[..heard];
    let what = (operation, seed, heard);
    let path = image.path().join(STORE);
    workout.check(&path, workout.after_a_power_cut(acknowledged), heard + 1, &what);
    assert_whole(&path, &what);
}

fn at_every_operation(manner: Manner) {
    let workout = Workout::new(manner);
    let disk = Disk::new();
    let recording = workout.record(&disk);
    let acknowledged = recording.acknowledged.clone();
    let all = disk.operations();
    recording.die(&disk);
    for operation in 0..=all {
        for seed in 0..LOOKS {
            cut(&workout, &disk, &acknowledged, operation, seed);
        }
    }
    println!("{all} operations");
}

#[test]
fn the_power_goes_at_any_operation() {
    at_every_operation(EACH_INPUT);
}

#[test]
fn the_power_goes_while_samples_wait() {
    at_every_operation(WITHIN);
}

/// A sync that failed may have lost what it was about for ever, although it can be read until the power goes. Therefore the log is
/// brought into the file and begun anew; then all is well again. A power cut before may cost what was not synced before the
/// failure. One in the very moment of bringing the log in may cost more: no database can help it that its log lies to it.
#[test]
fn the_power_goes_after_a_sync_failed() {
    let workout = Workout::new(EACH_INPUT);
    let sound = Disk::new();
    workout.record(&sound).die(&sound);
    let log = sound.log();
    let is_sync = |operation: &Operation| matches!(operation, Operation::Sync { .. });
    let (mut all, mut before_it, mut within_it) = (0, 0, 0);
    for sync in (0..log.len()).filter(|operation| is_sync(&log[*operation])) {
        let disk = Disk::new();
        disk.fail(Fault { kind: Kind::Sync, from: sync, count: 1 });
        let recording = workout.record(&disk);
        assert!(recording.gave_up.is_none(), "the next sync works");
        let acknowledged = recording.acknowledged.clone();
        recording.die(&disk);
        let log = disk.log();
        let synced = |name: &str, from| {
            let is_it =
                |operation: &Operation| matches!(operation, Operation::Sync { name: one, .. } if one == name);
            // At the very end nobody comes to it any more.
            log[from..].iter().position(is_it).map_or(log.len(), |after| from + after + 1)
        };
        // Into the file; then the new log begins.
        let healed = synced(LOG, synced(STORE, sync + 1));
        let into_the_file =
            |operation: &Operation| matches!(operation, Operation::Write { name, .. } if name == STORE);
        let begun = log[sync..].iter().position(into_the_file).map_or(healed, |after| sync + after);
        for operation in sync..begun.min(healed) {
            let image = disk.after_power_cut(operation, sync as u64);
            let heard = |until| acknowledged.iter().filter(|step| step.operations <= until).count();
            let (before, most) = (&acknowledged[..heard(sync)], heard(operation) + 1);
            workout.check(&image.path().join(STORE), workout.surely_synced(before), most, &(sync, operation));
        }
        before_it += begun.min(healed) - sync;
        within_it += healed - begun.min(healed);
        for operation in (healed..=disk.operations()).step_by(11) {
            cut(&workout, &disk, &acknowledged, operation, sync as u64);
        }
        all += 1;
    }
    println!(
        "{all} syncs failed; {before_it} operations until the log is brought in, {within_it} while it is"
    );
    assert!(within_it < all * 20, "it is a moment");
}
