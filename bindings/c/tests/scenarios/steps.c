/* Steps that do something: each is one call of the public interface. */
#include "play.h"

static int builder_of(Stage *stage, const Player *player) {
    return player->builder.id != 0 || wrong(stage, "%s has no builder", player->name);
}

static int source_of(Stage *stage, const Player *player) {
    return player->source.id != 0 || wrong(stage, "%s has no data source yet", player->name);
}

static int take_code(Stage *stage, Arguments *words, PacelineResult *code) {
    uint64_t number = 0;
    if (!take_whole(stage, words, "a code", &number)) {
        return 0;
    }
    *code = (PacelineResult)number;
    return number != 0 && paceline_error_name(*code) != NULL
               ? 1
               : wrong(stage, "%llu is no code of an error", (unsigned long long)number);
}

/* The id of an activity of the builder by its place, or one that nobody has. */
static int take_added(Stage *stage, const Player *player, Arguments *words, PacelineUuid *id) {
    PacelineActivity activities[MANY];
    uint64_t index = 0;
    size_t count = 0;
    memset(id, 0, sizeof *id);
    if (!take_whole(stage, words, "an index", &index)) {
        return 0;
    }
    must(paceline_builder_activities(player->builder, activities, MANY, &count));
    if (index > count) {
        return wrong(stage, "there is no activity %llu", (unsigned long long)index);
    }
    if (index > 0) {
        *id = activities[index - 1].id;
    }
    return 1;
}

static int set_source(Stage *stage, Player *player, Arguments *words) {
    char *other = option(words, "of"), *word;
    PacelineConfiguration configuration;
    PacelineDataSource source = { 0 };
    if (other != NULL) {
        const Player *owner = find_player(stage, other);
        if (owner == NULL) {
            return wrong(stage, "no session is called \"%s\"", other);
        }
        if (!source_of(stage, owner)) {
            return 0;
        }
        went_well(stage, paceline_builder_set_data_source(player->builder, owner->source));
        return 1;
    }
    word = next_word(stage, words, "default, empty or none");
    if (word == NULL) {
        return 0;
    }
    if (strcmp(word, "none") == 0) {
        went_well(stage, paceline_builder_set_data_source(player->builder, source));
        return 1;
    }
    if (strcmp(word, "default") == 0) {
        must(paceline_session_configuration(player->session, &configuration));
        must(paceline_data_source_create(&configuration, &source));
    } else if (strcmp(word, "empty") == 0) {
        must(paceline_data_source_create(NULL, &source));
    } else {
        return wrong(stage, "\"%s\" is neither default, empty nor none", word);
    }
    if (player->source.id != 0) {
        must(paceline_data_source_release(player->source));
    }
    player->source = source;
    went_well(stage, paceline_builder_set_data_source(player->builder, source));
    return 1;
}

static int enable(Stage *stage, const Player *player, Arguments *words) {
    PacelinePredicate predicate = paceline_predicate();
    uint32_t sources[MANY], kind;
    char *list;
    int has_predicate;
    if (!take_named(stage, words, PACELINE_FAMILY_QUANTITY_TYPE, "a quantity type", &kind) || !source_of(stage, player)) {
        return 0;
    }
    list = option(words, "sources");
    if (list != NULL && !read_names(stage, list, 0, "source", sources, &predicate.source_count)) {
        return 0;
    }
    predicate.sources = sources;
    if (!time_option(stage, words, "from", &predicate.starts_at_or_after, PACELINE_NO_DATE) ||
        !time_option(stage, words, "until", &predicate.starts_before, PACELINE_NO_DATE)) {
        return 0;
    }
    has_predicate = list != NULL || predicate.starts_at_or_after != PACELINE_NO_DATE ||
                    predicate.starts_before != PACELINE_NO_DATE;
    went_well(stage, paceline_data_source_enable_collection(player->source, kind, has_predicate ? &predicate : NULL));
    return 1;
}

static int finish(Stage *stage, const Player *player) {
    PacelineWorkout workout = { 0 };
    if (!went_well(stage, paceline_builder_finish_workout(player->builder, &workout))) {
        return 1;
    }
    if (workout.id == 0) {
        say(stage, "ok locked");
        return 1;
    }
    say(stage, "ok");
    say_workout(stage, workout);
    must(paceline_workout_release(workout));
    return 1;
}

static int add_all_samples(Stage *stage, const Player *player, Arguments *words) {
    PacelineSample samples[MANY];
    size_t count = 0;
    do {
        if (count == MANY || !take_sample(stage, words, &samples[count++])) {
            return wrong(stage, "too many samples for the runner");
        }
    } while (takes(words, "and"));
    return said_ok(stage, paceline_builder_add_samples(player->builder, samples, count));
}

static int add_all_events(Stage *stage, const Player *player, Arguments *words) {
    PacelineEvent events[MANY];
    size_t count = 0;
    do {
        if (count == MANY || !take_event(stage, words, &events[count++])) {
            return wrong(stage, "too many events for the runner");
        }
    } while (takes(words, "and"));
    return said_ok(stage, paceline_builder_add_workout_events(player->builder, events, count));
}

static int add_activity(Stage *stage, const Player *player, Arguments *words) {
    PacelineConfiguration configuration;
    PacelineMetadata metadata;
    int64_t from, to;
    int good;
    if (!take_configuration(stage, words, &configuration) ||
        !time_option(stage, words, "from", &from, PACELINE_NO_DATE) ||
        !time_option(stage, words, "to", &to, PACELINE_NO_DATE)) {
        return 0;
    }
    if (from == PACELINE_NO_DATE) {
        return wrong(stage, "from= is missing");
    }
    good = take_entries(stage, words, &metadata);
    if (good) {
        said_ok(stage, paceline_builder_add_workout_activity(player->builder, &configuration, from, to, metadata, NULL));
    }
    must(paceline_metadata_release(metadata));
    return good;
}

static int begin_activity(Stage *stage, const Player *player, Arguments *words) {
    PacelineConfiguration configuration;
    PacelineMetadata metadata;
    int64_t date;
    int good;
    if (!take_configuration(stage, words, &configuration) || !time_option(stage, words, "on", &date, now(stage))) {
        return 0;
    }
    good = take_entries(stage, words, &metadata);
    if (good) {
        said_ok(stage, paceline_session_begin_new_activity(player->session, &configuration, date, metadata));
    }
    must(paceline_metadata_release(metadata));
    return good;
}

static int report(Stage *stage, const Player *player, Arguments *words) {
    PacelineEvent event;
    int good;
    if (!take_event(stage, words, &event)) {
        return 0;
    }
    good = take_entries(stage, words, &event.metadata);
    if (good) {
        said_ok(stage, paceline_session_report_event(player->session, &event));
    }
    must(paceline_metadata_release(event.metadata));
    return good;
}

/* With the metadata of the options. */
static int with_entries(Stage *stage, const Player *player, Arguments *words, const PacelineUuid *activity) {
    PacelineMetadata metadata;
    int good = take_entries(stage, words, &metadata);
    if (good && activity != NULL) {
        said_ok(stage, paceline_builder_update_activity_metadata(player->builder, *activity, metadata));
    } else if (good) {
        said_ok(stage, paceline_builder_add_metadata(player->builder, metadata));
    }
    must(paceline_metadata_release(metadata));
    return good;
}

static int do_builder(Stage *stage, Player *player, const char *verb, Arguments *words) {
    static const char *const verbs[] = { "collect", "endCollection", "discard", "finish", "add", "addEvents", "addMetadata",
                                         "addActivity", "endAdded", "annotate", "source", "collectEvents" };
    PacelineBuilder builder = player->builder;
    PacelineUuid id;
    int64_t date;
    size_t i;
#define IS(word) (strcmp(verb, word) == 0)
    for (i = 0; i < sizeof verbs / sizeof *verbs && !IS(verbs[i]); i++) {
    }
    if (i == sizeof verbs / sizeof *verbs) {
        return -1;
    }
    if (!builder_of(stage, player)) {
        return 0;
    }
    if (IS("collect")) {
        return take_optional_time(stage, words, &date, now(stage)) &&
               said_ok(stage, paceline_builder_begin_collection(builder, date));
    }
    if (IS("endCollection")) {
        return take_optional_time(stage, words, &date, now(stage)) &&
               said_ok(stage, paceline_builder_end_collection(builder, date));
    }
    if (IS("discard")) {
        return said_ok(stage, paceline_builder_discard_workout(builder));
    }
    if (IS("finish")) {
        return finish(stage, player);
    }
    if (IS("add")) {
        return add_all_samples(stage, player, words);
    }
    if (IS("addEvents")) {
        return add_all_events(stage, player, words);
    }
    if (IS("addMetadata")) {
        return with_entries(stage, player, words, NULL);
    }
    if (IS("addActivity")) {
        return add_activity(stage, player, words);
    }
    if (IS("endAdded")) {
        return take_added(stage, player, words, &id) && take_time(stage, words, &date) &&
               said_ok(stage, paceline_builder_update_activity_end(builder, id, date));
    }
    if (IS("annotate")) {
        return take_added(stage, player, words, &id) && with_entries(stage, player, words, &id);
    }
    if (IS("source")) {
        return set_source(stage, player, words);
    }
    {
        const char *word = next_word(stage, words, "true or false");
        if (word == NULL || (strcmp(word, "true") != 0 && strcmp(word, "false") != 0)) {
            return wrong(stage, "\"%s\" is neither true nor false", word == NULL ? "" : word);
        }
        went_well(stage, paceline_builder_set_should_collect_workout_events(builder, strcmp(word, "true") == 0));
        return 1;
    }
}

int do_session(Stage *stage, Player *player, const char *verb, Arguments *words) {
    PacelineSession session = player->session;
    PacelineBuilder builder = { 0 };
    PacelineResult result;
    uint32_t kind;
    int64_t date;
    if (IS("prepare")) {
        return said_ok(stage, paceline_session_prepare(session));
    }
    if (IS("start")) {
        return take_optional_time(stage, words, &date, PACELINE_NO_DATE) &&
               said_ok(stage, paceline_session_start_activity(session, date));
    }
    if (IS("pause")) {
        return said_ok(stage, paceline_session_pause(session));
    }
    if (IS("resume")) {
        return said_ok(stage, paceline_session_resume(session));
    }
    if (IS("stop")) {
        return take_optional_time(stage, words, &date, PACELINE_NO_DATE) &&
               said_ok(stage, paceline_session_stop_activity(session, date));
    }
    if (IS("end")) {
        return said_ok(stage, paceline_session_end(session));
    }
    if (IS("begin")) {
        return begin_activity(stage, player, words);
    }
    if (IS("endActivity")) {
        return take_optional_time(stage, words, &date, now(stage)) &&
               said_ok(stage, paceline_session_end_current_activity(session, date));
    }
    if (IS("report")) {
        return report(stage, player, words);
    }
    if (IS("fail")) {
        return take_code(stage, words, &result) &&
               said_ok(stage, paceline_session_fail(session, result, "the scenario says so"));
    }
    if (IS("payload") && has_more(words)) {
        const char *word = next_word(stage, words, "a word");
        return said_ok(stage, paceline_session_set_payload(session, word, strlen(word)));
    }
    if (IS("builder")) {
        result = paceline_session_builder(session, &builder);
        if (result == PACELINE_OK) {
            must(paceline_builder_release(builder));
        }
        return said_ok(stage, result);
    }
    if (IS("listen")) {
        listen(stage, player);
        return 1;
    }
    if (IS("deafen")) {
        deafen(player);
        return 1;
    }
    if (IS("enable")) {
        return enable(stage, player, words);
    }
    if (IS("disable")) {
        if (!source_of(stage, player) ||
            !take_named(stage, words, PACELINE_FAMILY_QUANTITY_TYPE, "a quantity type", &kind)) {
            return 0;
        }
        went_well(stage, paceline_data_source_disable_collection(player->source, kind));
        return 1;
    }
    return do_builder(stage, player, verb, words);
}

static int permission(Stage *stage, const Device *device, Arguments *words) {
    const char *what = next_word(stage, words, "workouts or a quantity type");
    uint32_t status, kind;
    if (what == NULL || !take_named(stage, words, PACELINE_FAMILY_AUTHORIZATION, "status", &status)) {
        return 0;
    }
    if (strcmp(what, "workouts") == 0) {
        went_well(stage, paceline_device_set_workout_permission(device->device, status));
        return 1;
    }
    if (!read_named(stage, what, PACELINE_FAMILY_QUANTITY_TYPE, "quantity type", &kind)) {
        return 0;
    }
    went_well(stage, paceline_device_set_sample_permission(device->device, kind, status));
    return 1;
}

static int register_source(Stage *stage, const Device *device, Arguments *words) {
    const char *name = next_word(stage, words, "a name");
    PacelineSource source = { NULL, NULL, 0 };
    uint32_t number = 0;
    if (name == NULL || !check_new(stage, name) ||
        !take_named(stage, words, PACELINE_FAMILY_SOURCE_KIND, "kind of source", &source.kind)) {
        return 0;
    }
    source.identifier = source.name = name;
    if (went_well(stage, paceline_store_register_source(device->store, &source, &number))) {
        Source *registered = &stage->sources[stage->source_count++];
        snprintf(registered->name, sizeof registered->name, "%s", name);
        registered->number = number;
    }
    return 1;
}

static int packed(Stage *stage, Arguments *words, PacelineBatch *batch) {
    const char *word;
    double value;
    int64_t start, end;
    uint32_t code;
    if (!has_more(words)) {
        return 1;
    }
    do {
        word = next_word(stage, words, "a quantity type");
        if (word == NULL) {
            return 0;
        }
        if (strncmp(word, "code:", 5) == 0) {
            code = (uint32_t)strtoul(word + 5, NULL, 10);
        } else if (!read_named(stage, word, PACELINE_FAMILY_QUANTITY_TYPE, "quantity type", &code)) {
            return 0;
        }
        if (!take_number(stage, words, &value) || !take_interval(stage, words, &start, &end)) {
            return 0;
        }
        must(paceline_batch_push(batch, (uint16_t)code, start, end, value));
    } while (takes(words, "and"));
    return 1;
}

/* The number of the source that an option names, else of the app itself. */
static int source_option(Stage *stage, Arguments *words, uint32_t *number) {
    const char *name = option(words, "source");
    const Source *found = name == NULL ? NULL : find_source(stage, name);
    *number = found == NULL ? PACELINE_SOURCE_OWN : found->number;
    return name == NULL || found != NULL || wrong(stage, "no source is called \"%s\"", name);
}

static int last_batch(Stage *stage, const Device *device, Arguments *words) {
    uint32_t source;
    uint64_t number = 0;
    if (!source_option(stage, words, &source)) {
        return 0;
    }
    if (went_well(stage, paceline_store_last_batch(device->store, source, &number))) {
        say(stage, "batch %llu", (unsigned long long)number);
    }
    return 1;
}

static int ingest(Stage *stage, const Device *device, const char *verb, Arguments *words) {
    static unsigned char memory[PACELINE_BATCH_HEADER_SIZE + MANY * PACELINE_BATCH_ROW_SIZE];
    uint32_t source;
    PacelineIngested taken = { 0, 0, 0, 0 };
    PacelineResult result;
    if (!source_option(stage, words, &source)) {
        return 0;
    }
    if (IS("ingest")) {
        PacelineSample sample;
        if (!take_sample(stage, words, &sample)) {
            return 0;
        }
        sample.source = source;
        result = paceline_store_ingest_sample(device->store, &sample, &taken);
    } else {
        uint64_t number = 0;
        PacelineBatch batch;
        if (!take_whole(stage, words, "a batch number", &number)) {
            return 0;
        }
        must(paceline_batch_begin(&batch, memory, sizeof memory, source, number));
        if (!packed(stage, words, &batch)) {
            return 0;
        }
        result = paceline_store_ingest(device->store, memory, batch.size, &taken);
    }
    if (went_well(stage, result)) {
        say(stage, "ok saved=%u collected=%u repeated=%s%s", (unsigned)taken.samples, (unsigned)taken.collected,
            taken.repeated ? "yes" : "no", taken.durable ? "" : " durable=no");
    }
    return 1;
}

int do_device(Stage *stage, Device *device, const char *verb, Arguments *words) {
    PacelineResult result;
    if (IS("foreground") || IS("background")) {
        result = paceline_device_set_foreground(device->device, IS("foreground"));
    } else if (IS("companion")) {
        const char *word = next_word(stage, words, "yes or no");
        if (word == NULL || (strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)) {
            return wrong(stage, "\"%s\" is neither yes nor no", word == NULL ? "" : word);
        }
        result = paceline_device_set_launched_by_companion(device->device, strcmp(word, "yes") == 0);
    } else if (IS("locked") || IS("unlocked")) {
        result = paceline_device_set_locked(device->device, IS("locked"));
    } else if (IS("kill")) {
        result = paceline_device_kill(device->device);
    } else if (IS("relaunch")) {
        result = paceline_device_relaunch(device->device);
        if (result == PACELINE_OK) {
            must(paceline_store_release(device->store));
            must(paceline_device_store(device->device, &device->store));
        }
    } else if (IS("permission")) {
        return permission(stage, device, words);
    } else if (IS("refuse")) {
        PacelineResult code;
        if (!take_code(stage, words, &code)) {
            return 0;
        }
        result = paceline_device_refuse_session_mode(device->device, code, "the scenario says so");
    } else if (IS("arbitrate")) {
        PacelineResult code = PACELINE_OK;
        if (has_more(words) && !take_code(stage, words, &code)) {
            return 0;
        }
        result = paceline_device_arbitrate(device->device, code, "the scenario says so");
    } else if (IS("disk")) {
        const char *word = next_word(stage, words, "readOnly or writable");
        if (word == NULL || (strcmp(word, "readOnly") != 0 && strcmp(word, "writable") != 0)) {
            return wrong(stage, "\"%s\" is neither readOnly nor writable", word == NULL ? "" : word);
        }
        result = paceline_device_set_disk_writable(device->device, strcmp(word, "writable") == 0);
    } else if (IS("suspend")) {
        return said_ok(stage, paceline_store_suspend(device->store));
    } else if (IS("resume")) {
        return said_ok(stage, paceline_store_resume(device->store));
    } else if (IS("reboot")) {
        result = paceline_device_reboot(device->device);
    } else if (IS("jump")) {
        int64_t date;
        if (!take_time(stage, words, &date)) {
            return 0;
        }
        result = paceline_device_jump_clock(device->device, date - START);
    } else if (IS("source")) {
        return register_source(stage, device, words);
    } else if (IS("startSession") || IS("endSession") || IS("pauseSession") || IS("resumeSession")) {
        const char *name = next_word(stage, words, "a session");
        const Player *player = name == NULL ? NULL : find_player(stage, name);
        if (player == NULL) {
            return wrong(stage, "no session is called \"%s\"", name == NULL ? "" : name);
        }
        return said_ok(stage, IS("startSession")   ? paceline_store_start(device->store, player->session)
                              : IS("endSession")   ? paceline_store_end(device->store, player->session)
                              : IS("pauseSession") ? paceline_store_pause(device->store, player->session)
                                                   : paceline_store_resume_workout_session(device->store, player->session));
    } else if (IS("last")) {
        return last_batch(stage, device, words);
    } else if (IS("ingest") || IS("packed")) {
        return ingest(stage, device, verb, words);
    } else {
        return -1;
    }
    went_well(stage, result);
    return 1;
}
