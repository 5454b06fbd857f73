//! Puts amounts where the timer ran: the one rule for distance, energy, steps and strokes.
//!
//! Devices count only while their timer runs, but their clocks disagree with their own timer events:
//! times are cut to whole seconds, a length of a pool begins before the press that resumes it, the
//! total of a lap spans its rests. Whoever holds that nothing happens in a pause would then lose a
//! part of what was counted. So, whatever an amount was read from:
//!
//! - An interval that touches no pause stays as it is.
//! - What was counted up to the end of its interval (a counter, a length of a pool) belongs to the
//!   last stretch of the interval in which the timer ran: after the pause it spans, before the pause
//!   it ends in.
//! - A total (of a lap, of a session) is shared among all such stretches by how long they are. It may
//!   span hours, and the last stretch a second.
//! - What was counted while the timer stood all along belongs to the nearest instant at which it ran,
//!   when in doubt to the resume.
//!
//! Nothing is lost: what a session holds is what was read.

use crate::Sample;
use crate::timer::{Pause, Standing, standing};

/// Where a session lies and where its timer stood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub(crate) start_us: i64,
    pub(crate) end_us: i64,
    /// Inside the session, ascending and apart; one that lasts to its end was never resumed.
    pub(crate) pauses: &'a [Pause],
}

impl Span<'_> {
    /// Moves an instant into the session.
    pub(crate) fn clamp(&self, at_us: i64) -> i64 {
        at_us.clamp(self.start_us, self.end_us)
    }

    /// Since when the timer has run without a break at this instant, looking back no further than
    /// `from_us`. None when it stands.
    pub(crate) fn running_since(&self, from_us: i64, at_us: i64) -> Option<i64> {
        match standing(self.pauses, at_us) {
            Standing::Running(resumed) => Some(resumed.map_or(from_us, |resumed| from_us.max(resumed))),
            Standing::Paused => None,
        }
    }

    /// Puts an amount that was counted up to the end of its interval into running time.
    pub(crate) fn place(&self, amount: Sample) -> Sample {
        let (from, to) = (self.clamp(amount.start_us), self.clamp(amount.end_us));
        let (start_us, end_us) = self.stretches(from, to).last().unwrap_or_else(|| {
            let at = self.nearest_running(from, to);
            (at, at)
        });
        Sample { start_us, end_us, ..amount }
    }

    /// Shares a total among the running time of its interval.
    pub(crate) fn share(&self, total: Sample) -> Vec<Sample> {
        let (from, to) = (self.clamp(total.start_us), self.clamp(total.end_us));
        let running: i64 = self.stretches(from, to).map(|(start, end)| end - start).sum();
        let mut left = total.value;
        let mut parts: Vec<Sample> = self
            .stretches(from, to)
            .map(|(start_us, end_us)| {
                let value = total.value * ((end_us - start_us) as f64 / running as f64);
                left -= value;
                Sample { start_us, end_us, value, ..total }
            })
            .collect();
        match parts.last_mut() {
            // What rounding left over.
            Some(last) => last.value += left,
            None => parts.push(self.place(total)),
        }
        parts
    }

    /// The stretches of an interval in which the timer ran, in order. An instant is none.
    fn stretches(&self, from_us: i64, to_us: i64) -> impl Iterator<Item = Pause> {
        let first = self.pauses.partition_point(|&(_, until)| until <= from_us);
        let pauses = self.pauses[first..].iter().copied().take_while(move |&(since, _)| since < to_us);
        let ends = pauses.clone().map(|(since, _)| since).chain([to_us]);
        let starts = std::iter::once(from_us).chain(pauses.map(|(_, until)| until));
        starts.zip(ends).filter(|(start, end)| start < end)
    }

    /// The running instant nearest to an interval without any running time: one end of the pause it
    /// lies in, or the interval itself when it is a running instant.
    fn nearest_running(&self, from_us: i64, to_us: i64) -> i64 {
        let begun = self.pauses.partition_point(|&(since, _)| since <= from_us);
        let Some((since, until)) = begun.checked_sub(1).map(|index| self.pauses[index]) else {
            return to_us;
        };
        // Nothing runs after the last pause of a session that was not resumed, its end included.
        let resumed = until < self.end_us;
        if resumed && until <= from_us {
            to_us
        } else if resumed && until - to_us <= from_us - since {
            until
        } else {
            since
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Channel;

    fn span(pauses: &[Pause]) -> Span<'_> {
        Span { start_us: 0, end_us: 100, pauses }
    }

    fn amount(start_us: i64, end_us: i64) -> Sample {
        Sample { channel: Channel::Distance, start_us, end_us, value: 25.0 }
    }

    /// Where an amount over an interval is put.
    fn placed(pauses: &[Pause], start_us: i64, end_us: i64) -> Pause {
        let placed = span(pauses).place(amount(start_us, end_us));
        assert_eq!(placed.value, 25.0);
        (placed.start_us, placed.end_us)
    }

    /// Where a total over an interval is put, with the value of each part.
    fn shared(pauses: &[Pause], start_us: i64, end_us: i64) -> Vec<(i64, i64, f64)> {
        let parts = span(pauses).share(amount(start_us, end_us));
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        assert!((sum - 25.0).abs() < 1e-12, "{sum}");
        parts.iter().map(|part| (part.start_us, part.end_us, part.value)).collect()
    }

    const ONE: &[Pause] = &[(40, 60)];
    const SEVERAL: &[Pause] = &[(10, 20), (40, 60), (70, 75)];
    const AT_START: &[Pause] = &[(0, 20)];
    const AT_END: &[Pause] = &[(80, 100)];
    const ALL: &[Pause] = &[(0, 100)];

    #[test]
    fn running_time_stays_as_it_is() {
        for (start, end) in [(0, 40), (10, 30), (60, 100), (60, 61), (30, 30), (40, 40), (60, 60)] {
            assert_eq!(placed(ONE, start, end), (start, end));
            assert_eq!(shared(ONE, start, end), [(start, end, 25.0)]);
        }
        assert_eq!(placed(&[], 0, 100), (0, 100));
    }

    #[test]
    fn one_pause() {
        assert_eq!(placed(ONE, 35, 50), (35, 40), "ends in the pause");
        assert_eq!(placed(ONE, 50, 70), (60, 70), "begins in the pause");
        assert_eq!(placed(ONE, 20, 65), (60, 65), "spans the pause");
        assert_eq!(placed(ONE, 40, 70), (60, 70), "begins with the pause");
        assert_eq!(placed(ONE, 30, 60), (30, 40), "ends with the pause");
        assert_eq!(shared(ONE, 30, 75), [(30, 40, 10.0), (60, 75, 15.0)]);
    }

    #[test]
    fn several_pauses() {
        assert_eq!(placed(SEVERAL, 0, 100), (75, 100));
        assert_eq!(placed(SEVERAL, 0, 72), (60, 70));
        assert_eq!(placed(SEVERAL, 15, 50), (20, 40));
        assert_eq!(shared(SEVERAL, 15, 65), [(20, 40, 20.0), (60, 65, 5.0)]);
        let starts: Vec<i64> = shared(SEVERAL, 0, 100).iter().map(|part| part.0).collect();
        assert_eq!(starts, [0, 20, 60, 75]);
    }

    #[test]
    fn paused_all_along() {
        for (start, end, at) in [(40, 60, 60), (40, 50, 40), (50, 60, 60), (42, 52, 40), (48, 55, 60)] {
            assert_eq!(placed(ONE, start, end), (at, at), "{start} to {end}");
            assert_eq!(shared(ONE, start, end), [(at, at, 25.0)]);
        }
        assert_eq!(placed(ONE, 45, 45), (40, 40), "an instant");
        assert_eq!(placed(ONE, 50, 50), (60, 60), "in the very middle");
        assert_eq!(placed(SEVERAL, 71, 72), (70, 70));
    }

    #[test]
    fn a_pause_at_the_start() {
        assert_eq!(placed(AT_START, 0, 30), (20, 30));
        assert_eq!(placed(AT_START, 0, 20), (20, 20));
        assert_eq!(placed(AT_START, 0, 5), (0, 0));
        assert_eq!(placed(AT_START, 0, 0), (0, 0));
    }

    #[test]
    fn nothing_is_put_at_the_end_of_a_pause_that_is_not_resumed() {
        assert_eq!(placed(AT_END, 70, 100), (70, 80));
        for (start, end) in [(80, 100), (95, 99), (99, 100), (100, 100)] {
            assert_eq!(placed(AT_END, start, end), (80, 80), "{start} to {end}");
            assert_eq!(shared(AT_END, start, end), [(80, 80, 25.0)]);
            assert_eq!(placed(ALL, start, end), (0, 0), "{start} to {end}");
        }
        assert_eq!(shared(ALL, 0, 100), [(0, 0, 25.0)]);
    }

    #[test]
    fn what_lies_outside_is_moved_into_the_session() {
        assert_eq!(placed(ONE, -10, 5), (0, 5));
        assert_eq!(placed(ONE, 90, 140), (90, 100));
        assert_eq!(placed(AT_END, 110, 120), (80, 80));
        assert_eq!(shared(AT_END, 60, 200), [(60, 80, 25.0)]);
    }

    #[test]
    fn whatever_is_placed_lies_in_running_time_and_stays_there() {
        for pauses in [ONE, SEVERAL, AT_START, AT_END, ALL] {
            for start in 0..=100 {
                for end in start..=100 {
                    let once = placed(pauses, start, end);
                    let apart = |&(since, until): &Pause| once.1 <= since || until <= once.0;
                    assert!(pauses.iter().all(apart), "{start} to {end}: {once:?}");
                    assert_eq!(placed(pauses, once.0, once.1), once);
                    for part in shared(pauses, start, end) {
                        assert_eq!(placed(pauses, part.0, part.1), (part.0, part.1));
                    }
                }
            }
        }
    }
}
