//! Steps that only look.

use crate::script::{Arguments, Wrong};
use crate::stage::Player;
use crate::steps::{Played, builder_of};
use crate::telling::{self, told};
use paceline::{
    PacelineError, QuantitySample, QuantityType, SimulatedDevice, Uuid, WorkoutSessionRecord, WorkoutSnapshot,
};

pub(crate) fn session(player: &Player, verb: &str, arguments: &mut Arguments<'_>) -> Played {
    Ok(Some(match verb {
        "show" => show(player),
        "stats" => {
            let statistics = builder_of(player)?.statistics(arguments.quantity_type()?);
            vec![statistics.map_or_else(|| "none".to_owned(), |one| telling::statistics(&one))]
        }
        "elapsed" => {
            let builder = builder_of(player)?;
            let elapsed = match arguments.optional_time()? {
                Some(date) => builder.elapsed_time_at(date),
                None => builder.elapsed_time(),
            };
            vec![telling::span(elapsed)]
        }
        "types" => {
            let source = player.source.as_ref();
            let source = source.ok_or_else(|| format!("{} has no data source yet", player.name))?;
            vec![telling::types(&source.types_to_collect())]
        }
        "current" => current(player),
        "record" => told(WorkoutSessionRecord::from_json(&player.session.record().to_json()), |record| {
            vec![format!(
                "record {} {} {}{}",
                record.state,
                record.session_type,
                telling::configuration(&record.configuration),
                telling::dates(record.start_date, record.end_date)
            )]
        }),
        "kind" => vec![kind(player)],
        "durable" => {
            let word = |durable| if durable { "yes" } else { "no" };
            let (session, snapshot) = (player.session.is_durable(), player.session.snapshot().durable);
            vec![format!("durable session={} snapshot={}", word(session), word(snapshot))]
        }
        "payload" => vec![telling::payload(&player.session.payload())],
        _ => return Ok(None),
    }))
}

#[expect(deprecated, reason = "the scenarios play the whole surface")]
fn kind(player: &Player) -> String {
    format!("{} {}", player.session.activity_type(), player.session.location_type())
}

fn show(player: &Player) -> Vec<String> {
    let WorkoutSnapshot { state, session_type, start_date, end_date, .. } = player.session.snapshot();
    let mut lines = vec![format!("session {state} {session_type}{}", telling::dates(start_date, end_date))];
    if let Some(builder) = &player.builder {
        let snapshot = builder.snapshot();
        let dates = telling::dates(snapshot.collection_start, snapshot.collection_end);
        lines.push(format!("builder{dates} elapsed {}", telling::span(snapshot.elapsed)));
        lines.extend(telling::contents(
            &builder.workout_events(),
            snapshot.activities.iter().map(AsRef::as_ref),
            &snapshot.statistics,
            &builder.metadata(),
        ));
    }
    lines
}

fn current(player: &Player) -> Vec<String> {
    let activity = |whose: &str, activity: Option<paceline::WorkoutActivity>| match activity {
        Some(activity) => {
            let dates = telling::dates(Some(activity.start), None);
            format!("{whose} {}{dates}", telling::configuration(&activity.configuration))
        }
        None => format!("{whose} none"),
    };
    let mut lines = vec![activity("session", Some(player.session.current_activity()))];
    lines
        .extend(player.builder.iter().map(|builder| activity("builder", builder.current_workout_activity())));
    lines
}

pub(crate) fn device(device: &SimulatedDevice, verb: &str, arguments: &mut Arguments<'_>) -> Played {
    let store = device.store();
    Ok(Some(match verb {
        "mode" => {
            vec![format!("session mode {}", if device.in_session_mode() { "on" } else { "off" })]
        }
        "owner" => told(store.session_owner(), |owner| vec![telling::owner(owner.as_ref())]),
        "unfinished" => {
            told(store.unfinished_workouts(), |all| or_none(all.iter().map(telling::unfinished).collect()))
        }
        "workouts" => told(store.workouts(), |all| or_none(all.iter().flat_map(telling::workout).collect())),
        "samples" => samples(device, arguments)?,
        "split" => split(device, arguments)?,
        "count" => told(store.sample_count(), |count| vec![format!("{count} samples")]),
        _ => return Ok(None),
    }))
}

fn samples(device: &SimulatedDevice, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
    let index = arguments.whole_number("an index")?;
    let kind = arguments.quantity_type()?;
    of_workout(device, index, |id| {
        told(all_samples(device, id, kind), |all| or_none(all.iter().map(telling::sample).collect()))
    })
}

fn split(device: &SimulatedDevice, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
    let index = arguments.whole_number("an index")?;
    let mut borders = vec![arguments.time()?, arguments.time()?];
    while let Some(border) = arguments.optional_time()? {
        borders.push(border);
    }
    let parts: Vec<_> = borders.windows(2).map(|pair| (pair[0], pair[1])).collect();
    of_workout(device, index, |id| {
        told(device.store().statistics_over(id, &parts), |parts| {
            parts.iter().flat_map(telling::part).collect()
        })
    })
}

/// Looks at a saved workout, counted from the newest.
fn of_workout(
    device: &SimulatedDevice,
    index: usize,
    look: impl FnOnce(Uuid) -> Vec<String>,
) -> Result<Vec<String>, Wrong> {
    let ids = match device.store().workout_ids() {
        Ok(ids) => ids,
        refused => return Ok(telling::silent(refused)),
    };
    let id = index.checked_sub(1).and_then(|place| ids.get(place));
    id.map(|id| look(*id)).ok_or_else(|| format!("there is no workout {index}"))
}

/// Reads in small pages, so that a short scenario turns one.
fn all_samples(
    device: &SimulatedDevice,
    workout: Uuid,
    kind: QuantityType,
) -> Result<Vec<QuantitySample>, PacelineError> {
    let mut all: Vec<QuantitySample> = Vec::new();
    loop {
        let page = device.store().samples(workout, kind, all.last(), 2)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn or_none(lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() { vec!["none".to_owned()] } else { lines }
}
