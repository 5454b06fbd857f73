//! Where the engine reads time.

use super::sync::Mutex;
use crate::machines::timeline::Moment;
use crate::shell::engine::Engine;
use crate::values::Timestamp;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;
use uuid::Uuid;

/// A source of time. Two clocks in one: wall time for dates, elapsed time for spans. Read while the engine holds its lock:
/// it must answer at once and must not call the engine.
pub trait Clock: Send + Sync + 'static {
    /// The wall time. It may jump: a session that is going on keeps its own time and moves the dates that it is handed by the
    /// difference.
    fn now(&self) -> Timestamp;

    /// Time since some fixed instant, sleep included. It never jumps and never goes back, except when the device is started
    /// anew.
    fn elapsed(&self) -> Duration;

    /// Which start of the device [`Clock::elapsed`] belongs to: the same id until the device is started anew, then another one.
    /// Nothing where that is not known; then a reboot is recognized by elapsed time that went back, and after the death of the
    /// process also by wall time and elapsed time that disagree by more than a minute.
    fn boot(&self) -> Option<Uuid> {
        None
    }
}

impl ClockSource {
    pub(crate) fn moment(&self) -> Moment {
        match self {
            Self::Manual(clock) => clock.moment(),
            clock => Moment { now: clock.now(), elapsed: clock.elapsed(), boot: clock.boot() },
        }
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

    fn boot(&self) -> Option<Uuid> {
        static BOOT: OnceLock<Option<Uuid>> = OnceLock::new();
        *BOOT.get_or_init(|| {
            if !cfg!(any(target_os = "linux", target_os = "android")) {
                return None;
            }
            let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
            Uuid::parse_str(id.trim()).ok()
        })
    }
}

/// A clock that moves only when it is told to; for tests, replay and simulation.
///
/// A store with a manual clock has no thread: callbacks are delivered and timers run inside [`ManualClock::advance`] and
/// `HealthStore::poll`. Clones are one clock.
///
/// All manual clocks count elapsed time from one instant in the far past, as if the device had run ever since: a store that is
/// opened again with a new manual clock of a later date finds that so much time has passed. What a real device does besides,
/// [`ManualClock::jump`] and [`ManualClock::reboot`] do.
#[derive(Clone)]
pub struct ManualClock(Arc<Dial>);

/// One device's view of the time.
struct Dial {
    time: Arc<Time>,
    setting: Mutex<Setting>,
}

/// How a device is set.
#[derive(Clone, Copy, Default)]
struct Setting {
    /// How many microseconds the wall clock is ahead of the true time.
    ahead: i64,
    /// When the device was last started, after the beginning of time.
    started: Duration,
    /// How often it was.
    reboots: u64,
}

/// The time that all devices of a simulation share.
struct Time {
    /// Since the earliest date there is.
    passed: Mutex<Duration>,
    engines: Mutex<Vec<Weak<Engine>>>,
    between: Mutex<Vec<Weak<dyn Between>>>,
}

/// What lies between the devices of a simulation, and takes time.
pub(crate) trait Between: Send + Sync {
    /// When something arrives next, in the time that all share.
    fn due(&self) -> Option<Duration>;

    /// Hands over what has arrived by now; tells whether anything had.
    fn deliver(&self, now: Duration) -> bool;
}

impl ManualClock {
    /// A clock that stands at this date.
    pub fn new(start: Timestamp) -> Self {
        let passed = Mutex::new(start.since(Timestamp::MIN));
        Self::on(Arc::new(Time { passed, engines: Mutex::default(), between: Mutex::default() }))
    }

    fn on(time: Arc<Time>) -> Self {
        Self(Arc::new(Dial { time, setting: Mutex::default() }))
    }

    /// The clock of another device that lives in the same time: it moves with this one, and is set apart from it.
    pub(crate) fn of_another_device(&self) -> Self {
        Self::on(Arc::clone(&self.0.time))
    }

    /// Moves time forward: stops at every timer on the way, in order, delivers what is due, and goes on. A device that sleeps
    /// is the same: a workout goes on while it does.
    pub fn advance(&self, by: Duration) {
        let target = self.passed().saturating_add(by);
        if self.next_due(Duration::ZERO).is_some_and(|due| due <= self.passed()) {
            self.poll_all();
        }
        // Only what is due later than now can be waited for: a timer that stays due although it ran (a disk that refuses
        // to sync) does not hold time back.
        while let Some(due) = self.next_due(self.passed().saturating_add(Duration::from_nanos(1))) {
            if due >= target {
                break;
            }
            self.stand_at(due);
            self.poll_all();
        }
        self.stand_at(target);
        self.poll_all();
    }

    /// Moves time forward to a date of the wall clock; nothing happens when the date has passed.
    pub fn advance_to(&self, date: Timestamp) {
        self.advance(date.since(self.now()));
    }

    /// Sets the wall clock forward by so many microseconds, or back by a negative number: what a person does, or the network.
    /// No time passes, and nothing is delivered. Dates stay within the years 1 to 9999.
    pub fn jump(&self, micros: i64) {
        let mut setting = self.0.setting.lock();
        setting.ahead = setting.ahead.saturating_add(micros);
    }

    /// Starts the device anew: elapsed time begins at zero, and [`Clock::boot`] is another one. The wall clock goes on; see
    /// [`ManualClock::jump`] for a device whose clock does not outlive that. No process outlives it either: let go of the
    /// stores that are open with this clock before, or kill them.
    pub fn reboot(&self) {
        let started = self.passed();
        let mut setting = self.0.setting.lock();
        *setting = Setting { started, reboots: setting.reboots + 1, ..*setting };
    }

    pub(crate) fn attach(&self, engine: &Arc<Engine>) {
        let mut engines = self.0.time.engines.lock();
        engines.retain(|engine| engine.strong_count() > 0);
        engines.push(Arc::downgrade(engine));
    }

    pub(crate) fn attach_between(&self, between: Weak<dyn Between>) {
        self.0.time.between.lock().push(between);
    }

    fn setting(&self) -> Setting {
        *self.0.setting.lock()
    }

    /// In the time that all devices share.
    pub(crate) fn passed(&self) -> Duration {
        *self.0.time.passed.lock()
    }

    pub(crate) fn moment(&self) -> Moment {
        let (setting, passed) = (self.setting(), self.passed());
        Moment {
            now: Timestamp::MIN.plus(passed).plus_micros(setting.ahead),
            elapsed: passed.saturating_sub(setting.started),
            boot: Some(Uuid::from_u64_pair(0, setting.reboots)),
        }
    }

    fn stand_at(&self, target: Duration) {
        let mut passed = self.0.time.passed.lock();
        *passed = (*passed).max(target);
    }

    fn engines(&self) -> Vec<Arc<Engine>> {
        self.0.time.engines.lock().iter().filter_map(Weak::upgrade).collect()
    }

    /// The next timer of any store that is due no earlier than this, in the time that all share.
    fn next_due(&self, from: Duration) -> Option<Duration> {
        let due = |engine: &Arc<Engine>| {
            let ClockSource::Manual(clock) = &engine.clock else { return None };
            Some(clock.setting().started.saturating_add(engine.next_timer()?))
        };
        let arrivals = self.between();
        let arrivals = arrivals.iter().filter_map(|between| between.due());
        self.engines().iter().filter_map(due).chain(arrivals).filter(|due| *due >= from).min()
    }

    fn between(&self) -> Vec<Arc<dyn Between>> {
        self.0.time.between.lock().iter().filter_map(Weak::upgrade).collect()
    }

    /// Hands over what has arrived between devices by now; tells whether anything had.
    pub(crate) fn deliver_arrived(&self) -> bool {
        let now = self.passed();
        self.between().iter().filter(|between| between.deliver(now)).count() > 0
    }

    fn poll_all(&self) {
        self.deliver_arrived();
        loop {
            for engine in self.engines() {
                engine.poll();
            }
            // Where messages take no time, the answer is there already.
            if !self.deliver_arrived() {
                return;
            }
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.moment().now
    }

    fn elapsed(&self) -> Duration {
        self.moment().elapsed
    }

    fn boot(&self) -> Option<Uuid> {
        self.moment().boot
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

    fn boot(&self) -> Option<Uuid> {
        match self {
            Self::System => SystemClock.boot(),
            Self::Manual(clock) => clock.boot(),
            Self::Custom(clock) => clock.boot(),
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
