//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// What a command printed, when it went well. Asks without a word: nothing of it is shown.
pub(crate) fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program lies on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    find_in(program, &std::env::var_os("PATH")?)
}

fn find_in(program: &str, path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}

/// A command as a person would type it.
fn line_of(command: &Command) -> String {
    // Whoever runs us names cargo by its whole path; nobody types that.
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
    // A whole script is no line.
    let arguments = command.get_args().map(|argument| match argument.to_string_lossy() {
        script if script.contains('\n') => "…".into(),
        word => word,
    });
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_and_only_there() {
        let here = std::env::current_exe().unwrap();
        let folder = here.parent().unwrap().as_os_str();
        let name = here.file_name().unwrap().to_str().unwrap();
        assert_eq!(find_in(name, folder), Some(here.clone()));
        assert_eq!(find_in(name, OsStr::new("/nonexistent")), None);
        assert_eq!(find_in("no-such-program", folder), None);
    }

    #[test]
    fn a_line_names_the_program_without_its_folder() {
        let mut command = Command::new("/usr/bin/env");
        command.args(["-i", "sh", "-c", "true\nfalse"]);
        assert_eq!(line_of(&command), "env -i sh -c …");
    }

    #[test]
    fn a_command_that_fails_is_named() {
        let mut command = Command::new("sh");
        command.args(["-c", "exit 3"]);
        let error = run(command).unwrap_err();
        assert!(error.starts_with("`sh -c exit 3` ended with"), "{error}");
        assert_eq!(ask("no-such-program", &[]), None);
    }
}
