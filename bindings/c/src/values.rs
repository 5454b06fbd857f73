//! Plain values as C sees them.

use crate::arguments::{self, date, given, optional_date};
use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{Lent, PacelineMetadata, get_optional};
use crate::names::{Enumeration, known};
use crate::outputs::out;
use paceline::{
    ErrorCode, MeasureUnit, Metadata, PacelineError, Quantity, QuantitySample, Reading, SampleId, SourceId,
    Statistics, Timestamp, TypeSet, Uuid, WorkoutActivity, WorkoutConfiguration, WorkoutEvent,
};
use std::ffi::{CStr, c_char};
use std::time::Duration;

/// No date: INT64_MIN. Where a date may be left out, this leaves it out; where there is none, this is returned.
pub const PACELINE_NO_DATE: i64 = i64::MIN;

/// The id of a session, a workout or an activity: 16 bytes in the order in which they are written.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineUuid {
    /// The bytes.
    pub bytes: [u8; 16],
}

/// A set of quantity types: the type with code n is bit n % 64 of word n / 64.
/// See paceline_type_set_contains().
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacelineTypeSet {
    /// The words.
    pub words: [u64; 4],
}

/// Bytes of a unit's text in a structure, the zero byte included.
pub const PACELINE_UNIT_CAPACITY: usize = 24;

/// What kind of workout it is and where. Copied wherever it is handed in. Make one with paceline_configuration().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineConfiguration {
    /// The kind of workout: PACELINE_ACTIVITY_.
    pub activity_type: u32,
    /// Where it takes place: PACELINE_LOCATION_. There is no 0.
    pub location_type: u32,
    /// For a swim, in which water: PACELINE_SWIMMING_LOCATION_.
    pub swimming_location_type: u32,
    /// 0.
    pub reserved: u32,
    /// For a pool swim: the length of the pool, in lap_length_unit. Ignored when that is empty.
    pub lap_length: f64,
    /// A unit of length such as "m" or "yd", ended by a zero byte; empty for no lap length. A length in a unit whose name
    /// has no room here is told in "m".
    pub lap_length_unit: [c_char; PACELINE_UNIT_CAPACITY],
}

/// Something that happened during a workout.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineEvent {
    /// What happened: PACELINE_EVENT_.
    pub event_type: u32,
    /// How many further facts it has. Written by the library, ignored where an event is handed in.
    pub metadata_count: u32,
    /// When it began, microseconds since the Unix epoch.
    pub start: i64,
    /// When it ended; equal to the start for an instant. Only laps and segments last.
    pub end: i64,
    /// Further facts; the handle 0 for none. Handed in, it stays the caller's. In a callback it is lent for the call. In
    /// lists that the library writes it is always 0: see paceline_builder_event_metadata() and
    /// paceline_workout_event_metadata().
    pub metadata: PacelineMetadata,
}

/// A dated part of a workout with its own configuration.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineActivity {
    /// Fixed when the activity begins.
    pub id: PacelineUuid,
    /// What kind of activity it is.
    pub configuration: PacelineConfiguration,
    /// When it began, microseconds since the Unix epoch.
    pub start: i64,
    /// When it ended; PACELINE_NO_DATE while it is in progress.
    pub end: i64,
    /// Its time without pauses, microseconds.
    pub duration: i64,
    /// How many types it has statistics of.
    pub statistics_count: u32,
    /// How many further facts it has.
    pub metadata_count: u32,
}

/// In PacelineStatistics.present: there is a sum.
pub const PACELINE_HAS_SUM: u32 = 1;
/// In PacelineStatistics.present: there is an average.
pub const PACELINE_HAS_AVERAGE: u32 = 2;
/// In PacelineStatistics.present: there is a minimum.
pub const PACELINE_HAS_MINIMUM: u32 = 4;
/// In PacelineStatistics.present: there is a maximum.
pub const PACELINE_HAS_MAXIMUM: u32 = 8;
/// In PacelineStatistics.present: there is a most recent reading.
pub const PACELINE_HAS_MOST_RECENT: u32 = 16;

/// What the samples of one type amount to. Values are in the type's stored unit, see paceline_quantity_type_unit(); one
/// that is not present is 0. Cumulative types have a sum, discrete types an average, a minimum and a maximum; all have the
/// most recent reading. Paused time contributes nothing.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineStatistics {
    /// The type: PACELINE_TYPE_.
    pub quantity_type: u32,
    /// Which values there are: PACELINE_HAS_, added up.
    pub present: u32,
    /// How many samples took part.
    pub count: u64,
    /// The start of the workout or activity, microseconds since the Unix epoch.
    pub start: i64,
    /// Its end; while it is in progress, the end of the latest sample.
    pub end: i64,
    /// The sum.
    pub sum: f64,
    /// The average.
    pub average: f64,
    /// The lowest reading.
    pub minimum: f64,
    /// The highest reading.
    pub maximum: f64,
    /// The reading with the latest end.
    pub most_recent: f64,
    /// When that reading began; PACELINE_NO_DATE when there is none.
    pub most_recent_start: i64,
    /// When that reading ended; PACELINE_NO_DATE when there is none.
    pub most_recent_end: i64,
}

/// One measurement: an instant reading, whose start equals its end, or an amount over an interval.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelineSample {
    /// Its number in the store; 0 before it was saved.
    pub id: u64,
    /// What was measured: PACELINE_TYPE_.
    pub quantity_type: u32,
    /// Who measured: the number from paceline_store_register_source(); 0 stands for the app itself, whose number is
    /// PACELINE_SOURCE_OWN.
    pub source: u32,
    /// When the measurement began, microseconds since the Unix epoch.
    pub start: i64,
    /// When it ended; not before the start.
    pub end: i64,
    /// The value in the type's stored unit. Heart rate: beats a minute.
    pub value: f64,
}

/// The source that every store has: the app itself, on its own device.
pub const PACELINE_SOURCE_OWN: u32 = 1;

/// Writes an id as text, such as "67e55044-10b1-426f-9247-bb680e5fe0c8", with a zero byte: 37 bytes.
///
/// Codes: PACELINE_ERROR_BOUNDARY_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_uuid_format(id: PacelineUuid, text: *mut c_char) -> PacelineResult {
    guard(|| {
        let place = out(text.cast::<[u8; 37]>(), "text")?;
        let mut bytes = [0; 37];
        arguments::uuid(id).hyphenated().encode_lower(&mut bytes);
        place.set(bytes);
        Ok(())
    })
}

/// Reads an id from text; with or without hyphens, small or capital letters.
///
/// Codes: PACELINE_ERROR_INPUT_MALFORMED for any other text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_uuid_parse(text: *const c_char, id: *mut PacelineUuid) -> PacelineResult {
    guard(|| {
        let (text, place) = (arguments::text(text, "text")?, out(id, "id")?);
        let id = Uuid::try_parse(text)
            .map_err(|_| PacelineError::new(ErrorCode::InputMalformed, "this is no id").with_value(text))?;
        place.set(id.into());
        Ok(())
    })
}

impl From<Uuid> for PacelineUuid {
    fn from(id: Uuid) -> Self {
        Self { bytes: *id.as_bytes() }
    }
}

impl From<&TypeSet> for PacelineTypeSet {
    fn from(types: &TypeSet) -> Self {
        let mut words = [0; 4];
        for kind in types.iter() {
            words[usize::from(kind.code()) / 64] |= 1 << (kind.code() % 64);
        }
        Self { words }
    }
}

/// A date that may be missing.
pub(crate) fn micros(date: Option<Timestamp>) -> i64 {
    date.map_or(PACELINE_NO_DATE, Timestamp::micros)
}

/// A span of time.
pub(crate) fn micros_of(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// A length of a list, where a list never gets that long.
pub(crate) fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl From<&WorkoutConfiguration> for PacelineConfiguration {
    fn from(configuration: &WorkoutConfiguration) -> Self {
        let (lap_length, lap_length_unit) =
            configuration.lap_length.as_ref().map_or((0.0, [0; _]), lap_length);
        Self {
            activity_type: configuration.activity_type.number(),
            location_type: configuration.location_type.number(),
            swimming_location_type: configuration.swimming_location_type.number(),
            reserved: 0,
            lap_length,
            lap_length_unit,
        }
    }
}

/// A length with the text of its unit, in meters where the text has no room.
fn lap_length(length: &Quantity) -> (f64, [c_char; PACELINE_UNIT_CAPACITY]) {
    let (value, unit) = if length.unit().as_str().len() < PACELINE_UNIT_CAPACITY {
        (length.value(), length.unit().as_str())
    } else {
        (length.value_in(&MeasureUnit::meter()).unwrap_or(f64::NAN), "m")
    };
    let mut text = [0; PACELINE_UNIT_CAPACITY];
    for (place, byte) in text.iter_mut().zip(unit.bytes()) {
        *place = byte as c_char;
    }
    (value, text)
}

impl PacelineConfiguration {
    pub(crate) fn read(&self) -> Result<WorkoutConfiguration, PacelineError> {
        let mut unit = [0; PACELINE_UNIT_CAPACITY];
        for (place, byte) in unit.iter_mut().zip(self.lap_length_unit) {
            *place = byte as u8;
        }
        let unit = CStr::from_bytes_until_nul(&unit).ok().and_then(|unit| unit.to_str().ok());
        let unit = unit.ok_or_else(|| {
            PacelineError::new(
                ErrorCode::InputUnit,
                "the unit of the lap length must be text that ends with a zero byte",
            )
        })?;
        let lap_length = if unit.is_empty() {
            None
        } else {
            Some(Quantity::new(self.lap_length, crate::units::unit(unit)?))
        };
        Ok(WorkoutConfiguration {
            activity_type: known(self.activity_type)?,
            location_type: known(self.location_type)?,
            swimming_location_type: known(self.swimming_location_type)?,
            lap_length,
        })
    }
}

/// A configuration that must be there.
pub(crate) unsafe fn configuration(
    pointer: *const PacelineConfiguration,
) -> Result<WorkoutConfiguration, PacelineError> {
    given(pointer, "configuration")?.read()
}

impl From<&WorkoutEvent> for PacelineEvent {
    fn from(event: &WorkoutEvent) -> Self {
        Self {
            event_type: event.event_type.number(),
            metadata_count: short(event.metadata.len()),
            start: event.start.micros(),
            end: event.end.micros(),
            metadata: PacelineMetadata { id: 0 },
        }
    }
}

impl PacelineEvent {
    /// An event for a callback, and what has to be kept until that returns.
    pub(crate) fn lent(event: &WorkoutEvent) -> (Self, Option<Lent<PacelineMetadata>>) {
        let metadata = (!event.metadata.is_empty()).then(|| crate::metadata::lend(&event.metadata));
        let handle = metadata.as_ref().map_or(PacelineMetadata { id: 0 }, Lent::handle);
        (Self { metadata: handle, ..event.into() }, metadata)
    }

    pub(crate) fn read(&self) -> Result<WorkoutEvent, PacelineError> {
        let event_type = known(self.event_type)?;
        let event = WorkoutEvent::over(event_type, date(self.start, "start")?, date(self.end, "end")?);
        Ok(event.with_metadata(optional_metadata(self.metadata)?))
    }
}

/// Metadata that may be left out.
pub(crate) fn optional_metadata(handle: PacelineMetadata) -> Result<Metadata, PacelineError> {
    Ok(get_optional(handle)?.map(|metadata| metadata.lock().clone()).unwrap_or_default())
}

impl From<&WorkoutActivity> for PacelineActivity {
    fn from(activity: &WorkoutActivity) -> Self {
        Self {
            id: activity.id.into(),
            configuration: (&activity.configuration).into(),
            start: activity.start.micros(),
            end: micros(activity.end),
            duration: micros_of(activity.duration),
            statistics_count: short(activity.statistics.len()),
            metadata_count: short(activity.metadata.len()),
        }
    }
}

impl From<&Statistics> for PacelineStatistics {
    fn from(statistics: &Statistics) -> Self {
        let Statistics { quantity_type, start, end, count, sum, average, minimum, maximum, most_recent } =
            statistics;
        let bit = |present: bool, bit| if present { bit } else { 0 };
        Self {
            quantity_type: quantity_type.number(),
            present: bit(sum.is_some(), PACELINE_HAS_SUM)
                | bit(average.is_some(), PACELINE_HAS_AVERAGE)
                | bit(minimum.is_some(), PACELINE_HAS_MINIMUM)
                | bit(maximum.is_some(), PACELINE_HAS_MAXIMUM)
                | bit(most_recent.is_some(), PACELINE_HAS_MOST_RECENT),
            count: *count,
            start: start.micros(),
            end: end.micros(),
            sum: sum.unwrap_or_default(),
            average: average.unwrap_or_default(),
            minimum: minimum.unwrap_or_default(),
            maximum: maximum.unwrap_or_default(),
            most_recent: most_recent.map(|Reading { value, .. }| value).unwrap_or_default(),
            most_recent_start: micros(most_recent.map(|reading| reading.start)),
            most_recent_end: micros(most_recent.map(|reading| reading.end)),
        }
    }
}

impl From<&QuantitySample> for PacelineSample {
    fn from(sample: &QuantitySample) -> Self {
        Self {
            id: sample.id.map_or(0, |id| id.0),
            quantity_type: sample.quantity_type.number(),
            source: sample.source.0,
            start: sample.start.micros(),
            end: sample.end.micros(),
            value: sample.value,
        }
    }
}

impl PacelineSample {
    /// Whether it is a good one is for the engine to say.
    pub(crate) fn read(&self) -> Result<QuantitySample, PacelineError> {
        Ok(QuantitySample {
            id: (self.id != 0).then_some(SampleId(self.id)),
            quantity_type: known(self.quantity_type)?,
            start: date(self.start, "start")?,
            end: date(self.end, "end")?,
            value: self.value,
            source: if self.source == 0 { SourceId::OWN } else { SourceId(self.source) },
        })
    }
}

/// Several values for C.
pub(crate) fn list<'a, T: 'a, U: From<&'a T>>(values: impl IntoIterator<Item = &'a T>) -> Vec<U> {
    values.into_iter().map(U::from).collect()
}

/// Only samples that match are collected. Every condition that is set must hold.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacelinePredicate {
    /// Only from these sources; NULL and 0 for any. Read during the call, stays the caller's.
    pub sources: *const u32,
    /// How many sources.
    pub source_count: usize,
    /// Only samples that start at or after this date; PACELINE_NO_DATE for any.
    pub starts_at_or_after: i64,
    /// Only samples that start before this date; PACELINE_NO_DATE for any.
    pub starts_before: i64,
}

impl PacelinePredicate {
    pub(crate) unsafe fn read(&self) -> Result<paceline::SamplePredicate, PacelineError> {
        let sources = arguments::several(self.sources, self.source_count, "sources")?;
        Ok(paceline::SamplePredicate {
            sources: sources.iter().copied().map(SourceId).collect(),
            starts_at_or_after: optional_date(self.starts_at_or_after, "starts_at_or_after")?,
            starts_before: optional_date(self.starts_before, "starts_before")?,
        })
    }
}
