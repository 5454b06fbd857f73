//! Whoever can reach the address and means no good.
#![allow(clippy::unwrap_used, reason = "an end is a failed test")]

mod support;

use paceline::{ErrorCode, PacelineError};
use paceline_link::{LinkSink, MemoryKeys, PeerId, TcpLink, TcpOptions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{Device, PATIENCE, Told, pair};

/// A watch and a phone that are connected, and the address of the watch.
fn connected() -> (Device, Device, SocketAddr) {
    let (watch, phone) = (Device::new("watch"), Device::new("phone"));
    let address = watch.listen();
    pair(&watch, address, &phone);
    (watch, phone, address)
}

/// That both still hear each other, and nothing else was told.
fn still_talk(watch: &Device, phone: &Device) {
    watch.link.send(phone.link.id(), b"beat").unwrap();
    phone.hears(&Told::Message(watch.link.id(), b"beat".to_vec()));
    phone.link.send(watch.link.id(), b"pause").unwrap();
    watch.hears(&Told::Message(phone.link.id(), b"pause".to_vec()));
}

/// Ends when the other side has hung up.
fn until_cut_off(stream: &mut TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("it stays open"),
        _ => answer,
    }
}

#[test]
fn garbage_is_cut_off_without_an_answer() {
    let (watch, phone, address) = connected();
    for number in 0..60_u8 {
        let mut stream = TcpStream::connect(address).unwrap();
        let garbage: Vec<u8> = match number % 4 {
            0 => b"GET / HTTP/1.1\r\nHost: watch\r\n\r\n".to_vec(),
            1 => vec![number; 300],
            2 => [6, 0].iter().copied().chain(*b"PCL").chain([1, 1, number]).collect(),
            _ => [0, 0, 0, 0].to_vec(),
        };
        let _ = stream.write_all(&garbage);
        let answer = until_cut_off(&mut stream);
        // The third kind may be a known way to begin, with nothing behind it.
        assert!(answer.is_empty(), "{number}: {answer:?}");
    }
    still_talk(&watch, &phone);
}

#[test]
fn a_thousand_silent_connections_keep_nobody_out() {
    let (watch, phone, address) = connected();
    let tv = Device::new("tv");
    pair(&watch, address, &tv);
    let mut silent = Vec::new();
    let mut most = 0;
    for number in 0..1000 {
        // The listener's backlog may be full for a moment.
        if let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_secs(5)) {
            silent.push(stream);
        }
        if number % 100 == 99 {
            most = most.max(threads("paceline-link-g"));
        }
    }
    // Few of them are open on the other side, and each of those waits on a thread.
    assert!((1..=32 * LISTENING).contains(&most), "{most} threads");
    assert!(silent.len() > 900, "{} connected", silent.len());
    still_talk(&watch, &phone);
    tv.link.disconnect(watch.link.id());
    tv.waits_for(&Told::Down(watch.link.id(), ErrorCode::LinkClosed));
    tv.link.connect(address, watch.link.id()).unwrap();
    tv.hears(&Told::Up(watch.link.id()));
}

/// How many tests of this file listen at the same time, at most.
const LISTENING: usize = 8;

fn threads(name: &str) -> usize {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0 };
    let names =
        tasks.flatten().map(|task| std::fs::read_to_string(task.path().join("comm")).unwrap_or_default());
    names.filter(|comm| comm.starts_with(name)).count()
}

#[test]
fn a_gigabyte_from_a_stranger_is_not_taken() {
    let (watch, phone, address) = connected();
    for opening in [&b""[..], &[255, 255], &[200, 0]] {
        let mut stream = TcpStream::connect(address).unwrap();
        let mut written = opening.len();
        let piece = vec![0x50; 1 << 20];
        if stream.write_all(opening).is_ok() {
            while written < 1 << 30 {
                match stream.write(&piece) {
                    Ok(count) => written += count,
                    Err(_) => break,
                }
            }
        }
        // What the system's buffers hold, and no more.
        assert!(written < 64 << 20, "{written} bytes were taken");
    }
    still_talk(&watch, &phone);
}

/// Counts bytes, and keeps none.
struct Counter(Mutex<Sender<usize>>);

impl LinkSink for Counter {
    fn link_up(&self, _: PeerId) {}

    fn link_down(&self, _: PeerId, _: PacelineError) {}

    fn message(&self, _: PeerId, message: &[u8]) {
        let _ = self.0.lock().unwrap().send(message.len());
    }
}

fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[test]
fn however_much_a_paired_device_sends_memory_stays() {
    let (sender, counted) = channel();
    let keys = Arc::new(MemoryKeys::default());
    let watch =
        TcpLink::new(keys, "watch", TcpOptions::default(), Arc::new(Counter(Mutex::new(sender)))).unwrap();
    let phone = Device::new("phone");
    let address = watch.listen("127.0.0.1:0".parse().unwrap()).unwrap();
    phone.link.pair(address, &watch.show_code().unwrap()).unwrap();
    let message = vec![7; TcpLink::largest_message()];
    let (mut sent, mut arrived) = (0_usize, 0);
    let before = memory();
    while sent < 200 << 20 {
        match phone.link.send(watch.id(), &message) {
            Ok(()) => sent += message.len(),
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::LinkQueueFull);
                arrived += counted.recv_timeout(PATIENCE).unwrap();
            }
        }
    }
    while arrived < sent {
        arrived += counted.recv_timeout(PATIENCE).unwrap();
    }
    assert_eq!(arrived, sent);
    // Other tests of this process use some, too.
    assert!(memory() < before + 64 * 1024, "{} kB before, {} kB after", before, memory());
}

/// Takes one message and then nothing, until it is let go.
struct Stuck(Mutex<Receiver<()>>);

impl LinkSink for Stuck {
    fn link_up(&self, _: PeerId) {}

    fn link_down(&self, _: PeerId, _: PacelineError) {}

    fn message(&self, _: PeerId, _: &[u8]) {
        let _ = self.0.lock().unwrap().recv();
    }
}

#[test]
fn a_device_that_does_not_read_holds_up_nobody() {
    let (watch, phone, address) = connected();
    let (let_go, stuck) = channel();
    let keys = Arc::new(MemoryKeys::default());
    let tv = TcpLink::new(keys, "tv", TcpOptions::default(), Arc::new(Stuck(Mutex::new(stuck)))).unwrap();
    tv.pair(address, &watch.link.show_code().unwrap()).unwrap();
    watch.waits_for(&Told::Up(tv.id()));

    let message = vec![7; 60_000];
    let mut sent = 0_usize;
    let full = loop {
        match watch.link.send(tv.id(), &message) {
            Ok(()) => sent += message.len(),
            Err(error) => break error,
        }
        assert!(sent < 1 << 30, "there is an end");
        // The other one's queue is what must fill, not only the time to send.
        std::thread::yield_now();
    };
    assert_eq!(full.code(), ErrorCode::LinkQueueFull);
    still_talk(&watch, &phone);

    // It can be hung up on although a thread waits to write to it.
    watch.link.disconnect(tv.id());
    watch.hears(&Told::Down(tv.id(), ErrorCode::LinkClosed));
    still_talk(&watch, &phone);
    drop(let_go);
}
