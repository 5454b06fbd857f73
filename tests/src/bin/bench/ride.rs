//! A long ride as a device would record it: a FIT file with a reading every second.

/// FIT counts seconds from 1989-12-31.
const FIT_EPOCH: i64 = 631_065_600;
const START: i64 = 1_700_000_000 - FIT_EPOCH;

const ENUM: u8 = 0x00;
const UINT8: u8 = 0x02;
const UINT16: u8 = 0x84;
const UINT32: u8 = 0x86;

/// The bytes of a FIT file of a ride of so many hours.
pub(crate) fn fit(hours: u32) -> Vec<u8> {
    let seconds = i64::from(hours) * 3600;
    let mut body = Vec::new();
    define(&mut body, 0, 0, &[(0, 1, ENUM)]);
    body.extend_from_slice(&[0, 4]);
    define(&mut body, 1, 21, &[(253, 4, UINT32), (0, 1, ENUM), (1, 1, ENUM)]);
    timer(&mut body, START, 0);
    define(
        &mut body,
        2,
        20,
        &[(253, 4, UINT32), (3, 1, UINT8), (4, 1, UINT8), (5, 4, UINT32), (6, 2, UINT16), (7, 2, UINT16)],
    );
    let mut centimetres = 0_u32;
    for second in 0..=seconds {
        // A slow swell with a ripple on it, so that neighbours differ as they do on the road.
        let swell = (f64::from(second as i32) / 600.0).sin();
        let ripple = second * 7 % 11;
        let speed = (7.5 + 2.0 * swell) * 1000.0 + ripple as f64 * 10.0;
        centimetres += if second > 0 { (speed / 10.0) as u32 } else { 0 };
        body.push(2);
        body.extend_from_slice(&((START + second) as u32).to_le_bytes());
        body.push((135.0 + 20.0 * swell) as u8 + ripple as u8);
        body.push((85.0 + 8.0 * swell) as u8);
        body.extend_from_slice(&centimetres.to_le_bytes());
        body.extend_from_slice(&(speed as u16).to_le_bytes());
        body.extend_from_slice(&((180.0 + 60.0 * swell) as u16 + ripple as u16).to_le_bytes());
    }
    timer(&mut body, START + seconds, 4);
    define(
        &mut body,
        3,
        18,
        &[(253, 4, UINT32), (2, 4, UINT32), (7, 4, UINT32), (8, 4, UINT32), (9, 4, UINT32), (5, 1, ENUM)],
    );
    body.push(3);
    for value in [START + seconds, START, seconds * 1000, seconds * 1000, i64::from(centimetres)] {
        body.extend_from_slice(&(value as u32).to_le_bytes());
    }
    body.push(2);
    whole(&body)
}

fn define(body: &mut Vec<u8>, local: u8, global: u16, fields: &[(u8, u8, u8)]) {
    body.extend_from_slice(&[0x40 | local, 0, 0]);
    body.extend_from_slice(&global.to_le_bytes());
    body.push(fields.len() as u8);
    for (number, size, base) in fields {
        body.extend_from_slice(&[*number, *size, *base]);
    }
}

fn timer(body: &mut Vec<u8>, at: i64, kind: u8) {
    body.push(1);
    body.extend_from_slice(&(at as u32).to_le_bytes());
    body.extend_from_slice(&[0, kind]);
}

/// Header and checksums around the messages.
fn whole(body: &[u8]) -> Vec<u8> {
    let mut file = vec![14, 0x20];
    file.extend_from_slice(&2132_u16.to_le_bytes());
    file.extend_from_slice(&(body.len() as u32).to_le_bytes());
    file.extend_from_slice(b".FIT");
    let header = crc(&file);
    file.extend_from_slice(&header.to_le_bytes());
    file.extend_from_slice(body);
    let all = crc(&file);
    file.extend_from_slice(&all.to_le_bytes());
    file
}

fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8)
            .fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xA001 } else { crc >> 1 })
    })
}
