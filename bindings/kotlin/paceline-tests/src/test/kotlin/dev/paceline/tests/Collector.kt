package dev.paceline.tests

import java.lang.ref.Reference

/** The garbage collector, asked until it has done its work. */
internal object Collector {
    /** Whether the object is collected; gives up after many rounds. */
    fun collects(reference: Reference<*>): Boolean = (1..200).any {
        System.gc()
        if (reference.get() == null) return true
        Thread.onSpinWait()
        // What the collector found is handed on by a thread of its own.
        Thread.yield()
        false
    }
}
