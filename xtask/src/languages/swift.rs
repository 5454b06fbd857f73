//! The tests of the Swift package.

use super::Trouble;
use crate::native::{Native, Profile};
use crate::toolchain::swift::Swift;
use crate::{cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn test() -> Result<(), Trouble> {
    let package = Package::ready()?;
    Ok(process::run(package.command(&[], &["sh", "swift-package/test.sh"]))?)
}

/// The Swift package with the native library and its generated code.
pub(super) struct Package {
    swift: Swift,
    /// The folder of the library.
    library: PathBuf,
}

impl Package {
    pub(super) fn ready() -> Result<Self, Trouble> {
        Self::with(&Native::build(Profile::Dev)?)
    }

    pub(super) fn with(native: &Native) -> Result<Self, Trouble> {
        let swift = Swift::ready().map_err(Trouble::missing)?;
        native.generate_swift()?;
        Ok(Self { swift, library: native.folder.clone() })
    }

    /// Builds a program of the package, optimized.
    pub(super) fn build_release(&self, program: &str) -> Result<(), Trouble> {
        let words =
            ["swift", "build", "--package-path", "swift-package", "-c", "release", "--product", program];
        Ok(process::run(self.command(&[], &words))?)
    }

    /// A command at the root of the checkout, which it sees, as it does these other folders.
    pub(super) fn command(&self, shown: &[&Path], program: &[&str]) -> Command {
        let root = cargo::root();
        let mut folders = vec![root.as_path(), self.library.as_path()];
        folders.extend(shown);
        self.swift.command(&root, &folders, &[("PACELINE_LIB_DIR", self.library.clone())], program)
    }
}
