//! Mirroring: the same workout on two devices.

pub(crate) mod frames;
pub(crate) mod link;
mod numbers;
pub(crate) mod observer;
pub(crate) mod picture;
pub(crate) mod primary;
pub(crate) mod told;
#[cfg(test)]
mod trial;
#[cfg(test)]
mod wire;
