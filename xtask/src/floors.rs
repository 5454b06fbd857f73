//! The floors of the engine: values, machines, shell. A floor knows only those below it.
//!
//! Text is searched, not the parsed program: a comment or a string that mentions what a floor must not know counts too,
//! since it would explain the floor by something above it. Imports are taken apart as well, so that a group
//! (`use std::{fs, io}`) or a way round (`use super::super::shell`) hides nothing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What a floor may know.
struct Floor {
    name: &'static str,
    /// The floors it may name, its own among them.
    knows: &'static [&'static str],
}

const FLOORS: &[Floor] = &[
    Floor { name: "values", knows: &["values"] },
    Floor { name: "machines", knows: &["values", "machines"] },
];

/// What neither values nor machines may mention, with the reason.
const SANS_IO: &[(&str, &str)] = &[
    ("super::shell", "the shell is above"),
    ("std::thread", "threads belong to the shell"),
    ("std::fs", "files belong to the shell"),
    ("std::net", "the network belongs to the shell"),
    ("std::io", "input and output belong to the shell"),
    ("std::env", "the surroundings belong to the shell"),
    ("std::process", "processes belong to the shell"),
    ("std::time::Instant", "time is an input"),
    ("std::time::SystemTime", "time is an input"),
    ("::now()", "time is an input"),
    ("Mutex", "locks belong to the shell"),
    ("RwLock", "locks belong to the shell"),
    ("Condvar", "locks belong to the shell"),
    ("parking_lot", "locks belong to the shell"),
    ("rusqlite", "the store belongs to the shell"),
    ("getrandom", "chance is an input"),
    ("new_v4", "chance is an input"),
    ("HashMap", "no hash order may reach a result"),
    ("HashSet", "no hash order may reach a result"),
];

/// Searches the sources of the engine and prints what it finds as `file:line`.
///
/// # Errors
/// How much was found, or that there was nothing to search.
pub(crate) fn check(sources: &Path) -> Result<(), String> {
    let mut found = Vec::new();
    let mut searched = 0;
    for path in rust_files(sources)? {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let module = module_of(path.strip_prefix(sources).unwrap_or(&path));
        let floor = FLOORS.iter().find(|floor| module.first().is_some_and(|name| name == floor.name));
        searched += usize::from(floor.is_some());
        for (line, what) in faults(&text, &module, floor) {
            found.push(format!(
                "{}:{line}: {what}",
                path.strip_prefix(crate::cargo::root()).unwrap_or(&path).display()
            ));
        }
    }
    for line in &found {
        println!("{line}");
    }
    match (searched, found.len()) {
        (0, _) => Err(format!("there are no floors to search in {}", sources.display())),
        (_, 0) => {
            println!("{searched} files searched");
            Ok(())
        }
        (_, 1) => Err(found.remove(0)),
        (_, count) => Err(format!("{count} lines know what they must not, the first is {}", found[0])),
    }
}

/// What else may not name the framework of one platform: the borders, and the layers over them.
const BORDERS: &[&str] = &["bindings", "include", "swift-package"];

/// Searches the sources of the borders for the names of one platform, and prints what it finds as `file:line`.
///
/// # Errors
/// How much was found, or that there was nothing to search.
pub(crate) fn check_borders(root: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    for folder in BORDERS {
        sources(&root.join(folder), &mut files);
    }
    let mut found = Vec::new();
    for path in &files {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let named =
            text.lines().enumerate().filter_map(|(index, line)| Some((index + 1, platform_name(line)?)));
        let file = path.strip_prefix(root).unwrap_or(path).display();
        found.extend(named.map(|(line, name)| format!("{file}:{line}: names {name}")));
    }
    for line in &found {
        println!("{line}");
    }
    match (files.len(), found.len()) {
        (0, _) => Err("there are no borders to search".to_owned()),
        (count, 0) => {
            println!("{count} files of the borders searched");
            Ok(())
        }
        (_, 1) => Err(found.remove(0)),
        (_, count) => Err(format!("{count} lines name one platform, the first is {}", found[0])),
    }
}

/// Sources of all languages that are written by hand.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            sources(&path, files);
        } else if ["rs", "c", "h", "kt", "swift"]
            .iter()
            .any(|kind| path.extension() == Some(OsStr::new(kind)))
        {
            files.push(path);
        }
    }
    files.sort();
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension() == Some(OsStr::new("rs")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The module that a file makes, as a path below the crate: `machines/session.rs` is `machines`, `session`.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<_> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|name| name == "mod" || name == "lib") {
        module.pop();
    }
    module
}

/// What is wrong with a file, with line numbers, in order.
fn faults(text: &str, module: &[String], floor: Option<&Floor>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut fault = |what: String| found.push((index + 1, what));
        if let Some(name) = platform_name(line) {
            fault(format!("mentions {name}: the engine mentions nothing of one platform's framework"));
        }
        let Some(floor) = floor else { continue };
        for (word, reason) in SANS_IO {
            if mentions(line, word) {
                fault(format!("{} mention {word}: {reason}", floor.name));
            }
        }
        for place in places(line, "crate::") {
            let name = identifier(&line[place + "crate::".len()..]);
            if !name.is_empty() && !floor.knows.contains(&name) {
                fault(format!("{} mention crate::{name}, which they must not know", floor.name));
            }
        }
    }
    let Some(floor) = floor else { return found };
    for (line, path) in imports(text) {
        let path = resolved(&path, module);
        if let Some(name) = path.strip_prefix("crate::").map(identifier)
            && !floor.knows.contains(&name)
        {
            found.push((line, format!("{} import {path}, which they must not know", floor.name)));
        }
        for (word, reason) in SANS_IO.iter().filter(|(word, _)| word.starts_with("std::")) {
            if path == *word || path.starts_with(&format!("{word}::")) {
                found.push((line, format!("{} import {path}: {reason}", floor.name)));
            }
        }
    }
    found.sort();
    // A plain import is seen both as text and as an import.
    found.dedup_by_key(|(line, _)| *line);
    found
}

/// A name of the framework of one platform: linking such a name alone had apps refused.
fn platform_name(line: &str) -> Option<String> {
    // Put together here, so that searching the project for the word does not find this line.
    let framework = concat!("Health", "Kit");
    if line.contains(framework) {
        return Some(framework.to_owned());
    }
    places(line, "HK")
        .map(|place| identifier(&line[place..]))
        .find(|name| {
            let mut letters = name.chars().skip(2);
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
        })
        .map(str::to_owned)
}

/// Whether a line has this word, not as a part of a longer one.
fn mentions(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(place, _)| {
        let ends_in_word = word.ends_with(is_of_identifier);
        let goes_on = line[place + word.len()..].starts_with(is_of_identifier);
        !(ends_in_word && goes_on) && (word.starts_with("::") || begins_at(line, place))
    })
}

/// Where a word begins in a line, not inside a longer one.
fn places<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    line.match_indices(word).map(|(place, _)| place).filter(|place| begins_at(line, *place))
}

fn begins_at(line: &str, place: usize) -> bool {
    !line[..place].ends_with(is_of_identifier)
}

fn is_of_identifier(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The identifier at the beginning of a text; empty when there is none.
fn identifier(text: &str) -> &str {
    &text[..text.find(|letter| !is_of_identifier(letter)).unwrap_or(text.len())]
}

/// Every path that the `use` declarations of a file import, with its line; groups are taken apart.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(declaration) = use_declaration(line) else { continue };
        let mut tokens = tokens(declaration, index + 1);
        while !tokens.iter().any(|(_, token)| *token == ";") {
            let Some((index, line)) = lines.next() else { break };
            tokens.extend(self::tokens(line, index + 1));
        }
        take_apart(&tokens, &mut found);
    }
    found
}

/// What follows `use` when the line begins a declaration.
fn use_declaration(line: &str) -> Option<&str> {
    let mut line = line.trim_start();
    if let Some(rest) = line.strip_prefix("pub") {
        let rest = rest.trim_start();
        line = rest.strip_prefix('(').map_or(Some(rest), |rest| Some(rest.split_once(')')?.1))?.trim_start();
    }
    line.strip_prefix("use ")
}

fn tokens(line: &str, number: usize) -> Vec<(usize, &str)> {
    let mut rest = line.split("//").next().unwrap_or(line).trim_start();
    let mut tokens = Vec::new();
    while !rest.is_empty() {
        let length = match identifier(rest).len() {
            0 if rest.starts_with("::") => 2,
            0 => rest.chars().next().map_or(1, char::len_utf8),
            length => length,
        };
        tokens.push((number, &rest[..length]));
        rest = rest[length..].trim_start();
    }
    tokens
}

fn take_apart(tokens: &[(usize, &str)], found: &mut Vec<(usize, String)>) {
    let mut path = String::new();
    let mut outer: Vec<String> = Vec::new();
    let mut renamed = false;
    for &(line, token) in tokens {
        match token {
            "{" => outer.push(path.clone()),
            "," | "}" | ";" => {
                // A group that has just been closed leaves nothing but its beginning.
                if !path.is_empty() && !path.ends_with("::") {
                    found.push((line, path.clone()));
                }
                if token == "}" {
                    outer.pop();
                    path.clear();
                } else {
                    path = outer.last().cloned().unwrap_or_default();
                }
                renamed = false;
            }
            "as" => renamed = true,
            _ if renamed => {}
            _ => path.push_str(token),
        }
        if token == ";" {
            return;
        }
    }
}

/// A path with `self` and `super` replaced by what they mean in this module.
fn resolved(path: &str, module: &[String]) -> String {
    let mut module = module.to_vec();
    let mut rest = path;
    let mut relative = false;
    loop {
        if let Some(after) = rest.strip_prefix("self::") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("super::") {
            module.pop();
            rest = after;
        } else {
            break;
        }
        relative = true;
    }
    if !relative {
        return path.to_owned();
    }
    let absolute = std::iter::once("crate").chain(module.iter().map(String::as_str)).chain([rest]);
    absolute.collect::<Vec<_>>().join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines at fault of a text that stands in this file.
    fn lines(file: &str, text: &str) -> Vec<usize> {
        let module = module_of(Path::new(file));
        let floor = FLOORS.iter().find(|floor| floor.name == module[0]);
        faults(text, &module, floor).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_floor_may_name_itself_and_what_is_below() {
        let text = "use crate::values::Timestamp;\nuse crate::machines::session::Session;\nuse super::exact;\n\
                    use std::{fmt, time::Duration};\npub(crate) use self::column::Frame;\n";
        assert_eq!(lines("machines/statistics/mod.rs", text), []);
        assert_eq!(lines("values/unit.rs", text), [2]);
        assert_eq!(lines("shell/engine.rs", "use crate::machines::*;\nuse std::fs;\n"), []);
    }

    #[test]
    fn no_way_to_a_floor_above_is_missed() {
        for text in [
            "use crate::shell::engine::Engine;",
            "use crate::HealthStore;",
            "use crate::{values::Timestamp, shell::engine::Engine};",
            "use crate::{\n    values::Timestamp,\n    shell as below,\n};",
            "use super::super::shell::engine::Engine;",
            "use super::super::{shell, values};",
            "    use super::super::super::shell::cell;",
            "pub(in crate::machines) use super::super::shell::cell;",
            "fn f() { crate::shell::engine::run() }",
            "fn f() { super::shell::engine::run() }",
            "// See crate::shell::engine.",
        ] {
            assert_eq!(lines("machines/session.rs", text).len(), 1, "{text}");
        }
        let group = "use crate::{\n    values::{Timestamp, Unit},\n    // why\n    shell::engine,\n};";
        assert_eq!(lines("machines/session.rs", group), [4]);
        assert_eq!(lines("values/mod.rs", "use crate::machines::session;\nuse super::machines;"), [1, 2]);
    }

    #[test]
    fn input_output_locks_time_and_hash_order_stay_in_the_shell() {
        for text in [
            "use std::{fmt, fs};",
            "use std::{time::{Duration, Instant}, fmt};",
            "use std::time::SystemTime;",
            "let t = jiff::Timestamp::now();",
            "lock: Mutex<u8>,",
            "lock: parking_lot::FairMutex<u8>,",
            "/// Kept in a HashMap.",
            "let id = Uuid::new_v4();",
            "\"getrandom\"",
        ] {
            assert_eq!(lines("machines/session.rs", text), [1], "{text}");
            assert_eq!(lines("values/sample.rs", text), [1], "{text}");
            assert_eq!(lines("shell/engine.rs", text), [], "{text}");
        }
        assert_eq!(
            lines("machines/session.rs", "let instant = last_instant; // std::iterator, Instantly\n"),
            []
        );
    }

    #[test]
    fn names_of_one_platform_stand_nowhere() {
        for text in [
            "/// Like HKWorkoutSession.",
            "let x = \"HKQuantityTypeIdentifier\";",
            concat!("// Health", "Kit"),
        ] {
            assert_eq!(lines("shell/engine.rs", text), [1], "{text}");
        }
        for text in ["HK$ 20", "the HKT time zone", "const HKEY: u8 = 1;"] {
            assert_eq!(lines("shell/engine.rs", text), [], "{text}");
        }
    }

    #[test]
    fn the_borders_are_searched_too() {
        let root = std::env::temp_dir().join(format!("xtask-borders-{}", std::process::id()));
        for folder in ["bindings/a/target", "swift-package/.build"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        let wrong = "// one\nlet x = HKWorkoutSession();\n";
        for file in ["bindings/a/target/built.rs", "swift-package/.build/built.swift", "bindings/a/notes.txt"]
        {
            std::fs::write(root.join(file), wrong).unwrap();
        }
        assert!(check_borders(&root).is_err(), "there is nothing to search");
        std::fs::write(root.join("bindings/a/good.kt"), "// one\n").unwrap();
        assert_eq!(check_borders(&root), Ok(()));
        std::fs::write(root.join("swift-package/wrong.swift"), wrong).unwrap();
        let found = check_borders(&root);
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, Err("swift-package/wrong.swift:2: names HKWorkoutSession".to_owned()));
    }

    #[test]
    fn a_folder_without_floors_does_not_pass() {
        assert!(check(Path::new("/nonexistent")).is_err());
        assert!(check(&crate::cargo::root().join("xtask/src")).is_err());
    }
}
