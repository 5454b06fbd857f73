//! The tests in C and C++, and the header.

use super::Trouble;
use crate::native::{Native, Profile};
use crate::toolchain::{self, C, CMAKE, CPP, MAKE, PKG_CONFIG, VALGRIND};
use crate::{cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether the header that is committed is the one that its sources make.
pub(crate) fn header() -> Result<(), Trouble> {
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--package", "paceline-header", "--", "--verify"]);
    Ok(process::run(command)?)
}

pub(crate) fn test() -> Result<(), Trouble> {
    toolchain::need(&[&C, &CPP]).map_err(Trouble::missing)?;
    // Without these, most can be tested all the same.
    let all = toolchain::need(&[&CMAKE, &MAKE, &PKG_CONFIG, &VALGRIND]);
    let native = Native::build(Profile::Dev)?;
    let mut command = Command::new("sh");
    command.arg(cargo::root().join("bindings/c/test.sh")).env("PACELINE_LIB_DIR", &native.folder);
    process::run(command)?;
    all.map_err(|why| Trouble::missing(format!("a part could not be tested: {why}")))
}

/// Builds the program that shares a store with the other languages, and returns it.
pub(super) fn shared_store(native: &Native, folder: &Path) -> Result<PathBuf, Trouble> {
    compile("tests/shared_store.c", native, folder)
}

/// Builds the program that measures the border.
pub(super) fn border(native: &Native, folder: &Path) -> Result<Command, Trouble> {
    Ok(Command::new(compile("benches/border.c", native, folder)?))
}

/// Builds a program of one file.
fn compile(source: &str, native: &Native, folder: &Path) -> Result<PathBuf, Trouble> {
    toolchain::need(&[&C]).map_err(Trouble::missing)?;
    let source = cargo::root().join("bindings/c").join(source);
    let program = folder.join(source.file_stem().unwrap_or_default());
    let mut command = Command::new("cc");
    command
        .args(["-std=c99", "-O2", "-I"])
        .arg(cargo::root().join("include"))
        .arg(source)
        .arg("-o")
        .arg(&program);
    command.arg("-L").arg(&native.folder).args(["-lpaceline", "-lm"]);
    command.arg(format!("-Wl,-rpath,{}", native.folder.display()));
    process::run(command)?;
    Ok(program)
}
