//! A replay that is cut off before any of its calls, and goes on: nothing may differ from one that nobody disturbed.
#![allow(clippy::unwrap_used)]

use paceline::{
    Clock as _, HealthStore, LiveWorkoutDataSource, ManualClock, MemoryDisk, QuantitySample, QuantityType,
    StoreOptions, Timestamp, Workout, WorkoutActivityType, WorkoutConfiguration, WorkoutSession,
};
use paceline_cli::Report;
use paceline_cli::origin::Origin;
use paceline_cli::replay::{self, Found, Interrupted, Observer, ReplayOptions, Scene, Speed};
use paceline_formats::{
    Channel, DeviceTotals, Format, Lap, RecordedSession, Recording, Sample, Sport, TimerEvent, TimerKind,
};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

/// Any moment, in seconds since the Unix epoch.
const T0: i64 = 1_600_000_000;

fn us(seconds: i64) -> i64 {
    (T0 + seconds) * 1_000_000
}

/// A session with a distance and a heart rate each second, paused from time to time.
fn session(sport: Sport, start: i64, end: i64, pauses: &[(i64, i64)]) -> RecordedSession {
    let mut samples = Vec::new();
    for at in start + 1..=end {
        let distance =
            Sample { channel: Channel::Distance, start_us: us(at - 1), end_us: us(at), value: 3.0 };
        let beat = 120.0 + (at % 17) as f64;
        let heart = Sample { channel: Channel::HeartRate, start_us: us(at), end_us: us(at), value: beat };
        samples.extend([distance, heart]);
    }
    let event = |at, kind| TimerEvent { at_us: us(at), kind };
    let timer = pauses.iter().flat_map(|(since, until)| {
        let resume = (*until < end).then(|| event(*until, TimerKind::Resume));
        [event(*since, TimerKind::Pause)].into_iter().chain(resume)
    });
    let middle = i64::midpoint(start, end);
    RecordedSession {
        sport,
        indoor: None,
        water: None,
        pool_length_m: None,
        start_us: us(start),
        end_us: us(end),
        samples,
        timer: timer.collect(),
        laps: vec![
            Lap { start_us: us(start), end_us: us(middle) },
            Lap { start_us: us(middle), end_us: us(end) },
        ],
        lengths: Vec::new(),
        device: DeviceTotals::default(),
    }
}

fn recordings() -> Vec<(&'static str, Recording)> {
    use Sport::{Cycling, Hiking, Running, Swimming, Transition, Yoga};
    let all = [
        ("pauses", vec![session(Running, 0, 30, &[(5, 9), (20, 21), (27, 30)])]),
        (
            "a triathlon",
            vec![
                session(Swimming, 0, 10, &[]),
                session(Transition, 9, 12, &[]),
                session(Transition, 12, 12, &[]),
                session(Cycling, 12, 25, &[(22, 25)]),
                // A rest in which the watch stayed paused.
                session(Running, 60, 70, &[]),
            ],
        ),
        (
            "three workouts",
            vec![
                session(Running, 0, 8, &[]),
                session(Yoga, 20, 20, &[]),
                session(Running, 100, 108, &[(103, 105)]),
            ],
        ),
        (
            "workouts that overlap",
            vec![
                session(Hiking, 0, 30, &[(4, 6)]),
                session(Cycling, 10, 40, &[(12, 14), (25, 33), (38, 40)]),
            ],
        ),
    ];
    let recording = |sessions| Recording { format: Format::Fit, sessions, skipped: Vec::new() };
    all.into_iter().map(|(name, sessions)| (name, recording(sessions))).collect()
}

/// Dies when time moves for the last time that it allows.
struct Killer {
    left: u32,
}

impl Observer for Killer {
    fn moved(&mut self, _scene: &Scene<'_>) {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            // Without a word on stderr.
            None => resume_unwind(Box::new("killed")),
        }
    }
}

/// What is compared: the report, and every workout as it stands in the store, without ids.
fn outcome(store: &HealthStore, report: &Report) -> (String, Vec<Workout>) {
    let mut workouts = store.workouts().unwrap();
    let mut text = serde_json::to_string(report).unwrap();
    for (place, id) in report.workouts.iter().enumerate() {
        text = text.replace(id, &place.to_string());
    }
    for workout in &mut workouts {
        workout.id = paceline::Uuid::nil();
        workout.activities.iter_mut().for_each(|activity| activity.id = paceline::Uuid::nil());
    }
    (text, workouts)
}

fn options(speed: Speed) -> ReplayOptions {
    ReplayOptions { speed, origin: Some(Origin::Demo { seed: 1 }) }
}

/// Replays, or goes on with what is there, until `calls` calls were made; nothing when it was killed.
fn run(disk: &MemoryDisk, recording: &Recording, speed: Speed, calls: u32) -> Option<(String, Vec<Workout>)> {
    let found = match replay::find(StoreOptions::new().disk(disk)).unwrap() {
        Found::Interrupted(found) => Some(*found),
        other => {
            assert_eq!(other, Found::Nothing);
            None
        }
    };
    let clock = found.as_ref().and_then(Interrupted::clock).unwrap_or_else(|| replay::clock_for(recording));
    let store = HealthStore::open(replay::store_options(&clock, speed).disk(disk)).unwrap();
    let mut killer = Killer { left: calls };
    let replayed = catch_unwind(AssertUnwindSafe(|| match &found {
        Some(found) => {
            let found = found.take_up(&store).unwrap();
            replay::go_on(&store, &clock, recording, &options(speed), found, &mut killer)
        }
        None => replay::replay(&store, &clock, recording, &options(speed), &mut killer),
    }));
    let replayed = replayed.ok()?.unwrap();
    Some(outcome(&store, &Report::new(&store, recording, &replayed, None).unwrap()))
}

/// In turn as an app has it that commits every call, and as a replay in a hurry that gathers samples.
#[test]
fn a_replay_that_is_cut_off_anywhere_goes_on_as_if_nothing_had_happened() {
    for (name, recording) in recordings() {
        let undisturbed = run(&MemoryDisk::new().unwrap(), &recording, Speed::Max, u32::MAX).unwrap();
        for calls in 0.. {
            let speed = if calls % 2 == 0 { Speed::Times(1e9) } else { Speed::Max };
            let disk = MemoryDisk::new().unwrap();
            if run(&disk, &recording, speed, calls).is_some() {
                println!("{name}: {calls} kills");
                assert!(calls > 20, "{name}");
                break;
            }
            // A second time, a little further on.
            let again = run(&disk, &recording, speed, calls % 5);
            let whole = again.or_else(|| run(&disk, &recording, speed, u32::MAX)).unwrap();
            assert!(
                whole == undisturbed,
                "{name}, killed before call {calls}:\n{whole:#?}\n{undisturbed:#?}"
            );
        }
    }
}

/// The person set the clock during the workout and after it was cut off: the dates of the session and those of the clock are not the same any more.
#[test]
fn what_is_saved_as_it_is_ends_with_the_last_that_is_known() {
    let clock = ManualClock::new(Timestamp::from_seconds(T0));
    let disk = MemoryDisk::new().unwrap();
    let open = || HealthStore::open(StoreOptions::new().clock(&clock).disk(&disk)).unwrap();
    let store = open();
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
    let session = WorkoutSession::new(&store, run.clone()).unwrap();
    let builder = session.associated_workout_builder().unwrap();
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(store.now()).unwrap();
    for jump in [3600, -7200] {
        clock.advance(Duration::from_secs(50));
        clock.jump(jump * 1_000_000);
        clock.advance(Duration::from_secs(50));
        let now = store.now();
        let sample = QuantitySample::in_stored_unit(QuantityType::HeartRate, 120.0, now, now).unwrap();
        store.ingest_sample(&sample).unwrap();
    }
    clock.advance(Duration::from_secs(10));
    session.set_payload(*b"screen 3").unwrap();
    drop((store, session, builder));
    clock.jump(3_700_000_000);
    clock.advance(Duration::from_secs(3000));
    let Found::Interrupted(found) = replay::find(StoreOptions::new().disk(&disk)).unwrap() else { panic!() };
    assert_eq!(found.clock().map(|clock| clock.elapsed()), None, "no replay made it");
    let workout = found.finish(&open()).unwrap().unwrap();
    assert_eq!(workout.duration, Duration::from_secs(210));
    assert_eq!(workout.statistics[0].count, 2);
}
