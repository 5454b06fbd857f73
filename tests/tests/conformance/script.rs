//! Reading a scenario: lines, words, arguments.

use paceline::{
    MeasureUnit, Metadata, MetadataValue, Quantity, QuantityType, Timestamp, WorkoutActivityType,
    WorkoutConfiguration, WorkoutEvent, WorkoutEventType, WorkoutSessionLocationType,
    WorkoutSwimmingLocationType,
};
use std::time::Duration;

/// When every simulation begins.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// What is wrong with a file.
pub(crate) struct Fault {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) sentence: String,
}

/// What is wrong with a step.
pub(crate) type Wrong = String;

pub(crate) enum Line<'a> {
    /// Empty, or a comment: written as it is.
    Kept,
    /// What happened, once.
    Outcome,
    Step(Vec<&'a str>),
}

/// What kind of line this is.
pub(crate) fn line(text: &str) -> Result<Line<'_>, Wrong> {
    if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err("a file is made of ASCII letters, without tabs".to_owned());
    }
    if text.ends_with(' ') {
        return Err("a line does not end with a space".to_owned());
    }
    if text.is_empty() || text.starts_with('#') {
        return Ok(Line::Kept);
    }
    if text.starts_with("    ") {
        return Ok(Line::Outcome);
    }
    let words: Vec<_> = text.split(' ').collect();
    if words.contains(&"") {
        return Err("words are separated by single spaces".to_owned());
    }
    Ok(Line::Step(words))
}

/// The arguments of a step, taken one by one.
pub(crate) struct Arguments<'a> {
    positions: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
    options: Vec<(&'a str, &'a str)>,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(words: &[&'a str]) -> Self {
        let positions: Vec<_> = words.iter().copied().filter(|word| !word.contains('=')).collect();
        let options = words.iter().filter_map(|word| word.split_once('=')).collect();
        Self { positions: positions.into_iter().peekable(), options }
    }

    /// The next position; `what` says what should stand there, with its article.
    pub(crate) fn next(&mut self, what: &str) -> Result<&'a str, Wrong> {
        self.positions.next().ok_or_else(|| format!("{what} is missing"))
    }

    /// Whether there is another position.
    pub(crate) fn has_more(&mut self) -> bool {
        self.positions.peek().is_some()
    }

    /// Takes this word if it comes next.
    pub(crate) fn takes(&mut self, word: &str) -> bool {
        self.positions.next_if(|next| *next == word).is_some()
    }

    pub(crate) fn option(&mut self, name: &str) -> Option<&'a str> {
        let place = self.options.iter().position(|(key, _)| *key == name)?;
        Some(self.options.remove(place).1)
    }

    /// All options that were not taken, as metadata.
    pub(crate) fn entries(&mut self) -> Result<Metadata, Wrong> {
        self.options.drain(..).map(|(key, value)| Ok((key.to_owned(), entry(value)?))).collect()
    }

    /// Everything must have been taken.
    pub(crate) fn end(mut self) -> Result<(), Wrong> {
        let rest = self.positions.next().or(self.options.first().map(|(key, _)| *key));
        rest.map_or(Ok(()), |word| Err(format!("nothing is to be done with \"{word}\"")))
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, Wrong> {
        time(self.next("a time")?)
    }

    pub(crate) fn optional_time(&mut self) -> Result<Option<Timestamp>, Wrong> {
        self.positions.next().map(time).transpose()
    }

    pub(crate) fn time_option(&mut self, name: &str) -> Result<Option<Timestamp>, Wrong> {
        self.option(name).map(time).transpose()
    }

    /// FROM [TO], which may be followed by `and`.
    pub(crate) fn interval(&mut self) -> Result<(Timestamp, Timestamp), Wrong> {
        let from = self.time()?;
        let to = match self.positions.next_if(|next| *next != "and") {
            Some(to) => time(to)?,
            None => from,
        };
        Ok((from, to))
    }

    pub(crate) fn number(&mut self) -> Result<f64, Wrong> {
        number(self.next("a number")?)
    }

    pub(crate) fn whole_number<N: std::str::FromStr>(&mut self, what: &str) -> Result<N, Wrong> {
        let word = self.next(what)?;
        word.parse().map_err(|_| format!("\"{word}\" is no whole number"))
    }

    pub(crate) fn activity(&mut self) -> Result<WorkoutActivityType, Wrong> {
        activity(self.next("an activity type")?)
    }

    pub(crate) fn location(&mut self) -> Result<WorkoutSessionLocationType, Wrong> {
        let word = self.next("a location")?;
        named(WorkoutSessionLocationType::ALL, |location| location.name(), word, "location")
    }

    pub(crate) fn configuration(&mut self) -> Result<WorkoutConfiguration, Wrong> {
        let mut configuration = WorkoutConfiguration::new(self.activity()?).at(self.location()?);
        if let Some(word) = self.option("water") {
            configuration.swimming_location_type =
                named(WorkoutSwimmingLocationType::ALL, |water| water.name(), word, "water")?;
        }
        if let Some(word) = self.option("lap") {
            let meters =
                word.strip_suffix('m').ok_or_else(|| format!("\"{word}\" is no length; write 25m"))?;
            configuration.lap_length = Some(Quantity::new(number(meters)?, MeasureUnit::meter()));
        }
        Ok(configuration)
    }

    pub(crate) fn quantity_type(&mut self) -> Result<QuantityType, Wrong> {
        quantity_type(self.next("a quantity type")?)
    }

    pub(crate) fn event(&mut self) -> Result<WorkoutEvent, Wrong> {
        let word = self.next("an event type")?;
        let kind = named(WorkoutEventType::ALL, |kind| kind.name(), word, "event type")?;
        let (start, end) = self.interval()?;
        Ok(WorkoutEvent::over(kind, start, end))
    }
}

/// The value of a table that has this name.
pub(crate) fn named<T: Copy>(
    all: &[T],
    name: impl Fn(&T) -> &'static str,
    word: &str,
    what: &str,
) -> Result<T, Wrong> {
    all.iter().find(|one| name(one) == word).copied().ok_or_else(|| format!("\"{word}\" is no {what}"))
}

pub(crate) fn activity(word: &str) -> Result<WorkoutActivityType, Wrong> {
    named(WorkoutActivityType::ALL, |kind| kind.name(), word, "activity type")
}

pub(crate) fn quantity_type(word: &str) -> Result<QuantityType, Wrong> {
    QuantityType::from_name(word).ok_or_else(|| format!("\"{word}\" is no quantity type"))
}

pub(crate) fn time(word: &str) -> Result<Timestamp, Wrong> {
    let wrong = || format!("\"{word}\" is no time; write 60s or 1500ms");
    let (digits, sign) = word.strip_prefix('-').map_or((word, false), |digits| (digits, true));
    let (digits, unit) = match digits.strip_suffix("ms") {
        Some(digits) => (digits, Duration::from_millis(1)),
        None => (digits.strip_suffix('s').ok_or_else(wrong)?, Duration::from_secs(1)),
    };
    let span = unit * digits.parse::<u32>().map_err(|_| wrong())?;
    Ok(if sign { START.minus(span) } else { START.plus(span) })
}

pub(crate) fn number(word: &str) -> Result<f64, Wrong> {
    match word {
        "nan" => Ok(f64::NAN),
        "inf" => Ok(f64::INFINITY),
        _ if word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) => {
            word.parse().map_err(|_| format!("\"{word}\" is no number"))
        }
        _ => Err(format!("\"{word}\" is no number")),
    }
}

fn entry(word: &str) -> Result<MetadataValue, Wrong> {
    let wrong = || format!("\"{word}\" is no metadata value; write KIND:VALUE");
    let (kind, value) = word.split_once(':').ok_or_else(wrong)?;
    Ok(match kind {
        "text" => MetadataValue::Text(value.to_owned()),
        "number" => MetadataValue::Number(number(value)?),
        "date" => MetadataValue::Date(time(value)?),
        "quantity" => {
            let (value, unit) = value.split_once(':').ok_or_else(wrong)?;
            let unit = unit.parse().map_err(|_| format!("\"{unit}\" is no unit"))?;
            MetadataValue::Quantity(Quantity::new(number(value)?, unit))
        }
        _ => return Err(wrong()),
    })
}

/// Whether a word can name something.
pub(crate) fn check_name(word: &str) -> Result<(), Wrong> {
    const WORLD: [&str; 6] = ["device", "at", "session", "orphan", "legacy", "recover"];
    let good = word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !WORLD.contains(&word);
    if good { Ok(()) } else { Err(format!("\"{word}\" is no name")) }
}
