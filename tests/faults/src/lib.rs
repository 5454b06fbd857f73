//! A disk that fails on demand, under SQLite.
//!
//! A [`Disk`] is a folder. What SQLite does to the files in it passes through a layer that counts every change, can let each
//! of them fail, and remembers them all, so that afterwards the disk can be made as it may look when the power goes at any one
//! of them ([`Disk::after_power_cut`]). The layer is the default file system of the process from the first disk on; files in
//! other folders pass through untouched, so that no program under test needs to know of it.

mod disk;
mod power;
mod vfs;

pub use disk::{Disk, Fault, Kind, Operation};
pub use power::Chance;
