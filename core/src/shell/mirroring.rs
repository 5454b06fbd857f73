//! Mirroring as a user of the store meets it: links come and go, sessions of other devices arrive.

use super::cell::WorkoutCell;
use super::clock::Clock;
use super::engine::Engine;
use super::guard::guarded;
use super::transport::{PeerId, Transport};
use super::workout_session::WorkoutSession;
use super::writer::Plan;
use crate::machines::change::Input;
use crate::machines::mirror::frames::Command;
use crate::machines::mirror::primary::ObserverRole;
use crate::values::{ErrorCode, PacelineError};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// Gets the sessions of other devices that are mirrored here. Called like a delegate.
pub trait MirroringStartHandler: Send + Sync {
    /// A session of this device is mirrored here from now on, in the state in which it is. Set a delegate now: what happens to the
    /// session from here on is told to it. Called again with another object when the link broke and came up again; the one before is
    /// of no use then.
    fn did_start_mirroring(&self, session: &WorkoutSession, peer: &PeerId);
}

impl Engine {
    pub(super) fn set_mirroring_start_handler(&self, handler: Option<Arc<dyn MirroringStartHandler>>) {
        let is_some = handler.is_some();
        let _old = std::mem::replace(&mut *self.mirroring_start_handler.lock(), handler);
        if let Ok(writer) = self.lock()
            && is_some
        {
            writer.hand_over_mirrors();
        }
    }

    pub(super) fn attach_transport(&self, transport: Arc<dyn Transport>) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        writer.attach_transport(transport, at);
        self.release(writer, Uuid::nil());
        Ok(())
    }

    pub(super) fn set_observer_role(&self, peer: &PeerId, role: ObserverRole) -> Result<(), PacelineError> {
        self.lock()?.mirroring.set_role(peer, role)
    }

    pub(super) fn link_up(&self, peer: &PeerId) -> Result<(), PacelineError> {
        let transport = self.lock()?.mirroring.transport().ok_or_else(|| {
            PacelineError::new(
                ErrorCode::LinkClosed,
                "no transport is attached; attach one before its links come up",
            )
        })?;
        // Asked while no lock is held: the host's code may call back.
        let largest = transport.largest_message(peer);
        let number = self.link_number()?;
        let mut writer = self.lock()?;
        writer.link_up(peer, number, largest)?;
        let is_mirrored = writer.mirrored_session().is_some();
        self.release(writer, Uuid::nil());
        if is_mirrored {
            transport.wake(peer);
        }
        Ok(())
    }

    /// No two links of a device have the same number; also not where chance is not left to the machine, which then gives the same
    /// ids to each launch to which nothing happened.
    fn link_number(&self) -> Result<u32, PacelineError> {
        let (high, low) = self.ids.uuid()?.as_u64_pair();
        let launch = self.launch.load(Ordering::Relaxed);
        let mixed = (high ^ low ^ launch).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = mixed ^ (self.clock.elapsed().as_micros() as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        Ok((mixed >> 32) as u32)
    }

    pub(super) fn link_down(&self, peer: &PeerId, reason: &str) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        writer.link_down(peer, reason, at);
        self.release(writer, Uuid::nil());
        Ok(())
    }

    pub(super) fn receive(&self, peer: &PeerId, message: &[u8]) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        let outcome = guarded(|| writer.receive(peer, message, at));
        if outcome.as_ref().is_err_and(|error| error.code() == ErrorCode::Internal) {
            writer.link_down(peer, "its message could not be taken in", at);
        }
        self.release(writer, outcome.as_ref().ok().copied().flatten().unwrap_or_default());
        outcome.map(drop)
    }

    /// Begins or stops to mirror a session of ours.
    pub(super) fn set_mirroring(&self, id: Uuid, on: bool) -> Result<(), PacelineError> {
        let at = self.clock.moment();
        let mut writer = self.lock()?;
        if on && let Some(other) = writer.mirrored_session().filter(|other| *other != id) {
            return Err(PacelineError::invalid("another session of this store is mirrored; stop that first")
                .with_value(other));
        }
        let changes = writer.entry(id)?.workout.decide(Input::SetMirroring(on), at)?;
        let began = on && !changes.is_empty();
        writer.perform(vec![Plan::new(id, changes)], at)?;
        let wake = writer.mirroring.transport().filter(|_| began).zip(Some(writer.mirroring.reachable()));
        self.release(writer, id);
        if let Some((transport, peers)) = wake {
            for peer in peers {
                transport.wake(&peer);
            }
        }
        Ok(())
    }

    /// Sends a command to the device that has a session mirrored here. Its dates are those of the host.
    pub(super) fn ask_remote(&self, cell: &Arc<WorkoutCell>, command: Command) -> Result<(), PacelineError> {
        let Some(mirror) = &cell.mirror else {
            return Err(PacelineError::invalid("this is no mirrored session"));
        };
        let at = self.clock.moment();
        let published = cell.published();
        let command = command.with_dates(|date| published.date_of_mirror(date, at));
        let id = self.ids.uuid()?;
        let mut writer = self.lock()?;
        writer.ask_remote(cell, mirror, id, command)?;
        self.release(writer, Uuid::nil());
        Ok(())
    }
}
