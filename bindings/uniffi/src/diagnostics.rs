//! Where the engine's log lines go.

use crate::enums::LogLevel;
use crate::errors::{DelegateError, PacelineError};
use crate::guard::guarded;
use crate::store_options::Delivery;
use std::sync::Arc;

/// Hears the engine's log lines, one after the other. May call the engine. A failure is ignored.
#[uniffi::export(foreign)]
pub trait CoreLogSink: Send + Sync {
    /// One line: the raw value of its level, the part of the engine that speaks, and what it says.
    fn line(&self, level: u8, target: String, text: String) -> Result<(), DelegateError>;
}

/// Sends the engine's log lines up to this level to a sink; nothing as a sink stops that. One sink serves the process. No
/// measured value stands in a line above trace.
///
/// By their own thread, lines come on a thread of the engine; by polling, inside any store's poll.
///
/// Errors: `invalidArgument` when the program has a logger of its own, which gets the lines already; `internal` when the
/// thread cannot be started.
#[uniffi::export]
pub fn set_log_sink(
    level: LogLevel,
    delivery: Delivery,
    sink: Option<Arc<dyn CoreLogSink>>,
) -> Result<(), PacelineError> {
    guarded(|| {
        let sink = sink.map(|sink| Arc::new(Sink(sink)) as Arc<dyn paceline::LogSink>);
        paceline::set_log_sink(level.into(), delivery.into(), sink)
    })
}

/// The version of the engine, such as `0.1.0`.
#[uniffi::export]
pub fn engine_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

struct Sink(Arc<dyn CoreLogSink>);

impl paceline::LogSink for Sink {
    fn log(&self, level: paceline::LogLevel, target: &str, message: &str) {
        // A sink that fails cannot be told about in the log.
        let _ = self.0.line(level.raw(), target.to_owned(), message.to_owned());
    }
}
