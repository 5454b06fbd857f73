//! What selects samples.

use crate::configuration::WorkoutConfiguration;
use crate::errors::PacelineError;
use crate::guard::guarded;
use crate::quantity_type::QuantityType;
use crate::time::Timestamp;

/// Which samples of a type are collected. Every condition that is set must hold; without any, everything is taken.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SamplePredicate {
    /// Only from these sources, by their numbers in the store; empty for any.
    #[uniffi(default = [])]
    pub sources: Vec<u32>,
    /// Only samples that start at or after this date.
    #[uniffi(default = None)]
    pub starts_at_or_after: Option<Timestamp>,
    /// Only samples that start before this date.
    #[uniffi(default = None)]
    pub starts_before: Option<Timestamp>,
}

/// Decides which samples flow into a live builder: of all that is ingested while the session is under way, those of the
/// chosen types that match their predicate.
///
/// Made from a configuration it starts with that configuration's default types, and follows the activities of a
/// multi-sport workout until the first change by hand.
#[derive(Debug, PartialEq, Eq, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct CoreDataSource(pub(crate) paceline::LiveWorkoutDataSource);

#[uniffi::export]
impl CoreDataSource {
    /// A data source with the default types of this configuration, or without any.
    ///
    /// Errors: `inputUnit` when the lap length has no unit.
    #[uniffi::constructor]
    pub fn new(configuration: Option<WorkoutConfiguration>) -> Result<Self, PacelineError> {
        guarded(|| {
            let configuration = configuration.map(paceline::WorkoutConfiguration::try_from).transpose()?;
            Ok::<_, PacelineError>(Self(paceline::LiveWorkoutDataSource::new(configuration.as_ref())))
        })
    }

    /// The types it collects, by rising code.
    pub fn types_to_collect(&self) -> Vec<QuantityType> {
        self.0.types_to_collect().iter().map(Into::into).collect()
    }

    /// Collects a type, before and during a workout. For a type that is collected already, the predicate is replaced;
    /// without one, everything of the type is taken.
    ///
    /// Errors: domain store when it serves a builder and the change cannot be saved.
    pub fn enable_collection(
        &self,
        quantity_type: QuantityType,
        predicate: Option<SamplePredicate>,
    ) -> Result<(), PacelineError> {
        guarded(|| self.0.enable_collection(quantity_type.into(), predicate.map(Into::into)))
    }

    /// Stops collecting a type; what was collected stays.
    ///
    /// Errors: domain store when it serves a builder and the change cannot be saved.
    pub fn disable_collection(&self, quantity_type: QuantityType) -> Result<(), PacelineError> {
        guarded(|| self.0.disable_collection(quantity_type.into()))
    }
}

impl From<SamplePredicate> for paceline::SamplePredicate {
    fn from(predicate: SamplePredicate) -> Self {
        Self {
            sources: predicate.sources.into_iter().map(paceline::SourceId).collect(),
            starts_at_or_after: predicate.starts_at_or_after,
            starts_before: predicate.starts_before,
        }
    }
}
