//! Recordings with impossible contents, through the whole engine: a clear error or what is whole, and nothing half-saved.
//!
//! What a damaged file is to the readers and to the program is tested beside them.
#![allow(clippy::unwrap_used)]

use paceline::{ErrorDomain, HealthStore};
use paceline_cli::replay::{self, ReplayOptions, Speed};
use paceline_cli::{Failure, Report};
use paceline_formats::{FormatError, Place, ReadOptions, Recording};
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

/// One reading as text: second, heart rate, metres so far.
type Point<'a> = (i64, &'a str, &'a str);

const TEN: [Point<'_>; 10] = [
    (0, "120", "0"),
    (1, "121", "3"),
    (2, "122", "6"),
    (3, "123", "9"),
    (4, "124", "12"),
    (5, "125", "15"),
    (6, "126", "18"),
    (7, "127", "21"),
    (8, "128", "24"),
    (9, "129", "27"),
];

/// The first point stands on this line in both formats, and each has a line of its own.
const FIRST_LINE: u64 = 4;

fn time(second: i64) -> String {
    format!("2024-05-04T08:{:02}:{:02}Z", second.div_euclid(60), second.rem_euclid(60))
}

fn tcx(points: &[Point<'_>]) -> Vec<u8> {
    let mut text =
        "<?xml version=\"1.0\"?>\n<TrainingCenterDatabase><Activities><Activity Sport=\"Running\">\n"
            .to_owned();
    text += "<Id>2024-05-04T08:00:00Z</Id><Lap StartTime=\"2024-05-04T08:00:00Z\"><Track>\n";
    for (second, rate, metres) in points {
        let _ = writeln!(
            text,
            "<Trackpoint><Time>{}</Time><DistanceMeters>{metres}</DistanceMeters><HeartRateBpm><Value>{rate}</Value>\
             </HeartRateBpm></Trackpoint>",
            time(*second)
        );
    }
    text += "</Track></Lap></Activity></Activities></TrainingCenterDatabase>\n";
    text.into_bytes()
}

/// The metres become a latitude.
fn gpx(points: &[Point<'_>]) -> Vec<u8> {
    let mut text =
        "<?xml version=\"1.0\"?>\n<gpx version=\"1.1\">\n<trk><type>running</type><trkseg>\n".to_owned();
    for (second, rate, metres) in points {
        let latitude =
            metres.parse().map_or_else(|_| (*metres).to_owned(), |metres: f64| format!("{}", metres * 9e-6));
        let _ = writeln!(
            text,
            "<trkpt lat=\"{latitude}\" lon=\"7\"><time>{}</time><extensions><TrackPointExtension><hr>{rate}</hr>\
             </TrackPointExtension></extensions></trkpt>",
            time(*second)
        );
    }
    text += "</trkseg></trk></gpx>\n";
    text.into_bytes()
}

type Writer = fn(&[Point<'_>]) -> Vec<u8>;

const WRITERS: [(&str, Writer); 2] = [("TCX", tcx), ("GPX", gpx)];

fn replay(bytes: &[u8], options: ReadOptions) -> Result<Report, Failure> {
    let report = paceline_cli::replay_bytes(bytes, &options)?;
    for session in &report.sessions {
        let numbers = [Some(session.elapsed_s), Some(session.timer_s), session.distance_m, session.hr_avg];
        assert!(
            numbers.into_iter().flatten().all(|number| number.is_finite() && number >= 0.0),
            "{session:?}"
        );
        assert!(session.timer_s <= session.elapsed_s);
    }
    Ok(report)
}

#[test]
fn a_value_that_cannot_be_is_refused_at_its_line_or_left_out() {
    for (format, write) in WRITERS {
        let whole = replay(&write(&TEN), ReadOptions::strict()).unwrap();
        assert_eq!(
            (whole.sessions[0].hr_avg, whole.sessions[0].hr_max),
            (Some(124.0), Some(129.0)),
            "{format}"
        );
        assert!(whole.sessions[0].distance_m.is_some_and(|metres| (metres - 27.0).abs() < 0.1), "{format}");

        for wrong in ["NaN", "nan", "inf", "-inf", "1e400", "1e30", "-1e30", "-5e9", "12..5", "twelve"] {
            for (what, point) in [("heart rate", (4, wrong, "12")), ("distance", (4, "124", wrong))] {
                let mut points = TEN;
                points[4] = point;
                let bytes = write(&points);
                let Err(Failure::Recording { error, .. }) = replay(&bytes, ReadOptions::strict()) else {
                    panic!("{format}: {what} {wrong} was taken")
                };
                assert_eq!(
                    error.place(),
                    Some(Place::Line(FIRST_LINE + 4)),
                    "{format}: {what} {wrong}: {error}"
                );
                assert!(error.salvageable(), "{error}");

                let report = replay(&bytes, ReadOptions::salvage()).unwrap();
                let session = &report.sessions[0];
                assert!(!report.skipped.is_empty(), "{format}: {what} {wrong}");
                assert_eq!(
                    (session.elapsed_s, session.hr_max),
                    (9.0, Some(129.0)),
                    "{format}: {what} {wrong}"
                );
                assert!(
                    session.distance_m.is_some_and(|metres| (metres - 27.0).abs() < 0.1),
                    "{format}: {session:?}"
                );
            }
        }
    }
}

#[test]
fn a_clock_that_goes_back_or_stands_costs_no_more_than_its_readings() {
    let strict = ReadOptions::strict();
    for (format, write) in WRITERS {
        let whole = replay(&write(&TEN), strict).unwrap();
        // Every point twice.
        let twice: Vec<_> = TEN.iter().flat_map(|point| [*point, *point]).collect();
        let report = replay(&write(&twice), strict).unwrap();
        assert_eq!(numbers(&report), numbers(&whole), "{format}: twice");

        // One reading an hour too early, and one a moment too early.
        for second in [-3000, 2] {
            let mut points = TEN;
            points[6].0 = second;
            match replay(&write(&points), strict) {
                Ok(report) => {
                    let session = &report.sessions[0];
                    assert!(
                        session.elapsed_s >= 9.0 && session.hr_max == Some(129.0),
                        "{format}: {session:?}"
                    );
                    assert!(session.distance_m.is_some_and(|metres| metres < 40.0), "{format}: {session:?}");
                }
                Err(Failure::Recording { error, .. }) => {
                    assert_eq!(error.place(), Some(Place::Line(FIRST_LINE + 6)), "{format}: {error}");
                }
                Err(other) => panic!("{format}: {other}"),
            }
        }

        // From the last to the first.
        let backwards: Vec<_> = TEN.iter().rev().copied().collect();
        if let Ok(report) = replay(&write(&backwards), strict) {
            assert!(report.sessions[0].elapsed_s <= 9.0, "{format}");
        }
    }
}

fn numbers(report: &Report) -> (usize, f64, f64, Option<f64>, Option<f64>, i64) {
    let session = &report.sessions[0];
    let metres = session.distance_m.unwrap_or(f64::NAN);
    let millimetres = (metres * 1e3).round() as i64;
    (report.sessions.len(), session.elapsed_s, session.timer_s, session.hr_avg, session.hr_max, millimetres)
}

#[test]
fn a_gigabyte_of_zeros_is_refused_by_its_size() {
    let place = tempfile::tempdir().unwrap();
    for name in ["zeros.fit", "zeros.tcx", "zeros.gpx"] {
        let path = place.path().join(name);
        // It takes no room on the disk.
        File::create(&path).unwrap().set_len(1 << 30).unwrap();
        for options in [ReadOptions::strict(), ReadOptions::salvage()] {
            let error = paceline_cli::replay_file(&path, &options).unwrap_err();
            let Failure::Recording { error, .. } = error else { panic!("{error}") };
            assert!(matches!(error, FormatError::TooLarge { size, .. } if size == 1 << 30), "{error}");
        }
    }
}

/// A jump to the other side of the world: the readers allow 20000 km, half a turn around it.
#[test]
fn what_the_readers_let_through_the_engine_takes() {
    let mut points = TEN;
    for point in &mut points[5..] {
        point.2 = "15000000";
    }
    let report = replay(&tcx(&points), ReadOptions::strict());
    assert!(!matches!(report, Err(Failure::Engine(_))), "the error names no place in the file: {report:?}");
    replay(&tcx(&points), ReadOptions::salvage()).unwrap();
}

/// A recording that the readers would never let through.
fn broken(adjust: impl FnOnce(&mut Recording)) -> Recording {
    let mut recording = paceline_formats::read(&tcx(&TEN), &ReadOptions::strict()).unwrap();
    adjust(&mut recording);
    recording
}

#[test]
fn what_the_engine_refuses_leaves_nothing_half_saved() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("store.sqlite");
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e12] {
        // The last reading, so that all others were taken.
        let recording = broken(|recording| {
            let samples = &mut recording.sessions[0].samples;
            samples.last_mut().unwrap().value = wrong;
        });
        let error = paceline_cli::replay_recording(&recording, Some(&path), &mut ()).unwrap_err();
        assert_eq!(error.domain(), ErrorDomain::Input, "{wrong}: {error}");
        assert_eq!(kept(&path), Kept::default(), "{wrong}");
    }

    // A sample that ends before it starts.
    let recording = broken(|recording| {
        let last = recording.sessions[0].samples.last_mut().unwrap();
        last.start_us = last.end_us + 1;
    });
    let error = paceline_cli::replay_recording(&recording, Some(&path), &mut ()).unwrap_err();
    assert_eq!(error.domain(), ErrorDomain::Input, "{error}");
    assert_eq!(kept(&path), Kept::default());

    // The store is as good as new.
    let report = paceline_cli::replay_recording(&broken(|_| {}), Some(&path), &mut ()).unwrap();
    let samples = report.sessions[0].samples as i64;
    assert_eq!(kept(&path), Kept { workouts: 1, live: 0, journal: 0, samples });
}

#[test]
fn a_recording_of_which_one_workout_is_refused_leaves_nothing() {
    let recording = broken(|recording| {
        let mut second = recording.sessions[0].clone();
        let later = 3600 * 1_000_000;
        (second.start_us, second.end_us) = (second.start_us + later, second.end_us + later);
        for sample in &mut second.samples {
            (sample.start_us, sample.end_us) = (sample.start_us + later, sample.end_us + later);
        }
        second.samples.last_mut().unwrap().value = f64::NAN;
        second.laps.clear();
        recording.sessions.push(second);
    });
    let clock = replay::clock_for(&recording);
    let store = HealthStore::open(replay::store_options(&clock, Speed::Max)).unwrap();
    replay::replay(&store, &clock, &recording, &ReplayOptions::default(), &mut ()).unwrap_err();
    assert_eq!((store.workouts().unwrap(), store.sample_count().unwrap()), (vec![], 0));
}

/// What a store file holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Kept {
    workouts: i64,
    live: i64,
    journal: i64,
    samples: i64,
}

fn kept(path: &Path) -> Kept {
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let count = |rows| file.query_row(&format!("SELECT count(*) FROM {rows}"), [], |row| row.get(0)).unwrap();
    Kept {
        workouts: count("workout"),
        live: count("live"),
        journal: count("journal"),
        samples: count("sample"),
    }
}
