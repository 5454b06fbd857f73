//! A primary and an observer over links of every kind: whatever is lost, both show the same workout in the end, and never different
//! numbers for the same step.

use super::frames::{Command, Farewell, Frame};
use super::link::{Arrival, Link};
use super::observer::{News, Observer};
use super::picture::Picture;
use super::primary::{ObserverRole, Primary, Wish, answer};
use super::told::Told;
use super::wire::Wire;
use crate::machines::change::Input;
use crate::machines::data_source::Selection;
use crate::machines::host_facts::HostFacts;
use crate::machines::live_workout::LiveWorkout;
use crate::machines::timeline::Moment;
use crate::values::rows::{Rows, RunHead};
use crate::values::{
    Metadata, PacelineError, QuantityType, Reading, RemoteCommand, SourceId, SourceKind, Timestamp,
    WorkoutActivityType, WorkoutConfiguration, WorkoutEvent, WorkoutEventType, WorkoutSessionState,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

const KEY: i64 = 1;

/// A watch with a workout and a phone that mirrors it.
struct Trial {
    wire: Wire,
    workout: LiveWorkout,
    sequence: u64,
    /// Each step as it was at the watch.
    history: BTreeMap<u64, Picture>,
    primary: Primary,
    observer: Observer,
    news: Vec<News>,
    /// The bytes of all steps that were sent.
    sent: usize,
    /// How many links there were.
    links: u32,
}

impl Trial {
    fn new(largest: usize, seed: u64, lost: u64, twice: u64) -> Self {
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let id = Uuid::from_u128(7);
        let mut trial = Self {
            wire: Wire::new(largest, seed, lost, twice),
            workout: LiveWorkout::new(id, run.clone()),
            sequence: 0,
            history: BTreeMap::new(),
            primary: Primary::new(id, 1, ObserverRole::Controller),
            observer: Observer::new(),
            news: Vec::new(),
            sent: 0,
            links: 100,
        };
        let facts = HostFacts::default();
        trial.decide(Input::SetDataSource(Some(Selection::new(Some(&run))))).expect("allowed");
        trial.decide(Input::StartActivity { date: None, facts: &facts }).expect("allowed");
        let start = trial.at().now;
        trial.decide(Input::BeginCollection { start }).expect("allowed");
        trial
    }

    fn at(&self) -> Moment {
        let now = Timestamp::from_seconds(1_700_000_000).plus(self.wire.now);
        Moment { now, elapsed: self.wire.now, boot: None }
    }

    fn now(&self) -> Timestamp {
        self.workout.timeline.now(self.at())
    }

    fn picture(&self) -> Picture {
        Picture::of(&self.workout, self.now())
    }

    fn decide(&mut self, input: Input<'_>) -> Result<(), PacelineError> {
        let changes = self.workout.decide(input, self.at())?;
        self.workout.apply(&changes);
        self.step();
        Ok(())
    }

    fn step(&mut self) {
        self.sequence += 1;
        self.history.insert(self.sequence, self.picture());
    }

    fn measure(&mut self, kind: QuantityType, value: f64) {
        let end = self.now();
        let start = if kind == QuantityType::HeartRate { end } else { end.plus_micros(-1_000_000) };
        let mut rows = Rows::default();
        let head = RunHead { kind, source: SourceId(1), source_kind: SourceKind::ALL[0], collected_by: None };
        rows.push(head, Reading { value, start, end });
        self.workout.pick(&mut rows, KEY, self.at());
        self.workout.take(&rows);
        self.step();
    }

    /// Lets time pass, and both ends talk.
    fn run(&mut self, span: Duration) {
        let until = self.wire.now + span;
        while self.wire.now < until {
            self.hear();
            self.wire.run(Duration::from_millis(20).min(until.saturating_sub(self.wire.now)));
        }
        self.hear();
    }

    fn hear(&mut self) {
        for arrival in std::mem::take(&mut self.wire.heard[1]) {
            match arrival {
                Arrival::Began => {
                    for frame in self.observer.link_began() {
                        self.wire.ends[1].send(&frame.write());
                    }
                }
                Arrival::Frame(bytes) => {
                    let frame = Frame::read(&bytes).expect("a frame of ours").expect("of a known kind");
                    let news = self.observer.hear(frame, self.wire.now).expect("it makes sense");
                    match news {
                        Some(News::Changed) => self.check(),
                        Some(News::Began) => {
                            for frame in self.observer.unanswered() {
                                self.wire.ends[1].send(&frame.write());
                            }
                        }
                        _ => {}
                    }
                    self.news.extend(news);
                }
            }
        }
        for arrival in std::mem::take(&mut self.wire.heard[0]) {
            let Arrival::Frame(bytes) = arrival else {
                self.primary.link_began();
                continue;
            };
            let frame = Frame::read(&bytes).expect("a frame of ours").expect("of a known kind");
            let (frames, wish) = self.primary.hear(frame, &self.workout.session.configuration.clone());
            for frame in frames {
                self.wire.ends[0].send(&frame.write());
            }
            match wish {
                Some(Wish::Command { id, command }) => {
                    let outcome = command
                        .input()
                        .and_then(|input| self.workout.obey(id, input, self.at()))
                        .map(|changes| {
                            self.workout.apply(&changes);
                            self.step();
                        });
                    self.wire.ends[0].send(&answer(id, outcome.err().as_ref()).write());
                }
                Some(Wish::Refused(answer)) => self.wire.ends[0].send(&answer.write()),
                None => {}
            }
        }
        if self.wire.ends[0].backlog() == 0 && self.wire.ends[0].is_up() {
            let picture = self.history.get(&self.sequence).cloned();
            let (at, sequence) = (self.now(), self.sequence);
            let step =
                picture.and_then(|picture| self.primary.step(&picture, sequence, at, at, Duration::ZERO));
            if let Some(step) = step {
                let bytes = step.write();
                self.sent += bytes.len();
                self.wire.ends[0].send(&bytes);
            }
        }
    }

    /// What the phone shows is what the watch had after that step; only old events may be missing still.
    fn check(&self) {
        let (shown, place) = self.observer.picture().expect("it mirrors");
        let was = self.history.get(&place.sequence).expect("a step of the watch");
        assert_eq!(shown.head, was.head);
        assert_eq!(shown.legs, was.legs);
        assert_eq!(shown.numbers, was.numbers);
        assert_eq!(shown.metadata, was.metadata);
        assert_eq!(shown.events.len(), was.events.len());
        for (shown, was) in shown.events.iter().zip(&was.events) {
            assert!(shown.is_none() || shown == was);
        }
    }

    /// Both ends agree when nothing is under way any more.
    fn agrees(&mut self) {
        (self.wire.lost, self.wire.twice) = (0, 0);
        self.run(Duration::from_secs(60));
        // A message that was not held up tells the time.
        self.measure(QuantityType::HeartRate, 99.0);
        self.run(Duration::from_secs(1));
        let (shown, place) = self.observer.picture().expect("it mirrors");
        assert_eq!((shown, place.sequence), (&self.history[&self.sequence], self.sequence));
        let now = self.observer.time().expect("it knows the time").now(self.wire.now);
        assert!(now.micros_since(self.now()).abs() < 200_000, "{now} {}", self.now());
    }

    fn ask(&mut self, command: Command) {
        if let Ok(frame) =
            self.observer.ask(Uuid::from_u128(u128::from(self.wire.chance.below(1 << 30))), command)
        {
            self.wire.ends[1].send(&frame.write());
        }
    }

    fn link(&mut self, largest: usize) -> Link {
        self.links += 1;
        Link::new(self.links, largest)
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Beat(rate) => self.measure(QuantityType::HeartRate, f64::from(*rate)),
            Act::Metres(metres) => {
                self.measure(QuantityType::DistanceWalkingRunning, f64::from(*metres) / 4.0);
            }
            Act::PauseOrResume => {
                let input = if self.workout.session.state == WorkoutSessionState::Paused {
                    Input::Resume
                } else {
                    Input::Pause
                };
                self.decide(input).expect("allowed");
            }
            Act::Lap => {
                let _ = self.decide(Input::Report(WorkoutEvent::at(WorkoutEventType::Lap, self.now())));
            }
            Act::Activity => {
                let configuration = self.workout.session.configuration.clone();
                let (id, date) = (Uuid::from_u128(u128::from(self.sequence) + 100), self.now());
                let _ =
                    self.decide(Input::BeginActivity { id, configuration, date, metadata: Metadata::new() });
            }
            Act::Ask(0) => self.ask(Command::Pause),
            Act::Ask(1) => self.ask(Command::Resume),
            Act::Ask(_) => self.ask(Command::Report(WorkoutEvent::at(WorkoutEventType::Lap, self.now()))),
            Act::Wait(millis) => self.run(Duration::from_millis(u64::from(*millis))),
            Act::Stall(seconds) => {
                let lost = std::mem::replace(&mut self.wire.lost, 100);
                self.run(Duration::from_secs(u64::from(*seconds)));
                self.wire.lost = lost;
            }
            Act::RestartPhone => {
                self.observer = Observer::new();
                self.wire.ends[1] = self.link(128);
            }
            Act::RestartLinks => {
                self.wire.ends = [self.link(300), self.link(300)];
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Act {
    Beat(u8),
    Metres(u8),
    PauseOrResume,
    Lap,
    Activity,
    Ask(u8),
    Wait(u16),
    Stall(u16),
    RestartPhone,
    RestartLinks,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (60..200u8).prop_map(Act::Beat),
        6 => (0..20u8).prop_map(Act::Metres),
        1 => Just(Act::PauseOrResume),
        2 => Just(Act::Lap),
        1 => Just(Act::Activity),
        2 => (0..3u8).prop_map(Act::Ask),
        8 => (0..3000u16).prop_map(Act::Wait),
        1 => (0..200u16).prop_map(Act::Stall),
        1 => Just(Act::RestartPhone),
        1 => Just(Act::RestartLinks),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn both_ends_agree_when_the_link_is_quiet(
        seed: u64,
        largest in 128usize..1000,
        lost in 0u64..40,
        twice in 0u64..20,
        acts in proptest::collection::vec(act(), 0..60),
    ) {
        let mut trial = Trial::new(largest, seed, lost, twice);
        for act in &acts {
            trial.act(act);
        }
        trial.agrees();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever a step says, it is shown or refused.
    #[test]
    fn damaged_steps_do_no_harm(
        seed: u64,
        damages in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut trial = Trial::new(600, seed, 0, 0);
        trial.act(&Act::Activity);
        trial.act(&Act::Beat(90));
        trial.act(&Act::PauseOrResume);
        let (picture, now) = (trial.picture(), trial.now());
        let mut primary = Primary::new(trial.workout.session.id, 1, ObserverRole::Controller);
        let (frames, _) = primary.hear(Frame::Has(None), &picture.configuration);
        let step = primary.step(&picture, 5, now, now, Duration::from_millis(20));
        for frame in frames.into_iter().chain(step) {
            let mut bytes = frame.write();
            for (index, byte) in &damages {
                let index = index.index(bytes.len());
                bytes[index] = *byte;
            }
            if let Ok(Some(frame)) = Frame::read(&bytes) {
                let _ = trial.observer.hear(frame, trial.wire.now);
            }
            if let (Some((picture, _)), Some(time)) = (trial.observer.picture(), trial.observer.time()) {
                let now = time.now(trial.wire.now);
                let _ = (picture.activities(now), picture.time().micros_until(now));
                let _ = Told::join(&Picture::empty(picture.configuration.clone())).news(picture, now);
            }
        }
    }
}

/// Asked once, done once, answered; also when the link breaks before the answer comes.
#[test]
fn a_command_is_carried_out_once() {
    let mut trial = Trial::new(128, 1, 0, 0);
    trial.run(Duration::from_secs(2));
    trial.ask(Command::Pause);
    trial.ask(Command::Pause);
    trial.wire.run(Duration::from_millis(5));
    trial.act(&Act::RestartLinks);
    trial.agrees();
    assert_eq!(trial.workout.session.state, WorkoutSessionState::Paused);
    let answers: Vec<_> = trial
        .news
        .iter()
        .filter_map(|news| match news {
            News::Answered { command, refusal } => Some((*command, refusal.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(answers, [(RemoteCommand::Pause, false), (RemoteCommand::Pause, true)]);
    assert_eq!(trial.workout.builder.events.len(), 1);
}

#[test]
fn a_viewer_asks_in_vain() {
    let mut trial = Trial::new(128, 1, 0, 0);
    trial.primary = Primary::new(trial.workout.session.id, 1, ObserverRole::Viewer);
    trial.run(Duration::from_secs(2));
    trial.ask(Command::Pause);
    trial.agrees();
    assert_eq!(trial.workout.session.state, WorkoutSessionState::Running);
    assert!(trial.news.iter().any(|news| matches!(news, News::Answered { refusal: Some(_), .. })));
}

/// An owner of the past is not listened to, one of the future is.
#[test]
fn a_lower_epoch_is_refused() {
    let mut trial = Trial::new(128, 1, 0, 0);
    trial.primary = Primary::new(trial.workout.session.id, 5, ObserverRole::Controller);
    trial.run(Duration::from_secs(2));
    let configuration = trial.workout.session.configuration.clone();
    let begin = |epoch| Frame::Begin {
        place: super::frames::Place { session: Uuid::from_u128(7), epoch, sequence: 0 },
        begun: 1,
        configuration: configuration.clone(),
    };
    assert_eq!(trial.observer.hear(begin(4), Duration::ZERO), Ok(None));
    assert_eq!(trial.observer.hear(begin(6), Duration::ZERO), Ok(Some(News::Began)));
}

#[test]
fn a_farewell_ends_the_mirror() {
    let mut trial = Trial::new(128, 1, 0, 0);
    trial.run(Duration::from_secs(2));
    let farewell = Frame::Farewell(Farewell::Stopped);
    trial.wire.ends[0].send(&farewell.write());
    trial.run(Duration::from_secs(2));
    assert_eq!(trial.news.last(), Some(&News::Farewell(Farewell::Stopped)));
    assert!(trial.observer.picture().is_none());
    assert!(trial.observer.ask(Uuid::nil(), Command::Pause).is_err());
}

/// After ten minutes of silence the phone has everything for the price of little more than a snapshot.
#[test]
fn catching_up_costs_little() {
    let mut trial = Trial::new(300, 1, 0, 0);
    trial.run(Duration::from_secs(2));
    trial.wire.lost = 100;
    for second in 0..600 {
        trial.measure(QuantityType::HeartRate, f64::from(120 + second % 40));
        trial.measure(QuantityType::DistanceWalkingRunning, 2.7);
        trial.run(Duration::from_secs(1));
    }
    let before = trial.sent;
    trial.agrees();
    assert!(trial.sent - before < 1000, "{}", trial.sent - before);
}
