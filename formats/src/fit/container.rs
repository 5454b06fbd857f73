//! The shell of a FIT file: header, declared size, checksum, and files chained one after another.
//!
//! The message decoder only says that something does not fit; this says where and what, and tells
//! a file that was cut off from one that was altered.

use crate::notes::Notes;
use crate::{FormatError, Place};

const MAGIC: &[u8] = b".FIT";
/// Shortest header there is; it carries no checksum of its own.
const SHORT_HEADER: usize = 12;
/// Header with a checksum of its own, in its last two bytes.
const LONG_HEADER: usize = 14;
const CHECKSUM: usize = 2;

/// The messages of one file of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The bytes of the messages.
    pub(super) data: &'a [u8],
    /// Offset of `data` in the file.
    pub(super) at: usize,
}

/// Whether a FIT header stands here. Short input is none.
pub(crate) fn is_header(bytes: &[u8]) -> bool {
    bytes.len() >= SHORT_HEADER && usize::from(bytes[0]) >= SHORT_HEADER && &bytes[8..SHORT_HEADER] == MAGIC
}

/// Cuts a file into its parts. The caller has seen that it starts with a header.
pub(super) fn parts<'a>(bytes: &'a [u8], notes: &mut Notes) -> Result<Vec<Part<'a>>, FormatError> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if !is_header(rest) {
            let what = format!("{} bytes that are not FIT follow the end", rest.len());
            notes.damaged(place(at), what)?;
            break;
        }
        let header = usize::from(rest[0]);
        if rest.len() < header {
            notes.damaged(place(bytes.len()), "the file ends within its header")?;
            break;
        }
        check_header(&rest[..header], at, notes)?;
        let declared = u32::from_le_bytes([rest[4], rest[5], rest[6], rest[7]]) as usize;
        let present = rest.len() - header;
        let start = at + header;

        // A device that loses power never comes back to write the size into the header.
        let unfinished = declared == 0 && present > CHECKSUM && !is_header(&rest[header + CHECKSUM..]);
        if unfinished {
            notes.damaged(
                place(at + 4),
                "the header says that no data follows, but some does: the recording was never \
                 finished",
            )?;
            parts.push(Part { data: &bytes[start..], at: start });
            break;
        }
        if present < declared.saturating_add(CHECKSUM) {
            let what = format!(
                "the file is cut off: the header promises {declared} bytes of data and a checksum, \
                 {present} bytes are there"
            );
            notes.damaged(place(bytes.len()), what)?;
            let end = bytes.len().min(start + declared.min(present));
            parts.push(Part { data: &bytes[start..end], at: start });
            break;
        }
        let end = start + declared;
        let found = u16::from_le_bytes([bytes[end], bytes[end + 1]]);
        // A checksummed header leaves the sum at zero, so both ways of counting agree; writers
        // that put zero into the header's checksum differ in whether they count the header in.
        if found != checksum(&bytes[at..end]) && found != checksum(&bytes[start..end]) {
            notes.damaged(place(end), "the checksum does not match: some bytes of the file were altered")?;
        }
        parts.push(Part { data: &bytes[start..end], at: start });
        at = end + CHECKSUM;
    }
    Ok(parts)
}

fn check_header(header: &[u8], at: usize, notes: &mut Notes) -> Result<(), FormatError> {
    if header.len() < LONG_HEADER {
        return Ok(());
    }
    let found = u16::from_le_bytes([header[SHORT_HEADER], header[SHORT_HEADER + 1]]);
    if found != 0 && found != checksum(&header[..SHORT_HEADER]) {
        let what = "the checksum of the header does not match";
        notes.damaged(place(at + SHORT_HEADER), what)?;
    }
    Ok(())
}

pub(super) fn place(offset: usize) -> Place {
    Place::Byte(offset as u64)
}

/// The cyclic redundancy check of FIT: polynomial 0x8005, bits reflected, starting at zero.
fn checksum(bytes: &[u8]) -> u16 {
    const TABLE: [u16; 256] = table();
    bytes.iter().fold(0, |sum, &byte| (sum >> 8) ^ TABLE[usize::from((sum as u8) ^ byte)])
}

const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut sum = index as u16;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xA001 } else { sum >> 1 };
            bit += 1;
        }
        table[index] = sum;
        index += 1;
    }
    table
}
