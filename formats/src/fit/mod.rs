//! FIT, the binary format of most watches and bike computers.

mod container;
mod fields;
mod messages;
mod sessions;

pub(crate) use container::is_header;

use crate::notes::Notes;
use crate::{FormatError, RecordedSession};

/// Reads every session of every file of the chain.
pub(crate) fn read(bytes: &[u8], notes: &mut Notes) -> Result<Vec<RecordedSession>, FormatError> {
    let mut sessions = Vec::new();
    let mut without = None;
    for part in container::parts(bytes, notes)? {
        let contents = messages::decode(part, notes)?;
        if contents.file_type.is_some_and(|kind| kind != ACTIVITY) && contents.sessions.is_empty() {
            let kind = rustyfit::profile::typedef::File(contents.file_type.unwrap_or(ACTIVITY));
            without = Some(format!("it is a file of kind {kind}"));
            continue;
        }
        let found = sessions::build(contents, notes)?;
        if found.is_empty() {
            without = without.or_else(|| Some("it has no session and no readings".to_owned()));
        }
        sessions.extend(found);
    }
    if sessions.is_empty() {
        let what = without.unwrap_or_else(|| "it has no messages".to_owned());
        return Err(notes.no_activity(what));
    }
    Ok(sessions)
}

/// The number of an activity among the kinds of FIT files.
const ACTIVITY: u8 = 4;
