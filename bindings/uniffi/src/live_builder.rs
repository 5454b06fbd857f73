//! The builder.

use crate::configuration::WorkoutConfiguration;
use crate::data_source::CoreDataSource;
use crate::delegates::{BuilderEar, CoreBuilderDelegate};
use crate::errors::PacelineError;
use crate::event::WorkoutEvent;
use crate::guard::{guarded, guarded_call};
use crate::metadata::{self, Metadata};
use crate::quantity_type::QuantityType;
use crate::sample::QuantitySample;
use crate::snapshot::WorkoutSnapshot;
use crate::statistics::Statistics;
use crate::time::{Span, Timestamp, Uuid};
use crate::workout::{Workout, WorkoutActivity};
use crate::workout_session::CoreWorkoutSession;
use std::sync::Arc;

/// Gathers the samples, events, metadata and activities of a live workout, and saves them as one workout.
///
/// The order that works: set delegate and data source, start the session, begin collection; at the end stop the session,
/// end collection, finish, end the session. Calls may come from any thread. Equality is that of identity.
#[derive(Debug, PartialEq, Eq, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct CoreLiveWorkoutBuilder(pub(crate) paceline::LiveWorkoutBuilder);

#[uniffi::export]
impl CoreLiveWorkoutBuilder {
    /// Its session.
    pub fn workout_session(&self) -> Arc<CoreWorkoutSession> {
        Arc::new(CoreWorkoutSession(self.0.workout_session()))
    }

    /// A copy of the configuration; that of the session.
    pub fn configuration(&self) -> WorkoutConfiguration {
        self.0.configuration().into()
    }

    /// When collection began; nothing before.
    pub fn start_date(&self) -> Option<Timestamp> {
        self.0.start_date()
    }

    /// When collection ended; nothing before.
    pub fn end_date(&self) -> Option<Timestamp> {
        self.0.end_date()
    }

    /// What was added with `add_metadata`.
    pub fn metadata(&self) -> Metadata {
        metadata::from_engine(self.0.metadata())
    }

    /// The events so far, by rising start.
    pub fn workout_events(&self) -> Vec<WorkoutEvent> {
        self.0.workout_events().iter().map(|event| event.clone().into()).collect()
    }

    /// The activities so far, by rising start.
    pub fn workout_activities(&self) -> Vec<WorkoutActivity> {
        self.0.workout_activities().iter().map(|activity| (**activity).clone().into()).collect()
    }

    /// The activity in progress; nothing between activities and without any.
    pub fn current_workout_activity(&self) -> Option<WorkoutActivity> {
        self.0.current_workout_activity().map(Into::into)
    }

    /// The statistics of every type with at least one sample, by rising type code.
    pub fn all_statistics(&self) -> Vec<Statistics> {
        self.0.all_statistics().iter().map(Into::into).collect()
    }

    /// The statistics of one type; nothing when no sample of it counts.
    pub fn statistics(&self, quantity_type: QuantityType) -> Option<Statistics> {
        self.0.statistics(quantity_type.into()).as_ref().map(Into::into)
    }

    /// The time without pauses up to now, or up to the end of collection. It can go down when events of the past come in.
    pub fn elapsed_time(&self) -> Span {
        self.0.elapsed_time().into()
    }

    /// The time without pauses up to a date.
    ///
    /// Errors: `inputOutOfRange` for a date outside of the years 1 to 9999.
    pub fn elapsed_time_at(&self, date: Timestamp) -> Result<Span, PacelineError> {
        guarded_call(|| self.0.elapsed_time_at(date).into())
    }

    /// Everything a screen shows, as of now; never waits for the disk.
    pub fn snapshot(&self) -> WorkoutSnapshot {
        self.0.snapshot().into()
    }

    /// Who hears of this builder; nothing to stop. After nothing was set, no further call starts.
    ///
    /// Errors: `internal` only.
    pub fn set_delegate(&self, delegate: Option<Arc<dyn CoreBuilderDelegate>>) -> Result<(), PacelineError> {
        guarded_call(|| {
            let delegate = delegate.map(|delegate| Arc::new(BuilderEar(delegate)) as Arc<_>);
            self.0.set_delegate(delegate);
        })
    }

    /// Whether events of the session are put in by themselves. True unless changed.
    pub fn should_collect_workout_events(&self) -> bool {
        self.0.should_collect_workout_events()
    }

    /// Sets whether events of the session are put in by themselves. When they are not, pauses of the session do not count
    /// either, unless the app adds them.
    ///
    /// Errors: `invalidArgument` after collection began.
    pub fn set_should_collect_workout_events(&self, collect: bool) -> Result<(), PacelineError> {
        guarded(|| self.0.set_should_collect_workout_events(collect))
    }

    /// What selects the samples; nothing until one is set.
    pub fn data_source(&self) -> Option<Arc<CoreDataSource>> {
        self.0.data_source().map(|source| Arc::new(CoreDataSource(source)))
    }

    /// Sets what selects the samples. Without one, only samples added by hand are collected. One data source serves one
    /// builder; a new one replaces the old one.
    ///
    /// Errors: `invalidArgument` when it serves another builder; domain store when it cannot be saved.
    pub fn set_data_source(&self, source: Option<Arc<CoreDataSource>>) -> Result<(), PacelineError> {
        guarded(|| self.0.set_data_source(source.as_ref().map(|source| &source.0)))
    }

    /// Begins collection at this date. It may lie in the past: events and activities of the session from then on are taken
    /// in.
    ///
    /// Errors: `invalidArgument` when it began before, when the session is over, and for a date in the future.
    pub fn begin_collection(&self, start: Timestamp) -> Result<(), PacelineError> {
        guarded(|| self.0.begin_collection(start))
    }

    /// Adds samples; all or none. Samples without an id are saved, others are only tied to the workout.
    ///
    /// Errors: `invalidArgument` unless collection began and the workout is not finished, or when a sample starts before the
    /// workout or is part of another one; `authorizationDenied` or `authorizationNotDetermined` without permission for its
    /// type; domain input for a wrong value; domain store when they cannot be saved.
    pub fn add_samples(&self, samples: Vec<QuantitySample>) -> Result<(), PacelineError> {
        guarded(|| {
            let samples: Vec<_> = samples.into_iter().map(Into::into).collect();
            self.0.add_samples(&samples)
        })
    }

    /// Adds events; all or none. Events of the past change elapsed time and statistics as if they had come in time.
    ///
    /// Errors: `invalidArgument` unless collection began and the workout is not finished, for events outside the workout,
    /// and for durations where there is none.
    pub fn add_workout_events(&self, events: Vec<WorkoutEvent>) -> Result<(), PacelineError> {
        guarded(|| {
            let events =
                events.into_iter().map(TryInto::try_into).collect::<Result<Vec<_>, PacelineError>>()?;
            self.0.add_workout_events(events).map_err(PacelineError::from)
        })
    }

    /// Adds metadata, key by key; a new value replaces an old one.
    ///
    /// Errors: `invalidArgument` unless collection began and the workout is not finished, and for values that are not valid;
    /// then nothing changes.
    pub fn add_metadata(&self, metadata: Metadata) -> Result<(), PacelineError> {
        guarded(|| self.0.add_metadata(metadata::to_engine(metadata)?).map_err(PacelineError::from))
    }

    /// Adds an activity by hand and returns its id.
    ///
    /// Errors: `invalidArgument` unless collection began and the workout is not finished, when it lies outside the workout,
    /// overlaps another activity, or its type does not fit the workout.
    pub fn add_workout_activity(
        &self,
        configuration: WorkoutConfiguration,
        start: Timestamp,
        end: Option<Timestamp>,
        metadata: Metadata,
    ) -> Result<Uuid, PacelineError> {
        guarded(|| {
            let (configuration, metadata) = (configuration.try_into()?, metadata::to_engine(metadata)?);
            self.0.add_workout_activity(configuration, start, end, metadata).map_err(PacelineError::from)
        })
    }

    /// Sets the end of an activity.
    ///
    /// Errors: `invalidArgument` for an id that is not known, an end before its start, after the workout, or inside the next
    /// activity.
    pub fn update_activity_end(&self, id: Uuid, end: Timestamp) -> Result<(), PacelineError> {
        guarded(|| self.0.update_activity_end(id, end))
    }

    /// Adds metadata to an activity.
    ///
    /// Errors: `invalidArgument` for an id that is not known and for values that are not valid; then nothing changes.
    pub fn update_activity_metadata(&self, id: Uuid, metadata: Metadata) -> Result<(), PacelineError> {
        guarded(|| {
            self.0.update_activity_metadata(id, metadata::to_engine(metadata)?).map_err(PacelineError::from)
        })
    }

    /// Ends collection at this date. Activities that reach beyond it end with it; events and activities that begin later
    /// are left out of the workout. More can be added until it is finished.
    ///
    /// Errors: `invalidArgument` unless collection is going on, and for a date in the future or before the start.
    pub fn end_collection(&self, end: Timestamp) -> Result<(), PacelineError> {
        guarded(|| self.0.end_collection(end))
    }

    /// Saves the workout and returns it; nothing when the device is locked: then it is saved, but cannot be read yet.
    ///
    /// Errors: `invalidArgument` unless collection ended, and after it was finished or discarded; `authorizationDenied` or
    /// `authorizationNotDetermined` without permission to save workouts (ask for it and call again, nothing is lost);
    /// domain store when it cannot be saved.
    pub fn finish_workout(&self) -> Result<Option<Workout>, PacelineError> {
        guarded(|| self.0.finish_workout().map(|workout| workout.map(Into::into)))
    }

    /// Throws the workout away; its samples stay in the store. Without effect before collection began and after it was
    /// finished or discarded.
    ///
    /// Errors: domain store when it cannot be saved.
    pub fn discard_workout(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.discard_workout())
    }
}
