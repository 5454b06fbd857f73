//! Swift: the one on the PATH, else one that is installed beside the system.

use super::debian;
use super::swift_root::SwiftRoot;
use crate::process;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Swift that runs.
#[derive(Debug)]
pub(crate) struct Swift {
    /// Nothing: the one on the PATH.
    root: Option<SwiftRoot>,
}

impl Swift {
    /// Finds Swift or installs it.
    ///
    /// # Errors
    /// A sentence about what is missing and what to do: the reason of a step to be skipped.
    pub(crate) fn ready() -> Result<Self, String> {
        // OpenStack has a program of this name, too.
        if process::ask("swift", &["--version"]).is_some_and(|text| text.contains("Swift version")) {
            return Ok(Self { root: None });
        }
        if !debian::is_ours() {
            return Err("`swift` is not on the PATH; install Swift 6 or newer from swift.org (on Debian, as root, this \
                        installs it by itself)"
                .to_owned());
        }
        if !SwiftRoot::is_kept() && debian::offers("swiftlang") {
            debian::install(&["swiftlang", "libc6-dev", "libstdc++-14-dev", "git"])?;
            return Ok(Self { root: None });
        }
        Ok(Self { root: Some(SwiftRoot::ready()?) })
    }

    /// A command that finds `swift` on its PATH and these folders where they are. In a root of its own it gets no variables
    /// but these.
    pub(crate) fn command(
        &self,
        start: &Path,
        shown: &[&Path],
        variables: &[(&str, PathBuf)],
        program: &[&str],
    ) -> Command {
        let Some(root) = &self.root else {
            let mut command = Command::new(program[0]);
            command.args(&program[1..]).current_dir(start);
            command.envs(variables.iter().map(|(name, value)| (name, value)));
            return command;
        };
        let mut command = root.command(start, shown);
        command
            .args(variables.iter().map(|(name, value)| format!("{name}={}", value.display())))
            .args(program);
        command
    }
}
