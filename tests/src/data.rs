//! The folder of real recordings, and its tables of what the devices themselves computed.

use serde::{Deserialize, de::DeserializeOwned};
use std::path::{Path, PathBuf};

/// The folder with the recordings. `PACELINE_DATA` names it; without that it is `shared/data` beside the checkout.
///
/// # Errors
/// A sentence on why there is none.
pub fn folder() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::var_os("PACELINE_DATA")
        .map_or_else(|| root.join("../shared/data"), |named| root.join(named));
    if folder.join("MANIFEST.csv").is_file() {
        return Ok(folder);
    }
    Err(format!(
        "there is no MANIFEST.csv in {}; PACELINE_DATA can name the folder of recordings",
        folder.display()
    ))
}

/// The folder, or nothing after saying what is skipped and why.
pub fn folder_or_skip(what: &str) -> Option<PathBuf> {
    match folder() {
        Ok(folder) => Some(folder),
        Err(why) => {
            println!("skipped: {what}, because {why}");
            None
        }
    }
}

/// A row of `MANIFEST.csv`: one file.
#[derive(Debug, Clone, Deserialize)]
pub struct File {
    /// Its path in the folder.
    pub file: String,
    /// `fit`, `tcx`, `gpx`, `apple-health` or `apple-health-route`.
    pub kind: String,
    /// `ok`, or what is wrong.
    pub quality: String,
    /// What matters for tests.
    pub flags: String,
    /// What was done to the file of a device to make this one.
    pub transform: String,
    /// From start to end in seconds. Several sessions are joined by `;`, here and below.
    pub total_elapsed_time: String,
    /// Without pauses, in seconds.
    pub total_timer_time: String,
    /// Metres.
    pub total_distance: String,
    /// Beats a minute.
    pub avg_heart_rate: String,
    /// Beats a minute.
    pub max_heart_rate: String,
    /// Computed from the readings: each holds until the next one.
    pub rec_hr_time_weighted: String,
    /// Computed from the readings.
    pub rec_hr_max: String,
}

impl File {
    /// Whether it was made from another one.
    pub fn is_derived(&self) -> bool {
        self.file.contains("/derived__")
    }

    /// Whether it is a recording that can be replayed, and not an export of a phone.
    pub fn is_recording(&self) -> bool {
        matches!(self.kind.as_str(), "fit" | "tcx" | "gpx")
    }
}

/// A row of `SESSIONS.csv`: one session of a FIT file, as its device summed it up.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// Its file.
    pub file: String,
    /// Its place in the file.
    pub session: usize,
    /// From start to end in seconds.
    pub total_elapsed_time: Option<f64>,
    /// Without pauses, in seconds.
    pub total_timer_time: Option<f64>,
    /// Metres.
    pub total_distance: Option<f64>,
    /// Beats a minute.
    pub avg_heart_rate: Option<f64>,
    /// Beats a minute.
    pub max_heart_rate: Option<f64>,
}

/// A row of `LAPS.csv`: one lap of a FIT or TCX file.
#[derive(Debug, Clone, Deserialize)]
pub struct Lap {
    /// Its file.
    pub file: String,
    /// Without pauses, in seconds.
    pub total_timer_time: Option<f64>,
    /// Metres.
    pub total_distance: Option<f64>,
}

/// A row of `APPLE_WORKOUTS.csv`: one workout of an export.
#[derive(Debug, Clone, Deserialize)]
pub struct AppleWorkout {
    /// Its file.
    pub file: String,
    /// Its place in the file.
    pub workout: usize,
    /// Its type, as exports name it.
    pub activity_type: String,
    /// The duration that the export states, in seconds.
    pub duration_s: f64,
    /// How many pauses it has.
    pub pause_events: usize,
    /// How many parts.
    pub workout_activities: usize,
}

/// Reads one of the tables.
///
/// # Panics
/// When it cannot be read.
pub fn table<Row: DeserializeOwned>(folder: &Path, name: &str) -> Vec<Row> {
    let path = folder.join(name);
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    reader.deserialize().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A number of a column that may be empty.
pub fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}
