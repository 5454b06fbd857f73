//! The session as a user holds it.

use super::cell::WorkoutCell;
use super::clock::ClockSource;
use super::data_source::LiveWorkoutDataSource;
use super::delegate::WorkoutSessionDelegate;
use super::engine::Engine;
use super::entropy;
use super::health_store::HealthStore;
use super::live_builder::LiveWorkoutBuilder;
use super::published::{Published, WorkoutSnapshot};
use crate::machines::change::Input;
use crate::machines::host_facts::HostFacts;
use crate::machines::live_workout::LiveWorkout;
use crate::machines::mirror::frames::Command;
use crate::machines::timeline::Moment;
use crate::values::{
    Metadata, PacelineError, Timestamp, WorkoutActivity, WorkoutActivityType, WorkoutConfiguration,
    WorkoutEvent, WorkoutSessionLocationType, WorkoutSessionRecord, WorkoutSessionState, WorkoutSessionType,
};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// A workout session: controls sensors, background time, and the life of a workout. It saves nothing itself; that is
/// the work of its builder.
///
/// Clones are handles on the same session. Dropping the last one does not end it: only [`WorkoutSession::end`] does.
/// A command runs to its end on the calling thread: when it returns success, what it did is committed, getters show it,
/// and the delegate's callbacks are on their way. A command that the state table refuses returns health 3 and changes
/// nothing.
///
/// Dates that are handed in are those of the wall clock, or dates that the session told. Dates that it tells are those of its own
/// time: the wall time at which it began to run, plus the time that passed since. As long as nobody sets the clock, the two are
/// the same.
///
/// A mirrored session reflects one of another device, which alone decides what happens to it. Its getters show what was last heard,
/// and its time goes on in between. Pause, resume, stop, end, activities and laps are sent there: success means only that the
/// command is on its way, and the delegate hears the answer. When the link breaks, the object is of no use any more.
///
/// Equality and hash are those of identity: two handles are equal when they are handles on one session.
#[derive(Clone)]
pub struct WorkoutSession {
    home: Home,
    cell: Arc<WorkoutCell>,
}

/// Where a session lives.
#[derive(Clone)]
enum Home {
    Store(Arc<Engine>),
    /// In none until a store starts it; the handles share what becomes of it.
    NoneYet(Arc<OnceLock<Arc<Engine>>>),
}

impl WorkoutSession {
    /// Makes a session. It reserves nothing yet: any number of sessions may stand at `notStarted`.
    ///
    /// # Errors
    /// Health 3 for a configuration that is not valid, health 12 for an activity type this device refuses.
    pub fn new(store: &HealthStore, configuration: WorkoutConfiguration) -> Result<Self, PacelineError> {
        let cell = store.engine.create(configuration)?;
        Ok(Self::from_parts(Arc::clone(&store.engine), cell))
    }

    /// Makes a session that belongs to no store until [`HealthStore::start`] takes it in. Until then every command is
    /// refused; it never has a builder.
    ///
    /// # Errors
    /// Health 3 for a configuration that is not valid.
    #[deprecated(note = "use `WorkoutSession::new`, which gives the session a store and a builder")]
    pub fn with_configuration(configuration: WorkoutConfiguration) -> Result<Self, PacelineError> {
        configuration.validate()?;
        Ok(Self::without_store(configuration))
    }

    /// As [`WorkoutSession::with_configuration`], for a type and a place; cannot fail.
    #[deprecated(note = "use `WorkoutSession::new`, which gives the session a store and a builder")]
    pub fn with_activity(activity_type: WorkoutActivityType, location: WorkoutSessionLocationType) -> Self {
        Self::without_store(WorkoutConfiguration::new(activity_type).at(location))
    }

    fn without_store(configuration: WorkoutConfiguration) -> Self {
        let workout = LiveWorkout::new(entropy::any_uuid(), configuration);
        let cell = WorkoutCell::without_builder(Published::new(&workout, 0, ClockSource::System.moment()));
        Self { home: Home::NoneYet(Arc::default()), cell: Arc::new(cell) }
    }

    pub(crate) fn from_parts(engine: Arc<Engine>, cell: Arc<WorkoutCell>) -> Self {
        Self { home: Home::Store(engine), cell }
    }

    /// The engine that runs it.
    ///
    /// # Errors
    /// Health 3 while it belongs to no store.
    fn engine(&self) -> Result<&Arc<Engine>, PacelineError> {
        match &self.home {
            Home::Store(engine) => Some(engine),
            Home::NoneYet(store) => store.get(),
        }
        .ok_or_else(|| {
            PacelineError::invalid("this session belongs to no store yet; start it through a health store")
        })
    }

    /// Gives a session without a store to this one; a session that has it as its store stays as it is.
    ///
    /// # Errors
    /// Health 3 when it belongs to another store; health 12 for an activity type this device refuses.
    pub(crate) fn join(&self, engine: &Arc<Engine>) -> Result<(), PacelineError> {
        if let Home::NoneYet(store) = &self.home {
            engine.check(&self.cell.published().configuration)?;
            let winner = store.get_or_init(|| Arc::clone(engine));
            if Arc::ptr_eq(winner, engine) {
                engine.admit(&self.cell)?;
            }
        }
        self.must_belong_to(engine)
    }

    /// # Errors
    /// Health 3 when it belongs to another store or to none.
    pub(crate) fn must_belong_to(&self, engine: &Arc<Engine>) -> Result<(), PacelineError> {
        if Arc::ptr_eq(self.engine()?, engine) {
            return Ok(());
        }
        Err(PacelineError::invalid("this session belongs to another store").with_value(self.cell.id))
    }

    fn step<F>(&self, input: F) -> Result<(), PacelineError>
    where
        F: for<'a> FnOnce(&'a HostFacts) -> Input<'a>,
    {
        self.engine()?.step(self.cell.id, input)
    }

    /// A command that a mirror hands on to the device that has the session, with dates of the host.
    ///
    /// # Errors
    /// Health 3 when it is of no use any more, or too many commands wait for their answers.
    fn ask(&self, command: Command) -> Result<(), PacelineError> {
        self.engine()?.ask_remote(&self.cell, command)
    }

    fn is_mirror(&self) -> bool {
        self.cell.mirror.is_some()
    }

    /// A call that only the device can make that has the session.
    ///
    /// # Errors
    /// Health 3 for a mirrored session.
    fn must_be_primary(&self) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return Err(PacelineError::invalid("only the device that has this session can do this"));
        }
        Ok(())
    }

    fn moment(&self) -> Moment {
        self.engine().map_or(&ClockSource::System, |engine| &engine.clock).moment()
    }

    /// The id of the session, and later of the workout.
    pub fn id(&self) -> Uuid {
        self.cell.id
    }

    /// Where the session is in its life.
    pub fn state(&self) -> WorkoutSessionState {
        self.cell.published().state
    }

    /// Which end of a mirrored workout this is.
    pub fn session_type(&self) -> WorkoutSessionType {
        self.cell.published().session_type
    }

    /// A copy of the configuration it was made with.
    pub fn configuration(&self) -> WorkoutConfiguration {
        (*self.cell.published().configuration).clone()
    }

    /// The activity type of its configuration.
    #[deprecated(note = "use `configuration`")]
    pub fn activity_type(&self) -> WorkoutActivityType {
        self.cell.published().configuration.activity_type
    }

    /// The location type of its configuration.
    #[deprecated(note = "use `configuration`")]
    pub fn location_type(&self) -> WorkoutSessionLocationType {
        self.cell.published().configuration.location_type
    }

    /// A picture of the session that can be encoded and decoded; it does not change with the session.
    pub fn record(&self) -> WorkoutSessionRecord {
        let published = self.cell.published();
        WorkoutSessionRecord {
            id: published.id,
            configuration: (*published.configuration).clone(),
            session_type: published.session_type,
            state: published.state,
            start_date: published.start_date,
            end_date: published.end_date,
        }
    }

    /// When the session first ran; nothing before.
    pub fn start_date(&self) -> Option<Timestamp> {
        self.cell.published().start_date
    }

    /// When the session was stopped or, without that, ended; nothing before.
    pub fn end_date(&self) -> Option<Timestamp> {
        self.cell.published().end_date
    }

    /// Whether everything that happened to this session is as safe as the store's `Durability` promises. False while the store
    /// cannot be written, or is suspended.
    pub fn is_durable(&self) -> bool {
        self.cell.published().durable
    }

    /// The activity in progress, or the workout as a whole when there is none. Time and statistics are those that the
    /// builder collected.
    pub fn current_activity(&self) -> WorkoutActivity {
        self.cell.published().session_activity(self.moment())
    }

    /// Everything a screen shows, as of now; never waits for the disk.
    pub fn snapshot(&self) -> WorkoutSnapshot {
        self.cell.published().snapshot(self.moment())
    }

    /// What the app keeps with this session; empty unless set. A recovered session has it too.
    pub fn payload(&self) -> Arc<[u8]> {
        Arc::clone(&self.cell.published().payload)
    }

    /// Keeps bytes of the app with this session until its workout is finished or discarded (who still holds the session then, still
    /// reads them): whatever it needs to go on after
    /// it was killed. They replace the bytes before.
    ///
    /// # Errors
    /// Health 13 for more than 1 MiB; health 3 when the workout is over; domain `store` when they cannot be saved.
    pub fn set_payload(&self, payload: impl Into<Vec<u8>>) -> Result<(), PacelineError> {
        self.must_be_primary()?;
        self.step(|_| Input::SetPayload(payload.into()))
    }

    /// Who hears of this session; nothing to stop. After nothing was set, no further call starts. A delegate that holds its
    /// own session keeps both alive, and the store open, until nothing is set.
    pub fn set_delegate(&self, delegate: Option<Arc<dyn WorkoutSessionDelegate>>) {
        self.cell.set_session_delegate(delegate);
    }

    /// Gives a recovered session the data source it had.
    pub(crate) fn restore_data_source(&self) {
        if let Ok(engine) = self.engine()
            && let Some(selection) = engine.selection(self.cell.id)
        {
            self.cell.restore_data_source(|| LiveWorkoutDataSource::recovered(selection, engine, &self.cell));
        }
    }

    /// The builder of this session; the same one at every call.
    ///
    /// # Errors
    /// Health 3 for a session that was not made with a store, and for a mirrored one, which has a
    /// [`WorkoutSession::mirrored_builder`].
    pub fn associated_workout_builder(&self) -> Result<LiveWorkoutBuilder, PacelineError> {
        self.must_be_primary()?;
        match &self.home {
            Home::Store(engine) if self.cell.has_builder => {
                Ok(LiveWorkoutBuilder::from_parts(Arc::clone(engine), Arc::clone(&self.cell)))
            }
            _ => Err(PacelineError::invalid(
                "this session has no builder: it was not made with a health store",
            )),
        }
    }

    /// What the builder of the device that has this mirrored session shows: statistics, activities, events and time, as they come.
    /// It can only be looked at; calls that would change anything return health 3. The same one at every call.
    ///
    /// # Errors
    /// Health 3 for a session that is not mirrored.
    pub fn mirrored_builder(&self) -> Result<LiveWorkoutBuilder, PacelineError> {
        match &self.home {
            Home::Store(engine) if self.is_mirror() => {
                Ok(LiveWorkoutBuilder::from_parts(Arc::clone(engine), Arc::clone(&self.cell)))
            }
            _ => Err(PacelineError::invalid(
                "this session lives on this device; it has an associated workout builder",
            )),
        }
    }

    /// Shows this session on every device whose link is up, now and later, and starts their apps; each of them gets a mirrored
    /// session through its start handler. Goes on after the app was killed and the session recovered, and stops when the session
    /// ends. The session never waits for another device. In every state but `ended`; best after it was prepared. To start twice
    /// changes nothing.
    ///
    /// # Errors
    /// Health 3 when it has ended, for a mirrored session, and when another session of this store is mirrored; domain `store` when
    /// it cannot be saved.
    pub fn start_mirroring(&self) -> Result<(), PacelineError> {
        self.must_be_primary()?;
        self.engine()?.set_mirroring(self.cell.id, true)
    }

    /// Stops showing this session on other devices; their mirrored sessions are of no use any more. To stop what was not started
    /// changes nothing.
    ///
    /// # Errors
    /// Health 3 for a mirrored session; domain `store` when it cannot be saved.
    pub fn stop_mirroring(&self) -> Result<(), PacelineError> {
        self.must_be_primary()?;
        self.engine()?.set_mirroring(self.cell.id, false)
    }

    /// Whether other devices may mirror this session. False for one that is a mirror itself.
    pub fn is_mirroring(&self) -> bool {
        self.cell.published().mirroring
    }

    /// Enters session mode, so that sensors can warm up during a countdown. From `notStarted`.
    ///
    /// # Errors
    /// Health 3 in any other state; domain `store` when it cannot be saved. A refusal by the platform is told to the
    /// delegate: an error, then the state `ended`.
    pub fn prepare(&self) -> Result<(), PacelineError> {
        self.must_be_primary()?;
        self.step(|facts| Input::Prepare { facts })
    }

    /// Starts the activity, at this date or now. From `notStarted` or `prepared`. Another session on the device that is
    /// under way ends with error 8.
    ///
    /// # Errors
    /// Health 3 in any other state, or for a date in the future; else as [`WorkoutSession::prepare`].
    pub fn start_activity(&self, date: Option<Timestamp>) -> Result<(), PacelineError> {
        self.must_be_primary()?;
        self.step(|facts| Input::StartActivity { date, facts })
    }

    /// Pauses now. From `running`.
    ///
    /// # Errors
    /// Health 3 in any other state; domain `store` when it cannot be saved.
    pub fn pause(&self) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return self.ask(Command::Pause);
        }
        self.step(|_| Input::Pause)
    }

    /// Goes on now. From `paused`.
    ///
    /// # Errors
    /// Health 3 in any other state; domain `store` when it cannot be saved.
    pub fn resume(&self) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return self.ask(Command::Resume);
        }
        self.step(|_| Input::Resume)
    }

    /// Stops the activity, at this date or now. From `running` or `paused`. Session mode stays on, so that the app can
    /// save; it cannot be started again.
    ///
    /// # Errors
    /// Health 3 in any other state, for a date in the future, before the start or before the last activity; domain
    /// `store` when it cannot be saved.
    pub fn stop_activity(&self, date: Option<Timestamp>) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return self.ask(Command::Stop { date });
        }
        self.step(|_| Input::StopActivity { date })
    }

    /// Ends the session now and leaves session mode. From every state but `ended`. Call it on every path.
    ///
    /// # Errors
    /// Health 3 when it has ended already; domain `store` when it cannot be saved.
    pub fn end(&self) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return self.ask(Command::End);
        }
        self.step(|_| Input::End)
    }

    /// Begins an activity at this date: a leg of a triathlon, an interval. One that is in progress ends first.
    ///
    /// # Errors
    /// Health 3 unless running or paused; when the type does not fit the workout (in a swimBikeRun workout: swimming,
    /// cycling, running, transition; else the workout's own type); for a date in the future or before the activity in
    /// progress began.
    pub fn begin_new_activity(
        &self,
        configuration: WorkoutConfiguration,
        date: Timestamp,
        metadata: Metadata,
    ) -> Result<(), PacelineError> {
        let id = self.engine()?.ids.uuid()?;
        if self.is_mirror() {
            return self.ask(Command::BeginActivity { id, configuration, date, metadata });
        }
        self.step(|_| Input::BeginActivity { id, configuration, date, metadata })
    }

    /// Ends the activity in progress at this date; the session goes on as the workout as a whole.
    ///
    /// # Errors
    /// Health 3 unless running or paused, when no activity is in progress, and for a date in the future or before its
    /// start.
    pub fn end_current_activity(&self, date: Timestamp) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return self.ask(Command::EndActivity { date });
        }
        self.step(|_| Input::EndActivity { date })
    }

    /// Takes in an event that the platform detected: a motion pause, a lap of a pool swim, a press of both buttons. The
    /// state does not change.
    ///
    /// # Errors
    /// Health 3 unless running (a request to pause or resume is also taken while paused), for pause and resume, which
    /// have calls of their own, and for an event outside the workout.
    pub fn report_event(&self, event: WorkoutEvent) -> Result<(), PacelineError> {
        if self.is_mirror() {
            return self.ask(Command::Report(event));
        }
        self.step(|_| Input::Report(event))
    }

    /// Ends the session with an error: the delegate hears the error, then the state `ended`. For hosts that learn that
    /// the platform stopped the workout. Without effect after the end.
    ///
    /// # Errors
    /// Domain `store` when it cannot be saved.
    pub fn fail(&self, error: PacelineError) -> Result<(), PacelineError> {
        self.must_be_primary()?;
        self.step(|_| Input::Fail(error))
    }
}

impl PartialEq for WorkoutSession {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.cell, &other.cell)
    }
}

impl Eq for WorkoutSession {}

impl Hash for WorkoutSession {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.cell.id.hash(state);
    }
}

impl fmt::Display for WorkoutSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let published = self.cell.published();
        let kind = match published.session_type {
            WorkoutSessionType::Primary => "Primary",
            WorkoutSessionType::Mirrored => "Mirrored",
        };
        write!(f, "<WorkoutSession {} {} [{kind}]>", published.id, published.state)
    }
}

impl fmt::Debug for WorkoutSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
