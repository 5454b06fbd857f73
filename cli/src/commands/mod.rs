//! The commands.

mod list;
mod play;
mod recover;
mod show;

use crate::args::{Cli, Command};
use crate::demo as made_up;
use crate::failure::Failure;
use crate::origin::Origin;
use crate::replay::Speed;
use paceline::{Delivery, HealthStore, StoreOptions};
use serde::Serialize;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

/// How fast a demo passes on a terminal: half an hour in six seconds.
const DEMO_SPEED: Speed = Speed::Times(360.0);

/// Does what the command line asks for.
///
/// # Errors
/// One sentence for the person.
pub fn run(cli: &Cli) -> Result<(), Failure> {
    match &cli.command {
        Command::Run(args) => {
            let (origin, recording) = Origin::read_file(&args.file, args.salvage)?;
            let file = Some(args.file.display().to_string());
            play::play(&recording, origin, file, args.speed, &cli.global)
        }
        Command::Demo(args) => {
            let watched = std::io::stderr().is_terminal() && !cli.global.json;
            let speed = args.speed.unwrap_or(if watched { DEMO_SPEED } else { Speed::Max });
            let origin = Origin::Demo { seed: args.seed };
            play::play(&made_up::recording(args.seed), origin, None, speed, &cli.global)
        }
        Command::Recover(args) => recover::recover(args, &cli.global),
        Command::Workouts => list::list(&cli.global),
        Command::Show(args) => show::show(&args.id, &cli.global),
    }
}

/// Opens a store to read from it; nothing when there is no such file, which is then not made.
fn open_existing(path: &Path) -> Result<Option<HealthStore>, Failure> {
    match path.try_exists() {
        Ok(false) => Ok(None),
        // Nothing runs while a command only reads: no threads.
        _ => Ok(Some(HealthStore::open(StoreOptions::new().path(path).delivery(Delivery::Poll))?)),
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::Other(format!("cannot write JSON: {error}; report this")))?;
    print(&(text + "\n"))
}
