package dev.paceline

import dev.paceline.core.sampleFromQuantity
import java.time.Instant

/** The number of the source that every store has: the app itself, on its own device. */
public const val OWN_SOURCE: UInt = 1u

/**
 * A sample of the app's own source, from an amount in any fitting unit.
 *
 * @throws PacelineException with [ErrorCode.INPUT_UNIT] when the unit does not fit the type; with
 * [ErrorCode.INPUT_OUT_OF_RANGE] when the value is not finite or not plausible, when the end lies before the start, or for a
 * date outside of the years 1 to 9999.
 */
public fun QuantitySample(
    quantityType: QuantityType,
    quantity: Quantity,
    start: Instant,
    end: Instant = start,
): QuantitySample = sampleFromQuantity(quantityType, quantity, start, end)

/**
 * A sample of the app's own source, in the stored unit of the type: a reading at one instant, or an amount over an interval.
 * What is wrong with it is told when it is handed in.
 */
public fun QuantitySample(
    quantityType: QuantityType,
    value: Double,
    start: Instant,
    end: Instant = start,
): QuantitySample = QuantitySample(quantityType, start, end, value)

/** The value with its unit. */
public val QuantitySample.quantity: Quantity get() = Quantity(value, quantityType.storedUnit)

/** The sum with its unit; cumulative types only. */
public val Statistics.sumQuantity: Quantity? get() = quantity(sum)

/** The average with its unit; discrete types only. */
public val Statistics.averageQuantity: Quantity? get() = quantity(average)

/** The lowest reading with its unit; discrete types only. */
public val Statistics.minimumQuantity: Quantity? get() = quantity(minimum)

/** The highest reading with its unit; discrete types only. */
public val Statistics.maximumQuantity: Quantity? get() = quantity(maximum)

/** The most recent reading with its unit. */
public val Statistics.mostRecentQuantity: Quantity? get() = quantity(mostRecent?.value)

private fun Statistics.quantity(value: Double?): Quantity? = value?.let { Quantity(it, quantityType.storedUnit) }
