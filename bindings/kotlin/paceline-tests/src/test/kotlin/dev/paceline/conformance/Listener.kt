package dev.paceline.conformance

import dev.paceline.LiveWorkoutBuilder
import dev.paceline.LiveWorkoutBuilderDelegate
import dev.paceline.PacelineException
import dev.paceline.QuantityType
import dev.paceline.WorkoutActivity
import dev.paceline.WorkoutConfiguration
import dev.paceline.WorkoutEvent
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionDelegate
import dev.paceline.WorkoutSessionState
import java.time.Instant

/** What a reaction can wait for, besides the names of states. */
internal val TRIGGERS = setOf(
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
)

/** Listens to one session and its builder: writes what is heard, and plays what was armed for it. */
internal class Listener(private val name: String, private val stage: Stage) {
    private fun hear(trigger: String, what: String) {
        stage.write("$name $what")
        stage.react(name, trigger)
    }

    val ofSession = object : WorkoutSessionDelegate {
        override fun didChangeState(
            session: WorkoutSession,
            to: WorkoutSessionState,
            from: WorkoutSessionState,
            date: Instant,
        ) = hear(nameOf(to), "state ${nameOf(from)} -> ${nameOf(to)} at ${tell(date)}")

        override fun didFail(session: WorkoutSession, error: PacelineException) =
            hear("failed", "failed ${tell(error)}")

        override fun didGenerateEvent(session: WorkoutSession, event: WorkoutEvent) =
            hear("event", "event ${tell(event)}")

        override fun didBeginActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) =
            hear("activityBegan", "activity began ${tell(configuration)} at ${tell(date)}")

        override fun didEndActivity(session: WorkoutSession, configuration: WorkoutConfiguration, date: Instant) =
            hear("activityEnded", "activity ended ${tell(configuration)} at ${tell(date)}")

        override fun didLoseDurability(session: WorkoutSession, error: PacelineException) =
            hear("durabilityLost", "durability lost ${tell(error)}")

        override fun didRegainDurability(session: WorkoutSession) =
            hear("durabilityRegained", "durability regained")
    }

    val ofBuilder = object : LiveWorkoutBuilderDelegate {
        override fun didCollectData(builder: LiveWorkoutBuilder, types: Set<QuantityType>) =
            hear("data", "builder data ${tell(types)}")

        override fun didCollectEvent(builder: LiveWorkoutBuilder) = hear("builderEvent", "builder event")

        override fun didBeginActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) = hear(
            "builderActivityBegan",
            "builder activity began ${tell(activity.configuration)} at ${tell(activity.start)}",
        )

        override fun didEndActivity(builder: LiveWorkoutBuilder, activity: WorkoutActivity) = hear(
            "builderActivityEnded",
            "builder activity ended ${tell(activity.configuration)}${dates(activity.start, activity.end)}",
        )
    }
}
