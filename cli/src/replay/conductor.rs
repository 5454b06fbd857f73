//! Makes workouts: the calls of an app, each at its time.

use super::calls::{Call, calls, source_of};
use super::interrupted::TakenUp;
use super::plan::Plan;
use super::speed::{Pace, Speed};
use super::ticket::Ticket;
use super::timeline::{Batch, Happening, Row, Timeline};
use super::{COUNTDOWN, Observer, ReplayedSession, ReplayedWorkout, Scene};
use crate::origin::Origin;
use crate::saved;
use paceline::{
    ErrorCode, ErrorDomain, HealthStore, LiveWorkoutBuilder, LiveWorkoutDataSource, ManualClock, Metadata,
    PacelineError, PackedBatchWriter, QuantitySample, Timestamp, Uuid, WorkoutActivityType, WorkoutEvent,
    WorkoutEventType, WorkoutSession, WorkoutSessionState,
};

/// What becomes one workout.
pub(super) type Part<'a> = (Plan<'a>, Timeline);

/// Leads a store through recorded workouts, one after the other.
///
/// A workout is saved only when the session of the next one is prepared: at every instant until all are saved, the store holds
/// a session that tells what is left to do.
pub(super) struct Conductor<'a> {
    pub(super) store: &'a HealthStore,
    pub(super) clock: &'a ManualClock,
    /// Where it began.
    pub(super) beginning: Timestamp,
    pub(super) speed: Speed,
    /// Where the recording can be read again; a replay without it cannot go on after a kill.
    pub(super) origin: Option<&'a Origin>,
    pub(super) observer: &'a mut dyn Observer,
}

/// The workout that is being made.
struct Stage<'a> {
    session: WorkoutSession,
    builder: LiveWorkoutBuilder,
    part: &'a Part<'a>,
    batch: PackedBatchWriter,
    /// How many of its calls were made before.
    made: usize,
    /// How many samples of each leg were collected; nothing when another process made some of the calls.
    collected: Option<Vec<u64>>,
    activity: WorkoutActivityType,
    /// A pause of the past was added as an event, so that its end must be one as well.
    paused_by_event: bool,
}

impl Stage<'_> {
    fn scene(&self, now: Timestamp) -> Scene<'_> {
        let (start, end) = (self.part.0.start(), self.part.0.end());
        Scene { builder: &self.builder, activity: self.activity, now, start, end }
    }
}

impl Conductor<'_> {
    /// Makes all workouts, or all from the one that was found in the store.
    pub(super) fn conduct(
        &mut self,
        parts: &[Part<'_>],
        found: Option<TakenUp>,
    ) -> Result<Vec<ReplayedWorkout>, PacelineError> {
        // What another process made is counted in the store.
        let before = found.iter().flat_map(|found| &found.before);
        let mut made: Vec<(Uuid, Option<Vec<u64>>)> = before.map(|id| (*id, None)).collect();
        let first = found.as_ref().map_or(0, |found| found.place);
        let mut found = found;
        let mut unsaved: Option<Stage<'_>> = None;
        for (place, part) in parts.iter().enumerate().skip(first) {
            let was_found = found.is_some();
            let begun = match found.take() {
                Some(found) => self.go_on(part, found),
                None => self.begin(part, place, made.iter().map(|(id, _)| *id).collect()),
            };
            if let Some(stage) = unsaved.take()
                && let Err(error) = self.save(&stage)
            {
                // Nothing happened in the next one yet; it must not stand in the way of this one.
                let _ = begun.map(|next| next.session.end());
                return Err(error);
            }
            let mut stage = begun?;
            if let Err(error) = self.play(&mut stage) {
                // What the store could not take may be taken later; what was found in it stays in it.
                if !was_found && error.domain() != ErrorDomain::Store {
                    // What failed first is what the caller must hear of; a failure of the cleaning up is its echo.
                    let _ = stage.builder.discard_workout();
                    let _ = stage.session.end();
                }
                return Err(error);
            }
            made.push((stage.session.id(), stage.collected.take()));
            unsaved = Some(stage);
        }
        if let Some(stage) = unsaved {
            self.save(&stage)?;
        }
        let workouts = parts.iter().zip(made).map(|(part, (id, collected))| {
            let collected = collected.map_or_else(|| saved_of(self.store, part, id), Ok)?;
            let sessions = part.0.legs.iter().zip(collected);
            let sessions = sessions.map(|(leg, samples)| ReplayedSession { index: leg.index, samples });
            Ok(ReplayedWorkout { id, sessions: sessions.collect() })
        });
        workouts.collect()
    }

    /// Makes the session of a workout and prepares it.
    fn begin<'p>(
        &self,
        part: &'p Part<'p>,
        place: usize,
        before: Vec<Uuid>,
    ) -> Result<Stage<'p>, PacelineError> {
        let (plan, timeline) = part;
        let session = WorkoutSession::new(self.store, plan.configuration.clone())?;
        if let Some(origin) = self.origin {
            let ticket = Ticket {
                origin: origin.clone(),
                speed: self.speed,
                clock: self.beginning,
                prepared: self.store.now().max(plan.start().minus(COUNTDOWN)),
                place,
                before,
            };
            session.set_payload(ticket.to_bytes())?;
        }
        let stage = self.stage(part, session, 0)?;
        let data_source = LiveWorkoutDataSource::new(Some(&plan.configuration));
        for kind in timeline.types().iter() {
            // One change by hand also keeps the selection from following the sport of the current leg.
            if plan.is_multi_sport() || !data_source.types_to_collect().contains(kind) {
                data_source.enable_collection(kind, None)?;
            }
        }
        stage.builder.set_data_source(Some(&data_source))?;
        self.clock.advance_to(plan.start().minus(COUNTDOWN));
        stage.session.prepare()?;
        Ok(Stage { made: 1, ..stage })
    }

    /// Takes a session up where the store has it.
    fn go_on<'p>(&self, part: &'p Part<'p>, found: TakenUp) -> Result<Stage<'p>, PacelineError> {
        let made = found.traces.calls_made(&part.1);
        let mut stage = self.stage(part, found.session, made)?;
        for (date, call) in calls(&part.0, &part.1).into_iter().take(made) {
            // It may stand a little before the last call.
            self.clock.advance_to(date);
            match call {
                Call::Perform(Happening::BeginLeg(place)) => {
                    stage.activity = part.0.legs[*place].activity();
                }
                // The session did not hear of a pause that was told as an event.
                Call::Perform(Happening::Pause) => {
                    stage.paused_by_event = stage.session.state() == WorkoutSessionState::Running;
                }
                Call::Perform(Happening::Resume) => stage.paused_by_event = false,
                _ => {}
            }
        }
        Ok(stage)
    }

    fn stage<'p>(
        &self,
        part: &'p Part<'p>,
        session: WorkoutSession,
        made: usize,
    ) -> Result<Stage<'p>, PacelineError> {
        Ok(Stage {
            builder: session.associated_workout_builder()?,
            batch: PackedBatchWriter::new(source_of(self.store, session.id())?, 0),
            session,
            part,
            made,
            collected: (made == 0).then(|| vec![0; part.0.legs.len()]),
            activity: part.0.legs[0].activity(),
            paused_by_event: false,
        })
    }

    /// Makes the calls that are left.
    fn play(&mut self, stage: &mut Stage<'_>) -> Result<(), PacelineError> {
        let (plan, timeline) = stage.part;
        // Time goes on from the last call: what lies before it was waited for by somebody else.
        let pace = Pace::new(self.clock, self.speed);
        for (date, call) in calls(plan, timeline).into_iter().skip(stage.made) {
            pace.wait_until(date, |now| self.observer.moved(&stage.scene(now)));
            match call {
                Call::Prepare => stage.session.prepare(),
                Call::Start => stage.session.start_activity(Some(date)),
                Call::BeginCollection => stage.builder.begin_collection(date),
                Call::Perform(happening) => self.perform(date, happening, stage),
                Call::Stop => stage.session.stop_activity(Some(date)),
                Call::EndCollection => stage.builder.end_collection(date),
                Call::End => stage.session.end(),
            }?;
        }
        Ok(())
    }

    fn save(&mut self, stage: &Stage<'_>) -> Result<(), PacelineError> {
        self.observer.moved(&stage.scene(stage.part.0.end()));
        self.store.poll();
        match stage.builder.finish_workout()? {
            Some(_) => Ok(()),
            None => Err(PacelineError::new(
                ErrorCode::DatabaseInaccessible,
                "the workout was saved but cannot be read while the device is locked; unlock it",
            )),
        }
    }

    fn perform(
        &self,
        at: Timestamp,
        happening: &Happening,
        stage: &mut Stage<'_>,
    ) -> Result<(), PacelineError> {
        let (plan, timeline) = stage.part;
        let is_past = self.store.now() > at;
        match happening {
            Happening::Samples(batch) => self.send(*batch, stage),
            Happening::Event(place) => stage.builder.add_workout_events(vec![timeline.event(*place).clone()]),
            Happening::BeginLeg(place) => {
                let configuration = plan.legs[*place].configuration.clone();
                stage.activity = configuration.activity_type;
                stage.session.begin_new_activity(configuration, at, Metadata::new())
            }
            Happening::EndLeg => stage.session.end_current_activity(at),
            // A session pauses now and never in the past. Where recorded workouts overlap, the clock has passed the
            // pauses of the later one; they are told as what they are: events of the past.
            Happening::Pause if is_past => {
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
    fn send(&self, batch: Batch, stage: &mut Stage<'_>) -> Result<(), PacelineError> {
        // Numbers are looked up in the store, so that only who needs them pays for them.
        stage.batch.restart(if self.origin.is_some() { batch.number } else { 0 });
        let rows = stage.part.1.rows(batch);
        for row in rows {
            stage.batch.push(row.kind, row.start, row.end, row.value);
        }
        let ingested = self.store.ingest(stage.batch.bytes())?;
        if let (Some(collected), Some(row)) = (&mut stage.collected, rows.first()) {
            collected[row.leg] += u64::from(ingested.collected);
        }
        Ok(())
    }
}

/// How many samples of each leg of a saved workout the store has.
fn saved_of(store: &HealthStore, (plan, timeline): &Part<'_>, id: Uuid) -> Result<Vec<u64>, PacelineError> {
    let mut saved_of = vec![0; plan.legs.len()];
    for kind in timeline.types().iter() {
        // Samples come back by rising start and, at the same start, in the order in which they were handed in: so stand the
        // rows, among them those that were not collected.
        let mut rows: Vec<&Row> = timeline.all_rows().iter().filter(|row| row.kind == kind).collect();
        rows.sort_by_key(|row| row.start);
        let mut rest = rows.as_slice();
        saved::for_each_sample(store, id, kind, |sample| {
            if let Some(place) = rest.iter().position(|row| is_row(sample, row)) {
                saved_of[rest[place].leg] += 1;
                rest = &rest[place + 1..];
            }
        })?;
    }
    Ok(saved_of)
}

fn is_row(sample: &QuantitySample, row: &Row) -> bool {
    (sample.start, sample.end) == (row.start, row.end) && sample.value.to_bits() == row.value.to_bits()
}
