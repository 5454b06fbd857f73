//! A workout that was cut off: found in a store, and taken up.

use super::calls::Traces;
use super::ticket::Payload;
use paceline::{
    Delivery, ErrorCode, HealthStore, ManualClock, PacelineError, StoreOptions, Timestamp, UnfinishedWorkout,
    Uuid, Workout, WorkoutSession, WorkoutSessionState,
};

/// What a store holds of workouts that are not finished.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// One that is going on in a process that lives.
    Living {
        /// The number of the process.
        process: u32,
    },
    /// One that was cut off.
    Interrupted(Box<Interrupted>),
}

/// A workout that was cut off, as the store has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Interrupted {
    /// What is known of it.
    pub workout: UnfinishedWorkout,
    /// Whose it is.
    pub payload: Payload,
    /// The next session of the same replay. It was prepared already, but nothing happened in it.
    next: Option<Uuid>,
}

/// Looks for the workout that was going on in a store when its process died. Nothing is changed.
///
/// # Errors
/// When the store cannot be read.
pub fn find(options: StoreOptions) -> Result<Found, PacelineError> {
    let all = HealthStore::open(options.delivery(Delivery::Poll))?.unfinished_workouts()?;
    if let Some(living) = all.iter().find(|workout| workout.is_alive) {
        return Ok(Found::Living { process: living.process });
    }
    let Some(first) = all.first() else { return Ok(Found::Nothing) };
    let payload = Payload::read(&first.payload);
    if let (Payload::Ticket(ticket), WorkoutSessionState::Prepared) = (&payload, first.state)
        && let Some(before) = all.iter().find(|workout| ticket.before.last() == Some(&workout.session))
    {
        let next = Some(first.session);
        return Ok(Found::Interrupted(Box::new(Interrupted::new(before, next))));
    }
    Ok(Found::Interrupted(Box::new(Interrupted::new(first, None))))
}

/// A workout that was recovered, and that can go on.
#[derive(Debug)]
pub struct TakenUp {
    pub(super) session: WorkoutSession,
    /// How far it came.
    pub(super) traces: Traces,
    /// Which of the workouts of its recording it is.
    pub(super) place: usize,
    /// The ids of those before it.
    pub(super) before: Vec<Uuid>,
}

impl Interrupted {
    fn new(workout: &UnfinishedWorkout, next: Option<Uuid>) -> Self {
        Self { payload: Payload::read(&workout.payload), workout: workout.clone(), next }
    }

    /// A clock that stands at the last instant that is known of it. That of a replay is the clock of the replay.
    pub fn clock(&self) -> Option<ManualClock> {
        let Payload::Ticket(ticket) = &self.payload else { return None };
        let clock = ManualClock::new(ticket.clock);
        let last = self.workout.last_date.unwrap_or(ticket.prepared);
        clock.advance_to(last.max(ticket.prepared));
        Some(clock)
    }

    /// Recovers it, for [`super::go_on`]. The store must be open on the clock that [`Interrupted::clock`] gives.
    ///
    /// # Errors
    /// Health 3 when no replay made it; health 8 when another workout took its place, so that it can only be finished; store 9
    /// when it is not there any more.
    pub fn take_up(&self, store: &HealthStore) -> Result<TakenUp, PacelineError> {
        let Payload::Ticket(ticket) = &self.payload else {
            return Err(PacelineError::new(ErrorCode::InvalidArgument, "no replay made this workout"));
        };
        let session = self.recover(store)?;
        let traces = Traces::of(store, &session)?;
        if traces.was_ended_early() {
            return Err(PacelineError::new(
                ErrorCode::AnotherWorkoutSessionStarted,
                "another workout took the place of this one, so that it cannot go on",
            ));
        }
        Ok(TakenUp { session, traces, place: ticket.place, before: ticket.before.clone() })
    }

    fn recover(&self, store: &HealthStore) -> Result<WorkoutSession, PacelineError> {
        loop {
            match store.recover_active_workout_session()? {
                Some(session) if session.id() == self.workout.session => return Ok(session),
                Some(session) if Some(session.id()) == self.next => session.end()?,
                _ => {
                    return Err(PacelineError::new(
                        ErrorCode::StoreNotFound,
                        "somebody else went on with this workout meanwhile; look again",
                    ));
                }
            }
        }
    }

    /// Saves it as it is: it ends at the last instant that is known. Nothing when nothing had been collected.
    ///
    /// The store must be open on the clock that [`Interrupted::clock`] gives; without one, on that of the machine.
    ///
    /// # Errors
    /// Store 9 when it is not there any more; domain `store` when it cannot be saved.
    pub fn finish(&self, store: &HealthStore) -> Result<Option<Workout>, PacelineError> {
        let session = self.recover(store)?;
        if matches!(session.state(), WorkoutSessionState::Running | WorkoutSessionState::Paused) {
            session.stop_activity(self.workout.last_date.map(|date| as_of_host(date, store, &session)))?;
        }
        let end = session.end_date();
        if session.state() != WorkoutSessionState::Ended {
            session.end()?;
        }
        // A session of another app may have no builder.
        let Ok(builder) = session.associated_workout_builder() else { return Ok(None) };
        if builder.start_date().is_none() {
            return Ok(None);
        }
        if let (None, Some(end)) = (builder.end_date(), end) {
            builder.end_collection(end)?;
        }
        store.poll();
        builder.finish_workout()
    }
}

/// A date of a session as the clock would show it now: the two differ when somebody set the clock during the workout.
fn as_of_host(date: Timestamp, store: &HealthStore, session: &WorkoutSession) -> Timestamp {
    date.plus_micros(store.now().micros_since(session.snapshot().taken))
}
