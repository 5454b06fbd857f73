//! How large the library is that an app ships.

use crate::{cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Prints the size of the shared library, stripped, with SQLite inside and with the system's.
///
/// # Errors
/// A sentence about what failed.
pub(crate) fn print() -> Result<(), String> {
    let with = stripped("with", &[])?;
    println!("The native library, stripped");
    println!("  with SQLite inside      {:>6} KiB", with / 1024);
    match stripped("without", &["--no-default-features"]) {
        Ok(without) => {
            println!("  with the system's       {:>6} KiB", without / 1024);
            println!("  SQLite's part of it     {:>6.0} %", 100.0 * (with - without) as f64 / with as f64);
        }
        Err(why) => {
            println!(
                "  with the system's       not measured: {why}; it needs the system's SQLite for developers"
            );
        }
    }
    println!();
    Ok(())
}

/// Builds the library with these features in a folder of its own, and returns its size in bytes without symbols.
fn stripped(name: &str, features: &[&str]) -> Result<u64, String> {
    let folder = cargo::target_folder()?.join("size").join(name);
    let mut command = cargo::command();
    command.args(["build", "--release", "--quiet", "--package", "paceline-bundle"]).args(features);
    command.arg("--target-dir").arg(&folder);
    process::run(command)?;
    let library = library_in(&folder.join("release"))?;
    let bare = folder.join("bare");
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(&bare).arg(&library);
    process::run(strip)?;
    std::fs::metadata(&bare).map(|file| file.len()).map_err(|error| format!("{}: {error}", bare.display()))
}

fn library_in(folder: &Path) -> Result<PathBuf, String> {
    ["so", "dylib"]
        .iter()
        .map(|ending| folder.join(format!("libpaceline_bundle.{ending}")))
        .find(|path| path.is_file())
        .ok_or_else(|| format!("there is no shared library in {}", folder.display()))
}
