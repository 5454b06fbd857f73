/* Plays scenarios through the public interface of C and compares what happened with what is written:
 *
 *     scenarios FILE...
 */
#include "play.h"

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    Text text = { NULL, 0, 0 };
    char piece[4096];
    size_t length;
    if (file == NULL) {
        return NULL;
    }
    add(&text, "%s", "");
    while ((length = fread(piece, 1, sizeof piece - 1, file)) > 0) {
        piece[length] = 0;
        add(&text, "%s", piece);
    }
    fclose(file);
    return text.letters;
}

static void begin(Stage *stage) {
    memset(stage, 0, sizeof *stage);
    must(paceline_simulation_create(START, 1, &stage->simulation));
    add(&stage->transcript, "%s", "");
}

static void end(Stage *stage) {
    int i;
    for (i = 0; i < stage->player_count; i++) {
        const Player *player = &stage->players[i];
        deafen(player);
        release_player(player);
    }
    for (i = 0; i < stage->device_count; i++) {
        must(paceline_store_release(stage->devices[i].store));
        must(paceline_device_release(stage->devices[i].device));
    }
    must(paceline_simulation_release(stage->simulation));
    free(stage->transcript.letters);
}

/* The length of the first line of a text, without its end. */
static int line_length(const char *text) {
    return (int)strcspn(text, "\n");
}

/* Names the first line that differs. */
static void tell_difference(const char *path, const char *written, const char *happened) {
    int line = 1;
    while (*written != 0 && *happened != 0 && line_length(written) == line_length(happened) &&
           strncmp(written, happened, (size_t)line_length(written)) == 0) {
        written += line_length(written) + (written[line_length(written)] != 0);
        happened += line_length(happened) + (happened[line_length(happened)] != 0);
        line++;
    }
    printf("%s:%d: not as written\n    - %.*s\n    + %.*s\n", path, line, line_length(written), written,
           line_length(happened), happened);
}

/* Whether a file happens as it is written. */
static int play(const char *path) {
    static Stage stage;
    char *written = read_file(path), *copy, *line;
    int number = 0, good = 1;
    size_t length;
    if (written == NULL) {
        printf("%s: cannot be read\n", path);
        return 0;
    }
    length = strlen(written);
    if (length == 0 || written[length - 1] != '\n') {
        printf("%s: the last line does not end\n", path);
        free(written);
        return 0;
    }
    copy = malloc(length + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, written, length + 1);
    begin(&stage);
    for (line = copy; good && *line != 0;) {
        char *next = strchr(line, '\n');
        *next++ = 0;
        number++;
        good = play_line(&stage, line);
        line = next;
    }
    if (!good) {
        printf("%s:%d: %s\n", path, number, stage.wrong);
    } else if (strcmp(written, stage.transcript.letters) != 0) {
        tell_difference(path, written, stage.transcript.letters);
        good = 0;
    }
    end(&stage);
    free(copy);
    free(written);
    return good;
}

int main(int count, char **paths) {
    int passed = 0, failed = 0, i;
    for (i = 1; i < count; i++) {
        if (play(paths[i])) {
            passed++;
        } else {
            failed++;
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}
