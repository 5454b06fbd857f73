//! What the platform decides, asked of functions of C.

use crate::arguments::several;
use crate::error::PacelineResult;
use crate::foreign::{Foreign, PacelineRelease, take};
use crate::guard::guard;
use crate::handles::{PacelineHost, hand_out, release, retain};
use crate::names::known;
use crate::outputs::out;
use crate::recovery::PacelineSessionOwner;
use crate::values::{PacelineConfiguration, PacelineUuid};
use paceline::{Host, HostCapabilities, HostCapability, HostRequest, PacelineError, WorkoutActivityType};
use std::ffi::c_void;
use std::sync::Arc;

/// The platform does not offer this: the engine neither asks nor listens, and takes it as allowed.
pub const PACELINE_CAPABILITY_UNSUPPORTED: u32 = 0;
/// The host stands in for the platform.
pub const PACELINE_CAPABILITY_EMULATED: u32 = 1;
/// The platform offers this by itself.
pub const PACELINE_CAPABILITY_NATIVE: u32 = 2;

/// Keep the app running and the sensors on for this session.
pub const PACELINE_REQUEST_ENTER_SESSION_MODE: u32 = 1;
/// The session is over.
pub const PACELINE_REQUEST_LEAVE_SESSION_MODE: u32 = 2;
/// This session starts while another one, the incumbent, is under way. Granted: the incumbent ends and this one starts.
/// Refused: this one fails with the error of the refusal and ends. See PACELINE_ARBITRATION_ASK.
pub const PACELINE_REQUEST_ARBITRATE: u32 = 3;
/// Another process holds a workout that is wanted here, and seems to be alive. When it is not, call
/// paceline_store_report_process_ended(); then the same call succeeds. Nothing else is expected.
pub const PACELINE_REQUEST_IS_ALIVE: u32 = 4;

/// What the engine asks of the platform.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineHostRequest {
    /// The id under which the outcome is reported. Ids rise; one lower than the last of its session is out of date.
    pub id: u64,
    /// What is asked: PACELINE_REQUEST_.
    pub kind: u32,
    /// Which process, for PACELINE_REQUEST_IS_ALIVE; else 0.
    pub process: u32,
    /// For which session; all zero for PACELINE_REQUEST_IS_ALIVE.
    pub session: PacelineUuid,
    /// What kind of workout it is, for PACELINE_REQUEST_ENTER_SESSION_MODE; else NULL. It lives until the callback returns.
    pub configuration: *const PacelineConfiguration,
    /// The session that is under way, for PACELINE_REQUEST_ARBITRATE; else NULL. It lives until the callback returns.
    pub incumbent: *const PacelineSessionOwner,
}

/// A platform: what it can decide, and the function that is asked. Start with PACELINE_HOST_CALLBACKS_INIT.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineHostCallbacks {
    /// sizeof(PacelineHostCallbacks).
    pub struct_size: usize,
    /// The first argument of every call; the library's until release.
    pub user_data: *mut c_void,
    /// Gives user_data back. May be NULL.
    pub release: PacelineRelease,
    /// Background runtime and sensors for the time of a session: PACELINE_CAPABILITY_.
    pub session_mode: u32,
    /// Permission to write workouts and samples.
    pub permission: u32,
    /// Whether the app is in the foreground.
    pub foreground: u32,
    /// Whether the device is locked.
    pub lock: u32,
    /// Whose session goes on when a second one starts; asked where the store was opened with PACELINE_ARBITRATION_ASK.
    pub arbitration: u32,
    /// Whether another process is alive. Without it the engine finds out by itself: exactly on Linux and Android; elsewhere a
    /// process whose number is free is dead, and one whose number is in use after ten minutes of silence.
    pub processes: u32,
    /// Activity types for which this device makes no sessions. Copied; may be NULL when there are none.
    pub refused_activities: *const u32,
    /// How many of them.
    pub refused_count: usize,
    /// Asked on the thread of whoever called the engine, with no lock held; may call the engine. Expects no answer:
    /// what became of it is told with paceline_store_report_outcome(), at any time. May be NULL.
    pub request: Option<unsafe extern "C" fn(user_data: *mut c_void, request: *const PacelineHostRequest)>,
}

/// A host made of functions of C.
pub struct HostObject {
    callbacks: Foreign<PacelineHostCallbacks>,
    capabilities: HostCapabilities,
}

fn capability(number: u32) -> Result<HostCapability, PacelineError> {
    match number {
        PACELINE_CAPABILITY_UNSUPPORTED => Ok(HostCapability::Unsupported),
        PACELINE_CAPABILITY_EMULATED => Ok(HostCapability::Emulated),
        PACELINE_CAPABILITY_NATIVE => Ok(HostCapability::Native),
        _ => Err(crate::error::unknown("capability", number)),
    }
}

/// Makes a host of these callbacks. It is the caller's: release it; stores that were opened with it keep it alive. Two stores
/// on one file must be opened with the same host.
///
/// From this call on user_data is the library's, also when the call fails: release is called once, after the last handle
/// and the last store are gone.
///
/// Codes: PACELINE_ERROR_BOUNDARY_STRUCT_SIZE; PACELINE_ERROR_INPUT_UNKNOWN for a capability or an activity type that this
/// release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_host_create(
    callbacks: *const PacelineHostCallbacks,
    host: *mut PacelineHost,
) -> PacelineResult {
    guard(|| {
        let callbacks = take(callbacks, "callbacks")?;
        let place = out(host, "host")?;
        let refused = several(callbacks.refused_activities, callbacks.refused_count, "refused_activities")?;
        let refused: Result<Vec<WorkoutActivityType>, _> =
            refused.iter().map(|number| known(*number)).collect();
        let capabilities = HostCapabilities {
            session_mode: capability(callbacks.session_mode)?,
            permission: capability(callbacks.permission)?,
            foreground: capability(callbacks.foreground)?,
            lock: capability(callbacks.lock)?,
            arbitration: capability(callbacks.arbitration)?,
            processes: capability(callbacks.processes)?,
            refused_activities: refused?,
        };
        place.set(hand_out(Arc::new(HostObject { callbacks, capabilities })));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_host_retain(host: PacelineHost) -> PacelineResult {
    guard(|| retain(host))
}

/// Takes a reference away; after the last one the handle is stale.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_host_release(host: PacelineHost) -> PacelineResult {
    guard(|| release(host))
}

impl Host for HostObject {
    fn capabilities(&self) -> HostCapabilities {
        self.capabilities.clone()
    }

    fn request(&self, id: u64, request: HostRequest) {
        let Some(call) = self.callbacks.request else { return };
        let mut asked = PacelineHostRequest {
            id,
            kind: PACELINE_REQUEST_IS_ALIVE,
            process: 0,
            session: PacelineUuid { bytes: [0; 16] },
            configuration: std::ptr::null(),
            incumbent: std::ptr::null(),
        };
        let (entered, under_way);
        match request {
            HostRequest::EnterSessionMode { session, configuration } => {
                asked.kind = PACELINE_REQUEST_ENTER_SESSION_MODE;
                asked.session = session.into();
                entered = PacelineConfiguration::from(&configuration);
                asked.configuration = &raw const entered;
            }
            HostRequest::LeaveSessionMode { session } => {
                asked.kind = PACELINE_REQUEST_LEAVE_SESSION_MODE;
                asked.session = session.into();
            }
            HostRequest::Arbitrate { session, incumbent } => {
                asked.kind = PACELINE_REQUEST_ARBITRATE;
                asked.session = session.into();
                under_way = PacelineSessionOwner::from(&incumbent);
                asked.incumbent = &raw const under_way;
            }
            HostRequest::IsAlive { process } => asked.process = process,
        }
        // The request and what it points to outlive the call.
        unsafe { call(self.callbacks.user_data(), &raw const asked) }
    }
}
