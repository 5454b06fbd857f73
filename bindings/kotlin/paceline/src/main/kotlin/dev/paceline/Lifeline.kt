package dev.paceline

import dev.paceline.core.InternalException
import java.nio.charset.CharacterCodingException
import java.util.concurrent.atomic.AtomicInteger

/** Makes a call into the generated layer. What that throws of its own becomes the one exception that an app knows. */
internal inline fun <Value> translated(call: () -> Value): Value =
    try {
        call()
    } catch (failure: InternalException) {
        // A panic in a call that cannot fail otherwise.
        throw PacelineException(ErrorCode.INTERNAL, "the engine failed: ${failure.message}")
    } catch (_: CharacterCodingException) {
        throw PacelineException(ErrorCode.INPUT_MALFORMED, "a text ends or begins in the middle of a character")
    }

/**
 * Holds an object of the engine until it is closed. A call that is under way when it is closed runs to its end; one that
 * comes later is answered with [ErrorCode.STALE_HANDLE].
 *
 * The generated layer guards the object a call is made on, but not those that are handed in; so both are used through here.
 */
internal class Lifeline<Core : AutoCloseable>(private val core: Core, private val name: String) : AutoCloseable {
    /** Calls under way, and one more until it is closed. */
    private val users = AtomicInteger(1)

    @Volatile
    private var isClosed = false

    /** Whether it was not closed yet. */
    val isOpen: Boolean get() = !isClosed

    /** Makes a call with the object. */
    fun <Value> use(call: (Core) -> Value): Value {
        enter()
        try {
            return translated { call(core) }
        } finally {
            leave()
        }
    }

    /** As [use]; nothing when the object is closed. */
    fun <Value> useIfOpen(call: (Core) -> Value): Value? =
        try {
            use(call)
        } catch (failure: PacelineException) {
            if (failure.code == ErrorCode.STALE_HANDLE) null else throw failure
        }

    /** Closes it; the second time nothing happens. */
    override fun close() {
        synchronized(this) {
            if (isClosed) return
            isClosed = true
        }
        leave()
    }

    private fun enter() {
        while (true) {
            val now = users.get()
            if (isClosed || now == 0) {
                throw PacelineException(ErrorCode.STALE_HANDLE, "this $name was closed; make a new one")
            }
            if (users.compareAndSet(now, now + 1)) return
        }
    }

    private fun leave() {
        if (users.decrementAndGet() == 0) core.close()
    }
}
