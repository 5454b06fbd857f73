//! What happens when disasters meet: a disk that refuses, a store that is suspended, another process that takes the session, all
//! while something else is under way. Two engines on one disk in memory are two processes here.

use crate::*;
use proptest::prelude::*;
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

/// Another process took the workout and closed its store since: nobody holds it, least of all who lost it.
#[test]
fn who_lost_a_workout_writes_nothing_into_it_when_it_is_let_go() {
    let (here, there) = App::pair(Arbitration::HandOver);
    let (session, _) = here.running();
    here.store.suspend().unwrap();
    session.pause().unwrap();
    let taken = there.store.recover_active_workout_session().unwrap().unwrap();
    here.clock.advance(secs(10));
    taken.pause().unwrap();
    here.clock.advance(secs(10));
    taken.resume().unwrap();
    drop((taken, there));
    assert_eq!(code(here.store.resume()), Err(ErrorCode::AnotherWorkoutSessionStarted));
    assert_eq!(here.heard(), ["paused", "failed 1008", "ended"]);
    let back = here.store.recover_active_workout_session().unwrap().unwrap();
    let events = back.associated_workout_builder().unwrap().workout_events();
    assert_eq!(back.state(), WorkoutSessionState::Running);
    assert_eq!(events.iter().map(|event| event.start).collect::<Vec<_>>(), [at(10), at(20)]);
    back.pause().unwrap();
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

/// What a session told, checked as it is told: what a delegate panics about, nobody hears.
#[derive(Clone)]
struct Story(Arc<Mutex<Told>>);

struct Told {
    state: WorkoutSessionState,
    is_lost: bool,
    wrong: Vec<String>,
}

impl Story {
    fn of(state: WorkoutSessionState) -> Self {
        Self(Arc::new(Mutex::new(Told { state, is_lost: false, wrong: Vec::new() })))
    }
}

impl WorkoutSessionDelegate for Story {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        _: Timestamp,
    ) {
        let mut told = self.0.lock().unwrap();
        if told.state != from || told.state == WorkoutSessionState::Ended {
            let line = format!("{from} -> {to} after {}", told.state);
            told.wrong.push(line);
        }
        told.state = to;
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        let mut told = self.0.lock().unwrap();
        if told.state == WorkoutSessionState::Ended {
            told.wrong.push(format!("{error} after the end"));
        }
    }

    fn did_lose_durability(&self, _: &WorkoutSession, _: &PacelineError) {
        let mut told = self.0.lock().unwrap();
        if std::mem::replace(&mut told.is_lost, true) {
            told.wrong.push("lost twice".to_owned());
        }
    }

    fn did_regain_durability(&self, _: &WorkoutSession) {
        let mut told = self.0.lock().unwrap();
        if !std::mem::replace(&mut told.is_lost, false) {
            told.wrong.push("regained what was not lost".to_owned());
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Start,
    Pause,
    Resume,
    End,
    Finish,
    Beat,
    Suspend,
    Wake,
    Disk(bool),
    Recover,
    Reopen,
    Wait,
    Poll,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => Just(Act::Start),
        2 => Just(Act::Pause),
        2 => Just(Act::Resume),
        1 => Just(Act::End),
        1 => Just(Act::Finish),
        4 => Just(Act::Beat),
        2 => Just(Act::Suspend),
        3 => Just(Act::Wake),
        1 => Just(Act::Disk(false)),
        2 => Just(Act::Disk(true)),
        3 => Just(Act::Recover),
        1 => Just(Act::Reopen),
        2 => Just(Act::Wait),
        2 => Just(Act::Poll),
    ]
}

/// A process of several that do what they like.
struct Actor {
    app: App,
    session: Option<WorkoutSession>,
    stories: Vec<(Uuid, Story)>,
}

impl Actor {
    fn listen(&mut self, session: WorkoutSession) {
        // One that lives on goes on with its story; one that comes back after it was lost begins another.
        self.app.store.poll();
        let known = self.stories.iter().rev().find(|(id, _)| *id == session.id());
        let story = match known.map(|(_, story)| story.clone()) {
            Some(story) if story.0.lock().unwrap().state == session.state() => story,
            _ => Story::of(session.state()),
        };
        self.stories.push((session.id(), story.clone()));
        session.set_delegate(Some(Arc::new(story)));
        self.session = Some(session);
    }

    fn builder(&self) -> Option<LiveWorkoutBuilder> {
        self.session.as_ref()?.associated_workout_builder().ok()
    }

    /// Tells how many samples were accepted.
    fn act(&mut self, act: Act) -> Result<u64, PacelineError> {
        let store = self.app.store.clone();
        match act {
            Act::Start => {
                let (session, builder) = self.app.session();
                self.listen(session.clone());
                session.start_activity(None)?;
                builder.begin_collection(store.now())?;
            }
            Act::Pause => self.session.as_ref().map_or(Ok(()), WorkoutSession::pause)?,
            Act::Resume => self.session.as_ref().map_or(Ok(()), WorkoutSession::resume)?,
            Act::End => self.session.as_ref().map_or(Ok(()), WorkoutSession::end)?,
            Act::Finish => {
                if let Some(builder) = self.builder() {
                    builder.end_collection(store.now())?;
                    builder.finish_workout()?;
                }
            }
            Act::Beat => {
                let now = store.now();
                let beat = QuantitySample::in_stored_unit(QuantityType::HeartRate, 120.0, now, now)?;
                return store.ingest_sample(&beat).map(|taken| u64::from(taken.samples));
            }
            Act::Suspend => store.suspend()?,
            Act::Wake => store.resume()?,
            Act::Disk(writable) => store.engine.set_disk_writable(writable)?,
            Act::Recover => {
                if let Some(session) = store.recover_active_workout_session()? {
                    self.listen(session);
                }
            }
            Act::Wait => self.app.clock.advance(secs(7)),
            Act::Poll => drop(store.poll()),
            Act::Reopen => {}
        }
        Ok(0)
    }

    fn heal(&self) {
        self.app.store.engine.set_disk_writable(true).unwrap();
        let _ = self.app.store.resume();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Processes that do what they like, on disks that refuse and with stores that are suspended: each session tells one story,
    /// each workout is finished once, and every sample that was accepted is there.
    #[test]
    fn many_processes_tell_one_story(
        hands_over in any::<bool>(),
        acts in prop::collection::vec((0..3usize, act()), 1..80),
    ) {
        let rule = if hands_over { Arbitration::HandOver } else { Arbitration::NewcomerWins };
        let (clock, disk) = (ManualClock::new(at(0)), MemoryDisk::new().unwrap());
        let open = || Actor { app: App::open(&clock, &disk, rule), session: None, stories: Vec::new() };
        let mut actors = [open(), open(), open()];
        let (mut accepted, mut stories) = (0, Vec::new());
        for (who, act) in acts {
            if let Act::Reopen = act {
                actors[who].heal();
                stories.append(&mut actors[who].stories);
                actors[who] = open();
                continue;
            }
            match actors[who].act(act) {
                Ok(samples) => accepted += samples,
                Err(error) => prop_assert!(
                    !matches!(error.code(), ErrorCode::Internal | ErrorCode::StoreDamaged), "{:?}", error
                ),
            }
        }
        for actor in &mut actors {
            actor.heal();
            actor.app.clock.advance(secs(60));
            let _ = actor.act(Act::Pause);
            actor.app.store.poll();
            stories.append(&mut actor.stories);
        }
        drop(actors);
        for (_, story) in stories {
            prop_assert_eq!(&story.0.lock().unwrap().wrong, &Vec::<String>::new());
        }
        let last = App::open(&clock, &disk, rule);
        while let Some(session) = last.store.recover_active_workout_session().unwrap() {
            let builder = session.associated_workout_builder().unwrap();
            if session.state() != WorkoutSessionState::Ended {
                session.end().unwrap();
            }
            if builder.start_date().is_some() {
                if builder.end_date().is_none() {
                    builder.end_collection(last.store.now()).unwrap();
                }
                builder.finish_workout().unwrap();
            }
        }
        prop_assert_eq!(last.store.sample_count().unwrap(), accepted);
        prop_assert!(last.store.unfinished_workouts().unwrap().is_empty());
        prop_assert_eq!(last.store.session_owner().unwrap(), None);
    }
}
