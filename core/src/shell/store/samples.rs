//! Samples and their sources in the store.

use super::{Database, fault};
use crate::machines::intervals::IntervalCount;
use crate::machines::statistics::RowsWanted;
use crate::values::rows::{Rows, Run, RunHead};
use crate::values::{
    ErrorCode, PacelineError, QuantitySample, QuantityType, Reading, SampleId, SampleSource, SourceId,
    SourceKind, Timestamp,
};
use rusqlite::{Connection, OptionalExtension, params};

/// How many rows are read at once.
const PIECE: usize = 4096;

/// A piece of the rows of one type of a workout, in order of start and id.
pub(crate) struct Piece {
    pub(crate) rows: Rows,
    /// Where the following piece begins; nothing when this was the last one.
    pub(crate) next: Option<RowsWanted>,
}

/// What the store knows about a source.
#[derive(Debug, Clone)]
pub(crate) struct SourceRecord {
    pub(crate) id: SourceId,
    pub(crate) source: SampleSource,
    pub(crate) last_batch: u64,
}

pub(super) fn insert(connection: &Connection, rows: &Rows) -> Result<(), PacelineError> {
    if rows.is_empty() {
        return Ok(());
    }
    let write = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO sample (id, type, start, end, value, source, workout) VALUES (?7, ?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        // The database goes on from the highest id in the table, which may have left it.
        statement.raw_bind_parameter(7, next_id(connection)?)?;
        let mut workout = (None, None);
        for Run { head, readings, .. } in rows.runs() {
            if head.collected_by != workout.0 {
                workout = (
                    head.collected_by,
                    head.collected_by.map(|key| live(connection, key)).transpose()?.flatten(),
                );
            }
            statement.raw_bind_parameter(1, head.kind.code())?;
            statement.raw_bind_parameter(5, head.source.0)?;
            statement.raw_bind_parameter(6, workout.1)?;
            for reading in readings {
                statement.raw_bind_parameter(2, reading.start.micros())?;
                statement.raw_bind_parameter(3, reading.end.micros())?;
                statement.raw_bind_parameter(4, reading.value)?;
                statement.raw_execute()?;
                statement.raw_bind_parameter(7, None::<i64>)?;
            }
        }
        Ok(())
    };
    write().map_err(fault::writing)
}

/// The workout, if it takes samples in still: one that waited here while another process finished it does not.
fn live(connection: &Connection, key: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT key FROM live WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

/// The id of the next sample, where the database does not find it by itself.
fn next_id(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT highest_id + 1 FROM upkeep WHERE highest_id > (SELECT coalesce(max(id), 0) FROM sample)",
        )?
        .query_row([], |row| row.get(0))
        .optional()
}

/// Notes the highest id that was ever given to a sample, before samples leave their table: no id is given twice.
pub(super) fn note_highest_id(connection: &Connection) -> Result<(), PacelineError> {
    connection
        .prepare_cached(
            "UPDATE upkeep SET highest_id = max(highest_id, (SELECT coalesce(max(id), 0) FROM sample))",
        )
        .and_then(|mut statement| statement.execute([]))
        .map_err(fault::writing)?;
    Ok(())
}

/// Notes the number of a batch; numbers rise. The database's numbers have a sign: the upper half of ours is negative there.
pub(super) fn note_batch(connection: &Connection, source: SourceId, batch: u64) -> Result<(), PacelineError> {
    connection
        .prepare_cached(
            "UPDATE source SET last_batch = CASE
                 WHEN (last_batch < 0) = (?2 < 0) THEN max(last_batch, ?2) ELSE min(last_batch, ?2)
             END WHERE id = ?1",
        )
        .and_then(|mut statement| statement.execute(params![source.0, batch as i64]))
        .map_err(fault::writing)?;
    Ok(())
}

/// The highest number of a batch of this source that was ever committed, by whatever process.
pub(super) fn last_batch(connection: &Connection, source: SourceId) -> Result<u64, PacelineError> {
    connection
        .prepare_cached("SELECT last_batch FROM source WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([source.0], |row| row.get::<_, i64>(0)))
        .map(|number| number as u64)
        .map_err(fault::reading)
}

/// Ties samples that were saved before to a workout.
pub(super) fn associate(
    connection: &Connection,
    key: i64,
    samples: &[SampleId],
) -> Result<(), PacelineError> {
    for id in samples {
        connection
            .prepare_cached("UPDATE sample SET workout = ?2 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![id.0 as i64, key]))
            .map_err(fault::writing)?;
    }
    Ok(())
}

/// Unties the samples of a workout that was discarded; they stay.
pub(super) fn release(connection: &Connection, key: i64) -> Result<(), PacelineError> {
    connection
        .prepare_cached("UPDATE sample SET workout = NULL WHERE workout = ?1")
        .and_then(|mut statement| statement.execute([key]))
        .map_err(fault::writing)?;
    Ok(())
}

/// Unties the samples of a workout that were measured after a date; at that very instant a reading still belongs to it.
pub(super) fn release_from(connection: &Connection, key: i64, end: Timestamp) -> Result<(), PacelineError> {
    for kind in QuantityType::ALL {
        connection
            .prepare_cached(
                "UPDATE sample SET workout = NULL
                 WHERE workout = ?1 AND type = ?2 AND start >= ?3 AND (start > ?3 OR end > ?3)",
            )
            .and_then(|mut statement| statement.execute(params![key, kind.code(), end.micros()]))
            .map_err(fault::writing)?;
    }
    Ok(())
}

impl Database {
    pub(crate) fn load_sources(&self) -> Result<Vec<SourceRecord>, PacelineError> {
        let mut statement = self
            .connection
            .prepare("SELECT id, identifier, name, kind, last_batch FROM source ORDER BY id")
            .map_err(fault::reading)?;
        let mut rows = statement.query([]).map_err(fault::reading)?;
        let mut sources = Vec::new();
        while let Some(row) = rows.next().map_err(fault::reading)? {
            let kind: u8 = row.get(3).map_err(fault::reading)?;
            sources.push(SourceRecord {
                id: SourceId(row.get(0).map_err(fault::reading)?),
                source: SampleSource {
                    identifier: row.get(1).map_err(fault::reading)?,
                    name: row.get(2).map_err(fault::reading)?,
                    kind: SourceKind::from_raw(kind)
                        .ok_or_else(|| fault::unreadable("a source kind", kind))?,
                },
                last_batch: row.get::<_, i64>(4).map_err(fault::reading)? as u64,
            });
        }
        Ok(sources)
    }

    /// Registers a source and returns its record. Another process may have been first: then it is the one it made.
    pub(crate) fn insert_source(&self, source: &SampleSource) -> Result<SourceRecord, PacelineError> {
        self.connection
            .prepare_cached(
                "INSERT INTO source (identifier, name, kind) VALUES (?1, ?2, ?3) ON CONFLICT (identifier) DO NOTHING",
            )
            .and_then(|mut statement| {
                statement.execute(params![source.identifier, source.name, source.kind.raw()])
            })
            .map_err(fault::writing)?;
        self.load_sources()?
            .into_iter()
            .find(|record| record.source.identifier == source.identifier)
            .ok_or_else(|| fault::unreadable("a source", "it was saved and is gone"))
    }

    /// A piece of the rows that statistics want.
    pub(crate) fn rows_wanted(&self, key: i64, wanted: RowsWanted) -> Result<Piece, PacelineError> {
        let mut rows = Rows::default();
        let mut last = None;
        self.each_after(key, wanted.kind, wanted.after, PIECE, |id, head, reading| {
            last = Some((reading.start, id));
            rows.push(head, reading);
        })?;
        let next = (rows.len() == PIECE).then_some(RowsWanted { kind: wanted.kind, after: last });
        Ok(Piece { rows, next })
    }

    /// A piece of the rows of a workout that were saved after this one, with the last of them; nothing when there are none.
    pub(super) fn rows_since(
        &self,
        key: i64,
        after: SampleId,
    ) -> Result<Option<(Rows, SampleId)>, PacelineError> {
        let mut rows = Rows::default();
        let mut last = None;
        // The plus keeps the index of workouts out: what was saved since is found by its id alone.
        self.each(
            "SELECT sample.id, type, start, end, value, source, kind, workout
             FROM sample JOIN source ON source.id = source
             WHERE sample.id > ?2 AND +workout = ?1 ORDER BY sample.id LIMIT ?3",
            params![key, after.0 as i64, PIECE as i64],
            |id, head, reading| {
                last = Some(id);
                rows.push(head, reading);
            },
        )?;
        Ok(last.map(|last| (rows, last)))
    }

    /// Counts the samples of a workout part by part, reading them in bounded pieces.
    pub(crate) fn count_intervals(&self, key: i64, count: &mut IntervalCount) -> Result<(), PacelineError> {
        for kind in QuantityType::ALL {
            let mut wanted = Some(RowsWanted { kind: *kind, after: None });
            while let Some(piece) = wanted.map(|wanted| self.rows_wanted(key, wanted)).transpose()? {
                count.take(&piece.rows);
                wanted = piece.next;
            }
        }
        while let Some(wanted) = count.rows_wanted() {
            let piece = self.rows_wanted(key, wanted)?;
            count.feed(wanted, &piece.rows, piece.next);
        }
        Ok(())
    }

    /// A page of the samples of a workout, by rising start.
    pub(crate) fn samples(
        &self,
        key: i64,
        kind: QuantityType,
        after: Option<&QuantitySample>,
        limit: u32,
    ) -> Result<Vec<QuantitySample>, PacelineError> {
        let after = after.map(|sample| (sample.start, sample.id.unwrap_or(SampleId(i64::MAX as u64))));
        let mut samples = Vec::new();
        self.each_after(key, kind, after, limit as usize, |id, head, reading| {
            let Reading { value, start, end } = reading;
            samples.push(QuantitySample {
                id: Some(id),
                quantity_type: kind,
                start,
                end,
                value,
                source: head.source,
            });
        })?;
        Ok(samples)
    }

    /// Visits samples of one type of one workout in order of start and id, after a place.
    fn each_after(
        &self,
        key: i64,
        kind: QuantityType,
        after: Option<(Timestamp, SampleId)>,
        limit: usize,
        mut visit: impl FnMut(SampleId, RunHead, Reading),
    ) -> Result<(), PacelineError> {
        let after = after.map_or((i64::MIN, 0), |(start, id)| (start.micros(), id.0 as i64));
        // What is still in rows comes after all that is in series.
        let visited = self.each_in_series(key, kind, after, limit, &mut visit)?;
        if visited == limit { Ok(()) } else { self.each_row_after(key, kind, after, limit - visited, visit) }
    }

    /// The same of those that are in rows.
    pub(super) fn each_row_after(
        &self,
        key: i64,
        kind: QuantityType,
        after: (i64, i64),
        limit: usize,
        visit: impl FnMut(SampleId, RunHead, Reading),
    ) -> Result<(), PacelineError> {
        self.each(
            "SELECT sample.id, type, start, end, value, source, kind, workout
             FROM sample JOIN source ON source.id = source
             WHERE workout = ?1 AND type = ?2 AND (start, sample.id) > (?3, ?4) ORDER BY start, sample.id LIMIT ?5",
            params![key, kind.code(), after.0, after.1, limit as i64],
            visit,
        )
    }

    fn each(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        mut visit: impl FnMut(SampleId, RunHead, Reading),
    ) -> Result<(), PacelineError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(fault::reading)?;
        let mut rows = statement.query(params).map_err(fault::reading)?;
        while let Some(row) = rows.next().map_err(fault::reading)? {
            let kind: u8 = row.get(6).map_err(fault::reading)?;
            let head = RunHead {
                kind: quantity_type(row.get(1).map_err(fault::reading)?)?,
                source: SourceId(row.get(5).map_err(fault::reading)?),
                source_kind: SourceKind::from_raw(kind)
                    .ok_or_else(|| fault::unreadable("a source kind", kind))?,
                collected_by: row.get(7).map_err(fault::reading)?,
            };
            let reading = Reading {
                start: Timestamp::from_micros(row.get(2).map_err(fault::reading)?),
                end: Timestamp::from_micros(row.get(3).map_err(fault::reading)?),
                value: row.get(4).map_err(fault::reading)?,
            };
            visit(SampleId(row.get::<_, i64>(0).map_err(fault::reading)? as u64), head, reading);
        }
        Ok(())
    }

    /// The highest number of a batch of this source that was ever committed, by whatever process.
    pub(crate) fn last_batch(&self, source: SourceId) -> Result<u64, PacelineError> {
        last_batch(&self.connection, source)
    }

    /// A sample by its id; its head tells which workout has it.
    pub(crate) fn sample(&self, id: SampleId) -> Result<Option<(RunHead, Reading)>, PacelineError> {
        let mut found = None;
        self.each(
            "SELECT sample.id, type, start, end, value, source, kind, workout
             FROM sample JOIN source ON source.id = source WHERE sample.id = ?1",
            [id.0 as i64],
            |_, head, reading| found = Some((head, reading)),
        )?;
        // Rows first: samples move from there into series, never back.
        if found.is_some() { Ok(found) } else { self.sample_in_series(id) }
    }

    /// How many samples the store holds.
    pub(crate) fn sample_count(&self) -> Result<u64, PacelineError> {
        self.connection
            .query_row(
                "SELECT (SELECT count(*) FROM sample) + (SELECT coalesce(sum(count), 0) FROM series)",
                [],
                |row| row.get::<_, i64>(0),
            )
            .map(|count| count as u64)
            .map_err(fault::reading)
    }
}

pub(super) fn quantity_type(code: u16) -> Result<QuantityType, PacelineError> {
    QuantityType::from_code(code).ok_or_else(|| {
        PacelineError::new(ErrorCode::StoreDamaged, "the store holds a sample of an unknown type")
            .with_value(code)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Commit, MemoryDisk};
    use super::*;
    use crate::shell::presence::Presence;

    /// Samples that waited in one process while another one finished their workout are saved, and the workout stays as it is.
    #[test]
    fn a_finished_workout_takes_nothing_in() {
        let disk = MemoryDisk::new().unwrap();
        let mut database = Database::open_in_memory(&disk, Presence::enter()).unwrap();
        database.connection.execute("INSERT INTO live (id, configuration) VALUES ('one', '{}')", []).unwrap();
        let head = |key| RunHead {
            kind: QuantityType::HeartRate,
            source: SourceId::OWN,
            source_kind: SourceKind::Device,
            collected_by: Some(key),
        };
        let at = Timestamp::from_seconds(1_700_000_000);
        let mut rows = Rows::default();
        for key in [1, 2, 1] {
            rows.push(head(key), Reading { value: 60.0, start: at, end: at });
        }
        assert!(database.commit(Commit { rows: vec![&rows], ..Commit::default() }).is_ok());
        let tied: Vec<_> =
            (1..=3).map(|id| database.sample(SampleId(id)).unwrap().unwrap().0.collected_by).collect();
        assert_eq!(tied, [Some(1), None, Some(1)]);
    }
}
