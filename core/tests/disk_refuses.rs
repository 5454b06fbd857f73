//! A disk that cannot be written: a workout goes on, says so, and is whole when the disk is back.

#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::Heard;
use paceline::{
    DeviceOptions, ErrorCode, LiveWorkoutBuilder, LiveWorkoutDataSource, PacelineError, QuantitySample,
    QuantityType, SimulatedDevice, Simulation, Timestamp, WorkoutActivityType, WorkoutConfiguration,
    WorkoutSession, WorkoutSessionState,
};
use std::sync::Arc;
use std::time::Duration;

struct Stage {
    simulation: Simulation,
    device: SimulatedDevice,
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
    ear: Arc<Heard>,
}

/// A run that has been going on for a minute, with a heart rate each second.
fn stage() -> Stage {
    let simulation = Simulation::new(Timestamp::from_seconds(1_700_000_000), 1);
    let device = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
    let session = WorkoutSession::new(&device.store(), run.clone()).unwrap();
    let ear = Arc::new(Heard::default());
    session.set_delegate(Some(ear.clone()));
    let builder = session.associated_workout_builder().unwrap();
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(simulation.now()).unwrap();
    let stage = Stage { simulation, device, session, builder, ear };
    assert!(stage.measure(60));
    stage.ear.take();
    stage
}

impl Stage {
    /// Measures a heart rate each second; tells whether all were durable when they were accepted.
    fn measure(&self, seconds: u32) -> bool {
        let mut durable = true;
        for second in 0..seconds {
            self.simulation.advance(Duration::from_secs(1));
            let now = self.simulation.now();
            let rate = f64::from(120 + second % 40);
            let sample = QuantitySample::in_stored_unit(QuantityType::HeartRate, rate, now, now).unwrap();
            let ingested = self.device.store().ingest_sample(&sample).unwrap();
            assert_eq!((ingested.samples, ingested.collected), (1, 1));
            durable &= ingested.durable;
        }
        durable
    }

    fn heart_rates(&self) -> u64 {
        self.session.snapshot().statistics(QuantityType::HeartRate).unwrap().count
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T, PacelineError>) -> ErrorCode {
    outcome.expect_err("it is refused").code()
}

#[test]
fn a_workout_goes_on_while_the_disk_refuses_and_is_whole_afterwards() {
    let stage = stage();
    stage.device.set_disk_writable(false).unwrap();
    assert!(!stage.measure(10));
    stage.session.pause().unwrap();
    stage.simulation.advance(Duration::from_secs(20));
    stage.session.resume().unwrap();
    stage.session.set_payload(*b"kept").unwrap();
    assert!(!stage.measure(10));
    assert_eq!(stage.ear.take(), ["lost readOnly", "paused", "running"]);
    assert!(!stage.session.is_durable() && !stage.session.snapshot().durable);
    assert_eq!(stage.heart_rates(), 80);
    // What would end the workout for good cannot wait, and changes nothing.
    stage.session.end().unwrap();
    stage.builder.end_collection(stage.simulation.now()).unwrap();
    assert_eq!(code(stage.builder.finish_workout()), ErrorCode::StoreReadOnly);
    assert_eq!(code(stage.builder.discard_workout()), ErrorCode::StoreReadOnly);
    let elapsed = stage.builder.elapsed_time();

    stage.device.set_disk_writable(true).unwrap();
    stage.simulation.advance(Duration::from_secs(60));
    assert_eq!(stage.ear.take(), ["ended", "regained"]);
    assert!(stage.session.is_durable());
    stage.device.kill();
    stage.device.relaunch().unwrap();
    let session = stage.device.store().recover_active_workout_session().unwrap().unwrap();
    assert_eq!((&session.payload()[..], session.state()), (&b"kept"[..], WorkoutSessionState::Ended));
    let builder = session.associated_workout_builder().unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!((workout.duration, elapsed), (Duration::from_secs(80), Duration::from_secs(80)));
    assert_eq!(workout.statistics(QuantityType::HeartRate).unwrap().count, 80);
    assert_eq!(workout.events.len(), 2);
}

#[test]
fn what_waited_is_lost_with_the_process_and_nothing_else_is() {
    let stage = stage();
    stage.device.set_disk_writable(false).unwrap();
    assert!(!stage.measure(10));
    stage.session.pause().unwrap();
    stage.device.kill();
    stage.device.relaunch().unwrap();
    stage.device.set_disk_writable(true).unwrap();
    let session = stage.device.store().recover_active_workout_session().unwrap().unwrap();
    assert_eq!(session.state(), WorkoutSessionState::Running);
    assert_eq!(session.snapshot().statistics(QuantityType::HeartRate).unwrap().count, 60);
}

#[test]
fn without_a_workout_nothing_waits() {
    let simulation = Simulation::new(Timestamp::from_seconds(1_700_000_000), 1);
    let device = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    device.set_disk_writable(false).unwrap();
    let now = simulation.now();
    let sample = QuantitySample::in_stored_unit(QuantityType::HeartRate, 60.0, now, now).unwrap();
    assert_eq!(code(device.store().ingest_sample(&sample)), ErrorCode::StoreReadOnly);
    let session =
        WorkoutSession::new(&device.store(), WorkoutConfiguration::new(WorkoutActivityType::Running))
            .unwrap();
    assert_eq!(code(session.start_activity(None)), ErrorCode::StoreReadOnly);
    assert_eq!(session.state(), WorkoutSessionState::NotStarted);
    device.set_disk_writable(true).unwrap();
    session.start_activity(None).unwrap();
    assert!(device.store().ingest_sample(&sample).unwrap().durable);
}

/// 65,536 samples wait at most; then they are refused, and what came before is still there.
#[test]
fn what_waits_is_bounded() {
    let stage = stage();
    stage.device.set_disk_writable(false).unwrap();
    let store = stage.device.store();
    let mut accepted = 0;
    let refusal = loop {
        let now = stage.simulation.now();
        let sample = QuantitySample::in_stored_unit(QuantityType::StepCount, 1.0, now, now).unwrap();
        match store.ingest_sample(&sample) {
            Ok(_) => accepted += 1,
            Err(error) => break error.code(),
        }
    };
    assert_eq!((accepted, refusal), (65_536, ErrorCode::StoreReadOnly));
    stage.session.set_payload(vec![1; 1 << 20]).unwrap();
    stage.session.set_payload(vec![2; 1 << 20]).unwrap();
    stage.session.set_payload(vec![3; 1 << 20]).unwrap();
    assert_eq!(code(stage.session.set_payload(vec![4; 1 << 20])), ErrorCode::StoreReadOnly);
    assert_eq!(stage.session.payload()[0], 3);
    // There is room for what is small.
    stage.session.pause().unwrap();
    stage.device.set_disk_writable(true).unwrap();
    stage.simulation.advance(Duration::from_secs(60));
    assert_eq!(store.sample_count().unwrap(), 60 + 65_536);
}

#[test]
fn the_disk_is_tried_again_without_haste() {
    let stage = stage();
    stage.device.set_disk_writable(false).unwrap();
    stage.session.pause().unwrap();
    let mut tries = Vec::new();
    for _ in 0..7 {
        let next = stage.device.store().poll().next_deadline.expect("the store is tried again");
        tries.push(next.since(stage.simulation.now()).as_secs());
        stage.simulation.advance_to(next);
    }
    assert_eq!(tries, [1, 2, 4, 8, 16, 16, 16]);
    assert_eq!(stage.ear.take(), ["lost readOnly", "paused"]);
}

#[test]
fn a_suspended_store_starts_no_write() {
    let stage = stage();
    let store = stage.device.store();
    store.suspend().unwrap();
    store.suspend().unwrap();
    assert_eq!(store.poll().next_deadline, None);
    assert!(!stage.measure(100));
    stage.session.pause().unwrap();
    assert!(!stage.session.is_durable());
    assert_eq!(store.sample_count().unwrap(), 60, "nothing was written, and reading works");
    stage.session.end().unwrap();
    stage.builder.end_collection(stage.simulation.now()).unwrap();
    assert_eq!(code(stage.builder.finish_workout()), ErrorCode::StoreSuspended);
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
    let other = WorkoutSession::new(&store, run).unwrap();
    assert_eq!(code(other.start_activity(None)), ErrorCode::StoreSuspended);
    store.resume().unwrap();
    store.resume().unwrap();
    assert!(stage.session.is_durable());
    assert_eq!(store.sample_count().unwrap(), 160);
    stage.simulation.advance(Duration::from_secs(60));
    assert_eq!(stage.ear.take(), ["paused", "ended"], "the app asked for it, nobody is alarmed");
    let workout = stage.builder.finish_workout().unwrap().unwrap();
    assert_eq!(workout.statistics(QuantityType::HeartRate).unwrap().count, 160);
}

/// The one that starts cannot be saved, so the one that is under way goes on.
#[test]
fn a_newcomer_on_a_disk_that_refuses_ends_nobody() {
    let stage = stage();
    stage.device.set_disk_writable(false).unwrap();
    let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
    let newcomer = WorkoutSession::new(&stage.device.store(), run).unwrap();
    assert_eq!(code(newcomer.start_activity(None)), ErrorCode::StoreReadOnly);
    assert_eq!(stage.session.state(), WorkoutSessionState::Running);
    stage.session.pause().unwrap();
    stage.simulation.poll();
    assert_eq!(stage.ear.take(), ["lost readOnly", "paused"]);
}
