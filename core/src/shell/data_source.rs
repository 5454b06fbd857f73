//! The data source as a user holds it.

use super::cell::WorkoutCell;
use super::engine::Engine;
use super::sync::Mutex;
use crate::machines::change::Input;
use crate::machines::data_source::{SamplePredicate, Selection};
use crate::values::{PacelineError, QuantityType, TypeSet, WorkoutConfiguration};
use std::fmt;
use std::sync::{Arc, Weak};

/// Decides which samples flow into a live builder: of all that is ingested while the session is under way, those of the
/// chosen types that match their predicate.
///
/// Made from a configuration it starts with that configuration's default types, and follows the activities of a
/// multi-sport workout until the first change by hand. Clones are handles on the same data source.
#[derive(Clone)]
pub struct LiveWorkoutDataSource(Arc<Mutex<Inner>>);

struct Inner {
    selection: Selection,
    serves: Option<(Weak<Engine>, Weak<WorkoutCell>)>,
}

impl LiveWorkoutDataSource {
    /// A data source with the default types of this configuration, or without any.
    pub fn new(configuration: Option<&WorkoutConfiguration>) -> Self {
        Self(Arc::new(Mutex::new(Inner { selection: Selection::new(configuration), serves: None })))
    }

    /// The types it collects.
    pub fn types_to_collect(&self) -> TypeSet {
        let inner = self.0.lock();
        match inner.served() {
            Some((_, cell)) => cell.published().types_to_collect.unwrap_or_default(),
            None => inner.selection.types(),
        }
    }

    /// Collects a type, before and during a workout. For a type that is collected already, the predicate is replaced;
    /// without one, everything of the type is taken.
    ///
    /// # Errors
    /// Domain `store` when it serves a builder and the change cannot be saved.
    pub fn enable_collection(
        &self,
        quantity_type: QuantityType,
        predicate: Option<SamplePredicate>,
    ) -> Result<(), PacelineError> {
        self.change(
            Input::EnableCollection { kind: quantity_type, predicate: predicate.clone() },
            |selection| selection.enable(quantity_type, predicate),
        )
    }

    /// Stops collecting a type; what was collected stays.
    ///
    /// # Errors
    /// Domain `store` when it serves a builder and the change cannot be saved.
    pub fn disable_collection(&self, quantity_type: QuantityType) -> Result<(), PacelineError> {
        self.change(Input::DisableCollection { kind: quantity_type }, |selection| {
            selection.disable(quantity_type);
        })
    }

    fn change(&self, there: Input<'static>, here: impl FnOnce(&mut Selection)) -> Result<(), PacelineError> {
        let served = self.0.lock().served();
        if let Some((engine, cell)) = served {
            engine.step(cell.id, |_| there)?;
        }
        here(&mut self.0.lock().selection);
        Ok(())
    }

    /// The data source that a recovered builder had.
    pub(crate) fn recovered(selection: Selection, engine: &Arc<Engine>, cell: &Arc<WorkoutCell>) -> Self {
        let serves = Some((Arc::downgrade(engine), Arc::downgrade(cell)));
        Self(Arc::new(Mutex::new(Inner { selection, serves })))
    }

    /// Begins to serve a builder; returns what it selects.
    pub(crate) fn attach(
        &self,
        engine: &Arc<Engine>,
        cell: &Arc<WorkoutCell>,
    ) -> Result<Selection, PacelineError> {
        let mut inner = self.0.lock();
        if inner.served().is_some_and(|(_, other)| !Arc::ptr_eq(&other, cell)) {
            return Err(PacelineError::new(
                crate::values::ErrorCode::InvalidArgument,
                "this data source serves another builder; make a new one",
            ));
        }
        inner.serves = Some((Arc::downgrade(engine), Arc::downgrade(cell)));
        Ok(inner.selection.clone())
    }

    pub(crate) fn detach(&self) {
        self.0.lock().serves = None;
    }
}

impl Inner {
    fn served(&self) -> Option<(Arc<Engine>, Arc<WorkoutCell>)> {
        let (engine, cell) = self.serves.as_ref()?;
        Some((engine.upgrade()?, cell.upgrade()?))
    }
}

impl PartialEq for LiveWorkoutDataSource {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for LiveWorkoutDataSource {}

impl fmt::Debug for LiveWorkoutDataSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LiveWorkoutDataSource").field(&self.types_to_collect()).finish()
    }
}
