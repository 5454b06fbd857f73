//! Who yields when a second session starts on a device: the policies that ask the host or hand the workout over.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{Heard, code, of};
use paceline::*;
use std::sync::Arc;
use std::time::Duration;

struct Stage {
    simulation: Simulation,
    watch: SimulatedDevice,
    first: (WorkoutSession, Arc<Heard>),
    second: (WorkoutSession, Arc<Heard>),
}

/// A device that asks; one session runs, the other one was told to start, and waits.
fn asked() -> Stage {
    let simulation = Simulation::new(Timestamp::from_seconds(1_700_000_000), 1);
    let options = DeviceOptions { arbitration: Arbitration::Ask, ..DeviceOptions::default() };
    let watch = simulation.add_device("watch", options).unwrap();
    let session = || {
        let session = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
        let ear = Arc::new(Heard::default());
        session.set_delegate(Some(ear.clone()));
        (session, ear)
    };
    let (first, second) = (session(), session());
    first.0.start_activity(None).unwrap();
    simulation.advance(Duration::from_secs(60));
    second.0.start_activity(None).unwrap();
    assert_eq!(second.0.state(), WorkoutSessionState::NotStarted);
    Stage { simulation, watch, first, second }
}

impl Stage {
    fn heard(&self) -> (String, String) {
        self.simulation.poll();
        let take = |ear: &Heard| ear.take().join(",");
        (take(&self.first.1), take(&self.second.1))
    }
}

fn heard(first: &str, second: &str) -> (String, String) {
    (first.to_owned(), second.to_owned())
}

#[test]
fn nobody_is_asked_when_nobody_is_under_way() {
    let stage = asked();
    stage.watch.arbitrate(None).unwrap();
    stage.second.0.end().unwrap();
    let third = WorkoutSession::new(&stage.watch.store(), of(WorkoutActivityType::Running)).unwrap();
    third.start_activity(None).unwrap();
    assert_eq!(third.state(), WorkoutSessionState::Running);
    assert_eq!(code(stage.watch.arbitrate(None)), Err(ErrorCode::InvalidArgument));
}

#[test]
fn granted_the_incumbent_ends_and_the_newcomer_starts_then() {
    let stage = asked();
    assert_eq!(stage.heard(), heard("running", ""));
    stage.simulation.advance(Duration::from_secs(5));
    stage.watch.arbitrate(None).unwrap();
    assert_eq!(stage.heard(), heard("failed 1008,ended", "running"));
    assert_eq!(stage.second.0.start_date(), Some(stage.simulation.now()));
    assert_eq!(stage.first.0.end_date(), Some(stage.simulation.now()));
}

#[test]
fn refused_the_newcomer_fails_and_the_incumbent_hears_nothing() {
    let stage = asked();
    let refusal = PacelineError::new(ErrorCode::UserCanceled, "the person keeps the run");
    stage.watch.arbitrate(Some(refusal)).unwrap();
    assert_eq!(stage.heard(), heard("running", "failed 1007,ended"));
    stage.first.0.pause().unwrap();
}

#[test]
fn while_the_host_thinks_it_is_not_asked_twice() {
    let stage = asked();
    assert_eq!(code(stage.second.0.start_activity(None)), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(stage.second.0.prepare()), Err(ErrorCode::InvalidArgument));
    // What the newcomer does meanwhile makes the question void.
    stage.second.0.end().unwrap();
    stage.watch.arbitrate(None).unwrap();
    assert_eq!(stage.heard(), heard("running", "ended"));
}

#[test]
fn an_answer_that_comes_late_finds_the_device_free() {
    let stage = asked();
    stage.first.0.end().unwrap();
    stage.watch.arbitrate(None).unwrap();
    assert_eq!(stage.heard(), heard("running,ended", "running"));
}

/// The call returned long ago: what stands in the way when the answer comes is told to the delegate.
#[test]
fn what_is_granted_too_late_is_told() {
    let stage = asked();
    stage.watch.set_foreground(false).unwrap();
    stage.watch.arbitrate(None).unwrap();
    assert_eq!(stage.heard(), heard("running", "failed 1014,ended"));
}

#[test]
fn an_answer_to_a_session_that_was_let_go_ends_nobody() {
    let Stage { simulation, watch, first, second } = asked();
    drop(second);
    let third = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
    watch.arbitrate(None).unwrap();
    simulation.poll();
    assert_eq!(first.0.state(), WorkoutSessionState::Running);
    assert_eq!(third.state(), WorkoutSessionState::NotStarted);
}

#[test]
fn a_platform_that_does_not_arbitrate_is_not_asked() {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    let store = HealthStore::open(StoreOptions::new().clock(&clock).arbitration(Arbitration::Ask)).unwrap();
    let session = || WorkoutSession::new(&store, of(WorkoutActivityType::Running)).unwrap();
    let (first, second) = (session(), session());
    first.start_activity(None).unwrap();
    second.start_activity(None).unwrap();
    assert_eq!((first.state(), second.state()), (WorkoutSessionState::Ended, WorkoutSessionState::Running));
}
