//! The keys of this device and of those it is paired with, and where they are kept.

mod file;
mod ring;

pub use file::KeyFile;
pub use ring::{KeyRing, LARGEST_RING, PinnedPeer};

use paceline::{ErrorCode, PacelineError};
use parking_lot::Mutex;
use zeroize::Zeroizing;

/// Where a device keeps its keys: one piece of secret data of a few kilobytes. A platform's keychain is the right place; never
/// the workout store, which is copied, exported and backed up. Called from any thread, one call at a time; must not call the
/// link.
pub trait KeyStore: Send + Sync + 'static {
    /// What was saved last; nothing when nothing was.
    ///
    /// # Errors
    /// [`ErrorCode::LinkKeyStore`]; nothing is overwritten then.
    fn load(&self) -> Result<Option<Vec<u8>>, PacelineError>;

    /// Saves this in place of what was there: all of it, or nothing changes.
    ///
    /// # Errors
    /// [`ErrorCode::LinkKeyStore`]; the pairing that was to be saved fails.
    fn save(&self, secret: &[u8]) -> Result<(), PacelineError>;
}

/// Keeps keys in memory: a device that is new at each start. For tests.
#[derive(Debug, Default)]
pub struct MemoryKeys(Mutex<Option<Zeroizing<Vec<u8>>>>);

impl KeyStore for MemoryKeys {
    fn load(&self) -> Result<Option<Vec<u8>>, PacelineError> {
        Ok(self.0.lock().as_ref().map(|secret| secret.to_vec()))
    }

    fn save(&self, secret: &[u8]) -> Result<(), PacelineError> {
        *self.0.lock() = Some(Zeroizing::new(secret.to_vec()));
        Ok(())
    }
}

fn refused(what: impl Into<String>) -> PacelineError {
    PacelineError::new(ErrorCode::LinkKeyStore, what)
}
