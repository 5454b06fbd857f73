//! What the command line asks for.

use crate::native::Profile;
use crate::soak;
use crate::steps;

/// A task with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Test(TestOptions),
    Bindings(Profile),
    /// With arguments for the benchmark.
    Bench(Vec<String>),
    Soak(soak::Request),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    /// Names of steps; empty for all of them.
    pub(crate) only: Vec<String>,
    pub(crate) require_all: bool,
    pub(crate) list: bool,
}

impl TestOptions {
    pub(crate) fn includes(&self, step: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == step)
    }
}

/// # Errors
/// A sentence about the first argument that makes no sense.
pub(crate) fn parse(arguments: &[String]) -> Result<Task, String> {
    let Some((task, rest)) = arguments.split_first() else { return Ok(Task::Help) };
    match task.as_str() {
        "help" | "--help" | "-h" => Ok(Task::Help),
        "bench" => Ok(Task::Bench(rest.to_vec())),
        "bindings" => parse_bindings(rest),
        "soak" => parse_soak(rest),
        "test" => parse_test(rest),
        other => Err(format!("there is no task {other}")),
    }
}

fn parse_bindings(arguments: &[String]) -> Result<Task, String> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(Task::Bindings(Profile::Dev)),
        ["--release"] => Ok(Task::Bindings(Profile::Release)),
        ["--help" | "-h"] => Ok(Task::Help),
        _ => Err("cargo xtask bindings knows one option: --release".to_owned()),
    }
}

fn parse_soak(arguments: &[String]) -> Result<Task, String> {
    let Some((name, rest)) = arguments.split_first() else { return Err(soaks()) };
    if matches!(name.as_str(), "--help" | "-h") {
        return Ok(Task::Help);
    }
    let Some(soak) = soak::ALL.iter().find(|soak| soak.name == name) else { return Err(soaks()) };
    let mut request = soak::Request { name: soak.name, often: None, seed: None };
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        let place = match option.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--seed" => &mut request.seed,
            often if often == soak.option => &mut request.often,
            other => return Err(format!("cargo xtask soak {name} has no option {other}")),
        };
        let number = rest.next().and_then(|number| number.parse().ok());
        *place = Some(number.ok_or_else(|| format!("{option} takes a number"))?);
    }
    Ok(Task::Soak(request))
}

fn soaks() -> String {
    let names = soak::ALL.iter().map(|soak| format!("{} ({})", soak.name, soak.about));
    format!("cargo xtask soak takes one of these: {}", names.collect::<Vec<_>>().join(", "))
}

fn parse_test(arguments: &[String]) -> Result<Task, String> {
    let mut options = TestOptions::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--list" => options.list = true,
            "--require" => match rest.next().map(String::as_str) {
                Some("all") => options.require_all = true,
                _ => return Err("--require takes one word: all".to_owned()),
            },
            "--only" => {
                let name = rest.next().ok_or("--only takes the name of a step")?;
                if !steps::ALL.iter().any(|step| step.name == name) {
                    return Err(format!("there is no step {name}; `cargo xtask test --list` tells them"));
                }
                options.only.push(name.clone());
            }
            other => return Err(format!("cargo xtask test has no option {other}")),
        }
    }
    Ok(Task::Test(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_of_the_test_task() {
        let Ok(Task::Test(options)) = parsed("test --only floors --require all --only tests") else {
            panic!("a test task")
        };
        assert!(options.require_all && !options.list);
        assert!(options.includes("floors") && options.includes("tests") && !options.includes("lints"));
        assert!(TestOptions::default().includes("lints"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in
            ["tset", "test --requires all", "test --require some", "test --only nothing", "test --only"]
        {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn bindings_are_built_as_asked() {
        assert_eq!(parsed("bindings"), Ok(Task::Bindings(Profile::Dev)));
        assert_eq!(parsed("bindings --release"), Ok(Task::Bindings(Profile::Release)));
        assert!(parsed("bindings --fast").is_err() && parsed("bindings --release --release").is_err());
    }

    #[test]
    fn a_soak_is_asked_for_by_name() {
        let request = |often, seed| Ok(Task::Soak(soak::Request { name: "crash", often, seed }));
        assert_eq!(parsed("soak crash"), request(None, None));
        assert_eq!(parsed("soak crash --seed 7 --kills 10000"), request(Some(10_000), Some(7)));
        for line in
            ["soak", "soak cash", "soak crash --kills", "soak crash --kills many", "soak crash --hours 2"]
        {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn arguments_of_the_benchmark_are_not_ours_to_judge() {
        assert_eq!(parsed("bench --list -h"), Ok(Task::Bench(vec!["--list".into(), "-h".into()])));
    }
}
