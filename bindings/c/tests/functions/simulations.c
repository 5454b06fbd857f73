/* Devices that exist only in memory. */
#include "harness.h"

static void devices_live_in_one_time(void) {
    static const uint32_t refused[] = { PACELINE_ACTIVITY_YOGA };
    static const uint32_t nonsense[] = { 81 };
    PacelineDeviceOptions options = { refused, 1, 0, 0 };
    PacelineSimulation simulation;
    PacelineDevice watch, phone, found;
    PacelineStore store;
    PacelineClock clock;
    PacelineSession session;
    PacelineConfiguration yoga = paceline_configuration(PACELINE_ACTIVITY_YOGA, PACELINE_LOCATION_INDOOR);
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_INDOOR);
    uint32_t number = 9;
    int64_t now = 0;
    char text[16];

    OK(paceline_simulation_create(START, 7, &simulation));
    OK(paceline_simulation_add_device(simulation, "watch", NULL, &watch));
    OK(paceline_simulation_add_device(simulation, "phone", &options, &phone));
    RETURNS(INVALID, paceline_simulation_add_device(simulation, "watch", NULL, &found));
    RETURNS(INVALID, paceline_simulation_add_device(simulation, "", NULL, &found));
    options.refused_activities = nonsense;
    RETURNS(UNKNOWN, paceline_simulation_add_device(simulation, "pad", &options, &found));
    OK(paceline_simulation_device(simulation, "pad", &found));
    CHECK(found.id == 0);
    OK(paceline_simulation_device(simulation, "phone", &found));
    OK(paceline_device_name(found, text, sizeof text, NULL));
    CHECK(strcmp(text, "phone") == 0);
    OK(paceline_device_store(found, &store));
    RETURNS(PACELINE_ERROR_HEALTH_WORKOUT_ACTIVITY_NOT_ALLOWED, paceline_session_create(store, &yoga, &session));
    OK(paceline_store_release(store));
    OK(paceline_device_retain(found));
    OK(paceline_device_release(found));
    OK(paceline_device_release(found));

    OK(paceline_simulation_clock(simulation, &clock));
    OK(paceline_simulation_advance(simulation, SECOND));
    OK(paceline_clock_advance(clock, SECOND));
    OK(paceline_simulation_advance_to(simulation, START + 3 * SECOND));
    OK(paceline_simulation_advance_to(simulation, START));
    OK(paceline_simulation_now(simulation, &now));
    CHECK(now == START + 3 * SECOND);
    OK(paceline_clock_now(clock, &now));
    CHECK(now == START + 3 * SECOND);
    RETURNS(OUT_OF_RANGE, paceline_simulation_advance(simulation, -1));
    RETURNS(OUT_OF_RANGE, paceline_clock_advance_to(clock, INT64_MAX));
    OK(paceline_clock_advance_to(clock, START + 4 * SECOND));

    OK(paceline_device_store(watch, &store));
    OK(paceline_session_create(store, &run, &session));
    OK(paceline_device_set_foreground(watch, 0));
    OK(paceline_session_prepare(session));
    OK(paceline_session_state(session, &number));
    CHECK(number == PACELINE_STATE_ENDED);
    OK(paceline_session_release(session));
    OK(paceline_session_create(store, &run, &session));
    OK(paceline_device_set_launched_by_companion(watch, 1));
    RETURNS(INVALID, paceline_device_refuse_session_mode(watch, PACELINE_ERROR_HEALTH_USER_CANCELED, NULL));
    OK(paceline_session_prepare(session));
    OK(paceline_device_in_session_mode(watch, &number));
    CHECK(number == 1);
    RETURNS(UNKNOWN, paceline_device_refuse_session_mode(watch, 4711, NULL));
    OK(paceline_device_refuse_session_mode(watch, PACELINE_ERROR_HEALTH_USER_CANCELED, "no"));
    OK(paceline_session_state(session, &number));
    CHECK(number == PACELINE_STATE_ENDED);
    OK(paceline_device_set_locked(watch, 1));
    OK(paceline_device_set_workout_permission(watch, PACELINE_AUTHORIZATION_SHARING_DENIED));
    OK(paceline_device_set_sample_permission(watch, PACELINE_TYPE_HEART_RATE, PACELINE_AUTHORIZATION_SHARING_DENIED));
    RETURNS(UNKNOWN, paceline_device_set_workout_permission(watch, 3));
    OK(paceline_simulation_poll(simulation, &number));
    CHECK(number == 0);
    OK(paceline_simulation_retain(simulation));
    OK(paceline_simulation_release(simulation));

    OK(paceline_session_release(session));
    OK(paceline_store_release(store));
    OK(paceline_clock_release(clock));
    OK(paceline_device_release(watch));
    OK(paceline_device_release(phone));
    OK(paceline_simulation_release(simulation));
}

void simulation_tests(void) {
    RUN(devices_live_in_one_time);
}
