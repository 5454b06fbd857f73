/* How values are written. */
#include "play.h"
#include <math.h>
#include <stdarg.h>

static void add_list(Text *text, const char *format, va_list arguments) {
    va_list again;
    int length;
    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (text->length + (size_t)length + 1 > text->capacity) {
        text->capacity = 2 * text->capacity + (size_t)length + 256;
        text->letters = realloc(text->letters, text->capacity);
        if (text->letters == NULL) {
            abort();
        }
    }
    vsnprintf(text->letters + text->length, (size_t)length + 1, format, arguments);
    text->length += (size_t)length;
}

void add(Text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_list(text, format, arguments);
    va_end(arguments);
}

/* Writes something that happened. */
void say(Stage *stage, const char *format, ...) {
    va_list arguments;
    add(&stage->transcript, "    ");
    va_start(arguments, format);
    add_list(&stage->transcript, format, arguments);
    va_end(arguments);
    add(&stage->transcript, "\n");
}

int went_well(Stage *stage, PacelineResult result) {
    if (result != PACELINE_OK) {
        say(stage, "error %u %s", (unsigned)result, paceline_error_name(result));
    }
    return result == PACELINE_OK;
}

int said_ok(Stage *stage, PacelineResult result) {
    if (went_well(stage, result)) {
        say(stage, "ok");
    }
    return 1;
}

/* For calls that cannot fail here. */
void must(PacelineResult result) {
    PacelineErrorDetails error;
    if (result != PACELINE_OK) {
        paceline_last_error(&error);
        fprintf(stderr, "the runner expected no error %u: %s\n", (unsigned)result, error.sentence);
        abort();
    }
}

long long thousandths(double number) {
    return llround(number * 1000);
}

static long long milliseconds(int64_t micros) {
    return micros >= 0 ? micros / 1000 : -((999 - micros) / 1000);
}

void add_date(Text *text, int64_t date) {
    add(text, "%lldms", milliseconds(date - START));
}

/* The dates that there are, each with its word before it. */
void add_dates(Text *text, int64_t start, int64_t end) {
    if (start != PACELINE_NO_DATE) {
        add(text, " from ");
        add_date(text, start);
    }
    if (end != PACELINE_NO_DATE) {
        add(text, " to ");
        add_date(text, end);
    }
}

void add_interval(Text *text, int64_t start, int64_t end) {
    if (start == end) {
        add(text, "at ");
        add_date(text, start);
    } else {
        add(text, "from ");
        add_date(text, start);
        add(text, " to ");
        add_date(text, end);
    }
}

void add_configuration(Text *text, const PacelineConfiguration *configuration) {
    add(text, "%s %s", paceline_name(PACELINE_FAMILY_ACTIVITY, configuration->activity_type),
        paceline_name(PACELINE_FAMILY_LOCATION, configuration->location_type));
    if (configuration->swimming_location_type != PACELINE_SWIMMING_LOCATION_UNKNOWN) {
        add(text, " water=%s",
            paceline_name(PACELINE_FAMILY_SWIMMING_LOCATION, configuration->swimming_location_type));
    }
    if (configuration->lap_length_unit[0] != 0) {
        add(text, " lap=%lldm", thousandths(configuration->lap_length));
    }
}

/* All entries, each after a space. */
void add_entries(Text *text, PacelineMetadata metadata) {
    char key[WORD], value[WORD];
    size_t count = 0, place;
    uint32_t kind;
    double number;
    int64_t date;
    must(paceline_metadata_count(metadata, &count));
    for (place = 0; place < count; place++) {
        must(paceline_metadata_key(metadata, place, key, sizeof key, NULL));
        must(paceline_metadata_kind(metadata, key, &kind));
        switch (kind) {
        case PACELINE_METADATA_TEXT:
            must(paceline_metadata_text(metadata, key, value, sizeof value, NULL));
            add(text, " %s=text:%s", key, value);
            break;
        case PACELINE_METADATA_NUMBER:
            must(paceline_metadata_number(metadata, key, &number));
            add(text, " %s=number:%lld", key, thousandths(number));
            break;
        case PACELINE_METADATA_DATE:
            must(paceline_metadata_date(metadata, key, &date));
            add(text, " %s=date:", key);
            add_date(text, date);
            break;
        default:
            must(paceline_metadata_quantity(metadata, key, &number, value, sizeof value, NULL));
            add(text, " %s=quantity:%lld:%s", key, thousandths(number), value);
        }
    }
}

void add_event(Text *text, const PacelineEvent *event, PacelineMetadata metadata) {
    add(text, "%s ", paceline_name(PACELINE_FAMILY_EVENT, event->event_type));
    add_interval(text, event->start, event->end);
    if (metadata.id != 0) {
        add_entries(text, metadata);
    }
}

void add_types(Text *text, const PacelineTypeSet *types) {
    const char *comma = "";
    uint32_t code;
    for (code = 0; code < 256; code++) {
        if (paceline_type_set_contains(types, code)) {
            add(text, "%s%s", comma, paceline_name(PACELINE_FAMILY_QUANTITY_TYPE, code));
            comma = ",";
        }
    }
    if (*comma == 0) {
        add(text, "none");
    }
}

void say_statistics(Stage *stage, const char *before, const PacelineStatistics *one) {
    Text *text = &stage->transcript;
    add(text, "    %sstatistics %s", before, paceline_name(PACELINE_FAMILY_QUANTITY_TYPE, one->quantity_type));
    add_dates(text, one->start, one->end);
    add(text, " count %llu", (unsigned long long)one->count);
    if (one->present & PACELINE_HAS_SUM) {
        add(text, " sum %lld", thousandths(one->sum));
    }
    if (one->present & PACELINE_HAS_AVERAGE) {
        add(text, " average %lld", thousandths(one->average));
    }
    if (one->present & PACELINE_HAS_MINIMUM) {
        add(text, " minimum %lld", thousandths(one->minimum));
    }
    if (one->present & PACELINE_HAS_MAXIMUM) {
        add(text, " maximum %lld", thousandths(one->maximum));
    }
    if (one->present & PACELINE_HAS_MOST_RECENT) {
        add(text, " latest %lld ", thousandths(one->most_recent));
        add_interval(text, one->most_recent_start, one->most_recent_end);
    }
    add(text, "\n");
}

static void say_activity(Stage *stage, const PacelineActivity *activity, PacelineMetadata metadata) {
    Text *text = &stage->transcript;
    add(text, "    activity ");
    add_configuration(text, &activity->configuration);
    add_dates(text, activity->start, activity->end);
    if (activity->end != PACELINE_NO_DATE) {
        add(text, " lasting %lldms", milliseconds(activity->duration));
    }
    add_entries(text, metadata);
    add(text, "\n");
    must(paceline_metadata_release(metadata));
}

static void say_all_statistics(Stage *stage, const char *before, const PacelineStatistics *statistics, size_t count) {
    size_t i;
    for (i = 0; i < count; i++) {
        say_statistics(stage, before, &statistics[i]);
    }
}

static void say_event(Stage *stage, const PacelineEvent *event, PacelineMetadata metadata) {
    add(&stage->transcript, "    event ");
    add_event(&stage->transcript, event, metadata);
    add(&stage->transcript, "\n");
    must(paceline_metadata_release(metadata));
}

static void say_metadata(Stage *stage, PacelineMetadata metadata) {
    size_t count = 0;
    must(paceline_metadata_count(metadata, &count));
    if (count > 0) {
        add(&stage->transcript, "    metadata");
        add_entries(&stage->transcript, metadata);
        add(&stage->transcript, "\n");
    }
    must(paceline_metadata_release(metadata));
}

/* What a builder holds. */
void say_builder(Stage *stage, PacelineBuilder builder) {
    PacelineEvent events[MANY];
    PacelineActivity activities[MANY];
    PacelineStatistics statistics[PACELINE_TYPE_COUNT];
    PacelineMetadata metadata;
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    size_t count = 0, of_activity = 0, i;

    must(paceline_builder_events(builder, events, MANY, &count));
    for (i = 0; i < count; i++) {
        must(paceline_builder_event_metadata(builder, i, &metadata));
        say_event(stage, &events[i], metadata);
    }
    snapshot.activities = activities;
    snapshot.activities_capacity = MANY;
    must(paceline_builder_snapshot(builder, &snapshot));
    for (i = 0; i < snapshot.activities_count; i++) {
        must(paceline_builder_activity_metadata(builder, activities[i].id, &metadata));
        say_activity(stage, &activities[i], metadata);
        must(paceline_builder_activity_statistics(builder, activities[i].id, statistics, PACELINE_TYPE_COUNT, &of_activity));
        say_all_statistics(stage, "activity ", statistics, of_activity);
    }
    must(paceline_builder_all_statistics(builder, statistics, PACELINE_TYPE_COUNT, &count));
    say_all_statistics(stage, "", statistics, count);
    must(paceline_builder_metadata(builder, &metadata));
    say_metadata(stage, metadata);
}

void say_workout(Stage *stage, PacelineWorkout workout) {
    PacelineWorkoutSummary summary;
    PacelineEvent events[MANY];
    PacelineActivity activities[MANY];
    PacelineStatistics statistics[PACELINE_TYPE_COUNT];
    PacelineMetadata metadata;
    size_t count = 0, of_activity = 0, i;

    must(paceline_workout_summary(workout, &summary));
    add(&stage->transcript, "    workout ");
    add_configuration(&stage->transcript, &summary.configuration);
    add_dates(&stage->transcript, summary.start, summary.end);
    add(&stage->transcript, " lasting %lldms\n", milliseconds(summary.duration));
    must(paceline_workout_events(workout, events, MANY, &count));
    for (i = 0; i < count; i++) {
        must(paceline_workout_event_metadata(workout, i, &metadata));
        say_event(stage, &events[i], metadata);
    }
    must(paceline_workout_activities(workout, activities, MANY, &count));
    for (i = 0; i < count; i++) {
        must(paceline_workout_activity_metadata(workout, activities[i].id, &metadata));
        say_activity(stage, &activities[i], metadata);
        must(paceline_workout_activity_statistics(workout, activities[i].id, statistics, PACELINE_TYPE_COUNT, &of_activity));
        say_all_statistics(stage, "activity ", statistics, of_activity);
    }
    must(paceline_workout_all_statistics(workout, statistics, PACELINE_TYPE_COUNT, &count));
    say_all_statistics(stage, "", statistics, count);
    must(paceline_workout_metadata(workout, &metadata));
    say_metadata(stage, metadata);
}
