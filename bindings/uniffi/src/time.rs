//! Points in time, spans and ids, as each language writes them.
//!
//! What a language cannot express in range arrives as one of the two ends of `i64`, and is answered with an error.

use crate::error_code::ErrorCode;
use crate::errors::PacelineError;
use std::time::Duration;

/// A point in time. `Date` in Swift, `java.time.Instant` in Kotlin, rounded to the nearest microsecond. Range: the years 1
/// to 9999; a call with a date outside of it fails with `inputOutOfRange`.
pub type Timestamp = paceline::Timestamp;

uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |date| date.micros(),
    try_lift: |micros| paceline::Timestamp::checked_from_micros(micros)
        .ok_or_else(|| out_of_range("dates lie between the years 1 and 9999").into()),
});

/// A length of time. `TimeInterval`, seconds, in Swift, `kotlin.time.Duration` in Kotlin, rounded to the nearest microsecond.
/// Never negative; a call with a negative, infinite or undefined span fails with `inputOutOfRange`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

uniffi::custom_type!(Span, i64, {
    lower: |span| i64::try_from(span.0.as_micros()).unwrap_or(i64::MAX),
    try_lift: |micros| match u64::try_from(micros) {
        Ok(micros) if micros < i64::MAX.unsigned_abs() => Ok(Span(Duration::from_micros(micros))),
        _ => Err(out_of_range("a span of time is neither negative nor infinite").into()),
    },
});

/// An id. `UUID` in Swift, `java.util.UUID` in Kotlin.
pub type Uuid = paceline::Uuid;

uniffi::custom_type!(Uuid, String, {
    remote,
    lower: |id| id.to_string(),
    try_lift: |text| paceline::Uuid::parse_str(&text).map_err(|_| {
        PacelineError::new(ErrorCode::InputMalformed, "this is no id".to_owned(), Some(text)).into()
    }),
});

fn out_of_range(reason: &str) -> PacelineError {
    PacelineError::new(ErrorCode::InputOutOfRange, reason.to_owned(), None)
}

impl From<Duration> for Span {
    fn from(span: Duration) -> Self {
        Self(span)
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uniffi::{Lift, Lower};

    fn error_of<T>(outcome: uniffi::deps::anyhow::Result<T>) -> ErrorCode {
        match outcome.err().and_then(|error| error.downcast::<PacelineError>().ok()) {
            Some(PacelineError::Input { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    }

    fn lift<T: Lift<crate::UniFfiTag, FfiType = i64>>(micros: i64) -> uniffi::deps::anyhow::Result<T> {
        T::try_lift(micros)
    }

    #[test]
    fn what_is_out_of_range_is_an_error_with_a_code() {
        for micros in [i64::MIN, i64::MAX, Timestamp::MAX.micros() + 1, Timestamp::MIN.micros() - 1] {
            assert_eq!(error_of(lift::<Timestamp>(micros)), ErrorCode::InputOutOfRange);
        }
        for micros in [i64::MIN, -1, i64::MAX] {
            assert_eq!(error_of(lift::<Span>(micros)), ErrorCode::InputOutOfRange);
        }
    }

    #[test]
    fn what_is_in_range_comes_through() {
        for date in [Timestamp::MIN, Timestamp::EPOCH, Timestamp::MAX] {
            let there = <Timestamp as Lower<crate::UniFfiTag>>::lower(date);
            assert_eq!(lift::<Timestamp>(there).ok(), Some(date));
        }
        let longest = <Span as Lower<crate::UniFfiTag>>::lower(Span(Duration::MAX));
        assert_eq!(longest, i64::MAX);
        assert_eq!(lift::<Span>(1_500_000).ok(), Some(Span(Duration::from_millis(1500))));
    }
}
