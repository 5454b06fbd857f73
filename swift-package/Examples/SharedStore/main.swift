// One store, several languages: records a workout into a store file, or prints the workouts of one.
//
//     SharedStore record PATH
//     SharedStore read PATH
//
// The other languages have the same program. Whoever recorded, each prints the same lines: newest first, dates in
// microseconds since the Unix epoch, the duration in microseconds, values in thousandths.

import Foundation
import Paceline

/// A minute of running with a break of ten seconds, and a heart rate that rises every second.
func record(_ path: String) throws {
    let clock = try ManualClock(start: Date(timeIntervalSince1970: 1_700_000_000))
    let store = try HealthStore(StoreOptions(path: path), clock: clock)
    let run = WorkoutConfiguration(activityType: .running, locationType: .outdoor)
    let session = try WorkoutSession(healthStore: store, configuration: run)
    let builder = try session.associatedWorkoutBuilder()
    try builder.setDataSource(LiveWorkoutDataSource(run))

    try session.startActivity()
    try builder.beginCollection(at: store.now)
    for second in 0..<60 {
        switch second {
        case 20: try session.pause()
        case 30: try session.resume()
        default: break
        }
        try store.ingest(QuantitySample(.heartRate, 120 + 0.5 * Double(second), at: store.now))
        try clock.advance(by: 1)
    }
    try builder.addMetadata(["recorder": "swift"])
    try session.stopActivity()
    try builder.endCollection(at: store.now)
    try builder.finishWorkout()
    try session.end()
}

func read(_ path: String) throws {
    for workout in try HealthStore(url: URL(fileURLWithPath: path)).workouts() {
        print(line(workout))
    }
}

/// A workout in one line.
func line(_ workout: Workout) -> String {
    let micros = { (span: TimeInterval) in Int64((span * 1e6).rounded()) }
    let (start, end) = (micros(workout.start.timeIntervalSince1970), micros(workout.end.timeIntervalSince1970))
    var text = "\(workout.configuration.activityType) \(workout.configuration.locationType) start=\(start) end=\(end) "
    text += "duration=\(micros(workout.duration)) events=\(workout.events.count)"
    if let heart = workout.statistics(for: .heartRate) {
        let thousandths = { (value: Double?) in
            Int64(((value ?? 0) * 1000).rounded(.toNearestOrAwayFromZero))
        }
        text += " heartRate count=\(heart.count) average=\(thousandths(heart.average))"
        text += " minimum=\(thousandths(heart.minimum)) maximum=\(thousandths(heart.maximum))"
    }
    switch workout.metadata["recorder"] {
    case nil: break
    case let .text(recorder): text += " recorder=\(recorder)"
    default: text += " recorder=?"
    }
    return text
}

func stop(_ sentence: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("\(sentence)\n".utf8))
    exit(status)
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2, ["record", "read"].contains(arguments[0]) else {
    stop("usage: SharedStore record|read PATH", status: 2)
}
do {
    try arguments[0] == "record" ? record(arguments[1]) : read(arguments[1])
} catch {
    stop("\(error)", status: 1)
}
