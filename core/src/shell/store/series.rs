//! Series: the samples of finished workouts, moved out of their rows into pieces of bytes. Only how they are written changes.
//!
//! The samples of one type of a workout are moved from the first on, in order of start and id; so the pieces come in that
//! order too, and all that is left in rows comes after them. Nothing is added to a workout that is finished.

use super::encoding::{self, LONGEST, StoredSample};
use super::samples::{self, quantity_type};
use super::{Database, fault};
use crate::values::rows::RunHead;
use crate::values::{ErrorCode, PacelineError, QuantityType, Reading, SampleId, SourceId, SourceKind};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

/// A piece as it stands in the store, found but not read yet.
struct Piece {
    workout: i64,
    kind: QuantityType,
    number: i64,
    count: i64,
    bytes: Vec<u8>,
}

impl Piece {
    /// From the columns workout, type, piece, count, samples.
    fn from_row(row: &Row<'_>) -> Result<Self, PacelineError> {
        Ok(Self {
            workout: row.get(0).map_err(fault::reading)?,
            kind: quantity_type(row.get(1).map_err(fault::reading)?)?,
            number: row.get(2).map_err(fault::reading)?,
            count: row.get(3).map_err(fault::reading)?,
            bytes: row.get(4).map_err(fault::reading)?,
        })
    }

    fn samples(&self) -> Result<Vec<StoredSample>, PacelineError> {
        let Self { workout, kind, number, .. } = self;
        let damaged = |what: &str| {
            PacelineError::new(
                ErrorCode::StoreDamaged,
                format!(
                    "the store holds samples that cannot be read, piece {number} of {kind} in workout {workout}: {what}"
                ),
            )
        };
        let samples = encoding::decode(&self.bytes).map_err(damaged)?;
        if samples.len() as i64 == self.count { Ok(samples) } else { Err(damaged("some are missing")) }
    }
}

impl Database {
    /// Visits samples of one type of a finished workout that are in series, in order of start and id, after a place. Returns
    /// how many it visited.
    pub(super) fn each_in_series(
        &self,
        key: i64,
        kind: QuantityType,
        after: (i64, i64),
        limit: usize,
        mut visit: impl FnMut(SampleId, RunHead, Reading),
    ) -> Result<usize, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT workout, type, piece, count, samples FROM series
                 WHERE workout = ?1 AND type = ?2 AND (last_start, last_id) > (?3, ?4) ORDER BY piece",
            )
            .map_err(fault::reading)?;
        let mut rows =
            statement.query(params![key, kind.code(), after.0, after.1]).map_err(fault::reading)?;
        let mut heads = Heads { database: self, key, kind, known: Vec::new() };
        let mut visited = 0;
        while visited < limit
            && let Some(row) = rows.next().map_err(fault::reading)?
        {
            let samples = Piece::from_row(row)?.samples()?;
            let from = samples.partition_point(|sample| place(sample) <= after);
            for sample in samples[from..].iter().take(limit - visited) {
                visit(sample.id, heads.of(sample.source)?, sample.reading);
                visited += 1;
            }
        }
        Ok(visited)
    }

    /// A sample by its id, if it is in a series.
    pub(super) fn sample_in_series(&self, id: SampleId) -> Result<Option<(RunHead, Reading)>, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT workout, type, piece, count, samples FROM series WHERE highest_id >= ?1 AND lowest_id <= ?1",
            )
            .map_err(fault::reading)?;
        let mut rows = statement.query([id.0 as i64]).map_err(fault::reading)?;
        while let Some(row) = rows.next().map_err(fault::reading)? {
            let piece = Piece::from_row(row)?;
            if let Some(sample) = piece.samples()?.into_iter().find(|sample| sample.id == id) {
                let mut heads =
                    Heads { database: self, key: piece.workout, kind: piece.kind, known: Vec::new() };
                return Ok(Some((heads.of(sample.source)?, sample.reading)));
            }
        }
        Ok(None)
    }

    /// A finished workout later than this key whose samples are not all in series.
    pub(crate) fn workout_in_rows(&self, after: i64) -> Result<Option<i64>, PacelineError> {
        let mut after = after;
        loop {
            // From one workout to the next by the index: few have samples in rows, and these many.
            let next: Option<i64> = self
                .connection
                .prepare_cached("SELECT min(workout) FROM sample WHERE workout > ?1")
                .and_then(|mut statement| statement.query_row([after], |row| row.get(0)))
                .map_err(fault::reading)?;
            let Some(key) = next else { return Ok(None) };
            if is_finished(&self.connection, key)? {
                return Ok(Some(key));
            }
            after = key;
        }
    }

    /// Moves one piece of a finished workout from rows into a series, in a transaction of its own. Another process may do
    /// the same: what it has moved is not there any more.
    pub(crate) fn compact_piece(&mut self, key: i64) -> Result<(), PacelineError> {
        self.set_sync(false)?;
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(fault::writing)?;
        if !is_finished(&transaction, key)? {
            return Ok(());
        }
        let kind: Option<u16> = transaction
            .prepare_cached("SELECT type FROM sample WHERE workout = ?1 ORDER BY type LIMIT 1")
            .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
            .map_err(fault::reading)?;
        let Some(kind) = kind.map(quantity_type).transpose()? else { return Ok(()) };
        let mut moved = Vec::with_capacity(LONGEST);
        self.each_row_after(key, kind, (i64::MIN, i64::MIN), LONGEST, |id, head, reading| {
            moved.push(StoredSample { id, source: head.source, reading });
        })?;
        samples::note_highest_id(&transaction)?;
        insert(&transaction, key, kind, &moved)?;
        let last = moved.last().map_or((0, 0), place);
        let gone = transaction
            .prepare_cached("DELETE FROM sample WHERE workout = ?1 AND type = ?2 AND (start, id) <= (?3, ?4)")
            .and_then(|mut statement| statement.execute(params![key, kind.code(), last.0, last.1]))
            .map_err(fault::writing)?;
        if gone != moved.len() {
            return Err(fault::unreadable("samples of a workout", "their order is not that of their index"));
        }
        transaction.commit().map_err(fault::writing)
    }
}

fn insert(
    connection: &Connection,
    key: i64,
    kind: QuantityType,
    samples: &[StoredSample],
) -> Result<(), PacelineError> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Ok(()) };
    let bytes = encoding::encode(samples);
    // The rows go for good: what takes their place is read back before.
    let same = |back: Vec<StoredSample>| {
        back.len() == samples.len() && back.iter().zip(samples).all(|(back, sample)| back.is_same(sample))
    };
    if !encoding::decode(&bytes).is_ok_and(same) {
        return Err(PacelineError::new(
            ErrorCode::Internal,
            "samples could not be written as a series and stay in rows; please report this",
        ));
    }
    let ids = || samples.iter().map(|sample| sample.id.0 as i64);
    connection
        .prepare_cached(
            "INSERT INTO series (workout, type, piece, count, first_start, last_start, last_id, lowest_id, highest_id, samples)
             SELECT ?1, ?2, count(*), ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM series WHERE workout = ?1 AND type = ?2",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                key,
                kind.code(),
                samples.len() as i64,
                first.reading.start.micros(),
                last.reading.start.micros(),
                last.id.0 as i64,
                ids().min(),
                ids().max(),
                bytes,
            ])
        })
        .map_err(fault::writing)?;
    Ok(())
}

/// Samples of one type of a workout are in order of these.
fn place(sample: &StoredSample) -> (i64, i64) {
    (sample.reading.start.micros(), sample.id.0 as i64)
}

fn is_finished(connection: &Connection, key: i64) -> Result<bool, PacelineError> {
    connection
        .prepare_cached("SELECT 1 FROM workout WHERE key = ?1")
        .and_then(|mut statement| statement.exists([key]))
        .map_err(fault::reading)
}

/// What the samples of a piece have in common, source by source.
struct Heads<'a> {
    database: &'a Database,
    key: i64,
    kind: QuantityType,
    known: Vec<RunHead>,
}

impl Heads<'_> {
    fn of(&mut self, source: SourceId) -> Result<RunHead, PacelineError> {
        if let Some(head) = self.known.iter().find(|head| head.source == source) {
            return Ok(*head);
        }
        let raw: u8 = self
            .database
            .connection
            .prepare_cached("SELECT kind FROM source WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([source.0], |row| row.get(0)))
            .map_err(fault::reading)?;
        let source_kind = SourceKind::from_raw(raw).ok_or_else(|| fault::unreadable("a source kind", raw))?;
        let head = RunHead { kind: self.kind, source, source_kind, collected_by: Some(self.key) };
        self.known.push(head);
        Ok(head)
    }
}
