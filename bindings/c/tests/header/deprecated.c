/* Each of these lines must be a warning; built with -Werror, this file must not compile. */
#include <paceline.h>

void calls_what_is_deprecated(PacelineStore store, PacelineSession session, const PacelineConfiguration *configuration) {
    uint32_t number;
    paceline_session_create_with_configuration(configuration, &session);
    paceline_session_create_with_activity(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR, &session);
    paceline_session_activity_type(session, &number);
    paceline_session_location_type(session, &number);
    paceline_store_start(store, session);
    paceline_store_end(store, session);
    paceline_store_pause(store, session);
    paceline_store_resume_workout_session(store, session);
}
