//! The reference's conformance checklist (workout sessions, section 18.5), items 1 to 9: raw values, tables, the life of a session.

mod common;

use common::*;
use paceline::*;

// 1. Raw values.

#[test]
fn raw_values() {
    let states =
        [("notStarted", 1), ("running", 2), ("ended", 3), ("paused", 4), ("prepared", 5), ("stopped", 6)];
    let found: Vec<_> = WorkoutSessionState::ALL.iter().map(|state| (state.name(), state.raw())).collect();
    assert_eq!(found, states);
    assert_eq!(WorkoutSessionState::from_raw(0), None);

    let events = [
        ("pause", 1),
        ("resume", 2),
        ("lap", 3),
        ("marker", 4),
        ("motionPaused", 5),
        ("motionResumed", 6),
        ("segment", 7),
        ("pauseOrResumeRequest", 8),
    ];
    let found: Vec<_> = WorkoutEventType::ALL.iter().map(|kind| (kind.name(), kind.raw())).collect();
    assert_eq!(found, events);

    assert_eq!((WorkoutSessionType::Primary.raw(), WorkoutSessionType::Mirrored.raw()), (0, 1));
    let locations: Vec<_> = WorkoutSessionLocationType::ALL.iter().map(|place| place.raw()).collect();
    assert_eq!(locations, [1, 2, 3]);
    let waters: Vec<_> = WorkoutSwimmingLocationType::ALL.iter().map(|place| place.raw()).collect();
    assert_eq!(waters, [0, 1, 2]);
    let strokes: Vec<_> = SwimmingStrokeStyle::ALL.iter().map(|style| (style.name(), style.raw())).collect();
    let expected = [
        ("unknown", 0),
        ("mixed", 1),
        ("freestyle", 2),
        ("backstroke", 3),
        ("breaststroke", 4),
        ("butterfly", 5),
        ("kickboard", 6),
    ];
    assert_eq!(strokes, expected);
    let permissions: Vec<_> = AuthorizationStatus::ALL.iter().map(|one| one.raw()).collect();
    assert_eq!(permissions, [0, 1, 2]);
    let styles: Vec<_> = AggregationStyle::ALL.iter().map(|style| (style.name(), style.raw())).collect();
    let expected = [
        ("cumulative", 0),
        ("discreteArithmetic", 1),
        ("discreteTemporallyWeighted", 2),
        ("discreteEquivalentContinuousLevel", 3),
    ];
    assert_eq!(styles, expected);
}

#[test]
fn raw_values_of_activity_types() {
    use WorkoutActivityType as A;
    let some = [
        (A::AmericanFootball, "americanFootball", 1),
        (A::Cycling, "cycling", 13),
        (A::Hiking, "hiking", 24),
        (A::Rowing, "rowing", 35),
        (A::Running, "running", 37),
        (A::Swimming, "swimming", 46),
        (A::Walking, "walking", 52),
        (A::Yoga, "yoga", 57),
        (A::WheelchairRunPace, "wheelchairRunPace", 71),
        (A::HandCycling, "handCycling", 74),
        (A::SwimBikeRun, "swimBikeRun", 82),
        (A::Transition, "transition", 83),
        (A::UnderwaterDiving, "underwaterDiving", 84),
        (A::Other, "other", 3000),
    ];
    for (kind, name, raw) in some {
        assert_eq!((kind.name(), u64::from(kind.raw())), (name, raw));
    }
    assert_eq!(WorkoutActivityType::from_raw(81), None);
    assert_eq!(WorkoutConfiguration::default().activity_type, A::Other);
    assert_eq!(WorkoutConfiguration::default().location_type.raw(), 1);
}

#[test]
fn raw_values_of_errors() {
    let health: Vec<_> = ErrorCode::ALL
        .iter()
        .filter(|code| code.domain() == ErrorDomain::Health)
        .map(|code| code.number())
        .collect();
    assert_eq!(health, (0..=15).collect::<Vec<_>>());
    assert_eq!(ErrorCode::InvalidArgument.number(), 3);
    assert_eq!(ErrorCode::AuthorizationDenied.number(), 4);
    assert_eq!(ErrorCode::AuthorizationNotDetermined.number(), 5);
    assert_eq!(ErrorCode::DatabaseInaccessible.number(), 6);
    assert_eq!(ErrorCode::AnotherWorkoutSessionStarted.number(), 8);
    assert_eq!(ErrorCode::WorkoutActivityNotAllowed.number(), 12);
    assert_eq!(ErrorCode::BackgroundWorkoutSessionNotAllowed.number(), 14);
}

// 2. Every cell of the tables.

/// Brings a fresh session of a fresh store into this state, 10 seconds in.
fn session_in(state: WorkoutSessionState, rig: &Rig) -> WorkoutSession {
    use WorkoutSessionState as S;
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder().expect("a builder");
    let begin = || builder.begin_collection(rig.store.now());
    let steps: Vec<Result<(), PacelineError>> = match state {
        S::NotStarted => vec![],
        S::Prepared => vec![session.prepare()],
        S::Running => vec![session.start_activity(None), begin()],
        S::Paused => vec![session.start_activity(None), begin(), session.pause()],
        S::Stopped => vec![session.start_activity(None), begin(), session.stop_activity(None)],
        S::Ended => vec![session.start_activity(None), begin(), session.end()],
    };
    for step in steps {
        step.expect("the way into a state");
    }
    rig.wait(10);
    rig.heard();
    assert_eq!(session.state(), state);
    session
}

#[test]
fn every_cell_of_the_session_table() {
    use WorkoutSessionState as S;
    type Call = fn(&WorkoutSession, Timestamp) -> Result<(), PacelineError>;
    let calls: [(&str, &str, Call); 8] = [
        ("prepare", "prepared - - - - -", |session, _| session.prepare()),
        ("startActivity", "running running - - - -", |session, _| session.start_activity(None)),
        ("pause", "- - paused - - -", |session, _| session.pause()),
        ("resume", "- - - running - -", |session, _| session.resume()),
        ("stopActivity", "- - stopped stopped - -", |session, _| session.stop_activity(None)),
        ("end", "ended ended ended ended ended -", |session, _| session.end()),
        ("beginNewActivity", "- - running paused - -", |session, now| {
            session.begin_new_activity(of(WorkoutActivityType::Running), now, Metadata::new())
        }),
        // Nothing is open in these states: allowed cells need an activity first.
        ("endCurrentActivity", "- - running paused - -", |session, now| {
            let state = session.state();
            if matches!(state, WorkoutSessionState::Running | WorkoutSessionState::Paused) {
                session.begin_new_activity(of(WorkoutActivityType::Running), now, Metadata::new())?;
            }
            session.end_current_activity(now)
        }),
    ];
    let states = [S::NotStarted, S::Prepared, S::Running, S::Paused, S::Stopped, S::Ended];
    for (name, row, call) in calls {
        for (state, expected) in states.into_iter().zip(row.split(' ')) {
            let rig = Rig::new();
            let session = session_in(state, &rig);
            let builder = session.associated_workout_builder().expect("a builder");
            let before = session.snapshot();
            let outcome = call(&session, rig.store.now());
            if expected == "-" {
                assert_eq!(code(outcome), Err(ErrorCode::InvalidArgument), "{name} in {state}");
                assert_eq!(session.snapshot(), before, "{name} in {state} changed something");
                assert_eq!(rig.heard(), Vec::<String>::new(), "{name} in {state} was heard");
            } else {
                assert_eq!(code(outcome), Ok(()), "{name} in {state}");
                assert_eq!(session.state().name(), expected, "{name} in {state}");
                assert!(session.snapshot().sequence > before.sequence, "{name} in {state}");
            }
            assert_eq!(
                session.associated_workout_builder().expect("a builder"),
                builder,
                "{name} in {state}"
            );
        }
    }
}

#[test]
fn ending_an_activity_that_nobody_began_is_refused() {
    for state in [WorkoutSessionState::Running, WorkoutSessionState::Paused] {
        let rig = Rig::new();
        let session = session_in(state, &rig);
        assert_eq!(code(session.end_current_activity(rig.store.now())), Err(ErrorCode::InvalidArgument));
        assert_eq!(rig.heard(), Vec::<String>::new());
    }
}

#[test]
fn every_cell_of_the_builder_table() {
    type Call = fn(&LiveWorkoutBuilder, Timestamp) -> Result<(), PacelineError>;
    let calls: [(&str, &str, Call); 10] = [
        ("beginCollection", "ok - - - - -", |builder, now| builder.begin_collection(now)),
        ("addSamples", "- ok ok - - -", |builder, _| {
            builder.add_samples(&[reading(QuantityType::HeartRate, 100.0, 5)])
        }),
        ("addSamples of none", "- ok ok - - -", |builder, _| builder.add_samples(&[])),
        ("addWorkoutEvents", "- ok ok - - -", |builder, _| {
            builder.add_workout_events(vec![event(WorkoutEventType::Marker, 5)])
        }),
        ("addMetadata", "- ok ok - - -", |builder, _| builder.add_metadata(text("a", "b"))),
        ("addWorkoutActivity", "- ok ok - - -", |builder, _| {
            let running = of(WorkoutActivityType::Running);
            builder.add_workout_activity(running, at(1), Some(at(2)), Metadata::new()).map(drop)
        }),
        ("endCollection", "- ok - - - -", |builder, now| builder.end_collection(now)),
        ("finishWorkout", "- - ok - - -", |builder, _| builder.finish_workout().map(drop)),
        ("discardWorkout", "ok ok ok ok ok ok", |builder, _| builder.discard_workout()),
        ("getters", "ok ok ok ok ok ok", |builder, now| {
            builder.all_statistics();
            builder.elapsed_time_at(now);
            builder.workout_events();
            builder.workout_activities();
            builder.metadata();
            builder.snapshot();
            Ok(())
        }),
    ];
    let phases = ["idle", "collecting", "ended", "finished", "discarded", "failed"];
    for (name, row, call) in calls {
        for (phase, expected) in phases.into_iter().zip(row.split(' ')) {
            let rig = Rig::new();
            let session = rig.session(WorkoutActivityType::Running);
            let builder = session.associated_workout_builder().expect("a builder");
            if phase == "failed" {
                rig.store.report(&HostReport::Foreground(false)).unwrap();
                session.start_activity(None).unwrap();
            } else {
                session.start_activity(None).unwrap();
            }
            if ["collecting", "ended", "finished", "discarded"].contains(&phase) {
                builder.begin_collection(at(0)).unwrap();
            }
            rig.wait(10);
            if ["ended", "finished"].contains(&phase) {
                builder.end_collection(rig.store.now()).unwrap();
            }
            match phase {
                "finished" => drop(builder.finish_workout().unwrap()),
                "discarded" => builder.discard_workout().unwrap(),
                _ => {}
            }
            rig.heard();
            let before = builder.snapshot();
            let samples = rig.store.sample_count().unwrap();
            let outcome = code(call(&builder, rig.store.now()));
            if expected == "-" {
                assert_eq!(outcome, Err(ErrorCode::InvalidArgument), "{name} when {phase}");
                assert_eq!(builder.snapshot(), before, "{name} when {phase} changed something");
                assert_eq!(rig.store.sample_count().unwrap(), samples, "{name} when {phase}");
                assert_eq!(rig.heard(), Vec::<String>::new(), "{name} when {phase} was heard");
            } else {
                assert_eq!(outcome, Ok(()), "{name} when {phase}");
            }
        }
    }
}

/// The order of checks: a builder that takes nothing says so, whatever it was given.
#[test]
fn a_builder_that_takes_nothing_refuses_known_samples_by_its_state() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder().expect("a builder");
    let unknown = QuantitySample { id: Some(SampleId(4711)), ..reading(QuantityType::HeartRate, 90.0, 0) };
    assert_eq!(code(builder.add_samples(&[unknown])), Err(ErrorCode::InvalidArgument));
}

// 3 to 6. Starts and ends.

#[test]
fn start_from_not_started_and_from_prepared() {
    let rig = Rig::new();
    rig.wait(100);
    let session = rig.session(WorkoutActivityType::Running);
    session.start_activity(Some(at(40))).unwrap();
    assert_eq!(session.start_date(), Some(at(40)));
    assert_eq!(rig.heard(), ["S notStarted -> running 40000"]);
    session.end().unwrap();

    let session = rig.session(WorkoutActivityType::Running);
    session.prepare().unwrap();
    assert_eq!((session.start_date(), session.state()), (None, WorkoutSessionState::Prepared));
    rig.wait(3);
    session.start_activity(Some(at(103))).unwrap();
    assert_eq!(session.start_date(), Some(at(103)));
    assert_eq!(
        rig.heard(),
        ["S running -> ended 100000", "S notStarted -> prepared 100000", "S prepared -> running 103000"]
    );
}

#[test]
fn dates_in_the_future_and_before_the_start_are_refused() {
    let rig = Rig::new();
    rig.wait(100);
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder().expect("a builder");
    assert_eq!(code(session.start_activity(Some(at(102)))), Err(ErrorCode::InvalidArgument));
    session.start_activity(Some(at(50))).unwrap();
    assert_eq!(code(builder.begin_collection(at(102))), Err(ErrorCode::InvalidArgument));
    builder.begin_collection(at(50)).unwrap();
    assert_eq!(code(session.stop_activity(Some(at(49)))), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(session.stop_activity(Some(at(102)))), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(builder.end_collection(at(49))), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(builder.end_collection(at(102))), Err(ErrorCode::InvalidArgument));
    // Equal dates are allowed: a workout without duration.
    session.stop_activity(Some(at(50))).unwrap();
    builder.end_collection(at(50)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!((workout.start, workout.end, workout.duration), (at(50), at(50), secs(0)));
    assert_eq!(workout.activities.len(), 1);
}

#[test]
fn pause_twice_and_resume_twice() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(5);
    assert_eq!(code(session.pause()), Err(ErrorCode::InvalidArgument));
    rig.wait(5);
    session.resume().unwrap();
    assert_eq!(code(session.resume()), Err(ErrorCode::InvalidArgument));
    assert_eq!(
        rig.heard(),
        [
            "S running -> paused 10000",
            "S event pause 10000 10000",
            "B event",
            "S paused -> running 20000",
            "S event resume 20000 20000",
            "B event",
        ]
    );
    assert_eq!(builder.workout_events().len(), 2);
    assert_eq!(builder.elapsed_time(), secs(10));
}

#[test]
fn stop_then_end() {
    let rig = Rig::new();
    let (session, _) = rig.running(WorkoutActivityType::Running);
    rig.wait(30);
    session.stop_activity(Some(at(25))).unwrap();
    assert_eq!(session.end_date(), Some(at(25)));
    rig.wait(30);
    session.end().unwrap();
    assert_eq!(session.end_date(), Some(at(25)));
    assert_eq!(rig.heard(), ["S running -> stopped 25000", "S stopped -> ended 60000"]);
}

#[test]
fn end_from_running() {
    let rig = Rig::new();
    let (session, _) = rig.running(WorkoutActivityType::Running);
    rig.wait(30);
    session.end().unwrap();
    assert_eq!(session.end_date(), Some(at(30)));
    assert_eq!(rig.heard(), ["S running -> ended 30000"]);
    for refused in [session.pause(), session.resume(), session.end(), session.start_activity(None)] {
        assert_eq!(code(refused), Err(ErrorCode::InvalidArgument));
    }
    assert_eq!(rig.heard(), Vec::<String>::new());
}

#[test]
fn end_of_what_never_ran() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    session.end().unwrap();
    assert_eq!((session.start_date(), session.end_date()), (None, Some(at(0))));
    let prepared = rig.session(WorkoutActivityType::Running);
    prepared.prepare().unwrap();
    rig.wait(3);
    prepared.end().unwrap();
    assert_eq!(prepared.start_date(), None);
    assert_eq!(
        rig.heard(),
        ["S notStarted -> ended 0", "S notStarted -> prepared 0", "S prepared -> ended 3000"]
    );
}

#[test]
fn the_recommended_end() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(60);
    session.stop_activity(None).unwrap();
    // The last samples may still come.
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 120.0, 59)).unwrap();
    builder.end_collection(at(60)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    session.end().unwrap();
    assert_eq!(rig.heard(), ["S running -> stopped 60000", "B data heartRate", "S stopped -> ended 60000"]);
    assert_eq!(workout.statistics(QuantityType::HeartRate).unwrap().count, 1);
    assert_eq!(rig.store.workouts().unwrap(), [workout]);
}

#[test]
fn the_old_end() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(60);
    session.end().unwrap();
    builder.end_collection(rig.store.now()).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!(rig.heard(), ["S running -> ended 60000"]);
    assert_eq!(rig.store.workout(workout.id).unwrap(), Some(workout));
}

#[test]
fn an_ended_session_leaves_its_builder_finishable_but_begins_nothing() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    session.start_activity(None).unwrap();
    session.end().unwrap();
    let builder = session.associated_workout_builder().expect("a builder");
    assert_eq!(code(builder.begin_collection(at(0))), Err(ErrorCode::InvalidArgument));
}

// 7. One session a device.

#[test]
fn a_second_session_ends_the_first_with_error_8() {
    let rig = Rig::new();
    let first = rig.named("1 ", WorkoutActivityType::Running);
    let builder = first.associated_workout_builder().expect("a builder");
    first.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    rig.wait(20);
    let second = rig.named("2 ", WorkoutActivityType::Cycling);
    assert_eq!(first.state(), WorkoutSessionState::Running, "making a session reserves nothing");
    second.start_activity(None).unwrap();
    assert_eq!(
        rig.heard(),
        [
            "1 S notStarted -> running 0",
            "1 S fail 1 8",
            "1 S running -> ended 20000",
            "2 S notStarted -> running 20000",
        ]
    );
    assert_eq!((first.state(), second.state()), (WorkoutSessionState::Ended, WorkoutSessionState::Running));
    // The loser's builder stays finishable.
    rig.wait(5);
    builder.add_samples(&[reading(QuantityType::HeartRate, 100.0, 10)]).unwrap();
    builder.end_collection(at(20)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!((workout.duration, workout.statistics.len()), (secs(20), 1));
    assert_eq!(second.state(), WorkoutSessionState::Running);
}

#[test]
fn prepared_and_stopped_sessions_count_for_arbitration() {
    for stopped in [false, true] {
        let rig = Rig::new();
        let first = rig.named("1 ", WorkoutActivityType::Running);
        if stopped {
            first.start_activity(None).unwrap();
            first.begin_new_activity(of(WorkoutActivityType::Running), at(0), Metadata::new()).unwrap();
            first.stop_activity(None).unwrap();
        } else {
            first.prepare().unwrap();
        }
        rig.heard();
        let second = rig.named("2 ", WorkoutActivityType::Running);
        second.prepare().unwrap();
        let was = if stopped { "stopped" } else { "prepared" };
        let expected = [
            "1 S fail 1 8".to_owned(),
            format!("1 S {was} -> ended 0"),
            "2 S notStarted -> prepared 0".to_owned(),
        ];
        assert_eq!(rig.heard(), expected);
        // Going on is no second start.
        second.start_activity(None).unwrap();
        assert_eq!(rig.heard(), ["2 S prepared -> running 0"]);
    }
}

#[test]
fn an_open_activity_of_the_loser_ends_between_its_failure_and_its_end() {
    let rig = Rig::new();
    let first = rig.named("1 ", WorkoutActivityType::Running);
    first.start_activity(None).unwrap();
    first.associated_workout_builder().expect("a builder").begin_collection(at(0)).unwrap();
    first.begin_new_activity(of(WorkoutActivityType::Running), at(0), Metadata::new()).unwrap();
    rig.wait(9);
    rig.heard();
    rig.named("2 ", WorkoutActivityType::Running).start_activity(None).unwrap();
    assert_eq!(
        rig.heard(),
        [
            "1 S fail 1 8",
            "1 S end running 9000",
            "1 S running -> ended 9000",
            "1 B end running 0 9000",
            "2 S notStarted -> running 9000",
        ]
    );
}

#[test]
fn a_newcomer_that_may_not_start_leaves_the_first_alone() {
    let rig = Rig::new();
    let first = rig.named("1 ", WorkoutActivityType::Running);
    first.start_activity(None).unwrap();
    rig.store.report(&HostReport::Foreground(false)).unwrap();
    rig.heard();
    rig.named("2 ", WorkoutActivityType::Running).start_activity(None).unwrap();
    assert_eq!(rig.heard(), ["2 S fail 1 14", "2 S notStarted -> ended 0"]);
    assert_eq!(first.state(), WorkoutSessionState::Running);
}

#[test]
fn samples_reach_the_session_that_won() {
    let rig = Rig::new();
    let (first, loser) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let (_, winner) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let outcome = rig.store.ingest_sample(&reading(QuantityType::HeartRate, 130.0, 20)).unwrap();
    assert_eq!((outcome.samples, outcome.collected), (1, 1));
    assert!(loser.all_statistics().is_empty());
    assert_eq!(winner.all_statistics().len(), 1);
    assert_eq!(first.state(), WorkoutSessionState::Ended);
}

// 8. Background and permission.

#[test]
fn a_background_start_needs_the_companion() {
    for companion in [false, true] {
        let rig = Rig::new();
        rig.store.report(&HostReport::Foreground(false)).unwrap();
        rig.store.report(&HostReport::LaunchedByCompanion(companion)).unwrap();
        let session = rig.session(WorkoutActivityType::Running);
        session.start_activity(None).unwrap();
        if companion {
            assert_eq!(rig.heard(), ["S notStarted -> running 0"]);
        } else {
            assert_eq!(rig.heard(), ["S fail 1 14", "S notStarted -> ended 0"]);
            assert_eq!(session.start_date(), None);
        }
        let prepared = rig.session(WorkoutActivityType::Running);
        prepared.prepare().unwrap();
        let expected = if companion { WorkoutSessionState::Prepared } else { WorkoutSessionState::Ended };
        assert_eq!(prepared.state(), expected);
    }
}

#[test]
fn a_start_needs_permission_to_save_workouts() {
    for (status, number) in [(AuthorizationStatus::SharingDenied, 4), (AuthorizationStatus::NotDetermined, 5)]
    {
        let rig = Rig::new();
        rig.store.report(&HostReport::WorkoutPermission(status)).unwrap();
        let session = rig.session(WorkoutActivityType::Running);
        session.start_activity(None).unwrap();
        assert_eq!(rig.heard(), [format!("S fail 1 {number}"), "S notStarted -> ended 0".to_owned()]);
    }
}

#[test]
fn samples_and_the_finish_need_permission_and_can_be_tried_again() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let kind = QuantityType::HeartRate;
    let (heart, steps) = (reading(kind, 99.0, 5), amount(QuantityType::StepCount, 9.0, 1, 5));
    for (status, expected) in [
        (AuthorizationStatus::SharingDenied, ErrorCode::AuthorizationDenied),
        (AuthorizationStatus::NotDetermined, ErrorCode::AuthorizationNotDetermined),
    ] {
        rig.store.report(&HostReport::SamplePermission(kind, status)).unwrap();
        // All or none.
        assert_eq!(code(builder.add_samples(&[steps, heart])), Err(expected));
        assert_eq!(rig.store.sample_count().unwrap(), 0);
        rig.store.report(&HostReport::WorkoutPermission(status)).unwrap();
        assert_eq!(session.state(), WorkoutSessionState::Running);
    }
    session.stop_activity(None).unwrap();
    builder.end_collection(rig.store.now()).unwrap();
    assert_eq!(code(builder.finish_workout()), Err(ErrorCode::AuthorizationNotDetermined));
    rig.store.report(&HostReport::WorkoutPermission(AuthorizationStatus::SharingAuthorized)).unwrap();
    rig.store.report(&HostReport::SamplePermission(kind, AuthorizationStatus::SharingAuthorized)).unwrap();
    builder.add_samples(&[steps, heart]).unwrap();
    assert_eq!(builder.finish_workout().unwrap().unwrap().statistics.len(), 2);
}

#[test]
fn an_activity_type_that_the_device_refuses_makes_no_session() {
    let rig = Rig::new();
    let refused = WorkoutSession::new(&rig.store, of(WorkoutActivityType::UnderwaterDiving));
    assert_eq!(code(refused.map(drop)), Err(ErrorCode::WorkoutActivityNotAllowed));
}

#[test]
fn session_mode_is_asked_for_and_a_late_refusal_ends_the_session() {
    let rig = Rig::new();
    let first = rig.session(WorkoutActivityType::Running);
    first.prepare().unwrap();
    first.start_activity(None).unwrap();
    let asked = std::mem::take(&mut *rig.platform.requests.lock().unwrap());
    let [(request, HostRequest::EnterSessionMode { session, .. })] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(*session, first.id());
    rig.wait(4);
    rig.heard();
    let refusal = PacelineError::new(ErrorCode::BackgroundWorkoutSessionNotAllowed, "no");
    let report = HostReport::Outcome { request: *request, refusal: Some(refusal) };
    rig.store.report(&report).unwrap();
    rig.store.report(&report).unwrap();
    assert_eq!(rig.heard(), ["S fail 1 14", "S running -> ended 4000"]);
    let asked = std::mem::take(&mut *rig.platform.requests.lock().unwrap());
    assert!(matches!(&asked[..], [(_, HostRequest::LeaveSessionMode { .. })]), "{asked:?}");
}

// 9. Elapsed time.

fn clock_time(text: &str) -> i64 {
    text.split(':').fold(0, |sum, part| sum * 60 + part.parse::<i64>().expect("a number"))
}

/// Plays a workout whose pauses are those of the session itself.
fn played(start: &str, end: &str, events: &[(WorkoutEventType, &str)]) -> Workout {
    let rig = Rig::new();
    let zero = clock_time(start);
    let (session, _) = rig.running(WorkoutActivityType::Running);
    for (kind, time) in events {
        rig.clock.advance_to(at(clock_time(time) - zero));
        match kind {
            WorkoutEventType::Pause => session.pause().expect("a pause"),
            WorkoutEventType::Resume => session.resume().expect("a resume"),
            // Motion events are not let through while paused; that changes no duration.
            other => drop(session.report_event(WorkoutEvent::at(*other, rig.store.now()))),
        }
    }
    rig.clock.advance_to(at(clock_time(end) - zero));
    rig.finish(&session)
}

#[test]
fn vectors_through_a_real_session() {
    use WorkoutEventType::{MotionPaused, MotionResumed, Pause, Resume};
    let v1 = [
        (Pause, "8:27:20"),
        (Resume, "8:27:28"),
        (Pause, "8:38:50"),
        (Resume, "8:39:12"),
        (Pause, "8:42:56"),
    ];
    assert_eq!(played("8:23:28", "8:43:18", &v1).duration, secs(1138));
    let v2 = [
        (MotionPaused, "18:44:41"),
        (Pause, "18:44:41"),
        (Resume, "18:44:46"),
        (MotionResumed, "18:44:46"),
        (MotionPaused, "18:48:37"),
        (Pause, "18:48:37"),
        (Resume, "18:49:17"),
        (MotionResumed, "18:49:17"),
        (Pause, "18:52:21"),
        (Resume, "18:52:47"),
        (MotionPaused, "18:52:47"),
        (Pause, "18:52:47"),
        (Resume, "18:52:48"),
        (MotionResumed, "18:52:48"),
    ];
    let workout = played("18:44:41", "19:13:58", &v2);
    assert_eq!(workout.duration, secs(1685));
    assert_eq!(workout.events.len(), 14);
    assert_eq!(workout.activities[0].duration, secs(1685));
    assert_eq!(played("13:30:59", "14:21:28", &[(Pause, "14:21:28")]).duration, secs(3029));
}

#[test]
fn elapsed_time_at_any_date() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(10);
    session.resume().unwrap();
    rig.wait(10);
    for (date, expected) in [(-5, 0), (0, 0), (5, 5), (10, 10), (15, 10), (20, 10), (25, 15), (30, 20)] {
        assert_eq!(builder.elapsed_time_at(at(date)), secs(expected), "{date}");
    }
    session.stop_activity(None).unwrap();
    builder.end_collection(at(30)).unwrap();
    rig.wait(100);
    assert_eq!(builder.elapsed_time_at(at(1000)), secs(20));
    assert_eq!(builder.elapsed_time(), secs(20));
    assert_eq!(session.snapshot().elapsed, secs(20));
}

#[test]
fn the_activity_in_progress_has_the_time_of_the_workout() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    assert_eq!(session.current_activity().duration, secs(10));
    assert_eq!(session.current_activity().configuration, of(WorkoutActivityType::Running));
    assert_eq!(builder.current_workout_activity(), None, "the builder's never falls back to the workout");
}

#[test]
fn the_activity_that_was_begun_leaves_pauses_out() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    session.begin_new_activity(of(WorkoutActivityType::Running), at(0), Metadata::new()).unwrap();
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(10);
    session.resume().unwrap();
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 5)).unwrap();
    session.end_current_activity(at(20)).unwrap();
    session.begin_new_activity(of(WorkoutActivityType::Running), at(20), Metadata::new()).unwrap();
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 20)).unwrap();
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(10);
    session.resume().unwrap();
    let (by_session, by_builder) = (session.current_activity(), builder.current_workout_activity().unwrap());
    assert_eq!(by_session.duration, by_builder.duration);
    assert_eq!(by_session.duration, secs(10));
    assert_eq!(by_session.statistics, by_builder.statistics);
}
