//! The layout of a store file, and the checks that decide whether a file is a store.

use super::fault;
use crate::values::{ErrorCode, PacelineError};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// "PCLN": tells our files from those of other programs.
const APPLICATION_ID: i32 = 0x5043_4C4E;

/// The version this release writes.
const VERSION: i32 = VERSIONS.len() as i32;

/// What leads from each version to the next; the first makes an empty file version 1. A script that was released is never
/// changed, a new version is a new script at the end.
const VERSIONS: [&str; 3] = [VERSION_1, VERSION_2, VERSION_3];

/// How long a call waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Version 1. Dates and durations are microseconds; values are in the type's stored unit; `type` is the permanent type
/// code; the enumerations are the raw values of the reference; metadata is JSON.
const VERSION_1: &str = "
    CREATE TABLE source (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        identifier TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        kind INTEGER NOT NULL,
        last_batch INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO source (id, identifier, name, kind) VALUES (1, 'self', 'This app', 1);

    -- `workout` is the workout that has the sample: the key of a row of `live`, and later of `workout`.
    CREATE TABLE sample (
        id INTEGER PRIMARY KEY,
        type INTEGER NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        value REAL NOT NULL,
        source INTEGER NOT NULL,
        workout INTEGER
    );
    CREATE INDEX sample_of_workout ON sample (workout, type, start);

    -- A workout that is not finished; what happened to it stands in `journal`.
    CREATE TABLE live (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        configuration TEXT NOT NULL
    );
    CREATE TABLE journal (
        workout INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        changes BLOB NOT NULL,
        PRIMARY KEY (workout, sequence)
    ) WITHOUT ROWID;

    CREATE TABLE workout (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        activity_type INTEGER NOT NULL,
        location_type INTEGER NOT NULL,
        swimming_location_type INTEGER NOT NULL,
        lap_length TEXT,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        duration INTEGER NOT NULL,
        metadata TEXT NOT NULL
    );
    CREATE INDEX workout_by_start ON workout (start);
    CREATE TABLE workout_event (
        workout INTEGER NOT NULL,
        position INTEGER NOT NULL,
        type INTEGER NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        metadata TEXT NOT NULL,
        PRIMARY KEY (workout, position)
    ) WITHOUT ROWID;
    CREATE TABLE workout_activity (
        workout INTEGER NOT NULL,
        position INTEGER NOT NULL,
        id TEXT NOT NULL,
        activity_type INTEGER NOT NULL,
        location_type INTEGER NOT NULL,
        swimming_location_type INTEGER NOT NULL,
        lap_length TEXT,
        start INTEGER NOT NULL,
        end INTEGER,
        duration INTEGER NOT NULL,
        metadata TEXT NOT NULL,
        PRIMARY KEY (workout, position)
    ) WITHOUT ROWID;
    -- `activity` is a position in `workout_activity`, or -1 for the whole workout.
    CREATE TABLE workout_statistics (
        workout INTEGER NOT NULL,
        activity INTEGER NOT NULL,
        type INTEGER NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        count INTEGER NOT NULL,
        sum REAL,
        average REAL,
        minimum REAL,
        maximum REAL,
        recent_value REAL,
        recent_start INTEGER,
        recent_end INTEGER,
        PRIMARY KEY (workout, activity, type)
    ) WITHOUT ROWID;

    -- One row; written so that a full sync has something to sync.
    CREATE TABLE marker (id INTEGER PRIMARY KEY CHECK (id = 1), syncs INTEGER NOT NULL);
    INSERT INTO marker (id, syncs) VALUES (1, 0);
";

/// Version 2: what recovery and several processes need.
const VERSION_2: &str = "
    -- Sessions that were made without a store have no builder.
    ALTER TABLE live ADD COLUMN has_builder INTEGER NOT NULL DEFAULT 1;

    -- Who may write to this workout: an engine, and its process.
    ALTER TABLE live ADD COLUMN holder TEXT;
    ALTER TABLE live ADD COLUMN process INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE live ADD COLUMN born TEXT NOT NULL DEFAULT '';

    -- One row: the live workout whose session holds the device. `epoch` rises with every change of it.
    CREATE TABLE device (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, workout INTEGER);
    INSERT INTO device (id, epoch) VALUES (1, 0);

    -- The state of a live workout after one of its steps: only the journal after `sequence` and the samples after `sample`
    -- are not in it. It can always be made anew from all of them, and serves only the release that wrote it.
    CREATE TABLE checkpoint (
        workout INTEGER PRIMARY KEY,
        sequence INTEGER NOT NULL,
        sample INTEGER NOT NULL,
        release TEXT NOT NULL,
        state BLOB NOT NULL
    );
";

/// Version 3: what a long life needs.
const VERSION_3: &str = "
    -- The samples of finished workouts, which leave `sample` for here; docs/store.md tells how `samples` is written. Pieces
    -- of one type of a workout come in order of start and id, and before those that are in `sample` still.
    CREATE TABLE series (
        workout INTEGER NOT NULL,
        type INTEGER NOT NULL,
        piece INTEGER NOT NULL,
        count INTEGER NOT NULL,
        first_start INTEGER NOT NULL,
        last_start INTEGER NOT NULL,
        last_id INTEGER NOT NULL,
        lowest_id INTEGER NOT NULL,
        highest_id INTEGER NOT NULL,
        samples BLOB NOT NULL,
        PRIMARY KEY (workout, type, piece)
    );
    CREATE INDEX series_by_id ON series (highest_id, lowest_id);

    -- One row. `highest_id`: no sample that left `sample` had a higher id, so that none is given twice. `looked`: when it was
    -- last looked for what need not be kept any longer. `removed`: how many workouts were removed.
    CREATE TABLE upkeep (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        highest_id INTEGER NOT NULL DEFAULT 0,
        looked INTEGER,
        removed INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO upkeep (id) VALUES (1);
";

/// The tables that are checked in full when a store is opened: all but the large ones. Of samples and series only both ends are
/// read; damage in their middle shows when they are used, because checking them all would make opening a store of years
/// slow. Beside each the version that brought it.
const CHECKED: [(&str, i32); 11] = [
    ("source", 1),
    ("live", 1),
    ("journal", 1),
    ("workout", 1),
    ("workout_event", 1),
    ("workout_activity", 1),
    ("workout_statistics", 1),
    ("marker", 1),
    ("checkpoint", 2),
    ("device", 2),
    ("upkeep", 3),
];

/// The tables of samples.
const LARGE: [(&str, i32); 2] = [("sample", 1), ("series", 3)];

/// No database is smaller: the smallest page there is.
const SMALLEST: u64 = 512;

/// Opens the store in this file, or makes one. A file that is not a store of ours is refused and left as it is.
pub(super) fn open_file(path: &Path) -> Result<Connection, PacelineError> {
    if path.as_os_str() == ":memory:" {
        return Err(PacelineError::new(
            ErrorCode::StoreCannotOpen,
            "for a store in memory, leave the path out",
        ));
    }
    // Some names mean something else to the database; as full paths they do not.
    let path = std::path::absolute(path).map_err(|error| {
        PacelineError::new(ErrorCode::StoreCannotOpen, format!("this path names no file ({error}); name one"))
            .with_value(path.display())
    })?;
    if path.is_dir() {
        return Err(PacelineError::new(ErrorCode::StoreCannotOpen, "this is a folder; name a file in it")
            .with_value(path.display()));
    }
    let length = std::fs::metadata(&path).map_or(0, |file| file.len());
    if length > 0 {
        look(&path, length)?;
    } else if std::fs::metadata(beside(&path, "-wal")).is_ok_and(|log| log.len() > 0) {
        // The database would remove it, with all that it holds.
        return Err(damaged(&path, "it is missing or empty, and its log lies there still"));
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection =
        Connection::open_with_flags(&path, flags).map_err(|error| cannot_open(&path, &error))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault::reading)?;
    if length == 0 {
        // Free space can be given back only where this was said before anything was written.
        connection
            .pragma_update(None, "auto_vacuum", "incremental")
            .map_err(|error| cannot_open(&path, &error))?;
    }
    bring_up_to_date(&mut connection).map_err(|error| cannot_open(&path, &error))?;
    check_identity(&connection, &path)?;
    // Readers never wait for the writer, and a killed process loses nothing that was committed.
    let mode = keep_a_log(&connection).map_err(|error| cannot_open(&path, &error))?;
    // Where it cannot change its mode the database says so and goes on in the old one, which promises less.
    if mode != "wal" {
        return Err(PacelineError::new(
            ErrorCode::StoreCannotOpen,
            "the store cannot keep a log on this disk; check that the disk works, has room and is no network drive",
        )
        .with_value(path.display()));
    }
    configure(&connection).map_err(|error| cannot_open(&path, &error))?;
    Ok(connection)
}

/// Asks for a log beside the file; tells the mode that the file is in now.
fn keep_a_log(connection: &Connection) -> rusqlite::Result<String> {
    let mut statement = connection.prepare("PRAGMA journal_mode = wal")?;
    let mut answers = statement.query([])?;
    let mut mode = String::new();
    // To the end: the mode is told before it is written down, and writing it can fail.
    while let Some(answer) = answers.next()? {
        mode = answer.get(0)?;
    }
    Ok(mode)
}

/// A connection that only reads a store that is open already.
pub(super) fn open_reader(path: &Path) -> Result<Connection, PacelineError> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // A reader takes part in the log's bookkeeping, so the file is opened for writing and the connection is not.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    open().map_err(|error| cannot_open(&path, &error))
}

/// Looks at a file without changing it or anything beside it. Opening a database for writing can already change it.
fn look(path: &Path, length: u64) -> Result<(), PacelineError> {
    if length < SMALLEST {
        return Err(damaged(path, "it is too small"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let alone = Connection::open_with_flags(untouched(path), flags | OpenFlags::SQLITE_OPEN_URI)
        .map_err(|error| cannot_open(path, &error))?;
    let identity = check_identity(&alone, path);
    let waits = |ending| std::fs::metadata(beside(path, ending)).is_ok_and(|file| file.len() > 0);
    let log = waits("-wal");
    match identity {
        // A store of ours has its tables before it has a log.
        Ok(Contents::Nothing) if log => return Err(foreign(path)),
        // Killed while it was made: opening it takes the half-made tables back.
        _ if waits("-journal") => return Ok(()),
        Ok(_) if !log => return check_whole(&alone, path, length, log),
        Err(error) if !log || error.code() != ErrorCode::StoreDamaged => return Err(error),
        _ => {}
    }
    // Somebody writes, or was killed while writing: without its log the file may look damaged.
    let with_log = Connection::open_with_flags(path, flags).map_err(|error| cannot_open(path, &error))?;
    with_log.busy_timeout(BUSY_TIMEOUT).map_err(fault::reading)?;
    check_identity(&with_log, path)?;
    check_whole(&with_log, path, length, log)
}

/// What a file that may be opened holds.
enum Contents {
    /// A database with nothing in it, which will become a store.
    Nothing,
    Store,
}

/// The file as an address that tells the database to take it as it is: no lock, no log, nothing made beside it.
fn untouched(path: &Path) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/.-_".contains(byte);
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    let escaped =
        bytes.map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") });
    format!("file:{}?immutable=1", escaped.collect::<String>())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A store in memory. The memory lives as long as any connection to its address.
pub(super) fn open_in_memory(address: &str) -> Result<Connection, PacelineError> {
    let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_URI;
    let mut connection = Connection::open_with_flags(address, flags).map_err(fault::reading)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault::reading)?;
    bring_up_to_date(&mut connection).map_err(fault::writing)?;
    configure(&connection).map_err(fault::writing)?;
    Ok(connection)
}

/// Makes the tables of a new file, and brings an older store to the present version: all of it or nothing.
fn bring_up_to_date(connection: &mut Connection) -> rusqlite::Result<()> {
    // Immediate, so that two processes that open a new file do not both create it.
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i32 = transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let is_ours = tables == 0 || application == APPLICATION_ID;
    if is_ours && version < VERSION {
        for script in &VERSIONS[usize::try_from(version).unwrap_or(0)..] {
            transaction.execute_batch(script)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "normal")?;
    // Only Apple's systems know a difference; elsewhere this does nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.set_prepared_statement_cache_capacity(48);
    Ok(())
}

/// Whether this is a store of ours that this release reads.
fn check_identity(connection: &Connection, path: &Path) -> Result<Contents, PacelineError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let application = number("application_id").map_err(|error| unreadable(path, &error))?;
    let version = number("user_version").map_err(|error| unreadable(path, &error))?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| unreadable(path, &error))?;
    if tables == 0 && application == 0 && version == 0 {
        return Ok(Contents::Nothing);
    }
    if application != APPLICATION_ID {
        return Err(foreign(path));
    }
    if version < 1 {
        return Err(damaged(path, "its version is missing"));
    }
    if version > VERSION {
        return Err(PacelineError::new(
            ErrorCode::StoreTooNew,
            format!(
                "this store has version {version}, this release reads up to {VERSION}; update the program"
            ),
        )
        .with_value(path.display()));
    }
    Ok(Contents::Store)
}

/// Whether nothing of the file is missing, and the tables hang together.
fn check_whole(connection: &Connection, path: &Path, length: u64, log: bool) -> Result<(), PacelineError> {
    let number = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| unreadable(path, &error))
    };
    let promised = number("page_count")?.saturating_mul(number("page_size")?);
    if !log && promised.unsigned_abs() > length {
        return Err(damaged(path, "its end is missing"));
    }
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| unreadable(path, &error))?;
    if tables == 0 {
        return Ok(());
    }
    let version = number("user_version")?;
    let of_version = |tables: &[(&'static str, i32)]| -> Vec<&'static str> {
        tables.iter().filter(|(_, since)| i64::from(*since) <= version).map(|(table, _)| *table).collect()
    };
    let (checked, large) = (of_version(&CHECKED), of_version(&LARGE));
    for table in checked.iter().chain(&large) {
        let known: i64 = connection
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                [*table],
                |row| row.get(0),
            )
            .map_err(|error| unreadable(path, &error))?;
        if known == 0 {
            return Err(damaged(path, &format!("its table {table} is missing")));
        }
    }
    for table in checked {
        let found = connection
            .query_row(&format!("PRAGMA integrity_check({table})"), [], |row| row.get::<_, String>(0))
            .map_err(|error| unreadable(path, &error))?;
        if found == "ok" {
            continue;
        }
        let error = if is_of_the_device(&found) { cannot_read(path, &found) } else { damaged(path, &found) };
        return Err(error);
    }
    // The large tables, and the one that the database keeps for itself.
    let ends = [
        (1, "SELECT seq FROM sqlite_sequence LIMIT 1"),
        (1, "SELECT value FROM sample ORDER BY id LIMIT 1"),
        (1, "SELECT value FROM sample ORDER BY id DESC LIMIT 1"),
        (1, "SELECT id FROM sample ORDER BY workout, type, start LIMIT 1"),
        (1, "SELECT id FROM sample ORDER BY workout DESC, type DESC, start DESC LIMIT 1"),
        (3, "SELECT samples FROM series ORDER BY workout, type, piece LIMIT 1"),
        (3, "SELECT samples FROM series ORDER BY workout DESC, type DESC, piece DESC LIMIT 1"),
        (3, "SELECT highest_id FROM series ORDER BY highest_id, lowest_id LIMIT 1"),
        (3, "SELECT highest_id FROM series ORDER BY highest_id DESC, lowest_id DESC LIMIT 1"),
    ];
    for ends in ends.into_iter().filter(|(since, _)| *since <= version).map(|(_, ends)| ends) {
        connection.query_row(ends, [], |_| Ok(())).optional().map_err(|error| unreadable(path, &error))?;
    }
    Ok(())
}

fn foreign(path: &Path) -> PacelineError {
    PacelineError::new(
        ErrorCode::StoreForeign,
        "this file is a database of another program; it was left as it is, use another path",
    )
    .with_value(path.display())
}

fn unreadable(path: &Path, error: &rusqlite::Error) -> PacelineError {
    use rusqlite::ErrorCode::{
        CannotOpen, DiskFull, OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure,
    };
    match error.sqlite_error_code() {
        _ if fault::code(error) == ErrorCode::StoreBusy => fault::reading_ref(error),
        // The machine is to blame: whoever set a sound file aside because of it would lose it from sight.
        Some(SystemIoFailure | CannotOpen | PermissionDenied | ReadOnly | DiskFull | OutOfMemory) => {
            cannot_read(path, &error.to_string())
        }
        _ => damaged(path, &error.to_string()),
    }
}

/// Whether the check of a table failed because the device could not read, as the words of the check tell it.
fn is_of_the_device(found: &str) -> bool {
    let code =
        found.split_once("error code=").map(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next());
    let code: Option<i32> = code.flatten().and_then(|code| code.parse().ok());
    // The low byte says what failed, the rest in doing what.
    code.is_some_and(|code| code & 0xFF == rusqlite::ffi::SQLITE_IOERR)
}

fn cannot_read(path: &Path, what: &str) -> PacelineError {
    PacelineError::new(
        ErrorCode::StoreCannotOpen,
        format!("the store cannot be read ({what}); it was left as it is, check the disk and try again"),
    )
    .with_value(path.display())
}

fn damaged(path: &Path, what: &str) -> PacelineError {
    PacelineError::new(
        ErrorCode::StoreDamaged,
        format!("this file is not a store, or is damaged ({what}); it was left as it is, use another path"),
    )
    .with_value(path.display())
}

fn cannot_open(path: &Path, error: &rusqlite::Error) -> PacelineError {
    match fault::code(error) {
        code @ (ErrorCode::StoreDamaged | ErrorCode::StoreBusy) => {
            PacelineError::new(code, format!("the store cannot be opened: {error}"))
                .with_value(path.display())
        }
        _ => PacelineError::new(
            ErrorCode::StoreCannotOpen,
            format!("the store cannot be opened: {error}; check that the folder exists and may be written"),
        )
        .with_value(path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HealthStore, ManualClock, QuantityType, StoreOptions, Timestamp, Uuid};

    /// A store of each released version, with a workout that was going on, opens and has what the present one has.
    #[test]
    fn stores_of_every_version_are_brought_up_to_date() {
        let tables = |connection: &Connection| -> Vec<String> {
            let mut statement = connection
                .prepare("SELECT name || ifnull(sql, '') FROM sqlite_schema ORDER BY name")
                .unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
        };
        let folder = tempfile::tempdir().unwrap();
        let fresh = open_file(&folder.path().join("fresh.sqlite")).unwrap();
        for version in 1..VERSION {
            let path = folder.path().join(format!("{version}.sqlite"));
            let old = Connection::open(&path).unwrap();
            for script in &VERSIONS[..version as usize] {
                old.execute_batch(script).unwrap();
            }
            old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
            old.pragma_update(None, "user_version", version).unwrap();
            old.execute_batch("INSERT INTO live (id, configuration) VALUES ('one', '{}')").unwrap();
            drop(old);
            let store = open_file(&path).unwrap();
            assert_eq!(tables(&store), tables(&fresh));
            let found: (String, bool) = store
                .query_row("SELECT id, has_builder FROM live", [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap();
            assert_eq!(found, ("one".to_owned(), true));
            drop(store);
            open_file(&path).unwrap();
        }
    }

    /// A finished workout of each released version reads the same before and after its samples became series.
    #[test]
    fn workouts_of_every_version_become_series() {
        let folder = tempfile::tempdir().unwrap();
        for version in 1..VERSION {
            let path = folder.path().join(format!("{version}.sqlite"));
            let old = Connection::open(&path).unwrap();
            for script in &VERSIONS[..version as usize] {
                old.execute_batch(script).unwrap();
            }
            old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
            old.pragma_update(None, "user_version", version).unwrap();
            let id = Uuid::from_u128(7);
            old.execute(
                "INSERT INTO workout VALUES (1, ?1, 37, 1, 0, NULL, 1000000, 9000000000, 9000000000, '{}')",
                [id.to_string()],
            )
            .unwrap();
            old.execute_batch(
                "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
                 INSERT INTO sample (type, start, end, value, source, workout)
                 SELECT 7, 1000000 * n, 1000000 * n + 3, 60 + n % 90 / 7.0, 1, 1 FROM number",
            )
            .unwrap();
            drop(old);
            let clock = ManualClock::new(Timestamp::from_seconds(10_000));
            let store = HealthStore::open(StoreOptions::new().clock(&clock).path(&path)).unwrap();
            let kind = QuantityType::from_code(7).unwrap();
            let samples = || store.samples(id, kind, None, 10_000).unwrap();
            let before = (samples(), store.workout(id).unwrap());
            assert_eq!(before.0.len(), 5000);
            clock.advance(Duration::from_secs(10));
            let left: i64 = Connection::open(&path)
                .and_then(|file| file.query_row("SELECT count(*) FROM sample", [], |row| row.get(0)))
                .unwrap();
            assert_eq!(left, 0);
            assert_eq!((samples(), store.workout(id).unwrap()), before);
        }
    }
}
