//! Who holds what, among all processes that have the store open: each workout that is not finished has a holder, and one of
//! them at most holds the device. Both are checked in the transaction that writes.

use super::{Database, Recovered, fault, journal, samples};
use crate::machines::arbitration::{Arbitration, another_started};
use crate::machines::change::Change;
use crate::machines::live_workout::LiveWorkout;
use crate::machines::timeline::Moment;
use crate::shell::presence::Presence;
use crate::values::{PacelineError, Timestamp, WorkoutConfiguration, WorkoutSessionState};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use uuid::Uuid;

/// The session that holds the device.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionOwner {
    /// The session.
    pub session: Uuid,
    /// Where it is in its life, as far as it was saved.
    pub state: WorkoutSessionState,
    /// What kind of workout it is.
    pub configuration: WorkoutConfiguration,
    /// The number of its process.
    pub process: u32,
    /// Whether it lives in this store object or one that shares it, and not in another process.
    pub is_here: bool,
    /// Whether its process lives. A session whose process is dead can be recovered.
    pub is_alive: bool,
}

/// A workout that is not finished, as the store has it: going on in this process or another one, or waiting to be recovered.
#[derive(Debug, Clone, PartialEq)]
pub struct UnfinishedWorkout {
    /// Its session.
    pub session: Uuid,
    /// What kind of workout it is.
    pub configuration: WorkoutConfiguration,
    /// Where its session is in its life.
    pub state: WorkoutSessionState,
    /// When its session first ran; nothing before.
    pub start_date: Option<Timestamp>,
    /// The latest instant that is known of it: something happened then, or was measured. Nothing before the start.
    pub last_date: Option<Timestamp>,
    /// What the app keeps with its session.
    pub payload: Vec<u8>,
    /// The number of the process that held it last.
    pub process: u32,
    /// Whether it lives in this store object or one that shares it, and not in another process.
    pub is_here: bool,
    /// Whether it lives. One that does not can be recovered.
    pub is_alive: bool,
}

/// What a transaction does to the holding of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Device {
    #[default]
    Keep,
    /// The workout of this step takes it, from whoever has it and yields.
    Claim {
        step: usize,
        arbitration: Arbitration,
        at: Moment,
    },
    Release,
}

/// What another process took, found out in the transaction that was to write: nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The device: a session started there. The workout with this key is still ours to finish.
    Device(i64),
    /// The workout with this key: it was recovered there.
    Workout(i64),
}

/// Why a transaction was not made.
#[derive(Debug)]
pub(crate) enum Unwritten {
    Lost(Loss),
    /// The new batch was committed before: this is the last number of its source.
    Repeated(u64),
    Failed(PacelineError),
}

impl From<PacelineError> for Unwritten {
    fn from(error: PacelineError) -> Self {
        Self::Failed(error)
    }
}

/// Gives a new workout its holder.
pub(super) fn hold(connection: &Connection, key: i64, holder: &Presence) -> Result<(), PacelineError> {
    connection
        .prepare_cached("UPDATE live SET holder = ?2, process = ?3, born = ?4 WHERE key = ?1")
        .and_then(|mut statement| {
            statement.execute(params![key, holder.token.to_string(), holder.process, holder.born])
        })
        .map_err(fault::writing)?;
    Ok(())
}

/// Checks that this workout is ours, and that it holds the device where `device` says so.
pub(super) fn check(
    connection: &Connection,
    key: i64,
    holder: &Presence,
    device: bool,
) -> Result<(), Unwritten> {
    // One without a holder was let go by another process that had recovered it, or that took us for dead.
    if holder_of(connection, key)?.is_none_or(|found| found.token != holder.token) {
        return Err(Unwritten::Lost(Loss::Workout(key)));
    }
    if device && device_of(connection)? != Some(key) {
        return Err(Unwritten::Lost(Loss::Device(key)));
    }
    Ok(())
}

/// Nobody holds the device any more, if this workout does.
pub(super) fn release(connection: &Connection, key: i64) -> Result<(), PacelineError> {
    set_device(connection, None, "workout = ?2", Some(key))
}

fn set_device(
    connection: &Connection,
    key: Option<i64>,
    condition: &str,
    parameter: Option<i64>,
) -> Result<(), PacelineError> {
    connection
        .prepare_cached(&format!("UPDATE device SET workout = ?1, epoch = epoch + 1 WHERE {condition}"))
        .and_then(|mut statement| statement.execute(params![key, parameter]))
        .map_err(fault::writing)?;
    Ok(())
}

fn device_of(connection: &Connection) -> Result<Option<i64>, PacelineError> {
    connection
        .prepare_cached("SELECT workout FROM device")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(fault::reading)
}

/// The holder of a workout; nothing for one that is over, or was never held.
fn holder_of(connection: &Connection, key: i64) -> Result<Option<Presence>, PacelineError> {
    let found = connection
        .prepare_cached("SELECT holder, process, born FROM live WHERE key = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([key], |row| {
                    Ok((row.get::<_, Option<String>>(0)?, row.get::<_, u32>(1)?, row.get::<_, String>(2)?))
                })
                .optional()
        })
        .map_err(fault::reading)?;
    let Some((Some(token), process, born)) = found else { return Ok(None) };
    let token = Uuid::parse_str(&token).map_err(|error| fault::unreadable("a holder", error))?;
    Ok(Some(Presence { token, process, born }))
}

impl Database {
    /// The device goes to this workout. A session of another process that has it and lives ends with error 8, at the last
    /// instant that is known of it; one whose process died stays as it is, and can be recovered.
    pub(super) fn claim(&self, key: i64, arbitration: Arbitration, at: Moment) -> Result<(), PacelineError> {
        let incumbent = device_of(&self.connection)?.filter(|incumbent| *incumbent != key);
        if let Some(incumbent) = incumbent
            && self.lives_elsewhere(incumbent, at)?
        {
            if arbitration != Arbitration::NewcomerWins {
                return Err(another_started());
            }
            self.end_session_of(incumbent, at)?;
        }
        set_device(&self.connection, Some(key), "?2 IS NULL", None)
    }

    fn end_session_of(&self, key: i64, at: Moment) -> Result<(), PacelineError> {
        let Some(found) = self.load_live(key)? else { return Ok(()) };
        let changes = found.workout.fail_unheard(&another_started(), at);
        let changes: Vec<&Change> = changes.iter().collect();
        journal::append(&self.connection, key, found.sequence + 1, &changes)
    }

    /// The process that holds this workout, if it is another one and alive.
    pub(crate) fn living_holder(&self, key: i64, at: Moment) -> Result<Option<u32>, PacelineError> {
        let holder = holder_of(&self.connection, key)?.filter(|holder| holder.token != self.holder.token);
        let Some(holder) = holder else { return Ok(None) };
        let silent = || self.load_live(key).map(|found| found?.workout.timeline.silence(at));
        Ok(holder.lives(silent)?.then_some(holder.process))
    }

    fn lives_elsewhere(&self, key: i64, at: Moment) -> Result<bool, PacelineError> {
        Ok(self.living_holder(key, at)?.is_some())
    }

    /// Who holds the device, in this process or another.
    pub(crate) fn session_owner(&self, at: Moment) -> Result<Option<SessionOwner>, PacelineError> {
        let Some(key) = device_of(&self.connection)? else { return Ok(None) };
        let (Some(found), Some(holder)) = (self.load_live(key)?, holder_of(&self.connection, key)?) else {
            return Ok(None);
        };
        let is_here = holder.token == self.holder.token;
        Ok(Some(SessionOwner {
            session: found.workout.session.id,
            state: found.workout.session.state,
            configuration: found.workout.session.configuration,
            process: holder.process,
            is_here,
            is_alive: is_here || self.lives_elsewhere(key, at)?,
        }))
    }

    /// Whether a session of another process, which lives, holds the device.
    pub(crate) fn device_is_held_elsewhere(&self, at: Moment) -> Result<bool, PacelineError> {
        device_of(&self.connection)?.map_or(Ok(false), |key| self.lives_elsewhere(key, at))
    }

    /// The workouts that are not finished: those whose session is going on before others, of these the latest first.
    pub(crate) fn unfinished(&self, at: Moment) -> Result<Vec<UnfinishedWorkout>, PacelineError> {
        let mut all = Vec::new();
        for key in self.live_keys()? {
            let Some(found) = self.load_live(key)? else { continue };
            let holder = holder_of(&self.connection, key)?;
            let is_here = holder.as_ref().is_some_and(|holder| holder.token == self.holder.token);
            let LiveWorkout { session, timeline, payload, .. } = found.workout;
            let last = timeline.last_known();
            let unfinished = UnfinishedWorkout {
                session: session.id,
                state: session.state,
                start_date: session.start,
                last_date: session.start.map(|start| last.max(start)),
                payload,
                process: holder.map_or(0, |holder| holder.process),
                is_here,
                is_alive: is_here || self.lives_elsewhere(key, at)?,
                configuration: session.configuration.clone(),
            };
            all.push((!session.is_active(), unfinished));
        }
        all.sort_by_key(|(is_over, _)| *is_over);
        Ok(all.into_iter().map(|(_, unfinished)| unfinished).collect())
    }

    /// Which owner of a session this is: a number that rises whenever the device, and with it the session, goes to another one, also
    /// to the same one after it was dead. Before a session holds the device it is that of the one before.
    ///
    /// # Errors
    /// Health 8 when another process owns it.
    pub(crate) fn epoch_of(&self, key: Option<i64>) -> Result<u64, PacelineError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT epoch, workout IS ?1 AND EXISTS (SELECT 1 FROM live WHERE key = ?1 AND holder IS NOT ?2)
                 FROM device",
            )
            .and_then(|mut statement| {
                statement.query_row(params![key, self.holder.token.to_string()], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?))
                })
            });
        let (epoch, is_lost) = found.map_err(fault::reading)?;
        if is_lost { Err(another_started()) } else { Ok(epoch.cast_unsigned()) }
    }

    /// Whether a workout of this session is not finished.
    pub(crate) fn is_unfinished(&self, session: Uuid) -> Result<bool, PacelineError> {
        self.connection
            .prepare_cached("SELECT 1 FROM live WHERE id = ?1")
            .and_then(|mut statement| statement.exists([session.to_string()]))
            .map_err(fault::reading)
    }

    /// Whether this workout is still ours and holds the device.
    pub(crate) fn still_holds(&self, key: i64) -> Result<(), Unwritten> {
        check(&self.connection, key, &self.holder, true)
    }

    /// Lets every workout of ours go, as the death of this process would: it may live on and have closed the store.
    pub(crate) fn let_go(&self) -> Result<(), PacelineError> {
        self.connection
            .execute("UPDATE live SET holder = NULL WHERE holder = ?1", [self.holder.token.to_string()])
            .map_err(fault::writing)?;
        Ok(())
    }

    /// Lets the workouts of a process go that is known to be dead.
    pub(crate) fn let_go_of(&self, process: u32) -> Result<(), PacelineError> {
        self.connection
            .execute(
                "UPDATE live SET holder = NULL WHERE process = ?1 AND holder <> ?2",
                params![process, self.holder.token.to_string()],
            )
            .map_err(fault::writing)?;
        Ok(())
    }

    /// Whether this workout holds the device.
    pub(crate) fn has_device(&self, key: i64) -> Result<bool, PacelineError> {
        Ok(device_of(&self.connection)? == Some(key))
    }

    /// Takes a workout over from a holder that is dead, or from one that lives and holds the device with it when it is handed
    /// over; and the device too if its session is going on. Returns it as it is from then on ours; nothing when another process
    /// was quicker, or ended its session before anything was collected: then what is left of it goes.
    pub(crate) fn take_over(
        &self,
        key: i64,
        handed_over: bool,
        at: Moment,
    ) -> Result<Option<Recovered>, PacelineError> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(fault::writing)?;
        let may_take = handed_over && self.has_device(key)?;
        if !may_take && self.lives_elsewhere(key, at)? {
            return Ok(None);
        }
        let Some(found) = self.load_live(key)? else { return Ok(None) };
        if found.workout.is_settled() {
            samples::release(&transaction, key)?;
            journal::remove(&transaction, key)?;
            release(&transaction, key)?;
            transaction.commit().map_err(fault::writing)?;
            return Ok(None);
        }
        if found.workout.session.is_active() {
            let incumbent = device_of(&self.connection)?.filter(|incumbent| *incumbent != key);
            if let Some(incumbent) = incumbent
                && self.lives_elsewhere(incumbent, at)?
            {
                return Ok(None);
            }
            set_device(&self.connection, Some(key), "?2 IS NULL", None)?;
        }
        hold(&self.connection, key, &self.holder)?;
        transaction.commit().map_err(fault::writing)?;
        Ok(Some(found))
    }
}
