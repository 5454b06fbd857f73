//! The tests of C, Swift and Kotlin. Each needs the native library, built once for all of them, and its own tools; where a
//! tool is missing and cannot be installed, the step is skipped with the reason.

pub(crate) mod border;
pub(crate) mod c;
pub(crate) mod kotlin;
pub(crate) mod shared_store;
pub(crate) mod swift;

use crate::report::Outcome;

/// What keeps a step from passing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Something that is needed is not on this machine.
    Missing(String),
    Failed(String),
}

impl Trouble {
    pub(crate) fn missing(why: String) -> Self {
        Self::Missing(why)
    }

    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::Failed(what.into())
    }
}

impl From<String> for Trouble {
    fn from(what: String) -> Self {
        Self::Failed(what)
    }
}

impl From<Result<(), Trouble>> for Outcome {
    fn from(result: Result<(), Trouble>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(Trouble::Failed(what)) => Self::Failed(what),
            Err(Trouble::Missing(why)) => Self::Skipped(why),
        }
    }
}
