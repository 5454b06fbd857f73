//! Measurements, and who measured.

use crate::enums::{AggregationStyle, SourceKind};
use crate::errors::PacelineError;
use crate::guard::guarded;
use crate::quantity::{MeasureUnit, Quantity};
use crate::quantity_type::QuantityType;
use crate::time::Timestamp;

/// An app or a device that measures.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SampleSource {
    /// What tells it apart for ever, such as a bundle identifier or a sensor's serial number. Not empty.
    pub identifier: String,
    /// What a person calls it.
    pub name: String,
    /// Where it stands among several.
    pub kind: SourceKind,
}

/// One measurement: an instant reading (start equals end) or an amount over an interval.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct QuantitySample {
    /// What was measured.
    pub quantity_type: QuantityType,
    /// When the measurement began.
    pub start: Timestamp,
    /// When it ended; not before the start.
    pub end: Timestamp,
    /// The value in the stored unit of the type.
    pub value: f64,
    /// Who measured: the number that the store gave to a source. 1 is the app itself.
    #[uniffi(default = 1)]
    pub source: u32,
    /// Its number in the store; nothing before it was saved.
    #[uniffi(default = None)]
    pub id: Option<u64>,
}

/// A sample of the app's own source, from an amount in any fitting unit.
///
/// Errors: `inputUnit` when the unit does not fit the type; `inputOutOfRange` when the value is not finite or not
/// plausible, or when the end lies before the start.
#[uniffi::export]
pub fn sample_from_quantity(
    quantity_type: QuantityType,
    quantity: Quantity,
    start: Timestamp,
    end: Timestamp,
) -> Result<QuantitySample, PacelineError> {
    guarded(|| {
        let quantity = paceline::Quantity::try_from(quantity)?;
        let sample = paceline::QuantitySample::new(quantity_type.into(), &quantity, start, end)?;
        Ok::<_, PacelineError>(sample.into())
    })
}

/// The unit in which values of a type are stored. Heart rate: count/min.
#[uniffi::export]
pub fn stored_unit(quantity_type: QuantityType) -> MeasureUnit {
    paceline::QuantityType::from(quantity_type).stored_unit().into()
}

/// How values of a type are put together.
#[uniffi::export]
pub fn aggregation_style(quantity_type: QuantityType) -> AggregationStyle {
    paceline::QuantityType::from(quantity_type).aggregation_style().into()
}

impl From<paceline::SampleSource> for SampleSource {
    fn from(source: paceline::SampleSource) -> Self {
        Self { identifier: source.identifier, name: source.name, kind: source.kind.into() }
    }
}

impl From<SampleSource> for paceline::SampleSource {
    fn from(source: SampleSource) -> Self {
        Self { identifier: source.identifier, name: source.name, kind: source.kind.into() }
    }
}

impl From<paceline::QuantitySample> for QuantitySample {
    fn from(sample: paceline::QuantitySample) -> Self {
        Self {
            quantity_type: sample.quantity_type.into(),
            start: sample.start,
            end: sample.end,
            value: sample.value,
            source: sample.source.0,
            id: sample.id.map(|id| id.0),
        }
    }
}

impl From<QuantitySample> for paceline::QuantitySample {
    fn from(sample: QuantitySample) -> Self {
        Self {
            id: sample.id.map(paceline::SampleId),
            quantity_type: sample.quantity_type.into(),
            start: sample.start,
            end: sample.end,
            value: sample.value,
            source: paceline::SourceId(sample.source),
        }
    }
}
