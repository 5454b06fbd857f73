//! Devices that exist only in memory.

use crate::arguments::{date, error, flag, several, span, text};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{
    PacelineClock, PacelineDevice, PacelineSimulation, PacelineStore, get, hand_out, release, retain,
};
use crate::names::known;
use crate::outputs::{optional_out, out, out_text};
use crate::store_options::arbitration;
use paceline::{DeviceOptions, PacelineError, SimulatedDevice, Simulation, WorkoutActivityType};
use std::ffi::c_char;

/// Makes a simulation that begins at this date, in microseconds since the Unix epoch: one time, and devices that exist only in
/// memory. Time stands until it is advanced; callbacks come inside that and inside paceline_simulation_poll(). The same
/// calls with the same seed give the same run, ids included. It is the caller's: release it.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_simulation_create(
    start: i64,
    seed: u64,
    simulation: *mut PacelineSimulation,
) -> PacelineResult {
    guard(|| {
        let place = out(simulation, "simulation")?;
        place.set(hand_out(Simulation::new(date(start, "start")?, seed)));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_simulation_retain(simulation: PacelineSimulation) -> PacelineResult {
    guard(|| retain(simulation))
}

/// Takes a reference away; after the last one the handle is stale.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_simulation_release(simulation: PacelineSimulation) -> PacelineResult {
    guard(|| release(simulation))
}

/// The present time of all devices, microseconds since the Unix epoch.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_simulation_now(
    simulation: PacelineSimulation,
    now: *mut i64,
) -> PacelineResult {
    guard(|| {
        let (simulation, place) = (get(simulation)?, out(now, "now")?);
        place.set(simulation.now().micros());
        Ok(())
    })
}

/// The simulation's clock, for stores of other kinds that are to live in the same time. It is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_simulation_clock(
    simulation: PacelineSimulation,
    clock: *mut PacelineClock,
) -> PacelineResult {
    guard(|| {
        let (simulation, place) = (get(simulation)?, out(clock, "clock")?);
        place.set(hand_out(simulation.clock()));
        Ok(())
    })
}

/// Lets so many microseconds pass: stops at every timer on the way, in order, delivers what is due on this thread, and goes
/// on.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a negative span.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_simulation_advance(simulation: PacelineSimulation, by: i64) -> PacelineResult {
    guard(|| {
        get(simulation)?.advance(span(by, "by")?);
        Ok(())
    })
}

/// Lets time pass up to a date; nothing happens when it has passed.
///
/// Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_simulation_advance_to(simulation: PacelineSimulation, to: i64) -> PacelineResult {
    guard(|| {
        get(simulation)?.advance_to(date(to, "to")?);
        Ok(())
    })
}

/// Delivers on this thread what waits on every device, device by device in the order in which they were added, until
/// nothing is left.
///
/// `delivered`: how many callbacks were delivered; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_simulation_poll(
    simulation: PacelineSimulation,
    delivered: *mut u32,
) -> PacelineResult {
    guard(|| {
        let count = get(simulation)?.poll();
        if let Some(place) = optional_out(delivered) {
            place.set(count);
        }
        Ok(())
    })
}

/// What a simulated device is like. All zero is a device that refuses nothing.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineDeviceOptions {
    /// Activity types for which it makes no sessions: PACELINE_ACTIVITY_. Copied; may be NULL when there are none.
    pub refused_activities: *const u32,
    /// How many of them.
    pub refused_count: usize,
    /// What happens when a second session starts on it: PACELINE_ARBITRATION_.
    pub arbitration: u32,
    /// 0.
    pub reserved: u32,
}

impl PacelineDeviceOptions {
    /// The options behind a pointer.
    unsafe fn read(pointer: *const Self) -> Result<DeviceOptions, PacelineError> {
        let Some(given) = pointer.as_ref() else { return Ok(DeviceOptions::default()) };
        let refused = several(given.refused_activities, given.refused_count, "refused_activities")?;
        let refused: Result<Vec<WorkoutActivityType>, _> =
            refused.iter().map(|number| known(*number)).collect();
        Ok(DeviceOptions { refused_activities: refused?, arbitration: arbitration(given.arbitration)? })
    }
}

/// Adds a device. At first its app is in the foreground, the device unlocked, and everything permitted. The handle is the
/// caller's: release it; the simulation keeps the device alive.
///
/// `options`: NULL for a device that refuses nothing.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when the name is empty or taken; PACELINE_ERROR_INPUT_UNKNOWN for an
/// activity type or an arbitration that this release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_simulation_add_device(
    simulation: PacelineSimulation,
    name: *const c_char,
    options: *const PacelineDeviceOptions,
    device: *mut PacelineDevice,
) -> PacelineResult {
    guard(|| {
        let (simulation, name, place) = (get(simulation)?, text(name, "name")?, out(device, "device")?);
        place.set(hand_out(simulation.add_device(name, PacelineDeviceOptions::read(options)?)?));
        Ok(())
    })
}

/// The device of this name; the handle 0 when there is none. It is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_simulation_device(
    simulation: PacelineSimulation,
    name: *const c_char,
    device: *mut PacelineDevice,
) -> PacelineResult {
    guard(|| {
        let (simulation, name, place) = (get(simulation)?, text(name, "name")?, out(device, "device")?);
        place.set(simulation.device(name).map_or(PacelineDevice { id: 0 }, hand_out));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_retain(device: PacelineDevice) -> PacelineResult {
    guard(|| retain(device))
}

/// Takes a reference away; after the last one the handle is stale.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_release(device: PacelineDevice) -> PacelineResult {
    guard(|| release(device))
}

/// Its name. A text as this header says under "Lists and texts".
///
/// Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_device_name(
    device: PacelineDevice,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> PacelineResult {
    guard(|| {
        let device = get(device)?;
        out_text(buffer, capacity, length)?.set(&device.name())
    })
}

/// Its store, in memory, on the simulation's clock. After paceline_device_kill() it refuses every call; after
/// paceline_device_relaunch() the device has another one, to be asked for anew. The handle is the caller's: release it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_device_store(
    device: PacelineDevice,
    store: *mut PacelineStore,
) -> PacelineResult {
    guard(|| {
        let (device, place) = (get(device)?, out(store, "store")?);
        place.set(hand_out(device.store()));
        Ok(())
    })
}

/// Kills the app: what was committed stays on the device's disk, everything else is lost, no delegate hears anything. What the
/// caller still holds of the app, its store, sessions, builders and data sources, returns
/// PACELINE_ERROR_BOUNDARY_STALE_HANDLE from every command; getters show what they showed last. Their handles are still the
/// caller's: release them. Nothing happens to an app that was killed before.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_kill(device: PacelineDevice) -> PacelineResult {
    told(device, |device| {
        device.kill();
        Ok(())
    })
}

/// Launches the app anew, on the same disk. One that runs is killed first. Ask for the store again, and recover.
///
/// Codes: domain 3 when the store cannot be opened.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_relaunch(device: PacelineDevice) -> PacelineResult {
    told(device, SimulatedDevice::relaunch)
}

/// The battery runs empty, or the system starts anew: the app is killed as by paceline_device_kill(), and from
/// paceline_device_relaunch() on the device counts its elapsed time from zero. Its wall clock goes on; follow this with
/// paceline_device_jump_clock() for a device that forgets the time.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_reboot(device: PacelineDevice) -> PacelineResult {
    told(device, |device| {
        device.reboot();
        Ok(())
    })
}

/// The wall clock of this device alone is set: forward by so many microseconds, or back by a negative number. No time passes.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_jump_clock(device: PacelineDevice, by: i64) -> PacelineResult {
    told(device, |device| {
        device.jump_clock(by);
        Ok(())
    })
}

/// The device's disk refuses to be written (0) from now on, as one that is full or read-only does, or takes everything again (1).
/// What is on it can be read all the time.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_set_disk_writable(device: PacelineDevice, writable: u32) -> PacelineResult {
    told(device, |device| device.set_disk_writable(flag(writable, "writable")?))
}

fn told(
    device: PacelineDevice,
    tell: impl FnOnce(&SimulatedDevice) -> Result<(), PacelineError>,
) -> PacelineResult {
    guard(|| tell(&get(device)?))
}

/// The app comes to the foreground (1) or leaves it (0).
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_set_foreground(device: PacelineDevice, foreground: u32) -> PacelineResult {
    told(device, |device| device.set_foreground(flag(foreground, "foreground")?))
}

/// Whether the companion device launched the app to start a workout: 1 or 0.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_set_launched_by_companion(
    device: PacelineDevice,
    launched: u32,
) -> PacelineResult {
    told(device, |device| device.set_launched_by_companion(flag(launched, "launched")?))
}

/// The device is locked (1) or unlocked (0).
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_set_locked(device: PacelineDevice, locked: u32) -> PacelineResult {
    told(device, |device| device.set_locked(flag(locked, "locked")?))
}

/// The person answers whether workouts may be saved: PACELINE_AUTHORIZATION_.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_set_workout_permission(
    device: PacelineDevice,
    status: u32,
) -> PacelineResult {
    told(device, |device| device.set_workout_permission(known(status)?))
}

/// The person answers whether samples of a type may be written: PACELINE_TYPE_, PACELINE_AUTHORIZATION_.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_device_set_sample_permission(
    device: PacelineDevice,
    quantity_type: u32,
    status: u32,
) -> PacelineResult {
    told(device, |device| device.set_sample_permission(known(quantity_type)?, known(status)?))
}

/// Whether the platform keeps a session of this device running: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_device_in_session_mode(
    device: PacelineDevice,
    in_session_mode: *mut u32,
) -> PacelineResult {
    guard(|| {
        let (device, place) = (get(device)?, out(in_session_mode, "in_session_mode")?);
        place.set(u32::from(device.in_session_mode()));
        Ok(())
    })
}

/// The platform stops keeping the latest session running, with this error (PACELINE_ERROR_): the session fails with it, then
/// ends.
///
/// `sentence`: for a person; copied, may be NULL.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it keeps none; PACELINE_ERROR_INPUT_UNKNOWN for a code that this
/// release does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_device_refuse_session_mode(
    device: PacelineDevice,
    code: PacelineResult,
    sentence: *const c_char,
) -> PacelineResult {
    told(device, |device| device.refuse_session_mode(error(code, sentence, "sentence")?))
}

/// The platform answers the oldest question whether a session may start while another one is under way, on a device with
/// PACELINE_ARBITRATION_ASK: granted, the other one ends and it starts; refused, it fails with this error and ends.
///
/// `refusal`: 0 to grant, else why it is refused: PACELINE_ERROR_. `sentence`: for a person; copied, may be NULL.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when nothing was asked; PACELINE_ERROR_INPUT_UNKNOWN for a code that this release
/// does not know; domain 3 when it cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_device_arbitrate(
    device: PacelineDevice,
    refusal: PacelineResult,
    sentence: *const c_char,
) -> PacelineResult {
    told(device, |device| {
        let refusal = if refusal == 0 { None } else { Some(error(refusal, sentence, "sentence")?) };
        device.arbitrate(refusal)
    })
}
