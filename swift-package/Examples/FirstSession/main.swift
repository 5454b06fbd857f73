// Your first session: half an hour of running under a clock that you move by hand.
//
// The same program in Rust, Kotlin and C stands beside this one in `docs/first-session.md`; all four print the same.

import Foundation
import Paceline

let start = Date(timeIntervalSince1970: 1_700_000_000)
let minute: TimeInterval = 60

/// Minutes and seconds.
func time(_ span: TimeInterval) -> String {
    let seconds = Int(span)
    return String(format: "%02d:%02d", seconds / 60, seconds % 60)
}

/// Hears what happens to the session.
final class Teller: WorkoutSessionDelegate {
    func workoutSession(
        _ workoutSession: WorkoutSession,
        didChangeTo toState: WorkoutSessionState,
        from fromState: WorkoutSessionState,
        date: Date
    ) {
        print("\(time(date.timeIntervalSince(start))) \(fromState) -> \(toState)")
    }
}

// A store in memory, on a clock that stands until it is advanced. An app opens a file, on the clock of the machine.
let clock = try ManualClock(start: start)
let store = try HealthStore(clock: clock)

// A session controls the workout; its builder gathers what becomes of it.
let run = WorkoutConfiguration(activityType: .running, locationType: .outdoor)
let session = try WorkoutSession(healthStore: store, configuration: run)
let builder = try session.associatedWorkoutBuilder()
let teller = Teller()  // held weakly by the session
session.delegate = teller
try builder.setDataSource(LiveWorkoutDataSource(run))

try session.startActivity()
try builder.beginCollection(at: store.now)

for number in 0..<30 {
    switch number {
    case 10: try session.pause()
    case 12: try session.resume()
    default: break
    }
    let begin = store.now
    try clock.advance(by: minute)  // also delivers callbacks
    if number == 10 || number == 11 { continue }
    // What sensors measured goes into the store; the data source picks what belongs to the workout.
    try store.ingest(QuantitySample(.heartRate, 120 + Double(number), at: begin))
    try store.ingest(QuantitySample(.distanceWalkingRunning, 190, from: begin, to: store.now))
}

try session.stopActivity()
try builder.endCollection(at: store.now)
let workout = try builder.finishWorkout()
try session.end()
try store.poll()

if let workout {  // nothing while the device is locked
    let whole = workout.end.timeIntervalSince(workout.start)
    print("\(workout.configuration.activityType), \(time(workout.duration)) of \(time(whole))")
    if let heart = workout.statistics(for: .heartRate), let average = heart.average, let highest = heart.maximum {
        print(String(format: "heart rate %.0f on average, %.0f at most", average, highest))
    }
    if let distance = workout.statistics(for: .distanceWalkingRunning)?.sum {
        print(String(format: "distance %.0f m", distance))
    }
}
