package dev.paceline

/**
 * Who wants to hear of a session or a builder beside its delegate, and whether the engine needs to tell at all: every call
 * across the border costs, so that the bridge is installed only while somebody listens.
 *
 * @param install Installs the bridge or takes it away.
 */
internal class Ears<News>(private val install: (Boolean) -> Unit) {
    private class Listener<News>(val hear: (News) -> Unit, val finish: () -> Unit)

    private var listeners = emptyMap<Long, Listener<News>>()
    private var nextListener = 0L
    private var hasDelegate = false
    private var isInstalled = false
    private var isFinished = false

    /** One at a time installs, and listeners are told meanwhile; so this is not the lock of the fields. */
    private val installing = Any()

    /** A delegate was set, or nothing. */
    fun setHasDelegate(has: Boolean) {
        synchronized(this) { hasDelegate = has }
        update()
    }

    /**
     * Adds a listener. It is told of news until it is removed, and of the end when the owner is closed; at once when the owner
     * is closed already.
     */
    fun add(hear: (News) -> Unit, finish: () -> Unit): Long {
        val number = synchronized(this) {
            nextListener += 1
            if (!isFinished) listeners = listeners + (nextListener to Listener(hear, finish))
            nextListener.takeUnless { isFinished }
        }
        if (number == null) {
            finish()
            return 0
        }
        try {
            update()
        } catch (failure: Throwable) {
            synchronized(this) { listeners = listeners - number }
            throw failure
        }
        return number
    }

    fun remove(number: Long) {
        synchronized(this) { listeners = listeners - number }
        update()
    }

    fun tell(news: News) {
        for (listener in synchronized(this) { listeners.values }) listener.hear(news)
    }

    /** The owner is closed: the bridge goes, and with it what the engine held. */
    fun finish() {
        val told = synchronized(this) {
            val told = listeners.values
            listeners = emptyMap()
            hasDelegate = false
            isFinished = true
            told
        }
        update()
        for (listener in told) listener.finish()
    }

    private fun update(): Unit = synchronized(installing) {
        val wanted = synchronized(this) {
            (hasDelegate || listeners.isNotEmpty()).takeIf { it != isInstalled }
        } ?: return
        install(wanted)
        synchronized(this) { isInstalled = wanted }
    }
}
