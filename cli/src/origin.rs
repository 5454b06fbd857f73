//! Where a recording came from, so that it can be read once more.

use crate::demo;
use crate::failure::Failure;
use paceline_formats::{ReadOptions, Recording};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where a recording came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// A file.
    File {
        /// Its absolute path; nothing when it came through a pipe, which cannot be read twice, or when its path is no text.
        path: Option<PathBuf>,
        /// How many bytes it has.
        bytes: u64,
        /// What tells its contents from others; see `fingerprint`.
        fingerprint: String,
        /// Whether a damaged file was read as far as it is whole.
        salvage: bool,
    },
    /// The made-up run of this seed.
    Demo {
        /// The seed.
        seed: u64,
    },
}

impl Origin {
    /// Reads a recording from a file, and tells how to find it again.
    ///
    /// # Errors
    /// When the file cannot be read or holds no recording.
    pub fn read_file(path: &Path, salvage: bool) -> Result<(Self, Recording), Failure> {
        let failed =
            |error| Failure::Recording { file: Some(path.display().to_string()), error, salvaged: salvage };
        let bytes = paceline_formats::bytes_of(path).map_err(failed)?;
        let options = if salvage { ReadOptions::salvage() } else { ReadOptions::strict() };
        let recording = paceline_formats::read(&bytes, &options).map_err(failed)?;
        // A pipe cannot be read again, and a ticket is text.
        let place = path.canonicalize().ok().filter(|path| path.is_file() && path.to_str().is_some());
        let origin =
            Self::File { path: place, bytes: bytes.len() as u64, fingerprint: fingerprint(&bytes), salvage };
        Ok((origin, recording))
    }

    /// Reads the recording once more. `moved` says where its file is now, when that is no longer its path.
    ///
    /// # Errors
    /// When it is not there any more, or is another one.
    pub fn read_again(&self, moved: Option<&Path>) -> Result<Recording, Failure> {
        let (path, salvage) = match self {
            Self::Demo { seed } if moved.is_none() => return Ok(demo::recording(*seed)),
            Self::Demo { .. } => {
                return Err(Failure::Other(
                    "the run that was cut off was a demo, which has no file; leave the file out".to_owned(),
                ));
            }
            Self::File { path, salvage, .. } => (moved.or(path.as_deref()), *salvage),
        };
        let Some(path) = path else {
            return Err(Failure::Other(format!(
                "where the recording lies is not known, it may have come through a pipe; name a file that holds it, {ADVICE}"
            )));
        };
        if !path.exists() {
            let path = path.display();
            return Err(Failure::Other(format!(
                "there is no recording at {path}; name its new place, {ADVICE}"
            )));
        }
        let (found, recording) = Self::read_file(path, salvage)?;
        if self.is_of(&found) {
            return Ok(recording);
        }
        Err(Failure::Other(format!(
            "{} is another recording than the one that was replayed; name a file that holds that one, {ADVICE}",
            path.display()
        )))
    }

    /// The path of the file, as a report names it.
    pub fn file(&self) -> Option<String> {
        match self {
            Self::File { path, .. } => path.as_ref().map(|path| path.display().to_string()),
            Self::Demo { .. } => None,
        }
    }

    /// Whether both have the same contents, wherever they are.
    fn is_of(&self, other: &Self) -> bool {
        let contents = |origin: &Self| match origin {
            Self::File { bytes, fingerprint, .. } => Some((*bytes, fingerprint.clone())),
            Self::Demo { .. } => None,
        };
        contents(self) == contents(other)
    }
}

const ADVICE: &str = "as in `paceline recover FILE`, or save what is there with `paceline recover --finish`";

/// FNV-1a with 64 bits. It tells a file that was changed or mixed up, and protects from nobody who means harm.
fn fingerprint(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("fnv1a-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_published_one() {
        assert_eq!(fingerprint(b""), "fnv1a-cbf29ce484222325");
        assert_eq!(fingerprint(b"foobar"), "fnv1a-85944171f73967e8");
    }
}
