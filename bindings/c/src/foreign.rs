//! Functions of C that the engine calls, and the data that goes with them.

use crate::error::null;
use crate::store_options::struct_size;
use paceline::PacelineError;
use std::ffi::c_void;
use std::ops::Deref;

/// Gives `user_data` back: called exactly once, after the last call of a callback has returned, on whatever thread that was.
pub type PacelineRelease = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// What every structure of callbacks begins with.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Head {
    pub(crate) struct_size: usize,
    pub(crate) user_data: *mut c_void,
    pub(crate) release: PacelineRelease,
}

/// The caller's data; given back when this is dropped.
struct UserData {
    pointer: *mut c_void,
    release: PacelineRelease,
}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // The header tells the caller when this comes, and that it comes once.
            unsafe { release(self.pointer) }
        }
    }
}

/// Callbacks that belong to the library from here on.
pub(crate) struct Foreign<T> {
    functions: T,
    data: UserData,
}

// The header says that callbacks come on any thread, never two at a time, and that the data must bear it.
unsafe impl<T> Send for Foreign<T> {}
unsafe impl<T> Sync for Foreign<T> {}

impl<T> Foreign<T> {
    /// What every callback gets as its first argument.
    pub(crate) fn user_data(&self) -> *mut c_void {
        self.data.pointer
    }
}

impl<T> Deref for Foreign<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.functions
    }
}

/// Takes callbacks over, together with the duty to give their data back, also when this fails.
///
/// # Errors
/// Boundary 6 for a structure of another size than this release knows. One too small for its own head is not touched.
///
/// # Safety
/// `T` begins with the fields of [`Head`], and the pointer is NULL or leads to `struct_size` bytes of a `T`.
pub(crate) unsafe fn take<T: Copy>(pointer: *const T, what: &str) -> Result<Foreign<T>, PacelineError> {
    if pointer.is_null() {
        return Err(null(what));
    }
    let size = pointer.cast::<usize>().read();
    let wrong = || struct_size(what, size, size_of::<T>());
    if size < size_of::<Head>() {
        return Err(wrong());
    }
    let head = pointer.cast::<Head>().read();
    let data = UserData { pointer: head.user_data, release: head.release };
    if size != size_of::<T>() {
        return Err(wrong());
    }
    Ok(Foreign { functions: pointer.read(), data })
}

/// As [`take`]; nothing for NULL.
pub(crate) unsafe fn take_optional<T: Copy>(
    pointer: *const T,
    what: &str,
) -> Result<Option<Foreign<T>>, PacelineError> {
    if pointer.is_null() { Ok(None) } else { take(pointer, what).map(Some) }
}
