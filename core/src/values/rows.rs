//! Many samples at once, as the machines see them: runs of the same type and source.
//!
//! A batch mixes types; everything that is done to samples is done per type. Grouped, a type is looked up once for a
//! whole run, and what remains per sample is plain arithmetic over a slice.

use super::quantity_type::QuantityType;
use super::sample::{QuantitySample, SourceId, SourceKind};
use super::statistics::Reading;
use super::timestamp::Timestamp;

/// What the samples of a run have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RunHead {
    pub(crate) kind: QuantityType,
    pub(crate) source: SourceId,
    pub(crate) source_kind: SourceKind,
    /// The key of the workout whose builder collected them.
    pub(crate) collected_by: Option<i64>,
}

/// Some samples of one type from one source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Run<'a> {
    pub(crate) head: RunHead,
    pub(crate) readings: &'a [Reading],
}

impl Run<'_> {
    /// The earliest start and the latest end.
    #[inline]
    pub(crate) fn reach(&self) -> (Timestamp, Timestamp) {
        self.readings.iter().fold((Timestamp::MAX, Timestamp::MIN), |(from, to), reading| {
            (from.min(reading.start), to.max(reading.end))
        })
    }
}

/// Samples in runs. Their order across runs carries no meaning.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Rows {
    readings: Vec<Reading>,
    /// The head of each run, with the place in `readings` where it ends.
    runs: Vec<(RunHead, usize)>,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.readings.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.readings.clear();
        self.runs.clear();
    }

    pub(crate) fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        let mut from = 0;
        self.runs.iter().map(move |(head, to)| {
            let readings = &self.readings[from..*to];
            from = *to;
            Run { head: *head, readings }
        })
    }

    /// The runs that a builder collected.
    pub(crate) fn collected(&self) -> impl Iterator<Item = Run<'_>> {
        self.runs().filter(|run| run.head.collected_by.is_some())
    }

    pub(crate) fn push(&mut self, head: RunHead, reading: Reading) {
        self.readings.push(reading);
        let end = self.readings.len();
        match self.runs.last_mut() {
            Some((last, to)) if *last == head => *to = end,
            _ => self.runs.push((head, end)),
        }
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let before = self.readings.len();
        self.readings.extend_from_slice(&other.readings);
        for (head, to) in &other.runs {
            match self.runs.last_mut() {
                Some((last, end)) if last == head => *end = before + to,
                _ => self.runs.push((*head, before + to)),
            }
        }
    }

    /// Keeps the first `len` samples.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.readings.truncate(len);
        let kept = self.runs.partition_point(|(_, to)| *to < len);
        self.runs.truncate(if len == 0 { 0 } else { kept + 1 });
        if let Some((_, to)) = self.runs.last_mut() {
            *to = len.min(*to);
        }
    }

    /// Begins with runs of these lengths whose samples are yet to be [`set`](Self::set).
    pub(super) fn reserve_runs(&mut self, runs: impl Iterator<Item = (RunHead, usize)>) {
        self.clear();
        let mut end = 0;
        self.runs.extend(runs.map(|(head, length)| {
            end += length;
            (head, end)
        }));
        let unset = Reading { value: 0.0, start: Timestamp::EPOCH, end: Timestamp::EPOCH };
        self.readings.resize(end, unset);
    }

    /// All samples of all runs, to be set by their place.
    #[inline]
    pub(super) fn all_mut(&mut self) -> &mut [Reading] {
        &mut self.readings
    }

    /// Marks what a workout collects. `whole` answers for a run at once where it can; where it cannot, the run is parted
    /// into the samples for which `each` holds and the others.
    pub(crate) fn collect(
        &mut self,
        by: i64,
        whole: impl Fn(&Run<'_>) -> Option<bool>,
        each: impl Fn(&RunHead, &Reading) -> bool,
    ) {
        let mut parted = Vec::with_capacity(self.runs.len());
        let mut from = 0;
        for (head, to) in std::mem::take(&mut self.runs) {
            let readings = &mut self.readings[from..to];
            let taken = match whole(&Run { head, readings }) {
                Some(true) => to,
                Some(false) => from,
                None => {
                    readings.sort_by_key(|reading| !each(&head, reading));
                    from + readings.partition_point(|reading| each(&head, reading))
                }
            };
            if taken > from {
                parted.push((RunHead { collected_by: Some(by), ..head }, taken));
            }
            if to > taken {
                parted.push((RunHead { collected_by: None, ..head }, to));
            }
            from = to;
        }
        self.runs = parted;
    }

    /// Marks all samples as collected by this workout, or by none.
    pub(crate) fn mark(&mut self, by: Option<i64>) {
        for (head, _) in &mut self.runs {
            head.collected_by = by;
        }
    }
}

impl RunHead {
    pub(crate) fn of(sample: &QuantitySample, source_kind: SourceKind) -> Self {
        Self { kind: sample.quantity_type, source: sample.source, source_kind, collected_by: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lengths: &[(QuantityType, usize)]) -> Rows {
        let mut rows = Rows::default();
        for (kind, length) in lengths {
            let head = RunHead {
                kind: *kind,
                source: SourceId(1),
                source_kind: SourceKind::Device,
                collected_by: None,
            };
            for index in 0..*length {
                let at = Timestamp::from_seconds(index as i64);
                rows.push(head, Reading { value: index as f64, start: at, end: at });
            }
        }
        rows
    }

    fn lengths(rows: &Rows) -> Vec<(QuantityType, usize, bool)> {
        rows.runs().map(|run| (run.head.kind, run.readings.len(), run.head.collected_by.is_some())).collect()
    }

    use QuantityType::{HeartRate, StepCount};

    #[test]
    fn truncating_undoes_appending() {
        let first = rows(&[(HeartRate, 2), (StepCount, 3)]);
        for added in [rows(&[]), rows(&[(StepCount, 4)]), rows(&[(HeartRate, 1), (StepCount, 1)])] {
            let mut both = first.clone();
            both.append(&added);
            assert_eq!(both.len(), first.len() + added.len());
            both.truncate(first.len());
            assert_eq!(both, first);
            both.truncate(0);
            assert_eq!(both, Rows::default());
        }
    }

    #[test]
    fn a_run_is_parted_where_only_some_of_it_is_collected() {
        let mut rows = rows(&[(HeartRate, 4), (StepCount, 3)]);
        let whole = |run: &Run<'_>| (run.head.kind == StepCount).then_some(false);
        rows.collect(7, whole, |_, reading| reading.value >= 3.0);
        assert_eq!(lengths(&rows), [(HeartRate, 1, true), (HeartRate, 3, false), (StepCount, 3, false)]);
        assert_eq!(rows.runs().next().map(|run| run.readings[0].value), Some(3.0));
    }
}
