//! What a live builder collects.

use crate::values::rows::RunHead;
use crate::values::{
    QuantityType, Reading, SourceId, Timestamp, TypeSet, WorkoutActivityType, WorkoutConfiguration,
    WorkoutSessionLocationType,
};
use serde::{Deserialize, Serialize};

/// Which samples of a type are collected. Every condition that is set must hold; a fresh predicate takes everything.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SamplePredicate {
    /// Only from these sources; empty for any.
    pub sources: Vec<SourceId>,
    /// Only samples that start at or after this date.
    pub starts_at_or_after: Option<Timestamp>,
    /// Only samples that start before this date.
    pub starts_before: Option<Timestamp>,
}

impl SamplePredicate {
    /// Takes only what these sources measured.
    pub fn from_sources(sources: impl IntoIterator<Item = SourceId>) -> Self {
        Self { sources: sources.into_iter().collect(), ..Self::default() }
    }

    /// The same with other dates.
    pub(crate) fn with_dates(self, map: impl Fn(Timestamp) -> Timestamp) -> Self {
        Self {
            starts_at_or_after: self.starts_at_or_after.map(&map),
            starts_before: self.starts_before.map(&map),
            ..self
        }
    }

    fn accepts(&self, head: &RunHead, reading: &Reading) -> bool {
        (self.sources.is_empty() || self.sources.contains(&head.source))
            && self.starts_at_or_after.is_none_or(|date| reading.start >= date)
            && self.starts_before.is_none_or(|date| reading.start < date)
    }
}

/// The types a data source collects, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Selection {
    types: TypeSet,
    /// Only types that have one.
    predicates: Vec<(QuantityType, SamplePredicate)>,
    /// Whether the types stay as they are. They follow the current activity when they came from a configuration, until the
    /// first change by hand.
    fixed: bool,
}

impl Selection {
    /// The default types of this configuration, or nothing without one.
    pub(crate) fn new(configuration: Option<&WorkoutConfiguration>) -> Self {
        let types = configuration.map(default_types).unwrap_or_default();
        Self { types, predicates: Vec::new(), fixed: configuration.is_none() }
    }

    pub(crate) fn types(&self) -> TypeSet {
        self.types
    }

    /// Starts to collect a type. For a type already collected, the predicate is replaced.
    pub(crate) fn enable(&mut self, kind: QuantityType, predicate: Option<SamplePredicate>) {
        self.fixed = true;
        self.types.insert(kind);
        self.predicates.retain(|(other, _)| *other != kind);
        self.predicates.extend(predicate.map(|predicate| (kind, predicate)));
    }

    /// Stops collecting a type; what was collected stays.
    pub(crate) fn disable(&mut self, kind: QuantityType) {
        self.fixed = true;
        self.types.remove(kind);
        self.predicates.retain(|(other, _)| *other != kind);
    }

    /// The activity changed: the types follow it, unless they were ever changed by hand.
    pub(crate) fn follow(&mut self, configuration: &WorkoutConfiguration) {
        if !self.fixed {
            self.types = default_types(configuration);
        }
    }

    /// Whether a type is collected: always, never, or it depends on the sample.
    pub(crate) fn takes_all_of(&self, kind: QuantityType) -> Option<bool> {
        if !self.types.contains(kind) {
            return Some(false);
        }
        if self.predicate(kind).is_some() { None } else { Some(true) }
    }

    pub(crate) fn accepts(&self, head: &RunHead, reading: &Reading) -> bool {
        self.types.contains(head.kind)
            && self.predicate(head.kind).is_none_or(|predicate| predicate.accepts(head, reading))
    }

    fn predicate(&self, kind: QuantityType) -> Option<&SamplePredicate> {
        self.predicates.iter().find(|(other, _)| *other == kind).map(|(_, predicate)| predicate)
    }
}

/// Collected for every workout.
const BASE: &[QuantityType] =
    &[QuantityType::ActiveEnergyBurned, QuantityType::BasalEnergyBurned, QuantityType::HeartRate];

/// What a workout of this configuration collects by default (reference, section 6.5; inferred where the reference is).
pub(crate) fn default_types(configuration: &WorkoutConfiguration) -> TypeSet {
    use QuantityType as Q;
    use WorkoutActivityType as A;
    let outdoor = configuration.location_type != WorkoutSessionLocationType::Indoor;
    let extra: &[QuantityType] = match configuration.activity_type {
        A::Running => &[
            Q::DistanceWalkingRunning,
            Q::RunningSpeed,
            Q::RunningPower,
            Q::RunningStrideLength,
            Q::RunningVerticalOscillation,
            Q::RunningGroundContactTime,
        ],
        A::Walking
        | A::Hiking
        | A::TrackAndField
        | A::Golf
        | A::Soccer
        | A::AmericanFootball
        | A::AustralianFootball
        | A::Baseball
        | A::Basketball
        | A::Cricket
        | A::DiscSports
        | A::Handball
        | A::Hockey
        | A::Lacrosse
        | A::Rugby
        | A::Softball => &[Q::DistanceWalkingRunning],
        A::WheelchairWalkPace | A::WheelchairRunPace => &[Q::DistanceWheelchair, Q::PushCount],
        A::Cycling | A::HandCycling => {
            &[Q::DistanceCycling, Q::CyclingSpeed, Q::CyclingCadence, Q::CyclingPower]
        }
        A::Swimming => &[Q::DistanceSwimming, Q::SwimmingStrokeCount],
        A::DownhillSkiing | A::Snowboarding | A::SnowSports => &[Q::DistanceDownhillSnowSports],
        A::CrossCountrySkiing => &[Q::DistanceCrossCountrySkiing, Q::CrossCountrySkiingSpeed],
        A::Rowing if outdoor => &[Q::DistanceRowing, Q::RowingSpeed],
        A::PaddleSports => &[Q::DistancePaddleSports, Q::PaddleSportsSpeed],
        A::SkatingSports => &[Q::DistanceSkatingSports],
        A::UnderwaterDiving => &[Q::UnderwaterDepth, Q::WaterTemperature],
        _ => &[],
    };
    BASE.iter().chain(extra).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::SourceKind;

    fn head(kind: QuantityType, source: u32) -> RunHead {
        RunHead { kind, source: SourceId(source), source_kind: SourceKind::Device, collected_by: None }
    }

    fn at(seconds: i64) -> Reading {
        let at = Timestamp::from_seconds(seconds);
        Reading { value: 1.0, start: at, end: at }
    }

    #[test]
    fn enabling_a_type_again_replaces_its_predicate() {
        let mut selection = Selection::new(Some(&WorkoutConfiguration::new(WorkoutActivityType::Running)));
        let takes =
            |selection: &Selection, source| selection.accepts(&head(QuantityType::HeartRate, source), &at(0));
        assert!(takes(&selection, 1) && takes(&selection, 2));
        selection.enable(QuantityType::HeartRate, Some(SamplePredicate::from_sources([SourceId(2)])));
        assert!(!takes(&selection, 1) && takes(&selection, 2));
        selection.enable(QuantityType::HeartRate, Some(SamplePredicate::from_sources([SourceId(1)])));
        assert!(takes(&selection, 1) && !takes(&selection, 2));
        selection.enable(QuantityType::HeartRate, None);
        assert!(takes(&selection, 2));
        selection.disable(QuantityType::HeartRate);
        assert!(!takes(&selection, 1));
    }

    #[test]
    fn types_follow_the_activity_until_the_first_change_by_hand() {
        let configuration = WorkoutConfiguration::new;
        let mut selection = Selection::new(Some(&configuration(WorkoutActivityType::SwimBikeRun)));
        assert!(!selection.types().contains(QuantityType::DistanceSwimming));
        selection.follow(&configuration(WorkoutActivityType::Swimming));
        assert!(selection.types().contains(QuantityType::DistanceSwimming));
        selection.enable(QuantityType::StepCount, None);
        selection.follow(&configuration(WorkoutActivityType::Cycling));
        assert!(!selection.types().contains(QuantityType::DistanceCycling));
    }

    #[test]
    fn dates_limit_what_is_taken() {
        let predicate = SamplePredicate {
            starts_at_or_after: Some(Timestamp::from_seconds(10)),
            starts_before: Some(Timestamp::from_seconds(20)),
            ..SamplePredicate::default()
        };
        let taken = [9, 10, 19, 20].map(|t| predicate.accepts(&head(QuantityType::StepCount, 1), &at(t)));
        assert_eq!(taken, [false, true, true, false]);
    }

    #[test]
    fn without_a_configuration_nothing_is_collected() {
        assert!(Selection::new(None).types().is_empty());
    }
}
