/* Calls that nobody waits for. */
#include "harness.h"
#include <pthread.h>

typedef struct Answer {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int releases;
    PacelineResult result;
    int has_error;
    PacelineWorkout workout;
    char order[64];
} Answer;

static Answer answer = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0, { 0 }, "" };

static void done(void *user_data, PacelineResult result, const PacelineErrorDetails *error, PacelineWorkout workout) {
    Answer *all = user_data;
    pthread_mutex_lock(&all->mutex);
    all->result = result;
    all->has_error = error != NULL;
    if (error != NULL) {
        CHECK(error->code == result && error->sentence[0] != 0);
    }
    if (workout.id != 0) {
        OK(paceline_workout_retain(workout));
        all->workout = workout;
    }
    strcat(all->order, result == PACELINE_OK ? "o" : "x");
    pthread_mutex_unlock(&all->mutex);
}

static void gave_back(void *user_data) {
    Answer *all = user_data;
    pthread_mutex_lock(&all->mutex);
    all->releases++;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->mutex);
}

static void wait_for_releases(int count) {
    pthread_mutex_lock(&answer.mutex);
    while (answer.releases < count) {
        pthread_cond_wait(&answer.changed, &answer.mutex);
    }
    pthread_mutex_unlock(&answer.mutex);
}

static void a_workout_is_saved_without_waiting(void) {
    World world = world_begin();
    PacelineCompletion completion = PACELINE_COMPLETION_INIT;
    PacelineMetadata metadata;
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START + SECOND, START + SECOND, 140 };
    PacelineEvent lap = { PACELINE_EVENT_LAP, 0, START, START + SECOND, { 0 } };
    PacelineWorkoutSummary summary;
    PacelineBuilder gone;

    completion.user_data = &answer;
    completion.release = gave_back;
    completion.done = done;
    OK(paceline_metadata_create(&metadata));
    OK(paceline_metadata_set_text(metadata, "title", "Intervals"));
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    world_advance(&world, 10);
    OK(paceline_builder_begin_collection_async(world.builder, START, &completion));
    OK(paceline_builder_add_samples_async(world.builder, &beat, 1, &completion));
    OK(paceline_builder_add_workout_events_async(world.builder, &lap, 1, &completion));
    OK(paceline_builder_add_metadata_async(world.builder, metadata, &completion));
    OK(paceline_builder_begin_collection_async(world.builder, START, &completion));
    /* What was handed in is copied. */
    beat.value = -1;
    OK(paceline_metadata_release(metadata));
    wait_for_releases(5);
    CHECK(answer.result == INVALID && answer.has_error);
    OK(paceline_session_end(world.session));
    OK(paceline_builder_end_collection_async(world.builder, START + 10 * SECOND, &completion));
    OK(paceline_builder_finish_workout_async(world.builder, &completion));
    wait_for_releases(7);
    CHECK(strcmp(answer.order, "ooooxoo") == 0);
    CHECK(answer.result == PACELINE_OK && !answer.has_error && answer.workout.id != 0);
    OK(paceline_workout_summary(answer.workout, &summary));
    CHECK(summary.statistics_count == 1 && summary.event_count == 1 && summary.duration == 10 * SECOND);
    OK(paceline_workout_release(answer.workout));
    RETURNS(STALE, paceline_workout_release(answer.workout));

    /* A call that was not begun gives user_data back and is not answered. */
    RETURNS(OUT_OF_RANGE, paceline_builder_end_collection_async(world.builder, INT64_MAX, &completion));
    CHECK(answer.releases == 8 && strlen(answer.order) == 7);
    gone = world.builder;
    gone.id ^= UINT64_C(1) << 40;
    RETURNS(STALE, paceline_builder_finish_workout_async(gone, &completion));
    CHECK(answer.releases == 9);
    completion.struct_size = 1000;
    RETURNS(WRONG_SIZE, paceline_builder_finish_workout_async(world.builder, &completion));
    CHECK(answer.releases == 10 && strlen(answer.order) == 7);
    world_end(&world);
}

static void a_call_outlives_the_handles(void) {
    World world = world_running();
    PacelineCompletion completion = PACELINE_COMPLETION_INIT;
    int before = answer.releases;
    completion.user_data = &answer;
    completion.release = gave_back;
    completion.done = done;
    answer.order[0] = 0;
    OK(paceline_builder_end_collection_async(world.builder, START, &completion));
    world_end(&world);
    wait_for_releases(before + 1);
    CHECK(strcmp(answer.order, "o") == 0);
}

void completion_tests(void) {
    RUN(a_workout_is_saved_without_waiting);
    RUN(a_call_outlives_the_handles);
}
