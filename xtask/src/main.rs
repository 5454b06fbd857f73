//! The project's tasks: `cargo xtask test` checks everything, `cargo xtask bindings` builds what other languages need,
//! `cargo xtask bench` measures, `cargo xtask soak` tests for as long as one likes.

mod cargo;
mod dependencies;
mod floors;
mod languages;
mod native;
mod options;
mod process;
mod report;
mod signposts;
mod size;
mod soak;
mod steps;
mod toolchain;

use native::{Native, Profile};
use options::{Task, TestOptions};
use std::process::ExitCode;

const HELP: &str = "\
Tasks of this project:

  cargo xtask test [--only STEP]... [--require all] [--list]
      Checks and tests everything; says by name what was skipped, and why.
      --only STEP     only this step; may be given several times
      --require all   fail when a step was skipped
      --list          tell the steps and do nothing

  cargo xtask bindings [--release]
      Builds the native library, libpaceline, and writes the Swift and Kotlin code that is generated from it.

  cargo xtask bench [ARGUMENTS]...
      Measures, in a release build, also what the borders to the other languages cost and
      how large the library is. The arguments are passed on.

  cargo xtask soak crash [--kills N] [--seed N]
  cargo xtask soak mirror [--seeds N] [--seed N]
      Kills a process while it records, 10,000 times unless said, and looks each time whether all that was
      acknowledged is there. The seed is another one each time unless it is given.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match options::parse(&arguments) {
        Ok(Task::Help) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Task::Test(options)) => test(&options),
        Ok(Task::Bindings(profile)) => code_of(bindings(profile)),
        Ok(Task::Bench(arguments)) => code_of(bench(&arguments)),
        Ok(Task::Soak(request)) => code_of(soak::run(request)),
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

fn bindings(profile: Profile) -> Result<(), String> {
    let native = Native::build(profile)?;
    native.generate_swift()?;
    let kotlin = native.generate_kotlin()?;
    println!("the native library is in {}", native.folder.display());
    println!("the Swift code is in the Swift package, the Kotlin code in {}", kotlin.display());
    Ok(())
}

fn bench(arguments: &[String]) -> Result<(), String> {
    let mut command = cargo::command();
    command.args(["run", "--release", "--package", "paceline-tests", "--bin", "bench", "--"]).args(arguments);
    let asked = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if asked("size") {
        size::print()?;
    }
    if asked("border") {
        command.envs(languages::border::programs()?);
    }
    process::run(command)
}

fn code_of(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}
