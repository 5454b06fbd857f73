//! What need not be kept is removed, and never more than that.

mod common;

use common::*;
use paceline::*;
use std::time::Duration;

const DAY: u64 = 86_400;

fn keeping(days: u64) -> Rig {
    let retention = Retention::keep_for(secs(days * DAY)).expect("long enough");
    Rig::with(|options| options.retention(Some(retention)))
}

fn days(rig: &Rig, count: u64) {
    rig.wait(count * DAY);
}

/// A workout of ten seconds with three beats, ending at the present.
fn workout(rig: &Rig) -> Uuid {
    let (session, _builder) = rig.running(WorkoutActivityType::Running);
    for _ in 0..3 {
        rig.wait(3);
        let now = rig.store.now();
        let beat =
            QuantitySample::in_stored_unit(QuantityType::HeartRate, 120.0, now, now).expect("a sample");
        rig.store.ingest_sample(&beat).expect("it is saved");
    }
    rig.wait(1);
    rig.finish(&session).id
}

fn step(rig: &Rig) {
    let now = rig.store.now();
    let step = QuantitySample::in_stored_unit(QuantityType::StepCount, 1.0, now, now).expect("a sample");
    rig.store.ingest_sample(&step).expect("it is saved");
}

fn kept(rig: &Rig) -> (Vec<Uuid>, u64) {
    (rig.store.workout_ids().expect("they read"), rig.store.sample_count().expect("a count"))
}

#[test]
fn without_retention_everything_is_kept() {
    let rig = Rig::new();
    let first = workout(&rig);
    step(&rig);
    days(&rig, 4000);
    assert_eq!(kept(&rig), (vec![first], 4));
}

#[test]
fn what_is_too_old_goes_and_nothing_else() {
    let rig = keeping(7);
    let first = workout(&rig);
    step(&rig);
    days(&rig, 4);
    let second = workout(&rig);
    step(&rig);
    days(&rig, 2);
    assert_eq!(kept(&rig), (vec![second, first], 8));
    // Too old after a week, and so found a day later.
    days(&rig, 1);
    assert_eq!(kept(&rig), (vec![second, first], 8));
    days(&rig, 2);
    assert_eq!(kept(&rig), (vec![second], 4));
    assert_eq!(rig.store.workout(first).expect("it reads"), None);
    assert_eq!(rig.store.samples(second, QuantityType::HeartRate, None, 10).expect("a page").len(), 3);
    days(&rig, 30);
    assert_eq!(kept(&rig), (vec![], 0));
}

#[test]
fn nothing_is_kept_for_less_than_a_day() {
    assert_eq!(code(Retention::keep_for(secs(DAY - 1))), Err(ErrorCode::InvalidArgument));
    assert_eq!(Retention::keep_for(Retention::LEAST).map(Retention::span), Ok(secs(DAY)));
}

/// Also what could still be added to it stays.
#[test]
fn what_is_not_finished_stays_however_old() {
    let rig = keeping(2);
    step(&rig);
    rig.wait(5);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(5);
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 120.0, 8)).expect("it is saved");
    step(&rig);
    days(&rig, 10);
    assert_eq!(kept(&rig).1, 3, "nothing goes while it is going on");
    // Over, but the builder is open.
    session.end().expect("an end");
    days(&rig, 10);
    assert_eq!(kept(&rig).1, 2, "what was there before it began goes");
    builder.end_collection(at(20)).expect("an end");
    let workout = builder.finish_workout().expect("a finish").expect("not locked");
    assert_eq!(workout.statistics(QuantityType::HeartRate).map(|beats| beats.count), Some(1));
    days(&rig, 3);
    assert_eq!(kept(&rig), (vec![], 0));
}

/// A store on a clock whose wall time is set by hand.
struct Wrong(std::sync::Mutex<(Timestamp, Duration)>);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        self.0.lock().expect("nobody panics here").0
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().expect("nobody panics here").1
    }
}

/// Opens the store at this date, for as long as it takes to tidy it, and tells how many workouts it has.
fn open_at(path: &std::path::Path, date: Timestamp) -> usize {
    let clock = std::sync::Arc::new(Wrong(std::sync::Mutex::new((date, secs(1000)))));
    let options = StoreOptions::new()
        .path(path)
        .clock(ClockSource::Custom(std::sync::Arc::clone(&clock) as std::sync::Arc<dyn Clock>))
        .delivery(Delivery::Poll)
        .retention(Retention::keep_for(secs(30 * DAY)).ok());
    let store = HealthStore::open(options).expect("a store");
    for _ in 0..200 {
        clock.0.lock().expect("nobody panics here").1 += Duration::from_millis(100);
        store.poll();
    }
    store.workout_ids().expect("they read").len()
}

#[test]
fn a_clock_is_not_believed_at_its_first_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.sqlite");
    let rig = Rig::with(|options| options.path(&path));
    workout(&rig);
    drop(rig);
    let day = |day: i64| at(day * DAY as i64);
    for (date, left, why) in [
        (day(1), 1, "it is new"),
        (day(4000), 1, "years ahead, at the first look"),
        (day(4000).plus(secs(3600)), 1, "again, on the same day"),
        (day(2), 1, "set right"),
        (day(5000), 1, "years ahead again"),
        (day(9000), 1, "further ahead, years after that"),
        (day(3), 1, "set right"),
        (day(20), 1, "not old enough"),
        (day(49), 1, "old enough, but it was not when the store last looked"),
        (day(49).plus(secs(3600)), 1, "it looks once a day"),
        (day(52), 0, "old enough, twice"),
    ] {
        assert_eq!(open_at(&path, date), left, "{why}");
    }
}
