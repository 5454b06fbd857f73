//! Which sport the names and numbers of the formats mean.

use crate::{Sport, Water};

/// What a file says about the kind of a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    pub(crate) sport: Sport,
    pub(crate) indoor: Option<bool>,
    pub(crate) water: Option<Water>,
}

/// FIT: the numbers of sport and sub-sport.
pub(crate) fn from_fit(sport: Option<u8>, sub: Option<u8>) -> Kind {
    use rustyfit::profile::typedef::{Sport as Fit, SubSport as Sub};

    let sub = Sub(sub.unwrap_or(Sub::GENERIC.0));
    let by_sub = match sub {
        Sub::TREADMILL | Sub::INDOOR_RUNNING => Some(Sport::Running),
        Sub::INDOOR_CYCLING | Sub::SPIN => Some(Sport::Cycling),
        Sub::INDOOR_ROWING => Some(Sport::Rowing),
        Sub::INDOOR_WALKING => Some(Sport::Walking),
        Sub::ELLIPTICAL => Some(Sport::Elliptical),
        Sub::STAIR_CLIMBING => Some(Sport::StairClimbing),
        Sub::STRENGTH_TRAINING => Some(Sport::StrengthTraining),
        Sub::YOGA => Some(Sport::Yoga),
        _ => None,
    };
    let sport = match Fit(sport.unwrap_or(u8::MAX)) {
        Fit::RUNNING => Sport::Running,
        Fit::CYCLING | Fit::E_BIKING => Sport::Cycling,
        Fit::TRANSITION => Sport::Transition,
        Fit::SWIMMING => Sport::Swimming,
        Fit::WALKING => Sport::Walking,
        Fit::HIKING | Fit::MOUNTAINEERING => Sport::Hiking,
        Fit::ROWING => Sport::Rowing,
        Fit::CROSS_COUNTRY_SKIING => Sport::CrossCountrySkiing,
        Fit::ALPINE_SKIING => Sport::AlpineSkiing,
        Fit::SNOWBOARDING => Sport::Snowboarding,
        // These two only say where to look: the sub-sport is the sport.
        Fit::FITNESS_EQUIPMENT | Fit::TRAINING if by_sub.is_some() => {
            by_sub.unwrap_or(Sport::Other(String::new()))
        }
        Fit(u8::MAX) => by_sub.unwrap_or(Sport::Other(String::new())),
        other => Sport::Other(other.to_string()),
    };
    let indoor = match sub {
        Sub::TREADMILL
        | Sub::SPIN
        | Sub::INDOOR_CYCLING
        | Sub::INDOOR_ROWING
        | Sub::ELLIPTICAL
        | Sub::STAIR_CLIMBING
        | Sub::INDOOR_SKIING
        | Sub::INDOOR_WALKING
        | Sub::INDOOR_RUNNING
        | Sub::INDOOR_CLIMBING
        | Sub::INDOOR_GRINDING
        | Sub::INDOOR_HAND_CYCLING
        | Sub::VIRTUAL_ACTIVITY => Some(true),
        Sub::STREET
        | Sub::TRAIL
        | Sub::TRACK
        | Sub::ROAD
        | Sub::MOUNTAIN
        | Sub::DOWNHILL
        | Sub::CYCLOCROSS
        | Sub::GRAVEL_CYCLING
        | Sub::MIXED_SURFACE
        | Sub::OPEN_WATER => Some(false),
        _ => None,
    };
    let water = match sub {
        Sub::LAP_SWIMMING => Some(Water::Pool),
        Sub::OPEN_WATER => Some(Water::Open),
        _ => None,
    };
    Kind { sport, indoor, water }
}

/// TCX and GPX: a word somebody wrote.
pub(crate) fn from_name(name: &str) -> Kind {
    let word: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let indoor = match word.as_str() {
        "treadmill" | "treadmillrunning" | "indoorrunning" | "indoorcycling" | "virtualride"
        | "virtualrun" | "indoorrowing" | "indoorwalking" => Some(true),
        _ => None,
    };
    let sport = match word.as_str() {
        // Strava numbers its GPX types.
        "running" | "run" | "trailrunning" | "treadmill" | "treadmillrunning" | "indoorrunning"
        | "virtualrun" | "9" => Sport::Running,
        "biking" | "cycling" | "bike" | "ride" | "roadbiking" | "roadcycling" | "mountainbiking"
        | "gravelcycling" | "indoorcycling" | "virtualride" | "1" => Sport::Cycling,
        "swimming" | "swim" | "lapswimming" | "poolswimming" | "openwaterswimming" => Sport::Swimming,
        "walking" | "walk" | "indoorwalking" => Sport::Walking,
        "hiking" | "hike" => Sport::Hiking,
        "rowing" | "indoorrowing" => Sport::Rowing,
        "transition" | "multisporttransition" => Sport::Transition,
        "crosscountryskiing" | "nordicski" | "xcskiing" => Sport::CrossCountrySkiing,
        "alpineskiing" | "alpineski" | "resortskiing" => Sport::AlpineSkiing,
        "snowboarding" | "snowboard" => Sport::Snowboarding,
        "strengthtraining" | "weighttraining" => Sport::StrengthTraining,
        "yoga" => Sport::Yoga,
        "elliptical" => Sport::Elliptical,
        "stairclimbing" | "stairstepper" => Sport::StairClimbing,
        _ => Sport::Other(name.trim().to_owned()),
    };
    let water = match word.as_str() {
        "lapswimming" | "poolswimming" => Some(Water::Pool),
        "openwaterswimming" => Some(Water::Open),
        _ => None,
    };
    Kind { sport, indoor, water }
}
