//! What an app hears of a disk that is full, and what becomes of what it hands in meanwhile.

use crate::workout::store_on;
use paceline::{
    HealthStore, LiveWorkoutDataSource, ManualClock, PacelineError, QuantitySample, QuantityType,
    StoreOptions, Timestamp, WorkoutActivityType, WorkoutConfiguration, WorkoutSession,
    WorkoutSessionDelegate, WorkoutSessionState,
};
use paceline_faults::{Disk, Fault, Kind};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Default)]
struct Ears(Mutex<Vec<String>>);

impl Ears {
    fn hear(&self, what: String) {
        self.0.lock().expect("nobody panics").push(what);
    }

    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("nobody panics"))
    }
}

impl WorkoutSessionDelegate for Ears {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.hear(to.to_string());
    }

    fn did_lose_durability(&self, session: &WorkoutSession, error: &PacelineError) {
        assert!(!session.is_durable());
        self.hear(format!("lost: {}", error.code().name()));
    }

    fn did_regain_durability(&self, session: &WorkoutSession) {
        assert!(session.is_durable());
        self.hear("regained".to_owned());
    }
}

fn open(path: &Path) -> (HealthStore, ManualClock) {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    (HealthStore::open(StoreOptions::new().path(path).clock(&clock)).expect("it opens"), clock)
}

struct Recording {
    disk: Disk,
    store: HealthStore,
    clock: ManualClock,
    session: WorkoutSession,
    ears: Arc<Ears>,
}

impl Recording {
    /// A workout with ten beats, on a disk that takes no more.
    fn on_a_full_disk() -> Self {
        let disk = Disk::new();
        let (store, clock) = open(&store_on(&disk));
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let session = WorkoutSession::new(&store, run.clone()).expect("it is valid");
        let builder = session.associated_workout_builder().expect("it has one");
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).expect("it is new");
        session.start_activity(None).expect("there is room");
        builder.begin_collection(store.now()).expect("there is room");
        let ears = Arc::new(Ears::default());
        session.set_delegate(Some(ears.clone()));
        let recording = Self { disk, store, clock, session, ears };
        assert!((0..10).all(|_| recording.beat()), "there is room");
        assert_eq!(recording.ears.heard(), ["running"]);
        recording.disk.fail(Fault { kind: Kind::Full, from: recording.disk.operations(), count: usize::MAX });
        recording
    }

    /// Takes in a beat, which is always accepted; tells whether it is durable.
    fn beat(&self) -> bool {
        self.clock.advance(Duration::from_secs(1));
        let now = self.store.now();
        let beat = QuantitySample::in_stored_unit(QuantityType::HeartRate, 120.0, now, now).expect("valid");
        let ingested = self.store.ingest_sample(&beat).expect("it is accepted");
        assert_eq!((ingested.samples, ingested.collected), (1, 1));
        self.store.poll();
        assert_eq!(ingested.durable, self.session.is_durable());
        ingested.durable
    }
}

/// How many beats and which state are in the file after the process died.
fn left(disk: &Disk) -> (u64, WorkoutSessionState) {
    disk.mend();
    let (store, _clock) = open(&store_on(disk));
    let session = store.recover_active_workout_session().expect("it can be read").expect("it is there");
    (store.sample_count().expect("it can be read"), session.state())
}

#[test]
fn what_the_full_disk_does_not_take_is_told_and_saved_later() {
    let recording = Recording::on_a_full_disk();
    assert!((0..20).all(|_| !recording.beat()));
    recording.session.pause().expect("it is accepted");
    recording.store.poll();
    assert_eq!(recording.ears.heard(), ["lost: full", "paused"], "once");
    recording.disk.mend();
    recording.clock.advance(Duration::from_secs(60));
    recording.store.poll();
    assert_eq!(recording.ears.heard(), ["regained"], "once");
    assert!(recording.session.is_durable());
    let Recording { disk, store, session, .. } = recording;
    disk.kill();
    drop((store, session));
    assert_eq!(left(&disk), (30, WorkoutSessionState::Paused));
}

#[test]
fn what_was_not_durable_is_lost_with_the_process_and_nothing_else() {
    let recording = Recording::on_a_full_disk();
    assert!((0..20).all(|_| !recording.beat()));
    recording.session.pause().expect("it is accepted");
    let Recording { disk, store, session, .. } = recording;
    disk.kill();
    drop((store, session));
    assert_eq!(left(&disk), (10, WorkoutSessionState::Running));
}
