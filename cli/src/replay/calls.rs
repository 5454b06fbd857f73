//! The calls of which a replayed workout is made, and how many of them one that was cut off has behind it.

use super::COUNTDOWN;
use super::plan::Plan;
use super::timeline::{Happening, Timeline};
use paceline::{
    HealthStore, PacelineError, SampleSource, SourceId, SourceKind, Timestamp, Uuid, WorkoutEventType,
    WorkoutSession, WorkoutSessionState,
};

/// One call of an app. Finishing the workout is not among them: see [`super::conductor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call<'a> {
    Prepare,
    Start,
    BeginCollection,
    Perform(&'a Happening),
    Stop,
    EndCollection,
    End,
}

/// What comes before anything happens, and after everything did.
const BEFORE: usize = 3;
const AFTER: usize = 3;

/// The calls of a workout with their dates, in their order.
pub(super) fn calls<'a>(plan: &Plan<'_>, timeline: &'a Timeline) -> Vec<(Timestamp, Call<'a>)> {
    let (start, end) = (plan.start(), plan.end());
    let before =
        [(start.minus(COUNTDOWN), Call::Prepare), (start, Call::Start), (start, Call::BeginCollection)];
    let happenings = timeline.happenings.iter().map(|(at, happening)| (*at, Call::Perform(happening)));
    let after = [(end, Call::Stop), (end, Call::EndCollection), (end, Call::End)];
    before.into_iter().chain(happenings).chain(after).collect()
}

/// Who measures. Each workout has a source of its own, because batches are numbered by source, and two programs may replay
/// into one store.
///
/// # Errors
/// When it cannot be saved.
pub(super) fn source_of(store: &HealthStore, session: Uuid) -> Result<SourceId, PacelineError> {
    store.register_source(&SampleSource {
        identifier: format!("recording/{session}"),
        name: "Recording device".to_owned(),
        kind: SourceKind::Device,
    })
}

/// What a workout that is not finished shows of the calls that were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traces {
    state: WorkoutSessionState,
    /// Whether collection began, and ended.
    collection: (bool, bool),
    /// How many events there are of the types that a replay adds.
    events: usize,
    /// How many activities began.
    activities: usize,
    /// Whether one is in progress.
    in_activity: bool,
    /// The number of the last batch.
    batch: u64,
}

impl Traces {
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn of(store: &HealthStore, session: &WorkoutSession) -> Result<Self, PacelineError> {
        use WorkoutEventType::{Lap, Pause, Resume, Segment};
        let snapshot = session.snapshot();
        let events = session.associated_workout_builder()?.workout_events();
        let ours = events.iter().filter(|event| matches!(event.event_type, Pause | Resume | Lap | Segment));
        Ok(Self {
            state: snapshot.state,
            collection: (snapshot.collection_start.is_some(), snapshot.collection_end.is_some()),
            events: ours.count(),
            activities: snapshot.activities.len(),
            in_activity: snapshot.activities.iter().any(|activity| activity.end.is_none()),
            batch: store.last_batch(source_of(store, session.id())?)?,
        })
    }

    /// Whether the session ended before its workout was through: something else put an end to it.
    pub(super) fn was_ended_early(&self) -> bool {
        self.state == WorkoutSessionState::Ended && !self.collection.1
    }

    /// How many of the calls of a workout were made.
    ///
    /// Each call is one commit and they are made in order, so those that were made are the first ones. What happens leaves
    /// traces that can be counted: events, activities, numbered batches.
    pub(super) fn calls_made(&self, timeline: &Timeline) -> usize {
        use WorkoutSessionState as S;
        let happened = BEFORE + timeline.happenings.len();
        match (self.state, self.collection) {
            (S::NotStarted, _) => 0,
            (S::Prepared, _) => 1,
            (S::Ended, (_, true)) => happened + AFTER,
            (_, (_, true)) => happened + 2,
            (S::Stopped | S::Ended, _) => happened + 1,
            (_, (false, _)) => 2,
            (_, (true, _)) => BEFORE + self.happened(timeline),
        }
    }

    fn happened(&self, timeline: &Timeline) -> usize {
        let (mut events, mut begun) = (0, 0);
        let was = |(_, happening): &&(Timestamp, Happening)| match happening {
            Happening::Samples(batch) => batch.number <= self.batch,
            Happening::Event(_) | Happening::Pause | Happening::Resume => {
                events += 1;
                events <= self.events
            }
            Happening::BeginLeg(_) => {
                begun += 1;
                begun <= self.activities
            }
            // Ended by itself, or because the next one began.
            Happening::EndLeg => begun < self.activities || !self.in_activity,
        };
        timeline.happenings.iter().take_while(was).count()
    }
}
