//! The project's tasks: `cargo xtask test` checks everything, `cargo xtask bench` measures.

mod cargo;
mod dependencies;
mod floors;
mod options;
mod report;
mod signposts;
mod steps;

use options::{Task, TestOptions};
use std::process::ExitCode;

const HELP: &str = "\
Tasks of this project:

  cargo xtask test [--only STEP]... [--require all] [--list]
      Checks and tests everything; says by name what was skipped, and why.
      --only STEP     only this step; may be given several times
      --require all   fail when a step was skipped
      --list          tell the steps and do nothing

  cargo xtask bench [ARGUMENTS]...
      Measures, in a release build. The arguments are passed on.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match options::parse(&arguments) {
        Ok(Task::Help) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Task::Test(options)) => test(&options),
        Ok(Task::Bench(arguments)) => bench(&arguments),
        Err(what) => {
            eprintln!("{what}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn test(options: &TestOptions) -> ExitCode {
    if options.list {
        let width = steps::ALL.iter().map(|step| step.name.len()).max().unwrap_or(0);
        for step in steps::ALL {
            println!("{:width$}  {}", step.name, step.about);
        }
        return ExitCode::SUCCESS;
    }
    let report = steps::run(options);
    print!("{report}");
    if report.passes(options.require_all) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn bench(arguments: &[String]) -> ExitCode {
    let mut command = cargo::command();
    command.args(["run", "--release", "--package", "paceline-tests", "--bin", "bench", "--"]).args(arguments);
    match cargo::run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}
