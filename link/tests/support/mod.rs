//! Devices on the loopback network, and what they hear.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses some of it, and an end is a failed test"
)]

use paceline::{ErrorCode, PacelineError};
use paceline_link::{KeyStore, LinkSink, MemoryKeys, PeerId, PinnedPeer, TcpLink, TcpOptions};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a test waits for what must come. Nothing is ever asserted about how long it took.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Up(PeerId),
    Down(PeerId, ErrorCode),
    Message(PeerId, Vec<u8>),
    Paired(PeerId, String),
    PairingFailed(ErrorCode),
}

pub(crate) struct Ear(Mutex<Sender<Told>>);

impl Ear {
    pub(crate) fn new() -> (Arc<Self>, Receiver<Told>) {
        let (sender, heard) = channel();
        (Arc::new(Self(Mutex::new(sender))), heard)
    }

    pub(crate) fn hear(&self, told: Told) {
        // A test that is over listens no more.
        let _ = self.0.lock().unwrap().send(told);
    }
}

impl LinkSink for Ear {
    fn link_up(&self, peer: PeerId) {
        self.hear(Told::Up(peer));
    }

    fn link_down(&self, peer: PeerId, reason: PacelineError) {
        self.hear(Told::Down(peer, reason.code()));
    }

    fn message(&self, peer: PeerId, message: &[u8]) {
        self.hear(Told::Message(peer, message.to_vec()));
    }

    fn paired(&self, peer: PinnedPeer) {
        self.hear(Told::Paired(peer.peer, peer.name));
    }

    fn pairing_failed(&self, reason: PacelineError) {
        self.hear(Told::PairingFailed(reason.code()));
    }
}

pub(crate) struct Device {
    pub(crate) link: TcpLink,
    pub(crate) heard: Receiver<Told>,
}

impl Device {
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, Arc::new(MemoryKeys::default()), TcpOptions::default())
    }

    pub(crate) fn with(name: &str, keys: Arc<dyn KeyStore>, options: TcpOptions) -> Self {
        let (ear, heard) = Ear::new();
        Self { link: TcpLink::new(keys, name, options, ear).unwrap(), heard }
    }

    pub(crate) fn listen(&self) -> SocketAddr {
        self.link.listen("127.0.0.1:0".parse().unwrap()).unwrap()
    }

    /// The next thing that is told.
    pub(crate) fn next(&self) -> Told {
        self.heard.recv_timeout(PATIENCE).expect("something is told")
    }

    pub(crate) fn hears(&self, told: &Told) {
        assert_eq!(self.next(), *told);
    }

    /// Waits for this, whatever comes before.
    pub(crate) fn waits_for(&self, told: &Told) {
        while self.next() != *told {}
    }

    pub(crate) fn hears_nothing(&self) {
        assert_eq!(self.heard.try_recv().ok(), None);
    }
}

/// Pairs the two at this address, and takes note of what both are told.
pub(crate) fn pair(shows: &Device, address: SocketAddr, enters: &Device) {
    let code = shows.link.show_code().unwrap();
    let pinned = enters.link.pair(address, &code).unwrap();
    assert_eq!(pinned.peer, shows.link.id());
    assert!(matches!(shows.next(), Told::Paired(peer, _) if peer == enters.link.id()));
    shows.hears(&Told::Up(enters.link.id()));
    enters.hears(&Told::Up(shows.link.id()));
}
