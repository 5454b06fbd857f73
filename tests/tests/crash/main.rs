//! Nothing that was acknowledged is lost, whenever the process is killed.
//!
//! A child process makes a workout step by step and says after each step that it was acknowledged. The parent kills it at
//! some instant, opens the store, and compares what is there with an oracle that made the same steps in memory: exactly the
//! steps that were acknowledged must be there, and at most the one more that was being made. Then another child goes on from
//! there. The workout that is saved in the end must be the oracle's.
//!
//! `PACELINE_KILLS` says how often (200 unless set), `PACELINE_SEED` where chance begins; a failure names both.

use paceline::{Arbitration, HealthStore, ManualClock, StoreOptions, Timestamp};
use paceline_faults::Chance;
use paceline_tests::left::Left;
use paceline_tests::script::{Script, Stage, T0};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STORE: &str = "PACELINE_CRASH_STORE";
const SEED: &str = "PACELINE_CRASH_SEED";
const FROM: &str = "PACELINE_CRASH_FROM";

/// After so many kills it is told how far the test is.
const TOLD: u64 = 500;

/// A store whose present is that of the step before this one.
fn open(path: Option<&Path>, script: &Script, next: usize) -> (HealthStore, ManualClock) {
    let clock = ManualClock::new(Timestamp::from_seconds(T0));
    let options = StoreOptions::new().clock(&clock).arbitration(Arbitration::Refuse);
    let options = match path {
        Some(path) => options.path(path),
        None => options,
    };
    clock.advance_to(script.time_before(next));
    (HealthStore::open(options).expect("the store opens"), clock)
}

fn perform(script: &Script, step: usize, stage: &mut Stage) {
    let outcome = script.perform(step, stage);
    outcome.unwrap_or_else(|error| panic!("step {step}, {:?}: {error}", script.step(step)));
}

/// Not a test: what the child does.
#[test]
fn child() {
    let (Some(store), Ok(seed), Ok(from)) =
        (std::env::var_os(STORE), std::env::var(SEED), std::env::var(FROM))
    else {
        return;
    };
    let script = Script::new(seed.parse().expect("a seed"));
    let from = from.parse().expect("a step");
    let (store, clock) = open(Some(Path::new(&store)), &script, from);
    let mut stage = Stage::recovered(store, clock).expect("it can be recovered");
    for step in from..script.len() {
        perform(&script, step, &mut stage);
        // One write: it is either heard in whole or not at all.
        println!("{step}!");
    }
}

/// What is there after each number of steps, had nobody been killed.
fn oracle(script: &Script) -> Vec<Left> {
    let (store, clock) = open(None, script, 0);
    let mut stage = Stage::recovered(store.clone(), clock).expect("it can be recovered");
    let mut all = vec![Left::of(&store)];
    for step in 0..script.len() {
        perform(script, step, &mut stage);
        all.push(Left::of(&store));
    }
    all
}

/// Lets a child go on from this step and kills it after a while; returns how many steps are acknowledged then, and whether it
/// was killed in the middle.
fn run_and_kill(path: &Path, seed: u64, from: usize, chance: &mut Chance) -> (usize, bool) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["child", "--exact", "--nocapture"])
        .env(STORE, path)
        .env(SEED, seed.to_string())
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    // Some steps in, and then somewhere within a step.
    let heard_first = chance.below(40) as usize;
    let mut acknowledged = from;
    let mut note = |line: &str| {
        let step: Option<usize> = line.strip_suffix('!').and_then(|step| step.parse().ok());
        acknowledged = step.map_or(acknowledged, |step| step + 1);
        step.is_some()
    };
    let mut heard = 0;
    while heard < heard_first {
        match lines.next() {
            Some(Ok(line)) => heard += usize::from(note(&line)),
            _ => break,
        }
    }
    let until = Instant::now() + Duration::from_micros(chance.below(4000));
    while Instant::now() < until {
        std::hint::spin_loop();
    }
    child.kill().expect("it can be killed");
    let status = child.wait().expect("it was killed");
    // What it said before it died counts.
    for line in lines.map_while(Result::ok) {
        note(&line);
    }
    if !status.success() && status.signal().is_none() {
        let mut complaint = String::new();
        let read = child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut complaint));
        panic!("PACELINE_SEED={seed}: the child failed at step {acknowledged} ({read:?}):\n{complaint}");
    }
    (acknowledged, status.signal().is_some())
}

#[test]
fn what_was_acknowledged_survives_being_killed() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let wanted = number("PACELINE_KILLS", 200);
    let first_seed = number("PACELINE_SEED", 1);
    let (mut kills, mut within, mut seed, mut told) = (0, 0, first_seed, 0);
    while kills < wanted {
        let script = Script::new(seed);
        let oracle = oracle(&script);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.sqlite");
        let mut chance = Chance::new(seed);
        let mut done = 0;
        while done < script.len() && kills < wanted {
            let (acknowledged, killed) = run_and_kill(&path, seed, done, &mut chance);
            kills += u64::from(killed);
            let (store, _) = open(Some(&path), &script, acknowledged);
            let left = Left::of(&store);
            drop(store);
            // Where a step changes nothing that is compared, the one acknowledged is believed.
            let candidates = [acknowledged, acknowledged + 1];
            let Some(reached) = candidates.into_iter().find(|steps| {
                oracle.get(*steps).is_some_and(|here| here.at_one_time() == left.at_one_time())
            }) else {
                panic!(
                    "PACELINE_SEED={seed}: after kill {kills}, {acknowledged} steps were acknowledged, the last \
                     {:?}; there is\n{left:#?}\nand there should be\n{:#?}",
                    script.tell(acknowledged),
                    oracle[acknowledged]
                );
            };
            within += u64::from(reached > acknowledged);
            done = reached;
        }
        seed += 1;
        if kills / TOLD > told && kills < wanted {
            told = kills / TOLD;
            println!("{kills} of {wanted} kills, {} workouts", seed - first_seed);
        }
    }
    println!(
        "{kills} kills, {} workouts; {within} times a step was saved that nobody heard of",
        seed - first_seed
    );
}
