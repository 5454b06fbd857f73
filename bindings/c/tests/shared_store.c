/* One store, several languages: records a workout into a store file, or prints the workouts of one.
 *
 *     shared_store record PATH
 *     shared_store read PATH
 *
 * The other languages have the same program. Whoever recorded, each prints the same lines: newest first, dates in
 * microseconds since the Unix epoch, the duration in microseconds, values in thousandths.
 */
#include <math.h>
#include <paceline.h>
#include <stdio.h>
#include <stdlib.h>

#define SECOND INT64_C(1000000)

static void check(PacelineResult result) {
    PacelineErrorDetails error;
    if (result == PACELINE_OK) {
        return;
    }
    paceline_last_error(&error);
    fprintf(stderr, "error %u %s: %s\n", (unsigned)error.code, paceline_error_name(error.code), error.sentence);
    exit(1);
}

/* A minute of running with a break of ten seconds, and a heart rate that rises every second. */
static void record(const char *path) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    PacelineClock clock;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineDataSource source;
    PacelineMetadata metadata;
    int64_t now = 0;
    int second;

    check(paceline_clock_create(INT64_C(1700000000) * SECOND, &clock));
    options.path = path;
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = clock;
    check(paceline_store_open(&options, &store));
    check(paceline_session_create(store, &run, &session));
    check(paceline_session_builder(session, &builder));
    check(paceline_data_source_create(&run, &source));
    check(paceline_builder_set_data_source(builder, source));

    check(paceline_session_start_activity(session, PACELINE_NO_DATE));
    check(paceline_store_now(store, &now));
    check(paceline_builder_begin_collection(builder, now));
    for (second = 0; second < 60; second++) {
        PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, PACELINE_SOURCE_OWN, 0, 0, 0 };
        if (second == 20) {
            check(paceline_session_pause(session));
        } else if (second == 30) {
            check(paceline_session_resume(session));
        }
        check(paceline_store_now(store, &now));
        beat.start = beat.end = now;
        beat.value = 120 + 0.5 * second;
        check(paceline_store_ingest_sample(store, &beat, NULL));
        check(paceline_clock_advance(clock, SECOND));
    }
    check(paceline_metadata_create(&metadata));
    check(paceline_metadata_set_text(metadata, "recorder", "c"));
    check(paceline_builder_add_metadata(builder, metadata));
    check(paceline_session_stop_activity(session, PACELINE_NO_DATE));
    check(paceline_store_now(store, &now));
    check(paceline_builder_end_collection(builder, now));
    check(paceline_builder_finish_workout(builder, NULL));
    check(paceline_session_end(session));

    check(paceline_metadata_release(metadata));
    check(paceline_data_source_release(source));
    check(paceline_builder_release(builder));
    check(paceline_session_release(session));
    check(paceline_store_release(store));
    check(paceline_clock_release(clock));
}

/* A workout in one line. */
static void print_workout(PacelineWorkout workout) {
    PacelineWorkoutSummary summary;
    PacelineStatistics heart;
    PacelineMetadata metadata;
    PacelineResult found;
    char recorder[64];

    check(paceline_workout_summary(workout, &summary));
    printf("%s %s start=%lld end=%lld duration=%lld events=%u",
           paceline_name(PACELINE_FAMILY_ACTIVITY, summary.configuration.activity_type),
           paceline_name(PACELINE_FAMILY_LOCATION, summary.configuration.location_type), (long long)summary.start,
           (long long)summary.end, (long long)summary.duration, (unsigned)summary.event_count);
    found = paceline_workout_statistics(workout, PACELINE_TYPE_HEART_RATE, &heart);
    if (found != PACELINE_ERROR_HEALTH_NO_DATA) {
        check(found);
        printf(" heartRate count=%llu average=%lld minimum=%lld maximum=%lld", (unsigned long long)heart.count,
               llround(heart.average * 1000), llround(heart.minimum * 1000), llround(heart.maximum * 1000));
    }
    check(paceline_workout_metadata(workout, &metadata));
    found = paceline_metadata_text(metadata, "recorder", recorder, sizeof recorder, NULL);
    if (found == PACELINE_ERROR_HEALTH_INVALID_ARGUMENT) {
        printf(" recorder=?");
    } else if (found != PACELINE_ERROR_HEALTH_NO_DATA) {
        check(found);
        printf(" recorder=%s", recorder);
    }
    printf("\n");
    check(paceline_metadata_release(metadata));
}

static void read_all(const char *path) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore store;
    PacelineWorkout *workouts;
    size_t count = 0, i;

    options.path = path;
    check(paceline_store_open(&options, &store));
    check(paceline_store_workouts(store, NULL, 0, &count));
    workouts = malloc((count + 1) * sizeof *workouts);
    if (workouts == NULL) {
        exit(1);
    }
    check(paceline_store_workouts(store, workouts, count + 1, &count));
    for (i = 0; i < count; i++) {
        print_workout(workouts[i]);
        check(paceline_workout_release(workouts[i]));
    }
    free(workouts);
    check(paceline_store_release(store));
}

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "record") == 0) {
        record(arguments[2]);
    } else if (count == 3 && strcmp(arguments[1], "read") == 0) {
        read_all(arguments[2]);
    } else {
        fprintf(stderr, "usage: shared_store record|read PATH\n");
        return 2;
    }
    return 0;
}
