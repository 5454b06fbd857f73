//! A number together with its unit.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::unit::{MeasureUnit, nearly_equal, round_to_digits};

/// A quantity cannot be read or compared as asked.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// The two units measure different things, such as length and time. Ask for a compatible unit; see
    /// [`MeasureUnit::is_compatible`].
    #[error("a quantity in \"{from}\" cannot be read in \"{into}\"")]
    IncompatibleUnits {
        /// The unit of the quantity.
        from: MeasureUnit,
        /// The unit that was asked for.
        into: MeasureUnit,
    },
    /// The units are compatible, but this number has no finite counterpart in the unit that was asked for:
    /// it is not finite itself, becomes too large, or is a sound pressure that is not above zero and so has
    /// no sound level.
    #[error("the number {value} in \"{from}\" has no finite value in \"{into}\"")]
    OutOfRange {
        /// The number, in the unit `from`.
        value: f64,
        /// The unit of the quantity.
        from: MeasureUnit,
        /// The unit that was asked for.
        into: MeasureUnit,
    },
}

/// A number with its unit, such as 12.5 km.
///
/// Any number is accepted, also one that is not finite; reading and comparing such a quantity is an error.
///
/// Two quantities are equal when number and unit are equal: 1 km does not equal 1000 m. To compare amounts,
/// use [`compare`](Self::compare).
///
/// In files a quantity is a pair of fields: `value`, a number, and `unit`, the text of the unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    value: f64,
    unit: MeasureUnit,
}

impl Quantity {
    /// A quantity of `value` times the unit. In the unit `%` the value is a fraction: 0.97 for 97 percent.
    pub const fn new(value: f64, unit: MeasureUnit) -> Self {
        Self { value, unit }
    }

    /// The number, in the quantity's own [`unit`](Self::unit).
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The unit of the number.
    pub const fn unit(&self) -> &MeasureUnit {
        &self.unit
    }

    /// True when the quantity can be read in this unit.
    pub fn is_compatible(&self, unit: &MeasureUnit) -> bool {
        self.unit.is_compatible(unit)
    }

    /// The number that this quantity has in another unit. In an equal unit it is the same number, bit by bit.
    ///
    /// # Errors
    ///
    /// [`QuantityError::IncompatibleUnits`] when the units measure different things;
    /// [`QuantityError::OutOfRange`] when there is no finite result.
    pub fn value_in(&self, unit: &MeasureUnit) -> Result<f64, QuantityError> {
        if !self.is_compatible(unit) {
            return Err(self.incompatible(unit));
        }
        self.finite(self.unit.convert(self.value, unit), unit)
    }

    /// Tells whether this quantity is less than, equal to or greater than another one, in whatever unit.
    ///
    /// Quantities in equal units are compared exactly. After a conversion, quantities count as equal when
    /// they differ by less than a part in a million million, which is the noise of converting.
    ///
    /// # Errors
    ///
    /// [`QuantityError::IncompatibleUnits`] when the units measure different things;
    /// [`QuantityError::OutOfRange`] when a number is not finite or cannot be converted.
    pub fn compare(&self, other: &Self) -> Result<Ordering, QuantityError> {
        if !self.is_compatible(&other.unit) {
            return Err(self.incompatible(&other.unit));
        }
        let same_unit = self.unit == other.unit;
        let amount = |quantity: &Self| {
            if same_unit { quantity.value } else { quantity.unit.to_base(quantity.value) }
        };
        let left = self.finite(amount(self), &other.unit)?;
        let right = other.finite(amount(other), &self.unit)?;
        if !same_unit && nearly_equal(left, right) {
            return Ok(Ordering::Equal);
        }
        left.partial_cmp(&right).ok_or_else(|| self.out_of_range(&other.unit))
    }

    fn finite(&self, result: f64, into: &MeasureUnit) -> Result<f64, QuantityError> {
        if result.is_finite() { Ok(result) } else { Err(self.out_of_range(into)) }
    }

    fn incompatible(&self, into: &MeasureUnit) -> QuantityError {
        QuantityError::IncompatibleUnits { from: self.unit.clone(), into: into.clone() }
    }

    fn out_of_range(&self, into: &MeasureUnit) -> QuantityError {
        QuantityError::OutOfRange { value: self.value, from: self.unit.clone(), into: into.clone() }
    }
}

/// Prints number and unit with a space between them, such as `12.5 km`. A quantity in `%` prints as
/// percentage: the fraction 0.97 as `97 %`. A quantity in the null unit prints as the number alone.
///
/// A precision limits the digits after the decimal point.
impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_percent = self.unit.as_str() == MeasureUnit::percent().as_str();
        // Rounding hides the noise of the multiplication: 0.07 is 7 %, not 7.000000000000001 %.
        let number = if is_percent { round_to_digits(self.value * 100.0, 15) } else { self.value };
        fmt::Display::fmt(&number, formatter)?;
        if self.unit.is_null() { Ok(()) } else { write!(formatter, " {}", self.unit) }
    }
}
