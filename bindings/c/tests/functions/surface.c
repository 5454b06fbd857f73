/* Every call of session, builder, data source, workout, metadata and units does what its text says. */
#define PACELINE_DEPRECATED(note)
#include "harness.h"

static void a_run_is_saved(void) {
    World world = world_running();
    PacelineWorkout workout = { 0 }, again = { 0 }, listed[2];
    PacelineWorkoutSummary summary;
    PacelineStatistics statistics, all[PACELINE_TYPE_COUNT];
    PacelineActivity activities[2];
    PacelineEvent events[4];
    PacelineMetadata metadata;
    PacelineUuid id, ids[2];
    PacelineSample page[2];
    PacelineInterval halves[2] = { { START, START + 30 * SECOND }, { START + 30 * SECOND, START + 60 * SECOND } };
    PacelineIntervalStatistics parts[2];
    size_t count = 0;
    uint64_t samples = 0;
    double number = -1;
    char text[64];

    world_beat(&world, 140);
    world_advance(&world, 30);
    world_beat(&world, 150);
    world_advance(&world, 10);
    OK(paceline_session_pause(world.session));
    world_advance(&world, 10);
    OK(paceline_session_resume(world.session));
    world_advance(&world, 10);
    OK(paceline_session_stop_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_builder_end_collection(world.builder, START + 60 * SECOND));
    OK(paceline_builder_finish_workout(world.builder, &workout));
    OK(paceline_session_end(world.session));
    OK(paceline_session_id(world.session, &id));

    OK(paceline_workout_summary(workout, &summary));
    CHECK(memcmp(&summary.id, &id, sizeof id) == 0);
    CHECK(summary.start == START && summary.end == START + 60 * SECOND && summary.duration == 50 * SECOND);
    CHECK(summary.configuration.activity_type == PACELINE_ACTIVITY_RUNNING);
    CHECK(summary.event_count == 2 && summary.activity_count == 1 && summary.statistics_count == 1);

    OK(paceline_workout_statistics(workout, PACELINE_TYPE_HEART_RATE, &statistics));
    CHECK(statistics.count == 2 && statistics.minimum == 140 && statistics.maximum == 150);
    CHECK(statistics.present == (PACELINE_HAS_AVERAGE | PACELINE_HAS_MINIMUM | PACELINE_HAS_MAXIMUM | PACELINE_HAS_MOST_RECENT));
    CHECK(statistics.most_recent == 150 && statistics.most_recent_start == START + 30 * SECOND);
    CHECK(statistics.average > 140 && statistics.average < 150);
    RETURNS(NOTHING, paceline_workout_statistics(workout, PACELINE_TYPE_STEP_COUNT, &statistics));
    RETURNS(UNKNOWN, paceline_workout_statistics(workout, 999, &statistics));

    OK(paceline_workout_all_statistics(workout, NULL, 0, &count));
    CHECK(count == 1);
    OK(paceline_workout_all_statistics(workout, all, PACELINE_TYPE_COUNT, &count));
    CHECK(count == 1 && all[0].quantity_type == PACELINE_TYPE_HEART_RATE);

    OK(paceline_workout_events(workout, events, 4, &count));
    CHECK(count == 2 && events[0].event_type == PACELINE_EVENT_PAUSE && events[1].event_type == PACELINE_EVENT_RESUME);
    CHECK(events[0].start == START + 40 * SECOND && events[0].metadata.id == 0);
    memset(events, 0x55, sizeof events);
    RETURNS(TOO_SMALL, paceline_workout_events(workout, events, 1, &count));
    CHECK(count == 2 && events[0].event_type == 0x55555555u);
    OK(paceline_workout_event_metadata(workout, 0, &metadata));
    OK(paceline_metadata_count(metadata, &count));
    CHECK(count == 0);
    OK(paceline_metadata_release(metadata));
    RETURNS(NOTHING, paceline_workout_event_metadata(workout, 2, &metadata));

    OK(paceline_workout_activities(workout, activities, 2, &count));
    CHECK(count == 1 && activities[0].end == START + 60 * SECOND && activities[0].duration == 50 * SECOND);
    OK(paceline_workout_activity_statistics(workout, activities[0].id, all, PACELINE_TYPE_COUNT, &count));
    CHECK(count == 1);
    OK(paceline_workout_activity_events(workout, activities[0].id, events, 4, &count));
    CHECK(count == 2);
    OK(paceline_workout_activity_metadata(workout, activities[0].id, &metadata));
    OK(paceline_metadata_release(metadata));
    activities[0].id.bytes[3] ^= 1;
    RETURNS(NOTHING, paceline_workout_activity_statistics(workout, activities[0].id, NULL, 0, &count));

    OK(paceline_workout_metadata(workout, &metadata));
    OK(paceline_metadata_number(metadata, PACELINE_KEY_INDOOR_WORKOUT, &number));
    CHECK(number == 0);
    OK(paceline_metadata_release(metadata));

    OK(paceline_store_workout_ids(world.store, ids, 2, &count));
    CHECK(count == 1 && memcmp(&ids[0], &id, sizeof id) == 0);
    OK(paceline_store_workout(world.store, id, &again));
    OK(paceline_workout_retain(again));
    OK(paceline_workout_release(again));
    OK(paceline_workout_release(again));
    RETURNS(STALE, paceline_workout_release(again));
    OK(paceline_store_workouts(world.store, NULL, 0, &count));
    CHECK(count == 1);
    RETURNS(MISSING, paceline_store_workouts(world.store, NULL, 2, &count));
    OK(paceline_store_workouts(world.store, listed, 2, &count));
    CHECK(count == 1);
    OK(paceline_workout_release(listed[0]));
    id.bytes[0] ^= 1;
    OK(paceline_store_workout(world.store, id, &again));
    CHECK(again.id == 0);
    RETURNS(PACELINE_ERROR_STORE_NOT_FOUND,
            paceline_store_samples(world.store, id, PACELINE_TYPE_HEART_RATE, NULL, page, 2, &count));
    id.bytes[0] ^= 1;

    OK(paceline_store_sample_count(world.store, &samples));
    CHECK(samples == 2);
    OK(paceline_store_samples(world.store, id, PACELINE_TYPE_HEART_RATE, NULL, page, 1, &count));
    CHECK(count == 1 && page[0].value == 140 && page[0].id != 0 && page[0].source == PACELINE_SOURCE_OWN);
    OK(paceline_store_samples(world.store, id, PACELINE_TYPE_HEART_RATE, &page[0], page, 1, &count));
    CHECK(count == 1 && page[0].value == 150);
    OK(paceline_store_samples(world.store, id, PACELINE_TYPE_HEART_RATE, &page[0], page, 1, &count));
    CHECK(count == 0);
    RETURNS(TOO_SMALL, paceline_store_samples(world.store, id, PACELINE_TYPE_HEART_RATE, NULL, NULL, 0, &count));

    OK(paceline_store_statistics_over(world.store, id, halves, 2, parts, all, PACELINE_TYPE_COUNT, &count));
    CHECK(count == 2 && parts[0].duration == 30 * SECOND && parts[1].duration == 20 * SECOND);
    CHECK(parts[1].first_statistics == 1 && parts[1].statistics_count == 1 && all[1].average == 150);
    RETURNS(TOO_SMALL, paceline_store_statistics_over(world.store, id, halves, 2, parts, all, 1, &count));
    halves[1].start = START;
    RETURNS(INVALID, paceline_store_statistics_over(world.store, id, halves, 2, parts, all, 9, &count));
    RETURNS(MISSING, paceline_store_statistics_over(world.store, id, halves, 2, NULL, all, 9, &count));

    OK(paceline_uuid_format(id, text));
    CHECK(strlen(text) == 36 && text[8] == '-');
    memset(&ids[0], 0, sizeof ids[0]);
    OK(paceline_uuid_parse(text, &ids[0]));
    CHECK(memcmp(&ids[0], &id, sizeof id) == 0);
    RETURNS(MALFORMED, paceline_uuid_parse("no id", &ids[0]));

    OK(paceline_workout_release(workout));
    world_end(&world);
}

static void a_session_tells_all(void) {
    World world = world_begin();
    PacelineSession other = { 0 };
    PacelineBuilder builder = { 0 };
    PacelineConfiguration configuration;
    PacelineActivity activity;
    PacelineStatistics statistics[4];
    PacelineSessionRecord record;
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    PacelineActivity activities[2];
    PacelineEvent event = { PACELINE_EVENT_LAP, 0, START, START + SECOND, { 0 } };
    PacelineUuid id;
    uint32_t number = 9, equal = 9;
    int64_t date = 0;
    uint64_t one = 0, two = 1;
    size_t length = 0, count = 9;
    char text[512];

    OK(paceline_session_state(world.session, &number));
    CHECK(number == PACELINE_STATE_NOT_STARTED);
    OK(paceline_session_type(world.session, &number));
    CHECK(number == PACELINE_SESSION_TYPE_PRIMARY);
    OK(paceline_session_activity_type(world.session, &number));
    CHECK(number == PACELINE_ACTIVITY_RUNNING);
    OK(paceline_session_location_type(world.session, &number));
    CHECK(number == PACELINE_LOCATION_OUTDOOR);
    OK(paceline_session_configuration(world.session, &configuration));
    CHECK(configuration.activity_type == PACELINE_ACTIVITY_RUNNING && configuration.lap_length_unit[0] == 0);
    OK(paceline_session_start_date(world.session, &date));
    CHECK(date == PACELINE_NO_DATE);

    OK(paceline_builder_session(world.builder, &other));
    CHECK(other.id != world.session.id);
    OK(paceline_session_equal(world.session, other, &equal));
    CHECK(equal == 1);
    OK(paceline_session_hash(world.session, &one));
    OK(paceline_session_hash(other, &two));
    CHECK(one == two);
    OK(paceline_session_release(other));
    OK(paceline_session_create(world.store, &configuration, &other));
    OK(paceline_session_equal(world.session, other, &equal));
    CHECK(equal == 0);
    OK(paceline_session_release(other));
    OK(paceline_session_builder(world.session, &builder));
    OK(paceline_builder_equal(builder, world.builder, &equal));
    CHECK(equal == 1);
    OK(paceline_builder_release(builder));

    OK(paceline_session_prepare(world.session));
    RETURNS(INVALID, paceline_session_pause(world.session));
    OK(paceline_session_start_activity(world.session, START));
    OK(paceline_builder_begin_collection(world.builder, START));
    RETURNS(INVALID, paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    RETURNS(OUT_OF_RANGE, paceline_session_stop_activity(world.session, INT64_MAX));
    world_beat(&world, 140);
    world_advance(&world, 10);
    OK(paceline_session_report_event(world.session, &event));
    OK(paceline_session_start_date(world.session, &date));
    CHECK(date == START);

    OK(paceline_session_description(world.session, NULL, 0, &length));
    CHECK(length > 0 && length < sizeof text);
    RETURNS(TOO_SMALL, paceline_session_description(world.session, text, length, NULL));
    OK(paceline_session_description(world.session, text, length + 1, NULL));
    CHECK(strlen(text) == length && strstr(text, "running [Primary]") != NULL);
    RETURNS(MISSING, paceline_session_description(world.session, NULL, 0, NULL));

    OK(paceline_session_record_json(world.session, text, sizeof text, NULL));
    OK(paceline_session_record_from_json(text, &record));
    OK(paceline_session_id(world.session, &id));
    CHECK(memcmp(&record.id, &id, sizeof id) == 0);
    CHECK(record.state == PACELINE_STATE_RUNNING && record.start_date == START && record.end_date == PACELINE_NO_DATE);
    {
        char again[512];
        OK(paceline_session_record_to_json(&record, again, sizeof again, NULL));
        CHECK(strcmp(text, again) == 0);
    }
    record.state = 77;
    RETURNS(UNKNOWN, paceline_session_record_to_json(&record, text, sizeof text, NULL));
    RETURNS(MALFORMED, paceline_session_record_from_json("{}", &record));

    OK(paceline_session_current_activity(world.session, &activity, statistics, 4, &count));
    CHECK(count == 1 && statistics[0].most_recent == 140 && activity.start == START);
    OK(paceline_session_current_activity(world.session, &activity, NULL, 0, NULL));

    OK(paceline_session_snapshot(world.session, &snapshot));
    CHECK(snapshot.statistics_count == 1 && snapshot.state == PACELINE_STATE_RUNNING && snapshot.elapsed == 10 * SECOND);
    snapshot.statistics = statistics;
    RETURNS(TOO_SMALL, paceline_session_snapshot(world.session, &snapshot));
    CHECK(snapshot.statistics_count == 1);
    snapshot.statistics_capacity = 4;
    snapshot.activities = activities;
    snapshot.activities_capacity = 2;
    OK(paceline_builder_snapshot(world.builder, &snapshot));
    CHECK(statistics[0].maximum == 140 && snapshot.event_count == 1 && snapshot.taken == START + 10 * SECOND);
    CHECK(paceline_type_set_contains(&snapshot.types_to_collect, PACELINE_TYPE_HEART_RATE));
    CHECK(!paceline_type_set_contains(&snapshot.types_to_collect, PACELINE_TYPE_CYCLING_POWER));
    CHECK(snapshot.collection_start == START && snapshot.collection_end == PACELINE_NO_DATE);
    snapshot.struct_size = 8;
    RETURNS(WRONG_SIZE, paceline_session_snapshot(world.session, &snapshot));

    OK(paceline_session_fail(world.session, PACELINE_ERROR_HEALTH_USER_EXITED_WORKOUT_SESSION, "the app was left"));
    OK(paceline_session_state(world.session, &number));
    CHECK(number == PACELINE_STATE_ENDED);
    OK(paceline_session_end_date(world.session, &date));
    CHECK(date == START + 10 * SECOND);
    RETURNS(UNKNOWN, paceline_session_fail(world.session, 4711, NULL));
    world_end(&world);
}

static void activities_come_and_go(void) {
    World world = world_begin();
    PacelineConfiguration multi = paceline_configuration(PACELINE_ACTIVITY_SWIM_BIKE_RUN, PACELINE_LOCATION_OUTDOOR);
    PacelineConfiguration swim = paceline_configuration(PACELINE_ACTIVITY_SWIMMING, PACELINE_LOCATION_INDOOR);
    PacelineConfiguration bike = paceline_configuration(PACELINE_ACTIVITY_CYCLING, PACELINE_LOCATION_OUTDOOR);
    PacelineSession session;
    PacelineBuilder builder;
    PacelineActivity current, all[3];
    PacelineMetadata metadata, read_back;
    PacelineUuid id;
    size_t count = 0;
    double number = 0;

    swim.swimming_location_type = PACELINE_SWIMMING_LOCATION_POOL;
    swim.lap_length = 25;
    memcpy(swim.lap_length_unit, "m", 2);
    OK(paceline_metadata_create(&metadata));
    OK(paceline_metadata_set_number(metadata, "leg", 1));

    OK(paceline_session_create(world.store, &multi, &session));
    OK(paceline_session_builder(session, &builder));
    OK(paceline_session_start_activity(session, PACELINE_NO_DATE));
    OK(paceline_builder_begin_collection(builder, START));
    RETURNS(NOTHING, paceline_builder_current_activity(builder, &current));
    OK(paceline_session_begin_new_activity(session, &swim, START, metadata));
    OK(paceline_builder_current_activity(builder, &current));
    CHECK(current.configuration.lap_length == 25 && strcmp(current.configuration.lap_length_unit, "m") == 0);
    CHECK(current.metadata_count == 1 && current.end == PACELINE_NO_DATE);
    OK(paceline_builder_activity_metadata(builder, current.id, &read_back));
    OK(paceline_metadata_number(read_back, "leg", &number));
    CHECK(number == 1);
    OK(paceline_metadata_release(read_back));
    world_advance(&world, 20);
    OK(paceline_session_end_current_activity(session, START + 10 * SECOND));
    RETURNS(INVALID, paceline_session_end_current_activity(session, START + 10 * SECOND));
    {
        PacelineMetadata none = { 0 };
        PacelineConfiguration yoga = paceline_configuration(PACELINE_ACTIVITY_YOGA, PACELINE_LOCATION_INDOOR);
        RETURNS(INVALID, paceline_session_begin_new_activity(session, &yoga, START + 20 * SECOND, none));
        OK(paceline_builder_add_workout_activity(builder, &bike, START + 12 * SECOND, START + 18 * SECOND, none, &id));
        OK(paceline_builder_update_activity_end(builder, id, START + 19 * SECOND));
        OK(paceline_builder_update_activity_metadata(builder, id, metadata));
        RETURNS(INVALID, paceline_builder_update_activity_end(builder, id, START));
        OK(paceline_builder_add_workout_activity(builder, &bike, START + 19 * SECOND, START + 20 * SECOND, none, NULL));
    }
    OK(paceline_builder_activities(builder, all, 3, &count));
    CHECK(count == 3 && all[1].end == START + 19 * SECOND && all[1].metadata_count == 1);
    CHECK(memcmp(&all[1].id, &id, sizeof id) == 0);
    OK(paceline_builder_activity_statistics(builder, id, NULL, 0, &count));
    CHECK(count == 0);
    OK(paceline_builder_discard_workout(builder));
    OK(paceline_session_end(session));

    OK(paceline_metadata_release(metadata));
    OK(paceline_builder_release(builder));
    OK(paceline_session_release(session));
    world_end(&world);
}

static void a_builder_tells_all(void) {
    World world = world_begin();
    PacelineConfiguration configuration;
    PacelineDataSource source = { 0 };
    PacelineMetadata metadata, copy;
    PacelineEvent events[3], lap = { PACELINE_EVENT_LAP, 0, START, START + 5 * SECOND, { 0 } };
    PacelineSample samples[2] = { { 0, PACELINE_TYPE_STEP_COUNT, 0, START, START + SECOND, 10 },
                                  { 0, PACELINE_TYPE_STEP_COUNT, 0, START + SECOND, START + 2 * SECOND, 5 } };
    PacelineStatistics statistics, all[3];
    PacelineWorkout workout;
    uint32_t flag = 9;
    int64_t date = 0, elapsed = 0;
    size_t count = 0;

    OK(paceline_builder_configuration(world.builder, &configuration));
    CHECK(configuration.activity_type == PACELINE_ACTIVITY_RUNNING);
    OK(paceline_builder_start_date(world.builder, &date));
    CHECK(date == PACELINE_NO_DATE);
    OK(paceline_builder_should_collect_workout_events(world.builder, &flag));
    CHECK(flag == 1);
    OK(paceline_builder_set_should_collect_workout_events(world.builder, 0));
    RETURNS(UNKNOWN, paceline_builder_set_should_collect_workout_events(world.builder, 2));
    OK(paceline_builder_should_collect_workout_events(world.builder, &flag));
    CHECK(flag == 0);
    OK(paceline_builder_set_should_collect_workout_events(world.builder, 1));
    OK(paceline_builder_data_source(world.builder, &source));
    OK(paceline_data_source_equal(source, world.source, &flag));
    CHECK(flag == 1);
    OK(paceline_data_source_release(source));
    source.id = 0;
    OK(paceline_builder_set_data_source(world.builder, source));
    OK(paceline_builder_data_source(world.builder, &source));
    CHECK(source.id == 0);

    RETURNS(INVALID, paceline_builder_add_samples(world.builder, samples, 2));
    OK(paceline_session_start_activity(world.session, PACELINE_NO_DATE));
    OK(paceline_builder_begin_collection(world.builder, START));
    RETURNS(INVALID, paceline_builder_set_should_collect_workout_events(world.builder, 0));
    world_advance(&world, 10);
    OK(paceline_builder_add_samples(world.builder, samples, 2));
    OK(paceline_builder_add_samples(world.builder, NULL, 0));
    RETURNS(MISSING, paceline_builder_add_samples(world.builder, NULL, 1));
    samples[1].value = -3;
    RETURNS(OUT_OF_RANGE, paceline_builder_add_samples(world.builder, samples, 2));
    samples[1].quantity_type = 4711;
    RETURNS(UNKNOWN, paceline_builder_add_samples(world.builder, samples, 2));
    OK(paceline_builder_statistics(world.builder, PACELINE_TYPE_STEP_COUNT, &statistics));
    CHECK(statistics.sum == 15 && (statistics.present & PACELINE_HAS_SUM) && !(statistics.present & PACELINE_HAS_AVERAGE));
    RETURNS(NOTHING, paceline_builder_statistics(world.builder, PACELINE_TYPE_HEART_RATE, &statistics));
    OK(paceline_builder_all_statistics(world.builder, all, 3, &count));
    CHECK(count == 1 && all[0].count == 2);

    OK(paceline_metadata_create(&metadata));
    OK(paceline_metadata_set_text(metadata, "note", "flat"));
    lap.metadata = metadata;
    OK(paceline_builder_add_workout_events(world.builder, &lap, 1));
    OK(paceline_builder_events(world.builder, events, 3, &count));
    CHECK(count == 1 && events[0].metadata_count == 1 && events[0].metadata.id == 0);
    OK(paceline_builder_event_metadata(world.builder, 0, &copy));
    OK(paceline_metadata_count(copy, &count));
    CHECK(count == 1);
    OK(paceline_metadata_release(copy));
    RETURNS(NOTHING, paceline_builder_event_metadata(world.builder, 1, &copy));
    lap.event_type = 99;
    RETURNS(UNKNOWN, paceline_builder_add_workout_events(world.builder, &lap, 1));
    lap.event_type = PACELINE_EVENT_MARKER;
    RETURNS(INVALID, paceline_builder_add_workout_events(world.builder, &lap, 1));
    OK(paceline_builder_add_metadata(world.builder, metadata));
    OK(paceline_metadata_set_number(metadata, "", 1));
    RETURNS(INVALID, paceline_builder_add_metadata(world.builder, metadata));
    OK(paceline_builder_metadata(world.builder, &copy));
    OK(paceline_metadata_count(copy, &count));
    CHECK(count == 1);
    OK(paceline_metadata_release(copy));

    OK(paceline_builder_elapsed_time(world.builder, &elapsed));
    CHECK(elapsed == 10 * SECOND);
    OK(paceline_builder_elapsed_time_at(world.builder, START + 4 * SECOND, &elapsed));
    CHECK(elapsed == 4 * SECOND);
    OK(paceline_session_end(world.session));
    OK(paceline_builder_end_collection(world.builder, START + 10 * SECOND));
    OK(paceline_builder_end_date(world.builder, &date));
    CHECK(date == START + 10 * SECOND);
    OK(paceline_builder_finish_workout(world.builder, NULL));
    RETURNS(INVALID, paceline_builder_finish_workout(world.builder, &workout));
    OK(paceline_metadata_release(metadata));
    world_end(&world);
}

static void data_sources_select(void) {
    World world = world_running();
    PacelineSource strap = { "strap-1", "Chest strap", PACELINE_SOURCE_KIND_EXTERNAL };
    PacelinePredicate only = paceline_predicate();
    PacelineSample beat = { 0, PACELINE_TYPE_HEART_RATE, 0, START, START, 120 };
    PacelineIngested ingested = { 9, 9, 9, 9 };
    PacelineTypeSet types;
    PacelineDataSource empty;
    uint32_t number = 0, again = 0;

    OK(paceline_store_register_source(world.store, &strap, &number));
    CHECK(number > PACELINE_SOURCE_OWN);
    OK(paceline_store_register_source(world.store, &strap, &again));
    CHECK(number == again);
    strap.kind = 17;
    RETURNS(UNKNOWN, paceline_store_register_source(world.store, &strap, &again));
    strap.kind = PACELINE_SOURCE_KIND_EXTERNAL;
    strap.identifier = "";
    RETURNS(MALFORMED, paceline_store_register_source(world.store, &strap, &again));
    strap.identifier = "\xff";
    RETURNS(MALFORMED, paceline_store_register_source(world.store, &strap, &again));
    strap.identifier = NULL;
    RETURNS(MISSING, paceline_store_register_source(world.store, &strap, &again));

    only.sources = &number;
    only.source_count = 1;
    only.starts_before = START + 60 * SECOND;
    OK(paceline_data_source_enable_collection(world.source, PACELINE_TYPE_HEART_RATE, &only));
    OK(paceline_store_ingest_sample(world.store, &beat, &ingested));
    CHECK(ingested.samples == 1 && ingested.collected == 0 && ingested.repeated == 0);
    beat.source = number;
    OK(paceline_store_ingest_sample(world.store, &beat, &ingested));
    CHECK(ingested.collected == 1);
    beat.source = 4711;
    RETURNS(UNKNOWN, paceline_store_ingest_sample(world.store, &beat, &ingested));
    OK(paceline_data_source_disable_collection(world.source, PACELINE_TYPE_HEART_RATE));
    beat.source = number;
    OK(paceline_store_ingest_sample(world.store, &beat, &ingested));
    CHECK(ingested.collected == 0);
    OK(paceline_data_source_types_to_collect(world.source, &types));
    CHECK(!paceline_type_set_contains(&types, PACELINE_TYPE_HEART_RATE));
    CHECK(paceline_type_set_contains(&types, PACELINE_TYPE_DISTANCE_WALKING_RUNNING));
    OK(paceline_data_source_create(NULL, &empty));
    OK(paceline_data_source_types_to_collect(empty, &types));
    CHECK((types.words[0] | types.words[1] | types.words[2] | types.words[3]) == 0);
    OK(paceline_data_source_enable_collection(empty, PACELINE_TYPE_WATER_TEMPERATURE, NULL));
    OK(paceline_data_source_types_to_collect(empty, &types));
    CHECK(types.words[1] == UINT64_C(1) << (77 - 64));
    RETURNS(UNKNOWN, paceline_data_source_enable_collection(empty, 255, NULL));
    RETURNS(UNKNOWN, paceline_data_source_disable_collection(empty, 65536 + 34));
    OK(paceline_data_source_retain(empty));
    OK(paceline_data_source_release(empty));
    OK(paceline_data_source_release(empty));
    world_end(&world);
}

static void facts_are_kept(void) {
    PacelineMetadata metadata;
    size_t count = 0, length = 0;
    uint32_t kind = 0;
    double number = 0;
    int64_t date = 0;
    char text[32];

    OK(paceline_metadata_create(&metadata));
    OK(paceline_metadata_set_text(metadata, "title", "Gr\xc3\xbc\xc3\x9f" "e"));
    OK(paceline_metadata_set_number(metadata, "laps", 4));
    OK(paceline_metadata_set_date(metadata, "seen", START));
    OK(paceline_metadata_set_quantity(metadata, "goal", 400, "m"));
    RETURNS(PACELINE_ERROR_INPUT_UNIT, paceline_metadata_set_quantity(metadata, "goal", 400, "furlongs"));
    RETURNS(OUT_OF_RANGE, paceline_metadata_set_date(metadata, "seen", INT64_MAX));
    RETURNS(MALFORMED, paceline_metadata_set_text(metadata, "title", "\xc3"));
    OK(paceline_metadata_count(metadata, &count));
    CHECK(count == 4);
    OK(paceline_metadata_key(metadata, 0, text, sizeof text, &length));
    CHECK(strcmp(text, "goal") == 0 && length == 4);
    RETURNS(NOTHING, paceline_metadata_key(metadata, 4, text, sizeof text, NULL));
    OK(paceline_metadata_kind(metadata, "goal", &kind));
    CHECK(kind == PACELINE_METADATA_QUANTITY);
    OK(paceline_metadata_quantity(metadata, "goal", &number, text, sizeof text, NULL));
    CHECK(number == 400 && strcmp(text, "m") == 0);
    OK(paceline_metadata_number(metadata, "goal", &number));
    OK(paceline_metadata_number(metadata, "laps", &number));
    CHECK(number == 4);
    OK(paceline_metadata_date(metadata, "seen", &date));
    CHECK(date == START);
    OK(paceline_metadata_text(metadata, "title", text, sizeof text, &length));
    CHECK(length == 7);
    RETURNS(TOO_SMALL, paceline_metadata_text(metadata, "title", text, 7, &length));
    RETURNS(INVALID, paceline_metadata_text(metadata, "laps", text, sizeof text, NULL));
    RETURNS(INVALID, paceline_metadata_number(metadata, "title", &number));
    RETURNS(INVALID, paceline_metadata_date(metadata, "title", &date));
    RETURNS(INVALID, paceline_metadata_quantity(metadata, "title", NULL, text, sizeof text, NULL));
    RETURNS(NOTHING, paceline_metadata_kind(metadata, "nothing", &kind));
    OK(paceline_metadata_retain(metadata));
    OK(paceline_metadata_release(metadata));
    OK(paceline_metadata_release(metadata));
    RETURNS(STALE, paceline_metadata_count(metadata, &count));
}

static void numbers_have_names(void) {
    uint32_t number = 0;
    double value = 0;

    CHECK(strcmp(paceline_name(PACELINE_FAMILY_STATE, PACELINE_STATE_NOT_STARTED), "notStarted") == 0);
    CHECK(strcmp(paceline_name(PACELINE_FAMILY_ACTIVITY, PACELINE_ACTIVITY_SWIM_BIKE_RUN), "swimBikeRun") == 0);
    CHECK(strcmp(paceline_name(PACELINE_FAMILY_LOG, PACELINE_LOG_TRACE), "trace") == 0);
    CHECK(paceline_name(PACELINE_FAMILY_STATE, 99) == NULL && paceline_name(99, 1) == NULL);
    OK(paceline_number(PACELINE_FAMILY_QUANTITY_TYPE, "heartRate", &number));
    CHECK(number == PACELINE_TYPE_HEART_RATE);
    OK(paceline_number(PACELINE_FAMILY_ACTIVITY, "other", &number));
    CHECK(number == 3000);
    RETURNS(UNKNOWN, paceline_number(PACELINE_FAMILY_EVENT, "nonsense", &number));
    RETURNS(UNKNOWN, paceline_number(99, "pause", &number));
    CHECK(strcmp(paceline_quantity_type_unit(PACELINE_TYPE_HEART_RATE), "count/min") == 0);
    CHECK(paceline_quantity_type_unit(4711) == NULL);
    OK(paceline_quantity_type_aggregation(PACELINE_TYPE_HEART_RATE, &number));
    CHECK(number == PACELINE_AGGREGATION_DISCRETE_TEMPORALLY_WEIGHTED);
    OK(paceline_unit_convert(12.5, "km", "m", &value));
    CHECK(value == 12500);
    RETURNS(PACELINE_ERROR_INPUT_UNIT, paceline_unit_convert(1, "km", "s", &value));
    RETURNS(PACELINE_ERROR_INPUT_UNIT, paceline_unit_convert(1, "kilometers", "m", &value));
    RETURNS(OUT_OF_RANGE, paceline_unit_convert(1e308, "km", "m", &value));
    CHECK(strcmp(paceline_error_name(PACELINE_ERROR_STORE_DAMAGED), "damaged") == 0);
    CHECK(strcmp(paceline_error_name(0), "ok") == 0 && paceline_error_name(4711) == NULL);
}

static void errors_are_told(void) {
    PacelineErrorDetails error;
    PacelineSession session;
    PacelineConfiguration swim = paceline_configuration(PACELINE_ACTIVITY_SWIMMING, PACELINE_LOCATION_INDOOR);
    World world = world_begin();

    swim.lap_length = 0;
    memcpy(swim.lap_length_unit, "m", 2);
    RETURNS(INVALID, paceline_session_create(world.store, &swim, &session));
    OK(paceline_last_error(&error));
    CHECK(error.code == INVALID && strstr(error.sentence, "lap length") != NULL);
    CHECK(error.value != NULL && strcmp(error.value, "0 m") == 0);
    memset(swim.lap_length_unit, 'm', sizeof swim.lap_length_unit);
    RETURNS(PACELINE_ERROR_INPUT_UNIT, paceline_session_create(world.store, &swim, &session));
    memset(swim.lap_length_unit, 0, sizeof swim.lap_length_unit);
    swim.location_type = 0;
    RETURNS(UNKNOWN, paceline_session_create(world.store, &swim, &session));
    OK(paceline_last_error(&error));
    CHECK(error.code == UNKNOWN && strcmp(error.value, "0") == 0);
    RETURNS(MISSING, paceline_session_create(world.store, NULL, &session));
    RETURNS(MISSING, paceline_last_error(NULL));
    world_end(&world);
}

static void sessions_without_a_store(void) {
    World world = world_begin();
    PacelineConfiguration walk = paceline_configuration(PACELINE_ACTIVITY_WALKING, PACELINE_LOCATION_INDOOR);
    PacelineSession orphan, legacy;
    PacelineBuilder builder = { 0 };
    uint32_t state = 0;

    OK(paceline_session_create_with_configuration(&walk, &orphan));
    OK(paceline_session_create_with_activity(PACELINE_ACTIVITY_YOGA, PACELINE_LOCATION_UNKNOWN, &legacy));
    RETURNS(UNKNOWN, paceline_session_create_with_activity(81, PACELINE_LOCATION_UNKNOWN, &legacy));
    RETURNS(INVALID, paceline_session_builder(orphan, &builder));
    CHECK(builder.id == 0);
    RETURNS(INVALID, paceline_session_start_activity(orphan, PACELINE_NO_DATE));
    RETURNS(INVALID, paceline_store_end(world.store, orphan));
    OK(paceline_store_start(world.store, orphan));
    OK(paceline_store_pause(world.store, orphan));
    OK(paceline_session_state(orphan, &state));
    CHECK(state == PACELINE_STATE_PAUSED);
    OK(paceline_store_resume_workout_session(world.store, orphan));
    OK(paceline_store_end(world.store, orphan));
    OK(paceline_session_state(orphan, &state));
    CHECK(state == PACELINE_STATE_ENDED);
    OK(paceline_session_release(orphan));
    OK(paceline_session_release(legacy));
    world_end(&world);
}

static void the_version_is_this_one(void) {
    unsigned major = 0, minor = 0, patch = 0;

    CHECK(strcmp(paceline_version(), PACELINE_VERSION) == 0);
    CHECK(sscanf(paceline_version(), "%u.%u.%u", &major, &minor, &patch) == 3);
    CHECK(paceline_version_number() == major * 1000000 + minor * 1000 + patch);
    CHECK(paceline_version_number() == PACELINE_VERSION_NUMBER);
}

void surface_tests(void) {
    RUN(a_run_is_saved);
    RUN(a_session_tells_all);
    RUN(activities_come_and_go);
    RUN(a_builder_tells_all);
    RUN(data_sources_select);
    RUN(facts_are_kept);
    RUN(numbers_have_names);
    RUN(errors_are_told);
    RUN(sessions_without_a_store);
    RUN(the_version_is_this_one);
}
