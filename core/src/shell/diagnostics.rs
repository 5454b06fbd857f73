//! Where the engine's log lines go.
//!
//! A line may come up while the engine holds its lock, and a sink is foreign code that may call back: so lines are queued
//! and handed over later, by a thread or inside `HealthStore::poll`.

use super::options::Delivery;
use crate::values::raw_enum::raw_enum;
use crate::values::{ErrorCode, PacelineError};
use log::{LevelFilter, Log, Metadata, Record};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

raw_enum! {
    /// How much a log line matters.
    pub enum LogLevel: u8 {
        /// The engine or the platform is at fault.
        Error = 1, "error";
        /// Something went wrong and was worked around.
        Warn = 2, "warn";
        /// Worth knowing.
        Info = 3, "info";
        /// For whoever looks for a fault.
        Debug = 4, "debug";
        /// Everything. The only level whose lines may hold measured values.
        Trace = 5, "trace";
    }
}

/// Hears the engine's log lines, one after the other. May call the engine. A panic is ignored.
pub trait LogSink: Send + Sync {
    /// One line. `target` names the part of the engine that speaks.
    fn log(&self, level: LogLevel, target: &str, message: &str);
}

/// How many lines wait at most; then the oldest are dropped, and how many they were is told.
const CAPACITY: usize = 1024;

struct Line {
    level: LogLevel,
    target: String,
    message: String,
}

struct Listener {
    sink: Arc<dyn LogSink>,
    level: LogLevel,
    delivery: Delivery,
}

struct Queue {
    lines: VecDeque<Line>,
    dropped: u64,
    listener: Option<Listener>,
    has_thread: bool,
    /// Lines are being handed over; only one at a time, so that calls never overlap.
    draining: bool,
}

/// One for the process, as the `log` crate has one logger for the process.
struct Diagnostics {
    queue: Mutex<Queue>,
    filled: Condvar,
}

static DIAGNOSTICS: Diagnostics = Diagnostics {
    queue: Mutex::new(Queue {
        lines: VecDeque::new(),
        dropped: 0,
        listener: None,
        has_thread: false,
        draining: false,
    }),
    filled: Condvar::new(),
};

/// Whether the program's logger is this one.
static IS_LOGGER: OnceLock<bool> = OnceLock::new();

/// Sends the engine's log lines up to this level to a sink; nothing as a sink stops that. One sink serves the process.
///
/// With `Delivery::Thread` a thread of the engine calls the sink, with `Delivery::Poll` whoever polls a store. Lines of
/// other libraries are not passed on, and no measured value stands in a line above `trace`.
///
/// # Errors
/// Health 3 when the program has a logger of its own, which gets the lines already; boundary 1 when the thread cannot be
/// started.
pub fn set_log_sink(
    level: LogLevel,
    delivery: Delivery,
    sink: Option<Arc<dyn LogSink>>,
) -> Result<(), PacelineError> {
    let listener = sink.map(|sink| Listener { sink, level, delivery });
    if listener.is_some() && !IS_LOGGER.get_or_init(|| log::set_logger(&DIAGNOSTICS).is_ok()) {
        return Err(PacelineError::invalid(
            "this program has a logger of its own, which gets the engine's lines already",
        ));
    }
    let mut queue = DIAGNOSTICS.queue.lock();
    if listener.is_some() && delivery == Delivery::Thread && !queue.has_thread {
        std::thread::Builder::new().name("paceline-log".to_owned()).spawn(serve).map_err(|error| {
            let what = format!("the thread for log lines could not be started: {error}");
            PacelineError::new(ErrorCode::Internal, what)
        })?;
        queue.has_thread = true;
    }
    if IS_LOGGER.get() == Some(&true) {
        log::set_max_level(listener.as_ref().map_or(LevelFilter::Off, |listener| filter(listener.level)));
    }
    if listener.is_none() {
        queue.lines.clear();
    }
    let old = std::mem::replace(&mut queue.listener, listener);
    // The old sink may call back when it is dropped.
    drop(queue);
    drop(old);
    Ok(())
}

/// Hands over what waits, on this thread, where the sink is served by those who poll.
pub(crate) fn poll() {
    drain(Delivery::Poll);
}

fn serve() {
    loop {
        drain(Delivery::Thread);
        let mut queue = DIAGNOSTICS.queue.lock();
        while queue.lines.is_empty() || queue.draining || !queue.is_served_by(Delivery::Thread) {
            DIAGNOSTICS.filled.wait(&mut queue);
        }
    }
}

/// Hands over the lines that wait now. Those that come up meanwhile wait for the next time: a sink whose own calls are worth a
/// line would else never come to an end.
fn drain(delivery: Delivery) {
    let mut queue = DIAGNOSTICS.queue.lock();
    if queue.draining || !queue.is_served_by(delivery) {
        return;
    }
    let Some((sink, lines)) = queue.take() else { return };
    queue.draining = true;
    drop(queue);
    for line in lines {
        // A sink that fails cannot be told about in the log.
        let _ = catch_unwind(AssertUnwindSafe(|| sink.log(line.level, &line.target, &line.message)));
    }
    DIAGNOSTICS.queue.lock().draining = false;
}

impl Queue {
    fn is_served_by(&self, delivery: Delivery) -> bool {
        self.listener.as_ref().is_some_and(|listener| listener.delivery == delivery)
    }

    fn take(&mut self) -> Option<(Arc<dyn LogSink>, Vec<Line>)> {
        let listener = self.listener.as_ref()?;
        if self.lines.is_empty() {
            return None;
        }
        let mut lines: Vec<Line> = self.lines.drain(..).collect();
        if self.dropped > 0 {
            let message = format!("{} earlier lines were dropped", self.dropped);
            let target = module_path!().to_owned();
            lines.insert(0, Line { level: LogLevel::Warn, target, message });
            self.dropped = 0;
        }
        Some((Arc::clone(&listener.sink), lines))
    }
}

impl Log for Diagnostics {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().split("::").next().is_some_and(|name| name.starts_with("paceline"));
        is_ours && metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = Line {
            level: level(record.level()),
            target: record.target().to_owned(),
            message: record.args().to_string(),
        };
        let mut queue = self.queue.lock();
        if queue.listener.is_none() {
            return;
        }
        if queue.lines.len() == CAPACITY {
            queue.lines.pop_front();
            queue.dropped += 1;
        }
        queue.lines.push_back(line);
        drop(queue);
        self.filled.notify_one();
    }

    fn flush(&self) {}
}

const fn level(level: log::Level) -> LogLevel {
    match level {
        log::Level::Error => LogLevel::Error,
        log::Level::Warn => LogLevel::Warn,
        log::Level::Info => LogLevel::Info,
        log::Level::Debug => LogLevel::Debug,
        log::Level::Trace => LogLevel::Trace,
    }
}

const fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::Error,
        LogLevel::Warn => LevelFilter::Warn,
        LogLevel::Info => LevelFilter::Info,
        LogLevel::Debug => LevelFilter::Debug,
        LogLevel::Trace => LevelFilter::Trace,
    }
}
