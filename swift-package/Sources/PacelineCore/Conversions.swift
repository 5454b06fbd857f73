import Foundation

/// How `Date` and `TimeInterval` cross the border: as microseconds, rounded to the nearest.
///
/// What 64 bits of microseconds cannot hold, infinity and what is not a number become one of the two ends of the range. The
/// library answers those with an error, so that no date crashes an app.
package enum Microseconds {
    /// From the Unix epoch to the one that `Date` counts from, 2001-01-01.
    private static let betweenEpochs: Int64 = 978_307_200_000_000

    package static func date(_ micros: Int64) -> Date {
        let (moved, overflow) = micros.subtractingReportingOverflow(betweenEpochs)
        return Date(timeIntervalSinceReferenceDate: overflow ? -.infinity : Double(moved) / 1e6)
    }

    /// The dates that the engine knows: the years 1 to 9999.
    package static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// Whole seconds and the rest are converted apart: a date of our days has no room for whole microseconds since 1970 in
    /// one multiplication.
    package static func of(date: Date) -> Int64 {
        let seconds = date.timeIntervalSinceReferenceDate
        guard abs(seconds) < 1e12 else { return .min }
        let whole = seconds.rounded(.down)
        return Int64(whole) * 1_000_000 + Int64(((seconds - whole) * 1e6).rounded()) + betweenEpochs
    }

    package static func interval(_ micros: Int64) -> TimeInterval {
        Double(micros) / 1e6
    }

    package static func of(interval: TimeInterval) -> Int64 {
        let micros = (interval * 1e6).rounded()
        guard abs(micros) < 9e18 else { return .min }
        return Int64(micros)
    }
}
