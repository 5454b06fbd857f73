//! What decides. No thread, lock, clock, randomness, file or socket: every machine turns an input and the present
//! instant into changes, and applies changes that were committed.
//!
//! Where to look: which command is allowed when — [`session`]; what a pause does to time — [`running_time`]; what is
//! gathered and saved — [`builder`]; which samples are collected — [`data_source`]; how they are put together —
//! [`statistics`]; how session and builder act on each other — [`live_workout`];
//! what happens to its time when the clock is set or the device is started anew — [`timeline`]; what two devices say to each
//! other about one workout — [`mirror`].

pub(crate) mod activities;
pub(crate) mod arbitration;
pub(crate) mod builder;
pub(crate) mod change;
pub(crate) mod data_source;
pub(crate) mod dates;
pub(crate) mod host_facts;
pub(crate) mod intervals;
pub(crate) mod live_workout;
pub(crate) mod mirror;
pub(crate) mod running_time;
pub(crate) mod session;
pub(crate) mod statistics;
pub(crate) mod timeline;
