//! Where a device keeps its keys.

use paceline::{ErrorCode, PacelineError, Timestamp};
use paceline_link::{KeyFile, KeyRing, KeyStore, LARGEST_RING, MemoryKeys, PublicKey, Seed};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Arc;

fn open(path: &Path, seed: u8) -> Result<KeyRing, PacelineError> {
    KeyRing::open(Arc::new(KeyFile::new(path)), &Seed::new([seed; 32]))
}

fn key(number: u8) -> PublicKey {
    PublicKey::from_bytes([number; 32])
}

fn date() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000)
}

/// That opening fails, says why, and leaves the file as it was.
fn refused(path: &Path, why: &str) {
    let before = fs::read(path).ok();
    let error = open(path, 9).err().expect("it is refused");
    assert_eq!(error.code(), ErrorCode::LinkKeyStore);
    assert!(error.to_string().contains(why), "{error}");
    assert_eq!(fs::read(path).ok(), before);
}

#[test]
fn keys_stay_and_only_their_owner_may_read_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = open(&path, 1).unwrap();
    let own = ring.secret().public_key();
    ring.pin(key(5), "Kim's phone", date()).unwrap();
    let pinned = ring.pin(key(6), "TV", date()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

    let mut again = open(&path, 2).unwrap();
    assert_eq!(again.secret().public_key(), own, "the key is made once");
    assert_eq!(again.peers(), ring.peers());
    assert_eq!(again.find(pinned.peer), Some(&pinned));
    assert!(again.knows(&key(5)) && !again.knows(&key(7)));

    assert!(again.forget(key(5).peer()).unwrap());
    assert!(!again.forget(key(5).peer()).unwrap());
    assert!(!open(&path, 3).unwrap().knows(&key(5)));
}

#[test]
fn pairing_again_changes_name_and_date() {
    let mut ring = KeyRing::open(Arc::new(MemoryKeys::default()), &Seed::new([1; 32])).unwrap();
    ring.pin(key(5), "old", date()).unwrap();
    ring.pin(key(5), "new", Timestamp::from_seconds(5)).unwrap();
    let [peer] = ring.peers() else { panic!("one device") };
    assert_eq!((peer.name.as_str(), peer.since), ("new", Timestamp::from_seconds(5)));
}

#[test]
fn a_ring_has_an_end() {
    let mut ring = KeyRing::open(Arc::new(MemoryKeys::default()), &Seed::new([1; 32])).unwrap();
    for number in 0..LARGEST_RING {
        ring.pin(key(number as u8), "one of many", date()).unwrap();
    }
    assert_eq!(ring.pin(key(200), "too many", date()).unwrap_err().code(), ErrorCode::LinkKeyStore);
    ring.pin(key(0), "an old one", date()).unwrap();
}

#[test]
fn files_that_others_may_touch_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    open(&path, 1).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o666] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        refused(&path, "set its mode to 0600");
    }
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    open(&path, 1).unwrap();

    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    refused(&link, "cannot be read");
    refused(folder.path(), "not in a plain file");
}

#[test]
fn damaged_foreign_and_newer_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = open(&path, 1).unwrap();
    ring.pin(key(5), "Kim's phone", date()).unwrap();
    let good = fs::read(&path).unwrap();
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 4;
        fs::write(&path, &bad).unwrap();
        assert_eq!(open(&path, 2).err().expect("refused").code(), ErrorCode::LinkKeyStore, "byte {place}");
    }
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        assert!(open(&path, 2).is_err(), "{length} bytes");
    }
    let mut newer = good.clone();
    newer[3] = 2;
    fs::write(&path, &newer).unwrap();
    refused(&path, "newer release");
    fs::write(&path, vec![0; 100_000]).unwrap();
    refused(&path, "too large");
}

#[test]
fn a_leftover_of_a_killed_process_is_replaced_and_a_link_there_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("keys"), folder.path().join("other"));
    fs::write(&other, "mine").unwrap();
    symlink(&other, folder.path().join("keys.new")).unwrap();
    open(&path, 1).unwrap();
    assert_eq!(fs::read(&other).unwrap(), b"mine");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// Fails as a full disk does.
struct Full(MemoryKeys);

impl KeyStore for Full {
    fn load(&self) -> Result<Option<Vec<u8>>, PacelineError> {
        self.0.load()
    }

    fn save(&self, secret: &[u8]) -> Result<(), PacelineError> {
        if self.0.load()?.is_some() {
            return Err(PacelineError::new(ErrorCode::LinkKeyStore, "full"));
        }
        self.0.save(secret)
    }
}

#[test]
fn what_cannot_be_saved_does_not_count() {
    let mut ring = KeyRing::open(Arc::new(Full(MemoryKeys::default())), &Seed::new([1; 32])).unwrap();
    assert!(ring.pin(key(5), "Kim's phone", date()).is_err());
    assert!(!ring.knows(&key(5)));
    let error = open(Path::new("/there/is/no/such/folder/keys"), 1).err().expect("it cannot be saved");
    assert_eq!(error.code(), ErrorCode::LinkKeyStore);
}
