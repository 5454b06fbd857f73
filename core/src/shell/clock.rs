//! Where the engine reads time.

use crate::shell::engine::Engine;
use crate::values::Timestamp;
use parking_lot::Mutex;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A source of time. Two clocks in one: wall time for dates, elapsed time for spans. Read while the engine holds its lock:
/// it must answer at once and must not call the engine.
pub trait Clock: Send + Sync + 'static {
    /// The wall time. It may jump.
    fn now(&self) -> Timestamp;

    /// Time since some fixed instant, sleep included. It never jumps and never goes back.
    fn elapsed(&self) -> Duration;
}

/// One look at a clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) elapsed: Duration,
}

impl ClockSource {
    pub(crate) fn moment(&self) -> Moment {
        Moment { now: self.now(), elapsed: self.elapsed() }
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp::EPOCH.plus(since_epoch)
    }

    fn elapsed(&self) -> Duration {
        // `std::time::Instant` stops while the device sleeps; a workout does not.
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let clock = rustix::time::ClockId::Boottime;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let clock = rustix::time::ClockId::Monotonic;
        let time = rustix::time::clock_gettime(clock);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
    }
}

/// A clock that moves only when it is told to; for tests, replay and simulation.
///
/// A store with a manual clock has no thread: callbacks are delivered and timers run inside [`ManualClock::advance`] and
/// `HealthStore::poll`. Clones are one clock.
#[derive(Clone)]
pub struct ManualClock(Arc<Inner>);

struct Inner {
    start: Timestamp,
    elapsed: Mutex<Duration>,
    engines: Mutex<Vec<Weak<Engine>>>,
}

impl ManualClock {
    /// A clock that stands at this date.
    pub fn new(start: Timestamp) -> Self {
        Self(Arc::new(Inner { start, elapsed: Mutex::new(Duration::ZERO), engines: Mutex::new(Vec::new()) }))
    }

    /// Moves time forward: stops at every timer on the way, in order, delivers what is due, and goes on.
    pub fn advance(&self, by: Duration) {
        let target = self.0.elapsed.lock().saturating_add(by);
        if self.next_due(Duration::ZERO).is_some_and(|due| due <= self.elapsed()) {
            self.poll_all();
        }
        // Only what is due later than now can be waited for: a timer that stays due although it ran (a disk that refuses
        // to sync) does not hold time back.
        while let Some(due) = self.next_due(self.elapsed().saturating_add(Duration::from_nanos(1))) {
            if due >= target {
                break;
            }
            self.stand_at(due);
            self.poll_all();
        }
        self.stand_at(target);
        self.poll_all();
    }

    /// Moves time forward to a date; nothing happens when the date has passed.
    pub fn advance_to(&self, date: Timestamp) {
        self.advance(date.since(self.now()));
    }

    pub(crate) fn attach(&self, engine: &Arc<Engine>) {
        let mut engines = self.0.engines.lock();
        engines.retain(|engine| engine.strong_count() > 0);
        engines.push(Arc::downgrade(engine));
    }

    fn stand_at(&self, elapsed: Duration) {
        let mut now = self.0.elapsed.lock();
        *now = (*now).max(elapsed);
    }

    fn engines(&self) -> Vec<Arc<Engine>> {
        self.0.engines.lock().iter().filter_map(Weak::upgrade).collect()
    }

    /// The next timer of any store that is due no earlier than this.
    fn next_due(&self, from: Duration) -> Option<Duration> {
        self.engines().iter().filter_map(|engine| engine.next_timer()).filter(|due| *due >= from).min()
    }

    fn poll_all(&self) {
        for engine in self.engines() {
            engine.poll();
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.0.start.plus(self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        *self.0.elapsed.lock()
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManualClock({})", self.now())
    }
}

/// The clock of a store.
#[derive(Clone)]
pub enum ClockSource {
    /// The clock of the machine.
    System,
    /// A clock moved by hand.
    Manual(ManualClock),
    /// A clock written in Rust.
    Custom(Arc<dyn Clock>),
}

impl ClockSource {
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::System, Self::System) => true,
            (Self::Manual(a), Self::Manual(b)) => Arc::ptr_eq(&a.0, &b.0),
            (Self::Custom(a), Self::Custom(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Clock for ClockSource {
    fn now(&self) -> Timestamp {
        match self {
            Self::System => SystemClock.now(),
            Self::Manual(clock) => clock.now(),
            Self::Custom(clock) => clock.now(),
        }
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::System => SystemClock.elapsed(),
            Self::Manual(clock) => clock.elapsed(),
            Self::Custom(clock) => clock.elapsed(),
        }
    }
}

impl From<SystemClock> for ClockSource {
    fn from(_: SystemClock) -> Self {
        Self::System
    }
}

impl From<ManualClock> for ClockSource {
    fn from(clock: ManualClock) -> Self {
        Self::Manual(clock)
    }
}

impl From<&ManualClock> for ClockSource {
    fn from(clock: &ManualClock) -> Self {
        Self::Manual(clock.clone())
    }
}

impl fmt::Debug for ClockSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::Manual(clock) => clock.fmt(f),
            Self::Custom(_) => f.write_str("Custom"),
        }
    }
}
