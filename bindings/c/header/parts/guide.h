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
