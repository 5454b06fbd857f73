//! Packed batches: many samples as one block of bytes, laid out the same in every language.
//!
//! All numbers are little-endian, everything is aligned to 8 bytes. The header, 24 bytes:
//!
//! | offset | type | what |
//! |--:|---|---|
//! | 0 | `u16` | version, 1 |
//! | 2 | `u16` | bytes a row, 32 (a later version may append to a row; a reader steps by this number) |
//! | 4 | `u32` | rows |
//! | 8 | `u32` | source: the number that the store gave to who measured |
//! | 12 | `u32` | 0 |
//! | 16 | `u64` | batch number, rising per source; 0 for none |
//!
//! A row, 32 bytes:
//!
//! | offset | type | what |
//! |--:|---|---|
//! | 0 | `u16` | type code |
//! | 2 | 6 bytes | 0 |
//! | 8 | `i64` | start, microseconds since the Unix epoch |
//! | 16 | `i64` | end, likewise |
//! | 24 | `f64` | value in the type's stored unit |
//!
//! A batch whose number is not higher than the last one of its source is answered with success and ignored, so that a host that did not hear
//! the answer may send the batch again.

use super::error::{ErrorCode, PacelineError};
use super::quantity_type::{QuantityType, TypeSet};
use super::rows::{Rows, RunHead};
use super::sample::{SourceId, SourceKind, ends_before_start};
use super::statistics::Reading;
use super::timestamp::Timestamp;

/// The layout version written here.
pub(crate) const VERSION: u16 = 1;
/// Bytes of the header.
pub(crate) const HEADER_SIZE: usize = 24;
/// Bytes of a row.
pub(crate) const ROW_SIZE: usize = 32;

/// A packed batch whose header was checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackedBatch<'a> {
    pub(crate) source: SourceId,
    pub(crate) number: u64,
    row_size: usize,
    rows: &'a [u8],
}

impl<'a> PackedBatch<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, PacelineError> {
        let malformed = |what: String| PacelineError::new(ErrorCode::InputMalformed, what);
        let Some((header, rows)) = bytes.split_first_chunk::<HEADER_SIZE>() else {
            return Err(malformed(format!("a packed batch starts with a header of {HEADER_SIZE} bytes"))
                .with_value(format_args!("{} bytes", bytes.len())));
        };
        let version = u16::from_le_bytes([header[0], header[1]]);
        if version != VERSION {
            return Err(malformed(format!("byte 0: this release reads packed batches of version {VERSION}"))
                .with_value(version));
        }
        let row_size = usize::from(u16::from_le_bytes([header[2], header[3]]));
        if row_size < ROW_SIZE || row_size % 8 != 0 {
            return Err(malformed(format!("byte 2: a row has {ROW_SIZE} bytes")).with_value(row_size));
        }
        let count = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        let source = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        let [.., n0, n1, n2, n3, n4, n5, n6, n7] = *header;
        let number = u64::from_le_bytes([n0, n1, n2, n3, n4, n5, n6, n7]);
        if u64::from(count) * row_size as u64 != rows.len() as u64 {
            return Err(malformed(format!(
                "byte 4: the header promises {count} rows of {row_size} bytes, {} bytes follow it",
                rows.len()
            )));
        }
        Ok(Self { source: SourceId(source), number, row_size, rows })
    }

    /// Reads the rows into runs of one type each, and checks them; an error names the first wrong row and its byte
    /// offset.
    pub(crate) fn read_into(&self, rows: &mut Rows, source_kind: SourceKind) -> Result<(), PacelineError> {
        // First how many rows each type has, then each row into its place: no list grows, nothing is compared twice.
        let mut counts = [0_u32; TypeSet::CAPACITY];
        for row in self.each() {
            match counts.get_mut(usize::from(code(row))) {
                Some(count) => *count += 1,
                None => return Err(self.first_fault()),
            }
        }
        let mut present = Vec::with_capacity(16);
        for (code, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let Some(kind) = QuantityType::from_code(code as u16) else { return Err(self.first_fault()) };
            let head = RunHead { kind, source: self.source, source_kind, collected_by: None };
            present.push((head, *count as usize));
        }
        // From here on, `next` says for each type where its next row goes.
        let mut next = counts;
        let mut end = 0;
        for (head, count) in &present {
            next[usize::from(head.kind.code())] = end;
            end += *count as u32;
        }
        let all = rows.make_room(present.into_iter());
        for row in self.each() {
            let place = &mut next[usize::from(code(row)) % TypeSet::CAPACITY];
            if let Some(reading) = all.get_mut(*place as usize) {
                *reading = decode(row);
            }
            *place += 1;
        }
        if rows.sum_up() {
            return Ok(());
        }
        rows.clear();
        Err(self.first_fault())
    }

    /// The bytes of each row that this release knows.
    #[inline]
    fn each(&self) -> impl Iterator<Item = &'a [u8; ROW_SIZE]> + use<'a> {
        self.rows.chunks_exact(self.row_size).filter_map(|row| row.first_chunk())
    }

    /// Looks for what is wrong row by row; only called when something is.
    #[cold]
    fn first_fault(&self) -> PacelineError {
        for (index, row) in self.each().enumerate() {
            let place = format!("row {index} at byte {}", HEADER_SIZE + index * self.row_size);
            let Reading { value, start, end } = decode(row);
            if let Err(fault) = QuantityType::checked(code(row), value) {
                return fault.at(&place, code(row), value);
            }
            if end < start {
                return ends_before_start(&place, end);
            }
            if start < Timestamp::MIN || end > Timestamp::MAX {
                return PacelineError::new(
                    ErrorCode::InputOutOfRange,
                    format!("{place}: dates lie between the years 1 and 9999"),
                );
            }
        }
        PacelineError::new(ErrorCode::InputMalformed, "the batch has a row that cannot be read")
    }
}

#[inline]
fn code(row: &[u8; ROW_SIZE]) -> u16 {
    u16::from_le_bytes([row[0], row[1]])
}

/// What a row says, unchecked.
#[inline]
fn decode(row: &[u8; ROW_SIZE]) -> Reading {
    let word = |at: usize| {
        let mut word = [0; 8];
        word.copy_from_slice(&row[at..at + 8]);
        word
    };
    Reading {
        value: f64::from_le_bytes(word(24)),
        start: Timestamp::unchecked(i64::from_le_bytes(word(8))),
        end: Timestamp::unchecked(i64::from_le_bytes(word(16))),
    }
}

/// Writes packed batches.
///
/// ```
/// use paceline::{PackedBatchWriter, QuantityType, SourceId, Timestamp};
/// let mut batch = PackedBatchWriter::new(SourceId::OWN, 7);
/// let t = Timestamp::from_seconds(1_700_000_000);
/// batch.push(QuantityType::HeartRate, t, t, 142.0);
/// assert_eq!(batch.bytes().len(), 24 + 32);
/// ```
#[derive(Debug, Clone)]
pub struct PackedBatchWriter {
    bytes: Vec<u8>,
}

impl PackedBatchWriter {
    /// An empty batch of this source. Number batches from 1, rising, or pass 0 when none is ever sent twice.
    pub fn new(source: SourceId, number: u64) -> Self {
        let mut bytes = Vec::with_capacity(HEADER_SIZE + 8 * ROW_SIZE);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(ROW_SIZE as u16).to_le_bytes());
        bytes.extend_from_slice(&0_u32.to_le_bytes());
        bytes.extend_from_slice(&source.0.to_le_bytes());
        bytes.extend_from_slice(&0_u32.to_le_bytes());
        bytes.extend_from_slice(&number.to_le_bytes());
        Self { bytes }
    }

    /// Empties the batch and gives it the next number, keeping its memory.
    pub fn restart(&mut self, number: u64) {
        self.bytes.truncate(HEADER_SIZE);
        self.bytes[4..8].copy_from_slice(&0_u32.to_le_bytes());
        self.bytes[16..24].copy_from_slice(&number.to_le_bytes());
    }

    /// Appends a sample; the value is in the type's stored unit. What is wrong with it is told at ingest.
    pub fn push(&mut self, quantity_type: QuantityType, start: Timestamp, end: Timestamp, value: f64) {
        self.bytes.extend_from_slice(&quantity_type.code().to_le_bytes());
        self.bytes.extend_from_slice(&[0; 6]);
        self.bytes.extend_from_slice(&start.micros().to_le_bytes());
        self.bytes.extend_from_slice(&end.micros().to_le_bytes());
        self.bytes.extend_from_slice(&value.to_le_bytes());
        let rows = self.len() as u32;
        self.bytes[4..8].copy_from_slice(&rows.to_le_bytes());
    }

    /// How many samples the batch has.
    pub fn len(&self) -> usize {
        (self.bytes.len() - HEADER_SIZE) / ROW_SIZE
    }

    /// Whether the batch has no sample.
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER_SIZE
    }

    /// The batch, ready for `HealthStore::ingest`.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> PackedBatchWriter {
        let mut batch = PackedBatchWriter::new(SourceId(3), 258);
        let t = Timestamp::from_micros(1_700_000_000_000_000);
        batch.push(QuantityType::HeartRate, t, t, 142.0);
        batch.push(QuantityType::DistanceWalkingRunning, t, t.plus_micros(1_000_000), 2.75);
        batch
    }

    #[test]
    fn the_layout_is_fixed() {
        let hex: Vec<_> = golden().bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex.concat(),
            "0100200002000000030000000000000002010000000000002200000000000000\
             00401e18240a060000401e18240a06000000000000c061401200000000000000\
             00401e18240a060040822d18240a06000000000000000640"
        );
    }

    #[test]
    fn a_batch_reads_back() {
        let writer = golden();
        let batch = PackedBatch::parse(writer.bytes()).unwrap();
        assert_eq!((batch.source, batch.number), (SourceId(3), 258));
        let mut rows = Rows::default();
        batch.read_into(&mut rows, SourceKind::Device).unwrap();
        let read: Vec<_> = rows.runs().map(|run| (run.head.kind, run.readings[0].value)).collect();
        assert_eq!(read, [(QuantityType::DistanceWalkingRunning, 2.75), (QuantityType::HeartRate, 142.0)]);
    }

    fn read(bytes: &[u8]) -> Result<(), PacelineError> {
        PackedBatch::parse(bytes)?.read_into(&mut Rows::default(), SourceKind::Device)
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let good = golden().bytes().to_vec();
        for length in 0..good.len() {
            assert!(PackedBatch::parse(&good[..length]).is_err(), "{length} bytes");
        }
        let mut nan = good.clone();
        nan[24 + 32 + 24..].copy_from_slice(&f64::NAN.to_le_bytes());
        let error = read(&nan).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputOutOfRange);
        assert!(error.message().starts_with("row 1 at byte 56"), "{error}");

        let mut unknown = good.clone();
        unknown[24] = 0xEE;
        let error = read(&unknown).unwrap_err();
        assert_eq!((error.code(), error.value()), (ErrorCode::InputUnknown, Some("238")));

        let mut future = good;
        future[0] = 9;
        assert_eq!(PackedBatch::parse(&future).unwrap_err().code(), ErrorCode::InputMalformed);
    }
}
