package dev.paceline

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Time as the engine counts it: microseconds, for points in time since the Unix epoch. */
internal object Microseconds {
    fun instant(micros: Long): Instant =
        Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L)

    /** Rounded to the nearest; what is out of range becomes a number that the engine refuses. */
    fun of(instant: Instant): Long =
        if (instant.epochSecond in -62_135_596_801L..253_402_300_800L) {
            instant.epochSecond * 1_000_000L + (instant.nano + 500) / 1_000
        } else {
            Long.MIN_VALUE
        }

    /** Rounded to the nearest. */
    fun of(span: Duration): Long =
        (if (span.isNegative()) span - 500.nanoseconds else span + 500.nanoseconds).inWholeMicroseconds
}
