//! Why a command failed, as the one sentence that a person reads.

use paceline::{ErrorCode, PacelineError};
use paceline_formats::FormatError;
use std::fmt;
use std::io;

/// Why a command failed. Displayed as one sentence with what to do.
#[derive(Debug)]
pub enum Failure {
    /// The recording could not be read.
    Recording {
        /// The file, where there is one.
        file: Option<String>,
        /// What is wrong with it.
        error: FormatError,
        /// Whether salvage was tried.
        salvaged: bool,
    },
    /// The engine or its store refused.
    Engine(PacelineError),
    /// What was to be printed could not be.
    Output(io::Error),
    /// No workout was going on; a sentence.
    NothingToRecover(String),
    /// Anything else, as a sentence.
    Other(String),
}

impl Failure {
    /// Whether the reader of the output went away, as `head` does. That is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What the program tells other programs.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NothingToRecover(_) => 3,
            _ => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::Recording { file, error, salvaged } => {
                // An error of the disk names the file itself.
                let named = file.as_ref().filter(|_| !matches!(error, FormatError::Io { .. }));
                let file = named.map(|file| format!("{file}: ")).unwrap_or_default();
                format!("{file}{error}; {}", advice(error, *salvaged))
            }
            Self::Engine(error) => match engine_advice(error.code()) {
                Some(advice) => format!("{error}; {advice}"),
                None => error.to_string(),
            },
            Self::Output(error) => format!("cannot write the output: {error}; check where it goes"),
            Self::NothingToRecover(sentence) | Self::Other(sentence) => sentence.clone(),
        };
        // File names and texts from files may hold anything; the answer stays one line without control characters.
        let clean = |letter: char| if letter.is_control() { ' ' } else { letter };
        f.write_str(&sentence.chars().map(clean).collect::<String>())
    }
}

impl std::error::Error for Failure {}

impl From<PacelineError> for Failure {
    fn from(error: PacelineError) -> Self {
        Self::Engine(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn advice(error: &FormatError, salvaged: bool) -> &'static str {
    match error {
        _ if error.salvageable() && !salvaged => "try --salvage to read what is whole",
        FormatError::Empty => "record or export it again",
        FormatError::Unrecognised { .. } | FormatError::TooLarge { .. } => {
            "check that it is the file you meant"
        }
        FormatError::NoActivity { .. } => "choose the file of a recorded activity",
        FormatError::Io { .. } => "check the path",
        _ => "nothing of it can be used, export it again",
    }
}

/// What to do about a refusal whose own sentence does not say it.
fn engine_advice(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::StoreWriteFailed => Some("check free space and permissions of the store"),
        ErrorCode::StoreReadFailed => Some("check the store, or choose another one with --store"),
        ErrorCode::StoreBusy => Some("wait for the other program, then try again"),
        _ => None,
    }
}
