//! What a person says about a workout before it starts.

use crate::activity_type::WorkoutActivityType;
use crate::enums::{WorkoutSessionLocationType, WorkoutSwimmingLocationType};
use crate::errors::PacelineError;
use crate::quantity::Quantity;

/// What kind of workout it is and where. It is copied wherever it is handed in: changing it afterwards changes nothing.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WorkoutConfiguration {
    /// The kind of workout.
    pub activity_type: WorkoutActivityType,
    /// Where it takes place.
    pub location_type: WorkoutSessionLocationType,
    /// For a swim: in which water. Ignored for anything else.
    pub swimming_location_type: WorkoutSwimmingLocationType,
    /// For a pool swim: the length of the pool, in a unit of length. Not allowed in open water.
    #[uniffi(default = None)]
    pub lap_length: Option<Quantity>,
}

impl From<paceline::WorkoutConfiguration> for WorkoutConfiguration {
    fn from(configuration: paceline::WorkoutConfiguration) -> Self {
        Self {
            activity_type: configuration.activity_type.into(),
            location_type: configuration.location_type.into(),
            swimming_location_type: configuration.swimming_location_type.into(),
            lap_length: configuration.lap_length.map(Into::into),
        }
    }
}

impl TryFrom<WorkoutConfiguration> for paceline::WorkoutConfiguration {
    type Error = PacelineError;

    fn try_from(configuration: WorkoutConfiguration) -> Result<Self, Self::Error> {
        Ok(Self {
            activity_type: configuration.activity_type.into(),
            location_type: configuration.location_type.into(),
            swimming_location_type: configuration.swimming_location_type.into(),
            lap_length: configuration.lap_length.map(TryInto::try_into).transpose()?,
        })
    }
}
