//! What the handles of one workout share.

use super::data_source::LiveWorkoutDataSource;
use super::delegate::{LiveWorkoutBuilderDelegate, WorkoutSessionDelegate};
use super::published::Published;
use super::sync::Mutex;
use super::transport::PeerId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use uuid::Uuid;

/// The shared part of the handles of a workout: its published state and who listens. Its locks are held for the
/// copying of one pointer, never during a step or a callback.
pub(crate) struct WorkoutCell {
    pub(crate) id: Uuid,
    /// What makes it the mirror of a session of another device.
    pub(crate) mirror: Option<Mirror>,
    /// Sessions that were made without a store never have one.
    pub(crate) has_builder: bool,
    published: Mutex<Arc<Published>>,
    session_delegate: Mutex<Option<Arc<dyn WorkoutSessionDelegate>>>,
    builder_delegate: Mutex<Option<Arc<dyn LiveWorkoutBuilderDelegate>>>,
    data_source: Mutex<Option<LiveWorkoutDataSource>>,
    /// The position in the outbox, plus one, of the last "types changed"; 0 before the first.
    waiting: AtomicU64,
}

/// The mirror of a session of another device.
pub(crate) struct Mirror {
    pub(crate) peer: PeerId,
    is_handed_over: AtomicBool,
}

impl Mirror {
    /// Whether the app got it from its start handler.
    pub(crate) fn is_handed_over(&self) -> bool {
        self.is_handed_over.load(Ordering::Relaxed)
    }

    /// The app gets it now; false when it got it before.
    pub(crate) fn hand_over(&self) -> bool {
        !self.is_handed_over.swap(true, Ordering::Relaxed)
    }
}

impl WorkoutCell {
    pub(crate) fn new(published: Published) -> Self {
        Self {
            id: published.id,
            mirror: None,
            has_builder: true,
            published: Mutex::new(Arc::new(published)),
            session_delegate: Mutex::default(),
            builder_delegate: Mutex::default(),
            data_source: Mutex::default(),
            waiting: AtomicU64::new(0),
        }
    }

    pub(crate) fn without_builder(published: Published) -> Self {
        Self { has_builder: false, ..Self::new(published) }
    }

    /// A session of this other device.
    pub(crate) fn mirrored(published: Published, peer: &PeerId) -> Self {
        let mirror = Mirror { peer: peer.clone(), is_handed_over: AtomicBool::new(false) };
        Self { mirror: Some(mirror), ..Self::without_builder(published) }
    }

    pub(crate) fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published.lock())
    }

    pub(crate) fn publish(&self, published: Published) {
        let published = Arc::new(published);
        // The old state is dropped after the lock was released.
        let _old = std::mem::replace(&mut *self.published.lock(), published);
    }

    pub(crate) fn session_delegate(&self) -> Option<Arc<dyn WorkoutSessionDelegate>> {
        self.session_delegate.lock().clone()
    }

    pub(crate) fn set_session_delegate(&self, delegate: Option<Arc<dyn WorkoutSessionDelegate>>) {
        let _old = std::mem::replace(&mut *self.session_delegate.lock(), delegate);
    }

    pub(crate) fn builder_delegate(&self) -> Option<Arc<dyn LiveWorkoutBuilderDelegate>> {
        self.builder_delegate.lock().clone()
    }

    pub(crate) fn set_builder_delegate(&self, delegate: Option<Arc<dyn LiveWorkoutBuilderDelegate>>) {
        let _old = std::mem::replace(&mut *self.builder_delegate.lock(), delegate);
    }

    pub(crate) fn data_source(&self) -> Option<LiveWorkoutDataSource> {
        self.data_source.lock().clone()
    }

    /// Returns the one that was set before.
    pub(crate) fn set_data_source(
        &self,
        source: Option<LiveWorkoutDataSource>,
    ) -> Option<LiveWorkoutDataSource> {
        std::mem::replace(&mut *self.data_source.lock(), source)
    }

    /// Sets a data source unless there is one.
    pub(crate) fn restore_data_source(&self, make: impl FnOnce() -> LiveWorkoutDataSource) {
        self.data_source.lock().get_or_insert_with(make);
    }

    /// Only the outbox uses this, under its own lock.
    pub(super) fn note_waiting(&self, position: u64) {
        self.waiting.store(position + 1, Ordering::Relaxed);
    }

    pub(super) fn waiting(&self) -> Option<u64> {
        self.waiting.load(Ordering::Relaxed).checked_sub(1)
    }
}
