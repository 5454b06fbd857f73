//! Where the engine gets chance from: like time, it is an input.

use super::sync::Mutex;
use crate::values::{ErrorCode, PacelineError};
use std::hash::{BuildHasher, RandomState};
use uuid::{Builder, Uuid};

/// The source of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entropy {
    /// The machine's random numbers.
    #[default]
    System,
    /// A sequence that is the same for the same seed; for tests, replay and simulation.
    Seeded(u64),
}

/// The state behind an [`Entropy`].
#[derive(Debug)]
pub(crate) enum IdSource {
    System,
    Seeded(Mutex<u64>),
}

impl IdSource {
    /// The ids of a store of this age: a seed gives other ids when a store is opened again than it gave before.
    pub(crate) fn new(entropy: Entropy, age: u64) -> Self {
        match entropy {
            Entropy::System => Self::System,
            Entropy::Seeded(seed) => {
                let mut mixed = age;
                Self::Seeded(Mutex::new(if age == 0 { seed } else { seed ^ split_mix(&mut mixed) }))
            }
        }
    }

    pub(crate) fn uuid(&self) -> Result<Uuid, PacelineError> {
        let mut bytes = [0; 16];
        match self {
            Self::System => getrandom::fill(&mut bytes).map_err(|error| {
                PacelineError::new(
                    ErrorCode::Internal,
                    format!("the machine gives no random numbers: {error}"),
                )
            })?,
            Self::Seeded(state) => {
                let mut state = state.lock();
                bytes[..8].copy_from_slice(&split_mix(&mut state).to_le_bytes());
                bytes[8..].copy_from_slice(&split_mix(&mut state).to_le_bytes());
            }
        }
        Ok(Builder::from_random_bytes(bytes).into_uuid())
    }
}

/// An id for what belongs to no store. Cannot fail: where the machine gives no random numbers, the hasher's keys stand in.
pub(crate) fn any_uuid() -> Uuid {
    IdSource::System.uuid().unwrap_or_else(|_| {
        let number = || RandomState::new().hash_one(std::time::SystemTime::now());
        let (high, low) = (number(), number());
        Builder::from_random_bytes(Uuid::from_u64_pair(high, low).into_bytes()).into_uuid()
    })
}

/// `SplitMix64`: small, and the same for ever, so that a seed means the same run in every release.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
