/* Your first session: half an hour of running under a clock that you move by hand.
 *
 *     cc first_session.c $(pkg-config --cflags --libs paceline) -o first_session
 */
#include <paceline.h>
#include <stdio.h>
#include <stdlib.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define START (INT64_C(1700000000) * SECOND)

/* Every call returns 0 or a code; what went wrong is told in words. */
static void check(PacelineResult result) {
    PacelineErrorDetails error;
    if (result == PACELINE_OK) {
        return;
    }
    paceline_last_error(&error);
    fprintf(stderr, "error %u %s: %s\n", (unsigned)error.code, paceline_error_name(error.code), error.sentence);
    exit(1);
}

/* Minutes and seconds. */
static void print_time(int64_t span) {
    printf("%02d:%02d", (int)(span / MINUTE), (int)(span % MINUTE / SECOND));
}

/* Hears what happens to the session. */
static void did_change_state(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    (void)user_data, (void)session;
    print_time(date - START);
    printf(" %s -> %s\n", paceline_name(PACELINE_FAMILY_STATE, from), paceline_name(PACELINE_FAMILY_STATE, to));
}

int main(void) {
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineSessionDelegate teller = PACELINE_SESSION_DELEGATE_INIT;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    PacelineClock clock;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineDataSource source;
    PacelineWorkout workout;
    PacelineWorkoutSummary summary;
    PacelineStatistics heart, distance;
    int64_t now = 0;
    int minute;

    /* A store in memory, on a clock that stands until it is advanced. An app opens a file, on the clock of the machine. */
    check(paceline_clock_create(START, &clock));
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = clock;
    check(paceline_store_open(&options, &store));

    /* A session controls the workout; its builder gathers what becomes of it. */
    check(paceline_session_create(store, &run, &session));
    check(paceline_session_builder(session, &builder));
    teller.did_change_state = did_change_state;
    check(paceline_session_set_delegate(session, &teller));
    check(paceline_data_source_create(&run, &source));
    check(paceline_builder_set_data_source(builder, source));

    check(paceline_session_start_activity(session, PACELINE_NO_DATE));
    check(paceline_builder_begin_collection(builder, START));

    for (minute = 0; minute < 30; minute++) {
        PacelineSample beats = { 0, PACELINE_TYPE_HEART_RATE, PACELINE_SOURCE_OWN, 0, 0, 0 };
        PacelineSample meters = { 0, PACELINE_TYPE_DISTANCE_WALKING_RUNNING, PACELINE_SOURCE_OWN, 0, 0, 190 };
        if (minute == 10) {
            check(paceline_session_pause(session));
        } else if (minute == 12) {
            check(paceline_session_resume(session));
        }
        beats.value = 120 + minute;
        check(paceline_store_now(store, &beats.start));
        check(paceline_clock_advance(clock, MINUTE)); /* also delivers callbacks */
        if (minute == 10 || minute == 11) {
            continue;
        }
        /* What sensors measured goes into the store; the data source picks what belongs to the workout. */
        beats.end = meters.start = beats.start;
        check(paceline_store_now(store, &meters.end));
        check(paceline_store_ingest_sample(store, &beats, NULL));
        check(paceline_store_ingest_sample(store, &meters, NULL));
    }

    check(paceline_store_now(store, &now));
    check(paceline_session_stop_activity(session, PACELINE_NO_DATE));
    check(paceline_builder_end_collection(builder, now));
    check(paceline_builder_finish_workout(builder, &workout));
    check(paceline_session_end(session));
    check(paceline_store_poll(store, NULL, NULL));

    check(paceline_workout_summary(workout, &summary));
    check(paceline_workout_statistics(workout, PACELINE_TYPE_HEART_RATE, &heart));
    check(paceline_workout_statistics(workout, PACELINE_TYPE_DISTANCE_WALKING_RUNNING, &distance));
    printf("%s, ", paceline_name(PACELINE_FAMILY_ACTIVITY, summary.configuration.activity_type));
    print_time(summary.duration);
    printf(" of ");
    print_time(summary.end - summary.start);
    printf("\nheart rate %.0f on average, %.0f at most\n", heart.average, heart.maximum);
    printf("distance %.0f m\n", distance.sum);

    check(paceline_workout_release(workout));
    check(paceline_data_source_release(source));
    check(paceline_builder_release(builder));
    check(paceline_session_release(session));
    check(paceline_store_release(store));
    check(paceline_clock_release(clock));
    return 0;
}
