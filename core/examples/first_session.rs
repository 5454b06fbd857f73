//! Your first session: half an hour of running under a clock that you move by hand.
//!
//! The same program in Swift, Kotlin and C stands beside this one in `docs/first-session.md`; all four print the same.

use paceline::{
    HealthStore, LiveWorkoutDataSource, ManualClock, PacelineError, QuantitySample, QuantityType,
    StoreOptions, Timestamp, WorkoutActivityType, WorkoutConfiguration, WorkoutSession,
    WorkoutSessionDelegate, WorkoutSessionLocationType, WorkoutSessionState,
};
use std::sync::Arc;
use std::time::Duration;

const START: Timestamp = Timestamp::from_seconds(1_700_000_000);
const MINUTE: Duration = Duration::from_secs(60);

/// Minutes and seconds.
fn time(span: Duration) -> String {
    format!("{:02}:{:02}", span.as_secs() / 60, span.as_secs() % 60)
}

/// Hears what happens to the session.
struct Teller;

impl WorkoutSessionDelegate for Teller {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        println!("{} {from} -> {to}", time(date.since(START)));
    }
}

fn main() -> Result<(), PacelineError> {
    // A store in memory, on a clock that stands until it is advanced. An app opens a file, on the clock of the machine.
    let clock = ManualClock::new(START);
    let store = HealthStore::open(StoreOptions::new().clock(&clock))?;

    // A session controls the workout; its builder gathers what becomes of it.
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running).at(WorkoutSessionLocationType::Outdoor);
    let session = WorkoutSession::new(&store, run.clone())?;
    let builder = session.associated_workout_builder()?;
    session.set_delegate(Some(Arc::new(Teller)));
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run))))?;

    session.start_activity(None)?;
    builder.begin_collection(store.now())?;

    for minute in 0..30 {
        match minute {
            10 => session.pause()?,
            12 => session.resume()?,
            _ => {}
        }
        let begin = store.now();
        clock.advance(MINUTE); // also delivers callbacks
        if minute == 10 || minute == 11 {
            continue;
        }
        // What sensors measured goes into the store; the data source picks what belongs to the workout.
        let beats = 120.0 + f64::from(minute);
        store.ingest_sample(&QuantitySample::in_stored_unit(
            QuantityType::HeartRate,
            beats,
            begin,
            begin,
        )?)?;
        store.ingest_sample(&QuantitySample::in_stored_unit(
            QuantityType::DistanceWalkingRunning,
            190.0,
            begin,
            store.now(),
        )?)?;
    }

    session.stop_activity(None)?;
    builder.end_collection(store.now())?;
    let workout = builder.finish_workout()?.expect("the device is not locked");
    session.end()?;
    store.poll();

    let whole = workout.end.since(workout.start);
    println!("{}, {} of {}", workout.configuration.activity_type, time(workout.duration), time(whole));
    if let Some(heart) = workout.statistics(QuantityType::HeartRate) {
        let (average, highest) = (heart.average.unwrap_or(0.0), heart.maximum.unwrap_or(0.0));
        println!("heart rate {average:.0} on average, {highest:.0} at most");
    }
    if let Some(distance) = workout.statistics(QuantityType::DistanceWalkingRunning) {
        println!("distance {:.0} m", distance.sum.unwrap_or(0.0));
    }
    Ok(())
}
