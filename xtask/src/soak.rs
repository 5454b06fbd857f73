//! Tests that go on for as long as one likes: `cargo xtask soak`.

use crate::{cargo, process};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A test that can be repeated with chance.
pub(crate) struct Soak {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The option that says how often, and how often without it.
    pub(crate) option: &'static str,
    often: u64,
    /// The package, the test target, and the test in it.
    package: &'static str,
    target: &'static str,
    test: &'static str,
    /// The variable that tells the test how often.
    variable: &'static str,
}

pub(crate) const ALL: &[Soak] = &[
    Soak {
        name: "crash",
        about: "kills a process while it records, and looks whether all that was acknowledged is there",
        option: "--kills",
        often: 10_000,
        package: "paceline-tests",
        target: "crash",
        test: "what_was_acknowledged_survives_being_killed",
        variable: "PACELINE_KILLS",
    },
    Soak {
        name: "mirror",
        about: "mirrors workouts over bad links while apps are killed, and looks whether all devices show the truth",
        option: "--seeds",
        often: 100_000,
        package: "paceline",
        target: "mirroring_seeds",
        test: "what_a_mirror_shows_is_true",
        variable: "PACELINE_SEEDS",
    },
];

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) name: &'static str,
    pub(crate) often: Option<u64>,
    pub(crate) seed: Option<u64>,
}

/// Runs one, in a release build: what is shipped is what must hold.
///
/// # Errors
/// A sentence that tells how to repeat it.
pub(crate) fn run(request: Request) -> Result<(), String> {
    let soak = ALL.iter().find(|soak| soak.name == request.name).ok_or("there is no such soak")?;
    let often = request.often.unwrap_or(soak.often);
    let seed = request.seed.unwrap_or_else(seed_of_today);
    let again = format!("cargo xtask soak {} {} {often} --seed {seed}", soak.name, soak.option);
    println!("the same again: {again}");
    let built = || {
        let mut command = cargo::command();
        command.args(["test", "--release", "--package", soak.package, "--test", soak.target]);
        command
    };
    // Apart, so that a build that fails is not taken for a test that does.
    let mut build = built();
    build.arg("--no-run");
    process::run(build)?;
    let mut test = built();
    test.args(["--", soak.test, "--exact", "--nocapture"]);
    test.env(soak.variable, often.to_string()).env("PACELINE_SEED", seed.to_string());
    let began = Instant::now();
    let outcome = process::run(test);
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    match outcome {
        Ok(()) => {
            println!("{}: passed after {minutes:.1} minutes, from seed {seed}", soak.name);
            Ok(())
        }
        Err(what) => Err(format!(
            "{}: FAILED after {minutes:.1} minutes; {what}. A workout that failed is named by its PACELINE_SEED above: give that as \
             --seed to begin with it. The whole once more: {again}",
            soak.name
        )),
    }
}

/// Another one each time.
fn seed_of_today() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs())
}
