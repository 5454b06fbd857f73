//! The tests of the Kotlin layer, with Maven.

use super::Trouble;
use crate::native::{Native, Profile};
use crate::toolchain::{self, JDK, MAVEN};
use crate::{cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn test() -> Result<(), Trouble> {
    let mut counts = Counts::default();
    process::run_watched(maven(&Native::build(Profile::Dev)?, &["verify"])?, &mut |line| counts.add(line))?;
    counts.judge()
}

/// Maven with this native library and the generated code, doing these things.
fn maven(native: &Native, goals: &[&str]) -> Result<Command, Trouble> {
    toolchain::need(&[&JDK, &MAVEN]).map_err(Trouble::missing)?;
    let sources = native.generate_kotlin()?;
    let mut command = Command::new("mvn");
    command.args(["--batch-mode", "--no-transfer-progress", "--file"]).arg(folder().join("pom.xml"));
    command.arg(property("paceline.native", &native.folder)).arg(property("paceline.generated", &sources));
    command.args(goals);
    Ok(command)
}

/// Builds the program that shares a store with the other languages, and returns its class path.
pub(super) fn shared_store() -> Result<PathBuf, Trouble> {
    built(&Native::build(Profile::Dev)?)
}

/// A program of this class path.
pub(super) fn java(class_path: &Path, program: &str) -> Command {
    let mut command = Command::new("java");
    // Cargo names its own folder there, and the library in it would come before the one in the jar.
    command.env_remove("LD_LIBRARY_PATH").env_remove("DYLD_FALLBACK_LIBRARY_PATH");
    command.arg("-cp").arg(class_path).arg(program);
    command
}

/// Builds the program that measures the border.
pub(super) fn border(native: &Native) -> Result<Command, Trouble> {
    Ok(java(&built(native)?, "dev.paceline.benchmarks.Border"))
}

/// Builds everything, and returns the class path of its programs.
fn built(native: &Native) -> Result<PathBuf, Trouble> {
    process::run(maven(native, &["verify", "--quiet", "-DskipTests"])?)?;
    let tests = folder().join("paceline-tests/target");
    std::env::join_paths([tests.join("test-classes"), tests.join("lib/*")])
        .map(PathBuf::from)
        .map_err(|error| Trouble::failed(error.to_string()))
}

fn folder() -> PathBuf {
    cargo::root().join("bindings/kotlin")
}

fn property(name: &str, value: &Path) -> String {
    format!("-D{name}={}", value.display())
}

/// What Surefire says about the tests of all modules.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    run: u32,
    skipped: u32,
}

impl Counts {
    /// Reads the summary of a module: `[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1`. The lines of single
    /// classes go on with the time they took.
    fn add(&mut self, line: &str) {
        let Some((_, rest)) = line.split_once("Tests run: ") else { return };
        if rest.contains("Time elapsed") {
            return;
        }
        let number = |text: &str| text.trim().parse::<u32>().unwrap_or(0);
        self.run += rest.split_once(',').map_or(0, |(count, _)| number(count));
        self.skipped += rest.split_once("Skipped: ").map_or(0, |(_, count)| number(count));
    }

    /// Surefire is content when it finds no test at all; we are not.
    fn judge(&self) -> Result<(), Trouble> {
        match (self.run, self.skipped) {
            (0, _) => Err(Trouble::failed("no test in Kotlin was run")),
            (run, 0) => {
                println!("{run} tests in Kotlin");
                Ok(())
            }
            (_, skipped) => Err(Trouble::failed(format!("{skipped} tests in Kotlin were skipped"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        for line in lines {
            counts.add(line);
        }
        counts
    }

    #[test]
    fn tests_are_counted_once_over_all_modules() {
        let counts = counted(&[
            "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in dev.paceline.A",
            "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in dev.paceline.B",
            "[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 1",
            "[WARNING] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0",
            "[INFO] BUILD SUCCESS",
        ]);
        assert_eq!(counts, Counts { run: 9, skipped: 1 });
    }

    #[test]
    fn no_tests_and_skipped_tests_do_not_pass() {
        assert!(matches!(counted(&["[INFO] BUILD SUCCESS"]).judge(), Err(Trouble::Failed(_))));
        assert!(matches!(Counts { run: 9, skipped: 1 }.judge(), Err(Trouble::Failed(_))));
        assert!(Counts { run: 9, skipped: 0 }.judge().is_ok());
    }
}
