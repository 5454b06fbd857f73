/* The delegates: they write what they hear, and play what was armed for it. */
#include "play.h"

typedef struct Ears {
    Stage *stage;
    char name[WORD];
} Ears;

static Text *begin(Ears *ears) {
    add(&ears->stage->transcript, "    %s ", ears->name);
    return &ears->stage->transcript;
}

static void end(Ears *ears, const char *trigger) {
    add(&ears->stage->transcript, "\n");
    react(ears->stage, ears->name, trigger);
}

static void did_change_state(void *user_data, PacelineSession session, uint32_t to, uint32_t from, int64_t date) {
    Text *text = begin(user_data);
    const char *name = paceline_name(PACELINE_FAMILY_STATE, to);
    (void)session;
    add(text, "state %s -> %s at ", paceline_name(PACELINE_FAMILY_STATE, from), name);
    add_date(text, date);
    end(user_data, name);
}

static void did_fail(void *user_data, PacelineSession session, const PacelineErrorDetails *error) {
    (void)session;
    add(begin(user_data), "failed %u %s", (unsigned)error->code, paceline_error_name(error->code));
    end(user_data, "failed");
}

static void did_generate_event(void *user_data, PacelineSession session, const PacelineEvent *event) {
    Text *text = begin(user_data);
    (void)session;
    add(text, "event ");
    add_event(text, event, event->metadata);
    end(user_data, "event");
}

static void activity(void *user_data, const char *what, const PacelineConfiguration *configuration, int64_t date) {
    Text *text = begin(user_data);
    add(text, "activity %s ", what);
    add_configuration(text, configuration);
    add(text, " at ");
    add_date(text, date);
}

static void did_begin_activity(void *user_data, PacelineSession session, const PacelineConfiguration *configuration,
                               int64_t date) {
    (void)session;
    activity(user_data, "began", configuration, date);
    end(user_data, "activityBegan");
}

static void did_end_activity(void *user_data, PacelineSession session, const PacelineConfiguration *configuration,
                             int64_t date) {
    (void)session;
    activity(user_data, "ended", configuration, date);
    end(user_data, "activityEnded");
}

static void did_lose_durability(void *user_data, PacelineSession session, const PacelineErrorDetails *error) {
    (void)session;
    add(begin(user_data), "durability lost %u %s", (unsigned)error->code, paceline_error_name(error->code));
    end(user_data, "durabilityLost");
}

static void did_regain_durability(void *user_data, PacelineSession session) {
    (void)session;
    add(begin(user_data), "durability regained");
    end(user_data, "durabilityRegained");
}

static void builder_did_collect_data(void *user_data, PacelineBuilder builder, uint64_t types0, uint64_t types1,
                                     uint64_t types2, uint64_t types3) {
    Text *text = begin(user_data);
    PacelineTypeSet types = { { 0, 0, 0, 0 } };
    (void)builder;
    types.words[0] = types0;
    types.words[1] = types1;
    types.words[2] = types2;
    types.words[3] = types3;
    add(text, "builder data ");
    add_types(text, &types);
    end(user_data, "data");
}

static void builder_did_collect_event(void *user_data, PacelineBuilder builder) {
    (void)builder;
    add(begin(user_data), "builder event");
    end(user_data, "builderEvent");
}

static void builder_did_begin_activity(void *user_data, PacelineBuilder builder, const PacelineActivity *activity) {
    Text *text = begin(user_data);
    (void)builder;
    add(text, "builder activity began ");
    add_configuration(text, &activity->configuration);
    add(text, " at ");
    add_date(text, activity->start);
    end(user_data, "builderActivityBegan");
}

static void builder_did_end_activity(void *user_data, PacelineBuilder builder, const PacelineActivity *activity) {
    Text *text = begin(user_data);
    (void)builder;
    add(text, "builder activity ended ");
    add_configuration(text, &activity->configuration);
    add_dates(text, activity->start, activity->end);
    end(user_data, "builderActivityEnded");
}

static Ears *ears_of(Stage *stage, const Player *player) {
    Ears *ears = malloc(sizeof *ears);
    if (ears == NULL) {
        abort();
    }
    ears->stage = stage;
    memcpy(ears->name, player->name, sizeof ears->name);
    return ears;
}

void listen(Stage *stage, const Player *player) {
    PacelineSessionDelegate on_session = PACELINE_SESSION_DELEGATE_INIT;
    PacelineBuilderDelegate on_builder = PACELINE_BUILDER_DELEGATE_INIT;
    on_session.user_data = ears_of(stage, player);
    on_session.release = free;
    on_session.did_change_state = did_change_state;
    on_session.did_fail = did_fail;
    on_session.did_generate_event = did_generate_event;
    on_session.did_begin_activity = did_begin_activity;
    on_session.did_end_activity = did_end_activity;
    on_session.did_lose_durability = did_lose_durability;
    on_session.did_regain_durability = did_regain_durability;
    must(paceline_session_set_delegate(player->session, &on_session));
    if (player->builder.id != 0) {
        on_builder.user_data = ears_of(stage, player);
        on_builder.release = free;
        on_builder.did_collect_data = builder_did_collect_data;
        on_builder.did_collect_event = builder_did_collect_event;
        on_builder.did_begin_activity = builder_did_begin_activity;
        on_builder.did_end_activity = builder_did_end_activity;
        must(paceline_builder_set_delegate(player->builder, &on_builder));
    }
}

void deafen(const Player *player) {
    must(paceline_session_set_delegate(player->session, NULL));
    if (player->builder.id != 0) {
        must(paceline_builder_set_delegate(player->builder, NULL));
    }
}
