//! Where calls run that C does not want to wait for: one after the other, on one thread that is there while there are any.

use paceline::{ErrorCode, PacelineError};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Job = Box<dyn FnOnce() + Send>;

struct Lane {
    waiting: VecDeque<Job>,
    has_thread: bool,
}

static LANE: Mutex<Lane> = Mutex::new(Lane { waiting: VecDeque::new(), has_thread: false });

/// Runs a job after those that wait already.
///
/// # Errors
/// Boundary 1 when the thread cannot be started; then the job is dropped.
pub(crate) fn run_later(job: Job) -> Result<(), PacelineError> {
    let mut lane = LANE.lock();
    lane.waiting.push_back(job);
    if lane.has_thread {
        return Ok(());
    }
    match std::thread::Builder::new().name("paceline-calls".to_owned()).spawn(serve) {
        Ok(_) => {
            lane.has_thread = true;
            Ok(())
        }
        Err(error) => {
            let job = lane.waiting.pop_back();
            // It may hold foreign data: not under the lock.
            drop(lane);
            drop(job);
            Err(PacelineError::new(ErrorCode::Internal, format!("no thread could be started: {error}")))
        }
    }
}

fn serve() {
    loop {
        let mut lane = LANE.lock();
        let Some(job) = lane.waiting.pop_front() else {
            lane.has_thread = false;
            return;
        };
        drop(lane);
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            log::error!("a call from C panicked on its way back");
        }
    }
}
