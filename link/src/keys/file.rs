//! Keys in a file that only its owner may read.

use super::{KeyStore, refused};
use paceline::PacelineError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Larger than any ring: a file beyond it is something else.
const LARGEST: u64 = 64 * 1024;

/// The default key store: a file with mode 0600, replaced in one step. A file that others may read or write, a link, or one of
/// another user is refused. For one process: of two that pair at the same moment, one would lose its new device.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// Keys in the file at this path. Its folder must exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn failed(&self, doing: &str, error: &io::Error) -> PacelineError {
        refused(format!("the keys cannot be {doing}: {error}")).with_value(self.path.display())
    }

    /// The file that is renamed to the real one once it is whole.
    fn beside(&self) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_os_string();
        name.push(".new");
        self.path.with_file_name(name)
    }

    fn write(&self, secret: &[u8]) -> io::Result<()> {
        let beside = self.beside();
        // What a process left there that was killed. Removing and creating anew, not opening: it may be a link to somewhere.
        if let Err(error) = fs::remove_file(&beside)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        let written = file.write_all(secret).and_then(|()| file.sync_all());
        if let Err(error) = written.and_then(|()| fs::rename(&beside, &self.path)) {
            let _ = fs::remove_file(&beside);
            return Err(error);
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl KeyStore for KeyFile {
    fn load(&self) -> Result<Option<Vec<u8>>, PacelineError> {
        let no_follow = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32;
        let opened = OpenOptions::new().read(true).custom_flags(no_follow).open(&self.path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read", &error)),
        };
        let about = file.metadata().map_err(|error| self.failed("read", &error))?;
        let refuse = |why: &str| Err(refused(why).with_value(self.path.display()));
        if !about.is_file() {
            return refuse("the keys are not in a plain file");
        }
        if about.uid() != rustix::process::geteuid().as_raw() {
            return refuse("the file with the keys belongs to another user");
        }
        if about.mode() & 0o077 != 0 {
            return refuse(
                "others may read or write the file with the keys; if nobody has, set its mode to 0600, else remove it and pair \
                 again",
            );
        }
        let mut secret = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut secret).map_err(|error| self.failed("read", &error))?;
        if secret.len() as u64 > LARGEST {
            return refuse("this is no file with keys: it is too large");
        }
        Ok(Some(secret))
    }

    fn save(&self, secret: &[u8]) -> Result<(), PacelineError> {
        self.write(secret).map_err(|error| self.failed("saved", &error))
    }
}
