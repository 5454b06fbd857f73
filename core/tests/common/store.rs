//! A store in a file, and looks at it past the engine.

use super::*;
use paceline::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Everything that lies in a folder.
pub(crate) fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    let path = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").path();
    entries.map(path).map(|path| (path.clone(), fs::read(&path).unwrap_or_default())).collect()
}

pub(crate) fn rig_at(path: &Path) -> Rig {
    Rig::with(|options| options.path(path))
}

/// A second look at the file, past the engine.
pub(crate) fn look(path: &Path) -> Connection {
    Connection::open(path).expect("a second connection")
}

pub(crate) fn count(path: &Path, what: &str) -> i64 {
    look(path).query_row(&format!("SELECT {what}"), [], |row| row.get(0)).expect("a number")
}

pub(crate) fn rows(path: &Path) -> i64 {
    count(path, "count(*) FROM sample")
}

pub(crate) fn beat(second: i64) -> QuantitySample {
    reading(QuantityType::HeartRate, 100.0, second)
}

/// A workout with something of everything.
pub(crate) fn rich_workout(rig: &Rig) -> Workout {
    let pool = WorkoutConfiguration::new(WorkoutActivityType::Swimming)
        .at(WorkoutSessionLocationType::Indoor)
        .in_pool(Quantity::new(25.0, MeasureUnit::meter()));
    let session = WorkoutSession::new(&rig.store, pool.clone()).expect("a session");
    let builder = session.associated_workout_builder().expect("a builder");
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&pool)))).expect("a data source");
    session.start_activity(None).expect("a start");
    builder.begin_collection(rig.store.now()).expect("collection");
    session.begin_new_activity(pool.clone(), at(0), text("set", "warm-up")).expect("an activity");
    rig.wait(50);
    session.pause().expect("a pause");
    rig.wait(10);
    session.resume().expect("a resume");
    session.begin_new_activity(pool, at(60), Metadata::new()).expect("an activity");
    rig.wait(40);
    let stroke = MetadataValue::Number(f64::from(SwimmingStrokeStyle::Butterfly.raw()));
    let lap = WorkoutEvent::over(WorkoutEventType::Lap, at(10), at(40))
        .with_metadata(Metadata::from([(metadata_keys::SWIMMING_STROKE_STYLE.to_owned(), stroke)]));
    builder.add_workout_events(vec![lap, event(WorkoutEventType::Marker, 70)]).expect("events");
    let metadata = [
        ("text", MetadataValue::Text("ünï\u{1F3CA}\n\"quoted\"\0".to_owned())),
        ("empty", MetadataValue::Text(String::new())),
        ("number", MetadataValue::Number(-2.5)),
        ("date", MetadataValue::Date(at(3))),
        ("quantity", MetadataValue::Quantity(Quantity::new(12.5, "kcal/(kg*hr)".parse().expect("a unit")))),
    ];
    builder
        .add_metadata(metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
        .expect("metadata");
    for second in 0..100 {
        rig.store
            .ingest_sample(&reading(QuantityType::HeartRate, 90.1 + f64::from(second as u8), second))
            .expect("a beat");
        rig.store
            .ingest_sample(&amount(QuantityType::DistanceSwimming, 0.7, second, second + 1))
            .expect("a distance");
    }
    rig.finish(&session)
}

pub(crate) fn batch(source: SourceId, number: u64, rows: usize) -> PackedBatchWriter {
    let mut batch = PackedBatchWriter::new(source, number);
    for row in 0..rows as i64 {
        batch.push(QuantityType::HeartRate, at(row), at(row), 100.0);
    }
    batch
}

pub(crate) trait Seconds {
    fn now_seconds(&self) -> i64;
}

impl Seconds for ManualClock {
    fn now_seconds(&self) -> i64 {
        shown(self.now()) / 1000
    }
}
