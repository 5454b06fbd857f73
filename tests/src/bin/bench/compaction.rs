//! How much of the disk a year of workouts takes, as rows and as series: real recordings at one reading a second, one a day.

use crate::pairs::{self, time};
use crate::ride;
use paceline::{HealthStore, ManualClock, QuantitySample, QuantityType, StoreOptions, Timestamp, Uuid};
use paceline_cli::replay::{ReplayOptions, Speed, clock_for, replay, store_options};
use paceline_formats::{ReadOptions, Recording};
use paceline_tests::data;
use rusqlite::{Connection, OpenFlags, params};
use std::path::Path;
use std::time::Duration;

const WORKOUTS: usize = 365;
const RUNS: usize = 5;
/// The series take at most this part of the rows.
const GOAL: f64 = 0.05;

/// What a file holds.
struct Size {
    bytes: i64,
    rows: i64,
    in_series: i64,
}

fn size(path: &Path) -> rusqlite::Result<Size> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
    Ok(Size {
        bytes: number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
        rows: number("SELECT count(*) FROM sample")?,
        in_series: number("SELECT coalesce(sum(count), 0) FROM series")?,
    })
}

/// Recordings of devices that wrote down every second; without them a made-up ride.
fn recordings() -> (Vec<Recording>, &'static str) {
    let made_up = || {
        let ride = paceline_formats::read(&ride::fit(1), &ReadOptions::strict());
        (vec![ride.expect("the ride is a sound file")], "a made-up ride, for want of recordings")
    };
    let Ok(folder) = data::folder() else { return made_up() };
    let every_second = |file: &data::File| {
        file.kind == "fit"
            && file.quality == "ok"
            && !file.is_derived()
            && !file.flags.contains("smart-recording")
    };
    let recordings: Vec<_> = data::table::<data::File>(&folder, "MANIFEST.csv")
        .iter()
        .filter(|file| every_second(file))
        .filter_map(|file| paceline_formats::read_file(&folder.join(&file.file), &ReadOptions::strict()).ok())
        .collect();
    if recordings.is_empty() {
        made_up()
    } else {
        (recordings, "recordings of devices that write every second")
    }
}

/// Records a year, one recording after the other, and tells how many workouts that were.
fn record(recordings: &[Recording], path: &Path) -> usize {
    let mut workouts = 0;
    let mut refused = 0;
    for recording in recordings.iter().cycle() {
        if workouts >= WORKOUTS || refused > recordings.len() {
            break;
        }
        let clock = clock_for(recording);
        let store = HealthStore::open(store_options(&clock, Speed::Max).path(path)).expect("the file opens");
        match replay(
            &store,
            &clock,
            recording,
            &ReplayOptions { speed: Speed::Max, ..ReplayOptions::default() },
            &mut (),
        ) {
            Ok(outcome) => workouts += outcome.workouts.len(),
            Err(_) => refused += 1,
        }
    }
    workouts
}

/// Opens the store and lets it tidy itself.
fn tidy(path: &Path) {
    let clock = ManualClock::new(Timestamp::from_seconds(2_000_000_000));
    let _store = HealthStore::open(StoreOptions::new().clock(&clock).path(path)).expect("the file opens");
    clock.advance(Duration::from_secs(3600));
}

/// Reads every sample of every workout in pages, as an app would.
fn each_page(path: &Path, mut visit: impl FnMut(Uuid, &[QuantitySample])) {
    let store = HealthStore::open(StoreOptions::new().clock(ManualClock::new(Timestamp::EPOCH)).path(path))
        .expect("the file opens");
    for workout in store.workout_ids().expect("they read") {
        for kind in QuantityType::ALL {
            let mut after = None;
            loop {
                let page = store.samples(workout, *kind, after.as_ref(), 1000).expect("a page");
                visit(workout, &page);
                let Some(last) = page.last() else { break };
                after = Some(*last);
            }
        }
    }
}

fn read(path: &Path) -> usize {
    let mut count = 0;
    each_page(path, |_, page| count += page.len());
    count
}

/// Writes the same store with all samples in rows, in the order in which they came.
fn as_rows(series: &Path, rows: &Path) -> rusqlite::Result<()> {
    Connection::open(series)?.execute("VACUUM INTO ?1", [rows.to_str()])?;
    let mut all = Vec::new();
    each_page(series, |workout, page| all.extend(page.iter().map(|sample| (workout, *sample))));
    all.sort_unstable_by_key(|(_, sample)| sample.id);
    let mut connection = Connection::open(rows)?;
    connection.execute_batch("DELETE FROM series; VACUUM")?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare(
            "INSERT INTO sample (id, type, start, end, value, source, workout)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, key FROM workout WHERE id = ?7",
        )?;
        for (workout, sample) in all {
            insert.execute(params![
                sample.id.map(|id| id.0 as i64),
                sample.quantity_type.code(),
                sample.start.micros(),
                sample.end.micros(),
                sample.value,
                sample.source.0,
                workout.to_string(),
            ])?;
        }
    }
    transaction.commit()
}

pub(crate) fn print() {
    let folder = tempfile::tempdir().expect("a folder for the stores");
    let (rows, series) = (folder.path().join("rows.sqlite"), folder.path().join("series.sqlite"));
    let (recordings, what) = recordings();
    let recorded = folder.path().join("recorded.sqlite");
    let workouts = record(&recordings, &recorded);
    tidy(&recorded);
    as_rows(&recorded, &rows).expect("rows");
    std::fs::copy(&rows, &series).expect("a copy");
    let took = time(|| tidy(&series));
    let (before, after) = (size(&rows).expect("it reads"), size(&series).expect("it reads"));
    assert_eq!(before.in_series, 0, "all is in rows");
    assert_eq!(before.rows, after.rows + after.in_series, "every sample is there");
    let per = |bytes: i64| bytes as f64 / before.rows as f64;
    let fraction = after.bytes as f64 / before.bytes as f64;
    println!("A year of workouts, {workouts} of them with {} samples: {what}", before.rows);
    println!("  as rows   {:>10.1} MiB {:>8.2} bytes a sample", mebibytes(before.bytes), per(before.bytes));
    println!("  as series {:>10.1} MiB {:>8.2} bytes a sample", mebibytes(after.bytes), per(after.bytes));
    println!(
        "  fraction  {:>10.3}     goal ≤ {GOAL}: {}",
        fraction,
        if fraction <= GOAL { "met" } else { "MISSED" }
    );
    let each = |span: Duration| span.as_secs_f64() * 1e9 / before.rows as f64;
    println!("  moving them there took {:.0} ns a sample, in the background", each(took));
    let all = read(&series);
    let pairs = pairs::measure(
        RUNS,
        || time(|| assert_eq!(read(&series), all)),
        || time(|| assert_eq!(read(&rows), all)),
    );
    pairs::print_ratio(
        "Reading all of them in pages of 1000; baseline: from rows",
        "a sample",
        all as f64,
        1.5,
        &pairs,
    );
}

fn mebibytes(bytes: i64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
