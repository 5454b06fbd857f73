//! One store file, four languages: each records a workout into it, and each reads the workouts of all.

use super::swift::Package;
use super::{Trouble, c, kotlin};
use crate::native::{Native, Profile};
use crate::{cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn test() -> Result<(), Trouble> {
    let folder = cargo::target_folder()?.join("shared-store");
    // What an earlier run recorded would be read again.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    let store = folder.join("shared.sqlite");

    let (mut languages, mut missing) = (Vec::new(), Vec::new());
    for (name, speaker) in [
        ("Rust", Ok(Speaker::Rust)),
        ("C", Speaker::c(&folder)),
        ("Swift", Speaker::swift(&folder)),
        ("Kotlin", Speaker::kotlin()),
    ] {
        match speaker {
            Ok(speaker) => languages.push((name, speaker)),
            Err(Trouble::Missing(why)) => missing.push(format!("{name}: {why}")),
            Err(failed) => return Err(failed),
        }
    }
    for (_, speaker) in &languages {
        process::run(speaker.told("record", &store))?;
    }
    let mut first: Option<(&str, String)> = None;
    for (name, speaker) in &languages {
        let read = process::output_of(speaker.told("read", &store))?;
        print!("{read}");
        match &first {
            None => first = Some((name, checked(&read, languages.iter().map(|(name, _)| *name))?)),
            Some((other, lines)) if *lines != read => {
                return Err(Trouble::failed(format!("{name} reads something else than {other}")));
            }
            Some(_) => {}
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let agree: Vec<_> = languages.iter().map(|(name, _)| *name).collect();
    Err(Trouble::missing(format!("{}; {} agree", missing.join("; "), agree.join(" and "))))
}

/// What was read, when it holds one workout of each of these languages.
fn checked<'a>(read: &str, languages: impl Iterator<Item = &'a str>) -> Result<String, Trouble> {
    let mut count = 0;
    for language in languages {
        let recorder = format!("recorder={}", language.to_lowercase());
        let found = read.lines().filter(|line| line.split(' ').any(|word| word == recorder)).count();
        if found != 1 {
            return Err(Trouble::failed(format!(
                "{found} workouts that {language} recorded were read, not 1"
            )));
        }
        count += 1;
    }
    match read.lines().count() {
        lines if lines == count => Ok(read.to_owned()),
        lines => Err(Trouble::failed(format!("{lines} workouts were read, not {count}"))),
    }
}

/// A program that records into a store or reads one.
enum Speaker {
    Rust,
    /// The program.
    C(PathBuf),
    /// The package, and the folder of the store.
    Swift(Package, PathBuf),
    /// The class path.
    Kotlin(PathBuf),
}

impl Speaker {
    fn c(folder: &Path) -> Result<Self, Trouble> {
        let native = Native::build(Profile::Dev)?;
        Ok(Self::C(c::shared_store(&native, folder)?))
    }

    fn swift(folder: &Path) -> Result<Self, Trouble> {
        let package = Package::ready()?;
        process::run(package.command(&[], &["swift", "build", "--package-path", "swift-package"]))?;
        Ok(Self::Swift(package, folder.to_owned()))
    }

    fn kotlin() -> Result<Self, Trouble> {
        Ok(Self::Kotlin(kotlin::shared_store()?))
    }

    /// The program, told to record into a store or to read it.
    fn told(&self, what: &str, store: &Path) -> Command {
        let store = store.display().to_string();
        let arguments = [what, store.as_str()];
        match self {
            Self::Rust => {
                let mut command = cargo::command();
                command.args(["run", "--quiet", "--package", "paceline", "--example", "shared_store", "--"]);
                command.args(arguments);
                command
            }
            Self::C(program) => {
                let mut command = Command::new(program);
                command.args(arguments);
                command
            }
            Self::Swift(package, folder) => {
                let program = [
                    "swift",
                    "run",
                    "--quiet",
                    "--skip-build",
                    "--package-path",
                    "swift-package",
                    "SharedStore",
                ];
                package.command(&[folder], &[&program[..], &arguments].concat())
            }
            Self::Kotlin(class_path) => {
                let mut command = kotlin::java(class_path, "dev.paceline.examples.SharedStore");
                command.args(arguments);
                command
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_read_once_and_nobody_else() {
        let read = "running recorder=rust\nrunning recorder=c\n";
        let of = |read: &str, languages: &[&str]| checked(read, languages.iter().copied()).is_ok();
        assert!(of(read, &["Rust", "C"]));
        assert!(!of(read, &["Rust", "C", "Swift"]));
        assert!(!of(read, &["Rust"]));
        assert!(!of("running recorder=rust\nrunning recorder=rust\n", &["Rust", "C"]));
        assert!(!of("", &["Rust"]));
    }
}
