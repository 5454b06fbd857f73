//! What can be measured.

use crate::mirrored::mirrored;

mirrored! {
    /// Something that can be measured during a workout.
    ///
    /// The raw value is the permanent code of the type: it stands in packed batches and in store files.
    pub enum QuantityType: u16, code {
        /// Amounts that add up, stored in kcal.
        ActiveEnergyBurned = 1,
        /// Amounts that add up, stored in kcal.
        BasalEnergyBurned = 5,
        /// Readings averaged by plain mean, stored in m/s.
        CrossCountrySkiingSpeed = 6,
        /// Readings averaged by plain mean, stored in count/min.
        CyclingCadence = 7,
        /// Readings averaged by plain mean, stored in W.
        CyclingPower = 9,
        /// Readings averaged by plain mean, stored in m/s.
        CyclingSpeed = 10,
        /// Amounts that add up, stored in m.
        DistanceCrossCountrySkiing = 11,
        /// Amounts that add up, stored in m.
        DistanceCycling = 12,
        /// Amounts that add up, stored in m.
        DistanceDownhillSnowSports = 13,
        /// Amounts that add up, stored in m.
        DistancePaddleSports = 14,
        /// Amounts that add up, stored in m.
        DistanceRowing = 15,
        /// Amounts that add up, stored in m.
        DistanceSkatingSports = 16,
        /// Amounts that add up, stored in m.
        DistanceSwimming = 17,
        /// Amounts that add up, stored in m.
        DistanceWalkingRunning = 18,
        /// Amounts that add up, stored in m.
        DistanceWheelchair = 19,
        /// Amounts that add up, stored in count.
        FlightsClimbed = 21,
        /// Readings averaged by plain mean, stored in m/s.
        PaddleSportsSpeed = 23,
        /// Amounts that add up, stored in count.
        PushCount = 25,
        /// Readings averaged by plain mean, stored in m/s.
        RowingSpeed = 26,
        /// Readings averaged by plain mean, stored in W.
        RunningPower = 27,
        /// Readings averaged by plain mean, stored in m/s.
        RunningSpeed = 28,
        /// Amounts that add up, stored in count.
        StepCount = 29,
        /// Amounts that add up, stored in count.
        SwimmingStrokeCount = 30,
        /// Readings averaged by plain mean, stored in m.
        UnderwaterDepth = 31,
        /// Readings averaged by the time each one holds, stored in count/min.
        HeartRate = 34,
        /// Readings averaged by plain mean, stored in ms.
        RunningGroundContactTime = 42,
        /// Readings averaged by plain mean, stored in m.
        RunningStrideLength = 43,
        /// Readings averaged by plain mean, stored in cm.
        RunningVerticalOscillation = 44,
        /// Readings averaged by plain mean, stored in degC.
        WaterTemperature = 77,
    }
}
