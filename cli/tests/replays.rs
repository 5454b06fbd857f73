//! Replays through the library: how sessions become workouts, and what is left when something goes wrong.
#![allow(clippy::unwrap_used)]

use paceline::{HealthStore, WorkoutActivityType, WorkoutEventType};
use paceline_cli::replay::{self, Observer, ReplayOptions, Scene};
use paceline_cli::{Report, replay_recording};
use paceline_formats::{
    Channel, DeviceTotals, Format, Lap, RecordedSession, Recording, Sample, Sport, TimerEvent, TimerKind,
};

/// Any moment, in seconds since the Unix epoch.
const T0: i64 = 1_600_000_000;

fn us(seconds: i64) -> i64 {
    (T0 + seconds) * 1_000_000
}

/// A session with three metres and one heart beat reading every second.
fn session(sport: Sport, start: i64, end: i64) -> RecordedSession {
    let mut samples = Vec::new();
    for at in start + 1..=end {
        let distance =
            Sample { channel: Channel::Distance, start_us: us(at - 1), end_us: us(at), value: 3.0 };
        let heart = Sample { channel: Channel::HeartRate, start_us: us(at), end_us: us(at), value: 120.0 };
        samples.extend([distance, heart]);
    }
    RecordedSession {
        sport,
        indoor: None,
        water: None,
        pool_length_m: None,
        start_us: us(start),
        end_us: us(end),
        samples,
        timer: Vec::new(),
        laps: Vec::new(),
        lengths: Vec::new(),
        device: DeviceTotals::default(),
    }
}

fn paused(mut session: RecordedSession, pauses: &[(i64, i64)]) -> RecordedSession {
    for (since, until) in pauses {
        session.timer.push(TimerEvent { at_us: us(*since), kind: TimerKind::Pause });
        if us(*until) < session.end_us {
            session.timer.push(TimerEvent { at_us: us(*until), kind: TimerKind::Resume });
        }
    }
    session
}

fn recording(sessions: Vec<RecordedSession>) -> Recording {
    Recording { format: Format::Fit, sessions, skipped: Vec::new() }
}

fn replayed(sessions: Vec<RecordedSession>) -> (HealthStore, Report) {
    let recording = recording(sessions);
    let clock = replay::clock_for(&recording);
    let store = HealthStore::open(replay::store_options(&clock, replay::Speed::Max)).unwrap();
    let outcome = replay::replay(&store, &clock, &recording, &ReplayOptions::default(), &mut ()).unwrap();
    let report = Report::new(&store, &recording, &outcome, None).unwrap();
    (store, report)
}

#[test]
fn a_pause_stops_time_and_distance() {
    let mut run = paused(session(Sport::Running, 0, 100), &[(40, 60)]);
    run.laps = vec![
        Lap { start_us: us(0), end_us: us(50) },
        // Reaches into the one before it, as devices that cut seconds off have it.
        Lap { start_us: us(49), end_us: us(100) },
        Lap { start_us: us(100), end_us: us(100) },
    ];
    let (store, report) = replayed(vec![run]);
    let session = &report.sessions[0];
    assert_eq!((session.elapsed_s, session.timer_s), (100.0, 80.0));
    assert_eq!((session.distance_m, session.hr_avg, session.hr_max), (Some(240.0), Some(120.0), Some(120.0)));
    assert_eq!(session.samples, 200);
    let laps: Vec<_> = session.laps.iter().map(|lap| (lap.timer_s, lap.distance_m)).collect();
    assert_eq!(laps, [(Some(40.0), Some(120.0)), (Some(40.0), Some(120.0)), (Some(0.0), Some(0.0))]);
    let workout = &store.workouts().unwrap()[0];
    let pauses = workout.events.iter().filter(|event| event.event_type == WorkoutEventType::Pause);
    assert_eq!(pauses.count(), 1);
}

#[test]
fn a_workout_may_end_in_a_pause() {
    let (_, report) = replayed(vec![paused(session(Sport::Running, 0, 100), &[(0, 10), (70, 100)])]);
    assert_eq!((report.sessions[0].elapsed_s, report.sessions[0].timer_s), (100.0, 60.0));
}

#[test]
fn legs_become_one_workout() {
    let (store, report) = replayed(vec![
        session(Sport::Swimming, 0, 100),
        // Whole seconds: the swim ends a second after this begins.
        session(Sport::Transition, 99, 120),
        paused(session(Sport::Cycling, 120, 400), &[(390, 400)]),
        // A rest of ten minutes, in which the watch stayed paused.
        session(Sport::Running, 1000, 1100),
    ]);
    let workouts = store.workouts().unwrap();
    let [workout] = &workouts[..] else { panic!("{workouts:?}") };
    assert_eq!(workout.configuration.activity_type, WorkoutActivityType::SwimBikeRun);
    let sports: Vec<_> = report.sessions.iter().map(|session| session.sport).collect();
    assert_eq!(sports, ["swimming", "transition", "cycling", "running"]);
    let times: Vec<_> = report.sessions.iter().map(|session| (session.elapsed_s, session.timer_s)).collect();
    assert_eq!(times, [(99.0, 99.0), (21.0, 21.0), (280.0, 270.0), (100.0, 100.0)]);
    assert_eq!(report.sessions[3].distance_m, Some(300.0));
    assert_eq!(workout.duration.as_secs(), 1100 - 610);
    let samples: u64 = report.sessions.iter().map(|session| session.samples).sum();
    assert_eq!(samples, store.sample_count().unwrap());
}

#[test]
fn legs_without_length_are_legs() {
    let (_, report) = replayed(vec![
        session(Sport::Swimming, 0, 100),
        session(Sport::Transition, 100, 100),
        session(Sport::Cycling, 100, 200),
        session(Sport::Transition, 200, 200),
    ]);
    let elapsed: Vec<_> = report.sessions.iter().map(|session| (session.sport, session.elapsed_s)).collect();
    assert_eq!(elapsed, [("swimming", 100.0), ("transition", 0.0), ("cycling", 100.0), ("transition", 0.0)]);
}

#[test]
fn sessions_that_are_no_triathlon_stay_apart() {
    let cases = [
        // A sport that such a workout may not hold.
        vec![session(Sport::Rowing, 0, 50), session(Sport::Running, 50, 90)],
        // A long rest.
        vec![session(Sport::Cycling, 0, 50), session(Sport::Running, 2000, 2090)],
        // Twice the same.
        vec![session(Sport::Running, 0, 50), session(Sport::Running, 60, 90)],
        // Not in the order of time.
        vec![session(Sport::Running, 5000, 5050), session(Sport::Cycling, 0, 90)],
    ];
    for sessions in cases {
        let elapsed: Vec<f64> = sessions.iter().map(|one| (one.end_us - one.start_us) as f64 / 1e6).collect();
        let (store, report) = replayed(sessions);
        assert_eq!(store.workouts().unwrap().len(), 2);
        assert_eq!(report.sessions.iter().map(|one| one.elapsed_s).collect::<Vec<_>>(), elapsed);
        assert!(report.skipped.iter().any(|entry| entry.what.contains("became 2 workouts")));
    }
}

#[test]
fn sessions_that_overlap_give_the_numbers_they_would_alone() {
    let long = paused(session(Sport::Hiking, 0, 500), &[(100, 150)]);
    let inside = paused(session(Sport::Cycling, 200, 600), &[(210, 230), (480, 520), (550, 600)]);
    let alone = [replayed(vec![long.clone()]).1, replayed(vec![inside.clone()]).1];
    let (_, both) = replayed(vec![long, inside]);
    for (session, alone) in both.sessions.iter().zip(&alone) {
        let alone = &alone.sessions[0];
        assert_eq!(
            (session.elapsed_s, session.timer_s, session.distance_m, session.hr_avg, session.samples),
            (alone.elapsed_s, alone.timer_s, alone.distance_m, alone.hr_avg, alone.samples)
        );
    }
}

#[test]
fn a_session_without_length_or_samples_is_still_one() {
    let (_, report) = replayed(vec![session(Sport::Yoga, 0, 0)]);
    let session = &report.sessions[0];
    assert_eq!((session.elapsed_s, session.distance_m, session.samples), (0.0, None, 0));
}

#[test]
fn what_has_no_type_is_mentioned_once() {
    let mut walk = session(Sport::Walking, 0, 10);
    for at in 1..=10 {
        let sample = Sample { channel: Channel::Temperature, start_us: us(at), end_us: us(at), value: 20.0 };
        walk.samples.push(sample);
    }
    walk.samples.sort_by_key(|sample| sample.end_us);
    let (_, report) = replayed(vec![walk]);
    let notes: Vec<_> = report.skipped.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(notes, ["10 temperature readings of walking: the engine has no quantity type for them"]);
}

#[test]
fn a_refusal_leaves_no_workout_behind() {
    let mut run = session(Sport::Running, 0, 100);
    run.samples[101].value = 1e7;
    let recording = recording(vec![run]);
    let clock = replay::clock_for(&recording);
    let store = HealthStore::open(replay::store_options(&clock, replay::Speed::Max)).unwrap();
    let error = replay::replay(&store, &clock, &recording, &ReplayOptions::default(), &mut ()).unwrap_err();
    assert!(error.to_string().contains("heartRate"), "{error}");
    assert!(store.workouts().unwrap().is_empty());

    // The store goes on.
    let again = replay_recording(&recording, None, &mut ());
    assert!(again.is_err());
}

#[test]
fn a_screen_sees_the_workout_grow() {
    #[derive(Default)]
    struct Screen {
        elapsed: Vec<f64>,
        states: std::collections::BTreeSet<&'static str>,
    }
    impl Observer for Screen {
        fn moved(&mut self, scene: &Scene<'_>) {
            let snapshot = scene.builder.snapshot();
            self.elapsed.push(snapshot.elapsed.as_secs_f64());
            self.states.insert(snapshot.state.name());
            assert!(scene.now <= scene.end);
        }
    }
    let mut screen = Screen::default();
    let run = paused(session(Sport::Running, 0, 100), &[(40, 60)]);
    replay_recording(&recording(vec![run]), None, &mut screen).unwrap();
    assert!(screen.elapsed.is_sorted());
    assert!(screen.elapsed.len() >= 100);
    assert_eq!(screen.elapsed.last(), Some(&80.0));
    assert_eq!(
        screen.states.into_iter().collect::<Vec<_>>(),
        ["ended", "paused", "prepared", "running", "stopped"]
    );
}
