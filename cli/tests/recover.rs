//! `paceline recover` after `kill -9`: the numbers are those of a run that nobody killed.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod common;

use common::{Answer, Place};
use serde_json::Value;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A run of a minute with a pause, a reading each second.
fn track() -> String {
    let point = |second: i64| {
        format!(
            "<trkpt lat=\"47.{:05}\" lon=\"8.0\"><time>2020-09-13T12:{:02}:{:02}Z</time></trkpt>",
            second * 3,
            second / 60,
            second % 60
        )
    };
    let part = |seconds: std::ops::Range<i64>| seconds.map(point).collect::<String>();
    format!(
        "<?xml version=\"1.0\"?><gpx version=\"1.1\"><trk><type>running</type><trkseg>{}</trkseg><trkseg>{}</trkseg></trk></gpx>",
        part(0..31),
        part(40..61)
    )
}

impl Place {
    /// Starts the program, with its store.
    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.arg("--store").arg(self.store()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Starts the program and kills it after a while, unless it is quicker.
    fn run_and_kill(&self, arguments: &[&str], after: Duration) -> Answer {
        let mut child = self.start(arguments);
        std::thread::sleep(after);
        child.kill().unwrap();
        Answer::new(child.wait_with_output())
    }

    /// Starts a run that takes for ever, waits until its session is in the store, and kills it.
    fn cut_off(&self, arguments: &[&str]) {
        let mut child = self.start(arguments);
        let waiting = |place: &Self| place.run(&["recover"]).err.contains("nothing to recover:");
        while waiting(self) {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Every saved workout as `show` has it, oldest first.
    fn pages(&self) -> Vec<Value> {
        let list = self.run(&["workouts", "--json"]).json();
        let ids = list["workouts"].as_array().unwrap().iter().rev();
        ids.map(|one| nameless(self.run(&["show", one["id"].as_str().unwrap(), "--json"]).json())).collect()
    }
}

/// Without ids and paths.
fn nameless(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["id", "workout", "store"] {
                    fields.remove(name);
                }
                if let Some(Value::Array(ids)) = fields.get_mut("workouts") {
                    ids.fill(Value::Null);
                }
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

/// Repeatable chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Kills a run of this recording at chance instants, and what goes on with it, until it is saved.
fn survives(arguments: &[&str], seconds: f64, rounds: u32, chance: &mut Chance) {
    let undisturbed = Place::new();
    let report = nameless(undisturbed.run(&[arguments, &["--json"]].concat()).json());
    let pages = undisturbed.pages();
    // About a third of a second, if the disk is quick enough.
    let speed = (seconds * 3.0).to_string();
    for round in 0..rounds {
        let place = Place::new();
        let mut kills = 0;
        let mut next = [arguments, &["--speed", &speed, "--json"]].concat();
        let last = loop {
            let after = Duration::from_millis(chance.below(500));
            let answer = place.run_and_kill(&next, after);
            if answer.code.is_some() {
                break answer;
            }
            kills += 1;
            let found = !place.run(&["recover", "nosuch.file"]).err.contains("nothing to recover");
            next = match (found, kills < 4) {
                (true, true) => vec!["recover", "--json"],
                (true, false) => break place.run(&["recover", "--json", "--speed", "max"]),
                // Killed before anything was saved, or after everything was.
                (false, _) if place.pages().is_empty() => next,
                (false, _) => break Answer { out: report.to_string(), err: String::new(), code: Some(0) },
            };
        };
        let what = format!("{arguments:?}, round {round}, after {kills} kills");
        assert_eq!(nameless(last.json()), report, "{what}");
        assert_eq!(place.pages(), pages, "{what}");
        assert_eq!(place.run(&["recover"]).code, Some(3), "{what}: nothing is left");
        println!("{what}: the same");
    }
}

#[test]
fn a_run_that_is_killed_goes_on_and_ends_with_the_same_numbers() {
    let seed = std::env::var("PACELINE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20);
    println!("PACELINE_SEED={seed}");
    let mut chance = Chance(seed);
    survives(&["demo", "--seed", "3"], 2000.0, 3, &mut chance);
    let place = Place::new();
    let track = place.file("track.gpx", track().as_bytes());
    survives(&["run", track.canonicalize().unwrap().to_str().unwrap()], 60.0, 3, &mut chance);
    let Some(folder) = common::data() else { return };
    for (name, seconds, rounds) in [
        ("fit/muktihari__triathlon_summary_first.fit", 4043.0, 3),
        ("fit/roznet__activity_424479793.fit", 1454.0, 3),
        ("fit/dtcooper__sample-activity.fit", 11741.0, 1),
        ("fit/derived__chained-two-activities.fit", 15000.0, 1),
    ] {
        let file = folder.join(name);
        survives(&["run", file.to_str().unwrap()], seconds, rounds, &mut chance);
    }
}

#[test]
fn what_cannot_be_recovered_is_told_apart() {
    let place = Place::new();
    let nothing = place.run(&["recover", "--json"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(3), ""));
    assert!(
        nothing.err.starts_with("error: nothing to recover: no workout was going on in "),
        "{}",
        nothing.err
    );
    assert_eq!(place.listing(), [""; 0], "a store is not made by looking");
    place.run(&["demo"]).good();
    assert_eq!(place.run(&["recover"]).code, Some(3));
}

#[test]
fn a_run_that_lives_is_left_alone() {
    let place = Place::new();
    let mut child = place.start(&["demo", "--speed", "1"]);
    let sentence = loop {
        let answer = place.run(&["recover"]);
        if answer.code == Some(1) {
            break answer.sentence();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(sentence.contains(&format!("in process {}", child.id())), "{sentence}");
    assert!(child.try_wait().unwrap().is_none(), "it still runs");
    child.kill().unwrap();
    child.wait().unwrap();
    let text = place.run(&["recover", "--speed", "max"]).good();
    assert!(text.starts_with("Found: Running · "), "{text}");
    assert!(text.contains("Going on with the made-up run\n") && text.contains("Saved as "), "{text}");
}

/// A place with a run of a file that was cut off.
fn cut_off() -> (Place, PathBuf) {
    let place = Place::new();
    let file = place.file("track.gpx", track().as_bytes());
    place.cut_off(&["run", "track.gpx", "--speed", "0.001"]);
    (place, file)
}

#[test]
fn a_recording_that_moved_can_be_named() {
    let (place, file) = cut_off();
    std::fs::rename(&file, place.path("moved.gpx")).unwrap();
    let sentence = place.run(&["recover"]).sentence();
    assert!(sentence.contains("track.gpx") && sentence.contains("`paceline recover FILE`"), "{sentence}");
    let another = place.file("another.gpx", track().replace("running", "cycling").as_bytes());
    let sentence = place.run(&["recover", another.to_str().unwrap()]).sentence();
    assert!(sentence.contains("is another recording"), "{sentence}");
    place.file("track.gpx", b"");
    assert!(place.run(&["recover"]).sentence().contains("track.gpx"));
    // None of this did any harm.
    let report = place.run(&["recover", "moved.gpx", "--speed", "max", "--json"]).json();
    assert_eq!((&report["file"], &report["sessions"][0]["timer_s"]), (&"moved.gpx".into(), &50.0.into()));
}

#[test]
fn what_came_through_a_pipe_must_be_named() {
    let place = Place::new();
    place.file("track.gpx", track().as_bytes());
    let mut command = place.command(&["run", "/dev/stdin", "--speed", "0.001", "--store"]);
    let mut child = command.arg(place.store()).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(track().as_bytes()).unwrap();
    while place.run(&["recover"]).err.contains("nothing to recover:") {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(place.run(&["recover"]).sentence().contains("a pipe"));
    place.run(&["recover", "track.gpx", "--speed", "max"]).good();
}

#[test]
fn what_is_there_can_be_saved_without_the_recording() {
    let place = Place::new();
    let file = place.file("track.gpx", track().as_bytes());
    let whole = place.run(&["run", "track.gpx", "--json"]).json();
    let place = Place::new();
    std::fs::copy(&file, place.path("track.gpx")).unwrap();
    // A second of the run is over when it is killed.
    place.run_and_kill(&["run", "track.gpx", "--speed", "20"], Duration::from_millis(900));
    std::fs::remove_file(place.path("track.gpx")).unwrap();
    let report = place.run(&["recover", "--finish", "--json"]).json();
    let session = &report["sessions"][0];
    let (part, all) =
        (session["distance_m"].as_f64().unwrap(), whole["sessions"][0]["distance_m"].as_f64().unwrap());
    assert!(part > 0.0 && part < all, "{part} of {all}");
    assert_eq!(
        session["elapsed_s"].as_f64(),
        session["samples"].as_f64(),
        "one reading a second, and nothing after the last one"
    );
    assert_eq!(session["device"]["timer_s"], Value::Null);
    assert_eq!(place.pages().len(), 1);
    assert_eq!(place.run(&["recover"]).code, Some(3));
}

#[test]
fn a_run_that_had_not_begun_leaves_nothing_to_save() {
    let (place, _) = cut_off();
    let list = place.run(&["workouts"]).good();
    assert!(list.ends_with("\nRunning was cut off; `paceline recover` goes on with it\n"), "{list}");
    let text = place.run(&["recover", "--finish"]).good();
    assert!(text.contains("cut off before it started"), "{text}");
    assert!(text.contains("nothing to save"), "{text}");
    assert!(place.pages().is_empty());
    assert_eq!(place.run(&["recover"]).code, Some(3));
}

#[test]
fn a_workout_of_another_app_is_not_replayed() {
    use paceline::{HealthStore, WorkoutActivityType, WorkoutConfiguration, WorkoutSession};
    let place = Place::new();
    let store = HealthStore::open_file(place.store()).unwrap();
    let session = WorkoutSession::new(&store, WorkoutConfiguration::new(WorkoutActivityType::Yoga)).unwrap();
    session.start_activity(None).unwrap();
    session.associated_workout_builder().unwrap().begin_collection(store.now()).unwrap();
    session.set_payload(*b"screen 3").unwrap();
    drop((store, session));
    assert!(place.run(&["recover"]).sentence().contains("another app"));
    let text = place.run(&["recover", "--finish"]).good();
    assert!(text.contains("Yoga") && text.contains("Saved as "), "{text}");
}

#[test]
fn a_run_that_another_one_overtook_can_only_be_saved() {
    let place = Place::new();
    let mut child = place.start(&["demo", "--speed", "10"]);
    while !place.run(&["workouts"]).out.contains("is going on in process") {
        std::thread::sleep(Duration::from_millis(5));
    }
    let send = |signal: &str| {
        let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    };
    loop {
        std::thread::sleep(Duration::from_millis(600));
        // It cannot hear that it was overtaken. If it was stopped while it wrote, nobody else can.
        send("-STOP");
        if place.run(&["demo", "--seed", "2"]).code == Some(0) {
            break;
        }
        send("-CONT");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let sentence = place.run(&["recover"]).sentence();
    assert!(
        sentence.contains("another workout took the place") && sentence.contains("--finish"),
        "{sentence}"
    );
    place.run(&["recover", "--finish"]).good();
    assert_eq!((place.pages().len(), place.run(&["recover"]).code), (2, Some(3)));
}
