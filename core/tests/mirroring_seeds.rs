//! A watch and two companions over bad links, their apps killed and started again, their clocks set: whatever happens, what a mirror
//! shows is what the watch had after that step, what a mirror asks happens once, and when the links are quiet all show the same.
//!
//! `PACELINE_SEED` says with which seed to begin, `PACELINE_SEEDS` how many are tried; of a single one it is told what happens.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{at, of, secs};
use paceline::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What must be the same at both ends after the same step.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    state: WorkoutSessionState,
    statistics: Arc<[Statistics]>,
    activities: Vec<(Uuid, Option<Timestamp>, Vec<Statistics>)>,
    events: u32,
}

impl Picture {
    fn of(snapshot: &WorkoutSnapshot) -> Self {
        let activity =
            |activity: &Arc<WorkoutActivity>| (activity.id, activity.end, activity.statistics.clone());
        Self {
            state: snapshot.state,
            statistics: Arc::clone(&snapshot.statistics),
            activities: snapshot.activities.iter().map(activity).collect(),
            events: snapshot.event_count,
        }
    }
}

/// What the watch showed after each step.
#[derive(Default)]
struct History(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    launch: u32,
    /// With the launch of the app. One that lost its last steps may use their numbers again.
    steps: BTreeMap<u64, Vec<(u32, Picture)>>,
    /// How often a mirror was looked at, and how often it showed a step that the watch was seen to show: of several at one instant it
    /// shows only the last one.
    looked: u32,
    compared: u32,
}

impl History {
    fn note(&self, session: &WorkoutSession) {
        let snapshot = session.snapshot();
        let mut shown = self.0.lock().unwrap();
        let step = (shown.launch, Picture::of(&snapshot));
        let known = shown.steps.entry(snapshot.sequence).or_default();
        if !known.contains(&step) {
            known.push(step);
        }
    }

    fn check(&self, mirror: &WorkoutSession) {
        let snapshot = mirror.snapshot();
        let mut all = self.0.lock().unwrap();
        all.looked += 1;
        let launch = all.launch;
        let Some(known) = all.steps.get(&snapshot.sequence) else { return };
        let shown = Picture::of(&snapshot);
        let is_true = known.iter().any(|(_, picture)| *picture == shown);
        let is_known = known.iter().any(|(of, _)| *of == launch);
        let known = if is_known && !is_true { Some(format!("{known:?}")) } else { None };
        all.compared += u32::from(is_true);
        drop(all);
        assert!(known.is_none(), "step {}: {shown:?} instead of {known:?}", snapshot.sequence);
    }
}

impl WorkoutSessionDelegate for History {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        _: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.note(session);
    }

    fn did_generate_event(&self, session: &WorkoutSession, _: &WorkoutEvent) {
        self.note(session);
    }

    fn did_begin_activity(&self, session: &WorkoutSession, _: &WorkoutConfiguration, _: Timestamp) {
        self.note(session);
    }
}

/// Statistics that are corrected are a step too.
impl LiveWorkoutBuilderDelegate for History {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, _: &TypeSet) {
        self.note(&builder.workout_session());
    }
}

/// One launch of a companion's app.
struct Companion {
    history: Arc<History>,
    transcript: Arc<Mutex<String>>,
    session: Mutex<Option<(WorkoutSession, Arc<Ear>)>>,
}

/// Hears one mirrored session.
struct Ear {
    history: Arc<History>,
    transcript: Arc<Mutex<String>>,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    state: Option<WorkoutSessionState>,
    is_over: bool,
    laps: Vec<Timestamp>,
}

impl Ear {
    fn write(&self, line: std::fmt::Arguments<'_>) {
        writeln!(self.transcript.lock().unwrap(), "{line}").unwrap();
        if seeds().1 == 1 {
            println!("{line}");
        }
    }

    fn look(&self, mirror: &WorkoutSession) {
        let is_over = self.heard.lock().unwrap().is_over;
        assert!(!is_over, "nothing is told after the end");
        self.history.check(mirror);
    }
}

impl MirroringStartHandler for Companion {
    fn did_start_mirroring(&self, session: &WorkoutSession, peer: &PeerId) {
        let ear = Arc::new(Ear {
            history: Arc::clone(&self.history),
            transcript: Arc::clone(&self.transcript),
            heard: Mutex::default(),
        });
        ear.write(format_args!("{peer} {}", session.state()));
        session.set_delegate(Some(Arc::clone(&ear) as Arc<dyn WorkoutSessionDelegate>));
        let builder = session.mirrored_builder().unwrap();
        builder.set_delegate(Some(Arc::clone(&ear) as Arc<dyn LiveWorkoutBuilderDelegate>));
        *self.session.lock().unwrap() = Some((session.clone(), ear));
    }
}

impl WorkoutSessionDelegate for Ear {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        self.write(format_args!("{from} -> {to} {date}"));
        self.look(session);
        let before = self.heard.lock().unwrap().state.replace(to);
        assert!(before.is_none_or(|before| before == from), "{before:?} {from:?}");
    }

    fn did_generate_event(&self, session: &WorkoutSession, event: &WorkoutEvent) {
        self.write(format_args!("event {} {}", event.event_type, event.start));
        self.look(session);
        let mut heard = self.heard.lock().unwrap();
        // Others may be alike.
        if event.event_type == WorkoutEventType::Lap {
            assert!(!heard.laps.contains(&event.start), "told twice: {event:?}");
            heard.laps.push(event.start);
        }
    }

    fn did_answer_command(
        &self,
        _: &WorkoutSession,
        command: RemoteCommand,
        refusal: Option<&PacelineError>,
    ) {
        let answer = refusal.map_or("done", |error| error.code().name());
        self.write(format_args!("{command} {answer}"));
    }

    fn did_disconnect(&self, _: &WorkoutSession, error: Option<&PacelineError>) {
        self.write(format_args!("disconnected {}", error.map_or("in peace", |error| error.code().name())));
        assert!(!std::mem::replace(&mut self.heard.lock().unwrap().is_over, true), "told twice");
    }
}

impl LiveWorkoutBuilderDelegate for Ear {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, _: &TypeSet) {
        self.look(&builder.workout_session());
    }
}

struct World {
    chance: Chance,
    simulation: Simulation,
    watch: SimulatedDevice,
    phones: [SimulatedDevice; 2],
    connected: [bool; 2],
    alive: [bool; 2],
    companions: [Arc<Companion>; 2],
    session: WorkoutSession,
    history: Arc<History>,
    transcript: Arc<Mutex<String>>,
    /// How many laps mirrors asked for.
    laps: i64,
}

fn link(chance: &mut Chance) -> LinkOptions {
    LinkOptions {
        latency: Duration::from_millis(5 + chance.below(300)),
        loss: chance.below(40) as u8,
        duplicates: chance.below(20) as u8,
        reorder: Duration::from_millis(chance.below(400)),
        largest_message: 128 + chance.below(600) as usize,
    }
}

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let simulation = Simulation::new(at(0), seed);
        let device = |name| simulation.add_device(name, DeviceOptions::default()).unwrap();
        let (watch, phones) = (device("watch"), [device("phone"), device("tablet")]);
        let (history, transcript) = (Arc::<History>::default(), Arc::<Mutex<String>>::default());
        for phone in &phones {
            simulation.connect(&watch, phone, link(&mut chance)).unwrap();
        }
        let run = of(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&watch.store(), run.clone()).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
        session.start_activity(None).unwrap();
        builder.begin_collection(watch.store().now()).unwrap();
        session.start_mirroring().unwrap();
        let companions = [0, 1].map(|index: usize| companion(&phones[index], &history, &transcript));
        let world = Self {
            chance,
            simulation,
            watch,
            phones,
            connected: [true; 2],
            alive: [true; 2],
            companions,
            session,
            history,
            transcript,
            laps: 0,
        };
        world.listen();
        world
    }

    fn listen(&self) {
        self.session.set_delegate(Some(Arc::clone(&self.history) as Arc<dyn WorkoutSessionDelegate>));
        let builder = self.session.associated_workout_builder().unwrap();
        builder.set_delegate(Some(Arc::clone(&self.history) as Arc<dyn LiveWorkoutBuilderDelegate>));
        self.history.note(&self.session);
    }

    fn measure(&mut self, kind: QuantityType, value: f64, seconds: i64) {
        let end = self.watch.store().now();
        let start = end.plus_micros(-seconds * 1_000_000);
        let sample = QuantitySample::in_stored_unit(kind, value, start, end).unwrap();
        self.watch.store().ingest_sample(&sample).unwrap();
    }

    fn mirror(&self, index: usize) -> Option<WorkoutSession> {
        let session = self.companions[index].session.lock().unwrap();
        session.as_ref().filter(|_| self.alive[index]).map(|(session, _)| session.clone())
    }

    fn act(&mut self) {
        let index = self.chance.below(2) as usize;
        match self.chance.below(30) {
            0..=5 => {
                let rate = 80 + self.chance.below(90);
                self.measure(QuantityType::HeartRate, rate as f64, 0);
            }
            6..=10 => {
                let metres = self.chance.below(40) as f64 / 4.0;
                self.measure(QuantityType::DistanceWalkingRunning, metres, 1);
            }
            11 => drop(self.session.pause()),
            12 => drop(self.session.resume()),
            13 => {
                let now = self.watch.store().now();
                drop(self.session.report_event(WorkoutEvent::at(WorkoutEventType::Marker, now)));
            }
            14 => {
                let (run, now) = (of(WorkoutActivityType::Running), self.watch.store().now());
                drop(self.session.begin_new_activity(run, now, Metadata::new()));
            }
            15 => drop(self.mirror(index).map(|mirror| mirror.pause())),
            16 => drop(self.mirror(index).map(|mirror| mirror.resume())),
            17..=19 => {
                // Told apart by its length.
                let now = self.phones[index].store().now();
                let lap = WorkoutEvent::over(WorkoutEventType::Lap, now.plus_micros(-1 - self.laps), now);
                self.laps += 1;
                drop(self.mirror(index).map(|mirror| mirror.report_event(lap)));
            }
            20 => {
                let span = secs(self.chance.below(200));
                let (from, to) = (&self.watch, &self.phones[index]);
                let (from, to) = if self.chance.below(2) == 0 { (from, to) } else { (to, from) };
                drop(self.simulation.stall(from, to, span));
            }
            21 if self.connected[index] => {
                self.simulation.disconnect(&self.watch, &self.phones[index]).unwrap();
                self.connected[index] = false;
            }
            21 => self.reconnect(index),
            22 => {
                let options = link(&mut self.chance);
                drop(self.simulation.change_link(&self.watch, &self.phones[index], options));
            }
            23 if self.alive[index] => {
                self.phones[index].kill();
                self.alive[index] = false;
            }
            23 => self.launch(index),
            24 => self.restart_watch(),
            25 => {
                // A companion's clock does not matter; the laps it tells of are dated by it.
                let micros = self.chance.below(20_000_000) as i64 - 10_000_000;
                self.phones[index].jump_clock(micros);
            }
            _ => {}
        }
        self.history.note(&self.session);
    }

    fn reconnect(&mut self, index: usize) {
        let options = link(&mut self.chance);
        self.simulation.connect(&self.watch, &self.phones[index], options).unwrap();
        self.connected[index] = true;
    }

    fn launch(&mut self, index: usize) {
        self.phones[index].relaunch().unwrap();
        self.companions[index] = companion(&self.phones[index], &self.history, &self.transcript);
        self.alive[index] = true;
    }

    fn restart_watch(&mut self) {
        self.watch.kill();
        let away = self.chance.below(20);
        self.simulation.advance(secs(away));
        self.watch.relaunch().unwrap();
        self.session = self.watch.store().recover_active_workout_session().unwrap().unwrap();
        assert!(self.session.is_mirroring());
        self.history.0.lock().unwrap().launch += 1;
        self.listen();
    }

    /// Good links, all apps run, time passes: then all show the same.
    fn calm_down(&mut self) {
        for index in 0..2 {
            if !self.alive[index] {
                self.launch(index);
            }
            if !self.connected[index] {
                self.reconnect(index);
            }
            self.simulation.change_link(&self.watch, &self.phones[index], LinkOptions::default()).unwrap();
        }
        self.simulation.advance(secs(300));
        let here = self.session.snapshot();
        let events = self.session.associated_workout_builder().unwrap().workout_events();
        for index in 0..2 {
            let mirror = self.mirror(index).unwrap();
            let there = mirror.snapshot();
            assert_eq!((there.sequence, Picture::of(&there)), (here.sequence, Picture::of(&here)));
            assert_eq!(mirror.mirrored_builder().unwrap().workout_events(), events);
            // No time is told while none passes.
            if here.state != WorkoutSessionState::Running {
                continue;
            }
            let apart = here.taken.micros_since(there.taken).abs();
            assert!(apart < 200_000, "clocks are {apart} µs apart");
        }
        let laps = events.iter().filter(|event| event.event_type == WorkoutEventType::Lap);
        let mut lengths: Vec<_> = laps.map(|lap| lap.end.micros_since(lap.start)).collect();
        // Where the companion's clock is ahead, a lap is cut off at the present, and alike.
        lengths.retain(|length| *length > 0);
        lengths.sort_unstable();
        assert!(lengths.is_sorted_by(|one, next| one < next), "a lap was taken in twice: {lengths:?}");
        self.session.end().unwrap();
        self.history.note(&self.session);
        self.simulation.advance(secs(60));
        for companion in &self.companions {
            let session = companion.session.lock().unwrap();
            let (session, ear) = session.as_ref().unwrap();
            assert_eq!(session.state(), WorkoutSessionState::Ended);
            assert!(ear.heard.lock().unwrap().is_over);
        }
    }
}

fn companion(
    phone: &SimulatedDevice,
    history: &Arc<History>,
    transcript: &Arc<Mutex<String>>,
) -> Arc<Companion> {
    let companion = Arc::new(Companion {
        history: Arc::clone(history),
        transcript: Arc::clone(transcript),
        session: Mutex::default(),
    });
    let handler = Arc::clone(&companion) as Arc<dyn MirroringStartHandler>;
    phone.store().set_mirroring_start_handler(Some(handler));
    companion
}

/// Tells what the companions heard, how often they were looked at, and how often what they showed was compared.
fn run(seed: u64) -> (String, u32, u32) {
    let mut world = World::new(seed);
    let acts = 20 + world.chance.below(80);
    for _ in 0..acts {
        world.act();
        let millis = if world.chance.below(10) == 0 { 30_000 } else { 1500 };
        let span = Duration::from_millis(world.chance.below(millis));
        world.simulation.advance(span);
    }
    world.calm_down();
    let (transcript, shown) = (world.transcript.lock().unwrap(), world.history.0.lock().unwrap());
    (transcript.clone(), shown.looked, shown.compared)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The first seed, and how many.
fn seeds() -> (u64, u64) {
    let first = number("PACELINE_SEED");
    (first.unwrap_or(0), number("PACELINE_SEEDS").unwrap_or(if first.is_some() { 1 } else { 2000 }))
}

#[test]
fn what_a_mirror_shows_is_true() {
    let (first, seeds) = seeds();
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let (looked, compared) = std::thread::scope(|scope| {
        let run_some = |worker: u64| (first + worker..first + seeds).step_by(workers as usize).map(run_named);
        let sum = |one: (u32, u32), other: (u32, u32)| (one.0 + other.0, one.1 + other.1);
        let threads: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || run_some(worker).fold((0, 0), sum))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).fold((0, 0), sum)
    });
    assert!(compared * 10 > looked * 8, "of {looked} looks only {compared} could be compared");
}

/// Says which seed failed.
fn run_named(seed: u64) -> (u32, u32) {
    match std::panic::catch_unwind(|| run(seed)) {
        Ok((_, looked, compared)) => (looked, compared),
        Err(panic) => {
            eprintln!("seed {seed} failed; PACELINE_SEED={seed} tries it alone");
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 0..5 {
        let first = run(seed);
        assert_eq!(first, run(seed));
        assert!(first.0.lines().count() > 5, "{}", first.0);
    }
}
