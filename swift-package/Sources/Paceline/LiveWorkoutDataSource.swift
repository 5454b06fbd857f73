import Foundation
import PacelineCore

/// Decides which samples flow into a live builder: of all that is ingested while the session is under way, those of the
/// chosen types that match their predicate.
///
/// Made from a configuration it starts with that configuration's default types, and follows the activities of a multi-sport
/// workout until the first change by hand. Two objects are equal when they stand for one data source.
public final class LiveWorkoutDataSource: Sendable {
    let core: CoreDataSource

    init(core: CoreDataSource) {
        self.core = core
    }

    /// A data source with the default types of this configuration, or without any.
    ///
    /// - Throws: `PacelineError` with `inputUnit` when the lap length has no unit.
    public init(_ configuration: WorkoutConfiguration? = nil) throws {
        core = try CoreDataSource(configuration: configuration)
    }

    /// The types it collects.
    public var typesToCollect: Set<QuantityType> { Set(core.typesToCollect()) }

    /// Collects a type, before and during a workout. For a type that is collected already, the predicate is replaced;
    /// without one, everything of the type is taken.
    ///
    /// - Throws: `PacelineError` of the domain `store` when it serves a builder and the change cannot be saved.
    public func enableCollection(for quantityType: QuantityType, predicate: SamplePredicate? = nil) throws {
        try core.enableCollection(quantityType: quantityType, predicate: predicate)
    }

    /// Stops collecting a type; what was collected stays.
    ///
    /// - Throws: `PacelineError` of the domain `store` when it serves a builder and the change cannot be saved.
    public func disableCollection(for quantityType: QuantityType) throws {
        try core.disableCollection(quantityType: quantityType)
    }
}

extension LiveWorkoutDataSource: Equatable {
    /// Whether both stand for one data source.
    public static func == (one: LiveWorkoutDataSource, other: LiveWorkoutDataSource) -> Bool {
        one.core == other.core
    }
}
