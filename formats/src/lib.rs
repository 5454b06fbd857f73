//! Reads recorded activities from FIT, TCX and GPX files.
//!
//! [`read`] takes the bytes of a file, [`read_file`] a path. Both give a [`Recording`]: sessions
//! with their sensor data, pauses, laps and the totals the device stated. Nothing is averaged or
//! smoothed, only brought into one shape and one set of units.
//!
//! By default reading is strict: a file that breaks the rules of its format, or holds a value that
//! cannot be true, is an error that says where. With [`ReadOptions::salvage`] what is whole is
//! read, and [`Recording::skipped`] lists the rest. Some things are left out in either mode, since
//! ordinary devices write them: readings without a time, or out of order by a corrected clock.
//!
//! Devices count distance, energy and strokes only while their timer runs, but their clocks and their
//! timer events disagree by seconds. So every such amount is put where the timer ran: no increment
//! reaches into a pause, and nothing that was counted is lost.
//!
//! # FIT
//!
//! Messages are decoded by `rustyfit`: it needs no C compiler and no other crates to speak of,
//! decodes over a hundred megabytes a second, and works from any reader, which lets this crate
//! follow its position and say at which byte a file breaks. Its only rival, `fitparser`, turns
//! every field name and enumeration into a string, and stops for good at the first broken message.
//! This crate adds what no decoder of messages can decide: the shell of the file with its chain and
//! checksums, fields declared with another type than the profile gives them, and which message
//! belongs to which session.
//!
//! A session lasts from its stated start for its stated elapsed time; pauses are what the timer
//! events say. Where a file has no such events, the time its totals miss is taken from the longest
//! gaps between its readings.
//!
//! # TCX and GPX
//!
//! Both are read as a stream of XML events; nothing is expanded and no external entity is fetched.
//! In TCX the timer stood between two tracks of one lap, and for as long as a lap states less timer
//! than passed until the next one. In GPX it stood between segments; segments more than six hours
//! apart are sessions of their own.

mod counter;
mod detect;
mod error;
mod fit;
mod gpx;
mod model;
mod notes;
mod plausible;
mod readings;
mod running;
mod sport;
mod tcx;
mod timeline;
mod timer;
mod xml;

use std::io::Read as _;
use std::path::Path;

pub use detect::Format;
pub use error::FormatError;
pub use model::{
    Channel, DeviceLap, DeviceTotals, Lap, Length, Place, RecordedSession, Recording, Sample, Skipped, Sport,
    StrokeStyle, TimerEvent, TimerKind, Water,
};

use notes::Notes;

/// Largest file accepted, in bytes: 256 MiB. The largest real recordings have some tens of them.
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// How to read a file. The default is strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Read what is whole of a damaged file instead of refusing it.
    pub salvage: bool,
}

impl ReadOptions {
    /// Options that refuse damaged files; the default.
    pub fn strict() -> Self {
        Self { salvage: false }
    }

    /// Options that read what is whole of a damaged file.
    pub fn salvage() -> Self {
        Self { salvage: true }
    }
}

/// Reads a recording from the bytes of a file.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Recording, FormatError> {
    check_size(bytes.len() as u64)?;
    if bytes.is_empty() {
        return Err(FormatError::Empty);
    }
    let format = detect::detect(bytes)?;
    let mut notes = Notes::new(format, options.salvage);
    let sessions = match format {
        Format::Fit => fit::read(bytes, &mut notes)?,
        Format::Tcx => tcx::read(bytes, &mut notes)?,
        Format::Gpx => gpx::read(bytes, &mut notes)?,
    };
    Ok(Recording { format, sessions, skipped: notes.into_skipped() })
}

/// Reads a recording from a file, refusing one larger than [`MAX_FILE_BYTES`] before reading it.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<Recording, FormatError> {
    read(&bytes_of(path)?, options)
}

/// The bytes of a file, for [`read`]; one larger than [`MAX_FILE_BYTES`] is refused before it is read.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, FormatError> {
    let io = |source| FormatError::Io { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(io)?;
    check_size(file.metadata().map_err(io)?.len())?;
    let mut bytes = Vec::new();
    // A pipe or a file that grows has no size to check beforehand.
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    check_size(bytes.len() as u64)?;
    Ok(bytes)
}

fn check_size(size: u64) -> Result<(), FormatError> {
    if size > MAX_FILE_BYTES {
        return Err(FormatError::TooLarge { size, limit: MAX_FILE_BYTES });
    }
    Ok(())
}
