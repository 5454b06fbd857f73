//! What is shown of the session of another device, and what the app hears of it.

use super::Writer;
use super::mirroring::Peer;
use crate::machines::change::Notice;
use crate::machines::mirror::frames::{Command, Frame};
use crate::machines::mirror::link::Refusal;
use crate::machines::mirror::observer::News;
use crate::machines::mirror::told::Told;
use crate::machines::timeline::Moment;
use crate::shell::cell::{Mirror, WorkoutCell};
use crate::shell::outbox::Outbox;
use crate::shell::published::Published;
use crate::shell::transport::PeerId;
use crate::values::PacelineError;
use std::sync::Arc;
use uuid::Uuid;

/// A mirrored session as the app has it.
pub(super) struct Shown {
    cell: Arc<WorkoutCell>,
    told: Told,
}

impl Shown {
    /// The app hears no more of it, and it asks for nothing any more.
    pub(super) fn disconnect(self, error: Option<PacelineError>, outbox: &Outbox, at: Moment) {
        self.cell.publish(self.cell.published().standing(at));
        outbox.put(&self.cell, vec![Notice::Disconnected(error)]);
    }
}

impl Peer {
    /// Shows what was heard: in the session that the app has, or in a new one.
    fn show(&mut self, id: &PeerId, outbox: &Outbox, at: Moment) {
        let (Some((picture, place)), Some(time)) = (self.observer.picture(), self.observer.time()) else {
            return;
        };
        let Some(published) = Published::mirrored(picture, place, time, at) else { return };
        if let Some(shown) = &mut self.shown {
            let notices = shown.told.news(picture, time.last_step());
            shown.cell.publish(published);
            outbox.put(&shown.cell, notices);
        } else {
            let cell = Arc::new(WorkoutCell::mirrored(published, id));
            outbox.put(&cell, vec![Notice::MirroringBegan]);
            self.shown = Some(Shown { cell, told: Told::join(picture) });
        }
    }
}

impl Writer {
    /// Takes in what a device tells of its session.
    pub(super) fn observe(&mut self, id: &PeerId, frame: Frame, at: Moment) -> Result<(), Refusal> {
        let Some(peer) = self.mirroring.peers.get_mut(id) else { return Ok(()) };
        if let Frame::Begin { place, configuration, .. } = &frame
            && (self.workouts.contains_key(&place.session) || configuration.validate().is_err())
        {
            log::warn!("{id} claims to have a session of this device, or one that cannot be");
            return Err(Refusal::Malformed);
        }
        match peer.observer.hear(frame, at.elapsed)? {
            None => {}
            Some(News::Began) => {
                let session = peer.observer.picture().map(|(_, place)| place.session);
                if peer.shown.as_ref().is_some_and(|shown| Some(shown.cell.id) != session)
                    && let Some(shown) = peer.shown.take()
                {
                    shown.disconnect(None, &self.outbox, at);
                }
                let again: Vec<_> = peer.observer.unanswered().collect();
                peer.send(again);
            }
            Some(News::Changed) => peer.show(id, &self.outbox, at),
            Some(News::Answered { command, refusal }) => {
                if let Some(shown) = &peer.shown {
                    self.outbox.put(&shown.cell, vec![Notice::CommandAnswered { command, refusal }]);
                }
            }
            Some(News::Farewell(_)) => {
                if let Some(shown) = peer.shown.take() {
                    shown.disconnect(None, &self.outbox, at);
                }
            }
        }
        Ok(())
    }

    /// Sends a command to the device that has a session.
    pub(in crate::shell) fn ask_remote(
        &mut self,
        cell: &Arc<WorkoutCell>,
        mirror: &Mirror,
        id: Uuid,
        command: Command,
    ) -> Result<(), PacelineError> {
        let peer = self.mirroring.peers.get_mut(&mirror.peer);
        let shows =
            |peer: &&mut Peer| peer.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(&shown.cell, cell));
        let Some(peer) = peer.filter(shows) else {
            return Err(PacelineError::invalid(
                "this mirror is of no use any more; the start handler gets another one when the link returns",
            ));
        };
        let frame = peer.observer.ask(id, command)?;
        peer.send([frame]);
        Ok(())
    }

    /// Mirrored sessions that the app did not get, because it had no start handler yet.
    pub(in crate::shell) fn hand_over_mirrors(&self) {
        let cells =
            self.mirroring.peers.values().filter_map(|peer| peer.shown.as_ref()).map(|shown| &shown.cell);
        for cell in cells.filter(|cell| cell.mirror.as_ref().is_some_and(|mirror| !mirror.is_handed_over())) {
            self.outbox.put(cell, vec![Notice::MirroringBegan]);
        }
    }
}
