//! What the app hears of a mirrored session: what differs from what it heard before, in the order in which it would hear it on the
//! device that has the session.

use super::picture::Picture;
use crate::machines::activities::Activity;
use crate::machines::change::Notice;
use crate::values::{Timestamp, TypeSet, WorkoutEvent, WorkoutEventType, WorkoutSessionState};

/// What an app knows of a mirrored session.
#[derive(Debug)]
pub(crate) struct Told {
    picture: Picture,
    /// The events that it heard, or that were there when it got its session. A picture that begins anew has not all of them at once.
    events: Vec<WorkoutEvent>,
    /// Events up to here were there before, though they are still to come.
    horizon: Timestamp,
}

impl Told {
    /// The app gets the session as it is: nothing that happened before is told.
    pub(crate) fn join(picture: &Picture) -> Self {
        let events: Vec<_> = picture.events.iter().flatten().cloned().collect();
        let is_partial = picture.events.iter().any(Option::is_none);
        let first = events.first().filter(|_| is_partial);
        let horizon = first.map_or(Timestamp::MIN, |first| first.start);
        Self { picture: picture.clone(), events, horizon }
    }

    /// What is new. `at` is the instant of the last step.
    pub(crate) fn news(&mut self, picture: &Picture, at: Timestamp) -> Vec<Notice> {
        let mut notices = Vec::new();
        let (before, after) = (activities(&self.picture), activities(picture));
        let find = |all: &[&Activity], activity: &Activity| all.iter().position(|one| one.id == activity.id);
        let mut ended = Vec::new();
        for activity in before.iter().filter(|activity| activity.is_open()) {
            let now = find(&after, activity).map(|index| after[index]);
            // One that is gone was never the builder's; its end is not told then.
            let end = now.map_or(Some(at), |now| now.end);
            notices.extend(end.map(|date| activity_ended(activity, date)));
            ended.extend(now.filter(|now| now.end.is_some()).map(|now| now.id));
        }
        notices.extend(self.state_change(picture, at));
        let events = self.new_events(picture);
        notices.extend(events.iter().cloned().map(Notice::Event));
        let began = after.iter().filter(|activity| find(&before, activity).is_none());
        for activity in began.clone() {
            notices.push(Notice::ActivityBegan {
                configuration: activity.configuration.clone(),
                date: activity.start,
            });
            notices.extend(activity.end.map(|date| activity_ended(activity, date)));
        }
        notices.extend(events.iter().map(|_| Notice::EventCollected));
        let is_leg = |id| picture.legs.iter().any(|leg| leg.activity.id == id);
        notices
            .extend(ended.into_iter().filter(|id| is_leg(*id)).map(|id| Notice::BuilderActivityEnded { id }));
        for activity in began.filter(|activity| is_leg(activity.id)) {
            notices.push(Notice::BuilderActivityBegan { id: activity.id });
            notices.extend(activity.end.map(|_| Notice::BuilderActivityEnded { id: activity.id }));
        }
        let types = self.changed_types(picture);
        if !types.is_empty() {
            notices.push(Notice::DataCollected(types));
        }
        self.events.extend(events);
        self.picture = picture.clone();
        notices
    }

    fn state_change(&self, picture: &Picture, at: Timestamp) -> Option<Notice> {
        use WorkoutSessionState as S;
        let (before, head) = (self.picture.head.as_ref()?, picture.head.as_ref()?);
        let (from, to) = (before.state, head.state);
        let last = |kind| {
            let mut events = picture.events.iter().rev().flatten();
            events.find(|event: &&WorkoutEvent| event.event_type == kind).map(|event| event.start)
        };
        let date = match (from, to) {
            (S::Paused, S::Running) => last(WorkoutEventType::Resume),
            (_, S::Running) => head.start,
            (_, S::Paused) => last(WorkoutEventType::Pause),
            (S::Stopped, S::Ended) => None,
            (_, S::Stopped | S::Ended) => head.end,
            _ => None,
        };
        (from != to).then(|| Notice::StateChanged { to, from, date: date.unwrap_or(at) })
    }

    fn new_events(&self, picture: &Picture) -> Vec<WorkoutEvent> {
        let known = self.picture.events.iter().zip(&picture.events);
        let same = known.take_while(|(before, after)| before == after).count();
        let candidates = picture.events[same..].iter().flatten();
        let is_new = |event: &&WorkoutEvent| event.start > self.horizon && !self.events.contains(event);
        candidates.filter(is_new).cloned().collect()
    }

    fn changed_types(&self, picture: &Picture) -> TypeSet {
        let before = &self.picture.numbers;
        let is_same = |(scope, statistics): &&(_, crate::values::Statistics)| {
            let key = (*scope, statistics.quantity_type);
            let place = before.binary_search_by_key(&key, |(scope, known)| (*scope, known.quantity_type));
            place.is_ok_and(|place| before[place].1 == *statistics)
        };
        picture
            .numbers
            .iter()
            .filter(|number| !is_same(number))
            .map(|(_, statistics)| statistics.quantity_type)
            .collect()
    }
}

fn activity_ended(activity: &Activity, date: Timestamp) -> Notice {
    Notice::ActivityEnded { configuration: activity.configuration.clone(), date }
}

/// Those of the builder, and the one in progress where the builder does not have it.
fn activities(picture: &Picture) -> Vec<&Activity> {
    let mut all: Vec<_> = picture.legs.iter().map(|leg| &leg.activity).collect();
    let open = picture.head.as_ref().and_then(|head| head.activity.as_ref());
    if let Some(open) = open.filter(|open| all.iter().all(|activity| activity.id != open.id)) {
        all.push(open);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machines::change::Input;
    use crate::machines::host_facts::HostFacts;
    use crate::machines::live_workout::LiveWorkout;
    use crate::machines::timeline::Moment;
    use crate::values::{Metadata, WorkoutActivityType, WorkoutConfiguration};
    use std::time::Duration;
    use uuid::Uuid;

    fn at(second: u64) -> Moment {
        let now = Timestamp::from_seconds(1_700_000_000).plus(Duration::from_secs(second));
        Moment { now, elapsed: Duration::from_secs(second), boot: None }
    }

    fn does(workout: &mut LiveWorkout, second: u64, input: Input<'_>) -> Picture {
        let changes = workout.decide(input, at(second)).expect("allowed");
        workout.apply(&changes);
        Picture::of(workout, at(second).now)
    }

    /// Only what happened since, and that once; also when several steps came as one, and when the mirror began anew in between.
    #[test]
    fn only_what_is_new_is_told() {
        let run = WorkoutConfiguration::new(WorkoutActivityType::Running);
        let mut workout = LiveWorkout::new(Uuid::from_u128(1), run.clone());
        let facts = HostFacts::default();
        does(&mut workout, 0, Input::StartActivity { date: None, facts: &facts });
        does(&mut workout, 0, Input::BeginCollection { start: at(0).now });
        for second in 1..30 {
            let lap = WorkoutEvent::at(WorkoutEventType::Lap, at(second).now);
            does(&mut workout, second, Input::Report(lap));
        }
        let mut shown = Picture::empty(run.clone());
        let follow = |shown: &mut Picture, workout: &LiveWorkout| {
            let parts = shown.towards(&Picture::of(workout, at(99).now));
            shown.apply(parts).expect("it makes sense");
        };
        follow(&mut shown, &workout);
        let mut told = Told::join(&shown);
        follow(&mut shown, &workout);
        assert_eq!(told.news(&shown, at(30).now), []);
        does(&mut workout, 40, Input::Pause);
        let activity = Input::BeginActivity {
            id: Uuid::from_u128(2),
            configuration: run.clone(),
            date: at(41).now,
            metadata: Metadata::new(),
        };
        does(&mut workout, 41, activity);
        follow(&mut shown, &workout);
        let pause = WorkoutEvent::at(WorkoutEventType::Pause, at(40).now);
        let id = Uuid::from_u128(2);
        let expected = [
            Notice::StateChanged {
                to: WorkoutSessionState::Paused,
                from: WorkoutSessionState::Running,
                date: at(40).now,
            },
            Notice::Event(pause),
            Notice::ActivityBegan { configuration: run.clone(), date: at(41).now },
            Notice::EventCollected,
            Notice::BuilderActivityBegan { id },
        ];
        assert_eq!(told.news(&shown, at(41).now), expected);
        shown = Picture::empty(run.clone());
        does(&mut workout, 50, Input::End);
        for _ in 0..2 {
            follow(&mut shown, &workout);
        }
        let expected = [
            Notice::ActivityEnded { configuration: run, date: at(50).now },
            Notice::StateChanged {
                to: WorkoutSessionState::Ended,
                from: WorkoutSessionState::Paused,
                date: at(50).now,
            },
            Notice::BuilderActivityEnded { id },
        ];
        assert_eq!(told.news(&shown, at(50).now), expected);
    }
}
