//! The two Noise patterns of the link, and where their primitives come from.

use super::identity::{PublicKey, SecretKey};
use super::randomness::{Draws, Seed};
use snow::params::{CipherChoice, DHChoice, HashChoice, NoiseParams};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};
use snow::{Builder, HandshakeState};

/// Between devices that know each other's key.
const KNOWN: &str = "Noise_IK_25519_ChaChaPoly_SHA256";
/// Between devices that share the key which a pairing code led to.
const PAIRING: &str = "Noise_XXpsk0_25519_ChaChaPoly_SHA256";

/// The pure-Rust primitives of `snow`, with random numbers from our seed.
struct Primitives(Draws);

impl CryptoResolver for Primitives {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(self.0.clone()))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        DefaultResolver.resolve_dh(choice)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        DefaultResolver.resolve_cipher(choice)
    }
}

/// The side that connects.
pub(super) fn dial_known(own: &SecretKey, peer: &PublicKey, prologue: &[u8], seed: &Seed) -> HandshakeState {
    let builder = builder(KNOWN, own, prologue, seed);
    builder.remote_public_key(peer.bytes()).and_then(Builder::build_initiator).expect(BUILDS)
}

/// The side that is connected to.
pub(super) fn answer_known(own: &SecretKey, prologue: &[u8], seed: &Seed) -> HandshakeState {
    builder(KNOWN, own, prologue, seed).build_responder().expect(BUILDS)
}

pub(super) fn dial_pairing(own: &SecretKey, key: &[u8; 32], prologue: &[u8], seed: &Seed) -> HandshakeState {
    let builder = builder(PAIRING, own, prologue, seed);
    builder.psk(0, key).and_then(Builder::build_initiator).expect(BUILDS)
}

pub(super) fn answer_pairing(
    own: &SecretKey,
    key: &[u8; 32],
    prologue: &[u8],
    seed: &Seed,
) -> HandshakeState {
    let builder = builder(PAIRING, own, prologue, seed);
    builder.psk(0, key).and_then(Builder::build_responder).expect(BUILDS)
}

/// The pattern and the lengths of all keys are ours, so that building cannot fail.
const BUILDS: &str = "the pattern is known and keys have the right length";

fn builder<'a>(pattern: &str, own: &'a SecretKey, prologue: &'a [u8], seed: &Seed) -> Builder<'a> {
    let pattern: NoiseParams = pattern.parse().expect(BUILDS);
    let primitives = Primitives(Draws::new(seed, "noise"));
    let builder = Builder::with_resolver(pattern, Box::new(primitives));
    builder.local_private_key(own.bytes()).and_then(|builder| builder.prologue(prologue)).expect(BUILDS)
}

/// The public key of a secret one.
pub(super) fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    let mut curve = DefaultResolver.resolve_dh(&DHChoice::Curve25519).expect(BUILDS);
    curve.set(secret);
    curve.pubkey().try_into().expect("a key has 32 bytes")
}

/// What to an outsider looks like an answer of this length: a key for once, and what is sealed. Nobody can open it.
pub(super) fn decoy(length: usize, seed: &Seed) -> Vec<u8> {
    let mut draws = Draws::new(seed, "decoy");
    let mut secret = [0; 32];
    draws.fill(&mut secret);
    let mut answer = public_key(&secret).to_vec();
    answer.resize(length, 0);
    draws.fill(&mut answer[32..]);
    answer
}
