//! What C sees of Paceline. Nothing is decided here: an entry point checks what it was handed, asks the engine, and
//! writes the answer where the caller said.
//!
//! `include/paceline.h` is made from this crate, comments included. They speak to a reader of C.

// An entry point is unsafe as a whole: it believes the pointers of its caller. What a caller has to hold to is said in
// C, at the head of the header, and not once more above each function.
#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc)]

// What C hands in and gets back.
mod arguments;
mod error;
mod foreign;
mod guard;
mod handles;
mod lane;
mod outputs;

// The order from here on is that of the header.
mod version;

mod names;
mod units;
mod values;

mod metadata;

mod clock;

mod host;

mod disk;

mod store_options;

mod recovery;
mod store;

mod session;
mod session_delegate;

mod record;

mod snapshot;

mod builder;
mod builder_delegate;
mod completion;

mod data_source;

mod workout;

mod simulation;

mod log_sink;

pub use builder::*;
pub use builder_delegate::*;
pub use clock::*;
pub use completion::*;
pub use data_source::*;
pub use disk::*;
pub use error::*;
pub use foreign::*;
pub use handles::*;
pub use host::*;
pub use log_sink::*;
pub use metadata::*;
pub use names::*;
pub use record::*;
pub use recovery::*;
pub use session::*;
pub use session_delegate::*;
pub use simulation::*;
pub use snapshot::*;
pub use store::*;
pub use store_options::*;
pub use units::*;
pub use values::*;
pub use version::*;
pub use workout::*;
