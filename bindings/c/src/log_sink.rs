//! A function of C that hears the engine's log lines.

use crate::error::{PacelineResult, c_text};
use crate::foreign::{Foreign, PacelineRelease, take_optional};
use crate::guard::guard;
use crate::names::{Enumeration, known};
use crate::store_options::delivery;
use paceline::{LogLevel, LogSink, set_log_sink};
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// Hears the engine's log lines, one after the other. Start with PACELINE_LOG_SINK_INIT.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineLogSink {
    /// sizeof(PacelineLogSink).
    pub struct_size: usize,
    /// The first argument of every call; the library's until release.
    pub user_data: *mut c_void,
    /// Gives user_data back. May be NULL.
    pub release: PacelineRelease,
    /// One line. level: PACELINE_LOG_. target: which part of the engine speaks. Both texts live until the call returns. May
    /// call the engine. May be NULL.
    pub log: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            level: u32,
            target: *const c_char,
            message: *const c_char,
        ),
    >,
}

struct CLogSink(Foreign<PacelineLogSink>);

impl LogSink for CLogSink {
    fn log(&self, level: LogLevel, target: &str, message: &str) {
        let Some(call) = self.0.log else { return };
        let (target, message) = (c_text(target), c_text(message));
        // Both texts outlive the call.
        unsafe { call(self.0.user_data(), level.number(), target.as_ptr(), message.as_ptr()) }
    }
}

/// Sends the engine's log lines up to this level (PACELINE_LOG_) to a sink; NULL stops that. One sink serves the process. No
/// measured value stands in a line above PACELINE_LOG_TRACE.
///
/// `delivery_kind`: with PACELINE_DELIVERY_THREAD a thread of the engine calls the sink, with PACELINE_DELIVERY_POLL
/// whoever calls paceline_store_poll() for any store.
///
/// From this call on user_data is the library's, also when the call fails. Its release function is called once, after
/// another sink or none was set and the last call returned.
///
/// Codes: PACELINE_ERROR_HEALTH_INVALID_ARGUMENT when the program has a logger of its own, which gets the lines already;
/// PACELINE_ERROR_INPUT_UNKNOWN for a number that this release does not know; PACELINE_ERROR_BOUNDARY_STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_set_log_sink(
    level: u32,
    delivery_kind: u32,
    sink: *const PacelineLogSink,
) -> PacelineResult {
    guard(|| {
        let sink = take_optional(sink, "sink")?.map(|sink| Arc::new(CLogSink(sink)) as Arc<dyn LogSink>);
        set_log_sink(known(level)?, delivery(delivery_kind)?, sink)
    })
}
