//! The layer itself: a file system for SQLite that hands everything on to the system's own, and asks the disk first.
//!
//! SQLite calls these functions with pointers that it keeps valid for the call, and never two at a time with one file: its
//! connections are used by one thread at a time. Every `unsafe` block here relies on that, and on what it says itself.

use crate::disk::{Operation, State, Verdict, Why, disk_of};
use parking_lot::Mutex;
use rusqlite::ffi;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::path::Path;
use std::ptr;
use std::slice;
use std::sync::{Arc, Once};

/// A file of the layer; the system's own file lies behind it in the same memory, which is SQLite's.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// Nothing for a file that lies on no disk of ours. Made by `open`, taken back by `close`.
    watched: *mut Watched,
}

struct Watched {
    disk: Arc<Mutex<State>>,
    name: String,
    /// The first sync of a new log brings its name to the disk as well.
    syncs_folder: bool,
}

/// Makes the layer the default file system of this process, once.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: initializing SQLite may be asked for at any time; the name NULL stands for the default file system.
        let system = unsafe {
            ffi::sqlite3_initialize();
            ffi::sqlite3_vfs_find(ptr::null())
        };
        assert!(!system.is_null(), "SQLite has no file system");
        // SAFETY: SQLite keeps its file systems for ever.
        let behind = unsafe { *system };
        let layer = ffi::sqlite3_vfs {
            szOsFile: size_of::<File>() as c_int + behind.szOsFile,
            pNext: ptr::null_mut(),
            zName: c"paceline-faults".as_ptr(),
            pAppData: system.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            // What asks nothing of the disk goes to the system's own functions; they are told the layer instead of their own
            // file system, and do not look at it but for the length of the longest path, which is the same.
            ..behind
        };
        // SAFETY: it is never freed.
        let outcome = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(layer)), 1) };
        assert_eq!(outcome, ffi::SQLITE_OK, "SQLite does not take the layer");
    });
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // 2: with shared memory, without mapped files, which would be written past this layer.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The system's own file behind one of the layer.
fn behind(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    file.cast::<File>().wrapping_add(1).cast()
}

/// Calls a method of the system's own file.
macro_rules! pass {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let behind = behind($file);
        // SAFETY: `open` succeeded, so the file behind has all methods of version 2.
        unsafe {
            match (*(*behind).pMethods).$method {
                Some(method) => method(behind $(, $argument)*),
                None => unreachable!("the system's file system is too old"),
            }
        }
    }};
}

/// The disk's side of a file.
fn watched<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a mut Watched> {
    // SAFETY: `open` filled the file; what it put there stays until `close`, and one call at a time looks at it.
    unsafe { (*file.cast::<File>()).watched.as_mut() }
}

fn begin(file: *mut ffi::sqlite3_file, operation: impl FnOnce(&mut Watched) -> Operation) -> Verdict {
    match watched(file) {
        None => Verdict::Go,
        Some(watched) => {
            let operation = operation(watched);
            watched.disk.lock().begin(operation)
        }
    }
}

/// The path of a file as SQLite names it; nothing for a file without a name.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller got the name from SQLite, which ends it with a zero byte.
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes();
    // SAFETY: SQLite was given this path as such bytes.
    Some(Path::new(unsafe { OsStr::from_encoded_bytes_unchecked(bytes) }))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives memory for a file of this layer; one that is not open has no methods.
    unsafe { (*file).pMethods = ptr::null() };
    // SAFETY: this is the name that SQLite opens.
    let path = unsafe { path(name) };
    let mut watched = path.and_then(|path| Some((path, disk_of(path)?))).map(|(path, (disk, name))| {
        let log = ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL;
        let creates = flags & ffi::SQLITE_OPEN_CREATE != 0;
        let is_new = creates && !path.exists();
        (Watched { disk, name, syncs_folder: creates && flags & log != 0 }, is_new)
    });
    if let Some((watched, true)) = &mut watched
        && watched.disk.lock().begin(Operation::Create(watched.name.clone())) != Verdict::Go
    {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: `install` put the system's own file system there.
    let system = unsafe { (*vfs).pAppData.cast::<ffi::sqlite3_vfs>() };
    // SAFETY: the system's file gets the memory behind ours, of the size it asked for, aligned as a pointer is.
    let outcome = unsafe {
        match (*system).xOpen {
            Some(open) => open(system, name, behind(file), flags, flags_out),
            None => ffi::SQLITE_CANTOPEN,
        }
    };
    if outcome == ffi::SQLITE_OK {
        let watched = watched.map_or(ptr::null_mut(), |(watched, _)| Box::into_raw(Box::new(watched)));
        // SAFETY: as above; from here on the file is open.
        unsafe {
            (*file.cast::<File>()).watched = watched;
            (*file).pMethods = &raw const METHODS;
        }
    }
    outcome
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, folder: c_int) -> c_int {
    // SAFETY: this is the name that SQLite deletes.
    let path = unsafe { path(name) };
    if let Some((path, (disk, name))) = path.and_then(|path| Some((path, disk_of(path)?)))
        && path.exists()
        && disk.lock().begin(Operation::Delete { name, folder: folder != 0 }) != Verdict::Go
    {
        return ffi::SQLITE_IOERR_DELETE;
    }
    // SAFETY: `install` put the system's own file system there. Nothing is synced: the disk remembers what would be.
    unsafe {
        let system = (*vfs).pAppData.cast::<ffi::sqlite3_vfs>();
        match (*system).xDelete {
            Some(delete) => delete(system, name, 0),
            None => ffi::SQLITE_IOERR_DELETE,
        }
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let outcome = pass!(file, xClose);
    let file = file.cast::<File>();
    // SAFETY: `open` made the box; SQLite closes once.
    unsafe {
        if !(*file).watched.is_null() {
            drop(Box::from_raw((*file).watched));
            (*file).watched = ptr::null_mut();
        }
    }
    outcome
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    length: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    if watched(file).is_some_and(|watched| !watched.disk.lock().reads()) {
        return ffi::SQLITE_IOERR_READ;
    }
    pass!(file, xRead, to, length, offset)
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    length: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let mut size = 0;
    let known = pass!(file, xFileSize, &raw mut size) == ffi::SQLITE_OK;
    let verdict = begin(file, |watched| {
        // SAFETY: SQLite hands in as many bytes as it says.
        let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), length as usize) };
        Operation::Write {
            name: watched.name.clone(),
            offset: offset as u64,
            bytes: bytes.to_vec(),
            grows: known && offset + i64::from(length) > size,
        }
    });
    let failed = |why| if why == Why::Full { ffi::SQLITE_FULL } else { ffi::SQLITE_IOERR_WRITE };
    match verdict {
        Verdict::Go => pass!(file, xWrite, from, length, offset),
        Verdict::Half(why) => {
            pass!(file, xWrite, from, length / 2, offset);
            failed(why)
        }
        Verdict::Fail(why) => failed(why),
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let operation =
        |watched: &mut Watched| Operation::Truncate { name: watched.name.clone(), size: size as u64 };
    match begin(file, operation) {
        Verdict::Go => pass!(file, xTruncate, size),
        _ => ffi::SQLITE_IOERR_TRUNCATE,
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    if watched(file).is_none() {
        return pass!(file, xSync, flags);
    }
    let verdict =
        begin(file, |watched| Operation::Sync { name: watched.name.clone(), folder: watched.syncs_folder });
    if verdict != Verdict::Go {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    if let Some(watched) = watched(file) {
        watched.syncs_folder = false;
    }
    // The disk remembers that it was synced; the machine under it need not be bothered.
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut ffi::sqlite3_int64) -> c_int {
    pass!(file, xFileSize, size)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, found: *mut c_int) -> c_int {
    pass!(file, xCheckReservedLock, found)
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    operation: c_int,
    argument: *mut c_void,
) -> c_int {
    pass!(file, xFileControl, operation, argument)
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    let there = pass!(file, xShmMap, page, size, 0, to);
    // SAFETY: SQLite gives a place for the answer.
    let is_there = there == ffi::SQLITE_OK && !unsafe { *to }.is_null();
    if is_there || extend == 0 {
        return there;
    }
    match begin(file, |_| Operation::GrowShared) {
        Verdict::Go => pass!(file, xShmMap, page, size, extend, to),
        _ => ffi::SQLITE_IOERR_SHMSIZE,
    }
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    pass!(file, xShmLock, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    pass!(file, xShmBarrier);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, remove: c_int) -> c_int {
    pass!(file, xShmUnmap, remove)
}
