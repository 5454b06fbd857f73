//! Tests that no single crate owns, and what they share.

pub mod apple_export;
pub mod data;
pub mod left;
pub mod released;
pub mod score;
pub mod script;
pub mod second_telling;
