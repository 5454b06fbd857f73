//! The `paceline` program as a library: replays recordings through the engine and reports what came out.
//!
//! [`replay_bytes`] and [`replay_file`] go from a recording to numbers in one call; [`replay`] is the part that plays live
//! sensors, for stores, clocks and observers of one's own.

pub mod args;
mod commands;
pub mod demo;
mod failure;
pub mod mapping;
mod motion;
pub mod origin;
mod progress;
pub mod replay;
mod report;
pub mod saved;
mod store_path;
mod summary;
mod text;
mod view;

pub use commands::run;
pub use failure::Failure;
pub use report::{
    DeviceReport, LapReport, Report, SessionReport, SkippedEntry, read_recording, replay_bytes, replay_file,
    replay_recording,
};
