//! The builder as a user holds it.

use super::cell::WorkoutCell;
use super::data_source::LiveWorkoutDataSource;
use super::delegate::LiveWorkoutBuilderDelegate;
use super::engine::Engine;
use super::published::WorkoutSnapshot;
use super::workout_session::WorkoutSession;
use crate::machines::activities::Activity;
use crate::machines::change::Input;
use crate::values::{
    Metadata, PacelineError, QuantitySample, QuantityType, Statistics, Timestamp, Workout, WorkoutActivity,
    WorkoutConfiguration, WorkoutEvent,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Gathers the samples, events, metadata and activities of a live workout, and saves them as one workout.
///
/// The order that works: set delegate and data source, start the session, begin collection; at the end stop the
/// session, end collection, finish, end the session. Clones are handles on the same builder.
#[derive(Clone)]
pub struct LiveWorkoutBuilder {
    engine: Arc<Engine>,
    cell: Arc<WorkoutCell>,
}

impl LiveWorkoutBuilder {
    pub(crate) fn from_parts(engine: Arc<Engine>, cell: Arc<WorkoutCell>) -> Self {
        Self { engine, cell }
    }

    /// The engine, for a call that changes something.
    ///
    /// # Errors
    /// Health 3 for the builder of a mirrored session.
    fn changing(&self) -> Result<&Engine, PacelineError> {
        if self.cell.mirror.is_some() {
            return Err(PacelineError::invalid("the builder of a mirrored session can only be looked at"));
        }
        Ok(&self.engine)
    }

    /// Its session.
    pub fn workout_session(&self) -> WorkoutSession {
        WorkoutSession::from_parts(Arc::clone(&self.engine), Arc::clone(&self.cell))
    }

    /// A copy of the configuration; that of the session.
    pub fn configuration(&self) -> WorkoutConfiguration {
        (*self.cell.published().configuration).clone()
    }

    /// When collection began; nothing before.
    #[allow(clippy::misnamed_getters, reason = "the session has a start of its own")]
    pub fn start_date(&self) -> Option<Timestamp> {
        self.cell.published().collection_start
    }

    /// When collection ended; nothing before.
    #[allow(clippy::misnamed_getters, reason = "the session has an end of its own")]
    pub fn end_date(&self) -> Option<Timestamp> {
        self.cell.published().collection_end
    }

    /// What was added with [`LiveWorkoutBuilder::add_metadata`].
    pub fn metadata(&self) -> Metadata {
        (*self.cell.published().metadata).clone()
    }

    /// The events so far, by rising start.
    pub fn workout_events(&self) -> Arc<[WorkoutEvent]> {
        Arc::clone(&self.cell.published().events)
    }

    /// The activities so far, by rising start.
    pub fn workout_activities(&self) -> Arc<[Arc<WorkoutActivity>]> {
        Arc::clone(&self.cell.published().activities)
    }

    /// The activity in progress; nothing between activities and without any.
    pub fn current_workout_activity(&self) -> Option<WorkoutActivity> {
        self.cell.published().current_activity(self.engine.clock.moment())
    }

    /// The statistics of every type with at least one sample, by rising type code.
    pub fn all_statistics(&self) -> Arc<[Statistics]> {
        Arc::clone(&self.cell.published().statistics)
    }

    /// The statistics of one type; nothing when no sample of it counts.
    pub fn statistics(&self, quantity_type: QuantityType) -> Option<Statistics> {
        self.cell.published().statistics.iter().find(|one| one.quantity_type == quantity_type).cloned()
    }

    /// The time without pauses up to now, or up to the end of collection. It can go down when events of the past come in.
    pub fn elapsed_time(&self) -> Duration {
        self.cell.published().elapsed(self.engine.clock.moment())
    }

    /// The time without pauses up to a date.
    pub fn elapsed_time_at(&self, date: Timestamp) -> Duration {
        self.cell.published().elapsed_at(date, self.engine.clock.moment())
    }

    /// Everything a screen shows, as of now; never waits for the disk.
    pub fn snapshot(&self) -> WorkoutSnapshot {
        self.cell.published().snapshot(self.engine.clock.moment())
    }

    /// Who hears of this builder; nothing to stop. A delegate that holds its own builder keeps both alive, and the store
    /// open, until nothing is set.
    pub fn set_delegate(&self, delegate: Option<Arc<dyn LiveWorkoutBuilderDelegate>>) {
        self.cell.set_builder_delegate(delegate);
    }

    /// Whether events of the session are put in by themselves. True unless changed.
    pub fn should_collect_workout_events(&self) -> bool {
        self.cell.published().collects_events
    }

    /// Sets whether events of the session are put in by themselves. When they are not, pauses of the session do not
    /// count either, unless the app adds them.
    ///
    /// # Errors
    /// Health 3 after collection began.
    pub fn set_should_collect_workout_events(&self, collect: bool) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::SetCollectsEvents(collect))
    }

    /// What selects the samples; nothing until one is set.
    pub fn data_source(&self) -> Option<LiveWorkoutDataSource> {
        self.cell.data_source()
    }

    /// Sets what selects the samples. Without one, only samples added by hand are collected. One data source serves one
    /// builder; a new one replaces the old one.
    ///
    /// # Errors
    /// Health 3 when it serves another builder; domain `store` when it cannot be saved.
    pub fn set_data_source(&self, source: Option<&LiveWorkoutDataSource>) -> Result<(), PacelineError> {
        self.changing()?;
        let selection = source.map(|source| source.attach(&self.engine, &self.cell)).transpose()?;
        let outcome = self.changing()?.step(self.cell.id, |_| Input::SetDataSource(selection));
        if outcome.is_ok() {
            let old = self.cell.set_data_source(source.cloned());
            if let Some(old) = old.filter(|old| source != Some(old)) {
                old.detach();
            }
        } else if let Some(source) = source.filter(|source| self.cell.data_source().as_ref() != Some(*source))
        {
            source.detach();
        }
        outcome
    }

    /// Begins collection at this date. It may lie in the past: events and activities of the session from then on are
    /// taken in.
    ///
    /// # Errors
    /// Health 3 when it began before, when the session is over, and for a date in the future.
    pub fn begin_collection(&self, start: Timestamp) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::BeginCollection { start })
    }

    /// Adds samples; all or none. Samples without an id are saved, others are only tied to the workout.
    ///
    /// # Errors
    /// Health 3 unless collection began and the workout is not finished, or when a sample starts before the workout or is
    /// part of another one; health 4 or 5 without permission for its type; domain `input` for a wrong value; domain
    /// `store` when they cannot be saved.
    pub fn add_samples(&self, samples: &[QuantitySample]) -> Result<(), PacelineError> {
        self.changing()?.add_samples(self.cell.id, samples)
    }

    /// Adds events; all or none. Events of the past change elapsed time and statistics as if they had come in time.
    ///
    /// # Errors
    /// Health 3 unless collection began and the workout is not finished, for events outside the workout, and for
    /// durations where there is none.
    pub fn add_workout_events(&self, events: Vec<WorkoutEvent>) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::AddEvents(events))
    }

    /// Adds metadata, key by key; a new value replaces an old one.
    ///
    /// # Errors
    /// Health 3 unless collection began and the workout is not finished, and for values that are not valid; then nothing
    /// changes.
    pub fn add_metadata(&self, metadata: Metadata) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::AddMetadata(metadata))
    }

    /// Adds an activity by hand and returns its id.
    ///
    /// # Errors
    /// Health 3 unless collection began and the workout is not finished, when it lies outside the workout, overlaps
    /// another activity, or its type does not fit the workout.
    pub fn add_workout_activity(
        &self,
        configuration: WorkoutConfiguration,
        start: Timestamp,
        end: Option<Timestamp>,
        metadata: Metadata,
    ) -> Result<Uuid, PacelineError> {
        let id = self.changing()?.ids.uuid()?;
        let activity = Activity { id, configuration, start, end, metadata };
        self.changing()?.step(self.cell.id, |_| Input::AddActivity(activity))?;
        Ok(id)
    }

    /// Sets the end of an activity.
    ///
    /// # Errors
    /// Health 3 for an id that is not known, an end before its start, after the workout, or inside the next activity.
    pub fn update_activity_end(&self, id: Uuid, end: Timestamp) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::UpdateActivityEnd { id, end })
    }

    /// Adds metadata to an activity.
    ///
    /// # Errors
    /// Health 3 for an id that is not known and for values that are not valid; then nothing changes.
    pub fn update_activity_metadata(&self, id: Uuid, metadata: Metadata) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::UpdateActivityMetadata { id, metadata })
    }

    /// Ends collection at this date. Activities that reach beyond it end with it; events and activities that begin later
    /// are left out of the workout. More can be added until it is finished.
    ///
    /// # Errors
    /// Health 3 unless collection is going on, and for a date in the future or before the start.
    pub fn end_collection(&self, end: Timestamp) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::EndCollection { end })
    }

    /// Saves the workout and returns it; nothing when the device is locked: then it is saved, but cannot be read yet.
    ///
    /// # Errors
    /// Health 3 unless collection ended, and after it was finished or discarded; health 4 or 5 without permission to
    /// save workouts (ask for it and call again, nothing is lost); domain `store` when it cannot be saved.
    pub fn finish_workout(&self) -> Result<Option<Workout>, PacelineError> {
        self.changing()?.finish(self.cell.id)
    }

    /// Throws the workout away; its samples stay in the store. Without effect before collection began and after it was
    /// finished or discarded.
    ///
    /// # Errors
    /// Domain `store` when it cannot be saved.
    pub fn discard_workout(&self) -> Result<(), PacelineError> {
        self.changing()?.step(self.cell.id, |_| Input::Discard)
    }
}

impl PartialEq for LiveWorkoutBuilder {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.cell, &other.cell)
    }
}

impl Eq for LiveWorkoutBuilder {}

impl fmt::Debug for LiveWorkoutBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveWorkoutBuilder({})", self.cell.id)
    }
}
