//! The engine's own threads: one delivers callbacks, one runs timers, so that a delegate that blocks delays nothing but
//! callbacks. They hold the engine only while they work; nobody waits for their end.

use super::clock::{Clock, ClockSource};
use super::engine::Engine;
use super::outbox::Outbox;
use super::ticker::Ticker;
use crate::values::{ErrorCode, PacelineError};
use std::sync::{Arc, Weak};
use std::thread::Builder;

pub(crate) fn start(engine: &Arc<Engine>) -> Result<(), PacelineError> {
    let failed = |error: std::io::Error| {
        PacelineError::new(ErrorCode::Internal, format!("the engine's threads could not be started: {error}"))
    };
    let (weak, outbox) = (Arc::downgrade(engine), Arc::clone(&engine.outbox));
    Builder::new()
        .name("paceline-delivery".to_owned())
        .spawn(move || deliver(&weak, &outbox))
        .map_err(failed)?;
    let (weak, ticker, clock) = (Arc::downgrade(engine), Arc::clone(&engine.ticker), engine.clock.clone());
    // What an earlier run left to do.
    ticker.plan(engine.next_due());
    Builder::new()
        .name("paceline-timer".to_owned())
        .spawn(move || run_timers(&weak, &ticker, &clock))
        .map_err(failed)?;
    Ok(())
}

/// Until the engine is gone.
pub(super) fn deliver(engine: &Weak<Engine>, outbox: &Outbox) {
    while outbox.wait() {
        // Letters do not keep the engine alive: when its last handle is gone, they are dropped.
        let Some(engine) = engine.upgrade() else { return };
        outbox.drain(|letter| engine.deliver(&letter));
    }
}

/// Until the engine is gone.
pub(super) fn run_timers(engine: &Weak<Engine>, ticker: &Ticker, clock: &ClockSource) {
    while ticker.wait(|| clock.elapsed()) {
        let Some(engine) = engine.upgrade() else { return };
        engine.run_due();
        engine.ticker.plan(engine.next_due());
    }
}
