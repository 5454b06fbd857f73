//! One store, several languages: records a workout into a store file, or prints the workouts of one.
//!
//! ```sh
//! cargo run -p paceline --example shared_store record PATH
//! cargo run -p paceline --example shared_store read PATH
//! ```
//!
//! The other languages have the same program. Whoever recorded, each prints the same lines: newest first, dates in
//! microseconds since the Unix epoch, the duration in microseconds, values in thousandths.

use paceline::{
    HealthStore, LiveWorkoutDataSource, ManualClock, Metadata, MetadataValue, PacelineError, QuantitySample,
    QuantityType, StoreOptions, Timestamp, Workout, WorkoutActivityType, WorkoutConfiguration,
    WorkoutSession, WorkoutSessionLocationType,
};
use std::time::Duration;

fn main() -> Result<(), PacelineError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["record", path] => record(path),
        ["read", path] => read(path),
        _ => {
            eprintln!("usage: shared_store record|read PATH");
            std::process::exit(2);
        }
    }
}

/// A minute of running with a break of ten seconds, and a heart rate that rises every second.
fn record(path: &str) -> Result<(), PacelineError> {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    let store = HealthStore::open(StoreOptions::new().path(path).clock(&clock))?;
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running).at(WorkoutSessionLocationType::Outdoor);
    let session = WorkoutSession::new(&store, run.clone())?;
    let builder = session.associated_workout_builder()?;
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run))))?;

    session.start_activity(None)?;
    builder.begin_collection(store.now())?;
    for second in 0..60 {
        match second {
            20 => session.pause()?,
            30 => session.resume()?,
            _ => {}
        }
        let now = store.now();
        let beats = 120.0 + 0.5 * f64::from(second);
        store.ingest_sample(&QuantitySample::in_stored_unit(QuantityType::HeartRate, beats, now, now)?)?;
        clock.advance(Duration::from_secs(1));
    }
    builder
        .add_metadata(Metadata::from([("recorder".to_owned(), MetadataValue::Text("rust".to_owned()))]))?;
    session.stop_activity(None)?;
    builder.end_collection(store.now())?;
    builder.finish_workout()?;
    session.end()
}

fn read(path: &str) -> Result<(), PacelineError> {
    for workout in HealthStore::open_file(path)?.workouts()? {
        println!("{}", line(&workout));
    }
    Ok(())
}

/// A workout in one line.
fn line(workout: &Workout) -> String {
    let (kind, place) = (workout.configuration.activity_type, workout.configuration.location_type);
    let (start, end) = (workout.start.micros(), workout.end.micros());
    let (duration, events) = (workout.duration.as_micros(), workout.events.len());
    let heart = workout.statistics(QuantityType::HeartRate).map(|heart| {
        let thousandths = |value: Option<f64>| (value.unwrap_or(0.0) * 1000.0).round();
        format!(
            " heartRate count={} average={} minimum={} maximum={}",
            heart.count,
            thousandths(heart.average),
            thousandths(heart.minimum),
            thousandths(heart.maximum)
        )
    });
    let recorder = workout.metadata.get("recorder").map(|value| match value {
        MetadataValue::Text(recorder) => format!(" recorder={recorder}"),
        _ => " recorder=?".to_owned(),
    });
    let (heart, recorder) = (heart.unwrap_or_default(), recorder.unwrap_or_default());
    format!("{kind} {place} start={start} end={end} duration={duration} events={events}{heart}{recorder}")
}
