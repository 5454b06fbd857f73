//! What happens when disasters meet: a disk that refuses, a store that is suspended, another process that takes the session, all
//! while something else is under way. Two engines on one disk in memory are two processes here.

use crate::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const T0: i64 = 1_700_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(T0 + seconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn code<T>(outcome: Result<T, PacelineError>) -> Result<T, ErrorCode> {
    outcome.map_err(|error| error.code())
}

/// What was heard since the last time.
#[derive(Clone, Default)]
struct Transcript(Arc<Mutex<Vec<String>>>);

impl Transcript {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

struct Ear(Transcript);

impl WorkoutSessionDelegate for Ear {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.0.add(to.to_string());
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        self.0.add(format!("failed {}", error.code().raw()));
    }

    fn did_lose_durability(&self, _: &WorkoutSession, _: &PacelineError) {
        self.0.add("lost");
    }

    fn did_regain_durability(&self, _: &WorkoutSession) {
        self.0.add("regained");
    }
}

/// One process of several on a disk.
struct App {
    clock: ManualClock,
    store: HealthStore,
    heard: Transcript,
}

impl App {
    fn open(clock: &ManualClock, disk: &MemoryDisk, arbitration: Arbitration) -> Self {
        let options = StoreOptions::new().clock(clock).disk(disk).arbitration(arbitration);
        let store = HealthStore::begin(options, HostCapabilities::default()).unwrap();
        Self { clock: clock.clone(), store, heard: Transcript::default() }
    }

    /// Two of them.
    fn pair(arbitration: Arbitration) -> (Self, Self) {
        let (clock, disk) = (ManualClock::new(at(0)), MemoryDisk::new().unwrap());
        (Self::open(&clock, &disk, arbitration), Self::open(&clock, &disk, arbitration))
    }

    fn session(&self) -> (WorkoutSession, LiveWorkoutBuilder) {
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&self.store, run.clone()).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
        session.set_delegate(Some(Arc::new(Ear(self.heard.clone()))));
        (session, builder)
    }

    fn running(&self) -> (WorkoutSession, LiveWorkoutBuilder) {
        let (session, builder) = self.session();
        session.start_activity(None).unwrap();
        builder.begin_collection(self.store.now()).unwrap();
        self.heard();
        (session, builder)
    }

    fn beat(&self) -> Ingested {
        let now = self.store.now();
        let beat = QuantitySample::in_stored_unit(QuantityType::HeartRate, 120.0, now, now).unwrap();
        self.store.ingest_sample(&beat).unwrap()
    }

    fn heard(&self) -> Vec<String> {
        self.store.poll();
        self.heard.take()
    }
}

fn beats(session: &WorkoutSession) -> u64 {
    session.snapshot().statistics(QuantityType::HeartRate).map_or(0, |beats| beats.count)
}

#[test]
fn nothing_that_writes_gets_past_a_suspension() {
    let (here, there) = App::pair(Arbitration::NewcomerWins);
    let (left, _) = there.running();
    let id = left.id();
    drop((left, there));
    here.store.suspend().unwrap();
    assert_eq!(code(here.store.recover_active_workout_session()).err(), Some(ErrorCode::StoreSuspended));
    let strap = SampleSource { identifier: "strap".into(), name: String::new(), kind: SourceKind::External };
    assert_eq!(code(here.store.register_source(&strap)).err(), Some(ErrorCode::StoreSuspended));
    here.store.resume().unwrap();
    assert_eq!(here.store.recover_active_workout_session().unwrap().unwrap().id(), id);
    here.store.register_source(&strap).unwrap();
}

/// A session to which nothing happened has nothing to lose.
#[test]
fn what_was_never_begun_is_durable_again_with_the_rest() {
    let (here, _) = App::pair(Arbitration::NewcomerWins);
    let (running, _) = here.running();
    here.store.suspend().unwrap();
    running.pause().unwrap();
    let (next, _) = here.session();
    next.set_payload(*b"soon").unwrap();
    here.store.resume().unwrap();
    assert!(running.is_durable() && next.is_durable());
}

#[test]
fn what_waited_and_was_saved_is_not_told_again_by_the_one_who_takes_the_device() {
    let (here, there) = App::pair(Arbitration::NewcomerWins);
    let (session, builder) = here.running();
    here.clock.advance(secs(10));
    here.store.suspend().unwrap();
    session.pause().unwrap();
    here.store.resume().unwrap();
    here.clock.advance(secs(10));
    there.running();
    assert_eq!(code(session.resume()), Err(ErrorCode::AnotherWorkoutSessionStarted));
    assert_eq!(here.heard(), ["paused", "failed 1008", "ended"]);
    assert_eq!(builder.workout_events().len(), 1);
}

#[test]
fn who_lost_a_workout_with_steps_that_wait_hears_the_end_of_it() {
    let (here, there) = App::pair(Arbitration::HandOver);
    let (session, _) = here.running();
    here.store.suspend().unwrap();
    session.pause().unwrap();
    let taken = there.store.recover_active_workout_session().unwrap().unwrap();
    taken.end().unwrap();
    let _ = here.store.resume();
    assert_eq!(here.heard(), ["paused", "failed 1008", "ended"]);
    assert_eq!(session.state(), WorkoutSessionState::Ended);
}

#[test]
fn a_workout_that_was_handed_over_comes_back() {
    let (here, there) = App::pair(Arbitration::HandOver);
    let (session, _) = here.running();
    here.beat();
    let taken = there.store.recover_active_workout_session().unwrap().unwrap();
    there.beat();
    assert!(session.pause().is_err());
    assert_eq!(here.heard(), ["failed 1008", "ended"]);
    let back = here.store.recover_active_workout_session().unwrap().unwrap();
    assert_eq!((back.id(), back.state(), beats(&back)), (taken.id(), WorkoutSessionState::Running, 2));
    assert_eq!(here.beat().collected, 1);
    back.pause().unwrap();
    assert!(taken.pause().is_err());
    assert_eq!((session == back, session.state()), (true, WorkoutSessionState::Paused));
    assert_eq!(here.heard(), ["paused"], "what the app still held of it is the session again");
}

/// What a loser measured is saved as soon as it may write.
#[test]
fn what_waited_is_saved_although_the_device_was_lost() {
    let (here, there) = App::pair(Arbitration::NewcomerWins);
    let (session, _) = here.running();
    here.beat();
    here.store.suspend().unwrap();
    here.clock.advance(secs(1));
    assert!(!here.beat().durable);
    there.running();
    assert_eq!(code(here.store.resume()), Err(ErrorCode::AnotherWorkoutSessionStarted));
    assert!(session.is_durable());
    assert_eq!(there.store.sample_count().unwrap(), 2);
}

/// A device with two workouts, one of which is lost: the samples that wait for the other are none of its business.
#[test]
fn what_waits_for_one_workout_is_not_counted_by_another() {
    let (here, there) = App::pair(Arbitration::NewcomerWins);
    let (first, first_builder) = here.running();
    here.clock.advance(secs(10));
    first.stop_activity(None).unwrap();
    first.end().unwrap();
    let (second, _) = here.running();
    here.beat();
    here.store.suspend().unwrap();
    here.clock.advance(secs(1));
    let late = QuantitySample::in_stored_unit(QuantityType::HeartRate, 90.0, at(5), at(5)).unwrap();
    first_builder.add_samples(&[late]).unwrap();
    second.pause().unwrap();
    there.running();
    let _ = here.store.resume();
    assert_eq!((beats(&first), beats(&second)), (1, 1));
    assert_eq!(second.state(), WorkoutSessionState::Ended);
}

/// Taken for dead and overtaken while its disk refused: it learns of it with the disk, and its end is saved then.
#[test]
fn a_loser_on_a_disk_that_refuses_ends_when_the_disk_is_back() {
    let (clock, disk) = (ManualClock::new(at(0)), MemoryDisk::new().unwrap());
    let here = App::open(&clock, &disk, Arbitration::NewcomerWins);
    let options = StoreOptions::new().clock(&clock).disk(&disk);
    let knows = HostCapabilities { processes: HostCapability::Native, ..HostCapabilities::default() };
    let there =
        App { clock, store: HealthStore::begin(options, knows).unwrap(), heard: Transcript::default() };
    let (session, builder) = here.running();
    there.store.report(&HostReport::ProcessEnded(std::process::id())).unwrap();
    let (winner, others) = there.running();
    here.store.engine.set_disk_writable(false).unwrap();
    session.pause().unwrap();
    assert!(!session.is_durable());
    here.store.engine.set_disk_writable(true).unwrap();
    here.clock.advance(secs(5));
    assert_eq!(here.heard(), ["lost", "paused", "failed 1008", "ended", "regained"]);
    assert!(session.is_durable());
    drop((session, builder, here));
    winner.end().unwrap();
    others.discard_workout().unwrap();
    let left = there.store.recover_active_workout_session().unwrap().unwrap();
    assert_eq!(left.state(), WorkoutSessionState::Ended);
}

/// Nothing was collected, so that there is nothing to finish.
#[test]
fn nothing_is_left_of_a_loser_that_never_collected() {
    let (here, there) = App::pair(Arbitration::NewcomerWins);
    let (session, _) = here.session();
    session.start_activity(None).unwrap();
    there.running();
    assert_eq!(code(session.pause()), Err(ErrorCode::AnotherWorkoutSessionStarted));
    assert!(here.store.recover_active_workout_session().unwrap().is_none());
    assert_eq!(there.store.unfinished_workouts().unwrap().len(), 1);
}

struct Asked(Mutex<Vec<u64>>);

impl Host for Asked {
    fn capabilities(&self) -> HostCapabilities {
        HostCapabilities { arbitration: HostCapability::Native, ..HostCapabilities::default() }
    }

    fn request(&self, id: u64, request: HostRequest) {
        if matches!(request, HostRequest::Arbitrate { .. }) {
            self.0.lock().unwrap().push(id);
        }
    }
}

/// Its workout is saved, its session goes on: that is still a session that must yield.
#[test]
fn the_host_is_asked_about_a_session_whose_workout_is_saved() {
    let host = Arc::new(Asked(Mutex::default()));
    let clock = ManualClock::new(at(0));
    let options = StoreOptions::new().clock(&clock).arbitration(Arbitration::Ask).host(host.clone());
    let store = HealthStore::open(options).unwrap();
    let app = App { clock, store, heard: Transcript::default() };
    let (first, builder) = app.running();
    app.clock.advance(secs(10));
    builder.end_collection(app.store.now()).unwrap();
    builder.finish_workout().unwrap().unwrap();
    let owner = app.store.session_owner().unwrap().unwrap();
    assert_eq!((owner.session, owner.is_here, owner.is_alive), (first.id(), true, true));
    let (second, _) = app.session();
    second.start_activity(None).unwrap();
    assert_eq!(second.state(), WorkoutSessionState::NotStarted);
    let request = host.0.lock().unwrap().pop().unwrap();
    app.store.report(&HostReport::Outcome { request, refusal: None }).unwrap();
    assert_eq!((first.state(), second.state()), (WorkoutSessionState::Ended, WorkoutSessionState::Running));
}
