//! Putting a file out of the way that cannot be opened, without losing anything of it.

use crate::values::{ErrorCode, PacelineError, Timestamp};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What the database keeps beside a file. The log may hold what the file does not, so they move together.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Moves a store file, and what the database keeps beside it, to a name of its own in the same folder. The caller knows that
/// this process does not have it open.
pub(crate) fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, PacelineError> {
    let failed = |code: ErrorCode, what: &str, error: &io::Error| {
        PacelineError::new(code, format!("{what}: {error}")).with_value(path.display())
    };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => Some(metadata),
        // A log may lie there without its store.
        Err(_) if with(path, BESIDE[0]).is_file() => None,
        Err(error) => return Err(failed(ErrorCode::StoreNotFound, "there is nothing to set aside", &error)),
    };
    if metadata.as_ref().is_some_and(|metadata| !metadata.is_file()) {
        return Err(PacelineError::new(
            ErrorCode::StoreCannotOpen,
            "only a file can be set aside; name the file itself",
        )
        .with_value(path.display()));
    }
    let file = metadata.map(|_| lock(path)).transpose()?;
    let target = free_name(path, now);
    // The log first: should the file itself not follow, it goes back.
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    let all = BESIDE.iter().map(|ending| (with(path, ending), with(&target, ending)));
    for (from, to) in all.chain([(path.to_owned(), target.clone())]) {
        match fs::rename(&from, &to) {
            Ok(()) => moved.push((from, to)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && (from != path || file.is_none()) => {}
            Err(error) => {
                for (from, to) in moved {
                    // What cannot be put back stands beside it under its new name; nothing is lost.
                    let _ = fs::rename(to, from);
                }
                return Err(failed(ErrorCode::StoreWriteFailed, "the store cannot be moved", &error));
            }
        }
    }
    drop(file);
    Ok(target)
}

/// Holds the file so that nobody else has it open meanwhile; whoever has a store open holds a lock on it.
#[cfg(unix)]
fn lock(path: &Path) -> Result<fs::File, PacelineError> {
    let busy = || {
        PacelineError::new(ErrorCode::StoreBusy, "another process has this store open; close it there first")
            .with_value(path.display())
    };
    let cannot = |error: io::Error| {
        PacelineError::new(ErrorCode::StoreCannotOpen, format!("the store cannot be held: {error}"))
            .with_value(path.display())
    };
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(cannot)?;
    match rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => Err(busy()),
        Err(error) => Err(cannot(error.into())),
    }
}

/// Elsewhere the system refuses to move a file that is open.
#[cfg(not(unix))]
fn lock(_path: &Path) -> Result<(), PacelineError> {
    Ok(())
}

fn free_name(path: &Path, now: Timestamp) -> PathBuf {
    let seconds = now.micros().div_euclid(1_000_000);
    (0..1000)
        .map(|number| with(path, &format!(".set-aside-{}", seconds + number)))
        .find(|name| fs::symlink_metadata(name).is_err())
        .unwrap_or_else(|| with(path, ".set-aside"))
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
