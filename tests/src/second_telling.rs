//! Telling the engine a saved workout again, late and in another order.

use paceline::{
    Durability, HealthStore, LiveWorkoutDataSource, ManualClock, PacelineError, PackedBatchWriter,
    QuantitySample, QuantityType, SampleSource, SourceKind, StoreOptions, Workout, WorkoutSession,
};
use paceline_cli::saved;
use std::time::Duration;

/// Every sample of a saved workout, by type and rising start.
///
/// # Errors
/// When the store cannot be read.
pub fn samples(store: &HealthStore, workout: &Workout) -> Result<Vec<QuantitySample>, PacelineError> {
    let mut samples = Vec::new();
    for kind in QuantityType::ALL {
        saved::for_each_sample(store, workout.id, *kind, |sample| samples.push(*sample))?;
    }
    Ok(samples)
}

/// Numbers without pattern, the same ones for the same seed.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

/// Makes a workout of the same samples, events and activities anew. The clock passes the whole workout before anything of
/// it is told; samples come in batches in no order, among them the events (in order, since a pause must come before its
/// end) and the activities, the last one first.
///
/// Returns what the builder returned when it finished, and the store.
///
/// # Errors
/// Whatever the engine refuses.
pub fn tell_again(
    workout: &Workout,
    samples: &[QuantitySample],
    seed: u64,
) -> Result<(HealthStore, Workout), PacelineError> {
    let clock = ManualClock::new(workout.start);
    let options = StoreOptions::new().clock(&clock).durability(Durability::Within(Duration::from_secs(60)));
    let store = HealthStore::open(options)?;
    let source = store.register_source(&SampleSource {
        identifier: "again".to_owned(),
        name: "Told again".to_owned(),
        kind: SourceKind::Device,
    })?;
    let session = WorkoutSession::new(&store, workout.configuration.clone())?;
    let builder = session.associated_workout_builder().expect("a builder");
    let data_source = LiveWorkoutDataSource::new(Some(&workout.configuration));
    for kind in samples.iter().map(|sample| sample.quantity_type) {
        if !data_source.types_to_collect().contains(kind) {
            data_source.enable_collection(kind, None)?;
        }
    }
    // One change by hand keeps the selection from following the activities.
    data_source.enable_collection(QuantityType::HeartRate, None)?;
    builder.set_data_source(Some(&data_source))?;
    session.start_activity(Some(workout.start))?;
    builder.begin_collection(workout.start)?;
    clock.advance_to(workout.end);

    let mut dice = Dice(seed);
    let mut samples = samples.to_vec();
    dice.shuffle(&mut samples);
    let mut events = workout.events.clone().into_iter().peekable();
    // The engine makes the activity of a workout that had none.
    let has_own = !is_main(workout);
    let mut activities: Vec<_> = if has_own { workout.activities.iter().collect() } else { Vec::new() };
    let mut batch = PackedBatchWriter::new(source, 0);
    let mut rest = samples.as_slice();
    while !rest.is_empty() || events.peek().is_some() || !activities.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(1 + dice.below(2000)));
        rest = later;
        batch.restart(0);
        for sample in now {
            batch.push(sample.quantity_type, sample.start, sample.end, sample.value);
        }
        if !batch.is_empty() {
            store.ingest(batch.bytes())?;
        }
        let some: Vec<_> = events.by_ref().take(1 + dice.below(20)).collect();
        builder.add_workout_events(some)?;
        if let Some(activity) = activities.pop() {
            let configuration = activity.configuration.clone();
            builder.add_workout_activity(
                configuration,
                activity.start,
                activity.end,
                activity.metadata.clone(),
            )?;
        }
        clock.advance(Duration::from_secs(1));
    }

    session.stop_activity(Some(workout.end))?;
    builder.end_collection(workout.end)?;
    let again = builder.finish_workout()?.expect("no device is locked here");
    session.end()?;
    Ok((store, again))
}

/// Whether its only activity is the workout as a whole.
fn is_main(workout: &Workout) -> bool {
    matches!(workout.activities.as_slice(), [one] if one.configuration == workout.configuration
        && one.start == workout.start && one.end == Some(workout.end))
}
