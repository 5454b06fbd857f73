//! What an hour of workout costs: processor time and bytes written, against bare inserts of the same rows into the same table
//! with the same commits and syncs, and against one transaction for each sample.

use crate::pairs;
use crate::usage::{cpu_time, written};
use crate::watch::{Watch, second_of, start};
use paceline::StoreOptions;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

const SECONDS: u32 = 3600;
const RUNS: usize = 9;
/// Without an engine, as seldom as one likes.
const SINGLE_RUNS: usize = 3;

/// What one run used.
#[derive(Clone, Copy)]
struct Used {
    time: Duration,
    bytes: Option<u64>,
}

fn used(run: impl FnOnce()) -> Used {
    let (time, bytes) = (cpu_time(), written());
    run();
    Used {
        time: cpu_time().saturating_sub(time),
        bytes: written().zip(bytes).map(|(after, before)| after - before),
    }
}

/// One hour in the engine with a store as any app has it: each input is committed, and synced in full every ten seconds.
fn through_the_engine(path: &Path) -> Used {
    let mut watch = Watch::new(path, StoreOptions::new());
    let used = used(|| watch.ride(SECONDS));
    assert_eq!(watch.finish().duration, Duration::from_secs(SECONDS.into()));
    used
}

/// How many commits were synced in full.
fn synced(path: &Path) -> rusqlite::Result<u32> {
    Connection::open(path)?.query_row("SELECT syncs FROM marker", [], |row| row.get(0))
}

/// The same rows without an engine. `single`: each in a transaction of its own.
fn bare(path: &Path, sync_every: u32, single: bool) -> rusqlite::Result<Used> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.execute_batch(
        "CREATE TABLE sample (id INTEGER PRIMARY KEY, type INTEGER NOT NULL, start INTEGER NOT NULL,
             end INTEGER NOT NULL, value REAL NOT NULL, source INTEGER NOT NULL, workout INTEGER);
         CREATE INDEX sample_of_workout ON sample (workout, type, start);
         CREATE TABLE marker (syncs INTEGER NOT NULL);
         INSERT INTO marker VALUES (0);",
    )?;
    connection.pragma_update(None, "synchronous", "normal")?;
    let mut outcome = Ok(());
    let used = used(|| outcome = insert(&mut connection, sync_every, single));
    outcome.map(|()| used)
}

fn insert(connection: &mut Connection, sync_every: u32, single: bool) -> rusqlite::Result<()> {
    let insert =
        "INSERT INTO sample (type, start, end, value, source, workout) VALUES (?1, ?2, ?3, ?4, 1, 1)";
    for second in 0..SECONDS {
        let begin = start().plus(Duration::from_secs(second.into()));
        let rows: Vec<_> = second_of(begin, second.into()).collect();
        for rows in rows.chunks(if single { 1 } else { rows.len() }) {
            let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
            {
                let mut statement = transaction.prepare_cached(insert)?;
                for (kind, from, to, value) in rows {
                    statement.execute((kind.code(), from.micros(), to.micros(), value))?;
                }
            }
            transaction.commit()?;
        }
        if (second + 1) % sync_every == 0 {
            connection.pragma_update(None, "synchronous", "full")?;
            connection.prepare_cached("UPDATE marker SET syncs = syncs + 1")?.execute([])?;
            connection.pragma_update(None, "synchronous", "normal")?;
        }
    }
    Ok(())
}

pub(crate) fn print() {
    let folder = tempfile::tempdir().expect("a folder for the stores");
    let next = Cell::new(0);
    // One file at a time: the disk is to be as empty for the last as for the first.
    let fresh = || -> PathBuf {
        for file in std::fs::read_dir(folder.path()).expect("the folder can be read").flatten() {
            let _ = std::fs::remove_file(file.path());
        }
        next.set(next.get() + 1);
        folder.path().join(format!("{}.sqlite", next.get()))
    };
    let once = fresh();
    through_the_engine(&once);
    let sync_every = SECONDS / synced(&once).expect("the store can be read").max(1);

    let bytes = RefCell::new([None; 2]);
    let ours = || {
        let used = through_the_engine(&fresh());
        bytes.borrow_mut()[0] = used.bytes;
        used.time
    };
    let baseline = || {
        let used = bare(&fresh(), sync_every, false).expect("the baseline writes");
        bytes.borrow_mut()[1] = used.bytes;
        used.time
    };
    let pairs = pairs::measure(RUNS, ours, baseline);
    pairs::print_ratio(
        "An hour of workout (10 samples, a commit, a callback, a snapshot a second; a sync every 10 s), processor time; baseline: the \
         same rows, commits and syncs",
        "a second of workout",
        SECONDS.into(),
        1.5,
        &pairs,
    );
    let mut single: Vec<_> =
        (0..SINGLE_RUNS).map(|_| bare(&fresh(), sync_every, true).expect("the baseline writes")).collect();
    single.sort_by_key(|used| used.time);
    let single = single[SINGLE_RUNS / 2];
    println!(
        "  one transaction a sample  {:.1} times the baseline",
        single.time.as_secs_f64() / pairs.baseline.as_secs_f64()
    );
    match (*bytes.borrow(), single.bytes) {
        ([Some(ours), Some(baseline)], Some(single)) => println!(
            "  written   {:>10.1} MB an hour against {:.1} MB: {:.2} times; one transaction a sample {:.1} MB",
            mega(ours),
            mega(baseline),
            ours as f64 / baseline as f64,
            mega(single)
        ),
        _ => println!("  written   cannot be counted on this system"),
    }
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
