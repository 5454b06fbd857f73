//! Numbers with a unit.

use crate::error_code::ErrorCode;
use crate::errors::PacelineError;
use crate::guard::guarded;

/// A unit of measurement, by its text: `km`, `count/min`, `mL/min·kg`.
///
/// Two units are equal here when their texts are. To learn whether one converts into the other, ask
/// `units_are_compatible`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct MeasureUnit {
    /// The text.
    pub text: String,
}

/// A number with its unit, such as 12.5 km. In the unit `%` the number is a fraction: 0.97 for 97 percent.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Quantity {
    /// The number, in the unit.
    pub value: f64,
    /// The unit of the number.
    pub unit: MeasureUnit,
}

/// How one amount compares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Ordering {
    /// The first is the smaller one.
    Less,
    /// They are equal.
    Equal,
    /// The first is the greater one.
    Greater,
}

/// Reads a unit and gives it the text that Paceline prints: `kg/m.s^2` becomes `kg/m·s^2`.
///
/// Errors: `inputUnit` when the text names no unit; the reason tells the place.
#[uniffi::export]
pub fn parse_unit(text: String) -> Result<MeasureUnit, PacelineError> {
    guarded(|| unit(&text).map(|unit| MeasureUnit::from(&unit)))
}

/// Whether a number in one unit can be converted into the other.
///
/// Errors: `inputUnit` when one of them is no unit.
#[uniffi::export]
pub fn units_are_compatible(one: MeasureUnit, other: MeasureUnit) -> Result<bool, PacelineError> {
    guarded(|| Ok::<_, PacelineError>(unit(&one.text)?.is_compatible(&unit(&other.text)?)))
}

/// The number that a quantity has in another unit.
///
/// Errors: `inputUnit` when the units do not convert into each other, `inputOutOfRange` when there is no finite number.
#[uniffi::export]
pub fn quantity_value_in(quantity: Quantity, unit_text: MeasureUnit) -> Result<f64, PacelineError> {
    guarded(|| {
        let quantity = paceline::Quantity::try_from(quantity)?;
        quantity.value_in(&unit(&unit_text.text)?).map_err(refused)
    })
}

/// Compares two quantities of any compatible units. After a conversion, what differs by less than a part in a million
/// million counts as equal.
///
/// Errors: as `quantity_value_in`.
#[uniffi::export]
pub fn compare_quantities(one: Quantity, other: Quantity) -> Result<Ordering, PacelineError> {
    guarded(|| {
        let (one, other) = (paceline::Quantity::try_from(one)?, paceline::Quantity::try_from(other)?);
        Ok::<_, PacelineError>(match one.compare(&other).map_err(refused)? {
            std::cmp::Ordering::Less => Ordering::Less,
            std::cmp::Ordering::Equal => Ordering::Equal,
            std::cmp::Ordering::Greater => Ordering::Greater,
        })
    })
}

/// A quantity as text: `12.5 km`, `97 %`.
///
/// Errors: `inputUnit` when its unit is none.
#[uniffi::export]
pub fn describe_quantity(quantity: Quantity) -> Result<String, PacelineError> {
    guarded(|| paceline::Quantity::try_from(quantity).map(|quantity| quantity.to_string()))
}

pub(crate) fn unit(text: &str) -> Result<paceline::MeasureUnit, PacelineError> {
    text.parse().map_err(|error: paceline::UnitError| {
        PacelineError::new(ErrorCode::InputUnit, error.to_string(), Some(error.input))
    })
}

fn refused(error: paceline::QuantityError) -> PacelineError {
    let code = match &error {
        paceline::QuantityError::OutOfRange { .. } => ErrorCode::InputOutOfRange,
        // The engine may learn to refuse for further reasons; all others are about units.
        _ => ErrorCode::InputUnit,
    };
    PacelineError::new(code, error.to_string(), None)
}

impl From<&paceline::MeasureUnit> for MeasureUnit {
    fn from(unit: &paceline::MeasureUnit) -> Self {
        Self { text: unit.as_str().to_owned() }
    }
}

impl From<paceline::Quantity> for Quantity {
    fn from(quantity: paceline::Quantity) -> Self {
        Self { value: quantity.value(), unit: quantity.unit().into() }
    }
}

impl TryFrom<Quantity> for paceline::Quantity {
    type Error = PacelineError;

    fn try_from(quantity: Quantity) -> Result<Self, Self::Error> {
        Ok(Self::new(quantity.value, unit(&quantity.unit.text)?))
    }
}
