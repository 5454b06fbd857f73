import Foundation
import PacelineCore

/// A clock that moves only when it is told to; for tests, replay and simulation.
///
/// A store with a manual clock has no thread: callbacks are delivered and timers run inside ``advance(by:)``,
/// ``advance(to:)`` and ``HealthStore/poll()``, on the calling thread.
public final class ManualClock: Sendable {
    let core: CoreManualClock

    init(core: CoreManualClock) {
        self.core = core
    }

    /// A clock that stands at this date.
    ///
    /// - Throws: `PacelineError` with `inputOutOfRange` for a date outside of the years 1 to 9999.
    public init(start: Date) throws {
        core = try CoreManualClock(start: start)
    }

    /// The date at which it stands.
    public var now: Date { core.now() }

    /// Moves time forward: stops at every timer on the way, in order, delivers what is due, and goes on.
    ///
    /// - Parameter span: Seconds, rounded to the nearest microsecond.
    /// - Throws: `PacelineError` with `inputOutOfRange` for a negative or infinite span.
    public func advance(by span: TimeInterval) throws {
        try core.advance(by: span)
    }

    /// Moves time forward to a date; nothing happens when the date has passed.
    ///
    /// - Throws: `PacelineError` with `inputOutOfRange` for a date outside of the years 1 to 9999.
    public func advance(to date: Date) throws {
        try core.advanceTo(date: date)
    }

    /// Sets the wall clock: what a person does, or the network. No time passes, and nothing is delivered. Dates stay within the
    /// years 1 to 9999.
    ///
    /// - Parameter span: Seconds, rounded to the nearest microsecond; forward, or back when negative.
    /// - Throws: `PacelineError` with `internal` only.
    public func jump(by span: TimeInterval) throws {
        try core.jump(micros: Microseconds.of(interval: span))
    }

    /// Starts the device anew: elapsed time begins at zero. The wall clock goes on. No process outlives it: let go of the stores
    /// that are open with this clock before.
    ///
    /// - Throws: `PacelineError` with `internal` only.
    public func reboot() throws {
        try core.reboot()
    }
}
