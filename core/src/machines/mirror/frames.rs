//! What two devices say to each other about a workout.
//!
//! A frame is its kind, LEB128, and the rest as `postcard` writes it. A kind that is not known is read over, so that an older release
//! understands what it can of a newer one; a change of what a kind means is a new kind. Kinds are never used again.

use super::link::Refusal;
use super::picture::Part;
use crate::machines::change::Input;
use crate::values::{
    Metadata, PacelineError, RemoteCommand, Timestamp, WorkoutConfiguration, WorkoutEvent, WorkoutEventType,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One state of one session: owners differ in their epoch, steps of one owner in their sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) session: Uuid,
    pub(crate) epoch: u64,
    pub(crate) sequence: u64,
}

/// Where an observer stands: in which of the pictures that the primary began, and how many steps it took in since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub(crate) place: Place,
    pub(crate) begun: u32,
    pub(crate) steps: u32,
}

/// A command of an observer, with dates of the session's time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Command {
    Pause,
    Resume,
    Stop { date: Option<Timestamp> },
    End,
    BeginActivity { id: Uuid, configuration: WorkoutConfiguration, date: Timestamp, metadata: Metadata },
    EndActivity { date: Timestamp },
    Report(WorkoutEvent),
}

impl Command {
    pub(crate) fn kind(&self) -> RemoteCommand {
        match self {
            Self::Pause => RemoteCommand::Pause,
            Self::Resume => RemoteCommand::Resume,
            Self::Stop { .. } => RemoteCommand::StopActivity,
            Self::End => RemoteCommand::End,
            Self::BeginActivity { .. } => RemoteCommand::BeginNewActivity,
            Self::EndActivity { .. } => RemoteCommand::EndCurrentActivity,
            Self::Report(_) => RemoteCommand::ReportEvent,
        }
    }

    /// The same on another timeline.
    pub(crate) fn with_dates(self, map: impl Fn(Timestamp) -> Timestamp) -> Self {
        match self {
            Self::Stop { date } => Self::Stop { date: date.map(map) },
            Self::BeginActivity { id, configuration, date, metadata } => {
                Self::BeginActivity { id, configuration, date: map(date), metadata }
            }
            Self::EndActivity { date } => Self::EndActivity { date: map(date) },
            Self::Report(event) => {
                Self::Report(WorkoutEvent { start: map(event.start), end: map(event.end), ..event })
            }
            same @ (Self::Pause | Self::Resume | Self::End) => same,
        }
    }

    /// What it means to the workout.
    ///
    /// # Errors
    /// Health 3 for what only the device that has the session can tell.
    pub(crate) fn input(self) -> Result<Input<'static>, PacelineError> {
        use WorkoutEventType::{Lap, Marker, Segment};
        Ok(match self {
            Self::Pause => Input::Pause,
            Self::Resume => Input::Resume,
            Self::Stop { date } => Input::StopActivity { date },
            Self::End => Input::End,
            Self::BeginActivity { id, configuration, date, metadata } => {
                configuration.validate()?;
                Input::BeginActivity { id, configuration, date, metadata }
            }
            Self::EndActivity { date } => Input::EndActivity { date },
            Self::Report(event) if matches!(event.event_type, Lap | Marker | Segment) => Input::Report(event),
            Self::Report(_) => {
                return Err(PacelineError::invalid("a mirror can report laps, markers and segments only"));
            }
        })
    }
}

/// Why an observer hears no more of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Farewell {
    /// The primary stopped mirroring.
    Stopped,
    /// The session is over.
    Ended,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Frame {
    /// The first of an observer: what it has.
    Has(Option<Standing>),
    /// The observer is to begin with an empty picture of this session, the primary's n-th.
    Begin {
        place: Place,
        begun: u32,
        configuration: WorkoutConfiguration,
    },
    /// What leads from the picture that the observer has to this step, which happened at this instant; and the present at the
    /// primary, both of the session's time. `travel`: how many microseconds a message takes that nothing holds up, as far as the
    /// primary knows. It sends more, so that it knows better.
    Step {
        sequence: u64,
        at: Timestamp,
        now: Timestamp,
        travel: u64,
        parts: Vec<Part>,
    },
    /// The observer asks. What is asked twice under one id is done once.
    Ask {
        id: Uuid,
        command: Command,
    },
    /// The primary answers: nothing, or the code and the sentence of a refusal.
    Answer {
        id: Uuid,
        refusal: Option<(u32, String)>,
    },
    Farewell(Farewell),
}

const HAS: u8 = 1;
const BEGIN: u8 = 2;
const STEP: u8 = 3;
const ASK: u8 = 4;
const ANSWER: u8 = 5;
const FAREWELL: u8 = 8;

impl Frame {
    pub(crate) fn write(&self) -> Vec<u8> {
        fn with<T: Serialize>(kind: u8, body: &T) -> Vec<u8> {
            // Nothing that is written here can fail: there are no maps of unknown length.
            postcard::to_extend(body, vec![kind]).unwrap_or_default()
        }
        match self {
            Self::Has(place) => with(HAS, place),
            Self::Begin { place, begun, configuration } => with(BEGIN, &(place, begun, configuration)),
            Self::Step { sequence, at, now, travel, parts } => {
                // The present is near to the step, and that to nothing.
                let since = now.micros_since(*at);
                with(STEP, &(sequence, at, since, travel, parts))
            }
            Self::Ask { id, command } => with(ASK, &(id, command)),
            Self::Answer { id, refusal } => with(ANSWER, &(id, refusal)),
            Self::Farewell(why) => with(FAREWELL, why),
        }
    }

    /// Reads a frame; nothing for one of a kind that is not known.
    pub(crate) fn read(bytes: &[u8]) -> Result<Option<Self>, Refusal> {
        fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
            match postcard::take_from_bytes(bytes) {
                // What follows is of a release that had more to say.
                Ok((body, _rest)) => Ok(body),
                Err(_) => Err(Refusal::Malformed),
            }
        }
        let (kind, rest) = bytes.split_first().ok_or(Refusal::Malformed)?;
        Ok(Some(match *kind {
            HAS => Self::Has(body(rest)?),
            BEGIN => {
                let (place, begun, configuration) = body(rest)?;
                Self::Begin { place, begun, configuration }
            }
            STEP => {
                let (sequence, at, since, travel, parts): (_, Timestamp, i64, _, _) = body(rest)?;
                Self::Step { sequence, at, now: at.plus_micros(since), travel, parts }
            }
            ASK => {
                let (id, command) = body(rest)?;
                Self::Ask { id, command }
            }
            ANSWER => {
                let (id, refusal) = body(rest)?;
                Self::Answer { id, refusal }
            }
            FAREWELL => Self::Farewell(body(rest)?),
            _ => return Ok(None),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::WorkoutActivityType;
    use proptest::prelude::*;

    fn place() -> Place {
        Place { session: Uuid::from_u128(0x0102), epoch: 3, sequence: 300 }
    }

    fn all() -> Vec<Frame> {
        let at = Timestamp::from_micros(1_700_000_000_000_000);
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        vec![
            Frame::Has(None),
            Frame::Has(Some(Standing { place: place(), begun: 1, steps: 2 })),
            Frame::Begin { place: place(), begun: 1, configuration: run },
            Frame::Step {
                sequence: 301,
                at,
                now: at.plus_micros(5),
                travel: 300,
                parts: vec![Part::Events(2), Part::Numbers(vec![1, 2])],
            },
            Frame::Ask { id: Uuid::from_u128(1), command: Command::Pause },
            Frame::Ask { id: Uuid::from_u128(2), command: Command::Stop { date: Some(at) } },
            Frame::Answer { id: Uuid::from_u128(1), refusal: Some((1003, "no".to_owned())) },
            Frame::Farewell(Farewell::Ended),
        ]
    }

    #[test]
    fn frames_read_back() {
        for frame in all() {
            let mut bytes = frame.write();
            assert_eq!(Frame::read(&bytes), Ok(Some(frame.clone())));
            // A newer release may say more at the end.
            bytes.push(77);
            assert_eq!(Frame::read(&bytes), Ok(Some(frame)));
        }
        assert_eq!(Frame::read(&[]), Err(Refusal::Malformed));
        assert_eq!(Frame::read(&[99, 1, 2, 3]), Ok(None));
    }

    /// The bytes of each kind, as every release reads them.
    #[test]
    fn frames_are_written_so() {
        let hex = |frame: &Frame| {
            use std::fmt::Write;
            frame.write().iter().fold(String::new(), |mut text, byte| {
                write!(text, "{byte:02x}").expect("memory");
                text
            })
        };
        let written: Vec<_> = all().iter().map(hex).collect();
        let at = "8080f28183898506";
        let id = "1000000000000000000000000000000102";
        let other = |id: u8| format!("10{}{id:02x}", "00".repeat(15));
        let expected = [
            "0100".to_owned(),
            format!("0101{id}03ac020102"),
            format!("02{id}03ac020125010000"),
            format!("03ad02{at}0aac020204020602{}", "0102"),
            format!("04{}00", other(1)),
            format!("04{}0201{at}", other(2)),
            format!("05{}01eb07026e6f", other(1)),
            "0801".to_owned(),
        ];
        assert_eq!(written, expected);
    }

    proptest! {
        #[test]
        fn garbage_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Frame::read(&bytes);
        }
    }
}
