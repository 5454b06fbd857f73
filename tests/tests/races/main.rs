//! Several processes on one store: they start sessions against each other, collect, pause, end and recover, while they are
//! killed, stopped and woken at random instants.
//!
//! The store itself watches them, with triggers that refuse what nobody may write: a sample of a workout, or a pause of it, while
//! another one holds the device. In the end everything that any of them was told to be saved must be there.
//!
//! `PACELINE_SEED` says where chance begins, `PACELINE_ROUNDS` how often somebody is disturbed; a failure names the seed. What
//! the processes do follows from it; when they are interrupted depends on the machine as well.

mod app;

use paceline::{Arbitration, Delivery, HealthStore, StoreOptions, Uuid, WorkoutSessionState};
use paceline_faults::Chance;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

/// What no process may write: the device is another workout's.
const WATCH: &str = "
    CREATE TRIGGER watch_samples BEFORE INSERT ON sample
    WHEN NEW.workout IS NOT NULL AND NOT EXISTS (SELECT 1 FROM device WHERE workout = NEW.workout)
    BEGIN SELECT RAISE(ABORT, 'a sample of a workout that does not hold the device'); END;

    -- An entry that begins with a change from running (2) or paused (4) to running or paused.
    CREATE TRIGGER watch_journal BEFORE INSERT ON journal
    WHEN substr(NEW.changes, 3, 1) = x'00' AND substr(NEW.changes, 4, 1) IN (x'02', x'04')
        AND substr(NEW.changes, 5, 1) IN (x'02', x'04')
        AND NOT EXISTS (SELECT 1 FROM device WHERE workout = NEW.workout)
    BEGIN SELECT RAISE(ABORT, 'a pause of a workout that does not hold the device'); END;
";

/// What the processes said, one after the other.
#[derive(Default)]
struct Said {
    /// Workouts that began, or were saved.
    begun: BTreeSet<Uuid>,
    saved: BTreeSet<Uuid>,
    /// Batches of one sample each.
    batches: u64,
    recovered: u64,
    lost: u64,
    wrong: Vec<String>,
}

impl Said {
    fn note(&mut self, line: &str) {
        let Some(line) = line.strip_prefix("> ") else { return };
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        let id = || rest.parse().expect("an id");
        match what {
            "begun" => drop(self.begun.insert(id())),
            "saved" => drop(self.saved.insert(id())),
            "recovered" => self.recovered += 1,
            "lost" => self.lost += 1,
            "batch" => self.batches += 1,
            _ => self.wrong.push(line.to_owned()),
        }
    }
}

/// A process, and who listens to it.
struct App {
    process: Child,
    lines: JoinHandle<Vec<String>>,
}

impl App {
    fn launch(store: &Path, seed: u64, number: u64) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .args(["child", "--exact", "--nocapture"])
            .env(app::STORE, store)
            .env(app::SEED, seed.to_string())
            .env(app::NUMBER, number.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts again");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let lines = std::thread::spawn(move || output.lines().map_while(Result::ok).collect());
        Self { process, lines }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).expect("it is there");
    }

    /// Kills it; what it said before counts.
    fn kill(mut self, said: &mut Said) {
        self.process.kill().expect("it can be killed");
        let status = self.process.wait().expect("it was killed");
        if status.code().is_some() {
            said.wrong.push(format!("it ended by itself: {status}"));
        }
        for line in self.lines.join().expect("it was heard") {
            said.note(&line);
        }
    }
}

/// Not a test: what the processes do.
#[test]
fn child() {
    app::run();
}

fn race(processes: u64, seed: u64, rounds: u64) {
    println!("PACELINE_SEED={seed}");
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a folder");
    let path = folder.path().join("store.sqlite");
    drop(HealthStore::open_file(&path).expect("it is new"));
    Connection::open(&path).and_then(|file| file.execute_batch(WATCH)).expect("it is watched");

    let mut chance = Chance::new(seed);
    let mut launched = 0;
    let mut launch = || {
        launched += 1;
        App::launch(&path, seed, launched)
    };
    let mut apps: Vec<_> = (0..processes).map(|_| launch()).collect();
    let mut said = Said::default();
    let (mut kills, mut stops) = (0, 0);
    for _ in 0..rounds {
        sleep(Duration::from_millis(10 + chance.below(120)));
        let one = chance.below(processes) as usize;
        if chance.below(3) == 0 {
            let app = std::mem::replace(&mut apps[one], launch());
            app.kill(&mut said);
            kills += 1;
        } else {
            apps[one].signal(Signal::STOP);
            sleep(Duration::from_millis(chance.below(300)));
            apps[one].signal(Signal::CONT);
            stops += 1;
        }
    }
    for app in apps {
        app.kill(&mut said);
        kills += 1;
    }
    assert_eq!(said.wrong, Vec::<String>::new(), "PACELINE_SEED={seed}");
    let workouts = finish_all(&path);
    println!(
        "{kills} kills, {stops} stops; {} workouts begun, {} recovered, {} lost to another, {} batches",
        said.begun.len(),
        said.recovered,
        said.lost,
        said.batches
    );
    for (what, ids) in [("begun", &said.begun), ("saved", &said.saved)] {
        let gone: Vec<_> = ids.difference(&workouts).collect();
        assert!(gone.is_empty(), "PACELINE_SEED={seed}: {what} and not there: {gone:?}");
    }
    let store = HealthStore::open_file(&path).expect("it opens");
    let samples = store.sample_count().expect("it can be read");
    // Each process may have been killed between saving one and saying so.
    assert!(
        (said.batches..=said.batches + kills).contains(&samples),
        "PACELINE_SEED={seed}: {samples} samples"
    );
    assert!(said.lost > 0 && said.recovered > 0 && said.batches > 100, "nothing happened");
}

/// Ends and finishes whatever is left, tells which workouts there are, and checks the file.
fn finish_all(path: &Path) -> BTreeSet<Uuid> {
    let options = StoreOptions::new().path(path).delivery(Delivery::Poll).arbitration(Arbitration::Refuse);
    let store = HealthStore::open(options).expect("it opens");
    while let Some(session) = store.recover_active_workout_session().expect("it can be read") {
        let builder = session.associated_workout_builder().expect("it has one");
        if session.state() != WorkoutSessionState::Ended {
            session.end().expect("nobody is in the way");
        }
        if builder.start_date().is_none() {
            builder.discard_workout().expect("nothing was collected");
            continue;
        }
        if builder.end_date().is_none() {
            builder.end_collection(store.now()).expect("it was going on");
        }
        builder.finish_workout().expect("it can be saved");
    }
    assert_eq!(store.session_owner().expect("it can be read"), None, "nobody holds the device");
    let ids = store.workout_ids().expect("they can be read").into_iter().collect();
    drop(store);
    let found: String = Connection::open(path)
        .and_then(|file| file.query_row("PRAGMA integrity_check", [], |row| row.get(0)))
        .expect("it can be read");
    assert_eq!(found, "ok");
    ids
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn two_processes() {
    race(2, number("PACELINE_SEED", 1), number("PACELINE_ROUNDS", 40));
}

#[test]
fn three_processes() {
    race(3, number("PACELINE_SEED", 2), number("PACELINE_ROUNDS", 40));
}
