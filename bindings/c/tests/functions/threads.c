/* Many threads on the same handles. */
#include "harness.h"
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 100 };

static World world;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int made, given_back, late;

static void *hammer(void *unused) {
    int i;
    for (i = 0; i < ROUNDS; i++) {
        PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START, START, 140 };
        PacelineSession session;
        PacelineBuilder builder;
        PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
        uint32_t equal = 9;
        OK(paceline_session_retain(world.session));
        OK(paceline_store_ingest_sample(world.store, &beat, NULL));
        OK(paceline_session_builder(world.session, &builder));
        OK(paceline_builder_session(builder, &session));
        OK(paceline_session_equal(session, world.session, &equal));
        OK(paceline_builder_snapshot(builder, &snapshot));
        if (equal != 1 || snapshot.state != PACELINE_STATE_RUNNING) {
            fail_check(__FILE__, __LINE__, "the session stays itself");
        }
        OK(paceline_builder_release(builder));
        RETURNS(STALE, paceline_builder_release(builder));
        OK(paceline_session_release(session));
        OK(paceline_session_release(world.session));
    }
    return unused;
}

static void handles_are_safe_to_share(void) {
    pthread_t threads[THREADS];
    uint64_t count = 0;
    int i;
    world = world_running();
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, hammer, NULL) == 0);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    OK(paceline_store_sample_count(world.store, &count));
    CHECK(count == THREADS * ROUNDS);
    world_end(&world);
}

/* Lives until it is released; a call after that is a use after free, which valgrind and the sanitizers see. */
static void heard(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    int *calls = user_data;
    (void)session, (void)to, (void)from, (void)date;
    *calls += 1;
}

static void give_back(void *user_data) {
    int *calls = user_data;
    if (*calls < 0) {
        late++;
    }
    *calls = -1;
    free(calls);
    pthread_mutex_lock(&mutex);
    given_back++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static PacelineSession shared_session;

static void *replace(void *unused) {
    int i;
    for (i = 0; i < ROUNDS; i++) {
        PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
        delegate.user_data = calloc(1, sizeof(int));
        delegate.release = give_back;
        delegate.did_change_state = heard;
        OK(paceline_session_set_delegate(shared_session, &delegate));
    }
    return unused;
}

/* Delegates are replaced by two threads while the engine's own thread calls them. */
static void delegates_may_be_replaced_from_anywhere(void) {
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_INDOOR);
    PacelineStore store;
    pthread_t threads[2];
    int i;
    OK(paceline_store_open(NULL, &store));
    OK(paceline_session_create(store, &run, &shared_session));
    OK(paceline_session_start_activity(shared_session, PACELINE_NO_DATE));
    for (i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, replace, NULL) == 0);
    }
    made = 2 * ROUNDS;
    for (i = 0; i < ROUNDS; i++) {
        OK(paceline_session_pause(shared_session));
        OK(paceline_session_resume(shared_session));
    }
    for (i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    OK(paceline_session_end(shared_session));
    OK(paceline_session_set_delegate(shared_session, NULL));
    /* A call that still runs gives its own back when it returns. */
    pthread_mutex_lock(&mutex);
    while (given_back < made) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
    CHECK(given_back == made && late == 0);
    OK(paceline_session_release(shared_session));
    OK(paceline_store_release(store));
}

void thread_tests(void) {
    RUN(handles_are_safe_to_share);
    RUN(delegates_may_be_replaced_from_anywhere);
}
