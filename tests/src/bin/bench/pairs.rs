//! Paired timing.

use std::time::{Duration, Instant};

/// What pairs of runs showed.
pub(crate) struct Pairs {
    /// Medians of the two sides.
    pub(crate) ours: Duration,
    pub(crate) baseline: Duration,
    /// Median, lowest and highest of the pairs' own ratios.
    pub(crate) ratio: f64,
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

/// Runs both sides in turn, once to warm up and then `runs` times.
pub(crate) fn measure(
    runs: usize,
    mut ours: impl FnMut() -> Duration,
    mut baseline: impl FnMut() -> Duration,
) -> Pairs {
    ours();
    baseline();
    let pairs: Vec<_> = (0..runs).map(|_| (ours(), baseline())).collect();
    let mut ratios: Vec<_> = pairs.iter().map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let median = |mut all: Vec<Duration>| {
        all.sort();
        all[all.len() / 2]
    };
    Pairs {
        ours: median(pairs.iter().map(|(a, _)| *a).collect()),
        baseline: median(pairs.iter().map(|(_, b)| *b).collect()),
        ratio: ratios[ratios.len() / 2],
        lowest: ratios[0],
        highest: ratios[ratios.len() - 1],
    }
}

/// Times one run.
pub(crate) fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Prints a figure with its goal.
pub(crate) fn print_ratio(what: &str, per: &str, count: f64, goal: f64, pairs: &Pairs) {
    let each = |span: Duration| span.as_secs_f64() * 1e9 / count;
    println!("{what}");
    println!("  engine    {:>10.1} ns {per}", each(pairs.ours));
    println!("  baseline  {:>10.1} ns {per}", each(pairs.baseline));
    println!(
        "  ratio     {:>10.2}    (pairs {:.2} to {:.2})   goal ≤ {goal}: {}",
        pairs.ratio,
        pairs.lowest,
        pairs.highest,
        if pairs.ratio <= goal { "met" } else { "MISSED" }
    );
}
