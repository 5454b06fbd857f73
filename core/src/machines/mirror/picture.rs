//! What a mirror shows of a workout, and how one picture leads to the next.
//!
//! The primary keeps the picture that an observer has, compares it with the workout, and sends the difference; the observer applies
//! it. Both do the same with it, so both have the same. An observer that has nothing has the empty picture. Events are sent the
//! latest first, some at a time: until all are there, the earlier ones are missing.

use super::link::Refusal;
use super::numbers::{self, Numbers};
use crate::machines::activities::Activity;
use crate::machines::live_workout::LiveWorkout;
use crate::machines::running_time::RunningTime;
use crate::values::{
    Metadata, Statistics, Timestamp, TypeSet, WorkoutActivity, WorkoutConfiguration, WorkoutEvent,
    WorkoutSessionState,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// So many events are told at once.
const EVENTS_AT_ONCE: usize = 20;

/// No workout has more events or activities; a peer that speaks of more is not believed.
const MOST: u32 = 1 << 16;

/// What is told as a whole when anything of it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) state: WorkoutSessionState,
    pub(crate) start: Option<Timestamp>,
    pub(crate) end: Option<Timestamp>,
    pub(crate) collection_start: Option<Timestamp>,
    pub(crate) collection_end: Option<Timestamp>,
    /// As far as it decides over the time from now on.
    pub(crate) time: RunningTime,
    pub(crate) types: TypeSet,
    /// The session's own activity in progress, which the builder has or has not.
    pub(crate) activity: Option<Activity>,
}

/// An activity of the builder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Leg {
    pub(crate) activity: Activity,
    /// Running microseconds of the workout before it began, and, when it is over, before it ended.
    pub(crate) running: (i64, Option<i64>),
}

/// What a mirror shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) configuration: WorkoutConfiguration,
    pub(crate) head: Option<Head>,
    pub(crate) metadata: Metadata,
    pub(crate) legs: Vec<Leg>,
    /// By rising start; nothing for those that are still to come.
    pub(crate) events: Vec<Option<WorkoutEvent>>,
    pub(crate) numbers: Numbers,
}

/// A part of a difference. Releases to come read it too: a variant keeps its place for ever, new ones go to the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Part {
    Head(Box<Head>),
    Metadata(Metadata),
    Legs(u32),
    Leg(u32, Leg),
    Events(u32),
    Event(u32, WorkoutEvent),
    Numbers(Vec<u8>),
}

impl Picture {
    /// The picture of whoever has heard nothing but what kind of workout it is.
    pub(crate) fn empty(configuration: WorkoutConfiguration) -> Self {
        Self {
            configuration,
            head: None,
            metadata: Metadata::new(),
            legs: Vec::new(),
            events: Vec::new(),
            numbers: Numbers::new(),
        }
    }

    /// A workout as it is after its last step, at this instant of its time.
    pub(crate) fn of(workout: &LiveWorkout, now: Timestamp) -> Self {
        let LiveWorkout { session, builder, .. } = workout;
        let whole =
            builder.start.map(|start| builder.statistics.of_workout(start, builder.end, &builder.time));
        let activities = builder.workout_activities(now);
        let scoped = |scope: usize, all: Vec<Statistics>| {
            all.into_iter().map(move |statistics| (scope as numbers::Scope, statistics))
        };
        let mut all: Numbers = scoped(0, whole.unwrap_or_default()).collect();
        for (index, activity) in activities.into_iter().enumerate() {
            all.extend(scoped(index + 1, activity.statistics));
        }
        let leg = |activity: &Activity| Leg {
            activity: activity.clone(),
            running: (
                builder.time.micros_until(activity.start),
                activity.end.map(|end| builder.time.micros_until(end)),
            ),
        };
        Self {
            configuration: session.configuration.clone(),
            head: Some(Head {
                state: session.state,
                start: session.start,
                end: session.end,
                collection_start: builder.start,
                collection_end: builder.end,
                time: builder.time.since_last_pause(),
                types: builder
                    .data_source
                    .as_ref()
                    .map(crate::machines::data_source::Selection::types)
                    .unwrap_or_default(),
                activity: session.open_activity().cloned(),
            }),
            metadata: builder.metadata.clone(),
            legs: builder.activities.iter().map(leg).collect(),
            events: builder.events.iter().cloned().map(Some).collect(),
            numbers: all,
        }
    }

    /// What leads towards another picture; all the way, if not too many events are new.
    pub(crate) fn towards(&self, next: &Self) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(head) = &next.head
            && self.head.as_ref() != Some(head)
        {
            parts.push(Part::Head(Box::new(head.clone())));
        }
        if self.metadata != next.metadata {
            parts.push(Part::Metadata(next.metadata.clone()));
        }
        if self.legs.len() > next.legs.len() {
            parts.push(Part::Legs(next.legs.len() as u32));
        }
        for (index, leg) in next.legs.iter().enumerate() {
            if self.legs.get(index) != Some(leg) {
                parts.push(Part::Leg(index as u32, leg.clone()));
            }
        }
        if self.events.len() != next.events.len() {
            parts.push(Part::Events(next.events.len() as u32));
        }
        let new = next.events.iter().enumerate().rev().filter_map(|(index, event)| {
            let event = event.as_ref()?;
            (self.events.get(index).and_then(Option::as_ref) != Some(event)).then_some((index, event))
        });
        parts.extend(new.take(EVENTS_AT_ONCE).map(|(index, event)| Part::Event(index as u32, event.clone())));
        let numbers = numbers::write(&self.numbers, &next.numbers);
        if !numbers.is_empty() {
            parts.push(Part::Numbers(numbers));
        }
        parts
    }

    /// Applies what was sent.
    ///
    /// # Errors
    /// When it makes no sense. The picture is of no use then.
    pub(crate) fn apply(&mut self, parts: Vec<Part>) -> Result<(), Refusal> {
        for part in parts {
            match part {
                Part::Head(head) => self.head = Some(*head),
                Part::Metadata(metadata) => self.metadata = metadata,
                Part::Legs(count) => self.legs.truncate(count as usize),
                Part::Leg(index, leg) if (index as usize) < self.legs.len() => {
                    self.legs[index as usize] = leg;
                }
                Part::Leg(index, leg) if index as usize == self.legs.len() && index < MOST => {
                    self.legs.push(leg);
                }
                Part::Events(count) if count <= MOST => self.events.resize(count as usize, None),
                Part::Event(index, event) => {
                    *self.events.get_mut(index as usize).ok_or(Refusal::Malformed)? = Some(event);
                }
                Part::Leg(..) | Part::Events(_) => return Err(Refusal::Malformed),
                Part::Numbers(bytes) => numbers::read(&mut self.numbers, &bytes)?,
            }
        }
        Ok(())
    }

    /// The activities as they are shown, as of an instant.
    pub(crate) fn activities(&self, now: Timestamp) -> Vec<WorkoutActivity> {
        let Some(head) = &self.head else { return Vec::new() };
        let until = head.collection_end.unwrap_or(now);
        let activity = |(index, leg): (usize, &Leg)| {
            let Leg { activity, running: (before, after) } = leg;
            let running = after.unwrap_or_else(|| head.time.micros_until(until)).saturating_sub(*before);
            WorkoutActivity {
                id: activity.id,
                configuration: activity.configuration.clone(),
                start: activity.start,
                end: activity.end,
                metadata: activity.metadata.clone(),
                duration: Duration::from_micros(running.max(0).cast_unsigned()),
                statistics: self.statistics(index + 1),
            }
        };
        self.legs.iter().enumerate().map(activity).collect()
    }

    /// The activity in progress that the builder has, and the running microseconds of the workout before it began.
    pub(crate) fn open_leg(&self) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.activity.is_open())
    }

    /// When time counts. Earlier than its last pause only when all events are here.
    pub(crate) fn time(&self) -> RunningTime {
        let Some(head) = &self.head else { return RunningTime::default() };
        let events: Option<Vec<_>> = self.events.iter().cloned().collect();
        let whole = head.collection_start.zip(events).map(|(start, events)| RunningTime::new(start, &events));
        whole.filter(|whole| whole.since_last_pause() == head.time).unwrap_or_else(|| head.time.clone())
    }

    /// The numbers of the whole, 0, or of an activity, counted from 1.
    pub(crate) fn statistics(&self, scope: usize) -> Vec<Statistics> {
        let of = self.numbers.iter().filter(|(known, _)| usize::from(*known) == scope);
        of.map(|(_, statistics)| statistics.clone()).collect()
    }
}
