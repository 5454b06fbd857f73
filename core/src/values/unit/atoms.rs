//! The symbols of unit texts, their sizes and their dimensions.

/// Exponents of, in this order: kilogram, meter, second, kelvin, ampere, candela, radian, then the units that
/// convert to nothing else: scalar (`count` and `%`), `IU`, `dBHL`, `pD`, `appleEffortScore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dimensions(pub(super) [i8; DIMENSION_COUNT]);

pub(super) const DIMENSION_COUNT: usize = 12;

impl Dimensions {
    /// A product of powers of kilogram, meter, second and ampere.
    const fn of(kilogram: i8, meter: i8, second: i8, ampere: i8) -> Self {
        Self([kilogram, meter, second, 0, ampere, 0, 0, 0, 0, 0, 0, 0])
    }

    const fn only(index: usize) -> Self {
        let mut exponents = [0; DIMENSION_COUNT];
        exponents[index] = 1;
        Self(exponents)
    }

    /// This dimension divided by another; for the small exponents of this file.
    pub(super) const fn over(self, other: Self) -> Self {
        let mut exponents = self.0;
        let mut index = 0;
        while index < DIMENSION_COUNT {
            exponents[index] -= other.0[index];
            index += 1;
        }
        Self(exponents)
    }
}

pub(super) const NONE: Dimensions = Dimensions::of(0, 0, 0, 0);
pub(super) const MASS: Dimensions = Dimensions::of(1, 0, 0, 0);
pub(super) const LENGTH: Dimensions = Dimensions::of(0, 1, 0, 0);
pub(super) const VOLUME: Dimensions = Dimensions::of(0, 3, 0, 0);
pub(super) const TIME: Dimensions = Dimensions::of(0, 0, 1, 0);
pub(super) const PRESSURE: Dimensions = Dimensions::of(1, -1, -2, 0);
pub(super) const ENERGY: Dimensions = Dimensions::of(1, 2, -2, 0);
pub(super) const POWER: Dimensions = Dimensions::of(1, 2, -3, 0);
const CONDUCTANCE: Dimensions = Dimensions::of(-1, -2, 3, 2);
const POTENTIAL: Dimensions = Dimensions::of(1, 2, -3, -1);
const FREQUENCY: Dimensions = Dimensions::of(0, 0, -1, 0);
const OPTICAL_POWER: Dimensions = Dimensions::of(0, -1, 0, 0);
pub(super) const TEMPERATURE: Dimensions = Dimensions::only(3);
const ILLUMINANCE: Dimensions = Dimensions::only(5).over(Dimensions::of(0, 2, 0, 0));
const ANGLE: Dimensions = Dimensions::only(6);
pub(super) const SCALAR: Dimensions = Dimensions::only(7);
const INTERNATIONAL_UNIT: Dimensions = Dimensions::only(8);
const HEARING_LEVEL: Dimensions = Dimensions::only(9);
const PRISM_POWER: Dimensions = Dimensions::only(10);
const EFFORT_SCORE: Dimensions = Dimensions::only(11);

/// How a number in a unit relates to the size of the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Twice the number is twice the amount.
    Ratio,
    /// Degrees above the Celsius zero.
    Celsius,
    /// Degrees above the Fahrenheit zero.
    Fahrenheit,
    /// Decibel above the reference sound pressure.
    SoundLevel,
}

impl Reading {
    /// The number at zero degrees, counted from absolute zero in the same degrees.
    pub(super) const fn zero(self) -> f64 {
        match self {
            Self::Celsius => 273.15,
            Self::Fahrenheit => 459.67,
            Self::Ratio | Self::SoundLevel => 0.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Takes prefixes.
    Si,
    /// Takes prefixes and a molar mass in angle brackets.
    Molar,
    /// Takes no prefix.
    Whole,
}

/// One symbol.
#[derive(Debug)]
pub(super) struct Atom {
    pub(super) symbol: &'static str,
    pub(super) class: Class,
    pub(super) dimensions: Dimensions,
    /// Size in base units; for a molar unit the size per g/mol.
    pub(super) factor: f64,
    /// How numbers are read when the symbol stands alone.
    pub(super) reading: Reading,
}

const fn si(symbol: &'static str, dimensions: Dimensions, factor: f64) -> Atom {
    Atom { symbol, class: Class::Si, dimensions, factor, reading: Reading::Ratio }
}

const fn molar(symbol: &'static str, dimensions: Dimensions, factor: f64) -> Atom {
    Atom { symbol, class: Class::Molar, dimensions, factor, reading: Reading::Ratio }
}

const fn whole(symbol: &'static str, dimensions: Dimensions, factor: f64) -> Atom {
    Atom { symbol, class: Class::Whole, dimensions, factor, reading: Reading::Ratio }
}

const fn read(symbol: &'static str, dimensions: Dimensions, factor: f64, reading: Reading) -> Atom {
    Atom { symbol, class: Class::Whole, dimensions, factor, reading }
}

/// Every symbol. `l` is written for `L` as well; see [`find`].
pub(super) static ATOMS: [Atom; 48] = [
    si("g", MASS, 1e-3),
    si("m", LENGTH, 1.0),
    si("L", VOLUME, 1e-3),
    si("Pa", PRESSURE, 1.0),
    si("s", TIME, 1.0),
    si("J", ENERGY, 1.0),
    si("K", TEMPERATURE, 1.0),
    si("S", CONDUCTANCE, 1.0),
    si("Hz", FREQUENCY, 1.0),
    molar("mol", MASS, 1e-3),
    si("V", POTENTIAL, 1.0),
    si("W", POWER, 1.0),
    si("rad", ANGLE, 1.0),
    si("lx", ILLUMINANCE, 1.0),
    whole("oz", MASS, 0.028_349_523_125),
    whole("lb", MASS, 0.453_592_37),
    whole("st", MASS, 6.350_293_18),
    whole("in", LENGTH, 0.0254),
    whole("ft", LENGTH, 0.3048),
    whole("yd", LENGTH, 0.9144),
    whole("mi", LENGTH, 1609.344),
    whole("mmHg", PRESSURE, 133.322_387_415),
    whole("cmAq", PRESSURE, 98.0665),
    whole("atm", PRESSURE, 101_325.0),
    whole("inHg", PRESSURE, 3_386.388_640_341),
    read("dBASPL", PRESSURE, 1.0, Reading::SoundLevel),
    whole("fl_oz_us", VOLUME, 2.957_352_956_25e-5),
    whole("fl_oz_imp", VOLUME, 2.841_306_25e-5),
    whole("pt_us", VOLUME, 4.731_764_73e-4),
    whole("pt_imp", VOLUME, 5.682_612_5e-4),
    whole("cup_us", VOLUME, 2.365_882_365e-4),
    whole("cup_imp", VOLUME, 2.841_306_25e-4),
    whole("min", TIME, 60.0),
    whole("hr", TIME, 3600.0),
    whole("d", TIME, 86_400.0),
    whole("cal", ENERGY, 4.184),
    whole("kcal", ENERGY, 4184.0),
    whole("Cal", ENERGY, 4184.0),
    read("degC", TEMPERATURE, 1.0, Reading::Celsius),
    read("degF", TEMPERATURE, 5.0 / 9.0, Reading::Fahrenheit),
    whole("IU", INTERNATIONAL_UNIT, 1.0),
    whole("count", SCALAR, 1.0),
    whole("%", SCALAR, 1.0), // the number is a fraction: 0.97 for 97 percent
    whole("dBHL", HEARING_LEVEL, 1.0),
    whole("D", OPTICAL_POWER, 1.0),
    whole("pD", PRISM_POWER, 1.0),
    whole("deg", ANGLE, std::f64::consts::PI / 180.0),
    whole("appleEffortScore", EFFORT_SCORE, 1.0),
];

/// A metric prefix.
#[derive(Debug)]
pub(super) struct Prefix {
    pub(super) symbol: &'static str,
    pub(super) factor: f64,
}

const fn prefix(symbol: &'static str, factor: f64) -> Prefix {
    Prefix { symbol, factor }
}

/// Every prefix, the missing one first and longer ones before shorter ones.
static PREFIXES: [Prefix; 14] = [
    prefix("", 1.0),
    prefix("mc", 1e-6),
    prefix("da", 1e1),
    prefix("f", 1e-15),
    prefix("p", 1e-12),
    prefix("n", 1e-9),
    prefix("m", 1e-3),
    prefix("c", 1e-2),
    prefix("d", 1e-1),
    prefix("h", 1e2),
    prefix("k", 1e3),
    prefix("M", 1e6),
    prefix("G", 1e9),
    prefix("T", 1e12),
];

/// Second spelling of a symbol.
const ALIAS: (&str, &str) = ("l", "L");

/// Finds the symbol that a whole token stands for: first without prefix, then with one.
pub(super) fn find(token: &str) -> Option<(&'static Prefix, &'static Atom)> {
    PREFIXES.iter().find_map(|prefix| {
        let rest = token.strip_prefix(prefix.symbol)?;
        let rest = if rest == ALIAS.0 { ALIAS.1 } else { rest };
        let fits = |atom: &&Atom| atom.symbol == rest && (prefix.symbol.is_empty() || atom.takes_prefix());
        ATOMS.iter().find(fits).map(|atom| (prefix, atom))
    })
}

/// Length of the longest beginning of a token with which some symbol begins.
pub(super) fn known_beginning(token: &str) -> usize {
    let of = |prefix: &Prefix, symbol| {
        let length = common(token, prefix.symbol);
        if length == prefix.symbol.len() { length + common(&token[length..], symbol) } else { length }
    };
    let whole = ATOMS.iter().map(|atom| of(&PREFIXES[0], atom.symbol));
    let prefixed = PREFIXES.iter().flat_map(|prefix| {
        let symbols = ATOMS.iter().filter(|atom| atom.takes_prefix()).map(|atom| atom.symbol);
        symbols.chain([ALIAS.0]).map(move |symbol| of(prefix, symbol))
    });
    whole.chain(prefixed).max().unwrap_or(0)
}

fn common(left: &str, right: &str) -> usize {
    left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count()
}

impl Atom {
    fn takes_prefix(&self) -> bool {
        self.class != Class::Whole
    }
}
