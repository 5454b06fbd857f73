// The values of Paceline are those of the generated layer, under their own names. An app imports only `Paceline`.

import PacelineCore

/// How the values of a type are put together.
public typealias AggregationStyle = PacelineCore.AggregationStyle
/// What happens when a session starts while another one is under way on the device.
public typealias Arbitration = PacelineCore.Arbitration
/// Whether samples or workouts may be written.
public typealias AuthorizationStatus = PacelineCore.AuthorizationStatus
/// Who delivers callbacks and runs timers.
public typealias Delivery = PacelineCore.Delivery
/// When what the engine accepted reaches the disk.
public typealias Durability = PacelineCore.Durability
/// Why a call failed: the code to act on.
public typealias ErrorCode = PacelineCore.ErrorCode
/// Which part of the system an error speaks about.
public typealias ErrorDomain = PacelineCore.ErrorDomain
/// What a platform can decide.
public typealias HostCapabilities = PacelineCore.HostCapabilities
/// How a platform offers something.
public typealias HostCapability = PacelineCore.HostCapability
/// What the platform tells the engine.
public typealias HostReport = PacelineCore.HostReport
/// What the engine asks of the platform.
public typealias HostRequest = PacelineCore.HostRequest
/// What a batch of samples became.
public typealias Ingested = PacelineCore.Ingested
/// The statistics of a part of a workout.
public typealias IntervalStatistics = PacelineCore.IntervalStatistics
/// How much a log line matters.
public typealias LogLevel = PacelineCore.LogLevel
/// A unit of measurement, by its text.
public typealias MeasureUnit = PacelineCore.MeasureUnit
/// One fact about a workout, an activity or an event.
public typealias MetadataValue = PacelineCore.MetadataValue
/// Facts by key.
public typealias Metadata = [String: MetadataValue]
/// Why a call failed.
public typealias PacelineError = PacelineCore.PacelineError
/// What a poll did.
public typealias PollOutcome = PacelineCore.PollOutcome
/// A number with its unit.
public typealias Quantity = PacelineCore.Quantity
/// One measurement.
public typealias QuantitySample = PacelineCore.QuantitySample
/// Something that can be measured during a workout.
public typealias QuantityType = PacelineCore.QuantityType
/// One reading with its interval.
public typealias Reading = PacelineCore.Reading
/// Which samples of a type are collected.
public typealias SamplePredicate = PacelineCore.SamplePredicate
/// An app or a device that measures.
public typealias SampleSource = PacelineCore.SampleSource
/// The session that holds the device.
public typealias SessionOwner = PacelineCore.SessionOwner
/// Where a source stands when several of them measured the same.
public typealias SourceKind = PacelineCore.SourceKind
/// What the samples of one type amount to.
public typealias Statistics = PacelineCore.Statistics
/// How a store is opened.
public typealias StoreOptions = PacelineCore.StoreOptions
/// How a length was swum.
public typealias SwimmingStrokeStyle = PacelineCore.SwimmingStrokeStyle
/// A workout that is not finished, as the store has it.
public typealias UnfinishedWorkout = PacelineCore.UnfinishedWorkout
/// A finished workout as it stands in the store.
public typealias Workout = PacelineCore.Workout
/// A dated part of a workout with its own configuration.
public typealias WorkoutActivity = PacelineCore.WorkoutActivity
/// Every kind of workout.
public typealias WorkoutActivityType = PacelineCore.WorkoutActivityType
/// What kind of workout it is and where.
public typealias WorkoutConfiguration = PacelineCore.WorkoutConfiguration
/// Something that happened during a workout.
public typealias WorkoutEvent = PacelineCore.WorkoutEvent
/// What happened.
public typealias WorkoutEventType = PacelineCore.WorkoutEventType
/// A part of a workout, such as a lap.
public typealias WorkoutInterval = PacelineCore.WorkoutInterval
/// Where a workout takes place.
public typealias WorkoutSessionLocationType = PacelineCore.WorkoutSessionLocationType
/// A session as it is encoded.
public typealias WorkoutSessionRecord = PacelineCore.WorkoutSessionRecord
/// Where a session is in its life.
public typealias WorkoutSessionState = PacelineCore.WorkoutSessionState
/// Which end of a mirrored workout a session is.
public typealias WorkoutSessionType = PacelineCore.WorkoutSessionType
/// Everything a screen shows of a workout, as of one instant.
public typealias WorkoutSnapshot = PacelineCore.WorkoutSnapshot
/// Where a swim takes place.
public typealias WorkoutSwimmingLocationType = PacelineCore.WorkoutSwimmingLocationType
