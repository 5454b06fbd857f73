//! The `paceline` program.
