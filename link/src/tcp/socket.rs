//! How sockets are set.

use super::TcpOptions;
use paceline::{ErrorCode, PacelineError};
use rustix::net::sockopt;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long the network may take to connect.
const CONNECT_TIME: Duration = Duration::from_secs(5);

pub(super) fn connect(address: SocketAddr, options: &TcpOptions) -> Result<Arc<TcpStream>, PacelineError> {
    let stream = TcpStream::connect_timeout(&address, CONNECT_TIME).map_err(|error| {
        let code = match error.kind() {
            io::ErrorKind::TimedOut => ErrorCode::LinkTimedOut,
            _ => ErrorCode::LinkUnreachable,
        };
        PacelineError::new(code, format!("no device can be reached at this address: {error}"))
            .with_value(address)
    })?;
    set(&stream, options).map_err(|error| super::internal("a socket cannot be set up", &error))?;
    Ok(Arc::new(stream))
}

/// Small messages leave at once, and the system finds out when the other one's system is gone.
pub(super) fn set(stream: &TcpStream, options: &TcpOptions) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    let silence = options.keep_alive.max(Duration::from_secs(6)).as_secs();
    // Half of the time nothing, then three questions within the other half.
    let between = silence / 6;
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, Duration::from_secs(silence - 3 * between))?;
    sockopt::set_tcp_keepintvl(stream, Duration::from_secs(between))?;
    sockopt::set_tcp_keepcnt(stream, 3)?;
    // While something was sent and is not acknowledged, the system asks no questions; this bounds that time.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    sockopt::set_tcp_user_timeout(stream, u32::try_from(silence * 1000).unwrap_or(u32::MAX))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_connection_is_given_up_after_the_keep_alive_time() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = connect(listener.local_addr().unwrap(), &TcpOptions::default()).unwrap();
        assert!(stream.nodelay().unwrap());
        assert!(sockopt::socket_keepalive(&*stream).unwrap());
        let total = sockopt::tcp_keepidle(&*stream).unwrap()
            + sockopt::tcp_keepintvl(&*stream).unwrap() * sockopt::tcp_keepcnt(&*stream).unwrap();
        assert_eq!(total, Duration::from_secs(60));
        #[cfg(any(target_os = "linux", target_os = "android"))]
        assert_eq!(sockopt::tcp_user_timeout(&*stream).unwrap(), 60_000);
        set(&stream, &TcpOptions { keep_alive: Duration::ZERO, ..TcpOptions::default() }).unwrap();
    }

    #[test]
    fn nobody_there_is_an_error_that_names_the_address() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = connect(free, &TcpOptions::default()).unwrap_err();
        assert_eq!(
            (error.code(), error.value()),
            (ErrorCode::LinkUnreachable, Some(free.to_string().as_str()))
        );
    }
}
