//! The steps of `cargo xtask test`, in order.

use crate::cargo;
use crate::dependencies;
use crate::floors;
use crate::languages::{c, kotlin, shared_store, swift};
use crate::options::TestOptions;
use crate::process;
use crate::report::{Ignored, Outcome, Report};
use crate::signposts;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// One thing that is checked.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Notes the tests that were ignored.
    run: fn(&mut Vec<Ignored>) -> Outcome,
}

/// Every step. To add one, add its row.
pub(crate) const ALL: &[Step] = &[
    Step { name: "format", about: "every file is formatted by rustfmt", run: format },
    Step { name: "lints", about: "clippy finds nothing in any target", run: lints },
    Step { name: "tests", about: "unit, property, integration and doc tests of all crates", run: tests },
    Step { name: "header", about: "include/paceline.h is what its sources make", run: header },
    Step { name: "c", about: "the tests in C and C++, watched by sanitizers and Valgrind", run: c },
    Step { name: "swift", about: "the tests of the Swift package", run: swift },
    Step { name: "kotlin", about: "the tests of the Kotlin layer", run: kotlin },
    Step {
        name: "shared-store",
        about: "each language records into one store file, and reads what all recorded",
        run: shared_store,
    },
    Step { name: "recordings", about: "recordings of real devices, replayed and counted", run: recordings },
    Step { name: "docs", about: "the documentation builds without a warning", run: docs },
    Step {
        name: "floors",
        about: "no floor of the engine knows one above it, nothing names one platform",
        run: floors,
    },
    Step { name: "signposts", about: "every file that the papers name is there", run: signposts },
    Step {
        name: "dependencies",
        about: "nothing that is kept out comes in, every licence is allowed",
        run: dependencies,
    },
];

/// Runs the steps that are asked for. One that fails does not keep the others from telling what they find.
pub(crate) fn run(options: &TestOptions) -> Report {
    let mut report = Report::default();
    for step in ALL.iter().filter(|step| options.includes(step.name)) {
        println!("\n== {}: {}", step.name, step.about);
        let begun = Instant::now();
        let outcome = (step.run)(report.ignored());
        println!("== {}: {}", step.name, outcome.word());
        report.add(step.name, outcome, begun.elapsed());
    }
    report
}

fn format(_: &mut Vec<Ignored>) -> Outcome {
    if !cargo::has("fmt") {
        return missing("rustfmt");
    }
    let mut command = cargo::command();
    command.args(["fmt", "--all", "--check"]);
    Outcome::of(process::run(command))
}

fn lints(_: &mut Vec<Ignored>) -> Outcome {
    if !cargo::has("clippy") {
        return missing("clippy");
    }
    let mut command = cargo::command();
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    Outcome::of(process::run(command))
}

fn missing(component: &str) -> Outcome {
    Outcome::Skipped(format!("this toolchain has no {component}; `rustup component add {component}` adds it"))
}

/// The package of tests that no single crate owns; its `recordings` are a step of their own.
const TESTS: &str = "paceline-tests";

fn tests(ignored: &mut Vec<Ignored>) -> Outcome {
    let mut others = cargo::command();
    others.args(["test", "--workspace", "--no-fail-fast", "--exclude", TESTS]);

    let mut own = cargo::command();
    own.args(["test", "--package", TESTS, "--no-fail-fast", "--lib", "--bins"]);
    for target in test_targets(&tests_folder()) {
        own.args(["--test", &target]);
    }

    // Cargo takes doc tests only by themselves.
    let mut examples = cargo::command();
    examples.args(["test", "--package", TESTS, "--doc"]);

    let results = [others, own, examples].map(|command| run_tests(command, ignored));
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    if failures.is_empty() { Outcome::Passed } else { Outcome::Failed(failures.join("; ")) }
}

fn header(_: &mut Vec<Ignored>) -> Outcome {
    c::header().into()
}

fn c(_: &mut Vec<Ignored>) -> Outcome {
    c::test().into()
}

fn swift(_: &mut Vec<Ignored>) -> Outcome {
    swift::test().into()
}

fn kotlin(_: &mut Vec<Ignored>) -> Outcome {
    kotlin::test().into()
}

fn shared_store(_: &mut Vec<Ignored>) -> Outcome {
    shared_store::test().into()
}

fn tests_folder() -> PathBuf {
    cargo::root().join("tests/tests")
}

/// The integration tests in this folder without the recordings, by name: files, and folders with a `main.rs`.
fn test_targets(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension() == Some(OsStr::new("rs")) || path.join("main.rs").is_file())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| name != "recordings")
        .collect();
    names.sort();
    names
}

fn recordings(ignored: &mut Vec<Ignored>) -> Outcome {
    if !tests_folder().join("recordings.rs").is_file() {
        return Outcome::Skipped("there is no tests/tests/recordings.rs".to_owned());
    }
    if let Err(why) = recordings_folder() {
        return Outcome::Skipped(why);
    }
    // Its tables of counts are meant to be seen, and a debug build takes minutes for them.
    let mut command = cargo::command();
    command.args(["test", "--release", "--package", TESTS, "--test", "recordings", "--", "--nocapture"]);
    Outcome::of(run_tests(command, ignored))
}

fn run_tests(command: Command, ignored: &mut Vec<Ignored>) -> Result<(), String> {
    process::run_watched(command, &mut |line| ignored.extend(Ignored::of(line)))
}

/// Where the recordings lie; the same rule as in the tests that read them.
fn recordings_folder() -> Result<PathBuf, String> {
    let folder =
        std::env::var_os("PACELINE_DATA").map_or_else(|| cargo::root().join("../shared/data"), PathBuf::from);
    if folder.join("MANIFEST.csv").is_file() {
        return Ok(folder);
    }
    Err(format!(
        "there are no recordings at {}, so no test read one; PACELINE_DATA can name their folder",
        folder.display()
    ))
}

fn docs(_: &mut Vec<Ignored>) -> Outcome {
    let mut command = cargo::command();
    command.args(["doc", "--workspace", "--no-deps", "--lib"]).env("RUSTDOCFLAGS", "-D warnings");
    Outcome::of(process::run(command))
}

fn floors(_: &mut Vec<Ignored>) -> Outcome {
    let root = cargo::root();
    Outcome::of(floors::check(&root.join("core/src")).and_then(|()| floors::check_borders(&root)))
}

fn signposts(_: &mut Vec<Ignored>) -> Outcome {
    Outcome::of(signposts::check(&cargo::root()))
}

fn dependencies(_: &mut Vec<Ignored>) -> Outcome {
    Outcome::of(dependencies::check())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_steps_are_unique() {
        for (index, step) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.name != step.name), "{}", step.name);
        }
    }

    #[test]
    fn no_integration_test_is_forgotten_and_recordings_are_left_out() {
        let folder = std::env::temp_dir().join(format!("xtask-targets-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("crash")).unwrap();
        std::fs::create_dir_all(folder.join("support")).unwrap();
        for file in ["recordings.rs", "story.rs", "crash/main.rs", "support/mod.rs", "notes.txt"] {
            std::fs::write(folder.join(file), "").unwrap();
        }
        let found = test_targets(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, ["crash", "story"]);
    }
}
