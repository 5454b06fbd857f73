// What the engine holds in place of the app's objects, until another takes its place.

package dev.paceline

import dev.paceline.core.CoreBuilderDelegate
import dev.paceline.core.CoreHost
import dev.paceline.core.CoreLogSink
import dev.paceline.core.CoreSessionDelegate
import dev.paceline.core.DelegateException
import java.time.Instant

/** Stands between the engine and a session. */
internal class SessionBridge(private val owner: WorkoutSession) : CoreSessionDelegate {
    override fun didChangeState(to: UByte, from: UByte, date: Long): Unit = told {
        owner.changed(States.of(to) ?: return, States.of(from) ?: return, Microseconds.instant(date))
    }

    override fun didFail(error: PacelineException): Unit = told { owner.failed(error) }

    override fun didGenerateEvent(event: WorkoutEvent): Unit = told { owner.generated(event) }

    override fun didBeginActivity(configuration: WorkoutConfiguration, date: Instant): Unit =
        told { owner.began(configuration, date) }

    override fun didEndActivity(configuration: WorkoutConfiguration, date: Instant): Unit =
        told { owner.ended(configuration, date) }

    override fun didLoseDurability(error: PacelineException): Unit = told { owner.lostDurability(error) }

    override fun didRegainDurability(): Unit = told { owner.regainedDurability() }
}

/** Stands between the engine and a builder. */
internal class BuilderBridge(private val owner: LiveWorkoutBuilder) : CoreBuilderDelegate {
    override fun didCollectData(types0: ULong, types1: ULong, types2: ULong, types3: ULong): Unit =
        told { owner.collected(Types.of(listOf(types0, types1, types2, types3))) }

    override fun didCollectEvent(): Unit = told { owner.collectedEvent() }

    override fun didBeginActivity(activity: WorkoutActivity): Unit = told { owner.began(activity) }

    override fun didEndActivity(activity: WorkoutActivity): Unit = told { owner.ended(activity) }
}

/** Stands between the engine and a host. */
internal class HostBridge(private val host: Host) : CoreHost {
    override fun capabilities(): HostCapabilities = told { host.capabilities }

    override fun request(id: ULong, request: HostRequest): Unit = told { host.request(id, request) }
}

/** Stands between the engine and a log sink. */
internal class LogBridge(private val sink: LogSink) : CoreLogSink {
    override fun line(level: UByte, target: String, text: String): Unit =
        told { sink.log(LogLevel.entries.firstOrNull { it.value == level } ?: LogLevel.INFO, target, text) }
}

/**
 * Calls the app. Whatever it throws, errors of the virtual machine included, becomes the one failure that the engine expects
 * and logs: an `Error` that went further would be lost without a trace.
 */
private inline fun <Value> told(call: () -> Value): Value =
    try {
        call()
    } catch (failure: Throwable) {
        // Half a character would not get across.
        throw DelegateException.Failed(failure.toString().encodeToByteArray().decodeToString())
    }

/** States by their numbers. */
private object States {
    private val byNumber = WorkoutSessionState.entries.associateBy { it.value }

    fun of(number: UByte): WorkoutSessionState? = byNumber[number]
}

/** Sets of types as the engine sends them. */
internal object Types {
    private val byCode = QuantityType.entries.associateBy { it.code }

    /** The type of this code. */
    fun of(code: Int): QuantityType? = byCode[code]

    /** The members of a set of 256 bits: bit n % 64 of word n / 64 is the type with the code n. */
    fun of(words: List<ULong>): Set<QuantityType> = buildSet {
        for ((place, word) in words.withIndex()) {
            var rest = word
            while (rest != 0UL) {
                of(place * 64 + rest.countTrailingZeroBits())?.let(::add)
                rest = rest and (rest - 1UL)
            }
        }
    }
}
