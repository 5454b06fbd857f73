//! Paceline: workout sessions that run on every platform, in memory under a manual clock, and survive being killed.
//!
//! ```
//! use paceline::*;
//! use std::time::Duration;
//!
//! let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
//! let store = HealthStore::open(StoreOptions::new().clock(&clock))?;
//! let run = WorkoutConfiguration::new(WorkoutActivityType::Running).at(WorkoutSessionLocationType::Outdoor);
//! let session = WorkoutSession::new(&store, run.clone())?;
//! let builder = session.associated_workout_builder()?;
//! builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run))))?;
//!
//! session.start_activity(None)?;
//! builder.begin_collection(store.now())?;
//! for beat in [140.0, 150.0] {
//!     let now = store.now();
//!     store.ingest_sample(&QuantitySample::in_stored_unit(QuantityType::HeartRate, beat, now, now)?)?;
//!     clock.advance(Duration::from_secs(60));
//! }
//! session.stop_activity(None)?;
//! builder.end_collection(store.now())?;
//! let workout = builder.finish_workout()?.expect("the device is not locked");
//! session.end()?;
//!
//! assert_eq!(workout.duration, Duration::from_secs(120));
//! assert_eq!(workout.statistics(QuantityType::HeartRate).and_then(|heart| heart.average), Some(145.0));
//! # Ok::<(), PacelineError>(())
//! ```
//!
//! Three floors, each importing only from those below it: `shell` (what a user holds, disk, threads), `machines` (every
//! decision, without input or output), `values` (plain data).

mod machines;
mod shell;
mod values;

pub use machines::arbitration::Arbitration;
pub use machines::data_source::SamplePredicate;
pub use machines::intervals::IntervalStatistics;
pub use machines::mirror::primary::ObserverRole;
pub use shell::clock::{Clock, ClockSource, ManualClock, SystemClock};
pub use shell::data_source::LiveWorkoutDataSource;
pub use shell::delegate::{LiveWorkoutBuilderDelegate, WorkoutSessionDelegate};
pub use shell::diagnostics::{LogLevel, LogSink, set_log_sink};
pub use shell::engine::Ingested;
pub use shell::entropy::Entropy;
pub use shell::health_store::{HealthStore, PollOutcome};
pub use shell::host::{Host, HostCapabilities, HostCapability, HostReport, HostRequest};
pub use shell::live_builder::LiveWorkoutBuilder;
pub use shell::mirroring::MirroringStartHandler;
pub use shell::options::{Delivery, Durability, StoreOptions};
pub use shell::published::WorkoutSnapshot;
pub use shell::retention::Retention;
pub use shell::simulation::{DeviceOptions, LinkOptions, SimulatedDevice, Simulation};
pub use shell::store::{MemoryDisk, SessionOwner, UnfinishedWorkout};
pub use shell::transport::{PeerId, Transport};
pub use shell::workout_session::WorkoutSession;
pub use uuid::Uuid;
pub use values::*;
