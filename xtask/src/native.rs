//! The one native library, and the code that is generated from it.

use crate::{cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How the library is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build; what the tests use.
    Dev,
    /// What is shipped.
    Release,
}

/// A built library.
#[derive(Debug)]
pub(crate) struct Native {
    /// Holds `libpaceline.so` or `libpaceline.dylib`, and `libpaceline.a`.
    pub(crate) folder: PathBuf,
}

#[cfg(target_os = "macos")]
const SHARED: (&str, &str) = ("libpaceline_bundle.dylib", "libpaceline.dylib");
#[cfg(not(target_os = "macos"))]
const SHARED: (&str, &str) = ("libpaceline_bundle.so", "libpaceline.so");
const ARCHIVE: (&str, &str) = ("libpaceline_bundle.a", "libpaceline.a");

impl Native {
    /// Builds the library, shared and static, and gives both their names.
    ///
    /// # Errors
    /// A sentence about what failed.
    pub(crate) fn build(profile: Profile) -> Result<Self, String> {
        let mut command = cargo::command();
        command.args(["build", "--package", "paceline-bundle"]);
        if profile == Profile::Release {
            command.arg("--release");
        }
        process::run(command)?;
        let folder = cargo::target_folder()?.join(match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        });
        for (built, named) in [SHARED, ARCHIVE] {
            put(&folder.join(built), &folder.join(named))?;
        }
        Ok(Self { folder })
    }

    pub(crate) fn shared(&self) -> PathBuf {
        self.folder.join(SHARED.1)
    }

    /// Writes the Swift code into the Swift package.
    ///
    /// # Errors
    /// A sentence about what failed.
    pub(crate) fn generate_swift(&self) -> Result<(), String> {
        self.generate(&cargo::root().join("swift-package"), Path::new("-"))
    }

    /// Writes the Kotlin code into a folder that is not committed, and returns the folder.
    ///
    /// # Errors
    /// A sentence about what failed.
    pub(crate) fn generate_kotlin(&self) -> Result<PathBuf, String> {
        let sources = cargo::root().join("bindings/kotlin/target/generated");
        self.generate(Path::new("-"), &sources)?;
        Ok(sources)
    }

    fn generate(&self, swift: &Path, kotlin: &Path) -> Result<(), String> {
        let mut command = Command::new("sh");
        command.arg(cargo::root().join("bindings/generate.sh")).arg(self.shared()).arg(swift).arg(kotlin);
        process::run(command)
    }
}

/// Copies a file, unless the copy is there already: what depends on it would be built anew.
fn put(from: &Path, to: &Path) -> Result<(), String> {
    let stamp = |path: &Path| path.metadata().and_then(|data| Ok((data.len(), data.modified()?)));
    let failed = |error: std::io::Error| format!("{} cannot be copied: {error}", from.display());
    let original = stamp(from).map_err(failed)?;
    if stamp(to).is_ok_and(|copy| copy == original) {
        return Ok(());
    }
    // Not over the old one: a program that runs with it would crash.
    let _ = std::fs::remove_file(to);
    std::fs::copy(from, to).map_err(failed)?;
    let copy = std::fs::File::options().write(true).open(to).map_err(failed)?;
    copy.set_modified(original.1).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_made_anew_only_when_the_original_has_changed() {
        let folder = std::env::temp_dir().join(format!("xtask-put-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("from"), folder.join("to"));
        std::fs::write(&from, "one").unwrap();
        put(&from, &to).unwrap();
        let first = to.metadata().unwrap().modified().unwrap();
        put(&from, &to).unwrap();
        assert_eq!(to.metadata().unwrap().modified().unwrap(), first);
        std::fs::write(&from, "three").unwrap();
        put(&from, &to).unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "three");
        assert!(put(&folder.join("nothing"), &to).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
