/* Steps that only look. */
#include "play.h"

static int show(Stage *stage, const Player *player) {
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    Text *text = &stage->transcript;
    must(paceline_session_snapshot(player->session, &snapshot));
    add(text, "    session %s %s", paceline_name(PACELINE_FAMILY_STATE, snapshot.state),
        paceline_name(PACELINE_FAMILY_SESSION_TYPE, snapshot.session_type));
    add_dates(text, snapshot.start_date, snapshot.end_date);
    add(text, "\n");
    if (player->builder.id != 0) {
        must(paceline_builder_snapshot(player->builder, &snapshot));
        add(text, "    builder");
        add_dates(text, snapshot.collection_start, snapshot.collection_end);
        add(text, " elapsed %lldms\n", (long long)(snapshot.elapsed / 1000));
        say_builder(stage, player->builder);
    }
    return 1;
}

static void say_current(Stage *stage, const char *whose, const PacelineActivity *activity) {
    Text *text = &stage->transcript;
    add(text, "    %s ", whose);
    add_configuration(text, &activity->configuration);
    add_dates(text, activity->start, PACELINE_NO_DATE);
    add(text, "\n");
}

static int current(Stage *stage, const Player *player) {
    PacelineActivity activity;
    PacelineResult result;
    must(paceline_session_current_activity(player->session, &activity, NULL, 0, NULL));
    say_current(stage, "session", &activity);
    if (player->builder.id != 0) {
        result = paceline_builder_current_activity(player->builder, &activity);
        if (result == PACELINE_ERROR_HEALTH_NO_DATA) {
            say(stage, "builder none");
        } else {
            must(result);
            say_current(stage, "builder", &activity);
        }
    }
    return 1;
}

static int record(Stage *stage, const Player *player) {
    PacelineSessionRecord record;
    Text *text = &stage->transcript;
    char json[1024];
    must(paceline_session_record_json(player->session, json, sizeof json, NULL));
    if (!went_well(stage, paceline_session_record_from_json(json, &record))) {
        return 1;
    }
    add(text, "    record %s %s ", paceline_name(PACELINE_FAMILY_STATE, record.state),
        paceline_name(PACELINE_FAMILY_SESSION_TYPE, record.session_type));
    add_configuration(text, &record.configuration);
    add_dates(text, record.start_date, record.end_date);
    add(text, "\n");
    return 1;
}

int look_at_session(Stage *stage, Player *player, const char *verb, Arguments *words) {
#define IS(word) (strcmp(verb, word) == 0)
    if (IS("show")) {
        return show(stage, player);
    }
    if (IS("current")) {
        return current(stage, player);
    }
    if (IS("record")) {
        return record(stage, player);
    }
    if (IS("kind")) {
        uint32_t activity, location;
        must(paceline_session_activity_type(player->session, &activity));
        must(paceline_session_location_type(player->session, &location));
        say(stage, "%s %s", paceline_name(PACELINE_FAMILY_ACTIVITY, activity),
            paceline_name(PACELINE_FAMILY_LOCATION, location));
        return 1;
    }
    if (IS("durable")) {
        PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
        uint32_t durable;
        must(paceline_session_is_durable(player->session, &durable));
        must(paceline_session_snapshot(player->session, &snapshot));
        say(stage, "durable session=%s snapshot=%s", durable ? "yes" : "no", snapshot.durable ? "yes" : "no");
        return 1;
    }
    if (IS("payload")) {
        char payload[WORD];
        size_t length = 0;
        must(paceline_session_payload(player->session, payload, sizeof payload, &length));
        say(stage, "payload %.*s", length == 0 ? 4 : (int)length, length == 0 ? "none" : payload);
        return 1;
    }
    if (IS("types")) {
        PacelineTypeSet types;
        if (player->source.id == 0) {
            return wrong(stage, "%s has no data source yet", player->name);
        }
        must(paceline_data_source_types_to_collect(player->source, &types));
        add(&stage->transcript, "    ");
        add_types(&stage->transcript, &types);
        add(&stage->transcript, "\n");
        return 1;
    }
    if (!IS("stats") && !IS("elapsed")) {
        return -1;
    }
    if (player->builder.id == 0) {
        return wrong(stage, "%s has no builder", player->name);
    }
    if (IS("stats")) {
        PacelineStatistics statistics;
        PacelineResult result;
        uint32_t kind;
        if (!take_named(stage, words, PACELINE_FAMILY_QUANTITY_TYPE, "a quantity type", &kind)) {
            return 0;
        }
        result = paceline_builder_statistics(player->builder, kind, &statistics);
        if (result == PACELINE_ERROR_HEALTH_NO_DATA) {
            say(stage, "none");
        } else {
            must(result);
            say_statistics(stage, "", &statistics);
        }
    } else {
        int64_t date, elapsed;
        if (!take_optional_time(stage, words, &date, PACELINE_NO_DATE)) {
            return 0;
        }
        must(date == PACELINE_NO_DATE ? paceline_builder_elapsed_time(player->builder, &elapsed)
                                      : paceline_builder_elapsed_time_at(player->builder, date, &elapsed));
        say(stage, "%lldms", (long long)(elapsed / 1000));
    }
    return 1;
}

static int owner(Stage *stage, const Device *device) {
    PacelineSessionOwner owner;
    Text *text = &stage->transcript;
    PacelineResult result = paceline_store_session_owner(device->store, &owner);
    if (result == PACELINE_ERROR_HEALTH_NO_DATA) {
        say(stage, "owner none");
    } else if (went_well(stage, result)) {
        add(text, "    owner %s ", paceline_name(PACELINE_FAMILY_STATE, owner.state));
        add_configuration(text, &owner.configuration);
        add(text, " %s %s\n", owner.is_here ? "here" : "elsewhere", owner.is_alive ? "alive" : "dead");
    }
    return 1;
}

static int unfinished(Stage *stage, const Device *device) {
    PacelineUnfinishedWorkout all[MANY];
    Text *text = &stage->transcript;
    char payload[WORD];
    size_t count = 0, length, i;
    if (!went_well(stage, paceline_store_unfinished_workouts(device->store, all, MANY, &count))) {
        return 1;
    }
    if (count == 0) {
        say(stage, "none");
    }
    for (i = 0; i < count; i++) {
        must(paceline_store_unfinished_payload(device->store, all[i].session, payload, sizeof payload, &length));
        add(text, "    unfinished %s ", paceline_name(PACELINE_FAMILY_STATE, all[i].state));
        add_configuration(text, &all[i].configuration);
        add_dates(text, all[i].start_date, all[i].last_date);
        add(text, " %s %s payload %.*s\n", all[i].is_here ? "here" : "elsewhere", all[i].is_alive ? "alive" : "dead",
            length == 0 ? 4 : (int)length, length == 0 ? "none" : payload);
    }
    return 1;
}

static int workouts(Stage *stage, const Device *device) {
    PacelineWorkout all[MANY];
    size_t count = 0, i;
    if (!went_well(stage, paceline_store_workouts(device->store, all, MANY, &count))) {
        return 1;
    }
    if (count == 0) {
        say(stage, "none");
    }
    for (i = 0; i < count; i++) {
        say_workout(stage, all[i]);
        must(paceline_workout_release(all[i]));
    }
    return 1;
}

/* The id of a saved workout, counted from the newest: 1, or 0 when the file is wrong, or -1 when the store refused. */
static int find_workout(Stage *stage, const Device *device, uint64_t index, PacelineUuid *id) {
    PacelineUuid ids[MANY];
    size_t count = 0;
    if (!went_well(stage, paceline_store_workout_ids(device->store, ids, MANY, &count))) {
        return -1;
    }
    if (index == 0 || index > count) {
        return wrong(stage, "there is no workout %llu", (unsigned long long)index);
    }
    *id = ids[index - 1];
    return 1;
}

/* Reads in small pages, so that a short scenario turns one. */
static int samples(Stage *stage, const Device *device, Arguments *words) {
    PacelineSample page[2];
    PacelineUuid id;
    uint64_t index = 0;
    uint32_t kind;
    size_t count = 0, i;
    int found, any = 0;
    if (!take_whole(stage, words, "an index", &index) ||
        !take_named(stage, words, PACELINE_FAMILY_QUANTITY_TYPE, "a quantity type", &kind)) {
        return 0;
    }
    found = find_workout(stage, device, index, &id);
    if (found != 1) {
        return found != 0;
    }
    for (;;) {
        if (!went_well(stage, paceline_store_samples(device->store, id, kind, any ? &page[count - 1] : NULL, page, 2, &count))) {
            return 1;
        }
        if (count == 0) {
            break;
        }
        any = 1;
        for (i = 0; i < count; i++) {
            add(&stage->transcript, "    sample %s %lld ", paceline_name(PACELINE_FAMILY_QUANTITY_TYPE, kind),
                thousandths(page[i].value));
            add_interval(&stage->transcript, page[i].start, page[i].end);
            add(&stage->transcript, "\n");
        }
    }
    if (!any) {
        say(stage, "none");
    }
    return 1;
}

static int split_workout(Stage *stage, const Device *device, Arguments *words) {
    PacelineInterval intervals[MANY];
    PacelineIntervalStatistics parts[MANY];
    PacelineStatistics statistics[MANY * 4];
    PacelineUuid id;
    uint64_t index = 0;
    size_t border_count = 0, count = 0, i, j;
    int64_t before = 0, border;
    int found;
    if (!take_whole(stage, words, "an index", &index)) {
        return 0;
    }
    while (border_count < 2 || has_more(words)) {
        if (border_count == MANY || !take_time(stage, words, &border)) {
            return wrong(stage, "too many parts for the runner");
        }
        if (border_count > 0) {
            intervals[border_count - 1].start = before;
            intervals[border_count - 1].end = border;
        }
        before = border;
        border_count++;
    }
    found = find_workout(stage, device, index, &id);
    if (found != 1) {
        return found != 0;
    }
    if (!went_well(stage, paceline_store_statistics_over(device->store, id, intervals, border_count - 1, parts, statistics,
                                                         MANY * 4, &count))) {
        return 1;
    }
    for (i = 0; i + 1 < border_count; i++) {
        add(&stage->transcript, "    part");
        add_dates(&stage->transcript, parts[i].start, parts[i].end);
        add(&stage->transcript, " lasting %lldms\n", (long long)(parts[i].duration / 1000));
        for (j = 0; j < parts[i].statistics_count; j++) {
            say_statistics(stage, "part ", &statistics[parts[i].first_statistics + j]);
        }
    }
    return 1;
}

int look_at_device(Stage *stage, Device *device, const char *verb, Arguments *words) {
    if (IS("mode")) {
        uint32_t on = 0;
        must(paceline_device_in_session_mode(device->device, &on));
        say(stage, "session mode %s", on ? "on" : "off");
        return 1;
    }
    if (IS("owner")) {
        return owner(stage, device);
    }
    if (IS("unfinished")) {
        return unfinished(stage, device);
    }
    if (IS("workouts")) {
        return workouts(stage, device);
    }
    if (IS("samples")) {
        return samples(stage, device, words);
    }
    if (IS("split")) {
        return split_workout(stage, device, words);
    }
    if (IS("count")) {
        uint64_t count = 0;
        if (went_well(stage, paceline_store_sample_count(device->store, &count))) {
            say(stage, "%llu samples", (unsigned long long)count);
        }
        return 1;
    }
    return -1;
}
