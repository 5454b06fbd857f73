//! Every recording of the data folder through the whole engine, against what the devices computed themselves.
//!
//! # What is counted
//!
//! A device states its totals for each session of a FIT file. The bar counts these sessions, in files of quality `ok` that no
//! operation made from another file and that have neither of the flags `absurd-duration` and `timer-exceeds-elapsed`. Flags
//! are also derived here ([`is_impossible`]): a timer that ran more than 1 % and more than 2 s longer than the session
//! lasted, or a session of more than 31 days. A total of 0 means that the device did not measure.
//!
//! * Timer time: every session whose device states one.
//! * Heart rate and distance: sessions that lasted two minutes at least. In shorter ones, a device rounds away as much as
//!   the tolerance, and ends later than its last reading by as much. An average needs more than one reading behind it (one
//!   swim has a single one).
//! * Paused: of the averages, those of sessions that lasted over 30 s longer than their timer ran.
//! * Distance: only in files with one session.
//!
//! These rules give the totals of the bar. The wide counts below it keep every session of every format instead; a TCX file
//! counts as a whole, by the sums over its laps, and for GPX files, which state nothing, the data folder has numbers that
//! were computed from their points.
#![allow(clippy::unwrap_used)]

use paceline::{Durability, Entropy, HealthStore, QuantityType, StoreOptions, Workout, WorkoutEventType};
use paceline_cli::replay::{self, ReplayOptions};
use paceline_cli::{Failure, Report, SessionReport};
use paceline_formats::{Channel, FormatError, ReadOptions, Recording};
use paceline_tests::data::{self, File, Lap, Session, number};
use paceline_tests::score::{Count, KnownMiss, Score, Tolerance};
use paceline_tests::second_telling;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const TIMER: &str = "timer time";
const AVERAGE: &str = "average heart rate";
const PAUSED_AVERAGE: &str = "average heart rate, paused over 30 s";
const MAXIMUM: &str = "maximum heart rate";
const DISTANCE: &str = "distance, one session a file";

/// What can be reached, and must be.
const BAR: &[(&str, Count)] = &[
    (TIMER, Count { hits: 48, of: 50 }),
    (AVERAGE, Count { hits: 28, of: 28 }),
    (PAUSED_AVERAGE, Count { hits: 9, of: 9 }),
    (MAXIMUM, Count { hits: 30, of: 30 }),
    (DISTANCE, Count { hits: 28, of: 29 }),
];

const TIME_TOLERANCE: Tolerance = Tolerance { share: 0.01, amount: 2.0 };
const AVERAGE_TOLERANCE: Tolerance = Tolerance { share: 0.01, amount: 1.0 };
const MAXIMUM_TOLERANCE: Tolerance = Tolerance { share: 0.0, amount: 1.0 };
const DISTANCE_TOLERANCE: Tolerance = Tolerance { share: 0.01, amount: 0.0 };

/// Misses against the bar.
const KNOWN: &[KnownMiss] =
    &[KnownMiss { measure: TIMER, place: "fit/roznet__activity_424479793.fit#0", reason: REST_LAPS }];
const REST_LAPS: &str =
    "the timer events of this pool swim say that it stood during the rests; its totals count them in";

const FIT_TIMER: &str = "FIT, timer time";
const FIT_AVERAGE: &str = "FIT, average heart rate";
const FIT_MAXIMUM: &str = "FIT, maximum heart rate";
const FIT_DISTANCE: &str = "FIT, distance";
const TCX_TIMER: &str = "TCX, timer time";
const TCX_AVERAGE: &str = "TCX, average heart rate";
const TCX_MAXIMUM: &str = "TCX, maximum heart rate";
const TCX_DISTANCE: &str = "TCX, distance";
const GPX_ELAPSED: &str = "GPX, elapsed time";
const GPX_TIMER: &str = "GPX, timer time";
const GPX_AVERAGE: &str = "GPX, average heart rate";
const GPX_MAXIMUM: &str = "GPX, maximum heart rate";
const GPX_DISTANCE: &str = "GPX, distance";

/// Misses of the wide counts.
const KNOWN_WIDE: &[KnownMiss] = &[
    KnownMiss { measure: FIT_TIMER, place: "fit/roznet__activity_424479793.fit#0", reason: REST_LAPS },
    KnownMiss {
        measure: GPX_DISTANCE,
        place: "gpx/tkrajina__cerknicko-without-times.gpx",
        reason: "of 296 points five have a time, so nobody knows when the rest were passed; the table counts them",
    },
    KnownMiss {
        measure: GPX_DISTANCE,
        place: "gpx/tkrajina__korita-zbevnica.gpx",
        reason: "one of its three segments has no time, so nobody knows when it was walked; the table counts it",
    },
];

const LAP_NUMBER: &str = "number of laps";
const LAP_TIMER: &str = "timer time of a lap";
const LAP_DISTANCE: &str = "distance of a lap";
const LAP_DISTANCE_TOLERANCE: Tolerance = Tolerance { share: 0.01, amount: 10.0 };

/// What is reached.
const LAP_BAR: &[(&str, Count)] = &[
    (LAP_NUMBER, Count { hits: 49, of: 49 }),
    (LAP_TIMER, Count { hits: 227, of: 235 }),
    (LAP_DISTANCE, Count { hits: 205, of: 205 }),
];

/// Laps that differ, by file and lap.
const KNOWN_LAPS: &[KnownMiss] = &[
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#1", reason: REST_LAPS },
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#3", reason: REST_LAPS },
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#5", reason: REST_LAPS },
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#7", reason: REST_LAPS },
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#9", reason: REST_LAPS },
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#11", reason: REST_LAPS },
    KnownMiss { measure: LAP_TIMER, place: "fit/roznet__activity_424479793.fit#13", reason: REST_LAPS },
    KnownMiss {
        measure: LAP_TIMER,
        place: "fit/roznet__activity_1378220136.fit#6",
        reason: "by its start and length this last lap would end 3 s after the session does; it ends with the session",
    },
];

/// A session that cannot have been as its device says, by the same two flags as in the manifest.
fn is_impossible(session: &Session) -> bool {
    let elapsed = session.total_elapsed_time.unwrap_or(f64::MAX);
    let timer = session.total_timer_time.unwrap_or(0.0);
    let exceeds = timer > elapsed + 2.0 && timer > elapsed * 1.01;
    let longest = session.total_elapsed_time.unwrap_or(0.0).max(timer);
    exceeds || longest > 31.0 * 86_400.0
}

/// A recording of the folder.
struct Source {
    row: File,
    path: PathBuf,
}

fn sources(folder: &Path) -> Vec<Source> {
    let rows: Vec<File> = data::table(folder, "MANIFEST.csv");
    let rows = rows.into_iter().filter(File::is_recording);
    rows.map(|row| Source { path: folder.join(&row.file), row }).collect()
}

impl Source {
    fn is_ok(&self) -> bool {
        self.row.quality == "ok"
    }

    /// The recording, salvaged where it is damaged; nothing where nothing is whole.
    fn recording(&self) -> Option<Recording> {
        let options = if self.is_ok() { ReadOptions::strict() } else { ReadOptions::salvage() };
        paceline_formats::read_file(&self.path, &options).ok()
    }

    fn replayed(&self) -> Report {
        paceline_cli::replay_file(&self.path, &ReadOptions::strict())
            .unwrap_or_else(|error| panic!("{}: {error}", self.row.file))
    }
}

/// What a file of this quality gives when it is read strictly.
fn is_the_right_error(quality: &str, error: &FormatError) -> bool {
    match quality {
        "no-session" => matches!(error, FormatError::NoActivity { .. }),
        "not-fit" => matches!(error, FormatError::Unrecognised { .. }),
        _ => matches!(error, FormatError::Damaged { .. }) && error.place().is_some(),
    }
}

#[test]
fn what_is_whole_is_replayed_and_what_is_not_says_so() {
    let Some(folder) = data::folder_or_skip("real recordings") else { return };
    let (mut whole, mut refused, mut salvaged) = (0, 0, 0);
    for source in sources(&folder) {
        let name = &source.row.file;
        let strict = paceline_cli::replay_file(&source.path, &ReadOptions::strict());
        if source.is_ok() {
            let report = strict.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!report.sessions.is_empty(), "{name}");
            whole += 1;
            continue;
        }
        let Err(Failure::Recording { error, .. }) = strict else { panic!("{name} is {strict:?}") };
        assert!(is_the_right_error(&source.row.quality, &error), "{name}: {error}");
        refused += 1;
        match paceline_cli::replay_file(&source.path, &ReadOptions::salvage()) {
            Ok(report) => {
                assert!(error.salvageable(), "{name}: {error}");
                assert!(report.sessions.iter().any(|session| session.samples > 0), "{name}");
                assert!(!report.skipped.is_empty(), "{name}: it says what it left out");
                salvaged += 1;
            }
            Err(again) => assert!(!error.salvageable(), "{name}: {again}"),
        }
    }
    println!(
        "\n{whole} whole recordings replayed; {refused} others refused, something salvaged of {salvaged} of them"
    );
    assert!(whole > 0);
}

#[test]
fn numbers_are_those_of_the_devices() {
    let Some(folder) = data::folder_or_skip("real recordings") else { return };
    let rows: Vec<Session> = data::table(&folder, "SESSIONS.csv");
    let (mut score, mut wide) = (Score::default(), Score::default());
    let sources = sources(&folder);
    for source in sources.iter().filter(|source| source.is_ok()) {
        let report = source.replayed();
        match source.row.kind.as_str() {
            "fit" => {
                let rows: Vec<_> = rows.iter().filter(|row| row.file == source.row.file).collect();
                assert_eq!(rows.len(), report.sessions.len(), "{}: sessions", source.row.file);
                let recording = source.recording().unwrap();
                for (row, session) in rows.iter().zip(&report.sessions) {
                    same_totals(row, session);
                    count_wide(row, session, &mut wide);
                    let flags = &source.row.flags;
                    let flagged =
                        flags.contains("absurd-duration") || flags.contains("timer-exceeds-elapsed");
                    if !source.row.is_derived() && !flagged && !is_impossible(row) {
                        count(row, session, &recording, &mut score);
                    }
                }
            }
            "tcx" => count_tcx(&source.row, &report, &mut wide),
            _ => count_gpx(&source.row, &report, &mut wide),
        }
    }
    let is_there = |file: &str| sources.iter().any(|source| source.row.file == file);
    println!("{}", score.table("sessions as their devices summed them up", KNOWN));
    println!("{}", wide.table("the same over all sessions, and over all formats", KNOWN_WIDE));
    let mut faults = score.faults(KNOWN, is_there);
    faults.extend(wide.faults(KNOWN_WIDE, is_there));
    assert!(faults.is_empty(), "{faults:#?}");
    reaches(&score, BAR);
}

/// Another data folder may hold more.
fn reaches(score: &Score, bar: &[(&str, Count)]) {
    for (measure, bar) in bar {
        let count = score.count(measure);
        assert!(count.hits >= bar.hits && count.of >= bar.of, "{measure}: {count:?} is below {bar:?}");
    }
}

/// The reader must find the totals that the table has; else the engine would be held against the wrong numbers.
fn same_totals(row: &Session, session: &SessionReport) {
    let device = &session.device;
    for (name, found, expected) in [
        ("elapsed", device.elapsed_s, row.total_elapsed_time),
        ("timer", device.timer_s, row.total_timer_time),
        ("distance", device.distance_m, row.total_distance),
        ("average", device.hr_avg, row.avg_heart_rate),
        ("maximum", device.hr_max, row.max_heart_rate),
    ] {
        // A total of 0 may be left out.
        let (found, expected) = (found.unwrap_or(0.0), expected.unwrap_or(0.0));
        assert!(
            (found - expected).abs() < 2e-3,
            "{}#{} {name}: {found}, not {expected}",
            row.file,
            row.session
        );
    }
}

fn count(row: &Session, session: &SessionReport, recording: &Recording, score: &mut Score) {
    let place = || format!("{}#{}", row.file, row.session);
    score.compare(TIMER, place(), Some(session.timer_s), row.total_timer_time, TIME_TOLERANCE);
    // Some devices state only one of the two.
    let (elapsed, timer) = (row.total_elapsed_time, row.total_timer_time);
    if elapsed.or(timer).unwrap_or(0.0) < 120.0 {
        return;
    }
    let samples = &recording.sessions[row.session].samples;
    if samples.iter().filter(|sample| sample.channel == Channel::HeartRate).count() > 1 {
        score.compare(AVERAGE, place(), session.hr_avg, row.avg_heart_rate, AVERAGE_TOLERANCE);
        if elapsed.zip(timer).is_some_and(|(elapsed, timer)| elapsed - timer > 30.0) {
            score.compare(PAUSED_AVERAGE, place(), session.hr_avg, row.avg_heart_rate, AVERAGE_TOLERANCE);
        }
    }
    score.compare(MAXIMUM, place(), session.hr_max, row.max_heart_rate, MAXIMUM_TOLERANCE);
    if recording.sessions.len() == 1 {
        score.compare(DISTANCE, place(), session.distance_m, row.total_distance, DISTANCE_TOLERANCE);
    }
}

fn count_wide(row: &Session, session: &SessionReport, wide: &mut Score) {
    let place = || format!("{}#{}", row.file, row.session);
    wide.compare(FIT_TIMER, place(), Some(session.timer_s), row.total_timer_time, TIME_TOLERANCE);
    wide.compare(FIT_AVERAGE, place(), session.hr_avg, row.avg_heart_rate, AVERAGE_TOLERANCE);
    wide.compare(FIT_MAXIMUM, place(), session.hr_max, row.max_heart_rate, MAXIMUM_TOLERANCE);
    wide.compare(FIT_DISTANCE, place(), session.distance_m, row.total_distance, DISTANCE_TOLERANCE);
}

fn count_tcx(row: &File, report: &Report, wide: &mut Score) {
    let place = || row.file.clone();
    let [session] = report.sessions.as_slice() else { panic!("{}: one session", row.file) };
    let timer = Some(session.timer_s);
    wide.compare(TCX_TIMER, place(), timer, number(&row.total_timer_time), TIME_TOLERANCE);
    wide.compare(TCX_AVERAGE, place(), session.hr_avg, number(&row.avg_heart_rate), AVERAGE_TOLERANCE);
    wide.compare(TCX_MAXIMUM, place(), session.hr_max, number(&row.max_heart_rate), MAXIMUM_TOLERANCE);
    wide.compare(TCX_DISTANCE, place(), session.distance_m, number(&row.total_distance), DISTANCE_TOLERANCE);
}

/// The distance of a track of some metres is written with one decimal.
fn count_gpx(row: &File, report: &Report, wide: &mut Score) {
    let place = || row.file.clone();
    let [session] = report.sessions.as_slice() else { panic!("{}: one session", row.file) };
    let exact = Tolerance { share: 0.0, amount: 0.05 };
    let time = Tolerance { share: 0.0, amount: 1e-3 };
    wide.compare(GPX_ELAPSED, place(), Some(session.elapsed_s), number(&row.total_elapsed_time), time);
    wide.compare(GPX_TIMER, place(), Some(session.timer_s), number(&row.total_timer_time), time);
    wide.compare(GPX_AVERAGE, place(), session.hr_avg, number(&row.rec_hr_time_weighted), exact);
    wide.compare(GPX_MAXIMUM, place(), session.hr_max, number(&row.rec_hr_max), exact);
    wide.compare(GPX_DISTANCE, place(), session.distance_m, number(&row.total_distance), exact);
}

#[test]
fn laps_are_those_of_the_devices() {
    let Some(folder) = data::folder_or_skip("real recordings") else { return };
    let rows: Vec<Lap> = data::table(&folder, "LAPS.csv");
    let mut score = Score::default();
    let sources = sources(&folder);
    for source in sources.iter().filter(|source| source.is_ok()) {
        let expected: Vec<_> = rows.iter().filter(|row| row.file == source.row.file).collect();
        if expected.is_empty() {
            continue;
        }
        let report = source.replayed();
        let laps: Vec<_> = report.sessions.iter().flat_map(|session| &session.laps).collect();
        let hit = laps.len() == expected.len();
        score.note(LAP_NUMBER, source.row.file.clone(), hit, || {
            format!("{} of {}", laps.len(), expected.len())
        });
        for (index, (lap, row)) in laps.iter().zip(&expected).enumerate() {
            let place = || format!("{}#{index}", source.row.file);
            score.compare(LAP_TIMER, place(), lap.timer_s, row.total_timer_time, TIME_TOLERANCE);
            score.compare(LAP_DISTANCE, place(), lap.distance_m, row.total_distance, LAP_DISTANCE_TOLERANCE);
        }
    }
    println!("{}", score.table("laps as the devices wrote them", KNOWN_LAPS));
    let faults = score.faults(KNOWN_LAPS, |file| sources.iter().any(|source| source.row.file == file));
    assert!(faults.is_empty(), "{faults:#?}");
    reaches(&score, LAP_BAR);
}

/// Replays a recording into a store with these options. The ids are the same every time.
fn replay_with(recording: &Recording, adjust: impl FnOnce(StoreOptions) -> StoreOptions) -> HealthStore {
    let clock = replay::clock_for(recording);
    let options = ReplayOptions::default();
    let store_options = replay::store_options(&clock, options.speed).entropy(Entropy::Seeded(7));
    let store = HealthStore::open(adjust(store_options)).unwrap();
    replay::replay(&store, &clock, recording, &options, &mut ()).unwrap();
    store
}

/// Every recording that something can be made of.
fn recordings(folder: &Path) -> impl Iterator<Item = (String, Recording)> {
    sources(folder).into_iter().filter_map(|source| Some((source.row.file.clone(), source.recording()?)))
}

#[test]
fn saved_workouts_add_up() {
    let Some(folder) = data::folder_or_skip("real recordings") else { return };
    let (mut workouts, mut covered, mut samples) = (0, 0, 0);
    for (name, recording) in recordings(&folder) {
        let clock = replay::clock_for(&recording);
        let options = ReplayOptions::default();
        let store = HealthStore::open(replay::store_options(&clock, options.speed)).unwrap();
        let outcome = replay::replay(&store, &clock, &recording, &options, &mut ()).unwrap();
        let report = Report::new(&store, &recording, &outcome, None).unwrap();
        let saved_workouts = store.workouts().unwrap();
        assert_eq!(saved_workouts.len(), report.workouts.len(), "{name}");
        for workout in &saved_workouts {
            assert_eq!(store.workout(workout.id).unwrap().as_ref(), Some(workout), "{name}");
            time_adds_up(&name, workout, &report);
            covered += usize::from(activities_add_up(&name, workout));
            let id = workout.id.to_string();
            let reported: u64 = report
                .sessions
                .iter()
                .filter(|session| session.workout == id)
                .map(|session| session.samples)
                .sum();
            let in_store = second_telling::samples(&store, workout).unwrap();
            assert_eq!(in_store.len() as u64, reported, "{name}: samples");
            for statistics in &workout.statistics {
                let kind = statistics.quantity_type;
                let of_kind = in_store.iter().filter(|sample| sample.quantity_type == kind).count() as u64;
                assert!((1..=of_kind).contains(&statistics.count), "{name}: {kind} counts {statistics:?}");
            }
            samples += reported;
            workouts += 1;
        }
    }
    println!(
        "\n{workouts} saved workouts with {samples} samples add up; in {covered} of them several activities cover the whole"
    );
}

/// The duration is what the saved events make of start and end.
fn time_adds_up(name: &str, workout: &Workout, report: &Report) {
    let (mut paused, mut since) = (Duration::ZERO, None);
    for event in &workout.events {
        match event.event_type {
            WorkoutEventType::Pause => since = since.or(Some(event.start)),
            WorkoutEventType::Resume => {
                paused += since.take().map_or(Duration::ZERO, |since| event.start.since(since));
            }
            _ => {}
        }
    }
    paused += since.map_or(Duration::ZERO, |since| workout.end.since(since));
    let running = workout.end.since(workout.start).saturating_sub(paused);
    assert!(
        running.abs_diff(workout.duration) <= Duration::from_millis(1),
        "{name}: {running:?} by its events"
    );
    let id = workout.id.to_string();
    let sessions: Vec<_> = report.sessions.iter().filter(|session| session.workout == id).collect();
    if let [session] = sessions.as_slice() {
        assert_eq!(session.timer_s, workout.duration.as_secs_f64(), "{name}");
    }
}

/// Whether several activities cover the workout; if so, they add up to it.
fn activities_add_up(name: &str, workout: &Workout) -> bool {
    let ends = workout.activities.iter().filter_map(|activity| activity.end);
    let starts = workout.activities.iter().skip(1).map(|activity| activity.start).chain([workout.end]);
    if workout.activities[0].start != workout.start || !ends.eq(starts) {
        return false;
    }
    let durations: Duration = workout.activities.iter().map(|activity| activity.duration).sum();
    assert!(durations.abs_diff(workout.duration) <= Duration::from_millis(1), "{name}: {durations:?}");
    for whole in &workout.statistics {
        let of_activities = workout.activities.iter().flat_map(|activity| &activity.statistics);
        let parts: Vec<_> =
            of_activities.filter(|statistics| statistics.quantity_type == whole.quantity_type).collect();
        let kind = whole.quantity_type;
        if let Some(sum) = whole.sum {
            let of_parts: f64 = parts.iter().filter_map(|part| part.sum).sum();
            assert!((of_parts - sum).abs() <= 1e-6 * sum.abs(), "{name}: {kind} {of_parts} of {sum}");
        } else {
            let count: u64 = parts.iter().map(|part| part.count).sum();
            assert_eq!(count, whole.count, "{name}: {kind}");
            let maximum = parts.iter().filter_map(|part| part.maximum).reduce(f64::max);
            assert_eq!(maximum, whole.maximum, "{name}: {kind}");
            let minimum = parts.iter().filter_map(|part| part.minimum).reduce(f64::min);
            assert_eq!(minimum, whole.minimum, "{name}: {kind}");
        }
    }
    workout.activities.len() > 1
}

#[test]
fn a_store_in_a_file_that_commits_each_input_has_the_same_workouts() {
    let Some(folder) = data::folder_or_skip("real recordings") else { return };
    let place = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let mut workouts = 0;
    for (index, (name, recording)) in recordings(&folder).enumerate() {
        let in_memory = replay_with(&recording, |options| options);
        let path = place.path().join(format!("{index}.sqlite"));
        let on_disk =
            replay_with(&recording, |options| options.path(&path).durability(Durability::EachInput));
        let expected = in_memory.workouts().unwrap();
        assert_eq!(on_disk.workouts().unwrap(), expected, "{name}");
        drop(on_disk);
        let reopened = HealthStore::open_file(&path).unwrap();
        assert_eq!(reopened.workouts().unwrap(), expected, "{name}: opened again");
        for workout in &expected {
            let count = |store| second_telling::samples(store, workout).unwrap().len();
            assert_eq!(count(&reopened), count(&in_memory), "{name}");
        }
        workouts += expected.len();
    }
    let took = started.elapsed().as_secs_f64();
    println!("\n{workouts} workouts are the same in memory and in a file; {took:.1} s");
}

#[test]
fn the_order_of_telling_changes_nothing() {
    let Some(folder) = data::folder_or_skip("real recordings") else { return };
    let mut told = 0;
    for (seed, (name, recording)) in recordings(&folder).enumerate() {
        let store = replay_with(&recording, |options| options);
        for workout in store.workouts().unwrap() {
            let samples = second_telling::samples(&store, &workout).unwrap();
            let (other, again) = second_telling::tell_again(&workout, &samples, seed as u64)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(other.workout(again.id).unwrap().as_ref(), Some(&again), "{name}: read back");
            same_workout(&name, &again, &workout);
            told += 1;
        }
    }
    println!("\n{told} workouts are the same when they are told late and in another order");
    assert!(told > 0);
}

/// All but the ids.
fn same_workout(name: &str, again: &Workout, workout: &Workout) {
    assert_eq!(
        (again.start, again.end, again.duration),
        (workout.start, workout.end, workout.duration),
        "{name}"
    );
    assert_eq!(again.events, workout.events, "{name}");
    assert_eq!(again.metadata, workout.metadata, "{name}");
    same_statistics(name, &again.statistics, &workout.statistics);
    assert_eq!(again.activities.len(), workout.activities.len(), "{name}");
    for (again, activity) in again.activities.iter().zip(&workout.activities) {
        assert_eq!((again.start, again.end), (activity.start, activity.end), "{name}");
        assert_eq!(again.duration, activity.duration, "{name}");
        assert_eq!(again.configuration, activity.configuration, "{name}");
        same_statistics(name, &again.statistics, &activity.statistics);
    }
}

fn same_statistics(name: &str, again: &[paceline::Statistics], statistics: &[paceline::Statistics]) {
    let kinds =
        |all: &[paceline::Statistics]| all.iter().map(|one| one.quantity_type).collect::<Vec<QuantityType>>();
    assert_eq!(kinds(again), kinds(statistics), "{name}");
    for (again, one) in again.iter().zip(statistics) {
        assert_eq!(again, one, "{name}: {}", one.quantity_type);
    }
}
