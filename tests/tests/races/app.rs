//! An app that shares its store with others, and does not behave.

use paceline::{
    Arbitration, Delivery, ErrorCode, HealthStore, LiveWorkoutBuilder, LiveWorkoutDataSource, PacelineError,
    PackedBatchWriter, QuantityType, SampleSource, SourceId, SourceKind, StoreOptions, WorkoutActivityType,
    WorkoutConfiguration, WorkoutSession, WorkoutSessionState,
};
use paceline_faults::Chance;

pub(crate) const STORE: &str = "PACELINE_RACE_STORE";
pub(crate) const SEED: &str = "PACELINE_RACE_SEED";
pub(crate) const NUMBER: &str = "PACELINE_RACE_NUMBER";

/// Says something to the parent, in one write: it is heard in whole or not at all.
fn say(what: &str) {
    println!("\n> {what}");
}

/// Does what chance says until it is killed.
pub(crate) fn run() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (Some(path), Some(seed), Some(number)) = (std::env::var_os(STORE), number(SEED), number(NUMBER))
    else {
        return;
    };
    let mut chance = Chance::new(seed.wrapping_mul(1000) + number);
    let policy = if chance.below(4) == 0 { Arbitration::Refuse } else { Arbitration::NewcomerWins };
    let options = StoreOptions::new().path(path).delivery(Delivery::Poll).arbitration(policy);
    let store = loop {
        match HealthStore::open(options.clone()) {
            Ok(store) => break store,
            Err(error) => assert_expected(&error),
        }
    };
    let identifier = format!("app {number}");
    let strap = SampleSource { identifier, name: String::new(), kind: SourceKind::External };
    let source = loop {
        match store.register_source(&strap) {
            Ok(source) => break source,
            Err(error) => assert_expected(&error),
        }
    };
    let mut app = App { store, source, batches: 0, session: None };
    loop {
        if let Err(error) = app.act(&mut chance) {
            assert_expected(&error);
        }
    }
}

/// What another process can cause; everything else is told, and fails the test.
fn assert_expected(error: &PacelineError) {
    use ErrorCode::{AnotherWorkoutSessionStarted, InvalidArgument, StoreBusy};
    if error.code() == AnotherWorkoutSessionStarted {
        say("lost");
    } else if ![InvalidArgument, StoreBusy].contains(&error.code()) {
        say(&format!("wrong: {error:?}"));
    }
}

fn run_outside() -> WorkoutConfiguration {
    WorkoutConfiguration::new(WorkoutActivityType::Running)
}

struct App {
    store: HealthStore,
    source: SourceId,
    batches: u64,
    session: Option<WorkoutSession>,
}

impl App {
    fn act(&mut self, chance: &mut Chance) -> Result<(), PacelineError> {
        let Some(session) = self.session.clone() else {
            return match chance.below(4) {
                0 => self.recover(),
                1 => self.start(),
                _ => self.measure(),
            };
        };
        let builder = session.associated_workout_builder()?;
        if session.state() == WorkoutSessionState::Ended {
            return self.finish(&session, &builder);
        }
        match chance.below(40) {
            0 => session.end(),
            1..=3 => session.pause(),
            4..=9 => session.resume(),
            10..=14 => {
                self.store.poll();
                Ok(())
            }
            15 => {
                // Let go of, and found again by whoever is quicker.
                self.session = None;
                Ok(())
            }
            _ => self.measure(),
        }
    }

    fn start(&mut self) -> Result<(), PacelineError> {
        let session = WorkoutSession::new(&self.store, run_outside())?;
        let builder = session.associated_workout_builder()?;
        builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run_outside()))))?;
        session.start_activity(None)?;
        self.session = Some(session.clone());
        builder.begin_collection(self.store.now())?;
        say(&format!("begun {}", session.id()));
        Ok(())
    }

    fn recover(&mut self) -> Result<(), PacelineError> {
        if let Some(session) = self.store.recover_active_workout_session()? {
            say("recovered");
            self.session = Some(session);
        }
        Ok(())
    }

    fn measure(&mut self) -> Result<(), PacelineError> {
        let now = self.store.now();
        let mut batch = PackedBatchWriter::new(self.source, self.batches + 1);
        batch.push(QuantityType::HeartRate, now, now, 120.0);
        let ingested = self.store.ingest(batch.bytes())?;
        self.batches += 1;
        if ingested.samples == 1 && ingested.durable {
            say("batch");
        } else {
            say(&format!("wrong: {ingested:?}"));
        }
        Ok(())
    }

    fn finish(
        &mut self,
        session: &WorkoutSession,
        builder: &LiveWorkoutBuilder,
    ) -> Result<(), PacelineError> {
        self.session = None;
        if builder.start_date().is_none() {
            return builder.discard_workout();
        }
        if builder.end_date().is_none() {
            builder.end_collection(self.store.now())?;
        }
        builder.finish_workout()?;
        say(&format!("saved {}", session.id()));
        Ok(())
    }
}
