//! Functions of C that hear of a builder.

use crate::foreign::{Foreign, PacelineRelease};
use crate::handles::{Lent, PacelineBuilder};
use crate::values::{PacelineActivity, PacelineTypeSet};
use paceline::{LiveWorkoutBuilder, LiveWorkoutBuilderDelegate, TypeSet, WorkoutActivity};
use std::ffi::c_void;

/// Hears what a live builder collects. Start with PACELINE_BUILDER_DELEGATE_INIT; a function that is NULL is not called.
///
/// How calls come is said at the head of this header under "Callbacks". The builder is lent for the call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineBuilderDelegate {
    /// sizeof(PacelineBuilderDelegate).
    pub struct_size: usize,
    /// The first argument of every call; the library's until release.
    pub user_data: *mut c_void,
    /// Gives user_data back. May be NULL.
    pub release: PacelineRelease,
    /// Samples of these types came in, or their numbers were corrected: read the statistics again. The words are those of a
    /// PacelineTypeSet. At most one such call is waiting at any time; its set grows instead.
    pub did_collect_data: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            builder: PacelineBuilder,
            types0: u64,
            types1: u64,
            types2: u64,
            types3: u64,
        ),
    >,
    /// An event came in: read the events and the elapsed time again.
    pub did_collect_event: Option<unsafe extern "C" fn(user_data: *mut c_void, builder: PacelineBuilder)>,
    /// An activity began and was added. It lives until the call returns.
    pub did_begin_activity: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            builder: PacelineBuilder,
            activity: *const PacelineActivity,
        ),
    >,
    /// An activity got its end. It lives until the call returns.
    pub did_end_activity: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            builder: PacelineBuilder,
            activity: *const PacelineActivity,
        ),
    >,
}

/// A delegate made of functions of C. What each function is handed outlives the call.
pub(crate) struct CBuilderDelegate(pub(crate) Foreign<PacelineBuilderDelegate>);

impl LiveWorkoutBuilderDelegate for CBuilderDelegate {
    fn did_collect_data(&self, builder: &LiveWorkoutBuilder, types: &TypeSet) {
        let Some(call) = self.0.did_collect_data else { return };
        let builder = Lent::<PacelineBuilder>::new(builder.clone());
        let [types0, types1, types2, types3] = PacelineTypeSet::from(types).words;
        unsafe { call(self.0.user_data(), builder.handle(), types0, types1, types2, types3) }
    }

    fn did_collect_event(&self, builder: &LiveWorkoutBuilder) {
        let Some(call) = self.0.did_collect_event else { return };
        let builder = Lent::<PacelineBuilder>::new(builder.clone());
        unsafe { call(self.0.user_data(), builder.handle()) }
    }

    fn did_begin_activity(&self, builder: &LiveWorkoutBuilder, activity: &WorkoutActivity) {
        let Some(call) = self.0.did_begin_activity else { return };
        let builder = Lent::<PacelineBuilder>::new(builder.clone());
        let activity = PacelineActivity::from(activity);
        unsafe { call(self.0.user_data(), builder.handle(), &raw const activity) }
    }

    fn did_end_activity(&self, builder: &LiveWorkoutBuilder, activity: &WorkoutActivity) {
        let Some(call) = self.0.did_end_activity else { return };
        let builder = Lent::<PacelineBuilder>::new(builder.clone());
        let activity = PacelineActivity::from(activity);
        unsafe { call(self.0.user_data(), builder.handle(), &raw const activity) }
    }
}
