//! The reference's conformance checklist (workout sessions, section 18.5), items 10 to 14: what a builder takes, finishes and throws away.

mod common;

use common::*;
use paceline::*;

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
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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

#[test]
fn metadata_is_bounded_so_that_what_was_accepted_can_be_saved() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let half = "x".repeat(600 << 10);
    builder.add_metadata(text("a", &half)).unwrap();
    assert_eq!(code(builder.add_metadata(text("b", &half))), Err(ErrorCode::DataSizeExceeded));
    builder.add_metadata(text("a", &half)).unwrap();
    assert_eq!(code(builder.add_metadata(text("a\0b", "c"))), Err(ErrorCode::InvalidArgument));
    assert_eq!(rig.finish(&session).metadata["a"], MetadataValue::Text(half));
}

#[test]
fn a_session_goes_on_without_its_builder() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder().expect("a builder");
    builder.begin_collection(at(0)).unwrap();
    builder.discard_workout().unwrap();
    session.start_activity(None).unwrap();
    rig.wait(70);
    session.pause().unwrap();
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 5)).unwrap();
    session.end().unwrap();
    assert_eq!(session.state(), WorkoutSessionState::Ended);
}
