//! What a key store holds.

use super::{KeyStore, refused};
use crate::machine::identity::{PeerId, PublicKey, SecretKey};
use crate::machine::randomness::Seed;
use paceline::{PacelineError, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use zeroize::Zeroizing;

/// How many devices one can be paired with.
pub const LARGEST_RING: usize = 64;

/// What the saved form begins with: a mark and the version.
const MAGIC: &[u8; 4] = b"PCK\x01";
const CHECKSUM: usize = 32;

/// A device that this one is paired with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedPeer {
    /// Its id, which follows from the key.
    pub peer: PeerId,
    /// Its key. Only who has the secret that belongs to it is taken for this device.
    pub key: PublicKey,
    /// Its name when it was paired.
    pub name: String,
    /// When it was paired.
    pub since: Timestamp,
}

/// The keys of a device, as they are in its [`KeyStore`]. Each change is saved before it counts.
pub struct KeyRing {
    store: Arc<dyn KeyStore>,
    secret: SecretKey,
    peers: Vec<PinnedPeer>,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    secret: [u8; 32],
    peers: Vec<SavedPeer>,
}

#[derive(Serialize, Deserialize)]
struct SavedPeer {
    key: [u8; 32],
    name: String,
    since_us: i64,
}

impl KeyRing {
    /// The keys in this store; when it is empty, a new key made from the seed, which is saved at once.
    ///
    /// # Errors
    /// [`paceline::ErrorCode::LinkKeyStore`] when the store fails or holds something else. Nothing is overwritten then.
    pub fn open(store: Arc<dyn KeyStore>, seed: &Seed) -> Result<Self, PacelineError> {
        if let Some(saved) = store.load()?.map(Zeroizing::new) {
            let (secret, peers) = read(&saved)?;
            return Ok(Self { store, secret, peers });
        }
        let ring = Self { store, secret: SecretKey::generate(seed), peers: Vec::new() };
        ring.save(&ring.peers)?;
        Ok(ring)
    }

    /// The key of this device.
    pub fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// The devices that this one is paired with, in the order in which they were.
    pub fn peers(&self) -> &[PinnedPeer] {
        &self.peers
    }

    /// Whether a device with this key is paired with this one.
    pub fn knows(&self, key: &PublicKey) -> bool {
        self.peers.iter().any(|peer| peer.key == *key)
    }

    /// The device with this id, when it is paired with this one.
    pub fn find(&self, peer: PeerId) -> Option<&PinnedPeer> {
        self.peers.iter().find(|known| known.peer == peer)
    }

    /// From now on this device is known. Pairing again changes name and date.
    ///
    /// # Errors
    /// [`paceline::ErrorCode::LinkKeyStore`] when it cannot be saved, or [`LARGEST_RING`] devices are known.
    pub fn pin(&mut self, key: PublicKey, name: &str, since: Timestamp) -> Result<PinnedPeer, PacelineError> {
        let pinned = PinnedPeer { peer: key.peer(), key, name: name.into(), since };
        let mut peers: Vec<_> = self.peers.iter().filter(|peer| peer.key != key).cloned().collect();
        if peers.len() >= LARGEST_RING {
            return Err(refused(
                "this device is paired with as many others as it can be; forget one of them",
            ));
        }
        peers.push(pinned.clone());
        self.save(&peers)?;
        self.peers = peers;
        Ok(pinned)
    }

    /// From now on this device is a stranger. Whether it was known.
    ///
    /// # Errors
    /// [`paceline::ErrorCode::LinkKeyStore`] when it cannot be saved; the device is known as before.
    pub fn forget(&mut self, peer: PeerId) -> Result<bool, PacelineError> {
        let peers: Vec<_> = self.peers.iter().filter(|known| known.peer != peer).cloned().collect();
        if peers.len() == self.peers.len() {
            return Ok(false);
        }
        self.save(&peers)?;
        self.peers = peers;
        Ok(true)
    }

    fn save(&self, peers: &[PinnedPeer]) -> Result<(), PacelineError> {
        let saved = Saved {
            secret: *self.secret.bytes(),
            peers: peers
                .iter()
                .map(|peer| SavedPeer {
                    key: *peer.key.bytes(),
                    name: peer.name.clone(),
                    since_us: peer.since.micros(),
                })
                .collect(),
        };
        let packed = postcard::to_stdvec(&saved)
            .map_err(|error| refused(format!("keys cannot be packed: {error}")))?;
        let packed = Zeroizing::new(packed);
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAGIC.len() + packed.len() + CHECKSUM));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&packed);
        let checksum = Sha256::digest(&*bytes);
        bytes.extend_from_slice(&checksum);
        self.store.save(&bytes)
    }
}

fn read(saved: &[u8]) -> Result<(SecretKey, Vec<PinnedPeer>), PacelineError> {
    let damaged = || {
        refused("what the key store holds is damaged, or belongs to another program; it was left as it was")
    };
    if saved.len() >= MAGIC.len() && saved[..3] == MAGIC[..3] && saved[3] > MAGIC[3] {
        return Err(refused("the key store was written by a newer release; it was left as it was"));
    }
    let (content, checksum) = saved.split_last_chunk::<CHECKSUM>().ok_or_else(damaged)?;
    if Sha256::digest(content).as_slice() != checksum {
        return Err(damaged());
    }
    let packed = content.strip_prefix(MAGIC).ok_or_else(damaged)?;
    let saved: Saved = postcard::from_bytes(packed).map_err(|_| damaged())?;
    let peers = saved.peers.into_iter().map(|peer| {
        let key = PublicKey::from_bytes(peer.key);
        let since = Timestamp::checked_from_micros(peer.since_us)?;
        Some(PinnedPeer { peer: key.peer(), key, name: peer.name, since })
    });
    let peers = peers.collect::<Option<_>>().ok_or_else(damaged)?;
    Ok((SecretKey::from_bytes(saved.secret), peers))
}
