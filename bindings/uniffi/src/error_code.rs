//! The table of error codes.

use crate::mirrored::mirrored;

mirrored! {
    /// Why a call failed: 1000 times the number of the domain, plus the number within it. A code keeps its number for
    /// ever; a retired number is never used again.
    pub enum ErrorCode: u16, raw {
        /// Something failed that no other code describes.
        Unknown = 1000,
        /// This device has no health data.
        HealthDataUnavailable = 1001,
        /// Health data is blocked on this device by its owner's rules.
        HealthDataRestricted = 1002,
        /// An argument is wrong, or the call is not allowed in this state. Nothing changed.
        InvalidArgument = 1003,
        /// The person refused the permission this needs.
        AuthorizationDenied = 1004,
        /// The permission this needs was never asked for.
        AuthorizationNotDetermined = 1005,
        /// The data is locked together with the device. Try again after it is unlocked.
        DatabaseInaccessible = 1006,
        /// The person cancelled.
        UserCanceled = 1007,
        /// Another workout session started; there is one at a time.
        AnotherWorkoutSessionStarted = 1008,
        /// The person left the app while its session ran.
        UserExitedWorkoutSession = 1009,
        /// A permission that is required was refused.
        RequiredAuthorizationDenied = 1010,
        /// Nothing matches.
        NoData = 1011,
        /// Sessions of this activity type may not be created here.
        WorkoutActivityNotAllowed = 1012,
        /// The data is too large.
        DataSizeExceeded = 1013,
        /// A session may not be prepared or started while the app is in the background.
        BackgroundWorkoutSessionNotAllowed = 1014,
        /// Guests may not write.
        NotPermissibleForGuestUserMode = 1015,
        /// The store file could not be opened or created.
        StoreCannotOpen = 3001,
        /// The file is not a store, or is damaged. It was left as it was.
        StoreDamaged = 3002,
        /// The file is a database of another program. It was left as it was.
        StoreForeign = 3003,
        /// The store was written by a newer release. It was left as it was.
        StoreTooNew = 3004,
        /// Writing failed (disk full, read-only, input/output). Nothing of this call was kept.
        StoreWriteFailed = 3005,
        /// Reading failed.
        StoreReadFailed = 3006,
        /// Another process held the store for too long.
        StoreBusy = 3007,
        /// The store is already open in this process with other options.
        StoreOptionsDiffer = 3008,
        /// Nothing in the store has this id.
        StoreNotFound = 3009,
        /// The disk is full. Nothing of this call was kept; free some space and try again.
        StoreFull = 3010,
        /// The disk or the file may not be written. Nothing of this call was kept.
        StoreReadOnly = 3011,
        /// The store was suspended, and this cannot wait. Nothing of this call was kept; resume the store and try again.
        StoreSuspended = 3012,
        /// The other device does not know this one, or is not the one it should be. Pair the two devices.
        LinkNotPaired = 4001,
        /// The code is wrong, was used before or is no longer valid. Show a new one and try again.
        LinkPairingFailed = 4002,
        /// The pairing code was not used in time. Show a new one.
        LinkCodeExpired = 4003,
        /// A wrong pairing code was entered too often. Show a new one.
        LinkTooManyTries = 4004,
        /// The connection to the other device ended. Connect again.
        LinkClosed = 4005,
        /// What came from the other side is not what the link's protocol allows. The connection ended.
        LinkMalformed = 4006,
        /// The other device speaks only older versions of the link's protocol. Update it.
        LinkVersionTooOld = 4007,
        /// The other device speaks only newer versions of the link's protocol. Update this one.
        LinkVersionTooNew = 4008,
        /// The other device did not answer in time.
        LinkTimedOut = 4009,
        /// As many devices are connected as the options allow.
        LinkTooManyConnections = 4010,
        /// The other device does not take what waits for it. This message was not sent; try again later.
        LinkQueueFull = 4011,
        /// The message is larger than the link carries. It was not sent.
        LinkMessageTooLarge = 4012,
        /// Nothing could be reached at this address, or the address cannot be used.
        LinkUnreachable = 4013,
        /// The device's keys cannot be read or saved, or others could read them.
        LinkKeyStore = 4014,
        /// A packed batch has a wrong header, length or version.
        InputMalformed = 5001,
        /// A value is not finite, is out of range, or does not fit its type.
        InputOutOfRange = 5002,
        /// A type code, a source or an enumeration value is not known.
        InputUnknown = 5003,
        /// A unit cannot be read, or does not fit.
        InputUnit = 5004,
        /// The engine failed in a way it should not. What was committed before is safe.
        Internal = 6001,
        /// An argument that is required is missing.
        NullArgument = 6002,
        /// The object was closed or released before.
        StaleHandle = 6003,
        /// The buffer is too small; the call tells how much is needed.
        BufferTooSmall = 6005,
        /// A structure has a size that this release does not know.
        StructSize = 6006,
    }
}
