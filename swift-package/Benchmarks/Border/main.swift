// What Swift adds to a sample in a packed batch, and how often a workout crosses the border: the Swift twin of
// `tests/src/bin/bench/border.rs`, which runs it and compares.
//
// Prints the nanoseconds of a row, one line for each window, then the crossings of a workout.

import Dispatch
import Foundation
import Paceline

let rows = 1000
let batches = 200
let windows = 15
let seconds = 600
let start: Int64 = 1_700_000_000_000_000

/// Packs rows and hands each batch to a store that has committed its number before: the engine answers after reading the
/// header, and what is timed is packing and crossing.
func measure() throws {
    var options = StoreOptions()
    options.delivery = .poll
    let store = try HealthStore(options)
    let batch = PackedBatch(number: 1, capacity: rows)
    let code = QuantityType.heartRate.rawValue
    batch.append(code: code, 120, startMicros: start, endMicros: start)
    try store.ingest(batch)
    for _ in 0..<windows {
        let begun = DispatchTime.now().uptimeNanoseconds
        for round in 0..<batches {
            batch.restart(number: 1)
            for row in 0..<rows {
                let at = start + Int64(row) * 1000
                batch.append(code: code, Double(100 + (row + round) % 50), startMicros: at, endMicros: at)
            }
            guard try store.ingest(batch).repeated else { fatalError("the batch was taken in twice") }
        }
        print(Double(DispatchTime.now().uptimeNanoseconds - begun) / Double(rows * batches))
    }
}

/// Counts what it hears.
final class Counter: WorkoutSessionDelegate, LiveWorkoutBuilderDelegate, @unchecked Sendable {
    // Callbacks come inside `poll`, on one thread.
    var heard = 0

    func workoutSession(
        _: WorkoutSession, didChangeTo _: WorkoutSessionState, from _: WorkoutSessionState, date _: Date
    ) { heard += 1 }
    func workoutSession(_: WorkoutSession, didGenerate _: WorkoutEvent) { heard += 1 }
    func workoutBuilder(_: LiveWorkoutBuilder, didCollectDataOf _: Set<QuantityType>) { heard += 1 }
    func workoutBuilderDidCollectEvent(_: LiveWorkoutBuilder) { heard += 1 }
}

/// A typical workout: a batch, a callback and a snapshot a second, a pause in the middle. Returns the calls into the engine
/// and the callbacks out of it.
func workout() throws -> Int {
    let clock = try ManualClock(start: Date(timeIntervalSince1970: 1_700_000_000))
    let store = try HealthStore(clock: clock)
    let ride = WorkoutConfiguration(activityType: .cycling)
    let session = try WorkoutSession(healthStore: store, configuration: ride)
    let builder = try session.associatedWorkoutBuilder()
    let counter = Counter()
    session.delegate = counter
    builder.delegate = counter
    try builder.setDataSource(LiveWorkoutDataSource(ride))
    try session.startActivity()
    try builder.beginCollection(at: store.now)
    var calls = 0
    let batch = PackedBatch()
    for second in 0..<seconds {
        // Time moves by itself outside of a test: this call is not counted.
        try clock.advance(by: 1)
        let now = start + Int64(second + 1) * 1_000_000
        batch.restart()
        for _ in 0..<10 {
            batch.append(code: QuantityType.heartRate.rawValue, 140, startMicros: now, endMicros: now)
        }
        try store.ingest(batch)
        calls += 1
        try store.poll()
        _ = builder.snapshot()
        calls += 1
        if second == seconds / 2 {
            try session.pause()
            try session.resume()
            calls += 2
        }
    }
    return calls + counter.heard
}

try measure()
print("crossings \(try workout())")
