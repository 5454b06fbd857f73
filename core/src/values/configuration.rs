//! What a person says about a workout before it starts.

use super::activity_type::WorkoutActivityType;
use super::error::PacelineError;
use super::metadata::{Metadata, MetadataValue, keys};
use super::quantity::Quantity;
use super::raw_enum::raw_enum;
use super::unit::MeasureUnit;
use serde::{Deserialize, Serialize};

raw_enum! {
    /// Where a workout takes place. There is no 0.
    pub enum WorkoutSessionLocationType: u8 {
        /// Not known.
        Unknown = 1, "unknown";
        /// Under a roof.
        Indoor = 2, "indoor";
        /// In the open.
        Outdoor = 3, "outdoor";
    }
}

raw_enum! {
    /// Where a swim takes place.
    pub enum WorkoutSwimmingLocationType: u8 {
        /// Not known, or not a swim.
        Unknown = 0, "unknown";
        /// A pool of known length.
        Pool = 1, "pool";
        /// A lake, a river, the sea.
        OpenWater = 2, "openWater";
    }
}

raw_enum! {
    /// How a length was swum.
    pub enum SwimmingStrokeStyle: u8 {
        /// Not known.
        Unknown = 0, "unknown";
        /// More than one.
        Mixed = 1, "mixed";
        /// Freestyle.
        Freestyle = 2, "freestyle";
        /// Backstroke.
        Backstroke = 3, "backstroke";
        /// Breaststroke.
        Breaststroke = 4, "breaststroke";
        /// Butterfly.
        Butterfly = 5, "butterfly";
        /// With a kickboard.
        Kickboard = 6, "kickboard";
    }
}

/// What kind of workout it is and where.
///
/// A fresh configuration is `other` at an unknown location. It is copied wherever it is handed in: changing it
/// afterwards changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkoutConfiguration {
    /// The kind of workout.
    pub activity_type: WorkoutActivityType,
    /// Where it takes place.
    pub location_type: WorkoutSessionLocationType,
    /// For a swim: in which water. Ignored for anything else.
    pub swimming_location_type: WorkoutSwimmingLocationType,
    /// For a pool swim: the length of the pool, in a unit of length. Not allowed in open water.
    pub lap_length: Option<Quantity>,
}

impl Default for WorkoutConfiguration {
    fn default() -> Self {
        Self::new(WorkoutActivityType::Other)
    }
}

impl WorkoutConfiguration {
    /// A configuration of this kind, at an unknown location.
    pub const fn new(activity_type: WorkoutActivityType) -> Self {
        Self {
            activity_type,
            location_type: WorkoutSessionLocationType::Unknown,
            swimming_location_type: WorkoutSwimmingLocationType::Unknown,
            lap_length: None,
        }
    }

    /// The same configuration at this location.
    #[must_use]
    pub const fn at(mut self, location: WorkoutSessionLocationType) -> Self {
        self.location_type = location;
        self
    }

    /// The same configuration in a pool of this length.
    #[must_use]
    pub fn in_pool(mut self, lap_length: Quantity) -> Self {
        self.swimming_location_type = WorkoutSwimmingLocationType::Pool;
        self.lap_length = Some(lap_length);
        self
    }

    /// Checks what a session requires of its configuration (reference, section 2).
    ///
    /// # Errors
    /// Health 3 for a lap length in open water, and for a lap length that is not a positive length.
    pub fn validate(&self) -> Result<(), PacelineError> {
        let Some(lap_length) = &self.lap_length else { return Ok(()) };
        let meters = lap_length.value_in(&MeasureUnit::meter()).map_err(|_| {
            PacelineError::invalid("the lap length must be given in a unit of length").with_value(lap_length)
        })?;
        if self.swimming_location_type == WorkoutSwimmingLocationType::OpenWater {
            return Err(PacelineError::invalid("a swim in open water has no lap length; leave it out")
                .with_value(lap_length));
        }
        if !(meters > 0.0 && meters.is_finite()) {
            return Err(
                PacelineError::invalid("the lap length must be longer than zero").with_value(lap_length)
            );
        }
        Ok(())
    }

    /// What a saved workout keeps of its configuration as metadata.
    pub(crate) fn derived_metadata(&self) -> Metadata {
        let mut metadata = Metadata::new();
        match self.location_type {
            WorkoutSessionLocationType::Unknown => {}
            location => {
                let indoor = location == WorkoutSessionLocationType::Indoor;
                metadata
                    .insert(keys::INDOOR_WORKOUT.into(), MetadataValue::Number(f64::from(u8::from(indoor))));
            }
        }
        if self.swimming_location_type != WorkoutSwimmingLocationType::Unknown
            && self.activity_type == WorkoutActivityType::Swimming
        {
            let raw = self.swimming_location_type.raw();
            metadata.insert(keys::SWIMMING_LOCATION_TYPE.into(), MetadataValue::Number(f64::from(raw)));
        }
        if let Some(length) = &self.lap_length {
            metadata.insert(keys::LAP_LENGTH.into(), MetadataValue::Quantity(length.clone()));
        }
        metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_water_has_no_lap_length() {
        let pool = Quantity::new(25.0, MeasureUnit::meter());
        let mut swim = WorkoutConfiguration::new(WorkoutActivityType::Swimming).in_pool(pool);
        assert!(swim.validate().is_ok());
        swim.swimming_location_type = WorkoutSwimmingLocationType::OpenWater;
        assert!(swim.validate().is_err());
        swim.swimming_location_type = WorkoutSwimmingLocationType::Pool;
        swim.lap_length = Some(Quantity::new(25.0, MeasureUnit::second()));
        assert!(swim.validate().is_err());
        swim.lap_length = Some(Quantity::new(f64::NAN, MeasureUnit::meter()));
        assert!(swim.validate().is_err());
    }
}
