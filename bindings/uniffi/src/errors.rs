//! The one error, and what a delegate's failure becomes.

use crate::enums::ErrorDomain;
use crate::error_code::ErrorCode;
use std::fmt;

/// Why a call failed. Nothing changed, unless the code says otherwise.
///
/// There is one case for each domain, so that an app can tell at a glance who is at fault. `code` is what to act on,
/// `reason` is one sentence in English for a person, `value` is the value that caused it, as text, where there is one.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
#[uniffi::export(Display)]
pub enum PacelineError {
    /// The health model refuses: an argument, a state, a permission. Codes 1000 to 1999.
    Health {
        /// What to act on.
        code: ErrorCode,
        /// One sentence for a person.
        reason: String,
        /// The value that caused it.
        value: Option<String>,
    },
    /// An extended runtime session failed. Codes 2000 to 2999.
    ExtendedRuntime {
        /// What to act on.
        code: ErrorCode,
        /// One sentence for a person.
        reason: String,
        /// The value that caused it.
        value: Option<String>,
    },
    /// The store file cannot be opened, read or written. Codes 3000 to 3999.
    Store {
        /// What to act on.
        code: ErrorCode,
        /// One sentence for a person.
        reason: String,
        /// The value that caused it.
        value: Option<String>,
    },
    /// The link to another device failed. Codes 4000 to 4999.
    Link {
        /// What to act on.
        code: ErrorCode,
        /// One sentence for a person.
        reason: String,
        /// The value that caused it.
        value: Option<String>,
    },
    /// What was handed in cannot be used: a batch, a value, a unit, a date. Codes 5000 to 5999.
    Input {
        /// What to act on.
        code: ErrorCode,
        /// One sentence for a person.
        reason: String,
        /// The value that caused it.
        value: Option<String>,
    },
    /// A fault between the languages or of the engine itself. Codes 6000 to 6999.
    Boundary {
        /// What to act on.
        code: ErrorCode,
        /// One sentence for a person.
        reason: String,
        /// The value that caused it.
        value: Option<String>,
    },
}

impl PacelineError {
    /// The error of this code, in the case of its domain.
    pub(crate) fn new(code: ErrorCode, reason: String, value: Option<String>) -> Self {
        match ErrorDomain::from(paceline::ErrorCode::from(code).domain()) {
            ErrorDomain::Health => Self::Health { code, reason, value },
            ErrorDomain::ExtendedRuntime => Self::ExtendedRuntime { code, reason, value },
            ErrorDomain::Store => Self::Store { code, reason, value },
            ErrorDomain::Link => Self::Link { code, reason, value },
            ErrorDomain::Input => Self::Input { code, reason, value },
            ErrorDomain::Boundary => Self::Boundary { code, reason, value },
        }
    }

    fn parts(&self) -> (ErrorCode, &str, Option<&str>) {
        match self {
            Self::Health { code, reason, value }
            | Self::ExtendedRuntime { code, reason, value }
            | Self::Store { code, reason, value }
            | Self::Link { code, reason, value }
            | Self::Input { code, reason, value }
            | Self::Boundary { code, reason, value } => (*code, reason, value.as_deref()),
        }
    }
}

impl From<paceline::PacelineError> for PacelineError {
    fn from(error: paceline::PacelineError) -> Self {
        let value = error.value().map(str::to_owned);
        Self::new(error.code().into(), error.message().to_owned(), value)
    }
}

impl From<PacelineError> for paceline::PacelineError {
    fn from(error: PacelineError) -> Self {
        let (code, reason, value) = error.parts();
        let made = Self::new(code.into(), reason);
        match value {
            Some(value) => made.with_value(value),
            None => made,
        }
    }
}

impl fmt::Display for PacelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, reason, value) = self.parts();
        f.write_str(reason)?;
        match value {
            Some(value) => write!(f, " ({value})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PacelineError {}

/// A delegate, a host or a log sink failed. The engine notes it in the log and goes on.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
#[uniffi::export(Display)]
pub enum DelegateError {
    /// What was thrown.
    Failed {
        /// As text.
        reason: String,
    },
}

impl fmt::Display for DelegateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Failed { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for DelegateError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for DelegateError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}
