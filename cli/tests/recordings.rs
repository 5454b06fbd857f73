//! Every real recording through the program: good ones give one JSON object, bad ones one sentence.
//!
//! `PACELINE_DATA` names their folder; without it `shared/data` beside the checkout is tried, and without either the test
//! says so and passes. How well the numbers agree with the devices is counted elsewhere.
#![allow(clippy::unwrap_used)]

mod common;

use common::Place;

#[test]
fn every_recording_becomes_a_report_or_a_sentence() {
    let Some(folder) = common::data() else { return };
    let place = Place::new();
    let mut saved = 0;
    for (path, quality, _) in common::manifest(&folder) {
        let file = path.to_str().unwrap();
        if quality == "ok" {
            let report = place.run(&["run", file, "--json"]).json();
            assert_eq!(report["file"], file);
            let sessions = report["sessions"].as_array().unwrap();
            assert!(!sessions.is_empty(), "{file}");
            for session in sessions {
                let laps = session["device"]["laps"].as_array().map_or(0, Vec::len);
                assert!(laps == 0 || session["laps"].as_array().unwrap().len() == laps, "{file}: laps");
                assert!(session["timer_s"].as_f64() <= session["elapsed_s"].as_f64(), "{file}");
            }
            let workouts = report["workouts"].as_array().unwrap();
            saved += workouts.len();
            // A page of it can be shown, and adds up.
            let page = place.run(&["show", workouts[0].as_str().unwrap(), "--json"]).json();
            let in_page: u64 = page["statistics"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["samples"].as_u64().unwrap())
                .sum();
            if workouts.len() == 1 {
                let in_report: u64 = sessions.iter().map(|one| one["samples"].as_u64().unwrap()).sum();
                assert_eq!(in_page, in_report, "{file}: samples");
            }
        } else {
            let sentence = place.run(&["run", file, "--json"]).sentence();
            println!("{quality}: {sentence}");
        }
    }
    let list = place.run(&["workouts", "--json"]).json();
    let workouts = list["workouts"].as_array().unwrap();
    assert_eq!(workouts.len(), saved);
    assert!(workouts.is_sorted_by_key(|one| std::cmp::Reverse(one["start"].as_str().unwrap().to_owned())));
    println!("{saved} workouts saved");
}
