//! Plain data: what the other floors speak about. No clock, no lock, no file.

pub(crate) mod activity;
pub(crate) mod activity_type;
pub(crate) mod authorization;
pub(crate) mod batch;
pub(crate) mod configuration;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod exact;
pub(crate) mod metadata;
pub(crate) mod quantity;
pub(crate) mod quantity_type;
pub(crate) mod raw_enum;
pub(crate) mod remote_command;
pub(crate) mod rows;
pub(crate) mod sample;
pub(crate) mod session_state;
pub(crate) mod statistics;
pub(crate) mod timestamp;
pub(crate) mod unit;
pub(crate) mod workout;

pub use activity::WorkoutActivity;
pub use activity_type::WorkoutActivityType;
pub use authorization::AuthorizationStatus;
pub use batch::PackedBatchWriter;
pub use configuration::{
    SwimmingStrokeStyle, WorkoutConfiguration, WorkoutSessionLocationType, WorkoutSwimmingLocationType,
};
pub use error::{ErrorCode, ErrorDomain, PacelineError};
pub use event::{WorkoutEvent, WorkoutEventType};
pub use metadata::{Metadata, MetadataValue, keys as metadata_keys};
pub use quantity::{Quantity, QuantityError};
pub use quantity_type::{AggregationStyle, QuantityType, TypeSet};
pub use remote_command::RemoteCommand;
pub use sample::{QuantitySample, SampleId, SampleSource, SourceId, SourceKind};
pub use session_state::{WorkoutSessionRecord, WorkoutSessionState, WorkoutSessionType};
pub use statistics::{Reading, Statistics};
pub use timestamp::Timestamp;
pub use unit::{MeasureUnit, UnitError};
pub use workout::Workout;
