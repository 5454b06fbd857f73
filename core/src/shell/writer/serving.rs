//! What other devices are told of a session of ours, and what they ask of it. Nothing here waits for them.

use super::mirroring::Peer;
use super::{Entry, Plan, Writer};
use crate::machines::mirror::frames::{Command, Farewell, Frame};
use crate::machines::mirror::link::Link;
use crate::machines::mirror::picture::Picture;
use crate::machines::mirror::primary::{Primary, Wish, answer};
use crate::machines::timeline::Moment;
use crate::shell::guard::guarded;
use crate::shell::transport::PeerId;
use crate::values::{PacelineError, Timestamp, WorkoutSessionState};
use std::time::Duration;
use uuid::Uuid;

/// How often the time is told to a device to which nothing else is to be told.
const BEAT_EVERY: Duration = Duration::from_secs(30);

/// A clock that is wrong by so much is set right before the next beat.
const TRAVEL_DIFFERS: Duration = Duration::from_millis(20);

/// One device, and the session that it is told of.
pub(super) struct Serving {
    pub(super) primary: Primary,
    /// When it was last told anything, and how long it was said to take to get there.
    told: Duration,
    told_travel: Duration,
    /// Its time goes on between two steps.
    is_running: bool,
    /// The session is over, or not mirrored any more: what is still to be said of it.
    pub(super) last_words: Option<LastWords>,
}

pub(super) struct LastWords {
    why: Farewell,
    /// How the session ended, with the number of its last step and when that was.
    end: Option<(Picture, u64, Timestamp)>,
}

impl Serving {
    /// Whether what was said of the way there was far from the truth.
    fn knows_better(&self, travel: Duration) -> bool {
        self.is_running && travel.abs_diff(self.told_travel) > TRAVEL_DIFFERS
    }

    /// When the time is to be told.
    pub(super) fn beat_due(&self) -> Option<Duration> {
        self.is_running.then(|| self.told.saturating_add(BEAT_EVERY))
    }
}

impl Peer {
    /// The link began, or began anew: what the other device has of our session is not known until it says so.
    pub(super) fn hears_nothing(&mut self) {
        self.listens = false;
        if let Some(serving) = &mut self.serving {
            serving.primary.link_began();
        }
    }

    /// Nothing but the last words is on its way while a step is.
    fn is_free(&self) -> bool {
        self.listens && self.link.as_ref().is_some_and(|link| link.backlog() == 0)
    }

    /// How long a message takes that nothing holds up.
    fn travel(&self) -> Duration {
        self.link.as_ref().map(Link::travel_time).unwrap_or_default()
    }

    /// What is said before nothing more is said of a session.
    fn say_last_words(&mut self) {
        let (is_free, travel) = (self.is_free(), self.travel());
        let Some(serving) = &mut self.serving else { return };
        let Some(LastWords { why, end }) = &serving.last_words else { return };
        let mut frame = None;
        if let Some((picture, sequence, date)) = end {
            if serving.primary.is_behind(*sequence) && !is_free {
                return;
            }
            frame = serving.primary.step(picture, *sequence, *date, *date, travel);
            if serving.primary.is_behind(*sequence) {
                self.send(frame);
                return;
            }
        }
        let why = *why;
        self.serving = None;
        self.send(frame.into_iter().chain([Frame::Farewell(why)]));
    }
}

impl Writer {
    /// The session of ours that other devices mirror. One that was recovered may be a second one: the one that is going on counts.
    pub(in crate::shell) fn mirrored_session(&self) -> Option<Uuid> {
        let mirrored = |entry: &&Entry| entry.workout.session.mirroring && !entry.taken;
        let active = self.active.and_then(|id| self.workouts.get(&id)).filter(mirrored);
        active.or_else(|| self.workouts.values().find(mirrored)).map(|entry| entry.cell.id)
    }

    /// Tells every device what it does not have yet, as far as its link is free.
    pub(super) fn serve(&mut self, at: Moment) {
        let mirrored = self.mirrored_session();
        self.note_last_words(mirrored, at);
        let entry = mirrored.and_then(|id| self.workouts.get(&id));
        let mut picture = None;
        for peer in self.mirroring.peers.values_mut() {
            peer.say_last_words();
            let Some(entry) = entry.filter(|_| peer.listens) else { continue };
            let session = &entry.workout.session;
            if peer.serving.is_none() {
                let epoch = match self.database.epoch_of(entry.key) {
                    Ok(epoch) => epoch,
                    Err(error) => {
                        log::warn!("session {}: a device cannot be told of it yet: {error}", session.id);
                        continue;
                    }
                };
                let mut primary = Primary::new(session.id, epoch, peer.role);
                let (frames, _) = primary.hear(Frame::Has(None), &session.configuration);
                let told = at.elapsed;
                peer.serving = Some(Serving {
                    primary,
                    told,
                    told_travel: Duration::ZERO,
                    is_running: false,
                    last_words: None,
                });
                peer.send(frames);
            } else if !peer.is_free() {
                continue;
            }
            let travel = peer.travel();
            let Some(serving) = &mut peer.serving else { continue };
            if serving.last_words.is_some() {
                continue;
            }
            serving.is_running = session.state == WorkoutSessionState::Running;
            let now = entry.workout.timeline.now(at);
            let frame = if serving.primary.is_behind(entry.sequence) {
                let picture = picture.get_or_insert_with(|| Picture::of(&entry.workout, now));
                let last = entry.workout.timeline.last_known().min(now);
                serving.primary.step(picture, entry.sequence, last, now, travel)
            } else if serving.beat_due().is_some_and(|due| due <= at.elapsed) || serving.knows_better(travel)
            {
                serving.primary.present(now, travel)
            } else {
                None
            };
            if frame.is_some() {
                (serving.told, serving.told_travel) = (at.elapsed, travel);
            }
            peer.send(frame);
        }
    }

    /// Of a session that devices were told of and that is not mirrored any more, they are told how it ended.
    fn note_last_words(&mut self, mirrored: Option<Uuid>, at: Moment) {
        for peer in self.mirroring.peers.values_mut() {
            let Some(serving) = &mut peer.serving else { continue };
            let session = serving.primary.session();
            if Some(session) == mirrored || serving.last_words.is_some() {
                continue;
            }
            serving.is_running = false;
            let entry = self.workouts.get(&session).filter(|entry| !entry.taken);
            let ended = entry.filter(|entry| entry.workout.session.state == WorkoutSessionState::Ended);
            let why = if entry.is_some() && ended.is_none() { Farewell::Stopped } else { Farewell::Ended };
            let end = ended.map(|entry| {
                let now = entry.workout.timeline.now(at);
                let last = entry.workout.timeline.last_known().min(now);
                (Picture::of(&entry.workout, now), entry.sequence, last)
            });
            serving.last_words = Some(LastWords { why, end });
        }
    }

    /// Takes in what a device that mirrors a session of ours says; tells the session that changed, if it did.
    pub(super) fn serve_wish(&mut self, id: &PeerId, frame: Frame, at: Moment) -> Option<Uuid> {
        let mirrored = self.mirrored_session();
        let peer = self.mirroring.peers.get_mut(id)?;
        if let Frame::Has(standing) = &frame {
            peer.listens = true;
            if let Some(standing) = standing
                && peer.serving.is_none()
                && mirrored.is_none()
                && !self.database.is_unfinished(standing.place.session).unwrap_or(true)
            {
                // It shows a session that ended while its link was broken at this end only.
                peer.send([Frame::Farewell(Farewell::Ended)]);
            }
        }
        let serving = peer.serving.as_mut()?;
        let session = serving.primary.session();
        let configuration = &self.workouts.get(&session)?.workout.session.configuration;
        let (frames, wish) = serving.primary.hear(frame, configuration);
        peer.send(frames);
        match wish? {
            Wish::Refused(answer) => {
                peer.send([answer]);
                None
            }
            Wish::Command { id: command_id, command } => {
                let outcome = self.obey(session, command_id, command, at);
                // What came of it is told first.
                self.serve(at);
                let answer = answer(command_id, outcome.err().as_ref());
                self.mirroring.peers.get_mut(id)?.send([answer]);
                Some(session)
            }
        }
    }

    /// Does what another device asks for, under the same rules as if it were asked for here.
    fn obey(
        &mut self,
        id: Uuid,
        command_id: Uuid,
        command: Command,
        at: Moment,
    ) -> Result<(), PacelineError> {
        let workout = &self.entry(id)?.workout;
        let input = command.input()?;
        let changes = guarded(|| workout.obey(command_id, input, at))?;
        self.perform(vec![Plan::new(id, changes)], at)
    }
}
