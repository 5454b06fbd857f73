//! When the timer ran: from presses of buttons, or from what totals say about gaps.

use crate::plausible::SECOND_US;
use crate::timeline::Record;
use crate::{TimerEvent, TimerKind};

/// A span in which the timer stood, in microseconds since the Unix epoch.
pub(crate) type Pause = (i64, i64);

/// What the presses of start and stop come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Presses {
    /// Pauses that were resumed.
    pub(crate) pauses: Vec<Pause>,
    /// The last stop, if the timer was never started again.
    pub(crate) stopped_us: Option<i64>,
}

/// Reads presses in time order; `true` starts the timer, `false` stops it. The timer runs at the
/// start of a session, so a leading start says nothing, and neither does a second stop.
pub(crate) fn from_presses(presses: impl IntoIterator<Item = (i64, bool)>) -> Presses {
    let mut out = Presses::default();
    for (at_us, start) in presses {
        match (start, out.stopped_us) {
            (false, None) => out.stopped_us = Some(at_us),
            (true, Some(since)) => {
                out.stopped_us = None;
                if at_us > since {
                    out.pauses.push((since, at_us));
                }
            }
            (false, Some(_)) | (true, None) => {}
        }
        // A start and a stop in the same second is no running in between: one pause, not two.
        if !start
            && let Some(&(since, until)) = out.pauses.last()
            && out.stopped_us == Some(until)
        {
            out.pauses.pop();
            out.stopped_us = Some(since);
        }
    }
    out
}

/// The pauses of a session from its pauses anywhere, clipped to it, ascending and apart.
pub(crate) fn within_session(mut pauses: Vec<Pause>, start_us: i64, end_us: i64) -> Vec<Pause> {
    pauses.sort_unstable();
    let mut clipped: Vec<Pause> = Vec::with_capacity(pauses.len());
    for (since, until) in pauses {
        let (since, until) = (since.max(start_us), until.min(end_us));
        if since >= until {
            continue;
        }
        match clipped.last_mut() {
            Some(last) if since <= last.1 => last.1 = last.1.max(until),
            _ => clipped.push((since, until)),
        }
    }
    clipped
}

/// The same as events. A pause that lasts to the end of the session is not resumed.
pub(crate) fn to_events(pauses: &[Pause], end_us: i64) -> Vec<TimerEvent> {
    let mut events = Vec::with_capacity(pauses.len() * 2);
    for &(since, until) in pauses {
        events.push(TimerEvent { at_us: since, kind: TimerKind::Pause });
        if until < end_us {
            events.push(TimerEvent { at_us: until, kind: TimerKind::Resume });
        }
    }
    events
}

/// Finds the pauses a file does not name: the timer of a lap stood for `missing_us` somewhere
/// between `start_us` and `end_us`, and devices write no readings while it stands. So the longest
/// gaps between readings are taken first; what no gap explains is put at the end of the lap.
///
/// `records` are the readings of the lap in time order.
pub(crate) fn from_missing_time(
    records: &[Record],
    start_us: i64,
    end_us: i64,
    missing_us: i64,
) -> Vec<Pause> {
    // Seconds are cut off on both sides of a lap; a difference that small is no pause.
    if missing_us < 2 * SECOND_US {
        return Vec::new();
    }
    let instants = std::iter::once(start_us)
        .chain(records.iter().map(|record| record.at_us))
        .chain(std::iter::once(end_us));
    let mut gaps: Vec<Pause> =
        instants.clone().zip(instants.skip(1)).filter(|(since, until)| until - since > SECOND_US).collect();
    gaps.sort_by_key(|&(since, until)| (since - until, since));

    let mut left = missing_us.min(end_us - start_us);
    let mut pauses = Vec::new();
    for (since, until) in gaps {
        if left <= 0 {
            break;
        }
        // One second of the gap is the ordinary step from one reading to the next.
        let length = left.min(until - since - SECOND_US);
        pauses.push((since, since + length));
        left -= length;
    }
    if left > 0 {
        pauses.push((end_us - left, end_us));
    }
    pauses
}

/// Where an instant stands among the pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The timer runs; it was last resumed at this time, if ever.
    Running(Option<i64>),
    /// The timer stands.
    Paused,
}

/// Looks an instant up. Both ends of a pause count as running: a reading there belongs to the
/// second that was still, or already, timed.
pub(crate) fn standing(pauses: &[Pause], at_us: i64) -> Standing {
    let after = pauses.partition_point(|&(since, _)| since < at_us);
    match after.checked_sub(1).map(|index| pauses[index]) {
        Some((_, until)) if at_us < until => Standing::Paused,
        Some((_, until)) => Standing::Running(Some(until)),
        None => Standing::Running(None),
    }
}
