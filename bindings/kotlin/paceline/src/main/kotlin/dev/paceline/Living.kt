package dev.paceline

import dev.paceline.core.CoreWorkoutSession
import java.lang.ref.WeakReference
import java.util.UUID

/**
 * The session objects of this process. A recovered session that the app has already must be the same object: two of them would
 * take the delegate's place from each other.
 */
internal object Living {
    private val sessions = mutableMapOf<UUID, List<WeakReference<WorkoutSession>>>()

    /** Enters an object, and forgets those that were collected or closed. */
    fun enter(session: WorkoutSession): Unit = synchronized(sessions) {
        sessions.entries.removeIf { it.value.none(::isOpen) }
        sessions[session.id] = sessions[session.id].orEmpty().filter(::isOpen) + WeakReference(session)
    }

    /** The open object that stands for this session of the engine. */
    fun find(core: CoreWorkoutSession): WorkoutSession? {
        val known = synchronized(sessions) { sessions[core.id()].orEmpty().mapNotNull { it.get() } }
        return known.firstOrNull { session -> session.core.useIfOpen { it == core } == true }
    }

    private fun isOpen(reference: WeakReference<WorkoutSession>) = reference.get()?.core?.isOpen == true
}
