/* Reading a scenario: words and arguments. */
#include "play.h"
#include <math.h>
#include <stdarg.h>

int wrong(Stage *stage, const char *format, ...) {
    if (stage->wrong[0] == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(stage->wrong, sizeof stage->wrong, format, arguments);
        va_end(arguments);
    }
    return 0;
}

/* Splits a line in place. */
int split(Stage *stage, char *line, Arguments *words) {
    char *word = line;
    memset(words, 0, sizeof *words);
    while (word != NULL) {
        char *space = strchr(word, ' ');
        if (space != NULL) {
            *space++ = 0;
        }
        if (*word == 0) {
            return wrong(stage, "words are separated by single spaces");
        }
        if (words->position_count == MANY || words->option_count == MANY || strlen(word) >= WORD) {
            return wrong(stage, "this line is too long for the runner");
        }
        if (strchr(word, '=') != NULL) {
            words->options[words->option_count++] = word;
        } else {
            words->positions[words->position_count++] = word;
        }
        word = space;
    }
    return 1;
}

int all_taken(Stage *stage, Arguments *words) {
    if (has_more(words)) {
        return wrong(stage, "nothing is to be done with \"%s\"", words->positions[words->next]);
    }
    if (words->option_count > 0) {
        return wrong(stage, "nothing is to be done with \"%s\"", words->options[0]);
    }
    return 1;
}

int has_more(const Arguments *words) {
    return words->next < words->position_count;
}

char *next_word(Stage *stage, Arguments *words, const char *what) {
    if (!has_more(words)) {
        wrong(stage, "%s is missing", what);
        return NULL;
    }
    return words->positions[words->next++];
}

int takes(Arguments *words, const char *word) {
    if (has_more(words) && strcmp(words->positions[words->next], word) == 0) {
        words->next++;
        return 1;
    }
    return 0;
}

static char *remove_option(Arguments *words, int place) {
    char *found = words->options[place];
    words->option_count--;
    memmove(words->options + place, words->options + place + 1,
            (size_t)(words->option_count - place) * sizeof words->options[0]);
    return found;
}

char *option(Arguments *words, const char *name) {
    size_t length = strlen(name);
    int i;
    for (i = 0; i < words->option_count; i++) {
        if (strncmp(words->options[i], name, length) == 0 && words->options[i][length] == '=') {
            return remove_option(words, i) + length + 1;
        }
    }
    return NULL;
}

int read_time(Stage *stage, const char *word, int64_t *date) {
    const char *digits = *word == '-' ? word + 1 : word;
    size_t length = strspn(digits, "0123456789");
    int64_t unit = strcmp(digits + length, "ms") == 0 ? 1000 : strcmp(digits + length, "s") == 0 ? SECOND : 0;
    int64_t number = strtoll(digits, NULL, 10);
    if (length == 0 || length > 10 || unit == 0 || number > (int64_t)UINT32_MAX) {
        return wrong(stage, "\"%s\" is no time; write 60s or 1500ms", word);
    }
    *date = START + (*word == '-' ? -number : number) * unit;
    return 1;
}

int take_time(Stage *stage, Arguments *words, int64_t *date) {
    const char *word = next_word(stage, words, "a time");
    return word != NULL && read_time(stage, word, date);
}

int take_optional_time(Stage *stage, Arguments *words, int64_t *date, int64_t otherwise) {
    *date = otherwise;
    return !has_more(words) || take_time(stage, words, date);
}

int time_option(Stage *stage, Arguments *words, const char *name, int64_t *date, int64_t otherwise) {
    const char *word = option(words, name);
    *date = otherwise;
    return word == NULL || read_time(stage, word, date);
}

int take_interval(Stage *stage, Arguments *words, int64_t *start, int64_t *end) {
    if (!take_time(stage, words, start)) {
        return 0;
    }
    *end = *start;
    if (!has_more(words) || strcmp(words->positions[words->next], "and") == 0) {
        return 1;
    }
    return take_time(stage, words, end);
}

static int read_number(Stage *stage, const char *word, double *number) {
    char *end = NULL;
    if (strcmp(word, "nan") == 0) {
        *number = NAN;
        return 1;
    }
    if (strcmp(word, "inf") == 0) {
        *number = INFINITY;
        return 1;
    }
    *number = strtod(word, &end);
    if (*word == 0 || *end != 0 || strspn(word, "0123456789.-") != strlen(word)) {
        return wrong(stage, "\"%s\" is no number", word);
    }
    return 1;
}

int take_number(Stage *stage, Arguments *words, double *number) {
    const char *word = next_word(stage, words, "a number");
    return word != NULL && read_number(stage, word, number);
}

int take_whole(Stage *stage, Arguments *words, const char *what, uint64_t *number) {
    const char *word = next_word(stage, words, what);
    if (word == NULL) {
        return 0;
    }
    if (*word == 0 || strspn(word, "0123456789") != strlen(word)) {
        return wrong(stage, "\"%s\" is no whole number", word);
    }
    *number = strtoull(word, NULL, 10);
    return 1;
}

int read_named(Stage *stage, const char *word, uint32_t family, const char *what, uint32_t *number) {
    if (paceline_number(family, word, number) != PACELINE_OK) {
        return wrong(stage, "\"%s\" is no %s", word, what);
    }
    return 1;
}

int take_named(Stage *stage, Arguments *words, uint32_t family, const char *what, uint32_t *number) {
    const char *word = next_word(stage, words, what);
    return word != NULL && read_named(stage, word, family, what, number);
}

/* Names that are separated by commas. */
int read_names(Stage *stage, char *list, uint32_t family, const char *what, uint32_t *numbers, size_t *count) {
    for (*count = 0; list != NULL; (*count)++) {
        char *comma = strchr(list, ',');
        if (comma != NULL) {
            *comma++ = 0;
        }
        if (*count == MANY) {
            return wrong(stage, "this list is too long for the runner");
        }
        if (family != 0) {
            if (!read_named(stage, list, family, what, &numbers[*count])) {
                return 0;
            }
        } else {
            const Source *source = find_source(stage, list);
            if (source == NULL) {
                return wrong(stage, "no source is called \"%s\"", list);
            }
            numbers[*count] = source->number;
        }
        list = comma;
    }
    return 1;
}

int take_configuration(Stage *stage, Arguments *words, PacelineConfiguration *configuration) {
    uint32_t activity, location;
    char *word;
    if (!take_named(stage, words, PACELINE_FAMILY_ACTIVITY, "an activity type", &activity) ||
        !take_named(stage, words, PACELINE_FAMILY_LOCATION, "a location", &location)) {
        return 0;
    }
    *configuration = paceline_configuration(activity, location);
    word = option(words, "water");
    if (word != NULL && !read_named(stage, word, PACELINE_FAMILY_SWIMMING_LOCATION, "water",
                                    &configuration->swimming_location_type)) {
        return 0;
    }
    word = option(words, "lap");
    if (word != NULL) {
        size_t length = strlen(word);
        if (length == 0 || word[length - 1] != 'm') {
            return wrong(stage, "\"%s\" is no length; write 25m", word);
        }
        word[length - 1] = 0;
        memcpy(configuration->lap_length_unit, "m", 2);
        return read_number(stage, word, &configuration->lap_length);
    }
    return 1;
}

int take_event(Stage *stage, Arguments *words, PacelineEvent *event) {
    memset(event, 0, sizeof *event);
    return take_named(stage, words, PACELINE_FAMILY_EVENT, "an event type", &event->event_type) &&
           take_interval(stage, words, &event->start, &event->end);
}

int take_sample(Stage *stage, Arguments *words, PacelineSample *sample) {
    memset(sample, 0, sizeof *sample);
    return take_named(stage, words, PACELINE_FAMILY_QUANTITY_TYPE, "a quantity type", &sample->quantity_type) &&
           take_number(stage, words, &sample->value) && take_interval(stage, words, &sample->start, &sample->end);
}

/* All options that were not taken, as metadata; the caller releases it. */
int take_entries(Stage *stage, Arguments *words, PacelineMetadata *metadata) {
    must(paceline_metadata_create(metadata));
    while (words->option_count > 0) {
        char *key = remove_option(words, 0);
        char *kind = strchr(key, '=');
        char *value, *unit;
        double number;
        int64_t date;
        *kind++ = 0;
        value = strchr(kind, ':');
        if (value == NULL) {
            return wrong(stage, "\"%s\" is no metadata value; write KIND:VALUE", kind);
        }
        *value++ = 0;
        if (strcmp(kind, "text") == 0) {
            must(paceline_metadata_set_text(*metadata, key, value));
        } else if (strcmp(kind, "number") == 0) {
            if (!read_number(stage, value, &number)) {
                return 0;
            }
            must(paceline_metadata_set_number(*metadata, key, number));
        } else if (strcmp(kind, "date") == 0) {
            if (!read_time(stage, value, &date)) {
                return 0;
            }
            must(paceline_metadata_set_date(*metadata, key, date));
        } else if (strcmp(kind, "quantity") == 0 && (unit = strchr(value, ':')) != NULL) {
            *unit++ = 0;
            if (!read_number(stage, value, &number)) {
                return 0;
            }
            if (paceline_metadata_set_quantity(*metadata, key, number, unit) != PACELINE_OK) {
                return wrong(stage, "\"%s\" is no unit", unit);
            }
        } else {
            return wrong(stage, "\"%s:%s\" is no metadata value; write KIND:VALUE", kind, value);
        }
    }
    return 1;
}
