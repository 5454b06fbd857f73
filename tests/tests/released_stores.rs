//! A store of every release opens, with all that is in it, and a workout that was going on goes on.
//!
//! The stores were made by those releases themselves (`tests/vectors/stores`), journal entries and checkpoints included: what
//! they wrote must be read for ever.

use paceline::{
    HealthStore, ManualClock, MetadataValue, QuantityType, StoreOptions, Timestamp, WorkoutActivityType,
    WorkoutEventType, WorkoutSessionState,
};
use paceline_tests::released;
use std::time::Duration;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + seconds)
}

#[test]
fn stores_of_every_release_hold_what_they_held() {
    let all = released::all();
    assert!(all.len() >= 2, "they are there");
    for released in all {
        let version = released.version;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.sqlite");
        released.make(&path);
        let clock = ManualClock::new(at(190));
        let store = HealthStore::open(StoreOptions::new().path(&path).clock(&clock)).expect("it opens");

        let swims = store.workouts().expect("they can be read");
        let [swim] = &swims[..] else { panic!("version {version}: {swims:?}") };
        assert_eq!((swim.start, swim.end, swim.duration), (at(0), at(60), Duration::from_secs(55)));
        assert_eq!(swim.configuration.activity_type, WorkoutActivityType::Swimming);
        assert_eq!(swim.metadata.get("date"), Some(&MetadataValue::Date(at(60))));
        assert_eq!(swim.metadata.get("number"), Some(&MetadataValue::Number(-2.5)));
        assert_eq!((swim.activities.len(), swim.events.len()), (2, 3));
        let warm_up = swim.activities[0].metadata.get("set");
        assert_eq!(warm_up, Some(&MetadataValue::Text("warm-up".to_owned())));
        let beats = swim.statistics(QuantityType::HeartRate).expect("it was measured");
        assert_eq!((beats.count, beats.average), (56, Some(132.703_703_703_703_7)));
        let read = store.samples(swim.id, QuantityType::HeartRate, None, 1000).expect("they can be read");
        assert_eq!(read.len(), 60, "version {version}: with those that were read in the pause");

        let session = store.recover_active_workout_session().expect("it can be read").expect("a run goes on");
        let builder = session.associated_workout_builder().expect("it has one");
        assert_eq!((session.state(), session.start_date()), (WorkoutSessionState::Running, Some(at(100))));
        let snapshot = session.snapshot();
        assert_eq!(snapshot.elapsed, Duration::from_secs(80));
        let distance = builder.statistics(QuantityType::DistanceWalkingRunning).expect("it was measured");
        assert_eq!((distance.count, distance.sum), (80, Some(200.0)));
        let beats = builder.statistics(QuantityType::HeartRate).expect("it was measured");
        assert_eq!((beats.count, beats.average), (81, Some(132.037_974_683_544_3)));
        let events: Vec<_> =
            builder.workout_events().iter().map(|event| (event.event_type, event.start)).collect();
        let expected = [
            (WorkoutEventType::Pause, at(170)),
            (WorkoutEventType::Resume, at(180)),
            (WorkoutEventType::Marker, at(190)),
        ];
        assert_eq!(events, expected, "version {version}");
        assert_eq!(builder.metadata().get("note"), Some(&MetadataValue::Text("ünï".to_owned())));

        clock.advance(Duration::from_secs(10));
        session.end().expect("it goes on");
        builder.end_collection(store.now()).expect("it goes on");
        let run = builder.finish_workout().expect("it is saved").expect("nothing is locked");
        assert_eq!((run.end, run.duration, run.activities.len()), (at(200), Duration::from_secs(90), 1));
        assert_eq!(store.sample_count(), Ok(300), "version {version}");
    }
}
