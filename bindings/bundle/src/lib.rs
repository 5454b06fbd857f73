//! One library for three languages: two in one process would be two engines and two copies of SQLite on one file, whose
//! locks cancel each other. Whatever is not named here is not exported.

pub use paceline_c::*;
pub use paceline_uniffi::*;
