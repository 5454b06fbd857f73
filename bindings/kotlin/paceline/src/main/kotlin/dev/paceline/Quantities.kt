package dev.paceline

import dev.paceline.core.Ordering
import dev.paceline.core.aggregationStyle as styleOf
import dev.paceline.core.compareQuantities
import dev.paceline.core.describeQuantity
import dev.paceline.core.parseUnit
import dev.paceline.core.quantityValueIn
import dev.paceline.core.storedUnit as unitOf
import dev.paceline.core.unitsAreCompatible

/** The units that workouts need most; others are read with [of]. */
public object Units {
    /**
     * Reads a unit, such as `km`, `count/min` or `mL/min·kg`, and gives it the text that Paceline prints.
     *
     * @throws PacelineException with [ErrorCode.INPUT_UNIT] when the text names no unit; the reason tells the place.
     */
    public fun of(text: String): MeasureUnit = parseUnit(text)

    /** A number of things, such as steps. */
    public val count: MeasureUnit = MeasureUnit("count")

    /** A number of things per minute, such as heart beats. */
    public val countPerMinute: MeasureUnit = MeasureUnit("count/min")

    /** A fraction from 0 to 1. The number 0.97 in this unit is 97 percent. */
    public val percent: MeasureUnit = MeasureUnit("%")

    /** Meter. */
    public val meter: MeasureUnit = MeasureUnit("m")

    /** Kilometer, 1000 m. */
    public val kilometer: MeasureUnit = MeasureUnit("km")

    /** Centimeter, 0.01 m. */
    public val centimeter: MeasureUnit = MeasureUnit("cm")

    /** International yard, 0.9144 m. */
    public val yard: MeasureUnit = MeasureUnit("yd")

    /** International mile, 1609.344 m. */
    public val mile: MeasureUnit = MeasureUnit("mi")

    /** Second. */
    public val second: MeasureUnit = MeasureUnit("s")

    /** Millisecond, 0.001 s. */
    public val millisecond: MeasureUnit = MeasureUnit("ms")

    /** Minute, 60 s. */
    public val minute: MeasureUnit = MeasureUnit("min")

    /** Hour, 3600 s. */
    public val hour: MeasureUnit = MeasureUnit("hr")

    /** Joule. */
    public val joule: MeasureUnit = MeasureUnit("J")

    /** Kilocalorie, 4184 J. */
    public val kilocalorie: MeasureUnit = MeasureUnit("kcal")

    /** Watt. */
    public val watt: MeasureUnit = MeasureUnit("W")

    /** Meter per second. */
    public val meterPerSecond: MeasureUnit = MeasureUnit("m/s")

    /** Kilometer per hour. */
    public val kilometerPerHour: MeasureUnit = MeasureUnit("km/hr")

    /** Degree Celsius. 0 degC is 273.15 K. */
    public val degreeCelsius: MeasureUnit = MeasureUnit("degC")
}

/**
 * Whether a number in this unit can be converted to another one.
 *
 * @throws PacelineException with [ErrorCode.INPUT_UNIT] when one of them is no unit.
 */
public fun MeasureUnit.isCompatibleWith(other: MeasureUnit): Boolean = unitsAreCompatible(this, other)

/**
 * The number that this quantity has in another unit.
 *
 * @throws PacelineException with [ErrorCode.INPUT_UNIT] when the units do not convert into each other,
 * [ErrorCode.INPUT_OUT_OF_RANGE] when there is no finite number.
 */
public fun Quantity.valueIn(unit: MeasureUnit): Double = quantityValueIn(this, unit)

/**
 * How this amount compares with another one, in whatever unit: below zero when it is less, zero when it is equal, above zero
 * when it is greater. After a conversion, what differs by less than a part in a million million is equal.
 *
 * @throws PacelineException as [valueIn].
 */
public operator fun Quantity.compareTo(other: Quantity): Int =
    when (compareQuantities(this, other)) {
        Ordering.LESS -> -1
        Ordering.EQUAL -> 0
        Ordering.GREATER -> 1
    }

/**
 * Number and unit for people, such as `12.5 km` or `97 %`.
 *
 * @throws PacelineException with [ErrorCode.INPUT_UNIT] when its unit is none.
 */
public fun Quantity.describe(): String = describeQuantity(this)

/** The permanent number of the type, the same in every language and release. */
public val QuantityType.code: Int get() = value.toInt()

/** The unit in which values of this type are stored. Heart rate: count/min. */
public val QuantityType.storedUnit: MeasureUnit get() = unitOf(this)

/** How values of this type are put together. */
public val QuantityType.aggregationStyle: AggregationStyle get() = styleOf(this)
