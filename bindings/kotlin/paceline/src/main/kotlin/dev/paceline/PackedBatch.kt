package dev.paceline

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.time.Instant

/**
 * Many samples as one block of bytes, so that they cross into the engine with one call and without a copy.
 *
 * Laid out the same in every language. All numbers are little-endian, everything is aligned to 8 bytes. The header, 24 bytes:
 *
 * | offset | type | what |
 * |--:|---|---|
 * | 0 | `UShort` | version, 1 |
 * | 2 | `UShort` | bytes a row, 32 |
 * | 4 | `UInt` | rows |
 * | 8 | `UInt` | source: the number that the store gave to who measured |
 * | 12 | `UInt` | 0 |
 * | 16 | `ULong` | batch number, rising per source; 0 for none |
 *
 * A row, 32 bytes:
 *
 * | offset | type | what |
 * |--:|---|---|
 * | 0 | `UShort` | type code, [QuantityType.code] |
 * | 2 | 6 bytes | 0 |
 * | 8 | `Long` | start, microseconds since the Unix epoch |
 * | 16 | `Long` | end, likewise |
 * | 24 | `Double` | value in the type's stored unit |
 *
 * A batch belongs to one thread at a time. Hand it to [HealthStore.ingest], then [restart] it: its memory is used again.
 *
 * @param source The number of who measured; by default the app itself.
 * @param number Number batches from 1, rising per source, so that one may be sent twice and is taken in once; 0 when none is
 * ever sent twice.
 * @param capacity For how many samples memory is taken at once; it grows when there are more.
 */
public class PackedBatch(source: UInt = OWN_SOURCE, number: ULong = 0u, capacity: Int = 64) {
    private var memory = allocated(capacity.coerceIn(1, MOST_AT_ONCE)).apply {
        putShort(0, 1)
        putShort(2, ROW.toShort())
        putInt(8, source.toInt())
        putLong(16, number.toLong())
    }

    /** How many samples the batch has. */
    public var count: Int = 0
        private set

    /** Empties the batch and gives it the next number, keeping its memory. */
    public fun restart(number: ULong = 0u) {
        count = 0
        memory.putLong(16, number.toLong())
    }

    /** Appends a reading at one instant, in the type's stored unit. What is wrong with it is told at ingest. */
    public fun append(quantityType: QuantityType, value: Double, date: Instant) {
        val micros = Microseconds.of(date)
        append(quantityType.code, value, micros, micros)
    }

    /** Appends an amount over an interval, in the type's stored unit. What is wrong with it is told at ingest. */
    public fun append(quantityType: QuantityType, value: Double, start: Instant, end: Instant): Unit =
        append(quantityType.code, value, Microseconds.of(start), Microseconds.of(end))

    /**
     * Appends a row as it stands in the batch, without any conversion: the fastest way for a dense sensor. Also for types that
     * only a newer engine knows.
     *
     * @param code The [QuantityType.code], 0 to 65535; any other number becomes one that no type has, and is refused at ingest.
     * @param value In the type's stored unit.
     * @param startMicros Microseconds since the Unix epoch.
     * @param endMicros Likewise.
     */
    public fun append(code: Int, value: Double, startMicros: Long, endMicros: Long) {
        val row = HEADER + count * ROW
        if (row == memory.capacity()) grow()
        // The code and the six zeros after it are one little-endian word.
        memory.putLong(row, if (code in 0..0xffff) code.toLong() else 0xffff)
        memory.putLong(row + 8, startMicros)
        memory.putLong(row + 16, endMicros)
        memory.putDouble(row + 24, value)
        count += 1
    }

    /** Whether the batch has no sample. */
    public fun isEmpty(): Boolean = count == 0

    /** The batch as it is handed to the engine: a view of its memory, read-only, valid until the batch changes. */
    public fun bytes(): ByteBuffer {
        memory.putInt(4, count)
        return memory.duplicate().limit(HEADER + count * ROW).asReadOnlyBuffer()
    }

    private fun grow() {
        val larger = allocated(count * 2)
        larger.duplicate().put(memory.duplicate())
        memory = larger
    }

    private companion object {
        const val HEADER = 24
        const val ROW = 32

        /** Memory for more samples than this is not taken ahead: 32 MiB. */
        const val MOST_AT_ONCE = 1 shl 20

        fun allocated(rows: Int): ByteBuffer =
            ByteBuffer.allocateDirect(HEADER + rows * ROW).order(ByteOrder.LITTLE_ENDIAN)
    }
}
