//! The program as a person starts it, in a folder of its own.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a store that is not there yet.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path("store.sqlite")
    }

    /// Writes a file into the folder.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the folder can be written");
        path
    }

    /// The program with these arguments, its data folder, and its store inside the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paceline"));
        command.args(arguments).env("XDG_DATA_HOME", self.path("data")).env_remove("NO_COLOR");
        command.current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        let store = self.store();
        let mut command = self.command(arguments);
        Answer::new(command.arg("--store").arg(store).output())
    }

    /// What lies in the folder.
    pub(crate) fn listing(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder can be read");
        let mut names: Vec<_> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl Answer {
    pub(crate) fn new(output: std::io::Result<Output>) -> Self {
        let output = output.expect("the program can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }

    /// The output of a run that went well.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// The same as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.good()).expect("one JSON object and nothing else")
    }

    /// The one sentence of a run that failed.
    #[track_caller]
    pub(crate) fn sentence(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{}", self.err);
        let lines: Vec<&str> = self.err.lines().collect();
        let [line] = lines[..] else { panic!("one sentence, not {lines:?}") };
        line.strip_prefix("error: ").expect("it starts with error:").to_owned()
    }
}

/// The folder of real recordings, if there is one.
pub(crate) fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PACELINE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if folder.join("MANIFEST.csv").is_file() {
        return folder.canonicalize().ok();
    }
    println!("skipped: no recordings at {} (set PACELINE_DATA)", folder.display());
    None
}

/// The rows of the list of recordings: file, quality, flags.
pub(crate) fn manifest(folder: &Path) -> Vec<(PathBuf, String, String)> {
    let table = std::fs::read_to_string(folder.join("MANIFEST.csv")).expect("the list can be read");
    let mut lines = table.lines().map(cells);
    let names = lines.next().expect("the list has a header");
    let column = |name: &str| names.iter().position(|other| other == name).expect("the list has this column");
    let [file, kind, quality, flags] = ["file", "kind", "quality", "flags"].map(column);
    lines
        .filter(|row| ["fit", "tcx", "gpx"].contains(&row[kind].as_str()))
        .map(|row| (folder.join(&row[file]), row[quality].clone(), row[flags].clone()))
        .collect()
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("there is always a cell").push(letter),
        }
    }
    cells
}
