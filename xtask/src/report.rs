//! What became of the steps, and how it is told.

use std::fmt;
use std::time::Duration;

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// With what went wrong.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

impl Outcome {
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Failed(_) => "FAILED",
            Self::Skipped(_) => "skipped",
        }
    }

    /// The outcome of a step that does one thing.
    pub(crate) fn of(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(what) => Self::Failed(what),
        }
    }
}

/// A test that was not run, with the reason its author gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ignored {
    pub(crate) test: String,
    pub(crate) why: String,
}

impl Ignored {
    /// Reads a line that the test harness prints: `test NAME ... ignored, REASON`.
    pub(crate) fn of(line: &str) -> Option<Self> {
        let (test, rest) = line.strip_prefix("test ")?.split_once(" ... ignored")?;
        let why = rest.strip_prefix(", ").unwrap_or("its author gave no reason");
        Some(Self { test: test.to_owned(), why: why.to_owned() })
    }
}

#[derive(Debug)]
struct Line {
    step: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// All steps that were run, in order. Displayed as a table, the reasons, and one last line of counts.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    ignored: Vec<Ignored>,
}

impl Report {
    pub(crate) fn add(&mut self, step: &'static str, outcome: Outcome, took: Duration) {
        self.lines.push(Line { step, outcome, took });
    }

    pub(crate) fn ignored(&mut self) -> &mut Vec<Ignored> {
        &mut self.ignored
    }

    /// Whether the run as a whole passes.
    pub(crate) fn passes(&self, require_all: bool) -> bool {
        self.count("FAILED") == 0 && !(require_all && self.count("skipped") > 0)
    }

    fn count(&self, word: &str) -> usize {
        self.lines.iter().filter(|line| line.outcome.word() == word).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.lines.iter().map(|line| line.step.len()).max().unwrap_or(0).max("step".len());
        writeln!(f, "\n{:width$}  {:7}  {:>7}", "step", "result", "seconds")?;
        for Line { step, outcome, took } in &self.lines {
            writeln!(f, "{step:width$}  {:7}  {:>7.1}", outcome.word(), took.as_secs_f64())?;
        }
        writeln!(f)?;
        for Ignored { test, why } in &self.ignored {
            writeln!(f, "ignored: {test} because {why}")?;
        }
        for Line { step, outcome, .. } in &self.lines {
            match outcome {
                Outcome::Passed => {}
                Outcome::Failed(what) => writeln!(f, "FAILED: {step} because {what}")?,
                Outcome::Skipped(why) => writeln!(f, "skipped: {step} because {why}")?,
            }
        }
        writeln!(
            f,
            "{} passed, {} failed, {} skipped",
            self.count("ok"),
            self.count("FAILED"),
            self.count("skipped")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: &[Outcome]) -> Report {
        let mut report = Report::default();
        for outcome in outcomes {
            report.add("floors", outcome.clone(), Duration::from_millis(1250));
        }
        report
    }

    #[test]
    fn a_failure_fails_and_a_skip_only_where_all_is_required() {
        let (failed, skipped) = (Outcome::Failed("x".into()), Outcome::Skipped("y".into()));
        let cases = [
            (report(&[Outcome::Passed]), true, true),
            (report(&[Outcome::Passed, skipped.clone()]), true, false),
            (report(&[failed.clone(), Outcome::Passed]), false, false),
            (report(&[failed, skipped]), false, false),
        ];
        for (report, loose, strict) in cases {
            assert_eq!((report.passes(false), report.passes(true)), (loose, strict), "{report}");
        }
    }

    #[test]
    fn ignored_tests_are_read_off_the_lines_of_the_harness() {
        let ignored = |test: &str, why: &str| Some(Ignored { test: test.into(), why: why.into() });
        let of = Ignored::of;
        assert_eq!(
            of("test a::b ... ignored, no device: none here"),
            ignored("a::b", "no device: none here")
        );
        assert_eq!(of("test a ... ignored"), ignored("a", "its author gave no reason"));
        assert_eq!(
            of("test src/lib.rs - (line 3) ... ignored"),
            ignored("src/lib.rs - (line 3)", "its author gave no reason")
        );
        assert_eq!(of("test a ... ok"), None);
        assert_eq!(of("test result: ok. 1 passed; 0 failed; 4 ignored"), None);
    }

    #[test]
    fn reasons_stand_by_name_and_counts_come_last() {
        let text = report(&[
            Outcome::Passed,
            Outcome::Failed("it broke".into()),
            Outcome::Skipped("it is not there".into()),
        ])
        .to_string();
        assert!(text.contains("floors  ok           1.2\n"), "{text}");
        assert!(text.contains("\nFAILED: floors because it broke\n"), "{text}");
        assert!(text.contains("\nskipped: floors because it is not there\n"), "{text}");
        assert!(text.ends_with("\n1 passed, 1 failed, 1 skipped\n"), "{text}");
    }
}
