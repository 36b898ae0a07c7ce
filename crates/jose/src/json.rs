//! JSON read strictly: `serde_json` keeps the last of two members of one name,
//! so a signed document could mean different things to different readers.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

/// One JSON object without duplicate members at any depth (RFC 7515, 4).
/// The error is a sentence for people.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    match read(bytes)? {
        Value::Object(members) => Ok(members),
        _ => Err("it must be a JSON object".to_owned()),
    }
}

/// The same of one JSON array.
pub(crate) fn array(bytes: &[u8]) -> Result<Vec<Value>, String> {
    match read(bytes)? {
        Value::Array(elements) => Ok(elements),
        _ => Err("it must be a JSON array".to_owned()),
    }
}

/// Values in one text, each member and item being one: in memory the smallest
/// takes thirty times its text.
const MOST_VALUES: usize = 16_384;

fn read(bytes: &[u8]) -> Result<Value, String> {
    if values(bytes) > MOST_VALUES {
        return Err(format!("it holds more than {MOST_VALUES} values"));
    }
    serde_json::from_slice::<Strict>(bytes).map(|Strict(value)| value).map_err(|error| error.to_string())
}

/// How many values the text holds at most.
fn values(bytes: &[u8]) -> usize {
    // Each takes two bytes at least, so of most texts there is nothing to count.
    if bytes.len() <= 2 * MOST_VALUES {
        return bytes.len() / 2;
    }
    let (mut values, mut quoted, mut escaped) = (1, false, false);
    for byte in bytes {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => values += 1,
            _ => {}
        }
        escaped = *byte == b'\\' && !escaped;
    }
    values
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            match members.entry(name) {
                Entry::Vacant(free) => free.insert(map.next_value::<Strict>()?.0),
                Entry::Occupied(taken) => {
                    return Err(A::Error::custom(format_args!("the member `{}` stands twice", taken.key())));
                }
            };
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_may_stand_only_once_at_any_depth() {
        assert!(object(br#"{"a":1,"b":{"a":1}}"#).is_ok());
        for twice in [r#"{"a":1,"a":1}"#, r#"{"b":{"a":1,"a":2}}"#, r#"{"b":[{"a":1,"\u0061":2}]}"#] {
            assert!(object(twice.as_bytes()).unwrap_err().contains("`a` stands twice"), "{twice}");
        }
    }

    #[test]
    fn tiny_values_are_counted() {
        let list = |items: usize, item: &str| format!(r#"{{"a":[{}]}}"#, vec![item; items].join(","));
        assert!(object(list(16_000, "123").as_bytes()).is_ok());
        for many in [list(16_384, "123"), list(10_000, r#"{"":1}"#), list(9_000, "[[]]")] {
            assert!(object(many.as_bytes()).unwrap_err().contains("16384 values"));
        }
        // What is written in a text is none.
        assert!(object(list(2_000, r#""\",[{,[{,[{,[{,[{""#).as_bytes()).is_ok());
    }

    #[test]
    fn only_one_whole_object_is_taken() {
        for bad in ["", "[]", "1", "{} {}", "{\"a\":}", "{\"a\":1e999}"] {
            assert!(object(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = "{\"a\":".repeat(200) + "1" + &"}".repeat(200);
        assert!(object(deep.as_bytes()).is_err());
    }
}
