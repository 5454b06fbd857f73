//! The journal: the changes of every workout that is not finished, as they were committed.

use super::{Database, fault};
use crate::machines::change::Change;
use crate::values::{PacelineError, WorkoutConfiguration};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The first byte of every entry: how the rest is written.
const ENVELOPE: u8 = 1;

fn encode(changes: &[&Change]) -> Result<Vec<u8>, PacelineError> {
    postcard::to_extend(changes, vec![ENVELOPE]).map_err(|error| fault::unreadable("a change", error))
}

fn decode(bytes: &[u8]) -> Result<Vec<Change>, PacelineError> {
    match bytes.split_first() {
        Some((&ENVELOPE, rest)) => {
            postcard::from_bytes(rest).map_err(|error| fault::unreadable("a change", error))
        }
        Some((other, _)) => Err(fault::unreadable("a change", format_args!("envelope {other}"))),
        None => Err(fault::unreadable("a change", "it is empty")),
    }
}

/// Gives a workout its key, at its first step.
pub(super) fn insert_live(
    connection: &Connection,
    id: Uuid,
    configuration: &WorkoutConfiguration,
    has_builder: bool,
) -> Result<i64, PacelineError> {
    let configuration =
        serde_json::to_string(configuration).map_err(|error| fault::unreadable("a configuration", error))?;
    connection
        .prepare_cached("INSERT INTO live (id, configuration, has_builder) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.insert(params![id.to_string(), configuration, has_builder]))
        .map_err(fault::writing)
}

pub(super) fn append(
    connection: &Connection,
    key: i64,
    sequence: u64,
    changes: &[&Change],
) -> Result<(), PacelineError> {
    let changes = encode(changes)?;
    connection
        .prepare_cached("INSERT INTO journal (workout, sequence, changes) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.execute(params![key, sequence as i64, changes]))
        .map_err(fault::writing)?;
    Ok(())
}

/// A workout that was finished or discarded has nothing left to recover.
pub(super) fn remove(connection: &Connection, key: i64) -> Result<(), PacelineError> {
    super::recovery::remove(connection, key)?;
    for sql in ["DELETE FROM journal WHERE workout = ?1", "DELETE FROM live WHERE key = ?1"] {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([key]))
            .map_err(fault::writing)?;
    }
    Ok(())
}

impl Database {
    /// How much was ever written: 0 in a new store, and another number after everything that an id was given to.
    pub(crate) fn age(&self) -> Result<u64, PacelineError> {
        self.connection
            .query_row(
                "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'live'), 0) * 1000003
                    + (SELECT epoch FROM device) * 10007
                    + (SELECT count(*) FROM journal) * 101
                    + (SELECT count(*) FROM workout) + (SELECT removed FROM upkeep)",
                [],
                |row| row.get::<_, i64>(0),
            )
            .map(|age| age as u64)
            .map_err(fault::reading)
    }

    /// What happened to a workout after this step, in order; tells the last step.
    pub(crate) fn replay(
        &self,
        key: i64,
        after: u64,
        mut each: impl FnMut(&[Change]),
    ) -> Result<u64, PacelineError> {
        let mut last = after;
        let mut entries = self
            .connection
            .prepare_cached(
                "SELECT sequence, changes FROM journal WHERE workout = ?1 AND sequence > ?2 ORDER BY sequence",
            )
            .map_err(fault::reading)?;
        let mut rows = entries.query(params![key, after as i64]).map_err(fault::reading)?;
        while let Some(row) = rows.next().map_err(fault::reading)? {
            last = row.get::<_, i64>(0).map_err(fault::reading)? as u64;
            let bytes: Vec<u8> = row.get(1).map_err(fault::reading)?;
            each(&decode(&bytes)?);
        }
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Timestamp, WorkoutEvent, WorkoutEventType, WorkoutSessionState};

    #[test]
    fn entries_read_back_and_strange_ones_are_refused() {
        let changes = vec![
            Change::StateChanged {
                from: WorkoutSessionState::NotStarted,
                to: WorkoutSessionState::Running,
                date: Timestamp::from_seconds(1),
            },
            Change::SessionEvent(WorkoutEvent::at(WorkoutEventType::Pause, Timestamp::from_seconds(2))),
        ];
        let bytes = encode(&changes.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(decode(&bytes).unwrap(), changes);
        assert!(decode(&[]).is_err());
        assert!(decode(&[9, 1, 2]).is_err());
        assert!(decode(&bytes[..bytes.len() - 1]).is_err());
    }
}
