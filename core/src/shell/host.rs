//! What the platform decides: session mode, permission, foreground, lock.

use super::store::SessionOwner;
use crate::machines::host_facts::HostFacts;
use crate::values::{
    AuthorizationStatus, PacelineError, QuantityType, WorkoutActivityType, WorkoutConfiguration,
};
use uuid::Uuid;

/// How a platform offers something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HostCapability {
    /// By itself.
    Native,
    /// The host stands in for it.
    Emulated,
    /// Not at all: the engine neither asks nor listens, and takes it as allowed.
    #[default]
    Unsupported,
}

impl HostCapability {
    const fn is_offered(self) -> bool {
        !matches!(self, Self::Unsupported)
    }
}

/// What a platform can decide; read once, when a store is opened. The default decides nothing and so allows everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostCapabilities {
    /// Background runtime and sensors for the time of a session.
    pub session_mode: HostCapability,
    /// Permission to write workouts and samples.
    pub permission: HostCapability,
    /// Whether the app is in the foreground.
    pub foreground: HostCapability,
    /// Whether the device is locked.
    pub lock: HostCapability,
    /// Whose session goes on when a second one starts; asked where the store was opened with `Arbitration::Ask`.
    pub arbitration: HostCapability,
    /// Whether another process is alive. Without it the engine finds out by itself: exactly on Linux and Android; elsewhere a
    /// process whose number is free is dead, and one whose number is in use after ten minutes of silence.
    pub processes: HostCapability,
    /// Activity types for which this device makes no sessions.
    pub refused_activities: Vec<WorkoutActivityType>,
}

/// What the engine asks of the platform.
#[derive(Debug, Clone, PartialEq)]
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
    /// A session starts while another one is under way. Granted: the other one ends. Refused: the newcomer fails with this error.
    Arbitrate {
        /// The newcomer.
        session: Uuid,
        /// The one that is under way.
        incumbent: SessionOwner,
    },
    /// Another process holds a workout that is wanted here, and seems to be alive. When it is not, report
    /// [`HostReport::ProcessEnded`]; then the same call succeeds. Nothing else is expected.
    IsAlive {
        /// The number of the process.
        process: u32,
    },
}

/// What the platform tells the engine, at any time, through `HealthStore::report`.
#[derive(Debug, Clone, PartialEq)]
pub enum HostReport {
    /// What became of a request. May come late, twice or never; a refusal ends the session of the request with this
    /// error.
    Outcome {
        /// The request.
        request: u64,
        /// Why it was refused; nothing when it was granted.
        refusal: Option<PacelineError>,
    },
    /// The app came to the foreground or left it.
    Foreground(bool),
    /// The companion device launched the app to start a workout, so that it may start in the background.
    LaunchedByCompanion(bool),
    /// The device was locked or unlocked.
    Locked(bool),
    /// Permission to save workouts changed.
    WorkoutPermission(AuthorizationStatus),
    /// Permission to write samples of a type changed.
    SamplePermission(QuantityType, AuthorizationStatus),
    /// The process with this number is dead: the workouts it held can be recovered. Must be true; one that lives would lose its
    /// workout to whoever recovers it.
    ProcessEnded(u32),
}

/// The platform, as the engine sees it.
///
/// Called on the thread of whoever called the engine, after the engine's lock was released; may call back into the
/// engine. A request expects no answer: it is fire-and-forget, its outcome returns as a [`HostReport`].
pub trait Host: Send + Sync + 'static {
    /// What this platform can decide. Read once.
    fn capabilities(&self) -> HostCapabilities {
        HostCapabilities::default()
    }

    /// A request, with the id under which its outcome is reported. Ids rise. Requests of calls on several threads may arrive
    /// in another order than they were made: one with a lower id than the last of its session is out of date.
    fn request(&self, id: u64, request: HostRequest) {
        let _ = (id, request);
    }
}

impl HostCapabilities {
    pub(crate) fn asks_for_session_mode(&self) -> bool {
        self.session_mode.is_offered()
    }

    pub(crate) fn arbitrates(&self) -> bool {
        self.arbitration.is_offered()
    }

    pub(crate) fn knows_processes(&self) -> bool {
        self.processes.is_offered()
    }

    /// Takes in a report about the platform, if the platform said that it knows about such things.
    pub(crate) fn note(&self, facts: &mut HostFacts, report: &HostReport) {
        match report {
            HostReport::Foreground(foreground) if self.foreground.is_offered() => {
                facts.foreground = *foreground;
            }
            HostReport::LaunchedByCompanion(launched) if self.foreground.is_offered() => {
                facts.launched_by_companion = *launched;
            }
            HostReport::Locked(locked) if self.lock.is_offered() => facts.locked = *locked,
            HostReport::WorkoutPermission(status) if self.permission.is_offered() => facts.workouts = *status,
            HostReport::SamplePermission(kind, status) if self.permission.is_offered() => {
                facts.sample_permissions.retain(|(other, _)| other != kind);
                facts.sample_permissions.push((*kind, *status));
            }
            _ => {}
        }
    }
}
