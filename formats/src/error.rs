//! What can go wrong, where, and whether a second try with salvage is worth it.

use crate::{Format, Place};

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The file has no bytes at all. Record or export it again.
    #[error("the file is empty")]
    Empty,

    /// The bytes are none of the known formats. Check that the right file was chosen.
    #[error("this is not a FIT, TCX or GPX file: {what}")]
    Unrecognised {
        /// What was found instead.
        what: String,
    },

    /// The file is whole but records no activity: settings, a course, a planned route. Choose
    /// another file.
    #[error("the {format} file holds no recorded activity: {what}")]
    NoActivity {
        /// Format of the file.
        format: Format,
        /// What is missing.
        what: String,
    },

    /// The file breaks the rules of its format. Salvage reads what is whole.
    #[error("the {format} file is damaged at {place}: {what}")]
    Damaged {
        /// Format of the file.
        format: Format,
        /// Where the damage shows.
        place: Place,
        /// What is wrong.
        what: String,
    },

    /// A value cannot be true. Salvage leaves it out.
    #[error("the {format} file holds an impossible value at {place}: {what}")]
    Implausible {
        /// Format of the file.
        format: Format,
        /// Where the value stands.
        place: Place,
        /// Which value, and why it is refused.
        what: String,
    },

    /// The file is larger than any recording. Check that the right file was chosen.
    #[error("the file has {size} bytes, more than the {limit} this reader accepts")]
    TooLarge {
        /// Size of the file in bytes.
        size: u64,
        /// Largest size accepted, in bytes.
        limit: u64,
    },

    /// The file could not be opened or read from the disk.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl FormatError {
    /// Whether reading again with [`ReadOptions::salvage`](crate::ReadOptions) may bring something
    /// out of this file.
    pub fn salvageable(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Implausible { .. })
    }

    /// Where in the file the trouble is, when it is at one place.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Damaged { place, .. } | Self::Implausible { place, .. } => Some(*place),
            Self::Empty
            | Self::Unrecognised { .. }
            | Self::NoActivity { .. }
            | Self::TooLarge { .. }
            | Self::Io { .. } => None,
        }
    }
}
