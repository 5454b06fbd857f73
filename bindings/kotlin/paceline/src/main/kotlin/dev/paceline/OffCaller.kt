package dev.paceline

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async

/** Nobody's scope: what runs here ends by itself. */
private val commands = CoroutineScope(SupervisorJob() + Dispatchers.IO)

/**
 * Runs a call on a thread where waiting for the disk disturbs nobody. The call is the same as without waiting, and it runs to
 * its end: cancelling the coroutine that waits cancels nothing.
 */
internal suspend fun <Value> offCaller(call: () -> Value): Value = commands.async { call() }.await()
