//! Paceline: a workout-session engine.
mod machines;
mod values;

pub use machines::data_source::SamplePredicate;
pub use values::*;
