// Compiled by `test.sh`, which counts the warnings: one for each marked line.

import Paceline

func useDeprecatedMembers(store: HealthStore, run: WorkoutConfiguration) throws {
    let one = try WorkoutSession(configuration: run)  // deprecated
    let other = WorkoutSession(activityType: .running, locationType: .outdoor)  // deprecated
    _ = one.activityType  // deprecated
    _ = other.locationType  // deprecated
    try store.start(one)  // deprecated
    try store.pause(one)  // deprecated
    try store.resumeWorkoutSession(one)  // deprecated
    try store.end(one)  // deprecated
}
