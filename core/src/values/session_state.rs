//! The states and the kinds of a workout session.

use super::raw_enum::raw_enum;

raw_enum! {
    /// Where a session is in its life. The numbers are historical and unordered; there is no 0.
    pub enum WorkoutSessionState: u8 {
        /// Created; nothing has happened.
        NotStarted = 1, "notStarted";
        /// In progress; data is collected.
        Running = 2, "running";
        /// Over for good; session mode was left.
        Ended = 3, "ended";
        /// Suspended.
        Paused = 4, "paused";
        /// Session mode is on, sensors warm up, nothing is collected yet.
        Prepared = 5, "prepared";
        /// The activity is over, session mode is still on so that the app can save.
        Stopped = 6, "stopped";
    }
}

raw_enum! {
    /// Which end of a mirrored workout a session is.
    pub enum WorkoutSessionType: u8 {
        /// Runs on this device.
        Primary = 0, "primary";
        /// Reflects a session of another device.
        Mirrored = 1, "mirrored";
    }
}
