/// An asynchronous sequence that keeps what is newest: whoever looks late gets the present value once, not all that were
/// missed, so that a slow reader costs no memory.
///
/// Every loop over it is a subscription of its own, which ends with the loop. The sequence ends when the object it came
/// from goes away.
public struct LatestValues<Element: Sendable>: AsyncSequence, Sendable {
    let subscribe: @Sendable () -> Subscription

    struct Subscription {
        /// That there may be something new; at most one signal waits.
        let signals: AsyncStream<Void>
        /// What is new, or nothing.
        let take: @Sendable () -> Element?
    }

    /// Starts to listen.
    public func makeAsyncIterator() -> Iterator {
        let subscription = subscribe()
        return Iterator(signals: subscription.signals.makeAsyncIterator(), take: subscription.take)
    }

    /// One loop over the values.
    public struct Iterator: AsyncIteratorProtocol {
        var signals: AsyncStream<Void>.Iterator
        let take: @Sendable () -> Element?

        /// Waits for the next value; nothing at the end.
        public mutating func next() async -> Element? {
            while await signals.next() != nil {
                if let element = take() { return element }
            }
            return nil
        }
    }
}
