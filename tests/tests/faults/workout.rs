//! The workout that is recorded, and what should be there of it.

use paceline::{
    Arbitration, Durability, Entropy, ErrorCode, HealthStore, ManualClock, PacelineError, StoreOptions,
    Timestamp, WorkoutSessionState,
};
use paceline_faults::Disk;
use paceline_tests::left::Left;
use paceline_tests::script::{Script, Stage, Step, T0};
use rusqlite::Connection;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Before this step the app is closed and opened again: its log is brought into the file, and another one begins.
const RELAUNCH_BEFORE: usize = 20;

/// The name of the store's file.
pub(crate) const STORE: &str = "store.sqlite";

/// How often an app tries a call again.
const TRIES: usize = 3;

/// How much a power cut may cost, in seconds.
const SYNC_EVERY: i64 = 4;

/// How an app keeps its workout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Nothing: each input is committed.
    within: Option<i64>,
}

pub(crate) const EACH_INPUT: Manner = Manner { within: None };
pub(crate) const WITHIN: Manner = Manner { within: Some(3) };

impl Manner {
    fn options(self, script: &Script, next: usize) -> (StoreOptions, ManualClock) {
        let clock = ManualClock::new(Timestamp::from_seconds(T0));
        clock.advance_to(script.time_before(next));
        let durability = self.within.map_or(Durability::EachInput, |span| Durability::Within(seconds(span)));
        let options = StoreOptions::new()
            .clock(&clock)
            .entropy(Entropy::Seeded(5))
            .arbitration(Arbitration::Refuse)
            .durability(durability)
            .sync_every(Some(seconds(SYNC_EVERY)));
        (options, clock)
    }
}

fn seconds(span: i64) -> Duration {
    Duration::from_secs(span.unsigned_abs())
}

/// The workout with what should be there after each number of its steps.
pub(crate) struct Workout {
    script: Script,
    manner: Manner,
    oracle: Vec<Left>,
}

/// A step whose call returned success.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acknowledged {
    /// How many operations the disk had seen by then.
    pub(crate) operations: usize,
    /// Whether the session was as safe then as it was promised to be, with all that happened before.
    pub(crate) durable: bool,
}

/// What became of a recording.
pub(crate) struct Recording {
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// The last error, when the app gave up.
    pub(crate) gave_up: Option<PacelineError>,
    stage: Option<Stage>,
}

impl Workout {
    pub(crate) fn new(manner: Manner) -> Self {
        let script = Script::short();
        let (options, clock) = manner.options(&script, 0);
        let store = HealthStore::open(options).expect("memory opens");
        let mut stage = Stage::recovered(store.clone(), clock).expect("nothing is there");
        let mut oracle = vec![Left::of(&store).at_one_time()];
        for step in 0..script.len() {
            script.perform(step, &mut stage).expect("memory does not fail");
            oracle.push(Left::of(&store).at_one_time());
        }
        Self { script, manner, oracle }
    }

    fn open(&self, path: &Path, next: usize) -> Result<Stage, PacelineError> {
        let (options, clock) = self.manner.options(&self.script, next);
        Stage::recovered(HealthStore::open(options.path(path))?, clock)
    }

    fn attempt(&self, path: &Path, step: usize, stage: &mut Option<Stage>) -> Result<(), PacelineError> {
        let stage = match stage {
            Some(stage) => stage,
            none => none.insert(self.open(path, step)?),
        };
        self.script.perform(step, stage)
    }

    /// Records the workout. A call that fails is tried again a few times; then the app gives up.
    pub(crate) fn record(&self, disk: &Disk) -> Recording {
        let mut recording = Recording { acknowledged: Vec::new(), gave_up: None, stage: None };
        for step in 0..self.script.len() {
            if step == RELAUNCH_BEFORE {
                let knows = recording.acknowledged.last().is_some_and(|last| last.durable);
                recording.stage = recording.stage.filter(|_| !knows);
                if !knows {
                    // What waits in memory would be lost to an app that quits; another begins where this one ends.
                    return recording;
                }
            }
            for _ in 0..TRIES {
                let outcome = self.attempt(&store_on(disk), step, &mut recording.stage);
                recording.gave_up = outcome.err();
                match &recording.gave_up {
                    None => break,
                    Some(error) => assert_clear(error),
                }
            }
            if recording.gave_up.is_some() {
                return recording;
            }
            let durable = recording.stage.as_ref().is_some_and(Stage::is_durable);
            recording.acknowledged.push(Acknowledged { operations: disk.operations(), durable });
        }
        recording
    }

    /// How many steps must be there when these were acknowledged and the process is killed.
    pub(crate) fn after_a_kill(&self, acknowledged: &[Acknowledged]) -> usize {
        let within = self.manner.within;
        let is_committed = |step| within.is_none() || !matches!(step, Step::Batch { .. });
        self.last_certain(acknowledged, is_committed, within)
    }

    /// The same when the power goes.
    pub(crate) fn after_a_power_cut(&self, acknowledged: &[Acknowledged]) -> usize {
        let span = SYNC_EVERY + self.manner.within.unwrap_or(0);
        self.last_certain(acknowledged, Step::is_state_change, Some(span))
    }

    /// How many steps a sync was about that is over.
    pub(crate) fn surely_synced(&self, acknowledged: &[Acknowledged]) -> usize {
        self.last_certain(acknowledged, Step::is_state_change, None)
    }

    /// How many steps are there for certain. What happened while the app knew that nothing is durable may be lost; of the rest,
    /// a step is there that its kind makes certain, or its age in seconds, and so is all before it.
    fn last_certain(
        &self,
        acknowledged: &[Acknowledged],
        is_certain: impl Fn(Step) -> bool,
        span: Option<i64>,
    ) -> usize {
        let Some(last) = acknowledged.iter().rposition(|step| step.durable) else { return 0 };
        let now = self.script.second(last);
        let is_old = |step| span.is_some_and(|span| self.script.second(step) + span <= now);
        let certain = (0..=last).rev().find(|step| is_certain(self.script.step(*step)) || is_old(*step));
        certain.map_or(0, |step| step + 1)
    }

    /// Opens what is left, checks that at least and at most so many steps of the workout are there and nothing else, goes on from
    /// there, and checks that the workout becomes what it would have been.
    pub(crate) fn check(&self, path: &Path, least: usize, most: usize, what: &impl Debug) {
        let most = most.min(self.script.len());
        let mut stage =
            self.open(path, most).unwrap_or_else(|error| panic!("{what:?}: it does not open: {error:?}"));
        let left = Left::of(&stage.store).at_one_time();
        let reached = (least..=most).find(|steps| self.oracle[*steps] == left).unwrap_or_else(|| {
            let elsewhere = self.oracle.iter().position(|there| *there == left);
            panic!(
                "{what:?}: after {least} to {most} steps, the last {:?}, there is what was after {elsewhere:?}: {left:#?}",
                self.script.tell(most)
            )
        });
        let lost = reached..most.saturating_sub(1).max(reached);
        if lost.into_iter().any(|step| self.script.step(step).is_state_change()) {
            // What the person did meanwhile is not to be made up for.
            return finish(&stage, what);
        }
        for step in reached..self.script.len() {
            let outcome = self.script.perform(step, &mut stage);
            outcome.unwrap_or_else(|error| panic!("{what:?}: it does not go on at {step}: {error:?}"));
        }
        assert_eq!(self.oracle.last(), Some(&Left::of(&stage.store).at_one_time()), "{what:?}");
    }
}

/// Whatever is there can be finished.
fn finish(stage: &Stage, what: &impl Debug) {
    let store = &stage.store;
    while let Some(session) = store.recover_active_workout_session().expect("it was recovered before") {
        let finish = || -> Result<(), PacelineError> {
            let builder = session.associated_workout_builder()?;
            if session.state() != WorkoutSessionState::Ended {
                session.end()?;
            }
            if builder.start_date().is_none() {
                return builder.discard_workout();
            }
            if builder.end_date().is_none() {
                builder.end_collection(store.now())?;
            }
            builder.finish_workout().map(drop)
        };
        finish().unwrap_or_else(|error| panic!("{what:?}: it cannot be finished: {error:?}"));
    }
}

impl Recording {
    /// The process dies here: nothing more reaches the disk. Then the disk is sound again.
    pub(crate) fn die(self, disk: &Disk) {
        disk.kill();
        drop(self.stage);
        disk.mend();
    }
}

pub(crate) fn store_on(disk: &Disk) -> PathBuf {
    disk.path(STORE)
}

/// What an app can act on: the disk is to blame, and not what the app did.
pub(crate) fn assert_clear(error: &PacelineError) {
    use ErrorCode::{StoreCannotOpen, StoreFull, StoreReadFailed, StoreWriteFailed};
    let clear = [StoreCannotOpen, StoreFull, StoreReadFailed, StoreWriteFailed];
    assert!(clear.contains(&error.code()), "{error:?}");
}

/// The database itself finds nothing wrong with its file.
pub(crate) fn assert_whole(path: &Path, what: &impl Debug) {
    let found: rusqlite::Result<String> = Connection::open(path)
        .and_then(|file| file.query_row("PRAGMA integrity_check", [], |row| row.get(0)));
    assert_eq!(found.as_deref(), Ok("ok"), "{what:?}");
}
