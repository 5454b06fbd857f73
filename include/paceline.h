/*
 * Paceline: a workout-session engine. SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * A session in twelve lines; every call returns 0 or a code, here left out:
 *
 *     PacelineStore store; PacelineSession session; PacelineBuilder builder; PacelineDataSource source; PacelineWorkout workout;
 *     PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
 *     paceline_store_open(NULL, &store);
 *     paceline_session_create(store, &run, &session);
 *     paceline_session_builder(session, &builder);
 *     paceline_data_source_create(&run, &source);
 *     paceline_builder_set_data_source(builder, source);
 *     paceline_session_start_activity(session, PACELINE_NO_DATE);
 *     paceline_builder_begin_collection(builder, now);            // then paceline_store_ingest_sample(), and at the end:
 *     paceline_session_stop_activity(session, PACELINE_NO_DATE);
 *     paceline_builder_end_collection(builder, later);
 *     paceline_builder_finish_workout(builder, &workout), paceline_session_end(session);
 *
 * Numbers
 *
 *     Dates are microseconds since the Unix epoch, UTC; PACELINE_NO_DATE is none. Spans are microseconds. Values are in the
 *     stored unit of their type, see paceline_quantity_type_unit(). Enumerations are plain integers: a number that a release
 *     does not know is PACELINE_ERROR_INPUT_UNKNOWN where it is handed in, and may come out of a later release. Text is
 *     UTF-8 and ends with a zero byte.
 *
 * Errors
 *
 *     A call returns PACELINE_OK or a code: domain * 1000 + number. paceline_last_error() tells more about the last call of
 *     this thread that failed. Outputs are written only on success; the counts of lists and texts that did not fit are the
 *     exception. Every call may return
 *
 *       PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT   the handle 0 or a NULL pointer, where the text of the call does not allow it
 *       PACELINE_ERROR_BOUNDARY_STALE_HANDLE    a handle that was released, or of another kind, or what is left of a
 *                                               simulated app that was killed
 *       PACELINE_ERROR_BOUNDARY_INTERNAL        the library failed inside; what was committed before is safe
 *
 *     and, where it takes text, PACELINE_ERROR_INPUT_MALFORMED for what is not UTF-8. The text of a call names the others.
 *     "Domain 3" means any PACELINE_ERROR_STORE_ code. No call ends the process, and no panic leaves the library.
 *
 * Ownership
 *
 *     Objects are handles: small structures passed by value. A handle that a call writes is yours and counts as one
 *     reference; _retain adds one, _release takes one away. After the last release a handle is stale, and every use of it
 *     is answered with a code, never with a crash; its number is not used again. Two handles of one object may differ:
 *     compare with _equal. A handle of a session, builder or workout keeps alive what it needs, the store included.
 *     What you hand in by pointer is read during the call and stays yours, except user_data.
 *
 * Threads
 *
 *     Every call may come from any thread, at any time, also from inside a callback; calls that meet wait for one another.
 *     A handle may be used by several threads. A command runs to its end on the calling thread: when it returns PACELINE_OK,
 *     what it did is committed, getters show it, and callbacks are on their way. Getters never wait for the disk. After a fork
 *     the child opens its own store: with what the parent opened, its calls return PACELINE_ERROR_BOUNDARY_STALE_HANDLE.
 *
 * Callbacks
 *
 *     A delegate is a structure of functions with its size, a user_data that every function gets first, and a release
 *     function. Any function may be NULL. From the call that hands it in, the library owns user_data, also when that call
 *     fails (only a struct_size that is smaller than the first three fields leaves it yours): release is called exactly
 *     once, after the last call has returned, on whatever thread that was.
 *
 *     A store calls its delegates one after the other, never two at a time: on a thread of the engine or, with a manual clock
 *     or PACELINE_DELIVERY_POLL, inside paceline_store_poll() and paceline_clock_advance() on the thread that calls these. No
 *     lock is held: calling back is normal use, also to end the session, to set another delegate or to release handles.
 *     A callback that blocks delays other callbacks only. Handles and pointers that a callback gets are lent: they are valid
 *     until it returns. Retain a handle to keep it, copy what a pointer leads to. A callback must return: no longjmp, no C++
 *     exception.
 *
 * After a kill
 *
 *     What a call committed survives the process. Open the store again and ask paceline_store_recover_active_workout_session()
 *     for the workout that was going on; paceline_session_payload() tells what the app kept with it. paceline_device_kill() and
 *     paceline_device_relaunch() do to a simulated device what the system does to an app.
 *
 *     While the disk is full, read-only or failing, a session that is under way goes on in memory: its calls return PACELINE_OK,
 *     paceline_session_is_durable() and PacelineIngested tell 0, and the delegate hears did_lose_durability, later
 *     did_regain_durability. Should the process die in between, what waited is lost, and nothing else.
 *
 * Lists and texts
 *
 *     A call that tells several things takes where to write them, how many there is room for, and where to write how many
 *     there are. With NULL and 0 it only tells how many. When the room is too small it writes only the count and returns
 *     PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL. A text takes a buffer, its size and where to write the length, which does not
 *     count the zero byte and may be NULL; a buffer with room for the zero byte is needed.
 *
 * What is not there
 *
 *     An object that is not there is the handle 0, a date PACELINE_NO_DATE, both with PACELINE_OK. For anything else the
 *     call returns PACELINE_ERROR_HEALTH_NO_DATA.
 *
 * Packed batches
 *
 *     Many samples as one block of bytes, the same in every language; for paceline_store_ingest(). All numbers are
 *     little-endian. A header of 24 bytes:
 *
 *        0  u16  version: 1
 *        2  u16  bytes a row: 32 (a later version may append to a row)
 *        4  u32  rows
 *        8  u32  source: the number from paceline_store_register_source(), or PACELINE_SOURCE_OWN
 *       12  u32  0
 *       16  u64  batch number, rising per source; 0 for none. One not higher than the last one of its source, which
 *                outlives the process, is answered with success and
 *                ignored, so that a host that did not hear the answer may send the batch again.
 *
 *     Then the rows of 32 bytes:
 *
 *        0  u16  type code: PACELINE_TYPE_
 *        2  6 bytes of 0
 *        8  i64  start, microseconds since the Unix epoch
 *       16  i64  end, likewise
 *       24  f64  value in the type's stored unit
 *
 *     paceline_batch_begin() and paceline_batch_push() at the end of this header write them.
 */

#ifndef PACELINE_H
#define PACELINE_H

/* Made by `cargo run -p paceline-header`; changes belong into bindings/c. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Marks what is deprecated, so that a compiler warns. Define it as nothing to hear no warnings. */
#ifndef PACELINE_DEPRECATED
#if defined(__GNUC__) || defined(__clang__)
#define PACELINE_DEPRECATED(note) __attribute__((deprecated(note)))
#elif defined(_MSC_VER)
#define PACELINE_DEPRECATED(note) __declspec(deprecated(note))
#else
#define PACELINE_DEPRECATED(note)
#endif
#endif

/* The version of this header; see paceline_version(). */

#define PACELINE_VERSION "0.1.0"

#define PACELINE_VERSION_NUMBER 1000

/* The layout of a packed batch; see "Packed batches" above. */

#define PACELINE_BATCH_VERSION 1

/** Bytes of the header. */
#define PACELINE_BATCH_HEADER_SIZE 24

/** Bytes of a row. */
#define PACELINE_BATCH_ROW_SIZE 32

/* Which part of the system an error speaks about. */

/** The health model: sessions, builders, samples, permissions. Codes are the reference's raw values. */
#define PACELINE_DOMAIN_HEALTH 1

/** Extended runtime sessions. Codes are the reference's raw values. */
#define PACELINE_DOMAIN_EXTENDED_RUNTIME 2

/** The store file. */
#define PACELINE_DOMAIN_STORE 3

/** The link to another device. */
#define PACELINE_DOMAIN_LINK 4

/** Data handed in: packed batches, samples, units. */
#define PACELINE_DOMAIN_INPUT 5

/** The border between languages, and faults of the engine itself. */
#define PACELINE_DOMAIN_BOUNDARY 6

/* Why a call failed: domain * 1000 + number. A code keeps its number for ever. */

/** Something failed that no other code describes. */
#define PACELINE_ERROR_HEALTH_UNKNOWN_ERROR 1000

/** This device has no health data. */
#define PACELINE_ERROR_HEALTH_HEALTH_DATA_UNAVAILABLE 1001

/** Health data is blocked on this device by its owner's rules. */
#define PACELINE_ERROR_HEALTH_HEALTH_DATA_RESTRICTED 1002

/** An argument is wrong, or the call is not allowed in this state. Nothing changed. */
#define PACELINE_ERROR_HEALTH_INVALID_ARGUMENT 1003

/** The person refused the permission this needs. */
#define PACELINE_ERROR_HEALTH_AUTHORIZATION_DENIED 1004

/** The permission this needs was never asked for. */
#define PACELINE_ERROR_HEALTH_AUTHORIZATION_NOT_DETERMINED 1005

/** The data is locked together with the device. Try again after it is unlocked. */
#define PACELINE_ERROR_HEALTH_DATABASE_INACCESSIBLE 1006

/** The person cancelled. */
#define PACELINE_ERROR_HEALTH_USER_CANCELED 1007

/** Another workout session started; there is one at a time. */
#define PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED 1008

/** The person left the app while its session ran. */
#define PACELINE_ERROR_HEALTH_USER_EXITED_WORKOUT_SESSION 1009

/** A permission that is required was refused. */
#define PACELINE_ERROR_HEALTH_REQUIRED_AUTHORIZATION_DENIED 1010

/** Nothing matches. */
#define PACELINE_ERROR_HEALTH_NO_DATA 1011

/** Sessions of this activity type may not be created here. */
#define PACELINE_ERROR_HEALTH_WORKOUT_ACTIVITY_NOT_ALLOWED 1012

/** The data is too large. */
#define PACELINE_ERROR_HEALTH_DATA_SIZE_EXCEEDED 1013

/** A session may not be prepared or started while the app is in the background. */
#define PACELINE_ERROR_HEALTH_BACKGROUND_WORKOUT_SESSION_NOT_ALLOWED 1014

/** Guests may not write. */
#define PACELINE_ERROR_HEALTH_NOT_PERMISSIBLE_FOR_GUEST_USER_MODE 1015

/** The store file could not be opened or created. */
#define PACELINE_ERROR_STORE_CANNOT_OPEN 3001

/** The file is not a store, or is damaged. It was left as it was. */
#define PACELINE_ERROR_STORE_DAMAGED 3002

/** The file is a database of another program. It was left as it was. */
#define PACELINE_ERROR_STORE_FOREIGN 3003

/** The store was written by a newer release. It was left as it was. */
#define PACELINE_ERROR_STORE_TOO_NEW 3004

/** Writing failed (input or output). Nothing of this call was kept. */
#define PACELINE_ERROR_STORE_WRITE_FAILED 3005

/** Reading failed. */
#define PACELINE_ERROR_STORE_READ_FAILED 3006

/** Another process held the store for too long. */
#define PACELINE_ERROR_STORE_BUSY 3007

/** The store is already open in this process with other options. */
#define PACELINE_ERROR_STORE_OPTIONS_DIFFER 3008

/** Nothing in the store has this id. */
#define PACELINE_ERROR_STORE_NOT_FOUND 3009

/** The disk is full. Nothing of this call was kept; free some space and try again. */
#define PACELINE_ERROR_STORE_FULL 3010

/** The disk or the file may not be written. Nothing of this call was kept. */
#define PACELINE_ERROR_STORE_READ_ONLY 3011

/** The store was suspended, and this cannot wait. Nothing of this call was kept; resume the store and try again. */
#define PACELINE_ERROR_STORE_SUSPENDED 3012

/** The other device does not know this one, or is not the one it should be. Pair the two devices. */
#define PACELINE_ERROR_LINK_NOT_PAIRED 4001

/** The code is wrong, was used before or is no longer valid. Show a new one and try again. */
#define PACELINE_ERROR_LINK_PAIRING_FAILED 4002

/** The pairing code was not used in time. Show a new one. */
#define PACELINE_ERROR_LINK_CODE_EXPIRED 4003

/** A wrong pairing code was entered too often. Show a new one. */
#define PACELINE_ERROR_LINK_TOO_MANY_TRIES 4004

/** The connection to the other device ended. Connect again. */
#define PACELINE_ERROR_LINK_CLOSED 4005

/** What came from the other side is not what the link's protocol allows. The connection ended. */
#define PACELINE_ERROR_LINK_MALFORMED 4006

/** The other device speaks only older versions of the link's protocol. Update it. */
#define PACELINE_ERROR_LINK_VERSION_TOO_OLD 4007

/** The other device speaks only newer versions of the link's protocol. Update this one. */
#define PACELINE_ERROR_LINK_VERSION_TOO_NEW 4008

/** The other device did not answer in time. */
#define PACELINE_ERROR_LINK_TIMED_OUT 4009

/** As many devices are connected as the options allow. */
#define PACELINE_ERROR_LINK_TOO_MANY_CONNECTIONS 4010

/** The other device does not take what waits for it. This message was not sent; try again later. */
#define PACELINE_ERROR_LINK_QUEUE_FULL 4011

/** The message is larger than the link carries. It was not sent. */
#define PACELINE_ERROR_LINK_MESSAGE_TOO_LARGE 4012

/** Nothing could be reached at this address, or the address cannot be used. */
#define PACELINE_ERROR_LINK_UNREACHABLE 4013

/** The device's keys cannot be read or saved, or others could read them. */
#define PACELINE_ERROR_LINK_KEY_STORE 4014

/** A packed batch has a wrong header, length or version. */
#define PACELINE_ERROR_INPUT_MALFORMED 5001

/** A value is not finite, is out of range, or does not fit its type. */
#define PACELINE_ERROR_INPUT_OUT_OF_RANGE 5002

/** A type code, a source or an enumeration value is not known. */
#define PACELINE_ERROR_INPUT_UNKNOWN 5003

/** A unit cannot be read, or does not fit. */
#define PACELINE_ERROR_INPUT_UNIT 5004

/** The engine failed in a way it should not. What was committed before is safe. */
#define PACELINE_ERROR_BOUNDARY_INTERNAL 6001

/** An argument that is required is missing. */
#define PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT 6002

/** The object was closed or released before. */
#define PACELINE_ERROR_BOUNDARY_STALE_HANDLE 6003

/** The buffer is too small; the call tells how much is needed. */
#define PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL 6005

/** A structure has a size that this release does not know. */
#define PACELINE_ERROR_BOUNDARY_STRUCT_SIZE 6006

/* Where a session is in its life. */

/** Created; nothing has happened. */
#define PACELINE_STATE_NOT_STARTED 1

/** In progress; data is collected. */
#define PACELINE_STATE_RUNNING 2

/** Over for good; session mode was left. */
#define PACELINE_STATE_ENDED 3

/** Suspended. */
#define PACELINE_STATE_PAUSED 4

/** Session mode is on, sensors warm up, nothing is collected yet. */
#define PACELINE_STATE_PREPARED 5

/** The activity is over, session mode is still on so that the app can save. */
#define PACELINE_STATE_STOPPED 6

/* Which end of a mirrored workout a session is. */

/** Runs on this device. */
#define PACELINE_SESSION_TYPE_PRIMARY 0

/** Reflects a session of another device. */
#define PACELINE_SESSION_TYPE_MIRRORED 1

/* What happened. */

/** The workout was paused. Time stops counting. */
#define PACELINE_EVENT_PAUSE 1

/** The workout goes on. Time counts again. */
#define PACELINE_EVENT_RESUME 2

/** A part of equal distance. With zero duration it marks the end of a lap. */
#define PACELINE_EVENT_LAP 3

/** A point of interest. */
#define PACELINE_EVENT_MARKER 4

/** The person stood still. Does not stop the time. */
#define PACELINE_EVENT_MOTION_PAUSED 5

/** The person moved again. */
#define PACELINE_EVENT_MOTION_RESUMED 6

/** Any interesting stretch; segments may overlap. */
#define PACELINE_EVENT_SEGMENT 7

/** The person asked to pause or resume; the app decides. */
#define PACELINE_EVENT_PAUSE_OR_RESUME_REQUEST 8

/* Where a workout takes place. */

/** Not known. */
#define PACELINE_LOCATION_UNKNOWN 1

/** Under a roof. */
#define PACELINE_LOCATION_INDOOR 2

/** In the open. */
#define PACELINE_LOCATION_OUTDOOR 3

/* Where a swim takes place. */

/** Not known, or not a swim. */
#define PACELINE_SWIMMING_LOCATION_UNKNOWN 0

/** A pool of known length. */
#define PACELINE_SWIMMING_LOCATION_POOL 1

/** A lake, a river, the sea. */
#define PACELINE_SWIMMING_LOCATION_OPEN_WATER 2

/* How a length was swum. */

/** Not known. */
#define PACELINE_STROKE_STYLE_UNKNOWN 0

/** More than one. */
#define PACELINE_STROKE_STYLE_MIXED 1

/** Freestyle. */
#define PACELINE_STROKE_STYLE_FREESTYLE 2

/** Backstroke. */
#define PACELINE_STROKE_STYLE_BACKSTROKE 3

/** Breaststroke. */
#define PACELINE_STROKE_STYLE_BREASTSTROKE 4

/** Butterfly. */
#define PACELINE_STROKE_STYLE_BUTTERFLY 5

/** With a kickboard. */
#define PACELINE_STROKE_STYLE_KICKBOARD 6

/* What a person does in a workout. */

/** Gridiron football. */
#define PACELINE_ACTIVITY_AMERICAN_FOOTBALL 1

/** Bow and arrow target shooting. */
#define PACELINE_ACTIVITY_ARCHERY 2

/** Australian rules football. */
#define PACELINE_ACTIVITY_AUSTRALIAN_FOOTBALL 3

/** Badminton. */
#define PACELINE_ACTIVITY_BADMINTON 4

/** Baseball. */
#define PACELINE_ACTIVITY_BASEBALL 5

/** Basketball. */
#define PACELINE_ACTIVITY_BASKETBALL 6

/** Bowling. */
#define PACELINE_ACTIVITY_BOWLING 7

/** Boxing; kickboxing has its own value. */
#define PACELINE_ACTIVITY_BOXING 8

/** Rock, wall or boulder climbing. */
#define PACELINE_ACTIVITY_CLIMBING 9

/** Cricket. */
#define PACELINE_ACTIVITY_CRICKET 10

/** Free mix of cardio and strength work in one session. */
#define PACELINE_ACTIVITY_CROSS_TRAINING 11

/** Curling. */
#define PACELINE_ACTIVITY_CURLING 12

/** Road, trail, track or stationary cycling (location tells indoor from outdoor). */
#define PACELINE_ACTIVITY_CYCLING 13

/** Any dancing; kept to read old data, split into cardioDance and socialDance. */
#define PACELINE_ACTIVITY_DANCE 14

/** Dance based training such as barre or pilates; kept to read old data. */
#define PACELINE_ACTIVITY_DANCE_INSPIRED_TRAINING 15

/** Elliptical trainer. */
#define PACELINE_ACTIVITY_ELLIPTICAL 16

/** Horse riding, polo, horse racing and the like. */
#define PACELINE_ACTIVITY_EQUESTRIAN_SPORTS 17

/** Fencing. */
#define PACELINE_ACTIVITY_FENCING 18

/** Fishing. */
#define PACELINE_ACTIVITY_FISHING 19

/** Strength work mostly with body weight, free weights or small equipment. */
#define PACELINE_ACTIVITY_FUNCTIONAL_STRENGTH_TRAINING 20

/** Golf. */
#define PACELINE_ACTIVITY_GOLF 21

/** Gymnastics. */
#define PACELINE_ACTIVITY_GYMNASTICS 22

/** Handball. */
#define PACELINE_ACTIVITY_HANDBALL 23

/** Hiking. */
#define PACELINE_ACTIVITY_HIKING 24

/** Ice hockey, field hockey and related games. */
#define PACELINE_ACTIVITY_HOCKEY 25

/** Hunting. */
#define PACELINE_ACTIVITY_HUNTING 26

/** Lacrosse. */
#define PACELINE_ACTIVITY_LACROSSE 27

/** Martial arts without an own value. */
#define PACELINE_ACTIVITY_MARTIAL_ARTS 28

/** Slow mindful movement such as qigong or walking meditation. */
#define PACELINE_ACTIVITY_MIND_AND_BODY 29

/** Mixed cardio; kept to read old data, replaced by mixedCardio. */
#define PACELINE_ACTIVITY_MIXED_METABOLIC_CARDIO_TRAINING 30

/** Canoe, kayak, outrigger, stand-up paddle board. */
#define PACELINE_ACTIVITY_PADDLE_SPORTS 31

/** Playground style games (dodge ball, hopscotch, climbing frame). */
#define PACELINE_ACTIVITY_PLAY 32

/** Therapeutic warm up and recovery such as foam rolling or self massage. */
#define PACELINE_ACTIVITY_PREPARATION_AND_RECOVERY 33

/** Racquetball. */
#define PACELINE_ACTIVITY_RACQUETBALL 34

/** Rowing on water or on a machine (location tells which). */
#define PACELINE_ACTIVITY_ROWING 35

/** Rugby. */
#define PACELINE_ACTIVITY_RUGBY 36

/** Running and jogging, treadmill included. */
#define PACELINE_ACTIVITY_RUNNING 37

/** Sailing. */
#define PACELINE_ACTIVITY_SAILING 38

/** Ice, speed and inline skating, skateboarding. */
#define PACELINE_ACTIVITY_SKATING_SPORTS 39

/** Snow activities without an own value (sledding, snowmobile). */
#define PACELINE_ACTIVITY_SNOW_SPORTS 40

/** Association football. */
#define PACELINE_ACTIVITY_SOCCER 41

/** Softball. */
#define PACELINE_ACTIVITY_SOFTBALL 42

/** Squash. */
#define PACELINE_ACTIVITY_SQUASH 43

/** Stair climbing machine. */
#define PACELINE_ACTIVITY_STAIR_CLIMBING 44

/** Surfing, kite surfing, wind surfing. */
#define PACELINE_ACTIVITY_SURFING_SPORTS 45

/** Swimming, pool or open water (see swimming location). */
#define PACELINE_ACTIVITY_SWIMMING 46

/** Table tennis. */
#define PACELINE_ACTIVITY_TABLE_TENNIS 47

/** Tennis. */
#define PACELINE_ACTIVITY_TENNIS 48

/** Athletics field events such as shot put, javelin, pole vault. */
#define PACELINE_ACTIVITY_TRACK_AND_FIELD 49

/** Strength work mostly with machines or free weights. */
#define PACELINE_ACTIVITY_TRADITIONAL_STRENGTH_TRAINING 50

/** Volleyball. */
#define PACELINE_ACTIVITY_VOLLEYBALL 51

/** Walking. */
#define PACELINE_ACTIVITY_WALKING 52

/** Aqua aerobics and similar. */
#define PACELINE_ACTIVITY_WATER_FITNESS 53

/** Water polo. */
#define PACELINE_ACTIVITY_WATER_POLO 54

/** Towed or other water sports (water skiing, wake boarding). */
#define PACELINE_ACTIVITY_WATER_SPORTS 55

/** Wrestling. */
#define PACELINE_ACTIVITY_WRESTLING 56

/** Yoga. */
#define PACELINE_ACTIVITY_YOGA 57

/** Barre workout. */
#define PACELINE_ACTIVITY_BARRE 58

/** Abdominal and back training. */
#define PACELINE_ACTIVITY_CORE_TRAINING 59

/** Cross country skiing. */
#define PACELINE_ACTIVITY_CROSS_COUNTRY_SKIING 60

/** Alpine skiing. */
#define PACELINE_ACTIVITY_DOWNHILL_SKIING 61

/** Stretching and mobility. */
#define PACELINE_ACTIVITY_FLEXIBILITY 62

/** HIIT. */
#define PACELINE_ACTIVITY_HIGH_INTENSITY_INTERVAL_TRAINING 63

/** Rope skipping. */
#define PACELINE_ACTIVITY_JUMP_ROPE 64

/** Kickboxing. */
#define PACELINE_ACTIVITY_KICKBOXING 65

/** Pilates. */
#define PACELINE_ACTIVITY_PILATES 66

/** Snowboarding. */
#define PACELINE_ACTIVITY_SNOWBOARDING 67

/** Walking or running real stairs. */
#define PACELINE_ACTIVITY_STAIRS 68

/** Step bench training. */
#define PACELINE_ACTIVITY_STEP_TRAINING 69

/** Wheelchair pushing at walking pace. */
#define PACELINE_ACTIVITY_WHEELCHAIR_WALK_PACE 70

/** Wheelchair pushing at running pace. */
#define PACELINE_ACTIVITY_WHEELCHAIR_RUN_PACE 71

/** Tai chi. */
#define PACELINE_ACTIVITY_TAI_CHI 72

/** Mix of cardio exercises or machines. */
#define PACELINE_ACTIVITY_MIXED_CARDIO 73

/** Hand bike. */
#define PACELINE_ACTIVITY_HAND_CYCLING 74

/** Flying disc sports such as ultimate or disc golf. */
#define PACELINE_ACTIVITY_DISC_SPORTS 75

/** Exercise driven by a video game. */
#define PACELINE_ACTIVITY_FITNESS_GAMING 76

/** Dance done as cardio workout. */
#define PACELINE_ACTIVITY_CARDIO_DANCE 77

/** Partner, folk and other social dances. */
#define PACELINE_ACTIVITY_SOCIAL_DANCE 78

/** Pickleball. */
#define PACELINE_ACTIVITY_PICKLEBALL 79

/** Easy stretching after a harder session. */
#define PACELINE_ACTIVITY_COOLDOWN 80

/** Multisport container holding swimming, cycling and running activities. */
#define PACELINE_ACTIVITY_SWIM_BIKE_RUN 82

/** Change-over part inside a swimBikeRun workout; only meaningful as workout activity. */
#define PACELINE_ACTIVITY_TRANSITION 83

/** Free or scuba diving. */
#define PACELINE_ACTIVITY_UNDERWATER_DIVING 84

/** Anything without an own value. */
#define PACELINE_ACTIVITY_OTHER 3000

/* What can be measured. Codes are permanent. */

/** activeEnergyBurned, stored in kcal, cumulative. */
#define PACELINE_TYPE_ACTIVE_ENERGY_BURNED 1

/** basalEnergyBurned, stored in kcal, cumulative. */
#define PACELINE_TYPE_BASAL_ENERGY_BURNED 5

/** crossCountrySkiingSpeed, stored in m/s, discreteArithmetic. */
#define PACELINE_TYPE_CROSS_COUNTRY_SKIING_SPEED 6

/** cyclingCadence, stored in count/min, discreteArithmetic. */
#define PACELINE_TYPE_CYCLING_CADENCE 7

/** cyclingPower, stored in W, discreteArithmetic. */
#define PACELINE_TYPE_CYCLING_POWER 9

/** cyclingSpeed, stored in m/s, discreteArithmetic. */
#define PACELINE_TYPE_CYCLING_SPEED 10

/** distanceCrossCountrySkiing, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_CROSS_COUNTRY_SKIING 11

/** distanceCycling, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_CYCLING 12

/** distanceDownhillSnowSports, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_DOWNHILL_SNOW_SPORTS 13

/** distancePaddleSports, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_PADDLE_SPORTS 14

/** distanceRowing, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_ROWING 15

/** distanceSkatingSports, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_SKATING_SPORTS 16

/** distanceSwimming, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_SWIMMING 17

/** distanceWalkingRunning, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_WALKING_RUNNING 18

/** distanceWheelchair, stored in m, cumulative. */
#define PACELINE_TYPE_DISTANCE_WHEELCHAIR 19

/** flightsClimbed, stored in count, cumulative. */
#define PACELINE_TYPE_FLIGHTS_CLIMBED 21

/** paddleSportsSpeed, stored in m/s, discreteArithmetic. */
#define PACELINE_TYPE_PADDLE_SPORTS_SPEED 23

/** pushCount, stored in count, cumulative. */
#define PACELINE_TYPE_PUSH_COUNT 25

/** rowingSpeed, stored in m/s, discreteArithmetic. */
#define PACELINE_TYPE_ROWING_SPEED 26

/** runningPower, stored in W, discreteArithmetic. */
#define PACELINE_TYPE_RUNNING_POWER 27

/** runningSpeed, stored in m/s, discreteArithmetic. */
#define PACELINE_TYPE_RUNNING_SPEED 28

/** stepCount, stored in count, cumulative. */
#define PACELINE_TYPE_STEP_COUNT 29

/** swimmingStrokeCount, stored in count, cumulative. */
#define PACELINE_TYPE_SWIMMING_STROKE_COUNT 30

/** underwaterDepth, stored in m, discreteArithmetic. */
#define PACELINE_TYPE_UNDERWATER_DEPTH 31

/** heartRate, stored in count/min, discreteTemporallyWeighted. */
#define PACELINE_TYPE_HEART_RATE 34

/** runningGroundContactTime, stored in ms, discreteArithmetic. */
#define PACELINE_TYPE_RUNNING_GROUND_CONTACT_TIME 42

/** runningStrideLength, stored in m, discreteArithmetic. */
#define PACELINE_TYPE_RUNNING_STRIDE_LENGTH 43

/** runningVerticalOscillation, stored in cm, discreteArithmetic. */
#define PACELINE_TYPE_RUNNING_VERTICAL_OSCILLATION 44

/** waterTemperature, stored in degC, discreteArithmetic. */
#define PACELINE_TYPE_WATER_TEMPERATURE 77

/** How many types this header names. */
#define PACELINE_TYPE_COUNT 29

/* How the values of a type are put together. */

/** Amounts that add up, such as distance: they have a sum. */
#define PACELINE_AGGREGATION_CUMULATIVE 0

/** Readings averaged by plain mean, such as power. */
#define PACELINE_AGGREGATION_DISCRETE_ARITHMETIC 1

/** Readings averaged by the time each one holds, such as heart rate. */
#define PACELINE_AGGREGATION_DISCRETE_TEMPORALLY_WEIGHTED 2

/** Sound levels, averaged as equivalent continuous level. */
#define PACELINE_AGGREGATION_DISCRETE_EQUIVALENT_CONTINUOUS_LEVEL 3

/* Whether something may be written. */

/** The person was never asked. */
#define PACELINE_AUTHORIZATION_NOT_DETERMINED 0

/** The person refused. */
#define PACELINE_AUTHORIZATION_SHARING_DENIED 1

/** The person allowed it. */
#define PACELINE_AUTHORIZATION_SHARING_AUTHORIZED 2

/* Where a source stands among several. */

/** Typed in by the person. */
#define PACELINE_SOURCE_KIND_USER_ENTERED 0

/** This device or its companion. */
#define PACELINE_SOURCE_KIND_DEVICE 1

/** Another app or a sensor; of two, the one registered later is believed. */
#define PACELINE_SOURCE_KIND_EXTERNAL 2

/* How much a log line matters. */

/** The engine or the platform is at fault. */
#define PACELINE_LOG_ERROR 1

/** Something went wrong and was worked around. */
#define PACELINE_LOG_WARN 2

/** Worth knowing. */
#define PACELINE_LOG_INFO 3

/** For whoever looks for a fault. */
#define PACELINE_LOG_DEBUG 4

/** Everything. The only level whose lines may hold measured values. */
#define PACELINE_LOG_TRACE 5

/* Keys of facts that the engine itself writes. An app may use any other key. */

/** 1 when the workout took place indoors, 0 outdoors. */
#define PACELINE_KEY_INDOOR_WORKOUT "IndoorWorkout"

/** The length of the pool. */
#define PACELINE_KEY_LAP_LENGTH "LapLength"

/** PACELINE_SWIMMING_LOCATION_. */
#define PACELINE_KEY_SWIMMING_LOCATION_TYPE "SwimmingLocationType"

/** PACELINE_STROKE_STYLE_ of a lap. */
#define PACELINE_KEY_SWIMMING_STROKE_STYLE "SwimmingStrokeStyle"

/** The app's own identifier of an object; a higher sync version replaces it. */
#define PACELINE_KEY_SYNC_IDENTIFIER "SyncIdentifier"

/** The version that goes with the sync identifier. */
#define PACELINE_KEY_SYNC_VERSION "SyncVersion"



/**
 * Success.
 */
#define PACELINE_OK 0

/**
 * The family of the PACELINE_STATE_ numbers.
 */
#define PACELINE_FAMILY_STATE 1

/**
 * The family of the PACELINE_SESSION_TYPE_ numbers.
 */
#define PACELINE_FAMILY_SESSION_TYPE 2

/**
 * The family of the PACELINE_ACTIVITY_ numbers.
 */
#define PACELINE_FAMILY_ACTIVITY 3

/**
 * The family of the PACELINE_LOCATION_ numbers.
 */
#define PACELINE_FAMILY_LOCATION 4

/**
 * The family of the PACELINE_SWIMMING_LOCATION_ numbers.
 */
#define PACELINE_FAMILY_SWIMMING_LOCATION 5

/**
 * The family of the PACELINE_STROKE_STYLE_ numbers.
 */
#define PACELINE_FAMILY_STROKE_STYLE 6

/**
 * The family of the PACELINE_EVENT_ numbers.
 */
#define PACELINE_FAMILY_EVENT 7

/**
 * The family of the PACELINE_TYPE_ numbers.
 */
#define PACELINE_FAMILY_QUANTITY_TYPE 8

/**
 * The family of the PACELINE_AGGREGATION_ numbers.
 */
#define PACELINE_FAMILY_AGGREGATION 9

/**
 * The family of the PACELINE_AUTHORIZATION_ numbers.
 */
#define PACELINE_FAMILY_AUTHORIZATION 10

/**
 * The family of the PACELINE_SOURCE_KIND_ numbers.
 */
#define PACELINE_FAMILY_SOURCE_KIND 11

/**
 * The family of the PACELINE_DOMAIN_ numbers.
 */
#define PACELINE_FAMILY_DOMAIN 12

/**
 * The family of the PACELINE_LOG_ numbers.
 */
#define PACELINE_FAMILY_LOG 13

/**
 * No date: INT64_MIN. Where a date may be left out, this leaves it out; where there is none, this is returned.
 */
#define PACELINE_NO_DATE INT64_MIN

/**
 * Bytes of a unit's text in a structure, the zero byte included.
 */
#define PACELINE_UNIT_CAPACITY 24

/**
 * In PacelineStatistics.present: there is a sum.
 */
#define PACELINE_HAS_SUM 1

/**
 * In PacelineStatistics.present: there is an average.
 */
#define PACELINE_HAS_AVERAGE 2

/**
 * In PacelineStatistics.present: there is a minimum.
 */
#define PACELINE_HAS_MINIMUM 4

/**
 * In PacelineStatistics.present: there is a maximum.
 */
#define PACELINE_HAS_MAXIMUM 8

/**
 * In PacelineStatistics.present: there is a most recent reading.
 */
#define PACELINE_HAS_MOST_RECENT 16

/**
 * The source that every store has: the app itself, on its own device.
 */
#define PACELINE_SOURCE_OWN 1

/**
 * A fact that is text.
 */
#define PACELINE_METADATA_TEXT 1

/**
 * A fact that is a number. Truth values are 1 and 0, enumerations their numbers.
 */
#define PACELINE_METADATA_NUMBER 2

/**
 * A fact that is a date.
 */
#define PACELINE_METADATA_DATE 3

/**
 * A fact that is a number with a unit.
 */
#define PACELINE_METADATA_QUANTITY 4

/**
 * The platform does not offer this: the engine neither asks nor listens, and takes it as allowed.
 */
#define PACELINE_CAPABILITY_UNSUPPORTED 0

/**
 * The host stands in for the platform.
 */
#define PACELINE_CAPABILITY_EMULATED 1

/**
 * The platform offers this by itself.
 */
#define PACELINE_CAPABILITY_NATIVE 2

/**
 * Keep the app running and the sensors on for this session.
 */
#define PACELINE_REQUEST_ENTER_SESSION_MODE 1

/**
 * The session is over.
 */
#define PACELINE_REQUEST_LEAVE_SESSION_MODE 2

/**
 * This session starts while another one, the incumbent, is under way. Granted: the incumbent ends and this one starts.
 * Refused: this one fails with the error of the refusal and ends. See PACELINE_ARBITRATION_ASK.
 */
#define PACELINE_REQUEST_ARBITRATE 3

/**
 * Another process holds a workout that is wanted here, and seems to be alive. When it is not, call
 * paceline_store_report_process_ended(); then the same call succeeds. Nothing else is expected.
 */
#define PACELINE_REQUEST_IS_ALIVE 4

/**
 * The clock of the machine.
 */
#define PACELINE_CLOCK_SYSTEM 0

/**
 * A clock that is moved by hand: the field clock. It implies PACELINE_DELIVERY_POLL.
 */
#define PACELINE_CLOCK_MANUAL 1

/**
 * Ids come from the machine's random numbers.
 */
#define PACELINE_ENTROPY_SYSTEM 0

/**
 * Ids come from a sequence that is the same for the same seed; for tests, replay and simulation.
 */
#define PACELINE_ENTROPY_SEEDED 1

/**
 * A call that returned 0 is committed: it survives the death of the process.
 */
#define PACELINE_DURABILITY_EACH_INPUT 0

/**
 * Samples are gathered in bounded memory and committed after the field within at the latest, at every state change and
 * before anything is read back. A killed process loses at most this much.
 */
#define PACELINE_DURABILITY_WITHIN 1

/**
 * Callbacks come on a thread of the engine.
 */
#define PACELINE_DELIVERY_THREAD 0

/**
 * Callbacks come inside paceline_store_poll(), and the engine has no thread.
 */
#define PACELINE_DELIVERY_POLL 1

/**
 * When a second session starts, the one that is under way fails with PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED
 * and ends. Its builder can still be finished.
 */
#define PACELINE_ARBITRATION_NEWCOMER_WINS 0

/**
 * The newcomer yields: its call to prepare or start returns PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED, and
 * nothing changes.
 */
#define PACELINE_ARBITRATION_REFUSE 1

/**
 * The newcomer's host is asked: PACELINE_REQUEST_ARBITRATE. The call to prepare or start returns PACELINE_OK and changes nothing
 * yet; with the answer either the session that was under way yields and the newcomer starts then, or the newcomer fails with
 * the error of the answer and ends. With a host without the capability arbitration: PACELINE_ARBITRATION_NEWCOMER_WINS.
 */
#define PACELINE_ARBITRATION_ASK 2

/**
 * Nobody yields, the workout moves: the newcomer's call returns PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED and
 * changes nothing, and paceline_store_recover_active_workout_session() takes the session that is under way in another process
 * over, with its id and all that it has. There it fails with that code and ends, and nothing can be done with it any more.
 */
#define PACELINE_ARBITRATION_HAND_OVER 3

/**
 * For sync_every: fully synced at state changes only.
 */
#define PACELINE_SYNC_AT_STATE_CHANGES -1

/**
 * How many bytes a file's name grows at most when it is set aside, the zero byte included.
 */
#define PACELINE_SET_ASIDE_ROOM 64

/**
 * What a call returns: 0 for success, else domain * 1000 + number, one of the PACELINE_ERROR_ constants. A later release may
 * return numbers that this header does not name.
 */
typedef uint32_t PacelineResult;

/**
 * What is known about an error.
 *
 * The texts are the library's, UTF-8, never to be freed. From paceline_last_error() they live until the next call on
 * this thread fails, or the thread ends; in a callback until the callback returns. Copy what is needed longer.
 */
typedef struct PacelineErrorDetails {
    /**
     * The code to act on; 0 when there was no error.
     */
    PacelineResult code;
    /**
     * One sentence for a person, with what to do where that is known. Never NULL, empty when there was no error. It may
     * change with every release: compare codes.
     */
    const char *sentence;
    /**
     * The value that caused the error, as text; NULL where there is none.
     */
    const char *value;
} PacelineErrorDetails;

/**
 * The id of a session, a workout or an activity: 16 bytes in the order in which they are written.
 */
typedef struct PacelineUuid {
    /**
     * The bytes.
     */
    uint8_t bytes[16];
} PacelineUuid;

/**
 * Facts by key. Release it with paceline_metadata_release().
 */
typedef struct PacelineMetadata {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineMetadata;

/**
 * A clock that is moved by hand. Release it with paceline_clock_release().
 */
typedef struct PacelineClock {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineClock;

/**
 * Gives `user_data` back: called exactly once, after the last call of a callback has returned, on whatever thread that was.
 */
typedef void (*PacelineRelease)(void *user_data);

/**
 * What kind of workout it is and where. Copied wherever it is handed in. Make one with paceline_configuration().
 */
typedef struct PacelineConfiguration {
    /**
     * The kind of workout: PACELINE_ACTIVITY_.
     */
    uint32_t activity_type;
    /**
     * Where it takes place: PACELINE_LOCATION_. There is no 0.
     */
    uint32_t location_type;
    /**
     * For a swim, in which water: PACELINE_SWIMMING_LOCATION_.
     */
    uint32_t swimming_location_type;
    /**
     * 0.
     */
    uint32_t reserved;
    /**
     * For a pool swim: the length of the pool, in lap_length_unit. Ignored when that is empty.
     */
    double lap_length;
    /**
     * A unit of length such as "m" or "yd", ended by a zero byte; empty for no lap length. A length in a unit whose name
     * has no room here is told in "m".
     */
    char lap_length_unit[PACELINE_UNIT_CAPACITY];
} PacelineConfiguration;

/**
 * The session that holds the device.
 */
typedef struct PacelineSessionOwner {
    /**
     * The session.
     */
    struct PacelineUuid session;
    /**
     * What kind of workout it is.
     */
    struct PacelineConfiguration configuration;
    /**
     * Where it is in its life, as far as it was saved: PACELINE_STATE_.
     */
    uint32_t state;
    /**
     * The number of its process.
     */
    uint32_t process;
    /**
     * 1 when it lives in this store or one that shares it, 0 when in another process.
     */
    uint32_t is_here;
    /**
     * 1 when its process lives. When it is dead, 0, the session can be recovered.
     */
    uint32_t is_alive;
} PacelineSessionOwner;

/**
 * What the engine asks of the platform.
 */
typedef struct PacelineHostRequest {
    /**
     * The id under which the outcome is reported. Ids rise; one lower than the last of its session is out of date.
     */
    uint64_t id;
    /**
     * What is asked: PACELINE_REQUEST_.
     */
    uint32_t kind;
    /**
     * Which process, for PACELINE_REQUEST_IS_ALIVE; else 0.
     */
    uint32_t process;
    /**
     * For which session; all zero for PACELINE_REQUEST_IS_ALIVE.
     */
    struct PacelineUuid session;
    /**
     * What kind of workout it is, for PACELINE_REQUEST_ENTER_SESSION_MODE; else NULL. It lives until the callback returns.
     */
    const struct PacelineConfiguration *configuration;
    /**
     * The session that is under way, for PACELINE_REQUEST_ARBITRATE; else NULL. It lives until the callback returns.
     */
    const struct PacelineSessionOwner *incumbent;
} PacelineHostRequest;

/**
 * A platform: what it can decide, and the function that is asked. Start with PACELINE_HOST_CALLBACKS_INIT.
 */
typedef struct PacelineHostCallbacks {
    /**
     * sizeof(PacelineHostCallbacks).
     */
    size_t struct_size;
    /**
     * The first argument of every call; the library's until release.
     */
    void *user_data;
    /**
     * Gives user_data back. May be NULL.
     */
    PacelineRelease release;
    /**
     * Background runtime and sensors for the time of a session: PACELINE_CAPABILITY_.
     */
    uint32_t session_mode;
    /**
     * Permission to write workouts and samples.
     */
    uint32_t permission;
    /**
     * Whether the app is in the foreground.
     */
    uint32_t foreground;
    /**
     * Whether the device is locked.
     */
    uint32_t lock;
    /**
     * Whose session goes on when a second one starts; asked where the store was opened with PACELINE_ARBITRATION_ASK.
     */
    uint32_t arbitration;
    /**
     * Whether another process is alive. Without it the engine finds out by itself: exactly on Linux and Android; elsewhere a
     * process whose number is free is dead, and one whose number is in use after ten minutes of silence.
     */
    uint32_t processes;
    /**
     * Activity types for which this device makes no sessions. Copied; may be NULL when there are none.
     */
    const uint32_t *refused_activities;
    /**
     * How many of them.
     */
    size_t refused_count;
    /**
     * Asked on the thread of whoever called the engine, with no lock held; may call the engine. Expects no answer:
     * what became of it is told with paceline_store_report_outcome(), at any time. May be NULL.
     */
    void (*request)(void *user_data, const struct PacelineHostRequest *request);
} PacelineHostCallbacks;

/**
 * What the platform decides. Release it with paceline_host_release().
 */
typedef struct PacelineHost {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineHost;

/**
 * A disk in memory. Release it with paceline_disk_release().
 */
typedef struct PacelineDisk {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineDisk;

/**
 * A store. Release it with paceline_store_release().
 */
typedef struct PacelineStore {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineStore;

/**
 * A workout session. Release it with paceline_session_release().
 */
typedef struct PacelineSession {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineSession;

/**
 * A workout that is not finished, as the store has it: going on in this process or another one, or waiting to be recovered.
 */
typedef struct PacelineUnfinishedWorkout {
    /**
     * Its session.
     */
    struct PacelineUuid session;
    /**
     * What kind of workout it is.
     */
    struct PacelineConfiguration configuration;
    /**
     * When its session first ran, microseconds since the Unix epoch; PACELINE_NO_DATE before.
     */
    int64_t start_date;
    /**
     * The latest instant that is known of it: something happened then, or was measured. PACELINE_NO_DATE before the start.
     */
    int64_t last_date;
    /**
     * Where its session is in its life: PACELINE_STATE_.
     */
    uint32_t state;
    /**
     * The number of the process that held it last.
     */
    uint32_t process;
    /**
     * 1 when it lives in this store or one that shares it, 0 when in another process.
     */
    uint32_t is_here;
    /**
     * 1 when it lives. One that does not, 0, can be recovered.
     */
    uint32_t is_alive;
    /**
     * How many bytes the app keeps with its session: paceline_store_unfinished_payload() tells them.
     */
    uint64_t payload_length;
} PacelineUnfinishedWorkout;

/**
 * How a store is opened. Start with PACELINE_STORE_OPTIONS_INIT, which means: in memory, the machine's clock, a thread for
 * callbacks, a platform that allows everything. It is read during the call and stays the caller's.
 */
typedef struct PacelineStoreOptions {
    /**
     * sizeof(PacelineStoreOptions).
     */
    size_t struct_size;
    /**
     * The file, UTF-8, which is made when it does not exist; NULL for a store in memory.
     */
    const char *path;
    /**
     * PACELINE_CLOCK_.
     */
    uint32_t clock_kind;
    /**
     * PACELINE_ENTROPY_.
     */
    uint32_t entropy_kind;
    /**
     * The manual clock; ignored for the machine's.
     */
    struct PacelineClock clock;
    /**
     * The seed; ignored unless seeded.
     */
    uint64_t entropy_seed;
    /**
     * PACELINE_DURABILITY_.
     */
    uint32_t durability;
    /**
     * PACELINE_DELIVERY_.
     */
    uint32_t delivery;
    /**
     * For PACELINE_DURABILITY_WITHIN: how long samples may wait, microseconds.
     */
    int64_t within;
    /**
     * What was committed is fully synced after so many microseconds at the latest: what a power cut may cost. 0 for the
     * default of 10 seconds, PACELINE_SYNC_AT_STATE_CHANGES for none.
     */
    int64_t sync_every;
    /**
     * The platform; the handle 0 for one that allows everything.
     */
    struct PacelineHost host;
    /**
     * Where a store without a path lives; the handle 0 for memory that goes with the store.
     */
    struct PacelineDisk disk;
    /**
     * What happens when a second session starts: PACELINE_ARBITRATION_.
     */
    uint32_t arbitration;
    /**
     * 0.
     */
    uint32_t reserved;
    /**
     * How long finished workouts, and samples that belong to none, are kept, microseconds from their end: a day at least. 0 keeps
     * everything for ever. What is older is removed in the background while no session is going on, and not at the first word
     * of a clock: only what was too old already when the store last looked, a day to a month before. A workout that is going on
     * or can be recovered is never touched. What one process need not keep is removed for all that share the store.
     */
    int64_t retention;
} PacelineStoreOptions;

/**
 * What a batch became.
 */
typedef struct PacelineIngested {
    /**
     * How many samples were saved.
     */
    uint32_t samples;
    /**
     * How many of them the live builder collected.
     */
    uint32_t collected;
    /**
     * 1 when the batch number was committed before; then nothing was saved now.
     */
    uint32_t repeated;
    /**
     * 1 when it is as safe as PACELINE_DURABILITY_ promises. 0 while the store cannot be written: accepted, but not yet durable.
     * It waits in memory and is saved as soon as that is possible; do not send it again.
     */
    uint32_t durable;
} PacelineIngested;

/**
 * One measurement: an instant reading, whose start equals its end, or an amount over an interval.
 */
typedef struct PacelineSample {
    /**
     * Its number in the store; 0 before it was saved.
     */
    uint64_t id;
    /**
     * What was measured: PACELINE_TYPE_.
     */
    uint32_t quantity_type;
    /**
     * Who measured: the number from paceline_store_register_source(); 0 stands for the app itself, whose number is
     * PACELINE_SOURCE_OWN.
     */
    uint32_t source;
    /**
     * When the measurement began, microseconds since the Unix epoch.
     */
    int64_t start;
    /**
     * When it ended; not before the start.
     */
    int64_t end;
    /**
     * The value in the type's stored unit. Heart rate: beats a minute.
     */
    double value;
} PacelineSample;

/**
 * An app or a device that measures.
 */
typedef struct PacelineSource {
    /**
     * What tells it apart for ever, such as a sensor's serial number. Not empty.
     */
    const char *identifier;
    /**
     * What a person calls it.
     */
    const char *name;
    /**
     * Where it stands among several: PACELINE_SOURCE_KIND_.
     */
    uint32_t kind;
} PacelineSource;

/**
 * A saved workout; it never changes. Release it with paceline_workout_release().
 */
typedef struct PacelineWorkout {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineWorkout;

/**
 * A part of a workout that is asked for.
 */
typedef struct PacelineInterval {
    /**
     * When it begins, microseconds since the Unix epoch.
     */
    int64_t start;
    /**
     * When it ends; not before the start.
     */
    int64_t end;
} PacelineInterval;

/**
 * A part of a workout with its numbers.
 */
typedef struct PacelineIntervalStatistics {
    /**
     * When it begins.
     */
    int64_t start;
    /**
     * When it ends.
     */
    int64_t end;
    /**
     * Its time without the pauses of the workout, microseconds.
     */
    int64_t duration;
    /**
     * The place of its first statistics in the list of all.
     */
    uint32_t first_statistics;
    /**
     * How many follow from there: one for each type with a sample in it, by rising type code.
     */
    uint32_t statistics_count;
} PacelineIntervalStatistics;

/**
 * What the samples of one type amount to. Values are in the type's stored unit, see paceline_quantity_type_unit(); one
 * that is not present is 0. Cumulative types have a sum, discrete types an average, a minimum and a maximum; all have the
 * most recent reading. Paused time contributes nothing.
 */
typedef struct PacelineStatistics {
    /**
     * The type: PACELINE_TYPE_.
     */
    uint32_t quantity_type;
    /**
     * Which values there are: PACELINE_HAS_, added up.
     */
    uint32_t present;
    /**
     * How many samples took part.
     */
    uint64_t count;
    /**
     * The start of the workout or activity, microseconds since the Unix epoch.
     */
    int64_t start;
    /**
     * Its end; while it is in progress, the end of the latest sample.
     */
    int64_t end;
    /**
     * The sum.
     */
    double sum;
    /**
     * The average.
     */
    double average;
    /**
     * The lowest reading.
     */
    double minimum;
    /**
     * The highest reading.
     */
    double maximum;
    /**
     * The reading with the latest end.
     */
    double most_recent;
    /**
     * When that reading began; PACELINE_NO_DATE when there is none.
     */
    int64_t most_recent_start;
    /**
     * When that reading ended; PACELINE_NO_DATE when there is none.
     */
    int64_t most_recent_end;
} PacelineStatistics;

/**
 * A dated part of a workout with its own configuration.
 */
typedef struct PacelineActivity {
    /**
     * Fixed when the activity begins.
     */
    struct PacelineUuid id;
    /**
     * What kind of activity it is.
     */
    struct PacelineConfiguration configuration;
    /**
     * When it began, microseconds since the Unix epoch.
     */
    int64_t start;
    /**
     * When it ended; PACELINE_NO_DATE while it is in progress.
     */
    int64_t end;
    /**
     * Its time without pauses, microseconds.
     */
    int64_t duration;
    /**
     * How many types it has statistics of.
     */
    uint32_t statistics_count;
    /**
     * How many further facts it has.
     */
    uint32_t metadata_count;
} PacelineActivity;

/**
 * A set of quantity types: the type with code n is bit n % 64 of word n / 64.
 * See paceline_type_set_contains().
 */
typedef struct PacelineTypeSet {
    /**
     * The words.
     */
    uint64_t words[4];
} PacelineTypeSet;

/**
 * Everything a screen shows of a workout, as of one instant. Start with PACELINE_SNAPSHOT_INIT, and say where the lists
 * should go; the structure can be used again for the next frame.
 */
typedef struct PacelineSnapshot {
    /**
     * sizeof(PacelineSnapshot).
     */
    size_t struct_size;
    /**
     * In: where to write the statistics of the workout, by rising type code; NULL when they are not wanted.
     */
    struct PacelineStatistics *statistics;
    /**
     * In: how many there is room for. There are never more than types: PACELINE_TYPE_COUNT.
     */
    size_t statistics_capacity;
    /**
     * Out: how many there are.
     */
    size_t statistics_count;
    /**
     * In: where to write the activities, by rising start; NULL when they are not wanted. The numbers of one in progress
     * are as of the last step.
     */
    struct PacelineActivity *activities;
    /**
     * In: how many there is room for.
     */
    size_t activities_capacity;
    /**
     * Out: how many there are.
     */
    size_t activities_count;
    /**
     * The session.
     */
    struct PacelineUuid id;
    /**
     * What kind of workout it is.
     */
    struct PacelineConfiguration configuration;
    /**
     * Which end of a mirrored workout this is: PACELINE_SESSION_TYPE_.
     */
    uint32_t session_type;
    /**
     * Where the session is in its life: PACELINE_STATE_.
     */
    uint32_t state;
    /**
     * When the session first ran, microseconds since the Unix epoch, or PACELINE_NO_DATE. The dates below likewise.
     */
    int64_t start_date;
    /**
     * When it was stopped or ended.
     */
    int64_t end_date;
    /**
     * When collection began.
     */
    int64_t collection_start;
    /**
     * When collection ended.
     */
    int64_t collection_end;
    /**
     * The builder's time without pauses, microseconds.
     */
    int64_t elapsed;
    /**
     * The types that the data source collects.
     */
    struct PacelineTypeSet types_to_collect;
    /**
     * Rises with every step of this workout; equal numbers mean that nothing changed in between.
     */
    uint64_t sequence;
    /**
     * When the snapshot was taken, in the session's own time.
     */
    int64_t taken;
    /**
     * How many events were collected.
     */
    uint32_t event_count;
    /**
     * 1 when everything that happened is as safe as PACELINE_DURABILITY_ promises; 0 while the store cannot be written, or is
     * suspended: what happened since waits in memory. May change without a step.
     */
    uint32_t durable;
} PacelineSnapshot;

/**
 * The live builder of a session. Release it with paceline_builder_release().
 */
typedef struct PacelineBuilder {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineBuilder;

/**
 * Something that happened during a workout.
 */
typedef struct PacelineEvent {
    /**
     * What happened: PACELINE_EVENT_.
     */
    uint32_t event_type;
    /**
     * How many further facts it has. Written by the library, ignored where an event is handed in.
     */
    uint32_t metadata_count;
    /**
     * When it began, microseconds since the Unix epoch.
     */
    int64_t start;
    /**
     * When it ended; equal to the start for an instant. Only laps and segments last.
     */
    int64_t end;
    /**
     * Further facts; the handle 0 for none. Handed in, it stays the caller's. In a callback it is lent for the call. In
     * lists that the library writes it is always 0: see paceline_builder_event_metadata() and
     * paceline_workout_event_metadata().
     */
    struct PacelineMetadata metadata;
} PacelineEvent;

/**
 * Hears what happens to a session. Start with PACELINE_SESSION_DELEGATE_INIT; a function that is NULL is not called.
 *
 * How calls come is said at the head of this header under "Callbacks". The session is lent for the call.
 */
typedef struct PacelineSessionDelegate {
    /**
     * sizeof(PacelineSessionDelegate).
     */
    size_t struct_size;
    /**
     * The first argument of every call; the library's until release.
     */
    void *user_data;
    /**
     * Gives user_data back. May be NULL.
     */
    PacelineRelease release;
    /**
     * The state changed (PACELINE_STATE_) at this date, which may lie in the past.
     */
    void (*did_change_state)(void *user_data, struct PacelineSession session, uint32_t to, uint32_t from, int64_t date);
    /**
     * Something stopped the session; the change to ended follows. The error lives until the call returns.
     */
    void (*did_fail)(void *user_data, struct PacelineSession session, const struct PacelineErrorDetails *error);
    /**
     * The session or the platform produced an event. It lives until the call returns.
     */
    void (*did_generate_event)(void *user_data, struct PacelineSession session, const struct PacelineEvent *event);
    /**
     * An activity began. The configuration lives until the call returns.
     */
    void (*did_begin_activity)(void *user_data,
                               struct PacelineSession session,
                               const struct PacelineConfiguration *configuration,
                               int64_t date);
    /**
     * An activity ended. The configuration lives until the call returns.
     */
    void (*did_end_activity)(void *user_data,
                             struct PacelineSession session,
                             const struct PacelineConfiguration *configuration,
                             int64_t date);
    /**
     * The store cannot be written, for this reason (disk full, read-only, failing). The session goes on: what happens from here
     * on waits in memory, and is lost should the process die before it is saved. Told once. The error lives until the call
     * returns.
     */
    void (*did_lose_durability)(void *user_data,
                                struct PacelineSession session,
                                const struct PacelineErrorDetails *error);
    /**
     * Everything that waited is saved and synced. Told once after each loss.
     */
    void (*did_regain_durability)(void *user_data, struct PacelineSession session);
} PacelineSessionDelegate;

/**
 * A picture of a session at one instant. It is tied to nothing and never changes.
 */
typedef struct PacelineSessionRecord {
    /**
     * The session.
     */
    struct PacelineUuid id;
    /**
     * What kind of workout it is.
     */
    struct PacelineConfiguration configuration;
    /**
     * Which end of a mirrored workout it was: PACELINE_SESSION_TYPE_.
     */
    uint32_t session_type;
    /**
     * Where it was in its life: PACELINE_STATE_.
     */
    uint32_t state;
    /**
     * When it first ran, microseconds since the Unix epoch, or PACELINE_NO_DATE.
     */
    int64_t start_date;
    /**
     * When it was stopped or ended, or PACELINE_NO_DATE.
     */
    int64_t end_date;
} PacelineSessionRecord;

/**
 * Hears what a live builder collects. Start with PACELINE_BUILDER_DELEGATE_INIT; a function that is NULL is not called.
 *
 * How calls come is said at the head of this header under "Callbacks". The builder is lent for the call.
 */
typedef struct PacelineBuilderDelegate {
    /**
     * sizeof(PacelineBuilderDelegate).
     */
    size_t struct_size;
    /**
     * The first argument of every call; the library's until release.
     */
    void *user_data;
    /**
     * Gives user_data back. May be NULL.
     */
    PacelineRelease release;
    /**
     * Samples of these types came in, or their numbers were corrected: read the statistics again. The words are those of a
     * PacelineTypeSet. At most one such call is waiting at any time; its set grows instead.
     */
    void (*did_collect_data)(void *user_data,
                             struct PacelineBuilder builder,
                             uint64_t types0,
                             uint64_t types1,
                             uint64_t types2,
                             uint64_t types3);
    /**
     * An event came in: read the events and the elapsed time again.
     */
    void (*did_collect_event)(void *user_data, struct PacelineBuilder builder);
    /**
     * An activity began and was added. It lives until the call returns.
     */
    void (*did_begin_activity)(void *user_data, struct PacelineBuilder builder, const struct PacelineActivity *activity);
    /**
     * An activity got its end. It lives until the call returns.
     */
    void (*did_end_activity)(void *user_data, struct PacelineBuilder builder, const struct PacelineActivity *activity);
} PacelineBuilderDelegate;

/**
 * What selects the samples of a live builder. Release it with paceline_data_source_release().
 */
typedef struct PacelineDataSource {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineDataSource;

/**
 * Hears how a call ended. Start with PACELINE_COMPLETION_INIT.
 *
 * The calls whose names end in _async only move a call off the caller's thread: all of a process run on one thread, one
 * after the other, in the order of asking. done is called on that thread, then release. When an _async call itself
 * returns an error, nothing was begun: done is not called, release is.
 */
typedef struct PacelineCompletion {
    /**
     * sizeof(PacelineCompletion).
     */
    size_t struct_size;
    /**
     * The first argument of every call; the library's until release.
     */
    void *user_data;
    /**
     * Gives user_data back. May be NULL.
     */
    PacelineRelease release;
    /**
     * The call ended. result: what the call without _async would have returned. error: its details, NULL for success; it
     * lives until done returns. workout: what paceline_builder_finish_workout() would have told, lent for the call; the
     * handle 0 for all other calls. May call the engine. May be NULL.
     */
    void (*done)(void *user_data,
                 PacelineResult result,
                 const struct PacelineErrorDetails *error,
                 struct PacelineWorkout workout);
} PacelineCompletion;

/**
 * Only samples that match are collected. Every condition that is set must hold.
 */
typedef struct PacelinePredicate {
    /**
     * Only from these sources; NULL and 0 for any. Read during the call, stays the caller's.
     */
    const uint32_t *sources;
    /**
     * How many sources.
     */
    size_t source_count;
    /**
     * Only samples that start at or after this date; PACELINE_NO_DATE for any.
     */
    int64_t starts_at_or_after;
    /**
     * Only samples that start before this date; PACELINE_NO_DATE for any.
     */
    int64_t starts_before;
} PacelinePredicate;

/**
 * What a workout is, without its lists.
 */
typedef struct PacelineWorkoutSummary {
    /**
     * The id of the session that made it.
     */
    struct PacelineUuid id;
    /**
     * What kind of workout it was.
     */
    struct PacelineConfiguration configuration;
    /**
     * When it began, microseconds since the Unix epoch.
     */
    int64_t start;
    /**
     * When it ended.
     */
    int64_t end;
    /**
     * Its time without pauses, microseconds.
     */
    int64_t duration;
    /**
     * How many events it has.
     */
    uint32_t event_count;
    /**
     * How many activities it has; at least one.
     */
    uint32_t activity_count;
    /**
     * How many types it has statistics of.
     */
    uint32_t statistics_count;
    /**
     * How many further facts it has.
     */
    uint32_t metadata_count;
} PacelineWorkoutSummary;

/**
 * One time, and the simulated devices that live in it. Release it with paceline_simulation_release().
 */
typedef struct PacelineSimulation {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineSimulation;

/**
 * What a simulated device is like. All zero is a device that refuses nothing.
 */
typedef struct PacelineDeviceOptions {
    /**
     * Activity types for which it makes no sessions: PACELINE_ACTIVITY_. Copied; may be NULL when there are none.
     */
    const uint32_t *refused_activities;
    /**
     * How many of them.
     */
    size_t refused_count;
    /**
     * What happens when a second session starts on it: PACELINE_ARBITRATION_.
     */
    uint32_t arbitration;
    /**
     * 0.
     */
    uint32_t reserved;
} PacelineDeviceOptions;

/**
 * A device that exists only in memory. Release it with paceline_device_release().
 */
typedef struct PacelineDevice {
    /**
     * 0 stands for no object. All else is Paceline's own.
     */
    uint64_t id;
} PacelineDevice;

/**
 * Hears the engine's log lines, one after the other. Start with PACELINE_LOG_SINK_INIT.
 */
typedef struct PacelineLogSink {
    /**
     * sizeof(PacelineLogSink).
     */
    size_t struct_size;
    /**
     * The first argument of every call; the library's until release.
     */
    void *user_data;
    /**
     * Gives user_data back. May be NULL.
     */
    PacelineRelease release;
    /**
     * One line. level: PACELINE_LOG_. target: which part of the engine speaks. Both texts live until the call returns. May
     * call the engine. May be NULL.
     */
    void (*log)(void *user_data, uint32_t level, const char *target, const char *message);
} PacelineLogSink;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Tells more about the last call of this thread that failed; successful calls do not clear it.
 *
 * `details`: where to write; NULL returns PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT and leaves the last error as it was.
 */
PacelineResult paceline_last_error(struct PacelineErrorDetails *details);

/**
 * The short name of a code, such as "invalidArgument"; "ok" for 0, NULL for a code that this release does not know. The
 * text is the library's and lives for ever.
 */
const char *paceline_error_name(PacelineResult code);

/**
 * The version of the library that runs, such as "0.1.0". Compare with PACELINE_VERSION, the version of this header. The
 * text is the library's and lives for ever.
 */
const char *paceline_version(void);

/**
 * The version of the library that runs as a number: major * 1000000 + minor * 1000 + patch. Compare with
 * PACELINE_VERSION_NUMBER.
 */
uint32_t paceline_version_number(void);

/**
 * The name of a number, such as "notStarted" for PACELINE_FAMILY_STATE and 1. NULL for a number or a family that this
 * release does not know. The text is the library's and lives for ever.
 */
const char *paceline_name(uint32_t family, uint32_t number);

/**
 * The number of a name, such as 37 for PACELINE_FAMILY_ACTIVITY and "running".
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a name or a family that this release does not know.
 */
PacelineResult paceline_number(uint32_t family, const char *name, uint32_t *number);

/**
 * The unit in which values of a type are stored, such as "count/min" for heart rate; NULL for a type that this release
 * does not know. The text is the library's and lives for ever.
 */
const char *paceline_quantity_type_unit(uint32_t quantity_type);

/**
 * How values of a type are put together: PACELINE_AGGREGATION_.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a type that this release does not know.
 */
PacelineResult paceline_quantity_type_aggregation(uint32_t quantity_type, uint32_t *aggregation);

/**
 * Converts a number from one unit to another, such as 12.5 from "km" to "m". In "%" a number is a fraction: 0.97 for 97
 * percent.
 *
 * Codes: PACELINE_ERROR_INPUT_UNIT for a unit that cannot be read or two that measure different things;
 * PACELINE_ERROR_INPUT_OUT_OF_RANGE when there is no finite result.
 */
PacelineResult paceline_unit_convert(double value, const char *from, const char *into, double *result);

/**
 * Writes an id as text, such as "67e55044-10b1-426f-9247-bb680e5fe0c8", with a zero byte: 37 bytes.
 *
 * Codes: PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT.
 */
PacelineResult paceline_uuid_format(struct PacelineUuid id, char *text);

/**
 * Reads an id from text; with or without hyphens, small or capital letters.
 *
 * Codes: PACELINE_ERROR_INPUT_MALFORMED for any other text.
 */
PacelineResult paceline_uuid_parse(const char *text, struct PacelineUuid *id);

/**
 * Makes metadata without a fact. It is the caller's: release it. It is copied wherever it is handed in.
 */
PacelineResult paceline_metadata_create(struct PacelineMetadata *metadata);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_metadata_retain(struct PacelineMetadata metadata);

/**
 * Takes a reference away; after the last one the handle is stale.
 */
PacelineResult paceline_metadata_release(struct PacelineMetadata metadata);

/**
 * Sets a fact to text; an old one of this key is replaced. Key and value are copied. What is wrong with a key is told
 * where the metadata is handed in.
 *
 * Codes: PACELINE_ERROR_INPUT_MALFORMED for what is not UTF-8.
 */
PacelineResult paceline_metadata_set_text(struct PacelineMetadata metadata, const char *key, const char *value);

/**
 * Sets a fact to a number; see paceline_metadata_set_text().
 */
PacelineResult paceline_metadata_set_number(struct PacelineMetadata metadata, const char *key, double value);

/**
 * Sets a fact to a date in microseconds since the Unix epoch; see paceline_metadata_set_text().
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
 */
PacelineResult paceline_metadata_set_date(struct PacelineMetadata metadata, const char *key, int64_t value);

/**
 * Sets a fact to a number with a unit such as "m" or "kcal"; see paceline_metadata_set_text().
 *
 * Codes: PACELINE_ERROR_INPUT_UNIT for a unit that cannot be read.
 */
PacelineResult paceline_metadata_set_quantity(struct PacelineMetadata metadata,
                                              const char *key,
                                              double value,
                                              const char *unit_text);

/**
 * How many facts there are.
 */
PacelineResult paceline_metadata_count(struct PacelineMetadata metadata, size_t *count);

/**
 * Reads the key of a fact by its place: 0 up to the count, in the order of the keys' bytes. A text as paceline.h
 * describes it under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for a place without a fact; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_metadata_key(struct PacelineMetadata metadata,
                                     size_t place,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *length);

/**
 * Of which kind a fact is: PACELINE_METADATA_.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA when there is no fact of this key.
 */
PacelineResult paceline_metadata_kind(struct PacelineMetadata metadata, const char *key, uint32_t *kind);

/**
 * Reads a fact that is text. A text as paceline.h describes it under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA when there is no fact of this key; PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it
 * is of another kind; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_metadata_text(struct PacelineMetadata metadata,
                                      const char *key,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *length);

/**
 * Reads a fact that is a number or a number with a unit.
 *
 * Codes: as paceline_metadata_text().
 */
PacelineResult paceline_metadata_number(struct PacelineMetadata metadata, const char *key, double *value);

/**
 * Reads a fact that is a date, in microseconds since the Unix epoch.
 *
 * Codes: as paceline_metadata_text().
 */
PacelineResult paceline_metadata_date(struct PacelineMetadata metadata, const char *key, int64_t *value);

/**
 * Reads the unit of a fact that is a number with a unit; `value`, which may be NULL, gets the number.
 *
 * Codes: as paceline_metadata_text().
 */
PacelineResult paceline_metadata_quantity(struct PacelineMetadata metadata,
                                          const char *key,
                                          double *value,
                                          char *unit_buffer,
                                          size_t capacity,
                                          size_t *length);

/**
 * Makes a clock that stands at this date, in microseconds since the Unix epoch; for tests, replay and simulation. It is
 * the caller's: release it. A store that was opened with it keeps it alive.
 *
 * A store with such a clock has no thread: callbacks are delivered and timers run inside paceline_clock_advance() and
 * paceline_store_poll(), on the thread that calls.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
 */
PacelineResult paceline_clock_create(int64_t start, struct PacelineClock *clock);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_clock_retain(struct PacelineClock clock);

/**
 * Takes a reference away; after the last one the handle is stale.
 */
PacelineResult paceline_clock_release(struct PacelineClock clock);

/**
 * The date at which the clock stands.
 */
PacelineResult paceline_clock_now(struct PacelineClock clock, int64_t *now);

/**
 * Moves time forward by so many microseconds: stops at every timer on the way, in order, delivers what is due on this
 * thread, and goes on.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a negative span.
 */
PacelineResult paceline_clock_advance(struct PacelineClock clock, int64_t by);

/**
 * Moves time forward to a date; nothing happens when it has passed.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
 */
PacelineResult paceline_clock_advance_to(struct PacelineClock clock, int64_t to);

/**
 * Sets the wall clock forward by so many microseconds, or back by a negative number: what a person does, or the network. No time
 * passes, and nothing is delivered. Dates stay within the years 1 to 9999.
 */
PacelineResult paceline_clock_jump(struct PacelineClock clock,
                                   int64_t by);

/**
 * Starts the device anew: elapsed time begins at zero. The wall clock goes on. No process outlives it: release the stores that are
 * open with this clock before.
 */
PacelineResult paceline_clock_reboot(struct PacelineClock clock);

/**
 * Makes a host of these callbacks. It is the caller's: release it; stores that were opened with it keep it alive. Two stores
 * on one file must be opened with the same host.
 *
 * From this call on user_data is the library's, also when the call fails: release is called once, after the last handle
 * and the last store are gone.
 *
 * Codes: PACELINE_ERROR_BOUNDARY_STRUCT_SIZE; PACELINE_ERROR_INPUT_UNKNOWN for a capability or an activity type that this
 * release does not know.
 */
PacelineResult paceline_host_create(const struct PacelineHostCallbacks *callbacks,
                                    struct PacelineHost *host);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_host_retain(struct PacelineHost host);

/**
 * Takes a reference away; after the last one the handle is stale.
 */
PacelineResult paceline_host_release(struct PacelineHost host);

/**
 * Makes an empty disk in memory, for the field disk of PacelineStoreOptions: it outlives its store, which when opened again
 * holds what was committed, as a file would. For tests. It is the caller's: release it; a store that was opened with it
 * keeps it alive.
 *
 * Codes: domain 3 when there is no memory left.
 */
PacelineResult paceline_disk_create(struct PacelineDisk *disk);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_disk_retain(struct PacelineDisk disk);

/**
 * Takes a reference away; after the last one the handle is stale. What is on the disk goes with it and its stores.
 */
PacelineResult paceline_disk_release(struct PacelineDisk disk);

/**
 * Finds the session of a workout that was going on when the app was last killed, or whose builder was not finished: in its
 * last state, with its dates and its payload; its builder with start, events, activities, statistics, metadata and data
 * source. It goes on from there and needs no new start; set its delegates anew, they hear nothing of the past. A session
 * that lives in this process is itself what is found. Of several the one that is going on, then the latest; the others come
 * when that one is finished or discarded.
 *
 * `session`: the handle 0 when there is nothing to recover. It is the caller's: release it.
 *
 * Waits for the disk, as a command does.
 *
 * Codes: domain 3 when it cannot be read.
 */
PacelineResult paceline_store_recover_active_workout_session(struct PacelineStore store,
                                                             struct PacelineSession *session);

/**
 * Tells which session holds the device, in this process or in another one that shares the store. To be asked before starting
 * one that would end it.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA when none does; else as paceline_store_workout_ids().
 */
PacelineResult paceline_store_session_owner(struct PacelineStore store,
                                            struct PacelineSessionOwner *owner);

/**
 * The workouts that are not finished, wherever they live, in the order in which they would be recovered: those whose session is
 * going on before others, of these the latest first. Only looks. A list as this header says under "Lists and texts".
 *
 * Codes: as paceline_store_workout_ids().
 */
PacelineResult paceline_store_unfinished_workouts(struct PacelineStore store,
                                                  struct PacelineUnfinishedWorkout *workouts,
                                                  size_t capacity,
                                                  size_t *count);

/**
 * What the app keeps with the session of a workout that is not finished, without recovering it. A list as this header says under
 * "Lists and texts", of bytes; `length` gets how many there are.
 *
 * Codes: PACELINE_ERROR_STORE_NOT_FOUND when no workout of this session is unfinished; else as paceline_store_workout_ids().
 */
PacelineResult paceline_store_unfinished_payload(struct PacelineStore store,
                                                 struct PacelineUuid session,
                                                 void *buffer,
                                                 size_t capacity,
                                                 size_t *length);

/**
 * Moves a store file out of the way, together with what the database keeps beside it, and tells its new name in the same
 * folder. For a file that cannot be opened: it is kept as it is, and a new store can be made in its place.
 *
 * `path`: UTF-8; copied. `buffer`, `capacity`, `length`: a text as this header says under "Lists and texts", with one
 * difference: a file does not move to a name that could not be told. With NULL and 0, and where there is room for fewer
 * than PACELINE_SET_ASIDE_ROOM bytes more than the path has, nothing moves, and `length` gets a length that is enough.
 *
 * Codes: PACELINE_ERROR_STORE_BUSY when this or another process has it open, and nothing is moved;
 * PACELINE_ERROR_STORE_NOT_FOUND when there is no such file; PACELINE_ERROR_STORE_CANNOT_OPEN when it is no file, or may
 * not be opened; PACELINE_ERROR_STORE_WRITE_FAILED when it cannot be moved; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_store_set_aside(const char *path,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *length);

/**
 * Opens a store. It is the caller's: release it. A file that is open in this process already is shared.
 *
 * `options`: NULL for the default, a store in memory.
 *
 * Codes: PACELINE_ERROR_STORE_CANNOT_OPEN when the file cannot be opened or made; PACELINE_ERROR_STORE_DAMAGED,
 * PACELINE_ERROR_STORE_FOREIGN and PACELINE_ERROR_STORE_TOO_NEW leave the file as it is;
 * PACELINE_ERROR_STORE_OPTIONS_DIFFER when it is open in this process with other options;
 * PACELINE_ERROR_BOUNDARY_STRUCT_SIZE; PACELINE_ERROR_INPUT_UNKNOWN for a number in the options that this release does not
 * know; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a negative span; PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for a retention of less
 * than a day.
 */
PacelineResult paceline_store_open(const struct PacelineStoreOptions *options,
                                   struct PacelineStore *store);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_store_retain(struct PacelineStore store);

/**
 * Takes a reference away; after the last one the handle is stale. The store closes when its sessions, builders and other
 * handles are released as well; callbacks that still wait are dropped. A workout that is under way is not ended.
 */
PacelineResult paceline_store_release(struct PacelineStore store);

/**
 * Takes in a packed batch of samples, laid out as this header says under "Packed batches". The samples are saved, and the
 * live builder collects what its data source selects. The bytes are read during the call and stay the caller's; they need
 * no alignment.
 *
 * `ingested`: what became of it; may be NULL.
 *
 * Codes: PACELINE_ERROR_INPUT_MALFORMED for a wrong header, length or version; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a
 * value or date that cannot be; PACELINE_ERROR_INPUT_UNKNOWN for a type or a source that is not known. Then nothing of the
 * batch is kept, and the sentence names the row. Domain 3 when it cannot be saved: send it again with the same number.
 */
PacelineResult paceline_store_ingest(struct PacelineStore store,
                                     const void *batch,
                                     size_t length,
                                     struct PacelineIngested *ingested);

/**
 * Takes in one sample; see paceline_store_ingest(). The sample's id is ignored.
 */
PacelineResult paceline_store_ingest_sample(struct PacelineStore store,
                                            const struct PacelineSample *sample,
                                            struct PacelineIngested *ingested);

/**
 * The number of a source in this store; one that is new is registered. The texts are copied.
 *
 * Codes: PACELINE_ERROR_INPUT_MALFORMED for an empty identifier or text that is not UTF-8; PACELINE_ERROR_INPUT_UNKNOWN for
 * a kind that this release does not know; domain 3 when it cannot be saved.
 */
PacelineResult paceline_store_register_source(struct PacelineStore store,
                                              const struct PacelineSource *source,
                                              uint32_t *number);

/**
 * The highest number of a batch of this source that was committed; 0 when none was. After the app was killed, its next batch has
 * the next number.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a source that was never registered; else as paceline_store_workout_ids().
 */
PacelineResult paceline_store_last_batch(struct PacelineStore store,
                                         uint32_t source,
                                         uint64_t *number);

/**
 * The ids of the saved workouts, newest first. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_HEALTH_DATABASE_INACCESSIBLE while the device is locked;
 * PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL; domain 3 when they cannot be read.
 */
PacelineResult paceline_store_workout_ids(struct PacelineStore store,
                                          struct PacelineUuid *ids,
                                          size_t capacity,
                                          size_t *count);

/**
 * A saved workout; the handle 0 when there is none with this id. It is the caller's: release it.
 *
 * Codes: as paceline_store_workout_ids().
 */
PacelineResult paceline_store_workout(struct PacelineStore store,
                                      struct PacelineUuid id,
                                      struct PacelineWorkout *workout);

/**
 * The saved workouts, newest first. A list as this header says under "Lists and texts"; each handle written is the
 * caller's: release it. A workout that this release cannot read, because a newer one saved it, is left out.
 *
 * Codes: as paceline_store_workout_ids().
 */
PacelineResult paceline_store_workouts(struct PacelineStore store,
                                       struct PacelineWorkout *workouts,
                                       size_t capacity,
                                       size_t *count);

/**
 * A page of a saved workout's samples of one type, by rising start: at most `capacity`, after the last sample of the page
 * before. `count` gets how many were written; 0 is the end.
 *
 * `after`: the last sample of the page before, which may lie in `samples`; NULL for the first page.
 *
 * Codes: PACELINE_ERROR_STORE_NOT_FOUND when there is no such workout; PACELINE_ERROR_INPUT_UNKNOWN for a type that this
 * release does not know; else as paceline_store_workout_ids().
 */
PacelineResult paceline_store_samples(struct PacelineStore store,
                                      struct PacelineUuid workout,
                                      uint32_t quantity_type,
                                      const struct PacelineSample *after,
                                      struct PacelineSample *samples,
                                      size_t capacity,
                                      size_t *count);

/**
 * How many samples the store holds, in workouts and outside.
 *
 * Codes: as paceline_store_workout_ids().
 */
PacelineResult paceline_store_sample_count(struct PacelineStore store, uint64_t *count);

/**
 * The statistics of parts of a saved workout, such as its laps, in the order of asking. Parts may leave gaps and share
 * borders, but not overlap; a reading at a shared border belongs to the later one.
 *
 * `parts` has room for `interval_count` answers. The statistics of all parts go into one list, as this header says under
 * "Lists and texts"; each part says which of them are its own.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when a part ends before it starts or two overlap;
 * PACELINE_ERROR_STORE_NOT_FOUND when there is no such workout; else as paceline_store_workout_ids().
 */
PacelineResult paceline_store_statistics_over(struct PacelineStore store,
                                              struct PacelineUuid workout,
                                              const struct PacelineInterval *intervals,
                                              size_t interval_count,
                                              struct PacelineIntervalStatistics *parts,
                                              struct PacelineStatistics *statistics,
                                              size_t capacity,
                                              size_t *count);

/**
 * Commits and syncs everything, and from then on starts no write: for the moment before the system freezes the app, which on
 * some systems must not hold a file lock then. Until paceline_store_resume() what live sessions do and collect waits in bounded
 * memory (accepted, not yet durable; delegates are not told, the app asked for it), timers of the store rest, and what cannot
 * wait (to start or recover a session, to finish or discard a builder, samples that no session collects, new sources) returns
 * PACELINE_ERROR_STORE_SUSPENDED. Reading works. Suspending twice is suspending once.
 *
 * Codes: domain 3 when something could not be saved; the store is suspended all the same.
 */
PacelineResult paceline_store_suspend(struct PacelineStore store);

/**
 * Writes again, beginning with what waited since paceline_store_suspend(). Nothing happens to a store that was not suspended.
 *
 * Codes: domain 3 when what waited cannot be saved yet; it goes on waiting, and delegates hear of it.
 * PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED when another process took the device meanwhile: the session here is
 * over, and what it did while the store was suspended is dropped.
 */
PacelineResult paceline_store_resume(struct PacelineStore store);

/**
 * Runs the timers that are due and delivers the callbacks that wait, on this thread. For stores with a manual clock or
 * PACELINE_DELIVERY_POLL. Inside a callback it delivers nothing.
 *
 * `delivered`: how many callbacks were delivered. `next_deadline`: when to poll again at the latest, PACELINE_NO_DATE
 * when no timer is set. Either may be NULL.
 */
PacelineResult paceline_store_poll(struct PacelineStore store, uint32_t *delivered, int64_t *next_deadline);

/**
 * The time as the engine sees it, microseconds since the Unix epoch.
 */
PacelineResult paceline_store_now(struct PacelineStore store, int64_t *now);

/**
 * Tells the engine what became of a request of the host. May come late, twice or never. A refusal ends the session of the
 * request: its delegate hears the error, then the state ended.
 *
 * `refusal`: 0 when it was granted, else why it was refused: PACELINE_ERROR_. `sentence`: for a person; copied, may be
 * NULL.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a code that this release does not know; domain 3 when the end of a refused
 * session cannot be saved.
 */
PacelineResult paceline_store_report_outcome(struct PacelineStore store,
                                             uint64_t request,
                                             PacelineResult refusal,
                                             const char *sentence);

/**
 * Tells the engine whether the app is in the foreground: 1 or 0.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_store_report_foreground(struct PacelineStore store, uint32_t foreground);

/**
 * Tells the engine whether the companion device launched the app to start a workout, so that it may start in the
 * background: 1 or 0.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_store_report_launched_by_companion(struct PacelineStore store, uint32_t launched);

/**
 * Tells the engine whether the device is locked: 1 or 0.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_store_report_locked(struct PacelineStore store, uint32_t locked);

/**
 * Tells the engine that permission to save workouts changed: PACELINE_AUTHORIZATION_.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
 */
PacelineResult paceline_store_report_workout_permission(struct PacelineStore store, uint32_t status);

/**
 * Tells the engine that permission to write samples of a type changed: PACELINE_TYPE_, PACELINE_AUTHORIZATION_.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
 */
PacelineResult paceline_store_report_sample_permission(struct PacelineStore store,
                                                       uint32_t quantity_type,
                                                       uint32_t status);

/**
 * Tells the engine that the process with this number is dead: the workouts it held can be recovered. It must be true; one that
 * lives would lose its workout to whoever recovers it. Without effect for a host without the capability processes.
 *
 * Codes: domain 3 when it cannot be saved.
 */
PacelineResult paceline_store_report_process_ended(struct PacelineStore store,
                                                   uint32_t process);

/**
 * Starts a session now. One that belongs to no store belongs to this one from here on.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it started before or belongs to another store; else as
 * paceline_session_start_activity().
 */
PACELINE_DEPRECATED("use paceline_session_start_activity")
PacelineResult paceline_store_start(struct PacelineStore store,
                                    struct PacelineSession session);

/**
 * Ends a session of this store.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it belongs to another store or to none; else as
 * paceline_session_end().
 */
PACELINE_DEPRECATED("use paceline_session_end")
PacelineResult paceline_store_end(struct PacelineStore store,
                                  struct PacelineSession session);

/**
 * Pauses a session of this store.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it belongs to another store or to none; else as
 * paceline_session_pause().
 */
PACELINE_DEPRECATED("use paceline_session_pause")
PacelineResult paceline_store_pause(struct PacelineStore store,
                                    struct PacelineSession session);

/**
 * Lets a paused session of this store go on.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it belongs to another store or to none; else as
 * paceline_session_resume().
 */
PACELINE_DEPRECATED("use paceline_session_resume")
PacelineResult paceline_store_resume_workout_session(struct PacelineStore store,
                                                     struct PacelineSession session);

/**
 * Makes a session. It is the caller's: release it. It reserves nothing yet. Releasing the last handle does not end a
 * session: only paceline_session_end() does.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for a configuration that is not valid;
 * PACELINE_ERROR_HEALTH_WORKOUT_ACTIVITY_NOT_ALLOWED for a type that this device refuses; PACELINE_ERROR_INPUT_UNKNOWN for
 * a number in the configuration that this release does not know; PACELINE_ERROR_INPUT_UNIT for the unit of a lap length
 * that cannot be read.
 */
PacelineResult paceline_session_create(struct PacelineStore store,
                                       const struct PacelineConfiguration *configuration,
                                       struct PacelineSession *session);

/**
 * Makes a session that belongs to no store until paceline_store_start() takes it in. Until then every command is refused;
 * it never has a builder. It is the caller's: release it.
 *
 * Codes: as paceline_session_create().
 */
PACELINE_DEPRECATED("use paceline_session_create, which gives the session a store and a builder")
PacelineResult paceline_session_create_with_configuration(const struct PacelineConfiguration *configuration,
                                                          struct PacelineSession *session);

/**
 * As paceline_session_create_with_configuration(), for a type and a place.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
 */
PACELINE_DEPRECATED("use paceline_session_create, which gives the session a store and a builder")
PacelineResult paceline_session_create_with_activity(uint32_t activity_type,
                                                     uint32_t location_type,
                                                     struct PacelineSession *session);

/**
 * Adds a reference to the handle: one more release is due. In a callback this keeps the session that was lent.
 */
PacelineResult paceline_session_retain(struct PacelineSession session);

/**
 * Takes a reference away; after the last one the handle is stale. The session goes on.
 */
PacelineResult paceline_session_release(struct PacelineSession session);

/**
 * Whether two handles stand for the same session: 1 or 0. Handles of one session may have different numbers.
 */
PacelineResult paceline_session_equal(struct PacelineSession one, struct PacelineSession other, uint32_t *equal);

/**
 * A number that is the same for all handles of a session, for hash tables.
 */
PacelineResult paceline_session_hash(struct PacelineSession session, uint64_t *hash);

/**
 * The session in words for a person who looks for a fault. A text as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_session_description(struct PacelineSession session,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *length);

/**
 * Writes the session as JSON: id, configuration, type, state and dates as they are now. The record is tied to nothing; read
 * it with paceline_session_record_from_json(), here or in another language. A text as this header says under "Lists and
 * texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_session_record_json(struct PacelineSession session,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *length);

/**
 * The id of the session, and later of the workout.
 */
PacelineResult paceline_session_id(struct PacelineSession session, struct PacelineUuid *id);

/**
 * Where the session is in its life: PACELINE_STATE_.
 */
PacelineResult paceline_session_state(struct PacelineSession session, uint32_t *state);

/**
 * Which end of a mirrored workout this is: PACELINE_SESSION_TYPE_.
 */
PacelineResult paceline_session_type(struct PacelineSession session, uint32_t *session_type);

/**
 * A copy of the configuration it was made with.
 */
PacelineResult paceline_session_configuration(struct PacelineSession session,
                                              struct PacelineConfiguration *configuration);

/**
 * The activity type of its configuration: PACELINE_ACTIVITY_.
 */
PACELINE_DEPRECATED("use paceline_session_configuration")
PacelineResult paceline_session_activity_type(struct PacelineSession session,
                                              uint32_t *activity_type);

/**
 * The location type of its configuration: PACELINE_LOCATION_.
 */
PACELINE_DEPRECATED("use paceline_session_configuration")
PacelineResult paceline_session_location_type(struct PacelineSession session,
                                              uint32_t *location_type);

/**
 * When the session first ran, microseconds since the Unix epoch; PACELINE_NO_DATE before.
 */
PacelineResult paceline_session_start_date(struct PacelineSession session, int64_t *date);

/**
 * When the session was stopped or, without that, ended; PACELINE_NO_DATE before.
 */
PacelineResult paceline_session_end_date(struct PacelineSession session, int64_t *date);

/**
 * Whether everything that happened to this session is as safe as PACELINE_DURABILITY_ promises: 1; 0 while the store cannot be
 * written, or is suspended.
 */
PacelineResult paceline_session_is_durable(struct PacelineSession session,
                                           uint32_t *durable);

/**
 * The activity in progress, or the workout as a whole when there is none. Its statistics go into a list, as this header says
 * under "Lists and texts".
 *
 * `count` and `statistics` may be NULL together: then no statistics are told.
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_session_current_activity(struct PacelineSession session,
                                                 struct PacelineActivity *activity,
                                                 struct PacelineStatistics *statistics,
                                                 size_t capacity,
                                                 size_t *count);

/**
 * Everything a screen shows, as of now; meant to be asked for once a frame. Never waits for the disk.
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL when one of the lists has too little room: both counts are told;
 * PACELINE_ERROR_BOUNDARY_STRUCT_SIZE.
 */
PacelineResult paceline_session_snapshot(struct PacelineSession session, struct PacelineSnapshot *snapshot);

/**
 * What the app keeps with this session; empty unless set. A recovered session has it too. A list as this header says under
 * "Lists and texts", of bytes; `length` gets how many there are.
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_session_payload(struct PacelineSession session,
                                        void *buffer,
                                        size_t capacity,
                                        size_t *length);

/**
 * Keeps bytes of the app with this session until its workout is finished or discarded: whatever it needs to go on after it was
 * killed. They replace the bytes before. They are copied and stay the caller's.
 *
 * `bytes`: may be NULL when `length` is 0.
 *
 * Codes: PACELINE_ERROR_HEALTH_DATA_SIZE_EXCEEDED for more than 1 MiB; PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when the
 * workout is over; domain 3 when they cannot be saved.
 */
PacelineResult paceline_session_set_payload(struct PacelineSession session,
                                            const void *bytes,
                                            size_t length);

/**
 * The builder of this session, always the same one. The handle is the caller's: release it.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for a session that was not made with a store.
 */
PacelineResult paceline_session_builder(struct PacelineSession session, struct PacelineBuilder *builder);

/**
 * Who hears of this session; NULL for nobody. The structure is copied. After the call no further call to the old delegate
 * starts; one that runs may finish.
 *
 * From this call on user_data is the library's, also when the call fails. Its release function is called once: after another
 * delegate or none was set and the last call returned, or when the session and its store are gone. A user_data that
 * itself retains the session keeps both alive until another delegate or none is set.
 *
 * Codes: PACELINE_ERROR_BOUNDARY_STRUCT_SIZE.
 */
PacelineResult paceline_session_set_delegate(struct PacelineSession session,
                                             const struct PacelineSessionDelegate *delegate);

/**
 * Enters session mode, so that sensors can warm up during a countdown. From notStarted.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state; domain 3 when it cannot be saved. A refusal by the
 * platform is told to the delegate: an error, then the state ended.
 */
PacelineResult paceline_session_prepare(struct PacelineSession session);

/**
 * Starts the activity at this date; PACELINE_NO_DATE for now. From notStarted or prepared. Another session on the device that is
 * under way ends with PACELINE_ERROR_HEALTH_ANOTHER_WORKOUT_SESSION_STARTED.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state, or for a date in the future;
 * PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999; else as paceline_session_prepare().
 */
PacelineResult paceline_session_start_activity(struct PacelineSession session,
                                               int64_t date);

/**
 * Pauses now. From running.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state; domain 3 when it cannot be saved.
 */
PacelineResult paceline_session_pause(struct PacelineSession session);

/**
 * Goes on now. From paused.
 *
 * Codes: as paceline_session_pause().
 */
PacelineResult paceline_session_resume(struct PacelineSession session);

/**
 * Stops the activity at this date; PACELINE_NO_DATE for now. From running or paused. Session mode stays on, so that the app
 * can save; the session cannot be started again.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT in any other state, for a date in the future, before the start or before
 * the last activity; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999; domain 3 when it cannot
 * be saved.
 */
PacelineResult paceline_session_stop_activity(struct PacelineSession session,
                                              int64_t date);

/**
 * Ends the session now and leaves session mode. From every state but ended. Call it on every path.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it has ended already; domain 3 when it cannot be saved.
 */
PacelineResult paceline_session_end(struct PacelineSession session);

/**
 * Begins an activity at this date: a leg of a triathlon, an interval. One that is in progress ends first.
 *
 * `metadata`: further facts, copied; the handle 0 for none.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless running or paused, when the type does not fit the workout, for a
 * date in the future or before the activity in progress began; PACELINE_ERROR_INPUT_UNKNOWN,
 * PACELINE_ERROR_INPUT_UNIT and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when it cannot be saved.
 */
PacelineResult paceline_session_begin_new_activity(struct PacelineSession session,
                                                   const struct PacelineConfiguration *configuration,
                                                   int64_t date,
                                                   struct PacelineMetadata metadata);

/**
 * Ends the activity in progress at this date; the session goes on as the workout as a whole.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless running or paused, when no activity is in progress, and for a date
 * in the future or before its start; PACELINE_ERROR_INPUT_OUT_OF_RANGE; domain 3 when it cannot be saved.
 */
PacelineResult paceline_session_end_current_activity(struct PacelineSession session,
                                                     int64_t date);

/**
 * Takes in an event that the platform detected: a motion pause, a lap of a pool swim, a press of both buttons. The state
 * does not change. The event stays the caller's.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless running (a request to pause or resume is also taken while paused),
 * for pause and resume, which have calls of their own, and for an event outside of the workout;
 * PACELINE_ERROR_INPUT_UNKNOWN and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when it cannot be
 * saved.
 */
PacelineResult paceline_session_report_event(struct PacelineSession session,
                                             const struct PacelineEvent *event);

/**
 * Ends the session with an error: the delegate hears the error, then the state ended. For hosts that learn that the platform
 * stopped the workout. Without effect after the end.
 *
 * `code`: PACELINE_ERROR_. `sentence`: for a person; copied, may be NULL.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a code that this release does not know; domain 3 when it cannot be saved.
 */
PacelineResult paceline_session_fail(struct PacelineSession session,
                                     PacelineResult code,
                                     const char *sentence);

/**
 * Reads a record that paceline_session_record_json() wrote, here or in another language.
 *
 * Codes: PACELINE_ERROR_INPUT_MALFORMED when the text is no such record; the sentence names the place.
 */
PacelineResult paceline_session_record_from_json(const char *json, struct PacelineSessionRecord *record);

/**
 * Writes a record as JSON. A text as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN, PACELINE_ERROR_INPUT_UNIT and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be
 * read; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_session_record_to_json(const struct PacelineSessionRecord *record,
                                               char *buffer,
                                               size_t capacity,
                                               size_t *length);

/**
 * Adds a reference to the handle: one more release is due. In a callback this keeps the builder that was lent.
 */
PacelineResult paceline_builder_retain(struct PacelineBuilder builder);

/**
 * Takes a reference away; after the last one the handle is stale. The workout goes on.
 */
PacelineResult paceline_builder_release(struct PacelineBuilder builder);

/**
 * Whether two handles stand for the same builder: 1 or 0.
 */
PacelineResult paceline_builder_equal(struct PacelineBuilder one, struct PacelineBuilder other, uint32_t *equal);

/**
 * Its session. The handle is the caller's: release it.
 */
PacelineResult paceline_builder_session(struct PacelineBuilder builder, struct PacelineSession *session);

/**
 * A copy of the configuration; that of the session.
 */
PacelineResult paceline_builder_configuration(struct PacelineBuilder builder,
                                              struct PacelineConfiguration *configuration);

/**
 * When collection began, microseconds since the Unix epoch; PACELINE_NO_DATE before.
 */
PacelineResult paceline_builder_start_date(struct PacelineBuilder builder, int64_t *date);

/**
 * When collection ended, microseconds since the Unix epoch; PACELINE_NO_DATE before.
 */
PacelineResult paceline_builder_end_date(struct PacelineBuilder builder, int64_t *date);

/**
 * A copy of the metadata added so far. It is the caller's: release it.
 */
PacelineResult paceline_builder_metadata(struct PacelineBuilder builder, struct PacelineMetadata *metadata);

/**
 * The events so far, by rising start. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_builder_events(struct PacelineBuilder builder,
                                       struct PacelineEvent *events,
                                       size_t capacity,
                                       size_t *count);

/**
 * A copy of the metadata of an event, by its place among the events. It is the caller's: release it.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for a place without an event.
 */
PacelineResult paceline_builder_event_metadata(struct PacelineBuilder builder,
                                               size_t place,
                                               struct PacelineMetadata *metadata);

/**
 * The activities so far, by rising start. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_builder_activities(struct PacelineBuilder builder,
                                           struct PacelineActivity *activities,
                                           size_t capacity,
                                           size_t *count);

/**
 * The statistics of an activity, by rising type code. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_builder_activity_statistics(struct PacelineBuilder builder,
                                                    struct PacelineUuid id,
                                                    struct PacelineStatistics *statistics,
                                                    size_t capacity,
                                                    size_t *count);

/**
 * A copy of the metadata of an activity. It is the caller's: release it.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known.
 */
PacelineResult paceline_builder_activity_metadata(struct PacelineBuilder builder,
                                                  struct PacelineUuid id,
                                                  struct PacelineMetadata *metadata);

/**
 * The activity in progress, with its time up to now.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA between activities and without any.
 */
PacelineResult paceline_builder_current_activity(struct PacelineBuilder builder, struct PacelineActivity *activity);

/**
 * The statistics of every type with at least one sample, by rising type code. A list as this header says under "Lists and
 * texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_builder_all_statistics(struct PacelineBuilder builder,
                                               struct PacelineStatistics *statistics,
                                               size_t capacity,
                                               size_t *count);

/**
 * The statistics of one type (PACELINE_TYPE_).
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA when no sample of it counts; PACELINE_ERROR_INPUT_UNKNOWN for a type that this
 * release does not know.
 */
PacelineResult paceline_builder_statistics(struct PacelineBuilder builder,
                                           uint32_t quantity_type,
                                           struct PacelineStatistics *statistics);

/**
 * The time without pauses up to now, or up to the end of collection, microseconds. It can go down when events of the past
 * come in.
 */
PacelineResult paceline_builder_elapsed_time(struct PacelineBuilder builder,
                                             int64_t *elapsed);

/**
 * The time without pauses up to a date, microseconds.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
 */
PacelineResult paceline_builder_elapsed_time_at(struct PacelineBuilder builder, int64_t date, int64_t *elapsed);

/**
 * Everything a screen shows, as of now; see paceline_session_snapshot().
 */
PacelineResult paceline_builder_snapshot(struct PacelineBuilder builder, struct PacelineSnapshot *snapshot);

/**
 * Who hears of this builder; NULL for nobody. As paceline_session_set_delegate().
 */
PacelineResult paceline_builder_set_delegate(struct PacelineBuilder builder,
                                             const struct PacelineBuilderDelegate *delegate);

/**
 * Whether events of the session are put in by themselves: 1 or 0. 1 unless changed.
 */
PacelineResult paceline_builder_should_collect_workout_events(struct PacelineBuilder builder, uint32_t *collect);

/**
 * Sets whether events of the session are put in by themselves: 1 or 0. When they are not, pauses of the session do not count
 * either, unless the app adds them.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT after collection began; PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_builder_set_should_collect_workout_events(struct PacelineBuilder builder,
                                                                  uint32_t collect);

/**
 * What selects the samples; the handle 0 until a data source is set. It is the caller's: release it.
 */
PacelineResult paceline_builder_data_source(struct PacelineBuilder builder, struct PacelineDataSource *source);

/**
 * Sets what selects the samples; the handle 0 for nothing: then only samples added by hand are collected. One data source
 * serves one builder; a new one replaces the old one. The caller's handle stays the caller's.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it serves another builder; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_set_data_source(struct PacelineBuilder builder,
                                                struct PacelineDataSource source);

/**
 * Begins collection at this date. It may lie in the past: events and activities of the session from then on are taken in.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it began before, when the session is over, and for a date in the
 * future; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_begin_collection(struct PacelineBuilder builder,
                                                 int64_t start);

/**
 * As paceline_builder_begin_collection(), without waiting: see PacelineCompletion.
 */
PacelineResult paceline_builder_begin_collection_async(struct PacelineBuilder builder,
                                                       int64_t start,
                                                       const struct PacelineCompletion *completion);

/**
 * Adds samples; all or none. Samples without an id are saved, others are only tied to the workout. They stay the caller's.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, or when a sample
 * starts before the workout or is part of another one; PACELINE_ERROR_HEALTH_AUTHORIZATION_DENIED and
 * PACELINE_ERROR_HEALTH_AUTHORIZATION_NOT_DETERMINED without permission for its type;
 * PACELINE_ERROR_INPUT_OUT_OF_RANGE and PACELINE_ERROR_INPUT_UNKNOWN for a wrong sample; domain 3 when they cannot be
 * saved.
 */
PacelineResult paceline_builder_add_samples(struct PacelineBuilder builder,
                                            const struct PacelineSample *samples,
                                            size_t count);

/**
 * As paceline_builder_add_samples(), without waiting: see PacelineCompletion. The samples are copied during the call.
 */
PacelineResult paceline_builder_add_samples_async(struct PacelineBuilder builder,
                                                  const struct PacelineSample *samples,
                                                  size_t count,
                                                  const struct PacelineCompletion *completion);

/**
 * Adds events; all or none. Events of the past change elapsed time and statistics as if they had come in time. They stay the
 * caller's, their metadata too.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, for events outside
 * of the workout, and for durations where there is none; PACELINE_ERROR_INPUT_UNKNOWN and
 * PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when they cannot be saved.
 */
PacelineResult paceline_builder_add_workout_events(struct PacelineBuilder builder,
                                                   const struct PacelineEvent *events,
                                                   size_t count);

/**
 * As paceline_builder_add_workout_events(), without waiting: see PacelineCompletion. The events are copied during the call.
 */
PacelineResult paceline_builder_add_workout_events_async(struct PacelineBuilder builder,
                                                         const struct PacelineEvent *events,
                                                         size_t count,
                                                         const struct PacelineCompletion *completion);

/**
 * Adds metadata, key by key; a new value replaces an old one. The metadata is copied and stays the caller's.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, and for an empty
 * key or a number that is not finite: then nothing changes; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_add_metadata(struct PacelineBuilder builder,
                                             struct PacelineMetadata metadata);

/**
 * As paceline_builder_add_metadata(), without waiting: see PacelineCompletion. The metadata is copied during the call.
 */
PacelineResult paceline_builder_add_metadata_async(struct PacelineBuilder builder,
                                                   struct PacelineMetadata metadata,
                                                   const struct PacelineCompletion *completion);

/**
 * Adds an activity by hand.
 *
 * `end`: PACELINE_NO_DATE while it is in progress. `metadata`: copied; the handle 0 for none. `id`: its id; may be NULL.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection began and the workout is not finished, when it lies
 * outside of the workout, overlaps another activity, or its type does not fit the workout; PACELINE_ERROR_INPUT_UNKNOWN,
 * PACELINE_ERROR_INPUT_UNIT and PACELINE_ERROR_INPUT_OUT_OF_RANGE for what cannot be read; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_add_workout_activity(struct PacelineBuilder builder,
                                                     const struct PacelineConfiguration *configuration,
                                                     int64_t start,
                                                     int64_t end,
                                                     struct PacelineMetadata metadata,
                                                     struct PacelineUuid *id);

/**
 * Sets the end of an activity.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for an id that is not known, an end before its start, after the workout,
 * or inside the next activity; PACELINE_ERROR_INPUT_OUT_OF_RANGE; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_update_activity_end(struct PacelineBuilder builder,
                                                    struct PacelineUuid id,
                                                    int64_t end);

/**
 * Adds metadata to an activity. The metadata is copied and stays the caller's.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT for an id that is not known and for values that are not valid: then
 * nothing changes; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_update_activity_metadata(struct PacelineBuilder builder,
                                                         struct PacelineUuid id,
                                                         struct PacelineMetadata metadata);

/**
 * Ends collection at this date. Activities that reach beyond it end with it; events and activities that begin later are left
 * out of the workout. More can be added until it is finished.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection is going on, and for a date in the future or before the
 * start; PACELINE_ERROR_INPUT_OUT_OF_RANGE; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_end_collection(struct PacelineBuilder builder,
                                               int64_t end);

/**
 * As paceline_builder_end_collection(), without waiting: see PacelineCompletion.
 */
PacelineResult paceline_builder_end_collection_async(struct PacelineBuilder builder,
                                                     int64_t end,
                                                     const struct PacelineCompletion *completion);

/**
 * Saves the workout.
 *
 * `workout`: the saved workout, the caller's: release it. The handle 0 when the device is locked: then it is saved, but
 * cannot be read yet. May be NULL.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT unless collection ended, and after it was finished or discarded;
 * PACELINE_ERROR_HEALTH_AUTHORIZATION_DENIED and PACELINE_ERROR_HEALTH_AUTHORIZATION_NOT_DETERMINED without permission to
 * save workouts: ask for it and call again, nothing is lost; domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_finish_workout(struct PacelineBuilder builder,
                                               struct PacelineWorkout *workout);

/**
 * As paceline_builder_finish_workout(), without waiting: see PacelineCompletion.
 */
PacelineResult paceline_builder_finish_workout_async(struct PacelineBuilder builder,
                                                     const struct PacelineCompletion *completion);

/**
 * Throws the workout away; its samples stay in the store. Without effect before collection began and after it was finished
 * or discarded.
 *
 * Codes: domain 3 when it cannot be saved.
 */
PacelineResult paceline_builder_discard_workout(struct PacelineBuilder builder);

/**
 * Makes a data source: of all that is ingested while the session is under way, it selects the samples of the chosen types
 * that match their predicate. It is the caller's: release it; a builder that it serves keeps it alive.
 *
 * `configuration`: it starts with the default types of this configuration, and follows the activities of a multi-sport
 * workout until the first change by hand. NULL: it starts without any type.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN and PACELINE_ERROR_INPUT_UNIT for a configuration that cannot be read.
 */
PacelineResult paceline_data_source_create(const struct PacelineConfiguration *configuration,
                                           struct PacelineDataSource *source);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_data_source_retain(struct PacelineDataSource source);

/**
 * Takes a reference away; after the last one the handle is stale.
 */
PacelineResult paceline_data_source_release(struct PacelineDataSource source);

/**
 * Whether two handles stand for the same data source: 1 or 0.
 */
PacelineResult paceline_data_source_equal(struct PacelineDataSource one,
                                          struct PacelineDataSource other,
                                          uint32_t *equal);

/**
 * The types it collects.
 */
PacelineResult paceline_data_source_types_to_collect(struct PacelineDataSource source, struct PacelineTypeSet *types);

/**
 * Collects a type (PACELINE_TYPE_), before and during a workout. For a type that is collected already, the predicate is
 * replaced.
 *
 * `predicate`: which samples; NULL for all. Copied.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a type that this release does not know; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a
 * date outside of the years 1 to 9999; domain 3 when it serves a builder and the change cannot be saved.
 */
PacelineResult paceline_data_source_enable_collection(struct PacelineDataSource source,
                                                      uint32_t quantity_type,
                                                      const struct PacelinePredicate *predicate);

/**
 * Stops collecting a type (PACELINE_TYPE_); what was collected stays.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a type that this release does not know; domain 3 when it serves a builder and the
 * change cannot be saved.
 */
PacelineResult paceline_data_source_disable_collection(struct PacelineDataSource source,
                                                       uint32_t quantity_type);

/**
 * Adds a reference to the handle: one more release is due. In a callback this keeps the workout that was lent.
 */
PacelineResult paceline_workout_retain(struct PacelineWorkout workout);

/**
 * Takes a reference away; after the last one the handle is stale. The workout stays in the store.
 */
PacelineResult paceline_workout_release(struct PacelineWorkout workout);

/**
 * Id, configuration, dates, duration, and how long its lists are.
 */
PacelineResult paceline_workout_summary(struct PacelineWorkout workout, struct PacelineWorkoutSummary *summary);

/**
 * A copy of its metadata, that derived from the configuration included. It is the caller's: release it.
 */
PacelineResult paceline_workout_metadata(struct PacelineWorkout workout, struct PacelineMetadata *metadata);

/**
 * What happened, by rising start. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_workout_events(struct PacelineWorkout workout,
                                       struct PacelineEvent *events,
                                       size_t capacity,
                                       size_t *count);

/**
 * A copy of the metadata of an event, by its place among the events. It is the caller's: release it.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for a place without an event.
 */
PacelineResult paceline_workout_event_metadata(struct PacelineWorkout workout,
                                               size_t place,
                                               struct PacelineMetadata *metadata);

/**
 * Its parts, by rising start. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_workout_activities(struct PacelineWorkout workout,
                                           struct PacelineActivity *activities,
                                           size_t capacity,
                                           size_t *count);

/**
 * The statistics of one of its activities, by rising type code. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_workout_activity_statistics(struct PacelineWorkout workout,
                                                    struct PacelineUuid id,
                                                    struct PacelineStatistics *statistics,
                                                    size_t capacity,
                                                    size_t *count);

/**
 * The events that lie inside one of its activities, wholly or in part. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known; PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_workout_activity_events(struct PacelineWorkout workout,
                                                struct PacelineUuid id,
                                                struct PacelineEvent *events,
                                                size_t capacity,
                                                size_t *count);

/**
 * A copy of the metadata of one of its activities. It is the caller's: release it.
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA for an id that is not known.
 */
PacelineResult paceline_workout_activity_metadata(struct PacelineWorkout workout,
                                                  struct PacelineUuid id,
                                                  struct PacelineMetadata *metadata);

/**
 * The statistics of every type with a sample, by rising type code. A list as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_workout_all_statistics(struct PacelineWorkout workout,
                                               struct PacelineStatistics *statistics,
                                               size_t capacity,
                                               size_t *count);

/**
 * The statistics of one type (PACELINE_TYPE_).
 *
 * Codes: PACELINE_ERROR_HEALTH_NO_DATA when the workout has no sample of it; PACELINE_ERROR_INPUT_UNKNOWN for a type that
 * this release does not know.
 */
PacelineResult paceline_workout_statistics(struct PacelineWorkout workout,
                                           uint32_t quantity_type,
                                           struct PacelineStatistics *statistics);

/**
 * Makes a simulation that begins at this date, in microseconds since the Unix epoch: one time, and devices that exist only in
 * memory. Time stands until it is advanced; callbacks come inside that and inside paceline_simulation_poll(). The same
 * calls with the same seed give the same run, ids included. It is the caller's: release it.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
 */
PacelineResult paceline_simulation_create(int64_t start,
                                          uint64_t seed,
                                          struct PacelineSimulation *simulation);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_simulation_retain(struct PacelineSimulation simulation);

/**
 * Takes a reference away; after the last one the handle is stale.
 */
PacelineResult paceline_simulation_release(struct PacelineSimulation simulation);

/**
 * The present time of all devices, microseconds since the Unix epoch.
 */
PacelineResult paceline_simulation_now(struct PacelineSimulation simulation, int64_t *now);

/**
 * The simulation's clock, for stores of other kinds that are to live in the same time. It is the caller's: release it.
 */
PacelineResult paceline_simulation_clock(struct PacelineSimulation simulation, struct PacelineClock *clock);

/**
 * Lets so many microseconds pass: stops at every timer on the way, in order, delivers what is due on this thread, and goes
 * on.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a negative span.
 */
PacelineResult paceline_simulation_advance(struct PacelineSimulation simulation,
                                           int64_t by);

/**
 * Lets time pass up to a date; nothing happens when it has passed.
 *
 * Codes: PACELINE_ERROR_INPUT_OUT_OF_RANGE for a date outside of the years 1 to 9999.
 */
PacelineResult paceline_simulation_advance_to(struct PacelineSimulation simulation, int64_t to);

/**
 * Delivers on this thread what waits on every device, device by device in the order in which they were added, until
 * nothing is left.
 *
 * `delivered`: how many callbacks were delivered; may be NULL.
 */
PacelineResult paceline_simulation_poll(struct PacelineSimulation simulation, uint32_t *delivered);

/**
 * Adds a device. At first its app is in the foreground, the device unlocked, and everything permitted. The handle is the
 * caller's: release it; the simulation keeps the device alive.
 *
 * `options`: NULL for a device that refuses nothing.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when the name is empty or taken; PACELINE_ERROR_INPUT_UNKNOWN for an
 * activity type or an arbitration that this release does not know.
 */
PacelineResult paceline_simulation_add_device(struct PacelineSimulation simulation,
                                              const char *name,
                                              const struct PacelineDeviceOptions *options,
                                              struct PacelineDevice *device);

/**
 * The device of this name; the handle 0 when there is none. It is the caller's: release it.
 */
PacelineResult paceline_simulation_device(struct PacelineSimulation simulation,
                                          const char *name,
                                          struct PacelineDevice *device);

/**
 * Adds a reference to the handle: one more release is due.
 */
PacelineResult paceline_device_retain(struct PacelineDevice device);

/**
 * Takes a reference away; after the last one the handle is stale.
 */
PacelineResult paceline_device_release(struct PacelineDevice device);

/**
 * Its name. A text as this header says under "Lists and texts".
 *
 * Codes: PACELINE_ERROR_BOUNDARY_BUFFER_TOO_SMALL.
 */
PacelineResult paceline_device_name(struct PacelineDevice device, char *buffer, size_t capacity, size_t *length);

/**
 * Its store, in memory, on the simulation's clock. After paceline_device_kill() it refuses every call; after
 * paceline_device_relaunch() the device has another one, to be asked for anew. The handle is the caller's: release it.
 */
PacelineResult paceline_device_store(struct PacelineDevice device, struct PacelineStore *store);

/**
 * Kills the app: what was committed stays on the device's disk, everything else is lost, no delegate hears anything. What the
 * caller still holds of the app, its store, sessions, builders and data sources, returns
 * PACELINE_ERROR_BOUNDARY_STALE_HANDLE from every command; getters show what they showed last. Their handles are still the
 * caller's: release them. Nothing happens to an app that was killed before.
 */
PacelineResult paceline_device_kill(struct PacelineDevice device);

/**
 * Launches the app anew, on the same disk. One that runs is killed first. Ask for the store again, and recover.
 *
 * Codes: domain 3 when the store cannot be opened.
 */
PacelineResult paceline_device_relaunch(struct PacelineDevice device);

/**
 * The battery runs empty, or the system starts anew: the app is killed as by paceline_device_kill(), and from
 * paceline_device_relaunch() on the device counts its elapsed time from zero. Its wall clock goes on; follow this with
 * paceline_device_jump_clock() for a device that forgets the time.
 */
PacelineResult paceline_device_reboot(struct PacelineDevice device);

/**
 * The wall clock of this device alone is set: forward by so many microseconds, or back by a negative number. No time passes.
 */
PacelineResult paceline_device_jump_clock(struct PacelineDevice device,
                                          int64_t by);

/**
 * The device's disk refuses to be written (0) from now on, as one that is full or read-only does, or takes everything again (1).
 * What is on it can be read all the time.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_device_set_disk_writable(struct PacelineDevice device,
                                                 uint32_t writable);

/**
 * The app comes to the foreground (1) or leaves it (0).
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_device_set_foreground(struct PacelineDevice device, uint32_t foreground);

/**
 * Whether the companion device launched the app to start a workout: 1 or 0.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_device_set_launched_by_companion(struct PacelineDevice device, uint32_t launched);

/**
 * The device is locked (1) or unlocked (0).
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for any other number.
 */
PacelineResult paceline_device_set_locked(struct PacelineDevice device, uint32_t locked);

/**
 * The person answers whether workouts may be saved: PACELINE_AUTHORIZATION_.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
 */
PacelineResult paceline_device_set_workout_permission(struct PacelineDevice device, uint32_t status);

/**
 * The person answers whether samples of a type may be written: PACELINE_TYPE_, PACELINE_AUTHORIZATION_.
 *
 * Codes: PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know.
 */
PacelineResult paceline_device_set_sample_permission(struct PacelineDevice device,
                                                     uint32_t quantity_type,
                                                     uint32_t status);

/**
 * Whether the platform keeps a session of this device running: 1 or 0.
 */
PacelineResult paceline_device_in_session_mode(struct PacelineDevice device, uint32_t *in_session_mode);

/**
 * The platform stops keeping the latest session running, with this error (PACELINE_ERROR_): the session fails with it, then
 * ends.
 *
 * `sentence`: for a person; copied, may be NULL.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when it keeps none; PACELINE_ERROR_INPUT_UNKNOWN for a code that this
 * release does not know.
 */
PacelineResult paceline_device_refuse_session_mode(struct PacelineDevice device,
                                                   PacelineResult code,
                                                   const char *sentence);

/**
 * The platform answers the oldest question whether a session may start while another one is under way, on a device with
 * PACELINE_ARBITRATION_ASK: granted, the other one ends and it starts; refused, it fails with this error and ends.
 *
 * `refusal`: 0 to grant, else why it is refused: PACELINE_ERROR_. `sentence`: for a person; copied, may be NULL.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when nothing was asked; PACELINE_ERROR_INPUT_UNKNOWN for a code that this release
 * does not know; domain 3 when it cannot be saved.
 */
PacelineResult paceline_device_arbitrate(struct PacelineDevice device,
                                         PacelineResult refusal,
                                         const char *sentence);

/**
 * Sends the engine's log lines up to this level (PACELINE_LOG_) to a sink; NULL stops that. One sink serves the process. No
 * measured value stands in a line above PACELINE_LOG_TRACE.
 *
 * `delivery_kind`: with PACELINE_DELIVERY_THREAD a thread of the engine calls the sink, with PACELINE_DELIVERY_POLL
 * whoever calls paceline_store_poll() for any store.
 *
 * From this call on user_data is the library's, also when the call fails. Its release function is called once, after
 * another sink or none was set and the last call returned.
 *
 * Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when the program has a logger of its own, which gets the lines already;
 * PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know; PACELINE_ERROR_BOUNDARY_STRUCT_SIZE.
 */
PacelineResult paceline_set_log_sink(uint32_t level,
                                     uint32_t delivery_kind,
                                     const struct PacelineLogSink *sink);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

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
#if UINTPTR_MAX > 0xffffffffu
PACELINE_ASSERT_SIZE(PacelineBuilderDelegate, 56);
PACELINE_ASSERT_SIZE(PacelineCompletion, 32);
PACELINE_ASSERT_SIZE(PacelineErrorDetails, 24);
PACELINE_ASSERT_SIZE(PacelineStore, 8);
PACELINE_ASSERT_SIZE(PacelineSession, 8);
PACELINE_ASSERT_SIZE(PacelineBuilder, 8);
PACELINE_ASSERT_SIZE(PacelineDataSource, 8);
PACELINE_ASSERT_SIZE(PacelineWorkout, 8);
PACELINE_ASSERT_SIZE(PacelineMetadata, 8);
PACELINE_ASSERT_SIZE(PacelineClock, 8);
PACELINE_ASSERT_SIZE(PacelineDisk, 8);
PACELINE_ASSERT_SIZE(PacelineHost, 8);
PACELINE_ASSERT_SIZE(PacelineSimulation, 8);
PACELINE_ASSERT_SIZE(PacelineDevice, 8);
PACELINE_ASSERT_SIZE(PacelineHostRequest, 48);
PACELINE_ASSERT_SIZE(PacelineHostCallbacks, 72);
PACELINE_ASSERT_SIZE(PacelineLogSink, 32);
PACELINE_ASSERT_SIZE(PacelineSessionOwner, 80);
PACELINE_ASSERT_SIZE(PacelineUnfinishedWorkout, 104);
PACELINE_ASSERT_SIZE(PacelineSessionRecord, 88);
PACELINE_ASSERT_SIZE(PacelineSessionDelegate, 80);
PACELINE_ASSERT_SIZE(PacelineDeviceOptions, 24);
PACELINE_ASSERT_SIZE(PacelineSnapshot, 224);
PACELINE_ASSERT_SIZE(PacelineIngested, 16);
PACELINE_ASSERT_SIZE(PacelineSource, 24);
PACELINE_ASSERT_SIZE(PacelineInterval, 16);
PACELINE_ASSERT_SIZE(PacelineIntervalStatistics, 32);
PACELINE_ASSERT_SIZE(PacelineStoreOptions, 96);
PACELINE_ASSERT_SIZE(PacelineUuid, 16);
PACELINE_ASSERT_SIZE(PacelineTypeSet, 32);
PACELINE_ASSERT_SIZE(PacelineConfiguration, 48);
PACELINE_ASSERT_SIZE(PacelineEvent, 32);
PACELINE_ASSERT_SIZE(PacelineActivity, 96);
PACELINE_ASSERT_SIZE(PacelineStatistics, 88);
PACELINE_ASSERT_SIZE(PacelineSample, 40);
PACELINE_ASSERT_SIZE(PacelinePredicate, 32);
PACELINE_ASSERT_SIZE(PacelineWorkoutSummary, 104);
#endif
#undef PACELINE_ASSERT_SIZE

#endif  /* PACELINE_H */
