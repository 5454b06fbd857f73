//! A workout as a watch with a power meter delivers it: ten samples a second in one batch, a callback and a snapshot a second.

use paceline::{
    HealthStore, LiveWorkoutBuilder, LiveWorkoutBuilderDelegate, LiveWorkoutDataSource, ManualClock,
    PackedBatchWriter, QuantityType, SourceId, StoreOptions, Timestamp, TypeSet, Workout,
    WorkoutActivityType, WorkoutConfiguration, WorkoutEvent, WorkoutEventType, WorkoutSession,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const PER_SECOND: [(QuantityType, usize); 5] = [
    (QuantityType::HeartRate, 1),
    (QuantityType::DistanceCycling, 1),
    (QuantityType::CyclingSpeed, 4),
    (QuantityType::CyclingCadence, 2),
    (QuantityType::CyclingPower, 2),
];

/// When every workout begins.
pub(crate) fn start() -> Timestamp {
    Timestamp::from_seconds(1_700_000_000)
}

struct Screen;

impl LiveWorkoutBuilderDelegate for Screen {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, _: &TypeSet) {
        assert!(!builder.snapshot().statistics.is_empty());
    }
}

/// A workout that is going on, in a store file.
pub(crate) struct Watch {
    clock: ManualClock,
    store: HealthStore,
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
    batch: PackedBatchWriter,
    second: i64,
}

impl Watch {
    /// Begins a ride in a new file.
    pub(crate) fn new(path: &Path, options: StoreOptions) -> Self {
        let clock = ManualClock::new(start());
        let store = HealthStore::open(options.clock(&clock).path(path)).expect("a new file opens");
        let ride = WorkoutConfiguration::new(WorkoutActivityType::Cycling);
        let session = WorkoutSession::new(&store, ride.clone()).expect("the configuration is valid");
        let builder = session.associated_workout_builder().expect("a builder");
        builder.set_delegate(Some(Arc::new(Screen)));
        let source = LiveWorkoutDataSource::new(Some(&ride));
        builder.set_data_source(Some(&source)).expect("the builder is new");
        session.start_activity(None).expect("the session is new");
        builder.begin_collection(store.now()).expect("the builder is new");
        Self { clock, store, session, builder, batch: PackedBatchWriter::new(SourceId::OWN, 0), second: 0 }
    }

    /// Lets so many seconds pass.
    pub(crate) fn ride(&mut self, seconds: u32) {
        for _ in 0..seconds {
            let start = self.store.now();
            self.clock.advance(Duration::from_secs(1));
            self.batch.restart(0);
            for (kind, from, at, value) in second_of(start, self.second) {
                self.batch.push(kind, from, at, value);
            }
            self.store.ingest(self.batch.bytes()).expect("the batch is valid");
            self.store.poll();
            self.second += 1;
        }
    }

    /// Adds a lap that ends now.
    pub(crate) fn lap(&self) {
        let lap = WorkoutEvent::at(WorkoutEventType::Lap, self.store.now());
        self.builder.add_workout_events(vec![lap]).expect("the builder collects");
    }

    /// Saves it.
    pub(crate) fn finish(self) -> Workout {
        self.session.stop_activity(None).expect("the session runs");
        self.builder.end_collection(self.store.now()).expect("the builder collects");
        let workout = self.builder.finish_workout().expect("the workout is saved");
        self.session.end().expect("the session is stopped");
        workout.expect("nothing is locked")
    }
}

/// What is measured in the second that begins then.
pub(crate) fn second_of(
    start: Timestamp,
    second: i64,
) -> impl Iterator<Item = (QuantityType, Timestamp, Timestamp, f64)> {
    PER_SECOND.into_iter().flat_map(move |(kind, count)| {
        (1..=count as i64).map(move |part| {
            let at = start.plus_micros(1_000_000 * part / count as i64);
            let from = if kind.is_cumulative() { start } else { at };
            (kind, from, at, (100 + (second * 7 + part) % 50) as f64)
        })
    })
}
