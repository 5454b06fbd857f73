//! Exact sums. Statistics must not depend on the order in which samples arrive, and a sum of floating-point
//! numbers does; so values are summed as fixed-point integers and turned back when they are read.

/// Steps per unit: 2³⁶, so that a value is kept to 7·10⁻¹² of its stored unit.
const SCALE: f64 = (1_u64 << 36) as f64;

/// Below this a value has fewer than 2⁵⁰ steps.
pub(crate) const SMALL: f64 = (1_u64 << 14) as f64;

/// Adding this to a number below 2⁵¹ leaves the nearest whole number in the low bits of the sum.
const ALIGN: f64 = 6_755_399_441_055_744.0;

/// A value as a number of steps, rounded to the nearest one.
#[inline]
pub(crate) fn steps(value: f64) -> i128 {
    if value.abs() < SMALL {
        i128::from(small_steps(value))
    } else {
        (value * SCALE).round_ties_even() as i128
    }
}

/// The same for a value below [`SMALL`], as an addition and a subtraction; it runs for every sample. Meaningless for any
/// other value.
#[inline]
pub(crate) fn small_steps(value: f64) -> i64 {
    (value * SCALE + ALIGN).to_bits().wrapping_sub(ALIGN.to_bits()) as i64
}

/// A number of steps as a value.
#[inline]
pub(crate) fn value(steps: i128) -> f64 {
    steps as f64 / SCALE
}

/// The steps of an amount spread evenly over `length` microseconds that fall into its first `until` ones.
///
/// Differences of two such numbers are parts of the amount, and the parts of any cutting add up to the whole.
#[inline]
pub(crate) fn share(steps: i128, until: i64, length: i64) -> i128 {
    if until >= length { steps } else { steps * i128::from(until.max(0)) / i128::from(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive() {
        for v in [
            0.0,
            1.0,
            -1.0,
            0.1,
            -0.3,
            16_383.999,
            -16_383.999,
            16_384.0,
            1e-12,
            2.75,
            142.0,
            1e6,
            -273.15,
            88_797.21,
            9_999_999.0,
        ] {
            assert!((value(steps(v)) - v).abs() <= 0.5 / SCALE, "{v}");
            assert_eq!(steps(v), (v * SCALE).round_ties_even() as i128, "{v}");
        }
    }

    #[test]
    fn parts_add_up() {
        let whole = steps(10.0 / 3.0);
        let cuts = [0, 1, 7, 100, 999, 1000];
        let parts: i128 = cuts.windows(2).map(|w| share(whole, w[1], 1000) - share(whole, w[0], 1000)).sum();
        assert_eq!(parts, whole);
    }
}
