//! What happens on a disk, and what is to fail.

use crate::power;
use crate::vfs;
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use tempfile::TempDir;

/// Something that changes what is on the disk. Files are known by their names in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// A file that was not there is made.
    Create(String),
    /// Bytes are written.
    Write {
        /// The file.
        name: String,
        /// The place of the first byte.
        offset: u64,
        /// What is written.
        bytes: Vec<u8>,
        /// Whether the file grows.
        grows: bool,
    },
    /// A file is cut or made longer.
    Truncate {
        /// The file.
        name: String,
        /// Its new length.
        size: u64,
    },
    /// What was written into a file is brought to the disk.
    Sync {
        /// The file.
        name: String,
        /// Whether the names in the folder are brought to the disk with it.
        folder: bool,
    },
    /// A file is removed.
    Delete {
        /// The file.
        name: String,
        /// Whether the names in the folder are brought to the disk at once.
        folder: bool,
    },
    /// The memory that processes share grows. It is no part of the disk, and takes room on it.
    GrowShared,
}

impl Operation {
    fn takes_room(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Write { grows: true, .. } | Self::GrowShared)
    }
}

/// How something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The device reports an error, and nothing happened.
    InputOutput,
    /// There is no room: what needs some fails, everything else works.
    Full,
    /// There is room for half of what is written; everything else works.
    HalfFull,
    /// Half of what is to be written is written, then the device reports an error.
    Torn,
    /// Syncs fail, and what they were about may never reach the disk; everything else works.
    Sync,
    /// Reading fails. Counted in reads.
    Read,
}

/// What is to fail, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// How it fails.
    pub kind: Kind,
    /// The first operation that it meets, counted from 0 in everything that happened on this disk; of reads the first one.
    pub from: usize,
    /// How many operations it meets in a row.
    pub count: usize,
}

/// What the layer is to do about an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Go,
    /// Half of it happens, then it fails.
    Half(Why),
    Fail(Why),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Full,
    Device,
}

/// An operation as it went.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) operation: Operation,
    pub(crate) failed: bool,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    done: Vec<Done>,
    reads: usize,
    fault: Option<Fault>,
    met: usize,
    /// The process is dead: nothing reaches the disk any more.
    dead: bool,
}

impl State {
    fn meets(&mut self, position: usize, applies: impl Fn(Kind) -> bool) -> Option<Kind> {
        let fault = self.fault.filter(|fault| applies(fault.kind))?;
        let within = position >= fault.from && position - fault.from < fault.count;
        self.met += usize::from(within);
        within.then_some(fault.kind)
    }

    /// What happens to this operation; notes it as it will have happened.
    pub(crate) fn begin(&mut self, operation: Operation) -> Verdict {
        if self.dead {
            return Verdict::Fail(Why::Device);
        }
        let position = self.done.len();
        let applies = |kind| match kind {
            Kind::InputOutput => true,
            Kind::Full => operation.takes_room(),
            Kind::HalfFull => matches!(operation, Operation::Write { grows: true, .. }),
            Kind::Torn => matches!(operation, Operation::Write { .. }),
            Kind::Sync => matches!(operation, Operation::Sync { .. }),
            Kind::Read => false,
        };
        let verdict = match self.meets(position, applies) {
            None => Verdict::Go,
            Some(Kind::Full) => Verdict::Fail(Why::Full),
            Some(Kind::HalfFull) => Verdict::Half(Why::Full),
            Some(Kind::Torn) => Verdict::Half(Why::Device),
            Some(_) => Verdict::Fail(Why::Device),
        };
        let (operation, failed) = match (verdict, operation) {
            (Verdict::Half(_), Operation::Write { name, offset, mut bytes, grows }) => {
                bytes.truncate(bytes.len() / 2);
                (Operation::Write { name, offset, bytes, grows }, false)
            }
            (verdict, operation) => (operation, verdict != Verdict::Go),
        };
        self.done.push(Done { operation, failed });
        verdict
    }

    /// Whether the next read works.
    pub(crate) fn reads(&mut self) -> bool {
        self.reads += 1;
        self.meets(self.reads - 1, |kind| kind == Kind::Read).is_none()
    }
}

/// The disks that are there.
static DISKS: Mutex<Vec<(PathBuf, Weak<Mutex<State>>)>> = Mutex::new(Vec::new());

/// The disk on which a file lies, if it lies on one, and its name there.
pub(crate) fn disk_of(path: &Path) -> Option<(Arc<Mutex<State>>, String)> {
    let folder = path.parent()?;
    let name = path.file_name()?.to_str()?.to_owned();
    let disks = DISKS.lock();
    let (_, state) = disks.iter().find(|(known, _)| known == folder)?;
    Some((state.upgrade()?, name))
}

/// A folder on which things can fail. It goes when this is dropped.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
    state: Arc<Mutex<State>>,
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl Disk {
    /// An empty disk that works.
    pub fn new() -> Self {
        vfs::install();
        let folder = folder();
        let state: Arc<Mutex<State>> = Arc::default();
        let path = folder.path().canonicalize().expect("the folder is there");
        let mut disks = DISKS.lock();
        disks.retain(|(_, state)| state.strong_count() > 0);
        disks.push((path, Arc::downgrade(&state)));
        drop(disks);
        Self { folder, state }
    }

    /// The path of a file on it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file there that was on the disk for long.
    pub fn put(&self, name: &str, bytes: Vec<u8>) {
        std::fs::write(self.path(name), &bytes).expect("the folder can be written");
        let name = name.to_owned();
        let sound = |operation| Done { operation, failed: false };
        self.state.lock().done.extend([
            sound(Operation::Create(name.clone())),
            sound(Operation::Write { name: name.clone(), offset: 0, bytes, grows: true }),
            sound(Operation::Sync { name, folder: true }),
        ]);
    }

    /// From now on this fails, and nothing else.
    pub fn fail(&self, fault: Fault) {
        let mut state = self.state.lock();
        state.fault = Some(fault);
        state.met = 0;
    }

    /// From now on everything works.
    pub fn mend(&self) {
        let mut state = self.state.lock();
        state.fault = None;
        state.dead = false;
    }

    /// From now on nothing reaches the disk, as if the process were dead. What it wrote before is there.
    pub fn kill(&self) {
        self.state.lock().dead = true;
    }

    /// How many operations the last fault has met.
    pub fn failures(&self) -> usize {
        self.state.lock().met
    }

    /// How many operations there were.
    pub fn operations(&self) -> usize {
        self.state.lock().done.len()
    }

    /// How many reads there were.
    pub fn reads(&self) -> usize {
        self.state.lock().reads
    }

    /// What happened, in order; the bytes too.
    pub fn log(&self) -> Vec<Operation> {
        self.state.lock().done.iter().map(|done| done.operation.clone()).collect()
    }

    /// A folder as the disk may look after the power went while the operation of this number was being done: what was synced
    /// is there; of what was not, some of it, by chance, down to single sectors and in any order.
    pub fn after_power_cut(&self, operation: usize, seed: u64) -> TempDir {
        let image = folder();
        power::cut(&self.state.lock().done, operation, seed, image.path());
        image
    }
}

/// In memory where there is such a place: only what SQLite asks for counts here, not what the machine does with it.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}
