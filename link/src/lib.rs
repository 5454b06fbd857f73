//! Encrypted messages between two devices that know each other.
//!
//! Two devices are made known to each other once, with a code of eight digits that one shows and a person enters on the other.
//! From then on each recognizes the other by its key, talks to nobody else, and tells strangers nothing. The wire
//! format is in `docs/link.md`, what it protects against in `docs/decisions/0009-pairing-and-the-link.md`.
//!
//! ```
//! use paceline_link::{LinkSink, MemoryKeys, PeerId, TcpLink, TcpOptions};
//! use std::sync::Arc;
//! use std::sync::mpsc::{Sender, channel};
//!
//! struct Ear(Sender<Vec<u8>>);
//!
//! impl LinkSink for Ear {
//!     fn link_up(&self, _: PeerId) {}
//!     fn link_down(&self, _: PeerId, _: paceline::PacelineError) {}
//!     fn message(&self, _: PeerId, message: &[u8]) {
//!         let _ = self.0.send(message.to_vec());
//!     }
//! }
//!
//! let (ear, heard) = channel();
//! let device = |name| {
//!     TcpLink::new(Arc::new(MemoryKeys::default()), name, TcpOptions::default(), Arc::new(Ear(ear.clone())))
//! };
//! let (watch, phone) = (device("Kim's watch")?, device("Kim's phone")?);
//!
//! let address = watch.listen("127.0.0.1:0".parse()?)?;
//! let code = watch.show_code()?; // is shown on the watch, and typed on the phone
//! let paired = phone.pair(address, &code.to_string().parse()?)?;
//! assert_eq!(paired.name, "Kim's watch");
//!
//! phone.send(paired.peer, b"pause")?;
//! assert_eq!(heard.recv()?, b"pause");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
