import Foundation
import PacelineCore

/// Many samples as one block of bytes, so that they cross into the engine with one call.
///
/// Laid out the same in every language. All numbers are little-endian, everything is aligned to 8 bytes. The header, 24
/// bytes:
///
/// | offset | type | what |
/// |--:|---|---|
/// | 0 | `UInt16` | version, 1 |
/// | 2 | `UInt16` | bytes a row, 32 |
/// | 4 | `UInt32` | rows |
/// | 8 | `UInt32` | source: the number that the store gave to who measured |
/// | 12 | `UInt32` | 0 |
/// | 16 | `UInt64` | batch number, rising per source; 0 for none |
///
/// A row, 32 bytes:
///
/// | offset | type | what |
/// |--:|---|---|
/// | 0 | `UInt16` | type code, the raw value of ``QuantityType`` |
/// | 2 | 6 bytes | 0 |
/// | 8 | `Int64` | start, microseconds since the Unix epoch |
/// | 16 | `Int64` | end, likewise |
/// | 24 | `Double` | value in the type's stored unit |
///
/// A batch belongs to one thread at a time. Hand it to ``HealthStore/ingest(_:)-(PackedBatch)``, then ``restart(number:)`` it:
/// its memory is used again.
public final class PackedBatch {
    private static let headerSize = 24
    private static let rowSize = 32

    private var memory: UnsafeMutableRawPointer
    private var capacity: Int

    /// How many samples the batch has.
    public private(set) var count = 0

    /// An empty batch.
    ///
    /// - Parameters:
    ///   - source: The number of who measured; by default the app itself.
    ///   - number: Number batches from 1, rising per source, so that one may be sent twice and is taken in once; 0 when none
    ///     is ever sent twice.
    ///   - capacity: For how many samples memory is taken at once; it grows when there are more.
    public init(source: UInt32 = SampleSource.own, number: UInt64 = 0, capacity: Int = 64) {
        self.capacity = max(capacity, 1)
        memory = .allocate(byteCount: Self.headerSize + self.capacity * Self.rowSize, alignment: 8)
        memory.storeBytes(of: UInt16(1).littleEndian, toByteOffset: 0, as: UInt16.self)
        memory.storeBytes(of: UInt16(Self.rowSize).littleEndian, toByteOffset: 2, as: UInt16.self)
        memory.storeBytes(of: 0, toByteOffset: 4, as: UInt32.self)
        memory.storeBytes(of: source.littleEndian, toByteOffset: 8, as: UInt32.self)
        memory.storeBytes(of: 0, toByteOffset: 12, as: UInt32.self)
        memory.storeBytes(of: number.littleEndian, toByteOffset: 16, as: UInt64.self)
    }

    deinit {
        memory.deallocate()
    }

    /// Empties the batch and gives it the next number, keeping its memory.
    public func restart(number: UInt64 = 0) {
        count = 0
        memory.storeBytes(of: number.littleEndian, toByteOffset: 16, as: UInt64.self)
    }

    /// Appends a reading at one instant. What is wrong with it is told at ingest.
    public func append(_ quantityType: QuantityType, _ value: Double, at date: Date) {
        let micros = Microseconds.of(date: date)
        append(code: quantityType.rawValue, value, startMicros: micros, endMicros: micros)
    }

    /// Appends an amount over an interval. What is wrong with it is told at ingest.
    public func append(_ quantityType: QuantityType, _ value: Double, from start: Date, to end: Date) {
        append(
            code: quantityType.rawValue, value, startMicros: Microseconds.of(date: start),
            endMicros: Microseconds.of(date: end))
    }

    /// Appends a row as it stands in the batch, without any conversion: the fastest way for a dense sensor. Also for types
    /// that only a newer engine knows.
    ///
    /// - Parameters:
    ///   - code: The raw value of a ``QuantityType``.
    ///   - value: In the type's stored unit.
    ///   - startMicros: Microseconds since the Unix epoch.
    ///   - endMicros: Likewise.
    public func append(code: UInt16, _ value: Double, startMicros: Int64, endMicros: Int64) {
        if count == capacity { grow() }
        let row = memory + (Self.headerSize + count * Self.rowSize)
        // The code and the six zeros after it are one little-endian word.
        row.storeBytes(of: UInt64(code).littleEndian, as: UInt64.self)
        row.storeBytes(of: startMicros.littleEndian, toByteOffset: 8, as: Int64.self)
        row.storeBytes(of: endMicros.littleEndian, toByteOffset: 16, as: Int64.self)
        row.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: 24, as: UInt64.self)
        count += 1
    }

    /// Whether the batch has no sample.
    public var isEmpty: Bool { count == 0 }

    /// A copy of the batch as it is handed to the engine.
    public var bytes: Data {
        withData { data in data.withUnsafeBytes { Data($0) } }
    }

    /// Lends the batch as it is, without a copy.
    func withData<Outcome>(_ body: (Data) throws -> Outcome) rethrows -> Outcome {
        memory.storeBytes(of: UInt32(count).littleEndian, toByteOffset: 4, as: UInt32.self)
        let size = Self.headerSize + count * Self.rowSize
        return try body(Data(bytesNoCopy: memory, count: size, deallocator: .none))
    }

    private func grow() {
        let size = Self.headerSize + capacity * Self.rowSize
        capacity *= 2
        let larger = UnsafeMutableRawPointer.allocate(
            byteCount: Self.headerSize + capacity * Self.rowSize, alignment: 8)
        larger.copyMemory(from: memory, byteCount: size)
        memory.deallocate()
        memory = larger
    }
}
