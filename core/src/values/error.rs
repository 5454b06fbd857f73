//! The one error type and the one table of its codes.

use super::raw_enum::raw_enum;
use std::fmt;

raw_enum! {
    /// Which part of the system an error speaks about.
    pub enum ErrorDomain: u16 {
        /// The health model: sessions, builders, samples, permissions. Codes are the reference's raw values.
        Health = 1, "health";
        /// Extended runtime sessions. Codes are the reference's raw values.
        ExtendedRuntime = 2, "extendedRuntime";
        /// The store file.
        Store = 3, "store";
        /// The link to another device.
        Link = 4, "link";
        /// Data handed in: packed batches, samples, units.
        Input = 5, "input";
        /// The border between languages, and faults of the engine itself.
        Boundary = 6, "boundary";
    }
}

/// Declares every error code once: name, domain, number, name in the reference or ours, and what it means.
macro_rules! error_codes {
    ($( $(#[$meta:meta])* $variant:ident: $domain:ident $code:literal, $name:literal; )+) => {
        /// Why a call failed. A code keeps its number for ever; a retired number is never used again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $( $(#[$meta])* $variant, )+
        }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The part of the system the code speaks about.
            pub const fn domain(self) -> ErrorDomain {
                match self { $( Self::$variant => ErrorDomain::$domain, )+ }
            }

            /// The number within its domain. In the health domain it is the reference's raw value.
            pub const fn number(self) -> u16 {
                match self { $( Self::$variant => $code, )+ }
            }

            /// A short name, such as `invalidArgument`.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// `domain * 1000 + number`: the number that C sees. 0 is never a code; it means success.
            pub const fn raw(self) -> u32 {
                self.domain().raw() as u32 * 1000 + self.number() as u32
            }

            /// The code with this raw number, or nothing when there is none.
            pub fn from_raw(raw: u32) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.raw() == raw)
            }
        }
    };
}

error_codes! {
    /// Something failed that no other code describes.
    Unknown: Health 0, "unknownError";
    /// This device has no health data.
    HealthDataUnavailable: Health 1, "healthDataUnavailable";
    /// Health data is blocked on this device by its owner's rules.
    HealthDataRestricted: Health 2, "healthDataRestricted";
    /// An argument is wrong, or the call is not allowed in this state. Nothing changed.
    InvalidArgument: Health 3, "invalidArgument";
    /// The person refused the permission this needs.
    AuthorizationDenied: Health 4, "authorizationDenied";
    /// The permission this needs was never asked for.
    AuthorizationNotDetermined: Health 5, "authorizationNotDetermined";
    /// The data is locked together with the device. Try again after it is unlocked.
    DatabaseInaccessible: Health 6, "databaseInaccessible";
    /// The person cancelled.
    UserCanceled: Health 7, "userCanceled";
    /// Another workout session started; there is one at a time.
    AnotherWorkoutSessionStarted: Health 8, "anotherWorkoutSessionStarted";
    /// The person left the app while its session ran.
    UserExitedWorkoutSession: Health 9, "userExitedWorkoutSession";
    /// A permission that is required was refused.
    RequiredAuthorizationDenied: Health 10, "requiredAuthorizationDenied";
    /// Nothing matches.
    NoData: Health 11, "noData";
    /// Sessions of this activity type may not be created here.
    WorkoutActivityNotAllowed: Health 12, "workoutActivityNotAllowed";
    /// The data is too large.
    DataSizeExceeded: Health 13, "dataSizeExceeded";
    /// A session may not be prepared or started while the app is in the background.
    BackgroundWorkoutSessionNotAllowed: Health 14, "backgroundWorkoutSessionNotAllowed";
    /// Guests may not write.
    NotPermissibleForGuestUserMode: Health 15, "notPermissibleForGuestUserMode";

    /// The store file could not be opened or created.
    StoreCannotOpen: Store 1, "cannotOpen";
    /// The file is not a store, or is damaged. It was left as it was.
    StoreDamaged: Store 2, "damaged";
    /// The file is a database of another program. It was left as it was.
    StoreForeign: Store 3, "foreign";
    /// The store was written by a newer release. It was left as it was.
    StoreTooNew: Store 4, "tooNew";
    /// Writing failed (input or output). Nothing of this call was kept.
    StoreWriteFailed: Store 5, "writeFailed";
    /// Reading failed.
    StoreReadFailed: Store 6, "readFailed";
    /// Another process held the store for too long.
    StoreBusy: Store 7, "busy";
    /// The store is already open in this process with other options.
    StoreOptionsDiffer: Store 8, "optionsDiffer";
    /// Nothing in the store has this id.
    StoreNotFound: Store 9, "notFound";
    /// The disk is full. Nothing of this call was kept; free some space and try again.
    StoreFull: Store 10, "full";
    /// The disk or the file may not be written. Nothing of this call was kept.
    StoreReadOnly: Store 11, "readOnly";
    /// The store was suspended, and this cannot wait. Nothing of this call was kept; resume the store and try again.
    StoreSuspended: Store 12, "suspended";

    /// The other device does not know this one, or is not the one it should be. Pair the two devices.
    LinkNotPaired: Link 1, "notPaired";
    /// The code is wrong, was used before or is no longer valid. Show a new one and try again.
    LinkPairingFailed: Link 2, "pairingFailed";
    /// The pairing code was not used in time. Show a new one.
    LinkCodeExpired: Link 3, "codeExpired";
    /// A wrong pairing code was entered too often. Show a new one.
    LinkTooManyTries: Link 4, "tooManyTries";
    /// The connection to the other device ended. Connect again.
    LinkClosed: Link 5, "closed";
    /// What came from the other side is not what the link's protocol allows. The connection ended.
    LinkMalformed: Link 6, "malformed";
    /// The other device speaks only older versions of the link's protocol. Update it.
    LinkVersionTooOld: Link 7, "versionTooOld";
    /// The other device speaks only newer versions of the link's protocol. Update this one.
    LinkVersionTooNew: Link 8, "versionTooNew";
    /// The other device did not answer in time.
    LinkTimedOut: Link 9, "timedOut";
    /// As many devices are connected as the options allow.
    LinkTooManyConnections: Link 10, "tooManyConnections";
    /// The other device does not take what waits for it. This message was not sent; try again later.
    LinkQueueFull: Link 11, "queueFull";
    /// The message is larger than the link carries. It was not sent.
    LinkMessageTooLarge: Link 12, "messageTooLarge";
    /// Nothing could be reached at this address, or the address cannot be used.
    LinkUnreachable: Link 13, "unreachable";
    /// The device's keys cannot be read or saved, or others could read them.
    LinkKeyStore: Link 14, "keyStore";

    /// A packed batch has a wrong header, length or version.
    InputMalformed: Input 1, "malformed";
    /// A value is not finite, is out of range, or does not fit its type.
    InputOutOfRange: Input 2, "outOfRange";
    /// A type code, a source or an enumeration value is not known.
    InputUnknown: Input 3, "unknown";
    /// A unit cannot be read, or does not fit.
    InputUnit: Input 4, "unit";

    /// The engine failed in a way it should not. What was committed before is safe.
    Internal: Boundary 1, "internal";
    /// An argument that is required is missing.
    NullArgument: Boundary 2, "nullArgument";
    /// The object was closed or released before.
    StaleHandle: Boundary 3, "staleHandle";
    /// The buffer is too small; the call tells how much is needed.
    BufferTooSmall: Boundary 5, "bufferTooSmall";
    /// A structure has a size that this release does not know.
    StructSize: Boundary 6, "structSize";
}

/// What went wrong: a code to act on, and a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacelineError(Box<Detail>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Detail {
    code: ErrorCode,
    message: String,
    value: Option<String>,
}

impl PacelineError {
    /// An error with this code and this sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Detail { code, message: message.into(), value: None }))
    }

    /// The same error, naming the value that caused it.
    #[must_use]
    pub fn with_value(mut self, value: impl fmt::Display) -> Self {
        self.0.value = Some(value.to_string());
        self
    }

    /// Shorthand for the most frequent refusal: an argument or a state that the rules do not allow.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidArgument, message)
    }

    /// The code to act on.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The part of the system the error speaks about.
    pub fn domain(&self) -> ErrorDomain {
        self.0.code.domain()
    }

    /// One sentence for a person, with what to do where that is known.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The value that caused the error, as text, where there is one.
    pub fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }
}

impl fmt::Display for PacelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(value) = &self.0.value {
            write!(f, " ({value})")?;
        }
        Ok(())
    }
}

impl std::error::Error for PacelineError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_raw(code.raw()), Some(*code), "{}", code.name());
            assert_ne!(code.raw(), 0);
        }
        assert_eq!(ErrorCode::AnotherWorkoutSessionStarted.raw(), 1008);
    }
}
