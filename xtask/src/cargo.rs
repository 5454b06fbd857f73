//! Calling cargo.

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

/// Whether a component of the toolchain is there: it answers when it is asked for its version.
pub(crate) fn has(subcommand: &str) -> bool {
    let mut command = command();
    command.args([subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The folder into which cargo builds.
///
/// # Errors
/// A sentence, when cargo does not tell.
pub(crate) fn target_folder() -> Result<PathBuf, String> {
    let mut command = command();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let output = command.output().map_err(|error| format!("cargo cannot be run: {error}"))?;
    let metadata = String::from_utf8_lossy(&output.stdout);
    text_of(&metadata, "target_directory")
        .map(PathBuf::from)
        .ok_or_else(|| "`cargo metadata` does not tell where it builds".to_owned())
}

/// The text of the first field of this name in a JSON document.
fn text_of(json: &str, name: &str) -> Option<String> {
    let (_, rest) = json.split_once(&format!("\"{name}\":\""))?;
    let (mut text, mut letters) = (String::new(), rest.chars());
    loop {
        match letters.next()? {
            '"' => return Some(text),
            // Of all escapes only these stand in a path.
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_of_a_document_is_read_with_its_escapes() {
        let json = r#"{"packages":[],"target_directory":"/a \"b\"\\c","version":1}"#;
        assert_eq!(text_of(json, "target_directory").as_deref(), Some("/a \"b\"\\c"));
        assert_eq!(text_of(json, "nothing"), None);
        assert_eq!(text_of("\"target_directory\":\"/a", "target_directory"), None);
    }

    #[test]
    fn a_target_folder_is_told() {
        assert!(target_folder().unwrap().is_absolute());
    }
}
