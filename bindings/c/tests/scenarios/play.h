/* The runner of the scenarios in C: what its files share. The format is described in tests/conformance/README.md. */
#ifndef PLAY_H
#define PLAY_H

#define PACELINE_DEPRECATED(note)
#include <paceline.h>
#include <stdio.h>
#include <stdlib.h>

#define SECOND INT64_C(1000000)
#define START (INT64_C(1700000000) * SECOND)
#define MANY 64
#define WORD 128

/* A text that grows. */
typedef struct Text {
    char *letters;
    size_t length, capacity;
} Text;

/* A session with what belongs to it. */
typedef struct Player {
    char name[WORD];
    PacelineSession session;
    /* The handle 0 for a session that was made without a store. */
    PacelineBuilder builder;
    /* The data source that was made last for it; the handle 0 for none. */
    PacelineDataSource source;
} Player;

typedef struct Device {
    char name[WORD];
    PacelineDevice device;
    PacelineStore store;
} Device;

typedef struct Source {
    char name[WORD];
    uint32_t number;
} Source;

/* The words of a step: first positions, then options. */
typedef struct Arguments {
    char *positions[MANY], *options[MANY];
    int position_count, option_count, next;
} Arguments;

typedef struct Reaction {
    char player[WORD], trigger[WORD], step[512];
} Reaction;

typedef struct Stage {
    PacelineSimulation simulation;
    Device devices[MANY];
    Source sources[MANY];
    Player players[MANY];
    Reaction reactions[MANY];
    int device_count, source_count, player_count, reaction_count;
    Text transcript;
    /* What is wrong with the file; empty when nothing is. */
    char wrong[512];
} Stage;

/* script.c: reading. A reader that fails writes what is wrong and returns 0. */
int wrong(Stage *stage, const char *format, ...);
int split(Stage *stage, char *line, Arguments *words);
int all_taken(Stage *stage, Arguments *words);
char *next_word(Stage *stage, Arguments *words, const char *what);
int takes(Arguments *words, const char *word);
int has_more(const Arguments *words);
char *option(Arguments *words, const char *name);
int read_time(Stage *stage, const char *word, int64_t *date);
int take_time(Stage *stage, Arguments *words, int64_t *date);
int take_optional_time(Stage *stage, Arguments *words, int64_t *date, int64_t otherwise);
int time_option(Stage *stage, Arguments *words, const char *name, int64_t *date, int64_t otherwise);
int take_interval(Stage *stage, Arguments *words, int64_t *start, int64_t *end);
int take_number(Stage *stage, Arguments *words, double *number);
int take_whole(Stage *stage, Arguments *words, const char *what, uint64_t *number);
int take_named(Stage *stage, Arguments *words, uint32_t family, const char *what, uint32_t *number);
int read_named(Stage *stage, const char *word, uint32_t family, const char *what, uint32_t *number);
int take_configuration(Stage *stage, Arguments *words, PacelineConfiguration *configuration);
int take_event(Stage *stage, Arguments *words, PacelineEvent *event);
int take_sample(Stage *stage, Arguments *words, PacelineSample *sample);
int take_entries(Stage *stage, Arguments *words, PacelineMetadata *metadata);
int read_names(Stage *stage, char *list, uint32_t family, const char *what, uint32_t *numbers, size_t *count);

/* telling.c: writing. */
void add(Text *text, const char *format, ...);
void say(Stage *stage, const char *format, ...);
/* Writes the error of a call that failed; tells whether it succeeded. */
int went_well(Stage *stage, PacelineResult result);
/* Likewise, and writes "ok" when it succeeded. */
int said_ok(Stage *stage, PacelineResult result);
void must(PacelineResult result);
long long thousandths(double number);
void add_date(Text *text, int64_t date);
void add_dates(Text *text, int64_t start, int64_t end);
void add_interval(Text *text, int64_t start, int64_t end);
void add_configuration(Text *text, const PacelineConfiguration *configuration);
void add_entries(Text *text, PacelineMetadata metadata);
void add_event(Text *text, const PacelineEvent *event, PacelineMetadata metadata);
void add_types(Text *text, const PacelineTypeSet *types);
void say_statistics(Stage *stage, const char *before, const PacelineStatistics *statistics);
void say_builder(Stage *stage, PacelineBuilder builder);
void say_workout(Stage *stage, PacelineWorkout workout);

/* stage.c: who takes part. */
int play_line(Stage *stage, char *line);
int play_subject(Stage *stage, char *name, Arguments *words);
void react(Stage *stage, const char *player, const char *trigger);
Player *find_player(Stage *stage, const char *name);
Device *find_device(Stage *stage, const char *name);
Source *find_source(Stage *stage, const char *name);
int check_new(Stage *stage, const char *name);
int64_t now(Stage *stage);
void release_player(const Player *player);

/* ears.c: the delegates. */
void listen(Stage *stage, const Player *player);
void deafen(const Player *player);

/* steps.c and looks.c: what a verb does. Both return 1 when it was done, 0 when the file is wrong, -1 for a verb that they do
 * not know. */
int do_session(Stage *stage, Player *player, const char *verb, Arguments *words);
int do_device(Stage *stage, Device *device, const char *verb, Arguments *words);
int look_at_session(Stage *stage, Player *player, const char *verb, Arguments *words);
int look_at_device(Stage *stage, Device *device, const char *verb, Arguments *words);

#endif
