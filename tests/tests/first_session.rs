//! `docs/first-session.md` shows the programs as they are, and they print what it says.
//!
//! `PACELINE_BLESS=1` copies the programs into the paper.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The paper with every block of code that stands under the name of its file replaced by that file.
fn with_programs(paper: &str) -> (String, usize) {
    let (mut text, mut programs) = (String::new(), 0);
    let mut lines = paper.lines();
    while let Some(line) = lines.next() {
        text += line;
        text += "\n";
        let Some(path) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let fence = lines.next().unwrap_or_default();
        assert!(fence.starts_with("```"), "a block of code follows the name {path}");
        assert!(lines.any(|line| line == "```"), "the block of {path} has an end");
        let program = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        text.extend([fence, "\n", &program, "```\n"]);
        programs += 1;
    }
    (text, programs)
}

#[test]
fn the_paper_shows_the_programs() {
    let path = root().join("docs/first-session.md");
    let paper = fs::read_to_string(&path).expect("the paper is there");
    let (right, programs) = with_programs(&paper);
    assert!(programs > 0, "the paper shows no program");
    if std::env::var_os("PACELINE_BLESS").is_some_and(|wish| wish == "1") {
        fs::write(&path, right).expect("the paper can be written");
        return;
    }
    assert!(
        paper == right,
        "docs/first-session.md shows another program than its file; PACELINE_BLESS=1 copies them"
    );
}

#[test]
fn the_rust_program_prints_what_the_paper_says() {
    let paper = fs::read_to_string(root().join("docs/first-session.md")).expect("the paper is there");
    let (_, after) = paper.split_once("```text\n").expect("the paper says what is printed");
    let (expected, _) = after.split_once("```").expect("the block has an end");
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "paceline", "--example", "first_session"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(String::from_utf8_lossy(&run.stdout), expected);
}
