//! Every kind of workout.

use super::raw_enum::raw_enum;

raw_enum! {
    /// What a person does in a workout or in a part of it. Unsigned raw values; 81 is unused.
    pub enum WorkoutActivityType: u32 {
        /// Gridiron football.
        AmericanFootball = 1, "americanFootball";
        /// Bow and arrow target shooting.
        Archery = 2, "archery";
        /// Australian rules football.
        AustralianFootball = 3, "australianFootball";
        /// Badminton.
        Badminton = 4, "badminton";
        /// Baseball.
        Baseball = 5, "baseball";
        /// Basketball.
        Basketball = 6, "basketball";
        /// Bowling.
        Bowling = 7, "bowling";
        /// Boxing; kickboxing has its own value.
        Boxing = 8, "boxing";
        /// Rock, wall or boulder climbing.
        Climbing = 9, "climbing";
        /// Cricket.
        Cricket = 10, "cricket";
        /// Free mix of cardio and strength work in one session.
        CrossTraining = 11, "crossTraining";
        /// Curling.
        Curling = 12, "curling";
        /// Road, trail, track or stationary cycling (location tells indoor from outdoor).
        Cycling = 13, "cycling";
        /// Any dancing; kept to read old data, split into cardioDance and socialDance.
        Dance = 14, "dance";
        /// Dance based training such as barre or pilates; kept to read old data.
        DanceInspiredTraining = 15, "danceInspiredTraining";
        /// Elliptical trainer.
        Elliptical = 16, "elliptical";
        /// Horse riding, polo, horse racing and the like.
        EquestrianSports = 17, "equestrianSports";
        /// Fencing.
        Fencing = 18, "fencing";
        /// Fishing.
        Fishing = 19, "fishing";
        /// Strength work mostly with body weight, free weights or small equipment.
        FunctionalStrengthTraining = 20, "functionalStrengthTraining";
        /// Golf.
        Golf = 21, "golf";
        /// Gymnastics.
        Gymnastics = 22, "gymnastics";
        /// Handball.
        Handball = 23, "handball";
        /// Hiking.
        Hiking = 24, "hiking";
        /// Ice hockey, field hockey and related games.
        Hockey = 25, "hockey";
        /// Hunting.
        Hunting = 26, "hunting";
        /// Lacrosse.
        Lacrosse = 27, "lacrosse";
        /// Martial arts without an own value.
        MartialArts = 28, "martialArts";
        /// Slow mindful movement such as qigong or walking meditation.
        MindAndBody = 29, "mindAndBody";
        /// Mixed cardio; kept to read old data, replaced by mixedCardio.
        MixedMetabolicCardioTraining = 30, "mixedMetabolicCardioTraining";
        /// Canoe, kayak, outrigger, stand-up paddle board.
        PaddleSports = 31, "paddleSports";
        /// Playground style games (dodge ball, hopscotch, climbing frame).
        Play = 32, "play";
        /// Therapeutic warm up and recovery such as foam rolling or self massage.
        PreparationAndRecovery = 33, "preparationAndRecovery";
        /// Racquetball.
        Racquetball = 34, "racquetball";
        /// Rowing on water or on a machine (location tells which).
        Rowing = 35, "rowing";
        /// Rugby.
        Rugby = 36, "rugby";
        /// Running and jogging, treadmill included.
        Running = 37, "running";
        /// Sailing.
        Sailing = 38, "sailing";
        /// Ice, speed and inline skating, skateboarding.
        SkatingSports = 39, "skatingSports";
        /// Snow activities without an own value (sledding, snowmobile).
        SnowSports = 40, "snowSports";
        /// Association football.
        Soccer = 41, "soccer";
        /// Softball.
        Softball = 42, "softball";
        /// Squash.
        Squash = 43, "squash";
        /// Stair climbing machine.
        StairClimbing = 44, "stairClimbing";
        /// Surfing, kite surfing, wind surfing.
        SurfingSports = 45, "surfingSports";
        /// Swimming, pool or open water (see swimming location).
        Swimming = 46, "swimming";
        /// Table tennis.
        TableTennis = 47, "tableTennis";
        /// Tennis.
        Tennis = 48, "tennis";
        /// Athletics field events such as shot put, javelin, pole vault.
        TrackAndField = 49, "trackAndField";
        /// Strength work mostly with machines or free weights.
        TraditionalStrengthTraining = 50, "traditionalStrengthTraining";
        /// Volleyball.
        Volleyball = 51, "volleyball";
        /// Walking.
        Walking = 52, "walking";
        /// Aqua aerobics and similar.
        WaterFitness = 53, "waterFitness";
        /// Water polo.
        WaterPolo = 54, "waterPolo";
        /// Towed or other water sports (water skiing, wake boarding).
        WaterSports = 55, "waterSports";
        /// Wrestling.
        Wrestling = 56, "wrestling";
        /// Yoga.
        Yoga = 57, "yoga";
        /// Barre workout.
        Barre = 58, "barre";
        /// Abdominal and back training.
        CoreTraining = 59, "coreTraining";
        /// Cross country skiing.
        CrossCountrySkiing = 60, "crossCountrySkiing";
        /// Alpine skiing.
        DownhillSkiing = 61, "downhillSkiing";
        /// Stretching and mobility.
        Flexibility = 62, "flexibility";
        /// HIIT.
        HighIntensityIntervalTraining = 63, "highIntensityIntervalTraining";
        /// Rope skipping.
        JumpRope = 64, "jumpRope";
        /// Kickboxing.
        Kickboxing = 65, "kickboxing";
        /// Pilates.
        Pilates = 66, "pilates";
        /// Snowboarding.
        Snowboarding = 67, "snowboarding";
        /// Walking or running real stairs.
        Stairs = 68, "stairs";
        /// Step bench training.
        StepTraining = 69, "stepTraining";
        /// Wheelchair pushing at walking pace.
        WheelchairWalkPace = 70, "wheelchairWalkPace";
        /// Wheelchair pushing at running pace.
        WheelchairRunPace = 71, "wheelchairRunPace";
        /// Tai chi.
        TaiChi = 72, "taiChi";
        /// Mix of cardio exercises or machines.
        MixedCardio = 73, "mixedCardio";
        /// Hand bike.
        HandCycling = 74, "handCycling";
        /// Flying disc sports such as ultimate or disc golf.
        DiscSports = 75, "discSports";
        /// Exercise driven by a video game.
        FitnessGaming = 76, "fitnessGaming";
        /// Dance done as cardio workout.
        CardioDance = 77, "cardioDance";
        /// Partner, folk and other social dances.
        SocialDance = 78, "socialDance";
        /// Pickleball.
        Pickleball = 79, "pickleball";
        /// Easy stretching after a harder session.
        Cooldown = 80, "cooldown";
        /// Multisport container holding swimming, cycling and running activities.
        SwimBikeRun = 82, "swimBikeRun";
        /// Change-over part inside a swimBikeRun workout; only meaningful as workout activity.
        Transition = 83, "transition";
        /// Free or scuba diving.
        UnderwaterDiving = 84, "underwaterDiving";
        /// Anything without an own value.
        Other = 3000, "other";
    }
}
