//! The summary of a workout for a person, beside what the device stated.

use crate::mapping;
use crate::replay::{ACTIVE_LENGTH, STROKE_COUNT};
use crate::report::{DeviceReport, SkippedEntry};
use crate::saved::{self, Numbers};
use crate::text::format::{self, NOTHING};
use crate::text::style::{Style, Tone, wrap};
use crate::text::table::Table;
use crate::view::View;
use paceline::{MetadataValue, QuantityType, Statistics, WorkoutEventType};
use std::fmt::Write as _;

/// The columns of legs and laps; the last two are heart rates.
const PART: [&str; 7] = ["", "Start", "Time", "Distance", "Pace", "Average", "Highest"];
/// How many things left out are told one by one.
const SKIPPED_SHOWN: usize = 8;

/// The summary of a saved workout. `devices` has what the file states about each of its legs, or about the whole; it is
/// empty for a workout of which nothing but the store is known.
pub(crate) fn workout(view: &View, devices: &[&DeviceReport], style: Style) -> String {
    let mut text = title(view, style);
    text.push('\n');
    text.push_str(&totals(view, devices).render(style));
    text.push('\n');
    text.push_str(&further(view).render(style));
    for (name, table) in [("Legs", legs(view)), ("Laps", laps(view))] {
        if let Some(table) = table {
            let _ = writeln!(text, "\n{}", style.paint(name, Tone::Title));
            text.push_str(&table.render(style));
        }
    }
    text
}

fn title(view: &View, style: Style) -> String {
    let parts = [
        mapping::title(view.numbers.activity),
        format::date(view.workout.start),
        format::time(view.numbers.timer.as_secs_f64()),
    ];
    let whole = parts.join(" · ");
    let lines = if console::measure_text_width(&whole) <= style.width { vec![whole] } else { parts.into() };
    let painted: Vec<String> = lines.iter().map(|line| style.paint(line, Tone::Title)).collect();
    painted.join("\n") + "\n"
}

/// The numbers of the workout, beside those of the device where it stated any; for legs, each beside its own.
fn totals(view: &View, devices: &[&DeviceReport]) -> Table {
    if !devices.iter().any(|device| device.states_totals()) {
        let mut table = Table::new(["", ""]).left(1);
        for [name, value, _, _] in compared(&view.numbers, None) {
            table.row([name, value]);
        }
        return table;
    }
    let mut table = Table::new(["", "Paceline", "Device", "Difference"]).spare(&[3]);
    if let [device] = devices {
        for row in compared(&view.numbers, Some(device)) {
            table.row(row);
        }
        return table;
    }
    let legs =
        view.legs.iter().zip(devices).map(|(leg, device)| (mapping::title(leg.activity), leg, Some(*device)));
    for (name, numbers, device) in legs.chain([("Together".to_owned(), &view.numbers, None)]) {
        table.section(name);
        for [name, ours, theirs, difference] in compared(numbers, device) {
            table.row([format!("  {name}"), ours, theirs, difference]);
        }
    }
    table
}

/// Name, number of the engine, number of the device, how to write them, unit of the difference.
type Compared<'a> = (&'a str, Option<f64>, Option<f64>, &'a dyn Fn(f64) -> String, &'a str);

/// Name, number of the engine, number of the device, difference. What neither knows is left out.
fn compared(numbers: &Numbers, device: Option<&DeviceReport>) -> Vec<[String; 4]> {
    let time = |seconds: f64| format::time(seconds);
    let metres = |metres: f64| format::distance(metres, numbers.activity);
    let stated = |pick: fn(&DeviceReport) -> Option<f64>| device.and_then(pick);
    let rows: [Compared<'_>; 5] = [
        ("Elapsed", Some(numbers.elapsed.as_secs_f64()), stated(|d| d.elapsed_s), &time, "s"),
        ("Timer", Some(numbers.timer.as_secs_f64()), stated(|d| d.timer_s), &time, "s"),
        ("Distance", numbers.distance, stated(|d| d.distance_m), &metres, "m"),
        ("Average heart rate", numbers.heart_rate_average, stated(|d| d.hr_avg), &format::heart_rate, "bpm"),
        ("Highest heart rate", numbers.heart_rate_maximum, stated(|d| d.hr_max), &format::heart_rate, "bpm"),
    ];
    let known = rows.into_iter().filter(|(_, ours, theirs, _, _)| ours.is_some() || theirs.is_some());
    known
        .map(|(name, ours, theirs, write, unit)| {
            let text = |number: Option<f64>| number.map_or_else(|| NOTHING.to_owned(), write);
            let difference = ours.zip(theirs).map(|(ours, theirs)| difference(ours, theirs, unit));
            let theirs = if device.is_some() { text(theirs) } else { String::new() };
            [name.to_owned(), text(ours), theirs, difference.unwrap_or_default()]
        })
        .collect()
}

fn difference(ours: f64, theirs: f64, unit: &str) -> String {
    let decimals = usize::from(unit != "m" || theirs < 1000.0);
    let text = format::signed(ours - theirs, decimals, unit);
    let part = (ours - theirs) / theirs * 100.0;
    // Small parts say nothing that the number itself does not.
    if part.is_finite() && part.abs() >= 0.5 && text != "same" {
        format!("{text} ({part:+.1} %)")
    } else {
        text
    }
}

/// What else is known: pace, motion, energy, power, speed, cadence, counts.
fn further(view: &View) -> Table {
    use QuantityType as Q;
    let Numbers { activity, distance, timer, .. } = view.numbers;
    let of = |kinds: &[QuantityType]| -> Option<&Statistics> {
        kinds.iter().find_map(|kind| saved::find(&view.workout.statistics, *kind))
    };
    let mut rows = Vec::new();
    let pace = distance.and_then(|metres| format::pace(metres, timer.as_secs_f64(), activity));
    rows.extend(pace.filter(|_| view.legs.is_empty()).map(|pace| {
        let name = if format::pace_name(activity) == "Pace" { "Average pace" } else { "Average speed" };
        (name, pace)
    }));
    rows.extend(view.moving.map(|moving| ("In motion", format::time(moving.as_secs_f64()))));
    let energy = of(&[Q::ActiveEnergyBurned]).and_then(|one| one.sum);
    rows.extend(energy.map(|energy| ("Energy", format!("{energy:.0} kcal"))));
    let both = |one: &Statistics, scale: f64, decimals: usize, unit: &str| {
        let (average, maximum) = (one.average? * scale, one.maximum? * scale);
        Some(format!("{average:.decimals$}, at most {maximum:.decimals$} {unit}"))
    };
    let discrete = [
        ("Power", &[Q::RunningPower, Q::CyclingPower][..], 1.0, 0, "W"),
        (
            "Measured speed",
            &[
                Q::RunningSpeed,
                Q::CyclingSpeed,
                Q::RowingSpeed,
                Q::PaddleSportsSpeed,
                Q::CrossCountrySkiingSpeed,
            ][..],
            3.6,
            1,
            "km/h",
        ),
        ("Cadence", &[Q::CyclingCadence][..], 1.0, 0, "/min"),
    ];
    // The average over different sports says nothing.
    for (name, kinds, scale, decimals, unit) in discrete.into_iter().filter(|_| view.legs.is_empty()) {
        let text = of(kinds).and_then(|one| both(one, scale, decimals, unit));
        rows.extend(text.map(|text| (name, text)));
    }
    for (name, kind) in [("Steps", Q::StepCount), ("Strokes", Q::SwimmingStrokeCount)] {
        let sum = of(&[kind]).and_then(|one| one.sum);
        rows.extend(sum.map(|sum| (name, format::count(sum.max(0.0).round() as u64))));
    }
    rows.extend(lengths(view).map(|lengths| ("Lengths", lengths)));
    let pauses =
        view.workout.events.iter().filter(|event| event.event_type == WorkoutEventType::Pause).count();
    rows.extend((pauses > 0).then(|| ("Pauses", format::count(pauses as u64))));
    let mut table = Table::new(["", ""]).left(1);
    for (name, value) in rows {
        table.row([name.to_owned(), value]);
    }
    table
}

/// The lengths of a pool swim that were swum.
fn lengths(view: &View) -> Option<String> {
    let number = |event: &paceline::WorkoutEvent, key: &str| match event.metadata.get(key) {
        Some(MetadataValue::Number(number)) => Some(*number),
        _ => None,
    };
    let swum: Vec<_> =
        view.workout.events.iter().filter(|event| number(event, ACTIVE_LENGTH) == Some(1.0)).collect();
    if swum.is_empty() {
        return None;
    }
    let strokes: f64 = swum.iter().filter_map(|event| number(event, STROKE_COUNT)).sum();
    let each = strokes / swum.len() as f64;
    Some(if strokes > 0.0 { format!("{} of {each:.1} strokes", swum.len()) } else { swum.len().to_string() })
}

fn legs(view: &View) -> Option<Table> {
    if view.legs.is_empty() {
        return None;
    }
    let mut table = Table::new(PART).spare(&[6, 1, 5, 4]);
    for leg in &view.legs {
        let name = mapping::title(leg.activity);
        table.row(part(name, leg, view));
    }
    Some(table.without_empty_columns(NOTHING))
}

fn laps(view: &View) -> Option<Table> {
    if view.laps.is_empty() {
        return None;
    }
    let mut table = Table::new(PART).spare(&[6, 1, 5, 4]);
    for (place, lap) in view.laps.iter().enumerate() {
        // In a multi-sport workout a lap is one of the leg in which it begins.
        let whole = view.legs.iter().rev().find(|leg| leg.start <= lap.start).unwrap_or(&view.numbers);
        let heart_rate = saved::find(&lap.statistics, QuantityType::HeartRate);
        let numbers = Numbers {
            activity: whole.activity,
            start: lap.start,
            elapsed: lap.end.since(lap.start),
            timer: lap.duration,
            distance: saved::lap_distance(lap, whole),
            heart_rate_average: heart_rate.and_then(|one| one.average),
            heart_rate_maximum: heart_rate.and_then(|one| one.maximum),
        };
        table.row(part((place + 1).to_string(), &numbers, view));
    }
    Some(table.without_empty_columns(NOTHING))
}

fn part(name: String, numbers: &Numbers, view: &View) -> [String; 7] {
    let text = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
    let seconds = numbers.timer.as_secs_f64();
    [
        name,
        format::time(numbers.start.since(view.workout.start).as_secs_f64()),
        format::time(seconds),
        text(numbers.distance.map(|metres| format::distance(metres, numbers.activity))),
        text(numbers.distance.and_then(|metres| format::pace(metres, seconds, numbers.activity))),
        text(numbers.heart_rate_average.map(|rate| format!("{rate:.0} bpm"))),
        text(numbers.heart_rate_maximum.map(|rate| format!("{rate:.0} bpm"))),
    ]
}

/// What was left out of a recording; empty when that is nothing.
pub(crate) fn skipped(entries: &[SkippedEntry], style: Style) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", style.paint("Left out, and worth knowing", Tone::Title));
    for entry in entries.iter().take(SKIPPED_SHOWN) {
        let place = match (entry.byte, entry.line) {
            (Some(byte), _) => format!("byte {byte}: "),
            (None, Some(line)) => format!("line {line}: "),
            (None, None) => String::new(),
        };
        for (number, line) in
            wrap(&format!("{place}{}", entry.what), style.width.saturating_sub(2)).into_iter().enumerate()
        {
            text.push_str(if number == 0 { "• " } else { "  " });
            text.push_str(&line);
            text.push('\n');
        }
    }
    if let Some(more @ 1..) = entries.len().checked_sub(SKIPPED_SHOWN) {
        let _ = writeln!(text, "• and {more} more; --json tells them all");
    }
    text
}
