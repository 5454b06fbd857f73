//! Who a device is: its keys, and the id that follows from them.

use super::noise;
use super::randomness::{Draws, Seed};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// The longest name of a device, in bytes of UTF-8.
pub(crate) const NAME_LENGTH: usize = 64;

/// The key that makes a device this device. Whoever has it can pretend to be it.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// A new key.
    pub fn generate(seed: &Seed) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        Draws::new(seed, "identity").fill(&mut *bytes);
        Self(bytes)
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What other devices know of the key.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(noise::public_key(&self.0))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

/// By which other devices recognize a device. Not a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key of these 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The id of the device that has this key.
    pub fn peer(&self) -> PeerId {
        let digest = Sha256::new().chain_update(b"paceline peer").chain_update(self.0).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        PeerId(id)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.peer())
    }
}

/// The id of a device: 16 bytes that follow from its public key, and stay the same as long as it keeps its keys. A name for
/// maps and logs; who may connect is decided by the whole key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId([u8; 16]);

impl PeerId {
    /// The id of these 16 bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// 32 digits and letters.
impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerId({self})")
    }
}

/// What a device says about itself to those that it pairs with.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its key.
    pub secret: SecretKey,
    /// Its name, for people: "Kim's watch". More than 64 bytes of UTF-8 are cut off.
    pub name: String,
}

/// A name as it travels: always as long, so that its length tells nothing.
pub(super) fn pack_name(name: &str) -> [u8; 1 + NAME_LENGTH] {
    let mut length = name.len().min(NAME_LENGTH);
    while !name.is_char_boundary(length) {
        length -= 1;
    }
    let mut packed = [0; 1 + NAME_LENGTH];
    packed[0] = length as u8;
    packed[1..=length].copy_from_slice(&name.as_bytes()[..length]);
    packed
}

/// The name in these bytes, without what could play tricks on a terminal.
pub(super) fn unpack_name(packed: &[u8]) -> Option<String> {
    let (length, rest) = packed.split_first()?;
    let name = std::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
    Some(name.chars().filter(|letter| !letter.is_control()).collect())
}
