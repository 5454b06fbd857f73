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
/// A batch belongs to one thread at a time. Hand it to a ``HealthStore``, then ``restart(number:)`` it: its memory is used
/// again.
public final class PackedBatch {
    /// Where the rows are, and how many. Behind a pointer of its own, since it is touched for each sample: Swift checks each
    /// access to a variable of an object while the program runs.
    @usableFromInline
    struct State {
        @usableFromInline var memory: UnsafeMutableRawPointer
        /// Where the next row goes.
        @usableFromInline var next: UnsafeMutableRawPointer
        /// Where there is no room any more.
        @usableFromInline var end: UnsafeMutableRawPointer
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    private static let headerSize = 24
    /// Memory for more samples than this is not taken ahead: 32 MiB.
    private static let mostAtOnce = 1 << 20
    @usableFromInline static let rowSize = 32

    /// An empty batch.
    ///
    /// - Parameters:
    ///   - source: The number of who measured; by default the app itself.
    ///   - number: Number batches from 1, rising per source, so that one may be sent twice and is taken in once; 0 when none
    ///     is ever sent twice.
    ///   - capacity: For how many samples memory is taken at once; it grows when there are more.
    public init(source: UInt32 = SampleSource.own, number: UInt64 = 0, capacity: Int = 64) {
        let size = Self.headerSize + min(max(capacity, 1), Self.mostAtOnce) * Self.rowSize
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        memory.storeBytes(of: UInt16(1).littleEndian, toByteOffset: 0, as: UInt16.self)
        memory.storeBytes(of: UInt16(Self.rowSize).littleEndian, toByteOffset: 2, as: UInt16.self)
        memory.storeBytes(of: 0, toByteOffset: 4, as: UInt32.self)
        memory.storeBytes(of: source.littleEndian, toByteOffset: 8, as: UInt32.self)
        memory.storeBytes(of: 0, toByteOffset: 12, as: UInt32.self)
        memory.storeBytes(of: number.littleEndian, toByteOffset: 16, as: UInt64.self)
        state = .allocate(capacity: 1)
        state.initialize(to: State(memory: memory, next: memory + Self.headerSize, end: memory + size))
    }

    deinit {
        state.pointee.memory.deallocate()
        state.deallocate()
    }

    /// How many samples the batch has.
    public var count: Int { (size - Self.headerSize) / Self.rowSize }

    /// Whether the batch has no sample.
    public var isEmpty: Bool { count == 0 }

    /// Empties the batch and gives it the next number, keeping its memory.
    public func restart(number: UInt64 = 0) {
        state.pointee.next = state.pointee.memory + Self.headerSize
        state.pointee.memory.storeBytes(of: number.littleEndian, toByteOffset: 16, as: UInt64.self)
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
    @inlinable
    public func append(code: UInt16, _ value: Double, startMicros: Int64, endMicros: Int64) {
        if state.pointee.next == state.pointee.end { grow() }
        let row = state.pointee.next
        // The code and the six zeros after it are one little-endian word.
        row.storeBytes(of: UInt64(code).littleEndian, as: UInt64.self)
        row.storeBytes(of: startMicros.littleEndian, toByteOffset: 8, as: Int64.self)
        row.storeBytes(of: endMicros.littleEndian, toByteOffset: 16, as: Int64.self)
        row.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: 24, as: UInt64.self)
        state.pointee.next = row + Self.rowSize
    }

    /// A copy of the batch as it is handed to the engine.
    public var bytes: Data {
        withData { data in data.withUnsafeBytes { Data($0) } }
    }

    /// Lends the batch as it is, without a copy.
    func withData<Outcome>(_ body: (Data) throws -> Outcome) rethrows -> Outcome {
        let memory = state.pointee.memory
        memory.storeBytes(of: UInt32(count).littleEndian, toByteOffset: 4, as: UInt32.self)
        return try body(Data(bytesNoCopy: memory, count: size, deallocator: .none))
    }

    /// How many bytes the batch has.
    private var size: Int { state.pointee.next - state.pointee.memory }

    @usableFromInline
    func grow() {
        let (old, size) = (state.pointee.memory, self.size)
        let room = 2 * size
        let larger = UnsafeMutableRawPointer.allocate(byteCount: Self.headerSize + room, alignment: 8)
        larger.copyMemory(from: old, byteCount: size)
        old.deallocate()
        // A whole number of rows, so that the last one ends where the room does.
        let rows = room / Self.rowSize * Self.rowSize
        state.pointee = State(memory: larger, next: larger + size, end: larger + Self.headerSize + rows)
    }
}
