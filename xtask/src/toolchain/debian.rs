//! Debian: which one this is, and its packages.

use crate::process;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

/// Whether this is a Debian on which we may install packages.
pub(super) fn is_ours() -> bool {
    is_debian() && process::ask("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    field(&release, "ID").is_some_and(|id| id == "debian") && Path::new("/usr/bin/apt-get").is_file()
}

/// A field of os-release, without its quotes.
fn field<'a>(release: &'a str, name: &str) -> Option<&'a str> {
    release
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .map(|value| value.trim_matches('"'))
}

/// Installs packages. The lists are brought up to date first, once a run.
///
/// # Errors
/// A sentence, when apt cannot do it.
pub(super) fn install(packages: &[&str]) -> Result<(), String> {
    update();
    let mut command = apt();
    command.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    process::run(command)
}

/// Whether apt can install a package of this name.
pub(super) fn offers(package: &str) -> bool {
    update();
    process::ask("apt-cache", &["show", "--no-all-versions", package]).is_some_and(|text| !text.is_empty())
}

fn update() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let mut command = apt();
        command.args(["update", "--quiet"]);
        if let Err(what) = process::run(command) {
            println!("{what}; going on with the lists that are there");
        }
    });
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The mirror of Debian from which this machine installs, when it is one from which a new root can be made.
pub(super) fn mirror() -> Option<String> {
    let format = "$(LABEL) $(COMPONENT) $(REPO_URI)";
    first_mirror(&process::ask("apt-get", &["indextargets", "--format", format])?)
}

fn first_mirror(targets: &str) -> Option<String> {
    targets
        .lines()
        .filter_map(|line| line.strip_prefix("Debian main "))
        .find(|uri| ["http://", "https://"].iter().any(|scheme| uri.starts_with(scheme)))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_release_are_read_whole() {
        let release = "PRETTY_NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n";
        assert_eq!(field(release, "ID"), Some("debian"));
        assert_eq!(field(release, "VERSION_ID"), Some("12"));
        assert_eq!(field(release, "VERSION"), None);
    }

    #[test]
    fn the_mirror_is_one_of_debian_itself() {
        let targets = "Debian-Security main http://mirror.example/security/\nnodistro main https://other.example/\n\
                       Debian main tor+http://mirror.example/debian/\nDebian main http://mirror.example/debian/\n";
        assert_eq!(first_mirror(targets).as_deref(), Some("http://mirror.example/debian/"));
        assert_eq!(first_mirror("Ubuntu main http://mirror.example/ubuntu/\n"), None);
    }
}
