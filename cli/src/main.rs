//! The `paceline` program.

use clap::Parser as _;
use paceline_cli::args::Cli;
use std::io::Write as _;
use std::panic::catch_unwind;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Whatever goes wrong is one sentence; a backtrace helps nobody who replays a run.
    std::panic::set_hook(Box::new(|_| {}));
    let (sentence, code) = match catch_unwind(|| paceline_cli::run(&cli)) {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) if failure.is_broken_pipe() => return ExitCode::SUCCESS,
        Ok(Err(failure)) => (failure.to_string(), failure.exit_code()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            (format!("a fault in this program ({text}); please report it with the file that causes it"), 1)
        }
    };
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(std::io::stderr(), "error: {sentence}");
    ExitCode::from(code)
}
