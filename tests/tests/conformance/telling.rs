//! How values are written.

use crate::script::START;
use paceline::{
    IntervalStatistics, Metadata, MetadataValue, PacelineError, QuantitySample, SessionOwner, Statistics,
    Timestamp, TypeSet, UnfinishedWorkout, Workout, WorkoutActivity, WorkoutConfiguration, WorkoutEvent,
    WorkoutSwimmingLocationType,
};
use std::fmt::Write as _;
use std::time::Duration;

/// The lines that a call leaves behind: its error, or what is made of its value.
pub(crate) fn told<T>(result: Result<T, PacelineError>, lines: impl FnOnce(T) -> Vec<String>) -> Vec<String> {
    match result {
        Ok(value) => lines(value),
        Err(refusal) => vec![format!("error {}", error(&refusal))],
    }
}

/// The line of a call that returns nothing.
pub(crate) fn ok(result: Result<(), PacelineError>) -> Vec<String> {
    told(result, |()| vec!["ok".to_owned()])
}

/// The line of a call whose success goes without saying.
pub(crate) fn silent<T>(result: Result<T, PacelineError>) -> Vec<String> {
    told(result, |_| Vec::new())
}

pub(crate) fn error(error: &PacelineError) -> String {
    format!("{} {}", error.code().raw(), error.code().name())
}

pub(crate) fn date(date: Timestamp) -> String {
    format!("{}ms", date.micros_since(START).div_euclid(1000))
}

pub(crate) fn span(span: Duration) -> String {
    format!("{}ms", span.as_millis())
}

/// A number in thousandths, as an integer; halves go away from zero.
pub(crate) fn thousandths(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}

pub(crate) fn interval(start: Timestamp, end: Timestamp) -> String {
    if start == end {
        format!("at {}", date(start))
    } else {
        format!("from {} to {}", date(start), date(end))
    }
}

/// The dates that there are, each with its word before it.
pub(crate) fn dates(start: Option<Timestamp>, end: Option<Timestamp>) -> String {
    let from = start.map(|start| format!(" from {}", date(start)));
    let to = end.map(|end| format!(" to {}", date(end)));
    from.unwrap_or_default() + &to.unwrap_or_default()
}

pub(crate) fn configuration(configuration: &WorkoutConfiguration) -> String {
    let mut text = format!("{} {}", configuration.activity_type, configuration.location_type);
    if configuration.swimming_location_type != WorkoutSwimmingLocationType::Unknown {
        _ = write!(text, " water={}", configuration.swimming_location_type);
    }
    if let Some(length) = &configuration.lap_length {
        _ = write!(text, " lap={}m", thousandths(length.value()));
    }
    text
}

/// All entries, each after a space.
fn entries(metadata: &Metadata) -> String {
    let entry = |(key, value): (&String, &MetadataValue)| match value {
        MetadataValue::Text(text) => format!(" {key}=text:{text}"),
        MetadataValue::Number(number) => format!(" {key}=number:{}", thousandths(*number)),
        MetadataValue::Date(at) => format!(" {key}=date:{}", date(*at)),
        MetadataValue::Quantity(quantity) => {
            format!(" {key}=quantity:{}:{}", thousandths(quantity.value()), quantity.unit())
        }
    };
    metadata.iter().map(entry).collect()
}

pub(crate) fn event(event: &WorkoutEvent) -> String {
    format!("{} {}{}", event.event_type, interval(event.start, event.end), entries(&event.metadata))
}

pub(crate) fn types(types: &TypeSet) -> String {
    let names: Vec<_> = types.iter().map(paceline::QuantityType::name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(",") }
}

pub(crate) fn statistics(one: &Statistics) -> String {
    let mut text = format!(
        "statistics {} from {} to {} count {}",
        one.quantity_type,
        date(one.start),
        date(one.end),
        one.count
    );
    let values =
        [("sum", one.sum), ("average", one.average), ("minimum", one.minimum), ("maximum", one.maximum)];
    for (name, value) in values {
        if let Some(value) = value {
            _ = write!(text, " {name} {}", thousandths(value));
        }
    }
    if let Some(latest) = &one.most_recent {
        _ = write!(text, " latest {} {}", thousandths(latest.value), interval(latest.start, latest.end));
    }
    text
}

/// What a workout or a builder holds.
pub(crate) fn contents<'a>(
    events: &[WorkoutEvent],
    activities: impl IntoIterator<Item = &'a WorkoutActivity>,
    all_statistics: &[Statistics],
    metadata: &Metadata,
) -> Vec<String> {
    let mut lines: Vec<_> = events.iter().map(|one| format!("event {}", event(one))).collect();
    for activity in activities {
        let lasting = activity.end.map(|_| format!(" lasting {}", span(activity.duration)));
        lines.push(format!(
            "activity {}{}{}{}",
            configuration(&activity.configuration),
            dates(Some(activity.start), activity.end),
            lasting.unwrap_or_default(),
            entries(&activity.metadata)
        ));
        lines.extend(activity.statistics.iter().map(|one| format!("activity {}", statistics(one))));
    }
    lines.extend(all_statistics.iter().map(statistics));
    if !metadata.is_empty() {
        lines.push(format!("metadata{}", entries(metadata)));
    }
    lines
}

pub(crate) fn workout(workout: &Workout) -> Vec<String> {
    let head = format!(
        "workout {} from {} to {} lasting {}",
        configuration(&workout.configuration),
        date(workout.start),
        date(workout.end),
        span(workout.duration)
    );
    let contents = contents(&workout.events, &workout.activities, &workout.statistics, &workout.metadata);
    std::iter::once(head).chain(contents).collect()
}

pub(crate) fn owner(owner: Option<&SessionOwner>) -> String {
    let Some(owner) = owner else { return "owner none".to_owned() };
    let place = if owner.is_here { "here" } else { "elsewhere" };
    let life = if owner.is_alive { "alive" } else { "dead" };
    format!("owner {} {} {place} {life}", owner.state, configuration(&owner.configuration))
}

pub(crate) fn unfinished(workout: &UnfinishedWorkout) -> String {
    let place = if workout.is_here { "here" } else { "elsewhere" };
    let life = if workout.is_alive { "alive" } else { "dead" };
    format!(
        "unfinished {} {}{} {place} {life} {}",
        workout.state,
        configuration(&workout.configuration),
        dates(workout.start_date, workout.last_date),
        payload(&workout.payload)
    )
}

pub(crate) fn payload(payload: &[u8]) -> String {
    let text = if payload.is_empty() { "none".into() } else { String::from_utf8_lossy(payload) };
    format!("payload {text}")
}

pub(crate) fn part(part: &IntervalStatistics) -> Vec<String> {
    let head =
        format!("part from {} to {} lasting {}", date(part.start), date(part.end), span(part.duration));
    let statistics = part.statistics.iter().map(|one| format!("part {}", statistics(one)));
    std::iter::once(head).chain(statistics).collect()
}

pub(crate) fn sample(sample: &QuantitySample) -> String {
    format!(
        "sample {} {} {}",
        sample.quantity_type,
        thousandths(sample.value),
        interval(sample.start, sample.end)
    )
}
