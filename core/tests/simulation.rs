//! Simulated devices: the same seed gives the same run, and the platform does what the test says.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{at, code, of, secs};
use paceline::*;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl WorkoutSessionDelegate for Heard {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.0.lock().unwrap().push(format!("{} {to}", session.id()));
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        self.0.lock().unwrap().push(error.code().name().to_owned());
    }
}

fn run(seed: u64) -> Vec<String> {
    let simulation = Simulation::new(at(0), seed);
    let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    let phone = simulation.add_device("phone", DeviceOptions::default()).unwrap();
    let heard = Arc::new(Heard::default());
    for device in [&watch, &phone] {
        let session = WorkoutSession::new(&device.store(), of(WorkoutActivityType::Running)).unwrap();
        session.set_delegate(Some(Arc::clone(&heard) as Arc<dyn WorkoutSessionDelegate>));
        session.start_activity(None).unwrap();
    }
    assert_eq!(simulation.poll(), 2);
    assert_eq!(simulation.poll(), 0);
    std::mem::take(&mut *heard.0.lock().unwrap())
}

#[test]
fn the_seed_decides_the_ids() {
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    let lines = run(1);
    assert_ne!(lines[0], lines[1], "two devices make two ids");
}

#[test]
fn all_devices_live_in_one_time() {
    let simulation = Simulation::new(at(0), 1);
    let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    let phone = simulation.add_device("phone", DeviceOptions::default()).unwrap();
    simulation.advance(secs(90));
    assert_eq!((simulation.now(), watch.store().now(), phone.store().now()), (at(90), at(90), at(90)));
    simulation.advance_to(at(30));
    assert_eq!(simulation.now(), at(90));
}

#[test]
fn names_of_devices_are_taken_once() {
    let simulation = Simulation::new(at(0), 1);
    let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    assert_eq!(simulation.device("watch"), Some(watch));
    assert_eq!(simulation.device("phone"), None);
    let refused = |name| code(simulation.add_device(name, DeviceOptions::default()));
    assert_eq!(refused("watch"), Err(ErrorCode::InvalidArgument));
    assert_eq!(refused(""), Err(ErrorCode::InvalidArgument));
}

#[test]
fn the_platform_does_what_the_test_says() {
    let simulation = Simulation::new(at(0), 1);
    let options =
        DeviceOptions { refused_activities: vec![WorkoutActivityType::Golf], ..DeviceOptions::default() };
    let watch = simulation.add_device("watch", options).unwrap();
    let golf = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Golf));
    assert_eq!(code(golf), Err(ErrorCode::WorkoutActivityNotAllowed));

    let denied = PacelineError::new(ErrorCode::RequiredAuthorizationDenied, "no");
    assert_eq!(code(watch.refuse_session_mode(denied.clone())), Err(ErrorCode::InvalidArgument));
    let session = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
    let heard = Arc::new(Heard::default());
    session.set_delegate(Some(Arc::clone(&heard) as Arc<dyn WorkoutSessionDelegate>));
    watch.set_foreground(false).unwrap();
    watch.set_launched_by_companion(true).unwrap();
    session.start_activity(None).unwrap();
    assert!(watch.in_session_mode());
    watch.refuse_session_mode(denied).unwrap();
    assert!(!watch.in_session_mode());
    simulation.poll();
    let lines = heard.0.lock().unwrap().clone();
    assert_eq!(lines[1..], ["requiredAuthorizationDenied".to_owned(), format!("{} ended", session.id())]);

    watch.set_locked(true).unwrap();
    assert_eq!(code(watch.store().workouts()), Err(ErrorCode::DatabaseInaccessible));
    watch.set_locked(false).unwrap();
    watch.set_sample_permission(QuantityType::HeartRate, AuthorizationStatus::SharingDenied).unwrap();
    watch.set_workout_permission(AuthorizationStatus::NotDetermined).unwrap();
    let late = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
    late.set_delegate(Some(Arc::clone(&heard) as Arc<dyn WorkoutSessionDelegate>));
    let _ = late.start_activity(None);
    simulation.poll();
    assert!(heard.0.lock().unwrap().contains(&"authorizationNotDetermined".to_owned()));
}

#[test]
fn a_device_may_let_the_newcomer_yield() {
    let simulation = Simulation::new(at(0), 1);
    let options = DeviceOptions { arbitration: Arbitration::Refuse, ..DeviceOptions::default() };
    let watch = simulation.add_device("watch", options).unwrap();
    for launch in 0..2 {
        let first = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
        let second = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Cycling)).unwrap();
        first.start_activity(None).unwrap();
        let refused = code(second.start_activity(None));
        assert_eq!(refused, Err(ErrorCode::AnotherWorkoutSessionStarted), "launch {launch}");
        assert_eq!(first.state(), WorkoutSessionState::Running);
        watch.relaunch().unwrap();
    }
}
