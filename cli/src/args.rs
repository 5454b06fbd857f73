//! The command line.

use crate::replay::Speed;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The command line of `paceline`.
#[derive(Debug, Parser)]
#[command(
    name = "paceline",
    version,
    about = "Replays recorded workouts as live sensors, and reads what was saved",
    after_help = "Examples:
  paceline demo                     watch a made-up interval run, and save it
  paceline run morning.fit          replay a recording as fast as possible
  paceline run race.tcx --speed 60  watch an hour pass in a minute
  paceline recover                  go on with a run that was killed
  paceline workouts                 what was saved
  paceline show 3f2a                one of them, by the beginning of its id",
    arg_required_else_help = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The store file [default: paceline/paceline.sqlite in your data folder]
    #[arg(long, global = true, value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Print one JSON object on stdout and nothing else
    #[arg(long, global = true)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Replay a FIT, TCX or GPX recording as live sensors, and save the workout
    #[command(after_help = RUN_HELP)]
    Run(RunArgs),
    /// Replay a made-up interval run; the same seed gives the same workout
    #[command(after_help = "The JSON object is that of `paceline run`, with \"file\": null.

Examples:
  paceline demo
  paceline demo --seed 7 --speed max
  paceline demo --json")]
    Demo(DemoArgs),
    /// Go on with a replay that was killed, and save its workout
    #[command(after_help = RECOVER_HELP)]
    Recover(RecoverArgs),
    /// List the saved workouts, newest first
    #[command(after_help = WORKOUTS_HELP)]
    Workouts,
    /// Show a saved workout
    #[command(after_help = SHOW_HELP)]
    Show(ShowArgs),
}

/// What `run` understands.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The recording
    pub file: PathBuf,
    /// How fast: 1 is real time, 60 a minute a second, max as fast as possible
    #[arg(long, value_name = "N|max", default_value = "max", allow_negative_numbers = true)]
    pub speed: Speed,
    /// Read what is whole of a damaged file, and say what was left out
    #[arg(long)]
    pub salvage: bool,
}

/// What `demo` understands.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Which run to make up
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How fast: 1 is real time, max as fast as possible [default: a few seconds on a terminal, else max]
    #[arg(long, value_name = "N|max", allow_negative_numbers = true)]
    pub speed: Option<Speed>,
}

/// What `recover` understands.
#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// The recording, if it is no longer where it was
    #[arg(conflicts_with = "finish")]
    pub file: Option<PathBuf>,
    /// How fast to go on [default: as before]
    #[arg(long, value_name = "N|max", allow_negative_numbers = true, conflicts_with = "finish")]
    pub speed: Option<Speed>,
    /// Do not go on: save what is there as a workout that ends where it was cut off
    #[arg(long)]
    pub finish: bool,
}

/// What `show` understands.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The id of the workout, or enough of its beginning to tell it apart
    pub id: String,
}

const RUN_HELP: &str = "The JSON object, times in seconds, distances in metres, null where nothing is known:
  {\"file\": PATH,
   \"sessions\": [{\"sport\", \"start\", \"elapsed_s\", \"timer_s\", \"distance_m\",
                 \"hr_avg\", \"hr_max\", \"samples\",
                 \"laps\": [{\"start\", \"timer_s\", \"distance_m\"}],
                 \"device\": {the same keys, as the file states them},
                 \"workout\": ID}],
   \"skipped\": [{\"byte\" or \"line\": N, \"what\": TEXT}],
   \"workouts\": [ID]}
A session of a multi-sport recording has the numbers of its leg.

Examples:
  paceline run morning.fit
  paceline run race.tcx --speed 60
  paceline run broken.fit --salvage
  paceline run morning.fit --json | jq '.sessions[0].distance_m'";

const RECOVER_HELP: &str =
    "The numbers are those of a run that nobody killed, and the JSON object is that of `paceline run`. With
--finish the keys of \"device\" are null, and there is no workout where nothing was recorded.

Exit codes: 0 the workout is saved, 1 it cannot go on (it stays in the store), 3 there is nothing
to recover.

Examples:
  paceline recover
  paceline recover --speed max
  paceline recover ~/moved/morning.fit
  paceline recover --finish --json";

const WORKOUTS_HELP: &str = "The JSON object:
  {\"store\": PATH,
   \"workouts\": [{\"id\", \"sport\", \"start\", \"end\", \"elapsed_s\", \"timer_s\",
                 \"distance_m\", \"hr_avg\", \"hr_max\"}]}";

const SHOW_HELP: &str = "The JSON object, values in the unit of their type:
  {\"store\": PATH, \"id\", \"sport\", \"start\", \"end\", \"elapsed_s\", \"timer_s\",
   \"distance_m\", \"hr_avg\", \"hr_max\",
   \"moving_s\": running time in which distance grew by at least 0.5 m/s,
   \"statistics\": [{\"type\", \"unit\", \"samples\", \"counted\",
                   \"sum\", \"average\", \"minimum\", \"maximum\"}],
   \"activities\": [{\"sport\", \"start\", \"elapsed_s\", \"timer_s\", \"distance_m\",
                   \"hr_avg\", \"hr_max\"}],
   \"laps\": [{\"start\", \"timer_s\", \"distance_m\"}],
   \"events\": [{\"type\", \"start\", \"end\"}]}
\"samples\" are saved, \"counted\" took part: what was measured inside a pause does not.

Examples:
  paceline show 3f2a
  paceline show 3f2a --json";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_speed_is_a_positive_number_or_max() {
        for good in ["1", "0.5", "1e3", "max", "MAX"] {
            assert!(good.parse::<Speed>().is_ok(), "{good}");
        }
        for bad in ["0", "-1", "-0", "NaN", "inf", "-inf", "1e999", "", "fast", "1x"] {
            assert!(bad.parse::<Speed>().is_err(), "{bad}");
            let line = ["paceline", "run", "a.fit", "--speed", bad];
            assert!(Cli::try_parse_from(line).is_err(), "{bad}");
        }
    }
}
