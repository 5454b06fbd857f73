//! The tests of the Swift package.

use super::Trouble;
use crate::native::{Native, Profile};
use crate::toolchain::swift::Swift;
use crate::{cargo, process};
use std::path::Path;
use std::process::Command;

pub(crate) fn test() -> Result<(), Trouble> {
    let package = Package::ready()?;
    Ok(process::run(package.command(&[], &["sh", "swift-package/test.sh"]))?)
}

/// The Swift package with the native library and its generated code.
pub(super) struct Package {
    swift: Swift,
    native: Native,
}

impl Package {
    pub(super) fn ready() -> Result<Self, Trouble> {
        let swift = Swift::ready().map_err(Trouble::missing)?;
        let native = Native::build(Profile::Dev)?;
        native.generate_swift()?;
        Ok(Self { swift, native })
    }

    /// A command at the root of the checkout, which it sees, as it does these other folders.
    pub(super) fn command(&self, shown: &[&Path], program: &[&str]) -> Command {
        let root = cargo::root();
        let mut folders = vec![root.as_path(), self.native.folder.as_path()];
        folders.extend(shown);
        self.swift.command(&root, &folders, &[("PACELINE_LIB_DIR", self.native.folder.clone())], program)
    }
}
