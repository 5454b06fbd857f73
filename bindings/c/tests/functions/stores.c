/* How stores are opened, who polls them, what the platform decides, and where log lines go. */
#define _DEFAULT_SOURCE
#include "harness.h"
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static int threads(void) {
    DIR *folder = opendir("/proc/self/task");
    struct dirent *entry;
    int count = 0;
    if (folder == NULL) {
        return -1;
    }
    while ((entry = readdir(folder)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

static int heard;

static void count_call(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    (void)user_data, (void)session, (void)to, (void)from, (void)date;
    heard++;
}

/* On the machine's clock, and the engine has no thread. */
static void a_host_may_poll(void) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_INDOOR);
    PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
    PacelineStore store;
    PacelineSession session;
    int before = threads();
    uint32_t delivered = 9;
    int64_t deadline = 0, now = 0;

    options.delivery = PACELINE_DELIVERY_POLL;
    OK(paceline_store_open(&options, &store));
    OK(paceline_session_create(store, &run, &session));
    delegate.did_change_state = count_call;
    OK(paceline_session_set_delegate(session, &delegate));
    OK(paceline_session_start_activity(session, PACELINE_NO_DATE));
    OK(paceline_session_end(session));
    CHECK(heard == 0);
    OK(paceline_store_poll(store, &delivered, &deadline));
    CHECK(delivered == 2 && heard == 2);
    OK(paceline_store_now(store, &now));
    CHECK(deadline == PACELINE_NO_DATE || deadline <= now + 10 * SECOND);
    OK(paceline_store_poll(store, &delivered, NULL));
    CHECK(delivered == 0);
    /* Threads of stores that closed before may still be on their way out; none came. */
    CHECK(threads() <= before);
    OK(paceline_session_release(session));
    OK(paceline_store_release(store));
}

static void options_are_checked(void) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT, bad;
    PacelineStore store = { 0 };
#define BAD(code, field, number)                                \
    do {                                                        \
        bad = options;                                          \
        bad.field = number;                                     \
        RETURNS(code, paceline_store_open(&bad, &store));       \
    } while (0)
    BAD(WRONG_SIZE, struct_size, 0);
    BAD(WRONG_SIZE, struct_size, sizeof options - 8);
    BAD(WRONG_SIZE, struct_size, sizeof options + 8);
    BAD(UNKNOWN, clock_kind, 2);
    BAD(MISSING, clock_kind, PACELINE_CLOCK_MANUAL);
    BAD(UNKNOWN, entropy_kind, 2);
    BAD(UNKNOWN, durability, 2);
    BAD(UNKNOWN, delivery, 2);
    BAD(OUT_OF_RANGE, sync_every, -2);
    BAD(MALFORMED, path, "\xff");
    BAD(UNKNOWN, arbitration, 4);
    BAD(OUT_OF_RANGE, retention, -1);
    BAD(INVALID, retention, 86399 * SECOND);
    options.durability = PACELINE_DURABILITY_WITHIN;
    BAD(OUT_OF_RANGE, within, -1);
    CHECK(store.id == 0);
    options.within = SECOND;
    options.sync_every = PACELINE_SYNC_AT_STATE_CHANGES;
    options.delivery = PACELINE_DELIVERY_POLL;
    options.retention = 86400 * SECOND;
    OK(paceline_store_open(&options, &store));
    OK(paceline_store_retain(store));
    OK(paceline_store_release(store));
    OK(paceline_store_release(store));
}

static void a_file_is_shared_and_told_apart(void) {
    char folder[] = "/tmp/paceline-XXXXXX", path[64], other[64];
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore one, two = { 0 };
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START, START, 140 };
    uint64_t count = 0;
    FILE *file;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.store", folder);
    snprintf(other, sizeof other, "%s/b.store", folder);
    options.path = path;
    options.delivery = PACELINE_DELIVERY_POLL;
    OK(paceline_store_open(&options, &one));
    OK(paceline_store_open(&options, &two));
    OK(paceline_store_ingest_sample(one, &beat, NULL));
    OK(paceline_store_sample_count(two, &count));
    CHECK(count == 1);
    OK(paceline_store_release(two));
    options.sync_every = SECOND;
    two.id = 0;
    RETURNS(PACELINE_ERROR_STORE_OPTIONS_DIFFER, paceline_store_open(&options, &two));
    CHECK(two.id == 0);
    OK(paceline_store_release(one));
    OK(paceline_store_open(&options, &two));
    OK(paceline_store_sample_count(two, &count));
    CHECK(count == 1);
    OK(paceline_store_release(two));

    options.path = "/nowhere/at/all.store";
    RETURNS(PACELINE_ERROR_STORE_CANNOT_OPEN, paceline_store_open(&options, &two));
    file = fopen(other, "w");
    fputs("this is no database, but a text that is long enough to look like something", file);
    fclose(file);
    options.path = other;
    RETURNS(PACELINE_ERROR_STORE_DAMAGED, paceline_store_open(&options, &two));
    unlink(path);
    unlink(other);
    rmdir(folder);
}

typedef struct Platform {
    PacelineStore store;
    uint64_t last_request;
    int enters, leaves, releases;
    uint32_t activity;
} Platform;

static void request(void *user_data, const PacelineHostRequest *what) {
    Platform *platform = user_data;
    uint64_t count;
    platform->last_request = what->id;
    if (what->kind == PACELINE_REQUEST_ENTER_SESSION_MODE) {
        platform->enters++;
        platform->activity = what->configuration->activity_type;
    } else {
        CHECK(what->kind == PACELINE_REQUEST_LEAVE_SESSION_MODE && what->configuration == NULL);
        platform->leaves++;
    }
    OK(paceline_store_sample_count(platform->store, &count));
}

static void platform_released(void *user_data) {
    ((Platform *)user_data)->releases++;
}

static void a_host_is_asked(void) {
    static const uint32_t refused[] = { PACELINE_ACTIVITY_CURLING };
    static const uint32_t nonsense[] = { 81 };
    Platform platform = { { 0 }, 0, 0, 0, 0, 0 };
    PacelineHostCallbacks callbacks = PACELINE_HOST_CALLBACKS_INIT, bad;
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_INDOOR);
    PacelineConfiguration curl = paceline_configuration(PACELINE_ACTIVITY_CURLING, PACELINE_LOCATION_INDOOR);
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START, START, 140 };
    PacelineClock clock;
    PacelineHost host;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineWorkout workout = { 9 };
    uint32_t state = 0;
    size_t count = 0;

    callbacks.user_data = &platform;
    callbacks.release = platform_released;
    callbacks.session_mode = PACELINE_CAPABILITY_NATIVE;
    callbacks.permission = PACELINE_CAPABILITY_NATIVE;
    callbacks.foreground = PACELINE_CAPABILITY_EMULATED;
    callbacks.lock = PACELINE_CAPABILITY_NATIVE;
    callbacks.request = request;
    callbacks.refused_activities = refused;
    callbacks.refused_count = 1;
    bad = callbacks;
    bad.lock = 3;
    RETURNS(UNKNOWN, paceline_host_create(&bad, &host));
    bad = callbacks;
    bad.refused_activities = nonsense;
    RETURNS(UNKNOWN, paceline_host_create(&bad, &host));
    bad.struct_size -= 8;
    RETURNS(WRONG_SIZE, paceline_host_create(&bad, &host));
    CHECK(platform.releases == 3);
    OK(paceline_host_create(&callbacks, &host));

    OK(paceline_clock_create(START, &clock));
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = clock;
    options.host = host;
    OK(paceline_store_open(&options, &platform.store));
    OK(paceline_host_release(host));
    CHECK(platform.releases == 3);
    RETURNS(PACELINE_ERROR_HEALTH_WORKOUT_ACTIVITY_NOT_ALLOWED, paceline_session_create(platform.store, &curl, &session));
    OK(paceline_session_create(platform.store, &run, &session));
    OK(paceline_session_builder(session, &builder));
    OK(paceline_store_report_foreground(platform.store, 0));
    OK(paceline_session_prepare(session));
    OK(paceline_session_state(session, &state));
    CHECK(state == PACELINE_STATE_ENDED);
    OK(paceline_builder_release(builder));
    OK(paceline_session_release(session));
    OK(paceline_session_create(platform.store, &run, &session));
    OK(paceline_session_builder(session, &builder));
    OK(paceline_store_report_launched_by_companion(platform.store, 1));
    OK(paceline_session_start_activity(session, PACELINE_NO_DATE));
    CHECK(platform.enters == 1 && platform.activity == PACELINE_ACTIVITY_RUNNING);
    OK(paceline_builder_begin_collection(builder, START));
    OK(paceline_store_report_sample_permission(platform.store, PACELINE_TYPE_HEART_RATE, PACELINE_AUTHORIZATION_SHARING_DENIED));
    RETURNS(PACELINE_ERROR_HEALTH_AUTHORIZATION_DENIED, paceline_builder_add_samples(builder, &beat, 1));
    OK(paceline_store_report_outcome(platform.store, platform.last_request, PACELINE_ERROR_HEALTH_USER_CANCELED, "no"));
    OK(paceline_session_state(session, &state));
    CHECK(state == PACELINE_STATE_ENDED && platform.leaves == 1);
    OK(paceline_builder_end_collection(builder, START));
    OK(paceline_store_report_workout_permission(platform.store, PACELINE_AUTHORIZATION_NOT_DETERMINED));
    RETURNS(PACELINE_ERROR_HEALTH_AUTHORIZATION_NOT_DETERMINED, paceline_builder_finish_workout(builder, &workout));
    CHECK(workout.id == 9);
    OK(paceline_store_report_workout_permission(platform.store, PACELINE_AUTHORIZATION_SHARING_AUTHORIZED));
    OK(paceline_store_report_locked(platform.store, 1));
    OK(paceline_builder_finish_workout(builder, &workout));
    CHECK(workout.id == 0);
    RETURNS(PACELINE_ERROR_HEALTH_DATABASE_INACCESSIBLE, paceline_store_workout_ids(platform.store, NULL, 0, &count));
    OK(paceline_store_report_locked(platform.store, 0));
    OK(paceline_store_workout_ids(platform.store, NULL, 0, &count));
    CHECK(count == 1);
    RETURNS(UNKNOWN, paceline_store_report_locked(platform.store, 2));
    RETURNS(UNKNOWN, paceline_store_report_workout_permission(platform.store, 7));
    RETURNS(UNKNOWN, paceline_store_report_outcome(platform.store, 1, 4711, NULL));
    OK(paceline_builder_release(builder));
    OK(paceline_session_release(session));
    OK(paceline_store_release(platform.store));
    OK(paceline_clock_release(clock));
    CHECK(platform.releases == 4);
}

static int lines, sink_releases;

static void log_line(void *user_data, uint32_t level, const char *target, const char *message) {
    (void)user_data;
    CHECK(level >= PACELINE_LOG_ERROR && level <= PACELINE_LOG_TRACE);
    CHECK(strncmp(target, "paceline", 8) == 0 && message[0] != 0);
    lines++;
}

static void sink_released(void *user_data) {
    (void)user_data;
    sink_releases++;
}

/* Lets no file of this process grow. */
static void disk_is_full(int full) {
    static struct rlimit before;
    struct rlimit none;
    if (full) {
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before);
        none = before;
        none.rlim_cur = 0;
        CHECK(setrlimit(RLIMIT_FSIZE, &none) == 0);
    } else {
        CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    }
}

/* Samples that cannot be written wait, and a line of the log tells of it. */
static void log_lines_go_to_the_sink(void) {
    char folder[] = "/tmp/paceline-XXXXXX", path[64];
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineLogSink sink = PACELINE_LOG_SINK_INIT;
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START, START, 140 };
    PacelineClock clock;
    PacelineStore store;
    uint64_t count = 0;

    sink.release = sink_released;
    sink.log = log_line;
    RETURNS(UNKNOWN, paceline_set_log_sink(9, PACELINE_DELIVERY_POLL, &sink));
    RETURNS(UNKNOWN, paceline_set_log_sink(PACELINE_LOG_TRACE, 9, &sink));
    sink.struct_size += 8;
    RETURNS(WRONG_SIZE, paceline_set_log_sink(PACELINE_LOG_TRACE, PACELINE_DELIVERY_POLL, &sink));
    sink.struct_size -= 8;
    CHECK(sink_releases == 3);
    OK(paceline_set_log_sink(PACELINE_LOG_TRACE, PACELINE_DELIVERY_POLL, &sink));

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.store", folder);
    OK(paceline_clock_create(START, &clock));
    options.path = path;
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = clock;
    options.durability = PACELINE_DURABILITY_WITHIN;
    options.within = SECOND;
    OK(paceline_store_open(&options, &store));
    OK(paceline_store_ingest_sample(store, &beat, NULL));
    disk_is_full(1);
    OK(paceline_clock_advance(clock, 2 * SECOND));
    disk_is_full(0);
    CHECK(lines == 0);
    OK(paceline_store_poll(store, NULL, NULL));
    CHECK(lines > 0);
    OK(paceline_store_sample_count(store, &count));
    CHECK(count == 1);
    OK(paceline_set_log_sink(PACELINE_LOG_ERROR, PACELINE_DELIVERY_POLL, NULL));
    CHECK(sink_releases == 4);
    OK(paceline_store_release(store));
    OK(paceline_clock_release(clock));
    unlink(path);
    rmdir(folder);
}

void store_tests(void) {
    RUN(a_host_may_poll);
    RUN(options_are_checked);
    RUN(a_file_is_shared_and_told_apart);
    RUN(a_host_is_asked);
    RUN(log_lines_go_to_the_sink);
}
