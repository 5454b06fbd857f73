//! The side that has the workout: what one observer is told, and what it may ask.
//!
//! At most one step is on its way to an observer; what happens meanwhile becomes part of the next one. So an observer that is slow,
//! or silent for minutes, costs the memory of one picture and never makes the workout wait.

use super::frames::{Command, Frame, Place, Standing};
use super::picture::Picture;
use crate::values::{PacelineError, Timestamp, WorkoutConfiguration};
use std::time::Duration;
use uuid::Uuid;

/// What a device that mirrors a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObserverRole {
    /// It sees everything and may ask for everything.
    #[default]
    Controller,
    /// It sees everything.
    Viewer,
}

/// What an observer wants.
#[derive(Debug, PartialEq)]
pub(crate) enum Wish {
    /// A command. It is answered with [`answer`].
    Command { id: Uuid, command: Command },
    /// A command of a viewer: it is refused already.
    Refused(Frame),
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

/// One observer, as the primary knows it.
#[derive(Debug)]
pub(crate) struct Primary {
    session: Uuid,
    epoch: u64,
    role: ObserverRole,
    /// What the observer has, once it said where it begins.
    told: Option<Told>,
    /// It said so on this link.
    listens: bool,
    /// How many pictures were begun.
    begun: u32,
}

#[derive(Debug)]
struct Told {
    picture: Picture,
    sequence: u64,
    steps: u32,
    /// Nothing of that step is still to come.
    is_whole: bool,
}

impl Primary {
    pub(crate) fn new(session: Uuid, epoch: u64, role: ObserverRole) -> Self {
        Self { session, epoch, role, told: None, listens: false, begun: 0 }
    }

    /// The link began, or began anew: what the observer has is not known until it says so.
    pub(crate) fn link_began(&mut self) {
        self.listens = false;
    }

    /// Takes in what the observer says. `now` is the present of the session.
    pub(crate) fn hear(
        &mut self,
        frame: Frame,
        configuration: &WorkoutConfiguration,
    ) -> (Vec<Frame>, Option<Wish>) {
        match frame {
            Frame::Has(place) => (self.begin(place, configuration), None),
            Frame::Ask { id, .. } if self.role == ObserverRole::Viewer => {
                let refusal = PacelineError::invalid("this device may look at the workout, not control it");
                (Vec::new(), Some(Wish::Refused(answer(id, Some(&refusal)))))
            }
            Frame::Ask { id, command } => (Vec::new(), Some(Wish::Command { id, command })),
            // These a primary says, and does not hear.
            Frame::Begin { .. } | Frame::Step { .. } | Frame::Answer { .. } | Frame::Farewell(_) => {
                (Vec::new(), None)
            }
        }
    }

    /// The observer said what it has: it goes on from there, or begins anew.
    fn begin(&mut self, has: Option<Standing>, configuration: &WorkoutConfiguration) -> Vec<Frame> {
        self.listens = true;
        let goes_on = has.zip(self.told.as_ref()).is_some_and(|(has, told)| {
            (has.place.session, has.place.epoch) == (self.session, self.epoch)
                && (has.begun, has.steps) == (self.begun, told.steps)
        });
        if goes_on {
            return Vec::new();
        }
        self.begun += 1;
        self.told = Some(Told {
            picture: Picture::empty(configuration.clone()),
            sequence: 0,
            steps: 0,
            is_whole: false,
        });
        let place = Place { session: self.session, epoch: self.epoch, sequence: 0 };
        vec![Frame::Begin { place, begun: self.begun, configuration: configuration.clone() }]
    }

    /// What is sent of the workout as it is after a step; nothing when the observer has it all. To be asked only while nothing else is
    /// on its way. `travel` is how long a message takes that nothing holds up.
    pub(crate) fn step(
        &mut self,
        workout: &Picture,
        sequence: u64,
        at: Timestamp,
        now: Timestamp,
        travel: Duration,
    ) -> Option<Frame> {
        let told = self.told.as_mut().filter(|_| self.listens)?;
        let parts = told.picture.towards(workout);
        if parts.is_empty() && told.sequence == sequence {
            return None;
        }
        // What the primary sends it can apply itself.
        told.picture.apply(parts.clone()).ok()?;
        told.is_whole = told.picture == *workout;
        told.sequence = sequence;
        told.steps += 1;
        Some(Frame::Step { sequence, at, now, travel: micros(travel), parts })
    }

    /// Whether the observer can be told something of the workout as it is after this step.
    pub(crate) fn is_behind(&self, sequence: u64) -> bool {
        self.listens && self.told.as_ref().is_some_and(|told| told.sequence != sequence || !told.is_whole)
    }

    /// Tells the time alone, to an observer that has everything: its clock runs a little differently, and the last message may have
    /// been held up on its way.
    pub(crate) fn present(&mut self, now: Timestamp, travel: Duration) -> Option<Frame> {
        let told = self.told.as_mut().filter(|_| self.listens)?;
        told.steps += 1;
        let (sequence, travel) = (told.sequence, micros(travel));
        Some(Frame::Step { sequence, at: now, now, travel, parts: Vec::new() })
    }

    pub(crate) fn set_role(&mut self, role: ObserverRole) {
        self.role = role;
    }

    pub(crate) fn session(&self) -> Uuid {
        self.session
    }
}

/// The answer to a command.
pub(crate) fn answer(id: Uuid, refusal: Option<&PacelineError>) -> Frame {
    Frame::Answer { id, refusal: refusal.map(|error| (error.code().raw(), error.message().to_owned())) }
}
