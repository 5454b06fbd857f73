//! What is there after the app was killed.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{Recorder, Transcript, amount, at, code, of, reading, secs};
use paceline::*;
use std::sync::Arc;

struct Killed {
    simulation: Simulation,
    watch: SimulatedDevice,
}

impl Killed {
    fn new() -> Self {
        let simulation = Simulation::new(at(0), 7);
        let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
        Self { simulation, watch }
    }

    fn run(&self) -> (WorkoutSession, LiveWorkoutBuilder) {
        let session = WorkoutSession::new(&self.watch.store(), of(WorkoutActivityType::Running)).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        let source = LiveWorkoutDataSource::new(Some(&of(WorkoutActivityType::Running)));
        builder.set_data_source(Some(&source)).unwrap();
        session.start_activity(None).unwrap();
        builder.begin_collection(self.simulation.now()).unwrap();
        (session, builder)
    }

    /// A heart rate and ten metres each second.
    fn go(&self, seconds: i64) {
        for _ in 0..seconds {
            self.simulation.advance(secs(1));
            let second = self.simulation.now().micros_since(at(0)) / 1_000_000;
            let store = self.watch.store();
            store
                .ingest_sample(&reading(QuantityType::HeartRate, (120 + second % 30) as f64, second))
                .unwrap();
            store
                .ingest_sample(&amount(QuantityType::DistanceWalkingRunning, 2.5, second - 1, second))
                .unwrap();
        }
    }

    fn kill_and_recover(&self) -> WorkoutSession {
        self.watch.kill();
        self.watch.relaunch().unwrap();
        self.watch.store().recover_active_workout_session().unwrap().expect("a workout was going on")
    }
}

/// Everything that a screen shows, but for the count of steps.
fn picture(session: &WorkoutSession) -> WorkoutSnapshot {
    WorkoutSnapshot { sequence: 0, ..session.snapshot() }
}

#[test]
fn nothing_is_recovered_where_nothing_was() {
    let world = Killed::new();
    assert!(world.watch.store().recover_active_workout_session().unwrap().is_none());
    let idle = WorkoutSession::new(&world.watch.store(), of(WorkoutActivityType::Running)).unwrap();
    assert!(world.watch.store().recover_active_workout_session().unwrap().is_none());
    drop(idle);
}

#[test]
fn a_session_that_lives_is_recovered_as_itself() {
    let world = Killed::new();
    let (session, _) = world.run();
    let found = world.watch.store().recover_active_workout_session().unwrap();
    assert_eq!(found, Some(session));
}

#[test]
fn a_killed_workout_goes_on_as_if_nothing_had_happened() {
    let (killed, spared) = (Killed::new(), Killed::new());
    let mut sessions = Vec::new();
    for (world, dies) in [(&killed, true), (&spared, false)] {
        let (mut session, _) = world.run();
        world.go(200);
        session.pause().unwrap();
        world.simulation.advance(secs(30));
        if dies {
            let before = picture(&session);
            session = world.kill_and_recover();
            assert_eq!(picture(&session), before);
        }
        session.resume().unwrap();
        world.go(100);
        session
            .begin_new_activity(of(WorkoutActivityType::Running), world.simulation.now(), Metadata::new())
            .unwrap();
        let note = common::text("note", "after the fall");
        session.associated_workout_builder().unwrap().add_metadata(note).unwrap();
        world.go(100);
        if dies {
            let before = picture(&session);
            session = world.kill_and_recover();
            assert_eq!(picture(&session), before);
            assert!(world.watch.in_session_mode(), "the platform is asked again");
        }
        world.go(50);
        sessions.push(session);
    }
    let workouts: Vec<_> = sessions
        .iter()
        .map(|session| {
            let builder = session.associated_workout_builder().unwrap();
            session.stop_activity(None).unwrap();
            builder.end_collection(session.end_date().unwrap()).unwrap();
            let workout = builder.finish_workout().unwrap().unwrap();
            session.end().unwrap();
            let activities = workout
                .activities
                .iter()
                .map(|activity| WorkoutActivity { id: Uuid::nil(), ..activity.clone() });
            Workout { id: Uuid::nil(), activities: activities.collect(), ..workout }
        })
        .collect();
    assert_eq!(workouts[0], workouts[1]);
    assert!(killed.watch.store().recover_active_workout_session().unwrap().is_none());
}

/// The state is saved as a whole now and then; what is recovered does not depend on when.
#[test]
fn a_checkpoint_and_what_came_after_it_are_the_whole() {
    for seconds in [1, 59, 61, 119, 121, 200] {
        let world = Killed::new();
        let (session, builder) = world.run();
        world.go(30);
        // A late pause makes numbers stale, a sample added by hand is tied later than it was saved.
        let loose = world.watch.store();
        loose.ingest_sample(&reading(QuantityType::StepCount, 3.0, 20)).unwrap();
        world.go(seconds);
        builder.add_workout_events(vec![common::event(WorkoutEventType::Pause, 10)]).unwrap();
        builder.add_workout_events(vec![common::event(WorkoutEventType::Resume, 15)]).unwrap();
        world.simulation.poll();
        let before = picture(&session);
        let session = world.kill_and_recover();
        world.simulation.poll();
        assert_eq!(picture(&session), before, "after {seconds} s");
    }
}

#[test]
fn an_ended_session_whose_builder_is_open_can_be_finished() {
    let world = Killed::new();
    let (session, _) = world.run();
    world.go(20);
    session.end().unwrap();
    let session = world.kill_and_recover();
    assert_eq!(session.state(), WorkoutSessionState::Ended);
    assert!(!world.watch.in_session_mode());
    let builder = session.associated_workout_builder().unwrap();
    builder.end_collection(at(20)).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!(workout.duration, secs(20));
    assert!(world.watch.store().recover_active_workout_session().unwrap().is_none());
}

#[test]
fn the_one_that_goes_on_is_recovered_before_the_one_that_is_left() {
    let world = Killed::new();
    let (first, _) = world.run();
    world.go(10);
    let (second, _) = world.run();
    world.go(10);
    let ids = [second.id(), first.id()];
    let recovered = world.kill_and_recover();
    assert_eq!(recovered.id(), ids[0]);
    recovered.associated_workout_builder().unwrap().discard_workout().unwrap();
    recovered.end().unwrap();
    let left = world.watch.store().recover_active_workout_session().unwrap().unwrap();
    assert_eq!((left.id(), left.state()), (ids[1], WorkoutSessionState::Ended));
}

#[test]
fn a_newcomer_leaves_what_was_killed_recoverable() {
    let world = Killed::new();
    let (first, _) = world.run();
    let id = first.id();
    world.go(10);
    world.watch.relaunch().unwrap();
    let (second, builder) = world.run();
    builder.discard_workout().unwrap();
    second.end().unwrap();
    let found = world.watch.store().recover_active_workout_session().unwrap().unwrap();
    assert_eq!((found.id(), found.state()), (id, WorkoutSessionState::Running));
}

#[test]
fn the_data_source_comes_back_with_its_builder() {
    let world = Killed::new();
    let (session, builder) = world.run();
    builder.data_source().unwrap().enable_collection(QuantityType::StepCount, None).unwrap();
    let before = builder.data_source().unwrap().types_to_collect();
    drop((session, builder));
    let session = world.kill_and_recover();
    let source = session.associated_workout_builder().unwrap().data_source().unwrap();
    assert_eq!(source.types_to_collect(), before);
    source.disable_collection(QuantityType::StepCount).unwrap();
    assert!(!session.snapshot().types_to_collect.contains(QuantityType::StepCount));
}

#[test]
fn what_is_left_of_a_killed_app_refuses_and_tells_nothing() {
    let world = Killed::new();
    let (session, builder) = world.run();
    let transcript = Transcript::default();
    session.set_delegate(Some(Arc::new(Recorder { name: "", transcript: transcript.clone() })));
    let store = world.watch.store();
    session.pause().unwrap();
    world.watch.kill();
    world.watch.kill();
    world.simulation.advance(secs(100));
    assert_eq!(transcript.take(), Vec::<String>::new());
    assert_eq!(session.state(), WorkoutSessionState::Paused);
    let refused = [
        code(session.resume()),
        code(builder.end_collection(at(1))),
        code(builder.finish_workout().map(drop)),
        code(store.workouts().map(drop)),
        code(store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 1)).map(drop)),
        code(WorkoutSession::new(&store, of(WorkoutActivityType::Running)).map(drop)),
        code(world.watch.set_locked(true)),
    ];
    assert_eq!(refused, [Err(ErrorCode::StaleHandle); 7]);
    world.watch.relaunch().unwrap();
    assert_eq!(code(session.resume()), Err(ErrorCode::StaleHandle));
    assert!(world.watch.store().workouts().unwrap().is_empty());
}

#[test]
fn a_device_that_is_launched_again_is_as_locked_as_before() {
    let world = Killed::new();
    world.watch.set_locked(true).unwrap();
    world.watch.relaunch().unwrap();
    assert_eq!(code(world.watch.store().workouts()), Err(ErrorCode::DatabaseInaccessible));
    world.watch.set_locked(false).unwrap();
    world.watch.relaunch().unwrap();
    assert!(world.watch.store().workouts().unwrap().is_empty());
}

/// The same from a file: a store that is dropped leaves what a kill leaves.
#[test]
fn a_file_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let clock = ManualClock::new(at(0));
    let open = || HealthStore::open(StoreOptions::new().clock(&clock).path(&path)).unwrap();
    let store = open();
    let session = WorkoutSession::new(&store, of(WorkoutActivityType::Cycling)).unwrap();
    session.start_activity(None).unwrap();
    session.associated_workout_builder().unwrap().begin_collection(at(0)).unwrap();
    clock.advance(secs(90));
    session.pause().unwrap();
    let before = picture(&session);
    drop((store, session));
    let session = open().recover_active_workout_session().unwrap().unwrap();
    assert_eq!(picture(&session), before);
    assert_eq!(session.associated_workout_builder().unwrap().elapsed_time(), secs(90));
}

#[test]
fn a_memory_disk_is_one_store_as_long_as_it_is_open() {
    let clock = ManualClock::new(at(0));
    let disk = MemoryDisk::new().unwrap();
    let options = || StoreOptions::new().clock(&clock).disk(&disk);
    let store = HealthStore::open(options()).unwrap();
    let again = HealthStore::open(options()).unwrap();
    let session = WorkoutSession::new(&store, of(WorkoutActivityType::Running)).unwrap();
    session.start_activity(None).unwrap();
    assert_eq!(again.recover_active_workout_session().unwrap(), Some(session));
    let other = options().durability(Durability::Within(secs(1)));
    assert_eq!(code(HealthStore::open(other).map(drop)), Err(ErrorCode::StoreOptionsDiffer));
}

#[test]
fn the_payload_comes_back_with_its_session() {
    let world = Killed::new();
    let (session, _) = world.run();
    assert!(session.payload().is_empty());
    session.set_payload(*b"first").unwrap();
    world.go(70);
    session.set_payload(*b"screen 3, round 7").unwrap();
    assert_eq!(code(session.set_payload(vec![0; (1 << 20) + 1])), Err(ErrorCode::DataSizeExceeded));
    let session = world.kill_and_recover();
    assert_eq!(&*session.payload(), b"screen 3, round 7");
    world.go(70);
    let session = world.kill_and_recover();
    assert_eq!(&*session.payload(), b"screen 3, round 7");
    session.associated_workout_builder().unwrap().discard_workout().unwrap();
    session.end().unwrap();
    assert_eq!(code(session.set_payload(*b"late")), Err(ErrorCode::InvalidArgument));
}

#[test]
fn a_payload_may_be_set_before_the_start() {
    let world = Killed::new();
    let session = WorkoutSession::new(&world.watch.store(), of(WorkoutActivityType::Yoga)).unwrap();
    session.set_payload(*b"plan").unwrap();
    session.prepare().unwrap();
    let session = world.kill_and_recover();
    assert_eq!((&*session.payload(), session.state()), (&b"plan"[..], WorkoutSessionState::Prepared));
}

#[test]
fn what_is_not_finished_can_be_looked_at_without_touching_it() {
    let world = Killed::new();
    let look = || world.watch.store().unfinished_workouts().unwrap();
    assert_eq!(look(), []);
    let (first, _) = world.run();
    first.set_payload(*b"plan").unwrap();
    world.go(10);
    let (second, builder) = world.run();
    let told = |all: &[UnfinishedWorkout]| -> Vec<_> {
        all.iter().map(|one| (one.session, one.state, one.is_here, one.is_alive)).collect()
    };
    let (running, ended) = (WorkoutSessionState::Running, WorkoutSessionState::Ended);
    let alive = [(second.id(), running, true, true), (first.id(), ended, true, true)];
    assert_eq!(told(&look()), alive);
    world.watch.relaunch().unwrap();
    world.simulation.advance(secs(500));
    let found = look();
    assert_eq!(told(&found), alive.map(|(id, state, ..)| (id, state, false, false)));
    assert_eq!((found[1].payload.as_slice(), found[1].start_date), (&b"plan"[..], Some(at(0))));
    assert_eq!((found[1].last_date, found[0].last_date), (Some(at(10)), Some(at(10))));
    assert_eq!(look(), found, "looking changes nothing");
    drop(builder);
    let recovered = world.watch.store().recover_active_workout_session().unwrap().unwrap();
    assert_eq!(recovered.id(), found[0].session);
    recovered.associated_workout_builder().unwrap().discard_workout().unwrap();
    recovered.end().unwrap();
    assert_eq!(told(&look()), [(first.id(), ended, false, false)]);
}
