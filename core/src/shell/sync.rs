//! The locks of the shell. What is built from them is tried in many orders of its threads by `races`: in unit tests a lock that
//! is made inside such a trial gives the turn away to another thread wherever one could get in between. Everywhere else, and
//! in what is shipped, they are those of `parking_lot`. Locks that live as long as the process use those by themselves.

#[cfg(test)]
pub(crate) mod modelled;

#[cfg(test)]
pub(crate) use modelled::{Condvar, Mutex, MutexGuard};
#[cfg(not(test))]
pub(crate) use parking_lot::{Condvar, Mutex, MutexGuard};
