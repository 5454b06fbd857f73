//! One session at a time, also among processes that share a store file. Each process here is real: this program again, told
//! over its input what to do.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{Heard, code, of};
use paceline::*;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const STORE: &str = "PACELINE_TEST_STORE";

/// The machine's clock, with another wall time.
#[derive(Default)]
struct SetClock {
    micros_ahead: AtomicI64,
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_micros(self.micros_ahead.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }

    fn boot(&self) -> Option<Uuid> {
        SystemClock.boot()
    }
}

/// An app: a store, at most one session, and what its delegate heard.
struct App {
    store: HealthStore,
    clock: Arc<SetClock>,
    session: Option<WorkoutSession>,
    heard: Arc<Heard>,
}

impl App {
    fn open(path: &Path, arbitration: Arbitration) -> Self {
        let clock = Arc::<SetClock>::default();
        let options = StoreOptions::new().path(path).delivery(Delivery::Poll).arbitration(arbitration);
        let options = options.clock(ClockSource::Custom(clock.clone()));
        Self { store: HealthStore::open(options).unwrap(), clock, session: None, heard: Arc::default() }
    }

    fn listen(&mut self, session: WorkoutSession) {
        session.set_delegate(Some(Arc::clone(&self.heard) as Arc<dyn WorkoutSessionDelegate>));
        self.session = Some(session);
    }

    /// Does one thing; answers in one line.
    fn perform(&mut self, what: &str) -> String {
        let told = |outcome: Result<(), PacelineError>| match outcome {
            Ok(()) => "ok".to_owned(),
            Err(error) => error.code().raw().to_string(),
        };
        let session = self.session.clone();
        let session = || session.clone().expect("a session");
        let builder = || session().associated_workout_builder().expect("a builder");
        match what.split_once(' ').map_or(what, |(verb, _)| verb) {
            "start" => {
                let session = WorkoutSession::new(&self.store, of(WorkoutActivityType::Running)).unwrap();
                let builder = session.associated_workout_builder().unwrap();
                let source = LiveWorkoutDataSource::new(Some(&of(WorkoutActivityType::Running)));
                builder.set_data_source(Some(&source)).unwrap();
                self.listen(session.clone());
                told(session.start_activity(None).and_then(|()| builder.begin_collection(self.store.now())))
            }
            "beat" => {
                let now = self.store.now();
                let beat = QuantitySample::in_stored_unit(QuantityType::HeartRate, 120.0, now, now).unwrap();
                match self.store.ingest_sample(&beat) {
                    Ok(ingested) => format!("collected {}", ingested.collected),
                    Err(error) => error.code().raw().to_string(),
                }
            }
            "pause" => told(session().pause()),
            "resume" => told(session().resume()),
            "end" => told(session().end()),
            "state" => session().state().to_string(),
            "finish" => {
                let builder = builder();
                let ended = builder.end_collection(self.store.now());
                match ended.and_then(|()| builder.finish_workout()) {
                    Ok(workout) => {
                        let workout = workout.expect("not locked");
                        let beats =
                            workout.statistics(QuantityType::HeartRate).map_or(0, |beats| beats.count);
                        format!("saved {beats}")
                    }
                    Err(error) => error.code().raw().to_string(),
                }
            }
            "recover" => match self.store.recover_active_workout_session() {
                Ok(Some(session)) => {
                    let state = session.state();
                    self.listen(session);
                    state.to_string()
                }
                Ok(None) => "none".to_owned(),
                Err(error) => error.code().raw().to_string(),
            },
            "heard" => {
                self.store.poll();
                self.heard.take().join(",")
            }
            "jump" => {
                let (_, seconds) = what.split_once(' ').expect("how far");
                let micros = seconds.parse::<i64>().expect("seconds") * 1_000_000;
                self.clock.micros_ahead.fetch_add(micros, Ordering::Relaxed);
                "ok".to_owned()
            }
            // Whole hours, because real time passes.
            "hours" => {
                let span = session().end_date().expect("it is over").since(session().start_date().unwrap());
                format!("{} {}", span.as_secs() / 3600, builder().elapsed_time().as_secs() / 3600)
            }
            "events" => builder().workout_events().len().to_string(),
            "count" => self.store.sample_count().unwrap().to_string(),
            other => panic!("no such thing: {other}"),
        }
    }
}

/// Not a test: what a child process runs.
#[test]
fn child() {
    let Some(store) = std::env::var_os(STORE) else { return };
    let mut app = App::open(Path::new(&store), Arbitration::NewcomerWins);
    for line in std::io::stdin().lines() {
        let answer = app.perform(&line.unwrap());
        println!("\n> {answer}");
    }
}

/// An app in a process of its own.
struct Elsewhere {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Elsewhere {
    fn launch(path: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(STORE, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = process.stdin.take().unwrap();
        let from = BufReader::new(process.stdout.take().unwrap());
        Self { process, to, from }
    }

    fn perform(&mut self, what: &str) -> String {
        writeln!(self.to, "{what}").unwrap();
        loop {
            let mut line = String::new();
            assert_ne!(self.from.read_line(&mut line).unwrap(), 0, "the other process is gone");
            if let Some(answer) = line.trim_end().strip_prefix("> ") {
                return answer.to_owned();
            }
        }
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn store(&self) -> std::path::PathBuf {
        self.0.path().join("store.sqlite")
    }
}

#[test]
fn the_newcomer_wins_and_the_loser_can_still_finish() {
    let folder = Folder::new();
    let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
    let mut there = Elsewhere::launch(&folder.store());
    assert_eq!(here.perform("start"), "ok");
    assert_eq!(here.perform("beat"), "collected 1");
    assert_eq!(here.perform("heard"), "running");
    assert_eq!(there.perform("start"), "ok");
    assert_eq!(there.perform("heard"), "running");

    // The next step of the loser is the first it hears of it; nothing of that step is written.
    assert_eq!(here.perform("pause"), "1008");
    assert_eq!(here.perform("heard"), "failed 1008,ended");
    assert_eq!(here.perform("state"), "ended");
    assert_eq!(there.perform("beat"), "collected 1");
    assert_eq!(here.perform("beat"), "collected 0", "saved, and not collected by the other process");
    assert_eq!(here.perform("finish"), "saved 1");
    assert_eq!(there.perform("state"), "running");
    assert_eq!(there.perform("finish"), "saved 1");
    assert_eq!(there.perform("end"), "ok");
    assert_eq!(there.perform("count"), "3");
    assert_eq!(here.store.workouts().unwrap().len(), 2);
}

#[test]
fn what_was_measured_when_the_loser_learns_is_saved() {
    let folder = Folder::new();
    let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
    let mut there = Elsewhere::launch(&folder.store());
    here.perform("start");
    there.perform("start");
    assert_eq!(here.perform("beat"), "collected 0");
    assert_eq!(here.perform("heard"), "running,failed 1008,ended");
    assert_eq!(here.perform("count"), "1");
}

/// Without any step of its own it hears within a second, as long as it polls.
#[test]
fn a_loser_that_only_polls_hears_of_it() {
    let folder = Folder::new();
    let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
    let mut there = Elsewhere::launch(&folder.store());
    here.perform("start");
    here.perform("heard");
    there.perform("start");
    let begun = Instant::now();
    let heard = loop {
        let heard = here.perform("heard");
        if !heard.is_empty() {
            break heard;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "it never hears");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(heard, "failed 1008,ended");
}

#[test]
fn a_newcomer_that_yields_changes_nothing() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    assert_eq!(there.perform("start"), "ok");
    let mut here = App::open(&folder.store(), Arbitration::Refuse);
    assert_eq!(here.perform("start"), "1008");
    assert_eq!(here.perform("state"), "notStarted");
    assert_eq!(here.perform("heard"), "");
    assert_eq!(there.perform("pause"), "ok");
    assert_eq!(there.perform("end"), "ok");
    let again = WorkoutSession::new(&here.store, of(WorkoutActivityType::Running)).unwrap();
    again.start_activity(None).unwrap();
    // In one process it is the same.
    let third = WorkoutSession::new(&here.store, of(WorkoutActivityType::Running)).unwrap();
    assert_eq!(code(third.start_activity(None)), Err(ErrorCode::AnotherWorkoutSessionStarted));
    assert_eq!(
        (again.state(), third.state()),
        (WorkoutSessionState::Running, WorkoutSessionState::NotStarted)
    );
}

#[test]
fn a_session_of_a_live_process_is_not_recovered_one_of_a_killed_is() {
    let folder = Folder::new();
    let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    there.perform("beat");
    there.perform("pause");
    assert_eq!(here.perform("recover"), "none");
    let owner = here.store.session_owner().unwrap().expect("it is paused there");
    assert_eq!((owner.state, owner.is_here, owner.is_alive), (WorkoutSessionState::Paused, false, true));
    assert_eq!(owner.process, there.process.id());
    there.kill();
    assert!(!here.store.session_owner().unwrap().expect("it is still there").is_alive);
    assert_eq!(here.perform("recover"), "paused");
    assert_eq!(here.perform("recover"), "paused");
    assert_eq!(here.perform("resume"), "ok");
    assert_eq!(here.perform("beat"), "collected 1");
    assert_eq!(here.perform("end"), "ok");
    assert_eq!(here.store.session_owner().unwrap(), None);
    assert_eq!(here.perform("finish"), "saved 2");
    assert_eq!(here.perform("recover"), "none");
}

/// A process that closed its store holds nothing any more, although it lives.
#[test]
fn who_closed_the_store_holds_nothing() {
    let folder = Folder::new();
    let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
    let mut there = Elsewhere::launch(&folder.store());
    here.perform("start");
    here.perform("beat");
    drop(here);
    assert_eq!(there.perform("recover"), "running");
    assert_eq!(there.perform("end"), "ok");
    assert_eq!(there.perform("finish"), "saved 1");
}

/// A dead process is not in the way, whatever the policy, and what it left is still there afterwards.
#[test]
fn a_dead_owner_is_not_in_the_way() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    there.perform("beat");
    there.kill();
    let mut here = App::open(&folder.store(), Arbitration::Refuse);
    assert_eq!(here.perform("start"), "ok");
    assert_eq!(here.perform("end"), "ok");
    assert_eq!(here.perform("finish"), "saved 0");
    assert_eq!(here.perform("recover"), "running");
    assert_eq!(here.perform("end"), "ok");
    assert_eq!(here.perform("finish"), "saved 1");
}

/// The workout goes on here under its id, and there nothing can be done with it any more.
#[test]
fn a_workout_is_handed_over() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    there.perform("beat");
    let mut here = App::open(&folder.store(), Arbitration::HandOver);
    let id = here.store.session_owner().unwrap().expect("it runs there").session;
    assert_eq!(here.perform("start"), "1008", "nobody is ended");
    assert_eq!(here.perform("recover"), "running");
    assert_eq!(here.session.as_ref().unwrap().id(), id);
    assert_eq!(here.perform("beat"), "collected 1");
    assert_eq!(there.perform("beat"), "collected 0", "saved, and no part of the workout");
    assert_eq!(there.perform("heard"), "running,failed 1008,ended");
    assert_eq!(there.perform("finish"), "1008");
    assert_eq!(there.perform("recover"), "none");
    assert_eq!(here.perform("end"), "ok");
    assert_eq!(here.perform("finish"), "saved 2");
    assert_eq!(here.perform("count"), "3");
}

/// A session that ended is no longer in the way, and its builder is finished where it is.
#[test]
fn an_ended_session_is_not_handed_over() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    there.perform("beat");
    there.perform("end");
    let mut here = App::open(&folder.store(), Arbitration::HandOver);
    assert_eq!(here.perform("recover"), "none");
    assert_eq!(there.perform("finish"), "saved 1");
}

/// A host that asks, and knows which processes live.
#[derive(Default)]
struct Knowing(Mutex<Vec<(u64, HostRequest)>>);

impl Host for Knowing {
    fn capabilities(&self) -> HostCapabilities {
        HostCapabilities {
            arbitration: HostCapability::Native,
            processes: HostCapability::Native,
            ..HostCapabilities::default()
        }
    }

    fn request(&self, id: u64, request: HostRequest) {
        self.0.lock().unwrap().push((id, request));
    }
}

#[test]
fn the_host_is_asked_about_a_session_of_another_process() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    let host = Arc::new(Knowing::default());
    let options = StoreOptions::new().path(folder.store()).delivery(Delivery::Poll);
    let store = HealthStore::open(options.arbitration(Arbitration::Ask).host(host.clone())).unwrap();
    let session = WorkoutSession::new(&store, of(WorkoutActivityType::Running)).unwrap();
    session.start_activity(None).unwrap();
    assert_eq!(session.state(), WorkoutSessionState::NotStarted);
    let (request, asked) = host.0.lock().unwrap().pop().unwrap();
    let HostRequest::Arbitrate { session: newcomer, incumbent } = asked else { panic!("{asked:?}") };
    assert_eq!((newcomer, incumbent.process), (session.id(), there.process.id()));
    store.report(&HostReport::Outcome { request, refusal: None }).unwrap();
    assert_eq!(session.state(), WorkoutSessionState::Running);
    assert_eq!(there.perform("pause"), "1008");
    // Twice is once.
    store.report(&HostReport::Outcome { request, refusal: None }).unwrap();
    session.pause().unwrap();
}

/// Only what the host says of a process that seems to live makes its workout recoverable.
#[test]
fn the_host_tells_that_a_process_is_dead() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    let host = Arc::new(Knowing::default());
    let options = StoreOptions::new().path(folder.store()).delivery(Delivery::Poll).host(host.clone());
    let store = HealthStore::open(options).unwrap();
    assert!(store.recover_active_workout_session().unwrap().is_none());
    let process = there.process.id();
    assert_eq!(host.0.lock().unwrap().pop(), Some((1, HostRequest::IsAlive { process })));
    store.report(&HostReport::ProcessEnded(process + 1)).unwrap();
    assert!(store.recover_active_workout_session().unwrap().is_none());
    store.report(&HostReport::ProcessEnded(process)).unwrap();
    let session = store.recover_active_workout_session().unwrap().unwrap();
    assert_eq!(session.state(), WorkoutSessionState::Running);
    // It lived after all, and was wrong to be taken for dead: it lost the workout, and writes nothing into it.
    assert_eq!(there.perform("pause"), "1008");
    session.pause().unwrap();
}

/// Stopped in the middle, overtaken, and woken: it writes nothing into its session any more.
#[test]
fn a_suspended_loser_that_wakes_up_writes_nothing() {
    let folder = Folder::new();
    let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
    let mut there = Elsewhere::launch(&folder.store());
    there.perform("start");
    there.signal("-STOP");
    assert_eq!(here.perform("start"), "ok");
    there.signal("-CONT");
    assert_eq!(there.perform("pause"), "1008");
    assert_eq!(there.perform("heard"), "running,failed 1008,ended");
    assert_eq!(here.perform("beat"), "collected 1");
    assert_eq!(here.perform("state"), "running");
    assert_eq!(there.perform("finish"), "saved 0");
}

#[test]
fn what_another_process_has_open_is_not_set_aside() {
    let folder = Folder::new();
    let mut there = Elsewhere::launch(&folder.store());
    assert_eq!(there.perform("start"), "ok");
    assert_eq!(code(HealthStore::set_aside(folder.store())), Err(ErrorCode::StoreBusy));
    assert_eq!(there.perform("pause"), "ok");
    there.kill();
    let aside = HealthStore::set_aside(folder.store()).unwrap();
    let mut here = App::open(&aside, Arbitration::NewcomerWins);
    assert_eq!(here.perform("recover"), "paused", "its log came with it");
}

/// Whoever looks at a session, and whatever wall time the clock shows by then: its time is what passed. The machine tells that it
/// was not started anew.
#[test]
fn the_time_of_a_session_is_the_same_in_all_processes() {
    for jump in ["jump -7200", "jump 7200"] {
        let folder = Folder::new();
        let mut here = App::open(&folder.store(), Arbitration::NewcomerWins);
        let mut there = Elsewhere::launch(&folder.store());
        there.perform("start");
        there.perform("beat");
        there.perform(jump);
        assert_eq!(there.perform("beat"), "collected 1");
        here.perform(jump);
        here.perform(jump);
        assert_eq!(here.perform("start"), "ok");
        assert_eq!(there.perform("pause"), "1008");
        assert_eq!(there.perform("hours"), "0 0", "{jump}");
        assert_eq!(there.perform("finish"), "saved 2");

        assert_eq!(here.perform("pause"), "ok");
        assert_eq!(here.perform("resume"), "ok");
        drop(here);
        assert_eq!(there.perform("recover"), "running");
        assert_eq!(there.perform("beat"), "collected 1");
        assert_eq!(there.perform("events"), "2", "no gap is marked");
        assert_eq!(there.perform("end"), "ok");
        assert_eq!(there.perform("hours"), "0 0", "{jump}");
        assert_eq!(there.perform("finish"), "saved 1");
    }
}
