//! Pulls elements out of an XML text, counting lines, and stops where the text breaks off.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::notes::Notes;
use crate::{FormatError, Place};

/// No recording nests deeper; a text that does was made to exhaust somebody's stack.
const MAX_DEPTH: usize = 100;
/// Longest text kept of one element (bytes). Numbers and names are far shorter.
const MAX_TEXT: usize = 4096;

/// The characters of a file. Under salvage bytes that are no UTF-8 are replaced.
pub(crate) fn text<'a>(bytes: &'a [u8], notes: &mut Notes) -> Result<Cow<'a, str>, FormatError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if declares_latin(bytes) => Ok(Cow::Owned(bytes.iter().copied().map(char::from).collect())),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + line_breaks(before);
            notes.damaged(Place::Line(line), "bytes that are not UTF-8")?;
            Ok(String::from_utf8_lossy(bytes))
        }
    }
}

fn line_breaks(bytes: &[u8]) -> u64 {
    bytes.split(|&byte| byte == b'\n').count() as u64 - 1
}

/// Whether the XML declaration names a one-byte western encoding.
fn declares_latin(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(200)];
    let end = head.iter().position(|&byte| byte == b'>').unwrap_or(0);
    let declaration = String::from_utf8_lossy(&head[..end]).to_ascii_lowercase();
    ["iso-8859-1", "iso-8859-15", "windows-1252", "us-ascii"].iter().any(|name| declaration.contains(name))
}

/// The opening or the closing of an element.
pub(crate) enum Node<'a> {
    Open(BytesStart<'a>),
    Close,
}

/// Reads a text element by element.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    depth: usize,
    seen_root: bool,
    /// The characters of the innermost element so far.
    characters: String,
    /// A position and the line it is on.
    counted: (usize, u64),
}

impl<'a> Xml<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, depth: 0, seen_root: false, characters: String::new(), counted: (0, 1) }
    }

    /// The line reached. Only ever counts on from where it counted last.
    pub(crate) fn place(&mut self) -> Place {
        let reached = (self.reader.buffer_position() as usize).min(self.text.len());
        let (from, line) = self.counted;
        let passed = self.text.as_bytes().get(from..reached).unwrap_or(&[]);
        self.counted = (reached.max(from), line + line_breaks(passed));
        Place::Line(self.counted.1)
    }

    /// The characters between the last opening and the closing just read.
    pub(crate) fn characters(&self) -> &str {
        self.characters.trim()
    }

    /// The next opening or closing; `None` at the end, or where salvage has to stop.
    pub(crate) fn next(&mut self, notes: &mut Notes) -> Result<Option<Node<'a>>, FormatError> {
        loop {
            // Before reading on, so that a fault is reported where it begins.
            let here = self.place();
            match self.reader.read_event() {
                Ok(Event::Start(element)) => {
                    if self.seen_root && self.depth == 0 {
                        notes.damaged(here, "more follows after the end of the document")?;
                        return Ok(None);
                    }
                    self.seen_root = true;
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        notes.damaged(here, "elements nested more than 100 deep")?;
                        return Ok(None);
                    }
                    self.characters.clear();
                    return Ok(Some(Node::Open(element)));
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Node::Close));
                }
                Ok(Event::Text(text)) => {
                    if self.depth == 0 && !text.trim().is_empty() {
                        notes.damaged(here, "text outside the document")?;
                        return Ok(None);
                    }
                    self.append(&text);
                }
                Ok(Event::CData(text)) => self.append(&text),
                Ok(Event::GeneralRef(reference)) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(character)) => Some(character),
                        Ok(None) => predefined(&reference),
                        Err(_) => None,
                    };
                    match resolved {
                        Some(character) => self.append(character.encode_utf8(&mut [0; 4])),
                        // Entities a document defines itself are never expanded.
                        None => notes.damaged(here, "a reference to an entity that is not known")?,
                    }
                }
                Ok(Event::Eof) => {
                    if self.depth > 0 {
                        notes.damaged(here, "the text breaks off before its elements are closed")?;
                    }
                    return Ok(None);
                }
                Ok(_) => {}
                Err(error) => {
                    notes.damaged(here, format!("this is not XML: {error}"))?;
                    return Ok(None);
                }
            }
        }
    }

    fn append(&mut self, text: &str) {
        if self.characters.len() + text.len() <= MAX_TEXT {
            self.characters.push_str(text);
        }
    }
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// The value of an attribute, by its name without prefix.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| attribute.value.trim().to_owned())
}

/// The number in a text; nothing when the text is empty.
pub(crate) fn number(text: &str, place: Place, notes: &mut Notes) -> Result<Option<f64>, FormatError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => {
            notes.implausible(place, "a number that cannot be read", &shown(text))?;
            Ok(None)
        }
    }
}

/// The time in a text, in microseconds since the Unix epoch. One without an offset is UTC.
pub(crate) fn time(text: &str, place: Place, notes: &mut Notes) -> Result<Option<i64>, FormatError> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        jiff::tz::Offset::UTC.to_timestamp(civil).ok()
    });
    let Some(time) = parsed else {
        notes.implausible(place, "a time that cannot be read", &shown(text))?;
        return Ok(None);
    };
    crate::plausible::time(time.as_microsecond(), place, notes)
}

/// As much of a text as belongs into a message.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
