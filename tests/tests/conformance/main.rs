//! Plays every scenario of `tests/conformance` through the public interface. The format is described in the README there.
//!
//! `PACELINE_BLESS=1` writes what happened into the files instead of comparing.

mod ears;
mod looks;
mod script;
mod stage;
mod steps;
mod telling;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

fn scenarios() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder())
        .expect("the folder of the scenarios is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "scenario"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_scenario_happens_as_it_is_written() {
    let bless = std::env::var_os("PACELINE_BLESS").is_some_and(|wish| wish == "1");
    let files = scenarios();
    assert!(!files.is_empty(), "there are no scenarios in {}", folder().display());
    let mut failures = String::new();
    for path in &files {
        let written = fs::read_to_string(path).expect("a scenario can be read");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match stage::play(&written) {
            Err(fault) => _ = writeln!(failures, "{name}:{}: {}\n", fault.line, fault.sentence),
            Ok(happened) if happened == written => {}
            Ok(happened) if bless => fs::write(path, happened).expect("a scenario can be written"),
            Ok(happened) => _ = writeln!(failures, "{name}:{}", difference(&written, &happened)),
        }
    }
    assert!(failures.is_empty(), "of {} scenarios, these differ:\n\n{failures}", files.len());
}

/// From the first line that differs: the step it stands under, what the file says and what happened.
fn difference(written: &str, happened: &str) -> String {
    let (written, happened): (Vec<_>, Vec<_>) = (written.lines().collect(), happened.lines().collect());
    let same = written.iter().zip(&happened).take_while(|(one, other)| one == other).count();
    let step = happened[..same].iter().rposition(|line| !line.starts_with("    ")).unwrap_or(0);
    let mut text = format!("{}: not as written\n", same + 1);
    for line in &happened[step..same] {
        _ = writeln!(text, "      {line}");
    }
    let lines_of_step = |lines: &[&str]| {
        lines[same.min(lines.len())..].iter().take_while(|line| line.starts_with("    ")).count().max(1)
    };
    for (sign, lines) in [('-', &written), ('+', &happened)] {
        for line in lines.iter().skip(same).take(lines_of_step(lines)) {
            _ = writeln!(text, "    {sign} {line}");
        }
    }
    text
}

#[test]
fn a_fault_of_a_file_is_told_with_its_line() {
    let story = |last: &str| format!("# A story.\n\ndevice watch\nsession run running outdoor\n{last}\n");
    for (last, sentence) in [
        ("run fly", "a session has no verb \"fly\""),
        ("walk start", "nothing is called \"walk\""),
        ("run start soon", "\"soon\" is no time; write 60s or 1500ms"),
        ("run start 5s 6s", "nothing is to be done with \"6s\""),
        ("run start  5s", "words are separated by single spaces"),
        ("run start ", "a line does not end with a space"),
        ("run begin running", "a location is missing"),
        ("run ingest heartRate 140 0s", "a session has no verb \"ingest\""),
        ("watch ingest heartbeat 140 0s", "\"heartbeat\" is no quantity type"),
        ("run add heartRate many 0s", "\"many\" is no number"),
        ("run enable heartRate", "run has no data source yet"),
        ("run when tired pause", "\"tired\" is nothing that a delegate hears"),
        ("run when", "a trigger is missing"),
        ("session run cycling outdoor", "the name \"run\" is taken"),
        ("session at cycling outdoor", "\"at\" is no name"),
        ("session recover cycling outdoor", "\"recover\" is no name"),
        ("recover watch", "the name \"watch\" is taken"),
        ("recover run on=phone", "no device is called \"phone\""),
        (
            "device phone arbitration=newcomer",
            "\"newcomer\" is no arbitration; write refuse, ask or handOver",
        ),
        ("run payload two words", "nothing is to be done with \"words\""),
        ("at -5s", "time does not go back"),
        ("run\tstart", "a file is made of ASCII letters, without tabs"),
        ("run addMetadata title=Intervals", "\"Intervals\" is no metadata value; write KIND:VALUE"),
    ] {
        let fault = stage::play(&story(last)).expect_err(last);
        assert_eq!((fault.line, fault.sentence.as_str()), (5, sentence), "{last}");
    }
    let fault = stage::play(&story("run when running fly\nrun start")).expect_err("a reaction");
    assert_eq!((fault.line, fault.sentence.as_str()), (6, "a session has no verb \"fly\""));
    let fault = stage::play("device watch").expect_err("the last line has no end");
    assert_eq!(fault.sentence, "the last line does not end");
}

#[test]
fn a_difference_names_its_step() {
    let written = "device watch\nrun start\n    ok\n    run event\nrun end\n";
    let happened = "device watch\nrun start\n    ok\nrun end\n    ok\n";
    assert_eq!(
        difference(written, happened),
        "4: not as written\n      run start\n          ok\n    -     run event\n    + run end\n"
    );
}
