//! Devices that exist only in memory, on one time that moves by hand: what an app is tested with when no watch is at hand.

mod network;

pub use self::network::LinkOptions;
use self::network::{Antenna, Network};
use super::clock::{Between, Clock, ManualClock};
use super::entropy::Entropy;
use super::health_store::HealthStore;
use super::host::{Host, HostCapabilities, HostCapability, HostReport, HostRequest};
use super::options::StoreOptions;
use super::store::MemoryDisk;
use super::sync::Mutex;
use super::transport::{PeerId, Transport};
use crate::machines::arbitration::Arbitration;
use crate::values::{AuthorizationStatus, PacelineError, QuantityType, Timestamp, WorkoutActivityType};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use uuid::Uuid;

/// One time, and the devices that live in it, each with a clock that can be set. Clones are the same simulation.
///
/// Nothing happens by itself: time stands until [`Simulation::advance`], and callbacks wait for it or for
/// [`Simulation::poll`]; both deliver on the calling thread. The same calls with the same seed give the same run, ids
/// included.
#[derive(Clone)]
pub struct Simulation(Arc<World>);

struct World {
    clock: ManualClock,
    seed: u64,
    /// In the order in which they were added: that is the order in which they are served.
    devices: Mutex<Vec<SimulatedDevice>>,
    network: Arc<Network>,
}

/// What a simulated device is like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceOptions {
    /// Activity types for which it makes no sessions.
    pub refused_activities: Vec<WorkoutActivityType>,
    /// Who yields when a second session starts on it.
    pub arbitration: Arbitration,
}

/// A device of a simulation: a store in memory, and a platform that does what the test says. Clones are the same device.
///
/// At first its app is in the foreground, the device unlocked, and everything permitted.
#[derive(Clone)]
pub struct SimulatedDevice(Arc<Device>);

struct Device {
    /// Its name, as other devices know it.
    peer: PeerId,
    network: Arc<Network>,
    /// How often its app was launched.
    launches: AtomicU64,
    /// Another device wanted its app to be started.
    is_woken: AtomicBool,
    clock: ManualClock,
    entropy: Entropy,
    disk: MemoryDisk,
    arbitration: Arbitration,
    platform: Arc<Platform>,
    disk_is_writable: AtomicBool,
    /// The store that was opened last.
    store: Mutex<HealthStore>,
}

/// The platform of a simulated device.
struct Platform {
    refused_activities: Vec<WorkoutActivityType>,
    /// The sessions it keeps running, with the request that asked for it.
    kept: Mutex<BTreeMap<Uuid, u64>>,
    /// The sessions that wait to hear whether they may start, with the request that asks it.
    questions: Mutex<BTreeMap<Uuid, u64>>,
    /// What it told, one report of each kind: an app that is launched again is told the same.
    told: Mutex<Vec<HostReport>>,
}

impl Simulation {
    /// A simulation that begins at this date. The seed decides everything that is left to chance.
    pub fn new(start: Timestamp, seed: u64) -> Self {
        let (clock, network) = (ManualClock::new(start), Arc::new(Network::new(seed)));
        let between = Arc::downgrade(&network);
        clock.attach_between(between as Weak<dyn Between>);
        Self(Arc::new(World { clock, seed, devices: Mutex::default(), network }))
    }

    /// The present time of all devices whose clocks were not set.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The clock, for stores of other kinds that are to live in the same time.
    pub fn clock(&self) -> ManualClock {
        self.0.clock.clone()
    }

    /// Lets time pass: stops at every timer on the way, in order, delivers what is due, and goes on.
    pub fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
    }

    /// Lets time pass up to a date; nothing happens when the date has passed.
    pub fn advance_to(&self, date: Timestamp) {
        self.0.clock.advance_to(date);
    }

    /// Delivers what waits on every device, device by device in the order in which they were added, until nothing is
    /// left, messages between devices included that have arrived by now; returns how many callbacks were delivered.
    pub fn poll(&self) -> u32 {
        let mut all = 0;
        loop {
            let moved = self.0.clock.deliver_arrived();
            let devices = self.0.devices.lock().clone();
            let delivered: u32 = devices.iter().map(|device| device.store().poll().delivered).sum();
            all += delivered;
            if delivered == 0 && !moved {
                return all;
            }
        }
    }

    /// Adds a device.
    ///
    /// # Errors
    /// Health 3 when the name is taken, or is none that a [`PeerId`] can have.
    pub fn add_device(&self, name: &str, options: DeviceOptions) -> Result<SimulatedDevice, PacelineError> {
        let mut devices = self.0.devices.lock();
        let peer = PeerId::new(name)?;
        if devices.iter().any(|device| device.0.peer == peer) {
            return Err(
                PacelineError::invalid("the simulation has a device of this name already").with_value(name)
            );
        }
        let DeviceOptions { refused_activities, arbitration } = options;
        let platform = Arc::new(Platform {
            refused_activities,
            kept: Mutex::default(),
            questions: Mutex::default(),
            told: Mutex::default(),
        });
        let (clock, disk) = (self.0.clock.of_another_device(), MemoryDisk::new()?);
        let entropy = Entropy::Seeded(self.0.seed.wrapping_add(devices.len() as u64));
        let store = Mutex::new(open(&clock, entropy, &disk, arbitration, &platform)?);
        let disk_is_writable = AtomicBool::new(true);
        let device = SimulatedDevice(Arc::new(Device {
            peer,
            network: Arc::clone(&self.0.network),
            launches: AtomicU64::new(0),
            is_woken: AtomicBool::new(false),
            clock,
            entropy,
            disk,
            arbitration,
            platform,
            disk_is_writable,
            store,
        }));
        self.0.network.add(&device);
        device.join_network()?;
        devices.push(device.clone());
        Ok(device)
    }

    /// The device of this name.
    pub fn device(&self, name: &str) -> Option<SimulatedDevice> {
        self.0.devices.lock().iter().find(|device| device.0.peer.as_str() == name).cloned()
    }

    /// Puts a link between two devices. It stays when an app is killed, and comes up for it again when it is relaunched. The seed
    /// decides which messages are lost, repeated and overtaken.
    ///
    /// # Errors
    /// Health 3 when the two are one or connected already, and for options that cannot be.
    pub fn connect(
        &self,
        one: &SimulatedDevice,
        other: &SimulatedDevice,
        options: LinkOptions,
    ) -> Result<(), PacelineError> {
        self.0.network.connect(&one.0.peer, &other.0.peer, options)?;
        one.link_up(&other.0.peer)?;
        other.link_up(&one.0.peer)
    }

    /// Makes a link better or worse from now on; nobody is told. The largest message stays what it was until the link comes up anew.
    ///
    /// # Errors
    /// Health 3 when they are not connected, and for options that cannot be.
    pub fn change_link(
        &self,
        one: &SimulatedDevice,
        other: &SimulatedDevice,
        options: LinkOptions,
    ) -> Result<(), PacelineError> {
        self.0.network.change(&one.0.peer, &other.0.peer, options)
    }

    /// Breaks the link between two devices, and tells both. What is under way is lost.
    ///
    /// # Errors
    /// Health 3 when they are not connected.
    pub fn disconnect(&self, one: &SimulatedDevice, other: &SimulatedDevice) -> Result<(), PacelineError> {
        self.0.network.disconnect(&one.0.peer, &other.0.peer)?;
        for (device, peer) in [(one, other), (other, one)] {
            device.unless_killed(|store| store.link_down(&peer.0.peer, "the devices were disconnected"))?;
        }
        Ok(())
    }

    /// For so long nothing from one device arrives at the other; nobody is told. What is under way waits too. For a link that
    /// is silent in both directions, call it for both.
    ///
    /// # Errors
    /// Health 3 when they are not connected.
    pub fn stall(
        &self,
        from: &SimulatedDevice,
        to: &SimulatedDevice,
        span: Duration,
    ) -> Result<(), PacelineError> {
        let until = self.0.clock.passed().saturating_add(span);
        self.0.network.stall(&from.0.peer, &to.0.peer, until)
    }
}

impl SimulatedDevice {
    /// Its name.
    pub fn name(&self) -> String {
        self.0.peer.to_string()
    }

    /// Its store, in memory, on the simulation's clock. After [`SimulatedDevice::kill`] it refuses every call; after
    /// [`SimulatedDevice::relaunch`] it is another one, which must be asked for anew.
    pub fn store(&self) -> HealthStore {
        self.0.store.lock().clone()
    }

    /// Kills the app: what was committed stays on the device's disk, everything else is lost, no delegate hears anything. What
    /// the test still holds of the app refuses every call with boundary 3; getters show the state they showed last. Nothing
    /// happens to an app that was killed before.
    pub fn kill(&self) {
        self.store().engine.kill();
        self.0.platform.kept.lock().clear();
        self.0.platform.questions.lock().clear();
    }

    /// Launches the app anew, on the same disk. One that runs is killed first.
    ///
    /// # Errors
    /// Domain `store` when the store cannot be opened.
    pub fn relaunch(&self) -> Result<(), PacelineError> {
        self.kill();
        let Device { clock, entropy, disk, arbitration, platform, store, .. } = &*self.0;
        let opened = open(clock, *entropy, disk, *arbitration, platform)?;
        for report in platform.told.lock().iter() {
            opened.report(report)?;
        }
        opened.engine.set_disk_writable(self.0.disk_is_writable.load(Ordering::Relaxed))?;
        opened.engine.launch.store(self.0.launches.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        self.0.is_woken.store(false, Ordering::Relaxed);
        *store.lock() = opened;
        self.join_network()
    }

    /// Whether another device wanted this one's app to be started since it was last launched: what a platform does when a session
    /// is to be mirrored. The simulation leaves it to the test to [relaunch](SimulatedDevice::relaunch) the app.
    pub fn was_woken(&self) -> bool {
        self.0.is_woken.load(Ordering::Relaxed)
    }

    /// An app that was launched finds the links of its device.
    fn join_network(&self) -> Result<(), PacelineError> {
        let Device { peer, clock, network, .. } = &*self.0;
        let antenna = Antenna { of: peer.clone(), clock: clock.clone(), network: Arc::clone(network) };
        self.store().attach_transport(Arc::new(antenna) as Arc<dyn Transport>)?;
        network.neighbours(peer).iter().try_for_each(|neighbour| self.link_up(neighbour))
    }

    fn link_up(&self, peer: &PeerId) -> Result<(), PacelineError> {
        self.unless_killed(|store| store.link_up(peer))
    }

    /// An app that does not run is told nothing.
    fn unless_killed(
        &self,
        tell: impl FnOnce(&HealthStore) -> Result<(), PacelineError>,
    ) -> Result<(), PacelineError> {
        let store = self.store();
        if store.engine.is_killed() { Ok(()) } else { tell(&store) }
    }

    /// The device's disk refuses to be written from now on, as one that is full or read-only does, or takes everything again. What
    /// is on it can be read all the time.
    ///
    /// # Errors
    /// Boundary 3 while its app is killed.
    pub fn set_disk_writable(&self, writable: bool) -> Result<(), PacelineError> {
        self.store().engine.set_disk_writable(writable)?;
        self.0.disk_is_writable.store(writable, Ordering::Relaxed);
        Ok(())
    }

    /// The battery runs empty, or the system starts anew: the app is killed as by [`SimulatedDevice::kill`], and the device
    /// counts time from zero when it is [relaunched](SimulatedDevice::relaunch). Its wall clock goes on; follow this with
    /// [`SimulatedDevice::jump_clock`] for a device that forgets the time. It stays off as long as the test lets time pass.
    pub fn reboot(&self) {
        self.kill();
        self.0.clock.reboot();
    }

    /// The wall clock of this device alone is set: forward by so many microseconds, or back by a negative number. No time
    /// passes.
    pub fn jump_clock(&self, micros: i64) {
        self.0.clock.jump(micros);
    }

    fn tell(&self, report: HostReport) -> Result<(), PacelineError> {
        self.store().report(&report)?;
        let mut told = self.0.platform.told.lock();
        told.retain(|earlier| !is_about_the_same(earlier, &report));
        told.push(report);
        Ok(())
    }

    /// The app comes to the foreground, or leaves it.
    ///
    /// # Errors
    /// As [`HealthStore::report`], like all calls of a device.
    pub fn set_foreground(&self, foreground: bool) -> Result<(), PacelineError> {
        self.tell(HostReport::Foreground(foreground))
    }

    /// The companion device launched the app to start a workout.
    ///
    /// # Errors
    /// As [`HealthStore::report`].
    pub fn set_launched_by_companion(&self, launched: bool) -> Result<(), PacelineError> {
        self.tell(HostReport::LaunchedByCompanion(launched))
    }

    /// The device is locked or unlocked.
    ///
    /// # Errors
    /// As [`HealthStore::report`].
    pub fn set_locked(&self, locked: bool) -> Result<(), PacelineError> {
        self.tell(HostReport::Locked(locked))
    }

    /// The person answers whether workouts may be saved.
    ///
    /// # Errors
    /// As [`HealthStore::report`].
    pub fn set_workout_permission(&self, status: AuthorizationStatus) -> Result<(), PacelineError> {
        self.tell(HostReport::WorkoutPermission(status))
    }

    /// The person answers whether samples of a type may be written.
    ///
    /// # Errors
    /// As [`HealthStore::report`].
    pub fn set_sample_permission(
        &self,
        quantity_type: QuantityType,
        status: AuthorizationStatus,
    ) -> Result<(), PacelineError> {
        self.tell(HostReport::SamplePermission(quantity_type, status))
    }

    /// Whether the platform keeps a session of this device running.
    pub fn in_session_mode(&self) -> bool {
        !self.0.platform.kept.lock().is_empty()
    }

    /// The platform stops keeping the latest session running, with this error: the session fails with it, then ends.
    ///
    /// # Errors
    /// Health 3 when it keeps none; else as [`HealthStore::report`].
    pub fn refuse_session_mode(&self, error: PacelineError) -> Result<(), PacelineError> {
        let latest = self.0.platform.kept.lock().values().max().copied();
        let Some(request) = latest else {
            return Err(PacelineError::invalid("no session of this device is in session mode"));
        };
        self.store().report(&HostReport::Outcome { request, refusal: Some(error) })
    }

    /// The platform answers the oldest question whether a session may start while another one is under way, on a device with
    /// `Arbitration::Ask`: without an error the other one ends and it starts, with one it fails with that and ends.
    ///
    /// # Errors
    /// Health 3 when nothing was asked; else as [`HealthStore::report`].
    pub fn arbitrate(&self, refusal: Option<PacelineError>) -> Result<(), PacelineError> {
        let mut questions = self.0.platform.questions.lock();
        let oldest = questions.iter().min_by_key(|(_, request)| **request).map(|(session, _)| *session);
        let Some(request) = oldest.and_then(|session| questions.remove(&session)) else {
            return Err(PacelineError::invalid("no session of this device waits for an answer"));
        };
        drop(questions);
        self.store().report(&HostReport::Outcome { request, refusal })
    }
}

fn open(
    clock: &ManualClock,
    entropy: Entropy,
    disk: &MemoryDisk,
    arbitration: Arbitration,
    platform: &Arc<Platform>,
) -> Result<HealthStore, PacelineError> {
    let host = Arc::clone(platform) as Arc<dyn Host>;
    let options = StoreOptions::new().clock(clock).entropy(entropy).disk(disk);
    HealthStore::open(options.arbitration(arbitration).host(host))
}

/// Whether a report replaces an earlier one.
fn is_about_the_same(earlier: &HostReport, later: &HostReport) -> bool {
    match (earlier, later) {
        (HostReport::SamplePermission(one, _), HostReport::SamplePermission(other, _)) => one == other,
        _ => std::mem::discriminant(earlier) == std::mem::discriminant(later),
    }
}

impl Host for Platform {
    fn capabilities(&self) -> HostCapabilities {
        HostCapabilities {
            session_mode: HostCapability::Native,
            permission: HostCapability::Native,
            foreground: HostCapability::Native,
            lock: HostCapability::Native,
            arbitration: HostCapability::Emulated,
            processes: HostCapability::Unsupported,
            refused_activities: self.refused_activities.clone(),
        }
    }

    fn request(&self, id: u64, request: HostRequest) {
        match request {
            HostRequest::EnterSessionMode { session, .. } => {
                self.kept.lock().insert(session, id);
            }
            HostRequest::LeaveSessionMode { session } => {
                self.kept.lock().remove(&session);
            }
            HostRequest::Arbitrate { session, .. } => {
                self.questions.lock().insert(session, id);
            }
            // There is one process on a simulated device.
            HostRequest::IsAlive { .. } => {}
        }
    }
}

impl PartialEq for SimulatedDevice {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SimulatedDevice {}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Simulation").field(&self.now()).field(&*self.0.devices.lock()).finish()
    }
}

impl fmt::Debug for SimulatedDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SimulatedDevice").field(&self.0.peer.as_str()).finish()
    }
}
