//! The program as a person meets it: what it prints, where it leaves traces, how it fails.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Answer, Place};
use std::io::Write as _;
use std::process::Stdio;

const TRACK: &str = r#"<?xml version="1.0"?>
<gpx version="1.1"><trk><type>running</type><trkseg>
<trkpt lat="47.0000" lon="8.0"><time>2020-09-13T12:26:40Z</time></trkpt>
<trkpt lat="47.0001" lon="8.0"><time>2020-09-13T12:26:43Z</time></trkpt>
</trkseg><trkseg>
<trkpt lat="47.0002" lon="8.0"><time>2020-09-13T12:26:47Z</time></trkpt>
<trkpt lat="47.0003" lon="8.0"><time>2020-09-13T12:26:50Z</time></trkpt>
</trkseg></trk></gpx>
"#;

#[test]
fn a_demo_is_saved_listed_and_shown() {
    let place = Place::new();
    let summary = place.run(&["demo"]).good();
    for part in ["Running · Sat 2026-03-14 06:30 UTC", "Distance", "In motion", "Laps", "Saved as "] {
        assert!(summary.contains(part), "{part} in {summary}");
    }
    assert!(!summary.contains("Device"), "nobody stated anything: {summary}");

    let list = place.run(&["workouts"]).good();
    let [_, row] = list.lines().collect::<Vec<_>>()[..] else { panic!("{list}") };
    let id = row.split(' ').next().unwrap();
    assert!(row.contains("2026-03-14 06:30") && row.contains("Running") && row.contains(" km"), "{row}");

    let page = place.run(&["show", &id[..4].to_uppercase()]).good();
    for part in ["Events", "pause", "Samples", "heartRate", id] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let place = Place::new();
    let demo = |seed: &str| {
        let mut report = place.run(&["demo", "--seed", seed, "--json"]).json();
        // Every workout has an id of its own.
        report.as_object_mut().unwrap().remove("workouts");
        for session in report["sessions"].as_array_mut().unwrap() {
            session.as_object_mut().unwrap().remove("workout");
        }
        report
    };
    let one = demo("7");
    assert_eq!(one, demo("7"));
    assert_ne!(one, demo("8"));
    assert_eq!(one["file"], serde_json::Value::Null);
    let list = place.run(&["workouts", "--json"]).json();
    assert_eq!(list["workouts"].as_array().unwrap().len(), 3);
}

#[test]
fn a_speed_changes_nothing_but_the_time_it_takes() {
    let place = Place::new();
    let session = |speed: &str| {
        let report = place.run(&["demo", "--json", "--speed", speed]).json();
        let session = &report["sessions"][0];
        ["elapsed_s", "timer_s", "distance_m", "hr_avg", "hr_max", "samples", "laps"]
            .map(|key| session[key].clone())
    };
    assert_eq!(session("max"), session("8000"));
}

#[test]
fn the_keys_of_the_report_keep_their_order() {
    let place = Place::new();
    place.file("track.gpx", TRACK.as_bytes());
    let text = place.run(&["run", "track.gpx", "--json"]).good();
    let keys = [
        "file",
        "sessions",
        "sport",
        "start",
        "elapsed_s",
        "timer_s",
        "distance_m",
        "hr_avg",
        "hr_max",
        "samples",
        "laps",
        "device",
        "sport",
        "start",
        "elapsed_s",
        "timer_s",
        "distance_m",
        "hr_avg",
        "hr_max",
        "samples",
        "laps",
    ];
    let mut rest = text.as_str();
    for key in keys {
        let place =
            rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} in its place in {text}"));
        rest = &rest[place + key.len()..];
    }
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let session = &report["sessions"][0];
    assert_eq!(report["file"], "track.gpx");
    assert_eq!(session["start"], "2020-09-13T12:26:40Z");
    assert_eq!(session["elapsed_s"], 10.0);
    assert_eq!(session["timer_s"], 6.0);
    assert_eq!(session["hr_avg"], serde_json::Value::Null);
    assert_eq!(session["device"]["sport"], "running");
    assert_eq!(session["device"]["distance_m"], serde_json::Value::Null);
}

#[test]
fn a_bad_file_leaves_no_trace() {
    let place = Place::new();
    let mut inputs = vec!["nosuch.fit".to_owned(), ".".to_owned()];
    let mut input = |name: &str, bytes: &[u8]| {
        place.file(name, bytes);
        inputs.push(name.to_owned());
    };
    input("empty.fit", b"");
    input("garbage.fit", &[0xA5; 5000]);
    input("zeros.fit", &vec![0; 1 << 20]);
    input("cut.gpx", &TRACK.as_bytes()[..300]);
    input("odd\nname.gpx", b"<gpx/>");
    // A gigabyte that takes no room.
    std::fs::File::create(place.path("huge.fit")).unwrap().set_len(1 << 30).unwrap();
    inputs.push("huge.fit".to_owned());
    let before = place.listing();
    for input in &inputs {
        let sentence = place.run(&["run", input]).sentence();
        assert!(sentence.contains("; "), "it says what to do: {sentence}");
        assert!(!sentence.ends_with('.'), "{sentence}");
        // Nor in the data folder.
        Answer::new(place.command(&["run", input]).output()).sentence();
    }
    assert_eq!(place.listing(), before);
    assert!(place.run(&["run", "cut.gpx"]).sentence().ends_with("; try --salvage to read what is whole"));
    assert!(place.run(&["run", "cut.gpx", "--salvage"]).good().contains("line "));
}

#[test]
fn without_a_store_nothing_is_made_by_looking() {
    let place = Place::new();
    assert!(place.run(&["workouts"]).good().starts_with("No workouts in "));
    assert_eq!(place.run(&["workouts", "--json"]).json()["workouts"], serde_json::json!([]));
    assert!(place.run(&["show", "abc"]).sentence().contains("paceline demo"));
    assert_eq!(place.listing(), [""; 0]);

    // The store of the person, in a folder that is made when it is needed.
    Answer::new(place.command(&["demo"]).output()).good();
    assert!(place.path("data/paceline/paceline.sqlite").is_file());
}

#[test]
fn an_id_must_lead_to_one_workout() {
    let place = Place::new();
    for seed in 0..17 {
        place.run(&["demo", "--seed", &seed.to_string(), "--json"]).json();
    }
    let list = place.run(&["workouts", "--json"]).json();
    let ids: Vec<&str> =
        list["workouts"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    // Seventeen ids and sixteen digits: some two begin alike.
    let mut first: Vec<char> = ids.iter().map(|id| id.chars().next().unwrap()).collect();
    first.sort_unstable();
    let double = first.windows(2).find(|pair| pair[0] == pair[1]).unwrap()[0];
    assert!(place.run(&["show", &double.to_string()]).sentence().contains("several"));
    assert!(place.run(&["show", "xyz"]).sentence().contains("paceline workouts"));
    assert!(place.run(&["show", ""]).sentence().contains("empty"));
    assert_eq!(place.run(&["show", ids[3], "--json"]).json()["id"], ids[3]);
}

#[test]
fn a_store_of_somebody_else_is_left_alone() {
    let place = Place::new();
    place.file("store.sqlite", b"these are my notes");
    for arguments in [&["demo"][..], &["workouts"], &["show", "1"]] {
        place.run(arguments).sentence();
    }
    assert_eq!(std::fs::read(place.store()).unwrap(), b"these are my notes");
    assert_eq!(place.listing(), ["store.sqlite"]);
}

#[test]
fn a_wrong_command_line_is_told_apart() {
    let place = Place::new();
    for arguments in [
        &["run"][..],
        &["run", "a.fit", "--speed", "0"],
        &["run", "a.fit", "--speed", "-2"],
        &["walk"],
        &["demo", "--seed", "x"],
    ] {
        let answer = place.run(arguments);
        assert_eq!((answer.code, answer.out.as_str()), (Some(2), ""), "{arguments:?}");
    }
    assert_eq!(place.listing(), [""; 0]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    let mut child = place
        .command(&["demo", "--json", "--store"])
        .arg(place.store())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let answer = Answer::new(Ok(output));
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_a_file_too() {
    let place = Place::new();
    let mut child = place
        .command(&["run", "/dev/stdin", "--json", "--store"])
        .arg(place.store())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(TRACK.as_bytes()).unwrap();
    let report = Answer::new(child.wait_with_output()).json();
    assert_eq!(report["sessions"][0]["timer_s"], 6.0);
}
