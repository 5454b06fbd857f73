//! The table of quantity types: what can be measured, in which unit it is stored, how it is aggregated.

use super::error::{ErrorCode, PacelineError};
use super::raw_enum::raw_enum;
use super::unit::MeasureUnit;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

raw_enum! {
    /// How the values of a type are put together.
    pub enum AggregationStyle: u8 {
        /// Amounts that add up, such as distance: they have a sum.
        Cumulative = 0, "cumulative";
        /// Readings averaged by plain mean, such as power.
        DiscreteArithmetic = 1, "discreteArithmetic";
        /// Readings averaged by the time each one holds, such as heart rate.
        DiscreteTemporallyWeighted = 2, "discreteTemporallyWeighted";
        /// Sound levels, averaged as equivalent continuous level.
        DiscreteEquivalentContinuousLevel = 3, "discreteEquivalentContinuousLevel";
    }
}

/// Declares the types: permanent code, variant, name, aggregation, stored unit, lowest and highest value that
/// a single sample may have.
macro_rules! quantity_types {
    ($( $code:literal $variant:ident $name:literal $style:ident $unit:literal $low:literal .. $high:literal; )+) => {
        /// Something that can be measured during a workout.
        ///
        /// The code is permanent: it stands in packed batches, in store files and on links.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum QuantityType {
            $(
                #[doc = concat!("`", $name, "`, stored in ", $unit, ".")]
                $variant = $code,
            )+
        }

        impl QuantityType {
            /// Every type, by rising code.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            const fn row(self) -> Row {
                match self {
                    $( Self::$variant => Row {
                        name: $name, style: AggregationStyle::$style, unit: $unit, low: $low, high: $high,
                    }, )+
                }
            }
        }

        /// The types by code, so that reading a packed row is one look-up.
        static BY_CODE: [Option<(QuantityType, f64, f64)>; TypeSet::CAPACITY] = {
            let mut table = [None; TypeSet::CAPACITY];
            $( table[$code] = Some((QuantityType::$variant, $low as f64, $high as f64)); )+
            table
        };

        static UNITS: LazyLock<Vec<(QuantityType, MeasureUnit)>> = LazyLock::new(|| vec![
            $( (QuantityType::$variant, $unit.parse().expect("the table holds units that parse")), )+
        ]);
    };
}

struct Row {
    name: &'static str,
    style: AggregationStyle,
    unit: &'static str,
    low: f64,
    high: f64,
}

// To add a type, add its line. The code is the row of the reference's table of quantity types.
quantity_types! {
     1 ActiveEnergyBurned          "activeEnergyBurned"          Cumulative                 "kcal"      0.0 .. 1e6;
     5 BasalEnergyBurned           "basalEnergyBurned"           Cumulative                 "kcal"      0.0 .. 1e6;
     6 CrossCountrySkiingSpeed     "crossCountrySkiingSpeed"     DiscreteArithmetic         "m/s"       0.0 .. 1e3;
     7 CyclingCadence              "cyclingCadence"              DiscreteArithmetic         "count/min" 0.0 .. 1e4;
     9 CyclingPower                "cyclingPower"                DiscreteArithmetic         "W"         0.0 .. 1e5;
    10 CyclingSpeed                "cyclingSpeed"                DiscreteArithmetic         "m/s"       0.0 .. 1e3;
    11 DistanceCrossCountrySkiing  "distanceCrossCountrySkiing"  Cumulative                 "m"         0.0 .. 1e8;
    12 DistanceCycling             "distanceCycling"             Cumulative                 "m"         0.0 .. 1e8;
    13 DistanceDownhillSnowSports  "distanceDownhillSnowSports"  Cumulative                 "m"         0.0 .. 1e8;
    14 DistancePaddleSports        "distancePaddleSports"        Cumulative                 "m"         0.0 .. 1e8;
    15 DistanceRowing              "distanceRowing"              Cumulative                 "m"         0.0 .. 1e8;
    16 DistanceSkatingSports       "distanceSkatingSports"       Cumulative                 "m"         0.0 .. 1e8;
    17 DistanceSwimming            "distanceSwimming"            Cumulative                 "m"         0.0 .. 1e8;
    18 DistanceWalkingRunning      "distanceWalkingRunning"      Cumulative                 "m"         0.0 .. 1e8;
    19 DistanceWheelchair          "distanceWheelchair"          Cumulative                 "m"         0.0 .. 1e8;
    21 FlightsClimbed              "flightsClimbed"              Cumulative                 "count"     0.0 .. 1e5;
    23 PaddleSportsSpeed           "paddleSportsSpeed"           DiscreteArithmetic         "m/s"       0.0 .. 1e3;
    25 PushCount                   "pushCount"                   Cumulative                 "count"     0.0 .. 1e6;
    26 RowingSpeed                 "rowingSpeed"                 DiscreteArithmetic         "m/s"       0.0 .. 1e3;
    27 RunningPower                "runningPower"                DiscreteArithmetic         "W"         0.0 .. 1e5;
    28 RunningSpeed                "runningSpeed"                DiscreteArithmetic         "m/s"       0.0 .. 1e3;
    29 StepCount                   "stepCount"                   Cumulative                 "count"     0.0 .. 1e6;
    30 SwimmingStrokeCount         "swimmingStrokeCount"         Cumulative                 "count"     0.0 .. 1e6;
    31 UnderwaterDepth             "underwaterDepth"             DiscreteArithmetic         "m"      -100.0 .. 1e4;
    34 HeartRate                   "heartRate"                   DiscreteTemporallyWeighted "count/min" 0.0 .. 1e3;
    42 RunningGroundContactTime    "runningGroundContactTime"    DiscreteArithmetic         "ms"        0.0 .. 1e5;
    43 RunningStrideLength         "runningStrideLength"         DiscreteArithmetic         "m"         0.0 .. 1e2;
    44 RunningVerticalOscillation  "runningVerticalOscillation"  DiscreteArithmetic         "cm"        0.0 .. 1e3;
    77 WaterTemperature            "waterTemperature"            DiscreteArithmetic         "degC"   -100.0 .. 1e2;
}

impl QuantityType {
    /// The permanent number of this type.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The type with this number, or nothing when this release does not know it.
    pub fn from_code(code: u16) -> Option<Self> {
        BY_CODE.get(usize::from(code)).copied().flatten().map(|(kind, _, _)| kind)
    }

    /// The type with this name, such as `heartRate`, or nothing when this release does not know it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The name, such as `heartRate`.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// How values of this type are put together.
    pub const fn aggregation_style(self) -> AggregationStyle {
        self.row().style
    }

    /// True for amounts that add up.
    pub const fn is_cumulative(self) -> bool {
        matches!(self.row().style, AggregationStyle::Cumulative)
    }

    /// The unit in which values of this type are stored. Heart rate: count/min.
    pub fn stored_unit(self) -> &'static MeasureUnit {
        UNITS
            .iter()
            .find_map(|(kind, unit)| (*kind == self).then_some(unit))
            .expect("the table has a unit for every type")
    }

    /// Whether all values from the lowest to the highest are plausible.
    pub(crate) fn allows(self, lowest: f64, highest: f64) -> bool {
        let Row { low, high, .. } = self.row();
        lowest >= low && highest <= high
    }

    /// Checks one value.
    pub(crate) fn checked(code: u16, value: f64) -> Result<Self, ValueFault> {
        match BY_CODE.get(usize::from(code)) {
            // The comparison is false for NaN, so that NaN and infinities fail here too.
            Some(Some((kind, low, high))) if value >= *low && value <= *high => Ok(*kind),
            Some(Some((kind, _, _))) => Err(ValueFault::OutOfRange(*kind)),
            _ => Err(ValueFault::UnknownType),
        }
    }
}

/// What is wrong with a value; becomes a [`PacelineError`] where the place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueFault {
    UnknownType,
    OutOfRange(QuantityType),
}

impl ValueFault {
    pub(crate) fn at(self, place: &str, code: u16, value: f64) -> PacelineError {
        match self {
            Self::UnknownType => PacelineError::new(
                ErrorCode::InputUnknown,
                format!("{place}: no quantity type has this code"),
            )
            .with_value(code),
            Self::OutOfRange(kind) => {
                let Row { name, unit, low, high, .. } = kind.row();
                PacelineError::new(
                    ErrorCode::InputOutOfRange,
                    format!("{place}: a value of {name} must lie between {low} and {high} {unit}"),
                )
                .with_value(value)
            }
        }
    }
}

impl fmt::Display for QuantityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for QuantityType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.code().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for QuantityType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = u16::deserialize(deserializer)?;
        Self::from_code(code)
            .ok_or_else(|| serde::de::Error::custom(format_args!("{code} is no QuantityType")))
    }
}

/// A set of quantity types, ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypeSet([u64; 4]);

impl TypeSet {
    /// One more than the highest code a set can hold.
    pub const CAPACITY: usize = 256;

    /// The set without a member.
    pub const EMPTY: Self = Self([0; 4]);

    /// Adds a type; true when it was not in the set before.
    pub fn insert(&mut self, kind: QuantityType) -> bool {
        let (word, bit) = Self::place(kind);
        let added = self.0[word] & bit == 0;
        self.0[word] |= bit;
        added
    }

    /// Takes a type out; true when it was in the set.
    pub fn remove(&mut self, kind: QuantityType) -> bool {
        let (word, bit) = Self::place(kind);
        let present = self.0[word] & bit != 0;
        self.0[word] &= !bit;
        present
    }

    /// Whether the type is in the set.
    pub const fn contains(&self, kind: QuantityType) -> bool {
        let (word, bit) = Self::place(kind);
        self.0[word] & bit != 0
    }

    /// Whether the set has no member.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// Adds every member of another set.
    pub fn extend(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }

    /// The members by rising code.
    pub fn iter(&self) -> impl Iterator<Item = QuantityType> + '_ {
        QuantityType::ALL.iter().copied().filter(|kind| self.contains(*kind))
    }

    const fn place(kind: QuantityType) -> (usize, u64) {
        let code = kind.code() as usize;
        (code / 64, 1 << (code % 64))
    }
}

impl FromIterator<QuantityType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = QuantityType>>(types: I) -> Self {
        let mut set = Self::EMPTY;
        for kind in types {
            set.insert(kind);
        }
        set
    }
}

impl fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_reads_back() {
        for kind in QuantityType::ALL {
            assert_eq!(QuantityType::from_code(kind.code()), Some(*kind));
            assert_eq!(QuantityType::from_name(kind.name()), Some(*kind));
            assert_eq!(
                kind.stored_unit().to_string().parse::<MeasureUnit>().as_ref(),
                Ok(kind.stored_unit())
            );
        }
        assert_eq!(QuantityType::HeartRate.code(), 34);
        assert_eq!(QuantityType::from_code(9999), None);
    }

    #[test]
    fn a_value_must_be_finite_and_plausible() {
        assert_eq!(QuantityType::checked(34, 150.0), Ok(QuantityType::HeartRate));
        for value in [f64::NAN, f64::INFINITY, -1.0, 1e4] {
            assert_eq!(
                QuantityType::checked(34, value),
                Err(ValueFault::OutOfRange(QuantityType::HeartRate)),
                "{value}"
            );
        }
        assert_eq!(QuantityType::checked(2000, 1.0), Err(ValueFault::UnknownType));
    }

    #[test]
    fn sets_behave_as_sets() {
        let mut set = TypeSet::EMPTY;
        assert!(set.insert(QuantityType::HeartRate));
        assert!(!set.insert(QuantityType::HeartRate));
        assert!(set.insert(QuantityType::WaterTemperature));
        assert_eq!(set.iter().collect::<Vec<_>>(), [QuantityType::HeartRate, QuantityType::WaterTemperature]);
        assert!(set.remove(QuantityType::HeartRate));
        assert!(!set.contains(QuantityType::HeartRate));
    }
}
