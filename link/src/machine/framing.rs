//! Records on a stream of bytes: two bytes of length, little-endian, then as many bytes.

use super::malformed;
use paceline::PacelineError;

/// The longest record, in bytes without its length.
pub(crate) const LONGEST_RECORD: usize = 65_535;

/// Puts the length before a record. It has at most [`LONGEST_RECORD`] bytes.
pub(super) fn frame(record: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(2 + record.len());
    framed.extend_from_slice(&(record.len() as u16).to_le_bytes());
    framed.extend_from_slice(record);
    framed
}

/// Finds the records in what arrives in pieces. Holds one record at most.
pub(super) struct Framer {
    longest: usize,
    gathered: Vec<u8>,
}

impl Framer {
    /// A framer that takes records of this length at most; a longer one is refused as soon as its length is there.
    pub(super) fn new(longest: usize) -> Self {
        Self { longest, gathered: Vec::new() }
    }

    /// Takes bytes up to the end of the record that is going on: how many it took, and the record when it is whole.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(usize, Option<Vec<u8>>), PacelineError> {
        let mut taken = self.gather(bytes, 2);
        if self.gathered.len() < 2 {
            return Ok((taken, None));
        }
        let length = usize::from(u16::from_le_bytes([self.gathered[0], self.gathered[1]]));
        if length > self.longest {
            return Err(malformed("a record has a length that is not allowed here").with_value(length));
        }
        taken += self.gather(&bytes[taken..], 2 + length);
        if self.gathered.len() < 2 + length {
            return Ok((taken, None));
        }
        let record = self.gathered.split_off(2);
        self.gathered.clear();
        Ok((taken, Some(record)))
    }

    fn gather(&mut self, bytes: &[u8], until: usize) -> usize {
        let count = until.saturating_sub(self.gathered.len()).min(bytes.len());
        self.gathered.extend_from_slice(&bytes[..count]);
        count
    }
}
