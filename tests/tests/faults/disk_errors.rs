//! The disk fails, and the process lives or dies of it.

use crate::workout::{EACH_INPUT, Manner, WITHIN, Workout, assert_whole, store_on};
use paceline_faults::{Disk, Fault, Kind};

const FOR_EVER: usize = usize::MAX;

/// Records the workout once for every operation at which this can happen.
#[track_caller]
fn at_every_operation(manner: Manner, kind: Kind, count: usize) {
    let workout = Workout::new(manner);
    let sound = Disk::new();
    workout.record(&sound).die(&sound);
    let all = if kind == Kind::Read { sound.reads() } else { sound.operations() };
    let (mut met, mut gave_up) = (0, 0);
    for from in 0..all {
        let disk = Disk::new();
        let fault = Fault { kind, from, count };
        disk.fail(fault);
        let recording = workout.record(&disk);
        met += usize::from(disk.failures() > 0);
        gave_up += usize::from(recording.gave_up.is_some());
        let acknowledged = recording.acknowledged.clone();
        let what = (fault, acknowledged.len(), recording.gave_up.clone());
        recording.die(&disk);
        // The call that failed last may have reached the disk all the same.
        let (least, most) = (workout.after_a_kill(&acknowledged), acknowledged.len() + 1);
        workout.check(&store_on(&disk), least, most, &what);
        assert_whole(&store_on(&disk), &what);
    }
    println!("{all} operations, {met} faults, {gave_up} times the app gave up");
    assert!(met > 0, "nothing failed");
}

#[test]
fn an_error_of_the_device_passes() {
    at_every_operation(EACH_INPUT, Kind::InputOutput, 1);
}

#[test]
fn the_device_is_gone() {
    at_every_operation(EACH_INPUT, Kind::InputOutput, FOR_EVER);
}

#[test]
fn the_device_is_gone_while_samples_wait() {
    at_every_operation(WITHIN, Kind::InputOutput, FOR_EVER);
}

#[test]
fn the_disk_is_full_for_a_while() {
    at_every_operation(EACH_INPUT, Kind::Full, 7);
}

#[test]
fn the_disk_is_full() {
    at_every_operation(EACH_INPUT, Kind::Full, FOR_EVER);
}

#[test]
fn the_disk_takes_half() {
    at_every_operation(EACH_INPUT, Kind::HalfFull, FOR_EVER);
}

#[test]
fn half_is_written() {
    at_every_operation(EACH_INPUT, Kind::Torn, 1);
}

#[test]
fn a_sync_fails() {
    at_every_operation(EACH_INPUT, Kind::Sync, 1);
}

#[test]
fn every_sync_fails() {
    at_every_operation(EACH_INPUT, Kind::Sync, FOR_EVER);
}

#[test]
fn something_cannot_be_read() {
    at_every_operation(EACH_INPUT, Kind::Read, 1);
}

#[test]
fn nothing_can_be_read() {
    at_every_operation(EACH_INPUT, Kind::Read, FOR_EVER);
}
