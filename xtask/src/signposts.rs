//! The papers lead readers to files. A file that was moved must not leave a signpost to nowhere.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Looks up every source file that the papers name, and every file that they link to, and prints what is not there.
///
/// # Errors
/// How many signposts lead nowhere, or that there were none to follow.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    walk(root, &mut files);
    let papers = files.iter().filter(|file| file.extension() == Some(OsStr::new("md")));
    let (mut followed, mut lost) = (0, Vec::new());
    for paper in papers {
        let text = std::fs::read_to_string(paper)
            .map_err(|error| format!("{} cannot be read: {error}", paper.display()))?;
        let name = paper.strip_prefix(root).unwrap_or(paper).display();
        for (line, post) in signposts(&text) {
            followed += 1;
            if !post.leads_somewhere(paper, &files) {
                lost.push(format!("{name}:{line}: there is no {}", post.target()));
            }
        }
    }
    for line in &lost {
        println!("{line}");
    }
    match (followed, lost.len()) {
        (0, _) => Err("no paper names a file".to_owned()),
        (_, 0) => {
            println!("{followed} signposts followed");
            Ok(())
        }
        (_, 1) => Err(lost.remove(0)),
        (_, count) => Err(format!("{count} signposts lead nowhere, the first is {}", lost[0])),
    }
}

/// All files but those that are built, hidden or fetched.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
    files.sort();
}

#[derive(Debug, PartialEq, Eq)]
enum Signpost<'a> {
    /// A source file between backticks, by the end of its path: papers name files as short as they can.
    Named(&'a str),
    /// A link, seen from the paper.
    Linked(&'a str),
}

impl Signpost<'_> {
    const fn target(&self) -> &str {
        match self {
            Self::Named(target) | Self::Linked(target) => target,
        }
    }

    fn leads_somewhere(&self, paper: &Path, files: &[PathBuf]) -> bool {
        match self {
            Self::Named(end) => files.iter().any(|file| file.ends_with(end)),
            Self::Linked(target) => paper.parent().is_some_and(|folder| folder.join(target).exists()),
        }
    }
}

/// The signposts of a paper with their lines.
fn signposts(text: &str) -> Vec<(usize, Signpost<'_>)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let named = line.split('`').skip(1).step_by(2).filter(|word| {
            Path::new(word).extension() == Some(OsStr::new("rs"))
                && word.chars().all(|letter| letter.is_alphanumeric() || "_-./".contains(letter))
        });
        found.extend(named.map(|word| (index + 1, Signpost::Named(word))));
        let linked = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
            .filter(|target| !target.is_empty() && !target.contains(':'));
        found.extend(linked.map(|target| (index + 1, Signpost::Linked(target))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_links_are_found_and_other_text_is_not() {
        let text = "See `values/exact.rs`, `a.rs`\nand [this](docs/b.md#part) or [that](https://example.org/c.md), \
                    `*.rs`, `use x.rs y`, plain d.rs, [here](#part).";
        assert_eq!(
            signposts(text),
            [
                (1, Signpost::Named("values/exact.rs")),
                (1, Signpost::Named("a.rs")),
                (2, Signpost::Linked("docs/b.md")),
            ]
        );
    }

    #[test]
    fn a_name_leads_to_the_end_of_a_path_in_whole_parts() {
        let root = crate::cargo::root();
        let files = [root.join("xtask/src/main.rs"), root.join("xtask/src/floors.rs")];
        let paper = root.join("xtask/README.md");
        for (name, leads) in
            [("src/main.rs", true), ("floors.rs", true), ("oors.rs", false), ("core/main.rs", false)]
        {
            assert_eq!(Signpost::Named(name).leads_somewhere(&paper, &files), leads, "{name}");
        }
        assert!(Signpost::Linked("src/main.rs").leads_somewhere(&paper, &files));
        assert!(!Signpost::Linked("src/nothing.rs").leads_somewhere(&paper, &files));
    }

    #[test]
    fn a_folder_without_papers_does_not_pass() {
        assert!(check(Path::new("/nonexistent")).is_err());
    }
}
