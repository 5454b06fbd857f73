//! What the project depends on: nothing that is kept out, and only under licences that fit.

use crate::{cargo, process};

/// What must not come into what is shipped: a C compiler for the target (all but SQLite), and an async runtime.
const KEPT_OUT: &[&str] =
    &["ring", "aws-lc-rs", "aws-lc-sys", "aws-lc-fips-sys", "openssl", "openssl-sys", "tokio", "async-std"];

/// What belongs to the generators of code: an app must not carry it.
const TOOLS: &[&str] = &["clap", "uniffi_bindgen", "cbindgen", "cargo_metadata", "askama", "goblin"];

/// What is shipped, and what it must not depend on.
const SHIPPED: &[(&str, &[&[&str]])] = &[
    ("paceline", &[KEPT_OUT, TOOLS]),
    ("paceline-link", &[KEPT_OUT, TOOLS]),
    ("paceline-bundle", &[KEPT_OUT, TOOLS]),
];

/// Licences that fit, as SPDX writes them.
const ALLOWED: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    // UniFFI and cbindgen. It holds file by file: their files are used as they come, and ours stay under our licence.
    "MPL-2.0",
    "CC0-1.0",
    "0BSD",
    "BSL-1.0",
];

/// # Errors
/// Everything that was found, also printed.
pub(crate) fn check() -> Result<(), String> {
    let mut found = Vec::new();
    for (package, refused) in SHIPPED {
        // Every target: a dependency on a phone only is one all the same.
        let mut tree = cargo::command();
        tree.args(["tree", "--package", package, "--edges", "normal", "--target", "all"]);
        tree.args(["--prefix", "none", "--format", "{p}"]);
        let tree = process::output_of(tree)?;
        println!("{} crates in {package}", crates(&tree));
        found.extend(kept_out(package, &refused.concat(), &tree));
    }
    let mut all = cargo::command();
    all.args(["tree", "--workspace", "--edges", "normal,build,dev", "--target", "all"]);
    all.args(["--prefix", "none", "--format", "{p} | {l}"]);

    let all = process::output_of(all)?;
    found.extend(not_allowed(&all));
    if found.is_empty() {
        println!("{} crates in the project", crates(&all));
        return Ok(());
    }
    for line in &found {
        println!("{line}");
    }
    Err(found.join("; "))
}

fn crates(tree: &str) -> usize {
    let mut names: Vec<_> = tree.lines().filter_map(|line| line.split_once(" v")).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

fn kept_out(package: &str, refused: &[&str], tree: &str) -> Vec<String> {
    let mut found: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| refused.contains(name))
        .map(|name| format!("{package} depends on {name}, which is kept out of it"))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn not_allowed(tree: &str) -> Vec<String> {
    let mut found: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split_once(" |"))
        // A repeated crate is marked behind its licence.
        .map(|(name, licence)| (name, licence.trim_end_matches("(*)").trim()))
        .filter(|(_, licence)| !is_allowed(licence))
        .map(|(name, licence)| match licence {
            "" => format!("{name} states no licence"),
            _ => format!("{name} has the licence {licence}, which is not on the list"),
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Whether an SPDX expression leaves us a choice that is allowed. Crates of old write `/` for `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words };
    parser.any() == Some(true) && parser.words.is_empty()
}

/// Reads an expression; nothing where it cannot be read.
struct Parser<'a> {
    words: &'a [&'a str],
}

impl<'a> Parser<'a> {
    fn take(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }

    fn word(&mut self) -> Option<&'a str> {
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        Some(word)
    }

    fn any(&mut self) -> Option<bool> {
        let mut allowed = self.all()?;
        while self.take("OR") {
            allowed |= self.all()?;
        }
        Some(allowed)
    }

    fn all(&mut self) -> Option<bool> {
        let mut allowed = self.one()?;
        while self.take("AND") {
            allowed &= self.one()?;
        }
        Some(allowed)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let allowed = self.any()?;
            return self.take(")").then_some(allowed);
        }
        let mut licence = self.word()?.to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.word()?);
        }
        Some(ALLOWED.contains(&licence.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_choice_is_enough_and_every_part_must_be_allowed() {
        let allowed = [
            "MIT",
            "MIT OR GPL-3.0",
            "Unlicense/MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "GPL-2.0 OR MIT AND ISC",
        ];
        let refused = [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0",
            "(MIT OR Apache-2.0) AND AGPL-3.0",
            "Apache-2.0 WITH Other-exception",
            "(MIT",
            "MIT Apache-2.0",
            "OR MIT",
        ];
        for licence in allowed {
            assert!(is_allowed(licence), "{licence}");
        }
        for licence in refused {
            assert!(!is_allowed(licence), "{licence}");
        }
    }

    #[test]
    fn what_is_kept_out_is_named_once() {
        let tree = "paceline v0.1.0 (/x)\nring v0.17.8\nstring v1.0.0\ntokio v1.0.0\nring v0.17.8 (*)\n";
        let found = kept_out("paceline", KEPT_OUT, tree);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("ring") && found[1].contains("tokio"), "{found:?}");
    }

    #[test]
    fn a_licence_that_does_not_fit_is_named_with_its_crate() {
        let tree =
            "a v1.0.0 | MIT\nb v2.0.0 | GPL-3.0\nc v1.0.0 | \nb v2.0.0 | GPL-3.0 (*)\na v1.0.0 | MIT (*)\n";
        let found = not_allowed(tree);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("b v2.0.0 has the licence GPL-3.0,"), "{found:?}");
        assert_eq!(found[1], "c v1.0.0 states no licence");
    }
}
