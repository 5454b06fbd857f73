//! Tests that no single crate owns.
