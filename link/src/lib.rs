//! Encrypted messages between two devices that know each other.
//!
//! Two devices are made known to each other once, with a code of eight digits that one shows and a person enters on the other.
//! From then on each recognizes the other by its key, talks to nobody else, and tells strangers nothing. The wire
//! format is in `docs/link.md`, what it protects against in `docs/decisions/0009-pairing-and-the-link.md`.
//!
//! - [`Handshake`] and [`Channel`] decide everything, without a socket, a thread, a clock or chance: for transports of your own.
//! - [`KeyRing`] knows the keys, and keeps them in a [`KeyStore`].
//! - [`TcpLink`] carries messages over TCP, with threads of its own.

mod keys;
mod machine;
mod tcp;

pub use keys::{KeyFile, KeyRing, KeyStore, LARGEST_RING, MemoryKeys, PinnedPeer};
pub use machine::channel::{Channel, LARGEST_MESSAGE};
pub use machine::handshake::{Desk, HANDSHAKE_TIME, Handshake, Outcome};
pub use machine::identity::{Identity, PeerId, PublicKey, SecretKey};
pub use machine::pairing::{CODE_LIFETIME, CODE_TRIES, PairingCode, PairingState, PairingWindow};
pub use machine::randomness::Seed;
pub use tcp::{LinkSink, TcpLink, TcpOptions};
