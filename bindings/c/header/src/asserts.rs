//! How the structures lie in memory, so that a compiler of C can check that it sees them as the library does.

#[allow(clippy::wildcard_imports, reason = "all structures there are")]
use paceline_c::*;
use std::fmt::Write;
use std::mem::offset_of;

struct Layout {
    name: &'static str,
    size: usize,
    fields: Vec<(&'static str, usize)>,
}

macro_rules! layouts {
    ($( $name:ident { $( $field:ident ),+ $(,)? } )+) => {
        fn layouts() -> Vec<Layout> {
            // Does not compile when a field is missing here.
            $( let _ = |all: $name| { let $name { $( $field: _, )+ } = all; }; )+
            vec![ $( Layout {
                name: stringify!($name),
                size: size_of::<$name>(),
                fields: vec![ $( (stringify!($field), offset_of!($name, $field)), )+ ],
            }, )+ ]
        }
    };
}

layouts! {
    PacelineBuilderDelegate {
        struct_size, user_data, release, did_collect_data, did_collect_event, did_begin_activity,
        did_end_activity,
    }
    PacelineCompletion { struct_size, user_data, release, done }
    PacelineErrorDetails { code, sentence, value }
    PacelineStore { id }
    PacelineSession { id }
    PacelineBuilder { id }
    PacelineDataSource { id }
    PacelineWorkout { id }
    PacelineMetadata { id }
    PacelineClock { id }
    PacelineDisk { id }
    PacelineHost { id }
    PacelineSimulation { id }
    PacelineDevice { id }
    PacelineHostRequest { id, kind, process, session, configuration, incumbent }
    PacelineHostCallbacks {
        struct_size, user_data, release, session_mode, permission, foreground, lock, arbitration, processes,
        refused_activities, refused_count, request,
    }
    PacelineLogSink { struct_size, user_data, release, log }
    PacelineSessionOwner { session, configuration, state, process, is_here, is_alive }
    PacelineUnfinishedWorkout {
        session, configuration, start_date, last_date, state, process, is_here, is_alive, payload_length,
    }
    PacelineSessionRecord { id, configuration, session_type, state, start_date, end_date }
    PacelineSessionDelegate {
        struct_size, user_data, release, did_change_state, did_fail, did_generate_event, did_begin_activity,
        did_end_activity, did_lose_durability, did_regain_durability,
    }
    PacelineDeviceOptions { refused_activities, refused_count, arbitration, reserved }
    PacelineSnapshot {
        struct_size, statistics, statistics_capacity, statistics_count, activities, activities_capacity,
        activities_count, id, configuration, session_type, state, start_date, end_date, collection_start,
        collection_end, elapsed, types_to_collect, sequence, taken, event_count, durable,
    }
    PacelineIngested { samples, collected, repeated, durable }
    PacelineSource { identifier, name, kind }
    PacelineInterval { start, end }
    PacelineIntervalStatistics { start, end, duration, first_statistics, statistics_count }
    PacelineStoreOptions {
        struct_size, path, clock_kind, entropy_kind, clock, entropy_seed, durability, delivery, within,
        sync_every, host, disk, arbitration, reserved, retention,
    }
    PacelineUuid { bytes }
    PacelineTypeSet { words }
    PacelineConfiguration {
        activity_type, location_type, swimming_location_type, reserved, lap_length, lap_length_unit,
    }
    PacelineEvent { event_type, metadata_count, start, end, metadata }
    PacelineActivity { id, configuration, start, end, duration, statistics_count, metadata_count }
    PacelineStatistics {
        quantity_type, present, count, start, end, sum, average, minimum, maximum, most_recent,
        most_recent_start, most_recent_end,
    }
    PacelineSample { id, quantity_type, source, start, end, value }
    PacelinePredicate { sources, source_count, starts_at_or_after, starts_before }
    PacelineWorkoutSummary {
        id, configuration, start, end, duration, event_count, activity_count, statistics_count,
        metadata_count,
    }
}

/// The lines for the end of the header.
///
/// # Errors
/// When the header has a structure that is not listed here.
pub(crate) fn sizes(header: &str) -> Result<String, String> {
    let layouts = layouts();
    for line in header.lines().filter_map(|line| line.strip_prefix("typedef struct ")) {
        let name = line.trim_end_matches([' ', '{']);
        // The one that lives in the header alone.
        if name != "PacelineBatch" && !layouts.iter().any(|layout| layout.name == name) {
            return Err(format!("{name} is missing in bindings/c/header/src/asserts.rs"));
        }
    }
    let mut text = String::from("#if UINTPTR_MAX > 0xffffffffu\n");
    for Layout { name, size, .. } in &layouts {
        let _ = writeln!(text, "PACELINE_ASSERT_SIZE({name}, {size});");
    }
    text.push_str("#endif\n#undef PACELINE_ASSERT_SIZE");
    Ok(text)
}

/// A file of C that checks every field; for the tests.
pub(crate) fn offsets() -> String {
    let mut text = String::from(
        "/* Made by `cargo run -p paceline-header`: where each field lies in the library. */\n\
         #include <paceline.h>\n\
         #define AT(type, field, offset) typedef char type##_##field##_lies_elsewhere[offsetof(type, field) == (offset) ? 1 : -1]\n\
         #if UINTPTR_MAX > 0xffffffffu\n",
    );
    for Layout { name, fields, .. } in layouts() {
        for (field, offset) in fields {
            let _ = writeln!(text, "AT({name}, {field}, {offset});");
        }
    }
    text.push_str("#endif\n");
    text
}
