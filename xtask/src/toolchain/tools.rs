//! Programs that are asked for by name.

use super::debian;
use crate::process;

/// A program, and the package of Debian that holds it.
#[derive(Debug)]
pub(crate) struct Tool {
    program: &'static str,
    package: &'static str,
    /// For people: what to install where we do not.
    what: &'static str,
}

pub(crate) const JDK: Tool =
    Tool { program: "javac", package: "default-jdk-headless", what: "a Java development kit, 17 or newer" };
pub(crate) const MAVEN: Tool = Tool { program: "mvn", package: "maven", what: "Maven 3.8 or newer" };
pub(crate) const C: Tool = Tool { program: "cc", package: "gcc", what: "a C compiler" };
pub(crate) const CPP: Tool = Tool { program: "c++", package: "g++", what: "a C++ compiler" };
pub(crate) const CMAKE: Tool = Tool { program: "cmake", package: "cmake", what: "CMake" };
/// What CMake calls to build; its package does not bring it.
pub(crate) const MAKE: Tool = Tool { program: "make", package: "make", what: "make" };
pub(crate) const PKG_CONFIG: Tool = Tool { program: "pkg-config", package: "pkg-config", what: "pkg-config" };
pub(crate) const VALGRIND: Tool = Tool { program: "valgrind", package: "valgrind", what: "Valgrind" };
pub(super) const DEBOOTSTRAP: Tool =
    Tool { program: "debootstrap", package: "debootstrap", what: "debootstrap" };

/// Sees to it that these programs are there.
///
/// # Errors
/// A sentence about what is missing and what to do: the reason of a step to be skipped.
pub(crate) fn need(tools: &[&Tool]) -> Result<(), String> {
    let missing = || -> Vec<&Tool> {
        tools.iter().copied().filter(|tool| process::find(tool.program).is_none()).collect()
    };
    let wanted = missing();
    if wanted.is_empty() {
        return Ok(());
    }
    if debian::is_ours() {
        let packages: Vec<_> = wanted.iter().map(|tool| tool.package).collect();
        debian::install(&packages)?;
    }
    let left = missing();
    if left.is_empty() { Ok(()) } else { Err(sentence(&left)) }
}

fn sentence(missing: &[&Tool]) -> String {
    let names: Vec<_> = missing.iter().map(|tool| format!("{} (`{}`)", tool.what, tool.program)).collect();
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let packages: Vec<_> = missing.iter().map(|tool| tool.package).collect();
    format!(
        "{} {verb} not on the PATH; install what is missing (on Debian `apt-get install {}`, as root this does it by itself)",
        names.join(", "),
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_needs_nothing() {
        let shell = Tool { program: "sh", package: "dash", what: "a shell" };
        assert_eq!(need(&[&shell]), Ok(()));
        assert_eq!(need(&[]), Ok(()));
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let text = sentence(&[&MAVEN, &JDK]);
        for part in
            ["Maven 3.8 or newer (`mvn`)", "`javac`", "are not on", "apt-get install maven default-jdk"]
        {
            assert!(text.contains(part), "{text}");
        }
        assert!(
            sentence(&[&VALGRIND]).starts_with("Valgrind (`valgrind`) is not"),
            "{}",
            sentence(&[&VALGRIND])
        );
    }
}
