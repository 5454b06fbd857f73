//! What is wrong with a file, where, and what salvage still gets out of it.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use common::{
    BYTE, ENUM, FLOAT32, Fit, UINT8, UINT16, UINT32, micros, small_fit, small_gpx, small_tcx, time,
};
use paceline_formats::{
    Channel, Format, FormatError, Place, ReadOptions, RecordedSession, Recording, StrokeStyle, TimerKind,
    read, read_file,
};

fn strict(bytes: &[u8]) -> Result<Recording, FormatError> {
    read(bytes, &ReadOptions::strict())
}

fn salvage(bytes: &[u8]) -> Result<Recording, FormatError> {
    read(bytes, &ReadOptions::salvage())
}

fn values(session: &RecordedSession, channel: Channel) -> Vec<(i64, i64, f64)> {
    let of = session.samples.iter().filter(|sample| sample.channel == channel);
    of.map(|sample| (sample.start_us, sample.end_us, sample.value)).collect()
}

fn sum(session: &RecordedSession, channel: Channel) -> f64 {
    values(session, channel).iter().map(|value| value.2).sum()
}

#[test]
fn small_files_say_the_same_in_every_format() {
    for (format, bytes) in [
        (Format::Fit, small_fit()),
        (Format::Tcx, small_tcx().into_bytes()),
        (Format::Gpx, small_gpx().into_bytes()),
    ] {
        assert_eq!(Format::detect(&bytes), Some(format));
        let recording = strict(&bytes).unwrap();
        let [session] = &recording.sessions[..] else { panic!("{format}: one session") };
        assert_eq!((session.start_us, session.end_us), (micros(0.0), micros(10.0)), "{format}");
        // TCX says how long the pause was, not when in the gap; one second of it is a step.
        let paused: i64 = session.pauses().iter().map(|(since, until)| until - since).sum();
        assert_eq!(paused, 4_000_000, "{format}");
        assert_eq!(session.timer[0].kind, TimerKind::Pause);
        assert_eq!(values(session, Channel::HeartRate)[0], (micros(0.0), micros(0.0), 100.0));
        if format != Format::Gpx {
            assert!((sum(session, Channel::Distance) - 21.0).abs() < 1e-9, "{format}");
        }
    }
}

#[test]
fn distance_across_a_pause_belongs_to_the_part_after_it() {
    let recording = strict(&small_fit()).unwrap();
    let distance = values(&recording.sessions[0], Channel::Distance);
    // Three metres were counted at the second of the resume itself; they go to the next reading.
    assert_eq!(distance[2], (micros(2.0), micros(3.0), 3.0));
    assert_eq!(distance[3], (micros(7.0), micros(8.0), 6.0));
}

/// A minute in a pool of 25 m with a rest of 20 s, whose lengths reach into the rest from both sides.
fn pool() -> Fit {
    let mut fit = Fit::new();
    fit.file_id(4).press(0, 0).press(20, 4).press(40, 0).press(60, 4);
    fit.define(1, 101, &[(2, 4, UINT32), (3, 4, UINT32), (5, 2, UINT16), (7, 1, ENUM), (12, 1, ENUM)]);
    for (start, elapsed_ms, strokes, style, active) in
        [(0, 22_000, 8, 0, 1), (22, 9_000, 0, 1, 0), (31, 21_000, 9, 2, 1), (52, 8_000, 7, 6, 1)]
    {
        fit.message(1, &[(time(start), 4), (elapsed_ms, 4), (strokes, 2), (style, 1), (active, 1)]);
    }
    fit.define(3, 18, &[(2, 4, UINT32), (7, 4, UINT32), (8, 4, UINT32), (44, 2, UINT16), (11, 2, UINT16)]);
    fit.message(3, &[(time(0), 4), (60_000, 4), (40_000, 4), (2500, 2), (100, 2)]);
    fit
}

#[test]
fn lengths_that_reach_into_a_pause_were_swum_beside_it() {
    let recording = strict(&pool().file()).unwrap();
    let session = &recording.sessions[0];
    let spans = [(0.0, 20.0), (40.0, 52.0), (52.0, 60.0)].map(|(from, to)| (micros(from), micros(to)));
    let with = |amounts: [f64; 3]| [0, 1, 2].map(|index| (spans[index].0, spans[index].1, amounts[index]));
    assert_eq!(values(session, Channel::Distance), with([25.0, 25.0, 25.0]));
    assert_eq!(values(session, Channel::Strokes), with([8.0, 9.0, 7.0]));
    // The lengths themselves are as the device has them.
    assert_eq!((session.lengths[0].end_us, session.lengths[2].start_us), (micros(22.0), micros(31.0)));
    let styles: Vec<Option<StrokeStyle>> = session.lengths.iter().map(|length| length.style).collect();
    let expected = [StrokeStyle::Freestyle, StrokeStyle::Breaststroke, StrokeStyle::Mixed].map(Some);
    assert_eq!(styles, [expected[0], None, expected[1], expected[2]]);
}

#[test]
fn totals_are_shared_among_the_running_time_of_their_lap() {
    // Of the session.
    let recording = strict(&pool().file()).unwrap();
    let energy = values(&recording.sessions[0], Channel::Energy);
    let halves = [(0.0, 20.0), (40.0, 60.0)].map(|(from, to)| (micros(from), micros(to), 50.0));
    assert_eq!(energy, halves);

    // Of two laps. The first one claims to last into the second.
    let mut fit = pool();
    fit.define(2, 19, &[(2, 4, UINT32), (7, 4, UINT32), (11, 2, UINT16)]);
    fit.message(2, &[(time(0), 4), (55_000, 4), (60, 2)]).message(2, &[(time(50), 4), (10_000, 4), (30, 2)]);
    let recording = strict(&fit.file()).unwrap();
    let energy = values(&recording.sessions[0], Channel::Energy);
    let parts = [(0.0, 20.0, 40.0), (40.0, 50.0, 20.0), (50.0, 60.0, 30.0)];
    assert_eq!(energy, parts.map(|(from, to, energy)| (micros(from), micros(to), energy)));
    assert_eq!(recording.sessions[0].laps[0].end_us, micros(50.0));
}

#[test]
fn nothing_and_nonsense_are_refused_at_once() {
    assert!(matches!(strict(b""), Err(FormatError::Empty)));
    let zeros = vec![0; 64 * 1024 * 1024];
    let started = Instant::now();
    let spaces = vec![b' '; 64 * 1024 * 1024];
    for bytes in [&b"PK\x03\x04 something"[..], b"{}", b"\x0E\x20.FIT", &zeros, &spaces, b"<a/>"] {
        for result in [strict(bytes), salvage(bytes)] {
            assert!(matches!(result, Err(FormatError::Unrecognised { .. })));
        }
        assert_eq!(Format::detect(bytes), None);
    }
    assert!(started.elapsed() < Duration::from_secs(2));
    let error = strict(b"<html></html>").unwrap_err();
    assert!(error.to_string().contains("html"), "{error}");
    assert!(!error.salvageable());
}

#[test]
fn a_file_too_large_is_refused_before_it_is_read() {
    let path = std::env::temp_dir().join(format!("paceline-large-{}.fit", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(3 * 1024 * 1024 * 1024).unwrap();
    let started = Instant::now();
    let error = read_file(&path, &ReadOptions::strict()).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(error, FormatError::TooLarge { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(1));
    let error = read_file(&path, &ReadOptions::strict()).unwrap_err();
    assert!(matches!(error, FormatError::Io { .. }), "{error}");
}

#[test]
fn every_truncation_is_an_error_and_salvage_keeps_what_came_before() {
    let whole = small_fit();
    for length in 14..whole.len() {
        let error = strict(&whole[..length]).unwrap_err();
        assert!(error.salvageable(), "{length}: {error}");
        match salvage(&whole[..length]) {
            Ok(recording) => assert!(!recording.skipped.is_empty(), "{length}"),
            Err(error) => assert!(matches!(error, FormatError::NoActivity { .. }), "{error}"),
        }
    }
    let recording = salvage(&whole[..whole.len() - 60]).unwrap();
    assert!(sum(&recording.sessions[0], Channel::Distance) >= 18.0);
    assert_eq!(recording.sessions[0].device.timer_s, None);
}

#[test]
fn a_checksum_that_does_not_match_names_the_place() {
    let mut bytes = small_fit();
    let end = bytes.len() - 2;
    bytes[60] ^= 1;
    let error = strict(&bytes).unwrap_err();
    assert_eq!(error.place(), Some(Place::Byte(end as u64)));
    assert_eq!(salvage(&bytes).unwrap().sessions.len(), 1);

    let mut bytes = small_fit();
    bytes[12] ^= 1;
    assert_eq!(strict(&bytes).unwrap_err().place(), Some(Place::Byte(12)));
}

#[test]
fn a_recording_that_lost_power_is_salvaged_without_its_size() {
    let mut bytes = small_fit();
    bytes[4..8].fill(0);
    bytes[12..14].fill(0);
    assert!(strict(&bytes).unwrap_err().salvageable());
    assert_eq!(salvage(&bytes).unwrap().sessions.len(), 1);
}

#[test]
fn files_may_be_chained_but_garbage_may_not_follow() {
    let one = small_fit();
    let two = [&one[..], &one[..]].concat();
    assert_eq!(strict(&two).unwrap().sessions.len(), 2);

    let garbage = [&one[..], b"garbage"].concat();
    let error = strict(&garbage).unwrap_err();
    assert_eq!(error.place(), Some(Place::Byte(one.len() as u64)));
    assert_eq!(salvage(&garbage).unwrap().sessions.len(), 1);
}

#[test]
fn a_message_without_definition_stops_at_its_byte() {
    let mut fit = Fit::new();
    fit.file_id(4).define_records().record(0, 90, 0).record(1, 91, 3);
    let at = fit.offset();
    fit.raw(&[0x0B, 1, 2, 3]);
    let error = strict(&fit.file()).unwrap_err();
    assert_eq!(error.place(), Some(Place::Byte(at)));
    let recording = salvage(&fit.file()).unwrap();
    assert_eq!(values(&recording.sessions[0], Channel::HeartRate).len(), 2);
}

#[test]
fn settings_and_courses_hold_no_activity() {
    for kind in [2, 6] {
        let mut fit = Fit::new();
        fit.file_id(kind).define_records().record(0, 90, 0);
        let error = strict(&fit.file()).unwrap_err();
        assert!(matches!(error, FormatError::NoActivity { .. }), "{error}");
        assert!(!error.salvageable());
    }
    let course = small_tcx().replace("Activity", "Course").replace("Activities", "Courses");
    assert!(matches!(strict(course.as_bytes()), Err(FormatError::NoActivity { .. })));
    let route = "<gpx><wpt lat=\"1\" lon=\"1\"/><rte><rtept lat=\"1\" lon=\"1\"/></rte></gpx>";
    assert!(matches!(strict(route.as_bytes()), Err(FormatError::NoActivity { .. })));
}

#[test]
fn records_without_a_session_make_one() {
    let mut fit = Fit::new();
    fit.file_id(4).define_records().record(0, 90, 0).record(5, 95, 12);
    let recording = strict(&fit.file()).unwrap();
    let session = &recording.sessions[0];
    assert_eq!((session.start_us, session.end_us), (micros(0.0), micros(5.0)));
    assert_eq!(session.device.elapsed_s, None);
    assert_eq!(recording.skipped.len(), 1);
}

#[test]
fn two_sessions_may_share_one_distance_counter_or_not() {
    for second in [30, 0] {
        let mut fit = Fit::new();
        fit.file_id(4).define_records();
        for at in 0..=10 {
            fit.record(at, 100, at * 3);
        }
        for at in 11..=20 {
            fit.record(at, 100, second + (at - 10) * 2);
        }
        // Written last first: the order of summaries means nothing.
        fit.session(10, 10_000, 10_000).session(0, 10_000, 10_000);
        let recording = strict(&fit.file()).unwrap();
        assert_eq!(recording.sessions.len(), 2);
        let sums: Vec<f64> =
            recording.sessions.iter().map(|session| sum(session, Channel::Distance)).collect();
        // The reading at the seam is the first of the second session. What a counter that is set
        // back shows at first may be from before, so it counts from there.
        let expected = if second == 30 { 27.0 + 23.0 } else { 27.0 + 21.0 };
        assert!((sums[0] - 27.0).abs() < 1e-9, "{sums:?}");
        assert!((sums[0] + sums[1] - expected).abs() < 1e-9, "{sums:?}");
    }
}

#[test]
fn a_field_declared_with_another_type_is_read_as_declared() {
    for big_endian in [false, true] {
        let mut fit = if big_endian { Fit::big_endian() } else { Fit::new() };
        // Heart rate as 16 bits, distance as a float, speed as one byte without a value.
        fit.file_id(4).define(1, 20, &[(253, 4, UINT32), (3, 2, 0x84), (5, 4, FLOAT32), (6, 1, UINT8)]);
        for at in 0..3 {
            let metres = f64::from(at as i32) * 400.0;
            let bits = i64::from((metres as f32).to_bits());
            fit.message(1, &[(time(at), 4), (120, 2), (bits, 4), (255, 1)]);
        }
        let recording = strict(&fit.file()).unwrap();
        let session = &recording.sessions[0];
        assert_eq!(values(session, Channel::HeartRate)[0].2, 120.0);
        assert!((sum(session, Channel::Distance) - 8.0).abs() < 1e-6);
        assert_eq!(values(session, Channel::Speed), []);
    }
}

#[test]
fn compressed_times_count_on_from_the_last_whole_one() {
    let mut fit = Fit::new();
    fit.file_id(4).define(1, 20, &[(253, 4, UINT32), (3, 1, UINT8)]);
    fit.message(1, &[(time(0), 4), (90, 1)]).define(1, 20, &[(3, 1, UINT8)]);
    for at in [5, 36] {
        let low = (time(at) & 0x1F) as u8;
        fit.raw(&[0x80 | 1 << 5 | low, 91]);
    }
    let recording = strict(&fit.file()).unwrap();
    let times: Vec<i64> =
        values(&recording.sessions[0], Channel::HeartRate).iter().map(|value| value.0).collect();
    assert_eq!(times, [micros(0.0), micros(5.0), micros(36.0)]);
}

#[test]
fn packed_speed_and_distance_roll_over() {
    let mut fit = Fit::new();
    fit.file_id(4).define(1, 20, &[(253, 4, UINT32), (8, 3, BYTE)]);
    // 2.50 m/s each; the counter goes 0, 100, 200, 44 metres modulo 256.
    for (at, metres) in [(0, 0), (40, 100), (80, 200), (120, 300)] {
        let counter = (metres * 16) & 0x0FFF;
        fit.message(1, &[(time(at), 4), (250 + (counter << 12), 3)]);
    }
    let recording = strict(&fit.file()).unwrap();
    let session = &recording.sessions[0];
    assert!((sum(session, Channel::Distance) - 300.0).abs() < 1e-9);
    assert!((values(session, Channel::Speed)[0].2 - 2.5).abs() < 1e-9);
}

#[test]
fn a_strap_that_stored_heart_rates_is_believed() {
    let mut fit = Fit::new();
    fit.file_id(4).define(1, 20, &[(253, 4, UINT32), (5, 4, UINT32)]);
    for at in 0..=4 {
        fit.message(1, &[(time(at), 4), (at * 100, 4)]);
    }
    fit.define(4, 132, &[(253, 4, UINT32), (9, 4, UINT32), (6, 1, UINT8)]);
    fit.message(4, &[(time(0), 4), (5000, 4), (110, 1)]);
    // Two more beats, one and two seconds later, as twelve-bit remainders.
    let (first, second) = ((5000 + 1024) & 0x0FFF, (5000 + 2048) & 0x0FFF);
    fit.define(5, 132, &[(6, 2, UINT8), (10, 3, BYTE)]);
    fit.message(5, &[(111 + (112 << 8), 2), (first + (second << 12), 3)]);
    fit.session(0, 4_000, 4_000);
    let recording = strict(&fit.file()).unwrap();
    let rates = values(&recording.sessions[0], Channel::HeartRate);
    let expected =
        [(0.0, 110.0), (1.0, 111.0), (2.0, 112.0)].map(|(at, rate)| (micros(at), micros(at), rate));
    assert_eq!(rates, expected);
}

#[test]
fn a_clock_that_goes_back_costs_only_the_readings_that_contradict() {
    let mut fit = Fit::new();
    fit.file_id(4).define_records();
    for at in [0, 1, 2, 500, 3, 4, 4, 5, 1, 6] {
        fit.record(at, 100, at.min(6));
    }
    fit.session(0, 6_000, 6_000);
    let recording = strict(&fit.file()).unwrap();
    let rates = values(&recording.sessions[0], Channel::HeartRate);
    assert_eq!(rates.len(), 8);
    assert_eq!(recording.skipped.len(), 1);
    assert!(recording.skipped[0].what.ends_with("(2 times)"), "{:?}", recording.skipped);
}

#[test]
fn impossible_values_are_errors_and_left_out_by_salvage() {
    let bytes = small_tcx().replace("<Value>103</Value>", "<Value>301</Value>");
    let error = strict(bytes.as_bytes()).unwrap_err();
    assert!(matches!(error, FormatError::Implausible { .. }), "{error}");
    assert_eq!(error.place(), Some(Place::Line(10)), "{error}");
    let recording = salvage(bytes.as_bytes()).unwrap();
    assert_eq!(values(&recording.sessions[0], Channel::HeartRate).len(), 3);
    assert_eq!(recording.skipped[0].place, Place::Line(10));

    for number in ["NaN", "inf", "-1", "1e999", "twelve"] {
        let bytes = small_tcx().replace("<DistanceMeters>9<", &format!("<DistanceMeters>{number}<"));
        assert!(matches!(strict(bytes.as_bytes()), Err(FormatError::Implausible { .. })));
        assert!(sum(&salvage(bytes.as_bytes()).unwrap().sessions[0], Channel::Distance) > 20.0);
    }
    for when in ["0001-01-01T00:00:00Z", "2500-01-01T00:00:00Z", "yesterday"] {
        let bytes = small_gpx().replace("2020-09-13T12:26:43Z", when);
        assert!(matches!(strict(bytes.as_bytes()), Err(FormatError::Implausible { .. })));
        assert_eq!(salvage(bytes.as_bytes()).unwrap().sessions.len(), 1);
    }
    let bytes = small_gpx().replace("lat=\"47.0001\"", "lat=\"470\"");
    assert!(matches!(strict(bytes.as_bytes()), Err(FormatError::Implausible { .. })));

    // A reading sixty years after the rest.
    let mut fit = Fit::new();
    fit.file_id(4).define_records().record(0, 90, 0).record(1, 90, 1);
    let at = fit.offset();
    fit.record(60 * 365 * 86_400, 90, 2).session(0, 1_000, 1_000);
    assert_eq!(strict(&fit.file()).unwrap_err().place(), Some(Place::Byte(at)));
    assert_eq!(salvage(&fit.file()).unwrap().sessions[0].end_us, micros(1.0));
}

#[test]
fn a_heart_rate_of_zero_is_no_contact_and_no_fault() {
    let bytes = small_gpx().replace(">103<", ">0<");
    let recording = strict(bytes.as_bytes()).unwrap();
    assert_eq!(values(&recording.sessions[0], Channel::HeartRate).len(), 3);
}

#[test]
fn xml_that_breaks_off_keeps_its_whole_points() {
    for whole in [small_tcx(), small_gpx()] {
        let root_ends = whole.rfind('>').unwrap() + 1;
        for length in 120..root_ends {
            let cut = &whole.as_bytes()[..length];
            let error = strict(cut).unwrap_err();
            if let Ok(recording) = salvage(cut) {
                assert!(error.salvageable(), "{length}: {error}");
                assert!(!recording.skipped.is_empty());
            }
        }
    }
    let gpx = small_gpx();
    let cut = gpx.rfind("<trkpt").unwrap() + 30;
    let error = strict(&gpx.as_bytes()[..cut]).unwrap_err();
    assert_eq!(error.place(), Some(Place::Line(11)), "{error}");
    let recording = salvage(&gpx.as_bytes()[..cut]).unwrap();
    assert_eq!(values(&recording.sessions[0], Channel::HeartRate).len(), 3);
}

#[test]
fn bytes_that_are_not_text_name_their_line() {
    let mut bytes = small_gpx().into_bytes();
    let at = bytes.windows(7).position(|part| part == b"running").unwrap();
    bytes[at] = 0xE9;
    assert_eq!(strict(&bytes).unwrap_err().place(), Some(Place::Line(4)));
    assert_eq!(salvage(&bytes).unwrap().sessions.len(), 1);

    // Unless the file says that it is in a one-byte encoding.
    let head = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
    let at = bytes.iter().position(|&byte| byte == b'\n').unwrap();
    let latin = [&head[..], &bytes[at..]].concat();
    assert_eq!(strict(&latin).unwrap().sessions.len(), 1);
}

#[test]
fn entities_are_never_expanded_and_nesting_is_bounded() {
    let mut bomb = String::from("<!DOCTYPE gpx [<!ENTITY a \"aaaaaaaaaa\">");
    for level in 'b'..='z' {
        let below = char::from(level as u8 - 1);
        let tenfold = format!("&{below};").repeat(10);
        write!(bomb, "<!ENTITY {level} \"{tenfold}\">").unwrap();
    }
    bomb += "]><gpx><trk><type>&z;</type></trk></gpx>";
    let started = Instant::now();
    assert!(matches!(strict(bomb.as_bytes()), Err(FormatError::Damaged { .. })));
    assert!(salvage(bomb.as_bytes()).is_err());

    let deep = format!("<gpx>{}", "<a>".repeat(1_000_000));
    assert!(matches!(strict(deep.as_bytes()), Err(FormatError::Damaged { .. })));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_track_without_any_time_says_so_and_one_with_some_is_read() {
    let mut gpx = small_gpx();
    while let Some(at) = gpx.find("<time>") {
        let end = gpx.find("</time>").unwrap() + "</time>".len();
        gpx.replace_range(at..end, "");
    }
    let error = strict(gpx.as_bytes()).unwrap_err();
    assert!(matches!(error, FormatError::NoActivity { .. }), "{error}");
    assert!(error.to_string().contains("line 6"), "{error}");

    let partly = small_gpx().replacen("<time>2020-09-13T12:26:43Z</time>", "", 1);
    let recording = strict(partly.as_bytes()).unwrap();
    assert_eq!(recording.skipped[0].place, Place::Line(7));
}

#[test]
fn tracks_of_different_days_are_different_sessions_whatever_their_order() {
    let gpx = small_gpx();
    let (head, rest) = gpx.split_at(gpx.find("<trk>").unwrap());
    let track = rest.strip_suffix("</gpx>\n").unwrap();
    let both = format!("{head}{}{track}</gpx>", track.replace("09-13", "09-15"));
    let recording = strict(both.as_bytes()).unwrap();
    assert_eq!(recording.sessions.len(), 2);
    assert!(recording.sessions[0].end_us < recording.sessions[1].start_us);
    assert_eq!(recording.skipped, []);
}

#[test]
fn a_long_recording_is_read_in_a_moment() {
    let mut fit = Fit::new();
    fit.file_id(4).define_records();
    for at in 0..12 * 3600 {
        fit.record(at, 100 + at % 60, at * 3);
    }
    fit.session(0, 12 * 3_600_000, 12 * 3_600_000);
    let bytes = fit.file();
    let started = Instant::now();
    let recording = strict(&bytes).unwrap();
    let took = started.elapsed();
    println!("12 hours of FIT in {took:?}");
    assert_eq!(values(&recording.sessions[0], Channel::HeartRate).len(), 12 * 3600);
    // An unoptimised build on a busy machine; ten times less otherwise.
    assert!(took < Duration::from_secs(2), "{took:?}");
}
