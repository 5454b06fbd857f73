//! A workout as a list of steps, each one call.

use paceline::{
    HealthStore, LiveWorkoutDataSource, ManualClock, Metadata, MetadataValue, PacelineError,
    PackedBatchWriter, QuantityType, SourceId, Timestamp, WorkoutActivityType, WorkoutConfiguration,
    WorkoutEvent, WorkoutEventType, WorkoutSession,
};
use paceline_faults::Chance;

/// When every workout begins, in seconds.
pub const T0: i64 = 1_700_000_000;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are named for the calls they make")]
pub enum Step {
    Prepare,
    Start,
    Collect,
    /// A packed batch: readings and amounts since this many seconds, some of them late.
    Batch {
        seconds: i64,
        late: i64,
    },
    Pause,
    Resume,
    Lap,
    /// A pause of the past, told late.
    PastPause,
    Begin,
    EndActivity,
    Note,
    Payload,
    Stop,
    EndCollection,
    Finish,
}

impl Step {
    /// Whether it changes the state of the session or of collection, and is brought to the disk before its call returns.
    pub fn is_state_change(self) -> bool {
        use Step::{Collect, EndCollection, Finish, Pause, Prepare, Resume, Start, Stop};
        matches!(self, Prepare | Start | Collect | Pause | Resume | Stop | EndCollection | Finish)
    }
}

/// The steps with their times, in seconds after the beginning.
#[derive(Debug)]
pub struct Script(Vec<(i64, Step)>);

/// What the steps are made with.
#[derive(Debug)]
pub struct Stage {
    /// The store.
    pub store: HealthStore,
    /// Its time.
    pub clock: ManualClock,
    session: Option<WorkoutSession>,
}

impl Stage {
    /// Goes on with what is in the store.
    ///
    /// # Errors
    /// Those of recovery.
    pub fn recovered(store: HealthStore, clock: ManualClock) -> Result<Self, PacelineError> {
        let session = store.recover_active_workout_session()?;
        Ok(Self { store, clock, session })
    }

    /// Whether the session is as safe as it was promised to be.
    pub fn is_durable(&self) -> bool {
        self.session.as_ref().is_some_and(WorkoutSession::is_durable)
    }
}

fn run() -> WorkoutConfiguration {
    WorkoutConfiguration::new(WorkoutActivityType::Running)
}

impl Script {
    /// Some 150 steps, drawn from a seed.
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut steps = vec![(0, Step::Prepare), (3, Step::Start), (3, Step::Collect)];
        let (mut now, mut paused, mut open) = (3, false, false);
        for _ in 0..150 {
            let seconds = 1 + chance.below(4) as i64;
            now += seconds;
            let step = match chance.below(24) {
                0 if !paused => Step::Pause,
                1..=4 if paused => Step::Resume,
                5 => Step::Lap,
                6 if now > 90 => Step::PastPause,
                7 if !open => Step::Begin,
                8 if open => Step::EndActivity,
                9 => Step::Note,
                10 => Step::Payload,
                11 => Step::Batch { seconds, late: chance.below(100) as i64 },
                _ => Step::Batch { seconds, late: 0 },
            };
            match step {
                Step::Pause => paused = true,
                Step::Resume => paused = false,
                Step::Begin => open = true,
                Step::EndActivity => open = false,
                _ => {}
            }
            steps.push((now, step));
        }
        Self(steps).finished()
    }

    /// A short workout with every kind of step in it, one every second.
    pub fn short() -> Self {
        use Step::{
            Batch, Begin, Collect, EndActivity, Lap, Note, PastPause, Pause, Payload, Prepare, Resume, Start,
        };
        let batch = Batch { seconds: 1, late: 0 };
        let steps = [
            Prepare,
            Start,
            Collect,
            batch,
            Note,
            batch,
            Lap,
            batch,
            Begin,
            batch,
            batch,
            Payload,
            Pause,
            batch,
            Resume,
            batch,
            batch,
            EndActivity,
            batch,
            Note,
            batch,
            batch,
            batch,
            Payload,
            batch,
            Lap,
            batch,
        ];
        let mut all: Vec<_> =
            steps.into_iter().enumerate().map(|(second, step)| (second as i64, step)).collect();
        // Long enough for a checkpoint, and for samples and pauses that come late.
        all.extend([(70, batch), (91, PastPause), (92, Batch { seconds: 1, late: 75 }), (93, batch)]);
        Self(all).finished()
    }

    /// Ending a session whose workout is saved leaves nothing; it is not told apart from having saved it.
    fn finished(mut self) -> Self {
        let now = self.0.last().map_or(0, |(second, _)| *second);
        self.0.extend([Step::Stop, Step::EndCollection, Step::Finish].map(|step| (now, step)));
        self
    }

    /// How many steps there are.
    #[allow(clippy::len_without_is_empty, reason = "there are always some")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The last step of so many.
    pub fn tell(&self, steps: usize) -> Option<Step> {
        Some(self.0.get(steps.checked_sub(1)?)?.1)
    }

    /// A step.
    pub fn step(&self, number: usize) -> Step {
        self.0[number].1
    }

    /// When it is made, in seconds after the beginning.
    pub fn second(&self, number: usize) -> i64 {
        self.0[number].0
    }

    /// The present before a step is made.
    pub fn time_before(&self, step: usize) -> Timestamp {
        let last = step.checked_sub(1).and_then(|last| self.0.get(last)).map_or(0, |(seconds, _)| *seconds);
        Timestamp::from_seconds(T0 + last)
    }

    /// Makes one step. Whatever it does is acknowledged when this returns success.
    ///
    /// # Errors
    /// Those of its call; then it can be made again.
    pub fn perform(&self, number: usize, stage: &mut Stage) -> Result<(), PacelineError> {
        let (seconds, step) = self.0[number];
        // Made anew after a power cut it comes late, and is about the same time.
        let now = Timestamp::from_seconds(T0 + seconds);
        stage.clock.advance_to(now);
        if matches!(step, Step::Prepare) {
            let session = WorkoutSession::new(&stage.store, run()).expect("a valid configuration");
            let builder = session.associated_workout_builder().expect("a builder");
            let source = LiveWorkoutDataSource::new(Some(&run()));
            builder.set_data_source(Some(&source)).expect("it is new");
            stage.session = Some(session);
        }
        let session = stage.session.as_ref().expect("it was made or recovered");
        let builder = session.associated_workout_builder().expect("a builder");
        let outcome = match step {
            Step::Prepare => session.prepare(),
            Step::Start => session.start_activity(None),
            Step::Collect => builder.begin_collection(now),
            Step::Batch { seconds, late } => {
                let batch = batch(number as u64, now, seconds, late);
                stage.store.ingest(batch.bytes()).map(drop)
            }
            Step::Pause => session.pause(),
            Step::Resume => session.resume(),
            Step::Lap => {
                let from = now.plus_micros(-1_000_000);
                builder.add_workout_events(vec![WorkoutEvent::over(WorkoutEventType::Lap, from, now)])
            }
            Step::PastPause => {
                let at = |back: i64| now.plus_micros(-back * 1_000_000);
                builder.add_workout_events(vec![
                    WorkoutEvent::at(WorkoutEventType::Pause, at(80)),
                    WorkoutEvent::at(WorkoutEventType::Resume, at(78)),
                ])
            }
            Step::Begin => session.begin_new_activity(run(), now, Metadata::new()),
            Step::EndActivity => session.end_current_activity(now),
            Step::Note => builder
                .add_metadata(Metadata::from([("note".to_owned(), MetadataValue::Number(number as f64))])),
            Step::Payload => session.set_payload(number.to_string()),
            Step::Stop => session.stop_activity(None),
            Step::EndCollection => builder.end_collection(now),
            Step::Finish => builder.finish_workout().map(drop),
        };
        // Late samples are counted anew when somebody polls.
        stage.store.poll();
        outcome
    }
}

fn batch(number: u64, now: Timestamp, seconds: i64, late: i64) -> PackedBatchWriter {
    let mut batch = PackedBatchWriter::new(SourceId::OWN, number + 1);
    let back = |seconds: i64| now.plus_micros(-seconds * 1_000_000);
    batch.push(QuantityType::DistanceWalkingRunning, back(late + seconds), back(late), 2.75 * seconds as f64);
    for second in 0..seconds {
        let beat = 120 + (number * 7 + second.unsigned_abs()) % 40;
        batch.push(QuantityType::HeartRate, back(late + second), back(late + second), beat as f64);
    }
    batch
}
