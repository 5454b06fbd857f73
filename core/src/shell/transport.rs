//! The link to other devices, as a host provides it.

use crate::values::PacelineError;
use std::fmt;
use std::sync::Arc;

/// Another device, under a name that the host chose: the id that a platform's link gives it, an address, a serial number. 1 to 255
/// bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(Arc<str>);

impl PeerId {
    /// A device of this name.
    ///
    /// # Errors
    /// Health 3 when the name is empty, longer than 255 bytes, or holds a zero byte.
    pub fn new(name: &str) -> Result<Self, PacelineError> {
        if name.is_empty() || name.len() > 255 || name.contains('\0') {
            return Err(PacelineError::invalid("a device is named with 1 to 255 bytes, none of them zero"));
        }
        Ok(Self(name.into()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerId({})", self.0)
    }
}

/// What carries messages to other devices. The host writes one for each kind of link and attaches it to a store with
/// `HealthStore::attach_transport`; what comes back it hands to `HealthStore::link_up`, `link_down` and `receive`.
///
/// A link may lose, repeat, reorder and hold up messages, as long as each arrives whole; the engine makes up for that. It does not
/// hide what a message says: a link that others can listen to must encrypt.
///
/// Called on the thread of whoever called the engine, after the engine's lock was released; may call back into the engine.
pub trait Transport: Send + Sync + 'static {
    /// Sends a message. Must not wait for the other device: a message that cannot be sent now may be dropped, it is sent again.
    fn send(&self, peer: &PeerId, message: &[u8]);

    /// Starts the app on this device, in the background if need be, because a session wants to be mirrored there. Where a system
    /// cannot do that, nothing happens.
    fn wake(&self, peer: &PeerId) {
        let _ = peer;
    }

    /// The most bytes that a message to this device may have; at least 128. Asked when its link comes up.
    fn largest_message(&self, peer: &PeerId) -> usize;
}
