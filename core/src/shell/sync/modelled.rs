//! Locks that can be part of a trial.

use parking_lot::{Condvar as RealCondvar, Mutex as RealMutex, MutexGuard as RealGuard};
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::sync::{Condvar as Turns, Mutex as Turn, MutexGuard as TurnGuard};
use std::cell::Cell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::PoisonError;
use std::time::Duration;

std::thread_local! {
    /// All threads of a trial run in turn on one thread of the system.
    static IN_TRIAL: Cell<bool> = const { Cell::new(false) };
}

/// Runs this in many orders of its threads (`shuttle::thread::spawn`). Fails when it panics in one of them, or when all
/// threads wait for each other.
pub(crate) fn in_many_orders(trials: usize, run: impl Fn() + Send + Sync + Clone + 'static) {
    struct Over;
    impl Drop for Over {
        fn drop(&mut self) {
            IN_TRIAL.set(false);
        }
    }
    let _over = Over;
    IN_TRIAL.set(true);
    let mut config = shuttle::Config::new();
    // The database needs room.
    config.stack_size = 1 << 20;
    shuttle::Runner::new(RandomScheduler::new_from_seed(1, trials), config.clone()).run(run.clone());
    shuttle::Runner::new(PctScheduler::new_from_seed(1, 3, trials), config).run(run);
}

/// A lock. The turn is taken before the lock, so that nobody ever waits for the lock itself in a trial.
pub(crate) struct Mutex<T> {
    turn: Option<Turn<()>>,
    real: RealMutex<T>,
}

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { turn: IN_TRIAL.get().then(|| Turn::new(())), real: RealMutex::new(value) }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        let turn = self.turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        let real = Some(self.take(turn.is_some()));
        MutexGuard { real, turn, mutex: self }
    }

    fn take(&self, has_turn: bool) -> RealGuard<'_, T> {
        if has_turn { self.real.try_lock().expect("who has the turn has the lock") } else { self.real.lock() }
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.real.get_mut()
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(f)
    }
}

/// The lock is let go before the turn.
pub(crate) struct MutexGuard<'a, T> {
    real: Option<RealGuard<'a, T>>,
    turn: Option<TurnGuard<'a, ()>>,
    mutex: &'a Mutex<T>,
}

impl<T> MutexGuard<'_, T> {
    /// Lets others have it for a moment.
    pub(crate) fn bump(guard: &mut Self) {
        guard.real = None;
        guard.turn = None;
        *guard = guard.mutex.lock();
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.real.as_ref().expect("it is held")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.real.as_mut().expect("it is held")
    }
}

/// Waits for something that another thread does.
pub(crate) struct Condvar {
    turns: Option<Turns>,
    real: RealCondvar,
}

impl Default for Condvar {
    fn default() -> Self {
        Self { turns: IN_TRIAL.get().then(Turns::new), real: RealCondvar::new() }
    }
}

impl Condvar {
    pub(crate) fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        match (&self.turns, guard.turn.take()) {
            (Some(turns), Some(turn)) => {
                guard.real = None;
                guard.turn = Some(turns.wait(turn).unwrap_or_else(PoisonError::into_inner));
                guard.real = Some(guard.mutex.take(true));
            }
            _ => self.real.wait(guard.real.as_mut().expect("it is held")),
        }
    }

    /// In a trial no time passes while somebody waits.
    pub(crate) fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, span: Duration) {
        if self.turns.is_some() {
            self.wait(guard);
        } else {
            self.real.wait_for(guard.real.as_mut().expect("it is held"), span);
        }
    }

    pub(crate) fn notify_all(&self) {
        match &self.turns {
            Some(turns) => turns.notify_all(),
            None => drop(self.real.notify_all()),
        }
    }
}
