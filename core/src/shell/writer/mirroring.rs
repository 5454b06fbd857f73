//! The links to other devices, and what is said over them. One link carries both directions: what this device tells of its own
//! session, and what it hears of the other one's.

use super::Writer;
use crate::machines::mirror::frames::Frame;
use crate::machines::mirror::link::{Arrival, Link, Refusal, VERSION};
use crate::machines::mirror::observer::Observer;
use crate::machines::mirror::primary::ObserverRole;
use crate::machines::timeline::Moment;
use crate::shell::transport::{PeerId, Transport};
use crate::shell::writer::observing::Shown;
use crate::shell::writer::serving::Serving;
use crate::values::{ErrorCode, PacelineError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// So many devices are known at once.
const MOST_PEERS: usize = 32;

/// While more bytes than this wait for a device, nothing that it asks for is heard: what it is told must not grow without end.
const MOST_BACKLOG: usize = 1 << 16;

/// The other devices.
#[derive(Default)]
pub(in crate::shell) struct Mirroring {
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) peers: BTreeMap<PeerId, Peer>,
}

/// Messages for other devices, and what sends them.
pub(in crate::shell) type Mail = Option<(Arc<dyn Transport>, Vec<(PeerId, Vec<u8>)>)>;

/// Another device.
pub(super) struct Peer {
    /// Nothing while its link is down.
    pub(super) link: Option<Link>,
    pub(super) role: ObserverRole,
    /// It said on this link what it has of our session.
    pub(super) listens: bool,
    /// What it is told of our session.
    pub(super) serving: Option<Serving>,
    /// What is heard of its session.
    pub(super) observer: Observer,
    /// What the app shows of that.
    pub(super) shown: Option<Shown>,
}

impl Peer {
    fn new() -> Self {
        Self {
            link: None,
            role: ObserverRole::default(),
            listens: false,
            serving: None,
            observer: Observer::new(),
            shown: None,
        }
    }

    pub(super) fn send(&mut self, frames: impl IntoIterator<Item = Frame>) {
        if let Some(link) = &mut self.link {
            for frame in frames {
                link.send(&frame.write());
            }
        }
    }

    /// When something is due though nothing happens.
    fn due(&self) -> Option<Duration> {
        let link = self.link.as_ref()?;
        let beat = self.serving.as_ref().filter(|_| self.listens && link.backlog() == 0);
        link.due().into_iter().chain(beat.and_then(Serving::beat_due)).min()
    }
}

pub(super) fn refused(why: Refusal) -> PacelineError {
    match why {
        Refusal::Malformed => {
            PacelineError::new(ErrorCode::LinkMalformed, "a message of the other device makes no sense")
        }
        Refusal::TooLong => {
            PacelineError::new(ErrorCode::LinkMalformed, "a message of the other device is too long")
        }
        Refusal::Version(version) => {
            let (code, which) = if version < VERSION {
                (ErrorCode::LinkVersionTooOld, "an older")
            } else {
                (ErrorCode::LinkVersionTooNew, "a newer")
            };
            let sentence = format!("the other device speaks {which} version of the protocol");
            PacelineError::new(code, sentence).with_value(version)
        }
    }
}

impl Mirroring {
    /// # Errors
    /// Link 5 when the link is down.
    pub(super) fn linked(&mut self, id: &PeerId) -> Result<&mut Peer, PacelineError> {
        self.peers.get_mut(id).filter(|peer| peer.link.is_some()).ok_or_else(|| {
            PacelineError::new(ErrorCode::LinkClosed, "no link to this device is up; report it first")
                .with_value(id)
        })
    }

    /// The device of this name, known or not.
    fn entry(&mut self, id: &PeerId) -> Result<&mut Peer, PacelineError> {
        if !self.peers.contains_key(id) && self.peers.len() >= MOST_PEERS {
            return Err(PacelineError::invalid("too many devices are linked; report some of them as down")
                .with_value(MOST_PEERS));
        }
        Ok(self.peers.entry(id.clone()).or_insert_with(Peer::new))
    }

    pub(in crate::shell) fn set_role(
        &mut self,
        id: &PeerId,
        role: ObserverRole,
    ) -> Result<(), PacelineError> {
        let peer = self.entry(id)?;
        peer.role = role;
        if let Some(serving) = &mut peer.serving {
            serving.primary.set_role(role);
        }
        Ok(())
    }

    /// What sends messages; nothing before one was attached.
    pub(in crate::shell) fn transport(&self) -> Option<Arc<dyn Transport>> {
        self.transport.clone()
    }

    /// The devices that can be reached.
    pub(in crate::shell) fn reachable(&self) -> Vec<PeerId> {
        let up = self.peers.iter().filter(|(_, peer)| peer.link.is_some());
        up.map(|(id, _)| id.clone()).collect()
    }
}

impl Writer {
    /// Another transport brings other links: those of the one before are down.
    pub(in crate::shell) fn attach_transport(&mut self, transport: Arc<dyn Transport>, at: Moment) {
        for peer in self.mirroring.reachable() {
            self.link_down(&peer, "another transport was attached", at);
        }
        self.mirroring.transport = Some(transport);
    }

    /// A link is up, under a number of this end. A link that was up before begins anew.
    pub(in crate::shell) fn link_up(
        &mut self,
        id: &PeerId,
        number: u32,
        largest_message: usize,
    ) -> Result<(), PacelineError> {
        let peer = self.mirroring.entry(id)?;
        peer.link = Some(Link::new(number, largest_message));
        peer.hears_nothing();
        Ok(())
    }

    pub(in crate::shell) fn link_down(&mut self, id: &PeerId, reason: &str, at: Moment) {
        let error = PacelineError::new(ErrorCode::LinkClosed, "the link to the other device broke")
            .with_value(reason);
        self.cut(id, &error, at);
    }

    /// Nothing is said over this link any more.
    fn cut(&mut self, id: &PeerId, error: &PacelineError, at: Moment) {
        let Some(peer) = self.mirroring.peers.get_mut(id) else { return };
        peer.link = None;
        peer.hears_nothing();
        // What was left to be said of a session that is over is not said any more.
        peer.serving = peer.serving.take().filter(|serving| serving.last_words.is_none());
        peer.observer = Observer::new();
        let shown = peer.shown.take();
        if peer.serving.is_none() && peer.role == ObserverRole::default() {
            self.mirroring.peers.remove(id);
        }
        if let Some(shown) = shown {
            shown.disconnect(Some(error.clone()), &self.outbox, at);
        }
    }

    /// Takes in a message; tells the session of ours that it changed, if it did.
    pub(in crate::shell) fn receive(
        &mut self,
        id: &PeerId,
        message: &[u8],
        at: Moment,
    ) -> Result<Option<Uuid>, PacelineError> {
        let peer = self.mirroring.linked(id)?;
        let arrivals = match peer.link.as_mut().map(|link| link.message(message, at.elapsed)) {
            None => return Ok(None),
            Some(Ok(arrivals)) => arrivals,
            // The stream has a hole now: nothing that comes after it makes sense.
            Some(Err(Refusal::TooLong)) => return Err(self.give_up(id, Refusal::TooLong, at)),
            Some(Err(refusal)) => return Err(refused(refusal)),
        };
        let mut changed = None;
        for arrival in arrivals {
            let outcome = match arrival {
                Arrival::Began => {
                    self.began(id);
                    Ok(None)
                }
                Arrival::Frame(bytes) => self.hear(id, &bytes, at),
            };
            changed = outcome.map_err(|refusal| self.give_up(id, refusal, at))?.or(changed);
        }
        Ok(changed)
    }

    /// Whoever sends what makes no sense is not listened to until its link comes up anew.
    fn give_up(&mut self, id: &PeerId, refusal: Refusal, at: Moment) -> PacelineError {
        let error = refused(refusal);
        log::warn!("the link to {id} is given up: {error}");
        self.cut(id, &error, at);
        error
    }

    fn began(&mut self, id: &PeerId) {
        let Some(peer) = self.mirroring.peers.get_mut(id) else { return };
        peer.hears_nothing();
        let frames = peer.observer.link_began();
        peer.send(frames);
    }

    fn hear(&mut self, id: &PeerId, bytes: &[u8], at: Moment) -> Result<Option<Uuid>, Refusal> {
        let Some(frame) = Frame::read(bytes)? else { return Ok(None) };
        match frame {
            Frame::Has(_) | Frame::Ask { .. } => {
                let link = self.mirroring.peers.get(id).and_then(|peer| peer.link.as_ref());
                if link.is_some_and(|link| link.backlog() > MOST_BACKLOG) {
                    return Ok(None);
                }
                Ok(self.serve_wish(id, frame, at))
            }
            Frame::Begin { .. } | Frame::Step { .. } | Frame::Answer { .. } | Frame::Farewell(_) => {
                self.observe(id, frame, at).map(|()| None)
            }
        }
    }

    /// What goes to other devices now.
    pub(in crate::shell) fn mail(&mut self, at: Moment) -> Mail {
        let transport = self.mirroring.transport.clone()?;
        if self.mirroring.peers.is_empty() {
            return None;
        }
        self.serve(at);
        let mut messages = Vec::new();
        for (id, peer) in &mut self.mirroring.peers {
            let new = peer.link.as_mut().map(|link| link.messages(at.elapsed)).unwrap_or_default();
            messages.extend(new.into_iter().map(|message| (id.clone(), message)));
        }
        (!messages.is_empty()).then_some((transport, messages))
    }

    pub(super) fn mail_due(&self) -> Option<Duration> {
        self.mirroring.peers.values().filter_map(Peer::due).min()
    }
}
