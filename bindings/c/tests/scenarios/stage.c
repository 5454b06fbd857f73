/* Where a scenario is played: who takes part, and what is done when. */
#include "play.h"

#define FIND(Type, list, count)                            \
    Type *find_##list(Stage *stage, const char *name) {    \
        int i;                                             \
        for (i = 0; i < stage->list##_count; i++) {        \
            if (strcmp(stage->list##s[i].name, name) == 0) { \
                return &stage->list##s[i];                 \
            }                                              \
        }                                                  \
        return NULL;                                       \
    }
FIND(Player, player, player_count)
FIND(Device, device, device_count)
FIND(Source, source, source_count)

int64_t now(Stage *stage) {
    int64_t date = 0;
    must(paceline_simulation_now(stage->simulation, &date));
    return date;
}

static int is_world(const char *word) {
    return strcmp(word, "device") == 0 || strcmp(word, "at") == 0 || strcmp(word, "session") == 0 ||
           strcmp(word, "orphan") == 0 || strcmp(word, "legacy") == 0 || strcmp(word, "recover") == 0;
}

int check_new(Stage *stage, const char *name) {
    size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    if (name[0] < 'a' || name[0] > 'z' || name[letters] != 0 || is_world(name)) {
        return wrong(stage, "\"%s\" is no name", name);
    }
    if (find_player(stage, name) || find_device(stage, name) || find_source(stage, name)) {
        return wrong(stage, "the name \"%s\" is taken", name);
    }
    if (stage->player_count == MANY || stage->device_count == MANY || stage->source_count == MANY) {
        return wrong(stage, "too many names for the runner");
    }
    return 1;
}

static char *new_name(Stage *stage, Arguments *words) {
    char *name = next_word(stage, words, "a name");
    return name != NULL && check_new(stage, name) ? name : NULL;
}

static int add_device(Stage *stage, Arguments *words) {
    PacelineDeviceOptions options = { NULL, 0, PACELINE_ARBITRATION_NEWCOMER_WINS, 0 };
    uint32_t refused[MANY];
    Device *device = &stage->devices[stage->device_count];
    char *name = new_name(stage, words);
    char *list = option(words, "refuses"), *arbitration = option(words, "arbitration");
    if (name == NULL ||
        !read_names(stage, list, PACELINE_FAMILY_ACTIVITY, "activity type", refused, &options.refused_count)) {
        return 0;
    }
    options.refused_activities = refused;
    if (arbitration != NULL) {
        if (strcmp(arbitration, "refuse") == 0) {
            options.arbitration = PACELINE_ARBITRATION_REFUSE;
        } else if (strcmp(arbitration, "ask") == 0) {
            options.arbitration = PACELINE_ARBITRATION_ASK;
        } else if (strcmp(arbitration, "handOver") == 0) {
            options.arbitration = PACELINE_ARBITRATION_HAND_OVER;
        } else {
            return wrong(stage, "\"%s\" is no arbitration; write refuse, ask or handOver", arbitration);
        }
    }
    if (went_well(stage, paceline_simulation_add_device(stage->simulation, name, &options, &device->device))) {
        must(paceline_device_store(device->device, &device->store));
        snprintf(device->name, sizeof device->name, "%s", name);
        stage->device_count++;
    }
    return 1;
}

static int move_time(Stage *stage, Arguments *words) {
    int64_t date;
    if (!take_time(stage, words, &date)) {
        return 0;
    }
    if (date < now(stage)) {
        return wrong(stage, "time does not go back");
    }
    must(paceline_simulation_advance_to(stage->simulation, date));
    return 1;
}

void release_player(const Player *player) {
    if (player->source.id != 0) {
        must(paceline_data_source_release(player->source));
    }
    if (player->builder.id != 0) {
        must(paceline_builder_release(player->builder));
    }
    must(paceline_session_release(player->session));
}

/* A session takes part from here on; one that had this name takes part no more. */
static void join(Stage *stage, const char *name, PacelineSession session, PacelineBuilder builder, int heard) {
    Player *player = find_player(stage, name);
    if (player != NULL) {
        release_player(player);
    } else {
        player = &stage->players[stage->player_count++];
    }
    snprintf(player->name, sizeof player->name, "%s", name);
    player->session = session;
    player->builder = builder;
    player->source.id = 0;
    if (builder.id != 0) {
        /* Only a recovered builder has one already. */
        must(paceline_builder_data_source(builder, &player->source));
    }
    if (heard) {
        listen(stage, player);
    }
}

/* The device of the option on, else the one that was added last. */
static Device *device_named(Stage *stage, Arguments *words) {
    char *on = option(words, "on");
    Device *device;
    if (on == NULL && stage->device_count == 0) {
        wrong(stage, "there is no device yet");
        return NULL;
    }
    device = on != NULL ? find_device(stage, on) : &stage->devices[stage->device_count - 1];
    if (device == NULL) {
        wrong(stage, "no device is called \"%s\"", on);
    }
    return device;
}

static int add_session(Stage *stage, Arguments *words) {
    PacelineConfiguration configuration;
    PacelineSession session;
    PacelineBuilder builder;
    const Device *device;
    int heard;
    char *name = new_name(stage, words);
    if (name == NULL || !take_configuration(stage, words, &configuration)) {
        return 0;
    }
    heard = !takes(words, "unheard");
    device = device_named(stage, words);
    if (device == NULL) {
        return 0;
    }
    if (went_well(stage, paceline_session_create(device->store, &configuration, &session))) {
        must(paceline_session_builder(session, &builder));
        join(stage, name, session, builder, heard);
    }
    return 1;
}

static int recover(Stage *stage, Arguments *words) {
    PacelineSession session = { 0 };
    PacelineBuilder builder = { 0 };
    const Device *device;
    PacelineResult result;
    uint32_t state;
    int heard;
    char *name = next_word(stage, words, "a name");
    if (name == NULL || (find_player(stage, name) == NULL && !check_new(stage, name))) {
        return 0;
    }
    heard = !takes(words, "unheard");
    device = device_named(stage, words);
    if (device == NULL) {
        return 0;
    }
    if (!went_well(stage, paceline_store_recover_active_workout_session(device->store, &session))) {
        return 1;
    }
    if (session.id == 0) {
        say(stage, "none");
        return 1;
    }
    must(paceline_session_state(session, &state));
    say(stage, "ok %s", paceline_name(PACELINE_FAMILY_STATE, state));
    result = paceline_session_builder(session, &builder);
    if (result != PACELINE_ERROR_HEALTH_INVALID_ARGUMENT) {
        must(result);
    }
    join(stage, name, session, builder, heard);
    return 1;
}

static int add_orphan(Stage *stage, Arguments *words) {
    PacelineConfiguration configuration;
    PacelineSession session;
    PacelineBuilder none = { 0 };
    char *name = new_name(stage, words);
    if (name == NULL || !take_configuration(stage, words, &configuration)) {
        return 0;
    }
    if (went_well(stage, paceline_session_create_with_configuration(&configuration, &session))) {
        join(stage, name, session, none, 1);
    }
    return 1;
}

static int add_legacy(Stage *stage, Arguments *words) {
    PacelineSession session;
    PacelineBuilder none = { 0 };
    uint32_t activity, location;
    char *name = new_name(stage, words);
    if (name == NULL || !take_named(stage, words, PACELINE_FAMILY_ACTIVITY, "an activity type", &activity) ||
        !take_named(stage, words, PACELINE_FAMILY_LOCATION, "a location", &location)) {
        return 0;
    }
    must(paceline_session_create_with_activity(activity, location, &session));
    join(stage, name, session, none, 1);
    return 1;
}

static int arm(Stage *stage, const char *player, char *rest) {
    static const char *const triggers[] = { "failed", "event", "activityBegan", "activityEnded", "durabilityLost",
                                            "durabilityRegained", "data", "builderEvent", "builderActivityBegan",
                                            "builderActivityEnded" };
    Reaction *reaction = &stage->reactions[stage->reaction_count];
    char *step = strchr(rest, ' ');
    uint32_t state;
    size_t i;
    if (*rest == 0) {
        return wrong(stage, "a trigger is missing");
    }
    if (step == NULL) {
        return wrong(stage, "a step is missing");
    }
    *step++ = 0;
    for (i = 0; i < sizeof triggers / sizeof *triggers && strcmp(triggers[i], rest) != 0; i++) {
    }
    if (i == sizeof triggers / sizeof *triggers && paceline_number(PACELINE_FAMILY_STATE, rest, &state) != PACELINE_OK) {
        return wrong(stage, "\"%s\" is nothing that a delegate hears", rest);
    }
    if (stage->reaction_count == MANY) {
        return wrong(stage, "too many reactions for the runner");
    }
    snprintf(reaction->player, sizeof reaction->player, "%s", player);
    snprintf(reaction->trigger, sizeof reaction->trigger, "%s", rest);
    snprintf(reaction->step, sizeof reaction->step, "%s", step);
    stage->reaction_count++;
    return 1;
}

int play_subject(Stage *stage, char *name, Arguments *words) {
    Player *player = find_player(stage, name);
    Device *device = find_device(stage, name);
    char *verb = next_word(stage, words, "a verb");
    int done = -1;
    if (verb == NULL) {
        return 0;
    }
    if (device != NULL) {
        done = do_device(stage, device, verb, words);
        done = done == -1 ? look_at_device(stage, device, verb, words) : done;
    } else if (player != NULL) {
        done = do_session(stage, player, verb, words);
        done = done == -1 ? look_at_session(stage, player, verb, words) : done;
    } else {
        return wrong(stage, "nothing is called \"%s\"", name);
    }
    if (done == -1) {
        return wrong(stage, "a %s has no verb \"%s\"", device != NULL ? "device" : "session", verb);
    }
    return done && all_taken(stage, words);
}

/* Plays a step of a player, given without the player's name. */
static int play_reaction(Stage *stage, Reaction *reaction) {
    Arguments words;
    if (strncmp(reaction->step, "when ", 5) == 0) {
        return arm(stage, reaction->player, reaction->step + 5);
    }
    return split(stage, reaction->step, &words) && play_subject(stage, reaction->player, &words);
}

/* Plays what was armed for this callback. */
void react(Stage *stage, const char *player, const char *trigger) {
    Reaction matching[MANY];
    int i, matches = 0, others = 0;
    for (i = 0; i < stage->reaction_count; i++) {
        Reaction *reaction = &stage->reactions[i];
        if (strcmp(reaction->player, player) == 0 && strcmp(reaction->trigger, trigger) == 0) {
            matching[matches++] = *reaction;
        } else {
            stage->reactions[others++] = *reaction;
        }
    }
    stage->reaction_count = others;
    for (i = 0; i < matches; i++) {
        say(stage, "%s does %s", player, matching[i].step);
        play_reaction(stage, &matching[i]);
    }
}

/* Plays a step; callbacks write their own lines. */
static int play_step(Stage *stage, char *line) {
    Arguments words;
    char *first, *space = strchr(line, ' ');
    size_t length = space == NULL ? strlen(line) : (size_t)(space - line);
    /* "NAME when …" keeps the rest of the line as it is. */
    if (space != NULL && strncmp(space + 1, "when", 4) == 0 && (space[5] == ' ' || space[5] == 0) && length < WORD) {
        char name[WORD];
        memcpy(name, line, length);
        name[length] = 0;
        if (find_player(stage, name) != NULL) {
            return arm(stage, name, space[5] == 0 ? space + 5 : space + 6);
        }
    }
    if (!split(stage, line, &words)) {
        return 0;
    }
    first = next_word(stage, &words, "a step");
    if (first == NULL) {
        return 0;
    }
    if (!is_world(first)) {
        return play_subject(stage, first, &words);
    }
    return (strcmp(first, "device") == 0    ? add_device(stage, &words)
            : strcmp(first, "at") == 0      ? move_time(stage, &words)
            : strcmp(first, "session") == 0 ? add_session(stage, &words)
            : strcmp(first, "recover") == 0 ? recover(stage, &words)
            : strcmp(first, "orphan") == 0  ? add_orphan(stage, &words)
                                            : add_legacy(stage, &words)) &&
           all_taken(stage, &words);
}

/* Plays one line of a file, without its end; 0 when something is wrong with it. */
int play_line(Stage *stage, char *line) {
    size_t length = strlen(line), i;
    for (i = 0; i < length; i++) {
        if (line[i] < ' ' || line[i] > '~') {
            return wrong(stage, "a file is made of ASCII letters, without tabs");
        }
    }
    if (length > 0 && line[length - 1] == ' ') {
        return wrong(stage, "a line does not end with a space");
    }
    if (strncmp(line, "    ", 4) == 0) {
        return 1;
    }
    add(&stage->transcript, "%s\n", line);
    if (length == 0 || line[0] == '#') {
        return 1;
    }
    if (!play_step(stage, line)) {
        return wrong(stage, "this step cannot be played");
    }
    must(paceline_simulation_poll(stage->simulation, NULL));
    return stage->wrong[0] == 0;
}
