//! A made-up interval run: the same seed makes the same run, second by second.

use paceline_formats::{
    Channel, DeviceTotals, Format, Lap, RecordedSession, Recording, Sample, Sport, TimerEvent, TimerKind,
};

/// 2026-03-14 06:30:00 UTC, a Saturday morning.
const START_S: i64 = 1_773_469_800;
const SECOND_US: i64 = 1_000_000;
/// Kilocalories for each kilometre of somebody of 70 kg.
const KCAL_PER_KM: f64 = 72.0;

/// A part of the run with one intention.
struct Part {
    seconds: u32,
    /// Metres a second aimed at.
    speed: f64,
}

/// The recording of a run of 30 to 40 minutes: warm-up, intervals with easy jogs in between, cool-down, and one red
/// traffic light. There is no device, so that it states no totals.
pub fn recording(seed: u64) -> Recording {
    let mut chance = Chance(seed);
    let parts = parts(&mut chance);
    let light = red_light(&parts, &mut chance);
    let mut runner = Runner::new(&mut chance);
    let (mut samples, mut laps) = (Vec::new(), Vec::new());
    let (mut at, mut metres, mut lap_start, mut lap_metres) =
        (START_S * SECOND_US, 0.0, START_S * SECOND_US, 1000.0);
    let mut timer = Vec::new();
    let mut running = 0;
    for part in &parts {
        for _ in 0..part.seconds {
            if running == light.after_s {
                timer.push(TimerEvent { at_us: at, kind: TimerKind::Pause });
                for _ in 0..light.seconds {
                    at += SECOND_US;
                    runner.stand(&mut chance);
                    samples.push(reading(Channel::HeartRate, at, runner.shown_heart_rate()));
                }
                timer.push(TimerEvent { at_us: at, kind: TimerKind::Resume });
            }
            running += 1;
            let since = at;
            at += SECOND_US;
            let step = runner.run(part.speed, &mut chance);
            metres += step;
            let added = |channel, value| Sample { channel, start_us: since, end_us: at, value };
            samples.push(added(Channel::Distance, step));
            samples.push(added(Channel::Energy, step / 1000.0 * KCAL_PER_KM));
            samples.push(added(Channel::Steps, runner.steps));
            samples.push(reading(Channel::HeartRate, at, runner.shown_heart_rate()));
            samples.push(reading(Channel::Speed, at, runner.shown_speed(&mut chance)));
            if metres >= lap_metres {
                laps.push(Lap { start_us: lap_start, end_us: at });
                lap_start = at;
                lap_metres += 1000.0;
            }
        }
    }
    if at > lap_start {
        laps.push(Lap { start_us: lap_start, end_us: at });
    }
    let session = RecordedSession {
        sport: Sport::Running,
        indoor: Some(false),
        water: None,
        pool_length_m: None,
        start_us: START_S * SECOND_US,
        end_us: at,
        samples,
        timer,
        laps,
        lengths: Vec::new(),
        device: DeviceTotals::default(),
    };
    Recording { format: Format::Fit, sessions: vec![session], skipped: Vec::new() }
}

fn reading(channel: Channel, at: i64, value: f64) -> Sample {
    Sample { channel, start_us: at, end_us: at, value }
}

/// Warm-up, five or six intervals with jogs between them, cool-down.
fn parts(chance: &mut Chance) -> Vec<Part> {
    let easy = chance.between(2.6, 2.9);
    let fast = easy + chance.between(1.1, 1.5);
    let mut parts = vec![Part { seconds: 420 + chance.up_to(60), speed: easy }];
    for _ in 0..5 + chance.up_to(2) {
        parts.push(Part { seconds: 160 + chance.up_to(20), speed: fast + chance.between(-0.1, 0.1) });
        parts.push(Part { seconds: 75, speed: easy * 0.8 });
    }
    parts.push(Part { seconds: 240 + chance.up_to(60), speed: easy * 0.95 });
    parts
}

/// A red light holds the runner up once, somewhere in the warm-up or the cool-down.
struct RedLight {
    /// After so many seconds of running.
    after_s: u32,
    seconds: u32,
}

fn red_light(parts: &[Part], chance: &mut Chance) -> RedLight {
    let whole: u32 = parts.iter().map(|part| part.seconds).sum();
    let after_s = if chance.up_to(2) == 0 { 200 + chance.up_to(120) } else { whole - 200 + chance.up_to(90) };
    RedLight { after_s, seconds: 50 + chance.up_to(25) }
}

/// A body: speed follows intention in seconds, the heart follows effort in half a minute.
struct Runner {
    speed: f64,
    heart_rate: f64,
    rest_rate: f64,
    highest_rate: f64,
    /// Slowly wandering error of the satellites, metres a second.
    drift: f64,
    /// How much harder the same speed has become.
    fatigue: f64,
    /// Steps of the last second.
    steps: f64,
    beat_noise: f64,
}

impl Runner {
    fn new(chance: &mut Chance) -> Self {
        let rest_rate = chance.between(58.0, 68.0);
        Self {
            speed: 0.0,
            heart_rate: rest_rate + 22.0,
            rest_rate,
            highest_rate: chance.between(184.0, 194.0),
            drift: 0.0,
            fatigue: 0.0,
            steps: 0.0,
            beat_noise: 0.0,
        }
    }

    /// One second of running; the metres it brought.
    fn run(&mut self, aim: f64, chance: &mut Chance) -> f64 {
        self.speed += (aim - self.speed) / 4.0 + chance.noise(0.04);
        self.fatigue += 1.0 / 40_000.0;
        // Of what lies between rest and maximum: two thirds at an easy jog, nine tenths in an interval.
        let effort = (self.speed / 5.0 + 0.08 + self.fatigue).clamp(0.0, 0.98);
        self.beat(self.rest_rate + effort * (self.highest_rate - self.rest_rate), 28.0, chance);
        let cadence = 138.0 + 9.5 * self.speed + chance.noise(1.5);
        self.steps = cadence / 60.0;
        self.drift = self.drift * 0.97 + chance.noise(0.015);
        (self.speed + self.drift).max(0.3)
    }

    /// One second at the red light: the heart calms down more slowly than it rose.
    fn stand(&mut self, chance: &mut Chance) {
        self.speed = 0.0;
        self.beat(self.rest_rate + 30.0, 45.0, chance);
    }

    fn beat(&mut self, aim: f64, lag_s: f64, chance: &mut Chance) {
        self.heart_rate += (aim - self.heart_rate) / lag_s;
        self.beat_noise = self.beat_noise * 0.9 + chance.noise(0.5);
    }

    /// Straps tell whole beats.
    fn shown_heart_rate(&self) -> f64 {
        (self.heart_rate + self.beat_noise).round()
    }

    fn shown_speed(&self, chance: &mut Chance) -> f64 {
        (self.speed + self.drift + chance.noise(0.12)).max(0.0)
    }
}

/// Repeatable chance (the generator known as SplitMix64). No need for a crate, and the demo of a seed stays the same for
/// ever.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.part() * (high - low)
    }

    /// A whole number below this one.
    fn up_to(&mut self, limit: u32) -> u32 {
        (self.part() * f64::from(limit)) as u32
    }

    /// Around zero, with about this standard deviation: the sum of a few even numbers is close to a bell.
    fn noise(&mut self, deviation: f64) -> f64 {
        let sum: f64 = (0..6).map(|_| self.part() - 0.5).sum();
        sum * deviation / 0.5_f64.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_run() {
        assert_eq!(recording(7), recording(7));
        assert_ne!(recording(7), recording(8));
    }

    #[test]
    fn any_run_is_plausible() {
        for seed in (0..200).chain([u64::MAX]) {
            let recording = recording(seed);
            let session = &recording.sessions[0];
            let minutes = (session.end_us - session.start_us) as f64 / 60e6;
            assert!((30.0..=40.0).contains(&minutes), "seed {seed}: {minutes} min");
            let pauses = session.pauses();
            assert_eq!(pauses.len(), 1, "seed {seed}");
            assert!((50..=75).contains(&((pauses[0].1 - pauses[0].0) / SECOND_US)), "seed {seed}");
            let of = |channel| session.samples.iter().filter(move |sample| sample.channel == channel);
            let metres: f64 = of(Channel::Distance).map(|sample| sample.value).sum();
            assert!((5_000.0..8_500.0).contains(&metres), "seed {seed}: {metres} m");
            assert_eq!(session.laps.len(), (metres / 1000.0) as usize + 1, "seed {seed}");
            let highest = of(Channel::HeartRate).map(|sample| sample.value).fold(0.0, f64::max);
            assert!((150.0..195.0).contains(&highest), "seed {seed}: {highest} bpm");
            assert!(session.samples.is_sorted_by_key(|sample| sample.end_us), "seed {seed}");
        }
    }
}
