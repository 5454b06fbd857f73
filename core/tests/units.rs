//! Units and quantities, through the public interface.

use std::cmp::Ordering;

use paceline::{MeasureUnit, Quantity};
use proptest::prelude::*;

const GLUCOSE: &str = "mmol<180.15588000005408>/L";

fn unit(text: &str) -> MeasureUnit {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn quantity(value: f64, text: &str) -> Quantity {
    Quantity::new(value, unit(text))
}

fn convert(value: f64, from: &str, into: &str) -> f64 {
    quantity(value, from).value_in(&unit(into)).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn assert_near(found: f64, expected: f64, what: &str) {
    let tolerance = 1e-9 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= tolerance, "{what}: {found} is not {expected}");
}

/// Relative comparison, for sizes far from one.
#[track_caller]
fn assert_size(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-13 * expected.abs(), "{what}: {found} is not {expected}");
}

/// Every symbol, the unit it reduces to, and its size there.
const SYMBOLS: [(&str, &str, f64); 43] = [
    ("g", "kg", 1e-3),
    ("m", "m", 1.0),
    ("L", "m^3", 1e-3),
    ("l", "m^3", 1e-3),
    ("Pa", "kg/m.s^2", 1.0),
    ("s", "s", 1.0),
    ("J", "kg.m^2/s^2", 1.0),
    ("K", "K", 1.0),
    ("S", "W/V^2", 1.0),
    ("Hz", "s^-1", 1.0),
    ("mol<18.015>", "kg", 0.018_015),
    ("V", "W.S^-1/V", 1.0),
    ("W", "J/s", 1.0),
    ("rad", "rad", 1.0),
    ("lx", "lx", 1.0),
    ("oz", "kg", 0.028_349_523_125),
    ("lb", "kg", 0.453_592_37),
    ("st", "kg", 6.350_293_18),
    ("in", "m", 0.0254),
    ("ft", "m", 0.3048),
    ("yd", "m", 0.9144),
    ("mi", "m", 1609.344),
    ("mmHg", "Pa", 133.322_387_415),
    ("cmAq", "Pa", 98.0665),
    ("atm", "Pa", 101_325.0),
    ("inHg", "Pa", 3_386.388_640_341),
    ("fl_oz_us", "m^3", 2.957_352_956_25e-5),
    ("fl_oz_imp", "m^3", 2.841_306_25e-5),
    ("pt_us", "m^3", 0.000_473_176_473),
    ("pt_imp", "m^3", 0.000_568_261_25),
    ("cup_us", "m^3", 0.000_236_588_236_5),
    ("cup_imp", "m^3", 0.000_284_130_625),
    ("min", "s", 60.0),
    ("hr", "s", 3600.0),
    ("d", "s", 86_400.0),
    ("cal", "J", 4.184),
    ("kcal", "J", 4184.0),
    ("Cal", "J", 4184.0),
    ("D", "m^-1", 1.0),
    ("deg", "rad", 0.017_453_292_519_943_295),
    ("count", "count", 1.0),
    ("%", "count", 1.0),
    ("()", "()", 1.0),
];

/// The symbols that convert to nothing else or not by a factor.
const OTHER_SYMBOLS: [&str; 7] = ["degC", "degF", "dBASPL", "IU", "dBHL", "pD", "appleEffortScore"];

const SI: [&str; 15] =
    ["g", "m", "L", "l", "Pa", "s", "J", "K", "S", "Hz", "mol<180.15588000005408>", "V", "W", "rad", "lx"];

const PREFIXES: [(&str, f64); 13] = [
    ("f", 1e-15),
    ("p", 1e-12),
    ("n", 1e-9),
    ("mc", 1e-6),
    ("m", 1e-3),
    ("c", 1e-2),
    ("d", 1e-1),
    ("da", 1e1),
    ("h", 1e2),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
];

#[test]
fn conversion_vectors() {
    for (value, from, into, expected) in [
        (1.0, "mi", "m", 1609.344),
        (98.6, "degF", "degC", 37.0),
        (0.0, "degC", "K", 273.15),
        (100.0, "mg/dL", GLUCOSE, 5.550_748_607),
        (1.0, "kcal", "J", 4184.0),
        (60.0, "count/min", "count/s", 1.0),
        (3.5, "ml/(kg*min)", "L/(kg*hr)", 0.21),
        (1.0, "kg/m.s^2", "kg.m^-1.s^-2", 1.0),
        (36.0, "km/hr", "m/s", 10.0),
        (94.0, "dBASPL", "Pa", 1.002_374_467),
        (212.0, "degF", "K", 373.15),
        (-40.0, "degC", "degF", -40.0),
        (1.0, "Pa", "dBASPL", 93.979_400_086_720_37),
        (1.0, "deg", "mrad", 17.453_292_519_943_295),
    ] {
        assert_near(convert(value, from, into), expected, &format!("{value} {from} in {into}"));
    }
}

#[test]
fn every_symbol_has_its_size() {
    for (symbol, base, size) in SYMBOLS {
        assert_size(convert(1.0, symbol, base), size, symbol);
        assert_size(convert(size, base, symbol), 1.0, symbol);
    }
    for symbol in OTHER_SYMBOLS {
        assert_eq!(unit(symbol).to_string(), symbol);
    }
}

#[test]
fn only_si_symbols_take_prefixes() {
    for (prefix, size) in PREFIXES {
        for symbol in SI {
            let prefixed = format!("{prefix}{symbol}");
            assert_size(convert(1.0, &prefixed, symbol), size, &prefixed);
        }
    }
    for symbol in OTHER_SYMBOLS.into_iter().chain(SYMBOLS.map(|(symbol, ..)| symbol)) {
        // "kcal" and "pD" are symbols of their own.
        if !SI.contains(&symbol) && !symbol.starts_with("mol<") && symbol != "cal" && symbol != "D" {
            for (prefix, _) in PREFIXES {
                let prefixed = format!("{prefix}{symbol}");
                // Milli + in is the minute.
                if prefixed != "min" {
                    assert!(prefixed.parse::<MeasureUnit>().is_err(), "{prefixed}");
                }
            }
        }
    }
}

#[test]
fn refused_texts_tell_the_place() {
    let long = "m".repeat(257);
    let deep = "(".repeat(256);
    for (text, offset) in [
        ("", 0),
        ("kg/m/s", 4),
        ("m^1.5", 4),
        ("kmin", 2),
        ("mol", 3),
        ("mmol/L", 4),
        ("mph", 1),
        ("bpm", 0),
        // White space, case and foreign letters.
        (" m", 0),
        ("m ", 1),
        ("m /s", 1),
        ("KG", 1),
        ("Min", 1),
        ("HR", 1),
        ("µg", 0),
        ("m·µs", 3),
        ("ug", 0),
        // Operators without operands.
        ("/", 0),
        ("/s", 0),
        ("1/s", 0),
        ("m/", 2),
        ("m.", 2),
        ("m·", 3),
        ("m..s", 2),
        ("m2", 1),
        // Powers.
        ("m^", 2),
        ("m^-", 3),
        ("m^+2", 2),
        ("m^x", 2),
        ("m^2^2", 3),
        ("m^128", 4),
        ("m^-99999999999999999999", 5),
        ("(m^12)^11", 7),
        ("m^100.m^100", 6),
        ("L^43", 0),
        ("Tm^11", 0),
        ("fg^10", 0),
        // Parentheses.
        ("(m", 2),
        ("m)", 1),
        ("(m/s)", 2),
        ("kg/(m/s)", 5),
        ("m.()", 3),
        ("()m", 2),
        ("(m)s", 3),
        // Moles.
        ("mol<", 4),
        ("mol<>", 4),
        ("mol<x>", 4),
        ("mol<-1>", 4),
        ("mol<.5>", 4),
        ("mol<1.>", 6),
        ("mol<1e3>", 5),
        ("mol<18", 6),
        ("mol<0>", 4),
        ("mol<0.0001>", 4),
        ("mol<1000000001>", 4),
        ("mol<18>m", 7),
        // A sound level has no linear size.
        ("dBASPL.s", 0),
        ("Pa/dBASPL", 3),
        ("dBASPL^2", 0),
        // Eight different factors.
        ("m.s.g.K.V.W.J.Pa", 14),
        (&long, 256),
        (&deep, 256),
    ] {
        let error = text.parse::<MeasureUnit>().expect_err(text);
        assert_eq!(error.offset, offset, "{error}");
        assert!(text.starts_with(&error.input) && error.input.len() <= 256, "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn an_error_is_one_sentence() {
    let error = "kg/m/s".parse::<MeasureUnit>().unwrap_err();
    assert_eq!(error.to_string(), "\"kg/m/s\" is not a unit: only one division is allowed (byte 4)");

    let error = quantity(5.0, "km").value_in(&unit("s")).unwrap_err();
    assert_eq!(error.to_string(), "a quantity in \"km\" cannot be read in \"s\"");

    let error = quantity(0.0, "Pa").value_in(&unit("dBASPL")).unwrap_err();
    assert_eq!(error.to_string(), "the number 0 in \"Pa\" has no finite value in \"dBASPL\"");
}

#[test]
fn a_long_text_is_cut_between_characters() {
    let text = format!("{}·m", "m".repeat(255));
    let error = text.parse::<MeasureUnit>().unwrap_err();
    assert_eq!((error.offset, error.input.len()), (255, 255));
}

#[test]
fn token_clashes() {
    for (text, same_as) in [
        ("min", "s"),
        ("d", "s"),
        ("ds", "s"),
        ("dL", "m^3"),
        ("dm", "m"),
        ("das", "s"),
        ("dag", "kg"),
        ("mmol<18.015>", "kg"),
        ("mmHg", "Pa"),
        ("mcg", "kg"),
        ("cmAq", "Pa"),
        ("ft", "m"),
        ("pt_us", "L"),
        ("hr", "s"),
        ("mi", "m"),
        ("dBASPL", "Pa"),
        ("deg", "rad"),
        ("degC", "K"),
        ("degF", "K"),
        ("cal", "J"),
        ("Cal", "J"),
        ("mS", "S"),
        ("ms", "s"),
    ] {
        assert!(unit(text).is_compatible(&unit(same_as)), "{text} and {same_as}");
    }
    assert_size(convert(1.0, "min", "s"), 60.0, "not milli + in");
    assert_size(convert(1.0, "d", "s"), 86_400.0, "not deci");
    assert_size(convert(1.0, "dam", "m"), 10.0, "not deci + am");
    assert_size(convert(1.0, "mcs", "s"), 1e-6, "not milli + cs");
    assert_size(convert(1.0, "Mm", "mm"), 1e9, "mega is not milli");
    assert_size(convert(1.0, "Cal", "cal"), 1000.0, "large is not small");
    assert!(!unit("pD").is_compatible(&unit("D")), "not pico + D");
    assert!(!unit("dBHL").is_compatible(&unit("dBASPL")));
}

#[test]
fn printed_texts() {
    for (made_from, printed) in [
        ("ml/(kg*min)", "mL/min·kg"),
        ("kcal/(kg*hr)", "kcal/hr·kg"),
        ("count/min", "count/min"),
        ("mg/dL", "mg/dL"),
        (GLUCOSE, "mmol<180.1558800000541>/L"),
        ("l", "L"),
        ("ml", "mL"),
        ("mcl", "mcL"),
        ("s^-1", "s^-1"),
        ("s^-1.m^-2", "s^-1·m^-2"),
        ("kg.m^-1.s^-2", "kg/s^2·m"),
        ("m.m.m/m", "m^2"),
        ("((m.s)^2)^-1.kg", "kg/s^2·m^2"),
        ("m^007", "m^7"),
        ("m^0", "()"),
        ("m/m", "()"),
        ("km/m", "km/m"),
        ("mol<18.0>", "mol<18>"),
        ("mol<0018.50>", "mol<18.5>"),
        ("degC.m/m", "degC"),
    ] {
        assert_eq!(unit(made_from).to_string(), printed, "{made_from}");
        assert_eq!(unit(printed), unit(made_from), "{made_from}");
        assert_eq!(unit(printed).as_str(), printed, "printing again");
    }
    assert_eq!(format!("{:>4}|{:?}", unit("m"), unit("m")), "   m|MeasureUnit(\"m\")");
}

#[test]
fn the_longest_units_can_be_printed_and_read_again() {
    let moles: Vec<String> = (0..7).map(|last| format!("damol<0.00123456789012345{last}>^2")).collect();
    check_any_text(&moles.join("."));
    assert!(moles.join(".").parse::<MeasureUnit>().is_ok());
    let below: Vec<String> = moles.iter().map(|mole| mole.replace('^', "^-")).collect();
    assert!(below.join(".").parse::<MeasureUnit>().is_ok());
    check_any_text(&below.join("."));
}

#[test]
fn equality_is_structural() {
    for (left, right) in [
        ("kg/m.s^2", "kg/(m.s^2)"),
        ("kg/m.s^2", "kg.m^-1.s^-2"),
        ("kg/m.s^2", "Pa"),
        ("mL/min·kg", "ml/(kg*min)"),
        ("W", "J/s"),
        ("L", "dm^3"),
        ("kcal", "Cal"),
        ("J/rad", "rad^-1.W.s"),
        ("mmol<18>", "mol<0.018>"),
        ("degC/min", "K/min"),
        ("m^2/m", "m"),
    ] {
        assert_eq!(unit(left), unit(right));
    }
    for (left, right) in [
        ("m", "km"),
        ("m", "s"),
        ("degC", "K"),
        ("degC", "degF"),
        ("dBASPL", "Pa"),
        ("mol<180.156>", "mol<180.15588000005408>"),
        ("Hz", "count/s"),
        ("count", "()"),
        ("rad", "()"),
        ("km/m", "()"),
    ] {
        assert_ne!(unit(left), unit(right));
    }
}

#[test]
fn counts_and_other_loners() {
    assert!(!unit("Hz").is_compatible(&unit("count/s")));
    assert!(!unit("count").is_compatible(&unit("()")));
    assert!(unit("count").is_compatible(&unit("%")));
    // The number in a percentage is a fraction.
    assert_eq!(convert(0.97, "%", "count"), 0.97);
    assert!(unit("count/count").is_null() && unit("()").is_null());
    assert!(!unit("count").is_null() && !unit("%").is_null() && !unit("km/m").is_null());

    let loners = ["count", "IU", "dBHL", "pD", "appleEffortScore", "rad", "()", "m", "kg", "s", "K", "lx"];
    for (index, left) in loners.iter().enumerate() {
        for right in &loners[..index] {
            assert!(!unit(left).is_compatible(&unit(right)), "{left} and {right}");
        }
    }
}

#[test]
fn temperatures_lose_their_zero_inside_compounds() {
    assert_near(convert(9.0, "degF/min", "degC/min"), 5.0, "a rate of cooling");
    assert_near(convert(1.0, "degC^-1", "K^-1"), 1.0, "a coefficient");
    assert_near(convert(20.0, "(degC)", "K"), 293.15, "alone in parentheses");
}

#[test]
fn comparing_quantities() {
    let compare = |left: (f64, &str), right: (f64, &str)| {
        let (left, right) = (quantity(left.0, left.1), quantity(right.0, right.1));
        let order = left.compare(&right);
        assert_eq!(order.clone().ok(), right.compare(&left).ok().map(Ordering::reverse));
        order.ok()
    };
    assert_eq!(compare((5.0, "km"), (3.0, "mi")), Some(Ordering::Greater));
    assert_eq!(compare((1.0, "mi"), (1609.344, "m")), Some(Ordering::Equal));
    assert_eq!(compare((0.0, "degC"), (32.0, "degF")), Some(Ordering::Equal));
    assert_eq!(compare((31.9, "degF"), (0.0, "degC")), Some(Ordering::Less));
    assert_eq!(compare((94.0, "dBASPL"), (1.0, "Pa")), Some(Ordering::Greater));
    assert_eq!(compare((0.1 + 0.2, "m"), (0.3, "m")), Some(Ordering::Greater), "exact in one unit");
    assert_eq!(compare((0.0, "m"), (-0.0, "m")), Some(Ordering::Equal));
    assert_eq!(compare((0.0, "m"), (0.0, "km")), Some(Ordering::Equal));
    assert_eq!(compare((1.0, "m"), (1.0, "s")), None);
    assert_eq!(compare((f64::NAN, "m"), (1.0, "m")), None);
    assert_eq!(compare((f64::INFINITY, "m"), (1.0, "km")), None);
}

#[test]
fn quantities_without_a_value_are_errors() {
    for (value, from, into) in [
        (f64::NAN, "m", "m"),
        (f64::INFINITY, "m", "km"),
        (f64::MAX, "Tm", "fm"),
        (-1.0, "Pa", "dBASPL"),
        (1e9, "dBASPL", "Pa"),
    ] {
        assert!(quantity(value, from).value_in(&unit(into)).is_err(), "{value} {from} in {into}");
    }
}

#[test]
fn printed_quantities() {
    for (value, text, printed) in [
        (12.5, "km", "12.5 km"),
        (0.97, "%", "97 %"),
        (0.07, "%", "7 %"),
        (69.0, "%", "6900 %"),
        (42.0, "ml/(kg*min)", "42 mL/min·kg"),
        (-3.0, "degC", "-3 degC"),
        (2.0, "()", "2"),
    ] {
        assert_eq!(quantity(value, text).to_string(), printed);
    }
    assert_eq!(format!("{:.1}", quantity(12.345, "km")), "12.3 km");
}

#[test]
fn quantities_keep_number_and_unit() {
    let distance = Quantity::new(12.5, MeasureUnit::kilometer());
    assert_eq!((distance.value(), distance.unit()), (12.5, &unit("km")));
    assert_ne!(distance, quantity(12_500.0, "m"));
    assert_eq!(distance.value_in(&MeasureUnit::meter()), Ok(12_500.0));
    // An equal unit changes nothing, not even the last bit of a temperature.
    assert_eq!(convert(36.6, "degC", "degC"), 36.6);
    // Metric conversions stay exact where the number allows it.
    assert_eq!(convert(1609.344, "m", "km"), 1.609_344);
    assert_eq!(convert(25.0, "m", "cm"), 2500.0);
}

#[test]
fn json_form() {
    let run = quantity(12.5, "ml/(kg*min)");
    let text = serde_json::to_string(&run).unwrap();
    assert_eq!(text, r#"{"value":12.5,"unit":"mL/min·kg"}"#);
    assert_eq!(serde_json::from_str::<Quantity>(&text).unwrap(), run);

    let error = serde_json::from_str::<Quantity>(r#"{"value":1,"unit":"mph"}"#).unwrap_err();
    assert!(error.to_string().contains("is not a unit"), "{error}");
    // An escape keeps the reader from borrowing the text.
    assert_eq!(serde_json::from_str::<MeasureUnit>(r#""\u006b\u0067""#).unwrap(), MeasureUnit::kilogram());
    assert!(serde_json::from_str::<MeasureUnit>("1").is_err());
}

fn symbol() -> impl Strategy<Value = String> {
    let whole: Vec<&str> = SYMBOLS
        .iter()
        .map(|(symbol, ..)| *symbol)
        .filter(|symbol| *symbol != "()")
        .chain(OTHER_SYMBOLS)
        .collect();
    let prefixes: Vec<&str> = PREFIXES.iter().map(|(prefix, _)| *prefix).collect();
    prop_oneof![
        3 => proptest::sample::select(whole).prop_map(str::to_owned),
        3 => (proptest::sample::select(prefixes), proptest::sample::select(SI.to_vec()))
            .prop_map(|(prefix, symbol)| format!("{prefix}{symbol}")),
        1 => "(mc|k)?mol<[0-9]{1,9}\\.[0-9]{1,17}>",
    ]
}

/// Texts that follow the grammar; most of them name a unit.
fn unit_text() -> impl Strategy<Value = String> {
    let factor = (symbol(), prop_oneof![3 => Just(None), 2 => (-4_i32..5).prop_map(Some)]);
    let factor = factor.prop_map(|(symbol, power)| match power {
        Some(power) => format!("{symbol}^{power}"),
        None => symbol,
    });
    let product = factor.prop_recursive(3, 8, 3, |inner| {
        (proptest::collection::vec(inner, 1..4), "[.*·]", -2_i32..4).prop_map(|(parts, times, power)| {
            let product = parts.join(&times);
            if power == 1 { format!("({product})") } else { format!("({product})^{power}") }
        })
    });
    (product.clone(), proptest::option::of(product)).prop_map(|(above, below)| match below {
        Some(below) => format!("{above}/{below}"),
        None => above,
    })
}

fn check_any_text(text: &str) {
    match text.parse::<MeasureUnit>() {
        Ok(parsed) => {
            let printed = parsed.to_string();
            let again: MeasureUnit = printed.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(again, parsed, "{text}");
            assert_eq!(again.to_string(), printed, "{text}");
            assert!(again.is_compatible(&parsed));
            let value = Quantity::new(1.0, parsed.clone()).value_in(&again);
            assert_eq!(value, Ok(1.0), "{text}");
        }
        Err(error) => {
            let offset = error.offset as usize;
            assert!(text.is_char_boundary(offset), "{error}");
            assert!(text.starts_with(&error.input), "{error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_unit_or_an_error(text in any::<String>()) {
        check_any_text(&text);
    }

    #[test]
    fn any_text_of_unit_letters_is_a_unit_or_an_error(text in "[a-zA-Z0-9_%./*·^()<>+ -]{0,300}") {
        check_any_text(&text);
    }

    #[test]
    fn any_text_that_follows_the_grammar_prints_and_parses(text in unit_text()) {
        check_any_text(&text);
    }

    #[test]
    fn a_character_too_many_or_too_few_is_handled(
        text in unit_text(), place in any::<proptest::sample::Index>(), extra in "[./*·^()<>1m-]?",
    ) {
        let mut letters: Vec<char> = text.chars().collect();
        let place = place.index(letters.len());
        letters.splice(place..=place, extra.chars());
        check_any_text(&letters.into_iter().collect::<String>());
    }

    #[test]
    fn converting_there_and_back_changes_nothing(
        value in -1e12_f64..1e12,
        symbol in proptest::sample::select(SI.to_vec()),
        prefixes in proptest::array::uniform2(proptest::sample::select(PREFIXES.to_vec())),
        power in prop_oneof![-2_i32..0, 1_i32..3],
    ) {
        let [left, right] = prefixes.map(|(prefix, _)| unit(&format!("count.{prefix}{symbol}^{power}/IU")));
        let there = Quantity::new(value, left.clone()).value_in(&right)?;
        let expected = value * (prefixes[0].1 / prefixes[1].1).powi(power);
        prop_assert!((there - expected).abs() <= 1e-12 * expected.abs());
        let there = Quantity::new(there, right);
        let back = there.value_in(&left)?;
        prop_assert!((back - value).abs() <= 1e-12 * value.abs());
        prop_assert_eq!(there.compare(&Quantity::new(value, left)), Ok(Ordering::Equal));
    }
}
