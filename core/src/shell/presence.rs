//! Who has a store open, and how others find out whether it still lives.

use super::entropy::any_uuid;
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// How long the holder of a workout may be silent before it counts as dead, where its number may have been given to another
/// process. Long, because a paused workout has nothing to say; a host that knows better is asked.
const SILENCE: Duration = Duration::from_secs(600);

/// The engines of this process that are alive.
static HERE: Mutex<BTreeSet<Uuid>> = Mutex::new(BTreeSet::new());

/// One engine of one process, as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) token: Uuid,
    pub(crate) process: u32,
    /// What tells the process from later ones with the same number: the boot and the time of its start. Empty where the
    /// system does not tell.
    pub(crate) born: String,
}

impl Presence {
    /// A new engine of this process. It is alive until [`Presence::leave`].
    pub(crate) fn enter() -> Self {
        let process = std::process::id();
        let token = any_uuid();
        HERE.lock().insert(token);
        Self { token, process, born: born(process).unwrap_or_default() }
    }

    pub(crate) fn leave(&self) {
        HERE.lock().remove(&self.token);
    }

    /// Whether this is still the process that entered. In a copy of it, made by a fork, nothing of it may be used: two processes
    /// would write through one connection.
    pub(crate) fn is_here(&self) -> bool {
        self.process == std::process::id()
    }

    /// Whether it is alive, as far as can be known; `silent` tells for how long nothing was heard of it, and is asked only where
    /// that matters.
    pub(crate) fn lives<E>(&self, silent: impl FnOnce() -> Result<Option<Duration>, E>) -> Result<bool, E> {
        if self.process == std::process::id() && self.born == born(self.process).unwrap_or_default() {
            return Ok(HERE.lock().contains(&self.token));
        }
        if !self.born.is_empty() {
            return Ok(born(self.process).is_some_and(|born| born == self.born));
        }
        Ok(exists(self.process) && silent()?.is_some_and(|silent| silent < SILENCE))
    }
}

/// Whether there is a process of this number. One that this process may not ask about exists.
#[cfg(unix)]
fn exists(process: u32) -> bool {
    let number = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    number.is_some_and(|number| rustix::process::test_kill_process(number) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn exists(_process: u32) -> bool {
    true
}

/// The boot and the start of a process; nothing when there is no such process, or the system does not tell.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn born(process: u32) -> Option<String> {
    use super::clock::{Clock, SystemClock};
    let boot = SystemClock.boot()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in brackets, may hold anything; the start is the 20th word after it. A process that was
    // killed and that nobody has waited for is dead.
    let (_, words) = stat.rsplit_once(')')?;
    let mut words = words.split_whitespace();
    if matches!(words.next()?, "Z" | "X") {
        return None;
    }
    Some(format!("{boot}/{}", words.nth(18)?))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn born(_process: u32) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lives(presence: &Presence, silent: Option<u64>) -> bool {
        presence.lives(|| Ok::<_, ()>(silent.map(Duration::from_secs))).expect("nothing is read")
    }

    #[test]
    fn an_engine_lives_until_it_leaves() {
        let engine = Presence::enter();
        assert!(lives(&engine, None));
        engine.leave();
        assert!(!lives(&engine, Some(0)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_lives_until_it_is_killed() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep is there");
        let other =
            Presence { token: any_uuid(), process: child.id(), born: born(child.id()).expect("it runs") };
        assert!(lives(&other, None));
        let earlier = Presence { born: "another boot/1".to_owned(), ..other.clone() };
        assert!(!lives(&earlier, None), "the number was given to another process");
        child.kill().expect("it can be killed");
        // A process that nobody has waited for is dead too, as soon as the system has come round to it.
        while lives(&other, None) {
            std::thread::yield_now();
        }
        child.wait().expect("it was killed");
        assert!(!lives(&other, None));
    }

    /// As on a system that tells of a process no more than that there is one.
    #[test]
    #[cfg(unix)]
    fn where_little_is_known_silence_tells() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep is there");
        let far = Presence { token: any_uuid(), process: child.id(), born: String::new() };
        assert!(lives(&far, Some(599)));
        assert!(!lives(&far, Some(601)));
        assert!(!lives(&far, None));
        child.kill().expect("it can be killed");
        child.wait().expect("it was killed");
        assert!(!lives(&far, Some(0)), "there is no such process");
    }
}
