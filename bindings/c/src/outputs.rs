//! Where C wants its answers.

use crate::error::null;
use paceline::{ErrorCode, PacelineError};
use std::ffi::c_char;
use std::ptr::NonNull;

/// A place for one value. Checked before the work is done, written after.
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    pub(crate) fn set(self, value: T) {
        // The caller vouches for the place by handing it in; nothing that lay there is read or dropped.
        unsafe { self.0.write(value) }
    }
}

/// A place that must be there.
pub(crate) unsafe fn out<T>(pointer: *mut T, what: &str) -> Result<Out<T>, PacelineError> {
    optional_out(pointer).ok_or_else(|| null(what))
}

/// A place that may be left out.
pub(crate) unsafe fn optional_out<T>(pointer: *mut T) -> Option<Out<T>> {
    NonNull::new(pointer).map(Out)
}

/// A place for several values.
pub(crate) struct OutList<T> {
    items: *mut T,
    capacity: usize,
    count: Out<usize>,
}

/// A list without a place asks only for the count.
pub(crate) unsafe fn out_list<T>(
    items: *mut T,
    capacity: usize,
    count: *mut usize,
    what: &str,
) -> Result<OutList<T>, PacelineError> {
    if items.is_null() && capacity > 0 {
        return Err(null(what));
    }
    Ok(OutList { items, capacity, count: out(count, "count")? })
}

impl<T: Copy> OutList<T> {
    /// Writes all values or, where they do not fit, how many there are.
    pub(crate) fn set(self, values: &[T]) -> Result<(), PacelineError> {
        let Self { items, capacity, count } = self;
        count.set(values.len());
        if items.is_null() {
            return Ok(());
        }
        if values.len() > capacity {
            return Err(too_small(values.len()));
        }
        // Not overlapping: `values` is ours, and the caller vouches for the place.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), items, values.len()) }
        Ok(())
    }

    /// Writes only how many values there are, which is more than there is room for.
    pub(crate) fn set_count(self, needed: usize) -> Result<(), PacelineError> {
        self.count.set(needed);
        if self.items.is_null() { Ok(()) } else { Err(too_small(needed)) }
    }

    /// How many values there is room for.
    pub(crate) fn room(&self) -> usize {
        if self.items.is_null() { 0 } else { self.capacity }
    }
}

pub(crate) fn too_small(needed: usize) -> PacelineError {
    PacelineError::new(ErrorCode::BufferTooSmall, "the place for the answer is too small").with_value(needed)
}

/// A place for text.
pub(crate) struct OutText {
    buffer: *mut c_char,
    capacity: usize,
    length: Option<Out<usize>>,
}

/// A text without a place asks only for its length.
pub(crate) unsafe fn out_text(
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> Result<OutText, PacelineError> {
    if buffer.is_null() && (capacity > 0 || length.is_null()) {
        return Err(null("buffer"));
    }
    Ok(OutText { buffer, capacity, length: optional_out(length) })
}

impl OutText {
    /// For a text that is made only when it can be told: nothing when the caller asked for its length alone, which is told
    /// as this one.
    ///
    /// # Errors
    /// Boundary 5 when there is less room; the length is told as well.
    pub(crate) fn with_room_for(mut self, enough: usize) -> Result<Option<Self>, PacelineError> {
        if !self.buffer.is_null() && enough < self.capacity {
            return Ok(Some(self));
        }
        if let Some(length) = self.length.take() {
            length.set(enough);
        }
        if self.buffer.is_null() { Ok(None) } else { Err(too_small(enough + 1)) }
    }

    /// Writes the text and a zero byte or, where they do not fit, the length of the text.
    pub(crate) fn set(self, text: &str) -> Result<(), PacelineError> {
        if let Some(length) = self.length {
            length.set(text.len());
        }
        if self.buffer.is_null() {
            return Ok(());
        }
        if text.len() >= self.capacity {
            return Err(too_small(text.len() + 1));
        }
        // Not overlapping: `text` is ours, and the caller vouches for the place.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), self.buffer.cast(), text.len());
            self.buffer.add(text.len()).write(0);
        }
        Ok(())
    }
}
