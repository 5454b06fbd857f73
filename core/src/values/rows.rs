//! Many samples at once, as the machines see them: runs of the same type and source.
//!
//! A batch mixes types; everything that is done to samples is done per type. Grouped, a type is looked up once for a
//! whole run, and what remains per sample is plain arithmetic over a slice.

use super::exact;
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

/// What is worth knowing of a run as a whole, so that nobody needs to look at its samples again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Summary {
    /// In steps of [`exact`].
    pub(crate) sum: i128,
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
    pub(crate) first_start: Timestamp,
    pub(crate) last_start: Timestamp,
    pub(crate) last_end: Timestamp,
    /// Whether the samples rise by start and by end.
    pub(crate) in_order: bool,
}

#[allow(clippy::needless_bitwise_bool, reason = "a lazy operator would be a branch for every sample")]
impl Summary {
    const EMPTY: Self = Self {
        sum: 0,
        lowest: f64::INFINITY,
        highest: f64::NEG_INFINITY,
        first_start: Timestamp::MAX,
        last_start: Timestamp::MIN,
        last_end: Timestamp::MIN,
        in_order: true,
    };

    /// Sums up samples, and tells whether each of them is a number and ends no earlier than it starts. It runs for every
    /// sample: one pass, no branches, and no search for extremes of dates where samples come in order.
    pub(super) fn of(readings: &[Reading]) -> (Self, bool) {
        let Some((first, last)) = readings.first().zip(readings.last()) else { return (Self::EMPTY, true) };
        let mut all =
            Self { first_start: first.start, last_start: last.start, last_end: last.end, ..Self::EMPTY };
        let mut sound = true;
        let mut before = *first;
        for reading in readings {
            sound &= !reading.value.is_nan() & (reading.start <= reading.end);
            all.in_order &= (reading.start >= before.start) & (reading.end >= before.end);
            all.sum += i128::from(exact::small_steps(reading.value));
            all.lowest = if reading.value < all.lowest { reading.value } else { all.lowest };
            all.highest = if reading.value > all.highest { reading.value } else { all.highest };
            before = *reading;
        }
        if all.highest.max(-all.lowest) >= exact::SMALL {
            // Absurd values are refused by what follows; until then they must not do harm.
            all.sum = readings.iter().fold(0, |sum, reading| sum.wrapping_add(exact::steps(reading.value)));
        }
        if !all.in_order {
            for reading in readings {
                all.first_start = all.first_start.min(reading.start);
                all.last_start = all.last_start.max(reading.start);
                all.last_end = all.last_end.max(reading.end);
            }
        }
        (all, sound)
    }

    #[inline]
    fn take(&mut self, reading: &Reading) {
        let Reading { value, start, end } = *reading;
        self.sum += exact::steps(value);
        self.lowest = if value < self.lowest { value } else { self.lowest };
        self.highest = if value > self.highest { value } else { self.highest };
        self.in_order &= (start >= self.last_start) & (end >= self.last_end);
        self.first_start = self.first_start.min(start);
        self.last_start = self.last_start.max(start);
        self.last_end = self.last_end.max(end);
    }

    /// Sums up this and what follows it.
    fn then(&self, next: &Self) -> Self {
        Self {
            sum: self.sum + next.sum,
            lowest: self.lowest.min(next.lowest),
            highest: self.highest.max(next.highest),
            first_start: self.first_start.min(next.first_start),
            last_start: self.last_start.max(next.last_start),
            last_end: self.last_end.max(next.last_end),
            in_order: self.in_order
                && next.in_order
                && next.first_start >= self.last_start
                && next.last_end >= self.last_end,
        }
    }
}

/// Some samples of one type from one source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Run<'a> {
    pub(crate) head: RunHead,
    pub(crate) summary: Summary,
    /// Never empty.
    pub(crate) readings: &'a [Reading],
}

/// Samples in runs. Their order across runs carries no meaning.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Rows {
    readings: Vec<Reading>,
    runs: Vec<Part>,
}

/// A run, and where it ends among all readings.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    head: RunHead,
    summary: Summary,
    end: usize,
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
        self.runs.iter().map(move |part| {
            let readings = &self.readings[from..part.end];
            from = part.end;
            Run { head: part.head, summary: part.summary, readings }
        })
    }

    /// The runs that a builder collected.
    pub(crate) fn collected(&self) -> impl Iterator<Item = Run<'_>> {
        self.runs().filter(|run| run.head.collected_by.is_some())
    }

    /// The samples that this workout collected.
    pub(crate) fn collected_by(&self, key: i64) -> Self {
        let mut rows = Self::default();
        for run in self.runs().filter(|run| run.head.collected_by == Some(key)) {
            for reading in run.readings {
                rows.push(run.head, *reading);
            }
        }
        rows
    }

    pub(crate) fn push(&mut self, head: RunHead, reading: Reading) {
        self.readings.push(reading);
        let end = self.readings.len();
        match self.runs.last_mut() {
            Some(last) if last.head == head => {
                last.end = end;
                last.summary.take(&reading);
            }
            _ => {
                let mut summary = Summary::EMPTY;
                summary.take(&reading);
                self.runs.push(Part { head, summary, end });
            }
        }
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let before = self.readings.len();
        self.readings.extend_from_slice(&other.readings);
        for part in &other.runs {
            let end = before + part.end;
            match self.runs.last_mut() {
                Some(last) if last.head == part.head => {
                    last.end = end;
                    last.summary = last.summary.then(&part.summary);
                }
                _ => self.runs.push(Part { end, ..*part }),
            }
        }
    }

    /// Makes room for runs of these lengths; their readings are set in place and then [summed up](Self::sum_up).
    pub(super) fn make_room(&mut self, runs: impl Iterator<Item = (RunHead, usize)>) -> &mut [Reading] {
        self.runs.clear();
        let mut end = 0;
        self.runs.extend(runs.map(|(head, length)| {
            end += length;
            Part { head, summary: Summary::EMPTY, end }
        }));
        // What stood there before is overwritten, so that a buffer used again costs nothing to prepare.
        let unset = Reading { value: 0.0, start: Timestamp::EPOCH, end: Timestamp::EPOCH };
        self.readings.resize(end, unset);
        &mut self.readings
    }

    /// Sums up every run after its readings were set. Returns whether all samples are sound: plausible values, dates in
    /// range and in order.
    pub(super) fn sum_up(&mut self) -> bool {
        let mut from = 0;
        let mut sound = true;
        for part in &mut self.runs {
            let (summary, each) = Summary::of(&self.readings[from..part.end]);
            from = part.end;
            part.summary = summary;
            sound &= each
                && part.head.kind.allows(summary.lowest, summary.highest)
                && summary.first_start >= Timestamp::MIN
                && summary.last_end <= Timestamp::MAX;
        }
        sound
    }

    /// Marks what a workout collects. `whole` answers for a run at once where it can; where it cannot, the run is parted
    /// into the samples for which `each` holds and the others.
    pub(crate) fn collect(
        &mut self,
        by: i64,
        whole: impl Fn(&RunHead, &Summary) -> Option<bool>,
        each: impl Fn(&RunHead, &Reading) -> bool,
    ) {
        let answers: Vec<_> = self.runs.iter().map(|part| whole(&part.head, &part.summary)).collect();
        if answers.iter().all(Option::is_some) {
            for (part, answer) in self.runs.iter_mut().zip(answers) {
                part.head.collected_by = answer.filter(|all| *all).map(|_| by);
            }
            return;
        }
        let mut parted = Vec::with_capacity(self.runs.len() + 1);
        let mut from = 0;
        for (Part { head, end, .. }, answer) in std::mem::take(&mut self.runs).into_iter().zip(answers) {
            let readings = &mut self.readings[from..end];
            let taken = match answer {
                Some(true) => readings.len(),
                Some(false) => 0,
                None => {
                    readings.sort_by_key(|reading| !each(&head, reading));
                    readings.partition_point(|reading| each(&head, reading))
                }
            };
            let (collected, others) = readings.split_at(taken);
            for (part, end, collected_by) in [(collected, from + taken, Some(by)), (others, end, None)] {
                if !part.is_empty() {
                    let head = RunHead { collected_by, ..head };
                    parted.push(Part { head, summary: Summary::of(part).0, end });
                }
            }
            from = end;
        }
        self.runs = parted;
    }

    /// Changes the dates of what is collected.
    pub(crate) fn move_collected(&mut self, to: impl Fn(&Reading) -> Reading) {
        let mut from = 0;
        for part in &mut self.runs {
            let readings = &mut self.readings[from..part.end];
            from = part.end;
            if part.head.collected_by.is_some() {
                for reading in &mut *readings {
                    *reading = to(reading);
                }
                part.summary = Summary::of(readings).0;
            }
        }
    }

    /// Marks all samples as collected by this workout, or by none.
    pub(crate) fn mark(&mut self, by: Option<i64>) {
        for part in &mut self.runs {
            part.head.collected_by = by;
        }
    }

    /// Marks the samples that this workout collected as collected by none.
    pub(crate) fn release(&mut self, key: i64) {
        for part in self.runs.iter_mut().filter(|part| part.head.collected_by == Some(key)) {
            part.head.collected_by = None;
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
    fn summaries_follow_what_is_put_together() {
        let mut both = rows(&[(HeartRate, 2), (StepCount, 3)]);
        both.append(&rows(&[(StepCount, 4), (HeartRate, 1)]));
        assert_eq!(lengths(&both), [(HeartRate, 2, false), (StepCount, 7, false), (HeartRate, 1, false)]);
        for run in both.runs() {
            assert_eq!(run.summary, Summary::of(run.readings).0);
        }
        assert!(!both.runs().nth(1).unwrap().summary.in_order);
    }

    #[test]
    fn a_run_is_parted_where_only_some_of_it_is_collected() {
        let mut rows = rows(&[(HeartRate, 4), (StepCount, 3)]);
        let whole = |head: &RunHead, _: &Summary| (head.kind == StepCount).then_some(false);
        rows.collect(7, whole, |_, reading| reading.value >= 3.0);
        assert_eq!(lengths(&rows), [(HeartRate, 1, true), (HeartRate, 3, false), (StepCount, 3, false)]);
        assert_eq!(rows.runs().next().map(|run| run.readings[0].value), Some(3.0));
    }
    #[test]
    fn what_is_collected_moves_and_the_rest_stays() {
        let mut rows = rows(&[(HeartRate, 3), (StepCount, 3)]);
        rows.collect(7, |head, _| Some(head.kind == HeartRate), |_, _| false);
        let before = rows.clone();
        rows.move_collected(|reading| Reading {
            start: reading.end,
            end: reading.end.plus_micros(5),
            ..*reading
        });
        for (now, then) in rows.runs().zip(before.runs()) {
            let moves = now.head.kind == HeartRate;
            assert_eq!(now.readings[1].end == then.readings[1].end.plus_micros(5), moves);
            assert_eq!(now.summary, Summary::of(now.readings).0);
            assert_eq!(now.summary == then.summary, !moves);
        }
    }
}
