//! Strict JSON for what strangers send: bounded, without duplicate keys, without numbers that lose precision.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Bytes of a document.
pub const MAX_BYTES: usize = 2 << 20;
/// Levels of nesting.
pub const MAX_DEPTH: usize = 64;
/// Entries of one object, or items of one array.
pub const MAX_WIDTH: usize = 10_000;
/// Values in the whole document.
pub const MAX_VALUES: usize = 100_000;

/// Why some bytes are not taken as JSON.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// More than [`MAX_BYTES`].
    #[error("{size} bytes are more than the {MAX_BYTES} allowed")]
    TooLarge {
        /// How many bytes there are.
        size: usize,
    },
    /// Not JSON, or beyond one of the other bounds.
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
}

/// Reads one JSON document.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > MAX_BYTES {
        return Err(JsonError::TooLarge { size: bytes.len() });
    }
    exact_numbers(bytes)?;
    let mut values = 0;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0, values: &mut values }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

struct Strict<'a> {
    depth: usize,
    values: &'a mut usize,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(&mut self) -> Result<Strict<'_>, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("more than {MAX_DEPTH} levels of nesting")));
        }
        Ok(Strict { depth: self.depth + 1, values: self.values })
    }

    fn wide<E: serde::de::Error>(count: usize) -> Result<(), E> {
        if count > MAX_WIDTH { Err(E::custom(format_args!("more than {MAX_WIDTH} entries"))) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        *self.values += 1;
        if *self.values > MAX_VALUES {
            return Err(D::Error::custom(format_args!("more than {MAX_VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        let inner = self.deeper()?;
        while let Some(item) = sequence.next_element_seed(Strict { depth: inner.depth, values: &mut *inner.values })? {
            items.push(item);
            Strict::wide(items.len())?;
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let inner = self.deeper()?;
        while let Some(Key(key)) = entries.next_key()? {
            let value = entries.next_value_seed(Strict { depth: inner.depth, values: &mut *inner.values })?;
            match map.entry(key) {
                serde_json::map::Entry::Occupied(taken) => {
                    return Err(A::Error::custom(format_args!("the key \"{}\" twice in one object", taken.key())));
                }
                serde_json::map::Entry::Vacant(free) => free.insert(value),
            };
            Strict::wide(map.len())?;
        }
        Ok(Value::Object(map))
    }
}

struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        String::deserialize(deserializer).map(Key)
    }
}

/// How many values a JSON text can have at most, by its brackets and commas: each takes some hundred bytes once it is read,
/// and two as text.
pub fn most_values(bytes: &[u8]) -> usize {
    let (mut values, mut at) = (1, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_text(bytes, at),
            byte => values += usize::from(matches!(byte, b'[' | b'{' | b',')),
        }
        at += 1;
    }
    values
}

/// Where a text ends that begins at `at`: its last quotation mark, or the end of all.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// Refuses numbers that would come out as other numbers; looks at the text, since the reader has already rounded.
fn exact_numbers(bytes: &[u8]) -> Result<(), serde_json::Error> {
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_text(bytes, at) + 1,
            b'-' | b'0'..=b'9' => {
                let start = at;
                while at < bytes.len() && matches!(bytes[at], b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') {
                    at += 1;
                }
                let text = std::str::from_utf8(&bytes[start..at]).unwrap_or_default();
                if (text.len() > 15 || text.contains(['e', 'E'])) && !is_exact(text) {
                    return Err(serde_json::Error::custom(format_args!("the number {text:.40} loses precision")));
                }
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// Whether a number is the one that its `f64` stands for: the shortest text of that has the same digits, or the one of 17,
/// which some write to be sure.
fn is_exact(text: &str) -> bool {
    let Ok(value) = text.parse::<f64>() else { return true };
    let written = digits(text);
    value.is_finite() && (written == digits(&format!("{value:e}")) || written == digits(&format!("{value:.16e}")))
}

/// Significant digits and the power of ten of the last one.
fn digits(text: &str) -> (String, i64) {
    let text = text.trim_start_matches('-');
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let kept = all.trim_start_matches('0').trim_end_matches('0');
    let trailing = all.len() - all.trim_end_matches('0').len();
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX / 2);
    if kept.is_empty() {
        return (String::new(), 0);
    }
    let shift = i64::try_from(trailing).unwrap_or(0) - i64::try_from(fraction.len()).unwrap_or(0);
    (kept.to_owned(), exponent.saturating_add(shift))
}
