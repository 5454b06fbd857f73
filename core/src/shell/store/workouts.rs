//! Saved workouts in the store.

use super::{Database, fault};
use crate::values::{
    ErrorCode, Metadata, PacelineError, QuantityType, Reading, Statistics, Timestamp, Workout,
    WorkoutActivity, WorkoutActivityType, WorkoutConfiguration, WorkoutEvent, WorkoutEventType,
    WorkoutSessionLocationType, WorkoutSwimmingLocationType,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::time::Duration;
use uuid::Uuid;

/// Marks statistics of a whole workout; those of an activity carry its position.
const WHOLE_WORKOUT: i64 = -1;

pub(super) fn insert(connection: &Connection, key: i64, workout: &Workout) -> Result<(), PacelineError> {
    let Workout { id, configuration, start, end, duration, events, activities, statistics, metadata } =
        workout;
    let lap_length = configuration.lap_length.as_ref().map(json).transpose()?;
    let metadata = json(metadata)?;
    connection
        .prepare_cached(
            "INSERT INTO workout (key, id, activity_type, location_type, swimming_location_type, lap_length,
             start, end, duration, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                key,
                id.to_string(),
                configuration.activity_type.raw(),
                configuration.location_type.raw(),
                configuration.swimming_location_type.raw(),
                lap_length,
                start.micros(),
                end.micros(),
                duration.as_micros() as i64,
                metadata,
            ])
        })
        .map_err(fault::writing)?;
    for (position, event) in events.iter().enumerate() {
        insert_event(connection, key, position, event)?;
    }
    insert_statistics(connection, key, WHOLE_WORKOUT, statistics)?;
    for (position, activity) in activities.iter().enumerate() {
        insert_activity(connection, key, position, activity)?;
        insert_statistics(connection, key, position as i64, &activity.statistics)?;
    }
    Ok(())
}

fn insert_event(
    connection: &Connection,
    key: i64,
    position: usize,
    event: &WorkoutEvent,
) -> Result<(), PacelineError> {
    let metadata = json(&event.metadata)?;
    connection
        .prepare_cached(
            "INSERT INTO workout_event (workout, position, type, start, end, metadata)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                key,
                position as i64,
                event.event_type.raw(),
                event.start.micros(),
                event.end.micros(),
                metadata,
            ])
        })
        .map_err(fault::writing)?;
    Ok(())
}

fn insert_activity(
    connection: &Connection,
    key: i64,
    position: usize,
    activity: &WorkoutActivity,
) -> Result<(), PacelineError> {
    let WorkoutActivity { id, configuration, start, end, metadata, duration, statistics: _ } = activity;
    let lap_length = configuration.lap_length.as_ref().map(json).transpose()?;
    let metadata = json(metadata)?;
    connection
        .prepare_cached(
            "INSERT INTO workout_activity (workout, position, id, activity_type, location_type,
             swimming_location_type, lap_length, start, end, duration, metadata)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                key,
                position as i64,
                id.to_string(),
                configuration.activity_type.raw(),
                configuration.location_type.raw(),
                configuration.swimming_location_type.raw(),
                lap_length,
                start.micros(),
                end.map(Timestamp::micros),
                duration.as_micros() as i64,
                metadata,
            ])
        })
        .map_err(fault::writing)?;
    Ok(())
}

fn insert_statistics(
    connection: &Connection,
    key: i64,
    activity: i64,
    statistics: &[Statistics],
) -> Result<(), PacelineError> {
    for one in statistics {
        connection
            .prepare_cached(
                "INSERT INTO workout_statistics (workout, activity, type, start, end, count, sum, average, minimum,
                 maximum, recent_value, recent_start, recent_end)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    key,
                    activity,
                    one.quantity_type.code(),
                    one.start.micros(),
                    one.end.micros(),
                    one.count as i64,
                    one.sum,
                    one.average,
                    one.minimum,
                    one.maximum,
                    one.most_recent.map(|recent| recent.value),
                    one.most_recent.map(|recent| recent.start.micros()),
                    one.most_recent.map(|recent| recent.end.micros()),
                ])
            })
            .map_err(fault::writing)?;
    }
    Ok(())
}

impl Database {
    /// The ids of all saved workouts, newest first.
    pub(crate) fn workout_ids(&self) -> Result<Vec<Uuid>, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM workout ORDER BY start DESC, key DESC")
            .map_err(fault::reading)?;
        let mut rows = statement.query([]).map_err(fault::reading)?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next().map_err(fault::reading)? {
            ids.push(uuid(&row.get::<_, String>(0).map_err(fault::reading)?)?);
        }
        Ok(ids)
    }

    /// The key of a saved workout.
    pub(crate) fn workout_key(&self, id: Uuid) -> Result<Option<i64>, PacelineError> {
        self.connection
            .query_row("SELECT key FROM workout WHERE id = ?1", [id.to_string()], |row| row.get(0))
            .optional()
            .map_err(fault::reading)
    }

    /// A saved workout.
    pub(crate) fn workout(&self, id: Uuid) -> Result<Option<Workout>, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT activity_type, location_type, swimming_location_type, lap_length, metadata, start, end,
                 duration, key FROM workout WHERE id = ?1",
            )
            .map_err(fault::reading)?;
        let mut rows = statement.query([id.to_string()]).map_err(fault::reading)?;
        let Some(row) = rows.next().map_err(fault::reading)? else { return Ok(None) };
        let key: i64 = row.get(8).map_err(fault::reading)?;
        Ok(Some(Workout {
            id,
            configuration: configuration(row)?,
            metadata: metadata(row, 4)?,
            start: date(row, 5)?,
            end: date(row, 6)?,
            duration: duration(row, 7)?,
            events: self.events(key)?,
            activities: self.activities(key)?,
            statistics: self.statistics(key, WHOLE_WORKOUT)?,
        }))
    }

    fn events(&self, key: i64) -> Result<Vec<WorkoutEvent>, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT type, start, end, metadata FROM workout_event WHERE workout = ?1 ORDER BY position",
            )
            .map_err(fault::reading)?;
        let mut rows = statement.query([key]).map_err(fault::reading)?;
        let mut events = Vec::new();
        while let Some(row) = rows.next().map_err(fault::reading)? {
            events.push(WorkoutEvent {
                event_type: raw(row, 0, "an event type", WorkoutEventType::from_raw)?,
                start: date(row, 1)?,
                end: date(row, 2)?,
                metadata: metadata(row, 3)?,
            });
        }
        Ok(events)
    }

    fn activities(&self, key: i64) -> Result<Vec<WorkoutActivity>, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT activity_type, location_type, swimming_location_type, lap_length, metadata, start, end,
                 duration, position, id FROM workout_activity WHERE workout = ?1 ORDER BY position",
            )
            .map_err(fault::reading)?;
        let mut rows = statement.query([key]).map_err(fault::reading)?;
        let mut activities = Vec::new();
        while let Some(row) = rows.next().map_err(fault::reading)? {
            let end: Option<i64> = row.get(6).map_err(fault::reading)?;
            activities.push(WorkoutActivity {
                id: uuid(&row.get::<_, String>(9).map_err(fault::reading)?)?,
                configuration: configuration(row)?,
                metadata: metadata(row, 4)?,
                start: date(row, 5)?,
                end: end.map(Timestamp::from_micros),
                duration: duration(row, 7)?,
                statistics: self.statistics(key, row.get(8).map_err(fault::reading)?)?,
            });
        }
        Ok(activities)
    }

    fn statistics(&self, key: i64, activity: i64) -> Result<Vec<Statistics>, PacelineError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT type, start, end, count, sum, average, minimum, maximum, recent_value, recent_start,
                 recent_end FROM workout_statistics WHERE workout = ?1 AND activity = ?2 ORDER BY type",
            )
            .map_err(fault::reading)?;
        let mut rows = statement.query(params![key, activity]).map_err(fault::reading)?;
        let mut statistics = Vec::new();
        while let Some(row) = rows.next().map_err(fault::reading)? {
            let recent_value: Option<f64> = row.get(8).map_err(fault::reading)?;
            let most_recent = match recent_value {
                None => None,
                Some(value) => Some(Reading { value, start: date(row, 9)?, end: date(row, 10)? }),
            };
            statistics.push(Statistics {
                quantity_type: raw(row, 0, "a quantity type", QuantityType::from_code)?,
                start: date(row, 1)?,
                end: date(row, 2)?,
                count: row.get::<_, i64>(3).map_err(fault::reading)? as u64,
                sum: row.get(4).map_err(fault::reading)?,
                average: row.get(5).map_err(fault::reading)?,
                minimum: row.get(6).map_err(fault::reading)?,
                maximum: row.get(7).map_err(fault::reading)?,
                most_recent,
            });
        }
        Ok(statistics)
    }
}

/// The configuration in the first four columns.
fn configuration(row: &Row<'_>) -> Result<WorkoutConfiguration, PacelineError> {
    let lap_length: Option<String> = row.get(3).map_err(fault::reading)?;
    Ok(WorkoutConfiguration {
        activity_type: raw(row, 0, "an activity type", WorkoutActivityType::from_raw)?,
        location_type: raw(row, 1, "a location type", WorkoutSessionLocationType::from_raw)?,
        swimming_location_type: raw(
            row,
            2,
            "a swimming location type",
            WorkoutSwimmingLocationType::from_raw,
        )?,
        lap_length: lap_length
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| fault::unreadable("a lap length", error))?,
    })
}

fn raw<R: rusqlite::types::FromSql + Copy + std::fmt::Display, T>(
    row: &Row<'_>,
    column: usize,
    what: &str,
    from_raw: impl Fn(R) -> Option<T>,
) -> Result<T, PacelineError> {
    let number: R = row.get(column).map_err(fault::reading)?;
    from_raw(number).ok_or_else(|| {
        PacelineError::new(ErrorCode::StoreDamaged, format!("the store holds {what} that is not known"))
            .with_value(number)
    })
}

fn date(row: &Row<'_>, column: usize) -> Result<Timestamp, PacelineError> {
    row.get(column).map(Timestamp::from_micros).map_err(fault::reading)
}

fn duration(row: &Row<'_>, column: usize) -> Result<Duration, PacelineError> {
    row.get::<_, i64>(column)
        .map(|micros| Duration::from_micros(micros.max(0) as u64))
        .map_err(fault::reading)
}

fn metadata(row: &Row<'_>, column: usize) -> Result<Metadata, PacelineError> {
    let text: String = row.get(column).map_err(fault::reading)?;
    serde_json::from_str(&text).map_err(|error| fault::unreadable("metadata", error))
}

fn uuid(text: &str) -> Result<Uuid, PacelineError> {
    Uuid::parse_str(text).map_err(|error| fault::unreadable("an id", error))
}

fn json(value: &impl serde::Serialize) -> Result<String, PacelineError> {
    serde_json::to_string(value).map_err(|error| fault::unreadable("a value", error))
}
