//! Tells the formats apart by what a file holds, never by its name.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::{FormatError, fit};

/// How much of a file is looked at to find the first element (bytes). Comments may come before it.
const HEAD: usize = 64 * 1024;

/// The format of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Flexible and Interoperable Data Transfer, the binary format of most devices.
    Fit,
    /// Training Center XML.
    Tcx,
    /// GPS Exchange Format.
    Gpx,
}

impl Format {
    /// Tells the format from the first bytes of a file; `None` when it is none of them.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        detect(bytes).ok()
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fit => "FIT",
            Self::Tcx => "TCX",
            Self::Gpx => "GPX",
        })
    }
}

/// As [`Format::detect`], with a word on what the file is instead.
pub(crate) fn detect(bytes: &[u8]) -> Result<Format, FormatError> {
    if fit::is_header(bytes) {
        return Ok(Format::Fit);
    }
    let refuse = |what: String| Err(FormatError::Unrecognised { what });
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]) {
        return refuse("text in UTF-16; save it as UTF-8".to_owned());
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let text = text.trim_ascii_start();
    if !text.starts_with(b"<") {
        return refuse("it starts neither like a FIT file nor like XML".to_owned());
    }
    // The head may end within a character.
    let text = String::from_utf8_lossy(text);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                return match element.local_name().as_ref() {
                    "TrainingCenterDatabase" => Ok(Format::Tcx),
                    "gpx" => Ok(Format::Gpx),
                    other => refuse(format!(
                        "XML whose first element is {}",
                        other.chars().take(60).collect::<String>()
                    )),
                };
            }
            Ok(Event::Eof) | Err(_) => return refuse("XML without any element".to_owned()),
            Ok(_) => {}
        }
    }
}
