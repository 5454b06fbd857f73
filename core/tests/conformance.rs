//! The reference's conformance checklist (workout sessions, section 18.5, items 1 to 18), through the public interface.

mod common;

use common::*;
use paceline::*;
use std::sync::Arc;

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
    let builder = session.associated_workout_builder();
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
            let builder = session.associated_workout_builder();
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
            assert_eq!(session.associated_workout_builder(), builder, "{name} in {state}");
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
            let builder = session.associated_workout_builder();
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
    let builder = session.associated_workout_builder();
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
    let builder = session.associated_workout_builder();
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
    let builder = session.associated_workout_builder();
    assert_eq!(code(builder.begin_collection(at(0))), Err(ErrorCode::InvalidArgument));
}

// 7. One session a device.

#[test]
fn a_second_session_ends_the_first_with_error_8() {
    let rig = Rig::new();
    let first = rig.named("1 ", WorkoutActivityType::Running);
    let builder = first.associated_workout_builder();
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
    first.associated_workout_builder().begin_collection(at(0)).unwrap();
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

// 10. Events of the past.

#[test]
fn a_past_pause_lowers_elapsed_time_and_is_heard() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(60);
    assert_eq!(builder.elapsed_time(), secs(60));
    let events = vec![event(WorkoutEventType::Pause, 10), event(WorkoutEventType::Resume, 30)];
    builder.add_workout_events(events).unwrap();
    assert_eq!(builder.elapsed_time(), secs(40));
    assert_eq!(rig.heard(), ["B event"]);
    builder.add_workout_events(vec![]).unwrap();
    assert_eq!(rig.heard(), Vec::<String>::new());
}

#[test]
fn events_are_all_or_none() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(60);
    let good = || event(WorkoutEventType::Marker, 10);
    let bad = [
        WorkoutEvent::over(WorkoutEventType::Pause, at(10), at(20)),
        WorkoutEvent::over(WorkoutEventType::Lap, at(20), at(10)),
        event(WorkoutEventType::Marker, -1),
        event(WorkoutEventType::Marker, 62),
        WorkoutEvent::over(WorkoutEventType::Segment, at(10), at(70)),
        good().with_metadata(Metadata::from([(String::new(), MetadataValue::Number(1.0))])),
    ];
    for event in bad {
        let outcome = builder.add_workout_events(vec![good(), event.clone()]);
        assert_eq!(code(outcome), Err(ErrorCode::InvalidArgument), "{event:?}");
        assert!(builder.workout_events().is_empty());
    }
    assert_eq!(rig.heard(), Vec::<String>::new());
}

#[test]
fn events_reported_by_the_platform() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    session.report_event(event(WorkoutEventType::MotionPaused, 9)).unwrap();
    session.report_event(event(WorkoutEventType::PauseOrResumeRequest, 10)).unwrap();
    session.pause().unwrap();
    assert_eq!(
        code(session.report_event(event(WorkoutEventType::MotionResumed, 10))),
        Err(ErrorCode::InvalidArgument)
    );
    session.report_event(event(WorkoutEventType::PauseOrResumeRequest, 10)).unwrap();
    for kind in [WorkoutEventType::Pause, WorkoutEventType::Resume] {
        assert_eq!(code(session.report_event(event(kind, 10))), Err(ErrorCode::InvalidArgument));
    }
    assert_eq!(
        rig.heard(),
        [
            "S event motionPaused 9000 9000",
            "B event",
            "S event pauseOrResumeRequest 10000 10000",
            "S running -> paused 10000",
            "S event pause 10000 10000",
            "B event",
            "S event pauseOrResumeRequest 10000 10000",
        ]
    );
    let kept: Vec<_> = builder.workout_events().iter().map(|event| event.event_type.name()).collect();
    assert_eq!(kept, ["motionPaused", "pause"]);
}

// 11 to 13. Adding, finishing, discarding.

#[test]
fn adding_before_between_and_after() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    let sample = [reading(QuantityType::HeartRate, 100.0, 1)];
    let refused = |builder: &LiveWorkoutBuilder| {
        assert_eq!(code(builder.add_samples(&sample)), Err(ErrorCode::InvalidArgument));
        assert_eq!(rig.store.sample_count().unwrap(), 0);
    };
    session.start_activity(None).unwrap();
    refused(&builder);
    builder.begin_collection(at(0)).unwrap();
    rig.wait(10);
    builder.discard_workout().unwrap();
    refused(&builder);

    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    session.stop_activity(None).unwrap();
    builder.end_collection(at(20)).unwrap();
    builder.add_samples(&[reading(QuantityType::HeartRate, 100.0, 15)]).unwrap();
    builder.add_metadata(text("late", "yes")).unwrap();
    builder.add_workout_events(vec![event(WorkoutEventType::Marker, 12)]).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!((workout.statistics[0].count, workout.events.len()), (1, 1));
    assert_eq!(workout.metadata.get("late"), Some(&MetadataValue::Text("yes".into())));
    assert_eq!(code(builder.add_samples(&sample)), Err(ErrorCode::InvalidArgument));
}

#[test]
fn a_sample_before_the_start_is_refused_with_its_whole_batch() {
    let rig = Rig::new();
    rig.wait(10);
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let kind = QuantityType::HeartRate;
    let outcome = builder.add_samples(&[reading(kind, 100.0, 12), reading(kind, 100.0, 9)]);
    assert_eq!(code(outcome), Err(ErrorCode::InvalidArgument));
    assert_eq!(rig.store.sample_count().unwrap(), 0);
    builder.add_samples(&[reading(kind, 100.0, 10)]).unwrap();
}

#[test]
fn finish_with_zero_samples_saves_a_workout() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    assert_eq!(code(builder.finish_workout()), Err(ErrorCode::InvalidArgument));
    let workout = rig.finish(&session);
    assert_eq!((workout.duration, workout.statistics.len(), workout.events.len()), (secs(10), 0, 0));
    assert_eq!(code(builder.finish_workout()), Err(ErrorCode::InvalidArgument));
    assert_eq!(rig.store.workouts().unwrap(), [workout]);
}

#[test]
fn finish_while_locked_saves_and_shows_nothing() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    rig.store.report(&HostReport::Locked(true)).unwrap();
    session.stop_activity(None).unwrap();
    builder.end_collection(at(10)).unwrap();
    assert_eq!(builder.finish_workout().unwrap(), None);
    assert_eq!(code(rig.store.workouts()), Err(ErrorCode::DatabaseInaccessible));
    assert_eq!(code(rig.store.sample_count()), Err(ErrorCode::DatabaseInaccessible));
    rig.store.report(&HostReport::Locked(false)).unwrap();
    let workouts = rig.store.workouts().unwrap();
    assert_eq!((workouts.len(), workouts[0].id), (1, session.id()));
}

#[test]
fn discard_keeps_samples() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 5)).unwrap();
    builder.add_samples(&[reading(QuantityType::HeartRate, 110.0, 6)]).unwrap();
    session.stop_activity(None).unwrap();
    builder.discard_workout().unwrap();
    builder.discard_workout().unwrap();
    session.end().unwrap();
    assert_eq!(rig.store.sample_count().unwrap(), 2);
    assert_eq!(rig.store.workouts().unwrap(), []);
    assert_eq!(code(builder.finish_workout()), Err(ErrorCode::InvalidArgument));
}

#[test]
fn samples_of_a_discarded_workout_can_join_another() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let sample = reading(QuantityType::HeartRate, 100.0, 5);
    builder.add_samples(&[sample]).unwrap();
    builder.discard_workout().unwrap();
    session.end().unwrap();

    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    session.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    // The only sample of the store.
    let saved = QuantitySample { id: Some(SampleId(1)), ..sample };
    builder.add_samples(&[saved]).unwrap();
    assert_eq!(builder.all_statistics().len(), 1);
}

#[test]
fn a_sample_added_twice_counts_once() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let sample = reading(QuantityType::StepCount, 7.0, 5);
    // Not a default type: saved, not collected.
    assert_eq!(rig.store.ingest_sample(&sample).unwrap().collected, 0);
    let saved = QuantitySample { id: Some(SampleId(1)), ..sample };
    builder.add_samples(&[saved, saved]).unwrap();
    builder.add_samples(&[saved]).unwrap();
    assert_eq!(
        builder.statistics(QuantityType::StepCount).map(|one| (one.count, one.sum)),
        Some((1, Some(7.0)))
    );
    assert_eq!(rig.store.sample_count().unwrap(), 1);
    let workout = rig.finish(&session);
    let page = rig.store.samples(workout.id, QuantityType::StepCount, None, 10).unwrap();
    assert_eq!(page, [saved]);
    // It belongs to that workout now.
    let (_, other) = rig.running(WorkoutActivityType::Running);
    assert_eq!(code(other.add_samples(&[saved])), Err(ErrorCode::InvalidArgument));
}

// 14. Metadata.

#[test]
fn metadata_is_merged_and_unchanged_on_failure() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    builder.add_metadata(text("a", "1")).unwrap();
    builder.add_metadata([text("a", "2"), text("b", "3")].into_iter().flatten().collect()).unwrap();
    let expected: Metadata = [text("a", "2"), text("b", "3")].into_iter().flatten().collect();
    assert_eq!(builder.metadata(), expected);
    let bad: [(&str, MetadataValue); 4] = [
        ("", MetadataValue::Number(1.0)),
        ("x", MetadataValue::Number(f64::NAN)),
        ("x", MetadataValue::Quantity(Quantity::new(f64::INFINITY, MeasureUnit::meter()))),
        (metadata_keys::SYNC_VERSION, MetadataValue::Number(2.0)),
    ];
    for (key, value) in bad {
        let mut added = text("c", "4");
        added.insert(key.to_owned(), value);
        assert_eq!(code(builder.add_metadata(added)), Err(ErrorCode::InvalidArgument), "{key}");
        assert_eq!(builder.metadata(), expected);
    }
    assert_eq!(rig.finish(&session).metadata, expected);
}

#[test]
fn metadata_of_activities_is_merged() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    let running = of(WorkoutActivityType::Running);
    let id = builder.add_workout_activity(running, at(0), Some(at(5)), text("a", "1")).unwrap();
    builder.update_activity_metadata(id, text("b", "2")).unwrap();
    let bad = Metadata::from([("x".to_owned(), MetadataValue::Number(f64::NAN))]);
    assert_eq!(code(builder.update_activity_metadata(id, bad)), Err(ErrorCode::InvalidArgument));
    let nobody = Uuid::from_u128(1);
    assert_eq!(
        code(builder.update_activity_metadata(nobody, text("b", "2"))),
        Err(ErrorCode::InvalidArgument)
    );
    assert_eq!(code(builder.update_activity_end(nobody, at(3))), Err(ErrorCode::InvalidArgument));
    let expected: Metadata = [text("a", "1"), text("b", "2")].into_iter().flatten().collect();
    assert_eq!(rig.finish(&session).activities[0].metadata, expected);
}

// 15. Several activities.

#[test]
fn a_triathlon() {
    use WorkoutActivityType::{Cycling, Rowing, Running, SwimBikeRun, Swimming, Transition};
    let rig = Rig::new();
    let (session, builder) = rig.running(SwimBikeRun);
    for (second, kind) in
        [(0, Swimming), (100, Transition), (110, Cycling), (300, Transition), (310, Running)]
    {
        rig.clock.advance_to(at(second));
        session.begin_new_activity(of(kind), at(second), Metadata::new()).unwrap();
        assert_eq!(session.current_activity().configuration.activity_type, kind);
        assert_eq!(builder.current_workout_activity().unwrap().configuration.activity_type, kind);
        assert_eq!(
            code(session.begin_new_activity(of(Rowing), at(second), Metadata::new())),
            Err(ErrorCode::InvalidArgument)
        );
        assert_eq!(session.current_activity().configuration.activity_type, kind);
    }
    rig.wait(90);
    assert_eq!(
        rig.heard(),
        [
            "S begin swimming 0",
            "B begin swimming 0 open",
            "S end swimming 100000",
            "S begin transition 100000",
            "B end swimming 0 100000",
            "B begin transition 100000 open",
            "S end transition 110000",
            "S begin cycling 110000",
            "B end transition 100000 110000",
            "B begin cycling 110000 open",
            "S end cycling 300000",
            "S begin transition 300000",
            "B end cycling 110000 300000",
            "B begin transition 300000 open",
            "S end transition 310000",
            "S begin running 310000",
            "B end transition 300000 310000",
            "B begin running 310000 open",
        ]
    );
    session.stop_activity(None).unwrap();
    assert_eq!(
        rig.heard(),
        ["S end running 400000", "S running -> stopped 400000", "B end running 310000 400000"]
    );
    assert_eq!(session.current_activity().configuration.activity_type, SwimBikeRun);
    builder.end_collection(at(400)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    session.end().unwrap();
    assert_eq!(rig.heard(), ["S stopped -> ended 400000"]);
    let spans: Vec<_> = workout
        .activities
        .iter()
        .map(|one| (one.configuration.activity_type.name(), shown(one.start), one.end.map(shown)))
        .collect();
    assert_eq!(
        spans,
        [
            ("swimming", 0, Some(100_000)),
            ("transition", 100_000, Some(110_000)),
            ("cycling", 110_000, Some(300_000)),
            ("transition", 300_000, Some(310_000)),
            ("running", 310_000, Some(400_000)),
        ]
    );
}

#[test]
fn intervals_have_the_type_of_the_workout_and_may_leave_gaps() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let run = || of(WorkoutActivityType::Running);
    session.begin_new_activity(run(), at(0), Metadata::new()).unwrap();
    assert_eq!(
        code(session.begin_new_activity(of(WorkoutActivityType::Cycling), at(0), Metadata::new())),
        Err(ErrorCode::InvalidArgument)
    );
    rig.wait(10);
    session.end_current_activity(at(8)).unwrap();
    assert_eq!(builder.current_workout_activity(), None);
    assert_eq!(
        code(session.begin_new_activity(run(), at(7), Metadata::new())),
        Err(ErrorCode::InvalidArgument)
    );
    session.pause().unwrap();
    session.begin_new_activity(run(), at(9), text("set", "2")).unwrap();
    assert_eq!(session.state(), WorkoutSessionState::Paused);
    rig.wait(10);
    session.end().unwrap();
    builder.end_collection(at(20)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    let spans: Vec<_> =
        workout.activities.iter().map(|one| (shown(one.start), one.end.map(shown), one.duration)).collect();
    assert_eq!(spans, [(0, Some(8000), secs(8)), (9000, Some(20_000), secs(1))]);
    assert_eq!(workout.activities[1].metadata, text("set", "2"));
}

#[test]
fn a_workout_without_activities_is_saved_with_one() {
    let rig = Rig::new();
    let (session, _) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 5)).unwrap();
    let workout = rig.finish(&session);
    let [main] = &workout.activities[..] else { panic!("{:?}", workout.activities) };
    assert_eq!((main.start, main.end, main.duration), (workout.start, Some(workout.end), workout.duration));
    assert_eq!(main.configuration, workout.configuration);
    assert_eq!(main.statistics, workout.statistics);
}

#[test]
fn activities_begun_before_collection_are_taken_in() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    let run = || of(WorkoutActivityType::Running);
    session.start_activity(None).unwrap();
    session.begin_new_activity(run(), at(0), Metadata::new()).unwrap();
    rig.wait(10);
    session.begin_new_activity(run(), at(10), Metadata::new()).unwrap();
    rig.wait(10);
    session.begin_new_activity(run(), at(20), Metadata::new()).unwrap();
    rig.wait(10);
    builder.begin_collection(at(15)).unwrap();
    rig.wait(10);
    let workout = rig.finish(&session);
    let spans: Vec<_> = workout.activities.iter().map(|one| (shown(one.start), one.end.map(shown))).collect();
    assert_eq!(spans, [(15_000, Some(20_000)), (20_000, Some(40_000))]);
}

#[test]
fn an_activity_may_begin_before_collection_did() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    let run = || of(WorkoutActivityType::Running);
    session.start_activity(None).unwrap();
    session.begin_new_activity(run(), at(0), Metadata::new()).unwrap();
    rig.wait(100);
    builder.begin_collection(at(100)).unwrap();
    // The session's second activity began at 50; to the builder both lie at its start.
    session.begin_new_activity(run(), at(50), Metadata::new()).unwrap();
    rig.wait(10);
    let workout = rig.finish(&session);
    assert_eq!(
        workout.activities.last().map(|one| (shown(one.start), one.end.map(shown))),
        Some((100_000, Some(110_000)))
    );
}

#[test]
fn an_activity_without_length_hides_no_other() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let run = || of(WorkoutActivityType::Running);
    rig.wait(60);
    builder.add_workout_activity(run(), at(10), Some(at(40)), Metadata::new()).unwrap();
    builder.add_samples(&[amount(QuantityType::StepCount, 30.0, 10, 40)]).unwrap();
    builder.add_workout_activity(run(), at(10), Some(at(10)), Metadata::new()).unwrap();
    // Inside the first one.
    let overlapping = builder.add_workout_activity(run(), at(20), Some(at(30)), Metadata::new());
    let workout = rig.finish(&session);
    let long = workout.activities.iter().find(|one| one.end == Some(at(40))).unwrap();
    let sum = long
        .statistics
        .iter()
        .find(|one| one.quantity_type == QuantityType::StepCount)
        .and_then(|one| one.sum);
    assert_eq!((sum, code(overlapping)), (Some(30.0), Err(ErrorCode::InvalidArgument)));
}

#[test]
fn an_activity_that_gets_a_length_hides_no_other() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(60);
    let add = || {
        let run = of(WorkoutActivityType::Running);
        builder.add_workout_activity(run, at(10), Some(at(10)), Metadata::new()).unwrap()
    };
    // Two without length at one instant; whichever of them grows, it comes to stand behind the other.
    let ids = [add(), add()];
    for (id, end) in [(ids[0], 40), (ids[0], 10), (ids[1], 30)] {
        builder.update_activity_end(id, at(end)).unwrap();
    }
    builder.add_samples(&[amount(QuantityType::StepCount, 20.0, 10, 30)]).unwrap();
    let workout = rig.finish(&session);
    let spans: Vec<_> = workout.activities.iter().map(|one| (shown(one.start), one.end.map(shown))).collect();
    assert_eq!(spans, [(10_000, Some(10_000)), (10_000, Some(30_000))]);
    assert_eq!(workout.activities[1].statistics[0].sum, Some(20.0));

    let (_, builder) = rig.running(WorkoutActivityType::Running);
    let start = rig.store.now();
    let add = || {
        let run = of(WorkoutActivityType::Running);
        builder.add_workout_activity(run, start, Some(start), Metadata::new()).unwrap()
    };
    let (first, _) = (add(), add());
    rig.wait(60);
    builder.update_activity_end(first, start.plus(secs(30))).unwrap();
    let activities = builder.workout_activities();
    assert!(
        activities.windows(2).all(|pair| pair[0].end.is_some_and(|end| end <= pair[1].start)),
        "{activities:?}"
    );
}

#[test]
fn activities_added_by_hand() {
    let rig = Rig::new();
    rig.wait(10);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let run = || of(WorkoutActivityType::Running);
    rig.wait(60);
    let add = |from: i64, to: Option<i64>| {
        code(builder.add_workout_activity(run(), at(from), to.map(at), Metadata::new()))
    };
    let refused = Err(ErrorCode::InvalidArgument);
    assert_eq!(add(5, Some(20)), refused, "before the workout");
    assert_eq!(add(30, Some(20)), refused, "backwards");
    assert_eq!(add(30, Some(80)), refused, "in the future");
    let first = add(20, Some(30)).unwrap();
    assert_eq!(add(25, Some(40)), refused, "overlapping");
    assert_eq!(add(15, Some(25)), refused, "overlapping");
    assert_eq!(add(15, None), refused, "open, over a later one");
    add(30, Some(40)).unwrap();
    assert!(builder.update_activity_end(first, at(35)).is_err(), "into the next");
    builder.update_activity_end(first, at(25)).unwrap();
    let open = add(50, None).unwrap();
    assert_eq!(builder.current_workout_activity().map(|one| one.id), Some(open));
    assert!(
        session.begin_new_activity(run(), at(70), Metadata::new()).is_err(),
        "one by hand is in progress"
    );
    assert_eq!(
        rig.heard(),
        [
            "B begin running 20000 25000",
            "B begin running 30000 40000",
            "B end running 20000 25000",
            "B begin running 50000 open",
        ]
    );
    let workout = rig.finish(&session);
    let spans: Vec<_> = workout.activities.iter().map(|one| (shown(one.start), one.end.map(shown))).collect();
    assert_eq!(spans, [(20_000, Some(25_000)), (30_000, Some(40_000)), (50_000, Some(70_000))]);
}

// 16. Shared events.

#[test]
fn an_event_that_partly_overlaps_two_activities_is_listed_in_both() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let run = || of(WorkoutActivityType::Running);
    session.begin_new_activity(run(), at(0), Metadata::new()).unwrap();
    rig.wait(50);
    session.begin_new_activity(run(), at(50), Metadata::new()).unwrap();
    rig.wait(50);
    builder
        .add_workout_events(vec![
            WorkoutEvent::over(WorkoutEventType::Segment, at(40), at(60)),
            event(WorkoutEventType::Marker, 10),
            event(WorkoutEventType::Marker, 90),
        ])
        .unwrap();
    let workout = rig.finish(&session);
    let listed = |index: usize| -> Vec<i64> {
        workout.events_of(&workout.activities[index]).map(|event| shown(event.start)).collect()
    };
    assert_eq!(listed(0), [10_000, 40_000]);
    assert_eq!(listed(1), [40_000, 90_000]);
}

#[test]
fn saved_events_lie_inside_the_workout() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(100);
    builder.add_workout_events(vec![WorkoutEvent::over(WorkoutEventType::Segment, at(50), at(100))]).unwrap();
    session.stop_activity(Some(at(80))).unwrap();
    builder.end_collection(at(80)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert!(workout.events.iter().all(|event| event.end <= workout.end), "{:?}", workout.events);
}

// 17. The data source.

fn collected(rig: &Rig, kind: QuantityType, second: i64) -> u32 {
    rig.store.ingest_sample(&reading(kind, 5.0, second)).expect("a sample").collected
}

#[test]
fn without_a_data_source_nothing_is_collected() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    session.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    assert_eq!(collected(&rig, QuantityType::HeartRate, 0), 0);
    assert_eq!(builder.data_source(), None);
    builder.add_samples(&[reading(QuantityType::HeartRate, 90.0, 0)]).unwrap();
    assert_eq!(builder.all_statistics().len(), 1);
}

#[test]
fn enabling_again_replaces_the_predicate() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    let source = builder.data_source().unwrap();
    let strap = SampleSource { identifier: "strap".into(), name: "Strap".into(), kind: SourceKind::External };
    let strap = rig.store.register_source(&strap).unwrap();
    let beat = |second| reading(QuantityType::HeartRate, 100.0, second);
    let from_strap = |second| rig.store.ingest_sample(&beat(second).from_source(strap)).unwrap().collected;
    let from_own = |second| rig.store.ingest_sample(&beat(second)).unwrap().collected;
    assert_eq!((from_own(0), from_strap(0)), (1, 1));
    source.enable_collection(QuantityType::HeartRate, Some(SamplePredicate::from_sources([strap]))).unwrap();
    assert_eq!((from_own(0), from_strap(0)), (0, 1));
    let dated = SamplePredicate {
        starts_at_or_after: Some(at(10)),
        starts_before: Some(at(20)),
        ..SamplePredicate::default()
    };
    source.enable_collection(QuantityType::HeartRate, Some(dated)).unwrap();
    assert_eq!([9, 10, 19, 20].map(from_own), [0, 1, 1, 0]);
    source.enable_collection(QuantityType::HeartRate, None).unwrap();
    assert_eq!((from_own(30), from_strap(30)), (1, 1));
    source.disable_collection(QuantityType::HeartRate).unwrap();
    assert_eq!((from_own(40), from_strap(40)), (0, 0));
    assert!(!source.types_to_collect().contains(QuantityType::HeartRate));
    assert_eq!(builder.statistics(QuantityType::HeartRate).unwrap().count, 7);
}

#[test]
fn types_follow_the_activity_until_the_first_change_by_hand() {
    use WorkoutActivityType::{Cycling, Running, SwimBikeRun, Swimming};
    let rig = Rig::new();
    let (session, builder) = rig.running(SwimBikeRun);
    let source = builder.data_source().unwrap();
    let has = |kind| source.types_to_collect().contains(kind);
    assert!(!has(QuantityType::DistanceSwimming) && has(QuantityType::HeartRate));
    session.begin_new_activity(of(Swimming), at(0), Metadata::new()).unwrap();
    assert!(has(QuantityType::DistanceSwimming));
    rig.wait(1);
    session.begin_new_activity(of(Cycling), at(1), Metadata::new()).unwrap();
    assert!(has(QuantityType::DistanceCycling) && !has(QuantityType::DistanceSwimming));
    assert_eq!(collected(&rig, QuantityType::DistanceCycling, 1), 1);
    rig.wait(1);
    session.end_current_activity(at(2)).unwrap();
    assert!(!has(QuantityType::DistanceCycling) && has(QuantityType::HeartRate));
    source.enable_collection(QuantityType::StepCount, None).unwrap();
    session.begin_new_activity(of(Running), at(2), Metadata::new()).unwrap();
    assert!(has(QuantityType::StepCount) && !has(QuantityType::DistanceWalkingRunning));
    assert_eq!(builder.snapshot().types_to_collect, source.types_to_collect());
}

#[test]
fn two_activities_may_begin_at_one_instant() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let run = || of(WorkoutActivityType::Running);
    session.begin_new_activity(run(), at(0), Metadata::new()).unwrap();
    session.begin_new_activity(run(), at(0), Metadata::new()).unwrap();
    rig.wait(10);
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 5)).unwrap();
    let open = builder.current_workout_activity().unwrap();
    assert_eq!((open.id, open.statistics.len()), (session.current_activity().id, 1));
}

#[test]
fn a_data_source_changed_before_it_serves_stays_as_it_is() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::SwimBikeRun);
    let builder = session.associated_workout_builder();
    let source = LiveWorkoutDataSource::new(Some(&of(WorkoutActivityType::Running)));
    source.disable_collection(QuantityType::RunningPower).unwrap();
    builder.set_data_source(Some(&source)).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    let before = source.types_to_collect();
    session.begin_new_activity(of(WorkoutActivityType::Swimming), at(0), Metadata::new()).unwrap();
    assert_eq!(source.types_to_collect(), before);
    // One data source serves one builder.
    let other = rig.session(WorkoutActivityType::Running).associated_workout_builder();
    assert_eq!(code(other.set_data_source(Some(&source))), Err(ErrorCode::InvalidArgument));
    builder.set_data_source(None).unwrap();
    other.set_data_source(Some(&source)).unwrap();
    assert_eq!(collected(&rig, QuantityType::HeartRate, 0), 0);
}

#[test]
fn a_data_source_without_a_configuration_has_no_defaults() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::SwimBikeRun);
    let builder = session.associated_workout_builder();
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(None))).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    session.begin_new_activity(of(WorkoutActivityType::Running), at(0), Metadata::new()).unwrap();
    assert_eq!(builder.snapshot().types_to_collect, TypeSet::EMPTY);
}

#[test]
fn what_is_collected_when() {
    let rig = Rig::new();
    rig.wait(100);
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    let source = LiveWorkoutDataSource::new(Some(&of(WorkoutActivityType::Running)));
    builder.set_data_source(Some(&source)).unwrap();
    let heart = |second| collected(&rig, QuantityType::HeartRate, second);
    builder.begin_collection(at(100)).unwrap();
    assert_eq!(heart(100), 0, "the session does not run");
    session.prepare().unwrap();
    assert_eq!(heart(100), 0, "a countdown collects nothing");
    session.start_activity(None).unwrap();
    assert_eq!(heart(100), 1);
    assert_eq!(heart(99), 0, "before collection");
    rig.wait(10);
    session.pause().unwrap();
    assert_eq!(heart(105), 1, "measured before the pause, came in it");
    session.stop_activity(None).unwrap();
    assert_eq!(heart(109), 1, "the last samples trickle in");
    builder.end_collection(at(110)).unwrap();
    assert_eq!(heart(109), 0);
    assert_eq!(rig.store.sample_count().unwrap(), 7);
}

#[test]
fn what_is_measured_after_the_stop_is_not_collected() {
    let rig = Rig::new();
    let (session, _) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    session.stop_activity(None).unwrap();
    rig.wait(60);
    assert_eq!(collected(&rig, QuantityType::HeartRate, 70), 0);
}

// 18. Events by hand.

#[test]
fn without_collecting_events_the_pauses_of_the_session_do_not_count() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    assert!(builder.should_collect_workout_events());
    builder.set_should_collect_workout_events(false).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    assert_eq!(code(builder.set_should_collect_workout_events(true)), Err(ErrorCode::InvalidArgument));
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(10);
    session.resume().unwrap();
    rig.wait(10);
    session.report_event(event(WorkoutEventType::Marker, 25)).unwrap();
    assert_eq!(builder.elapsed_time(), secs(30));
    assert!(builder.workout_events().is_empty());
    assert!(!rig.heard().iter().any(|line| line.starts_with('B')));
    builder.add_workout_events(vec![event(WorkoutEventType::Pause, 28)]).unwrap();
    assert_eq!(builder.elapsed_time(), secs(28));
    assert_eq!(rig.heard(), ["B event"]);
}

#[test]
fn session_events_before_collection_are_taken_in_from_its_start_on() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    session.start_activity(None).unwrap();
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(10);
    session.resume().unwrap();
    rig.wait(10);
    session.report_event(event(WorkoutEventType::Marker, 25)).unwrap();
    rig.heard();
    builder.begin_collection(at(15)).unwrap();
    assert_eq!(rig.heard(), ["B event"]);
    let events: Vec<_> =
        builder.workout_events().iter().map(|event| (event.event_type.name(), shown(event.start))).collect();
    assert_eq!(events, [("pause", 15_000), ("resume", 20_000), ("marker", 25_000)]);
    assert_eq!(builder.elapsed_time(), secs(10));
}

#[test]
fn a_request_before_collection_is_not_kept() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    session.start_activity(None).unwrap();
    rig.wait(10);
    session.report_event(event(WorkoutEventType::PauseOrResumeRequest, 10)).unwrap();
    rig.heard();
    builder.begin_collection(at(0)).unwrap();
    assert!(builder.workout_events().is_empty());
    assert_eq!(rig.heard(), Vec::<String>::new());
}

#[test]
fn collection_that_begins_in_a_pause_stands_still() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder();
    session.start_activity(None).unwrap();
    session.pause().unwrap();
    rig.wait(10);
    builder.begin_collection(at(10)).unwrap();
    rig.wait(10);
    assert_eq!(builder.elapsed_time(), secs(0));
    session.resume().unwrap();
    rig.wait(5);
    assert_eq!(builder.elapsed_time(), secs(5));
}

// Delegates.

#[test]
fn a_late_delegate_hears_nothing_of_the_past() {
    let rig = Rig::new();
    let session = WorkoutSession::new(&rig.store, of(WorkoutActivityType::Running)).unwrap();
    session.start_activity(None).unwrap();
    rig.store.poll();
    let recorder = Arc::new(Recorder { name: "", transcript: rig.transcript.clone() });
    session.set_delegate(Some(recorder));
    assert_eq!(rig.heard(), Vec::<String>::new());
    session.pause().unwrap();
    assert_eq!(rig.heard(), ["S running -> paused 0", "S event pause 0 0"]);
}

#[test]
fn after_no_delegate_was_set_none_is_called() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    session.pause().unwrap();
    session.set_delegate(None);
    builder.set_delegate(None);
    assert_eq!(rig.heard(), Vec::<String>::new());
}

#[test]
fn poll_counts_what_it_delivered() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    session.pause().unwrap();
    assert_eq!(rig.store.poll().delivered, 3);
    session.set_delegate(None);
    builder.set_delegate(None);
    session.resume().unwrap();
    assert_eq!(rig.store.poll().delivered, 0);
}

#[test]
fn data_callbacks_of_a_round_are_one_with_all_types() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    for second in 0..10 {
        collected(&rig, QuantityType::HeartRate, second);
        collected(&rig, QuantityType::ActiveEnergyBurned, second);
    }
    builder.add_samples(&[reading(QuantityType::StepCount, 4.0, 3)]).unwrap();
    // Not collected, so not told.
    collected(&rig, QuantityType::SwimmingStrokeCount, 3);
    assert_eq!(rig.heard(), ["B data activeEnergyBurned,stepCount,heartRate"]);
    collected(&rig, QuantityType::HeartRate, 10);
    assert_eq!(rig.heard(), ["B data heartRate"]);
}

#[test]
fn a_failure_comes_before_the_end_and_only_once() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(3);
    let error = || PacelineError::new(ErrorCode::UserExitedWorkoutSession, "left");
    session.fail(error()).unwrap();
    session.fail(error()).unwrap();
    assert_eq!(rig.heard(), ["S fail 1 9", "S running -> ended 3000"]);
    builder.end_collection(at(3)).unwrap();
    assert!(builder.finish_workout().unwrap().is_some());
}
