//! A session and its builder together: one input, one decision.
//!
//! Session and builder are two machines. What the session does reaches the builder here, in the order of the
//! reference's section 18.3: failure, end of the open activity, state, event, builder.

use super::activities::place_for;
use super::builder::{Builder, Phase};
use super::change::{Change, Input, Notice, failure};
use super::dates::{latest_date, latest_sample};
use super::host_facts::HostFacts;
use super::session::Session;
use super::statistics::RowsWanted;
use super::timeline::{Moment, Shift, Tick, Timeline};
use crate::values::rows::Rows;
use crate::values::{
    ErrorCode, MetadataValue, PacelineError, Reading, Timestamp, TypeSet, Workout, WorkoutConfiguration,
    WorkoutEvent, WorkoutEventType, WorkoutSessionState, metadata,
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
    pub(crate) timeline: Timeline,
    /// What the app keeps with its session.
    pub(crate) payload: Vec<u8>,
    /// The commands of other devices that were carried out last.
    obeyed: Vec<Uuid>,
}

/// So many commands are known at least; no device has more of them without an answer at once.
const OBEYED: usize = 64;

/// The largest payload, in bytes.
const LARGEST_PAYLOAD: usize = 1 << 20;

impl LiveWorkout {
    pub(crate) fn new(id: Uuid, configuration: WorkoutConfiguration) -> Self {
        Self {
            builder: Builder::new(configuration.clone()),
            session: Session::new(id, configuration),
            early_events: Vec::new(),
            timeline: Timeline::default(),
            payload: Vec::new(),
            obeyed: Vec::new(),
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

    /// What an input would change. Refused inputs change nothing. Dates are those of the host's wall clock.
    pub(crate) fn decide(&self, input: Input<'_>, at: Moment) -> Result<Vec<Change>, PacelineError> {
        let tick = self.timeline.tick(at);
        let shift = self.shift(&tick);
        let input = if shift.is_none() {
            input
        } else {
            input.with_dates(|date| shift.date(date, |date| self.has_told(date)), |date| shift.bound(date))
        };
        let changes = self.decide_at(input, tick.date)?;
        Ok(self.with_tick(changes, &tick, at))
    }

    /// The same for a command of another device, whose dates are those of the session. One that was carried out before changes nothing.
    pub(crate) fn obey(
        &self,
        command: Uuid,
        input: Input<'_>,
        at: Moment,
    ) -> Result<Vec<Change>, PacelineError> {
        if self.obeyed.contains(&command) {
            return Ok(Vec::new());
        }
        if let Input::BeginActivity { id, .. } = &input
            && self.session.activities.iter().any(|activity| activity.id == *id)
        {
            return Err(
                PacelineError::invalid("this session has an activity of this id already").with_value(id)
            );
        }
        let tick = self.timeline.tick(at);
        let mut changes = self.decide_at(input, tick.date)?;
        changes.push(Change::Obeyed(command));
        Ok(self.with_tick(changes, &tick, at))
    }

    /// How dates that the host hands in with a call are read.
    fn shift(&self, tick: &Tick) -> Shift {
        let earliest = self.session.start.or(self.builder.start).unwrap_or(Timestamp::MIN);
        tick.shift(earliest, latest_date(tick.date))
    }

    /// Whether a date is one that the app may know from here.
    fn has_told(&self, date: Timestamp) -> bool {
        let (session, builder) = (&self.session, &self.builder);
        let is_event = |event: &WorkoutEvent| event.start == date || event.end == date;
        [session.start, session.end, builder.start, builder.end].contains(&Some(date))
            || self.timeline.ends_at(date)
            || [&session.activities, &builder.activities]
                .into_iter()
                .flatten()
                .any(|activity| activity.start == date || activity.end == Some(date))
            || self.early_events.iter().chain(&builder.events).any(is_event)
    }

    /// A step begins with its instant, and before that with the gap that a reboot left. The first change of state begins the
    /// timeline.
    fn with_tick(&self, changes: Vec<Change>, tick: &Tick, at: Moment) -> Vec<Change> {
        let begins = || self.timeline.has_begun() || changes.iter().any(Change::is_state_change);
        if changes.is_empty() || !begins() {
            return changes;
        }
        let mut all = vec![Change::Ticked(*tick)];
        all.extend(self.gap(tick, at));
        all.extend(changes);
        all
    }

    /// What shows the user that the device was off.
    fn gap(&self, tick: &Tick, at: Moment) -> Vec<Change> {
        use WorkoutSessionState::{Paused, Running};
        let gap = self.timeline.gap_before(tick, at);
        let Some((from, to)) = gap.filter(|_| matches!(self.session.state, Running | Paused)) else {
            return Vec::new();
        };
        let reason = MetadataValue::Text(metadata::keys::GAP_REBOOT.to_owned());
        let gap = WorkoutEvent::over(WorkoutEventType::Segment, from, to)
            .with_metadata([(metadata::keys::GAP.to_owned(), reason)].into());
        self.with_builder(vec![Change::SessionEvent(gap)])
    }

    /// What must be journalled before anything else happens, when the clock was set or the device started anew.
    pub(crate) fn keep_time(&self, at: Moment) -> Vec<Change> {
        let Some(tick) = self.timeline.news(at) else { return Vec::new() };
        let mut changes = vec![Change::Ticked(tick)];
        changes.extend(self.gap(&tick, at));
        changes
    }

    /// The end of a session that another one put an end to while nobody heard of it, at the last instant that is known of it.
    pub(crate) fn fail_unheard(&self, error: &PacelineError, at: Moment) -> Vec<Change> {
        let last = self.timeline.last_known().min(self.timeline.now(at));
        self.with_builder(self.session.fail(error, last))
    }

    fn decide_at(&self, input: Input<'_>, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
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
            Input::SetMirroring(on) => session.set_mirroring(on),
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
    pub(crate) fn pick(&self, rows: &mut Rows, key: i64, at: Moment) -> TypeSet {
        let tick = self.timeline.tick(at);
        match self.session.measures_until(tick.date) {
            Some(until) => {
                let shift = self.shift_of_samples(&tick);
                self.builder.pick(rows, key, until, latest_sample(tick.date), shift)
            }
            None => TypeSet::EMPTY,
        }
    }

    fn shift_of_samples(&self, tick: &Tick) -> Shift {
        tick.shift(self.builder.start.unwrap_or(Timestamp::MIN), latest_sample(tick.date))
    }

    /// A reading that the app adds by hand, on the session's timeline.
    pub(crate) fn placed(&self, reading: &Reading, at: Moment) -> Reading {
        self.shift_of_samples(&self.timeline.tick(at)).reading(reading)
    }

    /// Checks samples that the app adds by hand, on the session's timeline.
    pub(crate) fn check_samples(
        &self,
        rows: &Rows,
        facts: &HostFacts,
        at: Moment,
    ) -> Result<(), PacelineError> {
        self.builder.check_samples(rows, facts, self.timeline.now(at))
    }

    /// Applies what was committed. Cannot fail.
    pub(crate) fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.session.apply(change);
            self.builder.apply(change);
            match change {
                Change::Ticked(tick) => self.timeline.note(tick),
                Change::StateChanged { date, to, .. } => {
                    self.timeline.note_instant(*date);
                    if *to == WorkoutSessionState::Running {
                        self.timeline.begin();
                    }
                }
                Change::SessionEvent(event) if self.builder.phase == Phase::Idle => {
                    let place = self.early_events.partition_point(|other| other.start <= event.start);
                    self.early_events.insert(place, event.clone());
                }
                Change::SessionActivityBegan(_) | Change::SessionActivityEnded { .. } => {
                    self.follow_activity();
                }
                Change::DataSourceSet(_) if self.session.open_activity().is_some() => self.follow_activity(),
                Change::CollectionBegan { .. } => {
                    self.timeline.begin();
                    self.early_events = Vec::new();
                }
                Change::Obeyed(command) => {
                    if self.obeyed.len() >= 2 * OBEYED {
                        self.obeyed.drain(..OBEYED);
                    }
                    self.obeyed.push(*command);
                }
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
        if let Some(end) = rows.collected().map(|run| run.summary.last_end).max() {
            self.timeline.note_samples(end);
        }
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
            | Change::PayloadSet(_)
            | Change::Ticked(_)
            | Change::MirroringSet(_)
            | Change::Obeyed(_) => None,
        }
    }
}
