//! One saved workout, all of it.

use super::list::Entry;
use super::{open_existing, print, print_json};
use crate::args::Global;
use crate::failure::Failure;
use crate::report::{LapReport, as_rfc_3339};
use crate::saved::{self, Numbers};
use crate::store_path;
use crate::summary;
use crate::text::format;
use crate::text::style::{Style, Tone};
use crate::text::table::Table;
use crate::view::View;
use paceline::{HealthStore, Timestamp, Uuid, WorkoutEventType};
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Page {
    store: String,
    #[serde(flatten)]
    workout: Entry,
    moving_s: Option<f64>,
    statistics: Vec<Counted>,
    activities: Vec<Activity>,
    laps: Vec<LapReport>,
    events: Vec<Event>,
}

#[derive(Serialize)]
struct Counted {
    #[serde(rename = "type")]
    kind: &'static str,
    unit: String,
    samples: u64,
    counted: u64,
    sum: Option<f64>,
    average: Option<f64>,
    minimum: Option<f64>,
    maximum: Option<f64>,
}

#[derive(Serialize)]
struct Activity {
    sport: &'static str,
    #[serde(serialize_with = "as_rfc_3339")]
    start: Timestamp,
    elapsed_s: f64,
    timer_s: f64,
    distance_m: Option<f64>,
    hr_avg: Option<f64>,
    hr_max: Option<f64>,
}

#[derive(Serialize)]
struct Event {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(serialize_with = "as_rfc_3339")]
    start: Timestamp,
    #[serde(serialize_with = "as_rfc_3339")]
    end: Timestamp,
}

pub(super) fn show(asked: &str, global: &Global) -> Result<(), Failure> {
    let path = store_path::resolve(global.store.as_deref())?;
    let Some(store) = open_existing(&path)? else {
        return Err(Failure::Other(format!(
            "there is no store at {}; make one with `paceline demo`, or name another with --store",
            path.display()
        )));
    };
    let view = View::read(&store, find(&store, asked)?)?;
    if global.json {
        return print_json(&page(&view, path.display().to_string()));
    }
    let style = Style::of_stdout();
    let mut text = summary::workout(&view, &[], style);
    for (name, table) in [("Events", events(&view)), ("Samples", samples(&view))] {
        if let Some(table) = table {
            let _ = write!(text, "\n{}\n{}", style.paint(name, Tone::Title), table.render(style));
        }
    }
    let place = format!("{} in {}", view.workout.id, path.display());
    let _ = writeln!(text, "\n{}", style.paint(&place, Tone::Faint));
    print(&text)
}

/// The one workout whose id begins like this.
fn find(store: &HealthStore, asked: &str) -> Result<Uuid, Failure> {
    let bare = |id: &str| id.to_ascii_lowercase().replace('-', "");
    let beginning = bare(asked);
    let ids = store.workout_ids()?;
    let mut found = ids.into_iter().filter(|id| bare(&id.to_string()).starts_with(&beginning));
    match (found.next(), found.next()) {
        _ if beginning.is_empty() => Err(Failure::Other(
            "the id is empty; take one from the list that `paceline workouts` prints".to_owned(),
        )),
        (Some(id), None) => Ok(id),
        (None, _) => Err(Failure::Other(format!(
            "no workout has an id that begins with {asked:?}; `paceline workouts` lists those there are"
        ))),
        (Some(_), Some(_)) => Err(Failure::Other(format!(
            "several workouts have ids that begin with {asked:?}; give more of the id"
        ))),
    }
}

fn page(view: &View, store: String) -> Page {
    let counted = view.workout.statistics.iter().map(|one| Counted {
        kind: one.quantity_type.name(),
        unit: one.quantity_type.stored_unit().to_string(),
        samples: view
            .samples
            .iter()
            .find(|(kind, _)| *kind == one.quantity_type)
            .map_or(0, |(_, count)| *count),
        counted: one.count,
        sum: one.sum,
        average: one.average,
        minimum: one.minimum,
        maximum: one.maximum,
    });
    let activities = view.workout.activities.iter().map(|activity| {
        let numbers = Numbers::of_activity(activity);
        Activity {
            sport: numbers.activity.name(),
            start: numbers.start,
            elapsed_s: numbers.elapsed.as_secs_f64(),
            timer_s: numbers.timer.as_secs_f64(),
            distance_m: numbers.distance,
            hr_avg: numbers.heart_rate_average,
            hr_max: numbers.heart_rate_maximum,
        }
    });
    let laps = view.laps.iter().map(|lap| {
        let whole = view.legs.iter().rev().find(|leg| leg.start <= lap.start).unwrap_or(&view.numbers);
        LapReport {
            start: lap.start,
            timer_s: Some(lap.duration.as_secs_f64()),
            distance_m: saved::lap_distance(lap, whole),
        }
    });
    let events = view.workout.events.iter().map(|event| Event {
        kind: event.event_type.name(),
        start: event.start,
        end: event.end,
    });
    Page {
        store,
        workout: Entry::new(&view.workout),
        moving_s: view.moving.map(|moving| moving.as_secs_f64()),
        statistics: counted.collect(),
        activities: activities.collect(),
        laps: laps.collect(),
        events: events.collect(),
    }
}

/// What happened, but for the laps, which have a table of their own.
fn events(view: &View) -> Option<Table> {
    let mut table = Table::new(["", "At", "For"]);
    let events = view.workout.events.iter().filter(|event| event.event_type != WorkoutEventType::Lap);
    let mut any = false;
    for event in events {
        any = true;
        let span = event.end.since(event.start).as_secs_f64();
        table.row([
            event.event_type.name().to_owned(),
            format::time(event.start.since(view.workout.start).as_secs_f64()),
            if span > 0.0 { format::time(span) } else { String::new() },
        ]);
    }
    any.then(|| table.without_empty_columns(""))
}

fn samples(view: &View) -> Option<Table> {
    if view.samples.is_empty() {
        return None;
    }
    let mut table = Table::new(["", "Saved", "Counted"]);
    for (kind, count) in &view.samples {
        let counted = saved::find(&view.workout.statistics, *kind).map_or(0, |one| one.count);
        table.row([kind.name().to_owned(), format::count(*count), format::count(counted)]);
    }
    Some(table)
}
