//! Permission to write.

use super::raw_enum::raw_enum;

raw_enum! {
    /// Whether samples or workouts may be written. Whether they may be read is never revealed.
    pub enum AuthorizationStatus: u8 {
        /// The person was never asked.
        NotDetermined = 0, "notDetermined";
        /// The person refused.
        SharingDenied = 1, "sharingDenied";
        /// The person allowed it.
        SharingAuthorized = 2, "sharingAuthorized";
    }
}
