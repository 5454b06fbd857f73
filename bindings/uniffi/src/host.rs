//! What the platform decides: session mode, permission, foreground, lock, who yields, which processes live.

use crate::activity_type::WorkoutActivityType;
use crate::configuration::WorkoutConfiguration;
use crate::enums::AuthorizationStatus;
use crate::errors::{DelegateError, PacelineError};
use crate::health_store::SessionOwner;
use crate::quantity_type::QuantityType;
use crate::time::Uuid;
use std::sync::Arc;

/// How a platform offers something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HostCapability {
    /// By itself.
    Native,
    /// The host stands in for it.
    Emulated,
    /// Not at all: the engine neither asks nor listens, and takes it as allowed.
    Unsupported,
}

/// What a platform can decide; read once, when a store is opened.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HostCapabilities {
    /// Background runtime and sensors for the time of a session.
    pub session_mode: HostCapability,
    /// Permission to write workouts and samples.
    pub permission: HostCapability,
    /// Whether the app is in the foreground.
    pub foreground: HostCapability,
    /// Whether the device is locked.
    pub lock: HostCapability,
    /// Whose session goes on when a second one starts; asked where the store was opened with `ask`.
    pub arbitration: HostCapability,
    /// Whether another process is alive. Without it the engine finds out by itself: exactly on Linux and Android; elsewhere a
    /// process whose number is free is dead, and one whose number is in use after ten minutes of silence.
    pub processes: HostCapability,
    /// Activity types for which this device makes no sessions.
    pub refused_activities: Vec<WorkoutActivityType>,
}

/// What the engine asks of the platform.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum HostRequest {
    /// Keep the app running and the sensors on for this session.
    EnterSessionMode {
        /// The session.
        session: Uuid,
        /// What kind of workout it is; decides which sensors are needed.
        configuration: WorkoutConfiguration,
    },
    /// The session is over.
    LeaveSessionMode {
        /// The session.
        session: Uuid,
    },
    /// A session starts while another one is under way. Granted: the other one ends and this one starts. Refused: this one fails
    /// with the error of the refusal and ends.
    Arbitrate {
        /// The newcomer.
        session: Uuid,
        /// The one that is under way.
        incumbent: SessionOwner,
    },
    /// Another process holds a workout that is wanted here, and seems to be alive. When it is not, report that it ended; then the
    /// same call succeeds. Nothing else is expected.
    IsAlive {
        /// The number of the process.
        process: u32,
    },
}

/// What the platform tells the engine, at any time.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum HostReport {
    /// What became of a request. May come late, twice or never; a refusal ends the session of the request with this error.
    Outcome {
        /// The request.
        request: u64,
        /// Why it was refused; nothing when it was granted.
        refusal: Option<PacelineError>,
    },
    /// The app came to the foreground or left it.
    Foreground {
        /// Whether it is there now.
        in_foreground: bool,
    },
    /// The companion device launched the app to start a workout, so that it may start in the background.
    LaunchedByCompanion {
        /// Whether it did.
        launched: bool,
    },
    /// The device was locked or unlocked.
    Locked {
        /// Whether it is locked now.
        locked: bool,
    },
    /// Permission to save workouts changed.
    WorkoutPermission {
        /// What it is now.
        status: AuthorizationStatus,
    },
    /// Permission to write samples of a type changed.
    SamplePermission {
        /// The type.
        quantity_type: QuantityType,
        /// What it is now.
        status: AuthorizationStatus,
    },
    /// A process is dead: the workouts it held can be recovered. Must be true; one that lives would lose its workout to whoever
    /// recovers it.
    ProcessEnded {
        /// Its number.
        process: u32,
    },
}

/// The platform, as the engine sees it.
///
/// Called on the thread of whoever called the engine, with no lock held; may call back into the engine. A request expects
/// no answer: its outcome is reported to the store, when it is known.
#[uniffi::export(foreign)]
pub trait CoreHost: Send + Sync {
    /// What this platform can decide. Read once, when a store is opened; a failure means: nothing.
    fn capabilities(&self) -> Result<HostCapabilities, DelegateError>;

    /// A request, with the id under which its outcome is reported. Ids rise. Requests of calls on several threads may
    /// arrive in another order than they were made: one with a lower id than the last of its session is out of date.
    fn request(&self, id: u64, request: HostRequest) -> Result<(), DelegateError>;
}

/// What the engine holds in place of a foreign host.
pub(crate) struct Platform(pub(crate) Arc<dyn CoreHost>);

impl paceline::Host for Platform {
    fn capabilities(&self) -> paceline::HostCapabilities {
        match self.0.capabilities() {
            Ok(capabilities) => capabilities.into(),
            Err(error) => {
                log::error!("the host does not say what it can, so it decides nothing");
                log::trace!("the host that failed said: {error}");
                paceline::HostCapabilities::default()
            }
        }
    }

    fn request(&self, id: u64, request: paceline::HostRequest) {
        if let Err(error) = self.0.request(id, request.into()) {
            log::error!("the host failed in request {id}");
            log::trace!("the host that failed said: {error}");
        }
    }
}

impl From<HostCapability> for paceline::HostCapability {
    fn from(capability: HostCapability) -> Self {
        match capability {
            HostCapability::Native => Self::Native,
            HostCapability::Emulated => Self::Emulated,
            HostCapability::Unsupported => Self::Unsupported,
        }
    }
}

impl From<HostCapabilities> for paceline::HostCapabilities {
    fn from(capabilities: HostCapabilities) -> Self {
        Self {
            session_mode: capabilities.session_mode.into(),
            permission: capabilities.permission.into(),
            foreground: capabilities.foreground.into(),
            lock: capabilities.lock.into(),
            arbitration: capabilities.arbitration.into(),
            processes: capabilities.processes.into(),
            refused_activities: capabilities.refused_activities.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<paceline::HostRequest> for HostRequest {
    fn from(request: paceline::HostRequest) -> Self {
        match request {
            paceline::HostRequest::EnterSessionMode { session, configuration } => {
                Self::EnterSessionMode { session, configuration: configuration.into() }
            }
            paceline::HostRequest::LeaveSessionMode { session } => Self::LeaveSessionMode { session },
            paceline::HostRequest::Arbitrate { session, incumbent } => {
                Self::Arbitrate { session, incumbent: incumbent.into() }
            }
            paceline::HostRequest::IsAlive { process } => Self::IsAlive { process },
        }
    }
}

impl From<HostReport> for paceline::HostReport {
    fn from(report: HostReport) -> Self {
        match report {
            HostReport::Outcome { request, refusal } => {
                Self::Outcome { request, refusal: refusal.map(Into::into) }
            }
            HostReport::Foreground { in_foreground } => Self::Foreground(in_foreground),
            HostReport::LaunchedByCompanion { launched } => Self::LaunchedByCompanion(launched),
            HostReport::Locked { locked } => Self::Locked(locked),
            HostReport::WorkoutPermission { status } => Self::WorkoutPermission(status.into()),
            HostReport::SamplePermission { quantity_type, status } => {
                Self::SamplePermission(quantity_type.into(), status.into())
            }
            HostReport::ProcessEnded { process } => Self::ProcessEnded(process),
        }
    }
}
