//! Does the length of a workout matter? Memory of a workout of 24 hours against one of 1 hour, and the cost of a sample in
//! the last hour against the first.
//!
//! Each workout runs in a process of its own, so that its peak of memory is its own.

use paceline::{
    HealthStore, LiveWorkoutBuilder, LiveWorkoutBuilderDelegate, LiveWorkoutDataSource, ManualClock,
    PackedBatchWriter, QuantityType, SourceId, StoreOptions, Timestamp, TypeSet, WorkoutActivityType,
    WorkoutConfiguration, WorkoutSession,
};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// The word that makes a child of this program run one workout.
pub(crate) const CHILD: &str = "one-workout";
const GOAL_KIB: i64 = 1024;
const SHORT: u32 = 1;
const LONG: u32 = 24;

/// Ten samples a second: what a watch with a power meter delivers.
const PER_SECOND: [(QuantityType, usize); 5] = [
    (QuantityType::HeartRate, 1),
    (QuantityType::DistanceCycling, 1),
    (QuantityType::CyclingSpeed, 4),
    (QuantityType::CyclingCadence, 2),
    (QuantityType::CyclingPower, 2),
];

struct Screen;

impl LiveWorkoutBuilderDelegate for Screen {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, _: &TypeSet) {
        assert!(!builder.snapshot().statistics.is_empty());
    }
}

/// Runs one workout with one batch, one callback and one snapshot a second; prints its peak of memory in KiB and the
/// processor nanoseconds of a second of workout in its first and in its last hour.
pub(crate) fn run_child(hours: u32) {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    let options = StoreOptions::new().clock(&clock).path(folder.path().join("store.sqlite")).sync_every(None);
    let store = HealthStore::open(options).expect("a new file opens");
    let ride = WorkoutConfiguration::new(WorkoutActivityType::Cycling);
    let session = WorkoutSession::new(&store, ride.clone()).expect("the configuration is valid");
    let builder = session.associated_workout_builder().expect("a builder");
    builder.set_delegate(Some(Arc::new(Screen)));
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&ride)))).expect("the builder is new");
    session.start_activity(None).expect("the session is new");
    builder.begin_collection(store.now()).expect("the builder is new");

    let mut batch = PackedBatchWriter::new(SourceId::OWN, 0);
    let mut hour_times = Vec::new();
    for _ in 0..hours {
        let begin = cpu_time();
        for second in 0..3600 {
            let start = store.now();
            clock.advance(Duration::from_secs(1));
            batch.restart(0);
            for (kind, count) in PER_SECOND {
                for part in 1..=count {
                    let at = start.plus_micros(1_000_000 * part as i64 / count as i64);
                    let from = if kind.is_cumulative() { start } else { at };
                    batch.push(kind, from, at, (100 + (second * 7 + part as i64) % 50) as f64);
                }
            }
            store.ingest(batch.bytes()).expect("the batch is valid");
            store.poll();
        }
        hour_times.push(cpu_time().saturating_sub(begin).as_nanos() / 3600);
    }
    session.stop_activity(None).expect("the session runs");
    builder.end_collection(store.now()).expect("the builder collects");
    let workout = builder.finish_workout().expect("the workout is saved").expect("nothing is locked");
    assert_eq!(workout.duration, Duration::from_secs(u64::from(hours) * 3600));
    session.end().expect("the session is stopped");
    let first = hour_times.first().copied().unwrap_or_default();
    let last = hour_times.last().copied().unwrap_or_default();
    println!("{} {first} {last}", peak_kib().unwrap_or(0));
}

/// What this process has used of the processor; waiting for the disk is the disk's affair.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

/// The peak of this process's memory, as the system counted it.
fn peak_kib() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
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
