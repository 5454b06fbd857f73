//! Workouts out of exports of the Health app, each played through a live session: the engine must state the duration that
//! the export states, and add up its parts to the whole.
//!
//! Dates in exports are whole seconds while durations are not, so that they agree within a second and no better. What an
//! export says about a part (one sum over its whole time) becomes one sample over that time.
#![allow(clippy::unwrap_used)]

use paceline::{
    HealthStore, LiveWorkoutDataSource, ManualClock, Metadata, PacelineError, QuantitySample, QuantityType,
    StoreOptions, Timestamp, WorkoutConfiguration, WorkoutEvent, WorkoutEventType, WorkoutSession,
};
use paceline_tests::apple_export::{Export, Sum, Workout};
use paceline_tests::data::{self, AppleWorkout, File};
use paceline_tests::score::{KnownMiss, Score, Tolerance};
use std::collections::BTreeMap;
use std::path::Path;

const DURATION: &str = "duration within a second";
const PART_DURATION: &str = "duration of a part within a second";
const PART_SUM: &str = "sum of a part as stated";
const WHOLE_SUM: &str = "sum of a workout as stated";
const COVERED_SUM: &str = "sum of the parts equals the workout's";
const HEART_RATES: &str = "heart rates between lowest and highest";

const KNOWN: &[KnownMiss] = &[
    KnownMiss {
        measure: DURATION,
        place: "apple-health/ashtom__hkimport-reduced.xml#35",
        reason: "an app wrote 30 minutes for a workout of 2 h 21 min, and no pause",
    },
    KnownMiss {
        measure: DURATION,
        place: "apple-health/ashtom__hkimport-reduced.xml#43",
        reason: "an app wrote one hour for a workout that ends when it starts",
    },
    KnownMiss {
        measure: DURATION,
        place: "apple-health/ashtom__hkimport-reduced.xml#45",
        reason: "an app wrote ten seconds less than passed, and no pause",
    },
];

const WITHIN_A_SECOND: Tolerance = Tolerance { share: 0.0, amount: 1.0 };
/// Sums in exports have six digits.
const SIX_DIGITS: Tolerance = Tolerance { share: 1e-5, amount: 0.0 };
const THE_SAME: Tolerance = Tolerance { share: 1e-9, amount: 0.0 };

#[test]
fn a_live_session_states_what_the_export_states() {
    let Some(folder) = data::folder_or_skip("workouts of the Health app") else { return };
    let mut score = Score::default();
    let (mut left_out, mut events) = (BTreeMap::new(), BTreeMap::new());
    let stated: Vec<AppleWorkout> = data::table(&folder, "APPLE_WORKOUTS.csv");
    let files: Vec<File> = data::table(&folder, "MANIFEST.csv");
    let mut played = 0;
    for file in files.iter().filter(|file| file.kind == "apple-health") {
        let export = read(&folder.join(&file.file));
        for what in &export.left_out {
            *left_out.entry(what.clone()).or_insert(0) += 1;
        }
        let of_file = stated.iter().filter(|row| row.file == file.file);
        assert_eq!(of_file.clone().count(), export.workouts.len(), "{}", file.file);
        for (row, workout) in of_file.zip(&export.workouts) {
            let place = format!("{}#{}", file.file, row.workout);
            assert!(row.activity_type.eq_ignore_ascii_case(workout.activity_type.name()), "{place}");
            assert!((workout.duration.as_secs_f64() - row.duration_s).abs() < 1e-3, "{place}");
            assert_eq!(workout.parts.len(), row.workout_activities, "{place}");
            let pauses = workout.events.iter().filter(|event| event.kind == WorkoutEventType::Pause);
            assert_eq!(pauses.count(), row.pause_events, "{place}");
            for event in &workout.events {
                *events.entry(event.kind.name()).or_insert(0) += 1;
            }
            check(&export, workout, &place, &mut score);
            played += 1;
        }
    }
    println!("{}", score.table(&format!("{played} workouts out of exports of the Health app"), KNOWN));
    println!("  their events: {events:?}");
    println!("  left out, because the engine has no type for it: {left_out:?}");
    let faults = score.faults(KNOWN, |file| files.iter().any(|row| row.file == file));
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(played, stated.len());
}

/// An export may be a fragment: workouts without anything around them.
fn read(path: &Path) -> Export {
    let text = std::fs::read_to_string(path).unwrap();
    Export::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn check(export: &Export, workout: &Workout, place: &str, score: &mut Score) {
    let rates: Vec<(Timestamp, f64)> = export
        .heart_rates
        .iter()
        .copied()
        .filter(|(at, _)| (workout.start..=workout.end).contains(at))
        .collect();
    let (store, saved) = play(workout, &rates).unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(store.workout(saved.id).unwrap().as_ref(), Some(&saved), "{place}: read back");
    assert_eq!(store.workouts().unwrap(), std::slice::from_ref(&saved), "{place}: listed");
    assert_eq!((saved.start, saved.end), (workout.start, workout.end), "{place}");
    // What the builder puts in by itself and what was added is all there, and nothing twice.
    assert_eq!(saved.events.len(), workout.events.len(), "{place}: events");

    let seconds = |duration: std::time::Duration| Some(duration.as_secs_f64());
    // A workout without length is right when it has none.
    if workout.duration.is_zero() {
        score.note(DURATION, place.to_owned(), saved.duration.is_zero(), || format!("{:?}", saved.duration));
    }
    score.compare(
        DURATION,
        place.to_owned(),
        seconds(saved.duration),
        seconds(workout.duration),
        WITHIN_A_SECOND,
    );
    for sum in &workout.sums {
        let place = format!("{place} {}", sum.kind);
        let whole = saved.statistics(sum.kind).and_then(|statistics| statistics.sum);
        score.compare(WHOLE_SUM, place, whole, Some(sum.value), SIX_DIGITS);
    }

    if !workout.parts.is_empty() {
        assert_eq!(saved.activities.len(), workout.parts.len(), "{place}: parts");
        for (index, (activity, part)) in saved.activities.iter().zip(&workout.parts).enumerate() {
            let place = format!("{place} part {index}");
            assert_eq!((activity.start, activity.end), (part.start, Some(part.end)), "{place}");
            let duration = seconds(activity.duration);
            score.compare(PART_DURATION, place.clone(), duration, seconds(part.duration), WITHIN_A_SECOND);
            for sum in &part.sums {
                let of_part = activity.statistics.iter().find(|one| one.quantity_type == sum.kind);
                let of_part = of_part.and_then(|statistics| statistics.sum);
                score.compare(PART_SUM, format!("{place} {}", sum.kind), of_part, Some(sum.value), THE_SAME);
            }
        }
    }
    let ends = saved.activities.iter().map(|activity| activity.end.unwrap());
    let starts = saved.activities.iter().skip(1).map(|activity| activity.start).chain([saved.end]);
    let covers = saved.activities[0].start == saved.start && ends.eq(starts);
    assert!(covers, "{place}: the parts of all of these workouts cover them");
    for statistics in &saved.statistics {
        let of_parts = saved.activities.iter().flat_map(|activity| &activity.statistics);
        let of_parts = of_parts.filter(|one| one.quantity_type == statistics.quantity_type);
        let parts: f64 = of_parts.filter_map(|one| one.sum).sum();
        let place = format!("{place} {}", statistics.quantity_type);
        score.compare(COVERED_SUM, place, Some(parts), statistics.sum, THE_SAME);
    }

    let running = rates.iter().filter(|(at, _)| !is_paused(&pauses(workout), *at)).map(|(_, rate)| *rate);
    if let Some((low, high)) = running.map(|rate| (rate, rate)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
        let found = saved.statistics(QuantityType::HeartRate).unwrap();
        let hit = found.minimum == Some(low)
            && found.maximum == Some(high)
            && found.average.is_some_and(|average| (low..=high).contains(&average));
        score.note(HEART_RATES, place.to_owned(), hit, || format!("{found:?} for {low} to {high}"));
    }
}

/// Something to tell the engine. Of what happens at one instant, the first in this list comes first.
enum Happening {
    Resume,
    BeginPart,
    Sample(QuantityType, Timestamp, f64),
    Event(WorkoutEvent),
    EndPart,
    Pause,
}

impl Happening {
    fn rank(&self) -> u8 {
        match self {
            Self::Resume => 0,
            Self::BeginPart => 1,
            Self::Sample(..) => 2,
            Self::Event(_) => 3,
            Self::EndPart => 4,
            Self::Pause => 5,
        }
    }
}

/// Plays a workout through a live session, everything at its time.
fn play(
    workout: &Workout,
    heart_rates: &[(Timestamp, f64)],
) -> Result<(HealthStore, paceline::Workout), PacelineError> {
    let clock = ManualClock::new(workout.start);
    let store = HealthStore::open(StoreOptions::new().clock(&clock))?;
    let configuration = WorkoutConfiguration::new(workout.activity_type);
    let session = WorkoutSession::new(&store, configuration.clone())?;
    let builder = session.associated_workout_builder().expect("a builder");
    let data_source = LiveWorkoutDataSource::new(Some(&configuration));
    let sums = workout.parts.iter().flat_map(|part| &part.sums).chain(&workout.sums);
    for kind in sums.map(|sum| sum.kind).chain([QuantityType::HeartRate]) {
        data_source.enable_collection(kind, None)?;
    }
    builder.set_data_source(Some(&data_source))?;
    session.start_activity(Some(workout.start))?;
    builder.begin_collection(workout.start)?;
    for (at, happening) in happenings(workout, heart_rates) {
        clock.advance_to(at);
        match happening {
            Happening::Resume => session.resume()?,
            Happening::Pause => session.pause()?,
            Happening::BeginPart => session.begin_new_activity(configuration.clone(), at, Metadata::new())?,
            Happening::EndPart => session.end_current_activity(at)?,
            Happening::Sample(kind, start, value) => {
                let ingested =
                    store.ingest_sample(&QuantitySample::in_stored_unit(kind, value, start, at)?)?;
                assert_eq!(ingested.collected, 1, "{kind} at {at}");
            }
            Happening::Event(event) => match event.event_type {
                WorkoutEventType::MotionPaused | WorkoutEventType::MotionResumed => {
                    session.report_event(event)?;
                }
                _ => builder.add_workout_events(vec![event])?,
            },
        }
    }
    clock.advance_to(workout.end);
    session.stop_activity(Some(workout.end))?;
    builder.end_collection(workout.end)?;
    let saved = builder.finish_workout()?.expect("no device is locked here");
    session.end()?;
    Ok((store, saved))
}

fn happenings(workout: &Workout, heart_rates: &[(Timestamp, f64)]) -> Vec<(Timestamp, Happening)> {
    let mut happenings = Vec::new();
    for event in &workout.events {
        // Whole seconds and exact durations together may lead out of the workout by less than a second.
        let end = event.end.min(workout.end);
        happenings.push(match event.kind {
            WorkoutEventType::Pause => (event.start, Happening::Pause),
            WorkoutEventType::Resume => (event.start, Happening::Resume),
            kind => (end, Happening::Event(WorkoutEvent::over(kind, event.start, end))),
        });
    }
    for (index, part) in workout.parts.iter().enumerate() {
        happenings.push((part.start, Happening::BeginPart));
        // Where the next one follows at once, it ends this one.
        if workout.parts.get(index + 1).is_some_and(|next| next.start > part.end) {
            happenings.push((part.end, Happening::EndPart));
        }
        for sum in &part.sums {
            happenings.push((part.end, Happening::Sample(sum.kind, part.start, sum.value)));
        }
    }
    if workout.parts.is_empty() {
        for sum in &workout.sums {
            spread(*sum, workout, &mut happenings);
        }
    }
    let readings =
        heart_rates.iter().map(|(at, rate)| (*at, Happening::Sample(QuantityType::HeartRate, *at, *rate)));
    happenings.extend(readings);
    happenings.sort_by_key(|(at, happening)| (*at, happening.rank()));
    happenings
}

/// An amount of a whole workout came about while it ran.
fn spread(sum: Sum, workout: &Workout, happenings: &mut Vec<(Timestamp, Happening)>) {
    let mut stretches = Vec::new();
    let mut since = workout.start;
    for (from, until) in pauses(workout) {
        stretches.push((since, from));
        since = until;
    }
    stretches.push((since, workout.end));
    let whole: i64 = stretches.iter().map(|(from, until)| until.micros_since(*from)).sum();
    let last = stretches.len() - 1;
    for (index, (from, until)) in stretches.into_iter().enumerate() {
        let share = match whole {
            // Without any time, it came about at once.
            0 => f64::from(u8::from(index == last)),
            _ => until.micros_since(from) as f64 / whole as f64,
        };
        if share > 0.0 {
            happenings.push((until, Happening::Sample(sum.kind, from, sum.value * share)));
        }
    }
}

/// The pauses by rising start; one that was never resumed lasts to the end.
fn pauses(workout: &Workout) -> Vec<(Timestamp, Timestamp)> {
    let (mut pauses, mut since) = (Vec::new(), None);
    for event in &workout.events {
        match event.kind {
            WorkoutEventType::Pause => since = since.or(Some(event.start)),
            WorkoutEventType::Resume => pauses.extend(since.take().map(|since| (since, event.start))),
            _ => {}
        }
    }
    pauses.extend(since.map(|since| (since, workout.end)));
    pauses
}

fn is_paused(pauses: &[(Timestamp, Timestamp)], at: Timestamp) -> bool {
    pauses.iter().any(|(from, until)| (*from..*until).contains(&at))
}
