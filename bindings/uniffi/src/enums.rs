//! The small enumerations, with the numbers and the words of the engine.

use crate::mirrored::mirrored;

mirrored! {
    /// Where a session is in its life. The numbers are historical and unordered; there is no 0.
    pub enum WorkoutSessionState: u8, raw {
        /// Created; nothing has happened.
        NotStarted = 1,
        /// In progress; data is collected.
        Running = 2,
        /// Over for good; session mode was left.
        Ended = 3,
        /// Suspended.
        Paused = 4,
        /// Session mode is on, sensors warm up, nothing is collected yet.
        Prepared = 5,
        /// The activity is over, session mode is still on so that the app can save.
        Stopped = 6,
    }
}

mirrored! {
    /// Which end of a mirrored workout a session is.
    pub enum WorkoutSessionType: u8, raw {
        /// Runs on this device.
        Primary = 0,
        /// Reflects a session of another device.
        Mirrored = 1,
    }
}

mirrored! {
    /// What happened.
    pub enum WorkoutEventType: u8, raw {
        /// The workout was paused. Time stops counting.
        Pause = 1,
        /// The workout goes on. Time counts again.
        Resume = 2,
        /// A part of equal distance. With zero duration it marks the end of a lap.
        Lap = 3,
        /// A point of interest.
        Marker = 4,
        /// The person stood still. Does not stop the time.
        MotionPaused = 5,
        /// The person moved again.
        MotionResumed = 6,
        /// Any interesting stretch; segments may overlap.
        Segment = 7,
        /// The person asked to pause or resume; the app decides.
        PauseOrResumeRequest = 8,
    }
}

mirrored! {
    /// Where a workout takes place. There is no 0.
    pub enum WorkoutSessionLocationType: u8, raw {
        /// Not known.
        Unknown = 1,
        /// Under a roof.
        Indoor = 2,
        /// In the open.
        Outdoor = 3,
    }
}

mirrored! {
    /// Where a swim takes place.
    pub enum WorkoutSwimmingLocationType: u8, raw {
        /// Not known, or not a swim.
        Unknown = 0,
        /// A pool of known length.
        Pool = 1,
        /// A lake, a river, the sea.
        OpenWater = 2,
    }
}

mirrored! {
    /// How a length was swum.
    pub enum SwimmingStrokeStyle: u8, raw {
        /// Not known.
        Unknown = 0,
        /// More than one.
        Mixed = 1,
        /// Freestyle.
        Freestyle = 2,
        /// Backstroke.
        Backstroke = 3,
        /// Breaststroke.
        Breaststroke = 4,
        /// Butterfly.
        Butterfly = 5,
        /// With a kickboard.
        Kickboard = 6,
    }
}

mirrored! {
    /// Whether samples or workouts may be written. Whether they may be read is never revealed.
    pub enum AuthorizationStatus: u8, raw {
        /// The person was never asked.
        NotDetermined = 0,
        /// The person refused.
        SharingDenied = 1,
        /// The person allowed it.
        SharingAuthorized = 2,
    }
}

mirrored! {
    /// Where a source stands when several of them measured the same: the first in this list is believed.
    pub enum SourceKind: u8, raw {
        /// Typed in by the person.
        UserEntered = 0,
        /// This device or its companion.
        Device = 1,
        /// Another app or a sensor; of two, the one registered later is believed.
        External = 2,
    }
}

mirrored! {
    /// How the values of a type are put together.
    pub enum AggregationStyle: u8, raw {
        /// Amounts that add up, such as distance: they have a sum.
        Cumulative = 0,
        /// Readings averaged by plain mean, such as power.
        DiscreteArithmetic = 1,
        /// Readings averaged by the time each one holds, such as heart rate.
        DiscreteTemporallyWeighted = 2,
        /// Sound levels, averaged as equivalent continuous level.
        DiscreteEquivalentContinuousLevel = 3,
    }
}

mirrored! {
    /// Which part of the system an error speaks about.
    pub enum ErrorDomain: u16, raw {
        /// The health model: sessions, builders, samples, permissions. Codes are the reference's raw values.
        Health = 1,
        /// Extended runtime sessions. Codes are the reference's raw values.
        ExtendedRuntime = 2,
        /// The store file.
        Store = 3,
        /// The link to another device.
        Link = 4,
        /// Data handed in: packed batches, samples, units.
        Input = 5,
        /// The border between languages, and faults of the engine itself.
        Boundary = 6,
    }
}

mirrored! {
    /// How much a log line matters.
    pub enum LogLevel: u8, raw {
        /// The engine or the platform is at fault.
        Error = 1,
        /// Something went wrong and was worked around.
        Warn = 2,
        /// Worth knowing.
        Info = 3,
        /// For whoever looks for a fault.
        Debug = 4,
        /// Everything. The only level whose lines may hold measured values.
        Trace = 5,
    }
}
