/* What is there after a kill. */
#define _DEFAULT_SOURCE
#include "harness.h"
#include <unistd.h>

static const PacelineSession NO_SESSION = { 0 };

static int heard, releases;

static void count_call(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    (void)user_data, (void)session, (void)to, (void)from, (void)date;
    heard++;
}

static void count_release(void *user_data) {
    (void)user_data;
    releases++;
}

static PacelineSession run_on(PacelineStore store) {
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    PacelineSession session = { 0 };
    PacelineBuilder builder;
    int64_t now = 0;
    OK(paceline_store_now(store, &now));
    OK(paceline_session_create(store, &run, &session));
    OK(paceline_session_builder(session, &builder));
    OK(paceline_session_start_activity(session, PACELINE_NO_DATE));
    OK(paceline_builder_begin_collection(builder, now));
    OK(paceline_builder_release(builder));
    return session;
}

/* From a simulated device: paused, killed, launched anew, recovered, finished. */
static void a_killed_workout_goes_on(void) {
    PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
    PacelineSimulation simulation;
    PacelineDevice watch;
    PacelineStore dead, store;
    PacelineSession old, session, again;
    PacelineBuilder old_builder, builder;
    PacelineDataSource old_source, source;
    PacelineTypeSet types;
    PacelineWorkout workout;
    PacelineSessionOwner owner;
    PacelineUuid id;
    char payload[16];
    size_t length = 9;
    int64_t elapsed = 0;
    uint32_t number = 9;

    OK(paceline_simulation_create(START, 1, &simulation));
    OK(paceline_simulation_add_device(simulation, "watch", NULL, &watch));
    OK(paceline_device_store(watch, &dead));
    session.id = 1;
    OK(paceline_store_recover_active_workout_session(dead, &session));
    CHECK(session.id == 0);
    RETURNS(NOTHING, paceline_store_session_owner(dead, &owner));

    old = run_on(dead);
    OK(paceline_session_id(old, &id));
    delegate.did_change_state = count_call;
    delegate.release = count_release;
    OK(paceline_session_set_delegate(old, &delegate));
    OK(paceline_session_builder(old, &old_builder));
    OK(paceline_data_source_create(NULL, &old_source));
    OK(paceline_data_source_enable_collection(old_source, PACELINE_TYPE_STEP_COUNT, NULL));
    OK(paceline_builder_set_data_source(old_builder, old_source));
    OK(paceline_session_set_payload(old, "round 7", 7));
    OK(paceline_store_session_owner(dead, &owner));
    CHECK(memcmp(&owner.session, &id, sizeof id) == 0 && owner.state == PACELINE_STATE_RUNNING);
    CHECK(owner.configuration.activity_type == PACELINE_ACTIVITY_RUNNING && owner.is_here == 1 && owner.is_alive == 1);
    CHECK(owner.process == (uint32_t)getpid());
    OK(paceline_store_recover_active_workout_session(dead, &again));
    OK(paceline_session_equal(old, again, &number));
    CHECK(number == 1);
    OK(paceline_session_release(again));
    OK(paceline_simulation_advance(simulation, 30 * SECOND));
    CHECK(heard == 1);
    OK(paceline_session_pause(old));

    OK(paceline_device_kill(watch));
    OK(paceline_device_kill(watch));
    RETURNS(STALE, paceline_store_recover_active_workout_session(dead, &session));
    RETURNS(STALE, paceline_store_session_owner(dead, &owner));
    RETURNS(STALE, paceline_session_resume(old));
    RETURNS(STALE, paceline_session_set_payload(old, "late", 4));
    RETURNS(STALE, paceline_builder_end_collection(old_builder, START));
    RETURNS(STALE, paceline_data_source_disable_collection(old_source, PACELINE_TYPE_STEP_COUNT));
    RETURNS(STALE, paceline_device_set_locked(watch, 1));
    OK(paceline_session_state(old, &number));
    CHECK(number == PACELINE_STATE_PAUSED);
    OK(paceline_simulation_advance(simulation, 300 * SECOND));
    CHECK(heard == 1);

    OK(paceline_device_relaunch(watch));
    RETURNS(STALE, paceline_session_resume(old));
    OK(paceline_device_store(watch, &store));
    OK(paceline_store_session_owner(store, &owner));
    CHECK(owner.state == PACELINE_STATE_PAUSED && owner.is_here == 0 && owner.is_alive == 0);
    OK(paceline_store_recover_active_workout_session(store, &session));
    OK(paceline_session_equal(old, session, &number));
    CHECK(number == 0);
    OK(paceline_session_id(session, &owner.session));
    CHECK(memcmp(&owner.session, &id, sizeof id) == 0);
    OK(paceline_session_payload(session, NULL, 0, &length));
    CHECK(length == 7);
    RETURNS(TOO_SMALL, paceline_session_payload(session, payload, 6, &length));
    OK(paceline_session_payload(session, payload, sizeof payload, &length));
    CHECK(length == 7 && memcmp(payload, "round 7", 7) == 0);
    OK(paceline_session_builder(session, &builder));
    OK(paceline_builder_elapsed_time(builder, &elapsed));
    CHECK(elapsed == 30 * SECOND);
    OK(paceline_builder_data_source(builder, &source));
    OK(paceline_data_source_types_to_collect(source, &types));
    CHECK(paceline_type_set_contains(&types, PACELINE_TYPE_STEP_COUNT));
    OK(paceline_session_set_delegate(session, &delegate));
    OK(paceline_session_resume(session));
    OK(paceline_simulation_advance(simulation, 12 * SECOND));
    CHECK(heard == 2);
    OK(paceline_session_end(session));
    OK(paceline_builder_end_collection(builder, START + 342 * SECOND));
    OK(paceline_builder_finish_workout(builder, &workout));
    RETURNS(INVALID, paceline_session_set_payload(session, NULL, 0));
    OK(paceline_store_recover_active_workout_session(store, &again));
    CHECK(again.id == 0);

    OK(paceline_workout_release(workout));
    OK(paceline_data_source_release(source));
    OK(paceline_data_source_release(old_source));
    OK(paceline_builder_release(builder));
    OK(paceline_builder_release(old_builder));
    OK(paceline_session_release(session));
    OK(paceline_session_release(old));
    OK(paceline_store_release(store));
    OK(paceline_store_release(dead));
    OK(paceline_device_release(watch));
    OK(paceline_simulation_release(simulation));
    CHECK(releases == 2);
}

static void a_payload_has_a_limit(void) {
    World world = world_begin();
    size_t length = 9, most = 1 << 20;
    char *bytes = calloc(1, most + 1);
    OK(paceline_session_payload(world.session, bytes, most, &length));
    CHECK(length == 0);
    RETURNS(PACELINE_ERROR_HEALTH_DATA_SIZE_EXCEEDED, paceline_session_set_payload(world.session, bytes, most + 1));
    OK(paceline_session_set_payload(world.session, bytes, most));
    OK(paceline_session_payload(world.session, NULL, 0, &length));
    CHECK(length == most);
    OK(paceline_session_set_payload(world.session, NULL, 0));
    OK(paceline_session_payload(world.session, NULL, 0, &length));
    CHECK(length == 0);
    RETURNS(MISSING, paceline_session_set_payload(world.session, NULL, 1));
    RETURNS(MISSING, paceline_session_payload(world.session, NULL, 1, &length));
    RETURNS(MISSING, paceline_session_payload(world.session, NULL, 0, NULL));
    free(bytes);
    world_end(&world);
}

/* A store that is closed leaves on its disk what a kill leaves. */
static void a_disk_outlives_its_store(void) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineDisk disk;
    PacelineStore store;
    PacelineSession session;
    uint32_t state = 9;

    OK(paceline_disk_create(&disk));
    OK(paceline_clock_create(START, &options.clock));
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.disk = disk;
    OK(paceline_store_open(&options, &store));
    OK(paceline_session_release(run_on(store)));
    OK(paceline_store_release(store));
    OK(paceline_store_open(&options, &store));
    OK(paceline_store_recover_active_workout_session(store, &session));
    OK(paceline_session_state(session, &state));
    CHECK(state == PACELINE_STATE_RUNNING);
    OK(paceline_session_release(session));
    options.sync_every = SECOND;
    RETURNS(PACELINE_ERROR_STORE_OPTIONS_DIFFER, paceline_store_open(&options, &store));
    OK(paceline_disk_retain(disk));
    OK(paceline_disk_release(disk));
    OK(paceline_disk_release(disk));
    RETURNS(STALE, paceline_store_open(&options, &store));
    OK(paceline_store_release(store));
    OK(paceline_clock_release(options.clock));
}

/* What is there can be seen before it is recovered. */
static void what_is_not_finished_is_seen(void) {
    static const char sensor[] = "strap";
    PacelineSource strap = { sensor, sensor, PACELINE_SOURCE_KIND_EXTERNAL };
    PacelineUnfinishedWorkout found[2];
    PacelineSimulation simulation;
    PacelineDevice watch;
    PacelineStore store;
    PacelineSession session;
    PacelineBatch batch;
    PacelineUuid id, nobody = { { 0 } };
    unsigned char memory[PACELINE_BATCH_HEADER_SIZE + PACELINE_BATCH_ROW_SIZE];
    char payload[8];
    size_t count = 9;
    uint64_t number = 9;
    uint32_t source = 0;

    OK(paceline_simulation_create(START, 1, &simulation));
    OK(paceline_simulation_add_device(simulation, "watch", NULL, &watch));
    OK(paceline_device_store(watch, &store));
    OK(paceline_store_unfinished_workouts(store, found, 2, &count));
    CHECK(count == 0);
    RETURNS(PACELINE_ERROR_STORE_NOT_FOUND, paceline_store_unfinished_payload(store, nobody, payload, 8, &count));
    session = run_on(store);
    OK(paceline_session_id(session, &id));
    OK(paceline_session_set_payload(session, "round 7", 7));
    OK(paceline_store_register_source(store, &strap, &source));
    OK(paceline_batch_begin(&batch, memory, sizeof memory, source, 7));
    OK(paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, START, START, 140));
    OK(paceline_store_ingest(store, memory, batch.size, NULL));
    OK(paceline_simulation_advance(simulation, 30 * SECOND));
    OK(paceline_session_pause(session));
    OK(paceline_session_release(session));
    OK(paceline_device_relaunch(watch));
    RETURNS(STALE, paceline_store_unfinished_workouts(store, found, 2, &count));
    OK(paceline_store_release(store));
    OK(paceline_device_store(watch, &store));
    RETURNS(TOO_SMALL, paceline_store_unfinished_workouts(store, found, 0, &count));
    CHECK(count == 1);
    OK(paceline_store_unfinished_workouts(store, found, 2, &count));
    CHECK(count == 1 && memcmp(&found[0].session, &id, sizeof id) == 0);
    CHECK(found[0].state == PACELINE_STATE_PAUSED && found[0].is_here == 0 && found[0].is_alive == 0);
    CHECK(found[0].configuration.activity_type == PACELINE_ACTIVITY_RUNNING && found[0].process == (uint32_t)getpid());
    CHECK(found[0].start_date == START && found[0].last_date == START + 30 * SECOND && found[0].payload_length == 7);
    RETURNS(TOO_SMALL, paceline_store_unfinished_payload(store, id, payload, 6, &count));
    OK(paceline_store_unfinished_payload(store, id, payload, sizeof payload, &count));
    CHECK(count == 7 && memcmp(payload, "round 7", 7) == 0);
    OK(paceline_store_last_batch(store, source, &number));
    CHECK(number == 7);
    OK(paceline_store_last_batch(store, PACELINE_SOURCE_OWN, &number));
    CHECK(number == 0);
    RETURNS(UNKNOWN, paceline_store_last_batch(store, 4711, &number));
    OK(paceline_store_release(store));
    OK(paceline_device_release(watch));
    OK(paceline_simulation_release(simulation));
}

static void the_newcomer_may_yield(void) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineDeviceOptions yields = { NULL, 0, PACELINE_ARBITRATION_REFUSE, 0 };
    PacelineConfiguration yoga = paceline_configuration(PACELINE_ACTIVITY_YOGA, PACELINE_LOCATION_INDOOR);
    PacelineSimulation simulation;
    PacelineDevice watch;
    PacelineStore stores[2];
    int i;

    options.delivery = PACELINE_DELIVERY_POLL;
    options.arbitration = 4;
    RETURNS(UNKNOWN, paceline_store_open(&options, &stores[0]));
    options.arbitration = PACELINE_ARBITRATION_REFUSE;
    OK(paceline_store_open(&options, &stores[0]));
    OK(paceline_simulation_create(START, 1, &simulation));
    yields.arbitration = 4;
    RETURNS(UNKNOWN, paceline_simulation_add_device(simulation, "watch", &yields, &watch));
    yields.arbitration = PACELINE_ARBITRATION_REFUSE;
    OK(paceline_simulation_add_device(simulation, "watch", &yields, &watch));
    OK(paceline_device_store(watch, &stores[1]));
    for (i = 0; i < 2; i++) {
        PacelineSession first = run_on(stores[i]), second = NO_SESSION;
        uint32_t state = 9;
        OK(paceline_session_create(stores[i], &yoga, &second));
        RETURNS(PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED, paceline_session_prepare(second));
        RETURNS(PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED,
                paceline_session_start_activity(second, PACELINE_NO_DATE));
        OK(paceline_session_state(first, &state));
        CHECK(state == PACELINE_STATE_RUNNING);
        OK(paceline_session_release(first));
        OK(paceline_session_release(second));
        OK(paceline_store_release(stores[i]));
    }
    OK(paceline_device_release(watch));
    OK(paceline_simulation_release(simulation));
}

static void a_file_is_set_aside(void) {
    static const char sentence[] = "this is no database, but a text that is long enough to look like something";
    char folder[] = "/tmp/paceline-XXXXXX", path[64], aside[64 + PACELINE_SET_ASIDE_ROOM] = "", found[128] = "";
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore store;
    size_t length = 0;
    FILE *file;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.store", folder);
    options.path = path;
    options.delivery = PACELINE_DELIVERY_POLL;
    RETURNS(PACELINE_ERROR_STORE_NOT_FOUND, paceline_store_set_aside(path, aside, sizeof aside, NULL));
    file = fopen(path, "w");
    fputs(sentence, file);
    fclose(file);
    RETURNS(PACELINE_ERROR_STORE_DAMAGED, paceline_store_open(&options, &store));
    RETURNS(MISSING, paceline_store_set_aside(NULL, aside, sizeof aside, NULL));
    RETURNS(MISSING, paceline_store_set_aside(path, NULL, 0, NULL));
    RETURNS(TOO_SMALL, paceline_store_set_aside(path, aside, strlen(path) + PACELINE_SET_ASIDE_ROOM - 1, &length));
    CHECK(length == strlen(path) + PACELINE_SET_ASIDE_ROOM - 1);
    length = 0;
    OK(paceline_store_set_aside(path, NULL, 0, &length));
    CHECK(length == strlen(path) + PACELINE_SET_ASIDE_ROOM - 1 && aside[0] == 0);
    CHECK(access(path, F_OK) == 0);
    OK(paceline_store_set_aside(path, aside, length + 1, &length));
    CHECK(strncmp(aside, path, strlen(path)) == 0 && strlen(aside) == length && length > strlen(path));
    CHECK(access(path, F_OK) != 0);
    file = fopen(aside, "r");
    CHECK(file != NULL && fgets(found, sizeof found, file) != NULL && strcmp(found, sentence) == 0);
    fclose(file);
    OK(paceline_store_open(&options, &store));
    RETURNS(PACELINE_ERROR_STORE_BUSY, paceline_store_set_aside(path, found, sizeof found, NULL));
    OK(paceline_store_release(store));
    unlink(path);
    unlink(aside);
    CHECK(rmdir(folder) == 0);
}

void recovery_tests(void) {
    RUN(a_killed_workout_goes_on);
    RUN(a_payload_has_a_limit);
    RUN(a_disk_outlives_its_store);
    RUN(what_is_not_finished_is_seen);
    RUN(the_newcomer_may_yield);
    RUN(a_file_is_set_aside);
}
