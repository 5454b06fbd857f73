//! What a user holds, and what is done for the machines: time, disk, threads, callbacks. Nothing is decided here.

mod cell;
mod checkpoints;
pub(crate) mod clock;
pub(crate) mod data_source;
pub(crate) mod delegate;
pub(crate) mod diagnostics;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]
mod disasters;
pub(crate) mod engine;
pub(crate) mod entropy;
mod guard;
pub(crate) mod health_store;
pub(crate) mod host;
pub(crate) mod live_builder;
pub(crate) mod mirroring;
pub(crate) mod options;
mod outbox;
mod pending;
mod presence;
pub(crate) mod published;
#[cfg(test)]
mod races;
mod rests;
pub(crate) mod retention;
pub(crate) mod simulation;
pub(crate) mod store;
mod sync;
mod threads;
mod ticker;
pub(crate) mod transport;
mod upkeep;
pub(crate) mod workout_session;
mod writer;
