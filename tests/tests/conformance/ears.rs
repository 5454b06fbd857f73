//! The delegates: they write what they hear, and play what was armed for it.

use crate::stage::Stage;
use crate::telling;
use paceline::{
    LiveWorkoutBuilder, LiveWorkoutBuilderDelegate, PacelineError, Timestamp, TypeSet, WorkoutActivity,
    WorkoutConfiguration, WorkoutEvent, WorkoutSession, WorkoutSessionDelegate, WorkoutSessionState,
};

/// Whom a reaction waits for, besides the names of states.
pub(crate) const TRIGGERS: [&str; 10] = [
    "failed",
    "event",
    "activityBegan",
    "activityEnded",
    "durabilityLost",
    "durabilityRegained",
    "data",
    "builderEvent",
    "builderActivityBegan",
    "builderActivityEnded",
];

/// Listens to one session and its builder.
pub(crate) struct Ears {
    name: String,
    stage: Stage,
}

impl Ears {
    pub(crate) fn new(name: &str, stage: Stage) -> Self {
        Self { name: name.to_owned(), stage }
    }

    fn hear(&self, trigger: &str, what: &str) {
        self.stage.write(&format!("{} {what}", self.name));
        self.stage.react(&self.name, trigger);
    }
}

impl WorkoutSessionDelegate for Ears {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        date: Timestamp,
    ) {
        self.hear(to.name(), &format!("state {from} -> {to} at {}", telling::date(date)));
    }

    fn did_fail(&self, _: &WorkoutSession, error: &PacelineError) {
        self.hear("failed", &format!("failed {}", telling::error(error)));
    }

    fn did_generate_event(&self, _: &WorkoutSession, event: &WorkoutEvent) {
        self.hear("event", &format!("event {}", telling::event(event)));
    }

    fn did_begin_activity(&self, _: &WorkoutSession, configuration: &WorkoutConfiguration, date: Timestamp) {
        let (what, at) = (telling::configuration(configuration), telling::date(date));
        self.hear("activityBegan", &format!("activity began {what} at {at}"));
    }

    fn did_end_activity(&self, _: &WorkoutSession, configuration: &WorkoutConfiguration, date: Timestamp) {
        let (what, at) = (telling::configuration(configuration), telling::date(date));
        self.hear("activityEnded", &format!("activity ended {what} at {at}"));
    }

    fn did_lose_durability(&self, _: &WorkoutSession, error: &PacelineError) {
        self.hear("durabilityLost", &format!("durability lost {}", telling::error(error)));
    }

    fn did_regain_durability(&self, _: &WorkoutSession) {
        self.hear("durabilityRegained", "durability regained");
    }
}

impl LiveWorkoutBuilderDelegate for Ears {
    fn did_collect_data(&self, _: &LiveWorkoutBuilder, types: &TypeSet) {
        self.hear("data", &format!("builder data {}", telling::types(types)));
    }

    fn did_collect_event(&self, _: &LiveWorkoutBuilder) {
        self.hear("builderEvent", "builder event");
    }

    fn did_begin_activity(&self, _: &LiveWorkoutBuilder, activity: &WorkoutActivity) {
        let (what, at) = (telling::configuration(&activity.configuration), telling::date(activity.start));
        self.hear("builderActivityBegan", &format!("builder activity began {what} at {at}"));
    }

    fn did_end_activity(&self, _: &LiveWorkoutBuilder, activity: &WorkoutActivity) {
        let what = telling::configuration(&activity.configuration);
        let dates = telling::dates(Some(activity.start), activity.end);
        self.hear("builderActivityEnded", &format!("builder activity ended {what}{dates}"));
    }
}
