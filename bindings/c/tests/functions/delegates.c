/* Delegates, the unpleasant ones too. */
#include "harness.h"
#include <pthread.h>

typedef struct Heard {
    char text[2048];
    int releases;
    int calls_after_release;
    /* What to do inside the next call. */
    void (*inside)(struct Heard *heard, PacelineSession session, PacelineBuilder builder);
    World *world;
    PacelineSession kept;
} Heard;

static void note(Heard *heard, const char *what) {
    if (heard->releases > 0) {
        heard->calls_after_release++;
    }
    if (strlen(heard->text) + strlen(what) + 2 < sizeof heard->text) {
        strcat(heard->text, what);
        strcat(heard->text, ";");
    }
}

static void act(Heard *heard, PacelineSession session, PacelineBuilder builder) {
    if (heard->inside != NULL) {
        void (*inside)(Heard *, PacelineSession, PacelineBuilder) = heard->inside;
        heard->inside = NULL;
        inside(heard, session, builder);
    }
}

static const PacelineSession no_session = { 0 };
static const PacelineBuilder no_builder = { 0 };

static void did_change_state(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    char line[96];
    uint32_t now = 0;
    (void)from;
    OK(paceline_session_state(session, &now));
    snprintf(line, sizeof line, "%s at %d", paceline_name(PACELINE_FAMILY_STATE, to), (int)((date - START) / SECOND));
    note(user_data, line);
    act(user_data, session, no_builder);
}

static void did_fail(void *user_data, PacelineSession session, const PacelineErrorDetails *error) {
    char line[256];
    snprintf(line, sizeof line, "failed %u %s %s", (unsigned)error->code, error->sentence,
             error->value == NULL ? "-" : error->value);
    note(user_data, line);
    act(user_data, session, no_builder);
}

static void did_generate_event(void *user_data, PacelineSession session, const PacelineEvent *event) {
    char line[96];
    double number = -1;
    if (event->metadata.id != 0) {
        OK(paceline_metadata_number(event->metadata, PACELINE_KEY_SWIMMING_STROKE_STYLE, &number));
    }
    snprintf(line, sizeof line, "event %s %d", paceline_name(PACELINE_FAMILY_EVENT, event->event_type), (int)number);
    note(user_data, line);
    act(user_data, session, no_builder);
}

static void did_begin_activity(void *user_data, PacelineSession session, const PacelineConfiguration *configuration,
                               int64_t date) {
    char line[96];
    snprintf(line, sizeof line, "began %s at %d", paceline_name(PACELINE_FAMILY_ACTIVITY, configuration->activity_type),
             (int)((date - START) / SECOND));
    note(user_data, line);
    act(user_data, session, no_builder);
}

static void did_end_activity(void *user_data, PacelineSession session, const PacelineConfiguration *configuration,
                             int64_t date) {
    char line[96];
    snprintf(line, sizeof line, "ended %s at %d", paceline_name(PACELINE_FAMILY_ACTIVITY, configuration->activity_type),
             (int)((date - START) / SECOND));
    note(user_data, line);
    act(user_data, session, no_builder);
}

static void builder_did_collect_data(void *user_data, PacelineBuilder builder, uint64_t types0, uint64_t types1,
                                     uint64_t types2, uint64_t types3) {
    char line[96];
    snprintf(line, sizeof line, "data %llx %llx %llx %llx", (unsigned long long)types0, (unsigned long long)types1,
             (unsigned long long)types2, (unsigned long long)types3);
    note(user_data, line);
    act(user_data, no_session, builder);
}

static void builder_did_collect_event(void *user_data, PacelineBuilder builder) {
    note(user_data, "builder event");
    act(user_data, no_session, builder);
}

static void builder_did_begin_activity(void *user_data, PacelineBuilder builder, const PacelineActivity *activity) {
    CHECK(activity->end == PACELINE_NO_DATE);
    note(user_data, "builder began");
    act(user_data, no_session, builder);
}

static void builder_did_end_activity(void *user_data, PacelineBuilder builder, const PacelineActivity *activity) {
    CHECK(activity->end != PACELINE_NO_DATE);
    note(user_data, "builder ended");
    act(user_data, no_session, builder);
}

static void released(void *user_data) {
    ((Heard *)user_data)->releases++;
}

static PacelineSessionDelegate session_delegate(Heard *heard) {
    PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
    delegate.user_data = heard;
    delegate.release = released;
    delegate.did_change_state = did_change_state;
    delegate.did_fail = did_fail;
    delegate.did_generate_event = did_generate_event;
    delegate.did_begin_activity = did_begin_activity;
    delegate.did_end_activity = did_end_activity;
    return delegate;
}

static PacelineBuilderDelegate builder_delegate(Heard *heard) {
    PacelineBuilderDelegate delegate = PACELINE_BUILDER_DELEGATE_INIT;
    delegate.user_data = heard;
    delegate.release = released;
    delegate.did_collect_data = builder_did_collect_data;
    delegate.did_collect_event = builder_did_collect_event;
    delegate.did_begin_activity = builder_did_begin_activity;
    delegate.did_end_activity = builder_did_end_activity;
    return delegate;
}

static void expect(Heard *heard, const char *text) {
    CHECK(strcmp(heard->text, text) == 0);
    if (strcmp(heard->text, text) != 0) {
        printf("    heard: %s\n", heard->text);
    }
}

static void a_delegate_hears_everything(void) {
    World world = world_begin();
    Heard heard = { "", 0, 0, NULL, NULL, { 0 } };
    PacelineSessionDelegate on_session = session_delegate(&heard);
    PacelineBuilderDelegate on_builder = builder_delegate(&heard);
    PacelineConfiguration multi = paceline_configuration(PACELINE_ACTIVITY_SWIM_BIKE_RUN, PACELINE_LOCATION_OUTDOOR);
    PacelineConfiguration swim = paceline_configuration(PACELINE_ACTIVITY_SWIMMING, PACELINE_LOCATION_OUTDOOR);
    PacelineEvent lap = { PACELINE_EVENT_LAP, 0, START, START + 5 * SECOND, { 0 } };
    PacelineSession session;
    PacelineBuilder builder;
    PacelineMetadata none = { 0 };
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START + 5 * SECOND, START + 5 * SECOND, 130 };
    uint32_t delivered = 0;

    OK(paceline_session_create(world.store, &multi, &session));
    OK(paceline_session_builder(session, &builder));
    OK(paceline_session_set_delegate(session, &on_session));
    OK(paceline_builder_set_delegate(builder, &on_builder));
    OK(paceline_session_start_activity(session, PACELINE_NO_DATE));
    OK(paceline_builder_begin_collection(builder, START));
    OK(paceline_session_begin_new_activity(session, &swim, START, none));
    OK(paceline_store_poll(world.store, &delivered, NULL));
    CHECK(delivered == 3);
    world_advance(&world, 5);
    OK(paceline_builder_add_samples(builder, &beat, 1));
    OK(paceline_metadata_create(&lap.metadata));
    OK(paceline_metadata_set_number(lap.metadata, PACELINE_KEY_SWIMMING_STROKE_STYLE, PACELINE_STROKE_STYLE_BUTTERFLY));
    OK(paceline_session_report_event(session, &lap));
    OK(paceline_metadata_release(lap.metadata));
    OK(paceline_session_end_current_activity(session, START + 5 * SECOND));
    OK(paceline_session_fail(session, PACELINE_ERROR_HEALTH_USER_EXITED_WORKOUT_SESSION, "left"));
    OK(paceline_store_poll(world.store, NULL, NULL));
    expect(&heard, "running at 0;began swimming at 0;builder began;data 400000000 0 0 0;event lap 5;builder event;"
                   "ended swimming at 5;builder ended;failed 1009 left -;ended at 5;");
    OK(paceline_session_set_delegate(session, NULL));
    CHECK(heard.releases == 1);
    OK(paceline_builder_set_delegate(builder, NULL));
    CHECK(heard.releases == 2);
    OK(paceline_builder_release(builder));
    OK(paceline_session_release(session));
    world_end(&world);
}

/* Every path on which the library lets go of user_data. */
static void user_data_is_given_back_once(void) {
    Heard first = { "", 0, 0, NULL, NULL, { 0 } }, second = first, third = first, fourth = first, fifth = first;
    World world = world_begin();
    PacelineSession gone = world.session;
    PacelineSessionDelegate delegate = session_delegate(&first);

    OK(paceline_session_set_delegate(world.session, &delegate));
    delegate = session_delegate(&second);
    OK(paceline_session_set_delegate(world.session, &delegate));
    CHECK(first.releases == 1 && second.releases == 0);

    /* A call that fails gives it back as well. */
    delegate = session_delegate(&third);
    gone.id += UINT64_C(1) << 40;
    RETURNS(STALE, paceline_session_set_delegate(gone, &delegate));
    CHECK(third.releases == 1);
    delegate = session_delegate(&fourth);
    delegate.struct_size = sizeof delegate + 8;
    RETURNS(WRONG_SIZE, paceline_session_set_delegate(world.session, &delegate));
    CHECK(fourth.releases == 1);
    /* Too small to hold a release function: it is not touched. */
    delegate = session_delegate(&fifth);
    delegate.struct_size = 16;
    RETURNS(WRONG_SIZE, paceline_session_set_delegate(world.session, &delegate));
    CHECK(fifth.releases == 0 && second.releases == 0);

    /* The session goes, and its store. */
    world_end(&world);
    CHECK(second.releases == 1);
    CHECK(first.calls_after_release + second.calls_after_release == 0);
}

static void end_inside(Heard *heard, PacelineSession session, PacelineBuilder builder) {
    uint32_t delivered = 9;
    (void)builder;
    OK(paceline_session_end(session));
    RETURNS(INVALID, paceline_session_end(session));
    OK(paceline_store_poll(heard->world->store, &delivered, NULL));
    CHECK(delivered == 0);
    note(heard, "inside");
}

static void a_delegate_may_end_the_session(void) {
    World world = world_begin();
    Heard heard = { "", 0, 0, end_inside, NULL, { 0 } };
    PacelineSessionDelegate delegate = session_delegate(&heard);
    heard.world = &world;
    OK(paceline_session_set_delegate(world.session, &delegate));
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_store_poll(world.store, NULL, NULL));
    expect(&heard, "running at 0;inside;ended at 0;");
    world_end(&world);
    CHECK(heard.releases == 1);
}

static Heard replacement;

static void replace_inside(Heard *heard, PacelineSession session, PacelineBuilder builder) {
    PacelineSessionDelegate delegate = session_delegate(&replacement);
    (void)builder;
    OK(paceline_session_set_delegate(session, &delegate));
    /* The call that runs keeps its user_data. */
    CHECK(heard->releases == 0);
    note(heard, "inside");
}

static void a_delegate_may_replace_itself(void) {
    World world = world_begin();
    Heard heard = { "", 0, 0, replace_inside, NULL, { 0 } };
    PacelineSessionDelegate delegate = session_delegate(&heard);
    memset(&replacement, 0, sizeof replacement);
    OK(paceline_session_set_delegate(world.session, &delegate));
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_session_pause(world.session));
    OK(paceline_store_poll(world.store, NULL, NULL));
    expect(&heard, "running at 0;inside;");
    expect(&replacement, "paused at 0;event pause -1;");
    CHECK(heard.releases == 1 && heard.calls_after_release == 0 && replacement.releases == 0);
    OK(paceline_session_set_delegate(world.session, NULL));
    CHECK(replacement.releases == 1);
    world_end(&world);
}

/* Releases what it was lent and what its owner holds, all of it. */
static void let_all_go(Heard *heard, PacelineSession session, PacelineBuilder builder) {
    (void)builder;
    OK(paceline_session_retain(session));
    OK(paceline_session_release(session));
    OK(paceline_session_release(session));
    RETURNS(STALE, paceline_session_release(session));
    world_end(heard->world);
    note(heard, "inside");
}

static void handles_may_be_released_inside(void) {
    World world = world_begin();
    Heard heard = { "", 0, 0, let_all_go, NULL, { 0 } };
    PacelineSessionDelegate delegate = session_delegate(&heard);
    heard.world = &world;
    OK(paceline_session_set_delegate(world.session, &delegate));
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_session_pause(world.session));
    OK(paceline_store_poll(world.store, NULL, NULL));
    CHECK(strncmp(heard.text, "running at 0;inside;", 20) == 0);
    CHECK(heard.releases == 1 && heard.calls_after_release == 0);
    RETURNS(STALE, paceline_store_poll(world.store, NULL, NULL));
}

static void keep(Heard *heard, PacelineSession session, PacelineBuilder builder) {
    (void)builder;
    OK(paceline_session_retain(session));
    heard->kept = session;
}

static void what_is_lent_may_be_kept(void) {
    World world = world_begin();
    Heard heard = { "", 0, 0, keep, NULL, { 0 } };
    PacelineSessionDelegate delegate = session_delegate(&heard);
    PacelineSession lent;
    uint32_t equal = 0;
    OK(paceline_session_set_delegate(world.session, &delegate));
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_store_poll(world.store, NULL, NULL));
    OK(paceline_session_equal(heard.kept, world.session, &equal));
    CHECK(equal == 1);
    lent = heard.kept;
    OK(paceline_session_pause(world.session));
    OK(paceline_store_poll(world.store, NULL, NULL));
    OK(paceline_session_release(lent));
    RETURNS(STALE, paceline_session_release(lent));
    world_end(&world);
}

/* A gate that is opened once. */
typedef struct Gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int entered, open, done;
} Gate;

static Gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0 };

static void wait_for(int *flag) {
    pthread_mutex_lock(&gate.mutex);
    while (!*flag) {
        pthread_cond_wait(&gate.changed, &gate.mutex);
    }
    pthread_mutex_unlock(&gate.mutex);
}

static void raise_flag(int *flag) {
    pthread_mutex_lock(&gate.mutex);
    *flag = 1;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.mutex);
}

static void block(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    (void)session, (void)from, (void)date;
    if (to == PACELINE_STATE_RUNNING) {
        raise_flag(&gate.entered);
        wait_for(&gate.open);
    }
    note(user_data, paceline_name(PACELINE_FAMILY_STATE, to));
}

static void gave_back(void *user_data) {
    released(user_data);
    raise_flag(&gate.done);
}

/* On the engine's own thread: a delegate that blocks stops no call. */
static void a_delegate_that_blocks_delays_only_callbacks(void) {
    static Heard heard;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_INDOOR);
    PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, 0, 0, 140 };
    int64_t now = 0;
    uint64_t count = 0;
    int i;

    OK(paceline_store_open(NULL, &store));
    OK(paceline_session_create(store, &run, &session));
    OK(paceline_session_builder(session, &builder));
    delegate.user_data = &heard;
    delegate.release = gave_back;
    delegate.did_change_state = block;
    OK(paceline_session_set_delegate(session, &delegate));
    OK(paceline_session_start_activity(session, PACELINE_NO_DATE));
    wait_for(&gate.entered);
    OK(paceline_store_now(store, &now));
    OK(paceline_builder_begin_collection(builder, now));
    for (i = 0; i < 100; i++) {
        OK(paceline_store_now(store, &beat.start));
        beat.end = beat.start;
        OK(paceline_store_ingest_sample(store, &beat, NULL));
    }
    OK(paceline_session_end(session));
    OK(paceline_store_sample_count(store, &count));
    CHECK(count == 100);
    CHECK(heard.text[0] == 0);
    /* Nobody hears "ended": the delegate is gone before its turn. */
    OK(paceline_session_set_delegate(session, NULL));
    CHECK(heard.releases == 0);
    raise_flag(&gate.open);
    wait_for(&gate.done);
    expect(&heard, "running;");
    CHECK(heard.releases == 1 && heard.calls_after_release == 0);
    OK(paceline_builder_release(builder));
    OK(paceline_session_release(session));
    OK(paceline_store_release(store));
}

static PacelineStore store_to_ask;

static void call_back(void *user_data) {
    uint64_t count = 9;
    released(user_data);
    OK(paceline_store_sample_count(store_to_ask, &count));
}

/* A release function may call the engine, also when the engine drops what nobody holds. */
static void release_may_call_the_engine(void) {
    World world = world_begin();
    Heard heard = { "", 0, 0, NULL, NULL, { 0 } };
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_INDOOR);
    PacelineSessionDelegate delegate = session_delegate(&heard);
    PacelineSession session;
    store_to_ask = world.store;
    delegate.release = call_back;
    OK(paceline_session_create(world.store, &run, &session));
    OK(paceline_session_set_delegate(session, &delegate));
    OK(paceline_session_release(session));
    OK(paceline_session_create(world.store, &run, &session));
    CHECK(heard.releases == 1);
    OK(paceline_session_release(session));
    world_end(&world);
}

void delegate_tests(void) {
    RUN(a_delegate_hears_everything);
    RUN(user_data_is_given_back_once);
    RUN(a_delegate_may_end_the_session);
    RUN(a_delegate_may_replace_itself);
    RUN(handles_may_be_released_inside);
    RUN(what_is_lent_may_be_kept);
    RUN(a_delegate_that_blocks_delays_only_callbacks);
    RUN(release_may_call_the_engine);
}
