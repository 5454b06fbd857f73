//! The reference's conformance checklist (workout sessions, section 18.5), items 15 and 16: the parts of a workout.

mod common;

use common::*;
use paceline::*;

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
    let builder = session.associated_workout_builder().expect("a builder");
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
    let builder = session.associated_workout_builder().expect("a builder");
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
            // Told later, as it is by then: its end was moved in between.
            "B begin running 20000 25000",
            "B end running 20000 25000",
            "B begin running 30000 40000",
            "B end running 30000 40000",
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
