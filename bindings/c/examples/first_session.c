/* Your first session: a run of two minutes with two heart beats, under a clock that is moved by hand.
 *
 *     cc first_session.c $(pkg-config --cflags --libs paceline) -o first_session
 */
#include <paceline.h>
#include <stdio.h>
#include <stdlib.h>

static void check(PacelineResult result) {
    PacelineErrorDetails error;
    if (result == PACELINE_OK) {
        return;
    }
    paceline_last_error(&error);
    fprintf(stderr, "error %u %s: %s\n", (unsigned)error.code, paceline_error_name(error.code), error.sentence);
    exit(1);
}

static void did_change_state(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    (void)user_data, (void)session, (void)date;
    printf("%s -> %s\n", paceline_name(PACELINE_FAMILY_STATE, from), paceline_name(PACELINE_FAMILY_STATE, to));
}

int main(void) {
    PacelineClock clock;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineDataSource source;
    PacelineWorkout workout;
    PacelineStatistics heart;
    PacelineWorkoutSummary summary;
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineSessionDelegate delegate = PACELINE_SESSION_DELEGATE_INIT;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    const double beats[] = { 140, 150 };
    int64_t now = INT64_C(1700000000) * 1000000;
    int i;

    /* An app leaves the clock and the options out: paceline_store_open(NULL, &store), or with a path. */
    check(paceline_clock_create(now, &clock));
    options.clock_kind = PACELINE_CLOCK_MANUAL;
    options.clock = clock;
    check(paceline_store_open(&options, &store));

    check(paceline_session_create(store, &run, &session));
    delegate.did_change_state = did_change_state;
    check(paceline_session_set_delegate(session, &delegate));
    check(paceline_session_builder(session, &builder));
    check(paceline_data_source_create(&run, &source));
    check(paceline_builder_set_data_source(builder, source));

    check(paceline_session_start_activity(session, PACELINE_NO_DATE));
    check(paceline_builder_begin_collection(builder, now));
    for (i = 0; i < 2; i++) {
        PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, PACELINE_SOURCE_OWN, 0, 0, 0 };
        beat.start = beat.end = now;
        beat.value = beats[i];
        check(paceline_store_ingest_sample(store, &beat, NULL));
        check(paceline_clock_advance(clock, INT64_C(60) * 1000000));
        check(paceline_store_now(store, &now));
    }
    check(paceline_session_stop_activity(session, PACELINE_NO_DATE));
    check(paceline_builder_end_collection(builder, now));
    check(paceline_builder_finish_workout(builder, &workout));
    check(paceline_session_end(session));
    check(paceline_store_poll(store, NULL, NULL));

    check(paceline_workout_summary(workout, &summary));
    check(paceline_workout_statistics(workout, PACELINE_TYPE_HEART_RATE, &heart));
    printf("%ld s, %.0f beats a minute\n", (long)(summary.duration / 1000000), heart.average);

    check(paceline_workout_release(workout));
    check(paceline_data_source_release(source));
    check(paceline_builder_release(builder));
    check(paceline_session_release(session));
    check(paceline_store_release(store));
    check(paceline_clock_release(clock));
    return 0;
}
