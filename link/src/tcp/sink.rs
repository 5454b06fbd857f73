//! What a link tells.

use crate::keys::PinnedPeer;
use crate::machine::identity::PeerId;
use paceline::PacelineError;

/// Hears what happens on a link. What is told about one device comes in order and never at the same time, each device on a
/// thread of its own: one that keeps its caller waiting delays this device only. Calling the link back is normal use. What is
/// told about two devices may come at the same time.
pub trait LinkSink: Send + Sync + 'static {
    /// A device is connected, and is the one that it says it is. Messages may follow.
    fn link_up(&self, peer: PeerId);

    /// The connection is over, for this reason. Told once for each [`LinkSink::link_up`], after the last message. A device that
    /// is silent is not down: that is told when it closed, or when the network has not heard of it for the keep-alive time.
    fn link_down(&self, peer: PeerId, reason: PacelineError);

    /// A message from a device that is up, as it was sent. It may be empty.
    fn message(&self, peer: PeerId, message: &[u8]);

    /// A device entered the code that this one shows, and is known from now on.
    fn paired(&self, peer: PinnedPeer) {
        let _ = peer;
    }

    /// The code that this device shows is worth nothing any more: it was entered wrongly too often, or the device that entered
    /// it could not be saved.
    fn pairing_failed(&self, reason: PacelineError) {
        let _ = reason;
    }
}
