//! What a live builder collects.

use crate::values::batch::Row;
use crate::values::{
    QuantityType, SourceId, Timestamp, TypeSet, WorkoutActivityType, WorkoutConfiguration,
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

    fn accepts(&self, row: &Row) -> bool {
        (self.sources.is_empty() || self.sources.contains(&row.source))
            && self.starts_at_or_after.is_none_or(|date| row.start >= date)
            && self.starts_before.is_none_or(|date| row.start < date)
    }
}

/// The types a data source collects, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Selection {
    types: TypeSet,
    /// Only types that have one.
    predicates: Vec<(QuantityType, SamplePredicate)>,
    /// Whether the types follow the current activity; the first change by hand ends that.
    by_hand: bool,
}

impl Selection {
    /// The default types of this configuration, or nothing without one.
    pub(crate) fn new(configuration: Option<&WorkoutConfiguration>) -> Self {
        let types = configuration.map(default_types).unwrap_or_default();
        Self { types, ..Self::default() }
    }

    pub(crate) fn types(&self) -> TypeSet {
        self.types
    }

    /// Starts to collect a type. For a type already collected, the predicate is replaced.
    pub(crate) fn enable(&mut self, kind: QuantityType, predicate: Option<SamplePredicate>) {
        self.by_hand = true;
        self.types.insert(kind);
        self.predicates.retain(|(other, _)| *other != kind);
        self.predicates.extend(predicate.map(|predicate| (kind, predicate)));
    }

    /// Stops collecting a type; what was collected stays.
    pub(crate) fn disable(&mut self, kind: QuantityType) {
        self.by_hand = true;
        self.types.remove(kind);
        self.predicates.retain(|(other, _)| *other != kind);
    }

    /// The activity changed: the types follow it, unless they were ever changed by hand.
    pub(crate) fn follow(&mut self, configuration: &WorkoutConfiguration) {
        if !self.by_hand {
            self.types = default_types(configuration);
        }
    }

    #[inline]
    pub(crate) fn accepts(&self, row: &Row) -> bool {
        self.types.contains(row.kind)
            && (self.predicates.is_empty()
                || self
                    .predicates
                    .iter()
                    .find(|(kind, _)| *kind == row.kind)
                    .is_none_or(|(_, predicate)| predicate.accepts(row)))
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

    fn row(kind: QuantityType, source: u32, seconds: i64) -> Row {
        let at = Timestamp::from_seconds(seconds);
        Row {
            start: at,
            end: at,
            value: 1.0,
            source: SourceId(source),
            kind,
            source_kind: SourceKind::Device,
            collected: false,
        }
    }

    #[test]
    fn enabling_a_type_again_replaces_its_predicate() {
        let mut selection = Selection::new(Some(&WorkoutConfiguration::new(WorkoutActivityType::Running)));
        let heart_rate = |source| row(QuantityType::HeartRate, source, 0);
        assert!(selection.accepts(&heart_rate(1)) && selection.accepts(&heart_rate(2)));
        selection.enable(QuantityType::HeartRate, Some(SamplePredicate::from_sources([SourceId(2)])));
        assert!(!selection.accepts(&heart_rate(1)) && selection.accepts(&heart_rate(2)));
        selection.enable(QuantityType::HeartRate, Some(SamplePredicate::from_sources([SourceId(1)])));
        assert!(selection.accepts(&heart_rate(1)) && !selection.accepts(&heart_rate(2)));
        selection.enable(QuantityType::HeartRate, None);
        assert!(selection.accepts(&heart_rate(2)));
        selection.disable(QuantityType::HeartRate);
        assert!(!selection.accepts(&heart_rate(1)));
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
        let taken = [9, 10, 19, 20].map(|t| predicate.accepts(&row(QuantityType::StepCount, 1, t)));
        assert_eq!(taken, [false, true, true, false]);
    }

    #[test]
    fn without_a_configuration_nothing_is_collected() {
        assert!(Selection::new(None).types().is_empty());
    }
}
