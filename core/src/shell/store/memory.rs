//! A disk in memory.

use super::fault;
use crate::values::PacelineError;
use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A disk in memory for one store. It outlives the store: opened again, it holds what was committed, as a file would after
/// the process was killed. Clones are the same disk.
#[derive(Clone)]
pub struct MemoryDisk(Arc<Inner>);

struct Inner {
    address: String,
    /// Keeps the memory: it is freed with the last connection to its address.
    _anchor: Mutex<Connection>,
}

impl MemoryDisk {
    /// An empty disk.
    ///
    /// # Errors
    /// Domain `store` when there is no memory left.
    pub fn new() -> Result<Self, PacelineError> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let address = format!("file:/paceline-{}?vfs=memdb", MADE.fetch_add(1, Ordering::Relaxed));
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_URI;
        let anchor = Connection::open_with_flags(&address, flags).map_err(fault::reading)?;
        Ok(Self(Arc::new(Inner { address, _anchor: Mutex::new(anchor) })))
    }

    pub(super) fn address(&self) -> &str {
        &self.0.address
    }
}

impl PartialEq for MemoryDisk {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for MemoryDisk {}

impl fmt::Debug for MemoryDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MemoryDisk").field(&self.0.address).finish()
    }
}
