//! The line that moves while a workout is replayed.

use crate::replay::{Observer, Scene};
use crate::saved;
use crate::text::format;
use crate::text::style::wants_colour;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use paceline::{QuantityType, Timestamp, Uuid, WorkoutSessionState};
use std::collections::VecDeque;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

/// No more than 20 pictures a second, however many samples pass.
const FRAME: Duration = Duration::from_millis(50);
/// The present pace is that of this much recorded time.
const PACE_OVER: Duration = Duration::from_secs(30);

/// Draws on standard error, and only where that is a terminal.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    drawn: Option<Instant>,
    workout: Option<Uuid>,
    /// When which distance was reached, over the last [`PACE_OVER`].
    covered: VecDeque<(Timestamp, f64)>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(20);
            let bar = ProgressBar::with_draw_target(Some(1000), target);
            let colour = if wants_colour() { ".green" } else { "" };
            let template = format!("{{bar:24{colour}}} {{percent:>3}} %  {{wide_msg}}");
            if let Ok(style) = ProgressStyle::with_template(&template) {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar
        });
        Self { bar, drawn: None, workout: None, covered: VecDeque::new() }
    }

    /// Takes the line away, so that the summary stands alone.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The distance of the last half minute and the time it took.
    fn recently(&mut self, now: Timestamp, distance: f64) -> Option<(f64, f64)> {
        while self.covered.front().is_some_and(|(at, _)| now.since(*at) > PACE_OVER) {
            self.covered.pop_front();
        }
        let since = self.covered.front().copied();
        self.covered.push_back((now, distance));
        since.map(|(at, before)| (distance - before, now.since(at).as_secs_f64()))
    }
}

impl Observer for Progress {
    fn moved(&mut self, scene: &Scene<'_>) {
        let Some(bar) = &self.bar else { return };
        if self.drawn.is_some_and(|drawn| drawn.elapsed() < FRAME) {
            return;
        }
        self.drawn = Some(Instant::now());
        let snapshot = scene.builder.snapshot();
        let whole = scene.end.since(scene.start).as_secs_f64();
        let part = scene.now.since(scene.start).as_secs_f64() / whole.max(1e-6);
        bar.set_position((part * 1000.0) as u64);

        let distance = saved::distance(snapshot.configuration.activity_type, &snapshot.statistics);
        if self.workout.replace(snapshot.id) != Some(snapshot.id) {
            self.covered.clear();
        }
        let heart_rate = saved::find(&snapshot.statistics, QuantityType::HeartRate)
            .and_then(|heart_rate| heart_rate.most_recent);
        let recent = distance.and_then(|distance| self.recently(scene.now, distance));
        let mut parts = vec![format::time(snapshot.elapsed.as_secs_f64())];
        if snapshot.state == WorkoutSessionState::Paused {
            parts.push("paused".to_owned());
        }
        parts.extend(heart_rate.map(|reading| format!("♥ {:.0}", reading.value)));
        parts.extend(distance.map(|metres| format::distance(metres, scene.activity)));
        parts.extend(recent.and_then(|(metres, seconds)| format::pace(metres, seconds, scene.activity)));
        if let Some(bar) = &self.bar {
            bar.set_message(parts.join("  "));
        }
    }
}
