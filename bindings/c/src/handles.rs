//! Numbers that stand for objects.
//!
//! C gets no pointer but a number: the place of a slot in one table, how often that slot was used before, and what kind
//! of object is in it. So a handle that was released is known to be stale, instead of being a use after free.

use crate::error::{null, stale};
use crate::host::HostObject;
use paceline::{
    HealthStore, LiveWorkoutBuilder, LiveWorkoutDataSource, ManualClock, MemoryDisk, Metadata, PacelineError,
    SimulatedDevice, Simulation, Workout, WorkoutSession,
};
use parking_lot::Mutex;
use std::sync::Arc;

/// A store. Release it with paceline_store_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineStore {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// A workout session. Release it with paceline_session_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineSession {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// The live builder of a session. Release it with paceline_builder_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineBuilder {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// What selects the samples of a live builder. Release it with paceline_data_source_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineDataSource {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// A saved workout; it never changes. Release it with paceline_workout_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineWorkout {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// Facts by key. Release it with paceline_metadata_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineMetadata {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// A clock that is moved by hand. Release it with paceline_clock_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineClock {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// A disk in memory. Release it with paceline_disk_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineDisk {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// What the platform decides. Release it with paceline_host_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineHost {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// One time, and the simulated devices that live in it. Release it with paceline_simulation_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineSimulation {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// A device that exists only in memory. Release it with paceline_device_release().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineDevice {
    /// 0 stands for no object. All else is Paceline's own.
    pub id: u64,
}

/// Metadata that C puts together; shared by its handles.
pub(crate) type MetadataObject = Arc<Mutex<Metadata>>;

/// A handle and what it stands for.
pub(crate) trait Handle: Copy {
    /// Cloning it makes another reference to the same object, and runs no code of anyone else.
    type Object: Clone;
    /// Tells kinds apart within the number; never 0, so that no handle is 0.
    const KIND: u8;
    /// What an error calls it.
    const NAME: &'static str;

    fn from_id(id: u64) -> Self;
    fn id(self) -> u64;
    fn wrap(object: Self::Object) -> Object;
    fn peek(object: &Object) -> Option<&Self::Object>;
}

macro_rules! handles {
    ($( $kind:literal $handle:ident $variant:ident($object:ty) $name:literal; )+) => {
        /// Whatever a slot holds.
        pub(crate) enum Object { $( $variant($object), )+ }

        $(
            impl Handle for $handle {
                type Object = $object;
                const KIND: u8 = $kind;
                const NAME: &'static str = $name;

                fn from_id(id: u64) -> Self {
                    Self { id }
                }

                fn id(self) -> u64 {
                    self.id
                }

                fn wrap(object: $object) -> Object {
                    Object::$variant(object)
                }

                fn peek(object: &Object) -> Option<&$object> {
                    match object {
                        Object::$variant(object) => Some(object),
                        _ => None,
                    }
                }
            }
        )+
    };
}

handles! {
    1 PacelineStore Store(HealthStore) "store";
    2 PacelineSession Session(WorkoutSession) "session";
    3 PacelineBuilder Builder(LiveWorkoutBuilder) "builder";
    4 PacelineDataSource DataSource(LiveWorkoutDataSource) "data source";
    5 PacelineWorkout Workout(Arc<Workout>) "workout";
    6 PacelineMetadata Metadata(MetadataObject) "metadata";
    7 PacelineClock Clock(ManualClock) "clock";
    8 PacelineHost Host(Arc<HostObject>) "host";
    9 PacelineSimulation Simulation(Simulation) "simulation";
    10 PacelineDevice Device(SimulatedDevice) "device";
    11 PacelineDisk Disk(MemoryDisk) "disk";
}

/// How often a slot can be used before it is left alone for ever, so that no number comes twice.
const LAST_GENERATION: u32 = (1 << 24) - 1;

struct Slot {
    generation: u32,
    references: u32,
    object: Option<Object>,
}

struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

/// Its lock is held for a look or a copy of a reference; never while the engine or foreign code runs.
static TABLE: Mutex<Table> = Mutex::new(Table { slots: Vec::new(), free: Vec::new() });

fn number<H: Handle>(index: u32, generation: u32) -> u64 {
    u64::from(H::KIND) << 56 | u64::from(generation) << 32 | u64::from(index)
}

impl Table {
    /// The slot that this handle names, while its object is there.
    fn slot<H: Handle>(&mut self, handle: H) -> Result<&mut Slot, PacelineError> {
        let id = handle.id();
        if id == 0 {
            return Err(null(H::NAME));
        }
        let generation = (id >> 32) as u32 & LAST_GENERATION;
        let right_kind = (id >> 56) as u8 == H::KIND;
        self.slots
            .get_mut(id as u32 as usize)
            .filter(|slot| right_kind && slot.generation == generation && slot.object.is_some())
            .ok_or_else(|| stale(H::NAME))
    }
}

/// Puts an object into the table; its handle counts as one reference.
pub(crate) fn hand_out<H: Handle>(object: H::Object) -> H {
    let object = H::wrap(object);
    let mut table = TABLE.lock();
    let index = table.free.pop().unwrap_or_else(|| {
        table.slots.push(Slot { generation: 0, references: 0, object: None });
        table.slots.len() as u32 - 1
    });
    let slot = &mut table.slots[index as usize];
    slot.references = 1;
    slot.object = Some(object);
    H::from_id(number::<H>(index, slot.generation))
}

/// The object behind a handle.
///
/// # Errors
/// Boundary 2 for the handle 0; boundary 3 for one that was released, or is of another kind.
pub(crate) fn get<H: Handle>(handle: H) -> Result<H::Object, PacelineError> {
    let mut table = TABLE.lock();
    let slot = table.slot(handle)?;
    slot.object.as_ref().and_then(H::peek).cloned().ok_or_else(|| stale(H::NAME))
}

/// As [`get`]; nothing for the handle 0, where a caller may leave an object out.
pub(crate) fn get_optional<H: Handle>(handle: H) -> Result<Option<H::Object>, PacelineError> {
    if handle.id() == 0 { Ok(None) } else { get(handle).map(Some) }
}

/// Adds a reference.
pub(crate) fn retain<H: Handle>(handle: H) -> Result<(), PacelineError> {
    let mut table = TABLE.lock();
    let slot = table.slot(handle)?;
    slot.references = slot.references.checked_add(1).ok_or_else(|| stale(H::NAME))?;
    Ok(())
}

/// Takes a reference away; with the last one the handle is stale.
pub(crate) fn release<H: Handle>(handle: H) -> Result<(), PacelineError> {
    let mut table = TABLE.lock();
    let slot = table.slot(handle)?;
    slot.references -= 1;
    if slot.references > 0 {
        return Ok(());
    }
    let object = slot.object.take();
    if slot.generation < LAST_GENERATION {
        slot.generation += 1;
        table.free.push(handle.id() as u32);
    }
    // What goes with the object may be foreign: not under the lock.
    drop(table);
    drop(object);
    Ok(())
}

/// A handle that a callback gets for as long as it runs.
pub(crate) struct Lent<H: Handle>(H);

impl<H: Handle> Lent<H> {
    pub(crate) fn new(object: H::Object) -> Self {
        Self(hand_out(object))
    }

    pub(crate) fn handle(&self) -> H {
        self.0
    }
}

impl<H: Handle> Drop for Lent<H> {
    fn drop(&mut self) {
        // A callback that released what was only lent to it made the handle stale itself.
        let _ = release(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use paceline::{ErrorCode, Timestamp};

    fn clock() -> PacelineClock {
        hand_out(ManualClock::new(Timestamp::EPOCH))
    }

    fn code<T>(outcome: Result<T, PacelineError>) -> Option<ErrorCode> {
        outcome.err().map(|error| error.code())
    }

    #[test]
    fn a_released_handle_is_stale_also_when_its_slot_is_used_again() {
        let first = clock();
        assert!(get(first).is_ok());
        release(first).expect("it has one reference");
        assert_eq!(code(get(first)), Some(ErrorCode::StaleHandle));
        let others: Vec<_> = (0..64).map(|_| clock()).collect();
        assert!(others.iter().all(|other| *other != first));
        assert_eq!(code(release(first)), Some(ErrorCode::StaleHandle));
        for other in others {
            release(other).expect("it has one reference");
        }
    }

    #[test]
    fn references_are_counted() {
        let handle = clock();
        retain(handle).expect("it is there");
        release(handle).expect("two references");
        assert!(get(handle).is_ok());
        release(handle).expect("one reference");
        assert_eq!(code(retain(handle)), Some(ErrorCode::StaleHandle));
    }

    #[test]
    fn kinds_are_told_apart() {
        let handle = clock();
        assert_eq!(code(get(PacelineStore { id: handle.id })), Some(ErrorCode::StaleHandle));
        assert_eq!(code(get(PacelineClock { id: 0 })), Some(ErrorCode::NullArgument));
        assert_eq!(code(get(PacelineClock { id: u64::MAX })), Some(ErrorCode::StaleHandle));
        release(handle).expect("it has one reference");
    }
}
