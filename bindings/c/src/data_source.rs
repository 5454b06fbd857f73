//! What selects the samples of a builder.

use crate::error::PacelineResult;
use crate::guard::guard;
use crate::handles::{PacelineDataSource, get, hand_out, release, retain};
use crate::names::known;
use crate::outputs::out;
use crate::values::{PacelineConfiguration, PacelinePredicate, PacelineTypeSet};
use paceline::LiveWorkoutDataSource;

/// Makes a data source: of all that is ingested while the session is under way, it selects the samples of the chosen types
/// that match their predicate. It is the caller's: release it; a builder that it serves keeps it alive.
///
/// `configuration`: it starts with the default types of this configuration, and follows the activities of a multi-sport
/// workout until the first change by hand. NULL: it starts without any type.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN and PACELINE_ERROR_INPUT_UNIT for a configuration that cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_data_source_create(
    configuration: *const PacelineConfiguration,
    source: *mut PacelineDataSource,
) -> PacelineResult {
    guard(|| {
        let place = out(source, "source")?;
        let configuration = configuration.as_ref().map(PacelineConfiguration::read).transpose()?;
        place.set(hand_out(LiveWorkoutDataSource::new(configuration.as_ref())));
        Ok(())
    })
}

/// Adds a reference to the handle: one more release is due.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_data_source_retain(source: PacelineDataSource) -> PacelineResult {
    guard(|| retain(source))
}

/// Takes a reference away; after the last one the handle is stale.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_data_source_release(source: PacelineDataSource) -> PacelineResult {
    guard(|| release(source))
}

/// Whether two handles stand for the same data source: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_data_source_equal(
    one: PacelineDataSource,
    other: PacelineDataSource,
    equal: *mut u32,
) -> PacelineResult {
    guard(|| {
        let (one, other, place) = (get(one)?, get(other)?, out(equal, "equal")?);
        place.set(u32::from(one == other));
        Ok(())
    })
}

/// The types it collects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_data_source_types_to_collect(
    source: PacelineDataSource,
    types: *mut PacelineTypeSet,
) -> PacelineResult {
    guard(|| {
        let (source, place) = (get(source)?, out(types, "types")?);
        place.set((&source.types_to_collect()).into());
        Ok(())
    })
}

/// Collects a type (PACELINE_TYPE_), before and during a workout. For a type that is collected already, the predicate is
/// replaced.
///
/// `predicate`: which samples; NULL for all. Copied.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a type that this release does not know; PACELINE_ERROR_INPUT_OUT_OF_RANGE for a
/// date outside of the years 1 to 9999; domain 3 when it serves a builder and the change cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn paceline_data_source_enable_collection(
    source: PacelineDataSource,
    quantity_type: u32,
    predicate: *const PacelinePredicate,
) -> PacelineResult {
    guard(|| {
        let source = get(source)?;
        let predicate = match predicate.as_ref() {
            Some(predicate) => Some(predicate.read()?),
            None => None,
        };
        source.enable_collection(known(quantity_type)?, predicate)
    })
}

/// Stops collecting a type (PACELINE_TYPE_); what was collected stays.
///
/// Codes: PACELINE_ERROR_INPUT_UNKNOWN for a type that this release does not know; domain 3 when it serves a builder and the
/// change cannot be saved.
#[unsafe(no_mangle)]
pub extern "C" fn paceline_data_source_disable_collection(
    source: PacelineDataSource,
    quantity_type: u32,
) -> PacelineResult {
    guard(|| get(source)?.disable_collection(known(quantity_type)?))
}
