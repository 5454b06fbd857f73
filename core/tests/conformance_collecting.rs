//! The reference's conformance checklist (workout sessions, section 18.5), items 17 and 18: what is collected, and who hears of it.

mod common;

use common::*;
use paceline::*;
use std::sync::Arc;

// 17. The data source.

fn collected(rig: &Rig, kind: QuantityType, second: i64) -> u32 {
    rig.store.ingest_sample(&reading(kind, 5.0, second)).expect("a sample").collected
}

#[test]
fn without_a_data_source_nothing_is_collected() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
    let source = LiveWorkoutDataSource::new(Some(&of(WorkoutActivityType::Running)));
    source.disable_collection(QuantityType::RunningPower).unwrap();
    builder.set_data_source(Some(&source)).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(at(0)).unwrap();
    let before = source.types_to_collect();
    session.begin_new_activity(of(WorkoutActivityType::Swimming), at(0), Metadata::new()).unwrap();
    assert_eq!(source.types_to_collect(), before);
    // One data source serves one builder.
    let other = rig.session(WorkoutActivityType::Running).associated_workout_builder().expect("a builder");
    assert_eq!(code(other.set_data_source(Some(&source))), Err(ErrorCode::InvalidArgument));
    builder.set_data_source(None).unwrap();
    other.set_data_source(Some(&source)).unwrap();
    assert_eq!(collected(&rig, QuantityType::HeartRate, 0), 0);
}

#[test]
fn a_data_source_without_a_configuration_has_no_defaults() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::SwimBikeRun);
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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
