//! The builder: gathers samples, events, metadata and activities, and becomes one workout (reference, section 5).

use super::activities::{Activity, check_kind, place_for, place_of};
use super::change::Change;
use super::data_source::Selection;
use super::dates::{latest_sample, not_in_future, not_later};
use super::host_facts::HostFacts;
use super::running_time::RunningTime;
use super::statistics::{Frame, WorkoutStatistics};
use super::timeline::Shift;
use crate::values::rows::Rows;
use crate::values::{
    Metadata, PacelineError, Timestamp, TypeSet, Workout, WorkoutActivity, WorkoutConfiguration,
    WorkoutEvent, WorkoutEventType, metadata,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Where a builder is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Nothing happened yet.
    Idle,
    /// Collection began.
    Collecting,
    /// Collection ended; more can be added until it is finished.
    Ended,
    /// The workout was saved.
    Finished,
    /// The workout was thrown away.
    Discarded,
    /// Its session was never allowed to start; a new session and builder are needed.
    Failed,
}

/// The calls that the table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    BeginCollection,
    AddSamples,
    AddEvents,
    AddMetadata,
    AddOrUpdateActivity,
    EndCollection,
    Finish,
}

/// The table of phases and calls (reference, section 5.3). Discarding is allowed in every phase, and so is reading.
pub(crate) const fn is_allowed(call: Call, phase: Phase) -> bool {
    match call {
        Call::BeginCollection => matches!(phase, Phase::Idle),
        Call::AddSamples | Call::AddEvents | Call::AddMetadata | Call::AddOrUpdateActivity => {
            matches!(phase, Phase::Collecting | Phase::Ended)
        }
        Call::EndCollection => matches!(phase, Phase::Collecting),
        Call::Finish => matches!(phase, Phase::Ended),
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeginCollection => "begin collection",
            Self::AddSamples => "add samples",
            Self::AddEvents => "add events",
            Self::AddMetadata => "add metadata",
            Self::AddOrUpdateActivity => "add or update an activity",
            Self::EndCollection => "end collection",
            Self::Finish => "finish",
        })
    }
}

impl Phase {
    /// Why a call is refused in this phase, and what would help.
    const fn hint(self) -> &'static str {
        match self {
            Self::Idle => "collection has not begun; begin it first",
            Self::Collecting => "collection is going on; end it first",
            Self::Ended => "collection has ended",
            Self::Finished => "the workout is finished",
            Self::Discarded => "the workout was discarded",
            Self::Failed => "the session was not allowed to start; make a new session",
        }
    }
}

/// A builder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Builder {
    pub(crate) configuration: WorkoutConfiguration,
    pub(crate) phase: Phase,
    pub(crate) start: Option<Timestamp>,
    pub(crate) end: Option<Timestamp>,
    pub(crate) collects_events: bool,
    /// By rising start; of the same start, in order of insertion.
    pub(crate) events: Vec<WorkoutEvent>,
    pub(crate) metadata: Metadata,
    /// By rising start, not overlapping.
    pub(crate) activities: Vec<Activity>,
    pub(crate) data_source: Option<Selection>,
    pub(crate) time: RunningTime,
    pub(crate) statistics: WorkoutStatistics,
}

impl Builder {
    pub(crate) fn new(configuration: WorkoutConfiguration) -> Self {
        Self {
            configuration,
            phase: Phase::Idle,
            start: None,
            end: None,
            collects_events: true,
            events: Vec::new(),
            metadata: Metadata::new(),
            activities: Vec::new(),
            data_source: None,
            time: RunningTime::default(),
            statistics: WorkoutStatistics::default(),
        }
    }

    fn check(&self, call: Call) -> Result<(), PacelineError> {
        if is_allowed(call, self.phase) {
            return Ok(());
        }
        Err(PacelineError::invalid(format!("cannot {call}: {}", self.phase.hint())))
    }

    /// Elapsed time at a date; does not grow after the end.
    pub(crate) fn elapsed(&self, date: Timestamp) -> Duration {
        self.time.elapsed(date, self.end)
    }

    /// A request to pause is told but not kept: nothing came of it yet.
    fn is_fact(event: &WorkoutEvent) -> bool {
        event.event_type != WorkoutEventType::PauseOrResumeRequest
    }

    /// Whether the builder puts in this event of its session by itself (reference, section 6.3).
    pub(crate) fn keeps(&self, event: &WorkoutEvent) -> bool {
        self.phase == Phase::Collecting
            && self.collects_events
            && Self::is_fact(event)
            && self.start.is_some_and(|start| event.start >= start)
    }

    /// Begins collection, with what its session did before: events and activities from the start on are taken in, and
    /// a session that is paused at the start is paused there (inferred: reference, section 6.3).
    pub(crate) fn begin_collection(
        &self,
        start: Timestamp,
        session_events: &[WorkoutEvent],
        session_activities: &[Activity],
        session_over: bool,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::BeginCollection)?;
        if session_over {
            return Err(PacelineError::invalid(
                "cannot begin collection: the session is over; make a new one",
            ));
        }
        let start = not_in_future(start, now, "the start of collection")?;
        let mut changes = vec![Change::CollectionBegan { start }];
        if self.collects_events {
            let paused_at_start =
                session_events.iter().filter(|event| event.start < start).fold(false, |paused, event| {
                    match event.event_type {
                        WorkoutEventType::Pause => true,
                        WorkoutEventType::Resume => false,
                        _ => paused,
                    }
                });
            let pause = paused_at_start.then(|| WorkoutEvent::at(WorkoutEventType::Pause, start));
            let later =
                session_events.iter().filter(|event| event.start >= start && Self::is_fact(event)).cloned();
            let events: Vec<_> = pause.into_iter().chain(later).collect();
            if !events.is_empty() {
                changes.push(Change::EventsAdded(events));
            }
        }
        for activity in
            session_activities.iter().filter(|activity| activity.end.is_none_or(|end| end > start))
        {
            let activity = Activity { start: activity.start.max(start), ..activity.clone() };
            changes.push(Change::ActivityAdded(activity));
        }
        Ok(changes)
    }

    /// Checks samples that the app adds by hand.
    pub(crate) fn check_samples(
        &self,
        rows: &Rows,
        facts: &HostFacts,
        now: Timestamp,
    ) -> Result<(), PacelineError> {
        self.check(Call::AddSamples)?;
        let start = self.start.unwrap_or(Timestamp::MIN);
        for run in rows.runs() {
            if let Some(refusal) = facts.refusal_to_write(run.head.kind) {
                return Err(refusal);
            }
            // A date far ahead would make everything that comes after it late.
            if run.summary.last_end > latest_sample(now) {
                return Err(PacelineError::invalid(format!(
                    "a sample of {} lies in the future",
                    run.head.kind
                ))
                .with_value(run.summary.last_end));
            }
            if let Some(early) = run.readings.iter().find(|reading| reading.start < start) {
                return Err(PacelineError::invalid(format!(
                    "a sample of {} starts before the workout, which began at {start}",
                    run.head.kind
                ))
                .with_value(early.start));
            }
        }
        Ok(())
    }

    /// Marks what the data source takes of samples that were measured until a date, at that instant or in a time that begins
    /// before it, and that do not reach beyond `latest`. `key` stands for this workout in the store. What it takes gets dates of
    /// the session.
    pub(crate) fn pick(
        &self,
        rows: &mut Rows,
        key: i64,
        until: Timestamp,
        latest: Timestamp,
        shift: Shift,
    ) -> TypeSet {
        let (Phase::Collecting, Some(start), Some(selection)) = (self.phase, self.start, &self.data_source)
        else {
            return TypeSet::EMPTY;
        };
        rows.collect(
            key,
            |head, summary| match selection.takes_all_of(head.kind) {
                Some(true)
                    if !shift.is_none()
                        || summary.first_start < start
                        || summary.last_start >= until
                        || summary.last_end > latest =>
                {
                    None
                }
                answer => answer,
            },
            |head, reading| {
                let reading = &shift.reading(reading);
                let measured = reading.start < until || (reading.start == until && reading.end == until);
                reading.start >= start
                    && measured
                    && reading.end <= latest
                    && selection.accepts(head, reading)
            },
        );
        if !shift.is_none() {
            rows.move_collected(|reading| shift.reading(reading));
        }
        rows.collected().map(|run| run.head.kind).collect()
    }

    pub(crate) fn add_events(
        &self,
        events: Vec<WorkoutEvent>,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::AddEvents)?;
        let mut events = events;
        for event in &mut events {
            event.validate()?;
            *event = not_later(event, now)?;
            self.check_inside(event.start, event.end, "an event")?;
        }
        Ok(if events.is_empty() { Vec::new() } else { vec![Change::EventsAdded(events)] })
    }

    pub(crate) fn add_metadata(&self, added: Metadata) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::AddMetadata)?;
        metadata::validate(&self.metadata, &added)?;
        Ok(vec![Change::MetadataAdded(added)])
    }

    pub(crate) fn add_activity(
        &self,
        mut activity: Activity,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::AddOrUpdateActivity)?;
        check_kind(&self.configuration, &activity.configuration)?;
        metadata::validate(&Metadata::new(), &activity.metadata)?;
        self.check_inside(activity.start, activity.end.unwrap_or(activity.start), "an activity")?;
        activity.start = not_in_future(activity.start, now, "the start of an activity")?;
        if let Some(end) = &mut activity.end {
            *end = not_in_future(*end, now, "the end of an activity")?;
        }
        if activity.is_open() && self.phase == Phase::Ended {
            return Err(PacelineError::invalid("collection has ended; give the activity an end"));
        }
        place_for(&self.activities, activity.start, activity.end)?;
        Ok(vec![Change::ActivityAdded(activity)])
    }

    pub(crate) fn update_activity_end(
        &self,
        id: Uuid,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::AddOrUpdateActivity)?;
        let index = self.index_of(id)?;
        let end = not_in_future(end, now, "the end of an activity")?;
        self.check_inside(self.activities[index].start, end, "an activity")?;
        let mut others = self.activities.clone();
        let activity = others.remove(index);
        place_for(&others, activity.start, Some(end))?;
        Ok(vec![Change::ActivityEnded { id, end }])
    }

    pub(crate) fn update_activity_metadata(
        &self,
        id: Uuid,
        added: Metadata,
    ) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::AddOrUpdateActivity)?;
        let index = self.index_of(id)?;
        metadata::validate(&self.activities[index].metadata, &added)?;
        Ok(vec![Change::ActivityMetadataAdded { id, metadata: added }])
    }

    /// Ends collection. Activities end with it: an open one, and one that was given a later end.
    pub(crate) fn end_collection(
        &self,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::EndCollection)?;
        let end = not_in_future(end, now, "the end of collection")?;
        if self.start.is_some_and(|start| end < start) {
            return Err(PacelineError::invalid("collection cannot end before it began").with_value(end));
        }
        let reaching_beyond =
            |activity: &&Activity| activity.start <= end && activity.end.is_none_or(|other| other > end);
        let mut changes: Vec<_> = self
            .activities
            .iter()
            .filter(reaching_beyond)
            .map(|activity| Change::ActivityEnded { id: activity.id, end })
            .collect();
        changes.push(Change::CollectionEnded { end });
        Ok(changes)
    }

    pub(crate) fn finish(&self, facts: &HostFacts) -> Result<Vec<Change>, PacelineError> {
        self.check(Call::Finish)?;
        match facts.refusal_to_save() {
            Some(refusal) => Err(refusal),
            None => Ok(vec![Change::Finished]),
        }
    }

    /// Throws the workout away. Before collection began there is nothing to throw away, and what is finished or
    /// discarded stays so.
    pub(crate) fn discard(&self) -> Vec<Change> {
        match self.phase {
            Phase::Collecting | Phase::Ended => vec![Change::Discarded],
            Phase::Idle | Phase::Finished | Phase::Discarded | Phase::Failed => Vec::new(),
        }
    }

    fn check_inside(&self, start: Timestamp, end: Timestamp, what: &str) -> Result<(), PacelineError> {
        if self.start.is_some_and(|begin| start < begin) {
            return Err(
                PacelineError::invalid(format!("{what} cannot lie before the workout")).with_value(start)
            );
        }
        if self.end.is_some_and(|last| end > last) {
            return Err(
                PacelineError::invalid(format!("{what} cannot lie after the workout")).with_value(end)
            );
        }
        Ok(())
    }

    fn index_of(&self, id: Uuid) -> Result<usize, PacelineError> {
        self.activities
            .iter()
            .position(|activity| activity.id == id)
            .ok_or_else(|| PacelineError::invalid("this workout has no activity with this id").with_value(id))
    }

    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::CollectionBegan { start } => {
                self.phase = Phase::Collecting;
                self.start = Some(*start);
                self.time = RunningTime::new(*start, &self.events);
            }
            Change::EventsAdded(events) => self.insert_events(events),
            Change::MetadataAdded(added) => metadata::merge(&mut self.metadata, added),
            Change::ActivityAdded(activity) => {
                let place = place_of(&self.activities, activity.start, activity.end);
                self.activities.insert(place, activity.clone());
                self.statistics.insert_activity(place);
                self.statistics.activities_changed(activity.start);
            }
            Change::ActivityEnded { id, end } => {
                if let Some(index) = self.activities.iter().position(|activity| activity.id == *id) {
                    let mut activity = self.activities.remove(index);
                    let before = activity.end.replace(*end);
                    // Of several that begin at the same instant, the one that gets a length goes behind the others.
                    let place = place_of(&self.activities, activity.start, activity.end);
                    self.activities.insert(place, activity);
                    self.statistics.move_activity(index, place);
                    self.statistics.activities_changed(before.map_or(*end, |before| before.min(*end)));
                }
            }
            Change::ActivityMetadataAdded { id, metadata: added } => {
                if let Some(activity) = self.activities.iter_mut().find(|activity| activity.id == *id) {
                    metadata::merge(&mut activity.metadata, added);
                }
            }
            Change::CollectionEnded { end } => {
                self.phase = Phase::Ended;
                self.end = Some(*end);
                self.statistics.ended(*end);
            }
            Change::CollectsEventsSet(collects) => self.collects_events = *collects,
            Change::DataSourceSet(selection) => self.data_source.clone_from(selection),
            Change::CollectionEnabled { kind, predicate } => {
                if let Some(selection) = &mut self.data_source {
                    selection.enable(*kind, predicate.clone());
                }
            }
            Change::CollectionDisabled { kind } => {
                if let Some(selection) = &mut self.data_source {
                    selection.disable(*kind);
                }
            }
            Change::BuilderFailed => self.phase = Phase::Failed,
            Change::Finished => self.phase = Phase::Finished,
            Change::Discarded => self.phase = Phase::Discarded,
            Change::StateChanged { .. }
            | Change::Failed { .. }
            | Change::SessionEvent(_)
            | Change::SessionActivityBegan(_)
            | Change::SessionActivityEnded { .. }
            | Change::PayloadSet(_)
            | Change::Ticked(_)
            | Change::MirroringSet(_)
            | Change::Obeyed(_) => {}
        }
    }

    fn insert_events(&mut self, events: &[WorkoutEvent]) {
        let moves_time = |event: &WorkoutEvent| {
            matches!(event.event_type, WorkoutEventType::Pause | WorkoutEventType::Resume)
        };
        for event in events {
            let place = self.events.partition_point(|other| other.start <= event.start);
            self.events.insert(place, event.clone());
        }
        let (true, Some(start)) = (events.iter().any(moves_time), self.start) else { return };
        let time = RunningTime::new(start, &self.events);
        let difference = time.first_difference(&self.time);
        self.time = time;
        if let Some(from) = difference {
            let ended = events.iter().any(|event| event.event_type == WorkoutEventType::Resume);
            self.statistics.time_changed(from, ended);
        }
    }

    /// Takes in collected samples.
    pub(crate) fn take(&mut self, rows: &Rows) {
        let frame = Frame { time: &self.time, activities: &self.activities };
        for run in rows.collected() {
            self.statistics.add(&run, &frame);
        }
    }

    /// The activities with their numbers, as of a date.
    pub(crate) fn workout_activities(&self, now: Timestamp) -> Vec<WorkoutActivity> {
        (0..self.activities.len()).map(|index| self.workout_activity(index, now)).collect()
    }

    /// The activities with their numbers after samples between two dates came in: the others are as they were.
    pub(crate) fn workout_activities_after(
        &self,
        before: &[Arc<WorkoutActivity>],
        touched: (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Vec<Arc<WorkoutActivity>> {
        let reaches = |activity: &Activity| {
            activity.start <= touched.1 && activity.end.is_none_or(|end| end >= touched.0)
        };
        (0..self.activities.len())
            .map(|index| match before.get(index) {
                Some(same) if !reaches(&self.activities[index]) => Arc::clone(same),
                _ => Arc::new(self.workout_activity(index, now)),
            })
            .collect()
    }

    fn workout_activity(&self, index: usize, now: Timestamp) -> WorkoutActivity {
        let activity = &self.activities[index];
        let end = activity.end.or(self.end).unwrap_or(now);
        WorkoutActivity {
            id: activity.id,
            configuration: activity.configuration.clone(),
            start: activity.start,
            end: activity.end,
            metadata: activity.metadata.clone(),
            duration: Duration::from_micros(self.time.micros_between(activity.start, end) as u64),
            statistics: self.statistics.of_activity(index, activity, &self.time),
        }
    }

    /// The workout as it is saved. Events and activities that begin after the end are left out, those that reach beyond it
    /// end with it; without an activity, one is made that spans the workout.
    pub(crate) fn workout(&self, id: Uuid, main_activity: Uuid) -> Option<Workout> {
        let (start, end) = (self.start?, self.end?);
        let duration = self.elapsed(end);
        let statistics = self.statistics.of_workout(start, Some(end), &self.time);
        let mut activities = self.workout_activities(end);
        activities.retain(|activity| activity.start <= end);
        if activities.is_empty() {
            activities.push(WorkoutActivity {
                id: main_activity,
                configuration: self.configuration.clone(),
                start,
                end: Some(end),
                metadata: Metadata::new(),
                duration,
                statistics: statistics.clone(),
            });
        }
        let mut metadata = self.configuration.derived_metadata();
        metadata::merge(&mut metadata, &self.metadata);
        Some(Workout {
            id,
            configuration: self.configuration.clone(),
            start,
            end,
            duration,
            events: self
                .events
                .iter()
                .filter(|event| event.start <= end)
                .map(|event| WorkoutEvent { end: event.end.min(end), ..event.clone() })
                .collect(),
            activities,
            statistics,
            metadata,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every cell of the reference's table 5.3.
    #[test]
    fn the_phase_table() {
        use Phase::{Collecting, Discarded, Ended, Failed, Finished, Idle};
        let phases = [Idle, Collecting, Ended, Finished, Discarded, Failed];
        let table = [
            (Call::BeginCollection, "ok - - - - -"),
            (Call::AddSamples, "- ok ok - - -"),
            (Call::AddEvents, "- ok ok - - -"),
            (Call::AddMetadata, "- ok ok - - -"),
            (Call::AddOrUpdateActivity, "- ok ok - - -"),
            (Call::EndCollection, "- ok - - - -"),
            (Call::Finish, "- - ok - - -"),
        ];
        for (call, row) in table {
            for (phase, expected) in phases.into_iter().zip(row.split(' ')) {
                let found = if is_allowed(call, phase) { "ok" } else { "-" };
                assert_eq!(found, expected, "{call:?} in {phase:?}");
            }
        }
    }
}
