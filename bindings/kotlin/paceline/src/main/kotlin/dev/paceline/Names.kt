// The values of Paceline are those of the generated layer, under their own names. An app imports only `dev.paceline`.

package dev.paceline

/** How the values of a type are put together. */
public typealias AggregationStyle = dev.paceline.core.AggregationStyle

/** What happens when a session starts while another one is under way on the device. */
public typealias Arbitration = dev.paceline.core.Arbitration

/** Whether samples or workouts may be written. */
public typealias AuthorizationStatus = dev.paceline.core.AuthorizationStatus

/** Who delivers callbacks and runs timers. */
public typealias Delivery = dev.paceline.core.Delivery

/** When what the engine accepted reaches the disk. */
public typealias Durability = dev.paceline.core.Durability

/** Why a call failed: the code to act on. */
public typealias ErrorCode = dev.paceline.core.ErrorCode

/** Which part of the system an error speaks about. */
public typealias ErrorDomain = dev.paceline.core.ErrorDomain

/** What a platform can decide. */
public typealias HostCapabilities = dev.paceline.core.HostCapabilities

/** How a platform offers something. */
public typealias HostCapability = dev.paceline.core.HostCapability

/** What the platform tells the engine. */
public typealias HostReport = dev.paceline.core.HostReport

/** What the engine asks of the platform. */
public typealias HostRequest = dev.paceline.core.HostRequest

/** What a batch of samples became. */
public typealias Ingested = dev.paceline.core.Ingested

/** The statistics of a part of a workout. */
public typealias IntervalStatistics = dev.paceline.core.IntervalStatistics

/** How much a log line matters. */
public typealias LogLevel = dev.paceline.core.LogLevel

/** A unit of measurement, by its text. */
public typealias MeasureUnit = dev.paceline.core.MeasureUnit

/** One fact about a workout, an activity or an event. */
public typealias MetadataValue = dev.paceline.core.MetadataValue

/** Facts by key. */
public typealias Metadata = Map<String, MetadataValue>

/** Why a call failed. */
public typealias PacelineException = dev.paceline.core.PacelineException

/** What a poll did. */
public typealias PollOutcome = dev.paceline.core.PollOutcome

/** A number with its unit. */
public typealias Quantity = dev.paceline.core.Quantity

/** One measurement. */
public typealias QuantitySample = dev.paceline.core.QuantitySample

/** Something that can be measured during a workout. */
public typealias QuantityType = dev.paceline.core.QuantityType

/** One reading with its interval. */
public typealias Reading = dev.paceline.core.Reading

/** Which samples of a type are collected. */
public typealias SamplePredicate = dev.paceline.core.SamplePredicate

/** An app or a device that measures. */
public typealias SampleSource = dev.paceline.core.SampleSource

/** The session that holds the device. */
public typealias SessionOwner = dev.paceline.core.SessionOwner

/** Where a source stands when several of them measured the same. */
public typealias SourceKind = dev.paceline.core.SourceKind

/** What the samples of one type amount to. */
public typealias Statistics = dev.paceline.core.Statistics

/** How a store is opened. */
public typealias StoreOptions = dev.paceline.core.StoreOptions

/** How a length was swum. */
public typealias SwimmingStrokeStyle = dev.paceline.core.SwimmingStrokeStyle

/** A workout that is not finished, as the store has it. */
public typealias UnfinishedWorkout = dev.paceline.core.UnfinishedWorkout

/** A finished workout as it stands in the store. */
public typealias Workout = dev.paceline.core.Workout

/** A dated part of a workout with its own configuration. */
public typealias WorkoutActivity = dev.paceline.core.WorkoutActivity

/** Every kind of workout. */
public typealias WorkoutActivityType = dev.paceline.core.WorkoutActivityType

/** What kind of workout it is and where. */
public typealias WorkoutConfiguration = dev.paceline.core.WorkoutConfiguration

/** Something that happened during a workout. */
public typealias WorkoutEvent = dev.paceline.core.WorkoutEvent

/** What happened. */
public typealias WorkoutEventType = dev.paceline.core.WorkoutEventType

/** A part of a workout, such as a lap. */
public typealias WorkoutInterval = dev.paceline.core.WorkoutInterval

/** Where a workout takes place. */
public typealias WorkoutSessionLocationType = dev.paceline.core.WorkoutSessionLocationType

/** A session as it is encoded. */
public typealias WorkoutSessionRecord = dev.paceline.core.WorkoutSessionRecord

/** Where a session is in its life. */
public typealias WorkoutSessionState = dev.paceline.core.WorkoutSessionState

/** Which end of a mirrored workout a session is. */
public typealias WorkoutSessionType = dev.paceline.core.WorkoutSessionType

/** Everything a screen shows of a workout, as of one instant. */
public typealias WorkoutSnapshot = dev.paceline.core.WorkoutSnapshot

/** Where a swim takes place. */
public typealias WorkoutSwimmingLocationType = dev.paceline.core.WorkoutSwimmingLocationType

// Kotlin reaches what is nested in a class only by the class's own name, so the cases that an app looks for have one here.

/** A text. */
public typealias MetadataText = dev.paceline.core.MetadataValue.Text

/** A number; truth values are 1 and 0. */
public typealias MetadataNumber = dev.paceline.core.MetadataValue.Number

/** A point in time. */
public typealias MetadataDate = dev.paceline.core.MetadataValue.Date

/** A number with its unit. */
public typealias MetadataAmount = dev.paceline.core.MetadataValue.Amount

/** Keep the app running and the sensors on for this session. */
public typealias EnterSessionMode = dev.paceline.core.HostRequest.EnterSessionMode

/** The session is over. */
public typealias LeaveSessionMode = dev.paceline.core.HostRequest.LeaveSessionMode

/** Asks who goes on: a session starts while another one is under way. Granted: the other one ends. */
public typealias Arbitrate = dev.paceline.core.HostRequest.Arbitrate

/** Asks whether a process that holds a workout lives. If not, [HostReports.processEnded] says so. */
public typealias IsAlive = dev.paceline.core.HostRequest.IsAlive
