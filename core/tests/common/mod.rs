//! What the integration tests share: a store on a clock that stands still, delegates that write down what they hear, a
//! platform that remembers what it was asked.
#![allow(dead_code, reason = "every test file uses a part of this")]

pub(crate) mod store;

use paceline::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The instant at which every test begins, in seconds.
pub(crate) const T0: i64 = 1_700_000_000;

/// An instant, in seconds after the beginning.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(T0 + seconds)
}

/// An instant, in milliseconds after the beginning.
pub(crate) fn at_millis(millis: i64) -> Timestamp {
    at(0).plus_micros(millis * 1000)
}

/// An instant as a transcript shows it: whole milliseconds after the beginning.
pub(crate) fn shown(date: Timestamp) -> i64 {
    date.micros_since(at(0)) / 1000
}

pub(crate) fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn event(kind: WorkoutEventType, seconds: i64) -> WorkoutEvent {
    WorkoutEvent::at(kind, at(seconds))
}

/// A reading at an instant.
pub(crate) fn reading(kind: QuantityType, value: f64, seconds: i64) -> QuantitySample {
    amount(kind, value, seconds, seconds)
}

/// An amount over an interval.
pub(crate) fn amount(kind: QuantityType, value: f64, from: i64, to: i64) -> QuantitySample {
    QuantitySample::in_stored_unit(kind, value, at(from), at(to)).expect("a plausible sample")
}

pub(crate) fn of(kind: WorkoutActivityType) -> WorkoutConfiguration {
    WorkoutConfiguration::new(kind)
}

pub(crate) fn text(key: &str, value: &str) -> Metadata {
    Metadata::from([(key.to_owned(), MetadataValue::Text(value.to_owned()))])
}

/// The code of an error in a form that is short to compare.
pub(crate) fn code<T>(result: Result<T, PacelineError>) -> Result<T, ErrorCode> {
    result.map_err(|error| error.code())
}

/// Lines in the order in which things happened.
#[derive(Clone, Default)]
pub(crate) struct Transcript(Arc<Mutex<Vec<String>>>);

impl Transcript {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.lock().expect("nobody panics while writing").push(line.into());
    }

    /// The lines since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("nobody panics while writing"))
    }
}

/// Writes down every callback. The name tells several apart.
pub(crate) struct Recorder {
    pub(crate) name: &'static str,
    pub(crate) transcript: Transcript,
}

impl Recorder {
    fn line(&self, what: &str) {
        self.transcript.add(format!("{}{what}", self.name));
    }
}

fn end(activity: &WorkoutActivity) -> String {
    activity.end.map_or_else(|| "open".to_owned(), |end| shown(end).to_string())
}

impl WorkoutSessionDelegate for Recorder {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        let _ = session;
        self.line(&format!("S {from} -> {to} {}", shown(date)));
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        self.line(&format!("S fail {} {}", error.domain().raw(), error.code().number()));
    }

    fn did_generate_event(&self, _: &WorkoutSession, event: &WorkoutEvent) {
        self.line(&format!("S event {} {} {}", event.event_type, shown(event.start), shown(event.end)));
    }

    fn did_begin_activity(&self, _: &WorkoutSession, configuration: &WorkoutConfiguration, date: Timestamp) {
        self.line(&format!("S begin {} {}", configuration.activity_type, shown(date)));
    }

    fn did_end_activity(&self, _: &WorkoutSession, configuration: &WorkoutConfiguration, date: Timestamp) {
        self.line(&format!("S end {} {}", configuration.activity_type, shown(date)));
    }
}

impl LiveWorkoutBuilderDelegate for Recorder {
    fn did_collect_data(&self, _: &LiveWorkoutBuilder, types: &TypeSet) {
        let names: Vec<_> = types.iter().map(QuantityType::name).collect();
        self.line(&format!("B data {}", names.join(",")));
    }

    fn did_collect_event(&self, _: &LiveWorkoutBuilder) {
        self.line("B event");
    }

    fn did_begin_activity(&self, _: &LiveWorkoutBuilder, activity: &WorkoutActivity) {
        let kind = activity.configuration.activity_type;
        self.line(&format!("B begin {kind} {} {}", shown(activity.start), end(activity)));
    }

    fn did_end_activity(&self, _: &LiveWorkoutBuilder, activity: &WorkoutActivity) {
        let kind = activity.configuration.activity_type;
        self.line(&format!("B end {kind} {} {}", shown(activity.start), end(activity)));
    }
}

/// A platform that knows about everything and writes down what it was asked.
#[derive(Default)]
pub(crate) struct Platform {
    pub(crate) refused: Vec<WorkoutActivityType>,
    pub(crate) requests: Mutex<Vec<(u64, HostRequest)>>,
}

impl Host for Platform {
    fn capabilities(&self) -> HostCapabilities {
        HostCapabilities {
            session_mode: HostCapability::Native,
            permission: HostCapability::Native,
            foreground: HostCapability::Native,
            lock: HostCapability::Native,
            refused_activities: self.refused.clone(),
            ..HostCapabilities::default()
        }
    }

    fn request(&self, id: u64, request: HostRequest) {
        self.requests.lock().expect("nobody panics while asking").push((id, request));
    }
}

/// A store in memory, its clock, its platform, and what is heard.
pub(crate) struct Rig {
    pub(crate) clock: ManualClock,
    pub(crate) store: HealthStore,
    pub(crate) platform: Arc<Platform>,
    pub(crate) transcript: Transcript,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(|options| options)
    }

    pub(crate) fn with(change: impl FnOnce(StoreOptions) -> StoreOptions) -> Self {
        let clock = ManualClock::new(at(0));
        let platform = Arc::new(Platform {
            refused: vec![WorkoutActivityType::UnderwaterDiving],
            requests: Mutex::default(),
        });
        let options = StoreOptions::new()
            .clock(&clock)
            .entropy(Entropy::Seeded(7))
            .host(Arc::clone(&platform) as Arc<dyn Host>);
        let store = HealthStore::open(change(options)).expect("a store");
        Self { clock, store, platform, transcript: Transcript::default() }
    }

    /// A session whose callbacks are written down.
    pub(crate) fn session(&self, kind: WorkoutActivityType) -> WorkoutSession {
        self.named("", kind)
    }

    pub(crate) fn named(&self, name: &'static str, kind: WorkoutActivityType) -> WorkoutSession {
        let session = WorkoutSession::new(&self.store, of(kind)).expect("a valid configuration");
        let recorder = Arc::new(Recorder { name, transcript: self.transcript.clone() });
        session.set_delegate(Some(Arc::clone(&recorder) as Arc<dyn WorkoutSessionDelegate>));
        session.associated_workout_builder().expect("a builder").set_delegate(Some(recorder));
        session
    }

    /// A running session that collects everything of its kind, with what was heard so far forgotten.
    pub(crate) fn running(&self, kind: WorkoutActivityType) -> (WorkoutSession, LiveWorkoutBuilder) {
        let session = self.session(kind);
        let builder = session.associated_workout_builder().expect("a builder");
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&of(kind))))).expect("a data source");
        session.start_activity(None).expect("a start");
        builder.begin_collection(self.store.now()).expect("collection");
        self.heard();
        (session, builder)
    }

    /// Delivers what waits and tells what was heard since the last time.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.store.poll();
        self.transcript.take()
    }

    /// Lets whole seconds pass.
    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(secs(seconds));
    }

    /// Ends everything and returns what was saved.
    pub(crate) fn finish(&self, session: &WorkoutSession) -> Workout {
        let builder = session.associated_workout_builder().expect("a builder");
        let end = self.store.now();
        session.stop_activity(None).expect("a stop");
        builder.end_collection(end).expect("an end");
        let workout = builder.finish_workout().expect("a finish").expect("not locked");
        session.end().expect("an end");
        workout
    }
}

/// A session's delegate that writes down in words what it hears: states, "failed 1008", "lost readOnly", "regained".
#[derive(Default)]
pub(crate) struct Heard(Mutex<Vec<String>>);

impl Heard {
    /// What was heard since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("nobody panics while writing"))
    }

    fn note(&self, words: String) {
        self.0.lock().expect("nobody panics while writing").push(words);
    }
}

impl WorkoutSessionDelegate for Heard {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.note(to.to_string());
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        self.note(format!("failed {}", error.code().raw()));
    }

    fn did_lose_durability(&self, session: &WorkoutSession, error: &PacelineError) {
        assert!(!session.is_durable());
        self.note(format!("lost {}", error.code().name()));
    }

    fn did_regain_durability(&self, session: &WorkoutSession) {
        assert!(session.is_durable());
        self.note("regained".to_owned());
    }
}
