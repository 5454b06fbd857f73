import Foundation
import PacelineCore

/// One time, and the devices that live in it: what an app is tested with when no watch is at hand.
///
/// Nothing happens by itself: time stands until ``advance(by:)``, and callbacks wait for it or for ``poll()``; both deliver
/// on the calling thread. The same calls with the same seed give the same run, ids included.
public final class Simulation: Sendable {
    let core: CoreSimulation

    /// A simulation that begins at this date. The seed decides everything that is left to chance.
    ///
    /// - Throws: `PacelineError` with `inputOutOfRange` for a date outside of the years 1 to 9999.
    public init(start: Date, seed: UInt64 = 1) throws {
        core = try CoreSimulation(start: start, seed: seed)
    }

    /// The present time of all devices.
    public var now: Date { core.now() }

    /// The clock, for stores of other kinds that are to live in the same time.
    public var clock: ManualClock { ManualClock(core: core.clock()) }

    /// Lets time pass: stops at every timer on the way, in order, delivers what is due, and goes on.
    ///
    /// - Parameter span: Seconds, rounded to the nearest microsecond.
    /// - Throws: `PacelineError` with `inputOutOfRange` for a negative or infinite span.
    public func advance(by span: TimeInterval) throws {
        try core.advance(by: span)
    }

    /// Lets time pass up to a date; nothing happens when the date has passed.
    ///
    /// - Throws: `PacelineError` with `inputOutOfRange` for a date outside of the years 1 to 9999.
    public func advance(to date: Date) throws {
        try core.advanceTo(date: date)
    }

    /// Delivers what waits on every device, device by device in the order in which they were added, until nothing is left;
    /// returns how many callbacks were delivered.
    ///
    /// - Throws: `PacelineError` with `internal` only.
    @discardableResult
    public func poll() throws -> UInt32 {
        try core.poll()
    }

    /// Adds a device. It makes no sessions for the refused activity types; the arbitration says what happens when a second
    /// session starts on it.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when the name is empty or taken.
    @discardableResult
    public func addDevice(
        _ name: String,
        refusedActivities: [WorkoutActivityType] = [],
        arbitration: Arbitration = .newcomerWins
    ) throws -> SimulatedDevice {
        SimulatedDevice(
            core: try core.addDevice(
                name: name, refusedActivities: refusedActivities, arbitration: arbitration))
    }

    /// The device of this name.
    public func device(_ name: String) -> SimulatedDevice? {
        core.device(name: name).map(SimulatedDevice.init)
    }
}

/// A device of a simulation: a store in memory, and a platform that does what the test says. At first its app is in the
/// foreground, the device unlocked, and everything permitted.
public final class SimulatedDevice: Sendable {
    let core: CoreSimulatedDevice

    init(core: CoreSimulatedDevice) {
        self.core = core
    }

    /// Its store, in memory, on the simulation's clock. After ``kill()`` it refuses every call; after ``relaunch()`` it is
    /// another one, which must be asked for anew.
    public var store: HealthStore { HealthStore(core: core.store()) }

    /// Its name.
    public var name: String { core.name() }

    /// Whether the platform keeps a session of this device running.
    public var inSessionMode: Bool { core.inSessionMode() }

    /// Kills the app: what was committed stays on the device's disk, everything else is lost, no delegate hears anything. What
    /// the test still holds of the app refuses every call with `staleHandle`; properties show what they showed last. Nothing
    /// happens to an app that was killed before.
    ///
    /// - Throws: `PacelineError` with `internal` only.
    public func kill() throws {
        try core.kill()
    }

    /// Launches the app anew, on the same disk. One that runs is killed first.
    ///
    /// - Throws: `PacelineError` of the domain `store` when the store cannot be opened.
    public func relaunch() throws {
        try core.relaunch()
    }

    /// The battery runs empty, or the system starts anew: the app is killed as by ``kill()``, and from ``relaunch()`` on the
    /// device counts its elapsed time from zero. Its wall clock goes on; follow this with ``jumpClock(by:)`` for a device that
    /// forgets the time.
    ///
    /// - Throws: `PacelineError` with `internal` only.
    public func reboot() throws {
        try core.reboot()
    }

    /// The wall clock of this device alone is set. No time passes.
    ///
    /// - Parameter span: Seconds, rounded to the nearest microsecond; forward, or back when negative.
    /// - Throws: `PacelineError` with `internal` only.
    public func jumpClock(by span: TimeInterval) throws {
        try core.jumpClock(micros: Microseconds.of(interval: span))
    }

    /// The device's disk refuses to be written from now on, as one that is full or read-only does, or takes everything again.
    /// What is on it can be read all the time.
    ///
    /// - Throws: `PacelineError` with `staleHandle` while its app is killed.
    public func setDiskWritable(_ writable: Bool) throws {
        try core.setDiskWritable(writable: writable)
    }

    /// The app comes to the foreground, or leaves it.
    ///
    /// - Throws: As ``HealthStore/report(_:)``, like all calls of a device.
    public func setForeground(_ foreground: Bool) throws {
        try core.setForeground(foreground: foreground)
    }

    /// The companion device launched the app to start a workout.
    ///
    /// - Throws: As ``HealthStore/report(_:)``.
    public func setLaunchedByCompanion(_ launched: Bool) throws {
        try core.setLaunchedByCompanion(launched: launched)
    }

    /// The device is locked or unlocked.
    ///
    /// - Throws: As ``HealthStore/report(_:)``.
    public func setLocked(_ locked: Bool) throws {
        try core.setLocked(locked: locked)
    }

    /// The person answers whether workouts may be saved.
    ///
    /// - Throws: As ``HealthStore/report(_:)``.
    public func setWorkoutPermission(_ status: AuthorizationStatus) throws {
        try core.setWorkoutPermission(status: status)
    }

    /// The person answers whether samples of a type may be written.
    ///
    /// - Throws: As ``HealthStore/report(_:)``.
    public func setPermission(_ status: AuthorizationStatus, for quantityType: QuantityType) throws {
        try core.setSamplePermission(quantityType: quantityType, status: status)
    }

    /// The platform stops keeping the latest session running, with this error: the session fails with it, then ends.
    ///
    /// - Throws: `PacelineError` with `invalidArgument` when it keeps none; else as ``HealthStore/report(_:)``.
    public func refuseSessionMode(_ error: PacelineError) throws {
        try core.refuseSessionMode(error: error)
    }

    /// The platform answers the oldest question whether a session may start while another one is under way, on a device whose
    /// arbitration is `ask`.
    ///
    /// - Parameter refusal: Nothing to grant it: the other session ends and this one starts. With an error this one fails with
    ///   it and ends.
    /// - Throws: `PacelineError` with `invalidArgument` when nothing was asked; else as ``HealthStore/report(_:)``.
    public func arbitrate(refusal: PacelineError? = nil) throws {
        try core.arbitrate(refusal: refusal)
    }
}
