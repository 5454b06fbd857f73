//! What getters read: the state after the last step, put together once per step and shared.

use crate::machines::activities::Activity;
use crate::machines::builder::Builder;
use crate::machines::dates::latest_date;
use crate::machines::live_workout::LiveWorkout;
use crate::machines::mirror::frames::Place;
use crate::machines::mirror::observer::MirrorTime;
use crate::machines::mirror::picture::Picture;
use crate::machines::running_time::RunningTime;
use crate::machines::timeline::{Moment, Shift, Timeline};
use crate::values::{
    Metadata, QuantityType, Statistics, Timestamp, TypeSet, WorkoutActivity, WorkoutConfiguration,
    WorkoutEvent, WorkoutSessionState, WorkoutSessionType,
};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Everything a screen shows of a workout, as of one instant. Its dates are those of the session's own time, which goes on
/// undisturbed when the wall clock is set.
///
/// Meant to be asked for once a frame instead of many getters.
#[derive(Debug, Clone, PartialEq)]
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
    pub elapsed: Duration,
    /// The statistics of the workout by rising type code.
    pub statistics: Arc<[Statistics]>,
    /// The activities by rising start. The numbers of one in progress are as of the last step.
    pub activities: Arc<[Arc<WorkoutActivity>]>,
    /// How many events were collected.
    pub event_count: u32,
    /// The types that the data source collects.
    pub types_to_collect: TypeSet,
    /// Rises with every step of this workout; equal numbers mean that nothing changed in between.
    pub sequence: u64,
    /// Whether everything that happened is as safe as the store's `Durability` promises. False while the store cannot be
    /// written, or is suspended: what happened since waits in memory.
    pub durable: bool,
    /// When the snapshot was taken, in the session's own time.
    pub taken: Timestamp,
}

impl WorkoutSnapshot {
    /// The statistics of one type, or nothing when no sample of it counts.
    pub fn statistics(&self, quantity_type: QuantityType) -> Option<&Statistics> {
        self.statistics.iter().find(|statistics| statistics.quantity_type == quantity_type)
    }
}

/// How the present of a session is known.
#[derive(Debug, Clone, Copy)]
enum Present {
    Own(Timeline),
    Mirrored(MirrorTime),
    /// Nothing is heard of it any more.
    Stands(Timestamp),
}

impl Present {
    fn now(&self, at: Moment) -> Timestamp {
        match self {
            Self::Own(timeline) => timeline.now(at),
            Self::Mirrored(time) => time.now(at.elapsed),
            Self::Stands(date) => *date,
        }
    }

    fn shift(&self, at: Moment, earliest: Timestamp, latest: Timestamp) -> Shift {
        match self {
            Self::Own(timeline) => timeline.tick(at).shift(earliest, latest),
            Self::Mirrored(_) | Self::Stands(_) => Shift::of_mirror(self.now(at), at.now, earliest, latest),
        }
    }

    /// Whether the last thing that happened, or was measured, has this date.
    fn ends_at(&self, date: Timestamp) -> bool {
        matches!(self, Self::Own(timeline) if timeline.ends_at(date))
    }
}

/// The published state of one workout.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) id: Uuid,
    pub(crate) configuration: Arc<WorkoutConfiguration>,
    pub(crate) session_type: WorkoutSessionType,
    pub(crate) state: WorkoutSessionState,
    pub(crate) start_date: Option<Timestamp>,
    pub(crate) end_date: Option<Timestamp>,
    /// The session's activity in progress.
    session_activity: Option<Arc<Activity>>,
    pub(crate) collection_start: Option<Timestamp>,
    pub(crate) collection_end: Option<Timestamp>,
    pub(crate) collects_events: bool,
    pub(crate) time: Arc<RunningTime>,
    pub(crate) events: Arc<[WorkoutEvent]>,
    pub(crate) metadata: Arc<Metadata>,
    pub(crate) activities: Arc<[Arc<WorkoutActivity>]>,
    pub(crate) statistics: Arc<[Statistics]>,
    pub(crate) types_to_collect: Option<TypeSet>,
    pub(crate) payload: Arc<[u8]>,
    /// Whether other devices mirror it.
    pub(crate) mirroring: bool,
    present: Present,
    /// The running microseconds of the workout before the builder's activity in progress began.
    before_activity: i64,
    pub(crate) sequence: u64,
    pub(crate) durable: bool,
}

impl Published {
    /// The state of a workout, all of it put together anew.
    pub(crate) fn new(workout: &LiveWorkout, sequence: u64, at: Moment) -> Self {
        let LiveWorkout { session, builder, timeline, .. } = workout;
        let now = timeline.now(at);
        Self {
            id: session.id,
            configuration: Arc::new(session.configuration.clone()),
            session_type: session.session_type,
            state: session.state,
            start_date: session.start,
            end_date: session.end,
            session_activity: session.open_activity().map(|activity| Arc::new(activity.clone())),
            collection_start: builder.start,
            collection_end: builder.end,
            collects_events: builder.collects_events,
            time: Arc::new(builder.time.clone()),
            events: builder.events.as_slice().into(),
            metadata: Arc::new(builder.metadata.clone()),
            activities: builder.workout_activities(now).into_iter().map(Arc::new).collect(),
            statistics: statistics(builder),
            types_to_collect: builder
                .data_source
                .as_ref()
                .map(crate::machines::data_source::Selection::types),
            payload: workout.payload.as_slice().into(),
            mirroring: session.mirroring,
            present: Present::Own(*timeline),
            before_activity: builder
                .activities
                .iter()
                .find(|activity| activity.is_open())
                .map_or(0, |activity| builder.time.micros_until(activity.start)),
            sequence,
            durable: true,
        }
    }

    /// The state after samples came in: only numbers differ, and only those of the activities that the samples touch.
    pub(crate) fn after_samples(
        &self,
        workout: &LiveWorkout,
        touched: (Timestamp, Timestamp),
        sequence: u64,
        at: Moment,
    ) -> Self {
        let LiveWorkout { builder, timeline, .. } = workout;
        let activities = if self.activities.is_empty() {
            Arc::clone(&self.activities)
        } else {
            builder.workout_activities_after(&self.activities, touched, timeline.now(at)).into()
        };
        Self {
            id: self.id,
            configuration: Arc::clone(&self.configuration),
            session_type: self.session_type,
            state: self.state,
            start_date: self.start_date,
            end_date: self.end_date,
            session_activity: self.session_activity.clone(),
            collection_start: self.collection_start,
            collection_end: self.collection_end,
            collects_events: self.collects_events,
            time: Arc::clone(&self.time),
            events: Arc::clone(&self.events),
            metadata: Arc::clone(&self.metadata),
            activities,
            statistics: statistics(builder),
            types_to_collect: self.types_to_collect,
            payload: Arc::clone(&self.payload),
            mirroring: self.mirroring,
            present: Present::Own(*timeline),
            before_activity: self.before_activity,
            sequence,
            durable: true,
        }
    }

    /// The state of a session of another device; nothing before its first step came.
    pub(crate) fn mirrored(picture: &Picture, place: Place, time: MirrorTime, at: Moment) -> Option<Self> {
        let head = picture.head.as_ref()?;
        Some(Self {
            id: place.session,
            configuration: Arc::new(picture.configuration.clone()),
            session_type: WorkoutSessionType::Mirrored,
            state: head.state,
            start_date: head.start,
            end_date: head.end,
            session_activity: head.activity.clone().map(Arc::new),
            collection_start: head.collection_start,
            collection_end: head.collection_end,
            collects_events: true,
            time: Arc::new(picture.time()),
            events: picture.events.iter().flatten().cloned().collect(),
            metadata: Arc::new(picture.metadata.clone()),
            activities: picture.activities(time.now(at.elapsed)).into_iter().map(Arc::new).collect(),
            statistics: picture.statistics(0).into(),
            types_to_collect: Some(head.types),
            payload: Arc::new([]),
            mirroring: false,
            present: Present::Mirrored(time),
            before_activity: picture.open_leg().map_or(0, |leg| leg.running.0),
            sequence: place.sequence,
            durable: true,
        })
    }

    /// The same when nothing is heard of it any more: its time stands.
    pub(crate) fn standing(&self, at: Moment) -> Self {
        Self { present: Present::Stands(self.present.now(at)), ..self.clone() }
    }

    /// A date that the app hands in, in the time of a mirrored session.
    pub(crate) fn date_of_mirror(&self, date: Timestamp, at: Moment) -> Timestamp {
        let now = self.present.now(at);
        let shift = self.present.shift(at, self.start_date.unwrap_or(Timestamp::MIN), latest_date(now));
        shift.date(date, |date| self.has_told(date))
    }

    /// The builder's time without pauses up to now.
    pub(crate) fn elapsed(&self, at: Moment) -> Duration {
        self.elapsed_until(self.present.now(at))
    }

    /// The same up to a date of the host.
    pub(crate) fn elapsed_at(&self, date: Timestamp, at: Moment) -> Duration {
        let earliest = self.collection_start.unwrap_or(Timestamp::MIN);
        let shift = self.present.shift(at, earliest, Timestamp::MAX);
        self.elapsed_until(shift.date(date, |date| self.has_told(date)))
    }

    /// Whether a date is one that the app may know from here.
    fn has_told(&self, date: Timestamp) -> bool {
        [self.start_date, self.end_date, self.collection_start, self.collection_end].contains(&Some(date))
            || self.present.ends_at(date)
            || self.events.iter().any(|event| event.start == date || event.end == date)
            || self.activities.iter().any(|activity| activity.start == date || activity.end == Some(date))
    }

    fn elapsed_until(&self, date: Timestamp) -> Duration {
        self.time.elapsed(date, self.collection_end)
    }

    /// The builder's activity in progress, with its time up to now.
    pub(crate) fn current_activity(&self, at: Moment) -> Option<WorkoutActivity> {
        let now = self.present.now(at);
        let activity = self.activities.iter().find(|activity| activity.end.is_none())?;
        let until = self.collection_end.map_or(now, |end| end.min(now));
        let running = self.time.micros_until(until).saturating_sub(self.before_activity);
        let duration = Duration::from_micros(running.max(0).cast_unsigned());
        Some(WorkoutActivity { duration, ..(**activity).clone() })
    }

    /// The session's activity in progress, or the workout as a whole. Its numbers are the builder's, where it collects.
    pub(crate) fn session_activity(&self, at: Moment) -> WorkoutActivity {
        let Some(open) = &self.session_activity else {
            return WorkoutActivity {
                id: self.id,
                configuration: (*self.configuration).clone(),
                start: self.start_date.unwrap_or_else(|| self.present.now(at)),
                end: self.end_date,
                metadata: Metadata::new(),
                duration: self.elapsed(at),
                statistics: self.statistics.to_vec(),
            };
        };
        let collected = self.current_activity(at).filter(|activity| activity.id == open.id);
        collected.unwrap_or_else(|| WorkoutActivity {
            id: open.id,
            configuration: open.configuration.clone(),
            start: open.start,
            end: open.end,
            metadata: open.metadata.clone(),
            duration: Duration::ZERO,
            statistics: Vec::new(),
        })
    }

    pub(crate) fn snapshot(&self, at: Moment) -> WorkoutSnapshot {
        WorkoutSnapshot {
            id: self.id,
            configuration: (*self.configuration).clone(),
            session_type: self.session_type,
            state: self.state,
            start_date: self.start_date,
            end_date: self.end_date,
            collection_start: self.collection_start,
            collection_end: self.collection_end,
            elapsed: self.elapsed(at),
            statistics: Arc::clone(&self.statistics),
            activities: Arc::clone(&self.activities),
            event_count: self.events.len() as u32,
            types_to_collect: self.types_to_collect.unwrap_or_default(),
            sequence: self.sequence,
            durable: self.durable,
            taken: self.present.now(at),
        }
    }
}

fn statistics(builder: &Builder) -> Arc<[Statistics]> {
    match builder.start {
        Some(start) => builder.statistics.of_workout(start, builder.end, &builder.time).into(),
        None => Arc::new([]),
    }
}
