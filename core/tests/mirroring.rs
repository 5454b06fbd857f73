//! The same workout on two devices: what each shows, what the mirror may ask, and what becomes of both when the link or an app goes.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{at, code, of, secs, shown};
use paceline::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Keeps the sessions that arrive, and writes down what they tell.
#[derive(Default)]
struct Companion {
    sessions: Mutex<Vec<WorkoutSession>>,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl MirroringStartHandler for Companion {
    fn did_start_mirroring(&self, session: &WorkoutSession, peer: &PeerId) {
        self.heard.add(format!("{peer} {}", session.state()));
        session.set_delegate(Some(Arc::clone(&self.heard) as Arc<dyn WorkoutSessionDelegate>));
        let builder = session.mirrored_builder().unwrap();
        builder.set_delegate(Some(Arc::clone(&self.heard) as Arc<dyn LiveWorkoutBuilderDelegate>));
        self.sessions.lock().unwrap().push(session.clone());
    }
}

impl Companion {
    fn of(device: &SimulatedDevice) -> Arc<Self> {
        let companion = Arc::new(Self::default());
        let handler = Arc::clone(&companion) as Arc<dyn MirroringStartHandler>;
        device.store().set_mirroring_start_handler(Some(handler));
        companion
    }

    fn latest(&self) -> WorkoutSession {
        self.sessions.lock().unwrap().last().cloned().unwrap()
    }

    fn count(&self) -> usize {
        self.sessions.lock().unwrap().len()
    }
}

impl WorkoutSessionDelegate for Heard {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        assert!(session.state() == to || session.state() == WorkoutSessionState::Ended);
        self.add(format!("{from} -> {to} {}", shown(date)));
    }

    fn did_generate_event(&self, _: &WorkoutSession, event: &WorkoutEvent) {
        self.add(format!("event {} {}", event.event_type, shown(event.start)));
    }

    fn did_begin_activity(&self, _: &WorkoutSession, configuration: &WorkoutConfiguration, date: Timestamp) {
        self.add(format!("begin {} {}", configuration.activity_type, shown(date)));
    }

    fn did_end_activity(&self, _: &WorkoutSession, configuration: &WorkoutConfiguration, date: Timestamp) {
        self.add(format!("end {} {}", configuration.activity_type, shown(date)));
    }

    fn did_answer_command(
        &self,
        _: &WorkoutSession,
        command: RemoteCommand,
        refusal: Option<&PacelineError>,
    ) {
        let refusal = refusal.map_or("done", |error| error.code().name());
        self.add(format!("{command} {refusal}"));
    }

    fn did_disconnect(&self, _: &WorkoutSession, error: Option<&PacelineError>) {
        self.add(format!("disconnected {}", error.map_or("in peace", |error| error.code().name())));
    }
}

impl LiveWorkoutBuilderDelegate for Heard {
    fn did_collect_data(&self, _: &LiveWorkoutBuilder, types: &TypeSet) {
        let names: Vec<_> = types.iter().map(QuantityType::name).collect();
        self.add(format!("data {}", names.join(",")));
    }
}

/// A watch with a workout, and a phone.
struct Story {
    simulation: Simulation,
    watch: SimulatedDevice,
    phone: SimulatedDevice,
    companion: Arc<Companion>,
}

impl Story {
    fn new() -> Self {
        Self::over(LinkOptions::default())
    }

    fn over(link: LinkOptions) -> Self {
        let simulation = Simulation::new(at(0), 5);
        let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
        let phone = simulation.add_device("phone", DeviceOptions::default()).unwrap();
        simulation.connect(&watch, &phone, link).unwrap();
        let companion = Companion::of(&phone);
        Self { simulation, watch, phone, companion }
    }

    /// A running session of the watch that collects everything of its kind.
    fn workout(&self, kind: WorkoutActivityType) -> WorkoutSession {
        let session = WorkoutSession::new(&self.watch.store(), of(kind)).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&of(kind))))).unwrap();
        session.start_activity(None).unwrap();
        builder.begin_collection(self.watch.store().now()).unwrap();
        session
    }

    fn beat(&self, rate: f64) {
        let now = self.watch.store().now();
        let sample = QuantitySample::in_stored_unit(QuantityType::HeartRate, rate, now, now).unwrap();
        self.watch.store().ingest_sample(&sample).unwrap();
    }

    fn wait(&self, seconds: u64) -> Vec<String> {
        self.simulation.advance(secs(seconds));
        self.companion.heard.take()
    }
}

/// Everything that a mirror shows is what the device shows that has the workout.
fn agree(primary: &WorkoutSession, mirror: &WorkoutSession) {
    let (mut here, mut there) = (primary.snapshot(), mirror.snapshot());
    assert_eq!(there.session_type, WorkoutSessionType::Mirrored);
    // The time alone is not told while it stands.
    let apart = here.taken.micros_since(there.taken).abs();
    assert!(apart < 10_000 || here.state != WorkoutSessionState::Running, "{} {}", here.taken, there.taken);
    assert!(here.elapsed.abs_diff(there.elapsed) < Duration::from_millis(10));
    there.session_type = here.session_type;
    (here.taken, here.elapsed) = (there.taken, there.elapsed);
    let still = |activity: &Arc<WorkoutActivity>| WorkoutActivity {
        duration: if activity.end.is_none() { Duration::ZERO } else { activity.duration },
        ..(**activity).clone()
    };
    let still = |activities: &[Arc<WorkoutActivity>]| activities.iter().map(still).collect::<Vec<_>>();
    assert_eq!(still(&here.activities), still(&there.activities));
    there.activities = Arc::clone(&here.activities);
    assert_eq!(here, there);
    let (here, there) = (primary.associated_workout_builder().unwrap(), mirror.mirrored_builder().unwrap());
    assert_eq!(here.workout_events(), there.workout_events());
    assert_eq!(here.metadata(), there.metadata());
    let open = |activity: Option<WorkoutActivity>| activity.map(|activity| activity.duration);
    let (here, there) = (open(here.current_workout_activity()), open(there.current_workout_activity()));
    assert_eq!(here.is_some(), there.is_some());
    let apart = here.unwrap_or_default().abs_diff(there.unwrap_or_default());
    assert!(apart < Duration::from_millis(10), "{apart:?}");
}

#[test]
fn a_mirror_shows_what_the_watch_shows() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::SwimBikeRun);
    assert_eq!(story.wait(10), [] as [&str; 0]);
    session.start_mirroring().unwrap();
    assert!(session.is_mirroring() && story.phone.was_woken());
    assert_eq!(story.wait(10), ["watch running"]);
    let mirror = story.companion.latest();
    assert_eq!(mirror.id(), session.id());
    agree(&session, &mirror);

    session.begin_new_activity(of(WorkoutActivityType::Swimming), at(20), Metadata::new()).unwrap();
    story.beat(120.0);
    assert_eq!(story.wait(10), ["begin swimming 20000", "data heartRate"]);
    agree(&session, &mirror);
    session.pause().unwrap();
    assert_eq!(story.wait(10), ["running -> paused 30000", "event pause 30000"]);
    agree(&session, &mirror);
    session.resume().unwrap();
    session.begin_new_activity(of(WorkoutActivityType::Cycling), at(40), Metadata::new()).unwrap();
    let resumed = [
        "paused -> running 40000",
        "event resume 40000",
        "end swimming 40000",
        "begin cycling 40000",
        "data heartRate",
    ];
    assert_eq!(story.wait(5), resumed);
    session.report_event(common::event(WorkoutEventType::Lap, 45)).unwrap();
    story.beat(130.0);
    assert_eq!(story.wait(5), ["event lap 45000", "data heartRate"]);
    agree(&session, &mirror);

    session.stop_activity(None).unwrap();
    assert_eq!(story.wait(5), ["end cycling 50000", "running -> stopped 50000", "data heartRate"]);
    let builder = session.associated_workout_builder().unwrap();
    builder.end_collection(at(50)).unwrap();
    builder.finish_workout().unwrap();
    session.end().unwrap();
    assert!(!session.is_mirroring());
    assert_eq!(story.wait(5), ["data heartRate", "stopped -> ended 55000", "disconnected in peace"]);
    assert_eq!(mirror.state(), WorkoutSessionState::Ended);
    assert_eq!(mirror.end_date(), Some(at(50)));
    assert_eq!(story.wait(600), [] as [&str; 0]);
}

/// Elapsed time counts at the mirror while nothing is heard, and stands when the mirror is of no use any more.
#[test]
fn the_mirror_has_a_clock_of_its_own() {
    let story = Story::over(LinkOptions { latency: Duration::from_millis(300), ..LinkOptions::default() });
    story.phone.jump_clock(-7_200_000_000);
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(100);
    let mirror = story.companion.latest();
    agree(&session, &mirror);
    for (from, to) in [(&story.watch, &story.phone), (&story.phone, &story.watch)] {
        story.simulation.stall(from, to, secs(600)).unwrap();
    }
    story.wait(300);
    agree(&session, &mirror);
    story.watch.jump_clock(3_600_000_000);
    assert_eq!(story.wait(400), [] as [&str; 0], "silence is no break");
    agree(&session, &mirror);
    story.simulation.disconnect(&story.watch, &story.phone).unwrap();
    assert_eq!(story.wait(60), ["disconnected closed"]);
    let elapsed = mirror.snapshot().elapsed;
    assert!(elapsed.abs_diff(secs(800)) < Duration::from_millis(10), "{elapsed:?}");
    assert_eq!(session.snapshot().elapsed, secs(860));
}

/// The fastest message tells the time best, and when nothing happens the time alone is told.
#[test]
fn a_quiet_workout_sets_the_clock_of_a_mirror_right() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    story.simulation.stall(&story.watch, &story.phone, secs(20)).unwrap();
    session.start_mirroring().unwrap();
    story.wait(25);
    story.wait(60);
    agree(&session, &story.companion.latest());
}

#[test]
fn the_mirror_asks_and_the_watch_decides() {
    let story = Story::new();
    story.phone.jump_clock(-100_000_000);
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(10);
    let mirror = story.companion.latest();
    mirror.pause().unwrap();
    assert_eq!(mirror.state(), WorkoutSessionState::Running, "only the watch decides");
    assert_eq!(story.wait(10), ["running -> paused 10050", "event pause 10050", "pause done"]);
    assert_eq!(session.state(), WorkoutSessionState::Paused);
    mirror.pause().unwrap();
    assert_eq!(story.wait(10), ["pause invalidArgument"]);
    mirror.resume().unwrap();
    assert_eq!(story.wait(10)[2..], ["resume done"]);
    // Dates are those of the phone's clock, which is wrong.
    let now = story.phone.store().now();
    let fast = common::text("pace", "fast");
    mirror.begin_new_activity(of(WorkoutActivityType::Running), now, fast.clone()).unwrap();
    assert_eq!(story.wait(10), ["begin running 40000", "beginNewActivity done"]);
    mirror.report_event(WorkoutEvent::at(WorkoutEventType::Lap, story.phone.store().now())).unwrap();
    assert_eq!(story.wait(10), ["event lap 50000", "reportEvent done"]);
    mirror.end_current_activity(story.phone.store().now()).unwrap();
    assert_eq!(story.wait(10), ["end running 60000", "endCurrentActivity done"]);
    let activities = session.snapshot().activities;
    assert_eq!((&activities[0].metadata, activities[0].end), (&fast, Some(at(60))));
    let motion = WorkoutEvent::at(WorkoutEventType::MotionPaused, story.phone.store().now());
    mirror.report_event(motion).unwrap();
    mirror.stop_activity(None).unwrap();
    let stopped = ["running -> stopped 70050", "reportEvent invalidArgument", "stopActivity done"];
    assert_eq!(story.wait(10).len(), stopped.len());
    mirror.end().unwrap();
    let ended = story.wait(10);
    assert_eq!(ended[0], "stopped -> ended 80050");
    assert_eq!(ended.last().unwrap(), "disconnected in peace");
    assert_eq!(session.state(), WorkoutSessionState::Ended);
    assert_eq!(code(mirror.pause()), Err(ErrorCode::InvalidArgument));
}

#[test]
fn what_only_the_watch_can_do_is_refused_on_a_mirror() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(1);
    let mirror = story.companion.latest();
    let builder = mirror.mirrored_builder().unwrap();
    let refused = [
        mirror.prepare(),
        mirror.start_activity(None),
        mirror.start_mirroring(),
        mirror.stop_mirroring(),
        mirror.set_payload(vec![1]),
        mirror.associated_workout_builder().map(drop),
        session.mirrored_builder().map(drop),
        builder.begin_collection(at(0)),
        builder.end_collection(at(1)),
        builder.add_metadata(Metadata::new()),
        builder.set_data_source(None),
        builder.finish_workout().map(drop),
        builder.discard_workout(),
        builder.add_samples(&[]),
    ];
    for (index, refused) in refused.into_iter().enumerate() {
        assert_eq!(code(refused), Err(ErrorCode::InvalidArgument), "{index}");
    }
    assert_eq!(builder.workout_session(), mirror);
    assert!(!mirror.is_mirroring());
}

#[test]
fn a_viewer_only_looks() {
    let story = Story::new();
    let peer = PeerId::new("phone").unwrap();
    story.watch.store().set_observer_role(&peer, ObserverRole::Viewer).unwrap();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(1);
    story.companion.latest().end().unwrap();
    assert_eq!(story.wait(1), ["end invalidArgument"]);
    assert_eq!(session.state(), WorkoutSessionState::Running);
    story.watch.store().set_observer_role(&peer, ObserverRole::Controller).unwrap();
    story.companion.latest().end().unwrap();
    story.wait(1);
    assert_eq!(session.state(), WorkoutSessionState::Ended);
}

#[test]
fn each_link_that_returns_brings_a_new_session() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(10);
    let first = story.companion.latest();
    story.simulation.disconnect(&story.watch, &story.phone).unwrap();
    assert_eq!(story.wait(10), ["disconnected closed"]);
    assert_eq!(code(first.pause()), Err(ErrorCode::InvalidArgument));
    session.pause().unwrap();
    story.beat(99.0);
    story.simulation.connect(&story.watch, &story.phone, LinkOptions::default()).unwrap();
    assert_eq!(story.wait(10), ["watch paused"]);
    let second = story.companion.latest();
    assert_ne!(first, second);
    assert_eq!(first.id(), second.id());
    assert_eq!(first.state(), WorkoutSessionState::Running, "what it showed last");
    agree(&session, &second);
    session.resume().unwrap();
    assert_eq!(story.wait(10), ["paused -> running 30000", "event resume 30000"]);
}

/// What a mirror asked for and the watch never heard is not asked again when the link returns: the session that asked is of no use.
#[test]
fn commands_go_with_their_link() {
    let story = Story::new();
    let watch = PeerId::new("watch").unwrap();
    for role in [ObserverRole::Controller, ObserverRole::Viewer] {
        story.phone.store().set_observer_role(&watch, role).unwrap();
        let session = story.workout(WorkoutActivityType::Running);
        session.start_mirroring().unwrap();
        story.wait(10);
        story.simulation.stall(&story.phone, &story.watch, secs(60)).unwrap();
        story.companion.latest().pause().unwrap();
        story.wait(10);
        story.simulation.disconnect(&story.watch, &story.phone).unwrap();
        story.simulation.connect(&story.watch, &story.phone, LinkOptions::default()).unwrap();
        story.wait(100);
        assert_eq!(session.state(), WorkoutSessionState::Running);
        assert_eq!(story.companion.latest().state(), WorkoutSessionState::Running);
        session.end().unwrap();
        story.wait(10);
    }
}

#[test]
fn to_stop_mirroring_leaves_the_workout_alone() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    session.start_mirroring().unwrap();
    story.wait(1);
    session.stop_mirroring().unwrap();
    session.stop_mirroring().unwrap();
    assert_eq!(story.wait(10), ["disconnected in peace"]);
    assert_eq!(session.state(), WorkoutSessionState::Running);
    session.pause().unwrap();
    assert_eq!(story.wait(10), [] as [&str; 0]);
    session.start_mirroring().unwrap();
    assert_eq!(story.wait(10), ["watch paused"]);
    session.end().unwrap();
    assert_eq!(story.wait(10), ["paused -> ended 31000", "disconnected in peace"]);
    assert_eq!(code(session.start_mirroring()), Err(ErrorCode::InvalidArgument));
}

/// An app that sets its handler late gets the session all the same, once.
#[test]
fn a_late_handler_gets_the_session() {
    let story = Story::new();
    story.phone.store().set_mirroring_start_handler(None);
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    assert_eq!(story.wait(10), [] as [&str; 0]);
    session.pause().unwrap();
    story.wait(10);
    for _ in 0..2 {
        let handler = Arc::clone(&story.companion) as Arc<dyn MirroringStartHandler>;
        story.phone.store().set_mirroring_start_handler(Some(handler));
    }
    assert_eq!(story.wait(1), ["watch paused"]);
    session.resume().unwrap();
    assert_eq!(story.wait(10), ["paused -> running 21000", "event resume 21000"]);
}

/// The watch's app is killed: the phone keeps its session, and has everything again when the workout was recovered.
#[test]
fn a_watch_that_was_killed_goes_on_mirroring() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.beat(100.0);
    story.wait(10);
    let mirror = story.companion.latest();
    story.companion.heard.take();
    story.watch.kill();
    mirror.pause().unwrap();
    assert_eq!(story.wait(60), [] as [&str; 0]);
    agree(&session, &mirror);
    story.watch.relaunch().unwrap();
    assert_eq!(story.wait(60), [] as [&str; 0], "not recovered yet");
    let session = story.watch.store().recover_active_workout_session().unwrap().unwrap();
    assert!(session.is_mirroring());
    story.beat(140.0);
    let heard = story.wait(10);
    assert!(
        heard.contains(&"data heartRate".to_owned()) && heard.contains(&"pause done".to_owned()),
        "{heard:?}"
    );
    assert_eq!(story.companion.count(), 1);
    assert_eq!(session.state(), WorkoutSessionState::Paused);
    agree(&session, &mirror);
    story.watch.reboot();
    story.wait(60);
    story.watch.relaunch().unwrap();
    let session = story.watch.store().recover_active_workout_session().unwrap().unwrap();
    assert_eq!(story.wait(60), ["event segment 130100"]);
    agree(&session, &mirror);
}

#[test]
fn a_phone_that_was_killed_gets_a_new_session() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(10);
    for launch in 0..3 {
        story.phone.kill();
        session.report_event(WorkoutEvent::at(WorkoutEventType::Lap, story.watch.store().now())).unwrap();
        story.wait(60 * launch);
        story.phone.relaunch().unwrap();
        let companion = Companion::of(&story.phone);
        story.wait(10);
        assert_eq!(companion.heard.take(), ["watch running"], "launch {launch}");
        agree(&session, &companion.latest());
        companion.latest().pause().unwrap();
        story.wait(10);
        companion.latest().resume().unwrap();
        story.wait(10);
        let answers: Vec<_> =
            companion.heard.take().into_iter().filter(|line| line.contains("done")).collect();
        assert_eq!(answers, ["pause done", "resume done"], "launch {launch}");
    }
}

#[test]
fn several_devices_mirror_one_workout() {
    let story = Story::new();
    let tablet = story.simulation.add_device("tablet", DeviceOptions::default()).unwrap();
    let other = Companion::of(&tablet);
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.beat(120.0);
    story.wait(10);
    story.simulation.connect(&story.watch, &tablet, LinkOptions::default()).unwrap();
    story.simulation.stall(&story.watch, &story.phone, secs(60)).unwrap();
    story.wait(10);
    other.latest().pause().unwrap();
    story.wait(10);
    assert_eq!(session.state(), WorkoutSessionState::Paused, "nobody waits for the silent phone");
    agree(&session, &other.latest());
    story.wait(60);
    agree(&session, &story.companion.latest());
    session.end().unwrap();
    story.wait(10);
    assert_eq!(other.heard.take().last().unwrap(), "disconnected in peace");
    assert_eq!(other.latest().state(), WorkoutSessionState::Ended);
}

/// Only one session of a store is mirrored at a time, and another one takes its place in order.
#[test]
fn the_next_workout_is_another_session() {
    let story = Story::new();
    let first = story.workout(WorkoutActivityType::Running);
    first.start_mirroring().unwrap();
    story.wait(10);
    let second = WorkoutSession::new(&story.watch.store(), of(WorkoutActivityType::Cycling)).unwrap();
    assert_eq!(code(second.start_mirroring()), Err(ErrorCode::InvalidArgument));
    second.prepare().unwrap();
    second.start_mirroring().unwrap();
    let heard = story.wait(10);
    assert_eq!(heard, ["running -> ended 10000", "disconnected in peace", "watch prepared"]);
    assert_eq!(story.companion.latest().id(), second.id());
    second.start_activity(None).unwrap();
    assert_eq!(story.wait(10), ["prepared -> running 20000"]);
}

/// A peer that talks nonsense harms nobody, and is not listened to any more once its stream makes no sense.
#[test]
fn nonsense_changes_nothing() {
    let story = Story::new();
    let session = story.workout(WorkoutActivityType::Running);
    session.start_mirroring().unwrap();
    story.wait(10);
    let (store, watch) = (story.phone.store(), PeerId::new("watch").unwrap());
    let stranger = PeerId::new("stranger").unwrap();
    let tablet = story.simulation.add_device("tablet", DeviceOptions::default()).unwrap();
    assert_eq!(code(store.receive(&stranger, &[1, 2, 3])), Err(ErrorCode::LinkClosed));
    for message in [&[][..], &[0x10], &[0x11, 1, 2, 3], &[0xff; 200]] {
        assert!(store.receive(&watch, message).is_err());
    }
    assert_eq!(code(store.receive(&watch, &[0x20; 40])), Err(ErrorCode::LinkVersionTooNew));
    session.pause().unwrap();
    story.wait(10);
    agree(&session, &story.companion.latest());
    story.companion.heard.take();
    // Somebody whose first frame is a step of no session.
    let (store, watch) = (tablet.store(), stranger);
    store.link_up(&watch).unwrap();
    let mut message = vec![0x11, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0];
    message.extend([3, 1, 0, 0, 0, 0]);
    assert_eq!(code(store.receive(&watch, &message)), Err(ErrorCode::LinkMalformed));
    assert_eq!(code(store.receive(&watch, &message)), Err(ErrorCode::LinkClosed));
    store.link_up(&watch).unwrap();
    assert_eq!(store.receive(&watch, &[0x10, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0]), Ok(()));
    assert_eq!(session.state(), WorkoutSessionState::Paused);
    assert_eq!(story.wait(10), [] as [&str; 0]);
}

#[test]
fn links_are_told_of_in_order() {
    let clock = ManualClock::new(at(0));
    let store = HealthStore::open(StoreOptions::new().clock(&clock)).unwrap();
    assert_eq!(code(store.link_up(&PeerId::new("a").unwrap())), Err(ErrorCode::LinkClosed));
    assert!(PeerId::new("").is_err() && PeerId::new(&"x".repeat(256)).is_err());
    let simulation = Simulation::new(at(0), 1);
    let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    let phone = simulation.add_device("phone", DeviceOptions::default()).unwrap();
    let refused = |options| code(simulation.connect(&watch, &phone, options));
    let invalid = Err(ErrorCode::InvalidArgument);
    assert_eq!(refused(LinkOptions { loss: 101, ..LinkOptions::default() }), invalid);
    assert_eq!(refused(LinkOptions { largest_message: 127, ..LinkOptions::default() }), invalid);
    assert_eq!(code(simulation.disconnect(&watch, &phone)), invalid);
    assert_eq!(code(simulation.stall(&watch, &phone, secs(1))), invalid);
    assert_eq!(code(simulation.connect(&watch, &watch, LinkOptions::default())), invalid);
    assert_eq!(refused(LinkOptions::default()), Ok(()));
    assert_eq!(refused(LinkOptions::default()), invalid);
    for number in 0..31 {
        watch.store().link_up(&PeerId::new(&format!("peer {number}")).unwrap()).unwrap();
    }
    assert_eq!(code(watch.store().link_up(&PeerId::new("one more").unwrap())), invalid);
    watch.store().link_down(&PeerId::new("peer 7").unwrap(), "gone").unwrap();
    watch.store().link_up(&PeerId::new("one more").unwrap()).unwrap();
}
