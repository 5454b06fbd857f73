//! The session.

use crate::activity_type::WorkoutActivityType;
use crate::configuration::WorkoutConfiguration;
use crate::delegates::{CoreSessionDelegate, SessionEar};
use crate::enums::{WorkoutSessionLocationType, WorkoutSessionState, WorkoutSessionType};
use crate::errors::PacelineError;
use crate::event::WorkoutEvent;
use crate::guard::{guarded, guarded_call};
use crate::health_store::CoreHealthStore;
use crate::live_builder::CoreLiveWorkoutBuilder;
use crate::metadata::{self, Metadata};
use crate::session_record::WorkoutSessionRecord;
use crate::snapshot::WorkoutSnapshot;
use crate::time::{Timestamp, Uuid};
use crate::workout::WorkoutActivity;
use std::fmt;
use std::sync::Arc;

/// A workout session: controls sensors, background time, and the life of a workout. It saves nothing itself; that is the
/// work of its builder.
///
/// Letting go of it does not end it: only `end` does. A command runs to its end on the calling thread: when it returns
/// success, what it did is committed, getters show it, and the delegate's callbacks are on their way. A command that the
/// state table refuses fails with `invalidArgument` and changes nothing. Calls may come from any thread. Equality and hash
/// are those of identity.
#[derive(Debug, PartialEq, Eq, Hash, uniffi::Object)]
#[uniffi::export(Eq, Hash, Display)]
pub struct CoreWorkoutSession(pub(crate) paceline::WorkoutSession);

#[uniffi::export]
impl CoreWorkoutSession {
    /// Makes a session. It reserves nothing yet: any number of sessions may stand at not started.
    ///
    /// Errors: `invalidArgument` for a configuration that is not valid, `workoutActivityNotAllowed` for an activity type
    /// this device refuses.
    #[uniffi::constructor]
    pub fn new(
        store: Arc<CoreHealthStore>,
        configuration: WorkoutConfiguration,
    ) -> Result<Self, PacelineError> {
        guarded(|| {
            let session = paceline::WorkoutSession::new(&store.0, configuration.try_into()?)?;
            Ok::<_, PacelineError>(Self(session))
        })
    }

    /// Deprecated: make it with a store. A session that belongs to no store until a store starts it. Until then every
    /// command is refused; it never has a builder.
    ///
    /// Errors: `invalidArgument` for a configuration that is not valid.
    #[uniffi::constructor]
    pub fn with_configuration(configuration: WorkoutConfiguration) -> Result<Self, PacelineError> {
        #[expect(deprecated, reason = "passed on as it is")]
        guarded(|| {
            let session = paceline::WorkoutSession::with_configuration(configuration.try_into()?)?;
            Ok::<_, PacelineError>(Self(session))
        })
    }

    /// Deprecated: make it with a store. As `with_configuration`, for a type and a place.
    #[uniffi::constructor]
    pub fn with_activity(
        activity_type: WorkoutActivityType,
        location_type: WorkoutSessionLocationType,
    ) -> Self {
        #[expect(deprecated, reason = "passed on as it is")]
        Self(paceline::WorkoutSession::with_activity(activity_type.into(), location_type.into()))
    }

    /// The id of the session, and later of the workout.
    pub fn id(&self) -> Uuid {
        self.0.id()
    }

    /// Where the session is in its life.
    pub fn state(&self) -> WorkoutSessionState {
        self.0.state().into()
    }

    /// Which end of a mirrored workout this is.
    pub fn session_type(&self) -> WorkoutSessionType {
        self.0.session_type().into()
    }

    /// A copy of the configuration it was made with.
    pub fn configuration(&self) -> WorkoutConfiguration {
        self.0.configuration().into()
    }

    /// Deprecated: ask the configuration.
    pub fn activity_type(&self) -> WorkoutActivityType {
        #[expect(deprecated, reason = "passed on as it is")]
        self.0.activity_type().into()
    }

    /// Deprecated: ask the configuration.
    pub fn location_type(&self) -> WorkoutSessionLocationType {
        #[expect(deprecated, reason = "passed on as it is")]
        self.0.location_type().into()
    }

    /// When the session first ran; nothing before.
    pub fn start_date(&self) -> Option<Timestamp> {
        self.0.start_date()
    }

    /// When the session was stopped or, without that, ended; nothing before.
    pub fn end_date(&self) -> Option<Timestamp> {
        self.0.end_date()
    }

    /// Whether everything that happened to this session is as safe as the store's durability promises. False while the store
    /// cannot be written, or is suspended.
    pub fn is_durable(&self) -> bool {
        self.0.is_durable()
    }

    /// The activity in progress, or the workout as a whole when there is none. Time and statistics are those that the
    /// builder collected.
    pub fn current_activity(&self) -> WorkoutActivity {
        self.0.current_activity().into()
    }

    /// Everything a screen shows, as of now; never waits for the disk.
    pub fn snapshot(&self) -> WorkoutSnapshot {
        self.0.snapshot().into()
    }

    /// A picture of the session that can be encoded and decoded; it does not change with the session.
    pub fn record(&self) -> WorkoutSessionRecord {
        self.0.record().into()
    }

    /// What the app keeps with this session; empty unless set. A recovered session has it too.
    pub fn payload(&self) -> Vec<u8> {
        self.0.payload().to_vec()
    }

    /// Keeps bytes of the app with this session until its workout is finished or discarded: whatever it needs to go on after
    /// it was killed. They replace the bytes before.
    ///
    /// Errors: `dataSizeExceeded` for more than 1 MiB; `invalidArgument` when the workout is over; domain store when they
    /// cannot be saved.
    pub fn set_payload(&self, payload: Vec<u8>) -> Result<(), PacelineError> {
        guarded(|| self.0.set_payload(payload))
    }

    /// Who hears of this session; nothing to stop. After nothing was set, no further call starts.
    ///
    /// Errors: `internal` only.
    pub fn set_delegate(&self, delegate: Option<Arc<dyn CoreSessionDelegate>>) -> Result<(), PacelineError> {
        guarded_call(|| {
            let delegate = delegate.map(|delegate| Arc::new(SessionEar(delegate)) as Arc<_>);
            self.0.set_delegate(delegate);
        })
    }

    /// The builder of this session.
    ///
    /// Errors: `invalidArgument` for a session that was not made with a store.
    pub fn associated_workout_builder(&self) -> Result<Arc<CoreLiveWorkoutBuilder>, PacelineError> {
        guarded(|| {
            self.0.associated_workout_builder().map(|builder| Arc::new(CoreLiveWorkoutBuilder(builder)))
        })
    }

    /// Enters session mode, so that sensors can warm up during a countdown. From not started.
    ///
    /// Errors: `invalidArgument` in any other state; domain store when it cannot be saved. A refusal by the platform is told
    /// to the delegate: an error, then the state ended.
    pub fn prepare(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.prepare())
    }

    /// Starts the activity, at this date or now. From not started or prepared. Another session on the device that is under
    /// way ends with `anotherWorkoutSessionStarted`, unless the store was opened with another arbitration.
    ///
    /// Errors: `invalidArgument` in any other state, or for a date in the future; else as `prepare`.
    pub fn start_activity(&self, date: Option<Timestamp>) -> Result<(), PacelineError> {
        guarded(|| self.0.start_activity(date))
    }

    /// Pauses now. From running.
    ///
    /// Errors: `invalidArgument` in any other state; domain store when it cannot be saved.
    pub fn pause(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.pause())
    }

    /// Goes on now. From paused.
    ///
    /// Errors: `invalidArgument` in any other state; domain store when it cannot be saved.
    pub fn resume(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.resume())
    }

    /// Stops the activity, at this date or now. From running or paused. Session mode stays on, so that the app can save; it
    /// cannot be started again.
    ///
    /// Errors: `invalidArgument` in any other state, for a date in the future, before the start or before the last activity;
    /// domain store when it cannot be saved.
    pub fn stop_activity(&self, date: Option<Timestamp>) -> Result<(), PacelineError> {
        guarded(|| self.0.stop_activity(date))
    }

    /// Ends the session now and leaves session mode. From every state but ended. Call it on every path.
    ///
    /// Errors: `invalidArgument` when it has ended already; domain store when it cannot be saved.
    pub fn end(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.end())
    }

    /// Begins an activity at this date: a leg of a triathlon, an interval. One that is in progress ends first.
    ///
    /// Errors: `invalidArgument` unless running or paused; when the type does not fit the workout (in a swimBikeRun workout:
    /// swimming, cycling, running, transition; else the workout's own type); for a date in the future or before the
    /// activity in progress began.
    pub fn begin_new_activity(
        &self,
        configuration: WorkoutConfiguration,
        date: Timestamp,
        metadata: Metadata,
    ) -> Result<(), PacelineError> {
        guarded(|| {
            let (configuration, metadata) = (configuration.try_into()?, metadata::to_engine(metadata)?);
            self.0.begin_new_activity(configuration, date, metadata).map_err(PacelineError::from)
        })
    }

    /// Ends the activity in progress at this date; the session goes on as the workout as a whole.
    ///
    /// Errors: `invalidArgument` unless running or paused, when no activity is in progress, and for a date in the future or
    /// before its start.
    pub fn end_current_activity(&self, date: Timestamp) -> Result<(), PacelineError> {
        guarded(|| self.0.end_current_activity(date))
    }

    /// Takes in an event that the platform detected: a motion pause, a lap of a pool swim, a press of both buttons. The
    /// state does not change.
    ///
    /// Errors: `invalidArgument` unless running (a request to pause or resume is also taken while paused), for pause and
    /// resume, which have calls of their own, and for an event outside the workout.
    pub fn report_event(&self, event: WorkoutEvent) -> Result<(), PacelineError> {
        guarded(|| self.0.report_event(event.try_into()?).map_err(PacelineError::from))
    }

    /// Ends the session with an error: the delegate hears the error, then the state ended. For hosts that learn that the
    /// platform stopped the workout. Without effect after the end.
    ///
    /// Errors: domain store when it cannot be saved.
    pub fn fail(&self, error: PacelineError) -> Result<(), PacelineError> {
        guarded(|| self.0.fail(error.into()))
    }
}

impl fmt::Display for CoreWorkoutSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
