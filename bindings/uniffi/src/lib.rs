//! What Swift and Kotlin see of Paceline. Nothing is decided here: values are converted, calls are passed on, and a panic
//! becomes an error.
//!
//! Objects are named `Core…`: the hand-written layers wrap them. Records and enumerations have their final names and are
//! used as they are.

mod activity_type;
mod clock;
mod configuration;
mod data_source;
mod delegates;
mod diagnostics;
mod enums;
mod error_code;
mod errors;
mod event;
mod guard;
mod health_store;
mod host;
mod live_builder;
mod metadata;
mod mirrored;
mod quantity;
mod quantity_type;
mod sample;
mod session_record;
mod simulation;
mod snapshot;
mod statistics;
mod store_options;
mod time;
mod workout;
mod workout_session;

pub use activity_type::WorkoutActivityType;
pub use clock::CoreManualClock;
pub use configuration::WorkoutConfiguration;
pub use data_source::{CoreDataSource, SamplePredicate};
pub use delegates::{CoreBuilderDelegate, CoreSessionDelegate};
pub use diagnostics::{CoreLogSink, engine_version, set_log_sink};
pub use enums::{
    AggregationStyle, AuthorizationStatus, ErrorDomain, LogLevel, SourceKind, SwimmingStrokeStyle,
    WorkoutEventType, WorkoutSessionLocationType, WorkoutSessionState, WorkoutSessionType,
    WorkoutSwimmingLocationType,
};
pub use error_code::ErrorCode;
pub use errors::{DelegateError, PacelineError};
pub use event::WorkoutEvent;
pub use health_store::{
    CoreHealthStore, Ingested, PollOutcome, SessionOwner, UnfinishedWorkout, set_store_aside,
};
pub use host::{CoreHost, HostCapabilities, HostCapability, HostReport, HostRequest};
pub use live_builder::CoreLiveWorkoutBuilder;
pub use metadata::{Metadata, MetadataValue};
pub use quantity::{MeasureUnit, Ordering, Quantity};
pub use quantity_type::QuantityType;
pub use sample::{QuantitySample, SampleSource};
pub use session_record::WorkoutSessionRecord;
pub use simulation::{CoreSimulatedDevice, CoreSimulation};
pub use snapshot::WorkoutSnapshot;
pub use statistics::{IntervalStatistics, Reading, Statistics, WorkoutInterval};
pub use store_options::{Arbitration, Delivery, Durability, StoreOptions};
pub use time::{Span, Timestamp, Uuid};
pub use workout::{Workout, WorkoutActivity};
pub use workout_session::CoreWorkoutSession;

uniffi::setup_scaffolding!("paceline");
