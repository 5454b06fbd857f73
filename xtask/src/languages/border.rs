//! The programs that measure what a border costs, one for each language, built for `cargo xtask bench`.

use super::swift::Package;
use super::{Trouble, c, kotlin};
use crate::cargo;
use crate::native::{Native, Profile};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the programs. Each comes with the variable by which the benchmark finds it; what could not be built is told, and
/// then not measured.
///
/// # Errors
/// A sentence about what failed, not about what is missing.
pub(crate) fn programs() -> Result<Vec<(&'static str, PathBuf)>, String> {
    let native = Native::build(Profile::Release)?;
    let folder = cargo::target_folder()?.join("border");
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    let built = [
        ("PACELINE_BORDER_C", c::border(&native, &folder)),
        ("PACELINE_BORDER_SWIFT", swift(&native)),
        ("PACELINE_BORDER_KOTLIN", kotlin::border(&native)),
    ];
    let mut programs = Vec::new();
    for (variable, command) in built {
        match command {
            Ok(command) => {
                programs.push((variable, script(&folder.join(variable.to_lowercase()), &command)?));
            }
            Err(Trouble::Missing(why)) => println!("{variable} is not set: {why}"),
            Err(Trouble::Failed(what)) => return Err(what),
        }
    }
    Ok(programs)
}

fn swift(native: &Native) -> Result<Command, Trouble> {
    let package = Package::with(native)?;
    package.build_release("Border")?;
    Ok(package.command(
        &[],
        &[
            "sh",
            "-c",
            "exec \"$(swift build --package-path swift-package -c release --show-bin-path)/Border\"",
        ],
    ))
}

/// A command as a script, since the benchmark takes one word.
fn script(path: &Path, command: &Command) -> Result<PathBuf, String> {
    let folder = command.get_current_dir().map_or_else(cargo::root, Path::to_owned);
    let set = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), value?.to_string_lossy())));
    let said = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> =
        set.chain(said.map(|word| word.to_string_lossy().into_owned())).map(|word| quoted(&word)).collect();
    let place = quoted(&folder.to_string_lossy());
    let text = format!("#!/bin/sh\ncd {place} || exit 1\nexec env {}\n", words.join(" "));
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    std::fs::write(path, text).map_err(failed)?;
    make_executable(path).map_err(failed)?;
    Ok(path.to_owned())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A word as the shell reads it back.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_the_command_says() {
        let path = std::env::temp_dir().join(format!("xtask-script-{}", std::process::id()));
        let mut command = Command::new("printf");
        command.args(["%s|", "it's", "two words", "$HOME", "a\nb"]).env("UNUSED", "a b").current_dir("/");
        let script = script(&path, &command).unwrap();
        let output = Command::new(&script).output().unwrap();
        std::fs::remove_file(script).unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "it's|two words|$HOME|a\nb|");
    }
}
