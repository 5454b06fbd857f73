package dev.paceline.tests

import dev.paceline.ErrorCode
import dev.paceline.PackedBatch
import dev.paceline.QuantityType
import dev.paceline.SampleSource
import dev.paceline.SourceKind
import dev.paceline.statistics
import java.io.File
import java.nio.ByteBuffer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The packed batch: its bytes, and what becomes of wrong ones. */
class PackedBatchTest {
    private val end = START.plusSeconds(1)

    /** The batch of the vector. */
    private fun golden(source: UInt = 3u) = PackedBatch(source, number = 258u, capacity = 1).apply {
        append(QuantityType.HEART_RATE, 142.0, START)
        append(QuantityType.DISTANCE_WALKING_RUNNING, 2.75, START, end)
    }

    private fun PackedBatch.array() = bytes().let { view -> ByteArray(view.remaining()).also(view::get) }

    @Test
    fun `the bytes are those of every language`() {
        val text = File(System.getProperty("paceline.root"), "tests/vectors/packed-batch-v1.hex").readText()
        val vector = text.filterNot { it.isWhitespace() }.chunked(2).map { it.toInt(16).toByte() }
        assertEquals(24 + 2 * 32, vector.size)
        assertEquals(vector, golden().array().toList())
    }

    @Test
    fun `a vector is taken in`() {
        World().use { world ->
            world.begin()
            val sources = listOf("one", "two").map { world.store.register(SampleSource(it, it, SourceKind.EXTERNAL)) }
            val batch = golden(sources.last())
            world.clock.advanceTo(end)
            // From a direct buffer, from an array, and a third time.
            val first = world.store.ingest(batch)
            assertEquals(listOf(2u, 2u), listOf(first.samples, first.collected))
            assertFalse(first.repeated)
            assertTrue(world.store.ingest(ByteBuffer.wrap(batch.array())).repeated)
            assertTrue(world.store.ingest(batch).repeated)
            assertEquals(2, world.store.sampleCount())
            assertEquals(142.0, world.builder.statistics(QuantityType.HEART_RATE)?.average)
            assertEquals(2.75, world.builder.snapshot().statistics(QuantityType.DISTANCE_WALKING_RUNNING)?.sum)
        }
    }

    @Test
    fun `a batch grows and is used again`() {
        World().use { world ->
            val batch = PackedBatch(capacity = 0)
            assertTrue(batch.isEmpty())
            repeat(1000) { batch.append(QuantityType.HEART_RATE, 100.0 + it % 50, START) }
            assertEquals(1000, batch.count)
            assertEquals(1000u, world.store.ingest(batch).samples)
            batch.restart()
            assertEquals(0u, world.store.ingest(batch).samples)
            batch.append(QuantityType.HEART_RATE.value.toInt(), 90.0, 1_700_000_000_000_000, 1_700_000_000_000_000)
            assertEquals(1u, world.store.ingest(batch).samples)
            assertEquals(1001, world.store.sampleCount())
        }
    }

    @Test
    fun `a view begins where it stands`() {
        World().use { world ->
            val bytes = golden(1u).array()
            for (make in listOf<(Int) -> ByteBuffer>(ByteBuffer::allocate, ByteBuffer::allocateDirect)) {
                val longer = make(bytes.size + 7).position(3).put(bytes).flip().position(3)
                world.store.ingest(longer)
                assertEquals(3, longer.position(), "the buffer is as it was")
            }
            assertEquals(2, world.store.sampleCount())
        }
    }

    @Test
    fun `batches that are wrong`() {
        World().use { world ->
            val good = golden(1u).array()
            val refusal = { bytes: ByteArray -> codeOf { world.store.ingest(ByteBuffer.wrap(bytes)) } }
            for (length in good.indices) {
                assertEquals(ErrorCode.INPUT_MALFORMED, refusal(good.copyOf(length)), "$length bytes")
            }
            assertEquals(ErrorCode.INPUT_MALFORMED, refusal(good.copyOf(good.size + 32)))
            val wrongs = listOf(
                Triple(0, 9, ErrorCode.INPUT_MALFORMED),
                Triple(2, 31, ErrorCode.INPUT_MALFORMED),
                Triple(2, 8, ErrorCode.INPUT_MALFORMED),
                Triple(4, 3, ErrorCode.INPUT_MALFORMED),
                Triple(8, 77, ErrorCode.INPUT_UNKNOWN),
                Triple(24, 0xee, ErrorCode.INPUT_UNKNOWN),
            )
            for ((offset, value, code) in wrongs) {
                assertEquals(code, refusal(good.copyOf().also { it[offset] = value.toByte() }), "$value at $offset")
            }
            val rows = listOf(
                Double.NaN to START, Double.POSITIVE_INFINITY to START, -1.0 to START, 1e9 to START,
                100.0 to START.minusSeconds(1),
            )
            for ((value, until) in rows) {
                val batch = PackedBatch()
                batch.append(QuantityType.HEART_RATE, 120.0, START)
                batch.append(QuantityType.HEART_RATE, value, START, until)
                assertEquals(ErrorCode.INPUT_OUT_OF_RANGE, codeOf { world.store.ingest(batch) }, "$value until $until")
            }
            val unknown = PackedBatch().apply { append(999, 1.0, 0, 0) }
            assertEquals(ErrorCode.INPUT_UNKNOWN, codeOf { world.store.ingest(unknown) })
            // Nothing of a refused batch was kept.
            assertEquals(0, world.store.sampleCount())
            assertEquals(2u, world.store.ingest(ByteBuffer.wrap(good)).samples)
        }
    }
}
