//! Everything a screen shows, in one structure.

use crate::error::null;
use crate::names::Enumeration;
use crate::outputs::too_small;
use crate::store_options::struct_size;
use crate::values::{
    PacelineActivity, PacelineConfiguration, PacelineStatistics, PacelineTypeSet, PacelineUuid, micros,
    micros_of,
};
use paceline::{PacelineError, WorkoutSnapshot};

/// Everything a screen shows of a workout, as of one instant. Start with PACELINE_SNAPSHOT_INIT, and say where the lists
/// should go; the structure can be used again for the next frame.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineSnapshot {
    /// sizeof(PacelineSnapshot).
    pub struct_size: usize,
    /// In: where to write the statistics of the workout, by rising type code; NULL when they are not wanted.
    pub statistics: *mut PacelineStatistics,
    /// In: how many there is room for. There are never more than types: PACELINE_TYPE_COUNT.
    pub statistics_capacity: usize,
    /// Out: how many there are.
    pub statistics_count: usize,
    /// In: where to write the activities, by rising start; NULL when they are not wanted. The numbers of one in progress
    /// are as of the last step.
    pub activities: *mut PacelineActivity,
    /// In: how many there is room for.
    pub activities_capacity: usize,
    /// Out: how many there are.
    pub activities_count: usize,
    /// The session.
    pub id: PacelineUuid,
    /// What kind of workout it is.
    pub configuration: PacelineConfiguration,
    /// Which end of a mirrored workout this is: PACELINE_SESSION_TYPE_.
    pub session_type: u32,
    /// Where the session is in its life: PACELINE_STATE_.
    pub state: u32,
    /// When the session first ran, microseconds since the Unix epoch, or PACELINE_NO_DATE. The dates below likewise.
    pub start_date: i64,
    /// When it was stopped or ended.
    pub end_date: i64,
    /// When collection began.
    pub collection_start: i64,
    /// When collection ended.
    pub collection_end: i64,
    /// The builder's time without pauses, microseconds.
    pub elapsed: i64,
    /// The types that the data source collects.
    pub types_to_collect: PacelineTypeSet,
    /// Rises with every step of this workout; equal numbers mean that nothing changed in between.
    pub sequence: u64,
    /// When the snapshot was taken, in the session's own time.
    pub taken: i64,
    /// How many events were collected.
    pub event_count: u32,
    /// 1 when everything that happened is as safe as PACELINE_DURABILITY_ promises; 0 while the store cannot be written, or is
    /// suspended: what happened since waits in memory. May change without a step.
    pub durable: u32,
}

impl PacelineSnapshot {
    /// Writes a snapshot where C wants it, the lists included.
    pub(crate) unsafe fn write(pointer: *mut Self, from: &WorkoutSnapshot) -> Result<(), PacelineError> {
        if pointer.is_null() {
            return Err(null("snapshot"));
        }
        let size = pointer.cast::<usize>().read();
        if size != size_of::<Self>() {
            return Err(struct_size("snapshot", size, size_of::<Self>()));
        }
        let Self { statistics, statistics_capacity, activities, activities_capacity, .. } = *pointer;
        let (statistics_count, activities_count) = (from.statistics.len(), from.activities.len());
        let fits = |missing: bool, capacity: usize, count: usize| missing || count <= capacity;
        if !fits(statistics.is_null(), statistics_capacity, statistics_count)
            || !fits(activities.is_null(), activities_capacity, activities_count)
        {
            (*pointer).statistics_count = statistics_count;
            (*pointer).activities_count = activities_count;
            return Err(too_small(statistics_count.max(activities_count)));
        }
        if !statistics.is_null() {
            for (index, one) in from.statistics.iter().enumerate() {
                statistics.add(index).write(one.into());
            }
        }
        if !activities.is_null() {
            for (index, one) in from.activities.iter().enumerate() {
                activities.add(index).write((&**one).into());
            }
        }
        pointer.write(Self {
            struct_size: size,
            statistics,
            statistics_capacity,
            statistics_count,
            activities,
            activities_capacity,
            activities_count,
            id: from.id.into(),
            configuration: (&from.configuration).into(),
            session_type: from.session_type.number(),
            state: from.state.number(),
            start_date: micros(from.start_date),
            end_date: micros(from.end_date),
            collection_start: micros(from.collection_start),
            collection_end: micros(from.collection_end),
            elapsed: micros_of(from.elapsed),
            types_to_collect: (&from.types_to_collect).into(),
            sequence: from.sequence,
            taken: from.taken.micros(),
            event_count: from.event_count,
            durable: u32::from(from.durable),
        });
        Ok(())
    }
}
