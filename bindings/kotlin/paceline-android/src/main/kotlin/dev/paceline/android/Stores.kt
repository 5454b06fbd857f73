package dev.paceline.android

import android.content.Context
import dev.paceline.HealthStore
import dev.paceline.Host
import dev.paceline.StoreOptions

/** Where an app keeps its store. */
public object Stores {
    private const val NAME = "paceline.sqlite"

    /**
     * Options for a store in the app's own files: no other app reads it, it goes with the app, and it is not in the cache,
     * which Android empties. It is part of the app's backup unless its rules leave out `paceline.sqlite`.
     *
     * @param context Any context of the app; only its application context is used.
     */
    @JvmStatic
    public fun options(context: Context): StoreOptions =
        StoreOptions(path = context.applicationContext.getDatabasePath(NAME).apply { parentFile?.mkdirs() }.path)

    /**
     * Opens the app's store. It waits for the disk: not for the main thread; [HealthStore.awaitOpen] with [options] is.
     *
     * @throws dev.paceline.PacelineException as the constructor of [HealthStore].
     */
    @JvmStatic
    @JvmOverloads
    public fun open(context: Context, host: Host? = null): HealthStore = HealthStore(options(context), null, host)
}
