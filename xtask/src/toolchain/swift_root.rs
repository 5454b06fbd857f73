//! A small Debian 13 beside the system: older releases have no Swift.

use super::{cache, debian, mounts, tools};
use crate::process;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const RELEASE: &str = "trixie";

/// The compiler, what it links with, and what its package manager calls.
const PACKAGES: &str = "ca-certificates,swiftlang,libc6-dev,libstdc++-14-dev,git";

/// A root in which Swift runs.
#[derive(Debug)]
pub(super) struct SwiftRoot {
    folder: PathBuf,
}

impl SwiftRoot {
    /// Whether an earlier run made one.
    pub(super) fn is_kept() -> bool {
        cache::folder().is_ok_and(|cache| cache.join("swift-root").is_dir())
    }

    /// The root that is kept in the cache folder; makes it when there is none, which takes minutes.
    ///
    /// # Errors
    /// A sentence about what stands in the way.
    pub(super) fn ready() -> Result<Self, String> {
        let cache = cache::folder()?;
        let root = Self { folder: cache.join("swift-root") };
        fs::create_dir_all(&cache).map_err(|error| format!("{} cannot be made: {error}", cache.display()))?;
        // Two runs would make the same root. The lock goes with the process, so nobody waits for one that was killed.
        let lock = File::create(cache.join("swift-root.lock")).and_then(|file| file.lock().map(|()| file));
        let _lock = lock.map_err(|error| format!("{} cannot be locked: {error}", cache.display()))?;
        if !root.folder.is_dir() {
            root.make()?;
        }
        root.check()?;
        Ok(root)
    }

    /// Makes the root under another name and gives it its own when it is complete, so that what an interrupted run left
    /// is never used.
    fn make(&self) -> Result<(), String> {
        tools::need(&[&tools::DEBOOTSTRAP])?;
        let unfinished = Self { folder: self.folder.with_extension("part") };
        if unfinished.folder.exists() {
            println!("an unfinished root of an earlier run is removed: {}", unfinished.folder.display());
            mounts::remove(&unfinished.folder)?;
        }
        println!("Swift is installed into a Debian 13 in {} (once, 3 GB)", self.folder.display());
        let mut command = mounts::alone();
        command.args(["debootstrap", "--variant=minbase"]).arg(format!("--include={PACKAGES}"));
        command.arg(RELEASE).arg(&unfinished.folder).args(debian::mirror());
        process::run(command)?;
        // What was fetched is installed; nobody needs the packages any more.
        let mut command = unfinished.command(Path::new("/"), &[]);
        command.args(["apt-get", "clean"]);
        process::run(command)?;
        unfinished.check()?;
        fs::rename(&unfinished.folder, &self.folder)
            .map_err(|error| format!("{} cannot be renamed: {error}", unfinished.folder.display()))
    }

    /// Runs something that tells whether the root is as it should be.
    fn check(&self) -> Result<(), String> {
        let mut command = self.command(Path::new("/"), &[]);
        command.args(["swift", "--version"]).stdin(Stdio::null()).stderr(Stdio::piped());
        let output = command.output().map_err(|error| format!("`unshare` cannot be run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if output.status.success() && text.contains("Swift version") {
            println!("{}", text.lines().next().unwrap_or_default());
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "Swift does not run in {}: {}. Either this machine allows no mounts, or the folder is broken: then remove it",
            self.folder.display(),
            errors.lines().last().unwrap_or("it says nothing")
        ))
    }

    /// A command in this root; see [`mounts::command`].
    pub(super) fn command(&self, start: &Path, shown: &[&Path]) -> Command {
        mounts::command(&self.folder, start, shown)
    }
}
