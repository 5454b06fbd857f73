//! The code that pairs two devices: one shows it, a person enters it on the other.

use super::randomness::{Draws, Seed};
use paceline::{ErrorCode, PacelineError};
use rand_core::RngCore;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use zeroize::Zeroize;

/// How long a code lives.
pub const CODE_LIFETIME: Duration = Duration::from_secs(120);

/// How many wrong tries a code stands.
pub const CODE_TRIES: u8 = 3;

/// How many codes there are: all of eight digits.
const CODES: u64 = 100_000_000;

/// Eight digits that are shown on one device and entered on the other. Nobody who only listens can find them out, and who
/// guesses has [`CODE_TRIES`] tries: one chance in 33 million.
#[derive(Clone, PartialEq, Eq)]
pub struct PairingCode(u32);

impl PairingCode {
    /// A new code.
    pub fn generate(seed: &Seed) -> Self {
        // 2^64 is no multiple of the number of codes, which favours some by one part in 10^11.
        Self((Draws::new(seed, "code").next_u64() % CODES) as u32)
    }

    /// The digits as both ends feed them to the key exchange.
    pub(super) fn digits(&self) -> String {
        format!("{:08}", self.0)
    }
}

impl Drop for PairingCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// As people read it: two groups of four digits.
impl fmt::Display for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04} {:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

/// Without the digits: logs are no place for them.
impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingCode")
    }
}

/// What a person typed. Spaces and hyphens do not count.
impl FromStr for PairingCode {
    type Err = PacelineError;

    fn from_str(typed: &str) -> Result<Self, PacelineError> {
        let wrong = || {
            PacelineError::new(
                ErrorCode::InvalidArgument,
                "a pairing code has eight digits, as the other device shows them",
            )
        };
        let mut digits = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
        let mut code = 0;
        for _ in 0..8 {
            code = code * 10 + digits.next().and_then(|digit| digit.to_digit(10)).ok_or_else(wrong)?;
        }
        if digits.next().is_some() { Err(wrong()) } else { Ok(Self(code)) }
    }
}

/// What became of a code that is, or was, shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairingState {
    /// It can be entered.
    Open {
        /// For how long.
        left: Duration,
        /// How many wrong tries it stands until it is worth nothing.
        tries: u8,
    },
    /// A device entered it. It is worth nothing now.
    Used,
    /// Nobody entered it in time.
    Expired,
    /// It was entered wrongly too often.
    TooManyTries,
}

impl PairingState {
    /// The error that says why the code can no longer be entered; none while it can, and when it was used well.
    pub fn error(self) -> Option<PacelineError> {
        match self {
            Self::Open { .. } | Self::Used => None,
            Self::Expired => Some(PacelineError::new(
                ErrorCode::LinkCodeExpired,
                "the pairing code was not used in time; show a new one",
            )),
            Self::TooManyTries => Some(PacelineError::new(
                ErrorCode::LinkTooManyTries,
                "a wrong pairing code was entered too often; show a new one",
            )),
        }
    }
}

/// One code while it is shown: valid for a while, for one device, and for few wrong tries, in all connections together.
#[derive(Debug)]
pub struct PairingWindow {
    code: PairingCode,
    /// Tells this window from those before and after it: a try counts only where it began.
    number: u64,
    opened: Duration,
    wrong: u8,
    used: bool,
}

impl PairingWindow {
    /// Shows this code from now on. `number` is another one for each window of a device; `now` is time since a fixed instant,
    /// sleep included.
    pub fn open(code: PairingCode, number: u64, now: Duration) -> Self {
        Self { code, number, opened: now, wrong: 0, used: false }
    }

    /// The code, to be shown.
    pub fn code(&self) -> &PairingCode {
        &self.code
    }

    /// What has become of the code.
    pub fn state(&self, now: Duration) -> PairingState {
        let left = (self.opened + CODE_LIFETIME).saturating_sub(now);
        if self.used {
            PairingState::Used
        } else if self.wrong >= CODE_TRIES {
            PairingState::TooManyTries
        } else if left.is_zero() {
            PairingState::Expired
        } else {
            PairingState::Open { left, tries: CODE_TRIES - self.wrong }
        }
    }

    /// The code for a try that begins now, and the number by which it ends; nothing when the code is worth nothing.
    pub(super) fn begin(&self, now: Duration) -> Option<(&PairingCode, u64)> {
        self.is_open(now).then_some((&self.code, self.number))
    }

    /// A try that began in the window `number` ended: with the right code or a wrong one. Whether it may go on. A right code
    /// is used up with that, whatever becomes of the connection: nobody else may use it.
    pub(super) fn end(&mut self, number: u64, right: bool, now: Duration) -> bool {
        if number != self.number || !self.is_open(now) {
            return false;
        }
        if right {
            self.used = true;
        } else {
            self.wrong += 1;
        }
        right
    }

    fn is_open(&self, now: Duration) -> bool {
        matches!(self.state(now), PairingState::Open { .. })
    }
}
