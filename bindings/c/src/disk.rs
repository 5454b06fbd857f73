//! A disk in memory.

use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{PacelineDisk, hand_out, release, retain};
use crate::outputs::out;
use paceline::MemoryDisk;

/// Makes an empty disk in memory, for the field disk of PacelineStoreOptions: it outlives its store, which when opened again
/// holds what was committed, as a file would. For tests. It is the caller's: release it; a store that was opened with it
/// keeps it alive.
///
/// Codes: domain 3 when there is no memory left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_disk_create(disk: *mut PacelineDisk) -> PacelineResult {
    guard(|| {
        let place = out(disk, "disk")?;
        place.set(hand_out(MemoryDisk::new()?));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_disk_retain(disk: PacelineDisk) -> PacelineResult {
    guard(|| retain(disk))
}

/// Takes a reference away; after the last one the handle is stale. What is on the disk goes with it and its stores.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_disk_release(disk: PacelineDisk) -> PacelineResult {
    guard(|| release(disk))
}
