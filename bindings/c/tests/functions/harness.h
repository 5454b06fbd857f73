/* A tiny harness: a test is a function, a check that fails is told and counted. */
#ifndef HARNESS_H
#define HARNESS_H

#include <paceline.h>
#include <stdio.h>
#include <stdlib.h>

typedef void (*TestFunction)(void);

/* Runs one test and counts it. */
void run_test(const char *name, TestFunction test);
/* Tells that a check of the running test failed. */
void fail_check(const char *file, int line, const char *what);
void fail_codes(const char *file, int line, const char *call, PacelineResult is, PacelineResult should);

#define RUN(test) run_test(#test, test)
#define CHECK(condition)                                      \
    do {                                                      \
        if (!(condition)) {                                   \
            fail_check(__FILE__, __LINE__, #condition);       \
        }                                                     \
    } while (0)
/* The call returns this code. */
#define RETURNS(code, call)                                   \
    do {                                                      \
        PacelineResult is_ = (call);                          \
        if (is_ != (PacelineResult)(code)) {                  \
            fail_codes(__FILE__, __LINE__, #call, is_, code); \
        }                                                     \
    } while (0)
#define OK(call) RETURNS(PACELINE_OK, call)

#define SECOND INT64_C(1000000)
#define START (INT64_C(1700000000) * SECOND)
#define INVALID PACELINE_ERROR_HEALTH_INVALID_ARGUMENT
#define MISSING PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT
#define STALE PACELINE_ERROR_BOUNDARY_STALE_HANDLE
#define UNKNOWN PACELINE_ERROR_INPUT_UNKNOWN
#define OUT_OF_RANGE PACELINE_ERROR_INPUT_OUT_OF_RANGE
#define MALFORMED PACELINE_ERROR_INPUT_MALFORMED
#define TOO_SMALL PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL
#define WRONG_SIZE PACELINE_ERROR_BOUNDARY_STRUCT_SIZE
#define NOTHING PACELINE_ERROR_HEALTH_NO_DATA

/* A store in memory on a clock that stands at START, a running session outdoors, its builder and a data source. */
typedef struct World {
    PacelineClock clock;
    PacelineStore store;
    PacelineSession session;
    PacelineBuilder builder;
    PacelineDataSource source;
} World;

World world_begin(void);
/* The session runs and collects. */
World world_running(void);
void world_end(World *world);
/* Moves time, and delivers. */
void world_advance(World *world, int64_t seconds);
void world_beat(World *world, double value);

void surface_tests(void);
void delegate_tests(void);
void handle_tests(void);
void batch_tests(void);
void completion_tests(void);
void store_tests(void);
void simulation_tests(void);
void recovery_tests(void);
void durability_tests(void);
void arbitration_tests(void);
void thread_tests(void);

#endif
