//! What a language adds to a sample in a packed batch, and how often a workout crosses its border.
//!
//! Each language has a program that does the same: it packs rows and hands each batch to a store that has committed its
//! number before. So the engine answers after reading the header, and what is timed is packing and crossing. The Rust twin,
//! a process like the others, is the baseline; the programs take turns.
//!
//! The programs of the other languages are named by `PACELINE_BORDER_C`, `PACELINE_BORDER_SWIFT`, `PACELINE_BORDER_KOTLIN`
//! (words separated by spaces); `cargo xtask bench` builds them and sets these.

use paceline::{
    Delivery, HealthStore, LiveWorkoutBuilder, LiveWorkoutBuilderDelegate, LiveWorkoutDataSource,
    ManualClock, PackedBatchWriter, QuantityType, SourceId, StoreOptions, Timestamp, TypeSet,
    WorkoutActivityType, WorkoutConfiguration, WorkoutSession, WorkoutSessionDelegate, WorkoutSessionState,
};
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The word that makes a child of this program the Rust twin.
pub(crate) const CHILD: &str = "rust-border";

const ROWS: u32 = 1000;
const BATCHES: u32 = 200;
const WINDOWS: usize = 15;
const ROUNDS: usize = 7;
/// Seconds of the typical workout.
const WORKOUT: u64 = 600;

/// The twin: prints the nanoseconds of a row, one line for each window, then the crossings of a workout.
pub(crate) fn run_child() {
    let store = HealthStore::open(StoreOptions::new().delivery(Delivery::Poll)).expect("a store in memory");
    let start = Timestamp::from_seconds(1_700_000_000);
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 1);
    batch.push(QuantityType::HeartRate, start, start, 120.0);
    store.ingest(batch.bytes()).expect("the batch is valid");
    for _ in 0..WINDOWS {
        let begun = Instant::now();
        for round in 0..BATCHES {
            batch.restart(1);
            for row in 0..ROWS {
                let at = start.plus_micros(i64::from(row) * 1000);
                batch.push(QuantityType::HeartRate, at, at, f64::from(100 + (row + round) % 50));
            }
            let taken = store.ingest(black_box(batch.bytes())).expect("the batch is valid");
            assert!(taken.repeated);
        }
        println!("{}", begun.elapsed().as_nanos() as f64 / f64::from(ROWS * BATCHES));
    }
    println!("crossings {}", workout());
}

/// A typical workout: a batch, a callback and a snapshot a second, a pause in the middle. Returns the calls into the engine
/// and the callbacks out of it.
fn workout() -> u64 {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    let store = HealthStore::open(StoreOptions::new().clock(&clock)).expect("a store in memory");
    let ride = WorkoutConfiguration::new(WorkoutActivityType::Cycling);
    let session = WorkoutSession::new(&store, ride.clone()).expect("the configuration is valid");
    let builder = session.associated_workout_builder().expect("a builder");
    let counter = Arc::new(Counter::default());
    session.set_delegate(Some(Arc::clone(&counter) as Arc<dyn WorkoutSessionDelegate>));
    builder.set_delegate(Some(Arc::clone(&counter) as Arc<dyn LiveWorkoutBuilderDelegate>));
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&ride)))).expect("the builder is new");
    session.start_activity(None).expect("the session is new");
    builder.begin_collection(store.now()).expect("the builder is new");
    let mut calls = 0;
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 0);
    for second in 0..WORKOUT {
        // Time moves by itself outside of a test: this call is not counted.
        clock.advance(Duration::from_secs(1));
        let now = Timestamp::from_seconds(1_700_000_000 + second as i64 + 1);
        batch.restart(0);
        for _ in 0..10 {
            batch.push(QuantityType::HeartRate, now, now, 140.0);
        }
        store.ingest(batch.bytes()).expect("the batch is valid");
        calls += 1;
        store.poll();
        black_box(builder.snapshot());
        calls += 1;
        if second == WORKOUT / 2 {
            session.pause().expect("it runs");
            session.resume().expect("it is paused");
            calls += 2;
        }
    }
    calls + counter.0.load(Ordering::Relaxed)
}

#[derive(Default)]
struct Counter(AtomicU64);

impl WorkoutSessionDelegate for Counter {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        _: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn did_generate_event(&self, _: &WorkoutSession, _: &paceline::WorkoutEvent) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl LiveWorkoutBuilderDelegate for Counter {
    fn did_collect_data(&self, _: &LiveWorkoutBuilder, _: &TypeSet) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn did_collect_event(&self, _: &LiveWorkoutBuilder) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

struct Language {
    name: &'static str,
    /// The environment variable that names its program; none for Rust.
    variable: &'static str,
    /// Nanoseconds above Rust's own.
    goal: f64,
}

const LANGUAGES: [Language; 3] = [
    Language { name: "C", variable: "PACELINE_BORDER_C", goal: 5.0 },
    Language { name: "Swift", variable: "PACELINE_BORDER_SWIFT", goal: 10.0 },
    Language { name: "Kotlin", variable: "PACELINE_BORDER_KOTLIN", goal: 30.0 },
];

/// What one run of a program tells: its median window, and crossings a second.
fn play(words: &[String]) -> Option<(f64, f64)> {
    let (program, arguments) = words.split_first()?;
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut windows: Vec<f64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    let crossings: f64 = text.lines().find_map(|line| line.strip_prefix("crossings "))?.parse().ok()?;
    if windows.is_empty() || !output.status.success() {
        return None;
    }
    Some((median(&mut windows), crossings / WORKOUT as f64))
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

pub(crate) fn print() {
    println!("The border: a packed row, packed and handed over, without what the engine does with it");
    let Some(this) = std::env::current_exe().ok().and_then(|path| path.to_str().map(str::to_owned)) else {
        return println!("  not measured: this program cannot find itself");
    };
    let rust = [this, CHILD.to_owned()];
    for Language { name, variable, goal } in LANGUAGES {
        let Ok(program) = std::env::var(variable) else {
            println!("  {name:7} not measured: {variable} names no program; `cargo xtask bench` builds them");
            continue;
        };
        let words: Vec<String> = program.split(' ').map(str::to_owned).collect();
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.extend(play(&words).zip(play(&rust)));
        }
        if rounds.len() < ROUNDS {
            println!("  {name:7} not measured: its program failed");
            continue;
        }
        let mut differences: Vec<f64> = rounds.iter().map(|((its, _), (rusts, _))| its - rusts).collect();
        let mut baseline: Vec<f64> = rounds.iter().map(|(_, (rusts, _))| *rusts).collect();
        let difference = median(&mut differences);
        let crossings = rounds[0].0.1;
        println!(
            "  {name:7} {difference:>+8.2} ns a row above Rust's {:.2} (rounds {:+.2} to {:+.2})   goal ≤ {goal}: {}",
            median(&mut baseline),
            differences[0],
            differences[differences.len() - 1],
            if difference <= goal { "met" } else { "MISSED" },
        );
        println!(
            "          {crossings:>8.2} crossings a second of a workout   goal ≤ 4: {}",
            if crossings <= 4.0 { "met" } else { "MISSED" },
        );
    }
}
