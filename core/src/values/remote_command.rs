//! What the mirror of a session may ask for.

use super::raw_enum::raw_enum;

raw_enum! {
    /// A command of a mirrored session. The device that has the session decides.
    pub enum RemoteCommand: u8 {
        /// Pause.
        Pause = 1, "pause";
        /// Go on.
        Resume = 2, "resume";
        /// Stop the activity.
        StopActivity = 3, "stopActivity";
        /// End the session.
        End = 4, "end";
        /// Begin an activity.
        BeginNewActivity = 5, "beginNewActivity";
        /// End the activity in progress.
        EndCurrentActivity = 6, "endCurrentActivity";
        /// Take in an event: a lap, a segment, a marker.
        ReportEvent = 7, "reportEvent";
    }
}
