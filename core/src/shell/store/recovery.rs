//! How a live workout is found again: its last checkpoint, and what came after.

use super::{Checkpoint, Database, fault};
use crate::machines::live_workout::LiveWorkout;
use crate::machines::statistics::RowsWanted;
use crate::values::{PacelineError, QuantityType, SampleId, WorkoutConfiguration};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// The state in a checkpoint is laid out as the machines of one release are; another one makes it anew from the journal.
const RELEASE: &str = concat!(env!("CARGO_PKG_VERSION"), "/3");

/// A workout as the store tells it.
pub(crate) struct Recovered {
    pub(crate) key: i64,
    pub(crate) workout: LiveWorkout,
    /// The last step that is known of.
    pub(crate) sequence: u64,
    pub(crate) has_builder: bool,
}

/// Where replaying begins.
struct Beginning {
    workout: LiveWorkout,
    sequence: u64,
    /// The last sample it counts; nothing when it counts none.
    sample: Option<SampleId>,
}

pub(super) fn write(connection: &Connection, checkpoint: &Checkpoint<'_>) -> Result<(), PacelineError> {
    let state = postcard::to_stdvec(checkpoint.workout)
        .map_err(|error| fault::unreadable("the state of a workout", error))?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO checkpoint (workout, sequence, sample, release, state)
             SELECT ?1, ?2, coalesce(max(id), 0), ?3, ?4 FROM sample",
        )
        .and_then(|mut statement| {
            statement.execute(params![checkpoint.key, checkpoint.sequence as i64, RELEASE, state])
        })
        .map_err(fault::writing)?;
    Ok(())
}

pub(super) fn remove(connection: &Connection, key: i64) -> Result<(), PacelineError> {
    connection
        .prepare_cached("DELETE FROM checkpoint WHERE workout = ?1")
        .and_then(|mut statement| statement.execute([key]))
        .map_err(fault::writing)?;
    Ok(())
}

impl Database {
    /// The keys of the workouts that are not finished, the latest first.
    pub(crate) fn live_keys(&self) -> Result<Vec<i64>, PacelineError> {
        let mut statement =
            self.connection.prepare("SELECT key FROM live ORDER BY key DESC").map_err(fault::reading)?;
        let keys = statement.query_map([], |row| row.get(0)).map_err(fault::reading)?;
        keys.collect::<rusqlite::Result<_>>().map_err(fault::reading)
    }

    /// A workout that is not finished, as it was after the last commit.
    pub(crate) fn load_live(&self, key: i64) -> Result<Option<Recovered>, PacelineError> {
        let Some((id, configuration, has_builder)) = self
            .connection
            .query_row("SELECT id, configuration, has_builder FROM live WHERE key = ?1", [key], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
            })
            .optional()
            .map_err(fault::reading)?
        else {
            return Ok(None);
        };
        let id = Uuid::parse_str(&id).map_err(|error| fault::unreadable("an id", error))?;
        let configuration: WorkoutConfiguration = serde_json::from_str(&configuration)
            .map_err(|error| fault::unreadable("a configuration", error))?;
        let Beginning { mut workout, sequence, sample } = self.checkpoint(key)?.unwrap_or_else(|| {
            Beginning { workout: LiveWorkout::new(id, configuration), sequence: 0, sample: None }
        });
        let sequence = self.replay(key, sequence, |changes| workout.apply(changes))?;
        // Statistics do not depend on the order of samples and changes, so the samples may come last.
        match sample {
            Some(last) => self.take_rows_since(key, last, &mut workout)?,
            None => self.take_all_rows(key, &mut workout)?,
        }
        workout.timeline.note_stored();
        Ok(Some(Recovered { key, workout, sequence, has_builder }))
    }

    fn checkpoint(&self, key: i64) -> Result<Option<Beginning>, PacelineError> {
        let found = self
            .connection
            .query_row(
                "SELECT sequence, sample, state FROM checkpoint WHERE workout = ?1 AND release = ?2",
                params![key, RELEASE],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?)),
            )
            .optional()
            .map_err(fault::reading)?;
        let Some((sequence, sample, state)) = found else { return Ok(None) };
        match postcard::from_bytes(&state) {
            Ok(workout) => Ok(Some(Beginning {
                workout,
                sequence: sequence as u64,
                sample: Some(SampleId(sample as u64)),
            })),
            Err(error) => {
                log::warn!("a checkpoint cannot be read, the workout is made anew from its journal: {error}");
                Ok(None)
            }
        }
    }

    fn take_all_rows(&self, key: i64, workout: &mut LiveWorkout) -> Result<(), PacelineError> {
        for kind in QuantityType::ALL {
            let mut wanted = Some(RowsWanted { kind: *kind, after: None });
            while let Some(piece) = wanted.map(|wanted| self.rows_wanted(key, wanted)).transpose()? {
                workout.take(&piece.rows);
                wanted = piece.next;
            }
        }
        Ok(())
    }

    fn take_rows_since(
        &self,
        key: i64,
        mut last: SampleId,
        workout: &mut LiveWorkout,
    ) -> Result<(), PacelineError> {
        while let Some((rows, end)) = self.rows_since(key, last)? {
            workout.take(&rows);
            last = end;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::published::Published;
    use crate::{
        HealthStore, LiveWorkoutDataSource, ManualClock, QuantitySample, StoreOptions, Timestamp,
        WorkoutActivityType, WorkoutSession,
    };
    use std::time::Duration;

    fn statistics(found: &Recovered) -> Vec<crate::Statistics> {
        let at = ManualClock::new(Timestamp::from_seconds(1_700_001_000)).moment();
        Published::new(&found.workout, found.sequence, at).snapshot(at).statistics.to_vec()
    }

    #[test]
    fn a_checkpoint_tells_what_the_whole_journal_tells() {
        let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
        let store = HealthStore::open(StoreOptions::new().clock(&clock)).unwrap();
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&store, run.clone()).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
        session.start_activity(None).unwrap();
        builder.begin_collection(store.now()).unwrap();
        for second in 0..130 {
            clock.advance(Duration::from_secs(1));
            let beat = QuantitySample::in_stored_unit(
                QuantityType::HeartRate,
                f64::from(100 + second % 60),
                store.now(),
                store.now(),
            );
            store.ingest_sample(&beat.unwrap()).unwrap();
            match second {
                40 | 120 => session.pause().unwrap(),
                50 | 125 => drop(session.resume()),
                _ => {}
            }
        }
        let writer = store.engine.writer.lock();
        let database = &writer.database;
        let key = database.live_keys().unwrap()[0];
        let beginning = database.checkpoint(key).unwrap().expect("a minute has passed");
        assert!(beginning.sequence > 0 && beginning.sample.is_some());
        let quick = database.load_live(key).unwrap().unwrap();
        assert!(quick.sequence > beginning.sequence, "something came after it");
        remove(&database.connection, key).unwrap();
        let whole = database.load_live(key).unwrap().unwrap();
        assert_eq!(quick.workout.session, whole.workout.session);
        assert_eq!(quick.workout.builder.events, whole.workout.builder.events);
        assert_eq!(quick.workout.builder.time, whole.workout.builder.time);
        assert_eq!(statistics(&quick), statistics(&whole));
        assert_eq!(statistics(&quick)[0].count, 117, "what was read in the pauses does not count");
    }

    #[test]
    fn a_checkpoint_that_cannot_be_read_is_not_needed() {
        let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
        let store = HealthStore::open(StoreOptions::new().clock(&clock)).unwrap();
        let session =
            WorkoutSession::new(&store, WorkoutConfiguration::new(WorkoutActivityType::Running)).unwrap();
        session.start_activity(None).unwrap();
        clock.advance(Duration::from_secs(61));
        let writer = store.engine.writer.lock();
        let database = &writer.database;
        let key = database.live_keys().unwrap()[0];
        for spoil in
            ["UPDATE checkpoint SET state = x'00'", "UPDATE checkpoint SET release = 'of another time'"]
        {
            assert_eq!(database.connection.execute(spoil, []).unwrap(), 1);
            let found = database.load_live(key).unwrap().unwrap();
            assert_eq!(found.workout.session.state, session.state());
        }
    }
}
