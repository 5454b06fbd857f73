//! Reading and printing of unit texts.

use std::fmt::Write;
use std::ops::RangeInclusive;

use super::atoms::{self, Atom, Class, DIMENSION_COUNT, Dimensions, Prefix, Reading};
use super::{MeasureUnit, Text};

/// Longest accepted text. Seven of the longest factors print in less, so a printed unit can be read again.
pub(super) const MAX_BYTES: usize = 256;
const MAX_FACTORS: usize = 7;
const MAX_EXPONENT: i32 = i8::MAX as i32;
/// Largest sum of the powers of ten, without sign, of all factors. No order of multiplying them overflows.
const MAX_MAGNITUDE: u32 = 120;
/// In gram per mole.
const MOLAR_MASSES: RangeInclusive<f64> = 0.001..=1e9;

const NULL: &str = "()";
const MIDDLE_DOT: char = '\u{b7}';

/// Why and where a text is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) offset: usize,
    pub(super) reason: &'static str,
}

fn refuse<T>(offset: usize, reason: &'static str) -> Result<T, Refusal> {
    Err(Refusal { offset, reason })
}

pub(super) fn parse(input: &str) -> Result<MeasureUnit, Refusal> {
    if input.len() > MAX_BYTES {
        return refuse(input.floor_char_boundary(MAX_BYTES), "the text is longer than 256 bytes");
    }
    if let Some(rest) = input.strip_prefix(NULL) {
        return if rest.is_empty() {
            Ok(MeasureUnit::null())
        } else {
            refuse(NULL.len(), "nothing may follow the empty unit")
        };
    }
    let mut reader = Reader { input, position: 0, factors: Vec::with_capacity(4) };
    reader.unit()?;
    assemble(&reader.factors)
}

/// A symbol with its prefix and power.
#[derive(Debug, Clone, Copy)]
struct Factor {
    prefix: &'static Prefix,
    atom: &'static Atom,
    /// In gram per mole; 1 for all units but the mole.
    molar_mass: f64,
    exponent: i32,
    /// Where the symbol stands in the text.
    offset: usize,
}

impl Factor {
    fn has_same_base(&self, other: &Self) -> bool {
        self.atom.symbol == other.atom.symbol
            && self.prefix.symbol == other.prefix.symbol
            && self.molar_mass == other.molar_mass
    }

    /// Size in base units, without the power.
    fn size(&self) -> f64 {
        self.atom.factor * self.prefix.factor * self.molar_mass
    }

    fn print(&self, text: &mut String, exponent: i32) {
        text.push_str(self.prefix.symbol);
        text.push_str(self.atom.symbol);
        // Writing to a string cannot fail.
        if self.atom.class == Class::Molar {
            let _ = write!(text, "<{}>", self.molar_mass);
        }
        if exponent != 1 {
            let _ = write!(text, "^{exponent}");
        }
    }
}

/// Recursive descent over the text, one method for each rule of the grammar.
struct Reader<'a> {
    input: &'a str,
    /// Always at the start of a character.
    position: usize,
    factors: Vec<Factor>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.input[self.position..]
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.position += expected.len_utf8();
        }
        found
    }

    /// Takes as many ASCII characters as fit.
    fn take_while(&mut self, fits: impl Fn(u8) -> bool) -> usize {
        let length = self.rest().bytes().take_while(|byte| byte.is_ascii() && fits(*byte)).count();
        self.position += length;
        length
    }

    fn refuse<T>(&self, reason: &'static str) -> Result<T, Refusal> {
        refuse(self.position, reason)
    }

    fn unit(&mut self) -> Result<(), Refusal> {
        self.product()?;
        if self.take('/') {
            let denominator = self.factors.len();
            self.product()?;
            for factor in &mut self.factors[denominator..] {
                factor.exponent = -factor.exponent;
            }
        }
        match self.rest().chars().next() {
            None => Ok(()),
            Some('/') => self.refuse("only one division is allowed"),
            Some(')') => self.refuse("this parenthesis was not opened"),
            Some(_) => self.refuse("only a product, a division or a power may follow here"),
        }
    }

    fn product(&mut self) -> Result<(), Refusal> {
        self.factor()?;
        while self.take('.') || self.take('*') || self.take(MIDDLE_DOT) {
            self.factor()?;
        }
        Ok(())
    }

    fn factor(&mut self) -> Result<(), Refusal> {
        let first = self.factors.len();
        if self.take('(') {
            // The length of the text limits the depth.
            self.product()?;
            if !self.take(')') {
                return if self.rest().starts_with('/') {
                    self.refuse("a division is not allowed inside parentheses")
                } else {
                    self.refuse("a closing parenthesis is missing")
                };
            }
        } else {
            let factor = self.atom()?;
            self.factors.push(factor);
        }
        if self.take('^') {
            let start = self.position;
            let power = self.integer()?;
            for factor in &mut self.factors[first..] {
                // Both are at most 127, so their product is small.
                factor.exponent *= power;
                if factor.exponent.abs() > MAX_EXPONENT {
                    return refuse(start, "powers go from -127 to 127");
                }
            }
        }
        Ok(())
    }

    fn integer(&mut self) -> Result<i32, Refusal> {
        let sign = if self.take('-') { -1 } else { 1 };
        let mut value = 0;
        let start = self.position;
        while let Some(digit) = self.rest().chars().next().and_then(|next| next.to_digit(10)) {
            value = value * 10 + digit as i32;
            if value > MAX_EXPONENT {
                return self.refuse("powers go from -127 to 127");
            }
            self.position += 1;
        }
        if self.position == start {
            return self.refuse("a power must be a whole number");
        }
        Ok(sign * value)
    }

    fn atom(&mut self) -> Result<Factor, Refusal> {
        let offset = self.position;
        self.take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'%'));
        let token = &self.input[offset..self.position];
        let Some((prefix, atom)) = atoms::find(token) else {
            self.position = offset + atoms::known_beginning(token);
            return match self.rest().bytes().next() {
                None => self.refuse("the text stops where a unit symbol is expected"),
                Some(b'0'..=b'9') => self.refuse("a number is no factor, and powers are whole numbers"),
                Some(_) => self.refuse("no unit symbol is written like this"),
            };
        };
        let molar_mass = if atom.class == Class::Molar { self.molar_mass()? } else { 1.0 };
        Ok(Factor { prefix, atom, molar_mass, exponent: 1, offset })
    }

    fn molar_mass(&mut self) -> Result<f64, Refusal> {
        const NOT_DECIMAL: &str = "the molar mass must be a decimal number";
        if !self.take('<') {
            return self.refuse("a mole needs its molar mass in angle brackets, such as mol<18.015>");
        }
        let start = self.position;
        if self.take_while(|byte| byte.is_ascii_digit()) == 0 {
            return self.refuse(NOT_DECIMAL);
        }
        if self.take('.') && self.take_while(|byte| byte.is_ascii_digit()) == 0 {
            return self.refuse(NOT_DECIMAL);
        }
        let digits = &self.input[start..self.position];
        if !self.take('>') {
            return self.refuse("the closing angle bracket is missing");
        }
        match digits.parse().map(|mass| round_to_digits(mass, 16)) {
            Ok(mass) if MOLAR_MASSES.contains(&mass) => Ok(mass),
            _ => refuse(start, "the molar mass must be from 0.001 to 1000000000"),
        }
    }
}

/// Rounds to so many significant decimal digits.
pub(crate) fn round_to_digits(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value)
}

/// Merges equal factors and computes what the unit is.
///
/// Every limit looks at the merged factors only and not at their order, because the printed text may have
/// another order and must not be refused.
fn assemble(factors: &[Factor]) -> Result<MeasureUnit, Refusal> {
    let mut merged: Vec<Factor> = Vec::with_capacity(factors.len().min(MAX_FACTORS));
    for factor in factors {
        if let Some(same) = merged.iter_mut().find(|same| same.has_same_base(factor)) {
            same.exponent += factor.exponent;
            same.offset = factor.offset;
        } else {
            merged.push(*factor);
        }
    }
    merged.retain(|factor| factor.exponent != 0);

    if let Some(extra) = merged.get(MAX_FACTORS) {
        return refuse(extra.offset, "a unit has at most seven different factors");
    }
    let mut totals = [0_i32; DIMENSION_COUNT];
    let mut magnitude = 0_u32;
    let mut factor = 1.0;
    for part in &merged {
        if part.exponent.abs() > MAX_EXPONENT {
            return refuse(part.offset, "powers go from -127 to 127");
        }
        for (total, exponent) in totals.iter_mut().zip(part.atom.dimensions.0) {
            *total += i32::from(exponent) * part.exponent;
        }
        magnitude += (part.size().log10() * f64::from(part.exponent)).abs().ceil() as u32;
        if magnitude > MAX_MAGNITUDE {
            return refuse(part.offset, "the unit is too large or too small");
        }
        let power = part.size().powi(part.exponent.abs());
        factor = if part.exponent < 0 { factor / power } else { factor * power };
    }

    let last = merged.last().map_or(0, |factor| factor.offset);
    let mut dimensions = Dimensions([0; DIMENSION_COUNT]);
    for (exponent, total) in dimensions.0.iter_mut().zip(totals) {
        if total.abs() > MAX_EXPONENT {
            return refuse(last, "the powers of this unit are too large");
        }
        *exponent = total as i8;
    }

    let reading = match merged.as_slice() {
        [] => return Ok(MeasureUnit::null()),
        [only] if only.exponent == 1 => only.atom.reading,
        parts => {
            if let Some(level) = parts.iter().find(|part| part.atom.reading == Reading::SoundLevel) {
                return refuse(level.offset, "dBASPL may only stand alone");
            }
            Reading::Ratio
        }
    };
    Ok(MeasureUnit { text: Text::Parsed(print(&merged).into()), dimensions, factor, reading })
}

fn print(factors: &[Factor]) -> String {
    let mut text = String::new();
    let (above, below): (Vec<&Factor>, Vec<&Factor>) = factors.iter().partition(|part| part.exponent > 0);
    if above.is_empty() {
        // Nothing can stand before the division.
        join(&mut text, below.iter().map(|part| (*part, part.exponent)));
        return text;
    }
    join(&mut text, above.iter().map(|part| (*part, part.exponent)));
    if !below.is_empty() {
        text.push('/');
        let (time, other): (Vec<&Factor>, Vec<&Factor>) =
            below.iter().partition(|part| part.atom.dimensions == atoms::TIME);
        join(&mut text, time.iter().chain(&other).map(|part| (*part, -part.exponent)));
    }
    text
}

fn join<'a>(text: &mut String, parts: impl Iterator<Item = (&'a Factor, i32)>) {
    for (index, (part, exponent)) in parts.enumerate() {
        if index > 0 {
            text.push(MIDDLE_DOT);
        }
        part.print(text, exponent);
    }
}
