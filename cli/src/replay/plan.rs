//! Which recorded sessions belong together as one workout.

use crate::mapping;
use paceline::{Timestamp, WorkoutActivityType, WorkoutConfiguration};
use paceline_formats::RecordedSession;

/// Devices write whole seconds: the end of a leg may lie this much behind the start of the next one.
const LARGEST_OVERLAP_US: i64 = 2_000_000;
/// A longer rest than this is no change of sport within one workout.
const LARGEST_GAP_US: i64 = 30 * 60 * 1_000_000;

/// A recorded session as part of a workout.
#[derive(Debug, Clone)]
pub(super) struct Leg<'a> {
    pub(super) session: &'a RecordedSession,
    /// Its place in the recording.
    pub(super) index: usize,
    pub(super) configuration: WorkoutConfiguration,
    pub(super) start_us: i64,
    /// Not after the start of the next leg.
    pub(super) end_us: i64,
}

impl Leg<'_> {
    pub(super) fn activity(&self) -> WorkoutActivityType {
        self.configuration.activity_type
    }
}

/// One workout to be: a session of its own, or the legs of a multi-sport workout.
#[derive(Debug, Clone)]
pub(super) struct Plan<'a> {
    pub(super) configuration: WorkoutConfiguration,
    /// By rising start; at least one.
    pub(super) legs: Vec<Leg<'a>>,
}

impl Plan<'_> {
    /// When it begins.
    pub(super) fn start(&self) -> Timestamp {
        Timestamp::from_micros(self.start_us())
    }

    /// When it is over.
    pub(super) fn end(&self) -> Timestamp {
        Timestamp::from_micros(self.end_us())
    }

    fn start_us(&self) -> i64 {
        self.legs[0].start_us
    }

    pub(super) fn end_us(&self) -> i64 {
        self.legs.iter().map(|leg| leg.session.end_us).fold(self.start_us(), i64::max)
    }

    /// Whether the recorded sessions become activities of one workout.
    pub(super) fn is_multi_sport(&self) -> bool {
        self.legs.len() > 1
    }
}

/// Groups recorded sessions into workouts, in time order.
///
/// Sessions become legs of one multi-sport workout when they follow one another without a long rest, each is swimming,
/// cycling, running or a transition, and the sport changes at least once. Any other session is a workout of its own.
pub(super) fn workouts(sessions: &[RecordedSession]) -> Vec<Plan<'_>> {
    let mut order: Vec<usize> = (0..sessions.len()).collect();
    order.sort_by_key(|index| sessions[*index].start_us);
    let mut chains: Vec<Vec<Leg<'_>>> = Vec::new();
    for index in order {
        let session = &sessions[index];
        let leg = Leg {
            session,
            index,
            configuration: mapping::configuration(session),
            start_us: session.start_us,
            end_us: session.end_us,
        };
        match chains.last_mut().map(|chain| (chain.last().is_some_and(|last| follows(last, &leg)), chain)) {
            Some((true, chain)) => {
                if let Some(last) = chain.last_mut() {
                    last.end_us = last.end_us.min(leg.start_us);
                }
                chain.push(leg);
            }
            _ => chains.push(vec![leg]),
        }
    }
    chains.into_iter().flat_map(plans).collect()
}

/// Whether one leg can come after another in one multi-sport workout.
fn follows(before: &Leg<'_>, leg: &Leg<'_>) -> bool {
    let gap = leg.start_us - before.end_us;
    let fits = |leg: &Leg<'_>| {
        use WorkoutActivityType::{Cycling, Running, Swimming, Transition};
        matches!(leg.activity(), Swimming | Cycling | Running | Transition)
    };
    (-LARGEST_OVERLAP_US..=LARGEST_GAP_US).contains(&gap) && fits(before) && fits(leg)
}

/// One plan for a chain in which the sport changes, else one for each of its sessions.
fn plans(legs: Vec<Leg<'_>>) -> Vec<Plan<'_>> {
    let changes = legs.windows(2).any(|pair| pair[0].activity() != pair[1].activity());
    if changes {
        let configuration = WorkoutConfiguration::new(WorkoutActivityType::SwimBikeRun)
            .at(legs[0].configuration.location_type);
        return vec![Plan { configuration, legs }];
    }
    legs.into_iter()
        .map(|mut leg| {
            // Only legs give way to the one after them.
            leg.end_us = leg.session.end_us;
            Plan { configuration: leg.configuration.clone(), legs: vec![leg] }
        })
        .collect()
}
