//! What is left of a workout after a disaster, to be compared with what should be.

use paceline::{
    HealthStore, Metadata, Timestamp, Uuid, Workout, WorkoutActivity, WorkoutEvent, WorkoutSnapshot,
};
use std::sync::Arc;
use std::time::Duration;

/// What is left of a workout: in the making, or saved. Without what no kill needs to keep.
#[derive(Debug, Clone, PartialEq)]
pub enum Left {
    /// Nothing.
    Nothing,
    /// One that is going on or is not finished.
    Live(Box<Live>),
    /// A finished one.
    Saved(Box<Workout>),
}

/// What there is of a workout that is not finished.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    snapshot: WorkoutSnapshot,
    payload: Vec<u8>,
    events: Arc<[WorkoutEvent]>,
    metadata: Metadata,
}

impl Left {
    /// Looks into a store that nobody else has open, with at most one workout.
    pub fn of(store: &HealthStore) -> Self {
        if let Some(workout) = store.workouts().expect("it can be read").pop() {
            let activities = workout.activities.iter().map(unnamed).collect();
            return Self::Saved(Box::new(Workout { id: Uuid::nil(), activities, ..workout }));
        }
        let Some(session) = store.recover_active_workout_session().expect("it can be recovered") else {
            return Self::Nothing;
        };
        store.poll();
        let snapshot = session.snapshot();
        let activities = snapshot.activities.iter().map(|one| Arc::new(unnamed(one))).collect();
        let snapshot = WorkoutSnapshot { id: Uuid::nil(), sequence: 0, activities, ..snapshot };
        let builder = session.associated_workout_builder().expect("it was made with one");
        Self::Live(Box::new(Live {
            snapshot,
            payload: session.payload().to_vec(),
            events: builder.workout_events(),
            metadata: builder.metadata(),
        }))
    }

    /// The same picture, whenever it was taken: what runs on by itself is left out.
    #[must_use]
    pub fn at_one_time(&self) -> Self {
        match self {
            Self::Live(live) => {
                let snapshot = &live.snapshot;
                let snapshot = WorkoutSnapshot {
                    taken: Timestamp::EPOCH,
                    elapsed: Duration::ZERO,
                    activities: snapshot
                        .activities
                        .iter()
                        .map(|one| {
                            let duration = if one.end.is_some() { one.duration } else { Duration::ZERO };
                            Arc::new(WorkoutActivity { duration, ..(**one).clone() })
                        })
                        .collect(),
                    ..snapshot.clone()
                };
                Self::Live(Box::new(Live { snapshot, ..(**live).clone() }))
            }
            other => other.clone(),
        }
    }
}

fn unnamed(activity: &WorkoutActivity) -> WorkoutActivity {
    WorkoutActivity { id: Uuid::nil(), ..activity.clone() }
}
