//! Numbers as a person reads them.

use paceline::{Timestamp, WorkoutActivityType};

/// What stands where nothing is known.
pub(crate) const NOTHING: &str = "–";

/// A time as `1:02:03` or `2:03`, rounded to seconds.
pub(crate) fn time(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A distance in metres, or in kilometres from one kilometre on. A swim is measured in metres.
pub(crate) fn distance(metres: f64, activity: WorkoutActivityType) -> String {
    if metres < 999.5 || is_swim(activity) {
        format!("{metres:.0} m")
    } else {
        format!("{:.2} km", metres / 1000.0)
    }
}

/// A rate of beats, such as `151.2 bpm`; a whole number has no decimals.
pub(crate) fn heart_rate(rate: f64) -> String {
    let decimals = usize::from(rate.fract().abs() > 0.05);
    format!("{rate:.decimals$} bpm")
}

/// How fast somebody was, in the way that is usual for the sport: time for a kilometre on foot, time for 100 metres in
/// the water, kilometres an hour for the rest.
pub(crate) fn pace(metres: f64, seconds: f64, activity: WorkoutActivityType) -> Option<String> {
    use WorkoutActivityType as A;
    if metres < 1.0 || seconds <= 0.0 {
        return None;
    }
    let (per, unit) = match activity {
        _ if is_swim(activity) => (100.0, "/100 m"),
        A::Rowing => (500.0, "/500 m"),
        A::Running | A::Walking | A::Hiking | A::Transition | A::TrackAndField => (1000.0, "/km"),
        _ => return Some(format!("{:.1} km/h", metres / seconds * 3.6)),
    };
    let pace = seconds * per / metres;
    // Slower than a crawl is no pace.
    (pace < 5_940.0).then(|| format!("{} {unit}", time(pace)))
}

/// What the pace of a sport is called.
pub(crate) fn pace_name(activity: WorkoutActivityType) -> &'static str {
    use WorkoutActivityType as A;
    match activity {
        _ if is_swim(activity) => "Pace",
        A::Running | A::Walking | A::Hiking | A::Transition | A::TrackAndField | A::Rowing => "Pace",
        _ => "Speed",
    }
}

fn is_swim(activity: WorkoutActivityType) -> bool {
    activity == WorkoutActivityType::Swimming
}

/// A number with this many decimals and its sign; `same` when it rounds to nothing.
pub(crate) fn signed(number: f64, decimals: usize, unit: &str) -> String {
    let half = 0.5 / 10_f64.powi(decimals as i32);
    if number.abs() < half {
        return "same".to_owned();
    }
    format!("{number:+.decimals$} {unit}")
}

/// A whole number with a thin gap between thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A date in UTC, such as `Sun 2016-03-13 12:46 UTC`.
pub(crate) fn date(date: Timestamp) -> String {
    match jiff::Timestamp::from_microsecond(date.micros()) {
        Ok(date) => date.strftime("%a %Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => date.to_string(),
    }
}

/// The same for a narrow column, such as `2016-03-13 12:46`.
pub(crate) fn short_date(date: Timestamp) -> String {
    match jiff::Timestamp::from_microsecond(date.micros()) {
        Ok(date) => date.strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => date.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        use WorkoutActivityType::{Cycling, Running, Swimming};
        assert_eq!([time(0.4), time(59.6), time(3661.0)], ["0:00", "1:00", "1:01:01"]);
        assert_eq!([distance(999.4, Running), distance(10_004.0, Running)], ["999 m", "10.00 km"]);
        assert_eq!(distance(1500.0, Swimming), "1500 m");
        assert_eq!([heart_rate(151.24), heart_rate(151.0)], ["151.2 bpm", "151 bpm"]);
        assert_eq!(pace(1000.0, 300.0, Running).as_deref(), Some("5:00 /km"));
        assert_eq!(pace(100.0, 125.0, Swimming).as_deref(), Some("2:05 /100 m"));
        assert_eq!(pace(1000.0, 120.0, Cycling).as_deref(), Some("30.0 km/h"));
        assert_eq!(pace(0.0, 120.0, Cycling), None);
        assert_eq!([signed(0.04, 1, "s"), signed(-0.05, 1, "s")], ["same", "-0.1 s"]);
        assert_eq!([count(7), count(1234), count(1_234_567)], ["7", "1 234", "1 234 567"]);
        assert_eq!(date(Timestamp::EPOCH), "Thu 1970-01-01 00:00 UTC");
    }
}
