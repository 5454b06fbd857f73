//! Calling cargo.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    // Cargo tells where the checkout is when it runs this; what was compiled in may be another one's.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let here = here.as_path();
    here.parent().unwrap_or(here).to_owned()
}

/// Cargo, at the root of the checkout: the one that runs us, so that every step uses one toolchain.
pub(crate) fn command() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command that prints for itself.
///
/// # Errors
/// A sentence that names the command.
pub(crate) fn run(mut command: Command) -> Result<(), String> {
    let line = line_of(&command);
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` ended with {status}")),
        Err(error) => Err(format!("`{line}` cannot be run: {error}")),
    }
}

/// Runs a command that prints for itself, and shows every line of it to `watch` as well.
///
/// # Errors
/// A sentence that names the command.
pub(crate) fn run_watched(mut command: Command, watch: &mut dyn FnMut(&str)) -> Result<(), String> {
    let line = line_of(&command);
    println!("$ {line}");
    let failed = |error: std::io::Error| format!("`{line}` cannot be run: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(output) = child.stdout.take() {
        // A test may print anything: bytes that are no text must not stop us from reading on.
        for bytes in BufReader::new(output).split(b'\n') {
            let text = String::from_utf8_lossy(&bytes.map_err(failed)?).into_owned();
            println!("{text}");
            watch(&text);
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` ended with {status}")),
        Err(error) => Err(failed(error)),
    }
}

/// Runs a command and returns what it printed.
///
/// # Errors
/// A sentence that names the command; what it printed to stderr has gone through.
pub(crate) fn output_of(mut command: Command) -> Result<String, String> {
    let line = line_of(&command);
    println!("$ {line}");
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("`{line}` ended with {}", output.status)),
        Err(error) => Err(format!("`{line}` cannot be run: {error}")),
    }
}

/// Whether a component of the toolchain is there: it answers when it is asked for its version.
pub(crate) fn has(subcommand: &str) -> bool {
    let mut command = command();
    command.args([subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A command as a person would type it.
fn line_of(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once("cargo".into()).chain(arguments).collect::<Vec<_>>().join(" ")
}
