package dev.paceline.tests

import dev.paceline.Arbitrate
import dev.paceline.Arbitration
import dev.paceline.Delivery
import dev.paceline.ErrorCode
import dev.paceline.HealthStore
import dev.paceline.Host
import dev.paceline.HostCapabilities
import dev.paceline.HostCapability
import dev.paceline.HostReports
import dev.paceline.HostRequest
import dev.paceline.PacelineException
import dev.paceline.Simulation
import dev.paceline.StoreOptions
import dev.paceline.WorkoutSession
import dev.paceline.WorkoutSessionState
import dev.paceline.session
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Two sessions at a time: who yields. */
internal class ArbitrationTest {
    private val refusal = PacelineException(ErrorCode.USER_CANCELED, "not now")

    @Test
    fun `a newcomer may have to yield`() {
        Simulation(START).use { simulation ->
            val store = simulation.addDevice("watch", arbitration = Arbitration.REFUSE).store
            val (one, other) = WorkoutSession(store, RUN) to WorkoutSession(store, RUN)
            one.startActivity()
            assertEquals(ErrorCode.ANOTHER_WORKOUT_SESSION_STARTED, codeOf { other.startActivity() })
            assertEquals(WorkoutSessionState.RUNNING, one.state)
        }
    }

    @Test
    fun `a host says who goes on`() {
        val host = AskedHost()
        HealthStore(StoreOptions(delivery = Delivery.POLL, arbitration = Arbitration.ASK), host = host).use { store ->
            val (first, second, third) = List(3) { WorkoutSession(store, RUN) }
            first.startActivity()
            assertTrue(host.asked.isEmpty())
            second.startActivity()
            assertEquals(WorkoutSessionState.NOT_STARTED, second.state)
            val (id, request) = host.asked.single()
            assertEquals(second.id, request.session)
            val incumbent = (request as Arbitrate).incumbent
            assertEquals(first.id, incumbent.session)
            assertTrue(incumbent.isHere)
            store.report(HostReports.outcome(id))
            assertEquals(WorkoutSessionState.ENDED, first.state)
            assertEquals(WorkoutSessionState.RUNNING, second.state)
            third.prepare()
            store.report(HostReports.outcome(host.asked.last().first, refusal))
            assertEquals(WorkoutSessionState.RUNNING, second.state)
            assertEquals(WorkoutSessionState.ENDED, third.state)
            // Nobody holds anything under this number.
            store.report(HostReports.processEnded(1u))
        }
    }

    @Test
    fun `a simulated platform answers`() {
        Simulation(START).use { simulation ->
            val watch = simulation.addDevice("watch", arbitration = Arbitration.ASK)
            val (first, second, third) = List(3) { WorkoutSession(watch.store, RUN) }
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { watch.arbitrate() })
            first.startActivity()
            second.startActivity()
            watch.arbitrate(refusal)
            assertEquals(WorkoutSessionState.RUNNING, first.state)
            assertEquals(WorkoutSessionState.ENDED, second.state)
            third.startActivity()
            watch.arbitrate()
            assertEquals(WorkoutSessionState.ENDED, first.state)
            assertEquals(WorkoutSessionState.RUNNING, third.state)
        }
    }
}

/** A platform that arbitrates and knows processes, and remembers what it was asked. */
private class AskedHost : Host {
    val asked = mutableListOf<Pair<ULong, HostRequest>>()

    override val capabilities =
        HostCapabilities(arbitration = HostCapability.NATIVE, processes = HostCapability.EMULATED)

    override fun request(id: ULong, request: HostRequest) {
        asked += id to request
    }
}
