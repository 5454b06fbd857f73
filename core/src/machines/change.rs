//! What can happen to a workout, and what it does: inputs, changes, notices.
//!
//! A machine turns an input into changes without touching itself, the shell commits the changes, the machine applies
//! them, and what the delegates hear is read off the same list. The journal is this list, so a variant keeps its place
//! for ever: new ones go to the end.

use super::activities::Activity;
use super::data_source::{SamplePredicate, Selection};
use super::host_facts::HostFacts;
use super::timeline::Tick;
use crate::values::{
    ErrorCode, Metadata, PacelineError, QuantityType, RemoteCommand, Timestamp, TypeSet,
    WorkoutConfiguration, WorkoutEvent, WorkoutSessionState,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A call to the session or the builder, or something the platform did.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    Prepare {
        facts: &'a HostFacts,
    },
    StartActivity {
        date: Option<Timestamp>,
        facts: &'a HostFacts,
    },
    Pause,
    Resume,
    StopActivity {
        date: Option<Timestamp>,
    },
    End,
    BeginActivity {
        id: Uuid,
        configuration: WorkoutConfiguration,
        date: Timestamp,
        metadata: Metadata,
    },
    EndActivity {
        date: Timestamp,
    },
    /// The platform detected an event.
    Report(WorkoutEvent),
    /// Something stops the session.
    Fail(PacelineError),

    BeginCollection {
        start: Timestamp,
    },
    AddEvents(Vec<WorkoutEvent>),
    AddMetadata(Metadata),
    AddActivity(Activity),
    UpdateActivityEnd {
        id: Uuid,
        end: Timestamp,
    },
    UpdateActivityMetadata {
        id: Uuid,
        metadata: Metadata,
    },
    EndCollection {
        end: Timestamp,
    },
    Finish {
        facts: &'a HostFacts,
    },
    Discard,
    SetCollectsEvents(bool),
    SetDataSource(Option<Selection>),
    EnableCollection {
        kind: QuantityType,
        predicate: Option<SamplePredicate>,
    },
    DisableCollection {
        kind: QuantityType,
    },
    SetPayload(Vec<u8>),
    SetMirroring(bool),
}

impl Input<'_> {
    /// The same on the session's timeline: `map` is for dates of what happened, `bound` for limits that may lie anywhere.
    pub(crate) fn with_dates(
        self,
        map: impl Fn(Timestamp) -> Timestamp,
        bound: impl Fn(Timestamp) -> Timestamp,
    ) -> Self {
        let event =
            |event: WorkoutEvent| WorkoutEvent { start: map(event.start), end: map(event.end), ..event };
        match self {
            Self::StartActivity { date, facts } => Self::StartActivity { date: date.map(&map), facts },
            Self::StopActivity { date } => Self::StopActivity { date: date.map(&map) },
            Self::BeginActivity { id, configuration, date, metadata } => {
                Self::BeginActivity { id, configuration, date: map(date), metadata }
            }
            Self::EndActivity { date } => Self::EndActivity { date: map(date) },
            Self::Report(reported) => Self::Report(event(reported)),
            Self::BeginCollection { start } => Self::BeginCollection { start: map(start) },
            Self::AddEvents(events) => Self::AddEvents(events.into_iter().map(event).collect()),
            Self::AddActivity(activity) => Self::AddActivity(Activity {
                start: map(activity.start),
                end: activity.end.map(&map),
                ..activity
            }),
            Self::UpdateActivityEnd { id, end } => Self::UpdateActivityEnd { id, end: map(end) },
            Self::EndCollection { end } => Self::EndCollection { end: map(end) },
            Self::EnableCollection { kind, predicate } => Self::EnableCollection {
                kind,
                predicate: predicate.map(|predicate| predicate.with_dates(&bound)),
            },
            same @ (Self::Prepare { .. }
            | Self::Pause
            | Self::Resume
            | Self::End
            | Self::Fail(_)
            | Self::AddMetadata(_)
            | Self::UpdateActivityMetadata { .. }
            | Self::Finish { .. }
            | Self::Discard
            | Self::SetCollectsEvents(_)
            // What it selects was chosen before, in the time of that day.
            | Self::SetDataSource(_)
            | Self::DisableCollection { .. }
            | Self::SetPayload(_)
            | Self::SetMirroring(_)) => same,
        }
    }
}

/// One thing that changes. The order in a list is the order in which delegates hear of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Change {
    StateChanged {
        from: WorkoutSessionState,
        to: WorkoutSessionState,
        date: Timestamp,
    },
    /// Always before the change to `ended` that follows from it.
    Failed {
        code: u32,
        message: String,
    },
    SessionEvent(WorkoutEvent),
    SessionActivityBegan(Activity),
    SessionActivityEnded {
        id: Uuid,
        end: Timestamp,
    },

    CollectionBegan {
        start: Timestamp,
    },
    EventsAdded(Vec<WorkoutEvent>),
    MetadataAdded(Metadata),
    ActivityAdded(Activity),
    ActivityEnded {
        id: Uuid,
        end: Timestamp,
    },
    ActivityMetadataAdded {
        id: Uuid,
        metadata: Metadata,
    },
    CollectionEnded {
        end: Timestamp,
    },
    CollectsEventsSet(bool),
    DataSourceSet(Option<Selection>),
    CollectionEnabled {
        kind: QuantityType,
        predicate: Option<SamplePredicate>,
    },
    CollectionDisabled {
        kind: QuantityType,
    },
    BuilderFailed,
    Finished,
    Discarded,
    PayloadSet(Vec<u8>),
    /// When all of this step happened; the first of its list, from the first change of state on.
    Ticked(Tick),
    MirroringSet(bool),
    /// A command of another device was carried out: the rest of this step. Asked again, it is not carried out again.
    Obeyed(Uuid),
}

impl Change {
    /// The date from which on the samples collected so far are no part of the workout any more: an end that is told late
    /// gives the workout that it would have given in time. What the app adds afterwards counts.
    pub(crate) fn lets_go_from(&self) -> Option<Timestamp> {
        match self {
            Self::CollectionEnded { end } => Some(*end),
            _ => None,
        }
    }

    /// Whether this must reach the disk at once, whatever the host said about durability.
    pub(crate) fn is_state_change(&self) -> bool {
        matches!(
            self,
            Self::StateChanged { .. }
                | Self::CollectionBegan { .. }
                | Self::CollectionEnded { .. }
                | Self::Finished
                | Self::Discarded
        )
    }
}

/// What a delegate hears.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Notice {
    StateChanged {
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    },
    Failed(PacelineError),
    Event(WorkoutEvent),
    ActivityBegan {
        configuration: WorkoutConfiguration,
        date: Timestamp,
    },
    ActivityEnded {
        configuration: WorkoutConfiguration,
        date: Timestamp,
    },
    DurabilityLost(PacelineError),
    DurabilityRegained,
    /// A session of another device is mirrored here from now on.
    MirroringBegan,
    /// The other device answered a command of this mirror; nothing when it was carried out.
    CommandAnswered {
        command: RemoteCommand,
        refusal: Option<PacelineError>,
    },
    /// This mirror is of no use any more; without an error when that was intended.
    Disconnected(Option<PacelineError>),

    DataCollected(TypeSet),
    EventCollected,
    BuilderActivityBegan {
        id: Uuid,
    },
    BuilderActivityEnded {
        id: Uuid,
    },
}

impl Notice {
    /// Whether the session's delegate hears it; else the builder's does.
    pub(crate) const fn is_for_session(&self) -> bool {
        match self {
            Self::StateChanged { .. }
            | Self::Failed(_)
            | Self::Event(_)
            | Self::ActivityBegan { .. }
            | Self::ActivityEnded { .. }
            | Self::DurabilityLost(_)
            | Self::DurabilityRegained
            | Self::MirroringBegan
            | Self::CommandAnswered { .. }
            | Self::Disconnected(_) => true,
            Self::DataCollected(_)
            | Self::EventCollected
            | Self::BuilderActivityBegan { .. }
            | Self::BuilderActivityEnded { .. } => false,
        }
    }
}

pub(crate) fn failure(code: u32, message: &str) -> PacelineError {
    PacelineError::new(ErrorCode::from_raw(code).unwrap_or(ErrorCode::Unknown), message)
}
