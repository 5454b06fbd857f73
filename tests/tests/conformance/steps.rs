//! Steps that do something: each is one call of the public interface.

use crate::script::{Arguments, START, Wrong, named};
use crate::stage::{Player, Stage, deafen};
use crate::telling::{self, ok, silent, told};
use paceline::{
    AuthorizationStatus, ErrorCode, LiveWorkoutBuilder, LiveWorkoutDataSource, PacelineError,
    PackedBatchWriter, QuantitySample, QuantityType, SampleId, SamplePredicate, SampleSource,
    SimulatedDevice, SourceId, SourceKind, Timestamp, Uuid, WorkoutActivityType, WorkoutConfiguration,
    WorkoutSession, WorkoutSessionLocationType,
};

/// The result lines of a step; nothing when there is no such verb.
pub(crate) type Played = Result<Option<Vec<String>>, Wrong>;

#[expect(deprecated, reason = "the scenarios play the whole surface")]
pub(crate) fn orphan(configuration: WorkoutConfiguration, join: impl FnOnce(WorkoutSession)) -> Vec<String> {
    silent(WorkoutSession::with_configuration(configuration).map(join))
}

#[expect(deprecated, reason = "the scenarios play the whole surface")]
pub(crate) fn legacy(activity: WorkoutActivityType, location: WorkoutSessionLocationType) -> WorkoutSession {
    WorkoutSession::with_activity(activity, location)
}

pub(crate) fn session(stage: &Stage, player: &Player, verb: &str, arguments: &mut Arguments<'_>) -> Played {
    let session = &player.session;
    let result = match verb {
        "prepare" => session.prepare(),
        "start" => session.start_activity(arguments.optional_time()?),
        "pause" => session.pause(),
        "resume" => session.resume(),
        "stop" => session.stop_activity(arguments.optional_time()?),
        "end" => session.end(),
        "begin" => {
            let configuration = arguments.configuration()?;
            let date = arguments.time_option("on")?.unwrap_or_else(|| stage.now());
            session.begin_new_activity(configuration, date, arguments.entries()?)
        }
        "endActivity" => {
            session.end_current_activity(arguments.optional_time()?.unwrap_or_else(|| stage.now()))
        }
        "report" => {
            let event = arguments.event()?;
            session.report_event(event.with_metadata(arguments.entries()?))
        }
        "fail" => session.fail(failure(arguments)?),
        "payload" if arguments.has_more() => session.set_payload(arguments.next("a word")?),
        "builder" => session.associated_workout_builder().map(|_| ()),
        "listen" => {
            stage.listen(player);
            return Ok(Some(Vec::new()));
        }
        "deafen" => {
            deafen(player);
            return Ok(Some(Vec::new()));
        }
        _ => return builder(stage, player, verb, arguments),
    };
    Ok(Some(ok(result)))
}

/// An error from outside, with this code.
fn failure(arguments: &mut Arguments<'_>) -> Result<PacelineError, Wrong> {
    let raw = arguments.whole_number("a code")?;
    let code = ErrorCode::from_raw(raw).ok_or_else(|| format!("{raw} is no code of an error"))?;
    Ok(PacelineError::new(code, "the scenario says so"))
}

fn builder(stage: &Stage, player: &Player, verb: &str, arguments: &mut Arguments<'_>) -> Played {
    let now = stage.now();
    let builder = || builder_of(player);
    let result = match verb {
        "collect" => builder()?.begin_collection(arguments.optional_time()?.unwrap_or(now)),
        "endCollection" => builder()?.end_collection(arguments.optional_time()?.unwrap_or(now)),
        "discard" => builder()?.discard_workout(),
        "add" => {
            let samples = list(arguments, sample)?;
            builder()?.add_samples(&samples)
        }
        "addEvents" => {
            let events = list(arguments, Arguments::event)?;
            builder()?.add_workout_events(events)
        }
        "addMetadata" => builder()?.add_metadata(arguments.entries()?),
        "addActivity" => {
            let configuration = arguments.configuration()?;
            let start = arguments.time_option("from")?.ok_or("from= is missing")?;
            let end = arguments.time_option("to")?;
            builder()?.add_workout_activity(configuration, start, end, arguments.entries()?).map(|_| ())
        }
        "endAdded" => {
            let id = added_activity(builder()?, arguments)?;
            builder()?.update_activity_end(id, arguments.time()?)
        }
        "annotate" => {
            let id = added_activity(builder()?, arguments)?;
            builder()?.update_activity_metadata(id, arguments.entries()?)
        }
        "finish" => {
            return Ok(Some(told(builder()?.finish_workout(), |saved| match saved {
                Some(workout) => std::iter::once("ok".to_owned()).chain(telling::workout(&workout)).collect(),
                None => vec!["ok locked".to_owned()],
            })));
        }
        _ => return data_source(stage, player, verb, arguments),
    };
    Ok(Some(ok(result)))
}

pub(crate) fn builder_of(player: &Player) -> Result<&LiveWorkoutBuilder, Wrong> {
    player.builder.as_ref().ok_or_else(|| format!("{} has no builder", player.name))
}

/// The things of a list, joined by `and`.
fn list<'a, T>(
    arguments: &mut Arguments<'a>,
    one: impl Fn(&mut Arguments<'a>) -> Result<T, Wrong>,
) -> Result<Vec<T>, Wrong> {
    let mut all = vec![one(arguments)?];
    while arguments.takes("and") {
        all.push(one(arguments)?);
    }
    Ok(all)
}

/// A sample as it is written; whether it is a good one is for the engine to say.
fn sample(arguments: &mut Arguments<'_>) -> Result<QuantitySample, Wrong> {
    let (quantity_type, value) = (arguments.quantity_type()?, arguments.number()?);
    let (start, end) = arguments.interval()?;
    Ok(QuantitySample { id: None::<SampleId>, quantity_type, start, end, value, source: SourceId::OWN })
}

/// The id of an activity of the builder by its place, or one that nobody has.
fn added_activity(builder: &LiveWorkoutBuilder, arguments: &mut Arguments<'_>) -> Result<Uuid, Wrong> {
    let index: usize = arguments.whole_number("an index")?;
    let Some(place) = index.checked_sub(1) else { return Ok(Uuid::nil()) };
    let activities = builder.workout_activities();
    let activity = activities.get(place).ok_or_else(|| format!("there is no activity {index}"))?;
    Ok(activity.id)
}

fn data_source(stage: &Stage, player: &Player, verb: &str, arguments: &mut Arguments<'_>) -> Played {
    let made = || player.source.as_ref().ok_or_else(|| format!("{} has no data source yet", player.name));
    let result = match verb {
        "source" => return set_source(stage, player, arguments).map(Some),
        "collectEvents" => {
            let collect = match arguments.next("true or false")? {
                "true" => true,
                "false" => false,
                other => return Err(format!("\"{other}\" is neither true nor false")),
            };
            builder_of(player)?.set_should_collect_workout_events(collect)
        }
        "enable" => {
            let kind = arguments.quantity_type()?;
            made()?.enable_collection(kind, predicate(stage, arguments)?)
        }
        "disable" => made()?.disable_collection(arguments.quantity_type()?),
        _ => return Ok(None),
    };
    Ok(Some(silent(result)))
}

fn predicate(stage: &Stage, arguments: &mut Arguments<'_>) -> Result<Option<SamplePredicate>, Wrong> {
    let sources = arguments.option("sources").map_or(Ok(Vec::new()), |list| {
        list.split(',').map(|name| stage.source(name)).collect::<Result<Vec<_>, _>>()
    })?;
    let predicate = SamplePredicate {
        sources,
        starts_at_or_after: arguments.time_option("from")?,
        starts_before: arguments.time_option("until")?,
    };
    Ok((predicate != SamplePredicate::default()).then_some(predicate))
}

fn set_source(stage: &Stage, player: &Player, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
    let builder = builder_of(player)?;
    if let Some(other) = arguments.option("of") {
        let source = stage.player(other)?.source.ok_or_else(|| format!("{other} has no data source yet"))?;
        return Ok(silent(builder.set_data_source(Some(&source))));
    }
    let source = match arguments.next("default, empty or none")? {
        "default" => LiveWorkoutDataSource::new(Some(&player.session.configuration())),
        "empty" => LiveWorkoutDataSource::new(None),
        "none" => return Ok(silent(builder.set_data_source(None))),
        other => return Err(format!("\"{other}\" is neither default, empty nor none")),
    };
    stage.with_cast(|cast| {
        if let Some(player) = cast.players.get_mut(&player.name) {
            player.source = Some(source.clone());
        }
    });
    Ok(silent(builder.set_data_source(Some(&source))))
}

pub(crate) fn device(
    stage: &Stage,
    device: &SimulatedDevice,
    verb: &str,
    arguments: &mut Arguments<'_>,
) -> Played {
    let fact = match verb {
        "foreground" => device.set_foreground(true),
        "background" => device.set_foreground(false),
        "companion" => match arguments.next("yes or no")? {
            "yes" => device.set_launched_by_companion(true),
            "no" => device.set_launched_by_companion(false),
            other => return Err(format!("\"{other}\" is neither yes nor no")),
        },
        "locked" => device.set_locked(true),
        "unlocked" => device.set_locked(false),
        "permission" => permission(device, arguments)?,
        "refuse" => device.refuse_session_mode(failure(arguments)?),
        "arbitrate" => {
            let refusal = arguments.has_more().then(|| failure(arguments)).transpose()?;
            device.arbitrate(refusal)
        }
        "disk" => match arguments.next("readOnly or writable")? {
            "readOnly" => device.set_disk_writable(false),
            "writable" => device.set_disk_writable(true),
            other => return Err(format!("\"{other}\" is neither readOnly nor writable")),
        },
        "suspend" => return Ok(Some(ok(device.store().suspend()))),
        "resume" => return Ok(Some(ok(device.store().resume()))),
        "kill" => {
            device.kill();
            Ok(())
        }
        "relaunch" => device.relaunch(),
        "reboot" => {
            device.reboot();
            Ok(())
        }
        "jump" => {
            device.jump_clock(arguments.time()?.micros_since(START));
            Ok(())
        }
        "source" => return register(stage, device, arguments).map(Some),
        "startSession" | "endSession" | "pauseSession" | "resumeSession" => {
            let player = stage.player(arguments.next("a session")?)?;
            return Ok(Some(ok(legacy_call(device, verb, &player.session))));
        }
        "last" => {
            let source = arguments.option("source").map_or(Ok(SourceId::OWN), |name| stage.source(name))?;
            return Ok(Some(told(device.store().last_batch(source), |number| {
                vec![format!("batch {number}")]
            })));
        }
        "ingest" | "packed" => return ingest(stage, device, verb, arguments).map(Some),
        _ => return crate::looks::device(device, verb, arguments),
    };
    Ok(Some(silent(fact)))
}

#[expect(deprecated, reason = "the scenarios play the whole surface")]
fn legacy_call(device: &SimulatedDevice, verb: &str, session: &WorkoutSession) -> Result<(), PacelineError> {
    let store = device.store();
    match verb {
        "startSession" => store.start(session),
        "endSession" => store.end(session),
        "pauseSession" => store.pause(session),
        _ => store.resume_workout_session(session),
    }
}

fn permission(
    device: &SimulatedDevice,
    arguments: &mut Arguments<'_>,
) -> Result<Result<(), PacelineError>, Wrong> {
    let what = arguments.next("workouts or a quantity type")?;
    let word = arguments.next("a status")?;
    let status = named(AuthorizationStatus::ALL, |status| status.name(), word, "status")?;
    if what == "workouts" {
        return Ok(device.set_workout_permission(status));
    }
    Ok(device.set_sample_permission(crate::script::quantity_type(what)?, status))
}

fn register(
    stage: &Stage,
    device: &SimulatedDevice,
    arguments: &mut Arguments<'_>,
) -> Result<Vec<String>, Wrong> {
    let name = arguments.next("a name")?;
    stage.check_new(name)?;
    let kind = named(SourceKind::ALL, |kind| kind.name(), arguments.next("a kind")?, "kind of source")?;
    let source = SampleSource { identifier: name.to_owned(), name: name.to_owned(), kind };
    let registered = device.store().register_source(&source);
    if let Ok(id) = registered {
        stage.with_cast(|cast| cast.sources.insert(name.to_owned(), id));
    }
    Ok(silent(registered))
}

fn ingest(
    stage: &Stage,
    device: &SimulatedDevice,
    verb: &str,
    arguments: &mut Arguments<'_>,
) -> Result<Vec<String>, Wrong> {
    let source = arguments.option("source").map_or(Ok(SourceId::OWN), |name| stage.source(name))?;
    let taken = if verb == "ingest" {
        let sample = sample(arguments)?.from_source(source);
        device.store().ingest_sample(&sample)
    } else {
        let number = arguments.whole_number("a batch number")?;
        let rows = if arguments.has_more() { list(arguments, row)? } else { Vec::new() };
        device.store().ingest(&packed(source, number, &rows))
    };
    Ok(told(taken, |taken| {
        let repeated = if taken.repeated { "yes" } else { "no" };
        let durable = if taken.durable { "" } else { " durable=no" };
        vec![format!("ok saved={} collected={} repeated={repeated}{durable}", taken.samples, taken.collected)]
    }))
}

/// A row of a packed batch, right or wrong.
struct Row {
    code: u16,
    value: f64,
    start: Timestamp,
    end: Timestamp,
}

fn row(arguments: &mut Arguments<'_>) -> Result<Row, Wrong> {
    let word = arguments.next("a quantity type")?;
    let code = match word.strip_prefix("code:") {
        Some(code) => code.parse().map_err(|_| format!("\"{word}\" is no type code"))?,
        None => crate::script::quantity_type(word)?.code(),
    };
    let value = arguments.number()?;
    let (start, end) = arguments.interval()?;
    Ok(Row { code, value, start, end })
}

/// A batch of these rows. The writer knows only good types: a bare code is put over one of them.
fn packed(source: SourceId, number: u64, rows: &[Row]) -> Vec<u8> {
    const HEADER: usize = 24;
    const ROW: usize = 32;
    let mut batch = PackedBatchWriter::new(source, number);
    for row in rows {
        batch.push(QuantityType::HeartRate, row.start, row.end, row.value);
    }
    let mut bytes = batch.bytes().to_vec();
    for (index, row) in rows.iter().enumerate() {
        let at = HEADER + index * ROW;
        bytes[at..at + 2].copy_from_slice(&row.code.to_le_bytes());
    }
    bytes
}
