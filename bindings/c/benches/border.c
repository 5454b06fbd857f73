/* What C adds to a sample in a packed batch, and how often a workout crosses the border: the C twin of
 * tests/src/bin/bench/border.rs, which runs it and compares.
 *
 * Prints the nanoseconds of a row, one line for each window, then the crossings of a workout.
 */
#define _POSIX_C_SOURCE 200809L
#include <paceline.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 1000, BATCHES = 200, WINDOWS = 15, SECONDS = 600 };

#define SECOND INT64_C(1000000)
#define START (INT64_C(1700000000) * SECOND)

static unsigned char memory[PACELINE_BATCH_HEADER_SIZE + ROWS * PACELINE_BATCH_ROW_SIZE];

static void check(PacelineResult result) {
    if (result != PACELINE_OK) {
        fprintf(stderr, "error %u %s\n", (unsigned)result, paceline_error_name(result));
        exit(1);
    }
}

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Packs rows and hands each batch to a store that has committed its number before: the engine answers after reading the
 * header, and what is timed is packing and crossing. */
static void measure(void) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore store;
    PacelineBatch batch;
    PacelineIngested ingested;
    int window, round, row;

    options.delivery = PACELINE_DELIVERY_POLL;
    check(paceline_store_open(&options, &store));
    check(paceline_batch_begin(&batch, memory, sizeof memory, PACELINE_SOURCE_OWN, 1));
    check(paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, START, START, 120.0));
    check(paceline_store_ingest(store, batch.bytes, batch.size, &ingested));
    for (window = 0; window < WINDOWS; window++) {
        double begun = nanoseconds();
        for (round = 0; round < BATCHES; round++) {
            check(paceline_batch_begin(&batch, memory, sizeof memory, PACELINE_SOURCE_OWN, 1));
            for (row = 0; row < ROWS; row++) {
                int64_t at = START + (int64_t)row * 1000;
                check(paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, at, at, 100.0 + (row + round) % 50));
            }
            check(paceline_store_ingest(store, batch.bytes, batch.size, &ingested));
            if (!ingested.repeated) {
                fprintf(stderr, "the batch was taken in twice\n");
                exit(1);
            }
        }
        printf("%.6f\n", (nanoseconds() - begun) / ((double)ROWS * BATCHES));
    }
    check(paceline_store_release(store));
}

static int heard;

static void hear_state(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    (void)user_data, (void)session, (void)to, (void)from, (void)date;
    heard += 1;
}

static void hear_event(void *user_data, PacelineSession session, const PacelineEvent *event) {
    (void)user_data, (void)session, (void)event;
    heard += 1;
}

static void hear_data(void *user_data, PacelineBuilder builder, uint64_t types0, uint64_t types1, uint64_t types2,
                      uint64_t types3) {
    (void)user_data, (void)builder, (void)types0, (void)types1, (void)types2, (void)types3;
    heard += 1;
}

static void hear_builder_event(void *user_data, PacelineBuilder builder) {
    (void)user_data, (void)builder;
    heard += 1;
}

/* A typical workout: a batch, a callback and a snapshot a second, a pause in the middle. Returns the calls into the engine and
 * the callbacks out of it. */
static int workout(void) {
    PacelineConfiguration ride = paceline_configuration(PACELINE_ACTIVITY_CYCLING, PACELINE_LOCATION_UNKNOWN);
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineSessionDelegate on_session = { 0 };
    PacelineBuilderDelegate on_builder = { 0 };
    static PacelineStatistics statistics[32];
    PacelineSnapshot snapshot = { 0 };
    PacelineClock clock;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineDataSource source;
    PacelineBatch batch;
    PacelineIngested ingested;
    int second, row, calls = 0;

    check(paceline_clock_create(START, &clock));
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = clock;
    check(paceline_store_open(&options, &store));
    check(paceline_session_create(store, &ride, &session));
    check(paceline_session_builder(session, &builder));
    on_session.struct_size = sizeof on_session;
    on_session.did_change_state = hear_state;
    on_session.did_generate_event = hear_event;
    on_builder.struct_size = sizeof on_builder;
    on_builder.did_collect_data = hear_data;
    on_builder.did_collect_event = hear_builder_event;
    check(paceline_session_set_delegate(session, &on_session));
    check(paceline_builder_set_delegate(builder, &on_builder));
    check(paceline_data_source_create(&ride, &source));
    check(paceline_builder_set_data_source(builder, source));
    check(paceline_session_start_activity(session, PACELINE_NO_DATE));
    check(paceline_builder_begin_collection(builder, START));
    for (second = 0; second < SECONDS; second++) {
        int64_t now = START + (second + 1) * SECOND;
        /* Time moves by itself outside of a test: this call is not counted. */
        check(paceline_clock_advance(clock, SECOND));
        check(paceline_batch_begin(&batch, memory, sizeof memory, PACELINE_SOURCE_OWN, 0));
        for (row = 0; row < 10; row++) {
            check(paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, now, now, 140.0));
        }
        check(paceline_store_ingest(store, batch.bytes, batch.size, &ingested));
        calls += 1;
        check(paceline_store_poll(store, NULL, NULL));
        snapshot.struct_size = sizeof snapshot;
        snapshot.statistics = statistics;
        snapshot.statistics_capacity = sizeof statistics / sizeof statistics[0];
        check(paceline_builder_snapshot(builder, &snapshot));
        calls += 1;
        if (second == SECONDS / 2) {
            check(paceline_session_pause(session));
            check(paceline_session_resume(session));
            calls += 2;
        }
    }
    return calls + heard;
}

int main(void) {
    measure();
    printf("crossings %d\n", workout());
    return 0;
}
