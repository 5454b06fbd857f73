//! Units of measurement: what a number is counted in.

mod atoms;
mod grammar;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use atoms::{Dimensions, Reading};

pub(crate) use grammar::round_to_digits;

/// Two sizes that differ by less than this fraction are one size. It lies far above the noise of a few
/// multiplications and far below the difference of any two real units.
const SAME_SIZE: f64 = 1e-12;

/// Sound pressure, in pascal, at which the sound level is zero decibel.
const SILENCE: f64 = 2.0e-5;

/// A text that names no unit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{input:?} is not a unit: {reason} (byte {offset})")]
#[non_exhaustive]
pub struct UnitError {
    /// The refused text, cut to its first 256 bytes.
    pub input: String,
    /// Where the first bad character starts, counted in bytes from 0. It is the length of the text when
    /// the text stops too early. When a unit is well formed but outside the supported range, it is the
    /// start of the symbol that leads out of it.
    pub offset: u32,
    /// What is wrong there: part of a sentence in English, for a developer.
    pub reason: &'static str,
}

/// A unit of measurement, such as `km`, `count/min` or `mL/min·kg`.
///
/// # Text
///
/// A unit is made by parsing its text, or by one of the functions below for the frequent ones.
///
/// * A symbol from a fixed list: `m`, `g`, `L` (also `l`), `s`, `J`, `W`, `K`, `Pa`, `Hz`, `V`, `S`, `rad`,
///   `lx`, `mol<M>`, `oz`, `lb`, `st`, `in`, `ft`, `yd`, `mi`, `min`, `hr`, `d`, `cal`, `kcal`, `Cal`, `degC`,
///   `degF`, `mmHg`, `cmAq`, `inHg`, `atm`, `dBASPL`, `dBHL`, `IU`, `count`, `%`, `D`, `pD`, `deg`,
///   `fl_oz_us`, `fl_oz_imp`, `pt_us`, `pt_imp`, `cup_us`, `cup_imp`, `appleEffortScore`. Case matters.
/// * Before the first thirteen of them and `mol<M>`, a prefix: `f p n mc m c d da h k M G T`. Micro is `mc`.
/// * Products with `.`, `*` or `·`, whole powers with `^` (from -127 to 127), parentheses, and at most one
///   `/`. A product binds tighter than the division: `kg/m.s^2` is `kg/(m.s^2)`.
/// * `()` is the unit without any factor; see [`is_null`](Self::is_null).
/// * No white space; at most 256 bytes; at most seven different factors.
///
/// The printed text has `L` for liter, `·` between factors and no parentheses. In a denominator time stands
/// first, as in `mL/min·kg` (inferred from the few printed units that are known). Parsing the printed text
/// gives an equal unit.
///
/// # Equality and compatibility
///
/// Units are reduced to kilogram, meter, second, kelvin, ampere, candela and radian. Units of the same
/// dimension are compatible, that is, they convert into each other: `W` and `J/s`, `L` and `m^3` (inferred).
/// Units are equal when they also have the same size (to 12 digits) and the same zero, whatever their text:
/// `kcal` equals `Cal`.
///
/// Five kinds of unit have a dimension of their own, which nothing else has:
///
/// * `count` and `%`, together. So `count` converts to `%`, but `count/s` is not compatible with `Hz`, and
///   `count` is not compatible with `()` (inferred).
/// * `IU`, `dBHL`, `pD` and `appleEffortScore`, each alone.
///
/// # Numbers in a unit
///
/// * `%`: the number is a fraction. 0.97 in `%` is 97 percent, and the same as 0.97 in `count` (inferred).
/// * `mol<M>` is a mass: one mole weighs M gram. M is a decimal number from 0.001 to 1000000000, without
///   exponent, of which 16 digits count.
/// * `degC` and `degF` have their own zero when they stand alone. Inside a compound such as `degC/min` they
///   are temperature differences (inferred).
/// * `dBASPL` is a sound level and converts to `Pa` by `Pa = 0.00002 · 10^(dB/20)`. It may only stand alone
///   (inferred).
///
/// # Errors
///
/// Parsing any other text gives a [`UnitError`] with the place of the first bad character.
#[derive(Clone)]
pub struct MeasureUnit {
    text: Text,
    dimensions: Dimensions,
    /// Size in base units; from 1e-120 to 1e120.
    factor: f64,
    reading: Reading,
}

#[derive(Clone)]
enum Text {
    Fixed(&'static str),
    Parsed(Arc<str>),
}

impl MeasureUnit {
    const fn fixed(text: &'static str, dimensions: Dimensions, factor: f64) -> Self {
        Self::fixed_read(text, dimensions, factor, Reading::Ratio)
    }

    const fn fixed_read(text: &'static str, dimensions: Dimensions, factor: f64, reading: Reading) -> Self {
        Self { text: Text::Fixed(text), dimensions, factor, reading }
    }

    /// `count`: a number of things, such as steps.
    pub const fn count() -> Self {
        Self::fixed("count", atoms::SCALAR, 1.0)
    }

    /// `count/min`: a number of things per minute, such as heart beats.
    pub const fn count_per_minute() -> Self {
        Self::fixed("count/min", atoms::SCALAR.over(atoms::TIME), 1.0 / 60.0)
    }

    /// `%`: a fraction from 0 to 1. The number 0.97 in this unit is 97 percent.
    pub const fn percent() -> Self {
        Self::fixed("%", atoms::SCALAR, 1.0)
    }

    /// `m`: meter.
    pub const fn meter() -> Self {
        Self::fixed("m", atoms::LENGTH, 1.0)
    }

    /// `km`: kilometer, 1000 m.
    pub const fn kilometer() -> Self {
        Self::fixed("km", atoms::LENGTH, 1e3)
    }

    /// `cm`: centimeter, 0.01 m.
    pub const fn centimeter() -> Self {
        Self::fixed("cm", atoms::LENGTH, 1e-2)
    }

    /// `yd`: international yard, 0.9144 m.
    pub const fn yard() -> Self {
        Self::fixed("yd", atoms::LENGTH, 0.9144)
    }

    /// `mi`: international mile, 1609.344 m.
    pub const fn mile() -> Self {
        Self::fixed("mi", atoms::LENGTH, 1609.344)
    }

    /// `kg`: kilogram.
    pub const fn kilogram() -> Self {
        Self::fixed("kg", atoms::MASS, 1.0)
    }

    /// `s`: second.
    pub const fn second() -> Self {
        Self::fixed("s", atoms::TIME, 1.0)
    }

    /// `ms`: millisecond, 0.001 s.
    pub const fn millisecond() -> Self {
        Self::fixed("ms", atoms::TIME, 1e-3)
    }

    /// `min`: minute, 60 s.
    pub const fn minute() -> Self {
        Self::fixed("min", atoms::TIME, 60.0)
    }

    /// `hr`: hour, 3600 s.
    pub const fn hour() -> Self {
        Self::fixed("hr", atoms::TIME, 3600.0)
    }

    /// `J`: joule.
    pub const fn joule() -> Self {
        Self::fixed("J", atoms::ENERGY, 1.0)
    }

    /// `kcal`: kilocalorie, 4184 J.
    pub const fn kilocalorie() -> Self {
        Self::fixed("kcal", atoms::ENERGY, 4184.0)
    }

    /// `W`: watt.
    pub const fn watt() -> Self {
        Self::fixed("W", atoms::POWER, 1.0)
    }

    /// `m/s`: meter per second.
    pub const fn meter_per_second() -> Self {
        Self::fixed("m/s", atoms::LENGTH.over(atoms::TIME), 1.0)
    }

    /// `km/hr`: kilometer per hour.
    pub const fn kilometer_per_hour() -> Self {
        Self::fixed("km/hr", atoms::LENGTH.over(atoms::TIME), 1e3 / 3600.0)
    }

    /// `mL`: milliliter, 0.000001 cubic meter.
    pub const fn milliliter() -> Self {
        Self::fixed("mL", atoms::VOLUME, 1e-6)
    }

    /// `mL/min·kg`: milliliter per minute and kilogram, for the uptake of oxygen.
    pub const fn milliliter_per_minute_kilogram() -> Self {
        Self::fixed("mL/min·kg", atoms::VOLUME.over(atoms::TIME).over(atoms::MASS), 1e-6 / 60.0)
    }

    /// `degC`: degree Celsius. 0 degC is 273.15 K.
    pub const fn degree_celsius() -> Self {
        Self::fixed_read("degC", atoms::TEMPERATURE, 1.0, Reading::Celsius)
    }

    /// `dBASPL`: A-weighted sound level in decibel.
    pub const fn decibel_sound_level() -> Self {
        Self::fixed_read("dBASPL", atoms::PRESSURE, 1.0, Reading::SoundLevel)
    }

    /// `()`: the unit without any factor, which remains when a unit is divided by itself.
    pub const fn null() -> Self {
        Self::fixed("()", atoms::NONE, 1.0)
    }

    /// The text of the unit, the same that is printed.
    pub fn as_str(&self) -> &str {
        match &self.text {
            Text::Fixed(text) => text,
            Text::Parsed(text) => text,
        }
    }

    /// True when a number in this unit can be converted to `other`, that is, when both have the same
    /// dimension.
    pub fn is_compatible(&self, other: &Self) -> bool {
        self.dimensions == other.dimensions
    }

    /// True for the unit that remains when a unit is divided by itself, such as `m/m`. It prints as `()`.
    /// `count` and `km/m` are not null.
    pub fn is_null(&self) -> bool {
        *self == Self::null()
    }

    /// Converts a number from this unit into a compatible one. The result may be infinite or not a number,
    /// when the number has no counterpart there.
    pub(crate) fn convert(&self, value: f64, into: &Self) -> f64 {
        if self == into {
            return value;
        }
        if (self.reading, into.reading) != (Reading::Ratio, Reading::Ratio) {
            return into.at_base(self.to_base(value));
        }
        // One rounding less than by way of the base unit: 1609.344 m are exactly 1.609344 km.
        if self.factor < into.factor {
            value / (into.factor / self.factor)
        } else {
            value * (self.factor / into.factor)
        }
    }

    /// A number in this unit, as a number in base units.
    pub(crate) fn to_base(&self, value: f64) -> f64 {
        match self.reading {
            Reading::Ratio => value * self.factor,
            Reading::Celsius | Reading::Fahrenheit => (value + self.reading.zero()) * self.factor,
            Reading::SoundLevel => SILENCE * 10f64.powf(value / 20.0),
        }
    }

    /// A number in base units, as a number in this unit.
    fn at_base(&self, value: f64) -> f64 {
        match self.reading {
            Reading::Ratio => value / self.factor,
            Reading::Celsius | Reading::Fahrenheit => value / self.factor - self.reading.zero(),
            Reading::SoundLevel => 20.0 * (value / SILENCE).log10(),
        }
    }
}

/// True when two numbers differ by no more than rounding can explain.
pub(crate) fn nearly_equal(left: f64, right: f64) -> bool {
    (left - right).abs() <= SAME_SIZE * left.abs().max(right.abs())
}

impl PartialEq for MeasureUnit {
    fn eq(&self, other: &Self) -> bool {
        self.dimensions == other.dimensions
            && self.reading == other.reading
            && nearly_equal(self.factor, other.factor)
    }
}

impl FromStr for MeasureUnit {
    type Err = UnitError;

    fn from_str(input: &str) -> Result<Self, UnitError> {
        grammar::parse(input).map_err(|refusal| UnitError {
            input: input[..input.floor_char_boundary(grammar::MAX_BYTES)].to_owned(),
            offset: refusal.offset as u32,
            reason: refusal.reason,
        })
    }
}

impl fmt::Display for MeasureUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for MeasureUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("MeasureUnit").field(&self.as_str()).finish()
    }
}

impl Serialize for MeasureUnit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MeasureUnit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UnitText;

        impl de::Visitor<'_> for UnitText {
            type Value = MeasureUnit;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the text of a unit")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<MeasureUnit, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(UnitText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_units_are_what_their_text_says() {
        let all = [
            MeasureUnit::count(),
            MeasureUnit::count_per_minute(),
            MeasureUnit::percent(),
            MeasureUnit::meter(),
            MeasureUnit::kilometer(),
            MeasureUnit::centimeter(),
            MeasureUnit::yard(),
            MeasureUnit::mile(),
            MeasureUnit::kilogram(),
            MeasureUnit::second(),
            MeasureUnit::millisecond(),
            MeasureUnit::minute(),
            MeasureUnit::hour(),
            MeasureUnit::joule(),
            MeasureUnit::kilocalorie(),
            MeasureUnit::watt(),
            MeasureUnit::meter_per_second(),
            MeasureUnit::kilometer_per_hour(),
            MeasureUnit::milliliter(),
            MeasureUnit::milliliter_per_minute_kilogram(),
            MeasureUnit::degree_celsius(),
            MeasureUnit::decibel_sound_level(),
            MeasureUnit::null(),
        ];
        for fixed in all {
            let parsed: MeasureUnit = fixed.as_str().parse().unwrap();
            assert_eq!(parsed, fixed);
            assert_eq!(parsed.as_str(), fixed.as_str());
        }
    }

    #[test]
    fn a_unit_stays_small() {
        assert!(size_of::<MeasureUnit>() <= 48);
    }
}
