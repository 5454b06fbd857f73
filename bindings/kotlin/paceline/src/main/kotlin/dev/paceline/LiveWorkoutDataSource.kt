package dev.paceline

import dev.paceline.core.CoreDataSource

/**
 * Decides which samples flow into a live builder: of all that is ingested while the session is under way, those of the chosen
 * types that match their predicate.
 *
 * Made from a configuration it starts with that configuration's default types, and follows the activities of a multi-sport
 * workout until the first change by hand. After [close] every use throws a [PacelineException] with [ErrorCode.STALE_HANDLE];
 * a builder that it serves goes on collecting. Two objects are equal when they stand for one data source.
 */
public class LiveWorkoutDataSource internal constructor(core: CoreDataSource) : AutoCloseable {
    internal val core = Lifeline(core, "data source")

    /**
     * A data source with the default types of this configuration, or without any.
     *
     * @throws PacelineException with [ErrorCode.INPUT_UNIT] when the lap length has no unit.
     */
    public constructor(configuration: WorkoutConfiguration? = null) : this(CoreDataSource(configuration))

    /** The types it collects. */
    public val typesToCollect: Set<QuantityType> get() = core.use { it.typesToCollect() }.toSet()

    /**
     * Collects a type, before and during a workout. For a type that is collected already, the predicate is replaced; without
     * one, everything of the type is taken.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when it serves a builder and the change cannot be saved.
     */
    public fun enableCollection(quantityType: QuantityType, predicate: SamplePredicate? = null): Unit =
        core.use { it.enableCollection(quantityType, predicate) }

    /**
     * Stops collecting a type; what was collected stays.
     *
     * @throws PacelineException of the domain [ErrorDomain.STORE] when it serves a builder and the change cannot be saved.
     */
    public fun disableCollection(quantityType: QuantityType): Unit = core.use { it.disableCollection(quantityType) }

    internal fun standsFor(other: CoreDataSource): Boolean = core.useIfOpen { it == other } == true

    /** Lets go of the data source. */
    override fun close(): Unit = core.close()

    /** Whether both stand for one data source. */
    override fun equals(other: Any?): Boolean =
        this === other || (other is LiveWorkoutDataSource && other.core.useIfOpen { standsFor(it) } == true)

    /** One for all: a data source has nothing that would tell it from others and never change. */
    override fun hashCode(): Int = 1
}
