//! Devices that meet over real sockets.
#![allow(clippy::unwrap_used, reason = "an end is a failed test")]

mod support;

use paceline::{ErrorCode, PacelineError};
use paceline_link::{
    Desk, Handshake, Identity, KeyFile, LinkSink, MemoryKeys, Outcome, PairingState, PeerId, PublicKey,
    SecretKey, Seed, TcpLink, TcpOptions,
};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use support::{Device, Ear, PATIENCE, Told, pair};

#[test]
fn two_devices_pair_talk_and_meet_again() {
    let (watch, phone) = (Device::new("Kim's watch"), Device::new("Kim's phone"));
    let address = watch.listen();
    let code = watch.link.show_code().unwrap();
    assert!(matches!(watch.link.pairing_state(), Some(PairingState::Open { tries: 3, .. })));
    let pinned = phone.link.pair(address, &code).unwrap();
    assert_eq!((pinned.peer, pinned.name.as_str()), (watch.link.id(), "Kim's watch"));
    watch.hears(&Told::Paired(phone.link.id(), "Kim's phone".into()));
    assert_eq!(watch.link.pairing_state(), Some(PairingState::Used));
    watch.hears(&Told::Up(phone.link.id()));
    phone.hears(&Told::Up(watch.link.id()));

    for message in [vec![], vec![1, 2, 3], vec![9; TcpLink::largest_message()]] {
        watch.link.send(phone.link.id(), &message).unwrap();
        phone.hears(&Told::Message(watch.link.id(), message.clone()));
        phone.link.send(watch.link.id(), &message).unwrap();
        watch.hears(&Told::Message(phone.link.id(), message));
    }
    let too_large = vec![0; TcpLink::largest_message() + 1];
    assert_eq!(
        watch.link.send(phone.link.id(), &too_large).unwrap_err().code(),
        ErrorCode::LinkMessageTooLarge
    );

    phone.link.disconnect(watch.link.id());
    phone.hears(&Told::Down(watch.link.id(), ErrorCode::LinkClosed));
    watch.hears(&Told::Down(phone.link.id(), ErrorCode::LinkClosed));
    assert_eq!(phone.link.send(watch.link.id(), b"x").unwrap_err().code(), ErrorCode::LinkClosed);

    phone.link.connect(address, watch.link.id()).unwrap();
    phone.hears(&Told::Up(watch.link.id()));
    watch.hears(&Told::Up(phone.link.id()));
}

#[test]
fn messages_stay_in_order() {
    let (watch, phone) = (Device::new("watch"), Device::new("phone"));
    pair(&watch, watch.listen(), &phone);
    for number in 0..2000_u32 {
        watch.link.send(phone.link.id(), &number.to_le_bytes()).unwrap();
    }
    for number in 0..2000_u32 {
        phone.hears(&Told::Message(watch.link.id(), number.to_le_bytes().to_vec()));
    }
}

#[test]
fn a_device_that_lost_its_connection_takes_the_place_of_its_old_one() {
    let (watch, phone) = (Device::new("watch"), Device::new("phone"));
    let address = watch.listen();
    pair(&watch, address, &phone);
    for _ in 0..5 {
        phone.link.connect(address, watch.link.id()).unwrap();
        for (device, other) in [(&watch, &phone), (&phone, &watch)] {
            device.hears(&Told::Down(other.link.id(), ErrorCode::LinkClosed));
            device.hears(&Told::Up(other.link.id()));
        }
    }
    phone.link.send(watch.link.id(), b"here").unwrap();
    watch.hears(&Told::Message(phone.link.id(), b"here".to_vec()));
}

#[test]
fn strangers_and_wrong_codes_are_refused_and_leave_no_trace() {
    let (watch, phone, stranger) = (Device::new("watch"), Device::new("phone"), Device::new("stranger"));
    let address = watch.listen();
    let no_code = stranger.link.pair(address, &"00000000".parse().unwrap()).unwrap_err();
    assert_eq!(no_code.code(), ErrorCode::LinkPairingFailed);
    let code = watch.link.show_code().unwrap();
    let wrong = if code == "11111111".parse().unwrap() { "22222222" } else { "11111111" };
    for tries in [2, 1] {
        let error = stranger.link.pair(address, &wrong.parse().unwrap()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::LinkPairingFailed);
        assert!(
            matches!(watch.link.pairing_state(), Some(PairingState::Open { tries: left, .. }) if left == tries)
        );
        watch.hears_nothing();
    }
    stranger.link.pair(address, &wrong.parse().unwrap()).unwrap_err();
    watch.hears(&Told::PairingFailed(ErrorCode::LinkTooManyTries));
    assert_eq!(watch.link.pairing_state(), Some(PairingState::TooManyTries));
    assert_eq!(phone.link.pair(address, &code).unwrap_err().code(), ErrorCode::LinkPairingFailed);

    pair(&watch, address, &phone);
    assert_eq!(stranger.link.connect(address, watch.link.id()).unwrap_err().code(), ErrorCode::LinkNotPaired);
    // One who was paired with somebody else and is told a wrong address.
    let tv = Device::new("tv");
    pair(&tv, tv.listen(), &stranger);
    assert_eq!(stranger.link.connect(address, tv.link.id()).unwrap_err().code(), ErrorCode::LinkNotPaired);
    watch.hears_nothing();
    assert_eq!(watch.link.peers().len(), 1);
    watch.link.hide_code();
    assert_eq!(watch.link.pairing_state(), None);
}

#[test]
fn a_device_that_is_forgotten_is_a_stranger() {
    let (watch, phone) = (Device::new("watch"), Device::new("phone"));
    let address = watch.listen();
    pair(&watch, address, &phone);
    assert!(watch.link.forget(phone.link.id()).unwrap());
    assert!(!watch.link.forget(phone.link.id()).unwrap());
    watch.hears(&Told::Down(phone.link.id(), ErrorCode::LinkClosed));
    phone.hears(&Told::Down(watch.link.id(), ErrorCode::LinkClosed));
    assert_eq!(phone.link.connect(address, watch.link.id()).unwrap_err().code(), ErrorCode::LinkNotPaired);
}

#[test]
fn no_more_devices_connect_than_the_options_allow() {
    let options = TcpOptions { connections: 1, ..TcpOptions::default() };
    let watch = Device::with("watch", Arc::new(MemoryKeys::default()), options);
    let (phone, tv) = (Device::new("phone"), Device::new("tv"));
    let address = watch.listen();
    pair(&watch, address, &phone);
    let code = watch.link.show_code().unwrap();
    // The handshake is done when there turns out to be no seat.
    tv.link.pair(address, &code).unwrap();
    tv.hears(&Told::Up(watch.link.id()));
    tv.hears(&Told::Down(watch.link.id(), ErrorCode::LinkClosed));
    watch.hears(&Told::Paired(tv.link.id(), "tv".into()));
    watch.hears_nothing();
    phone.link.send(watch.link.id(), b"still here").unwrap();
    watch.hears(&Told::Message(phone.link.id(), b"still here".to_vec()));

    let tv_address = tv.listen();
    let refused = watch.link.connect(tv_address, tv.link.id()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::LinkTooManyConnections);
}

#[test]
fn closing_ends_connections_and_listening() {
    let (watch, phone) = (Device::new("watch"), Device::new("phone"));
    let address = watch.listen();
    pair(&watch, address, &phone);
    watch.link.close();
    watch.hears(&Told::Down(phone.link.id(), ErrorCode::LinkClosed));
    phone.hears(&Told::Down(watch.link.id(), ErrorCode::LinkClosed));
    assert_eq!(watch.link.listen(address).unwrap_err().code(), ErrorCode::LinkClosed);
    assert!(phone.link.connect(address, watch.link.id()).is_err());

    // The last handle does the same. Nobody listens at the address afterwards: it is free.
    let tv = Device::new("tv");
    let address = tv.listen();
    pair(&tv, address, &phone);
    let Device { link, heard } = tv;
    drop(link);
    assert!(matches!(heard.recv_timeout(PATIENCE).unwrap(), Told::Down(..)));
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
}

/// Plays a handshake by hand, and sends these messages in one piece with the last of it.
fn by_hand(mut handshake: Handshake, address: SocketAddr, messages: &[&[u8]]) -> (TcpStream, PublicKey) {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut desk = Desk { known: &|_| false, window: None };
    let mut buffer = [0; 1024];
    loop {
        stream.write_all(&handshake.take_output()).unwrap();
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "it hung up");
        let mut arrived = &buffer[..count];
        while !arrived.is_empty() {
            let taken = handshake.receive(arrived, Duration::ZERO, &mut desk).unwrap();
            arrived = &arrived[taken..];
        }
        if let Some(Outcome::Up { mut channel, peer, .. }) = handshake.take_outcome() {
            let mut last = handshake.take_output();
            last.extend(messages.iter().flat_map(|message| channel.seal(message).unwrap()));
            stream.write_all(&last).unwrap();
            return (stream, peer);
        }
    }
}

#[test]
fn messages_that_come_in_one_piece_with_the_handshake_are_heard() {
    let watch = Device::new("watch");
    let address = watch.listen();
    let seed = |number| Seed::new([number; 32]);
    let own = Identity { secret: SecretKey::generate(&seed(1)), name: "by hand".into() };
    let code = watch.link.show_code().unwrap();
    let dialled = Handshake::dial_with_code(&own, &code, seed(2), Duration::ZERO);
    let (_open, key) = by_hand(dialled, address, &[b"one"]);
    let id = own.secret.public_key().peer();
    watch.hears(&Told::Paired(id, "by hand".into()));
    watch.hears(&Told::Up(id));
    watch.hears(&Told::Message(id, b"one".to_vec()));

    let (_open, _) =
        by_hand(Handshake::dial(&own, &key, seed(3), Duration::ZERO), address, &[b"two", b"three"]);
    watch.hears(&Told::Down(id, ErrorCode::LinkClosed));
    watch.hears(&Told::Up(id));
    watch.hears(&Told::Message(id, b"two".to_vec()));
    watch.hears(&Told::Message(id, b"three".to_vec()));
}

/// Does something from inside a callback.
struct Inside {
    ear: Arc<Ear>,
    link: OnceLock<Mutex<Option<TcpLink>>>,
    act: fn(TcpLink, PeerId),
}

impl LinkSink for Inside {
    fn link_up(&self, peer: PeerId) {
        self.ear.hear(Told::Up(peer));
    }

    fn link_down(&self, peer: PeerId, reason: PacelineError) {
        self.ear.hear(Told::Down(peer, reason.code()));
    }

    fn message(&self, peer: PeerId, message: &[u8]) {
        self.ear.hear(Told::Message(peer, message.to_vec()));
        let link = self.link.get().unwrap().lock().unwrap().take().unwrap();
        (self.act)(link, peer);
    }
}

/// A phone that does this when it gets a message from the watch.
fn acting_inside(act: fn(TcpLink, PeerId)) -> Receiver<Told> {
    let watch = Device::new("watch");
    let (ear, heard) = Ear::new();
    let sink = Arc::new(Inside { ear, link: OnceLock::new(), act });
    let phone =
        TcpLink::new(Arc::new(MemoryKeys::default()), "phone", TcpOptions::default(), Arc::clone(&sink) as _)
            .unwrap();
    let id = phone.id();
    phone.pair(watch.listen(), &watch.link.show_code().unwrap()).unwrap();
    sink.link.set(Mutex::new(Some(phone))).ok().unwrap();
    watch.waits_for(&Told::Up(id));
    watch.link.send(id, b"now").unwrap();
    watch.waits_for(&Told::Down(id, ErrorCode::LinkClosed));
    assert!(matches!(heard.recv_timeout(PATIENCE).unwrap(), Told::Up(_)));
    assert!(matches!(heard.recv_timeout(PATIENCE).unwrap(), Told::Message(..)));
    heard
}

#[test]
fn a_callback_may_end_what_it_is_called_by() {
    let acts: [fn(TcpLink, PeerId); 5] = [
        |link, _| drop(link),
        |link, _| link.close(),
        |link, peer| {
            link.disconnect(peer);
            std::mem::forget(link);
        },
        |link, peer| {
            link.forget(peer).unwrap();
            std::mem::forget(link);
        },
        |link, _| {
            std::mem::forget(link);
            panic!("an app that fails");
        },
    ];
    for act in acts {
        let heard = acting_inside(act);
        assert!(matches!(heard.recv_timeout(PATIENCE).unwrap(), Told::Down(..)));
        assert!(heard.try_recv().is_err(), "down is told once, and last");
    }
}

/// Connects again from inside the callback that tells that the connection is over.
struct Stubborn {
    ear: Arc<Ear>,
    home: OnceLock<(Mutex<TcpLink>, SocketAddr)>,
    again: Mutex<u32>,
    done: Mutex<Sender<()>>,
}

impl LinkSink for Stubborn {
    fn link_up(&self, peer: PeerId) {
        self.ear.hear(Told::Up(peer));
    }

    fn link_down(&self, peer: PeerId, reason: PacelineError) {
        let mut again = self.again.lock().unwrap();
        if *again > 0 {
            *again -= 1;
            let (link, address) = self.home.get().unwrap();
            link.lock().unwrap().connect(*address, peer).unwrap();
        } else {
            self.done.lock().unwrap().send(()).unwrap();
        }
        self.ear.hear(Told::Down(peer, reason.code()));
    }

    fn message(&self, _: PeerId, _: &[u8]) {}
}

#[test]
fn connecting_again_inside_link_down_neither_blocks_nor_overlaps() {
    let watch = Device::new("watch");
    let (ear, heard) = Ear::new();
    let (done, is_done) = channel();
    let sink =
        Arc::new(Stubborn { ear, home: OnceLock::new(), again: Mutex::new(4), done: Mutex::new(done) });
    let phone =
        TcpLink::new(Arc::new(MemoryKeys::default()), "phone", TcpOptions::default(), Arc::clone(&sink) as _)
            .unwrap();
    let (id, address) = (phone.id(), watch.listen());
    phone.pair(address, &watch.link.show_code().unwrap()).unwrap();
    sink.home.set((Mutex::new(phone), address)).ok().unwrap();
    for _ in 0..5 {
        watch.waits_for(&Told::Up(id));
        watch.link.disconnect(id);
    }
    is_done.recv_timeout(PATIENCE).unwrap();
    for _ in 0..5 {
        assert!(matches!(heard.recv_timeout(PATIENCE).unwrap(), Told::Up(_)));
        assert!(matches!(heard.recv_timeout(PATIENCE).unwrap(), Told::Down(..)));
    }
}

const CHILD: &str = "PACELINE_LINK_TEST_CHILD";

/// The other process of the test below: a phone with its keys in a file.
#[test]
fn other_process() {
    let Ok(task) = std::env::var(CHILD) else { return };
    let task: Vec<&str> = task.split('|').collect();
    let [keys, address, how] = task[..] else { panic!("three parts") };
    let phone = Device::with("phone", Arc::new(KeyFile::new(keys)), TcpOptions::default());
    let address = address.parse().unwrap();
    let watch = if let Ok(code) = how.parse() {
        phone.link.pair(address, &code).unwrap().peer
    } else {
        let watch = phone.link.peers()[0].peer;
        phone.link.connect(address, watch).unwrap();
        watch
    };
    phone.hears(&Told::Up(watch));
    phone.link.send(watch, b"hello").unwrap();
    phone.hears(&Told::Message(watch, b"stop".to_vec()));
    // Dies without a word.
    std::process::exit(0);
}

#[test]
fn two_processes_pair_and_meet_again_after_a_restart_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let (own, others) = (folder.path().join("watch"), folder.path().join("phone"));
    let mut known = None;
    for start in 0..3 {
        let watch = Device::with("watch", Arc::new(KeyFile::new(&own)), TcpOptions::default());
        let address = watch.listen();
        let how = if start == 0 { watch.link.show_code().unwrap().to_string() } else { "known".into() };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "other_process", "--nocapture"])
            .env(CHILD, format!("{}|{address}|{how}", others.display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        if start == 0 {
            assert!(matches!(watch.next(), Told::Paired(..)));
        }
        let Told::Up(phone) = watch.next() else { panic!("up first") };
        assert_eq!(*known.get_or_insert(phone), phone, "the same device each time");
        watch.hears(&Told::Message(phone, b"hello".to_vec()));
        watch.link.send(phone, b"stop").unwrap();
        watch.hears(&Told::Down(phone, ErrorCode::LinkClosed));
        assert!(child.wait().unwrap().success());
    }
}
