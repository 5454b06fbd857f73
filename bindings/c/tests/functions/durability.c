/* What is done while the store cannot be written, or may not be, and while the clock is set. */
#include "harness.h"

static int lost, regained;

static void did_lose(void *user_data, PacelineSession session, const PacelineErrorDetails *error) {
    uint32_t durable = 9;
    (void)user_data;
    OK(paceline_session_is_durable(session, &durable));
    CHECK(durable == 0);
    CHECK(error->code == PACELINE_ERROR_STORE_READ_ONLY && error->sentence[0] != 0);
    lost++;
}

static void did_regain(void *user_data, PacelineSession session) {
    uint32_t durable = 9;
    (void)user_data;
    OK(paceline_session_is_durable(session, &durable));
    CHECK(durable == 1);
    regained++;
}

typedef struct Watch {
    PacelineSimulation simulation;
    PacelineDevice device;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
} Watch;

/* A run under way on a simulated device. */
static Watch watch_begin(void) {
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    PacelineDataSource source;
    Watch watch;
    OK(paceline_simulation_create(START, 1, &watch.simulation));
    OK(paceline_simulation_add_device(watch.simulation, "watch", NULL, &watch.device));
    OK(paceline_device_store(watch.device, &watch.store));
    OK(paceline_session_create(watch.store, &run, &watch.session));
    OK(paceline_session_builder(watch.session, &watch.builder));
    OK(paceline_data_source_create(&run, &source));
    OK(paceline_builder_set_data_source(watch.builder, source));
    OK(paceline_data_source_release(source));
    OK(paceline_session_start_activity(watch.session, PACELINE_NO_DATE));
    OK(paceline_builder_begin_collection(watch.builder, START));
    return watch;
}

static void watch_end(const Watch *watch) {
    OK(paceline_builder_release(watch->builder));
    OK(paceline_session_release(watch->session));
    OK(paceline_store_release(watch->store));
    OK(paceline_device_release(watch->device));
    OK(paceline_simulation_release(watch->simulation));
}

static PacelineIngested beat(const Watch *watch) {
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, 0, 0, 140 };
    PacelineIngested taken = { 9, 9, 9, 9 };
    OK(paceline_store_now(watch->store, &beat.start));
    beat.end = beat.start;
    OK(paceline_store_ingest_sample(watch->store, &beat, &taken));
    return taken;
}

static void a_disk_that_refuses_is_told_of_once(void) {
    Watch watch = watch_begin();
    PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    PacelineIngested taken;

    delegate.did_lose_durability = did_lose;
    delegate.did_regain_durability = did_regain;
    OK(paceline_session_set_delegate(watch.session, &delegate));
    taken = beat(&watch);
    CHECK(taken.samples == 1 && taken.collected == 1 && taken.repeated == 0 && taken.durable == 1);
    OK(paceline_device_set_disk_writable(watch.device, 0));
    taken = beat(&watch);
    CHECK(taken.samples == 1 && taken.durable == 0);
    OK(paceline_session_pause(watch.session));
    OK(paceline_simulation_advance(watch.simulation, 20 * SECOND));
    CHECK(lost == 1 && regained == 0);
    OK(paceline_session_snapshot(watch.session, &snapshot));
    CHECK(snapshot.durable == 0 && snapshot.state == PACELINE_STATE_PAUSED);
    OK(paceline_device_set_disk_writable(watch.device, 1));
    OK(paceline_simulation_advance(watch.simulation, 20 * SECOND));
    CHECK(lost == 1 && regained == 1);
    OK(paceline_session_snapshot(watch.session, &snapshot));
    CHECK(snapshot.durable == 1);
    RETURNS(UNKNOWN, paceline_device_set_disk_writable(watch.device, 2));
    OK(paceline_device_kill(watch.device));
    RETURNS(STALE, paceline_device_set_disk_writable(watch.device, 0));
    watch_end(&watch);
}

static void a_suspended_store_starts_no_write(void) {
    Watch watch = watch_begin();
    PacelineIngested taken;
    uint32_t durable = 9;

    OK(paceline_store_suspend(watch.store));
    OK(paceline_store_suspend(watch.store));
    taken = beat(&watch);
    CHECK(taken.durable == 0);
    OK(paceline_session_stop_activity(watch.session, PACELINE_NO_DATE));
    OK(paceline_builder_end_collection(watch.builder, START));
    OK(paceline_session_is_durable(watch.session, &durable));
    CHECK(durable == 0);
    RETURNS(PACELINE_ERROR_STORE_SUSPENDED, paceline_builder_discard_workout(watch.builder));
    OK(paceline_store_resume(watch.store));
    OK(paceline_store_resume(watch.store));
    OK(paceline_session_is_durable(watch.session, &durable));
    CHECK(durable == 1);
    OK(paceline_builder_discard_workout(watch.builder));
    OK(paceline_device_kill(watch.device));
    RETURNS(STALE, paceline_store_suspend(watch.store));
    RETURNS(STALE, paceline_store_resume(watch.store));
    watch_end(&watch);
}

static void a_session_keeps_its_own_time(void) {
    Watch watch = watch_begin();
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    int64_t elapsed = 0, now = 0;

    OK(paceline_device_jump_clock(watch.device, -3600 * SECOND));
    OK(paceline_simulation_advance(watch.simulation, 10 * SECOND));
    OK(paceline_store_now(watch.store, &now));
    CHECK(now == START - 3590 * SECOND);
    OK(paceline_builder_elapsed_time(watch.builder, &elapsed));
    CHECK(elapsed == 10 * SECOND);
    OK(paceline_device_jump_clock(watch.device, 3600 * SECOND));
    OK(paceline_session_pause(watch.session));
    OK(paceline_session_resume(watch.session));
    OK(paceline_device_reboot(watch.device));
    RETURNS(STALE, paceline_session_pause(watch.session));
    OK(paceline_simulation_advance(watch.simulation, 50 * SECOND));
    OK(paceline_device_relaunch(watch.device));
    OK(paceline_device_store(watch.device, &store));
    OK(paceline_store_recover_active_workout_session(store, &session));
    OK(paceline_session_builder(session, &builder));
    OK(paceline_builder_elapsed_time(builder, &elapsed));
    CHECK(elapsed == 60 * SECOND);
    OK(paceline_builder_release(builder));
    OK(paceline_session_release(session));
    OK(paceline_store_release(store));
    watch_end(&watch);
}

static void a_clock_is_set_and_started_anew(void) {
    PacelineClock clock;
    int64_t now = 0;
    OK(paceline_clock_create(START, &clock));
    OK(paceline_clock_jump(clock, -SECOND));
    OK(paceline_clock_now(clock, &now));
    CHECK(now == START - SECOND);
    OK(paceline_clock_reboot(clock));
    OK(paceline_clock_now(clock, &now));
    CHECK(now == START - SECOND);
    OK(paceline_clock_release(clock));
    RETURNS(STALE, paceline_clock_jump(clock, 1));
    RETURNS(STALE, paceline_clock_reboot(clock));
}

void durability_tests(void) {
    RUN(a_disk_that_refuses_is_told_of_once);
    RUN(a_suspended_store_starts_no_write);
    RUN(a_session_keeps_its_own_time);
    RUN(a_clock_is_set_and_started_anew);
}
