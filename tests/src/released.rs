//! Stores as earlier releases left them: `tests/vectors/stores` holds one for every version of the layout.

use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// One that was kept.
#[derive(Debug, Clone)]
pub struct Released {
    /// The version of its layout.
    pub version: u32,
    script: String,
}

/// All of them, the oldest first. Each holds a finished swim and a run that goes on.
pub fn all() -> Vec<Released> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/stores");
    let file = |version: u32| -> PathBuf { folder.join(format!("version-{version}.sql")) };
    (1..)
        .map_while(|version| Some(Released { version, script: std::fs::read_to_string(file(version)).ok()? }))
        .collect()
}

impl Released {
    /// Makes the store in this file, in the mode in which its release left it.
    pub fn make(&self, path: &Path) {
        let connection = Connection::open(path).expect("a new file");
        connection.execute_batch(&self.script).expect("what a database wrote it reads");
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).expect("a log");
    }
}
