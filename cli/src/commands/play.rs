//! Replays a recording into the store of the person, and tells what came of it.

use super::{print, print_json};
use crate::args::Global;
use crate::failure::Failure;
use crate::origin::Origin;
use crate::progress::Progress;
use crate::replay::{self, Outcome, ReplayOptions, Speed};
use crate::report::{DeviceReport, Report};
use crate::store_path;
use crate::summary;
use crate::text::style::{Style, Tone};
use crate::view::View;
use paceline::{HealthStore, PacelineError};
use paceline_formats::Recording;
use std::path::Path;

pub(super) fn play(
    recording: &Recording,
    origin: Origin,
    file: Option<String>,
    speed: Speed,
    global: &Global,
) -> Result<(), Failure> {
    let path = store_path::resolve(global.store.as_deref())?;
    let is_new = matches!(path.try_exists(), Ok(false));
    store_path::make_folder(&path)?;
    let clock = replay::clock_for(recording);
    let store = HealthStore::open(replay::store_options(&clock, speed).path(&path))?;

    let mut progress = Progress::new();
    let options = ReplayOptions { speed, origin: Some(origin) };
    let replayed = replay::replay(&store, &clock, recording, &options, &mut progress);
    progress.clear();
    let outcome = match replayed {
        Ok(outcome) => outcome,
        Err(error) => {
            clean_up(store, is_new, &path);
            return Err(error.into());
        }
    };
    tell(&store, recording, &outcome, file, &path, global)
}

/// Prints what a replay came to.
pub(super) fn tell(
    store: &HealthStore,
    recording: &Recording,
    outcome: &Outcome,
    file: Option<String>,
    path: &Path,
    global: &Global,
) -> Result<(), Failure> {
    let report = Report::new(store, recording, outcome, file)?;
    if global.json {
        return print_json(&report);
    }
    print(&summarise(store, &report, outcome, path, Style::of_stdout())?)
}

/// A failed run leaves no store behind that it made itself, unless something whole is in it.
fn clean_up(store: HealthStore, is_new: bool, path: &Path) {
    let is_unfinished = |store: &HealthStore| !matches!(store.recover_active_workout_session(), Ok(None));
    let is_empty = store.workout_ids().is_ok_and(|ids| ids.is_empty()) && !is_unfinished(&store);
    drop(store);
    if is_new && is_empty {
        store_path::remove(path);
    }
}

fn summarise(
    store: &HealthStore,
    report: &Report,
    outcome: &Outcome,
    path: &Path,
    style: Style,
) -> Result<String, PacelineError> {
    let mut text = String::new();
    for workout in &outcome.workouts {
        let view = View::read(store, workout.id)?;
        let sessions = workout.sessions.iter().filter_map(|session| report.sessions.get(session.index));
        let devices: Vec<&DeviceReport> = sessions.map(|session| &session.device).collect();
        text.push_str(&summary::workout(&view, &devices, style));
        text.push('\n');
    }
    let skipped = summary::skipped(&report.skipped, style);
    if !skipped.is_empty() {
        text.push_str(&skipped);
        text.push('\n');
    }
    for id in &report.workouts {
        let short = &id[..super::list::SHORT_ID];
        text.push_str(&style.paint(&format!("Saved as {short} in {}", path.display()), Tone::Faint));
        text.push('\n');
    }
    Ok(text)
}
