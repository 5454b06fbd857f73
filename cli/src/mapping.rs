//! What the engine calls the sports and sensors of a recording.

use paceline::{
    MeasureUnit, Quantity, QuantityType, SwimmingStrokeStyle, WorkoutActivityType, WorkoutConfiguration,
    WorkoutSessionLocationType, WorkoutSwimmingLocationType,
};
use paceline_formats::{Channel, RecordedSession, Sport, StrokeStyle, Water};

/// The activity type of a recorded sport. Sports that the engine has no name for become `other`.
pub fn activity_type(sport: &Sport) -> WorkoutActivityType {
    use WorkoutActivityType as A;
    match sport {
        Sport::Running => A::Running,
        Sport::Cycling => A::Cycling,
        Sport::Swimming => A::Swimming,
        Sport::Walking => A::Walking,
        Sport::Hiking => A::Hiking,
        Sport::Rowing => A::Rowing,
        Sport::Transition => A::Transition,
        Sport::CrossCountrySkiing => A::CrossCountrySkiing,
        Sport::AlpineSkiing => A::DownhillSkiing,
        Sport::Snowboarding => A::Snowboarding,
        Sport::StrengthTraining => A::TraditionalStrengthTraining,
        Sport::Yoga => A::Yoga,
        Sport::Elliptical => A::Elliptical,
        Sport::StairClimbing => A::StairClimbing,
        Sport::Other(name) => named(name),
        _ => A::Other,
    }
}

/// The activity type that a file's own word for a sport means.
fn named(name: &str) -> WorkoutActivityType {
    use WorkoutActivityType as A;
    let word: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    match word.as_str() {
        "americanfootball" => A::AmericanFootball,
        "badminton" => A::Badminton,
        "baseball" => A::Baseball,
        "basketball" => A::Basketball,
        "boxing" => A::Boxing,
        "cardio" | "cardiotraining" => A::MixedCardio,
        "climbing" | "rockclimbing" | "floorclimbing" => A::Climbing,
        "cricket" => A::Cricket,
        "dance" => A::CardioDance,
        "discgolf" => A::DiscSports,
        "diving" => A::UnderwaterDiving,
        "fishing" => A::Fishing,
        "golf" => A::Golf,
        "handcycling" => A::HandCycling,
        "hiit" => A::HighIntensityIntervalTraining,
        "hockey" | "icehockey" | "fieldhockey" => A::Hockey,
        "horsebackriding" => A::EquestrianSports,
        "hunting" => A::Hunting,
        "inlineskating" | "iceskating" | "skating" | "skateboarding" => A::SkatingSports,
        "jumprope" | "jumping" => A::JumpRope,
        "lacrosse" => A::Lacrosse,
        "meditation" => A::MindAndBody,
        "mixedmartialarts" | "martialarts" => A::MartialArts,
        "paddling" | "standuppaddleboarding" | "kayaking" | "canoeing" | "rafting" => A::PaddleSports,
        "pickleball" => A::Pickleball,
        "pilates" => A::Pilates,
        "racquetball" => A::Racquetball,
        "rugby" => A::Rugby,
        "sailing" => A::Sailing,
        "snowshoeing" | "snowmobiling" => A::SnowSports,
        "soccer" => A::Soccer,
        "softball" | "softballfastpitch" | "softballslowpitch" => A::Softball,
        "squash" => A::Squash,
        "surfing" | "windsurfing" | "kitesurfing" => A::SurfingSports,
        "tabletennis" => A::TableTennis,
        "tennis" => A::Tennis,
        "volleyball" => A::Volleyball,
        "waterskiing" | "wakeboarding" | "wakesurfing" | "watertubing" | "snorkeling" => A::WaterSports,
        "wheelchairpushrun" => A::WheelchairRunPace,
        "wheelchairpushwalk" => A::WheelchairWalkPace,
        _ => A::Other,
    }
}

/// A recorded sport as files spell it, such as `cross_country_skiing`; nothing when the file names none.
pub fn sport_name(sport: &Sport) -> Option<&str> {
    Some(match sport {
        Sport::Running => "running",
        Sport::Cycling => "cycling",
        Sport::Swimming => "swimming",
        Sport::Walking => "walking",
        Sport::Hiking => "hiking",
        Sport::Rowing => "rowing",
        Sport::Transition => "transition",
        Sport::CrossCountrySkiing => "cross_country_skiing",
        Sport::AlpineSkiing => "alpine_skiing",
        Sport::Snowboarding => "snowboarding",
        Sport::StrengthTraining => "strength_training",
        Sport::Yoga => "yoga",
        Sport::Elliptical => "elliptical",
        Sport::StairClimbing => "stair_climbing",
        Sport::Other(name) if !name.is_empty() => name,
        _ => return None,
    })
}

/// What a person would have said about a recorded session before it started.
pub fn configuration(session: &RecordedSession) -> WorkoutConfiguration {
    let location = match session.indoor {
        Some(true) => WorkoutSessionLocationType::Indoor,
        Some(false) => WorkoutSessionLocationType::Outdoor,
        None => WorkoutSessionLocationType::Unknown,
    };
    let mut configuration = WorkoutConfiguration::new(activity_type(&session.sport)).at(location);
    if configuration.activity_type != WorkoutActivityType::Swimming {
        return configuration;
    }
    configuration.swimming_location_type = match session.water {
        Some(Water::Pool) => WorkoutSwimmingLocationType::Pool,
        Some(Water::Open) => WorkoutSwimmingLocationType::OpenWater,
        None => WorkoutSwimmingLocationType::Unknown,
    };
    match session.pool_length_m {
        // A length without a word on the water is the length of a pool; the sea has none.
        Some(metres) if metres.is_finite() && metres > 0.0 && session.water != Some(Water::Open) => {
            configuration.in_pool(Quantity::new(metres, MeasureUnit::meter()))
        }
        _ => configuration,
    }
}

/// What the engine calls the way a length of a pool was swum; `unknown` when it has no name for it.
pub fn stroke_style(style: StrokeStyle) -> SwimmingStrokeStyle {
    use SwimmingStrokeStyle as S;
    match style {
        StrokeStyle::Freestyle => S::Freestyle,
        StrokeStyle::Backstroke => S::Backstroke,
        StrokeStyle::Breaststroke => S::Breaststroke,
        StrokeStyle::Butterfly => S::Butterfly,
        StrokeStyle::Mixed => S::Mixed,
        _ => S::Unknown,
    }
}

/// The type in which the distance of an activity is counted.
pub fn distance_type(activity: WorkoutActivityType) -> QuantityType {
    use QuantityType as Q;
    use WorkoutActivityType as A;
    match activity {
        A::Cycling | A::HandCycling => Q::DistanceCycling,
        A::Swimming | A::WaterFitness | A::WaterPolo | A::WaterSports | A::UnderwaterDiving => {
            Q::DistanceSwimming
        }
        A::Rowing => Q::DistanceRowing,
        A::CrossCountrySkiing => Q::DistanceCrossCountrySkiing,
        A::DownhillSkiing | A::Snowboarding | A::SnowSports => Q::DistanceDownhillSnowSports,
        A::PaddleSports => Q::DistancePaddleSports,
        A::SkatingSports => Q::DistanceSkatingSports,
        A::WheelchairWalkPace | A::WheelchairRunPace => Q::DistanceWheelchair,
        _ => Q::DistanceWalkingRunning,
    }
}

/// Whether a type counts distance, whatever the sport.
pub fn is_distance(kind: QuantityType) -> bool {
    use QuantityType as Q;
    matches!(
        kind,
        Q::DistanceWalkingRunning
            | Q::DistanceCycling
            | Q::DistanceSwimming
            | Q::DistanceRowing
            | Q::DistanceCrossCountrySkiing
            | Q::DistanceDownhillSnowSports
            | Q::DistancePaddleSports
            | Q::DistanceSkatingSports
            | Q::DistanceWheelchair
    )
}

/// The type of a sensor's readings during an activity; nothing when the engine has none for them.
pub fn quantity_type(channel: Channel, activity: WorkoutActivityType) -> Option<QuantityType> {
    use QuantityType as Q;
    use WorkoutActivityType as A;
    match channel {
        Channel::HeartRate => Some(Q::HeartRate),
        Channel::Distance => Some(distance_type(activity)),
        Channel::Energy => Some(Q::ActiveEnergyBurned),
        Channel::Steps => Some(Q::StepCount),
        Channel::Strokes => Some(Q::SwimmingStrokeCount),
        Channel::Speed => speed_type(activity),
        Channel::Power => match activity {
            A::Running => Some(Q::RunningPower),
            A::Cycling => Some(Q::CyclingPower),
            _ => None,
        },
        Channel::Cadence => (activity == A::Cycling).then_some(Q::CyclingCadence),
        _ => None,
    }
}

fn speed_type(activity: WorkoutActivityType) -> Option<QuantityType> {
    use QuantityType as Q;
    use WorkoutActivityType as A;
    match activity {
        A::Running => Some(Q::RunningSpeed),
        A::Cycling => Some(Q::CyclingSpeed),
        A::Rowing => Some(Q::RowingSpeed),
        A::PaddleSports => Some(Q::PaddleSportsSpeed),
        A::CrossCountrySkiing => Some(Q::CrossCountrySkiingSpeed),
        _ => None,
    }
}

/// What a person calls the readings of a sensor.
pub fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::HeartRate => "heart rate",
        Channel::Distance => "distance",
        Channel::Speed => "speed",
        Channel::Cadence => "cadence",
        Channel::Power => "power",
        Channel::Energy => "energy",
        Channel::Steps => "step",
        Channel::Strokes => "stroke",
        Channel::Temperature => "temperature",
        _ => "other",
    }
}

/// What a person calls an activity: `crossCountrySkiing` becomes `Cross country skiing`.
pub fn title(activity: WorkoutActivityType) -> String {
    let mut title = String::new();
    for letter in activity.name().chars() {
        if title.is_empty() {
            title.extend(letter.to_uppercase());
        } else if letter.is_uppercase() {
            title.push(' ');
            title.extend(letter.to_lowercase());
        } else {
            title.push(letter);
        }
    }
    title
}
