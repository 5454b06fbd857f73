import Foundation
import PacelineCore

// What the engine holds in place of the app's objects. The engine holds a bridge until another takes its place; a bridge
// refers to the public object weakly, and takes "gone" for silence.

/// Stands between the engine and a ``WorkoutSession``.
final class SessionBridge: CoreSessionDelegate, @unchecked Sendable {
    // Set once, before the engine knows of the bridge; weak references are read atomically.
    weak var owner: WorkoutSession?

    func didChangeState(to: UInt8, from: UInt8, date: Int64) {
        guard let to = WorkoutSessionState(rawValue: to), let from = WorkoutSessionState(rawValue: from) else { return }
        owner?.changed(to: to, from: from, date: Microseconds.date(date))
    }

    func didFail(error: PacelineError) {
        owner?.failed(error)
    }

    func didGenerateEvent(event: WorkoutEvent) {
        owner?.generated(event)
    }

    func didBeginActivity(configuration: WorkoutConfiguration, date: Date) {
        owner?.began(configuration, date)
    }

    func didEndActivity(configuration: WorkoutConfiguration, date: Date) {
        owner?.ended(configuration, date)
    }

    func didLoseDurability(error: PacelineError) {
        owner?.lostDurability(error)
    }

    func didRegainDurability() {
        owner?.regainedDurability()
    }
}

/// Stands between the engine and a ``LiveWorkoutBuilder``.
final class BuilderBridge: CoreBuilderDelegate, @unchecked Sendable {
    // As in `SessionBridge`.
    weak var owner: LiveWorkoutBuilder?

    func didCollectData(types0: UInt64, types1: UInt64, types2: UInt64, types3: UInt64) {
        guard let owner else { return }
        owner.collected(Self.types([types0, types1, types2, types3]))
    }

    func didCollectEvent() {
        owner?.collectedEvent()
    }

    func didBeginActivity(activity: WorkoutActivity) {
        owner?.began(activity)
    }

    func didEndActivity(activity: WorkoutActivity) {
        owner?.ended(activity)
    }

    /// The members of a set of 256 bits: bit n % 64 of word n / 64 is the type with the code n.
    static func types(_ words: [UInt64]) -> Set<QuantityType> {
        var types: Set<QuantityType> = []
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                let bit = rest.trailingZeroBitCount
                rest &= rest - 1
                if let type = QuantityType(rawValue: UInt16(place * 64 + bit)) { types.insert(type) }
            }
        }
        return types
    }
}

/// Stands between the engine and a host.
final class HostBridge: CoreHost {
    private let host: any PlatformHost

    init(_ host: any PlatformHost) {
        self.host = host
    }

    func capabilities() -> HostCapabilities {
        host.capabilities
    }

    func request(id: UInt64, request: HostRequest) {
        host.request(request, id: id)
    }
}

/// Stands between the engine and a log sink.
final class LogBridge: CoreLogSink {
    private let sink: @Sendable (LogLevel, String, String) -> Void

    init(_ sink: @escaping @Sendable (LogLevel, String, String) -> Void) {
        self.sink = sink
    }

    func line(level: UInt8, target: String, text: String) {
        sink(LogLevel(rawValue: level) ?? .info, target, text)
    }
}
