//! Further facts about a workout, an activity or an event.

use super::error::{ErrorCode, PacelineError};
use super::quantity::Quantity;
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Keys that the engine itself writes. An app may use any other key.
pub mod keys {
    /// 1 when the workout took place indoors, 0 outdoors.
    pub const INDOOR_WORKOUT: &str = "IndoorWorkout";
    /// The length of the pool.
    pub const LAP_LENGTH: &str = "LapLength";
    /// Marks a segment in which nothing was recorded, with the reason as text: [`GAP_REBOOT`].
    pub const GAP: &str = "Gap";
    /// The device was started anew; the value of [`GAP`].
    pub const GAP_REBOOT: &str = "reboot";
    /// The raw value of the swimming location type.
    pub const SWIMMING_LOCATION_TYPE: &str = "SwimmingLocationType";
    /// The raw value of the stroke style of a lap.
    pub const SWIMMING_STROKE_STYLE: &str = "SwimmingStrokeStyle";
    /// The app's own identifier of an object; a higher [`SYNC_VERSION`] replaces it.
    pub const SYNC_IDENTIFIER: &str = "SyncIdentifier";
    /// The version that goes with [`SYNC_IDENTIFIER`].
    pub const SYNC_VERSION: &str = "SyncVersion";
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum MetadataValue {
    /// Text.
    Text(String),
    /// A number; truth values are 1 and 0, enumerations their raw values.
    Number(f64),
    /// A point in time.
    Date(Timestamp),
    /// A number with a unit.
    Quantity(Quantity),
}

/// Facts by key, ordered by key.
pub type Metadata = BTreeMap<String, MetadataValue>;

/// The most that the metadata of one thing may take, in bytes of keys and texts. What is accepted must also be saved in the end.
const LARGEST: usize = 1 << 20;

fn size_of_value(value: &MetadataValue) -> usize {
    match value {
        MetadataValue::Text(text) => text.len(),
        MetadataValue::Number(_) | MetadataValue::Date(_) | MetadataValue::Quantity(_) => 16,
    }
}

/// Adds entries key by key; a new value replaces an old one.
pub(crate) fn merge(into: &mut Metadata, entries: &Metadata) {
    into.extend(entries.iter().map(|(key, value)| (key.clone(), value.clone())));
}

/// Checks what `existing` would be with `added` merged in.
///
/// # Errors
/// Health 3 for an empty key, a zero byte in a key, a number that is not finite, a sync version without its
/// identifier; health 13 when all of it would take more than 1 MiB.
pub(crate) fn validate(existing: &Metadata, added: &Metadata) -> Result<(), PacelineError> {
    for (key, value) in added {
        if key.is_empty() {
            return Err(PacelineError::invalid("a metadata key must not be empty"));
        }
        if key.contains('\0') {
            return Err(PacelineError::invalid(
                "a metadata key must not hold a zero byte: C could not ask for it",
            ));
        }
        let number = match value {
            MetadataValue::Number(number) => Some(*number),
            MetadataValue::Quantity(quantity) => Some(quantity.value()),
            MetadataValue::Text(_) | MetadataValue::Date(_) => None,
        };
        if number.is_some_and(|number| !number.is_finite()) {
            return Err(PacelineError::invalid(format!(
                "the metadata value of {key} must be a finite number"
            )));
        }
    }
    let kept = existing.iter().filter(|(key, _)| !added.contains_key(*key));
    let size: usize = kept.chain(added).map(|(key, value)| key.len() + size_of_value(value)).sum();
    if size > LARGEST {
        return Err(PacelineError::new(
            ErrorCode::DataSizeExceeded,
            "metadata has one mebibyte at most; keep what is larger in a file and its name here",
        )
        .with_value(format_args!("{size} bytes")));
    }
    let has = |key: &str| existing.contains_key(key) || added.contains_key(key);
    if has(keys::SYNC_VERSION) && !has(keys::SYNC_IDENTIFIER) {
        return Err(PacelineError::invalid("metadata with a sync version needs a sync identifier as well"));
    }
    Ok(())
}
