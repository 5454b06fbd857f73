//! Writes small files of each format for the tests.
#![allow(dead_code)]

/// 2020-09-13T12:26:40Z, where the small files begin; in seconds since the Unix epoch.
pub(crate) const START_S: i64 = 1_600_000_000;
/// What FIT counts from, in seconds since the Unix epoch.
pub(crate) const FIT_EPOCH_S: i64 = 631_065_600;
/// The type bytes of FIT fields.
pub(crate) const ENUM: u8 = 0x00;
pub(crate) const UINT8: u8 = 0x02;
pub(crate) const UINT16: u8 = 0x84;
pub(crate) const UINT32: u8 = 0x86;
pub(crate) const FLOAT32: u8 = 0x88;
pub(crate) const BYTE: u8 = 0x0D;

/// Messages of a FIT file under way.
#[derive(Default, Clone)]
pub(crate) struct Fit {
    body: Vec<u8>,
    big_endian: bool,
}

impl Fit {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn big_endian() -> Self {
        Self { body: Vec::new(), big_endian: true }
    }

    /// The offset at which the next message will stand in the finished file.
    pub(crate) fn offset(&self) -> u64 {
        14 + self.body.len() as u64
    }

    /// Appends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.body.extend_from_slice(bytes);
        self
    }

    /// Defines a local message: its number in the profile, and number, size and type of each field.
    pub(crate) fn define(&mut self, local: u8, global: u16, fields: &[(u8, u8, u8)]) -> &mut Self {
        let number = if self.big_endian { global.to_be_bytes() } else { global.to_le_bytes() };
        self.body.extend([0x40 | local, 0, u8::from(self.big_endian)]);
        self.body.extend(number);
        self.body.push(fields.len() as u8);
        for &(num, size, kind) in fields {
            self.body.extend([num, size, kind]);
        }
        self
    }

    /// Appends a message of values, each with its size in bytes.
    pub(crate) fn message(&mut self, local: u8, values: &[(i64, usize)]) -> &mut Self {
        self.body.push(local);
        for &(value, size) in values {
            let bytes = value.to_le_bytes();
            if self.big_endian {
                self.body.extend(bytes[..size].iter().rev());
            } else {
                self.body.extend(&bytes[..size]);
            }
        }
        self
    }

    pub(crate) fn file_id(&mut self, kind: i64) -> &mut Self {
        self.define(0, 0, &[(0, 1, ENUM)]).message(0, &[(kind, 1)])
    }

    /// Defines records of time, heart rate and distance as local message 1.
    pub(crate) fn define_records(&mut self) -> &mut Self {
        self.define(1, 20, &[(253, 4, UINT32), (3, 1, UINT8), (5, 4, UINT32)])
    }

    /// A record `at` seconds after the start; metres of distance.
    pub(crate) fn record(&mut self, at: i64, heart_rate: i64, metres: i64) -> &mut Self {
        self.message(1, &[(time(at), 4), (heart_rate, 1), (metres * 100, 4)])
    }

    /// A press of the timer: kind 0 starts, 4 stops.
    pub(crate) fn press(&mut self, at: i64, kind: i64) -> &mut Self {
        self.define(2, 21, &[(253, 4, UINT32), (0, 1, ENUM), (1, 1, ENUM)])
            .message(2, &[(time(at), 4), (0, 1), (kind, 1)])
    }

    /// A session of running, in seconds and milliseconds.
    pub(crate) fn session(&mut self, start: i64, elapsed_ms: i64, timer_ms: i64) -> &mut Self {
        self.define(3, 18, &[(253, 4, UINT32), (2, 4, UINT32), (7, 4, UINT32), (8, 4, UINT32), (5, 1, ENUM)])
            .message(3, &[(time(start), 4), (time(start), 4), (elapsed_ms, 4), (timer_ms, 4), (1, 1)])
    }

    /// The finished file: header, messages, checksum.
    pub(crate) fn file(&self) -> Vec<u8> {
        let mut file = vec![14, 0x20, 0, 0];
        file.extend((self.body.len() as u32).to_le_bytes());
        file.extend(b".FIT");
        file.extend(crc(&file).to_le_bytes());
        file.extend(&self.body);
        file.extend(crc(&file).to_le_bytes());
        file
    }
}

/// Seconds after the start as FIT stores them.
pub(crate) fn time(at: i64) -> i64 {
    START_S + at - FIT_EPOCH_S
}

/// Seconds after the start as the model has them.
pub(crate) fn micros(at: f64) -> i64 {
    START_S * 1_000_000 + (at * 1e6) as i64
}

/// The checksum of FIT, bit by bit.
pub(crate) fn crc(bytes: &[u8]) -> u16 {
    let mut sum = 0_u16;
    for &byte in bytes {
        sum ^= u16::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xA001 } else { sum >> 1 };
        }
    }
    sum
}

/// Ten seconds of running with a pause of four in the middle.
pub(crate) fn small_fit() -> Vec<u8> {
    let mut fit = Fit::new();
    fit.file_id(4).press(0, 0).define_records();
    for at in 0..=3 {
        fit.record(at, 100 + at, at * 3);
    }
    fit.press(3, 4).press(7, 0).define_records();
    for at in 7..=10 {
        fit.record(at, 100 + at, 9 + (at - 6) * 3);
    }
    fit.press(10, 4).session(0, 10_000, 6_000);
    fit.file()
}

pub(crate) fn small_tcx() -> String {
    let point = |at: i64, metres: f64| {
        format!(
            "<Trackpoint><Time>2020-09-13T12:26:{:02}Z</Time><DistanceMeters>{metres}\
             </DistanceMeters><HeartRateBpm><Value>{}</Value></HeartRateBpm></Trackpoint>\n",
            40 + at,
            100 + at
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TrainingCenterDatabase>\n<Activities>\n\
         <Activity Sport=\"Running\">\n<Lap StartTime=\"2020-09-13T12:26:40Z\">\n\
         <TotalTimeSeconds>6</TotalTimeSeconds><DistanceMeters>21</DistanceMeters>\n\
         <AverageHeartRateBpm><Value>104</Value></AverageHeartRateBpm>\n\
         <Track>\n{}{}</Track>\n<Track>\n{}{}</Track>\n</Lap>\n</Activity>\n</Activities>\n\
         </TrainingCenterDatabase>\n",
        point(0, 0.0),
        point(3, 9.0),
        point(7, 9.0),
        point(10, 21.0),
    )
}

pub(crate) fn small_gpx() -> String {
    let point = |at: i64, lat: f64| {
        format!(
            "<trkpt lat=\"{lat}\" lon=\"8.0\"><time>2020-09-13T12:26:{:02}Z</time><extensions>\
             <gpxtpx:TrackPointExtension><gpxtpx:hr>{}</gpxtpx:hr></gpxtpx:TrackPointExtension>\
             </extensions></trkpt>\n",
            40 + at,
            100 + at
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<gpx version=\"1.1\">\n<trk>\n<type>running</type>\n<trkseg>\n\
         {}{}</trkseg>\n<trkseg>\n{}{}</trkseg>\n</trk>\n</gpx>\n",
        point(0, 47.0),
        point(3, 47.0001),
        point(7, 47.0002),
        point(10, 47.0003),
    )
}
