//! Giving space back to the disk. What is deleted leaves free pages in the file; they are used again first, and those beyond
//! a reserve are given back.

use super::{Database, fault};
use crate::values::PacelineError;

/// So many free pages stay, 2 MiB of them: about what the next workout needs before it becomes a series.
const RESERVE: i64 = 512;

/// How many pages are given back at once. Each may have to be filled from the end of the file.
const AT_ONCE: i64 = 128;

/// The mode in which single pages can be given back. A file is made with it; one that an earlier release made keeps its
/// size, and its free pages are used again.
const INCREMENTAL: i64 = 2;

impl Database {
    /// Gives some free pages back, if there are more than a reserve. Returns whether any were.
    pub(crate) fn give_back_pages(&mut self) -> Result<bool, PacelineError> {
        let number = |name: &str| {
            self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(fault::reading)
        };
        let excess = number("freelist_count")? - RESERVE;
        if excess <= 0 || number("auto_vacuum")? != INCREMENTAL {
            return Ok(false);
        }
        self.set_sync(false)?;
        // Each step of the statement gives one page back; all of them are one transaction.
        let mut statement = self
            .connection
            .prepare(&format!("PRAGMA incremental_vacuum({})", excess.min(AT_ONCE)))
            .map_err(fault::writing)?;
        let mut steps = statement.query([]).map_err(fault::writing)?;
        while steps.next().map_err(fault::writing)?.is_some() {}
        Ok(true)
    }
}
