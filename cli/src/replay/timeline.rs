//! What happens in a workout, in the order in which a device would have told it.

use super::plan::{Leg, Plan};
use crate::mapping;
use paceline::{
    Metadata, MetadataValue, PacelineError, QuantitySample, QuantityType, Timestamp, TypeSet,
    WorkoutActivityType, WorkoutEvent, WorkoutEventType, metadata_keys,
};
use paceline_formats::{Channel, Length};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Metadata of the segment that a length of a pool becomes: how many strokes it took.
pub const STROKE_COUNT: &str = "SwimmingStrokeCount";
/// Metadata of the same segment: 1 for swimming, 0 for a rest at the wall.
pub const ACTIVE_LENGTH: &str = "SwimmingActiveLength";

/// Something that happens at one instant. The order of the variants is the order within an instant: what is measured
/// just when a pause begins or ends was still, or already, measured in motion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    Resume,
    /// The leg with this place in the plan begins.
    BeginLeg(usize),
    /// These rows were measured: one batch.
    Samples(Batch),
    /// The event with this place in the timeline is complete.
    Event(usize),
    EndLeg,
    Pause,
}

/// Rows that are handed in together. The number rises from 1 in their order; by it the store knows which it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Batch {
    pub(super) number: u64,
    from: usize,
    to: usize,
}

/// A sample whose type was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) kind: QuantityType,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) value: f64,
    /// The place of its leg in the plan.
    pub(super) leg: usize,
}

/// Everything that happens between the start and the end of a workout.
#[derive(Debug)]
pub(super) struct Timeline {
    /// By rising end.
    rows: Vec<Row>,
    events: Vec<WorkoutEvent>,
    /// In the order in which to tell them.
    pub(super) happenings: Vec<(Timestamp, Happening)>,
}

/// The readings of one sensor for which the engine has no type.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    readings: u64,
    activities: BTreeSet<WorkoutActivityType>,
}

impl LeftOut {
    fn add(&mut self, activity: WorkoutActivityType) {
        self.readings += 1;
        self.activities.insert(activity);
    }

    pub(super) fn note(&self, channel: Channel) -> String {
        let activities: Vec<_> =
            self.activities.iter().map(|activity| mapping::title(*activity).to_lowercase()).collect();
        format!(
            "{} {} readings of {}: the engine has no quantity type for them",
            self.readings,
            mapping::channel_name(channel),
            activities.join(", "),
        )
    }
}

impl Timeline {
    pub(super) fn new(plan: &Plan<'_>, without_type: &mut BTreeMap<Channel, LeftOut>) -> Self {
        let mut timeline = Self {
            rows: Vec::with_capacity(plan.legs.iter().map(|leg| leg.session.samples.len()).sum()),
            events: Vec::new(),
            happenings: Vec::new(),
        };
        for (place, leg) in plan.legs.iter().enumerate() {
            timeline.add_samples(place, leg, without_type);
            timeline.add_events(leg, plan.end_us());
            if plan.is_multi_sport() {
                timeline.add_borders(place, plan);
            }
        }
        timeline.add_pauses(plan);
        timeline.group_samples();
        timeline.happenings.sort();
        timeline
    }

    pub(super) fn rows(&self, batch: Batch) -> &[Row] {
        &self.rows[batch.from..batch.to]
    }

    /// Every row in the order in which they are handed in.
    pub(super) fn all_rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the engine will take every sample.
    pub(super) fn check(&self) -> Result<(), PacelineError> {
        self.rows.iter().try_for_each(|row| {
            QuantitySample::in_stored_unit(row.kind, row.value, row.start, row.end).map(drop)
        })
    }

    pub(super) fn event(&self, place: usize) -> &WorkoutEvent {
        &self.events[place]
    }

    /// Every type that there are samples of.
    pub(super) fn types(&self) -> TypeSet {
        self.rows.iter().map(|row| row.kind).collect()
    }

    fn add_samples(&mut self, place: usize, leg: &Leg<'_>, without_type: &mut BTreeMap<Channel, LeftOut>) {
        let activity = leg.activity();
        for sample in &leg.session.samples {
            let Some(kind) = mapping::quantity_type(sample.channel, activity) else {
                without_type.entry(sample.channel).or_default().add(activity);
                continue;
            };
            self.rows.push(Row {
                kind,
                start: Timestamp::from_micros(sample.start_us),
                end: Timestamp::from_micros(sample.end_us),
                value: sample.value,
                leg: place,
            });
        }
    }

    /// What was measured at one instant comes as one batch. At the border of two legs one instant has rows of both, and each
    /// has its own.
    fn group_samples(&mut self) {
        self.rows.sort_by_key(|row| row.end);
        let mut from = 0;
        for (group, number) in self.rows.chunk_by(|a, b| (a.end, a.leg) == (b.end, b.leg)).zip(1..) {
            let batch = Batch { number, from, to: from + group.len() };
            self.happenings.push((group[0].end, Happening::Samples(batch)));
            from = batch.to;
        }
    }

    fn add_events(&mut self, leg: &Leg<'_>, end_us: i64) {
        let at = |us: i64| Timestamp::from_micros(us.clamp(leg.session.start_us, end_us));
        let lengths = leg.session.lengths.iter().map(|length| {
            WorkoutEvent::over(WorkoutEventType::Segment, at(length.start_us), at(length.end_us))
                .with_metadata(about(length))
        });
        let laps = leg
            .session
            .laps
            .iter()
            .map(|lap| WorkoutEvent::over(WorkoutEventType::Lap, at(lap.start_us), at(lap.end_us)));
        let first = self.events.len();
        self.events.extend(lengths.chain(laps));
        let added: Range<usize> = first..self.events.len();
        self.happenings.extend(added.map(|place| (self.events[place].end, Happening::Event(place))));
    }

    /// A leg that the next one follows at once ends by itself when that one begins.
    fn add_borders(&mut self, place: usize, plan: &Plan<'_>) {
        let leg = &plan.legs[place];
        self.happenings.push((Timestamp::from_micros(leg.start_us), Happening::BeginLeg(place)));
        let next = plan.legs.get(place + 1).map_or(plan.end_us(), |next| next.start_us);
        if leg.end_us < next {
            self.happenings.push((Timestamp::from_micros(leg.end_us), Happening::EndLeg));
        }
    }

    fn add_pauses(&mut self, plan: &Plan<'_>) {
        let end_us = plan.end_us();
        for (since, until) in pauses(plan) {
            self.happenings.push((Timestamp::from_micros(since), Happening::Pause));
            // A workout may end in a pause.
            if until < end_us {
                self.happenings.push((Timestamp::from_micros(until), Happening::Resume));
            }
        }
    }
}

/// The pauses of a workout, apart and in time order. A leg that ended in a pause stays paused until the next one begins.
fn pauses(plan: &Plan<'_>) -> Vec<(i64, i64)> {
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (place, leg) in plan.legs.iter().enumerate() {
        let next = plan.legs.get(place + 1).map_or(leg.end_us, |next| next.start_us);
        for (since, until) in leg.session.pauses() {
            let (since, until) = (since.max(leg.start_us), if until < leg.end_us { until } else { next });
            if since >= until {
                continue;
            }
            match merged.last_mut() {
                Some(last) if since <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((since, until)),
            }
        }
    }
    merged
}

fn about(length: &Length) -> Metadata {
    let mut facts = Metadata::new();
    facts.insert(ACTIVE_LENGTH.to_owned(), MetadataValue::Number(f64::from(u8::from(length.active))));
    if let Some(strokes) = length.strokes {
        facts.insert(STROKE_COUNT.to_owned(), MetadataValue::Number(f64::from(strokes)));
    }
    if let Some(style) = length.style {
        let style = f64::from(mapping::stroke_style(style).raw());
        facts.insert(metadata_keys::SWIMMING_STROKE_STYLE.to_owned(), MetadataValue::Number(style));
    }
    facts
}
