//! Reads recordings of real devices and holds what comes out against what the devices stated.
//!
//! The recordings are not part of the repository. `PACELINE_DATA` names their folder; without it
//! `shared/data` beside the checkout is tried, and without either the tests say so and pass.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use paceline_formats::{Channel, FormatError, ReadOptions, RecordedSession, Sample, TimerKind, read_file};

/// The folder of the recordings, if there is one.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PACELINE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if folder.join("MANIFEST.csv").is_file() {
        return Some(folder);
    }
    println!("skipped: no recordings at {}", folder.display());
    None
}

/// One row of the list of recordings.
struct Listed {
    file: String,
    path: PathBuf,
    quality: String,
    flags: String,
    /// Duration in seconds with and without pauses, and distance in metres, of a GPX file.
    totals: Option<[f64; 3]>,
}

fn listed(folder: &Path) -> Vec<Listed> {
    let table = std::fs::read_to_string(folder.join("MANIFEST.csv")).unwrap();
    let mut lines = table.lines();
    let names = columns(lines.next().unwrap());
    let row = |line: &str| -> HashMap<String, String> { names.iter().cloned().zip(columns(line)).collect() };
    lines
        .map(row)
        .filter(|row| ["fit", "tcx", "gpx"].contains(&row["kind"].as_str()))
        .map(|row| Listed {
            path: folder.join(&row["file"]),
            file: row["file"].clone(),
            quality: row["quality"].clone(),
            flags: row["flags"].clone(),
            totals: (row["kind"] == "gpx").then(|| {
                ["total_elapsed_time", "total_timer_time", "total_distance"]
                    .map(|name| row[name].parse().unwrap())
            }),
        })
        .collect()
}

/// The cells of a line of comma-separated values.
fn columns(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(letter),
        }
    }
    cells
}

#[test]
fn every_recording_reads_as_its_quality_says() {
    let Some(folder) = data() else { return };
    for Listed { file, path, quality, .. } in listed(&folder) {
        let started = Instant::now();
        let strict = read_file(&path, &ReadOptions::strict());
        let took = started.elapsed();
        let salvaged = read_file(&path, &ReadOptions::salvage());
        match quality.as_str() {
            "ok" => {
                let recording = strict.unwrap_or_else(|error| panic!("{file}: {error}"));
                for session in &recording.sessions {
                    check_session(&file, session);
                }
                for skipped in &recording.skipped {
                    println!("{file}: {}: {}", skipped.place, skipped.what);
                }
                assert_eq!(recording, salvaged.unwrap(), "{file}: salvage changes a whole file");
            }
            "no-session" => {
                let error = strict.unwrap_err();
                println!("{file}: {error}");
                assert!(matches!(error, FormatError::NoActivity { .. }), "{file}: {error}");
                assert!(salvaged.is_err(), "{file}");
            }
            "not-fit" => {
                let error = strict.unwrap_err();
                println!("{file}: {error}");
                assert!(matches!(error, FormatError::Unrecognised { .. }), "{file}: {error}");
            }
            _ => {
                let error = strict.unwrap_err();
                println!("{file}: {error}");
                assert!(error.salvageable() && error.place().is_some(), "{file}: {error}");
                let recording = salvaged.unwrap_or_else(|error| panic!("{file}: {error}"));
                assert!(!recording.skipped.is_empty(), "{file}");
                for skipped in &recording.skipped {
                    println!("  salvaged, without {}: {}", skipped.place, skipped.what);
                }
                for session in &recording.sessions {
                    check_session(&file, session);
                }
            }
        }
        assert!(took < Duration::from_secs(5), "{file} took {took:?}");
    }
}

/// What the model promises of every session.
fn check_session(file: &str, session: &RecordedSession) {
    let (start, end) = (session.start_us, session.end_us);
    assert!(start <= end, "{file}");
    let inside = |at: i64| (start..=end).contains(&at);
    for sample in &session.samples {
        assert!(sample.value.is_finite(), "{file}: {sample:?}");
        assert!(inside(sample.start_us) && inside(sample.end_us), "{file}: {sample:?}");
        assert!(sample.start_us <= sample.end_us, "{file}: {sample:?}");
    }
    assert!(session.samples.is_sorted_by_key(|sample| sample.end_us), "{file}");
    for (since, resumed) in session.pauses() {
        // Nothing runs any more at the end of a pause that lasts to the end of the session.
        let stands = |at: i64| since < at && (at < resumed || resumed == end);
        for sample in session.samples.iter().filter(|sample| is_amount(sample)) {
            let reaches_in = sample.start_us.max(since) < sample.end_us.min(resumed);
            assert!(!reaches_in && !stands(sample.end_us), "{file}: {sample:?} in {since} to {resumed}");
        }
    }
    for (index, event) in session.timer.iter().enumerate() {
        let kind = [TimerKind::Pause, TimerKind::Resume][index % 2];
        assert_eq!(event.kind, kind, "{file}: timer event {index}");
        assert!(inside(event.at_us), "{file}: {event:?}");
    }
    assert!(session.timer.is_sorted_by(|a, b| a.at_us < b.at_us), "{file}");
    for lap in &session.laps {
        assert!(inside(lap.start_us) && inside(lap.end_us) && lap.start_us <= lap.end_us);
    }
}

fn is_amount(sample: &Sample) -> bool {
    matches!(sample.channel, Channel::Distance | Channel::Energy | Channel::Steps | Channel::Strokes)
}

/// What a device stated against what comes out of its readings.
struct Compared {
    file: String,
    stated: f64,
    computed: f64,
}

impl Compared {
    fn within(&self, absolute: f64, relative: f64) -> bool {
        (self.computed - self.stated).abs() <= absolute.max(self.stated.abs() * relative)
    }
}

fn report(what: &str, all: &[Compared], hit: impl Fn(&Compared) -> bool) -> usize {
    let hits = all.iter().filter(|compared| hit(compared)).count();
    println!("{what}: {hits} of {}", all.len());
    for Compared { file, stated, computed } in all.iter().filter(|compared| !hit(compared)) {
        println!("  {file}: stated {stated:.2}, computed {computed:.2}");
    }
    hits
}

#[test]
fn figures_agree_with_the_devices() {
    let Some(folder) = data() else { return };
    let [mut timer, mut hr_avg, mut hr_paused, mut hr_max, mut distance, mut energy] =
        [const { Vec::new() }; 6];
    for Listed { file, path, quality, flags, .. } in listed(&folder) {
        let odd = ["absurd-duration", "timer-exceeds-elapsed"];
        // A chained file repeats two others.
        if quality != "ok" || odd.iter().any(|flag| flags.contains(flag)) || flags.contains("chained") {
            continue;
        }
        let recording = read_file(&path, &ReadOptions::strict()).unwrap();
        let several = recording.sessions.len() > 1;
        for (index, session) in recording.sessions.iter().enumerate() {
            let file = if several { format!("{file} session {index}") } else { file.clone() };
            let compared = |stated: Option<f64>, computed: Option<f64>| {
                let (stated, computed) = (stated?, computed.unwrap_or(0.0));
                Some(Compared { file: file.clone(), stated, computed })
            };
            let device = &session.device;
            timer.extend(compared(device.timer_s, Some(running_s(session))));
            let average = compared(device.hr_avg, held_average(session, Channel::HeartRate));
            if paused_s(session) > 30.0 {
                hr_paused.extend(compared(device.hr_avg, held_average(session, Channel::HeartRate)));
            }
            hr_avg.extend(average);
            hr_max.extend(compared(device.hr_max, largest(session, Channel::HeartRate)));
            let stated = device.distance_m.filter(|&metres| metres > 0.0);
            distance.extend(compared(stated, Some(sum(session, Channel::Distance))));
            let stated = device.energy_kcal.filter(|&energy| energy > 0.0);
            energy.extend(compared(stated, Some(sum(session, Channel::Energy))));
        }
    }
    let by_rate = |compared: &Compared| compared.within(1.0, 0.01);
    let timers = report("timer", &timer, |compared| compared.within(2.0, 0.01));
    let averages = report("heart rate average", &hr_avg, by_rate);
    let paused = report("  of these paused for more than 30 s", &hr_paused, by_rate);
    let maxima = report("heart rate maximum", &hr_max, |compared| compared.within(1.0, 0.0));
    let distances = report("distance", &distance, |compared| compared.within(0.0, 0.01));
    let energies = report("energy", &energy, |compared| compared.within(1.0, 0.01));

    // One watch stopped its timer at the wall of the pool and counted the rests all the same.
    assert!(timers + 1 >= timer.len());
    assert_eq!(averages, hr_avg.len());
    assert_eq!(paused, hr_paused.len());
    assert_eq!(maxima, hr_max.len());
    assert_eq!(distances, distance.len());
    assert_eq!(energies, energy.len());
}

#[test]
fn tracks_come_to_what_was_computed_from_their_points() {
    let Some(folder) = data() else { return };
    for Listed { file, path, flags, totals, .. } in listed(&folder) {
        let Some(totals) = totals else { continue };
        let recording = read_file(&path, &ReadOptions::strict()).unwrap();
        let [session] = &recording.sessions[..] else {
            panic!("{file}: one session");
        };
        let elapsed = (session.end_us - session.start_us) as f64 / 1e6;
        let computed = [elapsed, running_s(session), sum(session, Channel::Distance)];
        println!("{file}: {computed:.1?}, by another program {totals:?}");
        assert!((computed[0] - totals[0]).abs() < 0.01, "{file}");
        assert!((computed[1] - totals[1]).abs() < 0.01, "{file}");
        // Points without a time cannot be replayed, and so do not add to the distance.
        if !flags.contains("partial-time") {
            assert!((computed[2] - totals[2]).abs() <= totals[2].max(10.0) * 0.01, "{file}");
        }
    }
}

fn paused_s(session: &RecordedSession) -> f64 {
    let paused: i64 = session.pauses().iter().map(|(since, until)| until - since).sum();
    paused as f64 / 1e6
}

fn running_s(session: &RecordedSession) -> f64 {
    (session.end_us - session.start_us) as f64 / 1e6 - paused_s(session)
}

fn of(session: &RecordedSession, channel: Channel) -> impl Iterator<Item = &Sample> {
    session.samples.iter().filter(move |sample| sample.channel == channel)
}

fn sum(session: &RecordedSession, channel: Channel) -> f64 {
    of(session, channel).map(|sample| sample.value).sum()
}

fn largest(session: &RecordedSession, channel: Channel) -> Option<f64> {
    of(session, channel).map(|sample| sample.value).reduce(f64::max)
}

/// Each value holds until the next one; paused time does not count.
fn held_average(session: &RecordedSession, channel: Channel) -> Option<f64> {
    let samples: Vec<&Sample> = of(session, channel).collect();
    let pauses = session.pauses();
    let (mut total, mut time) = (0.0, 0.0);
    for (index, sample) in samples.iter().enumerate() {
        let until = samples.get(index + 1).map_or(session.end_us, |next| next.end_us);
        let mut held = until - sample.end_us;
        for &(since, resumed) in &pauses {
            held -= (until.min(resumed) - sample.end_us.max(since)).max(0);
        }
        total += sample.value * held as f64;
        time += held as f64;
    }
    (time > 0.0).then(|| total / time)
}
