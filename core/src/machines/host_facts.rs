//! What the platform told about itself, and what follows from it.

use crate::values::{AuthorizationStatus, ErrorCode, PacelineError, QuantityType};
use serde::{Deserialize, Serialize};

/// What the host last reported. At first everything is allowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct HostFacts {
    pub(crate) foreground: bool,
    /// The companion device launched this app to start a workout.
    pub(crate) launched_by_companion: bool,
    pub(crate) locked: bool,
    pub(crate) workouts: AuthorizationStatus,
    /// What was reported about writing samples; types not listed may be written.
    pub(crate) sample_permissions: Vec<(QuantityType, AuthorizationStatus)>,
}

impl Default for HostFacts {
    fn default() -> Self {
        Self {
            foreground: true,
            launched_by_companion: false,
            locked: false,
            workouts: AuthorizationStatus::SharingAuthorized,
            sample_permissions: Vec::new(),
        }
    }
}

impl HostFacts {
    /// Why a session may not enter session mode now, if it may not (reference, sections 3.6, 11 and 12.2).
    pub(crate) fn refusal_to_start(&self) -> Option<PacelineError> {
        if let Some(error) = refusal(self.workouts, "to save workouts") {
            return Some(error);
        }
        (!self.foreground && !self.launched_by_companion).then(|| {
            PacelineError::new(
                ErrorCode::BackgroundWorkoutSessionNotAllowed,
                "a workout session cannot start while the app is in the background",
            )
        })
    }

    /// Why workouts may not be saved, if they may not.
    pub(crate) fn refusal_to_save(&self) -> Option<PacelineError> {
        refusal(self.workouts, "to save workouts")
    }

    /// Why an app may not write samples of this type, if it may not.
    pub(crate) fn refusal_to_write(&self, kind: QuantityType) -> Option<PacelineError> {
        let status = self.sample_permissions.iter().find(|(refused, _)| *refused == kind)?.1;
        refusal(status, &format!("to write {kind}"))
    }

    /// Why the store cannot be read, if it cannot.
    pub(crate) fn refusal_to_read(&self) -> Option<PacelineError> {
        self.locked.then(|| {
            PacelineError::new(
                ErrorCode::DatabaseInaccessible,
                "the device is locked; read again after it is unlocked",
            )
        })
    }
}

fn refusal(status: AuthorizationStatus, what: &str) -> Option<PacelineError> {
    match status {
        AuthorizationStatus::SharingAuthorized => None,
        AuthorizationStatus::SharingDenied => Some(PacelineError::new(
            ErrorCode::AuthorizationDenied,
            format!("the person refused permission {what}"),
        )),
        AuthorizationStatus::NotDetermined => Some(PacelineError::new(
            ErrorCode::AuthorizationNotDetermined,
            format!("permission {what} was never asked for"),
        )),
    }
}
