//! Goes on with a replay that was killed.

use super::{play, print, print_json};
use crate::args::{Global, RecoverArgs};
use crate::failure::Failure;
use crate::mapping;
use crate::progress::Progress;
use crate::replay::{self, Found, Interrupted, Payload, ReplayOptions, Ticket};
use crate::report::Report;
use crate::store_path;
use crate::summary;
use crate::text::format;
use crate::text::style::{Style, Tone};
use crate::view::View;
use paceline::{Delivery, ErrorCode, HealthStore, StoreOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to do about a workout with which this program cannot go on.
const FINISH: &str = "save what is there with `paceline recover --finish`";

pub(super) fn recover(args: &RecoverArgs, global: &Global) -> Result<(), Failure> {
    let path = store_path::resolve(global.store.as_deref())?;
    let found = find(&path)?;
    if args.finish { finish(&found, &path, global) } else { go_on(&found, args, &path, global) }
}

fn find(path: &PathBuf) -> Result<Interrupted, Failure> {
    let nothing = || {
        let path = path.display();
        Failure::NothingToRecover(format!("nothing to recover: no workout was going on in {path}"))
    };
    if matches!(path.try_exists(), Ok(false)) {
        return Err(nothing());
    }
    match replay::find(StoreOptions::new().path(path))? {
        Found::Interrupted(found) => Ok(*found),
        Found::Nothing => Err(nothing()),
        Found::Living { process } => Err(Failure::Other(format!(
            "nothing to recover yet: the workout in {} is going on in process {process}; wait until it is saved, or end \
             that process",
            path.display(),
        ))),
    }
}

fn go_on(found: &Interrupted, args: &RecoverArgs, path: &Path, global: &Global) -> Result<(), Failure> {
    let ticket = ticket_of(found, path)?;
    let recording = ticket.origin.read_again(args.file.as_deref())?;
    let file = args.file.as_ref().map(|file| file.display().to_string()).or_else(|| ticket.origin.file());
    let clock = found.clock().unwrap_or_else(|| replay::clock_for(&recording));
    let speed = args.speed.unwrap_or(ticket.speed);
    let store = HealthStore::open(replay::store_options(&clock, speed).path(path))?;
    let taken_up = found.take_up(&store).map_err(|error| match error.code() {
        ErrorCode::AnotherWorkoutSessionStarted => Failure::Other(format!("{}; {FINISH}", error.message())),
        _ => error.into(),
    })?;
    if !global.json {
        let from = file.as_deref().unwrap_or("the made-up run");
        let how = format!("Going on with {from}");
        print(&told(found, replay::length_of(&recording, found), &how))?;
    }
    let options = ReplayOptions { speed, origin: Some(ticket.origin.clone()) };
    let mut progress = Progress::new();
    let outcome = replay::go_on(&store, &clock, &recording, &options, taken_up, &mut progress);
    progress.clear();
    let outcome = outcome?;
    play::tell(&store, &recording, &outcome, file, path, global)
}

/// The ticket of a workout with which this program can go on.
fn ticket_of<'a>(found: &'a Interrupted, path: &Path) -> Result<&'a Ticket, Failure> {
    let path = path.display();
    Err(Failure::Other(match &found.payload {
        Payload::Ticket(ticket) => return Ok(ticket),
        Payload::Newer => format!(
            "a newer release of paceline replayed the workout in {path}; go on with that release, or {FINISH}"
        ),
        Payload::Foreign => format!(
            "the workout in {path} was recorded by another app; open that app to go on with it, or {FINISH}"
        ),
    }))
}

fn finish(found: &Interrupted, path: &Path, global: &Global) -> Result<(), Failure> {
    let mut options = StoreOptions::new().delivery(Delivery::Poll).path(path);
    if let Some(clock) = found.clock() {
        options = options.clock(&clock);
    }
    let store = HealthStore::open(options)?;
    let workout = found.finish(&store)?;
    let (file, before) = match &found.payload {
        Payload::Ticket(ticket) => (ticket.origin.file(), ticket.before.clone()),
        Payload::Newer | Payload::Foreign => (None, Vec::new()),
    };
    if global.json {
        let ids = before.into_iter().chain(workout.map(|workout| workout.id));
        return print_json(&Report::of_saved(&store, ids, file)?);
    }
    let style = Style::of_stdout();
    let Some(workout) = workout else {
        return print(&told(found, None, "Nothing had been recorded, so that there is nothing to save"));
    };
    print(&told(found, None, "Saved as far as it came"))?;
    let text = summary::workout(&View::read(&store, workout.id)?, &[], style);
    let short = &workout.id.to_string()[..super::list::SHORT_ID];
    let place = style.paint(&format!("Saved as {short} in {}", path.display()), Tone::Faint);
    print(&format!("{text}\n{place}\n"))
}

/// What was found, and what becomes of it.
fn told(found: &Interrupted, whole: Option<Duration>, how: &str) -> String {
    let workout = &found.workout;
    let title = mapping::title(workout.configuration.activity_type);
    let what = match (workout.start_date, workout.last_date) {
        (Some(start), Some(last)) => {
            let after = format::time(last.since(start).as_secs_f64());
            let whole = whole.map(|whole| format!(" of {}", format::time(whole.as_secs_f64())));
            let (start, whole) = (format::date(start), whole.unwrap_or_default());
            format!("Found: {title} · {start} · cut off after {after}{whole}")
        }
        _ => format!("Found: {title} · cut off before it started"),
    };
    let style = Style::of_stdout();
    format!("{what}\n{}\n\n", style.paint(how, Tone::Faint))
}
