#include "harness.h"

static int passed, failed, checks_failed;

void run_test(const char *name, TestFunction test) {
    checks_failed = 0;
    test();
    if (checks_failed == 0) {
        passed++;
    } else {
        failed++;
        printf("FAILED %s\n", name);
    }
}

void fail_check(const char *file, int line, const char *what) {
    checks_failed++;
    printf("%s:%d: not so: %s\n", file, line, what);
}

void fail_codes(const char *file, int line, const char *call, PacelineResult is, PacelineResult should) {
    PacelineErrorDetails error;
    paceline_last_error(&error);
    checks_failed++;
    printf("%s:%d: %s\n    returned %u, not %u (last error: %s)\n", file, line, call, (unsigned)is, (unsigned)should,
           error.sentence);
}

World world_begin(void) {
    World world;
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    memset(&world, 0, sizeof world);
    OK(paceline_clock_create(START, &world.clock));
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = world.clock;
    options.entropy_kind = PACELINE_ENTROPY_SEEDED;
    options.entropy_seed = 1;
    OK(paceline_store_open(&options, &world.store));
    OK(paceline_session_create(world.store, &run, &world.session));
    OK(paceline_session_builder(world.session, &world.builder));
    OK(paceline_data_source_create(&run, &world.source));
    OK(paceline_builder_set_data_source(world.builder, world.source));
    return world;
}

World world_running(void) {
    World world = world_begin();
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_builder_begin_collection(world.builder, START));
    return world;
}

void world_end(World *world) {
    OK(paceline_data_source_release(world->source));
    OK(paceline_builder_release(world->builder));
    OK(paceline_session_release(world->session));
    OK(paceline_store_release(world->store));
    OK(paceline_clock_release(world->clock));
}

void world_advance(World *world, int64_t seconds) {
    OK(paceline_clock_advance(world->clock, seconds * SECOND));
}

void world_beat(World *world, double value) {
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, 0, 0, 0 };
    int64_t now = 0;
    OK(paceline_store_now(world->store, &now));
    beat.start = beat.end = now;
    beat.value = value;
    OK(paceline_store_ingest_sample(world->store, &beat, NULL));
}

int main(void) {
    surface_tests();
    delegate_tests();
    handle_tests();
    batch_tests();
    completion_tests();
    store_tests();
    simulation_tests();
    recovery_tests();
    durability_tests();
    arbitration_tests();
    thread_tests();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
