package dev.paceline

import dev.paceline.core.PacelineException as Failure

/**
 * An error of this code, in the case of its domain. For hosts that report why the platform refused.
 *
 * @param code What to act on.
 * @param reason One sentence for a person.
 * @param value The value that caused it, as text.
 */
public fun PacelineException(code: ErrorCode, reason: String, value: String? = null): PacelineException =
    when (code.domain) {
        ErrorDomain.HEALTH -> Failure.Health(code, reason, value)
        ErrorDomain.EXTENDED_RUNTIME -> Failure.ExtendedRuntime(code, reason, value)
        ErrorDomain.STORE -> Failure.Store(code, reason, value)
        ErrorDomain.LINK -> Failure.Link(code, reason, value)
        ErrorDomain.INPUT -> Failure.Input(code, reason, value)
        ErrorDomain.BOUNDARY -> Failure.Boundary(code, reason, value)
    }

/** What to act on. */
public val PacelineException.code: ErrorCode
    get() = when (this) {
        is Failure.Health -> code
        is Failure.ExtendedRuntime -> code
        is Failure.Store -> code
        is Failure.Link -> code
        is Failure.Input -> code
        is Failure.Boundary -> code
    }

/** The part of the system the error speaks about. */
public val PacelineException.domain: ErrorDomain get() = code.domain

/** One sentence for a person, with what to do where that is known. */
public val PacelineException.reason: String
    get() = when (this) {
        is Failure.Health -> reason
        is Failure.ExtendedRuntime -> reason
        is Failure.Store -> reason
        is Failure.Link -> reason
        is Failure.Input -> reason
        is Failure.Boundary -> reason
    }

/** The value that caused the error, as text, where there is one. */
public val PacelineException.value: String?
    get() = when (this) {
        is Failure.Health -> value
        is Failure.ExtendedRuntime -> value
        is Failure.Store -> value
        is Failure.Link -> value
        is Failure.Input -> value
        is Failure.Boundary -> value
    }

/** The number of the code, the same in every language: 1000 times its domain plus its number there. */
public val ErrorCode.number: Int get() = value.toInt()

/** The part of the system the code speaks about. */
public val ErrorCode.domain: ErrorDomain
    get() = ErrorDomain.entries.first { it.value.toInt() == number / 1000 }
