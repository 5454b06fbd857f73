import Foundation
import Paceline

/// A session with what belongs to it.
final class Player {
    let name: String
    let session: WorkoutSession
    /// Nothing for a session that was made without a store.
    let builder: LiveWorkoutBuilder?
    /// The data source that was made last for it.
    var source: LiveWorkoutDataSource?
    /// Sessions and builders hold their delegates weakly: this is what keeps them.
    var ears: Listener?

    init(_ name: String, _ session: WorkoutSession, _ builder: LiveWorkoutBuilder?) {
        self.name = name
        self.session = session
        self.builder = builder
    }

    func ask<Value>(_ builder: (LiveWorkoutBuilder) throws -> Value) throws -> Value {
        guard let mine = self.builder else { throw Wrong("\(name) has no builder") }
        return try builder(mine)
    }

    func madeSource() throws -> LiveWorkoutDataSource {
        guard let source else { throw Wrong("\(name) has no data source yet") }
        return source
    }
}

/// Where a scenario is played: the simulation, who takes part, and the transcript.
// All of it happens on one thread: a simulation delivers on the thread that advances or polls it.
final class Stage: @unchecked Sendable {
    private struct Reaction {
        let name: String
        let trigger: String
        let step: [String]
    }

    let simulation: Simulation
    var devices: [String: SimulatedDevice] = [:]
    var latestDevice: String?
    var sources: [String: UInt32] = [:]
    var players: [String: Player] = [:]
    private var reactions: [Reaction] = []
    private var transcript = ""
    /// What was wrong with the first reaction that could not be played.
    private var wrong: Wrong?

    private init() throws {
        simulation = try Simulation(start: start, seed: 1)
    }

    /// Plays a scenario and returns its transcript. What is wrong with the file is thrown with its line.
    static func play(_ text: String) throws -> String {
        let stage = try Stage()
        var lines = text.components(separatedBy: "\n")
        guard lines.removeLast().isEmpty else { throw Wrong("\(lines.count + 1): the last line does not end") }
        for (index, line) in lines.enumerated() {
            do {
                try stage.play(line: line)
            } catch let wrong as Wrong {
                throw Wrong("\(index + 1): \(wrong.sentence)")
            }
        }
        return stage.transcript
    }

    private func play(line: String) throws {
        switch try Line(line) {
        case .outcome: return
        case .kept: transcript += line + "\n"
        case let .step(words):
            transcript += line + "\n"
            try play(words).forEach(write)
            try simulation.poll()
        }
        if let wrong { throw wrong }
    }

    /// Writes something that happened.
    func write(_ what: String) {
        transcript += "    \(what)\n"
    }

    /// Plays a step and returns its result lines; callbacks write their own.
    private func play(_ words: [String]) throws -> [String] {
        var arguments = Arguments(words[1...])
        let lines: [String]
        switch words[0] {
        case "device": lines = try device(&arguments)
        case "at":
            let date = try arguments.time()
            if date < simulation.now { throw Wrong("time does not go back") }
            try simulation.advance(to: date)
            lines = []
        case "session": lines = try session(&arguments)
        case "recover": lines = try recover(&arguments)
        case "orphan":
            let name = try newName(&arguments)
            let configuration = try arguments.configuration()
            lines = try Telling.silent { join(name, try oldWays.session(configuration), nil, heard: true) }
        case "legacy":
            let name = try newName(&arguments)
            join(name, oldWays.session(try arguments.activity(), try arguments.location()), nil, heard: true)
            lines = []
        default: return try play(subject: words[0], words[1...])
        }
        try arguments.end()
        return lines
    }

    private func play(subject name: String, _ words: ArraySlice<String>) throws -> [String] {
        guard let verb = words.first else { throw Wrong("a verb is missing") }
        var arguments = Arguments(words.dropFirst())
        let found: [String]?
        if let device = devices[name] {
            found = try play(device, verb, &arguments)
        } else if let player = players[name] {
            if verb == "when" { return try arm(name, words.dropFirst()) }
            found = try play(player, verb, &arguments) ?? look(player, verb, &arguments)
        } else {
            throw Wrong("nothing is called \"\(name)\"")
        }
        guard let found else { throw Wrong("a \(devices[name] == nil ? "session" : "device") has no verb \"\(verb)\"") }
        try arguments.end()
        return found
    }

    func newName(_ arguments: inout Arguments) throws -> String {
        let name = try arguments.next("a name")
        try checkNew(name)
        return name
    }

    private func checkNew(_ name: String) throws {
        try checkName(name)
        if devices[name] != nil || sources[name] != nil || players[name] != nil {
            throw Wrong("the name \"\(name)\" is taken")
        }
    }

    func player(_ name: String) throws -> Player {
        guard let player = players[name] else { throw Wrong("no session is called \"\(name)\"") }
        return player
    }

    func source(_ name: String) throws -> UInt32 {
        guard let source = sources[name] else { throw Wrong("no source is called \"\(name)\"") }
        return source
    }

    private func device(_ arguments: inout Arguments) throws -> [String] {
        let name = try newName(&arguments)
        let refused: [WorkoutActivityType] = try arguments.option("refuses")
            .map { try $0.components(separatedBy: ",").map { try named($0, "activity type") } } ?? []
        let arbitration: Arbitration
        switch arguments.option("arbitration") {
        case nil: arbitration = .newcomerWins
        case "refuse": arbitration = .refuse
        case "ask": arbitration = .ask
        case "handOver": arbitration = .handOver
        case let other?: throw Wrong("\"\(other)\" is no arbitration; write refuse, ask or handOver")
        }
        return try Telling.silent {
            devices[name] = try simulation.addDevice(
                name, refusedActivities: refused, arbitration: arbitration)
            latestDevice = name
        }
    }

    private func session(_ arguments: inout Arguments) throws -> [String] {
        let name = try newName(&arguments)
        let configuration = try arguments.configuration()
        let heard = !arguments.takes("unheard")
        let device = try place(&arguments)
        return try Telling.silent {
            let session = try WorkoutSession(healthStore: device.store, configuration: configuration)
            join(name, session, try session.associatedWorkoutBuilder(), heard: heard)
        }
    }

    /// The device of the option `on`, else the one that was added last.
    private func place(_ arguments: inout Arguments) throws -> SimulatedDevice {
        guard let name = arguments.option("on") ?? latestDevice else { throw Wrong("there is no device yet") }
        guard let device = devices[name] else { throw Wrong("no device is called \"\(name)\"") }
        return device
    }

    private func recover(_ arguments: inout Arguments) throws -> [String] {
        let name = try arguments.next("a name")
        if players[name] == nil { try checkNew(name) }
        let heard = !arguments.takes("unheard")
        let device = try place(&arguments)
        return try Telling.told({ try device.store.recoverActiveWorkoutSession() }) { session in
            guard let session else { return ["none"] }
            let line = "ok \(session.state)"
            join(name, session, try? session.associatedWorkoutBuilder(), heard: heard)
            return [line]
        }
    }

    /// A session takes part from here on; one that had this name takes part no more.
    private func join(_ name: String, _ session: WorkoutSession, _ builder: LiveWorkoutBuilder?, heard: Bool) {
        let player = Player(name, session, builder)
        // Only a recovered builder has one already.
        player.source = builder?.dataSource
        if heard { listen(player) } else { player.ears = players.values.lazy.filter { $0.session === session }.compactMap(\.ears).first }
        players[name] = player
    }

    func listen(_ player: Player) {
        let ears = Listener(player.name, self)
        player.ears = ears
        player.session.delegate = ears
        player.builder?.delegate = ears
    }

    private func arm(_ name: String, _ words: ArraySlice<String>) throws -> [String] {
        guard let trigger = words.first else { throw Wrong("a trigger is missing") }
        guard Listener.triggers.contains(trigger) else { throw Wrong("\"\(trigger)\" is nothing that a delegate hears") }
        guard words.count > 1 else { throw Wrong("a step is missing") }
        reactions.append(Reaction(name: name, trigger: trigger, step: Array(words.dropFirst())))
        return []
    }

    /// Plays what was armed for this callback.
    func react(_ name: String, _ trigger: String) {
        let matching = reactions.filter { $0.name == name && $0.trigger == trigger }
        reactions.removeAll { $0.name == name && $0.trigger == trigger }
        for reaction in matching {
            write("\(name) does \(reaction.step.joined(separator: " "))")
            do {
                try play(subject: name, reaction.step[...]).forEach(write)
            } catch {
                wrong = wrong ?? (error as? Wrong) ?? Wrong("\(error)")
            }
        }
    }
}

/// The delegates: they write what they hear, and play what was armed for it.
final class Listener: WorkoutSessionDelegate, LiveWorkoutBuilderDelegate {
    static let triggers = Set(WorkoutSessionState.allCases.map(\.description)).union([
        "failed", "event", "activityBegan", "activityEnded", "durabilityLost", "durabilityRegained", "data",
        "builderEvent", "builderActivityBegan", "builderActivityEnded",
    ])

    private let name: String
    private unowned let stage: Stage

    init(_ name: String, _ stage: Stage) {
        self.name = name
        self.stage = stage
    }

    private func hear(_ trigger: String, _ what: String) {
        stage.write("\(name) \(what)")
        stage.react(name, trigger)
    }

    func workoutSession(
        _: WorkoutSession, didChangeTo to: WorkoutSessionState, from: WorkoutSessionState, date: Date
    ) {
        hear(to.description, "state \(from) -> \(to) at \(Telling.date(date))")
    }

    func workoutSession(_: WorkoutSession, didFailWithError error: PacelineError) {
        hear("failed", "failed \(Telling.error(error))")
    }

    func workoutSession(_: WorkoutSession, didGenerate event: WorkoutEvent) {
        hear("event", "event \(Telling.event(event))")
    }

    func workoutSession(_: WorkoutSession, didBeginActivityWith configuration: WorkoutConfiguration, date: Date) {
        hear("activityBegan", "activity began \(Telling.configuration(configuration)) at \(Telling.date(date))")
    }

    func workoutSession(_: WorkoutSession, didEndActivityWith configuration: WorkoutConfiguration, date: Date) {
        hear("activityEnded", "activity ended \(Telling.configuration(configuration)) at \(Telling.date(date))")
    }

    func workoutSession(_: WorkoutSession, didLoseDurability error: PacelineError) {
        hear("durabilityLost", "durability lost \(Telling.error(error))")
    }

    func workoutSessionDidRegainDurability(_: WorkoutSession) {
        hear("durabilityRegained", "durability regained")
    }

    func workoutBuilder(_: LiveWorkoutBuilder, didCollectDataOf types: Set<QuantityType>) {
        hear("data", "builder data \(Telling.types(types))")
    }

    func workoutBuilderDidCollectEvent(_: LiveWorkoutBuilder) {
        hear("builderEvent", "builder event")
    }

    func workoutBuilder(_: LiveWorkoutBuilder, didBegin activity: WorkoutActivity) {
        let what = Telling.configuration(activity.configuration)
        hear("builderActivityBegan", "builder activity began \(what) at \(Telling.date(activity.start))")
    }

    func workoutBuilder(_: LiveWorkoutBuilder, didEnd activity: WorkoutActivity) {
        let what = Telling.configuration(activity.configuration)
        hear("builderActivityEnded", "builder activity ended \(what)\(Telling.dates(activity.start, activity.end))")
    }
}
