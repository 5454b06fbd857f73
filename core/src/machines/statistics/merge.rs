//! Amounts of several sources: who is believed where they overlap.
//!
//! The rule (inferred: reference, statistics, section 4.1): every sample is an even rate over its interval; in each
//! slice of time only the source that ranks highest among those covering it counts; samples of one source that
//! overlap each other are added; an amount at an instant counts when no higher source covers that instant.
//!
//! Ranking: typed in by hand, then the device itself, then other apps and sensors, of which the one registered later
//! ranks higher.

use super::{REORDER_WINDOW, TooLate};
use crate::values::rows::RunHead;
use crate::values::{Reading, SourceId, SourceKind, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a source stands; the smaller rank is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Rank(SourceKind, u32);

impl Rank {
    pub(super) fn new(kind: SourceKind, source: SourceId) -> Self {
        let order = if kind == SourceKind::External { !source.0 } else { source.0 };
        Self(kind, order)
    }
}

/// An amount over an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Amount {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) steps: i128,
    rank: Rank,
}

impl Amount {
    pub(super) fn new(head: &RunHead, reading: &Reading, steps: i128) -> Self {
        let rank = Rank::new(head.source_kind, head.source);
        Self { start: reading.start, end: reading.end, steps, rank }
    }

    fn is_instant(&self) -> bool {
        self.start == self.end
    }

    /// Whether it hides what lower sources say about `[from, to)`, or about the instant when both are equal.
    fn covers(&self, from: Timestamp, to: Timestamp) -> bool {
        self.start < self.end && self.start < to.max(from.plus_micros(1)) && from < self.end
    }
}

/// A part of an amount that begins or ceases to count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) of: Amount,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) counts: bool,
}

/// The recent amounts of all sources of one type.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct SourceMerge {
    /// By rising start; those that end within the reorder window before the newest start.
    recent: Vec<Amount>,
    newest_start: Option<Timestamp>,
    /// The latest end among the amounts let go.
    forgotten_until: Option<Timestamp>,
}

impl SourceMerge {
    /// Takes in an amount and tells what changes.
    pub(super) fn add(&mut self, added: Amount) -> Result<Vec<Part>, TooLate> {
        // Also where it begins at the very instant of something forgotten: it may hide it.
        if self.forgotten_until.is_some_and(|until| added.start <= until) {
            return Err(TooLate);
        }
        let mut parts = Vec::new();
        for (from, to) in self.visible(&added) {
            parts.push(Part { of: added, from, to, counts: true });
        }
        for lower in self.recent.iter().filter(|other| other.rank > added.rank) {
            if !added.covers(lower.start, lower.end) {
                continue;
            }
            for (from, to) in self.visible(lower) {
                let (from, to) = (from.max(added.start), to.min(added.end));
                if from < to || lower.is_instant() {
                    parts.push(Part { of: *lower, from, to, counts: false });
                }
            }
        }
        self.remember(added);
        Ok(parts)
    }

    /// The parts of an amount that no higher source hides.
    fn visible(&self, amount: &Amount) -> Vec<(Timestamp, Timestamp)> {
        let mut parts = vec![(amount.start, amount.end)];
        for higher in self.recent.iter().filter(|other| other.rank < amount.rank) {
            if !higher.covers(amount.start, amount.end) {
                continue;
            }
            if amount.is_instant() {
                return Vec::new();
            }
            parts = parts
                .into_iter()
                .flat_map(|(from, to)| [(from, to.min(higher.start)), (from.max(higher.end), to)])
                .filter(|(from, to)| from < to)
                .collect();
        }
        parts
    }

    fn remember(&mut self, added: Amount) {
        let newest = self.newest_start.map_or(added.start, |start| start.max(added.start));
        self.newest_start = Some(newest);
        let place = self.recent.partition_point(|other| other.start <= added.start);
        self.recent.insert(place, added);
        let border = newest.minus(REORDER_WINDOW);
        let forgotten = &mut self.forgotten_until;
        self.recent.retain(|amount| {
            let keep = amount.end >= border;
            if !keep {
                *forgotten = Some(forgotten.map_or(amount.end, |until| until.max(amount.end)));
            }
            keep
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::QuantityType;
    use crate::values::exact;

    /// Source 1 is the device, 2 and 3 are other apps of which 3 ranks higher.
    fn amount(source: u32, start: i64, end: i64, value: f64) -> Amount {
        let head = RunHead {
            kind: QuantityType::StepCount,
            source: SourceId(source),
            source_kind: if source == 1 { SourceKind::Device } else { SourceKind::External },
            collected_by: Some(1),
        };
        let reading =
            Reading { value, start: Timestamp::from_seconds(start), end: Timestamp::from_seconds(end) };
        Amount::new(&head, &reading, exact::steps(value))
    }

    fn total(amounts: &[Amount]) -> f64 {
        let mut merge = SourceMerge::default();
        let mut sum = 0;
        for added in amounts {
            for Part { of, from, to, counts } in merge.add(*added).expect("within the window") {
                let part = if of.is_instant() {
                    of.steps
                } else {
                    let until = |date: Timestamp| {
                        exact::share(of.steps, date.micros_since(of.start), of.end.micros_since(of.start))
                    };
                    until(to) - until(from)
                };
                sum += if counts { part } else { -part };
            }
        }
        exact::value(sum)
    }

    /// All orders of a few amounts.
    fn orders(amounts: &[Amount]) -> Vec<Vec<Amount>> {
        if amounts.is_empty() {
            return vec![Vec::new()];
        }
        (0..amounts.len())
            .flat_map(|first| {
                let mut rest = amounts.to_vec();
                let head = rest.remove(first);
                orders(&rest).into_iter().map(move |mut order| {
                    order.insert(0, head);
                    order
                })
            })
            .collect()
    }

    #[test]
    fn the_higher_source_counts_where_both_cover_in_every_order() {
        let cases: [(&[Amount], f64); 5] = [
            (&[amount(1, 0, 10, 100.0), amount(2, 0, 10, 80.0)], 100.0),
            (&[amount(1, 0, 10, 100.0), amount(2, 5, 15, 80.0)], 140.0),
            (&[amount(1, 0, 10, 100.0), amount(1, 5, 15, 80.0)], 180.0),
            (
                &[amount(2, 0, 20, 40.0), amount(3, 5, 10, 30.0), amount(1, 8, 12, 4.0)],
                10.0 + 18.0 + 4.0 + 16.0,
            ),
            (&[amount(2, 5, 5, 7.0), amount(1, 0, 10, 100.0), amount(3, 12, 12, 1.0)], 101.0),
        ];
        for (amounts, expected) in cases {
            for order in orders(amounts) {
                assert!((total(&order) - expected).abs() < 1e-9, "{order:?}: {}", total(&order));
            }
        }
    }

    #[test]
    fn what_was_let_go_cannot_be_corrected() {
        let mut merge = SourceMerge::default();
        assert!(merge.add(amount(1, 0, 10, 1.0)).is_ok());
        assert!(merge.add(amount(1, 100, 110, 1.0)).is_ok());
        assert_eq!(merge.add(amount(2, 5, 8, 1.0)), Err(TooLate));
        assert_eq!(merge.add(amount(2, 10, 12, 1.0)), Err(TooLate));
        assert!(merge.add(amount(2, 20, 30, 1.0)).is_ok());
    }
}
