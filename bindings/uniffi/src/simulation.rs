//! Devices that exist only in memory.

use crate::activity_type::WorkoutActivityType;
use crate::clock::CoreManualClock;
use crate::enums::AuthorizationStatus;
use crate::errors::PacelineError;
use crate::guard::{guarded, guarded_call};
use crate::health_store::CoreHealthStore;
use crate::quantity_type::QuantityType;
use crate::store_options::Arbitration;
use crate::time::{Span, Timestamp};
use std::sync::Arc;

/// One time, and the devices that live in it.
///
/// Nothing happens by itself: time stands until `advance`, and callbacks wait for it or for `poll`; both deliver on the
/// calling thread. The same calls with the same seed give the same run, ids included.
#[derive(Debug, uniffi::Object)]
pub struct CoreSimulation(paceline::Simulation);

/// A device of a simulation: a store in memory, and a platform that does what the test says. At first its app is in the
/// foreground, the device unlocked, and everything permitted.
#[derive(Debug, uniffi::Object)]
pub struct CoreSimulatedDevice(paceline::SimulatedDevice);

#[uniffi::export]
impl CoreSimulation {
    /// A simulation that begins at this date. The seed decides everything that is left to chance.
    ///
    /// Errors: `inputOutOfRange` for a date outside of the years 1 to 9999.
    #[uniffi::constructor]
    pub fn new(start: Timestamp, seed: u64) -> Result<Self, PacelineError> {
        guarded_call(|| Self(paceline::Simulation::new(start, seed)))
    }

    /// The present time of all devices.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// The clock, for stores of other kinds that are to live in the same time.
    pub fn clock(&self) -> Arc<CoreManualClock> {
        Arc::new(CoreManualClock(self.0.clock()))
    }

    /// Lets time pass: stops at every timer on the way, in order, delivers what is due, and goes on.
    ///
    /// Errors: `inputOutOfRange` for a negative or infinite span.
    pub fn advance(&self, by: Span) -> Result<(), PacelineError> {
        guarded_call(|| self.0.advance(by.into()))
    }

    /// Lets time pass up to a date; nothing happens when the date has passed.
    ///
    /// Errors: `inputOutOfRange` for a date outside of the years 1 to 9999.
    pub fn advance_to(&self, date: Timestamp) -> Result<(), PacelineError> {
        guarded_call(|| self.0.advance_to(date))
    }

    /// Delivers what waits on every device, device by device in the order in which they were added, until nothing is left;
    /// returns how many callbacks were delivered.
    ///
    /// Errors: `internal` only.
    pub fn poll(&self) -> Result<u32, PacelineError> {
        guarded_call(|| self.0.poll())
    }

    /// Adds a device. It makes no sessions for the refused activity types; the arbitration says what happens when a second
    /// session starts on it.
    ///
    /// Errors: `invalidArgument` when the name is empty or taken.
    pub fn add_device(
        &self,
        name: String,
        refused_activities: Vec<WorkoutActivityType>,
        arbitration: Arbitration,
    ) -> Result<Arc<CoreSimulatedDevice>, PacelineError> {
        guarded(|| {
            let refused_activities = refused_activities.into_iter().map(Into::into).collect();
            let options = paceline::DeviceOptions { refused_activities, arbitration: arbitration.into() };
            let device = self.0.add_device(&name, options)?;
            Ok::<_, PacelineError>(Arc::new(CoreSimulatedDevice(device)))
        })
    }

    /// The device of this name.
    pub fn device(&self, name: String) -> Option<Arc<CoreSimulatedDevice>> {
        self.0.device(&name).map(|device| Arc::new(CoreSimulatedDevice(device)))
    }
}

#[uniffi::export]
impl CoreSimulatedDevice {
    /// Its name.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its store, in memory, on the simulation's clock. After `kill` it refuses every call; after `relaunch` it is another one,
    /// which must be asked for anew.
    pub fn store(&self) -> Arc<CoreHealthStore> {
        Arc::new(CoreHealthStore(self.0.store()))
    }

    /// The app comes to the foreground, or leaves it.
    ///
    /// Errors: as the store's `report`, like all calls of a device.
    pub fn set_foreground(&self, foreground: bool) -> Result<(), PacelineError> {
        guarded(|| self.0.set_foreground(foreground))
    }

    /// The companion device launched the app to start a workout.
    ///
    /// Errors: as the store's `report`.
    pub fn set_launched_by_companion(&self, launched: bool) -> Result<(), PacelineError> {
        guarded(|| self.0.set_launched_by_companion(launched))
    }

    /// The device is locked or unlocked.
    ///
    /// Errors: as the store's `report`.
    pub fn set_locked(&self, locked: bool) -> Result<(), PacelineError> {
        guarded(|| self.0.set_locked(locked))
    }

    /// The person answers whether workouts may be saved.
    ///
    /// Errors: as the store's `report`.
    pub fn set_workout_permission(&self, status: AuthorizationStatus) -> Result<(), PacelineError> {
        guarded(|| self.0.set_workout_permission(status.into()))
    }

    /// The person answers whether samples of a type may be written.
    ///
    /// Errors: as the store's `report`.
    pub fn set_sample_permission(
        &self,
        quantity_type: QuantityType,
        status: AuthorizationStatus,
    ) -> Result<(), PacelineError> {
        guarded(|| self.0.set_sample_permission(quantity_type.into(), status.into()))
    }

    /// Kills the app: what was committed stays on the device's disk, everything else is lost, no delegate hears anything. What
    /// the test still holds of the app refuses every call with `staleHandle`; getters show what they showed last. Nothing
    /// happens to an app that was killed before.
    ///
    /// Errors: `internal` only.
    pub fn kill(&self) -> Result<(), PacelineError> {
        guarded_call(|| self.0.kill())
    }

    /// Launches the app anew, on the same disk. One that runs is killed first.
    ///
    /// Errors: domain store when the store cannot be opened.
    pub fn relaunch(&self) -> Result<(), PacelineError> {
        guarded(|| self.0.relaunch())
    }

    /// The battery runs empty, or the system starts anew: the app is killed as by `kill`, and from `relaunch` on the device counts
    /// its elapsed time from zero. Its wall clock goes on; follow this with `jump_clock` for a device that forgets the time.
    ///
    /// Errors: `internal` only.
    pub fn reboot(&self) -> Result<(), PacelineError> {
        guarded_call(|| self.0.reboot())
    }

    /// The wall clock of this device alone is set: forward by so many microseconds, or back by a negative number. No time passes.
    ///
    /// Errors: `internal` only.
    pub fn jump_clock(&self, micros: i64) -> Result<(), PacelineError> {
        guarded_call(|| self.0.jump_clock(micros))
    }

    /// The device's disk refuses to be written from now on, as one that is full or read-only does, or takes everything again.
    /// What is on it can be read all the time.
    ///
    /// Errors: `staleHandle` while its app is killed.
    pub fn set_disk_writable(&self, writable: bool) -> Result<(), PacelineError> {
        guarded(|| self.0.set_disk_writable(writable))
    }

    /// Whether the platform keeps a session of this device running.
    pub fn in_session_mode(&self) -> bool {
        self.0.in_session_mode()
    }

    /// The platform stops keeping the latest session running, with this error: the session fails with it, then ends.
    ///
    /// Errors: `invalidArgument` when it keeps none; else as the store's `report`.
    pub fn refuse_session_mode(&self, error: PacelineError) -> Result<(), PacelineError> {
        guarded(|| self.0.refuse_session_mode(error.into()))
    }

    /// The platform answers the oldest question whether a session may start while another one is under way, on a device whose
    /// arbitration is to ask: without an error the other one ends and it starts, with one it fails with that and ends.
    ///
    /// Errors: `invalidArgument` when nothing was asked; else as the store's `report`.
    pub fn arbitrate(&self, refusal: Option<PacelineError>) -> Result<(), PacelineError> {
        guarded(|| self.0.arbitrate(refusal.map(Into::into)))
    }
}
