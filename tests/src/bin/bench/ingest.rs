//! Packed ingest with statistics against a bare sum, minimum and maximum over the same rows.

use crate::pairs::{self, time};
use paceline::{
    Durability, HealthStore, LiveWorkoutDataSource, ManualClock, PackedBatchWriter, QuantityType, SourceId,
    StoreOptions, Timestamp, WorkoutActivityType, WorkoutConfiguration, WorkoutSession,
};
use std::hint::black_box;
use std::time::Duration;

const START: i64 = 1_700_000_000;
/// Rounds before anything is timed: the workout has been going on for a while, what it needs of memory it has.
const WARM_UP: usize = 3;
const ROUNDS: i64 = 8;
const BATCHES: i64 = 2;
const SECONDS_A_BATCH: i64 = 500;
const RUNS: usize = 31;

const TYPES: [QuantityType; 6] = [
    QuantityType::HeartRate,
    QuantityType::DistanceCycling,
    QuantityType::CyclingSpeed,
    QuantityType::CyclingCadence,
    QuantityType::CyclingPower,
    QuantityType::ActiveEnergyBurned,
];

/// A ride at 1 Hz: six rows a second, amounts over the second, readings at its end.
fn batches(round: i64) -> Vec<Vec<u8>> {
    (round * BATCHES..(round + 1) * BATCHES)
        .map(|batch| {
            let mut writer = PackedBatchWriter::new(SourceId::OWN, 0);
            for second in batch * SECONDS_A_BATCH..(batch + 1) * SECONDS_A_BATCH {
                let end = Timestamp::from_seconds(START + second + 1);
                for (place, kind) in TYPES.into_iter().enumerate() {
                    let start = if kind.is_cumulative() { end.plus_micros(-1_000_000) } else { end };
                    writer.push(
                        kind,
                        start,
                        end,
                        (100 + (second * 7 + place as i64 * 13) % 50) as f64 + 0.25,
                    );
                }
            }
            writer.bytes().to_vec()
        })
        .collect()
}

/// A running workout whose samples stay in memory while they are timed: commits have a figure of their own.
fn store() -> (HealthStore, WorkoutSession) {
    let start = Timestamp::from_seconds(START);
    // All samples lie in the past of this clock.
    let clock = ManualClock::new(start.plus(Duration::from_secs(1_000_000)));
    let options = StoreOptions::new()
        .clock(&clock)
        .durability(Durability::Within(Duration::from_secs(60)))
        .sync_every(None);
    let store = HealthStore::open(options).expect("a store in memory opens");
    let ride = WorkoutConfiguration::new(WorkoutActivityType::Cycling);
    let session = WorkoutSession::new(&store, ride.clone()).expect("the configuration is valid");
    let builder = session.associated_workout_builder().expect("a builder");
    let source = LiveWorkoutDataSource::new(Some(&ride));
    builder.set_data_source(Some(&source)).expect("the builder is new");
    session.start_activity(Some(start)).expect("the session is new");
    builder.begin_collection(start).expect("the builder is new");
    (store, session)
}

/// What a loop without an engine would do: read each row, keep sum, minimum and maximum per type.
fn bare(batches: &[Vec<u8>]) -> [(f64, f64, f64); 128] {
    let mut totals = [(0.0, f64::INFINITY, f64::NEG_INFINITY); 128];
    for batch in batches {
        for row in batch[24..].chunks_exact(32) {
            let code = usize::from(u16::from_le_bytes([row[0], row[1]])) % 128;
            let value = f64::from_le_bytes(row[24..32].try_into().expect("a row has 32 bytes"));
            let (sum, low, high) = &mut totals[code];
            *sum += value;
            *low = low.min(value);
            *high = high.max(value);
        }
    }
    totals
}

pub(crate) fn print() {
    let rounds: Vec<_> = (0..ROUNDS + WARM_UP as i64).map(batches).collect();
    let rows = (ROUNDS * BATCHES * SECONDS_A_BATCH * TYPES.len() as i64) as f64;
    let ours = || {
        let (store, session) = store();
        let mut spent = Duration::ZERO;
        for (round, batches) in rounds.iter().enumerate() {
            // Both sides find the rows in the same cache.
            black_box(bare(batches));
            let round_spent = time(|| {
                for batch in batches {
                    let taken = store.ingest(black_box(batch)).expect("the batch is valid");
                    assert_eq!(taken.samples, taken.collected);
                }
            });
            spent += if round < WARM_UP { Duration::ZERO } else { round_spent };
            // Reading commits what was gathered; commits have a figure of their own.
            let held = store.sample_count().expect("the store can be read");
            let counted: u64 = session.snapshot().statistics.iter().map(|one| one.count).sum();
            assert_eq!(held, counted);
        }
        spent
    };
    let baseline = || {
        rounds[WARM_UP..].iter().fold(Duration::ZERO, |spent, batches| {
            black_box(bare(batches));
            spent
                + time(|| {
                    black_box(bare(black_box(batches)));
                })
        })
    };
    let pairs = pairs::measure(RUNS, ours, baseline);
    pairs::print_ratio(
        "Packed ingest with statistics, before its commit; baseline: sum, minimum and maximum of the same rows",
        "a row",
        rows,
        4.0,
        &pairs,
    );
}
