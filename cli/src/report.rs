//! What a replay came to: the engine's numbers beside those of the device, in the shape that `run --json` prints.

use crate::failure::Failure;
use crate::mapping;
use crate::replay::{self, Observer, Outcome, ReplayOptions};
use crate::saved::{self, Numbers};
use paceline::{HealthStore, PacelineError, Timestamp, Uuid, Workout, WorkoutActivityType};
use paceline_formats::{DeviceTotals, Format, Place, ReadOptions, RecordedSession, Recording};
use serde::{Serialize, Serializer};
use std::path::Path;

/// What a replay came to. Serialised, it is the object that `paceline run --json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The file as it was named; nothing when the recording came from elsewhere.
    pub file: Option<String>,
    /// One entry for each recorded session, in the order of the file.
    pub sessions: Vec<SessionReport>,
    /// What was left out, and what else a reader should know.
    pub skipped: Vec<SkippedEntry>,
    /// The ids of the saved workouts by rising start.
    pub workouts: Vec<String>,
}

/// What the engine made of one recorded session. A leg of a multi-sport workout has the numbers of its activity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionReport {
    /// The activity type, as the engine names it.
    pub sport: &'static str,
    /// When it began.
    #[serde(serialize_with = "as_rfc_3339")]
    pub start: Timestamp,
    /// Seconds from start to end, pauses included.
    pub elapsed_s: f64,
    /// Seconds without pauses.
    pub timer_s: f64,
    /// Metres.
    pub distance_m: Option<f64>,
    /// Beats a minute, weighted by time, without pauses.
    pub hr_avg: Option<f64>,
    /// Beats a minute.
    pub hr_max: Option<f64>,
    /// How many samples were collected and saved.
    pub samples: u64,
    /// The laps by rising start.
    pub laps: Vec<LapReport>,
    /// The same as the file states it.
    pub device: DeviceReport,
    /// The id of the saved workout.
    pub workout: String,
}

/// One lap.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LapReport {
    /// When it began.
    #[serde(serialize_with = "as_rfc_3339")]
    pub start: Timestamp,
    /// Seconds without pauses.
    pub timer_s: Option<f64>,
    /// Metres.
    pub distance_m: Option<f64>,
}

/// What a file states about a session; each null when it does not.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DeviceReport {
    /// The sport in the words of the file.
    pub sport: Option<String>,
    /// When it began.
    #[serde(serialize_with = "as_optional_rfc_3339")]
    pub start: Option<Timestamp>,
    /// Seconds from start to end, pauses included.
    pub elapsed_s: Option<f64>,
    /// Seconds without pauses.
    pub timer_s: Option<f64>,
    /// Metres.
    pub distance_m: Option<f64>,
    /// Beats a minute.
    pub hr_avg: Option<f64>,
    /// Beats a minute.
    pub hr_max: Option<f64>,
    /// No format states how many samples a session has.
    pub samples: Option<u64>,
    /// The laps.
    pub laps: Option<Vec<LapReport>>,
}

/// Something that was left out, or should be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedEntry {
    /// Where it stands in a binary file, in bytes from its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Where it stands in a text file; the first line is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What it was and why, as a sentence without full stop.
    pub what: String,
}

impl Report {
    /// Reads back from the store what a replay left there.
    ///
    /// # Errors
    /// Domain `store` when it cannot be read.
    pub fn new(
        store: &HealthStore,
        recording: &Recording,
        outcome: &Outcome,
        file: Option<String>,
    ) -> Result<Self, PacelineError> {
        let mut sessions: Vec<(usize, SessionReport)> = Vec::with_capacity(recording.sessions.len());
        for replayed in &outcome.workouts {
            let workout = saved::workout(store, replayed.id)?;
            let parts = if replayed.sessions.len() == 1 {
                vec![Numbers::of_workout(&workout)]
            } else {
                workout.activities.iter().map(Numbers::of_activity).collect()
            };
            let about = replayed.sessions.iter().map(|session| {
                let recorded = &recording.sessions[session.index];
                (session.samples, DeviceReport::new(recorded, recording.format))
            });
            let told = session_reports(store, &workout, &parts, about)?;
            sessions.extend(replayed.sessions.iter().map(|session| session.index).zip(told));
        }
        sessions.sort_by_key(|(index, _)| *index);
        Ok(Self {
            file,
            sessions: sessions.into_iter().map(|(_, report)| report).collect(),
            skipped: skipped(recording, outcome),
            workouts: outcome.workouts.iter().map(|workout| workout.id.to_string()).collect(),
        })
    }

    /// Tells of saved workouts without their recording: nothing is known of what a device states.
    ///
    /// # Errors
    /// Domain `store` when they cannot be read.
    pub(crate) fn of_saved(
        store: &HealthStore,
        ids: impl Iterator<Item = Uuid>,
        file: Option<String>,
    ) -> Result<Self, PacelineError> {
        let (mut sessions, mut workouts) = (Vec::new(), Vec::new());
        for id in ids {
            let workout = saved::workout(store, id)?;
            let parts = if workout.configuration.activity_type == WorkoutActivityType::SwimBikeRun {
                workout.activities.iter().map(Numbers::of_activity).collect()
            } else {
                vec![Numbers::of_workout(&workout)]
            };
            let samples = saved::count_by_part(store, id, &parts)?;
            let about = samples.into_iter().map(|samples| (samples, DeviceReport::default()));
            sessions.extend(session_reports(store, &workout, &parts, about)?);
            workouts.push(id.to_string());
        }
        Ok(Self { file, sessions, skipped: Vec::new(), workouts })
    }
}

/// What the engine made of the parts of a workout; `about` has how many samples each has, and what a device states of it.
fn session_reports(
    store: &HealthStore,
    workout: &Workout,
    parts: &[Numbers],
    about: impl Iterator<Item = (u64, DeviceReport)>,
) -> Result<Vec<SessionReport>, PacelineError> {
    let laps = saved::laps(store, workout)?;
    let ends = parts.iter().skip(1).map(|next| next.start).chain([Timestamp::MAX]);
    let report = |((numbers, end), (samples, device)): ((&Numbers, Timestamp), (u64, DeviceReport))| {
        // A lap belongs to the leg in which it begins.
        let laps = laps.iter().filter(|lap| (numbers.start..end).contains(&lap.start));
        SessionReport {
            sport: numbers.activity.name(),
            start: numbers.start,
            elapsed_s: numbers.elapsed.as_secs_f64(),
            timer_s: numbers.timer.as_secs_f64(),
            distance_m: numbers.distance,
            hr_avg: numbers.heart_rate_average,
            hr_max: numbers.heart_rate_maximum,
            samples,
            laps: laps
                .map(|lap| LapReport {
                    start: lap.start,
                    timer_s: Some(lap.duration.as_secs_f64()),
                    distance_m: saved::lap_distance(lap, numbers),
                })
                .collect(),
            device,
            workout: workout.id.to_string(),
        }
    };
    Ok(parts.iter().zip(ends).zip(about).map(report).collect())
}

impl DeviceReport {
    /// What the file states about a session.
    pub fn new(session: &RecordedSession, format: Format) -> Self {
        let DeviceTotals { elapsed_s, timer_s, distance_m, hr_avg, hr_max, laps, .. } = &session.device;
        let laps: Vec<LapReport> = laps
            .iter()
            .map(|lap| LapReport {
                start: Timestamp::from_micros(lap.start_us),
                timer_s: lap.timer_s,
                distance_m: lap.distance_m,
            })
            .collect();
        // A track is only points; the others name the start of a session when they name its totals.
        let states_totals = format != Format::Gpx && (elapsed_s.is_some() || timer_s.is_some());
        Self {
            sport: mapping::sport_name(&session.sport).map(str::to_owned),
            start: states_totals.then(|| Timestamp::from_micros(session.start_us)),
            elapsed_s: *elapsed_s,
            timer_s: *timer_s,
            distance_m: *distance_m,
            hr_avg: *hr_avg,
            hr_max: *hr_max,
            samples: None,
            laps: (!laps.is_empty()).then_some(laps),
        }
    }

    /// Whether there is a number to hold the engine's against.
    pub fn states_totals(&self) -> bool {
        [self.elapsed_s, self.timer_s, self.distance_m, self.hr_avg, self.hr_max].iter().any(Option::is_some)
    }
}

fn skipped(recording: &Recording, outcome: &Outcome) -> Vec<SkippedEntry> {
    let in_file = recording.skipped.iter().map(|skipped| {
        let (byte, line) = match skipped.place {
            Place::Byte(byte) => (Some(byte), None),
            Place::Line(line) => (None, Some(line)),
        };
        SkippedEntry { byte, line, what: skipped.what.clone() }
    });
    let notes = outcome.notes.iter().map(|note| SkippedEntry { byte: None, line: None, what: note.clone() });
    in_file.chain(notes).collect()
}

/// Replays a recording as fast as possible into a fresh store in memory and reports what came out.
///
/// ```no_run
/// # fn main() -> Result<(), paceline_cli::Failure> {
/// let bytes = std::fs::read("morning.fit")?;
/// let report = paceline_cli::replay_bytes(&bytes, &paceline_formats::ReadOptions::strict())?;
/// for session in &report.sessions {
///     println!("{} {:?}", session.sport, session.distance_m);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When the bytes are no recording, or the engine refuses it.
pub fn replay_bytes(bytes: &[u8], options: &ReadOptions) -> Result<Report, Failure> {
    let recording = paceline_formats::read(bytes, options).map_err(|error| Failure::Recording {
        file: None,
        error,
        salvaged: options.salvage,
    })?;
    Ok(replay_recording(&recording, None, &mut ())?)
}

/// The same from a file.
///
/// # Errors
/// As [`replay_bytes`], and when the file cannot be read.
pub fn replay_file(path: &Path, options: &ReadOptions) -> Result<Report, Failure> {
    let recording = read_recording(path, options)?;
    let mut report = replay_recording(&recording, None, &mut ())?;
    report.file = Some(path.display().to_string());
    Ok(report)
}

/// Replays a recording as fast as possible into a fresh store, in this file or in memory, and reports what came out.
///
/// # Errors
/// Whatever the engine refuses.
pub fn replay_recording(
    recording: &Recording,
    store: Option<&Path>,
    observer: &mut dyn Observer,
) -> Result<Report, PacelineError> {
    let options = ReplayOptions::default();
    let clock = replay::clock_for(recording);
    let mut store_options = replay::store_options(&clock, options.speed);
    if let Some(path) = store {
        store_options = store_options.path(path);
    }
    let store = HealthStore::open(store_options)?;
    let outcome = replay::replay(&store, &clock, recording, &options, observer)?;
    Report::new(&store, recording, &outcome, None)
}

/// Reads a recording, saying which file it is about when that fails.
///
/// # Errors
/// When the file cannot be read or holds no recording.
pub fn read_recording(path: &Path, options: &ReadOptions) -> Result<Recording, Failure> {
    paceline_formats::read_file(path, options).map_err(|error| Failure::Recording {
        file: Some(path.display().to_string()),
        error,
        salvaged: options.salvage,
    })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
pub(crate) fn as_rfc_3339<S: Serializer>(date: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
fn as_optional_rfc_3339<S: Serializer>(date: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}
