//! A session and its builder together: one input, one decision.
//!
//! Session and builder are two machines. What the session does reaches the builder here, in the order of the
//! reference's section 18.3: failure, end of the open activity, state, event, builder.

use super::activities::place_for;
use super::builder::{Builder, Phase};
use super::change::{Change, Input, Notice, failure};
use super::dates::latest_sample;
use super::session::Session;
use super::statistics::RowsWanted;
use crate::values::rows::Rows;
use crate::values::{
    ErrorCode, PacelineError, Timestamp, TypeSet, Workout, WorkoutConfiguration, WorkoutEvent,
    WorkoutSessionState,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A workout from the creation of its session until its builder is finished or discarded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LiveWorkout {
    pub(crate) session: Session,
    pub(crate) builder: Builder,
    /// What the session produced before collection began.
    early_events: Vec<WorkoutEvent>,
    /// The latest instant at which anything happened: time never runs backwards for a session.
    last_instant: Timestamp,
    /// What the app keeps with its session.
    pub(crate) payload: Vec<u8>,
}

/// The largest payload, in bytes.
const LARGEST_PAYLOAD: usize = 1 << 20;

impl LiveWorkout {
    pub(crate) fn new(id: Uuid, configuration: WorkoutConfiguration) -> Self {
        Self {
            builder: Builder::new(configuration.clone()),
            session: Session::new(id, configuration),
            early_events: Vec::new(),
            last_instant: Timestamp::MIN,
            payload: Vec::new(),
        }
    }

    /// Whether nothing can happen to it any more: the session is over and nothing is left to save.
    pub(crate) fn is_settled(&self) -> bool {
        self.session.state == WorkoutSessionState::Ended
            && matches!(self.builder.phase, Phase::Idle | Phase::Finished | Phase::Discarded | Phase::Failed)
    }

    /// Whether these changes leave nothing to recover: the builder's work is done, or will never begin.
    pub(crate) fn leaves_nothing(&self, changes: &[Change]) -> bool {
        changes.iter().any(|change| match change {
            Change::Finished | Change::Discarded => true,
            Change::StateChanged { to: WorkoutSessionState::Ended, .. } => {
                matches!(self.builder.phase, Phase::Idle | Phase::Failed)
            }
            _ => false,
        })
    }

    /// What an input would change. Refused inputs change nothing.
    pub(crate) fn decide(&self, input: Input<'_>, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        let now = now.max(self.last_instant);
        let (session, builder) = (&self.session, &self.builder);
        match input {
            Input::Prepare { facts } => session.prepare(facts, now).map(|changes| self.with_builder(changes)),
            Input::StartActivity { date, facts } => {
                session.start_activity(date, facts, now).map(|changes| self.with_builder(changes))
            }
            Input::Pause => session.pause(now).map(|changes| self.with_builder(changes)),
            Input::Resume => session.resume(now).map(|changes| self.with_builder(changes)),
            Input::StopActivity { date } => {
                session.stop_activity(date, now).map(|changes| self.with_builder(changes))
            }
            Input::End => session.end(now).map(|changes| self.with_builder(changes)),
            Input::BeginActivity { id, configuration, date, metadata } => {
                let changes =
                    self.with_builder(session.begin_activity(id, configuration, date, metadata, now)?);
                self.check_builder_has_room(&changes)?;
                Ok(changes)
            }
            Input::EndActivity { date } => {
                session.end_activity(date, now).map(|changes| self.with_builder(changes))
            }
            Input::Report(event) => session.report(&event, now).map(|changes| self.with_builder(changes)),
            Input::Fail(error) => Ok(self.with_builder(session.fail(&error, now))),

            Input::BeginCollection { start } => {
                let over = session.state == WorkoutSessionState::Ended;
                builder.begin_collection(start, &self.early_events, &session.activities, over, now)
            }
            Input::AddEvents(events) => builder.add_events(events, now),
            Input::AddMetadata(metadata) => builder.add_metadata(metadata),
            Input::AddActivity(activity) => builder.add_activity(activity, now),
            Input::UpdateActivityEnd { id, end } => builder.update_activity_end(id, end, now),
            Input::UpdateActivityMetadata { id, metadata } => builder.update_activity_metadata(id, metadata),
            Input::EndCollection { end } => builder.end_collection(end, now),
            Input::Finish { facts } => builder.finish(facts),
            Input::Discard => Ok(builder.discard()),
            Input::SetCollectsEvents(collects) => {
                if matches!(builder.phase, Phase::Idle) {
                    Ok(vec![Change::CollectsEventsSet(collects)])
                } else {
                    Err(PacelineError::invalid(
                        "whether events are collected is set before collection begins",
                    ))
                }
            }
            Input::SetDataSource(selection) => Ok(vec![Change::DataSourceSet(selection)]),
            Input::EnableCollection { kind, predicate } => {
                Ok(vec![Change::CollectionEnabled { kind, predicate }])
            }
            Input::DisableCollection { kind } => Ok(vec![Change::CollectionDisabled { kind }]),
            Input::SetPayload(payload) => self.set_payload(payload),
        }
    }

    fn set_payload(&self, payload: Vec<u8>) -> Result<Vec<Change>, PacelineError> {
        if self.is_settled() {
            return Err(PacelineError::invalid("this workout is over; its payload went with it"));
        }
        if payload.len() > LARGEST_PAYLOAD {
            return Err(PacelineError::new(
                ErrorCode::DataSizeExceeded,
                "a payload has one mebibyte at most; keep what is larger in a file and its name here",
            )
            .with_value(format_args!("{} bytes", payload.len())));
        }
        Ok(vec![Change::PayloadSet(payload)])
    }

    /// What the session's changes mean for the builder.
    fn with_builder(&self, mut changes: Vec<Change>) -> Vec<Change> {
        let builder = &self.builder;
        let collecting = builder.phase == Phase::Collecting;
        let start = builder.start.unwrap_or(Timestamp::MIN);
        let mut follow = Vec::new();
        for change in &changes {
            match change {
                Change::SessionEvent(event) if builder.keeps(event) => {
                    follow.push(Change::EventsAdded(vec![event.clone()]));
                }
                Change::SessionActivityEnded { id, end }
                    if collecting
                        && builder
                            .activities
                            .iter()
                            .any(|activity| activity.id == *id && activity.is_open()) =>
                {
                    follow.push(Change::ActivityEnded { id: *id, end: (*end).max(start) });
                }
                Change::SessionActivityBegan(activity) if collecting => {
                    let mut activity = activity.clone();
                    activity.start = activity.start.max(start);
                    follow.push(Change::ActivityAdded(activity));
                }
                Change::Failed { .. }
                    if matches!(
                        self.session.state,
                        WorkoutSessionState::NotStarted | WorkoutSessionState::Prepared
                    ) && builder.phase == Phase::Idle =>
                {
                    follow.push(Change::BuilderFailed);
                }
                _ => {}
            }
        }
        changes.extend(follow);
        changes
    }

    /// An activity that the app added by hand may lie where the session's next one would.
    fn check_builder_has_room(&self, changes: &[Change]) -> Result<(), PacelineError> {
        let mut activities = self.builder.activities.clone();
        for change in changes {
            match change {
                Change::ActivityEnded { id, end } => {
                    if let Some(activity) = activities.iter_mut().find(|activity| activity.id == *id) {
                        activity.end = Some(*end);
                    }
                }
                Change::ActivityAdded(activity) => {
                    place_for(&activities, activity.start, activity.end)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Marks the samples that the builder collects, and tells their types.
    pub(crate) fn pick(&self, rows: &mut Rows, key: i64, now: Timestamp) -> TypeSet {
        let now = now.max(self.last_instant);
        match self.session.measures_until(now) {
            Some(until) => self.builder.pick(rows, key, until, latest_sample(now)),
            None => TypeSet::EMPTY,
        }
    }

    /// Applies what was committed. Cannot fail.
    pub(crate) fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.session.apply(change);
            self.builder.apply(change);
            match change {
                Change::StateChanged { date, .. } => self.last_instant = self.last_instant.max(*date),
                Change::SessionEvent(event) if self.builder.phase == Phase::Idle => {
                    let place = self.early_events.partition_point(|other| other.start <= event.start);
                    self.early_events.insert(place, event.clone());
                }
                Change::SessionActivityBegan(_) | Change::SessionActivityEnded { .. } => {
                    self.follow_activity();
                }
                Change::DataSourceSet(_) if self.session.open_activity().is_some() => self.follow_activity(),
                Change::CollectionBegan { .. } => self.early_events = Vec::new(),
                Change::PayloadSet(payload) => self.payload.clone_from(payload),
                _ => {}
            }
        }
    }

    /// The data source follows the activity in progress, or the workout's own configuration when there is none.
    fn follow_activity(&mut self) {
        let configuration = self
            .session
            .open_activity()
            .map_or(&self.session.configuration, |activity| &activity.configuration);
        if let Some(selection) = &mut self.builder.data_source {
            selection.follow(configuration);
        }
    }

    /// Applies samples that were committed.
    pub(crate) fn take(&mut self, rows: &Rows) {
        self.builder.take(rows);
    }

    /// The rows needed to correct statistics, if any are needed.
    pub(crate) fn rows_wanted(&self) -> Option<RowsWanted> {
        self.builder.statistics.rows_wanted()
    }

    /// The same, leaving out types that are to wait.
    pub(crate) fn rows_wanted_but_for(&self, waiting: &TypeSet) -> Option<RowsWanted> {
        self.builder.statistics.rows_wanted_but_for(waiting)
    }

    /// The types whose numbers wait for a correction.
    pub(crate) fn stale_types(&self) -> TypeSet {
        self.builder.statistics.stale()
    }

    /// Takes in rows that were wanted; tells the type whose numbers are right again.
    pub(crate) fn feed(&mut self, wanted: RowsWanted, rows: &Rows, next: Option<RowsWanted>) -> TypeSet {
        let builder = &mut self.builder;
        let frame = super::statistics::Frame { time: &builder.time, activities: &builder.activities };
        let corrected = builder.statistics.feed(wanted, rows, next, &frame);
        if corrected { [wanted.kind].into_iter().collect() } else { TypeSet::EMPTY }
    }

    /// The workout as it will be saved.
    ///
    /// # Errors
    /// Internal while statistics are still being corrected, which the caller has to wait for.
    pub(crate) fn finished_workout(&self, main_activity: Uuid) -> Result<Workout, PacelineError> {
        if self.rows_wanted().is_some() {
            return Err(PacelineError::new(ErrorCode::Internal, "statistics are still being corrected"));
        }
        self.builder
            .workout(self.session.id, main_activity)
            .ok_or_else(|| PacelineError::new(ErrorCode::Internal, "an ended builder has a start and an end"))
    }

    /// What delegates hear of changes, in order. Configurations are looked up as they are after the changes.
    pub(crate) fn notices(&self, changes: &[Change]) -> Vec<Notice> {
        let mut notices = Vec::with_capacity(changes.len());
        for change in changes {
            notices.extend(self.notice(change));
            // One that is over when it is added is told as any other: it began, and it got its end.
            if let Change::ActivityAdded(activity) = change
                && activity.end.is_some()
            {
                notices.push(Notice::BuilderActivityEnded { id: activity.id });
            }
        }
        notices
    }

    fn notice(&self, change: &Change) -> Option<Notice> {
        match change {
            Change::StateChanged { from, to, date } => {
                Some(Notice::StateChanged { to: *to, from: *from, date: *date })
            }
            Change::Failed { code, message } => Some(Notice::Failed(failure(*code, message))),
            Change::SessionEvent(event) => Some(Notice::Event(event.clone())),
            Change::SessionActivityBegan(activity) => Some(Notice::ActivityBegan {
                configuration: activity.configuration.clone(),
                date: activity.start,
            }),
            Change::SessionActivityEnded { id, end } => {
                let activity = self.session.activities.iter().find(|activity| activity.id == *id)?;
                Some(Notice::ActivityEnded { configuration: activity.configuration.clone(), date: *end })
            }
            Change::EventsAdded(_) => Some(Notice::EventCollected),
            Change::ActivityAdded(activity) => Some(Notice::BuilderActivityBegan { id: activity.id }),
            Change::ActivityEnded { id, .. } => Some(Notice::BuilderActivityEnded { id: *id }),
            Change::CollectionBegan { .. }
            | Change::MetadataAdded(_)
            | Change::ActivityMetadataAdded { .. }
            | Change::CollectionEnded { .. }
            | Change::CollectsEventsSet(_)
            | Change::DataSourceSet(_)
            | Change::CollectionEnabled { .. }
            | Change::CollectionDisabled { .. }
            | Change::BuilderFailed
            | Change::Finished
            | Change::Discarded
            | Change::PayloadSet(_) => None,
        }
    }
}
