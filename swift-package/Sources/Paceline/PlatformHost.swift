import PacelineCore

/// The platform, as the engine sees it: session mode, permission, foreground, lock, who yields, which
/// processes live.
///
/// Called on the thread of whoever called the engine, with no lock held; may call back into the engine. A request expects no
/// answer: what became of it is told with ``HealthStore/report(_:)``, late, twice or never.
public protocol PlatformHost: AnyObject, Sendable {
    /// What this platform can decide. Read once, when a store is opened.
    var capabilities: HostCapabilities { get }

    /// A request, with the id under which its outcome is reported. Ids rise. Requests of calls on several threads may arrive
    /// in another order than they were made: one with a lower id than the last of its session is out of date.
    func request(_ request: HostRequest, id: UInt64)
}

extension HostCapabilities {
    /// What a platform can decide; by default nothing, so that everything is allowed.
    public init(
        sessionMode: HostCapability = .unsupported,
        permission: HostCapability = .unsupported,
        foreground: HostCapability = .unsupported,
        lock: HostCapability = .unsupported,
        arbitration: HostCapability = .unsupported,
        processes: HostCapability = .unsupported
    ) {
        self.init(
            sessionMode: sessionMode, permission: permission, foreground: foreground, lock: lock,
            arbitration: arbitration, processes: processes, refusedActivities: [])
    }
}
