//! Everything a screen shows, in one value.

use crate::configuration::WorkoutConfiguration;
use crate::enums::{WorkoutSessionState, WorkoutSessionType};
use crate::quantity_type::QuantityType;
use crate::statistics::Statistics;
use crate::time::{Span, Timestamp, Uuid};
use crate::workout::WorkoutActivity;

/// Everything a screen shows of a workout, as of one instant. Meant to be asked for once a frame instead of many getters.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WorkoutSnapshot {
    /// The session.
    pub id: Uuid,
    /// What kind of workout it is.
    pub configuration: WorkoutConfiguration,
    /// Which end of a mirrored workout this is.
    pub session_type: WorkoutSessionType,
    /// Where the session is in its life.
    pub state: WorkoutSessionState,
    /// When the session first ran.
    pub start_date: Option<Timestamp>,
    /// When it was stopped or ended.
    pub end_date: Option<Timestamp>,
    /// When collection began.
    pub collection_start: Option<Timestamp>,
    /// When collection ended.
    pub collection_end: Option<Timestamp>,
    /// The builder's time without pauses, as of `taken`.
    pub elapsed: Span,
    /// The statistics of the workout by rising type code.
    pub statistics: Vec<Statistics>,
    /// The activities by rising start. The numbers of one in progress are as of the last step.
    pub activities: Vec<WorkoutActivity>,
    /// How many events were collected.
    pub event_count: u32,
    /// The types that the data source collects, by rising code.
    pub types_to_collect: Vec<QuantityType>,
    /// Rises with every step of this workout; equal numbers mean that nothing changed in between.
    pub sequence: u64,
    /// Whether everything that happened is as safe as the store's durability promises. False while the store cannot be written,
    /// or is suspended: what happened since waits in memory. May change without a step.
    pub durable: bool,
    /// When the snapshot was taken, in the session's own time.
    pub taken: Timestamp,
}

impl From<paceline::WorkoutSnapshot> for WorkoutSnapshot {
    fn from(snapshot: paceline::WorkoutSnapshot) -> Self {
        Self {
            id: snapshot.id,
            configuration: snapshot.configuration.into(),
            session_type: snapshot.session_type.into(),
            state: snapshot.state.into(),
            start_date: snapshot.start_date,
            end_date: snapshot.end_date,
            collection_start: snapshot.collection_start,
            collection_end: snapshot.collection_end,
            elapsed: snapshot.elapsed.into(),
            statistics: snapshot.statistics.iter().map(Into::into).collect(),
            activities: snapshot.activities.iter().map(|activity| (**activity).clone().into()).collect(),
            event_count: snapshot.event_count,
            types_to_collect: snapshot.types_to_collect.iter().map(Into::into).collect(),
            sequence: snapshot.sequence,
            durable: snapshot.durable,
            taken: snapshot.taken,
        }
    }
}
