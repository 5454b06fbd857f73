//! Statistics against an oracle that is slow and obvious: it keeps every sample, every pause and every activity in
//! lists and counts anew from the beginning.

mod common;

use common::*;
use paceline::*;
use proptest::prelude::*;
use std::time::Duration;

const KINDS: [QuantityType; 4] = [
    QuantityType::HeartRate,
    QuantityType::StepCount,
    QuantityType::RunningPower,
    QuantityType::DistanceWalkingRunning,
];

/// Positions on the time line of a workout; everything lies at one of them.
const GRID: i64 = 60;

#[derive(Debug, Clone, Copy)]
struct Sample {
    kind: QuantityType,
    from: Timestamp,
    to: Timestamp,
    value: f64,
    /// Position in [`Sources`].
    source: usize,
}

/// A workout that ends at a known instant.
#[derive(Debug, Clone)]
struct Scenario {
    end: Timestamp,
    samples: Vec<Sample>,
    /// Pauses and resumes, no two at one instant.
    events: Vec<(WorkoutEventType, Timestamp)>,
    /// By rising start, not overlapping.
    activities: Vec<(Timestamp, Timestamp)>,
    covered: bool,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Sample(usize),
    Event(usize),
    Activity(usize),
}

impl Scenario {
    fn parts(&self) -> Vec<Part> {
        let activities = (0..self.activities.len()).map(Part::Activity);
        let events = (0..self.events.len()).map(Part::Event);
        let mut order: Vec<usize> = (0..self.samples.len()).collect();
        order.sort_by_key(|index| (self.samples[*index].from, self.samples[*index].to));
        activities.chain(events).chain(order.into_iter().map(Part::Sample)).collect()
    }
}

/// Chance that is the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

/// `offsets`: where samples and events lie between the positions, in milliseconds; with both 0 they meet.
fn scenario(sample_offset: i64, event_offset: i64) -> impl Strategy<Value = Scenario> {
    let step = prop_oneof![Just(1_i64), Just(7), Just(60), Just(600)];
    let sample = (0..KINDS.len(), 0..GRID, 0..12_i64, 0..200_u32, 0..4_usize, any::<bool>());
    let samples = prop::collection::vec(sample, 0..40);
    let events = prop::collection::btree_map(0..=GRID, any::<bool>(), 0..8);
    let cuts = prop::collection::btree_set(0..=GRID, 0..6);
    let sources = 1..=4_usize;
    (step, samples, events, cuts, any::<bool>(), any::<u64>(), sources).prop_map(
        move |(step, samples, events, mut cuts, covered, kept, sources)| {
            let place = |position: i64, offset: i64| at_millis(position * step * 1000 + offset);
            let end = place(GRID + 1, 0);
            let samples = samples
                .into_iter()
                .map(|(kind, from, length, value, source, instant)| {
                    let kind = KINDS[kind];
                    let length = if instant { 0 } else { length.min(GRID - from) };
                    // Amounts at an instant meet the borders of others only when everything meets.
                    let offset = sample_offset / if length == 0 { 2 } else { 1 };
                    Sample {
                        kind,
                        from: place(from, offset),
                        to: place(from + length, offset),
                        value: f64::from(value) / 8.0 + 0.1,
                        source: source % sources,
                    }
                })
                .collect();
            let events = events
                .into_iter()
                .map(|(position, pause)| {
                    let kind = if pause { WorkoutEventType::Pause } else { WorkoutEventType::Resume };
                    (kind, place(position, event_offset))
                })
                .collect();
            if covered {
                cuts.extend([0, GRID + 1]);
            }
            let cuts: Vec<_> = cuts.into_iter().map(|position| place(position, 0)).collect();
            let activities = cuts
                .windows(2)
                .enumerate()
                .filter(|(index, _)| covered || kept >> index & 1 == 1)
                .map(|(_, pair)| (pair[0], pair[1]))
                .collect();
            Scenario { end, samples, events, activities, covered }
        },
    )
}

// The oracle.

impl Scenario {
    /// From where to where time stands still.
    fn pauses(&self) -> Vec<(Timestamp, Timestamp)> {
        let mut events = self.events.clone();
        events.sort_by_key(|(_, date)| *date);
        let (mut pauses, mut since) = (Vec::new(), None);
        for (kind, date) in events {
            match (kind, since) {
                (WorkoutEventType::Pause, None) => since = Some(date),
                (WorkoutEventType::Resume, Some(from)) => {
                    pauses.push((from, date));
                    since = None;
                }
                _ => {}
            }
        }
        pauses.extend(since.map(|from| (from, Timestamp::MAX)));
        pauses
    }

    fn runs_at(&self, date: Timestamp) -> bool {
        self.pauses().iter().all(|(from, to)| date <= *from || date >= *to)
    }

    fn running_micros(&self, from: Timestamp, to: Timestamp) -> i64 {
        let paused: i64 =
            self.pauses().iter().map(|pause| pause.1.min(to).micros_since(pause.0.max(from)).max(0)).sum();
        (to.micros_since(from) - paused).max(0)
    }

    /// To which activity an instant belongs.
    fn activity_at(&self, date: Timestamp) -> Option<usize> {
        let begun = self.activities.iter().rposition(|(start, _)| *start <= date)?;
        (date <= self.activities[begun].1).then_some(begun)
    }

    /// Smaller is believed: typed in, the device, then the others, of which the later one is believed.
    fn rank(source: usize) -> usize {
        [1, 3, 2, 0][source]
    }

    /// What the workout (no index) or an activity amounts to.
    fn expected(&self, kind: QuantityType, activity: Option<usize>) -> Option<Numbers> {
        let span = activity.map_or((at(0), self.end), |index| self.activities[index]);
        let here = |date| activity.is_none() || self.activity_at(date) == activity;
        let of_kind: Vec<Sample> =
            self.samples.iter().copied().filter(|sample| sample.kind == kind).collect();
        let counts = |sample: &Sample| {
            if sample.from == sample.to || !kind.is_cumulative() {
                self.runs_at(sample.from) && here(sample.from)
            } else {
                let (from, to) = (sample.from.max(span.0), sample.to.min(span.1));
                from < to && self.running_micros(from, to) > 0
            }
        };
        let counted: Vec<Sample> = of_kind.iter().copied().filter(counts).collect();
        let recent = counted
            .iter()
            .max_by(|a, b| (a.to, a.from).cmp(&(b.to, b.from)).then(a.value.total_cmp(&b.value)))?;
        let mut numbers = Numbers {
            count: counted.len() as u64,
            sum: None,
            average: None,
            minimum: None,
            maximum: None,
            recent: (recent.value, recent.from, recent.to),
        };
        if kind.is_cumulative() {
            numbers.sum = Some(self.sum(&of_kind, span, &here));
            return Some(numbers);
        }
        let values = || counted.iter().map(|sample| sample.value);
        numbers.minimum = values().reduce(f64::min);
        numbers.maximum = values().reduce(f64::max);
        numbers.average = Some(values().sum::<f64>() / values().count() as f64);
        if kind.aggregation_style() == AggregationStyle::DiscreteTemporallyWeighted {
            let mut held: Vec<_> = of_kind
                .iter()
                .filter(|sample| here(sample.from))
                .map(|sample| (sample.from, sample.value))
                .collect();
            held.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let ends = held.iter().skip(1).map(|held| held.0).chain([span.1]);
            let spans: Vec<_> = held
                .iter()
                .zip(ends)
                .map(|((from, value), to)| (*value, self.running_micros(*from, to) as f64))
                .collect();
            let weight: f64 = spans.iter().map(|(_, micros)| micros).sum();
            if weight > 0.0 {
                let integral: f64 = spans.iter().map(|(value, micros)| value * micros).sum();
                numbers.average = Some(integral / weight);
            }
        }
        Some(numbers)
    }

    /// Cuts time at every border and looks in each slice who is believed.
    fn sum(
        &self,
        samples: &[Sample],
        span: (Timestamp, Timestamp),
        here: &impl Fn(Timestamp) -> bool,
    ) -> f64 {
        let covers = |sample: &Sample, from: Timestamp| sample.from <= from && from < sample.to;
        let mut borders: Vec<_> = samples.iter().flat_map(|sample| [sample.from, sample.to]).collect();
        borders.extend(self.pauses().iter().flat_map(|pause| [pause.0, pause.1]));
        borders.extend([span.0, span.1]);
        borders.retain(|date| span.0 <= *date && *date <= span.1);
        borders.sort();
        borders.dedup();
        let mut sum = 0.0;
        for slice in borders.windows(2) {
            if self.running_micros(slice[0], slice[1]) == 0 {
                continue;
            }
            let covering: Vec<_> = samples.iter().filter(|sample| covers(sample, slice[0])).collect();
            let best = covering.iter().map(|sample| Self::rank(sample.source)).min();
            for sample in covering.iter().filter(|sample| Some(Self::rank(sample.source)) == best) {
                let length = sample.to.micros_since(sample.from) as f64;
                sum += sample.value * slice[1].micros_since(slice[0]) as f64 / length;
            }
        }
        for sample in samples.iter().filter(|sample| sample.from == sample.to) {
            let hidden = samples.iter().any(|other| {
                covers(other, sample.from) && Self::rank(other.source) < Self::rank(sample.source)
            });
            if !hidden && here(sample.from) && self.runs_at(sample.from) {
                sum += sample.value;
            }
        }
        sum
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Numbers {
    count: u64,
    sum: Option<f64>,
    average: Option<f64>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    recent: (f64, Timestamp, Timestamp),
}

impl Numbers {
    fn of(statistics: &Statistics) -> Self {
        let recent = statistics.most_recent.expect("what has statistics has a most recent reading");
        Self {
            count: statistics.count,
            sum: statistics.sum,
            average: statistics.average,
            minimum: statistics.minimum,
            maximum: statistics.maximum,
            recent: (recent.value, recent.start, recent.end),
        }
    }

    fn is_close(&self, other: &Self) -> bool {
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
            (a, b) => a == b,
        };
        self.count == other.count
            && close(self.sum, other.sum)
            && close(self.average, other.average)
            && self.minimum == other.minimum
            && self.maximum == other.maximum
            && self.recent == other.recent
    }
}

// The engine.

struct Run {
    rig: Rig,
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
    sources: Vec<SourceId>,
    batch: u64,
}

impl Run {
    fn new(collects_events: bool) -> Self {
        Self::with(collects_events, Durability::EachInput)
    }

    fn with(collects_events: bool, durability: Durability) -> Self {
        let rig = Rig::with(|options| options.durability(durability));
        let session = WorkoutSession::new(&rig.store, of(WorkoutActivityType::Running)).expect("a session");
        let builder = session.associated_workout_builder().expect("a builder");
        let source = LiveWorkoutDataSource::new(None);
        for kind in KINDS {
            source.enable_collection(kind, None).expect("a type");
        }
        builder.set_data_source(Some(&source)).expect("a data source");
        builder.set_should_collect_workout_events(collects_events).expect("idle");
        let register = |identifier: &str, kind| {
            let source = SampleSource { identifier: identifier.into(), name: identifier.into(), kind };
            rig.store.register_source(&source).expect("a source")
        };
        let sources = vec![
            SourceId::OWN,
            register("strap", SourceKind::External),
            register("pod", SourceKind::External),
            register("hand", SourceKind::UserEntered),
        ];
        session.start_activity(None).expect("a start");
        builder.begin_collection(at(0)).expect("collection");
        Self { rig, session, builder, sources, batch: 0 }
    }

    fn sample(&self, sample: &Sample) -> QuantitySample {
        QuantitySample::in_stored_unit(sample.kind, sample.value, sample.from, sample.to)
            .expect("a plausible sample")
            .from_source(self.sources[sample.source])
    }

    /// Hands some samples in, in one of three ways.
    fn deliver(&mut self, samples: &[Sample], way: usize) {
        match way {
            0 => {
                let samples: Vec<_> = samples.iter().map(|sample| self.sample(sample)).collect();
                self.builder.add_samples(&samples).expect("samples");
            }
            1 => {
                for sample in samples {
                    let outcome = self.rig.store.ingest_sample(&self.sample(sample)).expect("a sample");
                    assert_eq!(outcome.collected, 1);
                }
            }
            _ => {
                for (index, source) in self.sources.iter().enumerate() {
                    self.batch += 1;
                    let mut batch = PackedBatchWriter::new(*source, self.batch);
                    for sample in samples.iter().filter(|sample| sample.source == index) {
                        batch.push(sample.kind, sample.from, sample.to, sample.value);
                    }
                    let outcome = self.rig.store.ingest(batch.bytes()).expect("a batch");
                    assert_eq!(outcome.collected as usize, batch.len());
                }
            }
        }
    }

    fn add(&mut self, scenario: &Scenario, parts: &[Part], way: usize) {
        let mut samples = Vec::new();
        for part in parts {
            match part {
                Part::Sample(index) => samples.push(scenario.samples[*index]),
                Part::Event(index) => {
                    let (kind, date) = scenario.events[*index];
                    let event = WorkoutEvent::at(kind, date);
                    self.builder.add_workout_events(vec![event]).expect("an event");
                }
                Part::Activity(index) => {
                    let (from, to) = scenario.activities[*index];
                    let run = of(WorkoutActivityType::Running);
                    self.builder
                        .add_workout_activity(run, from, Some(to), Metadata::new())
                        .expect("an activity");
                }
            }
        }
        self.deliver(&samples, way);
    }

    /// Counted over the same parts afterwards, the saved samples come to the same.
    fn check_intervals(&self, workout: &Workout) {
        let mut parts: Vec<_> = workout
            .activities
            .iter()
            .map(|one| (one.start, one.end.expect("saved ones have an end")))
            .collect();
        // In the order of asking, whatever it is.
        parts.reverse();
        let found = self.rig.store.statistics_over(workout.id, &parts).expect("parts that do not overlap");
        for (activity, part) in workout.activities.iter().rev().zip(&found) {
            assert_eq!(part.statistics, activity.statistics);
            assert_eq!(
                (part.start, Some(part.end), part.duration),
                (activity.start, activity.end, activity.duration)
            );
        }
        assert_eq!(found.len(), workout.activities.len());
        let whole = self.rig.store.statistics_over(workout.id, &[(workout.start, workout.end)]);
        assert_eq!(whole.expect("one part")[0].statistics, workout.statistics);
    }

    fn finish(&self, end: Timestamp) -> Workout {
        self.rig.store.poll();
        let live = self.builder.all_statistics();
        let live_activities = self.builder.workout_activities();
        self.session.stop_activity(Some(end)).expect("a stop");
        self.builder.end_collection(end).expect("an end");
        let ended = self.builder.all_statistics();
        let workout = self.builder.finish_workout().expect("a finish").expect("not locked");
        // What was shown is what is saved, but for what depends on the end.
        assert_eq!(&ended[..], workout.statistics);
        for (live, saved) in live.iter().zip(&workout.statistics) {
            let (mut live, mut saved) = (live.clone(), saved.clone());
            live.end = saved.end;
            if live.quantity_type == QuantityType::HeartRate {
                (live.average, saved.average) = (None, None);
            }
            assert_eq!(live, saved);
        }
        assert_eq!(live.len(), workout.statistics.len());
        if !live_activities.is_empty() {
            let live: Vec<_> = live_activities.iter().map(|activity| (**activity).clone()).collect();
            assert_eq!(live, workout.activities);
        }
        assert_eq!(self.rig.store.workout(workout.id).expect("readable"), Some(workout.clone()));
        self.check_intervals(&workout);
        workout
    }
}

/// A start, a duration, and what they come to.
type Essence = (Timestamp, Duration, Vec<Statistics>);

/// What must not depend on the order: of the workout and of each activity.
fn essence(workout: &Workout) -> Vec<Essence> {
    let whole = (workout.start, workout.duration, workout.statistics.clone());
    let activity = |one: &WorkoutActivity| (one.start, one.duration, one.statistics.clone());
    std::iter::once(whole).chain(workout.activities.iter().map(activity)).collect()
}

fn compare_with_oracle(scenario: &Scenario, workout: &Workout) {
    let running = scenario.running_micros(at(0), scenario.end);
    assert_eq!(workout.duration, Duration::from_micros(running as u64));
    let check = |found: &[Statistics], activity: Option<usize>| {
        for kind in KINDS {
            let found = found.iter().find(|one| one.quantity_type == kind).map(Numbers::of);
            let expected = scenario.expected(kind, activity);
            let agree = match (&found, &expected) {
                (Some(found), Some(expected)) => found.is_close(expected),
                (None, None) => true,
                _ => false,
            };
            assert!(agree, "{kind} of {activity:?}\n found {found:?}\n expected {expected:?}");
        }
    };
    check(&workout.statistics, None);
    for (index, (from, to)) in scenario.activities.iter().enumerate() {
        let activity = &workout.activities[index];
        assert_eq!((activity.start, activity.end), (*from, Some(*to)));
        let running = scenario.running_micros(*from, *to);
        assert_eq!(activity.duration, Duration::from_micros(running as u64));
        check(&activity.statistics, Some(index));
    }
    if scenario.covered {
        for one in &workout.statistics {
            let Some(sum) = one.sum else { continue };
            let parts = workout.activities.iter().flat_map(|activity| &activity.statistics);
            let total: f64 = parts
                .filter(|part| part.quantity_type == one.quantity_type)
                .filter_map(|part| part.sum)
                .sum();
            assert!((total - sum).abs() <= 1e-9 * sum.abs().max(1.0), "{total} of {sum}");
        }
    }
}

/// Everything is there before the samples, which come in order.
fn in_order(scenario: &Scenario) -> Workout {
    let mut run = Run::new(false);
    run.rig.clock.advance_to(scenario.end);
    run.add(scenario, &scenario.parts(), 0);
    run.finish(scenario.end)
}

/// Everything comes late, in any order and in pieces of any size.
fn in_any_order(scenario: &Scenario, seed: u64, collects_events: bool) -> Workout {
    let mut chance = Chance(seed);
    let mut parts = scenario.parts();
    chance.shuffle(&mut parts);
    let mut run = Run::with(collects_events, Durability::Within(secs(5)));
    run.rig.clock.advance_to(scenario.end);
    let mut rest = &parts[..];
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(1 + chance.below(rest.len().min(9)));
        let way = chance.below(3);
        run.add(scenario, piece, way);
        if chance.below(3) == 0 {
            run.rig.store.poll();
        }
        rest = more;
    }
    run.finish(scenario.end)
}

/// Time passes, the session itself pauses, samples come with a delay of their own, in a batch each second.
fn live(scenario: &Scenario, seed: u64) -> Workout {
    let mut chance = Chance(seed);
    let span = scenario.end.micros_since(at(0));
    let mut arrivals: Vec<(Timestamp, usize, Part)> = Vec::new();
    for part in scenario.parts() {
        let (date, delay) = match part {
            Part::Sample(index) => {
                let delay = match chance.below(3) {
                    0 => 0,
                    1 => chance.below(30_000_000) as i64,
                    _ => chance.below(1000) as i64 * (span / 1000),
                };
                (scenario.samples[index].to, delay)
            }
            Part::Event(index) => (scenario.events[index].1, 0),
            Part::Activity(index) => {
                (scenario.activities[index].1, chance.below(1000) as i64 * (span / 2000))
            }
        };
        let date = date.plus_micros(delay).min(scenario.end);
        arrivals.push((date, chance.below(1000), part));
    }
    arrivals.sort_by_key(|(date, place, _)| (*date, *place));
    let durability = if chance.below(2) == 0 { Durability::EachInput } else { Durability::Within(secs(30)) };
    let mut run = Run::with(true, durability);
    for (date, _, part) in arrivals {
        run.rig.clock.advance_to(date);
        match part {
            Part::Event(index) => {
                // The session refuses repeated ones, which count for nothing anyway.
                let _ = match scenario.events[index].0 {
                    WorkoutEventType::Pause => run.session.pause(),
                    _ => run.session.resume(),
                };
            }
            other => run.add(scenario, &[other], chance.below(3)),
        }
    }
    run.rig.clock.advance_to(scenario.end);
    run.finish(scenario.end)
}

fn check(scenario: &Scenario, seed: u64) {
    let sorted = in_order(scenario);
    compare_with_oracle(scenario, &sorted);
    for (way, workout) in [
        ("late", in_any_order(scenario, seed, false)),
        ("late, beside the session's own events", in_any_order(scenario, !seed, true)),
        ("live", live(scenario, seed)),
    ] {
        assert_eq!(essence(&workout), essence(&sorted), "{way}");
    }
}

/// PROPTEST_CASES asks for more.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(100))]

    /// Nothing happens at the instant of anything else.
    #[test]
    fn order_does_not_matter_and_the_oracle_agrees(scenario in scenario(250, 500), seed in any::<u64>()) {
        check(&scenario, seed);
    }

    /// Samples, pauses and borders meet.
    #[test]
    fn order_does_not_matter_when_instants_meet(scenario in scenario(0, 0), seed in any::<u64>()) {
        check(&scenario, seed);
    }
}

proptest! {
    #![proptest_config(config(100))]

    /// Samples meet each other and the borders of activities, but no pause.
    #[test]
    fn order_does_not_matter_when_samples_meet_borders(scenario in scenario(0, 500), seed in any::<u64>()) {
        check(&scenario, seed);
    }
}

/// A resume that comes late ends a pause at the very instant of a reading: in order, that reading counts.
#[test]
fn a_late_resume_at_the_instant_of_a_reading() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(10);
    session.pause().unwrap();
    rig.wait(10);
    rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 20)).unwrap();
    session.resume().unwrap();
    rig.wait(10);
    rig.store.poll();
    assert_eq!(builder.statistics(QuantityType::HeartRate).map(|one| one.count), Some(1));
}

/// Sorted, the device's interval hides what another source says about its first instant.
#[test]
fn a_better_source_that_begins_at_a_forgotten_instant() {
    let steps = QuantityType::StepCount;
    let sum = |order: [usize; 4]| {
        let run = Run::new(false);
        run.rig.wait(200);
        let strap = run.sources[1];
        let all = [
            reading(steps, 5.0, 10).from_source(strap),
            amount(steps, 30.0, 10, 20),
            reading(steps, 7.0, 100).from_source(strap),
            reading(steps, 2.0, 0),
        ];
        for index in order {
            run.builder.add_samples(&[all[index]]).unwrap();
            run.rig.store.poll();
        }
        run.finish(at(200)).statistics[0].sum
    };
    assert_eq!(sum([3, 0, 1, 2]), Some(39.0));
    assert_eq!(sum([3, 0, 2, 1]), Some(39.0));
}

/// More rows than are read at once, many of them at one instant, in two sources, and late.
#[test]
fn recounting_takes_several_pieces() {
    let sum = |late_first: bool| {
        let mut run = Run::new(false);
        run.rig.wait(20_000);
        let mut writer = PackedBatchWriter::new(SourceId::OWN, 0);
        for index in 0..9000_i64 {
            // The first 5000 rows are at one instant, which is more than a piece holds.
            let from = at(if index < 5000 { 10 } else { index });
            writer.push(QuantityType::StepCount, from, from.plus_micros(500_000), 1.0);
            writer.push(QuantityType::HeartRate, from, from, (index % 50 + 100) as f64);
        }
        let other = run.sources[3];
        let mut typed = PackedBatchWriter::new(other, 0);
        typed.push(QuantityType::StepCount, at(6000), at(7000), 4000.0);
        typed.push(QuantityType::HeartRate, at(3), at(3), 60.0);
        let mut batches = [writer, typed];
        if late_first {
            batches.reverse();
        }
        for batch in &batches {
            run.rig.store.ingest(batch.bytes()).unwrap();
        }
        run.batch = 0;
        let events = vec![event(WorkoutEventType::Pause, 8000), event(WorkoutEventType::Resume, 8100)];
        run.builder.add_workout_events(events).unwrap();
        let running = of(WorkoutActivityType::Running);
        run.builder.add_workout_activity(running, at(5), Some(at(8050)), Metadata::new()).unwrap();
        run.finish(at(20_000))
    };
    let (sorted, late) = (sum(true), sum(false));
    assert_eq!(essence(&sorted), essence(&late));
    // 5000 at one instant, 4000 later, 1000 of them hidden by 4000 typed in, 100 in the pause.
    let steps = sorted.statistics(QuantityType::StepCount).and_then(|one| one.sum);
    assert_eq!(steps, Some(5000.0 + 4000.0 - 1000.0 + 4000.0 - 100.0));
}
