//! The link over TCP. Threads of its own, none of which waits for a second peer; sockets below, the machine beside.

mod carrier;
mod connections;
mod listener;
mod opening;
mod options;
mod queue;
mod sink;
mod socket;
mod waiting_room;

pub use options::TcpOptions;
pub use sink::LinkSink;

use crate::keys::{KeyRing, KeyStore, PinnedPeer};
use crate::machine::handshake::Handshake;
use crate::machine::identity::{Identity, PeerId, PublicKey};
use crate::machine::pairing::{PairingCode, PairingState, PairingWindow};
use crate::machine::randomness::Seed;
use connections::{Connections, Direction};
use opening::Opened;
use paceline::{Clock, ErrorCode, PacelineError, SystemClock};
use parking_lot::Mutex;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use waiting_room::WaitingRoom;

/// This device on a network: reachable for the devices that it is paired with, and for those only.
///
/// Finding devices is left to the app: it passes addresses in, and announces the one that [`TcpLink::listen`] returns. Cheap to
/// clone; usable from any thread. When the last clone is gone, or after [`TcpLink::close`], every connection ends. A sink that
/// holds a clone keeps the link alive: let it hold a weak one, or close.
#[derive(Clone)]
pub struct TcpLink(Arc<Handle>);

/// What app code holds. Threads hold what is in it, so that they do not keep the link alive.
struct Handle(Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What the threads of a link share.
struct Shared {
    options: TcpOptions,
    name: String,
    sink: Arc<dyn LinkSink>,
    desk: Mutex<FrontDesk>,
    waiting: WaitingRoom,
    connections: Connections,
    listeners: Mutex<listener::Listeners>,
}

/// What a handshake asks about.
struct FrontDesk {
    ring: KeyRing,
    window: Option<PairingWindow>,
    /// How many codes were shown.
    shown: u64,
}

impl TcpLink {
    /// A link with the keys in this store; new ones when it is empty. `name` is what people on other devices will read when
    /// they pair. It listens and connects only when told to.
    ///
    /// # Errors
    /// [`ErrorCode::LinkKeyStore`] when the keys cannot be read or saved.
    pub fn new(
        keys: Arc<dyn KeyStore>,
        name: &str,
        options: TcpOptions,
        sink: Arc<dyn LinkSink>,
    ) -> Result<Self, PacelineError> {
        let ring = KeyRing::open(keys, &seed()?)?;
        let shared = Shared {
            connections: Connections::new(options.connections),
            waiting: WaitingRoom::new(),
            desk: Mutex::new(FrontDesk { ring, window: None, shown: 0 }),
            listeners: Mutex::default(),
            name: name.into(),
            options,
            sink,
        };
        Ok(Self(Arc::new(Handle(Arc::new(shared)))))
    }

    /// The id by which other devices know this one.
    pub fn id(&self) -> PeerId {
        self.own_key().peer()
    }

    /// The devices that this one is paired with, connected or not.
    pub fn peers(&self) -> Vec<PinnedPeer> {
        self.0.0.desk.lock().ring.peers().to_vec()
    }

    /// Waits for other devices at this address, in the background; port 0 takes any that is free. Returns the address that it
    /// got. May be called for several addresses.
    ///
    /// # Errors
    /// [`ErrorCode::LinkUnreachable`] when the address cannot be used; [`ErrorCode::LinkClosed`] after [`TcpLink::close`].
    pub fn listen(&self, address: SocketAddr) -> Result<SocketAddr, PacelineError> {
        listener::listen(&self.0.0, address)
    }

    /// Waits for nobody any more. Connections that are up stay.
    pub fn stop_listening(&self) {
        self.0.0.listeners.lock().stop();
    }

    /// Connects to a device that is paired with this one. Waits until both are sure of each other, which takes a few round
    /// trips, and 10 seconds at most where nobody answers; [`LinkSink::link_up`] follows. A connection that this device had
    /// to the same device ends.
    ///
    /// # Errors
    /// Domain 4: not paired (also when the other device has forgotten this one), unreachable, timed out, too many connections,
    /// versions that do not fit.
    pub fn connect(&self, address: SocketAddr, peer: PeerId) -> Result<(), PacelineError> {
        let shared = &self.0.0;
        let key = shared.desk.lock().ring.find(peer).map(|pinned| pinned.key).ok_or_else(|| {
            PacelineError::new(
                ErrorCode::LinkNotPaired,
                "this device is not paired with that one; pair them first",
            )
            .with_value(peer)
        })?;
        shared.dial(address, |own, seed| Handshake::dial(own, &key, seed, now())).map(|_| ())
    }

    /// Connects to a device that shows this code, and remembers it. Waits as [`TcpLink::connect`] does.
    ///
    /// # Errors
    /// [`ErrorCode::LinkPairingFailed`] when the code is wrong or worth nothing any more; else as [`TcpLink::connect`].
    pub fn pair(&self, address: SocketAddr, code: &PairingCode) -> Result<PinnedPeer, PacelineError> {
        let shared = &self.0.0;
        let key = shared.dial(address, |own, seed| Handshake::dial_with_code(own, code, seed, now()))?;
        let pinned = shared.desk.lock().ring.find(key.peer()).cloned();
        pinned.ok_or_else(|| PacelineError::new(ErrorCode::LinkNotPaired, "the device was forgotten at once"))
    }

    /// A new code to show, which another device can enter within two minutes. The one before is worth nothing from now on.
    /// When it was entered, [`LinkSink::paired`] is told.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] when the machine gives no random numbers.
    pub fn show_code(&self) -> Result<PairingCode, PacelineError> {
        let code = PairingCode::generate(&seed()?);
        let mut desk = self.0.0.desk.lock();
        desk.shown += 1;
        desk.window = Some(PairingWindow::open(code.clone(), desk.shown, now()));
        Ok(code)
    }

    /// The code is not shown any more, and worth nothing.
    pub fn hide_code(&self) {
        self.0.0.desk.lock().window = None;
    }

    /// What became of the code that was last shown; nothing when there is none, or it was hidden.
    pub fn pairing_state(&self) -> Option<PairingState> {
        self.0.0.desk.lock().window.as_ref().map(|window| window.state(now()))
    }

    /// The device becomes a stranger, and a connection to it ends. Whether it was known. The other device finds out when it
    /// connects.
    ///
    /// # Errors
    /// [`ErrorCode::LinkKeyStore`] when it cannot be saved; the device is known as before.
    pub fn forget(&self, peer: PeerId) -> Result<bool, PacelineError> {
        let known = self.0.0.desk.lock().ring.forget(peer)?;
        self.disconnect(peer);
        Ok(known)
    }

    /// Sends a message to a device that is connected. Never waits: the message is put into that device's queue, from which it
    /// is sent in order. That it arrives is not promised, only that nothing arrives changed, twice or out of order.
    ///
    /// # Errors
    /// [`ErrorCode::LinkQueueFull`]: the device does not keep up, or does not read at all; this message is not sent.
    /// [`ErrorCode::LinkMessageTooLarge`] above [`TcpLink::largest_message`]. [`ErrorCode::LinkClosed`] when it is not
    /// connected.
    pub fn send(&self, peer: PeerId, message: &[u8]) -> Result<(), PacelineError> {
        self.0.0.connections.send(peer, message)
    }

    /// The longest message, in bytes.
    pub const fn largest_message() -> usize {
        crate::LARGEST_MESSAGE
    }

    /// Ends the connection to this device, if there is one. It stays paired.
    pub fn disconnect(&self, peer: PeerId) {
        self.0.0.connections.end(peer, &PacelineError::new(ErrorCode::LinkClosed, "this device hung up"));
    }

    /// Ends everything. Each connection that is up is still told down; no other callback starts afterwards.
    pub fn close(&self) {
        self.0.0.close();
    }

    fn own_key(&self) -> PublicKey {
        self.0.0.desk.lock().ring.secret().public_key()
    }
}

impl Shared {
    fn identity(&self) -> Identity {
        Identity { secret: self.desk.lock().ring.secret().clone(), name: self.name.clone() }
    }

    fn dial(
        self: &Arc<Self>,
        address: SocketAddr,
        begin: impl FnOnce(&Identity, Seed) -> Handshake,
    ) -> Result<PublicKey, PacelineError> {
        let stream = socket::connect(address, &self.options)?;
        // Not before: the time that the network takes is not the handshake's.
        let handshake = begin(&self.identity(), seed()?);
        let opened = opening::open(self, &stream, handshake)?;
        let key = opened.key;
        self.admit(stream, opened, Direction::Dialled)?;
        Ok(key)
    }

    /// Answers one who connected, on a thread of its own.
    fn answer(self: &Arc<Self>, stream: Arc<std::net::TcpStream>) -> Result<(), PacelineError> {
        let handshake = Handshake::answer(&self.identity(), seed()?, now());
        let opened = opening::open(self, &stream, handshake)?;
        self.admit(stream, opened, Direction::Answered)
    }

    fn admit(
        self: &Arc<Self>,
        stream: Arc<std::net::TcpStream>,
        opened: Opened,
        direction: Direction,
    ) -> Result<(), PacelineError> {
        let (key, own) = (opened.key, self.desk.lock().ring.secret().public_key().peer());
        connections::admit(self, stream, opened, direction, own)?;
        // It may have been forgotten since the handshake asked.
        if !self.desk.lock().ring.knows(&key) {
            self.connections
                .end(key.peer(), &PacelineError::new(ErrorCode::LinkNotPaired, "the device was forgotten"));
        }
        Ok(())
    }

    fn close(&self) {
        self.listeners.lock().close();
        self.waiting.close();
        self.connections.close();
    }
}

/// Time since a fixed instant, sleep included: a code does not live longer because the device slept.
fn now() -> Duration {
    SystemClock.elapsed()
}

fn seed() -> Result<Seed, PacelineError> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|error| {
        PacelineError::new(ErrorCode::Internal, format!("the machine gives no random numbers: {error}"))
    })?;
    Ok(Seed::new(*bytes))
}

fn internal(what: &str, error: &std::io::Error) -> PacelineError {
    PacelineError::new(ErrorCode::Internal, format!("{what}: {error}"))
}
