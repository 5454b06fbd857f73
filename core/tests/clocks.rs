//! A session has a time of its own: clocks that are set, sleep and reboots change no number of a workout.
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{T0, at, code, of, secs};
use paceline::*;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const HOUR: i64 = 3600;
const YEAR: i64 = 365 * 24 * HOUR;
const JUMPS: [i64; 10] = [-60 * YEAR, -YEAR, -HOUR, -70, -2, 2, 70, HOUR, YEAR, 60 * YEAR];

/// A watch in a simulation, with a workout.
struct Watch {
    simulation: Simulation,
    device: SimulatedDevice,
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
}

impl Watch {
    /// A workout that runs since second 0 and collects heart rate and distance.
    fn new() -> Self {
        let simulation = Simulation::new(at(0), 1);
        let device = simulation.add_device("watch", DeviceOptions::default()).unwrap();
        let run = of(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&device.store(), run.clone()).unwrap();
        let builder = session.associated_workout_builder().unwrap();
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).unwrap();
        session.start_activity(None).unwrap();
        builder.begin_collection(device.store().now()).unwrap();
        Self { simulation, device, session, builder }
    }

    fn wait(&self, seconds: u64) {
        self.simulation.advance(secs(seconds));
    }

    fn jump(&self, seconds: i64) {
        self.device.jump_clock(seconds * 1_000_000);
    }

    /// The wall clock of the device.
    fn now(&self) -> Timestamp {
        self.device.store().now()
    }

    fn elapsed(&self) -> u64 {
        assert_eq!(self.builder.elapsed_time().subsec_nanos(), 0);
        self.builder.elapsed_time().as_secs()
    }

    /// A heart rate read now, and the distance of the last five seconds, dated as the host's wall clock shows.
    fn measure(&self, value: f64) {
        let now = self.now();
        let heart = QuantitySample::in_stored_unit(QuantityType::HeartRate, value, now, now).unwrap();
        let way = QuantityType::DistanceWalkingRunning;
        let way = QuantitySample::in_stored_unit(way, 12.5, now.minus(secs(5)), now).unwrap();
        for sample in [heart, way] {
            assert_eq!(self.device.store().ingest_sample(&sample).unwrap().collected, 1);
        }
    }

    fn relaunch(&mut self) {
        self.device.relaunch().unwrap();
        self.session = self.device.store().recover_active_workout_session().unwrap().expect("it goes on");
        self.builder = self.session.associated_workout_builder().unwrap();
    }

    /// Off for so long, and on again with its clock set by so much.
    fn reboot(&mut self, off: u64, jump: i64) {
        self.device.reboot();
        self.wait(off);
        self.jump(jump);
        self.relaunch();
    }

    fn finish(&self) -> Workout {
        self.session.stop_activity(None).unwrap();
        self.builder.end_collection(self.now()).unwrap();
        let workout = self.builder.finish_workout().unwrap().expect("not locked");
        self.session.end().unwrap();
        workout
    }

    /// The dates and values of the saved samples.
    fn samples(&self) -> Vec<(i64, i64, f64)> {
        let store = self.device.store();
        let workout = store.workout_ids().unwrap()[0];
        [QuantityType::HeartRate, QuantityType::DistanceWalkingRunning]
            .into_iter()
            .flat_map(|kind| store.samples(workout, kind, None, 1000).unwrap())
            .map(|sample| (second(sample.start), second(sample.end), sample.value))
            .collect()
    }
}

/// Whole seconds after the beginning.
fn second(date: Timestamp) -> i64 {
    let micros = date.micros_since(at(0));
    assert_eq!(micros % 1_000_000, 0, "{date}");
    micros / 1_000_000
}

/// The parts of a workout that no clock may change; ids are of chance.
fn told(workout: &Workout) -> String {
    let activities: Vec<_> = workout
        .activities
        .iter()
        .map(|activity| (activity.start, activity.end, activity.duration, &activity.statistics))
        .collect();
    format!(
        "{:?} {:?} {:?} {:#?} {activities:#?} {:#?}",
        workout.start, workout.end, workout.duration, workout.events, workout.statistics
    )
}

/// The segments in which nothing was recorded, in seconds after the beginning.
fn gaps(events: &[WorkoutEvent]) -> Vec<(i64, i64)> {
    let reboot = MetadataValue::Text(metadata_keys::GAP_REBOOT.to_owned());
    let is_gap = |event: &&WorkoutEvent| event.metadata.get(metadata_keys::GAP) == Some(&reboot);
    let gaps = events.iter().filter(is_gap);
    gaps.map(|gap| {
        assert_eq!(gap.event_type, WorkoutEventType::Segment);
        (second(gap.start), second(gap.end))
    })
    .collect()
}

/// A workout during which something may happen to the clock: while it runs, while it is paused, and before it ends.
fn story(mut happens: impl FnMut(&mut Watch, usize)) -> (String, Vec<(i64, i64, f64)>) {
    let mut watch = Watch::new();
    let lap = WorkoutEvent::at;
    for round in 0..20 {
        watch.wait(5);
        watch.measure(120.0 + f64::from(round));
    }
    happens(&mut watch, 0);
    for round in 0..20 {
        watch.wait(5);
        watch.measure(140.0 - f64::from(round));
    }
    assert_eq!(watch.elapsed(), 200);
    watch.builder.add_workout_events(vec![lap(WorkoutEventType::Lap, watch.now().minus(secs(10)))]).unwrap();
    watch.session.pause().unwrap();
    watch.wait(30);
    happens(&mut watch, 1);
    watch.wait(30);
    assert_eq!(watch.elapsed(), 200);
    watch.session.resume().unwrap();
    watch.session.report_event(lap(WorkoutEventType::Marker, watch.now())).unwrap();
    let leg = of(WorkoutActivityType::Running);
    watch.session.begin_new_activity(leg, watch.now(), Metadata::new()).unwrap();
    for _ in 0..10 {
        watch.wait(5);
        watch.measure(150.0);
    }
    happens(&mut watch, 2);
    watch.session.end_current_activity(watch.now()).unwrap();
    let now = watch.now();
    let by_hand =
        QuantitySample::in_stored_unit(QuantityType::HeartRate, 149.0, now.minus(secs(3)), now).unwrap();
    watch.builder.add_samples(&[by_hand]).unwrap();
    watch.wait(10);
    watch.measure(151.0);
    assert_eq!(watch.elapsed(), 260);
    assert_eq!(watch.builder.elapsed_time_at(watch.now().minus(secs(5))), secs(255));
    let snapshot = watch.session.snapshot();
    assert_eq!((snapshot.elapsed, snapshot.taken), (secs(260), at(320)));
    let workout = watch.finish();
    (told(&workout), watch.samples())
}

#[test]
fn a_clock_that_is_set_changes_no_number() {
    let undisturbed = story(|_, _| {});
    assert_eq!(undisturbed.1.len(), 103);
    for jump in JUMPS {
        for when in 0..3 {
            let disturbed = story(|watch, at| {
                if at == when {
                    watch.jump(jump);
                }
            });
            assert_eq!(disturbed, undisturbed, "{jump} s at {when}");
        }
        let again_and_again = story(|watch, at| watch.jump(if at == 1 { -2 * jump } else { jump }));
        assert_eq!(again_and_again, undisturbed, "{jump} s");
    }
}

#[test]
fn a_clock_that_is_set_while_the_app_is_dead_changes_no_number() {
    let undisturbed = story(|_, _| {});
    for jump in JUMPS {
        let disturbed = story(|watch, _| {
            watch.device.kill();
            watch.jump(jump);
            watch.relaunch();
        });
        assert_eq!(disturbed, undisturbed, "{jump} s");
    }
}

#[test]
fn a_death_after_the_clock_was_set_changes_no_number() {
    let undisturbed = story(|_, _| {});
    for jump in JUMPS {
        let disturbed = story(|watch, when| {
            if when == 0 {
                watch.jump(jump);
            }
            watch.relaunch();
        });
        assert_eq!(disturbed, undisturbed, "{jump} s");
    }
}

#[test]
fn sleep_counts() {
    let mut watch = Watch::new();
    watch.wait(7 * HOUR as u64);
    assert_eq!(watch.elapsed(), 7 * HOUR as u64);
    watch.device.kill();
    watch.wait(5 * HOUR as u64);
    watch.jump(-HOUR);
    watch.relaunch();
    watch.measure(90.0);
    assert_eq!(watch.finish().duration, secs(12 * HOUR as u64));
    assert_eq!(watch.samples()[0].0, 12 * HOUR);
}

/// Clocks are corrected a little all the time: that is not recorded, and dates are taken as they are.
#[test]
fn a_clock_that_drifts_was_not_set() {
    for micros in [-1_000_000, -400_000, 400_000, 1_000_000] {
        let watch = Watch::new();
        watch.wait(100);
        watch.device.jump_clock(micros);
        let before = watch.session.snapshot().sequence;
        let reading = QuantitySample::in_stored_unit(QuantityType::HeartRate, 90.0, watch.now(), watch.now());
        watch.device.store().ingest_sample(&reading.unwrap()).unwrap();
        assert_eq!(watch.session.snapshot().sequence, before + 1, "the sample alone");
        watch.wait(10);
        let workout = watch.finish();
        let saved = watch.device.store().samples(workout.id, QuantityType::HeartRate, None, 2).unwrap();
        assert_eq!(saved.first().map(|sample| sample.start), Some(at(100).plus_micros(micros)));
    }
    let watch = Watch::new();
    watch.wait(100);
    watch.device.jump_clock(1_000_001);
    watch.measure(90.0);
    watch.finish();
    assert_eq!(watch.samples()[0], (100, 100, 90.0));
}

/// A sample that comes first after the clock was set has it noted: what comes next is moved by as much.
#[test]
fn samples_after_the_clock_was_set_are_moved_alike() {
    let watch = Watch::new();
    watch.wait(100);
    watch.jump(HOUR);
    let before = watch.session.snapshot().sequence;
    watch.measure(90.0);
    assert_eq!(watch.session.snapshot().sequence, before + 3, "two samples, and that the clock was set");
    watch.wait(10);
    watch.device.jump_clock(-700_000);
    let now = watch.now();
    let beat = QuantitySample::in_stored_unit(QuantityType::HeartRate, 91.0, now, now).unwrap();
    watch.device.store().ingest_sample(&beat).unwrap();
    let workout = watch.finish();
    let beats = watch.device.store().samples(workout.id, QuantityType::HeartRate, None, 9).unwrap();
    let starts: Vec<_> = beats.iter().map(|beat| beat.start).collect();
    assert_eq!(starts, [at(100), at(110).plus_micros(-700_000)]);
}

#[test]
fn a_reboot_is_a_gap_and_time_goes_on() {
    let mut watch = Watch::new();
    watch.wait(60);
    watch.measure(120.0);
    watch.wait(40);
    watch.reboot(600, 0);
    assert_eq!(watch.elapsed(), 700);
    assert_eq!(gaps(&watch.builder.workout_events()), [(60, 700)]);
    watch.wait(100);
    watch.measure(130.0);
    let workout = watch.finish();
    assert_eq!((workout.duration, workout.start, workout.end), (secs(800), at(0), at(800)));
    assert_eq!(gaps(&workout.events), [(60, 700)]);
    assert_eq!(watch.samples()[..2], [(60, 60, 120.0), (800, 800, 130.0)]);
}

/// The wall clock tells how long a reboot took, if it can; it never leads back.
#[test]
fn after_a_reboot_with_a_strange_clock() {
    for (jump, elapsed) in
        [(-T0 - 700, 60), (-YEAR, 60), (-640, 60), (-630, 70), (0, 700), (HOUR, 4300), (YEAR, YEAR + 700)]
    {
        let mut watch = Watch::new();
        watch.wait(60);
        watch.measure(120.0);
        watch.wait(40);
        watch.reboot(600, jump);
        assert_eq!(watch.elapsed(), elapsed as u64, "{jump} s");
        assert_eq!(gaps(&watch.builder.workout_events()), [(60, elapsed)], "{jump} s");
        watch.wait(10);
        watch.measure(130.0);
        // The network corrects the clock.
        watch.jump(-jump);
        watch.wait(10);
        watch.measure(140.0);
        assert_eq!(watch.now(), at(720));
        let workout = watch.finish();
        let from = elapsed;
        assert_eq!((workout.start, workout.end), (at(0), at(from + 20)), "{jump} s");
        assert_eq!(workout.duration, secs(from as u64 + 20), "{jump} s");
        let beats = [(60, 60, 120.0), (from + 10, from + 10, 130.0), (from + 20, from + 20, 140.0)];
        assert_eq!(watch.samples()[..3], beats, "{jump} s");
    }
}

#[test]
fn a_reboot_while_paused_and_one_more() {
    let mut watch = Watch::new();
    watch.wait(100);
    watch.session.pause().unwrap();
    watch.wait(10);
    watch.reboot(90, 0);
    assert_eq!(watch.session.state(), WorkoutSessionState::Paused);
    assert_eq!(watch.elapsed(), 100);
    watch.session.resume().unwrap();
    watch.wait(50);
    watch.reboot(0, -HOUR);
    assert_eq!(watch.elapsed(), 100, "nothing is known of the time after the last step");
    watch.wait(5);
    let workout = watch.finish();
    assert_eq!(workout.duration, secs(105));
    assert_eq!(gaps(&workout.events), [(100, 200), (200, 200)]);
}

/// Nothing is marked when no workout was going on.
#[test]
fn a_reboot_before_or_after_a_workout_is_no_gap() {
    let mut watch = Watch::new();
    watch.wait(100);
    watch.session.stop_activity(None).unwrap();
    watch.session.end().unwrap();
    watch.reboot(100, YEAR);
    watch.builder.end_collection(watch.session.end_date().unwrap()).unwrap();
    let workout = watch.builder.finish_workout().unwrap().unwrap();
    assert_eq!((workout.duration, workout.events.len()), (secs(100), 0));
}

/// An app hands back dates that it knows from the session: these are not read as dates of the wall clock.
#[test]
fn a_date_that_the_session_told_stays() {
    for jump in JUMPS {
        let watch = Watch::new();
        watch.wait(100);
        watch.session.pause().unwrap();
        watch.wait(100);
        watch.session.resume().unwrap();
        watch.jump(jump);
        watch.wait(100);
        let paused = watch.builder.workout_events()[0].start;
        watch.builder.add_workout_events(vec![WorkoutEvent::at(WorkoutEventType::Marker, paused)]).unwrap();
        assert_eq!(watch.builder.elapsed_time_at(paused), secs(100));
        watch.session.stop_activity(None).unwrap();
        watch.wait(100);
        watch.builder.end_collection(watch.session.end_date().unwrap()).unwrap();
        let workout = watch.builder.finish_workout().unwrap().unwrap();
        assert_eq!((workout.duration, workout.end), (secs(200), at(300)), "{jump} s");
        assert_eq!(workout.events[1].start, at(100), "{jump} s");
    }
}

/// So does the last date that the store tells of a workout before it is recovered.
#[test]
fn the_last_date_that_the_store_tells_stays() {
    for jump in JUMPS {
        let watch = Watch::new();
        watch.wait(100);
        watch.measure(90.0);
        watch.device.kill();
        watch.jump(jump);
        watch.wait(50);
        watch.device.relaunch().unwrap();
        let store = watch.device.store();
        let last = store.unfinished_workouts().unwrap()[0].last_date.expect("it ran");
        let session = store.recover_active_workout_session().unwrap().expect("it goes on");
        session.stop_activity(Some(last)).unwrap();
        assert_eq!(session.end_date(), Some(at(100)), "{jump} s");
    }
}

/// What was dated before the clock was set and comes in afterwards is recognized where it can be.
#[test]
fn dates_from_before_the_clock_was_set() {
    for jump in [-YEAR, -HOUR, -600, HOUR, YEAR] {
        let watch = Watch::new();
        watch.wait(300);
        let earlier = watch.now().minus(secs(7));
        let late = QuantitySample::in_stored_unit(QuantityType::HeartRate, 99.0, earlier, earlier).unwrap();
        watch.jump(jump);
        assert_eq!(watch.device.store().ingest_sample(&late).unwrap().collected, 1, "{jump} s");
        watch.builder.add_samples(std::slice::from_ref(&late)).unwrap();
        watch.builder.add_workout_events(vec![WorkoutEvent::at(WorkoutEventType::Lap, earlier)]).unwrap();
        let workout = watch.finish();
        assert_eq!(workout.events[0].start, at(293), "{jump} s");
        assert_eq!(watch.samples(), [(293, 293, 99.0), (293, 293, 99.0)], "{jump} s");
    }
}

#[test]
fn what_lies_in_the_future_still_does() {
    for jump in [-YEAR, -HOUR, 0, HOUR, YEAR] {
        let watch = Watch::new();
        watch.wait(10);
        watch.jump(jump);
        let ahead = watch.now().plus(secs(2 * YEAR as u64));
        let refused = Err(ErrorCode::InvalidArgument);
        assert_eq!(code(watch.builder.end_collection(ahead)), refused);
        assert_eq!(code(watch.session.stop_activity(Some(ahead))), refused);
        let sample = QuantitySample::in_stored_unit(QuantityType::HeartRate, 99.0, ahead, ahead).unwrap();
        assert_eq!(code(watch.builder.add_samples(std::slice::from_ref(&sample))), refused);
        assert_eq!(watch.device.store().ingest_sample(&sample).unwrap().collected, 0);
    }
}

/// A watch that was just switched on learns the time during the countdown.
#[test]
fn a_session_that_does_not_run_yet_follows_the_clock() {
    for (ahead, start) in [(-T0, 3), (-5, 3), (50, 50)] {
        let simulation = Simulation::new(at(0), 1);
        let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
        watch.jump_clock(ahead * 1_000_000);
        let session = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
        session.prepare().unwrap();
        watch.jump_clock(-ahead * 1_000_000);
        simulation.advance(secs(3));
        session.start_activity(None).unwrap();
        assert_eq!(session.start_date(), Some(at(start)), "never before it was prepared");
        session.associated_workout_builder().unwrap().begin_collection(watch.store().now()).unwrap();
        watch.jump_clock(ahead * 1_000_000);
        simulation.advance(secs(10));
        session.end().unwrap();
        assert_eq!(session.end_date(), Some(at(start + 10)));
    }
}

#[test]
fn each_device_and_each_session_has_its_own_time() {
    let simulation = Simulation::new(at(0), 1);
    let watch = simulation.add_device("watch", DeviceOptions::default()).unwrap();
    let phone = simulation.add_device("phone", DeviceOptions::default()).unwrap();
    watch.jump_clock(-5_000_000);
    assert_eq!((watch.store().now(), phone.store().now(), simulation.now()), (at(-5), at(0), at(0)));
    let session = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
    session.start_activity(None).unwrap();
    watch.jump_clock(5_000_000);
    simulation.advance(secs(3));
    session.end().unwrap();
    assert_eq!((session.start_date(), session.end_date()), (Some(at(-5)), Some(at(-2))));
    let next = WorkoutSession::new(&watch.store(), of(WorkoutActivityType::Running)).unwrap();
    next.start_activity(None).unwrap();
    assert_eq!(next.start_date(), Some(at(3)));
}

/// The clock was set back a year between two runs of the app, by the machine that runs it as well.
#[test]
fn a_clock_of_another_year_between_two_runs() {
    for years in [-1, 1] {
        let disk = MemoryDisk::new().unwrap();
        let open =
            |clock: &ManualClock| HealthStore::open(StoreOptions::new().clock(clock).disk(&disk)).unwrap();
        let clock = ManualClock::new(at(0));
        let store = open(&clock);
        let session = WorkoutSession::new(&store, of(WorkoutActivityType::Running)).unwrap();
        session.start_activity(None).unwrap();
        session.associated_workout_builder().unwrap().begin_collection(store.now()).unwrap();
        clock.advance(secs(100));
        session.pause().unwrap();
        session.resume().unwrap();
        drop((session, store));
        let clock = ManualClock::new(at(years * YEAR));
        let store = open(&clock);
        let session = store.recover_active_workout_session().unwrap().expect("it goes on");
        let builder = session.associated_workout_builder().unwrap();
        let known = if years < 0 { 100 } else { YEAR as u64 };
        assert_eq!(builder.elapsed_time(), secs(known));
        clock.advance(secs(50));
        session.stop_activity(None).unwrap();
        builder.end_collection(store.now()).unwrap();
        assert_eq!(builder.finish_workout().unwrap().unwrap().duration, secs(known + 50));
    }
}

/// The clock of a system that does not tell one boot from another.
#[derive(Default)]
struct Plain(Mutex<(i64, u64)>);

impl Plain {
    fn set(&self, wall: i64, elapsed: u64) {
        *self.0.lock().unwrap() = (wall, elapsed);
    }
}

impl Clock for Plain {
    fn now(&self) -> Timestamp {
        at(self.0.lock().unwrap().0)
    }

    fn elapsed(&self) -> Duration {
        secs(self.0.lock().unwrap().1)
    }
}

#[test]
fn where_no_boot_is_known_both_clocks_tell() {
    // Wall and elapsed seconds when the workout starts are 0 and 1000; then those of its next step, whether the process died
    // in between, the seconds that the workout has then, and whether a gap is marked.
    let cases = [
        ((100, 1100), true, 100, false),
        ((150, 1100), true, 100, false),
        ((7300, 1100), false, 100, false),
        ((-7300, 1100), false, 100, false),
        ((7300, 40), true, 7300, true),
        ((7300, 40), false, 7300, true),
        ((7300, 5000), true, 7300, true),
        ((-7300, 5000), true, 0, true),
    ];
    for ((wall, elapsed), dies, expected, gap) in cases {
        let disk = MemoryDisk::new().unwrap();
        let clock = Arc::new(Plain::default());
        let open = || {
            let options = StoreOptions::new().clock(ClockSource::Custom(clock.clone()));
            HealthStore::open(options.delivery(Delivery::Poll).disk(&disk)).unwrap()
        };
        clock.set(0, 1000);
        let mut store = open();
        let mut session = WorkoutSession::new(&store, of(WorkoutActivityType::Running)).unwrap();
        session.start_activity(None).unwrap();
        session.associated_workout_builder().unwrap().begin_collection(store.now()).unwrap();
        clock.set(wall, elapsed);
        if dies {
            drop((session, store));
            store = open();
            session = store.recover_active_workout_session().unwrap().expect("it goes on");
        }
        let case = format!("{wall} {elapsed} {dies}");
        session.pause().unwrap();
        let builder = session.associated_workout_builder().unwrap();
        assert_eq!(builder.elapsed_time(), secs(expected), "{case}");
        assert_eq!(gaps(&builder.workout_events()).len(), usize::from(gap), "{case}");
    }
}

/// What may happen. All times are multiples of ten seconds, so that no difference is small enough to be ignored.
#[derive(Debug, Clone)]
enum Happens {
    Wait(u64),
    Jump(i64),
    Relaunch,
    Reboot(u64, i64),
    Pause,
    Resume,
    Measure,
    Lap,
    Activity,
}

fn happens() -> impl Strategy<Value = Happens> {
    let jump =
        || prop_oneof![-20i64..20, -1000i64..1000, -200_000_000i64..200_000_000].prop_map(|tens| tens * 10);
    prop_oneof![
        4 => (1u64..100).prop_map(|tens| Happens::Wait(tens * 10)),
        2 => jump().prop_map(Happens::Jump),
        1 => Just(Happens::Relaunch),
        1 => (0u64..1000, prop_oneof![Just(0), jump()]).prop_map(|(off, jump)| Happens::Reboot(off * 10, jump)),
        1 => Just(Happens::Pause),
        1 => Just(Happens::Resume),
        2 => Just(Happens::Measure),
        1 => Just(Happens::Lap),
        1 => Just(Happens::Activity),
    ]
}

/// What the workout must be, in seconds after the beginning.
struct Model {
    date: i64,
    wall: i64,
    /// What a date of the host is moved by, as far as it was noted.
    offset: i64,
    /// The last instant that is in the store.
    known: i64,
    elapsed: i64,
    paused: bool,
    beats: Vec<i64>,
    laps: Vec<i64>,
    gaps: Vec<(i64, i64)>,
}

impl Model {
    fn pass(&mut self, seconds: i64) {
        self.date += seconds;
        self.wall += seconds;
        self.elapsed += if self.paused { 0 } else { seconds };
    }

    fn step(&mut self) {
        self.known = self.date;
        self.offset = self.date - self.wall;
    }

    fn play(&mut self, watch: &mut Watch, what: &Happens) {
        match what {
            Happens::Wait(seconds) => {
                watch.wait(*seconds);
                self.pass(*seconds as i64);
            }
            Happens::Jump(seconds) => {
                watch.jump(*seconds);
                self.wall += seconds;
            }
            Happens::Relaunch => {
                watch.relaunch();
                if self.offset != self.date - self.wall {
                    self.step();
                }
            }
            Happens::Reboot(off, jump) => {
                watch.reboot(*off, *jump);
                self.wall += *off as i64 + jump;
                // What nobody wrote down is not known, and the wall clock tells the rest.
                let counts = i64::from(!self.paused);
                let date = self.known.max(self.wall);
                self.elapsed += counts * (date - self.date);
                self.gaps.push((self.known, date));
                self.date = date;
                self.step();
            }
            Happens::Pause | Happens::Resume => {
                let pauses = matches!(what, Happens::Pause);
                let outcome = if pauses { watch.session.pause() } else { watch.session.resume() };
                assert_eq!(outcome.is_ok(), self.paused != pauses);
                if outcome.is_ok() {
                    self.paused = pauses;
                    self.step();
                }
            }
            Happens::Measure => {
                let now = watch.now();
                let beat = QuantitySample::in_stored_unit(QuantityType::HeartRate, 100.0, now, now).unwrap();
                assert_eq!(watch.device.store().ingest_sample(&beat).unwrap().collected, 1);
                self.beats.push(self.date);
                self.step();
            }
            Happens::Lap => {
                let lap = WorkoutEvent::at(WorkoutEventType::Lap, watch.now());
                watch.builder.add_workout_events(vec![lap]).unwrap();
                self.laps.push(self.date);
                self.step();
            }
            Happens::Activity => {
                let run = of(WorkoutActivityType::Running);
                watch.session.begin_new_activity(run, watch.now(), Metadata::new()).unwrap();
                self.step();
            }
        }
    }

    fn check(&self, watch: &Watch) {
        let snapshot = watch.session.snapshot();
        assert_eq!((second(snapshot.taken), snapshot.elapsed), (self.date, secs(self.elapsed as u64)));
        assert_eq!(watch.builder.elapsed_time_at(watch.now()), snapshot.elapsed);
        assert_eq!(second(watch.now()), self.wall);
        let current = watch.session.current_activity();
        assert!(current.duration <= snapshot.elapsed && current.start <= snapshot.taken);
        let events = watch.builder.workout_events();
        assert!(events.is_sorted_by_key(|event| event.start));
        assert!(events.iter().all(|event| at(0) <= event.start && event.end <= snapshot.taken));
        assert_eq!(gaps(&events), self.gaps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_the_clock(all in prop::collection::vec(happens(), 1..40)) {
        let mut watch = Watch::new();
        let mut model = Model {
            date: 0, wall: 0, offset: 0, known: 0, elapsed: 0, paused: false,
            beats: Vec::new(), laps: Vec::new(), gaps: Vec::new(),
        };
        for what in &all {
            model.play(&mut watch, what);
            model.check(&watch);
        }
        let workout = watch.finish();
        prop_assert_eq!(second(workout.end), model.date);
        prop_assert_eq!(workout.duration, secs(model.elapsed as u64));
        let laps = workout.events.iter().filter(|event| event.event_type == WorkoutEventType::Lap);
        prop_assert_eq!(laps.map(|lap| second(lap.start)).collect::<Vec<_>>(), model.laps);
        prop_assert_eq!(watch.samples().iter().map(|beat| beat.0).collect::<Vec<_>>(), model.beats);
        let lasting: Duration = workout.activities.iter().map(|activity| activity.duration).sum();
        prop_assert!(lasting <= workout.duration);
    }
}
