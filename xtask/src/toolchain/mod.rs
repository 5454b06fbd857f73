//! What the other languages need to be built and tested, and how it comes onto this machine.
//!
//! What is on the PATH is used. What is missing is installed where that is our business: on Debian, as root. Everywhere
//! else the answer is a sentence that says what to install, and the step that needs it is skipped.

mod cache;
mod debian;
mod mounts;
pub(crate) mod swift;
mod swift_root;
mod tools;

pub(crate) use tools::{C, CMAKE, CPP, JDK, MAKE, MAVEN, PKG_CONFIG, VALGRIND, need};
