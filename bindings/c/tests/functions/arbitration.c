/* Two sessions at a time: who yields, asked of the host; and whose process lives. */
#define _DEFAULT_SOURCE
#include "harness.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Platform {
    uint64_t asked;
    PacelineUuid newcomer, incumbent;
    uint32_t incumbent_is_here, process;
} Platform;

static void request(void *user_data, const PacelineHostRequest *what) {
    Platform *platform = user_data;
    CHECK(what->configuration == NULL);
    if (what->kind == PACELINE_REQUEST_ARBITRATE) {
        platform->asked = what->id;
        platform->newcomer = what->session;
        platform->incumbent = what->incumbent->session;
        platform->incumbent_is_here = what->incumbent->is_here;
        CHECK(what->process == 0);
    } else {
        CHECK(what->kind == PACELINE_REQUEST_IS_ALIVE && what->incumbent == NULL);
        platform->process = what->process;
    }
}

static PacelineHost host_that_knows(Platform *platform) {
    PacelineHostCallbacks callbacks = PACELINE_HOST_CALLBACKS_INIT, bad;
    PacelineHost host = { 0 };
    callbacks.user_data = platform;
    callbacks.arbitration = PACELINE_CAPABILITY_NATIVE;
    callbacks.processes = PACELINE_CAPABILITY_EMULATED;
    callbacks.request = request;
    bad = callbacks;
    bad.arbitration = 3;
    RETURNS(UNKNOWN, paceline_host_create(&bad, &host));
    bad = callbacks;
    bad.processes = 3;
    RETURNS(UNKNOWN, paceline_host_create(&bad, &host));
    OK(paceline_host_create(&callbacks, &host));
    return host;
}

static PacelineSession session_in(PacelineStore store) {
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    PacelineSession session = { 0 };
    OK(paceline_session_create(store, &run, &session));
    return session;
}

static uint32_t state_of(PacelineSession session) {
    uint32_t state = 0;
    OK(paceline_session_state(session, &state));
    return state;
}

static void a_host_says_who_goes_on(void) {
    Platform platform = { 0, { { 0 } }, { { 0 } }, 9, 0 };
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore store;
    PacelineSession first, second, third;
    PacelineUuid id;

    options.delivery = PACELINE_DELIVERY_POLL;
    options.arbitration = PACELINE_ARBITRATION_ASK;
    options.host = host_that_knows(&platform);
    OK(paceline_store_open(&options, &store));
    OK(paceline_host_release(options.host));
    first = session_in(store);
    second = session_in(store);
    third = session_in(store);
    OK(paceline_session_start_activity(first, PACELINE_NO_DATE));
    CHECK(platform.asked == 0);
    OK(paceline_session_start_activity(second, PACELINE_NO_DATE));
    CHECK(platform.asked != 0 && platform.incumbent_is_here == 1);
    OK(paceline_session_id(first, &id));
    CHECK(memcmp(&platform.incumbent, &id, sizeof id) == 0);
    OK(paceline_session_id(second, &id));
    CHECK(memcmp(&platform.newcomer, &id, sizeof id) == 0);
    CHECK(state_of(first) == PACELINE_STATE_RUNNING && state_of(second) == PACELINE_STATE_NOT_STARTED);
    OK(paceline_store_report_outcome(store, platform.asked, 0, NULL));
    CHECK(state_of(first) == PACELINE_STATE_ENDED && state_of(second) == PACELINE_STATE_RUNNING);
    OK(paceline_session_prepare(third));
    OK(paceline_store_report_outcome(store, platform.asked, PACELINE_ERROR_HEALTH_USER_CANCELED, NULL));
    CHECK(state_of(second) == PACELINE_STATE_RUNNING && state_of(third) == PACELINE_STATE_ENDED);
    OK(paceline_session_release(first));
    OK(paceline_session_release(second));
    OK(paceline_session_release(third));
    OK(paceline_store_release(store));
}

static void a_simulated_platform_answers(void) {
    PacelineDeviceOptions asks = { NULL, 0, PACELINE_ARBITRATION_ASK, 0 };
    PacelineDeviceOptions unknown = { NULL, 0, PACELINE_ARBITRATION_HAND_OVER + 1, 0 };
    PacelineSimulation simulation;
    PacelineDevice watch;
    PacelineStore store;
    PacelineSession first, second, third;

    OK(paceline_simulation_create(START, 1, &simulation));
    RETURNS(UNKNOWN, paceline_simulation_add_device(simulation, "watch", &unknown, &watch));
    OK(paceline_simulation_add_device(simulation, "watch", &asks, &watch));
    OK(paceline_device_store(watch, &store));
    first = session_in(store);
    second = session_in(store);
    third = session_in(store);
    RETURNS(INVALID, paceline_device_arbitrate(watch, 0, NULL));
    OK(paceline_session_start_activity(first, PACELINE_NO_DATE));
    OK(paceline_session_start_activity(second, PACELINE_NO_DATE));
    RETURNS(UNKNOWN, paceline_device_arbitrate(watch, 4711, NULL));
    OK(paceline_device_arbitrate(watch, PACELINE_ERROR_HEALTH_USER_CANCELED, "not now"));
    CHECK(state_of(first) == PACELINE_STATE_RUNNING && state_of(second) == PACELINE_STATE_ENDED);
    OK(paceline_session_start_activity(third, PACELINE_NO_DATE));
    OK(paceline_device_arbitrate(watch, 0, NULL));
    CHECK(state_of(first) == PACELINE_STATE_ENDED && state_of(third) == PACELINE_STATE_RUNNING);
    OK(paceline_session_release(first));
    OK(paceline_session_release(second));
    OK(paceline_session_release(third));
    OK(paceline_store_release(store));
    OK(paceline_device_release(watch));
    OK(paceline_simulation_release(simulation));
}

/* A process that runs a session in this store until it is killed. */
static pid_t other_process(const char *path) {
    int ends[2];
    char ready = 0;
    pid_t child;
    CHECK(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
        PacelineStore store;
        options.path = path;
        options.delivery = PACELINE_DELIVERY_POLL;
        if (paceline_store_open(&options, &store) != PACELINE_OK ||
            paceline_session_start_activity(session_in(store), PACELINE_NO_DATE) != PACELINE_OK ||
            write(ends[1], "!", 1) != 1) {
            _exit(1);
        }
        for (;;) {
            pause();
        }
    }
    close(ends[1]);
    CHECK(read(ends[0], &ready, 1) == 1 && ready == '!');
    close(ends[0]);
    return child;
}

/* The engine takes a process that lives for one that lives; the host knows better. */
static void a_host_says_which_process_ended(void) {
    char folder[] = "/tmp/paceline-XXXXXX", path[64], beside[72];
    Platform platform = { 0, { { 0 } }, { { 0 } }, 9, 0 };
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore store;
    PacelineSession session = { 9 };
    pid_t child;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.store", folder);
    child = other_process(path);
    options.path = path;
    options.delivery = PACELINE_DELIVERY_POLL;
    options.host = host_that_knows(&platform);
    OK(paceline_store_open(&options, &store));
    OK(paceline_host_release(options.host));
    OK(paceline_store_recover_active_workout_session(store, &session));
    CHECK(session.id == 0 && platform.process == (uint32_t)child);
    OK(paceline_store_report_process_ended(store, platform.process));
    OK(paceline_store_recover_active_workout_session(store, &session));
    CHECK(session.id != 0 && state_of(session) == PACELINE_STATE_RUNNING);
    OK(paceline_session_end(session));
    OK(paceline_session_release(session));
    OK(paceline_store_release(store));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    unlink(path);
    snprintf(beside, sizeof beside, "%s-wal", path);
    unlink(beside);
    snprintf(beside, sizeof beside, "%s-shm", path);
    unlink(beside);
    rmdir(folder);
}

void arbitration_tests(void) {
    RUN(a_host_says_who_goes_on);
    RUN(a_simulated_platform_answers);
    RUN(a_host_says_which_process_ended);
}
