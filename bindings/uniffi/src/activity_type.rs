//! Every kind of workout.

use crate::mirrored::mirrored;

mirrored! {
    /// What a person does in a workout or in a part of it. Unsigned raw values; 81 is unused.
    pub enum WorkoutActivityType: u32, raw {
        /// Gridiron football.
        AmericanFootball = 1,
        /// Bow and arrow target shooting.
        Archery = 2,
        /// Australian rules football.
        AustralianFootball = 3,
        /// Badminton.
        Badminton = 4,
        /// Baseball.
        Baseball = 5,
        /// Basketball.
        Basketball = 6,
        /// Bowling.
        Bowling = 7,
        /// Boxing; kickboxing has its own value.
        Boxing = 8,
        /// Rock, wall or boulder climbing.
        Climbing = 9,
        /// Cricket.
        Cricket = 10,
        /// Free mix of cardio and strength work in one session.
        CrossTraining = 11,
        /// Curling.
        Curling = 12,
        /// Road, trail, track or stationary cycling (location tells indoor from outdoor).
        Cycling = 13,
        /// Any dancing; kept to read old data, split into cardioDance and socialDance.
        Dance = 14,
        /// Dance based training such as barre or pilates; kept to read old data.
        DanceInspiredTraining = 15,
        /// Elliptical trainer.
        Elliptical = 16,
        /// Horse riding, polo, horse racing and the like.
        EquestrianSports = 17,
        /// Fencing.
        Fencing = 18,
        /// Fishing.
        Fishing = 19,
        /// Strength work mostly with body weight, free weights or small equipment.
        FunctionalStrengthTraining = 20,
        /// Golf.
        Golf = 21,
        /// Gymnastics.
        Gymnastics = 22,
        /// Handball.
        Handball = 23,
        /// Hiking.
        Hiking = 24,
        /// Ice hockey, field hockey and related games.
        Hockey = 25,
        /// Hunting.
        Hunting = 26,
        /// Lacrosse.
        Lacrosse = 27,
        /// Martial arts without an own value.
        MartialArts = 28,
        /// Slow mindful movement such as qigong or walking meditation.
        MindAndBody = 29,
        /// Mixed cardio; kept to read old data, replaced by mixedCardio.
        MixedMetabolicCardioTraining = 30,
        /// Canoe, kayak, outrigger, stand-up paddle board.
        PaddleSports = 31,
        /// Playground style games (dodge ball, hopscotch, climbing frame).
        Play = 32,
        /// Therapeutic warm up and recovery such as foam rolling or self massage.
        PreparationAndRecovery = 33,
        /// Racquetball.
        Racquetball = 34,
        /// Rowing on water or on a machine (location tells which).
        Rowing = 35,
        /// Rugby.
        Rugby = 36,
        /// Running and jogging, treadmill included.
        Running = 37,
        /// Sailing.
        Sailing = 38,
        /// Ice, speed and inline skating, skateboarding.
        SkatingSports = 39,
        /// Snow activities without an own value (sledding, snowmobile).
        SnowSports = 40,
        /// Association football.
        Soccer = 41,
        /// Softball.
        Softball = 42,
        /// Squash.
        Squash = 43,
        /// Stair climbing machine.
        StairClimbing = 44,
        /// Surfing, kite surfing, wind surfing.
        SurfingSports = 45,
        /// Swimming, pool or open water (see swimming location).
        Swimming = 46,
        /// Table tennis.
        TableTennis = 47,
        /// Tennis.
        Tennis = 48,
        /// Athletics field events such as shot put, javelin, pole vault.
        TrackAndField = 49,
        /// Strength work mostly with machines or free weights.
        TraditionalStrengthTraining = 50,
        /// Volleyball.
        Volleyball = 51,
        /// Walking.
        Walking = 52,
        /// Aqua aerobics and similar.
        WaterFitness = 53,
        /// Water polo.
        WaterPolo = 54,
        /// Towed or other water sports (water skiing, wake boarding).
        WaterSports = 55,
        /// Wrestling.
        Wrestling = 56,
        /// Yoga.
        Yoga = 57,
        /// Barre workout.
        Barre = 58,
        /// Abdominal and back training.
        CoreTraining = 59,
        /// Cross country skiing.
        CrossCountrySkiing = 60,
        /// Alpine skiing.
        DownhillSkiing = 61,
        /// Stretching and mobility.
        Flexibility = 62,
        /// HIIT.
        HighIntensityIntervalTraining = 63,
        /// Rope skipping.
        JumpRope = 64,
        /// Kickboxing.
        Kickboxing = 65,
        /// Pilates.
        Pilates = 66,
        /// Snowboarding.
        Snowboarding = 67,
        /// Walking or running real stairs.
        Stairs = 68,
        /// Step bench training.
        StepTraining = 69,
        /// Wheelchair pushing at walking pace.
        WheelchairWalkPace = 70,
        /// Wheelchair pushing at running pace.
        WheelchairRunPace = 71,
        /// Tai chi.
        TaiChi = 72,
        /// Mix of cardio exercises or machines.
        MixedCardio = 73,
        /// Hand bike.
        HandCycling = 74,
        /// Flying disc sports such as ultimate or disc golf.
        DiscSports = 75,
        /// Exercise driven by a video game.
        FitnessGaming = 76,
        /// Dance done as cardio workout.
        CardioDance = 77,
        /// Partner, folk and other social dances.
        SocialDance = 78,
        /// Pickleball.
        Pickleball = 79,
        /// Easy stretching after a harder session.
        Cooldown = 80,
        /// Multisport container holding swimming, cycling and running activities.
        SwimBikeRun = 82,
        /// Change-over part inside a swimBikeRun workout; only meaningful as workout activity.
        Transition = 83,
        /// Free or scuba diving.
        UnderwaterDiving = 84,
        /// Anything without an own value.
        Other = 3000,
    }
}
