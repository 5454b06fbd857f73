//! Counting how often the engine agrees with somebody else, and saying where it does not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How far two numbers may lie apart: by either of the two.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    /// As a share of the expected number.
    pub share: f64,
    /// In the unit of the numbers.
    pub amount: f64,
}

impl Tolerance {
    /// Whether a number is near enough. One that is missing never is.
    pub fn allows(self, actual: Option<f64>, expected: f64) -> bool {
        // Written so that NaN is refused.
        actual.is_some_and(|actual| (actual - expected).abs() <= self.amount.max(self.share * expected.abs()))
    }
}

/// A miss that is known, and why it is one.
#[derive(Debug, Clone, Copy)]
pub struct KnownMiss {
    /// What was counted.
    pub measure: &'static str,
    /// The file; a place inside it stands behind a `#`.
    pub place: &'static str,
    /// Why the engine differs, and is right to.
    pub reason: &'static str,
}

/// How often something was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// How often.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
}

/// The counts of several measures.
#[derive(Debug, Default)]
pub struct Score {
    counts: Vec<(&'static str, Count)>,
    misses: BTreeMap<(&'static str, String), String>,
}

impl Score {
    /// Notes whether one number was right.
    pub fn note(
        &mut self,
        measure: &'static str,
        place: String,
        hit: bool,
        details: impl FnOnce() -> String,
    ) {
        let index = self.counts.iter().position(|(name, _)| *name == measure).unwrap_or_else(|| {
            self.counts.push((measure, Count::default()));
            self.counts.len() - 1
        });
        let count = &mut self.counts[index].1;
        count.of += 1;
        if hit {
            count.hits += 1;
        } else {
            self.misses.insert((measure, place), details());
        }
    }

    /// Compares a number with the one expected. One that nobody expects is not counted.
    pub fn compare(
        &mut self,
        measure: &'static str,
        place: String,
        actual: Option<f64>,
        expected: Option<f64>,
        tolerance: Tolerance,
    ) {
        // A device that did not measure writes 0.
        let Some(expected) = expected.filter(|expected| *expected > 0.0) else { return };
        self.note(measure, place, tolerance.allows(actual, expected), || match actual {
            Some(actual) => format!("{actual:.3} instead of {expected:.3}"),
            None => format!("nothing instead of {expected:.3}"),
        });
    }

    /// The count of one measure.
    pub fn count(&self, measure: &str) -> Count {
        self.counts.iter().find(|(name, _)| *name == measure).map(|(_, count)| *count).unwrap_or_default()
    }

    /// The counts as a table, and below it the misses with their reasons.
    pub fn table(&self, title: &str, known: &[KnownMiss]) -> String {
        let mut text = format!("\n{title}\n");
        for (measure, Count { hits, of }) in &self.counts {
            let _ = writeln!(text, "  {measure:<42} {hits:>4} of {of}");
        }
        for ((measure, place), details) in &self.misses {
            let reason = known.iter().find(|miss| miss.measure == *measure && miss.place == place);
            let reason = reason.map_or("NOT LISTED", |miss| miss.reason);
            let _ = writeln!(text, "    missed: {measure}, {place}: {details}; {reason}");
        }
        text
    }

    /// What keeps the list of known misses from being true: misses that it lacks, and entries that miss no longer.
    /// Entries of files that are not there are let be.
    pub fn faults(&self, known: &[KnownMiss], is_there: impl Fn(&str) -> bool) -> Vec<String> {
        let is_known = |measure: &str, place: &str| {
            known.iter().any(|miss| miss.measure == measure && miss.place == place)
        };
        let unlisted = self
            .misses
            .iter()
            .filter(|((measure, place), _)| !is_known(measure, place))
            .map(|((measure, place), details)| format!("{measure}, {place}: {details}"));
        let outdated = known
            .iter()
            .filter(|miss| is_there(miss.place.split('#').next().unwrap_or_default()))
            .filter(|miss| !self.misses.contains_key(&(miss.measure, miss.place.to_owned())))
            .map(|miss| {
                format!("{}, {}: it is listed as a miss and is none any more", miss.measure, miss.place)
            });
        unlisted.chain(outdated).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[KnownMiss] = &[KnownMiss { measure: "time", place: "a#1", reason: "the clock stood" }];

    #[test]
    fn a_list_must_be_neither_short_nor_long() {
        let near = Tolerance { share: 0.01, amount: 2.0 };
        let mut score = Score::default();
        score.compare("time", "a#0".to_owned(), Some(101.9), Some(100.0), near);
        score.compare("time", "a#1".to_owned(), None, Some(100.0), near);
        score.compare("time", "a#2".to_owned(), Some(5.0), None, near);
        assert_eq!(score.count("time"), Count { hits: 1, of: 2 });
        assert!(score.faults(KNOWN, |_| true).is_empty());
        assert!(score.table("", KNOWN).contains("the clock stood"));
        assert_eq!(score.faults(&[], |_| true).len(), 1);

        score.compare("time", "b".to_owned(), Some(f64::NAN), Some(100.0), near);
        assert_eq!(score.faults(KNOWN, |_| true).len(), 1);
        assert_eq!(Score::default().faults(KNOWN, |file| file == "a").len(), 1);
        assert!(Score::default().faults(KNOWN, |_| false).is_empty());
    }
}
