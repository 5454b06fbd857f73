//! Everything the link decides: handshakes, codes, records. No socket, thread, clock or chance in here: bytes, the time and
//! seeds come in, bytes and outcomes go out.

pub(crate) mod channel;
pub(crate) mod framing;
pub(crate) mod handshake;
pub(crate) mod identity;
mod noise;
pub(crate) mod pairing;
pub(crate) mod randomness;
mod versions;

#[cfg(test)]
pub(crate) mod tests;

use paceline::{ErrorCode, PacelineError};

/// What ends a connection whose other end does not keep to the protocol.
fn malformed(what: impl Into<String>) -> PacelineError {
    PacelineError::new(ErrorCode::LinkMalformed, what)
}
