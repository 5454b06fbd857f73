//! Replays a recording as live sensors: every reading, pause and lap reaches the engine at its own time, in the calls an
//! app would make.

mod calls;
mod conductor;
mod interrupted;
mod plan;
mod speed;
mod ticket;
mod timeline;

pub use interrupted::{Found, Interrupted, TakenUp, find};
pub use speed::Speed;
pub use ticket::{Payload, Ticket};
pub use timeline::{ACTIVE_LENGTH, STROKE_COUNT};

use crate::origin::Origin;
use conductor::{Conductor, Part};
use paceline::{
    Durability, HealthStore, LiveWorkoutBuilder, ManualClock, PacelineError, StoreOptions, Timestamp, Uuid,
    WorkoutActivityType,
};
use paceline_formats::Recording;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long before the start a session is prepared, as an app does during its countdown.
const COUNTDOWN: Duration = Duration::from_secs(3);

/// How to replay. The default is as fast as possible.
#[derive(Debug, Clone, Default)]
pub struct ReplayOptions {
    /// How fast recorded time passes.
    pub speed: Speed,
    /// Where the recording came from. With it a replay that was killed can go on: see [`find`] and [`go_on`].
    pub origin: Option<Origin>,
}

/// Watches a replay, as a screen would.
pub trait Observer {
    /// Time moved. Called before every call that the replay makes, and some 20 times a second while nothing happens.
    fn moved(&mut self, scene: &Scene<'_>);
}

impl Observer for () {
    fn moved(&mut self, _scene: &Scene<'_>) {}
}

/// What an [`Observer`] sees.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The workout in the making; ask it for a snapshot.
    pub builder: &'a LiveWorkoutBuilder,
    /// What the person is doing.
    pub activity: WorkoutActivityType,
    /// The recorded time.
    pub now: Timestamp,
    /// When the workout began.
    pub start: Timestamp,
    /// When it will end.
    pub end: Timestamp,
}

/// What a replay left in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The saved workouts by rising start.
    pub workouts: Vec<ReplayedWorkout>,
    /// What the engine could not take, and what else a reader of the results should know; sentences without full stop.
    pub notes: Vec<String>,
}

/// One saved workout.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedWorkout {
    /// Its id in the store.
    pub id: Uuid,
    /// The recorded sessions it was made of, by rising start. Several are the activities of a multi-sport workout.
    pub sessions: Vec<ReplayedSession>,
}

/// One recorded session of a saved workout.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedSession {
    /// Its place in [`Recording::sessions`].
    pub index: usize,
    /// How many of its samples the engine collected and saved.
    pub samples: u64,
}

/// A clock that stands shortly before the recording.
pub fn clock_for(recording: &Recording) -> ManualClock {
    ManualClock::new(beginning(recording))
}

fn beginning(recording: &Recording) -> Timestamp {
    let start = recording.sessions.iter().map(|session| session.start_us).min().unwrap_or(0);
    Timestamp::from_micros(start).minus(COUNTDOWN)
}

/// How to open a store for a replay on this clock; add a path for a store in a file.
pub fn store_options(clock: &ManualClock, speed: Speed) -> StoreOptions {
    let options = StoreOptions::new().clock(clock);
    match speed {
        // A replay can be repeated, so that losing the last minute of one costs nothing.
        Speed::Max => options.durability(Durability::Within(Duration::from_secs(60))).sync_every(None),
        Speed::Times(_) => options,
    }
}

/// Replays a recording into a store that runs on this clock, the one of [`clock_for`].
///
/// # Errors
/// Whatever the engine refuses. The workout in the making is then discarded and its session ended; workouts of the same
/// recording that were complete before stay saved.
pub fn replay(
    store: &HealthStore,
    clock: &ManualClock,
    recording: &Recording,
    options: &ReplayOptions,
    observer: &mut dyn Observer,
) -> Result<Outcome, PacelineError> {
    conduct(store, clock, recording, options, None, observer)
}

/// Goes on with a replay that was taken up, and makes what is left of its recording. The outcome is that of a replay nobody
/// disturbed.
///
/// # Errors
/// As [`replay`], but what was taken up stays in the store.
pub fn go_on(
    store: &HealthStore,
    clock: &ManualClock,
    recording: &Recording,
    options: &ReplayOptions,
    found: TakenUp,
    observer: &mut dyn Observer,
) -> Result<Outcome, PacelineError> {
    conduct(store, clock, recording, options, Some(found), observer)
}

/// How long the workout that was cut off would be.
pub fn length_of(recording: &Recording, interrupted: &Interrupted) -> Option<Duration> {
    let Payload::Ticket(ticket) = &interrupted.payload else { return None };
    let plans = plan::workouts(&recording.sessions);
    plans.get(ticket.place).map(|plan| plan.end().since(plan.start()))
}

fn parts<'a>(
    recording: &'a Recording,
    without_type: &mut BTreeMap<paceline_formats::Channel, timeline::LeftOut>,
) -> Vec<Part<'a>> {
    let plans = plan::workouts(&recording.sessions).into_iter();
    plans
        .map(|plan| {
            let timeline = timeline::Timeline::new(&plan, without_type);
            (plan, timeline)
        })
        .collect()
}

fn conduct(
    store: &HealthStore,
    clock: &ManualClock,
    recording: &Recording,
    options: &ReplayOptions,
    found: Option<TakenUp>,
    observer: &mut dyn Observer,
) -> Result<Outcome, PacelineError> {
    let mut without_type = BTreeMap::new();
    let parts = parts(recording, &mut without_type);
    // What the engine would refuse is refused before anything is saved.
    parts.iter().try_for_each(|(_, timeline)| timeline.check())?;
    let mut notes = Vec::new();
    if parts.len() > 1 {
        let (sessions, workouts) = (recording.sessions.len(), parts.len());
        notes.push(format!(
            "the {sessions} recorded sessions became {workouts} workouts: only swimming, cycling, running and \
             transitions that follow one another share one"
        ));
    }
    let (speed, origin) = (options.speed, options.origin.as_ref());
    let beginning = beginning(recording);
    let workouts = Conductor { store, clock, beginning, speed, origin, observer }.conduct(&parts, found)?;
    notes.extend(without_type.iter().map(|(channel, left_out)| left_out.note(*channel)));
    Ok(Outcome { workouts, notes })
}
