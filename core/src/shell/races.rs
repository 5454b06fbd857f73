//! The queue of callbacks, the handles and the threads, in many orders of everything that happens at once.
//!
//! Each trial is run a few hundred times, each time with another order of its threads; an order that fails is printed, and so is
//! one in which everybody waits for somebody else.

use super::delegate::{LiveWorkoutBuilderDelegate, WorkoutSessionDelegate};
use super::outbox::Outbox;
use super::sync::Mutex;
use super::sync::modelled::in_many_orders;
use super::threads;
use super::ticker::Ticker;
use crate::{
    HealthStore, LiveWorkoutBuilder, LiveWorkoutDataSource, ManualClock, QuantitySample, QuantityType,
    StoreOptions, Timestamp, TypeSet, WorkoutActivityType, WorkoutConfiguration, WorkoutSession,
    WorkoutSessionState,
};
use shuttle::thread::{self, JoinHandle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const TRIALS: usize = 80;

fn run() -> WorkoutConfiguration {
    WorkoutConfiguration::new(WorkoutActivityType::Running)
}

/// A store in memory with a session that runs and collects; its callbacks so far are delivered.
fn running() -> (HealthStore, WorkoutSession, LiveWorkoutBuilder) {
    let clock = ManualClock::new(Timestamp::from_seconds(1_700_000_000));
    let store = HealthStore::open(StoreOptions::new().clock(&clock)).unwrap();
    let session = WorkoutSession::new(&store, run()).unwrap();
    let builder = session.associated_workout_builder().unwrap();
    builder.set_data_source(Some(&LiveWorkoutDataSource::new(Some(&run())))).unwrap();
    session.start_activity(None).unwrap();
    builder.begin_collection(store.now()).unwrap();
    store.poll();
    (store, session, builder)
}

fn measure(store: &HealthStore, kind: QuantityType) {
    let now = store.now();
    let sample = QuantitySample::in_stored_unit(kind, 100.0, now, now).unwrap();
    store.ingest_sample(&sample).unwrap();
}

fn join(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

/// What a delegate heard.
#[derive(Default)]
struct Ears {
    /// Whether a call is being made.
    busy: AtomicBool,
    states: Mutex<Vec<(WorkoutSessionState, WorkoutSessionState)>>,
    types: Mutex<Vec<TypeSet>>,
    /// How many samples the builder showed in the last call.
    seen: AtomicUsize,
}

impl Ears {
    fn call(&self, hear: impl FnOnce()) {
        assert!(!self.busy.swap(true, Ordering::SeqCst), "two calls at a time");
        hear();
        self.busy.store(false, Ordering::SeqCst);
    }
}

impl WorkoutSessionDelegate for Ears {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        to: WorkoutSessionState,
        from: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.call(|| {
            session.snapshot();
            self.states.lock().push((from, to));
        });
    }
}

impl LiveWorkoutBuilderDelegate for Ears {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, types: &TypeSet) {
        self.call(|| {
            let count = builder.all_statistics().iter().map(|one| one.count as usize).sum();
            self.seen.store(count, Ordering::SeqCst);
            self.types.lock().push(*types);
        });
    }
}

/// However steps, samples and polls get in each other's way: every change of state is heard once, in the order in which it
/// happened, no two calls overlap, the last call about samples sees them all, and of waiting ones there is one at most.
#[test]
fn callbacks_come_in_order_and_one_at_a_time() {
    in_many_orders(TRIALS, || {
        let (store, session, builder) = running();
        let ears = Arc::new(Ears::default());
        session.set_delegate(Some(ears.clone()));
        builder.set_delegate(Some(ears.clone()));
        let mut threads = Vec::new();
        for _ in 0..2 {
            let session = session.clone();
            // Either may find that the other was quicker.
            threads.push(thread::spawn(move || drop((session.pause(), session.resume()))));
        }
        for kind in [QuantityType::DistanceWalkingRunning, QuantityType::ActiveEnergyBurned] {
            let store = store.clone();
            threads.push(thread::spawn(move || measure(&store, kind)));
        }
        for _ in 0..2 {
            let store = store.clone();
            threads.push(thread::spawn(move || {
                store.poll();
            }));
        }
        join(threads);
        store.poll();

        let states = ears.states.lock().clone();
        let mut state = WorkoutSessionState::Running;
        for (from, to) in &states {
            assert_eq!(*from, state, "{states:?}");
            state = *to;
        }
        assert_eq!(state, session.state(), "{states:?}");
        let types = ears.types.lock().clone();
        let all = types.iter().flat_map(TypeSet::iter).collect::<TypeSet>();
        let counted = builder.all_statistics();
        assert_eq!(all, counted.iter().map(|one| one.quantity_type).collect::<TypeSet>());
        assert_eq!(
            ears.seen.load(Ordering::SeqCst),
            counted.iter().map(|one| one.count as usize).sum::<usize>()
        );
        assert_eq!(store.poll().delivered, 0);
    });
}

/// A blocked delegate costs one waiting "types changed", not one for each batch.
#[test]
fn types_that_wait_are_told_together() {
    in_many_orders(TRIALS, || {
        let (store, _session, builder) = running();
        let ears = Arc::new(Ears::default());
        builder.set_delegate(Some(ears.clone()));
        let kinds = [QuantityType::DistanceWalkingRunning, QuantityType::ActiveEnergyBurned];
        let threads = kinds.map(|kind| {
            let store = store.clone();
            thread::spawn(move || measure(&store, kind))
        });
        join(threads.into());
        assert_eq!(store.poll().delivered, 1);
        assert_eq!(*ears.types.lock(), [TypeSet::from_iter(kinds)]);
    });
}

/// Counts its calls, and when it goes.
struct Leaving {
    calls: Arc<AtomicUsize>,
    gone: Arc<AtomicUsize>,
}

impl WorkoutSessionDelegate for Leaving {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        _: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        assert_eq!(self.gone.load(Ordering::SeqCst), 0, "called after it was let go");
        self.calls.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.gone.fetch_add(1, Ordering::SeqCst);
    }
}

/// After the delegate was set to nothing, at most the call that was under way is made, and nothing that happens later is told.
/// The delegate is let go once, after its last call.
#[test]
fn nothing_is_told_after_the_delegate_was_taken_away() {
    in_many_orders(TRIALS, || {
        let (store, session, _builder) = running();
        let (calls, gone) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        session.set_delegate(Some(Arc::new(Leaving { calls: calls.clone(), gone: gone.clone() })));
        session.pause().unwrap();
        session.resume().unwrap();
        session.pause().unwrap();
        let poller = {
            let store = store.clone();
            thread::spawn(move || {
                store.poll();
            })
        };
        session.set_delegate(None);
        let before = calls.load(Ordering::SeqCst);
        session.resume().unwrap();
        store.poll();
        join(vec![poller]);
        store.poll();
        assert!(calls.load(Ordering::SeqCst) <= before + 1, "only the call that was under way");
        assert_eq!(gone.load(Ordering::SeqCst), 1);
    });
}

/// Calls everything back, and drops the handle it was given to hold.
struct Meddling {
    held: Mutex<Option<(HealthStore, WorkoutSession)>>,
    heard: Arc<AtomicUsize>,
}

impl WorkoutSessionDelegate for Meddling {
    fn did_change_state(
        &self,
        session: &WorkoutSession,
        _: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.heard.fetch_add(1, Ordering::SeqCst);
        let held = self.held.lock().take();
        if let Some((store, own)) = held {
            drop(own.resume());
            store.poll();
            session.set_delegate(None);
            measure(&store, QuantityType::HeartRate);
        }
    }
}

/// The last handle is dropped inside a callback, on the thread that delivers: nobody waits for anybody, and the thread ends.
#[test]
fn the_last_handle_may_be_dropped_inside_a_callback() {
    in_many_orders(TRIALS, || {
        let (store, session, builder) = running();
        let engine = Arc::downgrade(&store.engine);
        let outbox = Arc::clone(&store.engine.outbox);
        let (weak, ticker, clock) =
            (engine.clone(), Arc::clone(&store.engine.ticker), store.engine.clock.clone());
        let threads = vec![
            thread::spawn({
                let engine = engine.clone();
                move || threads::deliver(&engine, &outbox)
            }),
            thread::spawn(move || threads::run_timers(&weak, &ticker, &clock)),
        ];
        let heard = Arc::<AtomicUsize>::default();
        let held = Mutex::new(Some((store.clone(), session.clone())));
        session.set_delegate(Some(Arc::new(Meddling { held, heard: heard.clone() })));
        drop((builder, store));
        session.pause().unwrap();
        drop(session);
        join(threads);
        assert_eq!(heard.load(Ordering::SeqCst), 1);
        assert!(engine.upgrade().is_none(), "it is gone");
    });
}

/// Whatever is put in while others deliver, somebody delivers it; and whoever waits is let go when the queue is closed.
#[test]
fn no_callback_is_left_lying() {
    in_many_orders(TRIALS, || {
        let (store, session, _builder) = running();
        let heard = Arc::<AtomicUsize>::default();
        let outbox = Arc::clone(&store.engine.outbox);
        let deliverer = thread::spawn({
            let (engine, outbox) = (Arc::downgrade(&store.engine), Arc::clone(&outbox));
            move || threads::deliver(&engine, &outbox)
        });
        let finished = Arc::new(Finished::default());
        session.set_delegate(Some(Arc::new(Counting { heard: heard.clone(), finished: finished.clone() })));
        let poller = {
            let store = store.clone();
            thread::spawn(move || {
                store.poll();
            })
        };
        session.pause().unwrap();
        session.resume().unwrap();
        session.end().unwrap();
        // Waits for ever when a call is never made.
        finished.wait();
        join(vec![poller]);
        assert_eq!(heard.load(Ordering::SeqCst), 3);
        outbox.close();
        join(vec![deliverer]);
    });
}

#[derive(Default)]
struct Finished {
    done: Mutex<bool>,
    changed: super::sync::Condvar,
}

impl Finished {
    fn wait(&self) {
        let mut done = self.done.lock();
        while !*done {
            self.changed.wait(&mut done);
        }
    }
}

struct Counting {
    heard: Arc<AtomicUsize>,
    finished: Arc<Finished>,
}

impl WorkoutSessionDelegate for Counting {
    fn did_change_state(
        &self,
        _: &WorkoutSession,
        to: WorkoutSessionState,
        _: WorkoutSessionState,
        _: Timestamp,
    ) {
        self.heard.fetch_add(1, Ordering::SeqCst);
        if to == WorkoutSessionState::Ended {
            *self.finished.done.lock() = true;
            self.finished.changed.notify_all();
        }
    }
}

/// A panic inside a callback stops nothing.
#[test]
fn a_drain_that_unwinds_leaves_the_queue_to_others() {
    in_many_orders(TRIALS, || {
        let (store, session, _builder) = running();
        let outbox: &Outbox = &store.engine.outbox;
        session.pause().unwrap();
        session.resume().unwrap();
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            outbox.drain(|_| std::panic::resume_unwind(Box::new("on purpose")))
        }));
        assert!(unwound.is_err());
        let threads = [0, 1].map(|_| {
            let store = store.clone();
            thread::spawn(move || {
                store.poll();
            })
        });
        join(threads.into());
        assert_eq!(outbox.drain(|_| true), 0, "somebody delivered the rest");
    });
}

/// Whoever plans wakes the thread of the timers, and closing ends it.
#[test]
fn no_timer_is_missed() {
    in_many_orders(TRIALS, || {
        let ticker = Arc::new(Ticker::default());
        let now = Arc::new(AtomicUsize::new(0));
        let rung = Arc::new(AtomicUsize::new(0));
        let timer = thread::spawn({
            let (ticker, now, rung) = (ticker.clone(), now.clone(), rung.clone());
            move || {
                while ticker.wait(|| Duration::from_secs(now.load(Ordering::SeqCst) as u64)) {
                    if rung.fetch_add(1, Ordering::SeqCst) == 0 {
                        now.store(9, Ordering::SeqCst);
                        ticker.plan(Some(Duration::from_secs(5)));
                    } else {
                        ticker.close();
                    }
                }
            }
        });
        let planner = thread::spawn({
            let ticker = ticker.clone();
            move || {
                ticker.plan(Some(Duration::from_secs(7)));
                ticker.plan(None);
                ticker.plan(Some(Duration::ZERO));
            }
        });
        join(vec![planner, timer]);
        assert_eq!(rung.load(Ordering::SeqCst), 2);
    });
}

/// Getters see a state that was there, whoever is writing, and the state only goes on.
#[test]
fn getters_see_whole_states_in_their_order() {
    in_many_orders(TRIALS, || {
        let (store, session, builder) = running();
        let writer = {
            let store = store.clone();
            thread::spawn(move || {
                for _ in 0..3 {
                    measure(&store, QuantityType::HeartRate);
                }
            })
        };
        let mut last = session.snapshot();
        for _ in 0..3 {
            let next = session.snapshot();
            let beats = |snapshot: &crate::WorkoutSnapshot| {
                snapshot.statistics.iter().map(|one| one.count).sum::<u64>()
            };
            assert!(next.sequence >= last.sequence && beats(&next) >= beats(&last));
            assert_eq!(
                next.sequence - last.sequence,
                beats(&next) - beats(&last),
                "numbers and steps go together"
            );
            last = next;
        }
        join(vec![writer]);
        assert_eq!(builder.snapshot().statistics[0].count, 3);
    });
}
