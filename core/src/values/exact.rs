//! Exact sums. Statistics must not depend on the order in which samples arrive, and a sum of floating-point
//! numbers does; so values are summed as fixed-point integers and turned back when they are read.

/// Steps per unit: 2⁴⁴, so that a value is kept to 6·10⁻¹⁴ of its stored unit.
const SCALE: f64 = (1_u64 << 44) as f64;

/// Below this a scaled value fits 63 bits, and the conversion is one instruction.
const SMALL: f64 = (1_u64 << 18) as f64;

/// A value as a number of steps.
#[inline]
pub(crate) fn steps(value: f64) -> i128 {
    if value.abs() < SMALL {
        i128::from(small_steps(value))
    } else {
        (value * SCALE + 0.5_f64.copysign(value)) as i128
    }
}

/// The same for a value below [`SMALL`].
#[inline]
pub(crate) fn small_steps(value: f64) -> i64 {
    (value * SCALE + 0.5_f64.copysign(value)) as i64
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
        for v in [0.0, 1.0, -1.0, 0.1, 2.75, 142.0, 1e6, -273.15, 88_797.21, 9_999_999.0] {
            assert!((value(steps(v)) - v).abs() <= 0.5 / SCALE, "{v}");
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
