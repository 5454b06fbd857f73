//! Measurements, and who measured.

use super::error::{ErrorCode, PacelineError};
use super::quantity::Quantity;
use super::quantity_type::QuantityType;
use super::raw_enum::raw_enum;
use super::statistics::Reading;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

raw_enum! {
    /// Where a source stands when several of them measured the same: the first in this list is believed.
    pub enum SourceKind: u8 {
        /// Typed in by the person.
        UserEntered = 0, "userEntered";
        /// This device or its companion.
        Device = 1, "device";
        /// Another app or a sensor; of two, the one registered later is believed.
        External = 2, "external";
    }
}

/// An app or a device that measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleSource {
    /// What tells it apart for ever, such as a bundle identifier or a sensor's serial number. Not empty.
    pub identifier: String,
    /// What a person calls it.
    pub name: String,
    /// Where it stands among several.
    pub kind: SourceKind,
}

/// The number of a registered source in its store. Permanent within the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub u32);

impl SourceId {
    /// The source that every store has: the app itself, on its own device.
    pub const OWN: Self = Self(1);
}

/// The number of a sample in its store. Rises, is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SampleId(pub u64);

/// One measurement: an instant reading (start equals end) or an amount over an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantitySample {
    /// Its number in the store; nothing before it was saved.
    pub id: Option<SampleId>,
    /// What was measured.
    pub quantity_type: QuantityType,
    /// When the measurement began.
    pub start: Timestamp,
    /// When it ended; not before the start.
    pub end: Timestamp,
    /// The value in the type's stored unit.
    pub value: f64,
    /// Who measured.
    pub source: SourceId,
}

impl QuantitySample {
    /// A sample of the app's own source; the quantity is converted to the type's stored unit.
    ///
    /// # Errors
    /// Input 4 when the unit does not fit the type; input 2 when the value is not finite or not plausible, or when
    /// the end lies before the start.
    pub fn new(
        quantity_type: QuantityType,
        quantity: &Quantity,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Self, PacelineError> {
        let unit = quantity_type.stored_unit();
        let value = quantity.value_in(unit).map_err(|_| {
            PacelineError::new(
                ErrorCode::InputUnit,
                format!("{quantity_type} is measured in a unit like {unit}"),
            )
            .with_value(quantity)
        })?;
        Self::in_stored_unit(quantity_type, value, start, end)
    }

    /// A sample of the app's own source with a value in the type's stored unit.
    ///
    /// # Errors
    /// Input 2 when the value is not finite or not plausible, or when the end lies before the start.
    pub fn in_stored_unit(
        quantity_type: QuantityType,
        value: f64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Self, PacelineError> {
        let sample = Self { id: None, quantity_type, start, end, value, source: SourceId::OWN };
        sample.validate("the sample")?;
        Ok(sample)
    }

    /// The same sample, measured by this source.
    #[must_use]
    pub const fn from_source(mut self, source: SourceId) -> Self {
        self.source = source;
        self
    }

    /// The value with its unit.
    pub fn quantity(&self) -> Quantity {
        Quantity::new(self.value, self.quantity_type.stored_unit().clone())
    }

    /// What was measured, without who measured it.
    pub(crate) const fn reading(&self) -> Reading {
        Reading { value: self.value, start: self.start, end: self.end }
    }

    pub(crate) fn validate(&self, place: &str) -> Result<(), PacelineError> {
        let code = self.quantity_type.code();
        QuantityType::checked(code, self.value).map_err(|fault| fault.at(place, code, self.value))?;
        if self.end < self.start {
            return Err(ends_before_start(place, self.end));
        }
        Ok(())
    }
}

pub(crate) fn ends_before_start(place: &str, end: Timestamp) -> PacelineError {
    PacelineError::new(ErrorCode::InputOutOfRange, format!("{place}: it ends before it starts"))
        .with_value(end)
}
