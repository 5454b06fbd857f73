//! The side that mirrors: what it shows, which time it is there, and what it asks.

use super::frames::{Command, Farewell, Frame, Place, Standing};
use super::link::Refusal;
use super::picture::Picture;
use crate::values::{ErrorCode, PacelineError, RemoteCommand, Timestamp, WorkoutConfiguration};
use std::time::Duration;
use uuid::Uuid;

/// So many commands may wait for their answers.
const MOST_COMMANDS: usize = 16;

/// What came of a frame.
#[derive(Debug, PartialEq)]
pub(crate) enum News {
    /// A session is mirrored here from now on, another one than before or the same one anew. What is not answered must be asked again.
    Began,
    /// The picture changed.
    Changed,
    /// A command was answered.
    Answered {
        command: RemoteCommand,
        refusal: Option<PacelineError>,
    },
    Farewell(Farewell),
}

/// A mirror.
#[derive(Debug)]
pub(crate) struct Observer {
    mirrored: Option<Mirrored>,
    /// Commands that are not answered yet.
    asked: Vec<(Uuid, Command)>,
    /// Whoever speaks owned the session before somebody else did: what it tells is of the past.
    is_past: bool,
}

/// The time of a session on a device that mirrors it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MirrorTime {
    /// By how many microseconds the present of the session is ahead of the passing time here.
    ahead: i64,
    /// The instant of the last step.
    at: Timestamp,
}

impl MirrorTime {
    /// The instant of the last step.
    pub(crate) fn last_step(&self) -> Timestamp {
        self.at
    }

    /// The present of the session, which goes on between two steps.
    pub(crate) fn now(&self, elapsed: Duration) -> Timestamp {
        let micros = i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_micros(micros.saturating_add(self.ahead)).max(self.at)
    }
}

#[derive(Debug)]
struct Mirrored {
    place: Place,
    begun: u32,
    steps: u32,
    picture: Picture,
    /// The instant of the last step.
    at: Timestamp,
    /// By how many microseconds the present of the session was ahead of the passing time here in the message that came through
    /// fastest.
    ahead: Option<i64>,
    /// How many microseconds such a message takes.
    travel: i64,
}

impl Observer {
    pub(crate) fn new() -> Self {
        Self { mirrored: None, asked: Vec::new(), is_past: false }
    }

    /// What is said when the link began, or began anew.
    pub(crate) fn link_began(&self) -> Vec<Frame> {
        let standing = |mirrored: &Mirrored| {
            let Mirrored { place, begun, steps, .. } = *mirrored;
            Standing { place, begun, steps }
        };
        let has = Frame::Has(self.mirrored.as_ref().map(standing));
        std::iter::once(has).chain(self.unanswered()).collect()
    }

    /// Commands that are not answered yet: to be asked again where the answer may have been lost.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = Frame> {
        self.asked.iter().map(|(id, command)| Frame::Ask { id: *id, command: command.clone() })
    }

    /// Takes in what the primary says. `elapsed` is the passing time here.
    ///
    /// # Errors
    /// When it makes no sense; then the mirror is empty, and the link must begin anew.
    pub(crate) fn hear(&mut self, frame: Frame, elapsed: Duration) -> Result<Option<News>, Refusal> {
        let news = match frame {
            Frame::Begin { place, begun, configuration } => self.begin(place, begun, configuration),
            Frame::Step { sequence, at, now, travel, parts } => {
                if self.is_past {
                    return Ok(None);
                }
                let Some(mirrored) = &mut self.mirrored else { return Err(Refusal::Malformed) };
                let applied = if sequence < mirrored.place.sequence {
                    Err(Refusal::Malformed)
                } else {
                    mirrored.picture.apply(parts)
                };
                if let Err(refusal) = applied {
                    self.mirrored = None;
                    self.asked.clear();
                    return Err(refusal);
                }
                mirrored.place.sequence = sequence;
                mirrored.steps += 1;
                mirrored.at = at;
                mirrored.note_time(now, elapsed);
                if travel > 0 {
                    mirrored.travel = i64::try_from(travel).unwrap_or(0);
                }
                Some(News::Changed)
            }
            Frame::Answer { id, refusal } => {
                let asked = self.asked.iter().position(|(asked, _)| *asked == id);
                let Some((_, command)) = asked.map(|asked| self.asked.remove(asked)) else {
                    return Ok(None);
                };
                let refusal = refusal.map(|(code, message)| {
                    PacelineError::new(ErrorCode::from_raw(code).unwrap_or(ErrorCode::Unknown), message)
                });
                Some(News::Answered { command: command.kind(), refusal })
            }
            Frame::Farewell(why) => {
                self.mirrored = None;
                self.asked.clear();
                Some(News::Farewell(why))
            }
            // These an observer says, and does not hear.
            Frame::Has(_) | Frame::Ask { .. } => None,
        };
        Ok(news)
    }

    /// Begins with an empty picture, unless whoever speaks owned the session before somebody else did.
    fn begin(&mut self, place: Place, begun: u32, configuration: WorkoutConfiguration) -> Option<News> {
        let known = self.mirrored.as_ref().filter(|known| known.place.session == place.session);
        self.is_past = known.is_some_and(|known| known.place.epoch > place.epoch);
        if self.is_past {
            return None;
        }
        // The way to it is as long as it was.
        let travel = known.map_or(0, |known| known.travel);
        if known.is_none() {
            self.asked.clear();
        }
        self.mirrored = Some(Mirrored {
            place,
            begun,
            steps: 0,
            picture: Picture::empty(configuration),
            at: Timestamp::MIN,
            ahead: None,
            travel,
        });
        Some(News::Began)
    }

    /// A command for the primary, under an id that no other one has.
    ///
    /// # Errors
    /// Health 3 when nothing is mirrored, or too many commands wait for their answers.
    pub(crate) fn ask(&mut self, id: Uuid, command: Command) -> Result<Frame, PacelineError> {
        if self.mirrored.is_none() {
            return Err(PacelineError::invalid("this session is not mirrored any more"));
        }
        if self.asked.len() >= MOST_COMMANDS {
            return Err(PacelineError::invalid("too many commands wait for their answers"));
        }
        self.asked.push((id, command.clone()));
        Ok(Frame::Ask { id, command })
    }

    pub(crate) fn picture(&self) -> Option<(&Picture, Place)> {
        self.mirrored.as_ref().map(|mirrored| (&mirrored.picture, mirrored.place))
    }

    /// The time of the session here; nothing before its first step.
    pub(crate) fn time(&self) -> Option<MirrorTime> {
        let mirrored = self.mirrored.as_ref()?;
        Some(MirrorTime { ahead: mirrored.ahead?.saturating_add(mirrored.travel), at: mirrored.at })
    }
}

impl Mirrored {
    /// The fastest message tells the time best: all others were held up.
    fn note_time(&mut self, now: Timestamp, elapsed: Duration) {
        let ahead = now.micros().saturating_sub(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX));
        // A clock that runs a little differently is followed slowly.
        let kept = self.ahead.map(|known| known.saturating_sub(20));
        self.ahead = Some(kept.map_or(ahead, |kept| kept.max(ahead)));
    }
}
