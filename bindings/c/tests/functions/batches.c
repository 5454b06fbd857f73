/* Packed batches: the golden one, and everything that can be wrong with one. */
#include "harness.h"

#ifndef VECTORS
#define VECTORS "tests/vectors"
#endif

static size_t read_hex(const char *path, unsigned char *bytes, size_t capacity) {
    FILE *file = fopen(path, "r");
    size_t length = 0;
    unsigned byte;
    if (file == NULL) {
        fail_check(__FILE__, __LINE__, path);
        return 0;
    }
    while (length < capacity && fscanf(file, "%2x", &byte) == 1) {
        bytes[length++] = (unsigned char)byte;
    }
    fclose(file);
    return length;
}

/* The writer of the header makes the golden bytes of what the text beside them says. */
static void the_golden_batch_is_written(void) {
    unsigned char golden[256], memory[256];
    size_t length = read_hex(VECTORS "/packed-batch-v1.hex", golden, sizeof golden);
    FILE *rows = fopen(VECTORS "/packed-batch-v1.txt", "r");
    unsigned version = 0, source = 0, type = 0, count = 0;
    unsigned long long number = 0;
    long long start = 0, end = 0, thousandths = 0;
    PacelineBatch batch;

    CHECK(rows != NULL);
    if (rows == NULL) {
        return;
    }
    CHECK(fscanf(rows, "batch version=%u source=%u number=%llu rows=%u\n", &version, &source, &number, &count) == 4);
    CHECK(version == PACELINE_BATCH_VERSION);
    OK(paceline_batch_begin(&batch, memory, sizeof memory, source, number));
    while (fscanf(rows, "row type=%u start=%lld end=%lld value=%lld\n", &type, &start, &end, &thousandths) == 4) {
        OK(paceline_batch_push(&batch, (uint16_t)type, start, end, (double)thousandths / 1000));
    }
    fclose(rows);
    CHECK(batch.rows == count);
    CHECK(batch.size == length && memcmp(golden, memory, length) == 0);
}

static void the_golden_batch_is_read(void) {
    World world = world_running();
    unsigned char golden[257];
    size_t length = read_hex(VECTORS "/packed-batch-v1.hex", golden + 1, sizeof golden - 1);
    PacelineSource first = { "first", "First", PACELINE_SOURCE_KIND_DEVICE };
    PacelineSource second = { "second", "Second", PACELINE_SOURCE_KIND_EXTERNAL };
    PacelineIngested ingested = { 9, 9, 9, 9 };
    PacelineStatistics statistics;
    uint32_t number = 0;

    RETURNS(UNKNOWN, paceline_store_ingest(world.store, golden + 1, length, &ingested));
    OK(paceline_store_register_source(world.store, &first, &number));
    OK(paceline_store_register_source(world.store, &second, &number));
    CHECK(number == 3);
    world_advance(&world, 2);
    /* At an odd address: no alignment is asked for. */
    OK(paceline_store_ingest(world.store, golden + 1, length, &ingested));
    CHECK(ingested.samples == 2 && ingested.collected == 2 && ingested.repeated == 0);
    OK(paceline_builder_statistics(world.builder, PACELINE_TYPE_DISTANCE_WALKING_RUNNING, &statistics));
    CHECK(statistics.sum == 2.75);
    OK(paceline_store_ingest(world.store, golden + 1, length, &ingested));
    CHECK(ingested.repeated == 1 && ingested.samples == 0);
    world_end(&world);
}

static void a_bad_batch_is_refused_whole(void) {
    World world = world_running();
    unsigned char bytes[256], good[256];
    PacelineBatch batch;
    uint64_t count = 9;
    size_t length;
    double nan_value = 0;
    PacelineErrorDetails error;

    world_advance(&world, 10);
    OK(paceline_batch_begin(&batch, good, sizeof good, PACELINE_SOURCE_OWN, 0));
    OK(paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, START, START, 140));
    OK(paceline_batch_push(&batch, PACELINE_TYPE_STEP_COUNT, START, START + SECOND, 3));
#define BAD(code, change)                                                              \
    do {                                                                               \
        memcpy(bytes, good, sizeof bytes);                                             \
        change;                                                                        \
        RETURNS(code, paceline_store_ingest(world.store, bytes, batch.size, NULL));    \
    } while (0)
    BAD(MALFORMED, bytes[0] = 2);
    BAD(MALFORMED, bytes[2] = 24);
    BAD(MALFORMED, bytes[2] = 33);
    BAD(MALFORMED, bytes[4] = 1);
    BAD(MALFORMED, memset(bytes + 4, 0xff, 4));
    BAD(UNKNOWN, bytes[8] = 99);
    BAD(UNKNOWN, bytes[24] = 0xee);
    BAD(UNKNOWN, bytes[25] = 0xff);
    BAD(OUT_OF_RANGE, paceline_batch_put64(bytes + 24 + 32 + 16, (uint64_t)(START - SECOND)));
    BAD(OUT_OF_RANGE, paceline_batch_put64(bytes + 24 + 16, (uint64_t)INT64_MAX));
    BAD(OUT_OF_RANGE, (nan_value = 0, nan_value = 0 / nan_value, memcpy(bytes + 24 + 24, &nan_value, 8)));
    BAD(OUT_OF_RANGE, bytes[24 + 32 + 31] |= 0x80);
    OK(paceline_last_error(&error));
    CHECK(strstr(error.sentence, "row 1 at byte 56") != NULL);
    for (length = 0; length < batch.size; length++) {
        RETURNS(MALFORMED, paceline_store_ingest(world.store, good, length, NULL));
    }
    RETURNS(MALFORMED, paceline_store_ingest(world.store, NULL, 0, NULL));
    RETURNS(MISSING, paceline_store_ingest(world.store, NULL, 24, NULL));
    RETURNS(MALFORMED, paceline_store_ingest(world.store, good, SIZE_MAX, NULL));
    OK(paceline_store_sample_count(world.store, &count));
    CHECK(count == 0);
    OK(paceline_store_ingest(world.store, good, batch.size, NULL));
    OK(paceline_store_sample_count(world.store, &count));
    CHECK(count == 2);
    world_end(&world);
}

static void the_writer_keeps_to_its_room(void) {
    unsigned char memory[PACELINE_BATCH_HEADER_SIZE + PACELINE_BATCH_ROW_SIZE + 1];
    PacelineBatch batch;
    RETURNS(TOO_SMALL, paceline_batch_begin(&batch, memory, PACELINE_BATCH_HEADER_SIZE - 1, 1, 0));
    RETURNS(MISSING, paceline_batch_begin(&batch, NULL, 100, 1, 0));
    RETURNS(MISSING, paceline_batch_begin(NULL, memory, 100, 1, 0));
    memory[sizeof memory - 1] = 0xaa;
    OK(paceline_batch_begin(&batch, memory, sizeof memory, 1, 0));
    OK(paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, START, START, 140));
    RETURNS(TOO_SMALL, paceline_batch_push(&batch, PACELINE_TYPE_HEART_RATE, START, START, 140));
    CHECK(batch.rows == 1 && memory[sizeof memory - 1] == 0xaa);
}

void batch_tests(void) {
    RUN(the_golden_batch_is_written);
    RUN(the_golden_batch_is_read);
    RUN(a_bad_batch_is_refused_whole);
    RUN(the_writer_keeps_to_its_room);
}
