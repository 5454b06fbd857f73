//! Where a scenario is played: the simulation, who takes part, and the transcript.

use crate::ears::{Ears, TRIGGERS};
use crate::looks;
use crate::script::{self, Arguments, Fault, Line, START, Wrong};
use crate::steps;
use crate::telling::{silent, told};
use paceline::{
    Arbitration, DeviceOptions, LiveWorkoutBuilder, LiveWorkoutDataSource, SimulatedDevice, Simulation,
    SourceId, WorkoutSession, WorkoutSessionState,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A handle on the place of the play; delegates have one that does not keep it alive.
#[derive(Clone)]
pub(crate) struct Stage(Weak<Place>);

struct Place {
    simulation: Simulation,
    cast: Mutex<Cast>,
    reactions: Mutex<Vec<Reaction>>,
    transcript: Mutex<String>,
    /// What was wrong with the first reaction that could not be played.
    wrong: Mutex<Option<Wrong>>,
}

/// Who takes part, by name.
#[derive(Default)]
pub(crate) struct Cast {
    pub(crate) devices: BTreeMap<String, SimulatedDevice>,
    pub(crate) latest_device: Option<String>,
    pub(crate) sources: BTreeMap<String, SourceId>,
    pub(crate) players: BTreeMap<String, Player>,
}

/// A session with what belongs to it.
#[derive(Clone)]
pub(crate) struct Player {
    pub(crate) name: String,
    pub(crate) session: WorkoutSession,
    /// Nothing for a session that was made without a store.
    pub(crate) builder: Option<LiveWorkoutBuilder>,
    /// The data source that was made last for it.
    pub(crate) source: Option<LiveWorkoutDataSource>,
}

struct Reaction {
    name: String,
    trigger: String,
    step: Vec<String>,
}

/// Plays a scenario and returns its transcript.
pub(crate) fn play(text: &str) -> Result<String, Fault> {
    let place = Arc::new(Place {
        simulation: Simulation::new(START, 1),
        cast: Mutex::default(),
        reactions: Mutex::default(),
        transcript: Mutex::default(),
        wrong: Mutex::default(),
    });
    let stage = Stage(Arc::downgrade(&place));
    for (index, line) in text.lines().enumerate() {
        let played = script::line(line).and_then(|kind| stage.play_line(line, &kind));
        if let Err(sentence) = played.and_then(|()| lock(&place.wrong).take().map_or(Ok(()), Err)) {
            return Err(Fault { line: index + 1, sentence });
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(Fault { line: text.lines().count(), sentence: "the last line does not end".to_owned() });
    }
    let transcript = lock(&place.transcript).clone();
    Ok(transcript)
}

/// No lock is held while the engine is called, so none is ever found poisoned for a reason that matters here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    fn place(&self) -> Arc<Place> {
        self.0.upgrade().expect("callbacks come while the scenario is played")
    }

    fn play_line(&self, text: &str, kind: &Line<'_>) -> Result<(), Wrong> {
        match kind {
            Line::Outcome => Ok(()),
            Line::Kept => {
                self.write_line(text);
                Ok(())
            }
            Line::Step(words) => {
                self.write_line(text);
                let lines = self.play_step(words)?;
                self.write_all(&lines);
                self.place().simulation.poll();
                Ok(())
            }
        }
    }

    fn write_line(&self, line: &str) {
        let place = self.place();
        let mut transcript = lock(&place.transcript);
        transcript.push_str(line);
        transcript.push('\n');
    }

    /// Writes something that happened.
    pub(crate) fn write(&self, what: &str) {
        self.write_line(&format!("    {what}"));
    }

    fn write_all(&self, lines: &[String]) {
        for line in lines {
            self.write(line);
        }
    }

    /// Plays a step and returns its result lines; callbacks write their own.
    fn play_step(&self, words: &[&str]) -> Result<Vec<String>, Wrong> {
        let mut arguments = Arguments::new(&words[1..]);
        let lines = match words[0] {
            "device" => self.device(&mut arguments)?,
            "at" => self.at(&mut arguments)?,
            "session" => self.session(&mut arguments)?,
            "orphan" => {
                let name = self.new_name(&mut arguments)?;
                steps::orphan(arguments.configuration()?, |session| self.join(name, session, None, true))
            }
            "legacy" => {
                let name = self.new_name(&mut arguments)?;
                let session = steps::legacy(arguments.activity()?, arguments.location()?);
                self.join(name, session, None, true);
                Vec::new()
            }
            "recover" => self.recover(&mut arguments)?,
            name => return self.play_subject(name, &words[1..]),
        };
        arguments.end()?;
        Ok(lines)
    }

    fn play_subject(&self, name: &str, words: &[&str]) -> Result<Vec<String>, Wrong> {
        let place = self.place();
        let device = lock(&place.cast).devices.get(name).cloned();
        let player = lock(&place.cast).players.get(name).cloned();
        let verb = *words.first().ok_or("a verb is missing")?;
        if verb == "when" && player.is_some() {
            return self.arm(name, &words[1..]);
        }
        let mut arguments = Arguments::new(&words[1..]);
        let found = match (device, player) {
            (Some(device), _) => steps::device(self, &device, verb, &mut arguments)?,
            (_, Some(player)) => match steps::session(self, &player, verb, &mut arguments)? {
                None => looks::session(&player, verb, &mut arguments)?,
                found => found,
            },
            _ => return Err(format!("nothing is called \"{name}\"")),
        };
        let lines = found.ok_or_else(|| {
            let what = if lock(&place.cast).devices.contains_key(name) { "device" } else { "session" };
            format!("a {what} has no verb \"{verb}\"")
        })?;
        arguments.end()?;
        Ok(lines)
    }

    fn new_name<'a>(&self, arguments: &mut Arguments<'a>) -> Result<&'a str, Wrong> {
        let name = arguments.next("a name")?;
        self.check_new(name)?;
        Ok(name)
    }

    pub(crate) fn check_new(&self, name: &str) -> Result<(), Wrong> {
        script::check_name(name)?;
        let taken = self.with_cast(|cast| {
            cast.devices.contains_key(name)
                || cast.sources.contains_key(name)
                || cast.players.contains_key(name)
        });
        if taken { Err(format!("the name \"{name}\" is taken")) } else { Ok(()) }
    }

    /// The engine is not called inside.
    pub(crate) fn with_cast<T>(&self, then: impl FnOnce(&mut Cast) -> T) -> T {
        then(&mut lock(&self.place().cast))
    }

    pub(crate) fn player(&self, name: &str) -> Result<Player, Wrong> {
        self.with_cast(|cast| cast.players.get(name).cloned())
            .ok_or_else(|| format!("no session is called \"{name}\""))
    }

    pub(crate) fn source(&self, name: &str) -> Result<SourceId, Wrong> {
        self.with_cast(|cast| cast.sources.get(name).copied())
            .ok_or_else(|| format!("no source is called \"{name}\""))
    }

    pub(crate) fn now(&self) -> paceline::Timestamp {
        self.place().simulation.now()
    }

    fn device(&self, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
        let name = self.new_name(arguments)?;
        let refused = arguments.option("refuses").map_or(Ok(Vec::new()), |list| {
            list.split(',').map(script::activity).collect::<Result<Vec<_>, _>>()
        })?;
        let arbitration = match arguments.option("arbitration") {
            Some("refuse") => Arbitration::Refuse,
            Some("ask") => Arbitration::Ask,
            Some("handOver") => Arbitration::HandOver,
            Some(other) => {
                return Err(format!("\"{other}\" is no arbitration; write refuse, ask or handOver"));
            }
            None => Arbitration::default(),
        };
        let options = DeviceOptions { refused_activities: refused, arbitration };
        let device = self.place().simulation.add_device(name, options);
        if let Ok(device) = &device {
            self.with_cast(|cast| {
                cast.devices.insert(name.to_owned(), device.clone());
                cast.latest_device = Some(name.to_owned());
            });
        }
        Ok(silent(device))
    }

    fn at(&self, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
        let date = arguments.time()?;
        if date < self.now() {
            return Err("time does not go back".to_owned());
        }
        self.place().simulation.advance_to(date);
        Ok(Vec::new())
    }

    fn session(&self, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
        let name = self.new_name(arguments)?;
        let configuration = arguments.configuration()?;
        let heard = !arguments.takes("unheard");
        let device = self.device_named(arguments)?;
        let made = WorkoutSession::new(&device.store(), configuration).and_then(|session| {
            let builder = session.associated_workout_builder()?;
            Ok((session, builder))
        });
        Ok(silent(made.map(|(session, builder)| self.join(name, session, Some(builder), heard))))
    }

    /// The device of the option `on`, else the one that was added last.
    fn device_named(&self, arguments: &mut Arguments<'_>) -> Result<SimulatedDevice, Wrong> {
        let name = match arguments.option("on") {
            Some(name) => name.to_owned(),
            None => self.with_cast(|cast| cast.latest_device.clone()).ok_or("there is no device yet")?,
        };
        self.with_cast(|cast| cast.devices.get(&name).cloned())
            .ok_or_else(|| format!("no device is called \"{name}\""))
    }

    fn recover(&self, arguments: &mut Arguments<'_>) -> Result<Vec<String>, Wrong> {
        let name = arguments.next("a name")?;
        if !self.with_cast(|cast| cast.players.contains_key(name)) {
            self.check_new(name)?;
        }
        let heard = !arguments.takes("unheard");
        let device = self.device_named(arguments)?;
        Ok(told(device.store().recover_active_workout_session(), |found| match found {
            Some(session) => {
                let line = format!("ok {}", session.state());
                let builder = session.associated_workout_builder().ok();
                self.join(name, session, builder, heard);
                vec![line]
            }
            None => vec!["none".to_owned()],
        }))
    }

    /// A session takes part from here on; one that had this name takes part no more.
    fn join(&self, name: &str, session: WorkoutSession, builder: Option<LiveWorkoutBuilder>, heard: bool) {
        // Only a recovered builder has one already.
        let source = builder.as_ref().and_then(LiveWorkoutBuilder::data_source);
        let player = Player { name: name.to_owned(), session, builder, source };
        if heard {
            self.listen(&player);
        }
        self.with_cast(|cast| cast.players.insert(name.to_owned(), player));
    }

    pub(crate) fn listen(&self, player: &Player) {
        let ears = Arc::new(Ears::new(&player.name, self.clone()));
        player.session.set_delegate(Some(Arc::clone(&ears) as _));
        if let Some(builder) = &player.builder {
            builder.set_delegate(Some(ears));
        }
    }

    fn arm(&self, name: &str, words: &[&str]) -> Result<Vec<String>, Wrong> {
        let trigger = *words.first().ok_or("a trigger is missing")?;
        let is_state = WorkoutSessionState::ALL.iter().any(|state| state.name() == trigger);
        if !is_state && !TRIGGERS.contains(&trigger) {
            return Err(format!("\"{trigger}\" is nothing that a delegate hears"));
        }
        if words.len() < 2 {
            return Err("a step is missing".to_owned());
        }
        let step = words[1..].iter().map(|&word| word.to_owned()).collect();
        let reaction = Reaction { name: name.to_owned(), trigger: trigger.to_owned(), step };
        lock(&self.place().reactions).push(reaction);
        Ok(Vec::new())
    }

    /// Plays what was armed for this callback.
    pub(crate) fn react(&self, name: &str, trigger: &str) {
        let place = self.place();
        let (matching, others) = std::mem::take(&mut *lock(&place.reactions))
            .into_iter()
            .partition(|reaction: &Reaction| reaction.name == name && reaction.trigger == trigger);
        *lock(&place.reactions) = others;
        for reaction in matching {
            let words: Vec<_> = reaction.step.iter().map(String::as_str).collect();
            self.write(&format!("{name} does {}", reaction.step.join(" ")));
            match self.play_subject(name, &words) {
                Ok(lines) => self.write_all(&lines),
                Err(wrong) => {
                    lock(&place.wrong).get_or_insert(wrong);
                }
            }
        }
    }
}

pub(crate) fn deafen(player: &Player) {
    player.session.set_delegate(None);
    if let Some(builder) = &player.builder {
        builder.set_delegate(None);
    }
}
