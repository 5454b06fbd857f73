//! Programs that run in another root.
//!
//! Everything is mounted in a mount namespace that belongs to the program alone. It ends with the program, however that
//! ends: nothing is ever left mounted, and no folder that is deleted can lead into the checkout or into `/dev`.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Mounts what a program needs, then becomes it. Arguments: root, folder to start in, folders to show at their own place,
/// `--`, program and arguments.
const INSIDE: &str = r#"set -e
root=$1 start=$2
shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
done
shift
exec chroot "$root" /usr/bin/env -i --chdir="$start" \
    HOME=/root PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 "$@"
"#;

/// A command that runs in this root, with a few folders of this machine at their own places. It gets no variable of ours;
/// arguments of the form `NAME=VALUE` before the program are its environment.
pub(super) fn command(root: &Path, start: &Path, shown: &[&Path]) -> Command {
    let mut command = alone();
    command.args(["sh", "-c", INSIDE, "sh"]).arg(root).arg(start).args(shown).arg("--");
    command
}

/// The beginning of a command whose mounts nobody else sees.
pub(super) fn alone() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "--"]);
    command
}

/// Removes a folder and all that is in it, unless something is mounted there.
///
/// # Errors
/// A sentence; then nothing was removed, or not all of it.
pub(super) fn remove(folder: &Path) -> Result<(), String> {
    let table = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    let real =
        folder.canonicalize().map_err(|error| format!("{} cannot be found: {error}", folder.display()))?;
    if let Some(place) = mounted_below(&String::from_utf8_lossy(&table), real.as_os_str()) {
        return Err(format!("{place} is mounted; unmount it, then {} can be removed", folder.display()));
    }
    std::fs::remove_dir_all(folder)
        .map_err(|error| format!("{} cannot be removed: {error}", folder.display()))
}

/// The first mount point at or below a folder, from the kernel's table.
fn mounted_below(table: &str, folder: &OsStr) -> Option<String> {
    table
        .lines()
        .filter_map(|line| line.split(' ').nth(4))
        .map(unescaped)
        .find(|place| Path::new(place).starts_with(Path::new(folder)))
}

/// The kernel writes white space and backslashes as three octal digits.
fn unescaped(place: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(place.to_owned(), |place, (written, meant)| place.replace(written, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "22 1 0:20 / / rw - ext4 /dev/sda rw\n\
                         23 22 0:21 / /a/swift-root.part/dev rw shared:1 - devtmpfs udev rw\n\
                         24 22 0:21 / /with\\040space/proc rw - proc proc rw\n";

    #[test]
    fn a_mount_below_a_folder_is_seen_and_a_neighbour_is_not() {
        let below = |folder: &str| mounted_below(TABLE, OsStr::new(folder));
        assert_eq!(below("/a/swift-root.part").as_deref(), Some("/a/swift-root.part/dev"));
        assert_eq!(below("/a/swift-root"), None);
        assert_eq!(below("/with space").as_deref(), Some("/with space/proc"));
        assert_eq!(below("/b"), None);
    }

    #[test]
    fn a_folder_without_mounts_is_removed() {
        let folder = std::env::temp_dir().join(format!("xtask-remove-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep/er")).unwrap();
        assert_eq!(remove(&folder), Ok(()));
        assert!(!folder.exists());
        assert!(remove(&folder).is_err());
    }
}
