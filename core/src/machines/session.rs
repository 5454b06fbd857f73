//! The session: which command is allowed in which state, and what it does (reference, sections 3.4 to 3.8).

use super::activities::{Activity, check_kind};
use super::change::Change;
use super::dates::{latest_sample, not_in_future, not_later};
use super::host_facts::HostFacts;
use crate::values::{
    Metadata, PacelineError, Timestamp, WorkoutConfiguration, WorkoutEvent, WorkoutEventType,
    WorkoutSessionState, WorkoutSessionType,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The commands that the table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Prepare,
    StartActivity,
    Pause,
    Resume,
    StopActivity,
    End,
    BeginNewActivity,
    EndCurrentActivity,
}

/// The state table: where a command leads from a state; nothing when it is refused there.
///
/// The two activity commands leave the state as it is. [inferred] cells of the reference are followed: `end` from every
/// live state, `stopActivity` from paused, activities begin and end while paused.
pub(crate) const fn next_state(command: Command, state: WorkoutSessionState) -> Option<WorkoutSessionState> {
    use Command as C;
    use WorkoutSessionState as S;
    match (command, state) {
        (C::Prepare, S::NotStarted) => Some(S::Prepared),
        (C::StartActivity, S::NotStarted | S::Prepared) | (C::Resume, S::Paused) => Some(S::Running),
        (C::Pause, S::Running) => Some(S::Paused),
        (C::StopActivity, S::Running | S::Paused) => Some(S::Stopped),
        (C::End, S::NotStarted | S::Prepared | S::Running | S::Paused | S::Stopped) => Some(S::Ended),
        (C::BeginNewActivity | C::EndCurrentActivity, S::Running | S::Paused) => Some(state),
        _ => None,
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prepare => "prepare",
            Self::StartActivity => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::StopActivity => "stop",
            Self::End => "end",
            Self::BeginNewActivity => "begin an activity in",
            Self::EndCurrentActivity => "end an activity of",
        })
    }
}

/// A workout session on the device that owns it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) configuration: WorkoutConfiguration,
    pub(crate) session_type: WorkoutSessionType,
    pub(crate) state: WorkoutSessionState,
    /// Set when the state first becomes running.
    pub(crate) start: Option<Timestamp>,
    /// Set when the state first becomes stopped or ended; never changed afterwards.
    pub(crate) end: Option<Timestamp>,
    /// Every activity begun, by rising start; only the last can be open.
    pub(crate) activities: Vec<Activity>,
    /// Other devices mirror it; never once it has ended.
    pub(crate) mirroring: bool,
}

impl Session {
    pub(crate) fn new(id: Uuid, configuration: WorkoutConfiguration) -> Self {
        Self {
            id,
            configuration,
            session_type: WorkoutSessionType::Primary,
            state: WorkoutSessionState::NotStarted,
            start: None,
            end: None,
            activities: Vec::new(),
            mirroring: false,
        }
    }

    /// Whether the session is in session mode: it counts as the one session of its device.
    pub(crate) fn is_active(&self) -> bool {
        use WorkoutSessionState as S;
        matches!(self.state, S::Prepared | S::Running | S::Paused | S::Stopped)
    }

    /// Up to which date samples are measured for it; nothing while none are. After `stopped` the last ones still trickle
    /// in, but none is measured later. A clock that runs ahead must not spoil what comes after, so that samples of the
    /// future are not taken, but for the few seconds by which clocks differ.
    pub(crate) fn measures_until(&self, now: Timestamp) -> Option<Timestamp> {
        use WorkoutSessionState as S;
        matches!(self.state, S::Running | S::Paused | S::Stopped)
            .then(|| self.end.unwrap_or_else(|| latest_sample(now)))
    }

    pub(crate) fn open_activity(&self) -> Option<&Activity> {
        self.activities.last().filter(|activity| activity.is_open())
    }

    /// Looks a command up in the table.
    fn transition(&self, command: Command) -> Result<WorkoutSessionState, PacelineError> {
        next_state(command, self.state).ok_or_else(|| {
            PacelineError::invalid(format!("cannot {command} a session that is {}", self.state))
        })
    }

    fn move_to(&self, to: WorkoutSessionState, date: Timestamp) -> Change {
        Change::StateChanged { from: self.state, to, date }
    }

    pub(crate) fn prepare(&self, facts: &HostFacts, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        let to = self.transition(Command::Prepare)?;
        Ok(match facts.refusal_to_start() {
            Some(refusal) => self.fail(&refusal, now),
            None => vec![self.move_to(to, now)],
        })
    }

    pub(crate) fn start_activity(
        &self,
        date: Option<Timestamp>,
        facts: &HostFacts,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        let to = self.transition(Command::StartActivity)?;
        let date = not_in_future(date.unwrap_or(now), now, "the start of a workout")?;
        Ok(match facts.refusal_to_start() {
            Some(refusal) => self.fail(&refusal, now),
            None => vec![self.move_to(to, date)],
        })
    }

    pub(crate) fn pause(&self, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        let to = self.transition(Command::Pause)?;
        let event = WorkoutEvent::at(WorkoutEventType::Pause, now);
        Ok(vec![self.move_to(to, now), Change::SessionEvent(event)])
    }

    pub(crate) fn resume(&self, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        let to = self.transition(Command::Resume)?;
        let event = WorkoutEvent::at(WorkoutEventType::Resume, now);
        Ok(vec![self.move_to(to, now), Change::SessionEvent(event)])
    }

    pub(crate) fn stop_activity(
        &self,
        date: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        let to = self.transition(Command::StopActivity)?;
        let date = not_in_future(date.unwrap_or(now), now, "the end of a workout")?;
        if self.start.is_some_and(|start| date < start) {
            return Err(PacelineError::invalid("a workout cannot stop before it started").with_value(date));
        }
        if let Some(activity) =
            self.activities.last().filter(|activity| date < activity.end.unwrap_or(activity.start))
        {
            return Err(PacelineError::invalid(format!(
                "a workout cannot stop before {}, the {} of its last activity",
                activity.end.unwrap_or(activity.start),
                if activity.is_open() { "start" } else { "end" },
            ))
            .with_value(date));
        }
        let mut changes = self.end_open_activity(date);
        changes.push(self.move_to(to, date));
        Ok(changes)
    }

    pub(crate) fn end(&self, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        let to = self.transition(Command::End)?;
        let mut changes = self.end_open_activity(now);
        changes.push(self.move_to(to, now));
        Ok(changes)
    }

    /// Something stops the session. In `ended` and `notStarted` the reference still lets an error be told, but a
    /// finished session hears nothing more.
    pub(crate) fn fail(&self, error: &PacelineError, now: Timestamp) -> Vec<Change> {
        if self.state == WorkoutSessionState::Ended {
            return Vec::new();
        }
        let mut changes =
            vec![Change::Failed { code: error.code().raw(), message: error.message().to_owned() }];
        changes.extend(self.end_open_activity(now));
        changes.push(self.move_to(WorkoutSessionState::Ended, now));
        changes
    }

    pub(crate) fn begin_activity(
        &self,
        id: Uuid,
        configuration: WorkoutConfiguration,
        date: Timestamp,
        metadata: Metadata,
        now: Timestamp,
    ) -> Result<Vec<Change>, PacelineError> {
        self.transition(Command::BeginNewActivity)?;
        check_kind(&self.configuration, &configuration)?;
        crate::values::metadata::validate(&Metadata::new(), &metadata)?;
        let date = not_in_future(date, now, "the start of an activity")?;
        self.check_after_earlier_activities(date, "begin")?;
        let mut changes = self.end_open_activity(date);
        let activity = Activity { id, configuration, start: date, end: None, metadata };
        changes.push(Change::SessionActivityBegan(activity));
        Ok(changes)
    }

    pub(crate) fn end_activity(&self, date: Timestamp, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        self.transition(Command::EndCurrentActivity)?;
        let date = not_in_future(date, now, "the end of an activity")?;
        if self.open_activity().is_none() {
            return Err(PacelineError::invalid("no activity is in progress, only the workout itself"));
        }
        self.check_after_earlier_activities(date, "end")?;
        Ok(self.end_open_activity(date))
    }

    /// The platform detected something. While paused only a request to go on is let through (reference, section 3.7).
    pub(crate) fn report(&self, event: &WorkoutEvent, now: Timestamp) -> Result<Vec<Change>, PacelineError> {
        use WorkoutEventType::{Pause, PauseOrResumeRequest, Resume};
        event.validate()?;
        if matches!(event.event_type, Pause | Resume) {
            return Err(PacelineError::invalid("a session is paused and resumed by its own calls"));
        }
        let heard = match self.state {
            WorkoutSessionState::Running => true,
            WorkoutSessionState::Paused => event.event_type == PauseOrResumeRequest,
            _ => false,
        };
        if !heard {
            return Err(PacelineError::invalid(format!(
                "a session that is {} takes no event of type {}",
                self.state, event.event_type
            )));
        }
        let event = not_later(event, now)?;
        if self.start.is_some_and(|start| event.start < start) {
            return Err(
                PacelineError::invalid("an event cannot lie before the workout").with_value(event.start)
            );
        }
        Ok(vec![Change::SessionEvent(event)])
    }

    /// Whether other devices mirror it. To say the same twice changes nothing.
    pub(crate) fn set_mirroring(&self, on: bool) -> Result<Vec<Change>, PacelineError> {
        if on && self.state == WorkoutSessionState::Ended {
            return Err(PacelineError::invalid("a session that has ended cannot be mirrored"));
        }
        Ok((on != self.mirroring).then_some(Change::MirroringSet(on)).into_iter().collect())
    }

    fn check_after_earlier_activities(&self, date: Timestamp, what: &str) -> Result<(), PacelineError> {
        let earliest = match self.activities.last() {
            Some(activity) => activity.end.unwrap_or(activity.start),
            None => self.start.unwrap_or(Timestamp::MIN),
        };
        if date < earliest {
            return Err(PacelineError::invalid(format!("this activity cannot {what} before {earliest}"))
                .with_value(date));
        }
        Ok(())
    }

    /// The open activity ends with whatever ends it, but never before it began.
    fn end_open_activity(&self, date: Timestamp) -> Vec<Change> {
        self.open_activity()
            .map(|open| Change::SessionActivityEnded { id: open.id, end: date.max(open.start) })
            .into_iter()
            .collect()
    }

    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::StateChanged { to, date, .. } => {
                self.state = *to;
                self.mirroring &= *to != WorkoutSessionState::Ended;
                match to {
                    WorkoutSessionState::Running => {
                        self.start.get_or_insert(*date);
                    }
                    WorkoutSessionState::Stopped | WorkoutSessionState::Ended => {
                        self.end.get_or_insert(*date);
                    }
                    WorkoutSessionState::NotStarted
                    | WorkoutSessionState::Prepared
                    | WorkoutSessionState::Paused => {}
                }
            }
            Change::MirroringSet(on) => self.mirroring = *on,
            Change::SessionActivityBegan(activity) => self.activities.push(activity.clone()),
            Change::SessionActivityEnded { id, end } => {
                if let Some(activity) = self.activities.iter_mut().rev().find(|activity| activity.id == *id) {
                    activity.end = Some(*end);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every cell of the reference's table 3.5, as a person reads it: `-` is a refusal.
    #[test]
    fn the_state_table() {
        use Command as C;
        use WorkoutSessionState as S;
        let states = [S::NotStarted, S::Prepared, S::Running, S::Paused, S::Stopped, S::Ended];
        let table = [
            (C::Prepare, "prepared - - - - -"),
            (C::StartActivity, "running running - - - -"),
            (C::Pause, "- - paused - - -"),
            (C::Resume, "- - - running - -"),
            (C::StopActivity, "- - stopped stopped - -"),
            (C::End, "ended ended ended ended ended -"),
            (C::BeginNewActivity, "- - running paused - -"),
            (C::EndCurrentActivity, "- - running paused - -"),
        ];
        for (command, row) in table {
            for (state, expected) in states.into_iter().zip(row.split(' ')) {
                let found = next_state(command, state).map_or("-", S::name);
                assert_eq!(found, expected, "{command:?} in {state}");
            }
        }
    }
}
