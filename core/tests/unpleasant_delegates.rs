//! Delegates and hosts that misbehave, and many threads at once. Nothing here is proved by sleeping: threads tell each
//! other when they are where they should be, and time limits only turn a hang into a failure.

mod common;

use common::*;
use paceline::*;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// When something counts as hanging.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs something that may hang.
fn in_time<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, outcome) = channel();
    let runner = thread::spawn(move || done.send(body()));
    match outcome.recv_timeout(LIMIT) {
        Ok(outcome) => outcome,
        Err(RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(RecvTimeoutError::Disconnected) => match runner.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(_) => unreachable!("it sends before it ends"),
        },
    }
}

fn soon<T>(receiver: &Receiver<T>) -> T {
    receiver.recv_timeout(LIMIT).expect("a callback in time")
}

/// Waits for something that happens on another thread and tells nobody.
fn until(what: &str, happened: impl Fn() -> bool) {
    let limit = Instant::now() + LIMIT;
    while !happened() {
        assert!(Instant::now() < limit, "{what} never happened");
        thread::yield_now();
    }
}

type OnState = dyn Fn(&WorkoutSession, WorkoutSessionState) + Send + Sync;
type OnEvent = dyn Fn(&WorkoutSession, &WorkoutEvent) + Send + Sync;
type OnData = dyn Fn(&LiveWorkoutBuilder, &TypeSet) + Send + Sync;

/// A delegate made of closures.
struct On {
    state: Box<OnState>,
    event: Box<OnEvent>,
    data: Box<OnData>,
}

impl Default for On {
    fn default() -> Self {
        Self { state: Box::new(|_, _| {}), event: Box::new(|_, _| {}), data: Box::new(|_, _| {}) }
    }
}

impl On {
    fn state(state: impl Fn(&WorkoutSession, WorkoutSessionState) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { state: Box::new(state), ..Self::default() })
    }

    fn data(data: impl Fn(&LiveWorkoutBuilder, &TypeSet) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { data: Box::new(data), ..Self::default() })
    }
}

impl WorkoutSessionDelegate for On {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        (self.state)(session, to);
    }

    fn did_generate_event(&self, session: &WorkoutSession, event: &WorkoutEvent) {
        (self.event)(session, event);
    }
}

impl LiveWorkoutBuilderDelegate for On {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, types: &TypeSet) {
        (self.data)(builder, types);
    }
}

const BOTH: [Delivery; 2] = [Delivery::Poll, Delivery::Thread];

fn store(delivery: Delivery) -> HealthStore {
    HealthStore::open(StoreOptions::new().delivery(delivery)).expect("a store")
}

/// A session that collects the default types of a run. Nothing has happened to it.
fn fresh(store: &HealthStore) -> (WorkoutSession, LiveWorkoutBuilder) {
    let run = of(WorkoutActivityType::Running);
    let session = WorkoutSession::new(store, run.clone()).expect("a session");
    let builder = session.associated_workout_builder().expect("a builder");
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run)))).expect("a data source");
    (session, builder)
}

fn running(store: &HealthStore) -> (WorkoutSession, LiveWorkoutBuilder) {
    let (session, builder) = fresh(store);
    session.start_activity(None).expect("a start");
    builder.begin_collection(session.start_date().expect("started")).expect("collection");
    (session, builder)
}

fn sample_now(store: &HealthStore, kind: QuantityType) -> QuantitySample {
    QuantitySample::in_stored_unit(kind, 100.0, store.now(), store.now()).expect("a sample")
}

#[test]
fn a_panic_in_a_callback_stops_nothing() {
    for delivery in BOTH {
        let store = store(delivery);
        let (session, _) = fresh(&store);
        let (told, heard) = channel();
        session.set_delegate(Some(On::state(move |_, to| {
            told.send(to).expect("someone listens");
            panic!("on purpose");
        })));
        session.start_activity(None).unwrap();
        session.pause().unwrap();
        session.end().unwrap();
        store.poll();
        for expected in
            [WorkoutSessionState::Running, WorkoutSessionState::Paused, WorkoutSessionState::Ended]
        {
            assert_eq!(soon(&heard), expected);
        }
    }
}

#[test]
fn a_whole_workout_is_run_from_inside_callbacks() {
    for delivery in BOTH {
        let workout = in_time(move || {
            let store = store(delivery);
            let (session, _) = fresh(&store);
            let (told, heard) = channel();
            let inner = store.clone();
            let pauses = AtomicU32::new(0);
            session.set_delegate(Some(On::state(move |session, to| {
                use WorkoutSessionState as S;
                let builder = session.associated_workout_builder().expect("a builder");
                let run = || of(WorkoutActivityType::Running);
                assert_eq!(inner.poll().delivered, 0, "poll inside a callback delivers nothing");
                // Getters answer.
                let _ =
                    (session.snapshot(), session.current_activity(), session.configuration(), session.id());
                let _ = (builder.elapsed_time(), builder.all_statistics(), builder.workout_events());
                match (to, pauses.load(Ordering::Relaxed)) {
                    (S::Running, 0) => {
                        builder.begin_collection(session.start_date().expect("started")).expect("collection");
                        inner.ingest_sample(&sample_now(&inner, QuantityType::HeartRate)).expect("a sample");
                        builder
                            .add_samples(&[sample_now(&inner, QuantityType::StepCount)])
                            .expect("a sample");
                        session.pause().expect("a pause");
                    }
                    (S::Paused, 0) => {
                        pauses.store(1, Ordering::Relaxed);
                        session.resume().expect("a resume");
                    }
                    (S::Running, _) => {
                        session.begin_new_activity(run(), inner.now(), Metadata::new()).expect("an activity");
                        session.end_current_activity(inner.now()).expect("its end");
                        builder.add_metadata(text("a", "b")).expect("metadata");
                        let marker = WorkoutEvent::at(WorkoutEventType::Marker, inner.now());
                        session.report_event(marker.clone()).expect("an event");
                        builder.add_workout_events(vec![marker]).expect("an event");
                        let source = builder.data_source().expect("one was set");
                        source.enable_collection(QuantityType::StepCount, None).expect("a type");
                        let other = WorkoutSession::new(&inner, run()).expect("another session");
                        other.end().expect("its end");
                        session.stop_activity(None).expect("a stop");
                    }
                    (S::Stopped, _) => {
                        builder.end_collection(inner.now()).expect("an end");
                        let workout = builder.finish_workout().expect("a finish").expect("not locked");
                        assert_eq!(inner.workouts().expect("readable"), std::slice::from_ref(&workout));
                        session.end().expect("an end");
                        told.send(workout).expect("someone listens");
                    }
                    _ => {}
                }
            })));
            session.start_activity(None).unwrap();
            store.poll();
            soon(&heard)
        });
        assert_eq!((workout.events.len(), workout.activities.len(), workout.statistics.len()), (4, 1, 2));
    }
}

#[test]
fn a_delegate_that_replaces_itself_is_not_called_again() {
    for delivery in BOTH {
        let store = store(delivery);
        let (session, _) = fresh(&store);
        let (told, heard) = channel();
        let second_told = told.clone();
        session.set_delegate(Some(On::state(move |session, to| {
            let told = second_told.clone();
            session.set_delegate(Some(On::state(move |session, to| {
                told.send(("second", to)).expect("someone listens");
                session.set_delegate(None);
            })));
            second_told.send(("first", to)).expect("someone listens");
        })));
        drop(told);
        session.start_activity(None).unwrap();
        session.pause().unwrap();
        session.resume().unwrap();
        session.end().unwrap();
        store.poll();
        assert_eq!(soon(&heard), ("first", WorkoutSessionState::Running));
        assert_eq!(soon(&heard), ("second", WorkoutSessionState::Paused));
        // Both delegates are gone, and nobody was called for what came after.
        assert!(heard.recv_timeout(LIMIT).is_err_and(|error| error == RecvTimeoutError::Disconnected));
    }
}

#[test]
fn a_session_ended_from_inside_its_first_callback() {
    for delivery in BOTH {
        let store = store(delivery);
        let (session, _) = fresh(&store);
        let (told, heard) = channel();
        session.set_delegate(Some(On::state(move |session, to| {
            if to == WorkoutSessionState::Running {
                session.end().expect("an end");
                assert_eq!(session.state(), WorkoutSessionState::Ended);
            }
            told.send(to).expect("someone listens");
        })));
        session.start_activity(None).unwrap();
        store.poll();
        assert_eq!(soon(&heard), WorkoutSessionState::Running);
        assert_eq!(soon(&heard), WorkoutSessionState::Ended);
    }
}

#[test]
fn the_last_handle_is_let_go_inside_a_callback() {
    for delivery in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let clock = ManualClock::new(at(0));
        let mut options = StoreOptions::new().path(&path).delivery(delivery);
        if delivery == Delivery::Poll {
            options = options.clock(&clock);
        }
        let store = HealthStore::open(options).unwrap();
        let (session, builder) = fresh(&store);
        let (told, heard) = channel();
        let handles: Arc<Mutex<Option<Handles>>> = Arc::default();
        let held = Arc::clone(&handles);
        session.set_delegate(Some(On::state(move |_, _| {
            // Waits until there is something to let go.
            until("handing over", || held.lock().is_ok_and(|handles| handles.is_some()));
            drop(held.lock().expect("no panic").take());
            let _ = told.send(());
        })));
        session.start_activity(None).unwrap();
        *handles.lock().unwrap() = Some((store, session, builder));
        if delivery == Delivery::Poll {
            let clock = clock.clone();
            in_time(move || clock.advance(secs(1)));
        }
        soon(&heard);
        // The engine is gone when the file can be opened with other options.
        let other = || HealthStore::open(StoreOptions::new().path(&path).sync_every(None));
        until("the end of the engine", || other().is_ok());
        let look = rusqlite::Connection::open(&path).unwrap();
        let live: i64 = look.query_row("SELECT count(*) FROM live", [], |row| row.get(0)).unwrap();
        assert_eq!(live, 1, "the session lives on in the journal");
    }
}

type Handles = (HealthStore, WorkoutSession, LiveWorkoutBuilder);

/// Lets go of the store's handle, and asks the engine something first.
struct AsksWhenDropped(HealthStore, Sender<u64>);

impl Drop for AsksWhenDropped {
    fn drop(&mut self) {
        let _ = self.1.send(self.0.sample_count().unwrap_or(u64::MAX));
    }
}

impl WorkoutSessionDelegate for AsksWhenDropped {}

#[test]
fn a_delegate_may_call_the_engine_while_it_is_replaced() {
    let store = store(Delivery::Poll);
    let (session, _) = fresh(&store);
    let (told, heard) = channel();
    session.set_delegate(Some(Arc::new(AsksWhenDropped(store, told))));
    in_time(move || session.set_delegate(None));
    assert_eq!(soon(&heard), 0);
}

#[test]
fn a_delegate_may_call_the_engine_when_its_session_is_let_go() {
    let store = store(Delivery::Poll);
    let (session, builder) = fresh(&store);
    let (told, heard) = channel();
    session.set_delegate(Some(Arc::new(AsksWhenDropped(store.clone(), told))));
    session.end().unwrap();
    store.poll();
    drop((session, builder));
    in_time(move || WorkoutSession::new(&store, of(WorkoutActivityType::Running)).map(drop)).unwrap();
    assert_eq!(soon(&heard), 0);
}

#[test]
fn a_delegate_that_blocks_delays_callbacks_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let span = Duration::from_millis(20);
    let options = StoreOptions::new().path(&path).durability(Durability::Within(span));
    let store = HealthStore::open(options).unwrap();
    let (session, builder) = running(&store);
    let (told, heard) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let calls = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&calls);
    builder.set_delegate(Some(On::data(move |_, types| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        let names: Vec<_> = types.iter().map(QuantityType::name).collect();
        told.send(names.join(",")).expect("someone listens");
        if first {
            soon(&released.lock().expect("no panic"));
        }
    })));
    store.ingest_sample(&sample_now(&store, QuantityType::HeartRate)).unwrap();
    assert_eq!(soon(&heard), "heartRate");
    // It blocks now. Everything else goes on.
    for _ in 0..500 {
        store.ingest_sample(&sample_now(&store, QuantityType::HeartRate)).unwrap();
        store.ingest_sample(&sample_now(&store, QuantityType::ActiveEnergyBurned)).unwrap();
    }
    assert_eq!(builder.statistics(QuantityType::HeartRate).unwrap().count, 501);
    let look = rusqlite::Connection::open(&path).unwrap();
    until("the commit of gathered samples", || {
        look.query_row("SELECT count(*) FROM sample", [], |row| row.get::<_, i64>(0)).unwrap() == 1001
    });
    session.pause().unwrap();
    session.resume().unwrap();
    assert_eq!(store.poll().delivered, 0, "delivery is going on elsewhere");
    // What came in meanwhile waits as one call.
    builder.add_samples(&[sample_now(&store, QuantityType::StepCount)]).unwrap();
    release.send(()).unwrap();
    assert_eq!(soon(&heard), "activeEnergyBurned,stepCount,heartRate");
    store.ingest_sample(&sample_now(&store, QuantityType::HeartRate)).unwrap();
    assert_eq!(soon(&heard), "heartRate");
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[test]
fn no_call_starts_after_the_delegate_was_taken_away() {
    let store = store(Delivery::Thread);
    let (session, _) = fresh(&store);
    let (told, heard) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    session.set_delegate(Some(On::state(move |_, to| {
        told.send(to).expect("someone listens");
        soon(&released.lock().expect("no panic"));
    })));
    session.start_activity(None).unwrap();
    assert_eq!(soon(&heard), WorkoutSessionState::Running);
    session.pause().unwrap();
    // The first call still runs, the second one waits.
    session.set_delegate(None);
    release.send(()).unwrap();
    let error = heard.recv_timeout(LIMIT).expect_err("nothing more is told");
    assert_eq!(error, RecvTimeoutError::Disconnected, "the delegate was let go");
}

#[test]
fn callbacks_never_overlap_and_keep_their_order() {
    let store = store(Delivery::Thread);
    let (session, builder) = running(&store);
    let busy = Arc::new(AtomicBool::new(false));
    let overlaps = Arc::new(AtomicU32::new(0));
    let (told, heard) = channel();
    let enter = {
        let (busy, overlaps) = (Arc::clone(&busy), Arc::clone(&overlaps));
        move || {
            if busy.swap(true, Ordering::SeqCst) {
                overlaps.fetch_add(1, Ordering::SeqCst);
            }
            thread::yield_now();
            busy.store(false, Ordering::SeqCst);
        }
    };
    let (on_state, on_data) = (enter.clone(), enter);
    session.set_delegate(Some(On::state(move |_, to| {
        on_state();
        told.send(to).expect("someone listens");
    })));
    builder.set_delegate(Some(On::data(move |_, _| on_data())));
    let barrier = Arc::new(Barrier::new(6));
    let mut threads = Vec::new();
    for number in 0..4_u32 {
        let (store, builder, barrier) = (store.clone(), builder.clone(), Arc::clone(&barrier));
        threads.push(thread::spawn(move || {
            let source = SampleSource {
                identifier: format!("source {number}"),
                name: String::new(),
                kind: SourceKind::External,
            };
            let source = store.register_source(&source).expect("a source");
            barrier.wait();
            for batch in 1..=50 {
                let mut rows = PackedBatchWriter::new(source, batch);
                for _ in 0..10 {
                    rows.push(QuantityType::HeartRate, store.now(), store.now(), 100.0);
                }
                assert_eq!(store.ingest(rows.bytes()).expect("a batch").collected, 10);
                let snapshot = builder.snapshot();
                assert!(snapshot.state != WorkoutSessionState::Ended);
                store.poll();
            }
        }));
    }
    let pauser = {
        let (session, barrier) = (session.clone(), Arc::clone(&barrier));
        thread::spawn(move || {
            barrier.wait();
            for _ in 0..50 {
                session.pause().expect("a pause");
                session.resume().expect("a resume");
            }
        })
    };
    let adder = {
        let (store, builder, barrier) = (store.clone(), builder.clone(), Arc::clone(&barrier));
        thread::spawn(move || {
            barrier.wait();
            for _ in 0..100 {
                builder.add_samples(&[sample_now(&store, QuantityType::StepCount)]).expect("a sample");
                store.sample_count().expect("readable");
            }
        })
    };
    in_time(move || {
        for thread in threads.into_iter().chain([pauser, adder]) {
            thread.join().expect("no panic");
        }
    });
    session.end().unwrap();
    let mut states = vec![];
    while states.last() != Some(&WorkoutSessionState::Ended) {
        states.push(soon(&heard));
    }
    // The delegate came after the start.
    let expected: Vec<_> = [WorkoutSessionState::Paused, WorkoutSessionState::Running]
        .into_iter()
        .cycle()
        .take(100)
        .chain([WorkoutSessionState::Ended])
        .collect();
    let skip = states.len() - expected.len();
    assert_eq!(states[skip..], expected);
    assert_eq!(overlaps.load(Ordering::SeqCst), 0);
    assert_eq!(store.sample_count().unwrap(), 2100);
    builder.end_collection(store.now()).unwrap();
    let workout = builder.finish_workout().unwrap().unwrap();
    assert_eq!(workout.events.len(), 100);
    assert_eq!(store.samples(workout.id, QuantityType::HeartRate, None, 5000).unwrap().len(), 2000);
}

/// A workout whose statistics must be counted anew before it can be finished.
fn stale(rows: i64) -> (Rig, LiveWorkoutBuilder) {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(100_000);
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 1);
    for second in 0..rows {
        batch.push(QuantityType::HeartRate, at(second), at(second), 100.0);
    }
    rig.store.ingest(batch.bytes()).expect("a batch");
    builder
        .add_workout_events(vec![event(WorkoutEventType::Pause, 10), event(WorkoutEventType::Resume, 20)])
        .expect("events");
    session.stop_activity(None).expect("a stop");
    builder.end_collection(rig.store.now()).expect("an end");
    (rig, builder)
}

#[test]
fn of_two_finishes_at_once_one_is_refused() {
    let (rig, builder) = stale(40_000);
    let barrier = Arc::new(Barrier::new(2));
    let finishers: Vec<_> = (0..2)
        .map(|_| {
            let (builder, barrier) = (builder.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                code(builder.finish_workout()).map(|workout| workout.is_some())
            })
        })
        .collect();
    let mut outcomes: Vec<_> = finishers.into_iter().map(|thread| thread.join().unwrap()).collect();
    outcomes.sort_by_key(Result::is_err);
    assert_eq!(outcomes, [Ok(true), Err(ErrorCode::InvalidArgument)]);
    assert_eq!(rig.store.workouts().unwrap().len(), 1);
}

#[test]
fn a_workout_discarded_during_its_finish_is_not_returned() {
    let (rig, builder) = stale(40_000);
    let barrier = Arc::new(Barrier::new(2));
    let finisher = {
        let (builder, barrier) = (builder.clone(), Arc::clone(&barrier));
        thread::spawn(move || {
            barrier.wait();
            code(builder.finish_workout())
        })
    };
    barrier.wait();
    // The finisher has the lock, or gets it next and finds nothing to finish.
    builder.discard_workout().unwrap();
    let finished = finisher.join().unwrap();
    let stored = rig.store.workouts().unwrap();
    assert_eq!(finished.ok().flatten().into_iter().collect::<Vec<_>>(), stored);
}

#[test]
fn samples_that_come_while_statistics_are_corrected_are_counted_once() {
    let rig = Rig::new();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    rig.wait(100_000);
    let mut batch = PackedBatchWriter::new(SourceId::OWN, 1);
    for second in 0..40_000 {
        batch.push(QuantityType::HeartRate, at(second), at(second), 100.0);
        batch.push(QuantityType::ActiveEnergyBurned, at(second), at(second + 1), 1.0);
    }
    rig.store.ingest(batch.bytes()).unwrap();
    let barrier = Arc::new(Barrier::new(2));
    let poller = {
        let (store, builder, barrier) = (rig.store.clone(), builder.clone(), Arc::clone(&barrier));
        thread::spawn(move || {
            let events = vec![event(WorkoutEventType::Pause, 10), event(WorkoutEventType::Resume, 20)];
            builder.add_workout_events(events).expect("events");
            barrier.wait();
            store.poll();
        })
    };
    barrier.wait();
    for index in 0..50_i64 {
        // At the front, in the middle and at the end of what is being read.
        for second in [index, 20_000 + index, 39_000 + index, 50_000 + index] {
            rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, second)).unwrap();
            rig.store.ingest_sample(&reading(QuantityType::ActiveEnergyBurned, 1.0, second)).unwrap();
        }
    }
    in_time(move || poller.join().expect("no panic"));
    // A type that was counted anew rests before it is counted again.
    for _ in 0..5 {
        rig.wait(60);
    }
    // 9 readings lie inside the pause, and twice as many came late.
    let heart = builder.statistics(QuantityType::HeartRate).unwrap();
    assert_eq!(heart.count, 40_000 + 200 - 18);
    let energy = builder.statistics(QuantityType::ActiveEnergyBurned).unwrap();
    assert_eq!(energy.sum, Some(40_000.0 - 10.0 + 200.0 - 9.0));
}

#[test]
fn a_clock_stops_at_every_timer_although_a_callback_asks_for_corrections() {
    let clock = ManualClock::new(at(0));
    let open = |within: Durability| {
        HealthStore::open(StoreOptions::new().clock(&clock).durability(within)).expect("a store")
    };
    let other = open(Durability::Within(secs(5)));
    let store = open(Durability::EachInput);
    let (_, builder) = running(&store);
    clock.advance(secs(60));
    store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 50)).unwrap();
    clock.advance(secs(60));
    let once = AtomicBool::new(true);
    let late =
        |second| vec![event(WorkoutEventType::Pause, second), event(WorkoutEventType::Resume, second + 1)];
    builder.set_delegate(Some(On::data(move |builder, _| {
        if once.swap(false, Ordering::SeqCst) {
            builder.add_workout_events(late(20)).expect("events");
        }
    })));
    other.ingest_sample(&reading(QuantityType::HeartRate, 100.0, 50)).unwrap();
    builder.add_workout_events(late(10)).unwrap();
    // On the way the other store commits after 5 seconds, and syncs 10 seconds later.
    clock.advance(secs(100));
    assert_eq!(other.poll().next_deadline, None);
}

/// A platform that answers at once, from inside the question.
#[derive(Default)]
struct Hasty(Mutex<Option<HealthStore>>);

impl Host for Hasty {
    fn capabilities(&self) -> HostCapabilities {
        HostCapabilities { session_mode: HostCapability::Native, ..HostCapabilities::default() }
    }

    fn request(&self, id: u64, request: HostRequest) {
        let HostRequest::EnterSessionMode { .. } = request else { return };
        let store = self.0.lock().expect("no panic").clone().expect("it was handed over");
        let refusal = Some(PacelineError::new(ErrorCode::HealthDataRestricted, "no"));
        store.report(&HostReport::Outcome { request: id, refusal }).expect("a report");
        store.poll();
    }
}

#[test]
fn a_host_that_refuses_from_inside_the_request() {
    for delivery in BOTH {
        in_time(move || {
            let host = Arc::new(Hasty::default());
            let options = StoreOptions::new().delivery(delivery).host(Arc::clone(&host) as Arc<dyn Host>);
            let store = HealthStore::open(options).unwrap();
            *host.0.lock().unwrap() = Some(store.clone());
            let (session, _) = fresh(&store);
            let (told, heard) = channel();
            session.set_delegate(Some(On::state(move |_, to| told.send(to).expect("someone listens"))));
            session.start_activity(None).unwrap();
            assert_eq!(session.state(), WorkoutSessionState::Ended);
            store.poll();
            assert_eq!(soon(&heard), WorkoutSessionState::Running);
            assert_eq!(soon(&heard), WorkoutSessionState::Ended);
            host.0.lock().unwrap().take();
        });
    }
}

#[test]
fn data_callbacks_that_wait_keep_their_place_before_later_ones() {
    let rig = Rig::new();
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    let beat =
        |second| rig.store.ingest_sample(&reading(QuantityType::HeartRate, 100.0, second)).expect("a beat");
    beat(0);
    session.pause().unwrap();
    session.resume().unwrap();
    // Merged into the one that waits, which stays first.
    rig.store.ingest_sample(&reading(QuantityType::ActiveEnergyBurned, 1.0, 0)).unwrap();
    // Another builder's data is not merged into it.
    let (_, second) = {
        let session = rig.named("2 ", WorkoutActivityType::Running);
        let builder = session.associated_workout_builder().expect("a builder");
        session.start_activity(None).unwrap();
        builder.begin_collection(at(0)).unwrap();
        (session, builder)
    };
    second.add_samples(&[reading(QuantityType::StepCount, 1.0, 0)]).unwrap();
    builder.add_samples(&[reading(QuantityType::StepCount, 1.0, 0)]).unwrap();
    assert_eq!(
        rig.heard(),
        [
            "B data activeEnergyBurned,stepCount,heartRate",
            "S running -> paused 0",
            "S event pause 0 0",
            "B event",
            "S paused -> running 0",
            "S event resume 0 0",
            "B event",
            "S fail 1 8",
            "S running -> ended 0",
            "2 S notStarted -> running 0",
            "2 B data stepCount",
        ]
    );
}
