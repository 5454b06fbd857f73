//! Further facts.

use crate::errors::PacelineError;
use crate::quantity::Quantity;
use crate::time::Timestamp;
use std::collections::HashMap;

/// One fact about a workout, an activity or an event.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum MetadataValue {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// A number; truth values are 1 and 0, enumerations their raw values.
    Number {
        /// The number; finite.
        number: f64,
    },
    /// A point in time.
    Date {
        /// The point.
        date: Timestamp,
    },
    /// A number with a unit.
    Amount {
        /// The number and the unit.
        quantity: Quantity,
    },
}

/// Facts by key.
pub type Metadata = HashMap<String, MetadataValue>;

pub(crate) fn from_engine(metadata: paceline::Metadata) -> Metadata {
    metadata.into_iter().map(|(key, value)| (key, value.into())).collect()
}

pub(crate) fn to_engine(metadata: Metadata) -> Result<paceline::Metadata, PacelineError> {
    metadata.into_iter().map(|(key, value)| Ok((key, value.try_into()?))).collect()
}

impl From<paceline::MetadataValue> for MetadataValue {
    fn from(value: paceline::MetadataValue) -> Self {
        match value {
            paceline::MetadataValue::Text(text) => Self::Text { text },
            paceline::MetadataValue::Number(number) => Self::Number { number },
            paceline::MetadataValue::Date(date) => Self::Date { date },
            paceline::MetadataValue::Quantity(quantity) => Self::Amount { quantity: quantity.into() },
        }
    }
}

impl TryFrom<MetadataValue> for paceline::MetadataValue {
    type Error = PacelineError;

    fn try_from(value: MetadataValue) -> Result<Self, Self::Error> {
        Ok(match value {
            MetadataValue::Text { text } => Self::Text(text),
            MetadataValue::Number { number } => Self::Number(number),
            MetadataValue::Date { date } => Self::Date(date),
            MetadataValue::Amount { quantity } => Self::Quantity(quantity.try_into()?),
        })
    }
}
