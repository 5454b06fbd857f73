//! Nothing that was acknowledged is lost, whatever the disk does.
//!
//! A short workout is recorded onto a disk that can fail (`paceline-faults`), once for every operation that it makes on the
//! disk and every way in which that operation can fail; and the disk is looked at as it may be after the power went at every one
//! of them. What is there then is compared with an oracle that made the same steps in memory. `docs/durability.md` states the
//! bounds that are proved here.

mod disk_errors;
mod full_disk;
mod opening;
mod power_cuts;
mod tidying;
mod workout;
