//! What an app can choose.

use std::time::Duration;

/// How a [`super::TcpLink`] behaves.
#[derive(Debug, Clone)]
pub struct TcpOptions {
    /// After how long without a sign of life from the other device's network a connection is taken for broken. An app that is
    /// suspended is no reason: its system answers for it. Rounded to seconds, 6 at least. 60 seconds by default.
    pub keep_alive: Duration,
    /// How many devices may be connected at the same time. 8 by default.
    pub connections: usize,
    /// How many bytes may wait for one device that does not keep up. 1 MiB by default.
    pub queue: usize,
}

impl Default for TcpOptions {
    fn default() -> Self {
        Self { keep_alive: Duration::from_secs(60), connections: 8, queue: 1 << 20 }
    }
}
