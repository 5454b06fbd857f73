//! Whatever meets on a device while a workout goes on (a disk that refuses, a suspended store, kills, reboots, clocks that are
//! set), the workout is the one that it would have been without, and what was not saved when the app was killed is lost cleanly.

#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::{Transcript, at, of, secs, shown};
use paceline::*;
use proptest::prelude::*;
use std::fmt::Write;
use std::sync::Arc;

/// A jump is longer than any of these workouts, so that no date can be taken for one of before the jump.
const JUMP: i64 = 1_000_000;

#[derive(Debug, Clone)]
enum Command {
    // What an app does. Times are seconds.
    Start,
    Pause,
    Resume,
    Stop,
    End,
    EndCollection,
    Finish,
    Discard,
    Lap { ago: i64 },
    Interval,
    EndInterval,
    Payload(u8),
    Beat { ago: i64 },
    ByHand { ago: i64 },
    Wait(u64),
    Poll,
    // What happens to it.
    Disk(bool),
    Suspend,
    Wake,
    Kill,
    Jump(i64),
    Reboot,
}

fn command() -> impl Strategy<Value = Command> {
    use Command::*;
    prop_oneof![
        2 => Just(Start),
        3 => Just(Pause),
        3 => Just(Resume),
        1 => Just(Stop),
        1 => Just(End),
        1 => Just(EndCollection),
        1 => Just(Finish),
        1 => Just(Discard),
        1 => (0..30i64).prop_map(|ago| Lap { ago }),
        1 => Just(Interval),
        1 => Just(EndInterval),
        1 => any::<u8>().prop_map(Payload),
        5 => prop_oneof![Just(0), 0..300i64].prop_map(|ago| Beat { ago }),
        1 => (0..100i64).prop_map(|ago| ByHand { ago }),
        5 => prop_oneof![1..10u64, 30..200u64].prop_map(Wait),
        3 => Just(Poll),
        4 => any::<bool>().prop_map(Disk),
        2 => Just(Suspend),
        2 => Just(Wake),
        2 => Just(Kill),
        2 => (-3..4i64).prop_map(Jump),
        1 => Just(Reboot),
    ]
}

/// What a delegate hears; what it hears about the disk apart from the rest.
#[derive(Clone, Default)]
struct Ear {
    session: Transcript,
    disk: Transcript,
}

impl WorkoutSessionDelegate for Ear {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        self.session.add(format!("{from} -> {to} {}", shown(date)));
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        self.session.add(format!("failed {}", error.code().raw()));
    }

    fn did_generate_event(&self, _: &WorkoutSession, event: &WorkoutEvent) {
        if !is_gap(event) {
            self.session.add(format!("event {} {}", event.event_type, shown(event.start)));
        }
    }

    fn did_begin_activity(&self, _: &WorkoutSession, _: &WorkoutConfiguration, date: Timestamp) {
        self.session.add(format!("begin {}", shown(date)));
    }

    fn did_end_activity(&self, _: &WorkoutSession, _: &WorkoutConfiguration, date: Timestamp) {
        self.session.add(format!("end {}", shown(date)));
    }

    fn did_lose_durability(&self, _: &WorkoutSession, _: &PacelineError) {
        self.disk.add("lost");
    }

    fn did_regain_durability(&self, _: &WorkoutSession) {
        self.disk.add("regained");
    }
}

fn is_gap(event: &WorkoutEvent) -> bool {
    event.metadata.contains_key(metadata_keys::GAP)
}

/// A device, the app on it, and all that the app sees.
struct World {
    simulation: Simulation,
    device: SimulatedDevice,
    session: Option<WorkoutSession>,
    ear: Ear,
    log: String,
    jumped: i64,
    writable: bool,
    suspended: bool,
    /// How many samples were accepted.
    samples: u64,
    /// Nothing of what happens to an app happens here.
    quiet: bool,
}

/// What must be there after a kill.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    session: Option<(Uuid, WorkoutSessionState, Vec<u8>)>,
    dates: Vec<Option<Timestamp>>,
    /// How many there are.
    events: usize,
    activities: usize,
    samples: u64,
}

impl World {
    fn new(quiet: bool) -> Self {
        let simulation = Simulation::new(at(0), 1);
        let device = simulation.add_device("watch", DeviceOptions::default()).unwrap();
        let (ear, log) = (Ear::default(), String::new());
        Self {
            simulation,
            device,
            session: None,
            ear,
            log,
            jumped: 0,
            writable: true,
            suspended: false,
            samples: 0,
            quiet,
        }
    }

    fn store(&self) -> HealthStore {
        self.device.store()
    }

    fn now(&self, ago: i64) -> Timestamp {
        self.store().now().plus_micros(-ago * 1_000_000)
    }

    fn listen(&self) {
        if let Some(session) = &self.session {
            session.set_delegate(Some(Arc::new(self.ear.clone())));
        }
    }

    fn builder(&self) -> Option<LiveWorkoutBuilder> {
        self.session.as_ref()?.associated_workout_builder().ok()
    }

    fn heal(&mut self) {
        self.device.set_disk_writable(true).unwrap();
        self.writable = true;
        self.store().resume().unwrap();
        self.suspended = false;
        self.simulation.poll();
    }

    fn jump_to(&mut self, jumped: i64) {
        self.device.jump_clock((jumped - self.jumped) * JUMP * 1_000_000);
        self.jumped = jumped;
    }

    fn is_durable(&self) -> bool {
        self.session.as_ref().is_none_or(WorkoutSession::is_durable)
    }

    /// The app is launched again, and goes on with what is there.
    fn recover(&mut self) {
        self.device.relaunch().unwrap();
        self.session = self.store().recover_active_workout_session().unwrap();
        self.listen();
    }

    fn deliver(&mut self) {
        self.simulation.poll();
        for line in self.ear.session.take() {
            writeln!(self.log, "  {line}").unwrap();
        }
    }

    /// Of what happens to apps, what is there afterwards must be the same as if it had not happened.
    fn disturb(&mut self, command: &Command) {
        match command {
            Command::Disk(writable) => {
                self.device.set_disk_writable(*writable).unwrap();
                self.writable = *writable;
            }
            Command::Suspend => drop(self.store().suspend()),
            Command::Wake => drop(self.store().resume()),
            Command::Jump(by) => self.jump_to(self.jumped + by),
            Command::Kill | Command::Reboot => {
                if !self.is_durable() || !self.writable {
                    return;
                }
                if matches!(command, Command::Reboot) {
                    self.jump_to(0);
                    self.device.reboot();
                }
                let open = self.session.clone();
                self.recover();
                let found = self.session.as_ref().map(WorkoutSession::id);
                assert_eq!(found, open.as_ref().map(WorkoutSession::id));
                if let (Some(before), Some(now)) = (open, &self.session) {
                    assert_eq!(now.payload(), before.payload());
                }
            }
            _ => {}
        }
    }

    fn perform(&mut self, command: &Command) {
        use Command::*;
        if matches!(command, Disk(_) | Suspend | Wake | Kill | Jump(_) | Reboot) {
            if matches!(command, Kill | Reboot) {
                self.deliver();
            }
            if !self.quiet {
                self.disturb(command);
            }
            return;
        }
        // These do not wait for the disk.
        if matches!(command, Start | Finish | Discard) && !self.quiet {
            self.heal();
        }
        if let Wait(seconds) = command {
            self.simulation.advance(secs(*seconds));
            return;
        }
        let outcome = self.act(command);
        let Some(session) = &self.session else {
            writeln!(self.log, "{command:?} {outcome:?}").unwrap();
            return;
        };
        let (picture, elapsed) = (session.snapshot(), self.builder().map(|builder| builder.elapsed_time()));
        let events = self.events();
        writeln!(
            self.log,
            "{command:?} {outcome:?} {} {:?} {:?} {:?} {:?} {:?} {} {events}",
            picture.state,
            picture.start_date,
            picture.end_date,
            picture.collection_start,
            picture.collection_end,
            elapsed,
            picture.activities.len()
        )
        .unwrap();
        if matches!(command, Poll) {
            self.deliver();
        }
    }

    fn act(&mut self, command: &Command) -> Result<(), ErrorCode> {
        use Command::*;
        let code = |error: PacelineError| error.code();
        if matches!(command, Start) {
            return self.start().map_err(code);
        }
        let (Some(session), Some(builder)) = (self.session.clone(), self.builder()) else { return Ok(()) };
        let beat = |ago| {
            let date = self.now(ago);
            QuantitySample::in_stored_unit(QuantityType::HeartRate, (100 + ago % 60) as f64, date, date)
        };
        match command {
            Pause => session.pause(),
            Resume => session.resume(),
            Stop => session.stop_activity(None),
            End => session.end(),
            EndCollection => builder.end_collection(self.now(0)),
            Finish => return self.finish().map_err(code),
            Discard => builder.discard_workout().and_then(|()| self.end()),
            Lap { ago } => {
                builder.add_workout_events(vec![WorkoutEvent::at(WorkoutEventType::Lap, self.now(*ago))])
            }
            Interval => {
                session.begin_new_activity(of(WorkoutActivityType::Running), self.now(0), Metadata::new())
            }
            EndInterval => session.end_current_activity(self.now(0)),
            Payload(payload) => session.set_payload([*payload]),
            Beat { ago } => match self.store().ingest_sample(&beat(*ago).unwrap()) {
                Ok(ingested) => {
                    assert!(!ingested.durable || self.is_durable());
                    self.samples += 1;
                    writeln!(self.log, "collected {}", ingested.collected).unwrap();
                    Ok(())
                }
                Err(error) => Err(error),
            },
            ByHand { ago } => builder.add_samples(&[beat(*ago).unwrap()]).inspect(|()| self.samples += 1),
            _ => Ok(()),
        }
        .map_err(code)
    }

    /// How many events there are, gaps aside.
    fn events(&self) -> usize {
        let events = self.builder().map(|builder| builder.workout_events());
        events.iter().flat_map(|events| events.iter()).filter(|event| !is_gap(event)).count()
    }

    fn picture(&self) -> Picture {
        let seen = self.session.as_ref().map(WorkoutSession::snapshot);
        let dates = |seen: &WorkoutSnapshot| {
            [seen.start_date, seen.end_date, seen.collection_start, seen.collection_end]
        };
        let session = self.session.as_ref();
        Picture {
            session: session.map(|session| (session.id(), session.state(), session.payload().to_vec())),
            dates: seen.iter().flat_map(dates).collect(),
            events: self.events(),
            activities: seen.map_or(0, |seen| seen.activities.len()),
            samples: self.samples,
        }
    }

    /// Kills the app, or lets the battery run empty, at any moment.
    fn die(&mut self, reboots: bool) {
        if reboots {
            self.device.reboot();
            self.simulation.advance(secs(100));
        } else {
            self.device.kill();
        }
        self.device.relaunch().unwrap();
        self.heal();
        self.session = self.store().recover_active_workout_session().unwrap();
        self.samples = self.store().sample_count().unwrap();
        self.ear.disk.take();
        self.listen();
    }

    fn start(&mut self) -> Result<(), PacelineError> {
        if !self.quiet {
            self.jump_to(0);
        }
        let loser = self.session.take();
        let run = of(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&self.store(), run.clone())?;
        self.session = Some(session.clone());
        self.listen();
        let builder = session.associated_workout_builder()?;
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run))))?;
        session.start_activity(None)?;
        builder.begin_collection(self.store().now())?;
        if let Some(loser) = loser {
            assert_eq!(loser.state(), WorkoutSessionState::Ended);
            let newcomer = self.session.replace(loser);
            self.finish()?;
            self.session = newcomer;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), PacelineError> {
        let Some(builder) = self.builder() else { return Ok(()) };
        if builder.end_date().is_none() {
            builder.end_collection(self.now(0))?;
        }
        let workout = builder.finish_workout()?.expect("not locked");
        let (start, end, duration) = (workout.start, workout.end, workout.duration);
        let events: Vec<_> = workout.events.iter().filter(|event| !is_gap(event)).collect();
        let activities: Vec<_> = workout
            .activities
            .iter()
            .map(|activity| (activity.start, activity.end, activity.duration, &activity.statistics))
            .collect();
        writeln!(
            self.log,
            "saved {start:?} {end:?} {duration:?} {events:?} {activities:?} {:?}",
            workout.statistics
        )
        .unwrap();
        self.end()
    }

    /// Nothing is left to be done with the session.
    fn end(&mut self) -> Result<(), PacelineError> {
        match self.session.take() {
            Some(session) if session.state() != WorkoutSessionState::Ended => session.end(),
            _ => Ok(()),
        }
    }
}

/// All that the app saw, and what its delegate heard of the disk.
fn play(commands: &[Command], quiet: bool) -> (String, Vec<String>) {
    let mut world = World::new(quiet);
    for command in [&Command::Start].into_iter().chain(commands) {
        world.perform(command);
    }
    if !quiet {
        world.heal();
    }
    world.perform(&Command::Wait(60));
    world.deliver();
    assert!(world.is_durable());
    world.perform(&Command::Finish);
    world.deliver();
    (world.log, world.ear.disk.take())
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn a_workout_is_what_it_would_have_been_without(commands in prop::collection::vec(command(), 1..60)) {
        let (disturbed, heard) = play(&commands, false);
        let (undisturbed, _) = play(&commands, true);
        prop_assert_eq!(disturbed, undisturbed);
        for pair in heard.chunks(2) {
            prop_assert_eq!(pair, ["lost", "regained"]);
        }
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn what_was_not_saved_is_lost_and_nothing_else(commands in prop::collection::vec(command(), 1..60)) {
        let mut world = World::new(false);
        let mut saved = world.picture();
        let mut last = Timestamp::MIN;
        for command in [&Command::Start].into_iter().chain(&commands) {
            let was_suspended = world.suspended;
            let flushed = match command {
                Command::Kill | Command::Reboot => {
                    world.die(matches!(command, Command::Reboot));
                    prop_assert_eq!(world.picture(), saved.clone());
                    true
                }
                Command::Suspend => {
                    world.suspended = true;
                    world.store().suspend().is_ok() && !was_suspended
                }
                Command::Wake => {
                    world.suspended = false;
                    world.store().resume().is_ok() && was_suspended
                }
                Command::Start => {
                    last = Timestamp::MIN;
                    world.perform(command);
                    true
                }
                _ => {
                    world.perform(command);
                    false
                }
            };
            if flushed || (world.is_durable() && !world.suspended) {
                saved = world.picture();
            }
            if let Some(session) = &world.session {
                let now = session.snapshot().taken;
                prop_assert!(now >= last || matches!(command, Command::Kill | Command::Reboot));
                last = now;
            }
        }
    }
}

/// PROPTEST_CASES asks for more.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}
