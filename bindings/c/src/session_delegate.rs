//! Functions of C that hear of a session.

use crate::error::{KeptError, PacelineErrorDetails};
use crate::foreign::{Foreign, PacelineRelease};
use crate::handles::{Lent, PacelineSession};
use crate::names::Enumeration;
use crate::values::{PacelineConfiguration, PacelineEvent};
use paceline::{
    PacelineError, Timestamp, WorkoutConfiguration, WorkoutEvent, WorkoutSession, WorkoutSessionDelegate,
    WorkoutSessionState,
};
use std::ffi::c_void;

/// Hears what happens to a session. Start with PACELINE_SESSION_DELEGATE_INIT; a function that is NULL is not called.
///
/// How calls come is said at the head of this header under "Callbacks". The session is lent for the call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineSessionDelegate {
    /// sizeof(PacelineSessionDelegate).
    pub struct_size: usize,
    /// The first argument of every call; the library's until release.
    pub user_data: *mut c_void,
    /// Gives user_data back. May be NULL.
    pub release: PacelineRelease,
    /// The state changed (PACELINE_STATE_) at this date, which may lie in the past.
    pub did_change_state: Option<
        unsafe extern "C" fn(user_data: *mut c_void, session: PacelineSession, to: u32, from: u32, date: i64),
    >,
    /// Something stopped the session; the change to ended follows. The error lives until the call returns.
    pub did_fail: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            session: PacelineSession,
            error: *const PacelineErrorDetails,
        ),
    >,
    /// The session or the platform produced an event. It lives until the call returns.
    pub did_generate_event: Option<
        unsafe extern "C" fn(user_data: *mut c_void, session: PacelineSession, event: *const PacelineEvent),
    >,
    /// An activity began. The configuration lives until the call returns.
    pub did_begin_activity: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            session: PacelineSession,
            configuration: *const PacelineConfiguration,
            date: i64,
        ),
    >,
    /// An activity ended. The configuration lives until the call returns.
    pub did_end_activity: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            session: PacelineSession,
            configuration: *const PacelineConfiguration,
            date: i64,
        ),
    >,
    /// The store cannot be written, for this reason (disk full, read-only, failing). The session goes on: what happens from here
    /// on waits in memory, and is lost should the process die before it is saved. Told once. The error lives until the call
    /// returns.
    pub did_lose_durability: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            session: PacelineSession,
            error: *const PacelineErrorDetails,
        ),
    >,
    /// Everything that waited is saved and synced. Told once after each loss.
    pub did_regain_durability: Option<unsafe extern "C" fn(user_data: *mut c_void, session: PacelineSession)>,
}

/// A delegate made of functions of C. What each function is handed outlives the call.
pub(crate) struct CSessionDelegate(pub(crate) Foreign<PacelineSessionDelegate>);

impl WorkoutSessionDelegate for CSessionDelegate {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        let Some(call) = self.0.did_change_state else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        unsafe { call(self.0.user_data(), session.handle(), to.number(), from.number(), date.micros()) }
    }

    fn did_fail(&self, session: &WorkoutSession, error: &PacelineError) {
        let Some(call) = self.0.did_fail else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        let error = KeptError::new(error);
        let details = error.details();
        unsafe { call(self.0.user_data(), session.handle(), &raw const details) }
    }

    fn did_generate_event(&self, session: &WorkoutSession, event: &WorkoutEvent) {
        let Some(call) = self.0.did_generate_event else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        let (event, _metadata) = PacelineEvent::lent(event);
        unsafe { call(self.0.user_data(), session.handle(), &raw const event) }
    }

    fn did_begin_activity(
        &self,
        session: &WorkoutSession,
        configuration: &WorkoutConfiguration,
        date: Timestamp,
    ) {
        let Some(call) = self.0.did_begin_activity else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        let configuration = PacelineConfiguration::from(configuration);
        unsafe { call(self.0.user_data(), session.handle(), &raw const configuration, date.micros()) }
    }

    fn did_end_activity(
        &self,
        session: &WorkoutSession,
        configuration: &WorkoutConfiguration,
        date: Timestamp,
    ) {
        let Some(call) = self.0.did_end_activity else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        let configuration = PacelineConfiguration::from(configuration);
        unsafe { call(self.0.user_data(), session.handle(), &raw const configuration, date.micros()) }
    }

    fn did_lose_durability(&self, session: &WorkoutSession, error: &PacelineError) {
        let Some(call) = self.0.did_lose_durability else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        let error = KeptError::new(error);
        let details = error.details();
        unsafe { call(self.0.user_data(), session.handle(), &raw const details) }
    }

    fn did_regain_durability(&self, session: &WorkoutSession) {
        let Some(call) = self.0.did_regain_durability else { return };
        let session = Lent::<PacelineSession>::new(session.clone());
        unsafe { call(self.0.user_data(), session.handle()) }
    }
}
