//! Makes one workout: the calls of an app, each at its time.

use super::plan::Plan;
use super::speed::{Pace, Speed};
use super::timeline::{Happening, RowRange, Timeline};
use super::{COUNTDOWN, Observer, ReplayedSession, ReplayedWorkout, Scene};
use paceline::{
    ErrorCode, HealthStore, LiveWorkoutBuilder, LiveWorkoutDataSource, ManualClock, Metadata, PacelineError,
    PackedBatchWriter, SampleSource, SourceKind, Timestamp, WorkoutActivityType, WorkoutEvent,
    WorkoutEventType, WorkoutSession,
};

/// Who measured, in every store: the device that made the recording.
const SOURCE: (&str, &str) = ("recording", "Recording device");

/// Leads a store through recorded workouts, one after the other.
pub(super) struct Conductor<'a> {
    store: &'a HealthStore,
    pace: Pace<'a>,
    batch: PackedBatchWriter,
    observer: &'a mut dyn Observer,
}

/// The workout that is being made.
struct Stage<'a> {
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
    plan: &'a Plan<'a>,
    timeline: &'a Timeline,
    activity: WorkoutActivityType,
    /// How many samples of each leg were collected.
    collected: Vec<u64>,
    /// A pause of the past was added as an event, so that its end must be one as well.
    paused_by_event: bool,
}

impl<'a> Conductor<'a> {
    pub(super) fn new(
        store: &'a HealthStore,
        clock: &'a ManualClock,
        speed: Speed,
        observer: &'a mut dyn Observer,
    ) -> Result<Self, PacelineError> {
        let (identifier, name) = SOURCE;
        let source = store.register_source(&SampleSource {
            identifier: identifier.to_owned(),
            name: name.to_owned(),
            kind: SourceKind::Device,
        })?;
        // Batches are never sent twice, and numbers would have to go on where the last run into this store ended.
        let batch = PackedBatchWriter::new(source, 0);
        Ok(Self { store, pace: Pace::new(clock, speed), batch, observer })
    }

    pub(super) fn conduct(
        &mut self,
        plan: &Plan<'_>,
        timeline: &Timeline,
    ) -> Result<ReplayedWorkout, PacelineError> {
        let session = WorkoutSession::new(self.store, plan.configuration.clone())?;
        let mut stage = Stage {
            builder: session.associated_workout_builder()?,
            session,
            plan,
            timeline,
            activity: plan.legs[0].activity(),
            collected: vec![0; plan.legs.len()],
            paused_by_event: false,
        };
        if let Err(error) = self.play(&mut stage) {
            // What failed first is what the caller must hear of; a failure of the cleaning up is its echo.
            let _ = stage.builder.discard_workout();
            let _ = stage.session.end();
            return Err(error);
        }
        let sessions = plan
            .legs
            .iter()
            .zip(&stage.collected)
            .map(|(leg, samples)| ReplayedSession { index: leg.index, samples: *samples })
            .collect();
        Ok(ReplayedWorkout { id: stage.session.id(), sessions })
    }

    fn play(&mut self, stage: &mut Stage<'_>) -> Result<(), PacelineError> {
        let (plan, timeline) = (stage.plan, stage.timeline);
        let start = Timestamp::from_micros(plan.start_us());
        let end = Timestamp::from_micros(plan.end_us());

        let data_source = LiveWorkoutDataSource::new(Some(&plan.configuration));
        for kind in timeline.types().iter() {
            // One change by hand also keeps the selection from following the sport of the current leg.
            if plan.is_multi_sport() || !data_source.types_to_collect().contains(kind) {
                data_source.enable_collection(kind, None)?;
            }
        }
        stage.builder.set_data_source(Some(&data_source))?;

        self.pace.jump_to(start.minus(COUNTDOWN));
        stage.session.prepare()?;
        self.wait_until(start, stage);
        stage.session.start_activity(Some(start))?;
        stage.builder.begin_collection(start)?;
        for (at, happening) in &timeline.happenings {
            if *at > self.pace.now() {
                self.wait_until(*at, stage);
            }
            self.perform(*at, happening, stage)?;
        }
        self.wait_until(end, stage);
        stage.session.stop_activity(Some(end))?;
        stage.builder.end_collection(end)?;
        self.store.poll();
        if stage.builder.finish_workout()?.is_none() {
            return Err(PacelineError::new(
                ErrorCode::DatabaseInaccessible,
                "the workout was saved but cannot be read while the device is locked; unlock it",
            ));
        }
        stage.session.end()
    }

    fn perform(
        &mut self,
        at: Timestamp,
        happening: &Happening,
        stage: &mut Stage<'_>,
    ) -> Result<(), PacelineError> {
        match happening {
            Happening::Samples(rows) => self.send(*rows, stage),
            Happening::Event(place) => {
                stage.builder.add_workout_events(vec![stage.timeline.event(*place).clone()])
            }
            Happening::BeginLeg(place) => {
                let configuration = stage.plan.legs[*place].configuration.clone();
                stage.activity = configuration.activity_type;
                stage.session.begin_new_activity(configuration, at, Metadata::new())
            }
            Happening::EndLeg => stage.session.end_current_activity(at),
            // A session pauses now and never in the past. Where recorded workouts overlap, the clock has passed the
            // pauses of the later one; they are told as what they are: events of the past.
            Happening::Pause if self.pace.now() > at => {
                stage.paused_by_event = true;
                stage.builder.add_workout_events(vec![WorkoutEvent::at(WorkoutEventType::Pause, at)])
            }
            Happening::Resume if stage.paused_by_event => {
                stage.paused_by_event = false;
                stage.builder.add_workout_events(vec![WorkoutEvent::at(WorkoutEventType::Resume, at)])
            }
            Happening::Pause => stage.session.pause(),
            Happening::Resume => stage.session.resume(),
        }
    }

    /// Hands in what was measured at one instant.
    fn send(&mut self, rows: RowRange, stage: &mut Stage<'_>) -> Result<(), PacelineError> {
        let rows = stage.timeline.rows(rows);
        // At the border of two legs one instant has rows of both; each leg counts its own.
        for rows in rows.chunk_by(|a, b| a.leg == b.leg) {
            self.batch.restart(0);
            for row in rows {
                self.batch.push(row.kind, row.start, row.end, row.value);
            }
            let ingested = self.store.ingest(self.batch.bytes())?;
            stage.collected[rows[0].leg] += u64::from(ingested.collected);
        }
        Ok(())
    }

    fn wait_until(&mut self, date: Timestamp, stage: &Stage<'_>) {
        let Self { pace, observer, .. } = self;
        let (start, end) =
            (Timestamp::from_micros(stage.plan.start_us()), Timestamp::from_micros(stage.plan.end_us()));
        pace.wait_until(date, |now| {
            let scene = Scene { builder: &stage.builder, activity: stage.activity, now, start, end };
            observer.moved(&scene);
        });
    }
}
