//! The table of saved workouts.

use super::{open_existing, print, print_json};
use crate::args::Global;
use crate::failure::Failure;
use crate::mapping;
use crate::report::as_rfc_3339;
use crate::saved::Numbers;
use crate::store_path;
use crate::text::format::{self, NOTHING};
use crate::text::style::{Style, Tone};
use crate::text::table::Table;
use paceline::{Timestamp, UnfinishedWorkout, Workout};
use serde::Serialize;
use std::path::Path;

/// How much of an id is shown; enough to tell thousands of workouts apart.
pub(super) const SHORT_ID: usize = 8;

#[derive(Serialize)]
struct Listing {
    store: String,
    workouts: Vec<Entry>,
}

/// A workout in a list, and at the head of its own page.
#[derive(Serialize)]
pub(super) struct Entry {
    id: String,
    sport: &'static str,
    #[serde(serialize_with = "as_rfc_3339")]
    start: Timestamp,
    #[serde(serialize_with = "as_rfc_3339")]
    end: Timestamp,
    elapsed_s: f64,
    timer_s: f64,
    distance_m: Option<f64>,
    hr_avg: Option<f64>,
    hr_max: Option<f64>,
}

impl Entry {
    pub(super) fn new(workout: &Workout) -> Self {
        let numbers = Numbers::of_workout(workout);
        Self {
            id: workout.id.to_string(),
            sport: numbers.activity.name(),
            start: workout.start,
            end: workout.end,
            elapsed_s: numbers.elapsed.as_secs_f64(),
            timer_s: numbers.timer.as_secs_f64(),
            distance_m: numbers.distance,
            hr_avg: numbers.heart_rate_average,
            hr_max: numbers.heart_rate_maximum,
        }
    }
}

pub(super) fn list(global: &Global) -> Result<(), Failure> {
    let path = store_path::resolve(global.store.as_deref())?;
    let (workouts, unfinished) = match open_existing(&path)? {
        Some(store) => (store.workouts()?, store.unfinished_workouts()?),
        None => (Vec::new(), Vec::new()),
    };
    if global.json {
        let workouts = workouts.iter().map(Entry::new).collect();
        return print_json(&Listing { store: path.display().to_string(), workouts });
    }
    let style = Style::of_stdout();
    let text = if workouts.is_empty() { nothing_yet(&path) } else { table(&workouts).render(style) };
    let unfinished = unfinished.iter().map(|one| format!("\n{}\n", style.paint(&going_on(one), Tone::Faint)));
    print(&(text + &unfinished.collect::<String>()))
}

/// One that is not in the list yet.
fn going_on(workout: &UnfinishedWorkout) -> String {
    let title = mapping::title(workout.configuration.activity_type);
    if workout.is_alive {
        return format!("{title} is going on in process {}", workout.process);
    }
    format!("{title} was cut off; `paceline recover` goes on with it")
}

fn nothing_yet(path: &Path) -> String {
    format!(
        "No workouts in {} yet. Make one with `paceline demo`, or replay a recording with `paceline run FILE`.\n",
        path.display()
    )
}

fn table(workouts: &[Workout]) -> Table {
    let mut table = Table::new(["Id", "Date (UTC)", "Activity", "Duration", "Distance", "Heart rate"])
        .left(1)
        .left(2)
        .spare(&[5, 4]);
    for workout in workouts {
        let numbers = Numbers::of_workout(workout);
        let text = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
        table.row([
            workout.id.to_string()[..SHORT_ID].to_owned(),
            format::short_date(workout.start),
            mapping::title(numbers.activity),
            format::time(numbers.timer.as_secs_f64()),
            text(numbers.distance.map(|metres| format::distance(metres, numbers.activity))),
            text(numbers.heart_rate_average.map(|rate| format!("{rate:.0} bpm"))),
        ]);
    }
    table
}
