//! Text for people.

pub(crate) mod format;
pub(crate) mod style;
pub(crate) mod table;
