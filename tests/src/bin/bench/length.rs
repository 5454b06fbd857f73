//! Does the length of a workout matter? Memory of a workout of 24 hours against one of 1 hour, and the cost of a sample in
//! the last hour against the first.
//!
//! Each workout runs in a process of its own, so that its peak of memory is its own.

use crate::usage::{cpu_time, peak_kib};
use crate::watch::Watch;
use paceline::StoreOptions;
use std::process::Command;
use std::time::Duration;

/// The word that makes a child of this program run one workout.
pub(crate) const CHILD: &str = "one-workout";
const GOAL_KIB: i64 = 1024;
const SHORT: u32 = 1;
const LONG: u32 = 24;

/// Runs one workout with one batch, one callback and one snapshot a second; prints its peak of memory in KiB and the
/// processor nanoseconds of a second of workout in its first and in its last hour.
pub(crate) fn run_child(hours: u32) {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let mut watch = Watch::new(&folder.path().join("store.sqlite"), StoreOptions::new().sync_every(None));
    let mut hour_times = Vec::new();
    for _ in 0..hours {
        let begin = cpu_time();
        watch.ride(3600);
        hour_times.push(cpu_time().saturating_sub(begin).as_nanos() / 3600);
    }
    let workout = watch.finish();
    assert_eq!(workout.duration, Duration::from_secs(u64::from(hours) * 3600));
    let first = hour_times.first().copied().unwrap_or_default();
    let last = hour_times.last().copied().unwrap_or_default();
    println!("{} {first} {last}", peak_kib().unwrap_or(0));
}

fn child(hours: u32) -> Option<(i64, f64, f64)> {
    let this = std::env::current_exe().ok()?;
    let output = Command::new(this).args([CHILD, &hours.to_string()]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [peak, first, last] => Some((peak as i64, first, last)),
        _ => None,
    }
}

pub(crate) fn print() {
    println!(
        "A workout of {LONG} hours against one of {SHORT} (10 samples, a commit, a callback, a snapshot a second)"
    );
    let (Some((short, ..)), Some((long, first, last))) = (child(SHORT), child(LONG)) else {
        println!("  could not be measured: the workouts did not run");
        return;
    };
    if short == 0 {
        println!("  memory could not be measured on this system");
    } else {
        let more = long - short;
        let verdict = if more <= GOAL_KIB { "met" } else { "MISSED" };
        println!(
            "  memory    {long:>10} KiB against {short} KiB: {more} KiB more   goal ≤ {GOAL_KIB}: {verdict}"
        );
    }
    println!(
        "  last hour {:>10.2} times the first ({last:.0} ns and {first:.0} ns of processor time a second of workout)",
        last / first
    );
}
