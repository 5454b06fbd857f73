//! How two devices become sure of each other: by keys that they know, or by a code.
//!
//! Who is connected to answers every stranger alike. Where the right answer must not be given (an unknown key, a wrong code, no
//! code shown), it gives one of the same length that nobody can open, at the same time after the question, and ends the
//! connection where it would end it for a right answer that is not followed up.

use super::channel::{Channel, Limits, Opened};
use super::framing::{Framer, frame};
use super::identity::{Identity, NAME_LENGTH, PublicKey, pack_name, unpack_name};
use super::pairing::{PairingCode, PairingWindow};
use super::randomness::{Draws, Seed};
use super::versions::Versions;
use super::{malformed, noise};
use paceline::{ErrorCode, PacelineError};
use snow::HandshakeState;
use spake2::{Ed25519Group, Spake2};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a handshake may take, from the connection to the keys.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(5);

/// How long after a question its answer leaves, so that the time it took to find tells nothing.
pub(super) const ANSWER_TIME: Duration = Duration::from_millis(25);

/// The first bytes of a connection.
const MAGIC: &[u8; 3] = b"PCL";
/// Magic, lowest version, highest version, mode.
const HEADER: usize = 6;
/// What a stream of bytes begins with that is no handshake: the answer to versions that have nothing in common.
const MODE_REFUSED: u8 = 0;
const MODE_KNOWN: u8 = 1;
const MODE_PAIRING: u8 = 2;

/// The lengths of all records of a handshake. None depends on anything that is secret.
mod length {
    use super::super::identity::NAME_LENGTH;

    const KEY: usize = 32;
    const TAG: usize = 16;
    /// The version in use, the lowest and the highest.
    pub(super) const VERSIONS: usize = 3;
    const NAME: usize = 1 + NAME_LENGTH;

    pub(super) const KNOWN_QUESTION: usize = KEY + KEY + TAG + TAG;
    pub(super) const KNOWN_ANSWER: usize = KEY + VERSIONS + TAG;
    pub(super) const PAKE: usize = 1 + KEY;
    pub(super) const PROOF: usize = KEY + TAG;
    pub(super) const KEYS_ANSWER: usize = KEY + KEY + TAG + VERSIONS + NAME + TAG;
    pub(super) const KEYS: usize = KEY + TAG + NAME + TAG;
    /// More than the longest of them.
    pub(super) const LONGEST: usize = 256;
}

/// The two ends of the key exchange over a code.
const DIALLER: &[u8] = b"paceline link: the device on which the code is entered";
const ANSWERER: &[u8] = b"paceline link: the device that shows the code";

/// What this device knows and a handshake asks about.
pub struct Desk<'a> {
    /// Whether a device with this key may connect.
    pub known: &'a dyn Fn(&PublicKey) -> bool,
    /// The code that is shown, or was.
    pub window: Option<&'a mut PairingWindow>,
}

/// What a handshake led to.
pub enum Outcome {
    /// A device entered the code that this one shows. Save its key and name, then call [`Handshake::confirm_pairing`].
    CodeProven {
        /// Its key.
        key: PublicKey,
        /// Its name.
        name: String,
    },
    /// Both ends are sure of each other.
    Up {
        /// What carries messages from here on.
        channel: Box<Channel>,
        /// The key of the other device.
        peer: PublicKey,
        /// The name of the other device, when a code was entered here: save its key.
        paired: Option<String>,
    },
}

/// A connection that is being opened. Bytes and the time go in; bytes, and in the end one [`Outcome`], come out. Each error is
/// final: close the connection. Times are those since a fixed instant, sleep included.
pub struct Handshake {
    own: Identity,
    versions: Versions,
    limits: Limits,
    seed: Seed,
    framer: Framer,
    state: State,
    /// An answer, and when it may leave.
    held: Option<(Duration, Vec<u8>)>,
    output: Vec<u8>,
    outcome: Option<Outcome>,
    deadline: Duration,
}

enum State {
    /// Dialled a device whose key is known; waits for its answer.
    DialledKnown { noise: HandshakeState, peer: PublicKey },
    /// Dialled with a code; waits for the other half of the key exchange.
    DialledCode { exchange: Spake2<Ed25519Group>, said: Vec<u8> },
    /// Proved the code; waits for the key of the other device.
    DialledProof { noise: HandshakeState },
    /// Sent its own key; waits until the other device has saved it.
    DialledKeys { channel: Channel, peer: PublicKey, name: String },
    /// Waits for the first record.
    Answering,
    /// Answered; waits for a record that only the known device can seal. Nothing here: the answer was a decoy.
    AnsweredKnown { link: Option<(Channel, PublicKey)> },
    /// Sent its half of the key exchange; waits for the proof that the code is right.
    AnsweredCode { noise: Option<HandshakeState>, window: Option<u64>, used: u8 },
    /// Sent its key, or a decoy; waits for the key of the other device.
    AnsweredProof { noise: Option<HandshakeState> },
    /// Waits until the key of the other device is saved.
    AnsweredKeys { channel: Channel, peer: PublicKey },
    /// Over, for this reason.
    Over(PacelineError),
}

impl Handshake {
    /// Opens a connection to a device whose key is known. Send what [`Handshake::take_output`] gives.
    pub fn dial(own: &Identity, peer: &PublicKey, seed: Seed, now: Duration) -> Self {
        Self::dial_as(Versions::OWN, own, peer, seed, now)
    }

    pub(super) fn dial_as(
        versions: Versions,
        own: &Identity,
        peer: &PublicKey,
        seed: Seed,
        now: Duration,
    ) -> Self {
        let mut opening = header(versions, MODE_KNOWN).to_vec();
        let mut noise = noise::dial_known(&own.secret, peer, &opening, &seed);
        opening.extend_from_slice(&write(&mut noise, &[]));
        let mut dialled = Self::new(versions, own, seed, State::DialledKnown { noise, peer: *peer }, now);
        dialled.output = frame(&opening);
        dialled
    }

    /// Opens a connection to a device that shows this code.
    pub fn dial_with_code(own: &Identity, code: &PairingCode, seed: Seed, now: Duration) -> Self {
        let versions = Versions::OWN;
        let digits = Zeroizing::new(code.digits());
        let (exchange, half) = Spake2::<Ed25519Group>::start_a_with_rng(
            &spake2::Password::new(digits.as_bytes()),
            &spake2::Identity::new(DIALLER),
            &spake2::Identity::new(ANSWERER),
            Draws::new(&seed, "exchange"),
        );
        let mut said = header(versions, MODE_PAIRING).to_vec();
        said.extend_from_slice(&half);
        let output = frame(&said);
        let mut dialled = Self::new(versions, own, seed, State::DialledCode { exchange, said }, now);
        dialled.output = output;
        dialled
    }

    /// Answers whoever connected.
    pub fn answer(own: &Identity, seed: Seed, now: Duration) -> Self {
        Self::new(Versions::OWN, own, seed, State::Answering, now)
    }

    fn new(versions: Versions, own: &Identity, seed: Seed, state: State, now: Duration) -> Self {
        Self {
            own: own.clone(),
            versions,
            limits: Limits::OWN,
            seed,
            framer: Framer::new(length::LONGEST),
            state,
            held: None,
            output: Vec::new(),
            outcome: None,
            deadline: now + HANDSHAKE_TIME,
        }
    }

    /// Takes what arrived, up to the end of one record, and says how many bytes it took. Ask for the outcome before handing
    /// in what is left: after [`Outcome::Up`] the rest belongs to the channel.
    pub fn receive(
        &mut self,
        bytes: &[u8],
        now: Duration,
        desk: &mut Desk<'_>,
    ) -> Result<usize, PacelineError> {
        self.tick(now)?;
        let received = self.framer.take(bytes).and_then(|(taken, record)| {
            if let Some(record) = record {
                self.step(&record, now, desk)?;
            }
            Ok(taken)
        });
        if let Err(error) = &received {
            self.state = State::Over(error.clone());
        }
        received
    }

    /// Tells the time. Call it at [`Handshake::deadline`].
    pub fn tick(&mut self, now: Duration) -> Result<(), PacelineError> {
        if let Some((_, answer)) = self.held.take_if(|(due, _)| *due <= now) {
            self.output.extend_from_slice(&answer);
            return Ok(());
        }
        if self.held.is_none()
            && self.output.is_empty()
            && let State::Over(reason) = &self.state
        {
            return Err(reason.clone());
        }
        if now >= self.deadline {
            return Err(PacelineError::new(
                ErrorCode::LinkTimedOut,
                "the other device did not finish the handshake in time",
            ));
        }
        Ok(())
    }

    /// When to call [`Handshake::tick`] if nothing arrives before.
    pub fn deadline(&self) -> Duration {
        self.held.as_ref().map_or(self.deadline, |(due, _)| *due)
    }

    /// What is to be sent now.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// What the handshake has led to since the last call.
    pub fn take_outcome(&mut self) -> Option<Outcome> {
        self.outcome.take()
    }

    /// After [`Outcome::CodeProven`]: the key is saved. The other device hears of it and saves this one's.
    pub fn confirm_pairing(&mut self) -> Result<(), PacelineError> {
        match std::mem::replace(&mut self.state, State::Over(over())) {
            State::AnsweredKeys { mut channel, peer } => {
                self.output.extend_from_slice(&channel.seal_hello()?);
                self.outcome = Some(Outcome::Up { channel: Box::new(channel), peer, paired: None });
                Ok(())
            }
            other => {
                self.state = other;
                Err(PacelineError::new(ErrorCode::InvalidArgument, "no device has proved the code"))
            }
        }
    }

    fn step(&mut self, record: &[u8], now: Duration, desk: &mut Desk<'_>) -> Result<(), PacelineError> {
        if self.held.is_some() {
            return Err(malformed("the other side spoke before it was answered"));
        }
        self.state = match std::mem::replace(&mut self.state, State::Over(over())) {
            State::DialledKnown { noise, peer } => self.known_answered(noise, peer, record)?,
            State::DialledCode { exchange, said } => self.code_answered(exchange, said, record)?,
            State::DialledProof { noise } => self.proof_answered(noise, record)?,
            State::DialledKeys { channel, peer, name } => self.keys_answered(channel, peer, name, record)?,
            State::Answering => self.answer_opening(record, now, desk)?,
            State::AnsweredKnown { link } => self.answer_hello(link, record)?,
            State::AnsweredCode { noise, window, used } => {
                let noise = Self::proven(noise, window, record, now, desk)?;
                self.answer_proof(noise, used, now)
            }
            State::AnsweredProof { noise } => self.answer_keys(noise, record)?,
            State::AnsweredKeys { .. } => {
                return Err(malformed("the other side spoke before it was answered"));
            }
            State::Over(reason) => return Err(reason),
        };
        Ok(())
    }

    // The side that connected.

    fn known_answered(
        &mut self,
        mut noise: HandshakeState,
        peer: PublicKey,
        record: &[u8],
    ) -> Result<State, PacelineError> {
        self.not_refused(record)?;
        expect_length(record, length::KNOWN_ANSWER)?;
        let payload = read(&mut noise, record).ok_or_else(not_paired)?;
        self.check_versions(&payload)?;
        let mut channel = self.channel(noise)?;
        self.output.extend_from_slice(&channel.seal_hello()?);
        self.outcome = Some(Outcome::Up { channel: Box::new(channel), peer, paired: None });
        Ok(State::Over(over()))
    }

    fn code_answered(
        &mut self,
        exchange: Spake2<Ed25519Group>,
        mut said: Vec<u8>,
        record: &[u8],
    ) -> Result<State, PacelineError> {
        self.not_refused(record)?;
        expect_length(record, length::PAKE)?;
        let key = finish(exchange, record).ok_or_else(|| malformed("the key exchange has a wrong value"))?;
        said.extend_from_slice(record);
        let mut noise = noise::dial_pairing(&self.own.secret, &key, &said, &self.seed);
        self.output.extend_from_slice(&frame(&write(&mut noise, &[])));
        Ok(State::DialledProof { noise })
    }

    fn proof_answered(&mut self, mut noise: HandshakeState, record: &[u8]) -> Result<State, PacelineError> {
        expect_length(record, length::KEYS_ANSWER)?;
        let payload = read(&mut noise, record).ok_or_else(pairing_failed)?;
        let (versions, name) = payload.split_at(length::VERSIONS);
        self.check_versions(versions)?;
        let name = unpack_name(name).ok_or_else(bad_name)?;
        let peer = self.other_than_own(remote(&noise))?;
        self.output.extend_from_slice(&frame(&write(&mut noise, &pack_name(&self.own.name))));
        Ok(State::DialledKeys { channel: self.channel(noise)?, peer, name })
    }

    fn keys_answered(
        &mut self,
        mut channel: Channel,
        peer: PublicKey,
        name: String,
        record: &[u8],
    ) -> Result<State, PacelineError> {
        if channel.open(record)? != Opened::Hello {
            return Err(malformed("the other side does not say that it is ready"));
        }
        self.outcome = Some(Outcome::Up { channel: Box::new(channel), peer, paired: Some(name) });
        Ok(State::Over(over()))
    }

    /// The refusal is not authenticated, and need not be: whoever can forge it can cut the connection as well.
    fn not_refused(&self, record: &[u8]) -> Result<(), PacelineError> {
        if record.len() != HEADER {
            return Ok(());
        }
        let (versions, mode, _) = read_header(record)?;
        if mode != MODE_REFUSED {
            return Err(malformed("the answer is no answer"));
        }
        self.versions.common(versions)?;
        Err(malformed("the other side refuses a version that it says it speaks"))
    }

    /// Both ends must have come to the same version: a range that somebody changed on the way would show here, and in the
    /// prologue, which both ends hash.
    fn check_versions(&self, payload: &[u8]) -> Result<(), PacelineError> {
        let &[used, lowest, highest] = payload else {
            return Err(malformed("the answer names no versions"));
        };
        if used == self.versions.common(Versions { lowest, highest })? {
            return Ok(());
        }
        Err(malformed("the other side chose a version that is not the highest which both speak")
            .with_value(used))
    }

    // The side that was connected to.

    fn answer_opening(
        &mut self,
        record: &[u8],
        now: Duration,
        desk: &mut Desk<'_>,
    ) -> Result<State, PacelineError> {
        let (theirs, mode, question) = read_header(record)?;
        let used = match self.versions.common(theirs) {
            Ok(used) => used,
            Err(error) => {
                self.hold(&header(self.versions, MODE_REFUSED), now);
                return Ok(State::Over(error));
            }
        };
        match mode {
            MODE_KNOWN => {
                expect_length(question, length::KNOWN_QUESTION)?;
                let mut noise = noise::answer_known(&self.own.secret, &record[..HEADER], &self.seed);
                let known = read(&mut noise, question).map(|_| remote(&noise));
                let known = known.filter(|peer| *peer != self.own.secret.public_key() && (desk.known)(peer));
                let (answer, link) = if let Some(peer) = known {
                    let answer = write(&mut noise, &[used, self.versions.lowest, self.versions.highest]);
                    (answer, Some((self.channel(noise)?, peer)))
                } else {
                    (noise::decoy(length::KNOWN_ANSWER, &self.seed), None)
                };
                self.hold(&answer, now);
                Ok(State::AnsweredKnown { link })
            }
            MODE_PAIRING => {
                expect_length(question, length::PAKE)?;
                // Without a code that is worth something a random one takes its place: nobody can prove it, and nobody can tell.
                let mut password = Zeroizing::new(vec![0; 32]);
                Draws::new(&self.seed, "no code").fill(&mut password);
                let mut window = None;
                if let Some((code, number)) = desk.window.as_ref().and_then(|window| window.begin(now)) {
                    password = Zeroizing::new(code.digits().into_bytes());
                    window = Some(number);
                }
                let (exchange, half) = Spake2::<Ed25519Group>::start_b_with_rng(
                    &spake2::Password::new(&*password),
                    &spake2::Identity::new(DIALLER),
                    &spake2::Identity::new(ANSWERER),
                    Draws::new(&self.seed, "exchange"),
                );
                let mut said = record.to_vec();
                said.extend_from_slice(&half);
                let noise = finish(exchange, question)
                    .map(|key| noise::answer_pairing(&self.own.secret, &key, &said, &self.seed));
                self.hold(&half, now);
                Ok(State::AnsweredCode { noise, window, used })
            }
            _ => {
                Err(malformed("a connection begins in a way that this release does not know")
                    .with_value(mode))
            }
        }
    }

    fn answer_hello(
        &mut self,
        link: Option<(Channel, PublicKey)>,
        record: &[u8],
    ) -> Result<State, PacelineError> {
        let (mut channel, peer) = link.ok_or_else(stranger)?;
        if channel.open(record)? != Opened::Hello {
            return Err(malformed("the other side does not say that it is ready"));
        }
        self.outcome = Some(Outcome::Up { channel: Box::new(channel), peer, paired: None });
        Ok(State::Over(over()))
    }

    /// The handshake goes on only when the code was proved, in the window in which the try began.
    fn proven(
        noise: Option<HandshakeState>,
        window: Option<u64>,
        record: &[u8],
        now: Duration,
        desk: &mut Desk<'_>,
    ) -> Result<Option<HandshakeState>, PacelineError> {
        expect_length(record, length::PROOF)?;
        let proven = noise.and_then(|mut noise| read(&mut noise, record).map(|_| noise));
        let counts = match (window, desk.window.as_mut()) {
            (Some(number), Some(window)) => window.end(number, proven.is_some(), now),
            _ => false,
        };
        Ok(proven.filter(|_| counts))
    }

    fn answer_proof(&mut self, mut noise: Option<HandshakeState>, used: u8, now: Duration) -> State {
        let answer = if let Some(noise) = &mut noise {
            let mut payload = vec![used, self.versions.lowest, self.versions.highest];
            payload.extend_from_slice(&pack_name(&self.own.name));
            write(noise, &payload)
        } else {
            noise::decoy(length::KEYS_ANSWER, &self.seed)
        };
        self.hold(&answer, now);
        State::AnsweredProof { noise }
    }

    fn answer_keys(&mut self, noise: Option<HandshakeState>, record: &[u8]) -> Result<State, PacelineError> {
        expect_length(record, length::KEYS)?;
        let mut noise = noise.ok_or_else(pairing_failed)?;
        let payload = read(&mut noise, record).ok_or_else(pairing_failed)?;
        let name = unpack_name(&payload).ok_or_else(bad_name)?;
        let peer = self.other_than_own(remote(&noise))?;
        self.outcome = Some(Outcome::CodeProven { key: peer, name });
        Ok(State::AnsweredKeys { channel: self.channel(noise)?, peer })
    }

    fn hold(&mut self, answer: &[u8], now: Duration) {
        self.held = Some((now + ANSWER_TIME, frame(answer)));
    }

    fn channel(&self, noise: HandshakeState) -> Result<Channel, PacelineError> {
        let noise =
            noise.into_transport_mode().map_err(|_| malformed("the handshake ended before its end"))?;
        Ok(Channel::new(noise, self.limits))
    }

    fn other_than_own(&self, key: PublicKey) -> Result<PublicKey, PacelineError> {
        if key == self.own.secret.public_key() { Err(pairing_failed()) } else { Ok(key) }
    }
}

fn header(versions: Versions, mode: u8) -> [u8; HEADER] {
    let [p, c, l] = *MAGIC;
    [p, c, l, versions.lowest, versions.highest, mode]
}

fn read_header(record: &[u8]) -> Result<(Versions, u8, &[u8]), PacelineError> {
    match record {
        [p, c, l, lowest, highest, mode, rest @ ..] if [*p, *c, *l] == *MAGIC && lowest <= highest => {
            Ok((Versions { lowest: *lowest, highest: *highest }, *mode, rest))
        }
        _ => Err(malformed("this is not the link's protocol")),
    }
}

fn expect_length(record: &[u8], length: usize) -> Result<(), PacelineError> {
    if record.len() == length {
        return Ok(());
    }
    Err(malformed("a record of the handshake has a wrong length").with_value(record.len()))
}

fn write(noise: &mut HandshakeState, payload: &[u8]) -> Vec<u8> {
    let mut message = vec![0; length::LONGEST];
    let length = noise.write_message(payload, &mut message).expect("it is our turn, and there is room");
    message.truncate(length);
    message
}

/// What a message of the handshake carries; nothing when it is not genuine.
fn read(noise: &mut HandshakeState, message: &[u8]) -> Option<Vec<u8>> {
    let mut payload = vec![0; length::LONGEST];
    let length = noise.read_message(message, &mut payload).ok()?;
    payload.truncate(length);
    Some(payload)
}

fn remote(noise: &HandshakeState) -> PublicKey {
    let key = noise.get_remote_static().and_then(|key| key.try_into().ok());
    PublicKey::from_bytes(key.expect("this far into the pattern the key is there"))
}

fn finish(exchange: Spake2<Ed25519Group>, half: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let key = Zeroizing::new(exchange.finish(half).ok()?);
    <[u8; 32]>::try_from(key.as_slice()).ok().map(Zeroizing::new)
}

fn over() -> PacelineError {
    PacelineError::new(ErrorCode::LinkClosed, "the handshake is over")
}

fn not_paired() -> PacelineError {
    PacelineError::new(
        ErrorCode::LinkNotPaired,
        "the device at this address does not know this one, or is another than expected; pair the two",
    )
}

fn stranger() -> PacelineError {
    PacelineError::new(ErrorCode::LinkNotPaired, "a device that is not paired with this one tried to connect")
}

fn pairing_failed() -> PacelineError {
    PacelineError::new(
        ErrorCode::LinkPairingFailed,
        "the pairing code is wrong, was used before or is no longer valid; show a new one and try again",
    )
}

fn bad_name() -> PacelineError {
    malformed(format!("the other device has no name that can be read; a name has up to {NAME_LENGTH} bytes"))
}
