//! What is left on a disk when the power goes.

use crate::disk::{Done, Operation};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a disk writes in one piece, in bytes.
const SECTOR: u64 = 512;

/// The same numbers for the same seed.
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// Numbers that depend on this one alone.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below this one (xorshift64*).
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }
}

/// Whether something is on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Certain,
    /// It is, or not; the next sync makes it certain.
    Open,
    /// It is, or not, for ever: the sync that was to make it certain failed, and the system may have forgotten it since.
    Doomed,
}

enum Content {
    Bytes { offset: u64, bytes: Vec<u8> },
    Length(u64),
}

/// A change of the names in the folder.
enum Naming {
    Named(String, usize),
    Removed(String),
}

#[derive(Default)]
struct Platter {
    /// The contents of every file that ever was, whatever it is called.
    files: Vec<Vec<(Content, Fate)>>,
    /// Which file a name stands for, as the process sees it.
    names: BTreeMap<String, usize>,
    /// The same as it is on the disk for certain.
    settled: BTreeMap<String, usize>,
    unsettled: Vec<Naming>,
}

impl Platter {
    fn file(&mut self, name: &str) -> usize {
        if let Some(file) = self.names.get(name) {
            return *file;
        }
        let file = self.files.len();
        self.files.push(Vec::new());
        self.names.insert(name.to_owned(), file);
        self.unsettled.push(Naming::Named(name.to_owned(), file));
        file
    }

    fn change(&mut self, name: &str, content: Content) {
        let file = self.file(name);
        self.files[file].push((content, Fate::Open));
    }

    fn decide(&mut self, name: &str, fate: Fate) {
        let file = self.file(name);
        for (_, open) in self.files[file].iter_mut().filter(|(_, fate)| *fate == Fate::Open) {
            *open = fate;
        }
    }

    fn settle_names(&mut self) {
        self.settled.clone_from(&self.names);
        self.unsettled.clear();
    }

    fn perform(&mut self, done: &Done, finished: bool) {
        match &done.operation {
            Operation::Sync { name, .. } if done.failed => self.decide(name, Fate::Doomed),
            _ if done.failed => {}
            Operation::Create(name) => {
                self.file(name);
            }
            Operation::Write { name, offset, bytes, .. } => {
                self.change(name, Content::Bytes { offset: *offset, bytes: bytes.clone() });
            }
            Operation::Truncate { name, size } => self.change(name, Content::Length(*size)),
            Operation::Sync { name, folder } => {
                if finished {
                    self.decide(name, Fate::Certain);
                    if *folder {
                        self.settle_names();
                    }
                }
            }
            Operation::Delete { name, folder } => {
                self.names.remove(name);
                self.unsettled.push(Naming::Removed(name.clone()));
                if *folder && finished {
                    self.settle_names();
                }
            }
            Operation::GrowShared => {}
        }
    }

    fn image(&self, chance: &mut Chance) -> BTreeMap<String, Vec<u8>> {
        // From "nothing reached the disk" to "everything did".
        let share = chance.below(5) * 25;
        let mut kept = || chance.below(100) < share;
        let mut names = self.settled.clone();
        for naming in self.unsettled.iter().filter(|_| kept()) {
            match naming {
                Naming::Named(name, file) => names.insert(name.clone(), *file),
                Naming::Removed(name) => names.remove(name),
            };
        }
        names.into_iter().map(|(name, file)| (name, contents(&self.files[file], &mut kept))).collect()
    }
}

fn contents(changes: &[(Content, Fate)], kept: &mut impl FnMut() -> bool) -> Vec<u8> {
    let mut file = Vec::new();
    for (content, fate) in changes {
        let certain = *fate == Fate::Certain;
        match content {
            Content::Length(size) if certain || kept() => file.resize(*size as usize, 0),
            Content::Length(_) => {}
            Content::Bytes { offset, bytes } => {
                let end = offset + bytes.len() as u64;
                let mut at = *offset;
                while at < end {
                    let next = ((at / SECTOR + 1) * SECTOR).min(end);
                    if certain || kept() {
                        if (file.len() as u64) < next {
                            file.resize(next as usize, 0);
                        }
                        file[at as usize..next as usize]
                            .copy_from_slice(&bytes[(at - offset) as usize..(next - offset) as usize]);
                    }
                    at = next;
                }
            }
        }
    }
    file
}

/// Makes the folder look as the disk may after the power went during this operation.
pub(crate) fn cut(done: &[Done], operation: usize, seed: u64, folder: &Path) {
    let mut platter = Platter::default();
    for (position, one) in done.iter().enumerate().take(operation + 1) {
        platter.perform(one, position < operation);
    }
    let mut chance = Chance::new(seed ^ (operation as u64) << 20);
    for (name, bytes) in platter.image(&mut chance) {
        fs::write(folder.join(name), bytes).expect("the image can be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn done(operation: Operation) -> Done {
        Done { operation, failed: false }
    }

    fn write(offset: u64, byte: u8, length: usize) -> Done {
        let operation =
            Operation::Write { name: "a".to_owned(), offset, bytes: vec![byte; length], grows: true };
        done(operation)
    }

    fn sync() -> Done {
        done(Operation::Sync { name: "a".to_owned(), folder: true })
    }

    /// Every way the file may look, over many seeds: the first byte of each sector.
    fn looks(all: &[Done], operation: usize) -> BTreeSet<Option<Vec<u8>>> {
        let one = |seed| {
            let mut platter = Platter::default();
            for (position, one) in all.iter().enumerate().take(operation + 1) {
                platter.perform(one, position < operation);
            }
            let image = platter.image(&mut Chance::new(seed));
            image.get("a").map(|bytes| bytes.iter().step_by(512).copied().collect())
        };
        (0..500).map(one).collect()
    }

    #[test]
    fn what_was_synced_is_there_and_the_rest_is_there_by_sectors() {
        let all = [done(Operation::Create("a".to_owned())), write(0, 1, 1024), sync(), write(0, 2, 1024)];
        let every = |looks: &[&[u8]]| looks.iter().map(|look| Some(look.to_vec())).collect::<BTreeSet<_>>();
        assert_eq!(looks(&all[..3], 3), every(&[&[1, 1]]));
        assert_eq!(looks(&all, 4), every(&[&[1, 1], &[1, 2], &[2, 1], &[2, 2]]));
        assert_eq!(looks(&all, 3), looks(&all, 4), "half-done is as good as not synced");
        let before = looks(&all, 2);
        assert!(before.contains(&None) && before.contains(&Some(vec![])), "{before:?}");
        assert!(before.contains(&Some(vec![0, 1])) && before.contains(&Some(vec![1, 1])), "{before:?}");
    }

    #[test]
    fn what_a_sync_failed_on_is_never_certain() {
        let all = [write(0, 1, 512), Done { failed: true, ..sync() }, write(512, 2, 512), sync()];
        let seen = looks(&all, 4);
        assert!(seen.contains(&Some(vec![0, 2])) && seen.contains(&Some(vec![1, 2])), "{seen:?}");
        assert!(seen.iter().flatten().all(|look| look.get(1) == Some(&2)), "{seen:?}");
    }
}
