//! Waits for those who connect.

use super::{Shared, socket};
use paceline::{ErrorCode, PacelineError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// How long to wait when the system has no room for another connection.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// The listeners of a link.
#[derive(Default)]
pub(super) struct Listeners {
    /// Dropping the near end of a pair wakes the listener that holds the far one, and ends it.
    wakes: Vec<UnixStream>,
    closed: bool,
}

impl Listeners {
    pub(super) fn stop(&mut self) {
        self.wakes.clear();
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        self.stop();
    }
}

pub(super) fn listen(shared: &Arc<Shared>, address: SocketAddr) -> Result<SocketAddr, PacelineError> {
    let cannot = |error: io::Error| {
        PacelineError::new(ErrorCode::LinkUnreachable, format!("this address cannot be listened at: {error}"))
            .with_value(address)
    };
    let mut listeners = shared.listeners.lock();
    if listeners.closed {
        return Err(PacelineError::new(ErrorCode::LinkClosed, "the link was closed"));
    }
    let listener = TcpListener::bind(address).map_err(cannot)?;
    // One who hung up before he was accepted must not make this thread wait for the next.
    listener.set_nonblocking(true).map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    let (near, far) = UnixStream::pair().map_err(cannot)?;
    let shared = Arc::clone(shared);
    std::thread::Builder::new()
        .name("paceline-link-door".into())
        .spawn(move || accept(&shared, &listener, &far))
        .map_err(|error| super::internal("a thread cannot be started", &error))?;
    listeners.wakes.push(near);
    Ok(bound)
}

fn accept(shared: &Arc<Shared>, listener: &TcpListener, wake: &UnixStream) {
    let mut full = false;
    loop {
        let mut both = [PollFd::new(wake, PollFlags::IN), PollFd::new(listener, PollFlags::IN)];
        // When the system has no room, only the wake is waited for.
        let waited = if full { poll(&mut both[..1], Some(&PAUSE)) } else { poll(&mut both, None) };
        if waited.is_err_and(|error| error != rustix::io::Errno::INTR) || !both[0].revents().is_empty() {
            return;
        }
        full = false;
        match listener.accept() {
            Ok((stream, from)) => receive(shared, stream, from),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(error) => {
                log::warn!("a connection cannot be accepted: {error}");
                full = true;
            }
        }
    }
}

fn receive(shared: &Arc<Shared>, stream: TcpStream, from: SocketAddr) {
    let stream = Arc::new(stream);
    let Some(place) = shared.waiting.enter(from.ip(), &stream) else { return };
    let shared = Arc::clone(shared);
    let answer = move || {
        let answered = socket::set(&stream, &shared.options)
            .map_err(|error| super::internal("a socket cannot be set up", &error))
            .and_then(|()| shared.answer(stream));
        drop(place);
        // No name and no address: whoever is refused here may be anybody.
        if let Err(error) = answered {
            log::debug!("a connection came to nothing: {error}");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("paceline-link-guest".into()).spawn(answer) {
        log::warn!("a connection cannot be answered: {error}");
    }
}
