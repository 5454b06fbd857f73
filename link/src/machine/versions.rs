//! Which versions of the protocol two devices speak, and which of them they use.

use paceline::{ErrorCode, PacelineError};

/// The lowest and the highest version that a device speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Versions {
    pub(super) lowest: u8,
    pub(super) highest: u8,
}

impl Versions {
    /// What this release speaks.
    pub(super) const OWN: Self = Self { lowest: 1, highest: 1 };

    /// The highest version that both speak.
    pub(super) fn common(self, theirs: Self) -> Result<u8, PacelineError> {
        if theirs.highest < self.lowest {
            return Err(PacelineError::new(
                ErrorCode::LinkVersionTooOld,
                "the other device speaks an older version of the link's protocol; update it",
            )
            .with_value(theirs.highest));
        }
        if theirs.lowest > self.highest {
            return Err(PacelineError::new(
                ErrorCode::LinkVersionTooNew,
                "the other device speaks a newer version of the link's protocol; update this one",
            )
            .with_value(theirs.lowest));
        }
        Ok(self.highest.min(theirs.highest))
    }
}
