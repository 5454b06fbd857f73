//! How fast recorded time passes.

use paceline::{Clock as _, ManualClock, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// The longest real time between two moves of the clock, so that a screen moves smoothly.
const FRAME: Duration = Duration::from_millis(50);

/// How fast a recording is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Speed {
    /// As fast as the engine takes it in: time jumps from event to event.
    #[default]
    Max,
    /// So many times as fast as it was recorded; positive and finite.
    Times(f64),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("max") {
            return Ok(Self::Max);
        }
        match text.parse::<f64>() {
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => Err("give a number above 0, such as 1, 60 or 0.5, or max".to_owned()),
        }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Max => f.write_str("max"),
            Self::Times(times) => times.fmt(f),
        }
    }
}

impl Serialize for Speed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Speed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Moves a clock along a recording.
pub(super) struct Pace<'a> {
    clock: &'a ManualClock,
    speed: Speed,
    /// Real time and recorded time when it began to move.
    began: (Instant, Timestamp),
}

impl<'a> Pace<'a> {
    /// Moves this clock on from where it stands.
    pub(super) fn new(clock: &'a ManualClock, speed: Speed) -> Self {
        Self { clock, speed, began: (Instant::now(), clock.now()) }
    }

    /// Lets time pass until a date, calling `moved` after every move on the way and at the end.
    pub(super) fn wait_until(&self, date: Timestamp, mut moved: impl FnMut(Timestamp)) {
        if let Speed::Times(times) = self.speed {
            while let Some(left) = self.real_time_until(date, times) {
                std::thread::sleep(left.min(FRAME));
                if left <= FRAME {
                    break;
                }
                // Counted from the beginning, so that the time spent on samples does not add up to a delay.
                let recorded = self.began.0.elapsed().as_secs_f64() * times;
                let reached = Duration::try_from_secs_f64(recorded).unwrap_or(Duration::MAX);
                self.clock.advance_to(self.began.1.plus(reached).min(date));
                moved(self.clock.now());
            }
        }
        self.clock.advance_to(date);
        moved(date);
    }

    /// How much real time is left until a date; nothing when it is reached.
    fn real_time_until(&self, date: Timestamp, times: f64) -> Option<Duration> {
        let due = date.since(self.began.1).as_secs_f64() / times;
        let due = Duration::try_from_secs_f64(due).unwrap_or(Duration::MAX);
        due.checked_sub(self.began.0.elapsed()).filter(|left| !left.is_zero())
    }
}
