//! Where the store is when nobody says.

use crate::failure::Failure;
use etcetera::BaseStrategy as _;
use std::path::{Path, PathBuf};

/// The store file that was asked for, or the one in the user's data folder.
///
/// # Errors
/// When the user has no home folder.
pub(crate) fn resolve(asked: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = asked {
        return Ok(path.to_owned());
    }
    match etcetera::base_strategy::choose_native_strategy() {
        Ok(folders) => Ok(folders.data_dir().join("paceline").join("paceline.sqlite")),
        Err(error) => {
            Err(Failure::Other(format!("cannot find your data folder: {error}; name a store with --store")))
        }
    }
}

/// Makes the folder of a store when it is missing.
///
/// # Errors
/// When the folder cannot be made.
pub(crate) fn make_folder(store: &Path) -> Result<(), Failure> {
    let Some(folder) = store.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| {
        let folder = folder.display();
        Failure::Other(format!(
            "cannot make the folder {folder}: {error}; make it, or choose another store with --store"
        ))
    })
}

/// Takes away a store that a failed run made: it must look as if the run had never been.
pub(crate) fn remove(store: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut path = store.as_os_str().to_owned();
        path.push(ending);
        // Whatever cannot be removed is an empty store, which harms nobody.
        let _ = std::fs::remove_file(path);
    }
}
