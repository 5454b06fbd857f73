//! Any calls in any order with any dates: nothing panics, what is refused changes nothing, and what is saved is sound.

mod common;

use common::*;
use paceline::*;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Debug, Clone)]
enum Call {
    Wait(u64),
    Poll,
    NewSession,
    Prepare,
    Start(Option<Timestamp>),
    Pause,
    Resume,
    Stop(Option<Timestamp>),
    End,
    BeginActivity(WorkoutActivityType, Timestamp),
    EndActivity(Timestamp),
    Report(WorkoutEventType, Timestamp, Timestamp),
    Fail,
    BeginCollection(Timestamp),
    AddSamples(Vec<(QuantityType, f64, Timestamp, Timestamp)>),
    AddKnown(u64),
    Ingest(QuantityType, f64, Timestamp, Timestamp),
    AddEvents(Vec<(WorkoutEventType, Timestamp, Timestamp)>),
    AddMetadata(f64),
    AddActivity(WorkoutActivityType, Timestamp, Option<Timestamp>),
    UpdateEnd(usize, Timestamp),
    UpdateMetadata(usize),
    EndCollection(Timestamp),
    Finish,
    Discard,
    CollectEvents(bool),
    SetSource(bool),
    Enable(QuantityType),
    Disable(QuantityType),
    Locked(bool),
    Foreground(bool),
    WorkoutPermission(bool),
    SamplePermission(QuantityType, bool),
}

/// Mostly near the workout, sometimes far from everything.
fn date() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        12 => (0..200_i64).prop_map(at),
        2 => (-100..0_i64).prop_map(at),
        1 => prop_oneof![Just(Timestamp::MIN), Just(Timestamp::MAX), Just(Timestamp::EPOCH)],
        1 => any::<i64>().prop_map(Timestamp::from_micros),
    ]
}

fn event_type() -> impl Strategy<Value = WorkoutEventType> {
    prop::sample::select(WorkoutEventType::ALL)
}

fn quantity_type() -> impl Strategy<Value = QuantityType> {
    const KINDS: &[QuantityType] =
        &[QuantityType::HeartRate, QuantityType::StepCount, QuantityType::RunningPower];
    prop_oneof![8 => prop::sample::select(KINDS), 1 => prop::sample::select(QuantityType::ALL)]
}

fn activity_type() -> impl Strategy<Value = WorkoutActivityType> {
    use WorkoutActivityType::{Cycling, Rowing, Running, Swimming, Transition};
    prop::sample::select(&[Running, Cycling, Swimming, Transition, Rowing][..])
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![8 => 0.0..900.0, 1 => any::<f64>()]
}

fn call() -> impl Strategy<Value = Call> {
    let sample = || (quantity_type(), value(), date(), date());
    let late = || prop_oneof![Just(None), date().prop_map(Some)];
    prop_oneof![
        8 => (0..40_u64).prop_map(Call::Wait),
        2 => Just(Call::Poll),
        1 => Just(Call::NewSession),
        1 => Just(Call::Prepare),
        4 => late().prop_map(Call::Start),
        3 => Just(Call::Pause),
        3 => Just(Call::Resume),
        1 => late().prop_map(Call::Stop),
        1 => Just(Call::End),
        4 => (activity_type(), date()).prop_map(|(kind, date)| Call::BeginActivity(kind, date)),
        2 => date().prop_map(Call::EndActivity),
        2 => (event_type(), date(), date()).prop_map(|(kind, from, to)| Call::Report(kind, from, to)),
        1 => Just(Call::Fail),
        5 => date().prop_map(Call::BeginCollection),
        4 => prop::collection::vec(sample(), 0..4).prop_map(Call::AddSamples),
        1 => (0..20_u64).prop_map(Call::AddKnown),
        6 => sample().prop_map(|(kind, value, from, to)| Call::Ingest(kind, value, from, to)),
        4 => prop::collection::vec((event_type(), date(), date()), 0..3).prop_map(Call::AddEvents),
        1 => (0..1000_u32).prop_map(|number| Call::AddMetadata(f64::from(number))),
        5 => (activity_type(), date(), late()).prop_map(|(kind, from, to)| Call::AddActivity(kind, from, to)),
        3 => (0..6_usize, date()).prop_map(|(index, end)| Call::UpdateEnd(index, end)),
        1 => (0..6_usize).prop_map(Call::UpdateMetadata),
        2 => date().prop_map(Call::EndCollection),
        1 => Just(Call::Finish),
        1 => Just(Call::Discard),
        1 => any::<bool>().prop_map(Call::CollectEvents),
        2 => any::<bool>().prop_map(Call::SetSource),
        1 => quantity_type().prop_map(Call::Enable),
        1 => quantity_type().prop_map(Call::Disable),
        1 => any::<bool>().prop_map(Call::Locked),
        1 => prop::bool::weighted(0.8).prop_map(Call::Foreground),
        1 => prop::bool::weighted(0.8).prop_map(Call::WorkoutPermission),
        1 => (quantity_type(), prop::bool::weighted(0.7)).prop_map(|(kind, may)| Call::SamplePermission(kind, may)),
    ]
}

/// Checks callbacks while they come.
#[derive(Default)]
struct Watch {
    wrong: Mutex<Vec<String>>,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    calls: u32,
    state: Option<WorkoutSessionState>,
    failed: bool,
}

impl Watch {
    fn note(&self, what: impl FnOnce(&mut Heard) -> Result<(), String>) {
        let mut heard = self.heard.lock().expect("no panic");
        heard.calls += 1;
        let over = heard.state == Some(WorkoutSessionState::Ended);
        if let Err(wrong) = what(&mut heard) {
            self.wrong.lock().expect("no panic").push(wrong);
        }
        if over {
            self.wrong.lock().expect("no panic").push("a session callback after the end".into());
        }
    }

    fn calls(&self) -> u32 {
        self.heard.lock().expect("no panic").calls
    }
}

impl WorkoutSessionDelegate for Watch {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        _: Timestamp,
    ) {
        use WorkoutSessionState as S;
        self.note(|heard| {
            let known = heard.state.replace(to).unwrap_or(S::NotStarted);
            let legal = matches!(
                (from, to),
                (S::NotStarted, S::Prepared | S::Running)
                    | (S::Prepared | S::Paused, S::Running)
                    | (S::Running, S::Paused)
                    | (S::Running | S::Paused, S::Stopped)
                    | (S::NotStarted | S::Prepared | S::Running | S::Paused | S::Stopped, S::Ended)
            );
            if known != from || !legal {
                return Err(format!("{known}: from {from} to {to}"));
            }
            if heard.failed && to != S::Ended {
                return Err(format!("{to} after a failure"));
            }
            if matches!(to, S::Running | S::Paused) && session.start_date().is_none() {
                return Err("running without a start".into());
            }
            if matches!(to, S::Stopped | S::Ended) && session.end_date().is_none() {
                return Err("over without an end".into());
            }
            Ok(())
        });
    }

    fn did_fail(&self, _: &WorkoutSession, _: &PacelineError) {
        self.note(|heard| {
            heard.failed = true;
            Ok(())
        });
    }

    fn did_generate_event(&self, _: &WorkoutSession, _: &WorkoutEvent) {
        self.note(|_| Ok(()));
    }

    fn did_begin_activity(&self, _: &WorkoutSession, _: &WorkoutConfiguration, _: Timestamp) {
        self.note(|_| Ok(()));
    }

    fn did_end_activity(&self, _: &WorkoutSession, _: &WorkoutConfiguration, _: Timestamp) {
        self.note(|_| Ok(()));
    }
}

struct World {
    rig: Rig,
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
    watch: Arc<Watch>,
    older: Vec<(WorkoutSession, Arc<Watch>)>,
    saved: Vec<Workout>,
}

fn watched(rig: &Rig) -> (WorkoutSession, Arc<Watch>) {
    let session = WorkoutSession::new(&rig.store, of(WorkoutActivityType::SwimBikeRun)).expect("a session");
    let watch = Arc::new(Watch::default());
    session.set_delegate(Some(Arc::clone(&watch) as Arc<dyn WorkoutSessionDelegate>));
    (session, watch)
}

fn sample((kind, value, from, to): (QuantityType, f64, Timestamp, Timestamp)) -> QuantitySample {
    QuantitySample { id: None, quantity_type: kind, start: from, end: to, value, source: SourceId::OWN }
}

impl World {
    fn new() -> Self {
        let rig = Rig::new();
        let (session, watch) = watched(&rig);
        let builder = session.associated_workout_builder().expect("a builder");
        Self { rig, session, builder, watch, older: Vec::new(), saved: Vec::new() }
    }

    fn run(&mut self, call: &Call) -> Result<(), PacelineError> {
        let (session, builder, store) = (&self.session, &self.builder, &self.rig.store);
        let status = |may: bool| {
            if may { AuthorizationStatus::SharingAuthorized } else { AuthorizationStatus::SharingDenied }
        };
        let activity = |index: usize| {
            builder.workout_activities().get(index).map_or(Uuid::from_u128(7), |activity| activity.id)
        };
        match call.clone() {
            Call::Wait(seconds) => {
                self.rig.wait(seconds);
                Ok(())
            }
            Call::Poll => {
                store.poll();
                Ok(())
            }
            Call::NewSession => {
                let (session, watch) = watched(&self.rig);
                self.builder = session.associated_workout_builder().expect("a builder");
                let old = (
                    std::mem::replace(&mut self.session, session),
                    std::mem::replace(&mut self.watch, watch),
                );
                self.older.push(old);
                Ok(())
            }
            Call::Prepare => session.prepare(),
            Call::Start(date) => session.start_activity(date),
            Call::Pause => session.pause(),
            Call::Resume => session.resume(),
            Call::Stop(date) => session.stop_activity(date),
            Call::End => session.end(),
            Call::BeginActivity(kind, date) => session.begin_new_activity(of(kind), date, Metadata::new()),
            Call::EndActivity(date) => session.end_current_activity(date),
            Call::Report(kind, from, to) => session.report_event(WorkoutEvent::over(kind, from, to)),
            Call::Fail => session.fail(PacelineError::new(ErrorCode::Unknown, "chance")),
            Call::BeginCollection(date) => builder.begin_collection(date),
            Call::AddSamples(samples) => {
                builder.add_samples(&samples.into_iter().map(sample).collect::<Vec<_>>())
            }
            Call::AddKnown(id) => {
                let known = sample((QuantityType::HeartRate, 1.0, at(0), at(0)));
                builder.add_samples(&[QuantitySample { id: Some(SampleId(id)), ..known }])
            }
            Call::Ingest(kind, value, from, to) => {
                store.ingest_sample(&sample((kind, value, from, to))).map(drop)
            }
            Call::AddEvents(events) => {
                let events = events.into_iter().map(|(kind, from, to)| {
                    // Most instants are instants.
                    let to = if kind.may_have_duration() { to } else { from };
                    WorkoutEvent::over(kind, from, to)
                });
                builder.add_workout_events(events.collect())
            }
            Call::AddMetadata(number) => {
                builder.add_metadata(Metadata::from([("n".to_owned(), MetadataValue::Number(number))]))
            }
            Call::AddActivity(kind, from, to) => {
                builder.add_workout_activity(of(kind), from, to, Metadata::new()).map(drop)
            }
            Call::UpdateEnd(index, end) => builder.update_activity_end(activity(index), end),
            Call::UpdateMetadata(index) => builder.update_activity_metadata(activity(index), text("k", "v")),
            Call::EndCollection(date) => builder.end_collection(date),
            Call::Finish => {
                let workout = builder.finish_workout()?;
                self.saved.extend(workout);
                Ok(())
            }
            Call::Discard => builder.discard_workout(),
            Call::CollectEvents(collect) => builder.set_should_collect_workout_events(collect),
            Call::SetSource(some) => {
                let source = LiveWorkoutDataSource::new(some.then(|| session.configuration()).as_ref());
                builder.set_data_source(some.then_some(&source))
            }
            Call::Enable(kind) => match builder.data_source() {
                Some(source) => source.enable_collection(kind, None),
                None => Ok(()),
            },
            Call::Disable(kind) => match builder.data_source() {
                Some(source) => source.disable_collection(kind),
                None => Ok(()),
            },
            Call::Locked(locked) => store.report(&HostReport::Locked(locked)),
            Call::Foreground(foreground) => store.report(&HostReport::Foreground(foreground)),
            Call::WorkoutPermission(may) => store.report(&HostReport::WorkoutPermission(status(may))),
            Call::SamplePermission(kind, may) => {
                store.report(&HostReport::SamplePermission(kind, status(may)))
            }
        }
    }

    /// Runs a call; when it is refused, nothing may have changed and nobody may hear of it.
    fn check(&mut self, call: &Call) {
        self.rig.store.poll();
        let before = self.session.snapshot();
        let (events, metadata) = (self.builder.workout_events(), self.builder.metadata());
        let calls = self.watch.calls();
        if let Err(error) = self.run(call) {
            assert_ne!(error.code(), ErrorCode::Internal, "{call:?}: {error}");
            assert!(!error.message().is_empty());
            assert_eq!(self.session.snapshot(), before, "{call:?} was refused: {error}");
            assert_eq!(self.builder.workout_events(), events, "{call:?} was refused: {error}");
            assert_eq!(self.builder.metadata(), metadata, "{call:?} was refused: {error}");
            self.rig.store.poll();
            assert_eq!(self.watch.calls(), calls, "{call:?} was refused and heard: {error}");
        }
        self.rig.store.poll();
        let heard = self.watch.heard.lock().expect("no panic").state;
        assert_eq!(heard.unwrap_or(WorkoutSessionState::NotStarted), self.session.state(), "{call:?}");
        assert!(self.watch.wrong.lock().expect("no panic").is_empty(), "{:?}", self.watch.wrong);
        self.check_builder(call);
    }

    fn check_builder(&self, call: &Call) {
        let events = self.builder.workout_events();
        assert!(events.windows(2).all(|pair| pair[0].start <= pair[1].start), "{call:?}");
        let activities = self.builder.workout_activities();
        for pair in activities.windows(2) {
            assert!(pair[0].start <= pair[1].start, "{call:?}");
            assert!(pair[0].end.is_some_and(|end| end <= pair[1].start), "{call:?}: {activities:#?}");
        }
        let total = self.builder.elapsed_time();
        if let Some(start) = self.builder.start_date() {
            assert!(total <= self.rig.store.now().since(start), "{call:?}");
            for (a, b) in [(0, 50), (50, 100), (100, 10_000)] {
                let (a, b) = (self.builder.elapsed_time_at(at(a)), self.builder.elapsed_time_at(at(b)));
                assert!(a <= b, "{call:?}");
            }
        } else {
            assert_eq!(total, Duration::ZERO);
        }
        for one in self.builder.all_statistics().iter() {
            assert!(one.count > 0 && one.most_recent.is_some(), "{call:?}: {one:?}");
            for number in [one.sum, one.average, one.minimum, one.maximum].into_iter().flatten() {
                assert!(number.is_finite(), "{call:?}: {one:?}");
            }
        }
    }

    /// Whatever happened: every session can be ended and every builder that began can be finished.
    fn settle(&mut self) {
        for report in [
            HostReport::Locked(false),
            HostReport::Foreground(true),
            HostReport::WorkoutPermission(AuthorizationStatus::SharingAuthorized),
        ] {
            self.rig.store.report(&report).expect("a report");
        }
        let now = (std::mem::replace(&mut self.session, watched(&self.rig).0), Arc::clone(&self.watch));
        self.older.push(now);
        for (session, watch) in std::mem::take(&mut self.older) {
            let builder = session.associated_workout_builder().expect("a builder");
            self.rig.store.poll();
            assert!(watch.wrong.lock().expect("no panic").is_empty(), "{:?}", watch.wrong);
            if session.state() != WorkoutSessionState::Ended {
                session.end().expect("every session can be ended");
            }
            if builder.start_date().is_some() && builder.end_date().is_none() {
                // Only a discarded builder cannot be ended.
                if builder.end_collection(self.rig.store.now()).is_err() {
                    continue;
                }
            }
            if builder.end_date().is_some() {
                match builder.finish_workout() {
                    Ok(workout) => self.saved.extend(workout),
                    // It was finished or discarded before.
                    Err(error) => assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}"),
                }
            }
        }
        let mut stored = self.rig.store.workouts().expect("readable");
        for workout in &stored {
            check_workout(workout);
        }
        for workout in &self.saved {
            let place = stored.iter().position(|one| one.id == workout.id).expect("what was saved is there");
            assert_eq!(stored.swap_remove(place), *workout);
        }
    }
}

fn check_workout(workout: &Workout) {
    assert!(workout.start <= workout.end);
    assert!(workout.duration <= workout.end.since(workout.start));
    assert!(workout.events.windows(2).all(|pair| pair[0].start <= pair[1].start));
    for event in &workout.events {
        assert!(workout.start <= event.start && event.start <= event.end, "{event:?}");
        assert!(event.start <= workout.end, "{event:?}");
    }
    assert!(!workout.activities.is_empty());
    let mut last = workout.start;
    for activity in &workout.activities {
        let end = activity.end.expect("saved activities have an end");
        assert!(last <= activity.start && activity.start <= end && end <= workout.end, "{workout:#?}");
        assert!(activity.duration <= end.since(activity.start));
        last = end;
    }
    let mut kinds: Vec<_> = workout.statistics.iter().map(|one| one.quantity_type).collect();
    let count = kinds.len();
    kinds.dedup();
    assert_eq!(kinds.len(), count);
    assert!(kinds.is_sorted());
}

/// A clock whose wall time is set by hand, apart from the time that passes.
#[derive(Default)]
struct Jumpy {
    elapsed: Mutex<Duration>,
    offset: Mutex<i64>,
}

impl Jumpy {
    fn wait(&self, seconds: u64) {
        *self.elapsed.lock().expect("no panic") += secs(seconds);
    }

    fn jump(&self, seconds: i64) {
        *self.offset.lock().expect("no panic") += seconds;
    }
}

impl Clock for Jumpy {
    fn now(&self) -> Timestamp {
        at(*self.offset.lock().expect("no panic")).plus(self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().expect("no panic")
    }
}

fn with_a_jump(seconds: i64) -> Duration {
    let clock = Arc::new(Jumpy::default());
    let options = StoreOptions::new().clock(ClockSource::Custom(clock.clone())).delivery(Delivery::Poll);
    let store = HealthStore::open(options).expect("a store");
    let session = WorkoutSession::new(&store, of(WorkoutActivityType::Running)).expect("a session");
    let builder = session.associated_workout_builder().expect("a builder");
    session.start_activity(None).expect("a start");
    builder.begin_collection(store.now()).expect("collection");
    clock.wait(100);
    session.pause().expect("a pause");
    clock.jump(seconds);
    clock.wait(10);
    session.resume().expect("a resume");
    clock.wait(100);
    session.stop_activity(None).expect("a stop");
    builder.end_collection(session.end_date().expect("stopped")).expect("an end");
    let workout = builder.finish_workout().expect("a finish").expect("not locked");
    session.end().expect("an end");
    workout.duration
}

#[test]
fn a_wall_clock_that_jumps_breaks_nothing() {
    assert_eq!(with_a_jump(0), secs(200));
    for seconds in [-1_000_000, -105, -50, -1, 1, 50, 1_000_000] {
        with_a_jump(seconds);
    }
}

#[test]
fn a_wall_clock_that_jumps_changes_no_duration() {
    for seconds in [-1_000_000, -105, -50, 50, 1_000_000] {
        assert_eq!(with_a_jump(seconds), secs(200), "{seconds}");
    }
}

/// PROPTEST_CASES asks for more.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_calls_in_any_order(calls in prop::collection::vec(call(), 1..60)) {
        let mut world = World::new();
        for call in &calls {
            world.check(call);
        }
        world.settle();
    }

    /// From the middle of a workout, so that more calls are allowed.
    #[test]
    fn any_calls_during_a_workout(calls in prop::collection::vec(call(), 1..60)) {
        let mut world = World::new();
        let begin = [
            Call::SetSource(true),
            Call::Start(None),
            Call::BeginCollection(at(0)),
            Call::Wait(100),
        ];
        for call in begin.iter().chain(&calls) {
            world.check(call);
        }
        world.settle();
    }
}
