import Foundation

/// Who wants to hear of a session or a builder beside its delegate, and whether the engine needs to tell at all: every
/// call across the border costs, so that the bridge is installed only while somebody listens.
final class Ears<News: Sendable>: Sendable {
    private struct Listener {
        let hear: @Sendable (News) -> Void
        let finish: @Sendable () -> Void
    }

    private struct State {
        var listeners: [UInt64: Listener] = [:]
        var nextListener: UInt64 = 0
        var hasDelegate = false
        var isInstalled = false
        var isFinished = false
    }

    private let state = Locked(State())
    // Apart from the state, so that installing is one thing at a time and listeners are told meanwhile.
    private let installing = NSLock()
    private let install = Locked<(@Sendable (Bool) -> Void)?>(nil)

    /// Says how the bridge is installed and taken away.
    func set(install: @escaping @Sendable (Bool) -> Void) {
        self.install.with { $0 = install }
    }

    /// A delegate was set, or nothing.
    func set(hasDelegate: Bool) {
        state.with { $0.hasDelegate = hasDelegate }
        update()
    }

    /// Adds a listener. It is told of news until it is removed, and of the end when the owner goes away; at once when the owner
    /// is gone.
    func add(hear: @escaping @Sendable (News) -> Void, finish: @escaping @Sendable () -> Void) -> UInt64 {
        let (number, isFinished) = state.with { state in
            state.nextListener += 1
            if !state.isFinished { state.listeners[state.nextListener] = Listener(hear: hear, finish: finish) }
            return (state.nextListener, state.isFinished)
        }
        if isFinished { finish() } else { update() }
        return number
    }

    func remove(_ number: UInt64) {
        state.with { _ = $0.listeners.removeValue(forKey: number) }
        update()
    }

    func tell(_ news: News) {
        for listener in state.with({ Array($0.listeners.values) }) {
            listener.hear(news)
        }
    }

    /// The owner goes away.
    func finish() {
        let listeners = state.with { state in
            defer { state.listeners = [:] }
            state.isFinished = true
            return Array(state.listeners.values)
        }
        for listener in listeners {
            listener.finish()
        }
    }

    private func update() {
        installing.lock()
        defer { installing.unlock() }
        let change: Bool? = state.with { state in
            let wanted = state.hasDelegate || !state.listeners.isEmpty
            guard wanted != state.isInstalled else { return nil }
            state.isInstalled = wanted
            return wanted
        }
        if let change { install.with { $0 }?(change) }
    }
}

extension Ears {
    /// A stream of what `pick` takes from the news, from now on.
    func stream<Element: Sendable>(_ pick: @escaping @Sendable (News) -> Element?) -> AsyncStream<Element> {
        AsyncStream { continuation in
            let number = add(
                hear: { news in if let element = pick(news) { continuation.yield(element) } },
                finish: { continuation.finish() })
            continuation.onTermination = { [weak self] _ in self?.remove(number) }
        }
    }
}
