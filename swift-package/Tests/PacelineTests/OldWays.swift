import Paceline

/// The deprecated calls, for tests that play the whole surface: a requirement that is not deprecated reaches them without a
/// warning.
protocol OldWays: Sendable {
    func session(_ configuration: WorkoutConfiguration) throws -> WorkoutSession
    func session(_ activity: WorkoutActivityType, _ location: WorkoutSessionLocationType) -> WorkoutSession
    func kind(of session: WorkoutSession) -> String
    func start(_ session: WorkoutSession, on store: HealthStore) throws
    func end(_ session: WorkoutSession, on store: HealthStore) throws
    func pause(_ session: WorkoutSession, on store: HealthStore) throws
    func resume(_ session: WorkoutSession, on store: HealthStore) throws
}

let oldWays: any OldWays = Deprecated()

private struct Deprecated: OldWays {
    @available(*, deprecated)
    func session(_ configuration: WorkoutConfiguration) throws -> WorkoutSession {
        try WorkoutSession(configuration: configuration)
    }

    @available(*, deprecated)
    func session(_ activity: WorkoutActivityType, _ location: WorkoutSessionLocationType) -> WorkoutSession {
        WorkoutSession(activityType: activity, locationType: location)
    }

    @available(*, deprecated)
    func kind(of session: WorkoutSession) -> String {
        "\(session.activityType) \(session.locationType)"
    }

    @available(*, deprecated)
    func start(_ session: WorkoutSession, on store: HealthStore) throws {
        try store.start(session)
    }

    @available(*, deprecated)
    func end(_ session: WorkoutSession, on store: HealthStore) throws {
        try store.end(session)
    }

    @available(*, deprecated)
    func pause(_ session: WorkoutSession, on store: HealthStore) throws {
        try store.pause(session)
    }

    @available(*, deprecated)
    func resume(_ session: WorkoutSession, on store: HealthStore) throws {
        try store.resumeWorkoutSession(session)
    }
}
