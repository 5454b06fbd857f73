//! Decides between stopping at a fault and noting it, and keeps the notes short.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::{Format, FormatError, Place, Skipped};

/// Collects what is left out while one file is read.
///
/// A damaged file can hold one fault ten thousand times, so equal notes are counted, not repeated.
pub(crate) struct Notes {
    format: Format,
    salvage: bool,
    order: Vec<(Place, Cow<'static, str>, u64)>,
    seen: HashMap<Cow<'static, str>, usize>,
}

impl Notes {
    pub(crate) fn new(format: Format, salvage: bool) -> Self {
        Self { format, salvage, order: Vec::new(), seen: HashMap::new() }
    }

    /// Notes something that is left out in either mode.
    pub(crate) fn note(&mut self, place: Place, what: impl Into<Cow<'static, str>>) {
        let what = what.into();
        if let Some(&index) = self.seen.get(&what) {
            self.order[index].2 += 1;
        } else {
            self.seen.insert(what.clone(), self.order.len());
            self.order.push((place, what, 1));
        }
    }

    /// The file breaks the rules of its format: an error, or a note under salvage.
    pub(crate) fn damaged(
        &mut self,
        place: Place,
        what: impl Into<Cow<'static, str>>,
    ) -> Result<(), FormatError> {
        let what = what.into();
        if self.salvage {
            self.note(place, what);
            return Ok(());
        }
        Err(FormatError::Damaged { format: self.format, place, what: what.into_owned() })
    }

    /// A value that cannot be true: an error, or a note under salvage. `seen` is the value as read;
    /// it is left out of the note so that equal faults count together.
    pub(crate) fn implausible(
        &mut self,
        place: Place,
        what: &'static str,
        seen: &dyn std::fmt::Display,
    ) -> Result<(), FormatError> {
        if self.salvage {
            self.note(place, what);
            return Ok(());
        }
        Err(FormatError::Implausible { format: self.format, place, what: format!("{what} ({seen})") })
    }

    /// The file is whole but there is nothing to replay in it.
    pub(crate) fn no_activity(&self, what: impl Into<String>) -> FormatError {
        FormatError::NoActivity { format: self.format, what: what.into() }
    }

    pub(crate) fn into_skipped(self) -> Vec<Skipped> {
        self.order
            .into_iter()
            .map(|(place, what, count)| Skipped {
                place,
                what: if count == 1 { what.into_owned() } else { format!("{what} ({count} times)") },
            })
            .collect()
    }
}
