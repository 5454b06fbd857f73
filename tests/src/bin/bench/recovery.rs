//! How long it takes to recover a workout after a day, against after a minute.

use crate::pairs::{self, time};
use crate::watch::{Watch, start};
use paceline::{HealthStore, ManualClock, StoreOptions};
use std::path::Path;
use std::time::Duration;

const MINUTE: u32 = 60;
const DAY: u32 = 24 * 3600;
/// So long after the last time that the state was saved as a whole: as much as can be is told by the journal alone.
const BEFORE_CHECKPOINT: u32 = 59;
const RUNS: usize = 31;
const GOAL: Duration = Duration::from_millis(20);

/// Rides for so long and is cut off.
fn cut_off(path: &Path, seconds: u32) {
    let mut watch = Watch::new(path, StoreOptions::new().sync_every(None));
    for second in (0..seconds).step_by(600) {
        watch.lap();
        watch.ride((seconds - second).min(600));
    }
}

/// The time that opening takes, and the time that recovering takes then.
fn recover(path: &Path, seconds: u32) -> (Duration, Duration) {
    let clock = ManualClock::new(start());
    clock.advance(Duration::from_secs(seconds.into()));
    let (mut store, mut session) = (None, None);
    let opening = time(|| {
        store =
            Some(HealthStore::open(StoreOptions::new().clock(&clock).path(path)).expect("the store opens"));
    });
    let recovering = time(|| {
        session = store
            .as_ref()
            .and_then(|store| store.recover_active_workout_session().expect("the store can be read"));
    });
    let counted = session.expect("a workout was cut off").snapshot();
    let counted: u64 = counted.statistics.iter().map(|one| one.count).sum();
    assert_eq!(counted, u64::from(seconds) * 10);
    (opening, recovering)
}

pub(crate) fn print() {
    let folder = tempfile::tempdir().expect("a folder for the stores");
    let (long, short) = (DAY + BEFORE_CHECKPOINT, MINUTE);
    let path = |seconds: u32| folder.path().join(format!("{seconds}.sqlite"));
    for seconds in [long, short] {
        cut_off(&path(seconds), seconds);
    }
    let mut opening: Vec<_> = (0..RUNS).map(|_| recover(&path(long), long).0).collect();
    opening.sort();
    let ours = || recover(&path(long), long).1;
    let baseline = || recover(&path(short), short).1;
    let pairs = pairs::measure(RUNS, ours, baseline);
    pairs::print_ratio(
        "Recovering a workout of 24 hours from a store file; baseline: one of a minute",
        "a recovery",
        1.0,
        2.0,
        &pairs,
    );
    let verdict = if pairs.ours <= GOAL { "met" } else { "MISSED" };
    println!(
        "  time      {:>10.2} ms    goal ≤ {} ms: {verdict}; opening the store took {:.2} ms before that",
        pairs.ours.as_secs_f64() * 1e3,
        GOAL.as_millis(),
        opening[RUNS / 2].as_secs_f64() * 1e3
    );
}
