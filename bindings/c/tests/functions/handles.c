/* Every call with the handle 0, with a handle that was released, with one of another kind, and without its pointers. */
#define PACELINE_DEPRECATED(note)
#include "harness.h"

/* The call, which uses a handle h of this type, first with the handle 0 and then with a stale one. */
#define BOTH(Type, stale, call)   \
    do {                          \
        Type h;                   \
        h.id = 0;                 \
        RETURNS(MISSING, call);   \
        h = stale;                \
        RETURNS(STALE, call);     \
    } while (0)

static PacelineConfiguration run;
static PacelineUuid id;
static PacelineSample sample;
static PacelineEvent event = { PACELINE_EVENT_LAP, 0, START, START, { 0 } };
static size_t count;
static uint32_t number;
static uint64_t wide;
static int64_t date;
static double value;
static char text[64];

static void sessions(void) {
    World world = world_begin();
    PacelineSession stale, made;
    PacelineBuilder builder;
    PacelineActivity activity;
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    PacelineMetadata none = { 0 };
    PacelineMetadata stale_metadata = { UINT64_C(6) << 56 | 0xffffffu };

    OK(paceline_session_create(world.store, &run, &stale));
    OK(paceline_session_release(stale));
#define S(call) BOTH(PacelineSession, stale, call)
    S(paceline_session_retain(h));
    S(paceline_session_release(h));
    S(paceline_session_equal(h, world.session, &number));
    S(paceline_session_equal(world.session, h, &number));
    S(paceline_session_hash(h, &wide));
    S(paceline_session_description(h, text, sizeof text, NULL));
    S(paceline_session_record_json(h, text, sizeof text, NULL));
    S(paceline_session_id(h, &id));
    S(paceline_session_state(h, &number));
    S(paceline_session_type(h, &number));
    S(paceline_session_configuration(h, &run));
    S(paceline_session_activity_type(h, &number));
    S(paceline_session_location_type(h, &number));
    S(paceline_session_start_date(h, &date));
    S(paceline_session_payload(h, text, sizeof text, &count));
    S(paceline_session_set_payload(h, text, 1));
    S(paceline_session_end_date(h, &date));
    S(paceline_session_current_activity(h, &activity, NULL, 0, NULL));
    S(paceline_session_snapshot(h, &snapshot));
    S(paceline_session_builder(h, &builder));
    S(paceline_session_set_delegate(h, NULL));
    S(paceline_session_prepare(h));
    S(paceline_session_start_activity(h, PACELINE_NO_DATE));
    S(paceline_session_pause(h));
    S(paceline_session_resume(h));
    S(paceline_session_stop_activity(h, PACELINE_NO_DATE));
    S(paceline_session_end(h));
    S(paceline_session_begin_new_activity(h, &run, START, none));
    S(paceline_session_end_current_activity(h, START));
    S(paceline_session_report_event(h, &event));
    S(paceline_session_fail(h, INVALID, NULL));
    S(paceline_store_start(world.store, h));
    S(paceline_store_end(world.store, h));
    S(paceline_store_pause(world.store, h));
    S(paceline_store_resume_workout_session(world.store, h));
#undef S
    RETURNS(MISSING, paceline_session_create(world.store, NULL, &made));
    RETURNS(MISSING, paceline_session_create(world.store, &run, NULL));
    RETURNS(MISSING, paceline_session_create_with_configuration(NULL, &made));
    RETURNS(MISSING, paceline_session_create_with_configuration(&run, NULL));
    RETURNS(MISSING, paceline_session_create_with_activity(1, 1, NULL));
    RETURNS(MISSING, paceline_session_equal(world.session, world.session, NULL));
    RETURNS(MISSING, paceline_session_hash(world.session, NULL));
    RETURNS(MISSING, paceline_session_description(world.session, NULL, 8, &count));
    RETURNS(MISSING, paceline_session_record_json(world.session, NULL, 0, NULL));
    RETURNS(MISSING, paceline_session_record_from_json(NULL, NULL));
    RETURNS(MISSING, paceline_session_record_to_json(NULL, text, sizeof text, NULL));
    RETURNS(MISSING, paceline_session_id(world.session, NULL));
    RETURNS(MISSING, paceline_session_state(world.session, NULL));
    RETURNS(MISSING, paceline_session_type(world.session, NULL));
    RETURNS(MISSING, paceline_session_configuration(world.session, NULL));
    RETURNS(MISSING, paceline_session_activity_type(world.session, NULL));
    RETURNS(MISSING, paceline_session_location_type(world.session, NULL));
    RETURNS(MISSING, paceline_session_start_date(world.session, NULL));
    RETURNS(MISSING, paceline_session_end_date(world.session, NULL));
    RETURNS(MISSING, paceline_session_current_activity(world.session, NULL, NULL, 0, NULL));
    RETURNS(MISSING, paceline_session_current_activity(world.session, &activity, NULL, 1, &count));
    RETURNS(MISSING, paceline_session_snapshot(world.session, NULL));
    RETURNS(MISSING, paceline_session_builder(world.session, NULL));
    RETURNS(MISSING, paceline_session_begin_new_activity(world.session, NULL, START, none));
    RETURNS(MISSING, paceline_session_report_event(world.session, NULL));
    RETURNS(STALE, paceline_session_begin_new_activity(world.session, &run, START, stale_metadata));
    event.metadata = stale_metadata;
    RETURNS(STALE, paceline_session_report_event(world.session, &event));
    event.metadata = none;
    world_end(&world);
}

static void builders(void) {
    World world = world_begin();
    PacelineSession session;
    PacelineBuilder stale;
    PacelineDataSource source, stale_source;
    PacelineMetadata metadata, stale_metadata, none = { 0 };
    PacelineActivity activity;
    PacelineStatistics statistics;
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    PacelineCompletion completion = PACELINE_COMPLETION_INIT;
    PacelineWorkout workout;

    OK(paceline_session_builder(world.session, &stale));
    OK(paceline_builder_release(stale));
    OK(paceline_metadata_create(&metadata));
    OK(paceline_metadata_create(&stale_metadata));
    OK(paceline_metadata_release(stale_metadata));
    OK(paceline_data_source_create(NULL, &stale_source));
    OK(paceline_data_source_release(stale_source));
#define B(call) BOTH(PacelineBuilder, stale, call)
    B(paceline_builder_retain(h));
    B(paceline_builder_release(h));
    B(paceline_builder_equal(h, world.builder, &number));
    B(paceline_builder_equal(world.builder, h, &number));
    B(paceline_builder_session(h, &session));
    B(paceline_builder_configuration(h, &run));
    B(paceline_builder_start_date(h, &date));
    B(paceline_builder_end_date(h, &date));
    B(paceline_builder_metadata(h, &metadata));
    B(paceline_builder_events(h, NULL, 0, &count));
    B(paceline_builder_event_metadata(h, 0, &metadata));
    B(paceline_builder_activities(h, NULL, 0, &count));
    B(paceline_builder_activity_statistics(h, id, NULL, 0, &count));
    B(paceline_builder_activity_metadata(h, id, &metadata));
    B(paceline_builder_current_activity(h, &activity));
    B(paceline_builder_all_statistics(h, NULL, 0, &count));
    B(paceline_builder_statistics(h, PACELINE_TYPE_HEART_RATE, &statistics));
    B(paceline_builder_elapsed_time(h, &date));
    B(paceline_builder_elapsed_time_at(h, START, &date));
    B(paceline_builder_snapshot(h, &snapshot));
    B(paceline_builder_set_delegate(h, NULL));
    B(paceline_builder_should_collect_workout_events(h, &number));
    B(paceline_builder_set_should_collect_workout_events(h, 1));
    B(paceline_builder_data_source(h, &source));
    B(paceline_builder_set_data_source(h, world.source));
    B(paceline_builder_begin_collection(h, START));
    B(paceline_builder_begin_collection_async(h, START, &completion));
    B(paceline_builder_add_samples(h, &sample, 0));
    B(paceline_builder_add_samples_async(h, &sample, 0, &completion));
    B(paceline_builder_add_workout_events(h, &event, 1));
    B(paceline_builder_add_workout_events_async(h, &event, 1, &completion));
    B(paceline_builder_add_metadata(h, metadata));
    B(paceline_builder_add_metadata_async(h, metadata, &completion));
    B(paceline_builder_add_workout_activity(h, &run, START, PACELINE_NO_DATE, none, &id));
    B(paceline_builder_update_activity_end(h, id, START));
    B(paceline_builder_update_activity_metadata(h, id, metadata));
    B(paceline_builder_end_collection(h, START));
    B(paceline_builder_end_collection_async(h, START, &completion));
    B(paceline_builder_finish_workout(h, &workout));
    B(paceline_builder_finish_workout_async(h, &completion));
    B(paceline_builder_discard_workout(h));
#undef B
    RETURNS(STALE, paceline_builder_set_data_source(world.builder, stale_source));
    BOTH(PacelineMetadata, stale_metadata, paceline_builder_add_metadata(world.builder, h));
    BOTH(PacelineMetadata, stale_metadata, paceline_builder_add_metadata_async(world.builder, h, &completion));
    BOTH(PacelineMetadata, stale_metadata, paceline_builder_update_activity_metadata(world.builder, id, h));
    RETURNS(STALE, paceline_builder_add_workout_activity(world.builder, &run, START, START, stale_metadata, NULL));
    RETURNS(MISSING, paceline_builder_equal(world.builder, world.builder, NULL));
    RETURNS(MISSING, paceline_builder_session(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_configuration(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_start_date(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_end_date(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_metadata(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_events(world.builder, NULL, 0, NULL));
    RETURNS(MISSING, paceline_builder_events(world.builder, NULL, 3, &count));
    RETURNS(MISSING, paceline_builder_event_metadata(world.builder, 0, NULL));
    RETURNS(MISSING, paceline_builder_activities(world.builder, NULL, 0, NULL));
    RETURNS(MISSING, paceline_builder_activity_statistics(world.builder, id, NULL, 0, NULL));
    RETURNS(MISSING, paceline_builder_activity_metadata(world.builder, id, NULL));
    RETURNS(MISSING, paceline_builder_current_activity(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_all_statistics(world.builder, NULL, 0, NULL));
    RETURNS(MISSING, paceline_builder_statistics(world.builder, PACELINE_TYPE_HEART_RATE, NULL));
    RETURNS(MISSING, paceline_builder_elapsed_time(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_elapsed_time_at(world.builder, START, NULL));
    RETURNS(MISSING, paceline_builder_snapshot(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_should_collect_workout_events(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_data_source(world.builder, NULL));
    RETURNS(MISSING, paceline_builder_begin_collection_async(world.builder, START, NULL));
    RETURNS(MISSING, paceline_builder_add_samples(world.builder, NULL, 2));
    RETURNS(MISSING, paceline_builder_add_samples_async(world.builder, NULL, 2, &completion));
    RETURNS(MISSING, paceline_builder_add_workout_events(world.builder, NULL, 2));
    RETURNS(MISSING, paceline_builder_add_workout_events_async(world.builder, NULL, 2, &completion));
    RETURNS(MISSING, paceline_builder_add_workout_activity(world.builder, NULL, START, START, none, NULL));
    RETURNS(MISSING, paceline_builder_end_collection_async(world.builder, START, NULL));
    RETURNS(MISSING, paceline_builder_finish_workout_async(world.builder, NULL));
    OK(paceline_metadata_release(metadata));
    world_end(&world);
}

static void stores(void) {
    World world = world_begin();
    PacelineStore stale;
    PacelineSession session;
    PacelineWorkout workout;
    PacelineSource source = { "a", "b", PACELINE_SOURCE_KIND_DEVICE };
    PacelineIngested ingested;
    PacelineSessionOwner owner;

    OK(paceline_store_open(NULL, &stale));
    OK(paceline_store_release(stale));
#define S(call) BOTH(PacelineStore, stale, call)
    S(paceline_store_retain(h));
    S(paceline_store_release(h));
    S(paceline_store_ingest(h, text, 24, &ingested));
    S(paceline_store_ingest_sample(h, &sample, &ingested));
    S(paceline_store_register_source(h, &source, &number));
    S(paceline_store_workout_ids(h, NULL, 0, &count));
    S(paceline_store_workout(h, id, &workout));
    S(paceline_store_workouts(h, NULL, 0, &count));
    S(paceline_store_samples(h, id, PACELINE_TYPE_HEART_RATE, NULL, &sample, 1, &count));
    S(paceline_store_sample_count(h, &wide));
    S(paceline_store_statistics_over(h, id, NULL, 0, NULL, NULL, 0, &count));
    S(paceline_store_poll(h, NULL, NULL));
    S(paceline_store_recover_active_workout_session(h, &session));
    S(paceline_store_session_owner(h, &owner));
    S(paceline_store_now(h, &date));
    S(paceline_store_report_outcome(h, 1, 0, NULL));
    S(paceline_store_report_foreground(h, 1));
    S(paceline_store_report_launched_by_companion(h, 1));
    S(paceline_store_report_locked(h, 1));
    S(paceline_store_report_workout_permission(h, 1));
    S(paceline_store_report_sample_permission(h, PACELINE_TYPE_HEART_RATE, 1));
    S(paceline_store_start(h, world.session));
    S(paceline_store_end(h, world.session));
    S(paceline_store_pause(h, world.session));
    S(paceline_store_resume_workout_session(h, world.session));
    S(paceline_session_create(h, &run, &session));
#undef S
    RETURNS(MISSING, paceline_store_open(NULL, NULL));
    RETURNS(MISSING, paceline_store_ingest_sample(world.store, NULL, NULL));
    RETURNS(MISSING, paceline_store_register_source(world.store, NULL, &number));
    RETURNS(MISSING, paceline_store_register_source(world.store, &source, NULL));
    RETURNS(MISSING, paceline_store_workout_ids(world.store, NULL, 0, NULL));
    RETURNS(MISSING, paceline_store_workout(world.store, id, NULL));
    RETURNS(MISSING, paceline_store_workouts(world.store, NULL, 0, NULL));
    RETURNS(MISSING, paceline_store_samples(world.store, id, PACELINE_TYPE_HEART_RATE, NULL, &sample, 1, NULL));
    RETURNS(MISSING, paceline_store_sample_count(world.store, NULL));
    RETURNS(MISSING, paceline_store_statistics_over(world.store, id, NULL, 0, NULL, NULL, 0, NULL));
    RETURNS(MISSING, paceline_store_statistics_over(world.store, id, NULL, 2, NULL, NULL, 0, &count));
    RETURNS(MISSING, paceline_store_now(world.store, NULL));
    RETURNS(MISSING, paceline_store_recover_active_workout_session(world.store, NULL));
    RETURNS(MISSING, paceline_store_session_owner(world.store, NULL));
    world_end(&world);
}

static void values_and_tools(void) {
    PacelineDataSource stale_source, source;
    PacelineMetadata stale, metadata;
    PacelineClock stale_clock;
    PacelineTypeSet types;

    OK(paceline_data_source_create(NULL, &source));
    OK(paceline_data_source_create(NULL, &stale_source));
    OK(paceline_data_source_release(stale_source));
#define D(call) BOTH(PacelineDataSource, stale_source, call)
    D(paceline_data_source_retain(h));
    D(paceline_data_source_release(h));
    D(paceline_data_source_equal(h, source, &number));
    D(paceline_data_source_equal(source, h, &number));
    D(paceline_data_source_types_to_collect(h, &types));
    D(paceline_data_source_enable_collection(h, PACELINE_TYPE_HEART_RATE, NULL));
    D(paceline_data_source_disable_collection(h, PACELINE_TYPE_HEART_RATE));
#undef D
    RETURNS(MISSING, paceline_data_source_create(NULL, NULL));
    RETURNS(MISSING, paceline_data_source_equal(source, source, NULL));
    RETURNS(MISSING, paceline_data_source_types_to_collect(source, NULL));
    {
        PacelinePredicate predicate = paceline_predicate();
        predicate.source_count = 2;
        RETURNS(MISSING, paceline_data_source_enable_collection(source, PACELINE_TYPE_HEART_RATE, &predicate));
    }
    OK(paceline_data_source_release(source));

    OK(paceline_metadata_create(&metadata));
    OK(paceline_metadata_create(&stale));
    OK(paceline_metadata_release(stale));
#define M(call) BOTH(PacelineMetadata, stale, call)
    M(paceline_metadata_retain(h));
    M(paceline_metadata_release(h));
    M(paceline_metadata_set_text(h, "a", "b"));
    M(paceline_metadata_set_number(h, "a", 1));
    M(paceline_metadata_set_date(h, "a", START));
    M(paceline_metadata_set_quantity(h, "a", 1, "m"));
    M(paceline_metadata_count(h, &count));
    M(paceline_metadata_key(h, 0, text, sizeof text, NULL));
    M(paceline_metadata_kind(h, "a", &number));
    M(paceline_metadata_text(h, "a", text, sizeof text, NULL));
    M(paceline_metadata_number(h, "a", &value));
    M(paceline_metadata_date(h, "a", &date));
    M(paceline_metadata_quantity(h, "a", &value, text, sizeof text, NULL));
#undef M
    RETURNS(MISSING, paceline_metadata_create(NULL));
    RETURNS(MISSING, paceline_metadata_set_text(metadata, NULL, "b"));
    RETURNS(MISSING, paceline_metadata_set_text(metadata, "a", NULL));
    RETURNS(MISSING, paceline_metadata_set_number(metadata, NULL, 1));
    RETURNS(MISSING, paceline_metadata_set_date(metadata, NULL, 1));
    RETURNS(MISSING, paceline_metadata_set_quantity(metadata, "a", 1, NULL));
    RETURNS(MISSING, paceline_metadata_count(metadata, NULL));
    RETURNS(MISSING, paceline_metadata_key(metadata, 0, NULL, 0, NULL));
    RETURNS(MISSING, paceline_metadata_kind(metadata, "a", NULL));
    RETURNS(MISSING, paceline_metadata_kind(metadata, NULL, &number));
    RETURNS(MISSING, paceline_metadata_text(metadata, "a", NULL, 0, NULL));
    RETURNS(MISSING, paceline_metadata_number(metadata, "a", NULL));
    RETURNS(MISSING, paceline_metadata_date(metadata, "a", NULL));
    RETURNS(MISSING, paceline_metadata_quantity(metadata, NULL, &value, text, sizeof text, NULL));
    OK(paceline_metadata_release(metadata));

    OK(paceline_clock_create(START, &stale_clock));
    OK(paceline_clock_retain(stale_clock));
    OK(paceline_clock_release(stale_clock));
    OK(paceline_clock_release(stale_clock));
#define C(call) BOTH(PacelineClock, stale_clock, call)
    C(paceline_clock_retain(h));
    C(paceline_clock_release(h));
    C(paceline_clock_now(h, &date));
    C(paceline_clock_advance(h, 1));
    C(paceline_clock_advance_to(h, START));
#undef C
    RETURNS(MISSING, paceline_clock_create(START, NULL));
    RETURNS(OUT_OF_RANGE, paceline_clock_create(INT64_MAX, &stale_clock));

    RETURNS(MISSING, paceline_uuid_format(id, NULL));
    RETURNS(MISSING, paceline_uuid_parse(NULL, &id));
    RETURNS(MISSING, paceline_uuid_parse("", NULL));
    RETURNS(MISSING, paceline_number(PACELINE_FAMILY_STATE, NULL, &number));
    RETURNS(MISSING, paceline_number(PACELINE_FAMILY_STATE, "running", NULL));
    RETURNS(MISSING, paceline_quantity_type_aggregation(PACELINE_TYPE_HEART_RATE, NULL));
    RETURNS(UNKNOWN, paceline_quantity_type_aggregation(255, &number));
    RETURNS(MISSING, paceline_unit_convert(1, NULL, "m", &value));
    RETURNS(MISSING, paceline_unit_convert(1, "m", NULL, &value));
    RETURNS(MISSING, paceline_unit_convert(1, "m", "m", NULL));
}

static void workouts(void) {
    PacelineWorkout stale = { UINT64_C(5) << 56 | 0x123456 };
    PacelineWorkoutSummary summary;
    PacelineMetadata metadata;
    PacelineStatistics statistics;
#define W(call) BOTH(PacelineWorkout, stale, call)
    W(paceline_workout_retain(h));
    W(paceline_workout_release(h));
    W(paceline_workout_summary(h, &summary));
    W(paceline_workout_metadata(h, &metadata));
    W(paceline_workout_events(h, NULL, 0, &count));
    W(paceline_workout_event_metadata(h, 0, &metadata));
    W(paceline_workout_activities(h, NULL, 0, &count));
    W(paceline_workout_activity_statistics(h, id, NULL, 0, &count));
    W(paceline_workout_activity_events(h, id, NULL, 0, &count));
    W(paceline_workout_activity_metadata(h, id, &metadata));
    W(paceline_workout_all_statistics(h, NULL, 0, &count));
    W(paceline_workout_statistics(h, PACELINE_TYPE_HEART_RATE, &statistics));
#undef W
}

static void simulated(void) {
    PacelineSimulation simulation, stale;
    PacelineDevice device, stale_device;
    PacelineClock clock;
    PacelineStore store;

    OK(paceline_simulation_create(START, 1, &simulation));
    OK(paceline_simulation_create(START, 1, &stale));
    OK(paceline_simulation_release(stale));
    OK(paceline_simulation_add_device(simulation, "watch", NULL, &device));
    OK(paceline_simulation_device(simulation, "watch", &stale_device));
    OK(paceline_device_release(stale_device));
#define S(call) BOTH(PacelineSimulation, stale, call)
    S(paceline_simulation_retain(h));
    S(paceline_simulation_release(h));
    S(paceline_simulation_now(h, &date));
    S(paceline_simulation_clock(h, &clock));
    S(paceline_simulation_advance(h, 1));
    S(paceline_simulation_advance_to(h, START));
    S(paceline_simulation_poll(h, NULL));
    S(paceline_simulation_add_device(h, "phone", NULL, &stale_device));
    S(paceline_simulation_device(h, "phone", &stale_device));
#undef S
    OK(paceline_simulation_device(simulation, "watch", &stale_device));
    OK(paceline_device_release(stale_device));
#define D(call) BOTH(PacelineDevice, stale_device, call)
    D(paceline_device_retain(h));
    D(paceline_device_release(h));
    D(paceline_device_name(h, text, sizeof text, NULL));
    D(paceline_device_store(h, &store));
    D(paceline_device_kill(h));
    D(paceline_device_relaunch(h));
    D(paceline_device_set_foreground(h, 1));
    D(paceline_device_set_launched_by_companion(h, 1));
    D(paceline_device_set_locked(h, 1));
    D(paceline_device_set_workout_permission(h, 1));
    D(paceline_device_set_sample_permission(h, PACELINE_TYPE_HEART_RATE, 1));
    D(paceline_device_in_session_mode(h, &number));
    D(paceline_device_refuse_session_mode(h, INVALID, NULL));
#undef D
    RETURNS(MISSING, paceline_simulation_create(START, 1, NULL));
    RETURNS(MISSING, paceline_simulation_now(simulation, NULL));
    RETURNS(MISSING, paceline_simulation_clock(simulation, NULL));
    RETURNS(MISSING, paceline_simulation_add_device(simulation, NULL, NULL, &device));
    RETURNS(MISSING, paceline_simulation_add_device(simulation, "phone", NULL, NULL));
    RETURNS(MISSING, paceline_simulation_device(simulation, NULL, &device));
    RETURNS(MISSING, paceline_simulation_device(simulation, "watch", NULL));
    RETURNS(MISSING, paceline_device_name(device, NULL, 0, NULL));
    RETURNS(MISSING, paceline_device_store(device, NULL));
    RETURNS(MISSING, paceline_device_in_session_mode(device, NULL));
    OK(paceline_device_release(device));
    OK(paceline_simulation_release(simulation));
}

static void hosts(void) {
    PacelineHostCallbacks callbacks = PACELINE_HOST_CALLBACKS_INIT;
    PacelineHost host, stale;
    PacelineDisk disk;
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineStore store;

    OK(paceline_host_create(&callbacks, &stale));
    OK(paceline_host_retain(stale));
    OK(paceline_host_release(stale));
    OK(paceline_host_release(stale));
    BOTH(PacelineHost, stale, paceline_host_retain(h));
    BOTH(PacelineHost, stale, paceline_host_release(h));
    OK(paceline_disk_create(&disk));
    OK(paceline_disk_release(disk));
    BOTH(PacelineDisk, disk, paceline_disk_retain(h));
    BOTH(PacelineDisk, disk, paceline_disk_release(h));
    RETURNS(MISSING, paceline_disk_create(NULL));
    options.host = stale;
    RETURNS(STALE, paceline_store_open(&options, &store));
    RETURNS(MISSING, paceline_host_create(NULL, &host));
    RETURNS(MISSING, paceline_host_create(&callbacks, NULL));
}

/* A handle is a number; another kind of object at the same place is not it. */
static void kinds_are_told_apart(void) {
    World world = world_begin();
    PacelineSession wrong;
    wrong.id = world.builder.id;
    RETURNS(STALE, paceline_session_pause(wrong));
    wrong.id = world.session.id ^ (UINT64_C(1) << 56);
    RETURNS(STALE, paceline_session_pause(wrong));
    wrong.id = UINT64_MAX;
    RETURNS(STALE, paceline_session_pause(wrong));
    wrong.id = 1;
    RETURNS(STALE, paceline_session_pause(wrong));
    world_end(&world);
}

void handle_tests(void) {
    run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    RUN(sessions);
    RUN(builders);
    RUN(stores);
    RUN(values_and_tools);
    RUN(workouts);
    RUN(simulated);
    RUN(hosts);
    RUN(kinds_are_told_apart);
}
