//! What a recording is once its file format no longer matters.
//!
//! Every time is in microseconds since the Unix epoch, UTC. Nothing here is averaged or smoothed:
//! a consumer that wants statistics computes them from the samples.

use crate::Format;

/// Everything read from one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The format the bytes were in.
    pub format: Format,
    /// The recorded sessions, in the order of the file (and of the parts of a chained file).
    /// Never empty.
    pub sessions: Vec<RecordedSession>,
    /// What was left out of `sessions`, and why. Repeats of one reason are counted into one entry.
    pub skipped: Vec<Skipped>,
}

/// Something the file holds that did not make it into the sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands in the file; the first occurrence when there are several.
    pub place: Place,
    /// What it was and why it was left out, as a sentence without a full stop.
    pub what: String,
}

/// A position inside a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Offset in bytes from the start of the file, for binary formats.
    Byte(u64),
    /// Line number, the first line being 1, for text formats.
    Line(u64),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Byte(offset) => write!(f, "byte {offset}"),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

/// One session: from the press of start to the press of finish.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedSession {
    /// The sport the file names.
    pub sport: Sport,
    /// `Some(true)` when the file says indoors, `Some(false)` when it says outdoors.
    pub indoor: Option<bool>,
    /// Where a swim took place, when the file says.
    pub water: Option<Water>,
    /// Length of the pool in metres, when the file says.
    pub pool_length_m: Option<f64>,
    /// First instant of the session, microseconds since the Unix epoch.
    pub start_us: i64,
    /// Last instant of the session, microseconds since the Unix epoch; not before `start_us`.
    pub end_us: i64,
    /// The sensor data, ordered by `end_us` (then by `start_us`).
    pub samples: Vec<Sample>,
    /// Pauses and resumes, ascending and alternating, all inside the session. The timer runs from
    /// `start_us`, so the first entry is always a pause; a last pause without resume holds to
    /// `end_us`.
    pub timer: Vec<TimerEvent>,
    /// The laps the file states, in order.
    pub laps: Vec<Lap>,
    /// The pool lengths the file states, in order.
    pub lengths: Vec<Length>,
    /// What the device itself says about the session; nothing here is computed from `samples`.
    pub device: DeviceTotals,
}

impl RecordedSession {
    /// The pauses as pairs of start and end, in microseconds since the Unix epoch. A pause that is
    /// never resumed ends with the session.
    pub fn pauses(&self) -> Vec<(i64, i64)> {
        let mut pauses = Vec::new();
        let mut since = None;
        for event in &self.timer {
            match event.kind {
                TimerKind::Pause => since = since.or(Some(event.at_us)),
                TimerKind::Resume => pauses.extend(since.take().map(|at| (at, event.at_us))),
            }
        }
        pauses.extend(since.map(|at| (at, self.end_us)));
        pauses
    }
}

/// The sport of a session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sport {
    /// Running on any ground, treadmill included.
    Running,
    /// Cycling on any bike, trainers included.
    Cycling,
    /// Swimming, in a pool or in open water; see [`RecordedSession::water`].
    Swimming,
    /// Walking.
    Walking,
    /// Hiking and mountaineering.
    Hiking,
    /// Rowing, on water or on a machine.
    Rowing,
    /// The change between two sports of a multisport race.
    Transition,
    /// Cross-country skiing.
    CrossCountrySkiing,
    /// Alpine skiing.
    AlpineSkiing,
    /// Snowboarding.
    Snowboarding,
    /// Strength training.
    StrengthTraining,
    /// Yoga.
    Yoga,
    /// Elliptical trainer.
    Elliptical,
    /// Stair climbing machine.
    StairClimbing,
    /// Any other sport, as the file names it; empty when it names none.
    Other(String),
}

/// Where a swim took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Water {
    /// In a pool.
    Pool,
    /// In open water.
    Open,
}

/// One sensor reading or one increment of a counter.
///
/// Readings of an instant (heart rate, speed, cadence, power, temperature) have `start_us` equal to
/// `end_us`; increments (distance, energy, steps, strokes) say what was added between the two. They lie
/// in running time: none reaches into a pause, and one that had no running time at all is at the very
/// instant of a pause or a resume, its start equal to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// What was measured.
    pub channel: Channel,
    /// Start, microseconds since the Unix epoch; not after `end_us`.
    pub start_us: i64,
    /// End, microseconds since the Unix epoch.
    pub end_us: i64,
    /// The value in the unit of the channel; always finite.
    pub value: f64,
}

/// What a sample measures, and in which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// Heart rate in beats a minute; a reading.
    HeartRate,
    /// Distance covered in metres; an increment.
    Distance,
    /// Speed in metres a second; a reading.
    Speed,
    /// Cadence a minute; a reading. Pedal revolutions for cycling, strokes for swimming and rowing,
    /// and steps (both feet) for running, walking and hiking.
    Cadence,
    /// Power in watts; a reading.
    Power,
    /// Energy in kilocalories; an increment.
    Energy,
    /// Number of steps; an increment.
    Steps,
    /// Number of swimming strokes; an increment.
    Strokes,
    /// Air temperature in degrees Celsius; a reading.
    Temperature,
}

impl Channel {
    /// Whether it is counted over time (an increment) and not read at an instant.
    pub(crate) fn is_amount(self) -> bool {
        matches!(self, Self::Distance | Self::Energy | Self::Steps | Self::Strokes)
    }
}

/// A press of the pause or the resume button, or what the device did in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerEvent {
    /// When, microseconds since the Unix epoch.
    pub at_us: i64,
    /// What happened to the timer.
    pub kind: TimerKind,
}

/// What happened to the timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// The timer stopped.
    Pause,
    /// The timer went on.
    Resume,
}

/// One lap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lap {
    /// Start, microseconds since the Unix epoch.
    pub start_us: i64,
    /// End, microseconds since the Unix epoch; not before `start_us`.
    pub end_us: i64,
}

/// One length of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Start, microseconds since the Unix epoch.
    pub start_us: i64,
    /// End, microseconds since the Unix epoch; not before `start_us`.
    pub end_us: i64,
    /// Number of strokes, when the file says; `None` for a rest.
    pub strokes: Option<u32>,
    /// `false` for a rest at the wall.
    pub active: bool,
    /// How it was swum, when the file says; `None` for a rest.
    pub style: Option<StrokeStyle>,
}

/// How a length of a pool was swum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StrokeStyle {
    /// Freestyle.
    Freestyle,
    /// Backstroke.
    Backstroke,
    /// Breaststroke.
    Breaststroke,
    /// Butterfly.
    Butterfly,
    /// More than one, as in a medley.
    Mixed,
    /// An exercise, such as kicking or one arm only.
    Drill,
}

/// The totals a device wrote next to its readings; each `None` when the file does not state it.
///
/// For TCX these are sums over the laps (the average heart rate weighted by the time of the laps,
/// the maximum the largest of the laps). GPX states none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeviceTotals {
    /// Time from start to finish in seconds, pauses included.
    pub elapsed_s: Option<f64>,
    /// Time the timer ran in seconds.
    pub timer_s: Option<f64>,
    /// Distance in metres.
    pub distance_m: Option<f64>,
    /// Energy in kilocalories.
    pub energy_kcal: Option<f64>,
    /// Average heart rate in beats a minute.
    pub hr_avg: Option<f64>,
    /// Highest heart rate in beats a minute.
    pub hr_max: Option<f64>,
    /// The totals of the laps.
    pub laps: Vec<DeviceLap>,
}

/// The totals a device wrote for one lap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeviceLap {
    /// Start of the lap, microseconds since the Unix epoch.
    pub start_us: i64,
    /// Time the timer ran in seconds.
    pub timer_s: Option<f64>,
    /// Distance in metres.
    pub distance_m: Option<f64>,
}
