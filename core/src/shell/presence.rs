//! Who has a store open, and how others find out whether it still lives.

use super::entropy::any_uuid;
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// How long a process may be silent before it counts as dead, where nothing better is known about it.
const SILENCE: Duration = Duration::from_secs(10);

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

    /// Whether it is alive, as far as can be known; `silent` tells for how long nothing was heard of it.
    pub(crate) fn lives(&self, silent: impl FnOnce() -> Option<Duration>) -> bool {
        if self.process == std::process::id() && self.born == born(self.process).unwrap_or_default() {
            return HERE.lock().contains(&self.token);
        }
        if self.born.is_empty() {
            return silent().is_some_and(|silent| silent < SILENCE);
        }
        born(self.process).is_some_and(|born| born == self.born)
    }
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

    #[test]
    fn an_engine_lives_until_it_leaves() {
        let engine = Presence::enter();
        assert!(engine.lives(|| None));
        engine.leave();
        assert!(!engine.lives(|| Some(Duration::ZERO)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_lives_until_it_is_killed() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep is there");
        let other =
            Presence { token: any_uuid(), process: child.id(), born: born(child.id()).expect("it runs") };
        assert!(other.lives(|| None));
        let earlier = Presence { born: "another boot/1".to_owned(), ..other.clone() };
        assert!(!earlier.lives(|| None), "the number was given to another process");
        child.kill().expect("it can be killed");
        // A process that nobody has waited for is dead too, as soon as the system has come round to it.
        while other.lives(|| None) {
            std::thread::yield_now();
        }
        child.wait().expect("it was killed");
        assert!(!other.lives(|| None));
    }

    #[test]
    fn where_nothing_is_known_silence_tells() {
        let far = Presence { token: any_uuid(), process: u32::MAX, born: String::new() };
        assert!(far.lives(|| Some(Duration::from_secs(9))));
        assert!(!far.lives(|| Some(Duration::from_secs(11))));
        assert!(!far.lives(|| None));
    }
}
