import Foundation
import Paceline
import Testing

@Suite struct PackedBatchTests {
    /// The vector that all languages read.
    private func golden() throws -> Data {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let file = root.appendingPathComponent("tests/vectors/packed-batch-v1.hex")
        let digits = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.joined().filter(\.isHexDigit)
        let pairs = stride(from: 0, to: digits.count, by: 2).map { offset in
            let at = digits.index(digits.startIndex, offsetBy: offset)
            return UInt8(digits[at...].prefix(2), radix: 16) ?? 0
        }
        return Data(pairs)
    }

    @Test func theLayoutIsFixed() throws {
        let batch = PackedBatch(source: 3, number: 258)
        batch.append(.heartRate, 142, at: World.start)
        batch.append(.distanceWalkingRunning, 2.75, from: World.start, to: World.start + 1)
        #expect(try batch.bytes == golden())
        #expect(batch.count == 2)
    }

    @Test func theGoldenBatchIsTakenIn() throws {
        let store = try HealthStore()
        for name in ["two", "three"] {
            _ = try store.register(SampleSource(identifier: name, name: name, kind: .device))
        }
        let first = try store.ingest(golden())
        #expect(first == Ingested(samples: 2, collected: 0, repeated: false, durable: true))
        // A batch that is sent again is taken in once.
        #expect(try store.ingest(golden()) == Ingested(samples: 0, collected: 0, repeated: true, durable: true))
        #expect(try store.sampleCount() == 2)
    }

    @Test func aBatchGrowsAndStartsAgain() throws {
        let store = try HealthStore()
        let batch = PackedBatch(capacity: 1)
        for round in 1...3 {
            batch.restart(number: UInt64(round))
            #expect(batch.isEmpty)
            for row in 0..<1000 {
                batch.append(
                    code: QuantityType.heartRate.rawValue, 100,
                    startMicros: 1_700_000_000_000_000 + Int64(row), endMicros: 1_700_000_000_000_000 + Int64(row))
            }
            #expect(try store.ingest(batch).samples == 1000)
        }
        #expect(try store.sampleCount() == 3000)
    }
}
