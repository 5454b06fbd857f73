//! The numbers of one FIT message.
//!
//! The decoding library reads every known field as the type the published profile gives it. Files
//! may declare another type for a field (a shorter or longer integer, a float), and the declaration
//! in the file is what the bytes follow, so such fields are read again from the bytes.

use rustyfit::profile::lookup::field_reference;
use rustyfit::profile::typedef::FitBaseType;
use rustyfit::proto::{Message, MessageDefinition, Value};

/// A field whose declared type is not the one of the profile.
#[derive(Debug, Clone, Copy)]
struct Redeclared {
    num: u8,
    /// Offset of the value behind the header byte of the message.
    at: usize,
    size: usize,
    base_type: FitBaseType,
}

/// What the definitions in force say against the profile, by local message number.
#[derive(Debug, Default)]
pub(super) struct Declarations {
    fields: [Vec<Redeclared>; 16],
    big_endian: [bool; 16],
}

impl Declarations {
    pub(super) fn define(&mut self, definition: &MessageDefinition) {
        let local = usize::from(definition.header & 0x0F);
        self.big_endian[local] = definition.arch != 0;
        let fields = &mut self.fields[local];
        fields.clear();
        let mut at = 0;
        for field in &definition.field_definitions {
            let known = field_reference(definition.mesg_num, field.num);
            if known.is_some_and(|known| known.base_type().0 != field.base_type.0) {
                fields.push(Redeclared {
                    num: field.num,
                    at,
                    size: usize::from(field.size),
                    base_type: field.base_type,
                });
            }
            at += usize::from(field.size);
        }
    }

    /// Reads the valid numbers of a message into `numbers`. `raw` starts at the message's header.
    pub(super) fn numbers(&self, message: &Message, raw: &[u8], numbers: &mut Numbers) {
        numbers.0.clear();
        for field in &message.fields {
            if let Some(value) = number(&field.value, field.base_type) {
                numbers.0.push((field.num, value));
            }
        }
        // A compressed header keeps the local number in other bits.
        let local = usize::from(if message.header & 0x80 == 0 {
            message.header & 0x0F
        } else {
            message.header >> 5 & 0x03
        });
        for field in &self.fields[local] {
            numbers.0.retain(|&(num, _)| num != field.num);
            let from = 1 + field.at;
            let value = raw
                .get(from..from + field.size)
                .and_then(|bytes| declared_number(bytes, field.base_type, self.big_endian[local]));
            numbers.0.extend(value.map(|value| (field.num, value)));
        }
    }
}

/// The valid numbers of a message by field number. Kept between messages to save allocations.
#[derive(Debug, Default)]
pub(super) struct Numbers(Vec<(u8, f64)>);

impl Numbers {
    /// The raw number of a field, before scale and offset.
    pub(super) fn get(&self, num: u8) -> Option<f64> {
        let found = self.0.iter().find(|&&(field, _)| field == num);
        found.map(|&(_, value)| value)
    }

    /// The number of a field stored with a scale.
    pub(super) fn scaled(&self, num: u8, scale: f64) -> Option<f64> {
        self.get(num).map(|value| value / scale)
    }

    /// The number of a field that holds an enumeration or a small count.
    pub(super) fn code(&self, num: u8) -> Option<u8> {
        self.get(num).filter(|value| (0.0..=255.0).contains(value)).map(|value| value as u8)
    }
}

/// The number in a value, unless it is the one that stands for "no value" in its type.
fn number(value: &Value, base_type: FitBaseType) -> Option<f64> {
    // The types ending in z say "no value" with zero, the others with their largest number.
    let zero_is_none = matches!(
        base_type,
        FitBaseType::UINT8Z | FitBaseType::UINT16Z | FitBaseType::UINT32Z | FitBaseType::UINT64Z
    );
    let unsigned = |value: u64, largest: u64| {
        let none = if zero_is_none { 0 } else { largest };
        (value != none).then_some(value as f64)
    };
    match *value {
        Value::Int8(v) => (v != i8::MAX).then_some(f64::from(v)),
        Value::Int16(v) => (v != i16::MAX).then_some(f64::from(v)),
        Value::Int32(v) => (v != i32::MAX).then_some(f64::from(v)),
        Value::Int64(v) => (v != i64::MAX).then_some(v as f64),
        Value::Uint8(v) => unsigned(v.into(), u8::MAX.into()),
        Value::Uint16(v) => unsigned(v.into(), u16::MAX.into()),
        Value::Uint32(v) => unsigned(v.into(), u32::MAX.into()),
        Value::Uint64(v) => unsigned(v, u64::MAX),
        Value::Float32(v) => Some(f64::from(v)).filter(|v| v.is_finite()),
        Value::Float64(v) => Some(v).filter(|v| v.is_finite()),
        _ => None,
    }
}

/// The first number in `bytes` as the file declares it.
fn declared_number(bytes: &[u8], base_type: FitBaseType, big_endian: bool) -> Option<f64> {
    let mut little = [0; 8];
    let size = usize::from(base_type.size());
    let bytes = bytes.get(..size)?;
    for (index, &byte) in bytes.iter().enumerate() {
        little[if big_endian { size - 1 - index } else { index }] = byte;
    }
    let [a, b, c, d, ..] = little;
    let value = match base_type {
        FitBaseType::SINT8 => Value::Int8(a as i8),
        FitBaseType::ENUM | FitBaseType::BYTE | FitBaseType::UINT8 | FitBaseType::UINT8Z => Value::Uint8(a),
        FitBaseType::SINT16 => Value::Int16(i16::from_le_bytes([a, b])),
        FitBaseType::UINT16 | FitBaseType::UINT16Z => Value::Uint16(u16::from_le_bytes([a, b])),
        FitBaseType::SINT32 => Value::Int32(i32::from_le_bytes([a, b, c, d])),
        FitBaseType::UINT32 | FitBaseType::UINT32Z => Value::Uint32(u32::from_le_bytes([a, b, c, d])),
        FitBaseType::FLOAT32 => Value::Float32(f32::from_le_bytes([a, b, c, d])),
        FitBaseType::FLOAT64 => Value::Float64(f64::from_le_bytes(little)),
        FitBaseType::SINT64 => Value::Int64(i64::from_le_bytes(little)),
        FitBaseType::UINT64 | FitBaseType::UINT64Z => Value::Uint64(u64::from_le_bytes(little)),
        _ => return None,
    };
    number(&value, base_type)
}
