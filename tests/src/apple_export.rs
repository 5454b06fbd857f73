//! Reads workouts out of exports of the Health app: whole exports, and workouts cut out of one.
//!
//! Only what the tests play is read. Routes, metadata and averages are passed over, and so are all records but heart rates.

use paceline::{MeasureUnit, Quantity, QuantityType, Timestamp, WorkoutActivityType, WorkoutEventType};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Xml};
use std::time::Duration;

/// What an export holds.
#[derive(Debug, Default)]
pub struct Export {
    /// The workouts, in the order of the file.
    pub workouts: Vec<Workout>,
    /// The heart rates outside of workouts, in the order of the file.
    pub heart_rates: Vec<(Timestamp, f64)>,
    /// What has no counterpart in the engine.
    pub left_out: Vec<String>,
}

/// A workout.
#[derive(Debug)]
pub struct Workout {
    /// Its type.
    pub activity_type: WorkoutActivityType,
    /// When it began; whole seconds.
    pub start: Timestamp,
    /// When it ended; whole seconds.
    pub end: Timestamp,
    /// Its time without pauses.
    pub duration: Duration,
    /// What happened, in the order of the file.
    pub events: Vec<Event>,
    /// Its parts, in the order of the file.
    pub parts: Vec<Part>,
    /// Its amounts.
    pub sums: Vec<Sum>,
}

/// A part of a workout.
#[derive(Debug)]
pub struct Part {
    /// When it began; whole seconds.
    pub start: Timestamp,
    /// When it ended; whole seconds.
    pub end: Timestamp,
    /// Its time without pauses.
    pub duration: Duration,
    /// Its amounts.
    pub sums: Vec<Sum>,
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// What.
    pub kind: WorkoutEventType,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
}

/// An amount, in the stored unit of its type.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    /// Of what.
    pub kind: QuantityType,
    /// How much.
    pub value: f64,
}

impl Export {
    /// Reads an export.
    ///
    /// # Errors
    /// What is wrong, and at which byte.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut export = Self::default();
        let mut part_is_open = false;
        loop {
            let event = reader.read_event().map_err(|error| error.to_string());
            let read = event.and_then(|event| match event {
                Xml::Eof => Ok(false),
                Xml::Start(element) => export.element(&element, &mut part_is_open).map(|()| true),
                Xml::End(element) => {
                    part_is_open &= element.local_name().as_ref() != "WorkoutActivity";
                    Ok(true)
                }
                _ => Ok(true),
            });
            match read {
                Ok(true) => {}
                Ok(false) => return Ok(export),
                Err(error) => return Err(format!("byte {}: {error}", reader.buffer_position())),
            }
        }
    }

    fn element(&mut self, element: &BytesStart<'_>, part_is_open: &mut bool) -> Result<(), String> {
        match element.local_name().as_ref() {
            "Workout" => self.workouts.push(workout(element)?),
            "WorkoutActivity" => {
                *part_is_open = true;
                let part = Part {
                    start: date(element, "startDate")?,
                    end: date(element, "endDate")?,
                    duration: duration(element)?,
                    sums: Vec::new(),
                };
                self.workout()?.parts.push(part);
            }
            // A part repeats the events of its workout.
            "WorkoutEvent" if !*part_is_open => {
                let start = date(element, "date")?;
                let kind = name(element, "type", "HKWorkoutEventType")?;
                let kind = WorkoutEventType::ALL.iter().find(|other| other.name() == kind);
                let kind = *kind.ok_or("an event of a type that is not known")?;
                let end = start.plus(duration(element)?);
                self.workout()?.events.push(Event { kind, start, end });
            }
            "WorkoutStatistics" if attribute(element, "sum").is_some() => {
                let sum = sum(element, ("type", "sum", "unit"));
                self.add_sum(sum, *part_is_open)?;
            }
            "Record" if attribute(element, "type").is_some_and(|kind| kind.ends_with("HeartRate")) => {
                let rate = sum(element, ("type", "value", "unit"))?;
                self.heart_rates.push((date(element, "startDate")?, rate.value));
            }
            _ => {}
        }
        Ok(())
    }

    fn add_sum(&mut self, sum: Result<Sum, String>, of_part: bool) -> Result<(), String> {
        let sum = match sum {
            Ok(sum) => sum,
            Err(why) => {
                self.left_out.push(why);
                return Ok(());
            }
        };
        let workout = self.workout()?;
        match workout.parts.last_mut() {
            Some(part) if of_part => part.sums.push(sum),
            _ => {
                // Statistics say it with more digits than the older attributes.
                workout.sums.retain(|other| other.kind != sum.kind);
                workout.sums.push(sum);
            }
        }
        Ok(())
    }

    fn workout(&mut self) -> Result<&mut Workout, String> {
        self.workouts.last_mut().ok_or_else(|| "a part of a workout stands outside of one".to_owned())
    }
}

fn workout(element: &BytesStart<'_>) -> Result<Workout, String> {
    let kind = name(element, "workoutActivityType", "HKWorkoutActivityType")?;
    let kind = WorkoutActivityType::ALL.iter().find(|other| other.name() == kind);
    let activity_type = *kind.ok_or("a workout of a type that is not known")?;
    let mut sums = Vec::new();
    for (kind, value, unit) in [
        (paceline_cli::mapping::distance_type(activity_type), "totalDistance", "totalDistanceUnit"),
        (QuantityType::ActiveEnergyBurned, "totalEnergyBurned", "totalEnergyBurnedUnit"),
    ] {
        if attribute(element, value).is_some() {
            sums.push(Sum { kind, value: amount(element, kind, value, unit)? });
        }
    }
    Ok(Workout {
        activity_type,
        start: date(element, "startDate")?,
        end: date(element, "endDate")?,
        duration: duration(element)?,
        events: Vec::new(),
        parts: Vec::new(),
        sums,
    })
}

/// An amount whose type, value and unit stand in these attributes.
fn sum(element: &BytesStart<'_>, (kind, value, unit): (&str, &str, &str)) -> Result<Sum, String> {
    let kind = name(element, kind, "HKQuantityTypeIdentifier")?;
    let kind = QuantityType::from_name(&kind).ok_or_else(|| format!("the engine does not know {kind}"))?;
    Ok(Sum { kind, value: amount(element, kind, value, unit)? })
}

fn amount(element: &BytesStart<'_>, kind: QuantityType, value: &str, unit: &str) -> Result<f64, String> {
    let unit: MeasureUnit = required(element, unit)?.parse().map_err(|error| format!("{error}"))?;
    let amount = Quantity::new(number(element, value)?, unit);
    amount.value_in(kind.stored_unit()).map_err(|error| error.to_string())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok().flatten()?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

fn required(element: &BytesStart<'_>, name: &str) -> Result<String, String> {
    attribute(element, name).ok_or_else(|| format!("the attribute {name} is missing"))
}

fn number(element: &BytesStart<'_>, name: &str) -> Result<f64, String> {
    required(element, name)?.parse().map_err(|error| format!("{name}: {error}"))
}

/// A name without what stands before all names of its kind, and with a small first letter as the engine has it.
fn name(element: &BytesStart<'_>, attribute: &str, prefix: &str) -> Result<String, String> {
    let name = required(element, attribute)?;
    let name = name.strip_prefix(prefix).ok_or_else(|| format!("{name} does not begin with {prefix}"))?;
    let first = name.chars().next().map(|letter| letter.to_ascii_lowercase());
    Ok(first.into_iter().chain(name.chars().skip(1)).collect())
}

fn date(element: &BytesStart<'_>, name: &str) -> Result<Timestamp, String> {
    let text = required(element, name)?;
    let date = jiff::Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", &text).map_err(|error| error.to_string())?;
    Ok(Timestamp::from_micros(date.as_microsecond()))
}

/// A duration, in minutes unless the export says otherwise; zero when it states none.
fn duration(element: &BytesStart<'_>) -> Result<Duration, String> {
    if attribute(element, "duration").is_none() {
        return Ok(Duration::ZERO);
    }
    let unit = attribute(element, "durationUnit").unwrap_or_else(|| "min".to_owned());
    let unit: MeasureUnit = unit.parse().map_err(|error| format!("{error}"))?;
    let duration = Quantity::new(number(element, "duration")?, unit);
    let seconds = duration.value_in(&MeasureUnit::second()).map_err(|error| error.to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
