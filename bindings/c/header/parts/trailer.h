/* A structure of which everything but its size is zero. */
#define PACELINE_STORE_OPTIONS_INIT                                                                     \
    { sizeof(PacelineStoreOptions), NULL, 0, 0, { 0 }, 0, 0, 0, 0, 0, { 0 }, { 0 }, 0, 0, 0 }
#define PACELINE_HOST_CALLBACKS_INIT                                                                    \
    { sizeof(PacelineHostCallbacks), NULL, NULL, 0, 0, 0, 0, 0, 0, NULL, 0, NULL }
#define PACELINE_SESSION_DELEGATE_INIT                                                                  \
    { sizeof(PacelineSessionDelegate), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }
#define PACELINE_BUILDER_DELEGATE_INIT                                                                  \
    { sizeof(PacelineBuilderDelegate), NULL, NULL, NULL, NULL, NULL, NULL }
#define PACELINE_COMPLETION_INIT                                                                        \
    { sizeof(PacelineCompletion), NULL, NULL, NULL }
#define PACELINE_LOG_SINK_INIT                                                                          \
    { sizeof(PacelineLogSink), NULL, NULL, NULL }
#define PACELINE_SNAPSHOT_INIT                                                                          \
    { sizeof(PacelineSnapshot), NULL, 0, 0, NULL, 0, 0, { { 0 } },                                      \
      { 0, 0, 0, 0, 0.0, { 0 } }, 0, 0, 0, 0, 0, 0, 0, { { 0 } }, 0, 0, 0, 0 }

/* A configuration of this kind at this place. */
static inline PacelineConfiguration paceline_configuration(uint32_t activity_type, uint32_t location_type) {
    PacelineConfiguration configuration = { 0, 0, 0, 0, 0.0, { 0 } };
    configuration.activity_type = activity_type;
    configuration.location_type = location_type;
    return configuration;
}

/* A predicate that takes every sample. */
static inline PacelinePredicate paceline_predicate(void) {
    PacelinePredicate predicate = { NULL, 0, PACELINE_NO_DATE, PACELINE_NO_DATE };
    return predicate;
}

/* Whether a type is in a set: 1 or 0. */
static inline int paceline_type_set_contains(const PacelineTypeSet *types, uint32_t quantity_type) {
    return quantity_type < 256 && ((types->words[quantity_type / 64] >> (quantity_type % 64)) & 1) != 0;
}

/* A packed batch that is being written into the caller's memory. */
typedef struct PacelineBatch {
    /* Where the batch is; no alignment needed. */
    unsigned char *bytes;
    /* Bytes there is room for. */
    size_t capacity;
    /* Bytes written so far: what to hand to paceline_store_ingest(). */
    size_t size;
    /* Rows written so far. */
    uint32_t rows;
} PacelineBatch;

static inline void paceline_batch_put16(unsigned char *at, uint32_t number) {
    at[0] = (unsigned char)number;
    at[1] = (unsigned char)(number >> 8);
}

static inline void paceline_batch_put32(unsigned char *at, uint32_t number) {
    at[0] = (unsigned char)number;
    at[1] = (unsigned char)(number >> 8);
    at[2] = (unsigned char)(number >> 16);
    at[3] = (unsigned char)(number >> 24);
}

static inline void paceline_batch_put64(unsigned char *at, uint64_t number) {
    at[0] = (unsigned char)number;
    at[1] = (unsigned char)(number >> 8);
    at[2] = (unsigned char)(number >> 16);
    at[3] = (unsigned char)(number >> 24);
    at[4] = (unsigned char)(number >> 32);
    at[5] = (unsigned char)(number >> 40);
    at[6] = (unsigned char)(number >> 48);
    at[7] = (unsigned char)(number >> 56);
}

/* Begins a batch of a source; number it from 1, rising, or pass 0 when none is ever sent twice. Needs room for
 * PACELINE_BATCH_HEADER_SIZE bytes, and PACELINE_BATCH_ROW_SIZE for each row.
 * Codes: PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT, PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL. */
static inline PacelineResult paceline_batch_begin(PacelineBatch *batch, void *memory, size_t capacity,
                                                  uint32_t source, uint64_t number) {
    if (batch == NULL || memory == NULL) {
        return PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT;
    }
    if (capacity < PACELINE_BATCH_HEADER_SIZE) {
        return PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL;
    }
    batch->bytes = (unsigned char *)memory;
    batch->capacity = capacity;
    batch->size = PACELINE_BATCH_HEADER_SIZE;
    batch->rows = 0;
    paceline_batch_put16(batch->bytes, PACELINE_BATCH_VERSION);
    paceline_batch_put16(batch->bytes + 2, PACELINE_BATCH_ROW_SIZE);
    paceline_batch_put32(batch->bytes + 4, 0);
    paceline_batch_put32(batch->bytes + 8, source);
    paceline_batch_put32(batch->bytes + 12, 0);
    paceline_batch_put64(batch->bytes + 16, number);
    return PACELINE_OK;
}

/* Appends a sample; the value is in the type's stored unit. What is wrong with it is told when the batch is taken in.
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL when there is no room; then hand the batch over and begin the next. */
static inline PacelineResult paceline_batch_push(PacelineBatch *batch, uint16_t quantity_type, int64_t start,
                                                 int64_t end, double value) {
    unsigned char *row = batch->bytes + batch->size;
    uint64_t bits;
    if (batch->capacity - batch->size < PACELINE_BATCH_ROW_SIZE) {
        return PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL;
    }
    memcpy(&bits, &value, sizeof bits);
    paceline_batch_put64(row, quantity_type);
    paceline_batch_put64(row + 8, (uint64_t)start);
    paceline_batch_put64(row + 16, (uint64_t)end);
    paceline_batch_put64(row + 24, bits);
    batch->size += PACELINE_BATCH_ROW_SIZE;
    batch->rows += 1;
    paceline_batch_put32(batch->bytes + 4, batch->rows);
    return PACELINE_OK;
}

/* The sizes of version 1 of these structures, as the library was built; a compiler that lays them out otherwise stops here. */
#define PACELINE_ASSERT_SIZE(type, size) typedef char type##HasAnotherSize[sizeof(type) == (size) ? 1 : -1]
@asserts@
