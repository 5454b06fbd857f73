//! The store: one SQLite file, or memory. Workouts and samples are written by [`Database::commit`] alone.

mod aside;
mod encoding;
mod fault;
mod free_space;
mod journal;
mod memory;
mod owner;
mod recovery;
mod retention;
mod samples;
mod schema;
mod series;
mod workouts;

pub(crate) use aside::set_aside;
pub use memory::MemoryDisk;
pub(crate) use owner::{Device, Loss, Unwritten};
pub use owner::{SessionOwner, UnfinishedWorkout};
pub(crate) use recovery::Recovered;
pub(crate) use retention::{EVERY as LOOK_EVERY, Look, Removed};
pub(crate) use samples::SourceRecord;

use crate::machines::arbitration::leaves;
use crate::machines::change::Change;
use crate::machines::live_workout::LiveWorkout;
use crate::shell::pending::{Waiting, WaitingStep};
use crate::shell::presence::Presence;
use crate::values::rows::Rows;
use crate::values::{ErrorCode, PacelineError, SampleId, SourceId, Workout, WorkoutConfiguration};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use uuid::Uuid;

/// The connection to a store.
pub(crate) struct Database {
    connection: Connection,
    /// Who writes.
    holder: Presence,
    /// Whether commits are synced in full at this moment.
    syncs_fully: bool,
    /// Whether all that the log holds is known to reach the disk with the next sync. What an earlier process wrote into it may
    /// not: its last sync may have failed, and the system may have forgotten what that was about.
    trusts_log: bool,
}

/// What one transaction writes; nothing unless said.
#[derive(Default)]
pub(crate) struct Commit<'a> {
    /// What waited for its commit comes first.
    pub(crate) waiting: &'a [Waiting],
    pub(crate) rows: Vec<&'a Rows>,
    pub(crate) batches: Vec<(SourceId, u64)>,
    /// The batch that these rows are about, when it is new: if it was committed before, nothing is written.
    pub(crate) newest: Option<(SourceId, u64)>,
    pub(crate) steps: Vec<Step<'a>>,
    /// Workouts whose state is saved as it is after all rows and steps that were ever committed, these rows included.
    pub(crate) checkpoints: Vec<Checkpoint<'a>>,
    /// Whether it must survive a power cut before the call returns.
    pub(crate) sync: bool,
    /// The workout of ours that holds the device, as far as we know.
    pub(crate) holds: Option<i64>,
    pub(crate) device: Device,
}

/// The state of a workout after its last step.
pub(crate) struct Checkpoint<'a> {
    pub(crate) key: i64,
    pub(crate) sequence: u64,
    pub(crate) workout: &'a LiveWorkout,
}

/// What happens to one workout in a transaction.
pub(crate) struct Step<'a> {
    /// Nothing at the first step of a workout.
    pub(crate) key: Option<i64>,
    pub(crate) id: Uuid,
    pub(crate) configuration: &'a WorkoutConfiguration,
    pub(crate) has_builder: bool,
    pub(crate) sequence: u64,
    /// Changes before this step that were not written yet.
    pub(crate) settings: &'a [Change],
    pub(crate) changes: &'a [Change],
    pub(crate) fate: Fate<'a>,
    /// Samples saved before that become part of the workout.
    pub(crate) associated: &'a [SampleId],
}

/// What becomes of the journal of a workout.
#[derive(Clone, Copy)]
pub(crate) enum Fate<'a> {
    /// It grows.
    Goes,
    /// It is over: the workout is saved in its place.
    Saved(&'a Workout),
    /// It is over and nothing takes its place.
    Dropped,
}

impl Database {
    pub(crate) fn open_file(path: &Path, holder: Presence) -> Result<Self, PacelineError> {
        Ok(Self { connection: schema::open_file(path)?, holder, syncs_fully: false, trusts_log: false })
    }

    /// A second connection to an open store, for reading: what it reads, nobody who writes waits for.
    pub(crate) fn open_reader(path: &Path, holder: Presence) -> Result<Self, PacelineError> {
        Ok(Self { connection: schema::open_reader(path)?, holder, syncs_fully: false, trusts_log: false })
    }

    pub(crate) fn open_in_memory(disk: &MemoryDisk, holder: Presence) -> Result<Self, PacelineError> {
        Ok(Self {
            connection: schema::open_in_memory(disk.address())?,
            holder,
            syncs_fully: false,
            trusts_log: false,
        })
    }

    /// Writes everything or nothing. Returns the keys of the steps, in their order.
    pub(crate) fn commit(&mut self, commit: Commit<'_>) -> Result<Vec<i64>, Unwritten> {
        self.set_sync(commit.sync)?;
        // Immediate: the lock is taken before anything is read, so that a commit never fails half-way for want of it.
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(fault::writing)?;
        if let Some(key) = commit.holds {
            owner::check(&transaction, key, &self.holder, true)?;
        }
        for key in commit.steps.iter().filter_map(|step| step.key).filter(|key| Some(*key) != commit.holds) {
            owner::check(&transaction, key, &self.holder, false)?;
        }
        for waiting in commit.waiting {
            if let Waiting::Step(step) = waiting {
                owner::check(&transaction, step.key, &self.holder, step.held_device)?;
            }
        }
        if let Some((source, number)) = commit.newest {
            let last = samples::last_batch(&transaction, source)?;
            if number <= last {
                return Err(Unwritten::Repeated(last));
            }
        }
        for waiting in commit.waiting {
            match waiting {
                Waiting::Rows(rows) => samples::insert(&transaction, rows)?,
                Waiting::Step(step) => write_waiting(&transaction, step)?,
            }
        }
        for rows in commit.rows {
            samples::insert(&transaction, rows)?;
        }
        for (source, batch) in commit.batches.into_iter().chain(commit.newest) {
            samples::note_batch(&transaction, source, batch)?;
        }
        for checkpoint in commit.checkpoints {
            recovery::write(&transaction, &checkpoint)?;
        }
        let mut keys = Vec::with_capacity(commit.steps.len());
        for step in commit.steps {
            keys.push(write_step(&transaction, &step, &self.holder)?);
        }
        match commit.device {
            Device::Keep => {}
            Device::Claim { step, arbitration, at } => {
                let claimed = keys.get(step).copied();
                claimed.map_or(Ok(()), |key| self.claim(key, arbitration, at))?;
            }
            Device::Release => commit.holds.map_or(Ok(()), |key| owner::release(&transaction, key))?,
        }
        if commit.sync {
            mark(&transaction)?;
        }
        transaction.commit().map_err(fault::writing)?;
        if commit.sync && !self.trusts_log {
            // Should somebody be reading the log, the next sync does it.
            self.trusts_log = self.empty_log().is_ok();
        }
        Ok(keys)
    }

    /// Whether this connection writes. One that may not fails as on a disk that is read-only.
    pub(crate) fn set_writable(&self, writable: bool) -> Result<(), PacelineError> {
        self.connection.pragma_update(None, "query_only", !writable).map_err(fault::writing)
    }

    /// Brings everything committed from the log into the file, synced, and begins the log anew. Until the new log is on the disk
    /// the old one counts there, and must not take back what the file holds.
    pub(crate) fn empty_log(&self) -> Result<(), PacelineError> {
        let (in_log, in_file) = self
            .connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })
            .map_err(fault::writing)?;
        if in_log != in_file {
            return Err(PacelineError::new(ErrorCode::StoreBusy, "another process reads what the log holds"));
        }
        if in_log > 0 { mark(&self.connection) } else { Ok(()) }
    }

    /// Reads the store as it is at one moment, whatever is written meanwhile.
    pub(crate) fn at_one_moment<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, PacelineError>,
    ) -> Result<T, PacelineError> {
        let transaction = self.connection.unchecked_transaction().map_err(fault::reading)?;
        let outcome = read(self);
        drop(transaction);
        outcome
    }

    fn set_sync(&mut self, full: bool) -> Result<(), PacelineError> {
        if full != self.syncs_fully {
            let level = if full { "full" } else { "normal" };
            self.connection.pragma_update(None, "synchronous", level).map_err(fault::writing)?;
            self.syncs_fully = full;
        }
        Ok(())
    }
}

/// What happened to a workout that goes on, or whose session ended while its builder is open.
fn write_waiting(connection: &Connection, step: &WaitingStep) -> Result<(), PacelineError> {
    let changes: Vec<_> = step.changes.iter().collect();
    grow(connection, step.key, step.sequence, &changes)?;
    if leaves(&step.changes) { owner::release(connection, step.key) } else { Ok(()) }
}

/// Adds a step to the journal of a workout.
fn grow(connection: &Connection, key: i64, sequence: u64, changes: &[&Change]) -> Result<(), PacelineError> {
    for end in changes.iter().filter_map(|change| change.lets_go_from()) {
        // Samples that a checkpoint knows of go: it does not hold any more.
        recovery::remove(connection, key)?;
        samples::release_from(connection, key, end)?;
    }
    if changes.is_empty() { Ok(()) } else { journal::append(connection, key, sequence, changes) }
}

/// Writes something, so that there is something to sync.
fn mark(connection: &Connection) -> Result<(), PacelineError> {
    connection
        .prepare_cached("UPDATE marker SET syncs = syncs + 1")
        .and_then(|mut statement| statement.execute([]))
        .map_err(fault::writing)?;
    Ok(())
}

fn write_step(connection: &Connection, step: &Step<'_>, holder: &Presence) -> Result<i64, PacelineError> {
    let key = if let Some(key) = step.key {
        key
    } else {
        let key = journal::insert_live(connection, step.id, step.configuration, step.has_builder)?;
        owner::hold(connection, key, holder)?;
        key
    };
    samples::associate(connection, key, step.associated)?;
    if !step.associated.is_empty() {
        // Samples that a checkpoint knows nothing of come: it does not hold any more.
        recovery::remove(connection, key)?;
    }
    match step.fate {
        Fate::Goes => {
            // Settings are written with the first change that matters.
            let settings = if step.changes.is_empty() { &[] } else { step.settings };
            let changes: Vec<_> = settings.iter().chain(step.changes).collect();
            grow(connection, key, step.sequence, &changes)?;
        }
        Fate::Saved(workout) => {
            workouts::insert(connection, key, workout)?;
            journal::remove(connection, key)?;
        }
        Fate::Dropped => {
            samples::release(connection, key)?;
            journal::remove(connection, key)?;
        }
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only a commit under the full level syncs, and only one that writes something.
    #[test]
    fn a_commit_that_must_survive_a_power_cut_is_synced_in_full() {
        let disk = MemoryDisk::new().unwrap();
        let mut database = Database::open_in_memory(&disk, Presence::enter()).unwrap();
        let level = |database: &Database| -> i64 {
            database.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap()
        };
        let syncs = |database: &Database| -> i64 {
            database.connection.query_row("SELECT syncs FROM marker", [], |row| row.get(0)).unwrap()
        };
        for (sync, expected) in [(false, (1, 0)), (true, (2, 1)), (false, (1, 1)), (true, (2, 2))] {
            let commit = Commit { sync, ..Commit::default() };
            database.commit(commit).unwrap();
            assert_eq!((level(&database), syncs(&database)), expected);
        }
    }
}
