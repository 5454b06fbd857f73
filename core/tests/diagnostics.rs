//! Log lines reach a sink outside of every lock, and hold no measured value above `trace`. One test, because a process has
//! one logger.
#![allow(
    clippy::unwrap_used,
    clippy::manual_assert,
    reason = "what helpers of a test cannot do fails the test"
)]

mod common;

use common::{Recorder, Rig, reading};
use paceline::*;
use std::sync::{Arc, Mutex};

struct Sink {
    lines: Mutex<Vec<(LogLevel, String, String)>>,
    store: HealthStore,
}

impl LogSink for Sink {
    fn log(&self, level: LogLevel, target: &str, message: &str) {
        // Calling back is normal use.
        self.store.workouts().unwrap();
        self.lines.lock().unwrap().push((level, target.to_owned(), message.to_owned()));
        if message.contains("panicked") {
            log::warn!(target: "paceline::test", "{message}");
            panic!("a sink that fails");
        }
    }
}

struct Panics;

impl WorkoutSessionDelegate for Panics {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        _: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        panic!("a delegate that fails");
    }
}

#[test]
fn lines_reach_the_sink_and_hold_no_measured_value() {
    let rig = Rig::new();
    let sink = Arc::new(Sink { lines: Mutex::default(), store: rig.store.clone() });
    let as_sink = || Some(Arc::clone(&sink) as Arc<dyn LogSink>);
    set_log_sink(LogLevel::Debug, Delivery::Poll, as_sink()).unwrap();

    log::warn!(target: "another_library", "not ours");
    let (session, _) = rig.running(WorkoutActivityType::Running);
    for second in 0..20 {
        rig.wait(1);
        rig.store.ingest_sample(&reading(QuantityType::HeartRate, 173.25, second)).unwrap();
    }
    session.set_delegate(Some(Arc::new(Panics)));
    session.pause().unwrap();
    rig.store.poll();
    session.resume().unwrap();
    session.set_delegate(Some(Arc::new(Recorder { name: "", transcript: rig.transcript.clone() })));
    rig.finish(&session);
    rig.store.poll();

    let lines = std::mem::take(&mut *sink.lines.lock().unwrap());
    let panics = lines.iter().filter(|(level, ..)| *level == LogLevel::Error).count();
    assert_eq!(panics, 1, "the delegate that failed is told, and a sink that fails stops nothing: {lines:?}");
    for (level, target, message) in &lines {
        assert!(target.starts_with("paceline"), "{target}: {message}");
        assert!(*level < LogLevel::Trace && !message.contains("173"), "{target}: {message}");
    }

    // What came up while lines were handed over waits for the next time, so that it comes to an end.
    rig.store.poll();
    assert_eq!(std::mem::take(&mut *sink.lines.lock().unwrap()).len(), 1);
    set_log_sink(LogLevel::Debug, Delivery::Poll, None).unwrap();
    set_log_sink(LogLevel::Debug, Delivery::Poll, as_sink()).unwrap();

    // More than can wait: the oldest are dropped, and that is told.
    for number in 0..2000 {
        log::info!(target: "paceline::test", "line {number}");
    }
    rig.store.poll();
    let lines = std::mem::take(&mut *sink.lines.lock().unwrap());
    assert_eq!(lines.len(), 1025);
    assert_eq!(lines[0].2, "976 earlier lines were dropped");
    assert_eq!(lines[1024].2, "line 1999");

    // By a thread of the engine.
    set_log_sink(LogLevel::Warn, Delivery::Thread, as_sink()).unwrap();
    log::info!(target: "paceline::test", "too quiet");
    log::warn!(target: "paceline::test", "loud enough");
    while sink.lines.lock().unwrap().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(sink.lines.lock().unwrap().len(), 1);

    set_log_sink(LogLevel::Warn, Delivery::Thread, None).unwrap();
    log::error!(target: "paceline::test", "nobody listens");
    rig.store.poll();
    assert_eq!(sink.lines.lock().unwrap().len(), 1);
}
