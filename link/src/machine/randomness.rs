//! Chance as an input: everything random in one connection comes from one seed.

use hkdf::Hkdf;
use rand_core::{CryptoRng, RngCore};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// 32 unpredictable bytes, used for one connection, one key or one code and never again. With the same seed everything comes
/// out the same, which is for tests only.
#[derive(Clone)]
pub struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    /// A seed of these bytes. They must come from the system's source of random numbers.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed")
    }
}

/// A stream of random bytes that a seed unfolds into.
#[derive(Clone)]
pub(super) struct Draws {
    stream: Hkdf<Sha256>,
    drawn: u64,
}

impl Draws {
    /// The stream of this seed for one use. Streams for other uses tell nothing about it.
    pub(super) fn new(seed: &Seed, purpose: &str) -> Self {
        Self { stream: Hkdf::new(Some(purpose.as_bytes()), &*seed.0), drawn: 0 }
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for block in bytes.chunks_mut(32) {
            self.stream.expand(&self.drawn.to_le_bytes(), block).expect("a block is shorter than the limit");
            self.drawn += 1;
        }
    }
}

impl RngCore for Draws {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill(bytes);
        Ok(())
    }
}

impl CryptoRng for Draws {}

impl snow::types::Random for Draws {
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), snow::Error> {
        self.fill(bytes);
        Ok(())
    }
}
