//! A 12-hour recording through the whole engine into a store file, against its bare decode and bare inserts of the same
//! rows with the same index and the same commits.

use crate::pairs::{self, time};
use crate::ride;
use paceline::HealthStore;
use paceline_cli::replay::{ReplayOptions, Speed, clock_for, replay, store_options};
use paceline_formats::{ReadOptions, Recording};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const HOURS: u32 = 12;
const RUNS: usize = 11;
/// How long replay lets samples wait for their commit.
const COMMIT_EVERY_MICROS: i64 = 60_000_000;

/// One row as it stands in the store.
struct StoredRow {
    kind: i64,
    start: i64,
    end: i64,
    value: f64,
    source: i64,
    workout: Option<i64>,
}

fn decode(bytes: &[u8]) -> Recording {
    paceline_formats::read(bytes, &ReadOptions::strict()).expect("the ride is a sound file")
}

fn through_the_engine(bytes: &[u8], path: &Path) {
    let recording = decode(bytes);
    let clock = clock_for(&recording);
    let store = HealthStore::open(store_options(&clock, Speed::Max).path(path)).expect("a new file opens");
    let options = ReplayOptions { speed: Speed::Max, ..ReplayOptions::default() };
    let outcome = replay(&store, &clock, &recording, &options, &mut ()).expect("the ride replays");
    assert_eq!(outcome.workouts.len(), 1);
}

/// What the engine left in its file: the rows in their order, and how many commits were synced in full.
fn stored(path: &Path) -> rusqlite::Result<(Vec<StoredRow>, i64)> {
    let connection = Connection::open(path)?;
    let mut statement =
        connection.prepare("SELECT type, start, end, value, source, workout FROM sample ORDER BY id")?;
    let rows = statement
        .query_map([], |row| {
            Ok(StoredRow {
                kind: row.get(0)?,
                start: row.get(1)?,
                end: row.get(2)?,
                value: row.get(3)?,
                source: row.get(4)?,
                workout: row.get(5)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok((rows, connection.query_row("SELECT syncs FROM marker", [], |row| row.get(0))?))
}

fn bare(bytes: &[u8], path: &Path, rows: &[StoredRow], synced: i64) -> rusqlite::Result<()> {
    black_box(decode(bytes));
    let mut connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.execute_batch(
        "CREATE TABLE sample (id INTEGER PRIMARY KEY, type INTEGER NOT NULL, start INTEGER NOT NULL,
             end INTEGER NOT NULL, value REAL NOT NULL, source INTEGER NOT NULL, workout INTEGER);
         CREATE INDEX sample_of_workout ON sample (workout, type, start);
         CREATE TABLE marker (syncs INTEGER NOT NULL);
         INSERT INTO marker VALUES (0);",
    )?;
    let commit = |connection: &mut Connection, rows: &[StoredRow]| {
        let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO sample (type, start, end, value, source, workout) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for row in rows {
                insert.execute((row.kind, row.start, row.end, row.value, row.source, row.workout))?;
            }
        }
        transaction.commit()
    };
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let due = first.end + COMMIT_EVERY_MICROS;
        let (now, later) = rest.split_at(rest.partition_point(|row| row.end < due));
        commit(&mut connection, now)?;
        rest = later;
    }
    connection.pragma_update(None, "synchronous", "full")?;
    for _ in 0..synced {
        connection.execute("UPDATE marker SET syncs = syncs + 1", [])?;
    }
    Ok(())
}

pub(crate) fn print() {
    let bytes = ride::fit(HOURS);
    let folder = tempfile::tempdir().expect("a folder for the stores");
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        folder.path().join(format!("{next}.sqlite"))
    };
    let once = fresh();
    through_the_engine(&bytes, &once);
    let (rows, synced) = stored(&once).expect("the store can be read");

    let mut engine_paths: Vec<_> = (0..=RUNS).map(|_| fresh()).collect();
    let mut bare_paths: Vec<_> = (0..=RUNS).map(|_| fresh()).collect();
    let ours = || -> Duration {
        let path = engine_paths.pop().expect("one for every run");
        time(|| through_the_engine(&bytes, &path))
    };
    let baseline = || -> Duration {
        let path = bare_paths.pop().expect("one for every run");
        time(|| bare(&bytes, &path, &rows, synced).expect("the baseline writes"))
    };
    let pairs = pairs::measure(RUNS, ours, baseline);
    pairs::print_ratio(
        &format!(
            "A {HOURS}-hour recording ({} rows, {} KiB of FIT) replayed into a store file; baseline: decode and insert",
            rows.len(),
            bytes.len() / 1024
        ),
        "a row",
        rows.len() as f64,
        2.0,
        &pairs,
    );
}
