//! Everything that is shown of one saved workout, read once.

use crate::motion;
use crate::saved::{self, Numbers};
use paceline::{HealthStore, IntervalStatistics, PacelineError, QuantityType, Uuid, Workout};
use std::time::Duration;

/// A saved workout with what is counted for its display.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// As it stands in the store.
    pub(crate) workout: Workout,
    /// Its own numbers.
    pub(crate) numbers: Numbers,
    /// The numbers of its activities; one that only stands for the whole workout is left out.
    pub(crate) legs: Vec<Numbers>,
    /// Its laps, counted by the engine.
    pub(crate) laps: Vec<IntervalStatistics>,
    /// See [`motion::time_in_motion`].
    pub(crate) moving: Option<Duration>,
    /// How many samples are saved of each type.
    pub(crate) samples: Vec<(QuantityType, u64)>,
}

impl View {
    /// Reads a workout.
    ///
    /// # Errors
    /// Store 9 when there is none with this id.
    pub(crate) fn read(store: &HealthStore, id: Uuid) -> Result<Self, PacelineError> {
        let workout = saved::workout(store, id)?;
        let is_whole = |activity: &&paceline::WorkoutActivity| {
            activity.start == workout.start
                && activity.end == Some(workout.end)
                && activity.configuration.activity_type == workout.configuration.activity_type
        };
        let legs = workout.activities.iter().filter(|activity| !is_whole(activity));
        let mut samples = Vec::new();
        for kind in QuantityType::ALL {
            let mut count = 0;
            saved::for_each_sample(store, id, *kind, |_| count += 1)?;
            if count > 0 {
                samples.push((*kind, count));
            }
        }
        Ok(Self {
            numbers: Numbers::of_workout(&workout),
            legs: legs.map(Numbers::of_activity).collect(),
            laps: saved::laps(store, &workout)?,
            moving: motion::time_in_motion(store, &workout)?,
            samples,
            workout,
        })
    }
}
